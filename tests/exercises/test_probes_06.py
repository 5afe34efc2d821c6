import pytest
import torch

from featherweight.compression import lottery
from featherweight.exercises import cases_06, probes_06

RIGHT = [probes_06.WRITTEN, "at their initial values", "zero", "as they were", "as they were", "the same again"]


@pytest.mark.parametrize("seed", range(3))
def test_a_right_rewinding_is_described_as_one(seed):
    for case in cases_06.rewinds(seed):
        found = probes_06.rewind_twice(lottery.rewind, **case)
        assert all(here in (right, "none") for here, right in zip(found, RIGHT, strict=True))


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda w, s, m: None, "nothing that reaches the network"),
        (lambda w, s, m: list(s), "new tensors returned; the network as it was"),
        (lambda w, s, m: w.__setitem__(0, s[0]), "other tensors in place of the given ones; the network as it was"),
        (lambda w, s, m: setattr(w[0], "data", s[0]), "other memory for the given tensors; the network as it was"),
        (lambda w, s, m: s[0].copy_(w[0]), "the initial values, overwritten; the network as it was"),
        (lambda w, s, m: s[0].mul_(m[0]), "the initial values, masked; the network as it was"),
    ],
    ids=["nothing", "returned", "list", "data", "other way", "masked"],
)
def test_what_does_not_reach_the_network_is_named_and_nothing_more_is_said(answer, says):
    case = cases_06.rewinds(0)[0]
    assert probes_06.rewind_twice(answer, **case) == [says, "", "", "", "", ""]


def test_drawn_numbers_are_the_same_each_time():
    one, other = (probes_06.from_one_seed(torch.rand, n=4) for _ in range(2))
    assert torch.equal(one, other)


def test_training_goes_downhill_and_leaves_the_pruned_alone():
    case = cases_06.loops(0)[0]
    start, minimum, hessian = case["start"].clone(), case["minimum"], case["hessian"]
    mask = torch.arange(8) > 2
    weight = start * mask

    def once(weight, train, *_):
        train(weight, mask, torch.zeros_like(weight))

    def height(weight):
        return (weight - minimum) @ hessian @ (weight - minimum)

    before = height(weight)
    probes_06.find_by_momentum(once, **case | {"start": weight, "steps": 10, "momentum": 0.0})
    assert height(weight) < before and not weight[~mask].any()
