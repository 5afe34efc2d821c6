"""The bug hunt of lesson 10: an 8-bit product with outliers that has three faults."""

from featherweight.compression import transformers
from featherweight.exercises import cases_10 as cases
from featherweight.exercises import wrong_10_mended as wrong
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception, switched

__all__ = ["mended_int8_with_outliers"]

mended_int8_with_outliers = Exercise(
    name="mended_int8_with_outliers",
    lesson=10,
    points=3,
    minutes=10,
    difficulty=3,
    reference=transformers.int8_with_outliers,
    starts_from=wrong.three_faults,
    cases=cases.outliers,
    compare=close(float32=1e-5, float64=1e-9, axes=("example", "output")),
    returns="outputs, (examples, outputs)",
    oracle="float products where all or none are outliers, and whole numbers",
    misconceptions=(
        *switched(
            wrong.product_with,
            {
                "unsigned": (
                    "negative outliers missed",
                    "A channel that is loud and negative is not above the threshold, and stays among the regular ones.",
                ),
                "before": (
                    "scales from before the split",
                    "The scales are measured while the outliers are still there, so that the regular channels get "
                    "steps as coarse as without a split.",
                ),
                "narrow": (
                    "sums of 8 bits",
                    "int8 times int8 is added up in int8 and wraps around at 127. Add up in int32.",
                ),
            },
        ),
        Misconception(
            "activations measured before the split",
            wrong.measures_whole_activations,
            "The scales of the weights are right. Those of the activations still see the outliers.",
        ),
        Misconception(
            "weights measured before the split",
            wrong.measures_whole_weights,
            "The scales of the activations are right. Those of the weights still see the columns that outliers are "
            "multiplied by, which are not rounded at all.",
        ),
        Misconception(
            "the threshold itself an outlier",
            wrong.takes_the_threshold_too,
            "You count a channel that only reaches the threshold. It must be above.",
        ),
        Misconception(
            "outliers entry by entry",
            wrong.parts_entries,
            "You take out single entries. A channel goes as a whole, in all examples, so that both parts are plain "
            "products.",
        ),
        Misconception(
            "the mean of a channel",
            wrong.asks_the_mean,
            "You ask for the mean |activation|. One loud example is enough.",
        ),
        Misconception(
            "loud in all examples",
            wrong.asks_all_examples,
            "You ask for a channel that is loud in every example. One loud example is enough.",
        ),
        Misconception(
            "examples for channels",
            wrong.asks_the_examples,
            "You take out loud *examples*. Outliers are channels, columns of the activations.",
        ),
        Misconception(
            "no split",
            wrong.parts_nothing,
            "Everything is rounded to 8 bits, the outliers too, and they set the steps of all others.",
        ),
        Misconception(
            "outliers dropped",
            wrong.drops_the_outliers,
            "The outliers' part is missing. It is the loudest of all.",
        ),
        Misconception(
            "outliers twice",
            wrong.counts_the_outliers_twice,
            "The outliers are still among the integers and are added once more as floats.",
        ),
        Misconception(
            "outliers rounded too",
            wrong.rounds_the_outliers_too,
            "Both parts are rounded. The outliers' is to be computed in floats.",
        ),
        Misconception(
            "one scale for all examples",
            wrong.has_one_scale_for_examples,
            "All examples share a scale. Each has its own.",
        ),
        Misconception(
            "one scale for all outputs",
            wrong.has_one_scale_for_outputs,
            "All outputs share a scale. Each has its own.",
        ),
        Misconception(
            "one scale each",
            wrong.has_one_scale_each,
            "Activations and weights have one scale each. Wanted is one for each example and for each output.",
        ),
        Misconception(
            "128 for 127",
            wrong.divides_by_128,
            "You divide the largest by 128. int8 ends at 127.",
        ),
        Misconception(
            "weights alone rounded",
            wrong.rounds_weights_only,
            "Only the weights are rounded. Both sides are integers here, or there is no integer product.",
        ),
        Misconception(
            "activations alone rounded",
            wrong.rounds_activations_only,
            "Only the activations are rounded. Both sides are integers here, or there is no integer product.",
        ),
        Misconception(
            "the weights' scale forgotten",
            wrong.forgets_the_scale_of_weights,
            "The sum of integers is multiplied by the activations' scale only. The weights' is missing.",
        ),
        Misconception(
            "no scale given back",
            wrong.forgets_the_scales,
            "The sum of integers is added as it is. It belongs to both scales: multiply by them.",
        ),
        Misconception(
            "cut off",
            wrong.cuts_off,
            "You cut off after the point. Round to the nearest.",
        ),
        Misconception(
            "nothing rounded",
            wrong.rounds_nothing,
            "You compute everything in floats. The outputs are right; the regular part should be rounded to 8 bits.",
        ),
        Misconception(
            "zero divided by zero",
            wrong.leaves_zero_to_divide,
            "An example whose regular channels are all 0 has a scale of 0, and 0/0 is NaN. There the scale is 1.",
            "the case with an example of zeros",
        ),
    ),
    hints=(
        "Give it one example of (−60, 1, 0.5) with a threshold of 6. Which channel is an outlier, and what are the "
        "scales?",
        "Three things are wrong: who is an outlier, when the scales are measured, and how wide the sum is.",
        "abs() before amax; regular and read before their scales; .int() for the product.",
    ),
)
