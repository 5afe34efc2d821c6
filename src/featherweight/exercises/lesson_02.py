"""The exercises of lesson 2: minibatches, steps where there is a corner, and averages."""

from featherweight.exercises import cases_02, probes, readings
from featherweight.exercises import wrong_02_batches as wrong
from featherweight.exercises.averages_02 import best_so_far, exponential_average
from featherweight.exercises.compare import exact
from featherweight.exercises.exercise import Exercise, Misconception
from featherweight.exercises.shrinks_02 import mended_ista_step, minimum_norm_subgradient, soft_threshold
from featherweight.optimizers import stochastic

__all__ = ["EXERCISES"]

FOUND = ("what it returns", "batch sizes", "what is drawn", "labels", "order", "orders")

minibatches = Exercise(
    name="minibatches",
    lesson=2,
    points=3,
    minutes=10,
    difficulty=2,
    reference=stochastic.minibatches,
    cases=cases_02.epochs,
    probe=probes.epochs,
    reading=readings.epochs,
    compare=exact(parts=FOUND),
    returns="a list of (inputs, labels), one pair per batch",
    oracle="the definition: a partition, an order that the seed decides",
    misconceptions=(
        Misconception(
            "no shuffling",
            wrong.keeps_the_order,
            "You cut the examples in the order in which they are given. Data often come sorted, and then a batch holds "
            "one kind only. Draw an order first.",
        ),
        Misconception(
            "a fixed order inside",
            wrong.has_a_seed_of_its_own,
            "You shuffle, but with a seed of your own, so every epoch walks through the same order. "
            "The generator should be seeded with `seed`.",
        ),
        Misconception(
            "the seed left out",
            wrong.forgets_the_seed,
            "You shuffle, but with torch's global generator: the same seed gives another order each time, and no run "
            "can be repeated. Hand randperm a generator that is seeded with `seed`.",
        ),
        Misconception(
            "drawing with replacement",
            wrong.draws_with_replacement,
            "randint draws each example on its own, so some come twice and about a third never. "
            "An epoch sees every example once: randperm.",
            "the examples in one epoch, sorted",
        ),
        Misconception(
            "each batch drawn anew",
            wrong.draws_each_batch_anew,
            "No batch holds an example twice, but two batches may share one. Draw one order for the "
            "whole epoch and cut it.",
        ),
        Misconception(
            "the last batch dropped",
            wrong.drops_the_rest,
            "What is left over after the whole batches never trains. It makes a last, smaller batch.",
            "n divided by batch_size: is there a rest?",
        ),
        Misconception(
            "an empty batch at the end",
            wrong.adds_an_empty_batch,
            "n // batch_size + 1 is one batch too many where nothing is left over.",
            "n divided by batch_size: here without a rest",
        ),
        Misconception(
            "labels left behind",
            wrong.leaves_labels_in_order,
            "You shuffle the inputs and not the labels, so nearly every label now belongs to another example.",
        ),
        Misconception(
            "inputs and labels shuffled apart",
            wrong.shuffles_apart,
            "You draw two orders, one for the inputs and one for the labels. Draw one, and use it for both.",
        ),
        Misconception(
            "whole batches moved about",
            wrong.shuffles_batches,
            "You cut first and shuffle the batches: the same examples always meet. Shuffle first, then cut.",
        ),
        Misconception(
            "mixed inside each batch only",
            wrong.cuts_before_it_shuffles,
            "You cut first and shuffle inside each batch: a batch's gradient is a mean and does not notice. "
            "Shuffle first, then cut.",
        ),
        Misconception(
            "the number of batches",
            wrong.counts_batches,
            "You make batch_size batches. It is the size of each: split, not chunk.",
        ),
        Misconception(
            "the last batch filled up",
            wrong.fills_the_last,
            "You fill the last batch with examples that were seen already, so they count twice. Leave it small.",
        ),
        Misconception(
            "batches that overlap",
            wrong.moves_by_one,
            "Each batch starts one example after the last one. Let it start batch_size later: range(0, n, batch_size).",
        ),
        Misconception(
            "a return inside the loop",
            wrong.returns_inside_the_loop,
            "Your return is indented into the loop, so there is only the first batch. Move it to the left.",
        ),
        Misconception(
            "labels first", wrong.swaps_the_pair, "Your pairs are (labels, inputs); wanted is (inputs, labels)."
        ),
        Misconception(
            "batches without labels", wrong.forgets_labels, "You return the inputs alone. Each goes with its labels."
        ),
        Misconception(
            "a generator",
            wrong.yields_batches,
            "yield hands out one batch at a time, which is a fine idea for large data. Here a list is asked for.",
        ),
    ),
    hints=(
        "With ten examples and batches of three: how many batches are there, how large is each, and "
        "who is in the first one?",
        "One order for inputs and labels: torch.randperm with a generator. A fresh torch.Generator() takes the seed "
        "with .manual_seed(seed).",
        "order.split(batch_size) cuts the order; inputs[batch] and labels[batch] pick the same examples.",
    ),
)

EXERCISES = (
    minibatches,
    exponential_average,
    minimum_norm_subgradient,
    best_so_far,
    soft_threshold,
    mended_ista_step,
)
