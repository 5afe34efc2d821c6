"""The exercises of lesson 1: gradient descent, its stability limit, and schedules."""

from featherweight.exercises import cases_01, probes
from featherweight.exercises import wrong_01 as wrong
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception, switched
from featherweight.lab import plots
from featherweight.optimizers import descent, schedules, stability

__all__ = ["EXERCISES"]

SINGLE = 1.3e-6
"""torch.testing's tolerance for float32: a number worked out in single precision, or by iteration, is right."""


def _walk(axes, inputs, yours, expected) -> None:
    plots.yours_over_expected(axes, yours, expected, xlabel="step")


gradient_descent = Exercise(
    name="gradient_descent",
    lesson=1,
    points=3,
    minutes=10,
    difficulty=1,
    reference=descent.gradient_descent,
    cases=cases_01.descents,
    probe=probes.descend,
    compare=close(float32=1e-5, float64=1e-12, axes=("step",)),
    returns="every point of the walk, shape (steps + 1, d)",
    oracle="closed form (I − ηH)ᵏ on random quadratics",
    picture=_walk,
    misconceptions=(
        Misconception(
            "climbing",
            wrong.climbs,
            "You add the gradient, and the gradient points uphill: descent subtracts it.",
            "the first step: it goes the opposite way",
        ),
        Misconception(
            "one tensor in every row",
            wrong.updates_in_place,
            "You change one tensor in place and store it again and again, so that every row is the same, last, point. "
            "Store a new tensor for each point.",
            "row 0: it should still be the start",
        ),
        Misconception(
            "overwriting the start",
            wrong.overwrites_start,
            "Your first row is the same tensor that the in-place update changes, so it shows a later point. "
            "Put a copy of the start into the list.",
            "row 0, and only row 0",
        ),
        Misconception(
            "one row short",
            wrong.forgets_last_point,
            "Each point is stored before the step that follows it, so the last one is never stored: "
            "`steps` moves make `steps + 1` points.",
        ),
        Misconception(
            "forgetting the start",
            wrong.forgets_start,
            "The first row should be the start itself. Yours begins after the first step.",
        ),
        Misconception(
            "one step too many",
            wrong.one_step_too_many,
            "You take `steps + 1` steps; there are `steps + 1` points because the start counts as one.",
        ),
        Misconception(
            "the start's gradient reused",
            wrong.reuses_gradient,
            "You compute the gradient once, at the start, and walk straight on with it. Ask for it again wherever you stand.",
            "the second step: yours repeats the first",
        ),
        Misconception(
            "a normalized gradient",
            wrong.normalizes,
            "You divide the gradient by its length, so every step is equally long and the walk never settles. "
            "The length matters: it shrinks as the slope does.",
            "the distance between points: yours never gets smaller",
        ),
        Misconception(
            "one coordinate at a time",
            wrong.one_coordinate_at_a_time,
            "You update the coordinates in turn, and the later ones already see the earlier ones moved. "
            "Take the whole gradient at one point, then move all coordinates at once.",
        ),
        Misconception(
            "a table of another dtype",
            wrong.forgets_dtype,
            "torch.zeros and torch.empty make float32 unless told otherwise, and half of your digits are gone. "
            "Ask for dtype=start.dtype, or stack the points instead.",
            "cases whose start is float64",
        ),
        Misconception(
            "only the last point",
            wrong.returns_last_only,
            "You return where the walk ends. The whole walk is wanted, one row per point.",
        ),
    ),
    hints=(
        "On paper, with one number: the loss is x²/2, the gradient is x, the rate is 0.5, you stand at 8. Where are you after one step, after two?",
        "Keep a list that begins with the start. Each turn of the loop adds one new point, made from the last one.",
        "new = last − learning_rate · gradient(last), a new tensor each time; torch.stack turns the list into rows.",
    ),
)

