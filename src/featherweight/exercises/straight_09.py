"""The exercise of lesson 9 on rounding with a gradient that training can use."""

from featherweight.compression import low_bit
from featherweight.exercises import cases_09 as cases
from featherweight.exercises import probes, readings
from featherweight.exercises import wrong_09_straight as wrong
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception

__all__ = ["straight_through"]

straight_through = Exercise(
    name="straight_through",
    lesson=9,
    points=3,
    minutes=10,
    difficulty=3,
    reference=low_bit.straight_through,
    cases=cases.roundings,
    probe=probes.pull_back,
    reading=readings.pulled_back,
    compare=close(
        float32=1e-5, float64=1e-12, parts=("what comes back", "its values", "the gradient in x", "x afterwards")
    ),
    returns="a tensor of x's shape and dtype, from which backward() reaches x",
    oracle="values and gradients written out by hand; Python's round",
    misconceptions=(
        Misconception(
            "a gradient of zero",
            wrong.only_rounds,
            "You round, and autograd differentiates what you wrote: the slope of round() is 0, so nothing ever learns. "
            "Give autograd something else to differentiate, of the same value.",
        ),
        Misconception(
            "cut off from x",
            wrong.detaches_everything,
            "The whole way from x is cut (detach, .data, no_grad): backward() has nowhere to go. Detach only the "
            "*difference* between the rounded values and what should carry the gradient.",
        ),
        Misconception(
            "codes as int64",
            wrong.returns_whole_numbers,
            "A tensor of int64 carries no gradient. The codes stay floats while the network trains.",
        ),
        Misconception(
            "a gradient outside the range",
            wrong.lets_everything_through,
            "Your gradient is 1 everywhere. Where x is beyond low or high the output does not move with it: weights "
            "out "
            "there are pushed on and on, and nothing tells them.",
        ),
        Misconception(
            "inside by its rounded value",
            wrong.clips_after_rounding,
            "You ask where the *rounded* x lies in [low, high]. An x of high + 0.3 rounds to high, but lies outside: "
            "its gradient is 0. Ask x itself.",
        ),
        Misconception(
            "the ends left out",
            wrong.leaves_out_the_ends,
            "Where x is exactly low or high your gradient is 0 (hardtanh does so too). Both ends belong to the "
            "range, and "
            "clipped weights sit right there.",
        ),
        Misconception(
            "no range",
            wrong.never_clips,
            "low and high are never used. There are only so many codes: values stop at low and high, and so does the "
            "gradient.",
        ),
        Misconception(
            "values beyond the range",
            wrong.masks_and_never_clips,
            "Your gradient stops at the range, and your values do not: clip them as well.",
        ),
        Misconception(
            "nothing rounded",
            wrong.never_rounds,
            "The gradient is right, the values are not whole: this is clamp alone.",
        ),
        Misconception(
            "the detour the wrong way",
            wrong.detours_the_wrong_way,
            "You detach x and keep the gradient of the rounded: the values are those of x and the gradient is 0. It is "
            "the other way round: differentiate the clipped x, and add a constant that makes it whole.",
        ),
        Misconception(
            "both added up",
            wrong.adds_the_rounded,
            "You add x and its rounded value. What is detached should be the *difference* of the two, so that x "
            "cancels.",
        ),
        Misconception(
            "halves up",
            wrong.rounds_halves_up,
            "floor(x + 0.5) takes every half up. A half goes to the even neighbour, as torch.round has it: 0.5 to 0, "
            "1.5 to 2.",
        ),
        Misconception(
            "the fraction cut off",
            wrong.cuts_off_the_fraction,
            "You cut off what follows the point. 2.7 is nearer to 3.",
        ),
        Misconception(
            "always down",
            wrong.goes_down_always,
            "floor() goes down always: 2.7 is nearer to 3, and on average your values are half a step too small.",
        ),
        Misconception(
            "the range of BinaryConnect",
            wrong.learns_between_minus_one_and_one,
            "You pass the gradient where |x| ≤ 1. That is the range of binary weights; here it is [low, high].",
        ),
        Misconception(
            "a gradient outside only",
            wrong.learns_outside_only,
            "Your mask is turned over: the gradient passes outside the range and stops inside.",
        ),
        Misconception(
            "the gradient clipped",
            wrong.clips_the_gradient,
            "You clip the *gradient's values* to [low, high]. It is x whose place decides; the gradient passes "
            "unchanged "
            "or not at all.",
        ),
        Misconception(
            "a gradient of ones",
            wrong.gives_ones,
            "Your backward() returns 1 where x is inside. It is multiplied by what comes from above: return the "
            "incoming gradient there.",
            also=(wrong.gives_ones_everywhere,),
        ),
        Misconception(
            "x overwritten",
            wrong.overwrites_x,
            "You write the rounded values into x itself. x holds the weights that learn: many small steps must add "
            "up in "
            "it before a code changes. Return a new tensor.",
        ),
        Misconception(
            "rounded in place",
            wrong.rounds_in_place,
            "round_() writes into x, which autograd forbids for a weight that it tracks. Make a new tensor: round().",
        ),
    ),
    hints=(
        "Let x be 0.4 and 5.2, low −1, high 1. What are the two values, and what is the slope in each x?",
        "You need a tensor with the value of one expression and the gradient of another. detach() makes a constant.",
        "a + (b − a).detach() has the value of b and the gradient of a. Which a has slope 1 in [low, high] and 0 "
        "outside?",
    ),
)
