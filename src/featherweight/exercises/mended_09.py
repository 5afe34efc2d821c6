"""The bug hunt of lesson 9: a training step with latent weights that learns nothing."""

from featherweight.compression import low_bit
from featherweight.exercises import cases_09 as cases
from featherweight.exercises import wrong_09_mended as wrong
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception, switched

__all__ = ["mended_binary_step"]

mended_binary_step = Exercise(
    name="mended_binary_step",
    lesson=9,
    points=3,
    minutes=12,
    difficulty=4,
    reference=low_bit.binary_step,
    cases=cases.latent_layers,
    compare=close(float32=1e-5, float64=1e-10, axes=("output",)),
    returns="the new latent weights, (outputs, inputs)",
    oracle="torch.nn.Linear that holds the signs, mse_loss and autograd",
    starts_from=wrong.handed_over,
    misconceptions=(
        *switched(
            wrong.step_with,
            {
                "overwritten": (
                    "latent weights overwritten",
                    "The step starts from the signs, so the latent weights are gone, and with them every small move "
                    "of the steps before: no sign ever flips.",
                ),
                "unrounded": (
                    "outputs of the latent weights",
                    "The error is that of the latent weights. The layer computes with their signs, in training too.",
                ),
                "unclipped": (
                    "no clip",
                    "Nothing keeps the latent weights in [−1, 1]. Far out they take many steps to come back, and the "
                    "sign does not move meanwhile.",
                ),
            },
        ),
        Misconception(
            "signs returned",
            wrong.returns_signs,
            "You return the signs of the new latent weights. They are what the layer computes with; kept are the "
            "latent "
            "weights themselves.",
        ),
        Misconception(
            "uphill",
            wrong.climbs,
            "You add the gradient. It points to where the loss grows.",
        ),
        Misconception(
            "the gradient clipped",
            wrong.clips_the_gradient,
            "You clip the gradient to [−1, 1]. The latent weights are clipped, after the step.",
        ),
        Misconception(
            "stuck at the ends",
            wrong.stops_at_the_ends,
            "You stop the gradient where |latent| is 1. Clipped weights sit exactly there, and would never move again.",
        ),
        Misconception(
            "clipped to [0, 1]",
            wrong.clips_to_zero_and_one,
            "You clip to [0, 1], and no weight can be negative. It is [−1, 1].",
        ),
        Misconception(
            "averaged over outputs",
            wrong.averages_over_outputs,
            "You average over outputs as well, as mse_loss does by itself. Over outputs the loss is a sum.",
        ),
        Misconception(
            "twice the gradient",
            wrong.doubles_the_gradient,
            "Your gradient is twice as large: the loss is *half* the squared error.",
        ),
        Misconception(
            "summed over examples",
            wrong.adds_up_the_examples,
            "You add up over the examples. The loss is averaged over them: divide by their number.",
        ),
        Misconception(
            "the gradient's sign",
            wrong.moves_by_the_sign,
            "You move by the sign of the gradient. The weights have signs; the gradient keeps its size.",
        ),
        Misconception(
            "sign(0) = 0",
            wrong.takes_sign_of_zero_for_zero,
            "torch.sign(0) is 0: a third value, for which one bit has no room. A latent weight of 0 counts as +1.",
            "the latent weights that are exactly 0",
        ),
        Misconception(
            "zero taken for negative",
            wrong.takes_zero_for_negative,
            "A latent weight of 0 becomes −1 in yours. It counts as +1.",
            "the latent weights that are exactly 0",
        ),
        Misconception(
            "signs with a scale",
            wrong.scales_the_signs,
            "You multiply the signs by the mean of |latent|, as XNOR-Net does. Here the layer computes with −1 and +1.",
        ),
        Misconception(
            "three values",
            wrong.rounds_to_three,
            "You round the latent weights, which gives −1, 0 and 1. There are two values: the sign.",
        ),
    ),
    hints=(
        "Run it for a hundred steps at a small rate and print how many signs have changed since the start.",
        "Three things are wrong: what the step starts from, which weights the error is computed with, how far out "
        "they go.",
        "The error is the signs', the step is the latent weights', and the result ends in a clamp.",
    ),
)