largest_stable_rate = Exercise(
    name="largest_stable_rate",
    lesson=1,
    points=2,
    minutes=8,
    difficulty=2,
    reference=stability.largest_stable_rate,
    cases=cases_01.hessians,
    compare=close(float64=SINGLE, atol=0.0),
    returns="the rate above which descent diverges, a number",
    oracle="2/λmax, with λmax found by power iteration",
    misconceptions=(
        Misconception(
            "the safe rate",
            wrong.one_over_largest,
            "1/λmax is the rate that lands in one step along the steepest direction. "
            "Descent overshoots but still converges up to twice that.",
            "1 − rate · λ: where does it reach −1, not 0?",
        ),
        Misconception(
            "the flattest direction",
            wrong.two_over_smallest,
            "You divide by the smallest curvature. The steepest direction is the first to diverge, so the largest one decides.",
        ),
        Misconception(
            "the sum of the curvatures",
            wrong.two_over_trace,
            "The trace adds up all curvatures. Directions do not add up here: the steepest one alone decides.",
        ),
        Misconception(
            "the largest entry",
            wrong.two_over_largest_entry,
            "The largest entry of a matrix is not its largest eigenvalue; that would hold for a diagonal matrix only.",
        ),
        Misconception(
            "the first eigenvalue found",
            wrong.two_over_last_of_general_solver,
            "torch.linalg.eigvals promises no order, so its last value is not the largest. "
            "A symmetric matrix wants eigvalsh, and max() says what you mean.",
        ),
        Misconception(
            "the best rate",
            wrong.two_over_sum,
            "2/(L + μ) is the fastest constant rate, well inside the stable range. The edge itself is asked for.",
        ),
        Misconception(
            "the eigenvalue itself",
            wrong.largest_eigenvalue,
            "That is the largest curvature. The rate is 2 divided by it: the steeper, the smaller the step.",
        ),
    ),
    hints=(
        "In one dimension with curvature λ, a step multiplies the distance to the minimum by 1 − rate · λ. When does that grow?",
        "In many dimensions each eigenvector of the Hessian behaves like that one dimension, with its own λ.",
        "The largest eigenvalue (torch.linalg.eigvalsh) is the first to break |1 − rate · λ| ≤ 1: solve 1 − rate · λ = −1.",
    ),
)

exponential_rate = Exercise(
    name="exponential_rate",
    lesson=1,
    points=2,
    minutes=8,
    difficulty=2,
    reference=schedules.exponential_rate,
    cases=cases_01.exponentials,
    compare=close(float64=SINGLE, atol=0.0),
    returns="the learning rate of one update, a number",
    oracle="torch.optim.lr_scheduler.LinearLR, then ExponentialLR",
    misconceptions=(
        Misconception(
            "decay before the first update",
            wrong.exponential_decays_early,
            "Your first update after the climb is already decayed: nothing ever uses the full rate. "
            "The update that reaches the peak uses base_rate itself.",
            "step 1 without warm-up",
        ),
        Misconception(
            "a warm-up that starts at zero",
            wrong.exponential_warms_from_zero,
            "Your first update has rate 0 and does not move. Steps count from 1: update k uses k/warmup_steps of the peak.",
            "step 1",
        ),
        Misconception(
            "decay during the warm-up",
            wrong.exponential_decays_during_warmup,
            "You count the decay from step 1, so that the warm-up is paid for twice. Count it from the peak.",
        ),
        Misconception(
            "decay compounded twice",
            wrong.exponential_compounds_twice,
            "You multiply the powers up one after another, so the exponent grows like 1 + 2 + 3 …; "
            "one factor per update is one plain power.",
            "the third update after the peak",
        ),
        Misconception(
            "continuous decay",
            wrong.exponential_uses_e,
            "exp(−decay · updates) reads decay as a speed. Here it is the factor from one update to the next.",
        ),
        Misconception(
            "no warm-up",
            wrong.exponential_without_warmup,
            "You ignore warmup_steps: the first updates should climb to the peak.",
        ),
    ),
    hints=(
        "Write down the rates of the first four updates with base_rate 1, decay ½ and no warm-up: 1, ½, ¼, …",
        "With warmup_steps = 3 the updates use ⅓, ⅔, 1 of the peak. Which exponent of decay has update 3, and update 4?",
        "peak = max(warmup_steps, 1); before it base_rate · step/peak, from it on base_rate · decay ** (step − peak).",
    ),
)

