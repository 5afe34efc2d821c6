"""The exercises of lesson 12 on weights that share their values."""

from featherweight.compression import sharing
from featherweight.exercises import cases_12 as cases
from featherweight.exercises import wrong_12_sharing as wrong
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception

__all__ = ["centroid_gradient", "share_weights"]

share_weights = Exercise(
    name="share_weights",
    lesson=12,
    points=3,
    minutes=12,
    difficulty=3,
    reference=sharing.share_weights,
    cases=cases.clusters,
    compare=close(float32=1e-5, float64=1e-10, parts=("indices", "centroids")),
    returns="(indices, centroids)",
    oracle="scikit-learn's KMeans from the same centroids, where no cluster is empty",
    misconceptions=(
        Misconception(
            "a mean of nothing",
            wrong.divides_by_no_members,
            "A centroid without weights becomes NaN in yours: the mean of nothing. It stays where it is.",
            "the case of a centroid far from all weights",
        ),
        Misconception(
            "one round",
            wrong.moves_once,
            "Your centroids move once. Afterwards some weights are nearer to another one: go on until nothing moves.",
        ),
        Misconception(
            "ten rounds",
            wrong.stops_after_ten,
            "You stop after ten rounds, and some cases are not at rest by then. Stop when nothing moves any more.",
        ),
        Misconception(
            "centroids that never move",
            wrong.never_moves,
            "Every weight goes to its nearest centroid, and the centroids stay. Each moves to the mean of its weights.",
        ),
        Misconception(
            "an empty cluster at zero",
            wrong.zeroes_the_empty,
            "A centroid without weights goes to 0 in yours. It stays where it is.",
        ),
        Misconception(
            "an empty cluster sent far out",
            wrong.moves_the_empty_far_out,
            "You send a centroid without weights to the weight that is worst off, as some libraries do. Here it stays.",
        ),
        Misconception(
            "an empty cluster in the middle",
            wrong.moves_the_empty_to_the_mean,
            "You send a centroid without weights to the mean of all weights. It stays where it is.",
        ),
        Misconception(
            "empty clusters dropped",
            wrong.drops_the_empty,
            "You leave out centroids that no weight uses. The list keeps its length and its order.",
        ),
        Misconception(
            "the later of two",
            wrong.takes_the_later_of_two,
            "Where two centroids are equally near you take the one with the higher index. It is the lower.",
            "the cases of whole numbers",
        ),
        Misconception(
            "medians",
            wrong.takes_medians,
            "Your centroids move to the median of their weights. The mean makes the squared error smallest.",
        ),
        Misconception(
            "the middle of a cluster",
            wrong.takes_the_middle,
            "Your centroids move halfway between their smallest and largest weight. The mean is asked for.",
        ),
        Misconception(
            "divided by all weights",
            wrong.divides_by_all,
            "You divide the sum of a cluster by the number of all weights. Divide by the number of its own.",
        ),
        Misconception(
            "half the way",
            wrong.moves_half_way,
            "Your centroids go half the way to the mean in each round. They go all the way.",
        ),
        Misconception(
            "sizes without signs",
            wrong.compares_sizes,
            "You compare |weight| with |centroid|, so that −1 is near to 1. Take the distance of the two.",
        ),
        Misconception(
            "no absolute value",
            wrong.forgets_the_distance,
            "The smallest difference with its sign is that to the largest centroid. A distance has no sign.",
        ),
        Misconception(
            "centroids of your own",
            wrong.starts_evenly,
            "You start from evenly spaced centroids and leave the given ones unused.",
        ),
        Misconception(
            "a sorted codebook",
            wrong.sorts_the_codebook,
            "You sort the centroids. They keep their places in the list.",
        ),
        Misconception(
            "weights for indices",
            wrong.returns_weights,
            "You return the shared weights. What is stored for each weight is an index, a few bits.",
        ),
        Misconception(
            "the centroids first",
            wrong.gives_the_centroids_first,
            "Both are right, in the other order: indices first.",
        ),
        Misconception(
            "indices in a row",
            wrong.leaves_them_flat,
            "Your indices lie in one row. They have the shape of the weight.",
        ),
        Misconception(
            "indices as uint8",
            wrong.narrows_the_indices,
            "The indices are right, as uint8: a codebook may have more than 256 entries. Keep int64; they are packed "
            "later.",
        ),
    ),
    hints=(
        "Weights −1, 0 and 4, centroids 0 and 1. To which does each weight go, where do the two move, and is that all?",
        "Distances in a matrix, a row for each weight: argmin gives the nearest, and of equal ones the first. Then "
        "means, where a cluster has members.",
        "Loop at most 100 times: means of the members, an empty cluster as it was; the nearest again; stop if no "
        "index has changed.",
    ),
)

