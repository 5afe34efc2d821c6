"""What the steps of lesson 3 share: pictures, state that is shared, and mistakes in handing it over."""

import pytest
import torch

from featherweight.exercises import by_name
from featherweight.exercises.check import judge
from featherweight.exercises.walks_03 import common, drawn, remembering
from featherweight.optimizers.adaptive import adam_step, momentum_step

STEPS = ["momentum_step", "adagrad_step", "rmsprop_step", "adam_step", "adamw_step", "mended_adam_step"]


@pytest.mark.slow
@pytest.mark.parametrize("checks_shapes", [True, False])
def test_a_state_of_its_own_is_named_however_often_it_is_checked(checks_shapes):
    answer = remembering(momentum_step, 1, checks_shapes)
    named = [judge(by_name("momentum_step"), answer, 1).misconception for _ in range(3)]
    assert named == ["state shared between interleaved parameters"] * 3


def adam_with_attributes(p, g, m, v, t, lr, b1, b2, eps):
    self = adam_with_attributes
    if t == 1:
        self.m, self.v = torch.zeros_like(p), torch.zeros_like(p)
    if self.m.shape != p.shape:
        self.m, self.v = m, v
    p, self.m, self.v = adam_step(p, g, self.m, self.v, t, lr, b1, b2, eps)
    return p, self.m, self.v


@pytest.mark.slow
def test_a_state_in_attributes_is_named():
    assert judge(by_name("adam_step"), adam_with_attributes).misconception.startswith("state shared")


@pytest.mark.parametrize("name", STEPS)
def test_common_mistakes_are_told_for_the_exercise_s_own_state(name):
    exercise = by_name(name)
    state = exercise.compare.parts[2]
    told = [m for m in exercise.misconceptions if m.name in {c.name for c in common(momentum_step, "velocity")}]
    assert len(told) == 6
    assert sum(f"`{state}`" in m.says for m in told) == 5


def momentum_in_place_averaged(p, g, v, rate, momentum):
    v.mul_(momentum).add_(g, alpha=1 - momentum)
    return p.sub_(rate * v), v


def test_wrong_numbers_are_named_before_the_change_of_an_input():
    assert (
        judge(by_name("momentum_step"), momentum_in_place_averaged, 1).misconception == "an average in place of a sum"
    )


class Axes:
    """Notes what is drawn, as matplotlib's axes would draw it."""

    def __init__(self):
        self.labels, self.lines = {}, []

    def plot(self, *xy, **options):
        self.lines.append(xy)

    def set(self, **labels):
        self.labels = labels

    def legend(self, **options): ...

    def annotate(self, *what, **options): ...

    def get_legend_handles_labels(self):
        return [], []


@pytest.mark.parametrize(("part", "label"), [(2, "velocity, entry 0"), (3, "$x_1$")])
def test_the_picture_shows_what_differs_first(part, label):
    exercise = by_name("momentum_step")
    case = exercise.cases(1)[0]
    expected = exercise.probe(momentum_step, **case)
    yours = list(expected)
    yours[part] = expected[part] + 1
    axes = Axes()
    drawn("velocity")(axes, case, yours, expected)
    assert axes.labels["ylabel"] == label
    assert len(axes.lines) == 2
