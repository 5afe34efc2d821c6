"""The exercises of lesson 7: which neurons matter, how to delete them, and which zeros make it faster."""

from featherweight.compression import structured
from featherweight.exercises import cases_07 as cases
from featherweight.exercises import wrong_07_streams as wrong
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception
from featherweight.exercises.removal_07 import mended_remove_channels, remove_neurons
from featherweight.exercises.scores_07 import csr_break_even, neuron_scores

__all__ = ["EXERCISES"]

align_residual = Exercise(
    name="align_residual",
    lesson=7,
    points=3,
    minutes=15,
    difficulty=3,
    reference=structured.align_residual,
    cases=cases.streams,
    compare=close(float32=1e-6, float64=1e-12, parts=("writers", "readers")),
    returns="two lists: the smaller writers and the smaller readers",
    oracle="the sum over the group, channel by channel",
    misconceptions=(
        Misconception(
            "every layer for itself",
            wrong.lets_each_layer_choose,
            "Each layer keeps the channels that matter to itself. All shapes fit, and the sum adds channel 3 of one layer "
            "to channel 5 of another. One choice for all.",
        ),
        Misconception(
            "every writer for itself",
            wrong.lets_each_writer_choose,
            "Each writer keeps its own best channels. Their outputs are added up, so they must keep the same ones.",
        ),
        Misconception(
            "writers only counted",
            wrong.asks_writers_only,
            "You leave the readers out of the importance. A channel that is written loudly and read by nobody can go.",
        ),
        Misconception(
            "readers only counted",
            wrong.asks_readers_only,
            "You leave the writers out of the importance. Both sides count: rows of writers and columns of readers.",
        ),
        Misconception(
            "the first writer decides",
            wrong.asks_the_first_writer,
            "The first layer's own scores decide for all. Add up over every layer of the group.",
        ),
        Misconception(
            "sizes added up",
            wrong.sums_sizes,
            "You add absolute values. The squares are asked for: one large weight then counts more than two halves.",
        ),
        Misconception(
            "signed weights added up",
            wrong.sums_signed,
            "You add the weights with their signs, so that +1 and −1 make a channel that does not matter. Square first.",
        ),
        Misconception(
            "roots before the sum",
            wrong.sums_norms,
            "You add the norms of the layers. Squares add up over a group; a root may only come after the sum.",
        ),
        Misconception(
            "an average for each layer",
            wrong.averages_layers,
            "You average within each layer, so that a weight of a small layer counts for more. Add up plainly.",
        ),
        Misconception(
            "the loudest layer decides",
            wrong.takes_the_largest_layer,
            "You take the largest of the layers' sums. They add up.",
        ),
        Misconception(
            "a product over layers",
            wrong.multiplies_layers,
            "You multiply over the layers, so that a channel that one of them ignores is out, however much it matters to "
            "the others. Add.",
        ),
        Misconception(
            "the least important kept",
            wrong.keeps_the_least,
            "You keep the channels of the smallest importance.",
        ),
        Misconception(
            "channels in order of importance",
            wrong.orders_by_importance,
            "The right channels, sorted by importance. The network would still compute the same, but nobody could compare "
            "it with the old one: keep the old order (sort the indices).",
        ),
        Misconception(
            "rows cut in the readers",
            wrong.cuts_rows_of_readers,
            "A reader's rows are what it writes elsewhere. From this stream it reads columns: reader[:, keep].",
        ),
        Misconception(
            "readers left whole",
            wrong.leaves_the_readers,
            "The writers are smaller, and the readers still expect every channel.",
            "the shapes of the readers",
        ),
        Misconception(
            "the first channels for the best",
            wrong.keeps_the_first,
            "You keep the first `count` channels. Which are important is what the weights say.",
        ),
        Misconception(
            "masks instead of deletes",
            wrong.masks_the_rest,
            "Zeros where channels were: the shapes are the old ones, and so is the time. Take them out by indexing.",
        ),
        Misconception(
            "as many deleted as should stay",
            wrong.deletes_that_many,
            "`count` channels are to stay; you delete that many.",
        ),
        Misconception(
            "all that anyone wants",
            wrong.keeps_what_anyone_wants,
            "You keep what is among the best of any layer, which is more than `count`. Add up, then choose once.",
        ),
        Misconception(
            "rows of the readers counted",
            wrong.scores_rows_of_readers,
            "For the readers you add along rows, which belong to their outputs. A channel is a *column* of a reader.",
        ),
        Misconception(
            "kernels not added up",
            wrong.forgets_kernels,
            "Your sum leaves the kernel's height and width standing. All that belongs to a channel is one number.",
            "the cases of a convolution",
        ),
        Misconception(
            "one list for two",
            wrong.returns_one_list,
            "You return one list. Wanted are two: the writers, the readers.",
        ),
    ),
    hints=(
        "Two layers add up their outputs. The first keeps channels 0 and 2, the second 1 and 2. What does the sum hold?",
        "One importance per channel: squared weights of its row in each writer and its column in each reader, added up.",
        "topk(count).indices.sort().values, then writer[keep] and reader[:, keep].",
    ),
)

EXERCISES = (neuron_scores, remove_neurons, align_residual, csr_break_even, mended_remove_channels)
