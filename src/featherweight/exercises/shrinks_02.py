"""The exercises of lesson 2 about the corner of |x|: the shortest subgradient, the soft threshold, ISTA."""

import torch

from featherweight.exercises import cases_02
from featherweight.exercises import wrong_02_shrinks as wrong
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception, switched
from featherweight.lab.palette import plot_options
from featherweight.optimizers import stochastic

__all__ = ["mended_ista_step", "minimum_norm_subgradient", "soft_threshold"]


def _curve(axes, inputs, yours, expected) -> None:
    """Answers over the entries of x, from small to large."""
    x = inputs["x"].flatten().double()
    order = x.argsort()
    for values, method, name in ((expected, "ours", "expected"), (yours, "yours", "yours")):
        y = torch.as_tensor(values).detach().flatten().double()
        axes.plot(x[order], y[order], **plot_options(method), label=name)
    axes.legend(frameon=False, fontsize=9)
    axes.set(xlabel="x", ylabel="answer")


minimum_norm_subgradient = Exercise(
    name="minimum_norm_subgradient",
    lesson=2,
    points=2,
    minutes=10,
    difficulty=3,
    reference=stochastic.minimum_norm_subgradient,
    cases=cases_02.slopes,
    compare=close(float32=1e-6, float64=1e-12),
    returns="the shortest subgradient, shaped as x",
    oracle="the smallest of 20,001 subgradients on a grid",
    misconceptions=(
        Misconception(
            "a slope of +1 at zero",
            wrong.takes_plus_one_at_zero,
            "At zero you count |x| as rising. There its slope may be anything from −1 to +1: take "
            "what leaves the least.",
            "entries where x is 0",
        ),
        Misconception(
            "a slope of −1 at zero",
            wrong.takes_minus_one_at_zero,
            "At zero you count |x| as falling. There its slope may be anything from −1 to +1: take "
            "what leaves the least.",
            "entries where x is 0",
        ),
        Misconception(
            "nothing paid at zero",
            wrong.pays_nothing_at_zero,
            "sign(0) is 0, so at zero your price vanishes and the smooth slope pushes the weight off. "
            "0 is a subgradient, but not the one that leaves the least.",
            "entries where x is 0",
        ),
        Misconception(
            "zero for ever",
            wrong.never_leaves_zero,
            "You return 0 wherever x is 0. Where the smooth slope is larger than the price, the weight must leave.",
            "x = 0 with a slope beyond the price",
        ),
        Misconception(
            "the whole slope left",
            wrong.leaves_whole,
            "At zero you compare the slope with the price, which is right. But what leaves still pays: "
            "the slope is shorter by the price.",
            "x = 0 with a slope beyond the price",
        ),
        Misconception(
            "the longest instead of the shortest",
            wrong.pays_twice_at_zero,
            "At zero you add the price to the slope's size. The choice is yours there: take it off.",
            "entries where x is 0",
        ),
        Misconception(
            "past zero",
            wrong.overshoots_at_zero,
            "You take the whole price off at zero, also where the slope is smaller than it, and land "
            "on the other side. "
            "Stop at 0.",
            "x = 0 with a slope within the price",
        ),
        Misconception(
            "what the price takes",
            wrong.keeps_what_was_taken,
            "clamp(−price, price) is what the price takes away. Wanted is what it leaves.",
            "entries where x is 0",
        ),
        Misconception(
            "a price of one", wrong.forgets_the_price, "You treat the price as 1. The slope of price · |x| is ±price."
        ),
        Misconception(
            "size instead of sign",
            wrong.pays_the_size,
            "You add price · |x|, which is the cost. Its slope is price · sign(x).",
        ),
        Misconception(
            "the slope of a square",
            wrong.pays_as_if_squared,
            "price · x is the slope of ½ price · x². That of price · |x| is equally steep everywhere: price · sign(x).",
        ),
        Misconception(
            "size rewarded", wrong.rewards_size, "Away from zero you subtract the price's slope. Both slopes add up."
        ),
        Misconception(
            "a shorter slope everywhere",
            wrong.shortens_everywhere,
            "You take the price off everywhere. Only at zero is there a choice; elsewhere the slope "
            "is price · sign(x).",
            "entries where x is not 0",
        ),
        Misconception(
            "the smooth part left out",
            wrong.forgets_the_smooth_part,
            "That is the slope of the price alone. f has a slope as well.",
        ),
        Misconception(
            "almost zero taken for zero",
            wrong.rounds_to_zero,
            "You treat tiny x as 0. Zero means exactly 0: at 1e-9 the slope of |x| is 1, and there is no choice.",
        ),
        Misconception(
            "an if on a whole tensor",
            wrong.asks_the_whole_tensor,
            "`if x == 0` asks for one answer and x has many entries. torch.where chooses entry by entry.",
        ),
    ),
    hints=(
        "x is 0, the smooth slope 0.3, the price 1. Which number between −1 and 1 do you add to 0.3 "
        "to leave the least?",
        "At zero the best choice is the slope's own opposite, if the price allows that much, else as "
        "much as it allows.",
        "At zero: slope − slope.clamp(−price, price). Elsewhere: slope + price · sign(x). torch.where joins them.",
    ),
)

