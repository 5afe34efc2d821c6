import pytest
import torch

from featherweight.exercises import cases_02, probes, readings
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
