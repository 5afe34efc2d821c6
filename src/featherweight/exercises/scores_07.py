"""The exercises of lesson 7 that measure: which neurons matter, and where a sparse product begins to pay."""

from featherweight.compression import structured
from featherweight.exercises import cases_07 as cases
from featherweight.exercises import wrong_07_scores as wrong
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception, switched

__all__ = ["csr_break_even", "neuron_scores"]

neuron_scores = Exercise(
    name="neuron_scores",
    lesson=7,
    points=3,
    minutes=12,
    difficulty=2,
    reference=structured.neuron_scores,
    cases=cases.gradients_by_batch,
    compare=close(float32=1e-5, float64=1e-10),
    returns="one score for each neuron",
    oracle="autograd in a gate before the bias, batch by batch",
    misconceptions=(
        Misconception(
            "the average before the square",
            wrong.averages_before_squaring,
            "You average the gradients over the batches first. Near a minimum they cancel, and every neuron seems "
            "worthless. Square in each batch, then average.",
            "any case with several batches",
            also=(wrong.flattens_too_much,),
        ),
        Misconception(
            "a square for every weight",
            wrong.squares_each_weight,
            "You square each g · w and add up the squares. A neuron goes as a whole: what its weights do may "
            "cancel, so "
            "add first, then square.",
        ),
        Misconception(
            "sizes added up",
            wrong.adds_up_sizes,
            "You add |g · w|. Inside a neuron one weight may undo another: add with the signs, then square.",
        ),
        Misconception(
            "size for square",
            wrong.takes_the_size_of_slopes,
            "You average the size of the slope. Its square is asked for; that ranks differently where batches "
            "disagree.",
        ),
        Misconception(
            "signs kept",
            wrong.keeps_the_sign,
            "You average the slopes with their signs, so that batches cancel and scores turn negative. Square them "
            "first.",
        ),
        Misconception(
            "a sum over batches",
            wrong.adds_up_batches,
            "You add up over the batches. Then a score says how many batches were looked at. Take the mean.",
        ),
        Misconception(
            "the wrong axis",
            wrong.scores_the_inputs,
            "You add up over the neurons, so that each *input* gets a score. A neuron is a row: add along it.",
            "the shape: one number per row of weight",
        ),
        Misconception(
            "a kernel left over",
            wrong.leaves_the_kernel,
            "You add over the inputs only. A channel of a convolution owns its whole kernel, height and width too. "
            "flatten(2) makes one axis of all that belongs to a neuron.",
            "the cases of a convolution",
        ),
        Misconception(
            "the last axis alone",
            wrong.sums_the_last_axis,
            "You add over the last axis. For a linear layer these are the inputs, for a convolution only the width of "
            "its kernel: flatten(2) first.",
            "the cases of a convolution",
        ),
        Misconception(
            "the weight left out",
            wrong.forgets_the_weight,
            "You add up gradients alone. The slope in the gate is gradient times weight: a large gradient at a weight "
            "of zero changes nothing when the neuron goes.",
        ),
        Misconception(
            "the gradient left out",
            wrong.forgets_the_gradient,
            "That is the size of the weights. Wanted is what the loss says about them: multiply by the gradients.",
            also=(wrong.takes_the_norm,),
        ),
        Misconception(
            "an average over weights",
            wrong.averages_over_weights,
            "You average over a neuron's weights. Its slope is their sum: a neuron with more inputs does not "
            "matter less.",
        ),
        Misconception(
            "a root too many",
            wrong.takes_the_root,
            "You take the root at the end. The order stays the same, but the score asked for is the mean of the "
            "squares.",
        ),
        Misconception(
            "one score per batch",
            wrong.keeps_the_batches,
            "You keep the batches apart. One number per neuron: average over the first axis.",
        ),
        Misconception(
            "a variance",
            wrong.takes_the_variance,
            "You take the mean off before you square. How the slope varies is another question; the mean belongs "
            "in it.",
        ),
        Misconception(
            "gradients squared one by one",
            wrong.squares_the_gradients,
            "You square gradients and weights one by one, so that all signs are gone before you add. "
            "Add g · w along the neuron first.",
        ),
    ),
    hints=(
        "One neuron, weights [1, −2], gradient [3, 1] in the first batch. How steep is the loss in a gate in front "
        "of it?",
        "Multiply, then add up everything that belongs to one neuron in one batch. Only then square, only then "
        "average.",
        "Flatten the products from axis 2 on and sum there: one slope per batch and neuron. Axis 0 counts the batches.",
    ),
)

