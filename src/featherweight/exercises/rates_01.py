"""The exercises of lesson 1 that give one number: the stability limit and the exponential schedule."""

from featherweight.exercises import cases_01
from featherweight.exercises import wrong_01_rates as wrong
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception
from featherweight.optimizers import schedules, stability

__all__ = ["SINGLE", "exponential_rate", "largest_stable_rate"]

SINGLE = 1.3e-6
"""torch.testing's tolerance for float32: a number worked out in single precision, or by iteration, is right."""

POWER = 1e-5
"""The same for a power: the cases go up to decay⁹⁰, which multiplies the rounding of `decay`, 2⁻²⁴, by 90."""

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
            "You divide by the smallest curvature. The steepest direction is the first to diverge, so "
            "the largest one decides.",
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
            "an eigenvalue at a fixed place",
            wrong.two_over_last_of_general_solver,
            "torch.linalg.eigvals promises no order, so neither its first value nor its last is the largest. "
            "A symmetric matrix wants eigvalsh, and max() says what you mean.",
            also=(wrong.two_over_first_of_general_solver,),
        ),
        Misconception(
            "the Frobenius norm",
            wrong.two_over_frobenius_norm,
            "norm() squares all entries and adds them up, so every direction counts. The steepest one alone decides.",
        ),
        Misconception(
            "one rate for each direction",
            wrong.two_over_every_eigenvalue,
            "You return a limit for each eigenvector. All directions share one rate: the smallest of the limits.",
        ),
        Misconception(
            "half the curvature",
            wrong.half_the_largest,
            "That is λmax/2, and the limit is its inverse, 2/λmax: the steeper, the smaller the step.",
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
        "In one dimension with curvature λ, a step multiplies the distance to the minimum by 1 − rate · "
        "λ. When does that grow?",
        "In many dimensions each eigenvector of the Hessian behaves like that one dimension, with its own λ.",
        "The largest eigenvalue (torch.linalg.eigvalsh) is the first to break |1 − rate · λ| ≤ 1: solve "
        "1 − rate · λ = −1.",
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
    compare=close(float64=POWER, atol=0.0),
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
            "Your first update has rate 0 and does not move. Steps count from 1: update k uses "
            "k/warmup_steps of the peak.",
            "step 1",
        ),
        Misconception(
            "a peak before the first update",
            wrong.exponential_peaks_before_the_first,
            "With a warm-up you are right. With warmup_steps = 0 your peak lies at an update 0 that nobody makes: "
            "the first update should use base_rate itself, as with warmup_steps = 1.",
            "warmup_steps in the case shown",
        ),
        Misconception(
            "a warm-up divided by zero",
            wrong.exponential_divides_by_zero,
            "With a warm-up you are right. But warmup_steps may be 0, and you divide by it: no warm-up "
            "is like one of 1.",
        ),
        Misconception(
            "a peak used twice",
            wrong.exponential_peaks_twice,
            "Your climb is right. But the update after the peak uses base_rate again; it should be decayed once.",
            "step = warmup_steps + 1",
        ),
        Misconception(
            "a peak one update late",
            wrong.exponential_peaks_late,
            "Your climb takes warmup_steps + 1 updates. Update number warmup_steps is the peak, so "
            "update k uses k/warmup_steps.",
            "step = warmup_steps",
        ),
        Misconception(
            "decay counted from the first update",
            wrong.exponential_counts_from_the_first_update,
            "Your climb is right. But the exponent counts the updates of the warm-up as well, so the rate drops "
            "at the peak. Count from the peak: there the exponent is 0.",
            "step = warmup_steps",
            also=(wrong.exponential_counts_every_update,),
        ),
        Misconception(
            "the share that is lost",
            wrong.exponential_loses_the_decay,
            "You multiply by 1 − decay. `decay` is the factor itself: at 0.9 the rate keeps nine tenths.",
        ),
        Misconception(
            "whole-number division",
            wrong.exponential_divides_whole,
            "// drops what follows the point, so the warm-up stands at 0. Divide with /.",
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
        "With warmup_steps = 3 the updates use ⅓, ⅔, 1 of the peak. Which exponent of decay has update "
        "3, and update 4?",
        "peak = max(warmup_steps, 1); before it base_rate · step/peak, from it on base_rate · decay ** (step − peak).",
    ),
)
