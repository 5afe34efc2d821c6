import pytest
import torch
import torch.nn.functional as F
from torch import nn

from featherweight.compression import distillation
from featherweight.lab import distillation_training as training
from featherweight.lab.data import Split
from featherweight.lab.networks import lenet_5, lenet_300_100, mlp

SOURCE = torch.Generator().manual_seed(0)
INPUTS, LABELS = torch.rand(120, 784, generator=SOURCE), torch.arange(120) % 10
LOGITS = torch.randn(120, 10, generator=SOURCE)
DATA = Split(INPUTS, LABELS, INPUTS[:10], LABELS[:10], INPUTS[:10], LABELS[:10])


def test_labelled_digits_are_drawn_without_repetition_and_by_the_seed():
    first, again, other = (training.few(DATA, seed, 50) for seed in (0, 0, 1))
    assert torch.equal(first, again) and not torch.equal(first, other) and len(first.unique()) == 50


def test_nothing_of_the_unseen_digit_is_left():
    rows = training.without(DATA, 3)
    assert len(rows) == 108 and 3 not in LABELS[rows]


def test_the_thin_student_has_the_features_that_the_teacher_has():
    student, teacher = training.thin(), lenet_5()
    x = INPUTS[:3]
    assert student[: training.CUT](x).shape == (3, 5, 5, 5) and teacher[: training.CUT](x).shape == (3, 16, 5, 5)
    assert student(x).shape == (3, 10)


def test_losses_see_the_rows_they_are_given():
    rows = torch.tensor([5, 0, 77])
    outputs = torch.randn(3, 10, generator=SOURCE)
    hard, soft = F.cross_entropy(outputs, LABELS[rows]), distillation.soft_loss(outputs, LOGITS[rows], 2.0)
    assert torch.equal(training.from_labels(LABELS)(outputs, rows), hard)
    torch.testing.assert_close(training.from_teacher(LOGITS, temperature=2.0)(outputs, rows), soft)
    mixed = training.from_teacher(LOGITS, LABELS, 2.0, 0.25)(outputs, rows)
    torch.testing.assert_close(mixed, 0.25 * soft + 0.75 * hard)


def test_a_pause_changes_nothing_but_the_order():
    paused, whole = mlp(0), mlp(0)
    stops = training.stretches(paused, INPUTS, training.from_labels(LABELS), (1, 3))
    assert next(stops) == 1
    torch.testing.assert_close(
        training.learned(whole, INPUTS, training.from_labels(LABELS), 1)[0].weight, paused[0].weight
    )
    assert list(stops) == [3]
    assert not torch.equal(whole[0].weight, paused[0].weight)


def test_shifts_move_whole_pictures():
    spot = torch.zeros(40, 28, 28)
    spot[:, 14, 14] = 1.0
    places = training.shifted(spot.view(40, 784), SOURCE).argmax(1)
    rows, columns = places // 28 - 14, places % 28 - 14
    assert set(rows.tolist()) == set(columns.tolist()) == {-2, -1, 0, 1, 2}
    edge = torch.zeros(40, 28, 28)
    edge[:, :, 0] = 1.0
    assert (training.shifted(edge.view(40, 784), SOURCE).view(40, 28, 28)[:, :, 3:] == 0).all()


def test_moved_digits_train_the_network_inside():
    network = mlp(0)
    before = network[0].weight.clone()
    training.learned(training.Moved(network, 0), INPUTS, training.from_labels(LABELS), 1)
    assert not torch.equal(network[0].weight, before)


def test_a_bias_moves_one_output_of_a_copy():
    higher = training.raised(LOGITS, 3, 2.5)
    assert torch.equal(higher - LOGITS > 0, F.one_hot(torch.full((120,), 3), 10).bool())


def test_slopes_are_the_jacobian():
    """Oracle: torch.func.jacrev, example by example."""
    network = lenet_300_100(0).double()
    x = INPUTS[:4].double()
    wanted = torch.func.vmap(torch.func.jacrev(network))(x)
    torch.testing.assert_close(training.slopes_of(network, x), wanted)


def test_slopes_found_once_stand_in_for_the_teacher():
    student, teacher, x = mlp(0).double(), lenet_300_100(1).double(), INPUTS[:6].double()
    slopes = training.slopes_of(teacher, x)
    heard = []

    def loss(one, other, inputs, directions):
        heard.extend([one, directions])
        return training.hints.jacobian_loss(one, other, inputs, directions)

    short = training.copied_slopes(student, slopes, x, torch.Generator().manual_seed(1), loss)
    directions = heard[1]
    torch.testing.assert_close(directions.norm(dim=2), torch.ones(1, 6, dtype=directions.dtype))
    torch.testing.assert_close(short, training.hints.jacobian_loss(student, teacher, x, directions))


@pytest.mark.parametrize("signal", training.SIGNALS)
def test_every_signal_teaches_the_student_and_not_its_teacher(signal):
    student, teacher = training.thin(0), lenet_5(0).eval()
    loss, beside = training.signal_loss(student, teacher, INPUTS, LABELS, signal, 0.5)
    rows = torch.arange(16)
    loss(student(INPUTS[rows]), rows).backward()
    assert all(p.grad is not None and p.grad.isfinite().all() and p.grad.any() for p in student.parameters())
    assert all(p.grad is None for p in teacher.parameters())
    assert (beside.weight.grad is not None) is (signal == "hint")
    assert isinstance(beside, nn.Conv2d)
