import pytest
import torch

from featherweight.exercises import cases_02, probes
from featherweight.optimizers.stochastic import minibatches

RIGHT = ["a list of pairs (inputs, labels)", "every example once", "each label with its inputs", "mixed"]


@pytest.mark.parametrize("seed", range(5))
def test_a_right_epoch_is_described_as_one(seed):
    for case in cases_02.epochs(seed):
        found = probes.epochs(minibatches, **case)
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
    case = {"inputs": torch.randn(3), "labels": torch.zeros(3, dtype=torch.int64), "batch_size": 3}
    assert probes.epochs(lambda *_: batches, **case, seeds=[1, 2, 1]) == [says, "", "", "", "", ""]


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
    assert probes.epochs(lambda *_: batches, **case, batch_size=3, seeds=[1, 2, 1])[2] == says


def test_a_matrix_gets_a_gradient_in_its_own_shape():
    hessian, parameter = torch.diag(torch.arange(1.0, 7.0)), torch.ones(2, 3)
    found = probes.at_the_steepest(lambda gradient, w, _: gradient(w), hessian, torch.zeros(2, 3), parameter, 0.1)
    assert found.tolist() == [[1, 2, 3], [4, 5, 6]]


def test_a_step_is_handed_its_gradient_and_its_settings():
    given = {"average": torch.ones(2), "iterate": torch.zeros(2), "step": 3, "learning_rate": 0.1, "beta": 0.9}
    found = probes.average_as_you_go(lambda *a: a, torch.eye(2), torch.ones(2), **given)
    assert (found[0] is given["average"], found[1] is given["iterate"], *found[3:]) == (True, True, 3, 0.1, 0.9)
    assert found[2](found[1]).tolist() == [-1, -1]


def test_the_gradient_of_a_piece_is_that_of_its_examples():
    inputs, targets = torch.tensor([[1.0], [2.0], [3.0]]), torch.tensor([0.0, 0.0, 3.0])
    case = {"inputs": inputs, "targets": targets, "parameter": torch.ones(1), "sizes": [2, 1]}
    found = probes.accumulate(lambda g, w, *_: [g(w, 0), g(w, 1)], **case, every=1, learning_rate=0.1)
    assert found == [2.5, 0.0]