csr_break_even = Exercise(
    name="csr_break_even",
    lesson=7,
    points=2,
    minutes=10,
    difficulty=2,
    reference=structured.csr_break_even,
    cases=cases.crossings,
    compare=close(float64=1e-9),
    returns="a density, as a float",
    oracle="numpy.interp, where times rise all the way",
    misconceptions=(
        *switched(
            wrong.break_even_with,
            {
                "sparsity": (
                    "sparsity for density",
                    "You return the share of zeros. Density is the share that is *not* zero: 0.1 is one weight in ten.",
                ),
                "turned": (
                    "the way from the wrong end",
                    "Between the two points you walk from the upper one. At dense_ms equal to the lower time you "
                    "should "
                    "be at the lower density.",
                ),
            },
        ),
        Misconception(
            "the point below",
            wrong.stops_at_the_point_below,
            "You stop at the last density where CSR won. It goes on winning for a while: draw a straight line to "
            "the next.",
        ),
        Misconception(
            "the largest density that won",
            wrong.stops_at_the_best_measured,
            "You return a measured density, the largest where CSR won, even beyond a first defeat. Draw the line "
            "between "
            "the two neighbours of the first crossing.",
            "the case with two crossings",
        ),
        Misconception(
            "the point above",
            wrong.stops_at_the_point_above,
            "You return the first density where CSR *loses*. The crossing lies before it: draw a straight line.",
        ),
        Misconception(
            "the nearest time",
            wrong.takes_the_nearest,
            "You return the density whose time is nearest to dense. The crossing lies between two of them.",
        ),
        Misconception(
            "halfway",
            wrong.takes_the_middle,
            "You return the middle of the two neighbours, whatever the times say. How far to go depends on dense_ms.",
        ),
        Misconception(
            "the last crossing",
            wrong.takes_the_last_crossing,
            "Where times cross twice you take the last crossing. From the sparse end the first one counts: beyond "
            "it CSR "
            "has lost once already.",
            "the case whose times rise and fall",
        ),
        Misconception(
            "time in proportion",
            wrong.trusts_proportion,
            "You take time to be proportional to density. CSR pays a price before its first nonzero, and the "
            "measured "
            "points show it: use the two next to the crossing.",
            also=(wrong.trusts_proportion_without_end,),
        ),
        Misconception(
            "one line from end to end",
            wrong.draws_one_line,
            "You draw one line from the first point to the last. The times bend: use the two points next to the "
            "crossing.",
            also=(wrong.fits_a_straight_line,),
        ),
        Misconception(
            "never taken for the first density",
            wrong.grants_the_first_density,
            "Where CSR loses from the start you grant it the first density, as np.interp does unless told. "
            "It lost there, too: 0.0.",
        ),
        Misconception(
            "always taken for 1.0",
            wrong.promises_every_density,
            "Where CSR wins at every density you promise 1.0. Nobody measured that: the last density is all you know.",
        ),
        Misconception(
            "no crossing, no answer",
            wrong.finds_a_crossing_or_nothing,
            "Where the times never cross your function returns None. CSR then loses everywhere (0.0) or wins "
            "everywhere "
            "(the last density).",
        ),
        Misconception(
            "a line through zero",
            wrong.goes_through_zero,
            "You guess that a matrix without nonzeros takes no time. It was not measured, and it is not true: "
            "there are "
            "rows to walk.",
            "the case where CSR loses from the start",
        ),
        Misconception(
            "logarithms interpolated",
            wrong.interpolates_logarithms,
            "You draw the line between logarithms. Time grows by so much per nonzero: a straight line in density "
            "itself.",
        ),
        Misconception(
            "a speed-up",
            wrong.returns_the_speedup,
            "You return how many times faster CSR is. Wanted is where it stops being faster: a density.",
        ),
        Misconception(
            "the ends exchanged",
            wrong.wins_where_dense_is_faster,
            "Where there is no crossing you answer the wrong way round: slower from the start is 0.0, never slower "
            "is the "
            "last density.",
        ),
    ),
    hints=(
        "At density 0.1 CSR takes 0.5 ms, at 0.3 it takes 1.5 ms; dense takes 1.0 ms. Where do they meet?",
        "Look for the first time above dense_ms. The crossing lies between that point and the one before.",
        "way = (dense_ms − low) / (high − low); answer = d_low + way · (d_high − d_low). Two cases have no such pair.",
    ),
)