centroid_gradient = Exercise(
    name="centroid_gradient",
    lesson=12,
    points=1,
    minutes=5,
    difficulty=2,
    reference=sharing.centroid_gradient,
    cases=cases.shared_gradients,
    compare=close(float32=1e-5, float64=1e-12, axes=("centroid",)),
    returns="the gradient of each centroid, (count,)",
    oracle="autograd through centroids[indices]",
    misconceptions=(
        Misconception(
            "the mean",
            wrong.averages_the_members,
            "You average over the weights of a centroid. When it moves, all of them move by as much: the gradient is "
            "the sum.",
            also=(wrong.averages_nothing_too,),
        ),
        Misconception(
            "the last one wins",
            wrong.keeps_the_last,
            "found[indices] += … adds once for each place, however often an index occurs: only the last one is left. "
            "Use index_add_.",
        ),
        Misconception(
            "the first one wins",
            wrong.keeps_the_first,
            "You keep the gradient of a centroid's first weight. All of its weights count.",
        ),
        Misconception(
            "as many as are used",
            wrong.counts_what_is_used,
            "Your result ends with the last centroid that some weight uses. It has count entries: give minlength.",
        ),
        Misconception(
            "unused centroids dropped",
            wrong.drops_the_unused,
            "You leave out centroids that no weight uses, and all after them move up. Theirs is a gradient of 0.",
        ),
        Misconception(
            "members counted",
            wrong.counts_the_members,
            "You count the weights of each centroid. Add up their gradients.",
        ),
        Misconception(
            "sizes added up",
            wrong.adds_up_sizes,
            "You add up |gradient|. Gradients of opposite signs cancel.",
        ),
        Misconception(
            "squares added up",
            wrong.adds_up_squares,
            "You add up the squares. It is the gradients that add up.",
        ),
        Misconception(
            "divided by all weights",
            wrong.divides_by_all_weights,
            "You divide by the number of all weights. It is a sum.",
        ),
        Misconception(
            "divided by the centroids",
            wrong.divides_by_all_centroids,
            "You divide by the number of centroids. It is a sum.",
        ),
        Misconception(
            "handed back to the weights",
            wrong.hands_it_back_to_the_weights,
            "The sums are right, and you hand each weight its own. One number for each centroid is asked for.",
        ),
        Misconception(
            "downhill",
            wrong.goes_downhill,
            "You turn the sign over. The gradient is asked for, not the step.",
        ),
        Misconception(
            "the largest",
            wrong.takes_the_largest,
            "You take the largest gradient of each centroid's weights. All of them count: add them up.",
        ),
        Misconception(
            "rows kept apart",
            wrong.keeps_rows_apart,
            "You add up within each row. A centroid serves the whole tensor.",
        ),
    ),
    hints=(
        "Two weights share a centroid, with gradients 3 and −1. The centroid moves by 0.01; by what does the loss "
        "change?",
        "Sum the gradients of all weights with index 0, then with index 1, and so on. What is the sum of none?",
        "zeros of length count, then index_add_ along axis 0, with both tensors laid out in a row.",
    ),
)
