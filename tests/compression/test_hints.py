import pytest
import torch
import torch.nn.functional as F

from featherweight.compression.hints import attention_loss, attention_map, hint_loss, jacobian_loss

DOUBLE = torch.float64


def network(*widths, seed=0):
    torch.manual_seed(seed)
    return torch.nn.Sequential(
        torch.nn.Flatten(), torch.nn.Linear(widths[0], widths[1]), torch.nn.Tanh(), torch.nn.Linear(*widths[1:])
    ).double()


def case(shape, examples, classes, count, seed=0):
    g = torch.Generator().manual_seed(seed)
    entries = torch.Size(shape).numel()
    inputs = torch.randn(examples, *shape, generator=g, dtype=DOUBLE)
    directions = torch.randn(count, examples, classes, generator=g, dtype=DOUBLE)
    return network(entries, 4, classes), network(entries, 7, classes, seed=1), inputs, directions


def whole(module, inputs):
    """The Jacobian of each example by torch.func, (n, classes, entries)."""
    single = torch.func.vmap(torch.func.jacrev(lambda x: module(x[None])[0]))
    return single(inputs).flatten(2)


@pytest.mark.parametrize(
    ("shape", "examples", "classes", "count"), [((3,), 2, 4, 2), ((1, 2, 3), 4, 3, 1), ((1,), 1, 1, 3)]
)
def test_slopes_are_whole_jacobians_times_the_directions(shape, examples, classes, count):
    """Oracle: torch.func.jacrev under vmap, then einsum; loss and weight gradients, 1e-12."""
    student, teacher, inputs, directions = case(shape, examples, classes, count)
    errors = whole(student, inputs) - whole(teacher, inputs).detach()
    expected = torch.einsum("knc,ncd->knd", directions, errors).square().mean()
    found = jacobian_loss(student, teacher, inputs, directions)
    assert torch.allclose(found, expected, rtol=1e-12)
    weights = [weight for weight in student.parameters() if weight is not student[3].bias]
    slopes = (torch.autograd.grad(loss, weights) for loss in (found, expected))
    for one, other in zip(*slopes, strict=True):
        assert torch.allclose(one, other, rtol=1e-10, atol=1e-12)


def test_slopes_teach_no_teacher_and_leave_the_inputs_alone():
    student, teacher, inputs, directions = case((3,), 2, 4, 2)
    before = inputs.clone()
    jacobian_loss(student, teacher, inputs, directions).backward()
    assert all(weight.grad is None for weight in teacher.parameters())
    assert torch.equal(inputs, before) and not inputs.requires_grad and inputs.grad is None


def test_a_student_that_computes_what_its_teacher_does_has_no_loss_however_it_is_written():
    """Hidden units in another order: the weights differ, and so would their gradients; the slopes do not."""
    student, _, inputs, directions = case((3,), 5, 4, 2)
    teacher = network(3, 4, 4)
    order = torch.tensor([2, 0, 3, 1])
    with torch.no_grad():
        for weight in (teacher[1].weight, teacher[1].bias):
            weight.copy_(weight[order])
        teacher[3].weight.copy_(teacher[3].weight[:, order])
    assert not torch.equal(student[1].weight, teacher[1].weight)
    assert jacobian_loss(student, teacher, inputs, directions) < 1e-28


def test_a_teacher_without_slopes_leaves_the_students_own():
    """Oracle: a linear student w · x has slope w; with a constant teacher the loss is the mean of w², exactly."""
    w = torch.tensor([[1.0, 2.0, 4.0]], requires_grad=True)
    loss = jacobian_loss(lambda x: x @ w.T, lambda x: 0 * x[:, :1], torch.ones(2, 3), torch.ones(1, 2, 1))
    assert loss.item() == 7


@pytest.mark.parametrize("shape", [(4,), (2, 3)])
def test_hints_are_half_the_squared_distance(shape):
    """Oracle: F.mse_loss summed, halved, over the examples, 1e-12; the teacher gets no gradient, the regressor does."""
    regressor = torch.nn.Linear(shape[-1], 5).double()
    mine = torch.randn(6, *shape, dtype=DOUBLE, requires_grad=True)
    theirs = torch.randn(6, *shape[:-1], 5, dtype=DOUBLE, requires_grad=True)
    loss = hint_loss(mine, theirs, regressor)
    assert torch.allclose(loss, F.mse_loss(regressor(mine), theirs, reduction="sum") / 12, rtol=1e-12)
    loss.backward()
    assert theirs.grad is None and mine.grad is not None and regressor.weight.grad is not None


def test_attention_is_a_vector_of_length_one_over_the_places():
    """Oracle: written out for one picture of two channels, exactly."""
    features = torch.tensor([[[[1.0, 0.0]], [[-1.0, 2.0]]]])
    assert torch.equal(attention_map(features), torch.tensor([[2.0, 4.0]]) / 20**0.5)
    found = attention_map(torch.randn(3, 5, 4, 6))
    assert found.shape == (3, 24) and torch.allclose(found.norm(dim=1), torch.ones(3))
    assert attention_map(torch.zeros(2, 3, 2, 2)).tolist() == [[0.0] * 4] * 2


def test_attention_of_one_place_and_of_none_together():
    """Oracle: 0 where both look at the same places, whatever their strength and width; 2 where they share none."""
    here, there = torch.zeros(2, 3, 2, 2), torch.zeros(2, 1, 2, 2)
    here[:, :, 0, 1], there[:, :, 1, 0] = 5.0, -0.1
    assert attention_loss(here, there).item() == pytest.approx(2.0)
    assert attention_loss(here, -3 * here[:, :1]).item() == 0


def test_attention_is_the_authors_up_to_the_number_of_places():
    """Oracle: the mean over places of the squared difference of normalized maps, as their code has it, 1e-12."""
    one, other = torch.randn(3, 2, 4, 4, dtype=DOUBLE), torch.randn(3, 6, 4, 4, dtype=DOUBLE, requires_grad=True)
    maps = [F.normalize(part.pow(2).mean(1).view(3, -1)) for part in (one, other)]
    one.requires_grad_()
    loss = attention_loss(one, other)
    assert torch.allclose(loss, 16 * (maps[0] - maps[1]).pow(2).mean(), rtol=1e-12)
    loss.backward()
    assert other.grad is None and one.grad.abs().max() > 0
