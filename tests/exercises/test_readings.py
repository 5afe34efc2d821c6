import pytest
import torch

from featherweight.compression import distillation, hints, lottery, low_bit
from featherweight.exercises import cases_02, cases_06, cases_09, cases_11, probes, readings
from featherweight.optimizers.stochastic import minibatches

RIGHT = ["a list of pairs (inputs, labels)", "every example once", "each label with its inputs", "mixed"]


@pytest.mark.parametrize("seed", range(5))
def test_a_right_epoch_is_described_as_one(seed):
    for case in cases_02.epochs(seed):
        found = readings.epochs(case, probes.epochs(minibatches, **case))
        assert [found[0], *found[2:5], found[5]] == [*RIGHT, "one for each seed"]


@pytest.mark.parametrize(
    ("batches", "says"),
    [
        (None, "a NoneType"),
        ([torch.zeros(3)], "a list of tensors"),
        ([7], "a list of int"),
        ([(torch.zeros(3), 7)], "a list of pairs that are no tensors with a first axis"),
        ([(torch.zeros(3, dtype=torch.int64), torch.zeros(3))], "a list of pairs (labels, inputs)"),
        ([(torch.zeros(3), torch.zeros(2, dtype=torch.int64))], "inputs and labels of unequal length"),
    ],
    ids=["nothing", "tensors", "numbers", "a lone label", "labels first", "unequal"],
)
def test_what_is_no_epoch_is_named_and_nothing_more_is_said(batches, says):
    case = {"inputs": torch.randn(3), "labels": torch.zeros(3, dtype=torch.int64)}
    assert readings.epochs(case, [batches] * 3) == [says, "", "", "", "", ""]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (torch.ones(3, 2), "rows that are no examples"),
        (torch.zeros(3, 5), "rows that are no examples"),
        (torch.zeros(0, 2), "some examples left out"),
    ],
    ids=["other rows", "rows of another length", "none"],
)
def test_rows_that_do_not_come_from_the_inputs_are_noticed(rows, says):
    case = {"inputs": torch.arange(6.0).reshape(3, 2) + 5, "labels": torch.zeros(3, dtype=torch.int64)}
    batches = [(rows, torch.zeros(len(rows), dtype=torch.int64))]
    assert readings.epochs(case, [batches] * 3)[2] == says


class Named:
    kind = "generator"


def test_what_came_out_of_a_sandbox_as_a_name_is_called_by_it():
    case = {"inputs": torch.randn(3), "labels": torch.zeros(3, dtype=torch.int64)}
    assert readings.epochs(case, [Named(), Named(), Named()])[0] == "a generator"


def test_many_more_rows_than_there_are_examples_are_not_looked_through():
    case = {"inputs": torch.randn(3, 2), "labels": torch.zeros(3, dtype=torch.int64)}
    batches = [(torch.zeros(10**6, 2), torch.zeros(10**6))]
    assert readings.epochs(case, [batches] * 3)[1:] == ["far more than there are examples", "", "", "", ""]


REWOUND = [readings.WRITTEN, "at their initial values", "zero", "as they were", "as they were", "the same again"]


@pytest.mark.parametrize("seed", range(3))
def test_a_right_rewinding_is_described_as_one(seed):
    for case in cases_06.rewinds(seed):
        found = readings.rewound(case, probes.rewind_twice(lottery.rewind, **_copied(case)))
        assert all(here in (right, "none") for here, right in zip(found, REWOUND, strict=True))


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
    assert readings.rewound(case, probes.rewind_twice(answer, **_copied(case))) == [says, "", "", "", "", ""]


def test_a_network_that_training_moved_on_stays_there_when_it_is_not_rewound_again():
    case, done = cases_06.rewinds(0)[0], []

    def only_once(*given):
        if not done:
            done.append(lottery.rewind(*given))

    found = readings.rewound(case, probes.rewind_twice(only_once, **_copied(case)))
    assert found == [*REWOUND[:-1], "other values"]


def _copied(case):
    return {name: [tensor.clone() for tensor in tensors] for name, tensors in case.items()}


@pytest.mark.parametrize("seed", range(3))
def test_a_right_rounding_leads_back_to_x_and_leaves_it_alone(seed):
    for case in cases_09.roundings(seed):
        form, values, slope, after = readings.pulled_back(case, probes.pull_back(low_bit.straight_through, **case))
        assert form == readings.LEADS_BACK
        assert torch.equal(values, case["x"].round().clamp(case["low"], case["high"]))
        assert ((slope == 0) | (slope == case["upstream"])).all() and torch.equal(after, case["x"])


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (None, "nothing (is a return missing?)"),
        ([1.0], "a list"),
        (torch.ones(2), "a tensor that is cut off from x"),
        (torch.ones(()), "a tensor of another shape"),
    ],
    ids=["nothing", "list", "cut off", "shape"],
)
def test_a_missing_gradient_is_described_and_is_nan(answer, says):
    form, _, slope, after = readings.pulled_back({"x": torch.zeros(2)}, [answer, None, torch.zeros(2)])
    assert form == says and slope.isnan().all() and after.tolist() == [0, 0]


@pytest.mark.parametrize("seed", range(3))
def test_a_right_loss_teaches_the_student_alone(seed):
    for case in cases_11.pairs(seed):
        given = probes.pull_student(distillation.soft_loss, **case)
        form, value, reached, slope = readings.taught(case, given)
        assert (form, reached) == (readings.TEACHES, readings.UNTOUCHED)
        assert value == given[0] and torch.equal(slope, given[1][0])
    for case in cases_11.networks(seed):
        form, _, reached, *slopes = readings.taught(case, probes.match_slopes(hints.jacobian_loss, **case))
        assert (form, reached) == (readings.TEACHES, readings.UNTOUCHED)
        assert [slope.shape for slope in slopes] == [weight.shape for weight in case["student"]]


ONE = torch.ones(())
CASE = {"student": torch.zeros(2, 3)}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([None, [None], [None]], "nothing (is a return missing?)"),
        ([1.5, [None], [None]], "a float"),
        ([Named(), [None], [None]], "a generator"),
        ([ONE, [None], [None]], "a tensor that is cut off from the student"),
        ([torch.ones(2), [None], [None]], readings.TEACHES),
    ],
    ids=["nothing", "number", "other", "cut off", "shape"],
)
def test_what_teaches_nobody_is_named_and_has_no_gradient(given, says):
    form, _, reached, slope = readings.taught(CASE, given)
    assert (form, reached) == (says, readings.UNTOUCHED) and slope.isnan().all() and slope.shape == (2, 3)


@pytest.mark.parametrize(
    ("leaked", "says"),
    [(None, "no gradient"), (torch.zeros(2, 3), "no gradient"), (torch.eye(3), "a gradient"), (Named(), "a gradient")],
    ids=["none", "zero", "some", "other"],
)
def test_what_reaches_the_teacher_is_told(leaked, says):
    assert readings.taught(CASE, [ONE, [torch.ones(2, 3)], [leaked]])[2] == says


def test_a_weight_that_nothing_leads_to_has_a_gradient_of_zero():
    case = {"student": [torch.zeros(2), torch.zeros(3)]}
    found = readings.taught(case, [ONE, [torch.ones(2), None], [None, None]])
    assert found[3].tolist() == [1, 1] and found[4].tolist() == [0, 0, 0]