soft_threshold = Exercise(
    name="soft_threshold",
    lesson=2,
    points=2,
    minutes=5,
    difficulty=1,
    reference=stochastic.soft_threshold,
    cases=cases_02.thresholds,
    compare=close(float32=1e-6, float64=1e-12, atol=1e-12),
    returns="a new tensor, shaped as x",
    oracle="torch.nn.functional.softshrink",
    picture=_curve,
    misconceptions=(
        Misconception(
            "a hard threshold",
            wrong.keeps_survivors_whole,
            "Your survivors keep their full size. The penalty charges for size, so a survivor pays too: "
            "it shrinks by the threshold.",
            "the picture: your curve jumps at ±threshold, the right one is continuous",
        ),
        Misconception(
            "past zero",
            wrong.shrinks_past_zero,
            "Entries smaller than the threshold come out on the other side of zero. They should stop at it.",
            "entries below the threshold",
        ),
        Misconception(
            "shrinking by a share",
            wrong.shrinks_by_a_share,
            "You take away a share of each entry. The threshold is an amount, the same for all.",
            also=(wrong.shrinks_smoothly,),
        ),
        Misconception(
            "the large made zero",
            wrong.zeroes_the_large,
            "You keep the small entries and remove the large ones. It is the small that go.",
        ),
        Misconception(
            "clipping",
            wrong.clips,
            "clamp cuts off what lies beyond the threshold. Wanted is just that part: x − "
            "x.clamp(−threshold, threshold).",
        ),
        Misconception(
            "a lost sign", wrong.loses_the_sign, "Your answer is a size, without sign. Negative entries stay negative."
        ),
        Misconception(
            "negatives lost",
            wrong.loses_the_negatives,
            "You subtract and stop at 0, which is right for positive entries. Negative ones come up "
            "towards 0 likewise.",
            "negative entries",
        ),
        Misconception(
            "negatives pushed down",
            wrong.shifts_negatives_down,
            "You subtract the threshold from negative entries as well, so they grow. Towards zero is up for them.",
            "negative entries",
        ),
        Misconception("growing", wrong.grows, "Your survivors grow by the threshold. They shrink by it."),
        Misconception(
            "a floor at the threshold",
            wrong.stops_at_the_threshold,
            "What remains of the size may not be below zero; you stop it at the threshold: clamp(min=0).",
        ),
        Misconception(
            "the small left alone",
            wrong.leaves_the_small,
            "Entries below the threshold stay as they were. They are what becomes exactly 0.",
            "entries below the threshold",
        ),
        Misconception("half the threshold", wrong.takes_half, "You take off half the threshold. It is the whole one."),
        Misconception(
            "a mask", wrong.returns_a_mask, "You return which entries survive. Wanted is what is left of each."
        ),
    ),
    hints=(
        "What should happen to 5.0 when the threshold is 2? To 1.0? To −3.0?",
        "Sign and size can be handled apart.",
        "sign(x) times what remains of |x| after paying the threshold, but never less than zero.",
    ),
)

mended_ista_step = Exercise(
    name="mended_ista_step",
    lesson=2,
    points=3,
    minutes=10,
    difficulty=3,
    reference=stochastic.ista_step,
    cases=cases_02.ista_steps,
    compare=close(float32=1e-6, float64=1e-12),
    returns="a new tensor, shaped as parameter",
    oracle="a gradient step, then torch.nn.functional.softshrink",
    starts_from=wrong.handed_over,
    misconceptions=(
        *switched(
            wrong.ista_with,
            {
                "whole": (
                    "a threshold without the rate",
                    "The threshold is the whole price. A step of rate η pays for the way it goes: η · price.",
                ),
                "early": (
                    "paid before the step",
                    "The threshold comes first and the gradient step after it, so the result is off zero again. "
                    "Move first, then pay.",
                ),
            },
        ),
        Misconception(
            "a subgradient step",
            wrong.steps_along_a_subgradient,
            "That is the subgradient method, which steps across zero instead of stopping there.",
        ),
        Misconception(
            "past zero",
            wrong.steps_past_zero,
            "Order and threshold are right, but what is smaller than the threshold lands on the other side of zero. "
            "clamp(min=0) stops it.",
        ),
        Misconception(
            "the sign from before the step",
            wrong.keeps_the_old_sign,
            "The size is that of the moved weight, the sign still that of the old one. Weights may change sides.",
        ),
        Misconception(
            "a hard threshold",
            wrong.moves_and_cuts,
            "Your survivors keep their full size. They pay as well: each shrinks by the threshold.",
        ),
        Misconception(
            "climbing", wrong.climbs_and_shrinks, "You add the gradient, and it points uphill: descent subtracts it."
        ),
        Misconception(
            "the rate left out of the step",
            wrong.forgets_the_rate,
            "The threshold has its rate, and the gradient step has lost it.",
        ),
        Misconception(
            "the price divided by the rate",
            wrong.divides_the_price,
            "A smaller step pays less, not more: rate times price.",
        ),
        Misconception("no price", wrong.only_moves, "The price is gone along with the bug: nothing lands on zero."),
        Misconception(
            "paid twice", wrong.pays_twice, "The threshold is paid before the step and after it. After it is right."
        ),
    ),
    hints=(
        "With price 1, halve the rate and take twice as many steps. Should a weight without slope "
        "shrink by as much, or twice as much?",
        "Two things are wrong: how large the threshold is, and when it is applied.",
        "moved = parameter − learning_rate · smooth_gradient; then shrink moved by learning_rate · price.",
    ),
)