cosine_rate = Exercise(
    name="cosine_rate",
    lesson=1,
    points=2,
    minutes=10,
    difficulty=3,
    reference=schedules.cosine_rate,
    cases=cases_01.cosines,
    compare=close(float64=SINGLE, atol=1e-9),
    returns="the learning rate of one update, a number",
    oracle="torch.optim.lr_scheduler.LinearLR, then CosineAnnealingLR",
    misconceptions=(
        Misconception(
            "degrees for radians",
            wrong.cosine_in_degrees,
            "math.cos wants radians: half a turn is π, not 180.",
            "the middle of the schedule: yours jumps about",
        ),
        Misconception(
            "a last step that is never reached",
            wrong.cosine_never_arrives,
            "Your curve would reach final_rate one update after the last. The last update, number total_steps, uses it.",
            "step = total_steps",
        ),
        Misconception(
            "a warm-up that starts at zero",
            wrong.cosine_warms_from_zero,
            "Your first update has rate 0 and does not move. Steps count from 1: update k uses k/warmup_steps of the peak.",
            "step 1",
        ),
        Misconception(
            "the wave counted from step 1",
            wrong.cosine_ignores_warmup,
            "Your cosine starts at the first step and is already on its way down when the warm-up ends. "
            "It starts at the peak and has the remaining updates to itself.",
        ),
        Misconception(
            "a floor added on top",
            wrong.cosine_adds_floor,
            "You add final_rate to a wave that already starts at base_rate, so that the peak is too high. "
            "The wave spans the difference of the two.",
            "the peak",
        ),
        Misconception(
            "a whole wave",
            wrong.cosine_whole_wave,
            "You run through a whole turn, 2π, and come back to the peak. Half a turn goes from the peak to the floor.",
        ),
        Misconception(
            "a wave without its half",
            wrong.cosine_without_half,
            "1 + cos runs from 2 to 0. Without the factor ½ the peak is too high.",
        ),
        Misconception(
            "no floor",
            wrong.cosine_to_zero,
            "Your wave ends at 0; it should end at final_rate.",
            "step = total_steps",
        ),
    ),
    hints=(
        "What share of the way from the peak to the last update is done at the peak itself? At the last update?",
        "(1 + cos(π · share))/2 goes from 1 to 0 as share goes from 0 to 1.",
        "share = (step − peak)/(total_steps − peak) with peak = max(warmup_steps, 1); final + (base − final) · (1 + cos(π · share))/2.",
    ),
)

mended_descent = Exercise(
    name="mended_descent",
    lesson=1,
    points=3,
    minutes=12,
    difficulty=3,
    reference=descent.dynamic_gradient_descent,
    cases=cases_01.decayed_descents,
    probe=probes.descend_with_decay,
    compare=close(float32=1e-5, float64=1e-12, axes=("step",)),
    returns="every point of the walk, shape (steps + 1, d)",
    oracle="torch.optim.SGD with ExponentialLR",
    starts_from=wrong.chapters_dynamic_descent,
    picture=_walk,
    misconceptions=(
        *switched(
            wrong.dynamic_descent_with,
            {
                "early": (
                    "decay before the first update",
                    "The rate is multiplied before the update that it is for, so no update ever uses the full rate.",
                ),
                "compounded": (
                    "decay compounded twice",
                    "A rate that already carries the earlier factors is multiplied by a power again: "
                    "the exponent grows like 1 + 2 + 3 … and the walk freezes.",
                ),
            },
        ),
        Misconception(
            "the start's gradient reused",
            wrong.decays_and_reuses_gradient,
            "The gradient is computed once, before the loop; it must be asked for at each new point.",
        ),
        Misconception(
            "no decay", wrong.never_decays, "The rate stays as it was: the decay is gone along with the bug."
        ),
    ),
    hints=(
        "Print the rate that each of the first four updates uses, with learning_rate 1 and decay ½. It should read 1, ½, ¼, ⅛.",
        "Two things are wrong, and each hides the other. Look at when the rate changes, and by how much.",
        "Move first with the rate as it is; afterwards multiply it by decay, once.",
    ),
)

EXERCISES = (gradient_descent, largest_stable_rate, exponential_rate, cosine_rate, mended_descent)
