"""The exercise of lesson 5 on training what is left: the masked step."""

from featherweight.compression import pruning
from featherweight.exercises import cases_05 as cases
from featherweight.exercises import wrong_05_steps as wrong
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception

__all__ = ["SINGLE", "masked_step"]

SINGLE = 1.3e-6
"""torch.testing's tolerance for float32: `mask * 0.1` and torch.tensor(0.1) are single precision, and right."""

masked_step = Exercise(
    name="masked_step",
    lesson=5,
    points=4,
    minutes=15,
    difficulty=3,
    reference=pruning.masked_step,
    cases=cases.steps,
    compare=close(float32=1e-5, float64=SINGLE, atol=1e-15, parts=("weight", "first moment", "second moment")),
    returns="the new weight, first moment and second moment",
    oracle="torch.optim.Adam on a vector of the survivors alone",
    misconceptions=(
        Misconception(
            "only the gradient masked",
            wrong.masks_only_the_gradient,
            "A pruned weight with gradient 0 still moves: its first moment remembers earlier gradients and pushes. "
            "Mask the result of the step.",
            "a pruned weight that was zero: it is not zero after the step",
        ),
        Misconception(
            "masked before the step",
            wrong.masks_before_the_step,
            "You zero the pruned weights and then take the step, which moves them away again. Mask afterwards.",
        ),
        Misconception(
            "weight and gradient masked before the step",
            wrong.masks_weight_and_gradient_first,
            "The weight starts at zero and its gradient is zero, and still the stale first moment pushes it away. "
            "Mask what the step has made.",
            "a pruned weight whose first moment is not zero",
        ),
        Misconception(
            "moments that go on",
            wrong.moments_go_on,
            "The weights are right. But the moments of the pruned go on collecting gradients: "
            "they cost memory, and would throw a weight that is ever let back in.",
            "the first moment where the mask is False",
        ),
        Misconception(
            "moments that fade",
            wrong.moments_fade,
            "The weights are right. But the moments of the pruned only fade, by β a step. They are to be zero at once.",
            "the first moment where the mask is False",
        ),
        Misconception(
            "pruned weights frozen",
            wrong.freezes_the_pruned,
            "The moments are right. But a pruned weight keeps the value it had: nothing sets it to zero.",
        ),
        Misconception(
            "only the move masked",
            wrong.masks_the_move,
            "You mask the move, so a pruned weight keeps the value it had, and its moments go on collecting. "
            "All three are to be zero where the mask is False.",
            "a pruned weight that was not zero",
        ),
        Misconception(
            "the pruned left as they were",
            wrong.steps_the_survivors_alone,
            "The survivors are right. But a pruned weight keeps its old value and its old moments: set "
            "all three to zero.",
            "the entries where the mask is False",
        ),
        Misconception(
            "the mask upside down",
            wrong.inverts_the_mask,
            "You train the pruned and zero the kept. True means kept.",
        ),
        Misconception("no mask", wrong.step_without_mask, "This is plain Adam: the mask is never used."),
        Misconception(
            "no bias correction",
            wrong.masked_step_without_correction,
            "The moments start at zero and are too small at first. "
            "In the update, divide m by 1 − β1^step and v by 1 − β2^step.",
        ),
        Misconception(
            "a correction counted from zero",
            wrong.corrects_one_step_behind,
            "You correct with step − 1. `step` counts from 1, so the first step divides by 1 − β, not by 1 − 1.",
        ),
        Misconception(
            "corrected moments stored",
            wrong.stores_the_corrected_moments,
            "You return the corrected moments, and the next step would correct them again. Return m and v as they are.",
        ),
        Misconception(
            "ε inside the root",
            wrong.epsilon_inside_the_root,
            "√(v̂ + ε) is far more than √v̂ + ε where gradients are small: ε is added after the root.",
            "the case with gradients of a millionth",
        ),
        Misconception(
            "β1 and β2 swapped",
            wrong.swaps_the_betas,
            "β1 belongs to the first moment and β2 to the second, in the averages as in the corrections.",
        ),
        Misconception(
            "a gradient not squared",
            wrong.forgets_the_square,
            "Your second moment averages g. It is the average of g², and its root is taken: a negative one gives nan.",
            "the second moment",
        ),
        Misconception(
            "no root",
            wrong.forgets_the_root,
            "You divide by v̂ itself. Its root is wanted: it has the size of a gradient, as m̂ has.",
        ),
        Misconception(
            "moments that only add",
            wrong.adds_without_averaging,
            "You add the whole gradient to β·m. An average gives it the weight 1 − β.",
            "the first moment",
        ),
        Misconception(
            "climbing",
            wrong.climbs,
            "You add the step. The gradient points uphill: subtract it.",
        ),
        Misconception(
            "a step with the old moments",
            wrong.steps_with_the_old_moments,
            "Your moments are right, but the weight moves by those of the step before. Update them "
            "first, then use them.",
            "the weight",
        ),
        Misconception(
            "results in another order",
            wrong.returns_moments_first,
            "The three results are right, in another order. Return weight, first moment, second moment.",
        ),
    ),
    hints=(
        "A weight is pruned with first moment 0.5; from then on its gradient is 0. What moves it at the next step?",
        "Write plain Adam first. Three results leave the function: each is zero where the mask is False.",
        "torch.where(mask, …, 0.0) around the new m, the new v and the new weight.",
    ),
)
