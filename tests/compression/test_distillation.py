import math

import pytest
import torch
import torch.nn.functional as F

from featherweight.compression.distillation import (
    decoupled_loss,
    distillation_loss,
    distillation_step,
    hard_targets,
    reverse_kl,
    soft_loss,
)

DOUBLE = torch.float64
SHAPES = [(1, 2), (3, 4), (6, 10), (5, 1)]
HEATS = [0.5, 1.0, 2.0, 20.0]
EACH_SHAPE = pytest.mark.parametrize(("examples", "classes"), SHAPES)
EACH_HEAT = pytest.mark.parametrize("heat", HEATS)


def logits(examples, classes, seed=0):
    g = torch.Generator().manual_seed(seed)
    return [3 * torch.randn(examples, classes, generator=g, dtype=DOUBLE) for _ in range(2)]


def chances(row, heat):
    """Softmax of a row of logits, on Python numbers."""
    sizes = [math.exp((z - max(row)) / heat) for z in row]
    return [size / sum(sizes) for size in sizes]


def divergence(p, q):
    return math.fsum(a * math.log(a / b) for a, b in zip(p, q, strict=True))


def softened(tensor, heat):
    return [chances(row, heat) for row in tensor.tolist()]


@EACH_SHAPE
def test_hard_targets_are_the_first_of_the_largest(examples, classes):
    """Oracle: Python's max and list.index, row by row; exactly. Rounded, so that many logits are equal."""
    given = torch.cat([part.round() for part in logits(examples, classes)])
    found = hard_targets(given)
    assert found.dtype == torch.int64
    assert found.tolist() == [row.index(max(row)) for row in given.tolist()]


def test_no_example_has_no_target():
    assert hard_targets(torch.zeros(0, 3)).shape == (0,)


@EACH_HEAT
@EACH_SHAPE
def test_the_soft_loss_is_the_divergence_times_t_squared(examples, classes, heat):
    """Oracle: Σ p · log(p / q) on Python numbers, 1e-10."""
    z, v = logits(examples, classes)
    pairs = zip(softened(v, heat), softened(z, heat), strict=True)
    expected = heat**2 * math.fsum(divergence(p, q) for p, q in pairs) / examples
    assert soft_loss(z, v, heat).item() == pytest.approx(expected, rel=1e-10, abs=1e-10)


@EACH_HEAT
@EACH_SHAPE
def test_the_soft_loss_is_torchs_divergence(examples, classes, heat):
    """Oracle: torch.distributions.kl_divergence of Categorical, 1e-10; and 1e-5 in float32."""
    z, v = logits(examples, classes)
    p, q = (torch.distributions.Categorical(logits=part / heat) for part in (v, z))
    expected = heat**2 * torch.distributions.kl_divergence(p, q).mean()
    assert torch.allclose(soft_loss(z, v, heat), expected, rtol=1e-10, atol=1e-10)
    single = soft_loss(z.float(), v.float(), heat)
    assert single.dtype == torch.float32
    assert torch.allclose(single.double(), expected, rtol=1e-5, atol=1e-5 * heat**2)


@EACH_HEAT
@EACH_SHAPE
def test_the_gradient_is_t_times_the_difference_of_the_probabilities(examples, classes, heat):
    """Oracle: arXiv:1503.02531, equation 2, times T²: T · (q − p) / n; 1e-12. The teacher gets none."""
    z, v = (part.requires_grad_() for part in logits(examples, classes))
    soft_loss(z, v, heat).backward()
    expected = heat * ((z / heat).softmax(1) - (v / heat).softmax(1)) / examples
    assert torch.allclose(z.grad, expected, rtol=1e-12, atol=1e-12)
    assert v.grad is None


@pytest.mark.parametrize(("heat", "off"), [(1e2, 0.03), (1e3, 0.003), (1e4, 0.0003)])
def test_a_high_temperature_matches_logits(heat, off):
    """Oracle: arXiv:1503.02531, equation 4: half the mean square of differences of centred logits; off by O(1 / T)."""
    z, v = logits(4, 5)
    centred = [part - part.mean(1, keepdim=True) for part in (z, v)]
    expected = (centred[0] - centred[1]).square().mean() / 2
    found = soft_loss(z, v, heat)
    assert abs(found / expected - 1) < off
    assert abs(soft_loss(z, v, 1.0) / expected - 1) > 0.1  # and a low one does not


def test_logits_far_apart_leave_loss_and_gradient_finite():
    """Oracle: with one-sided logits the loss is their distance, 2,400 nats, here exactly."""
    z = torch.tensor([[1200.0, -1200.0]], dtype=DOUBLE, requires_grad=True)
    loss = soft_loss(z, torch.tensor([[-1200.0, 1200.0]], dtype=DOUBLE), 1.0)
    loss.backward()
    assert loss.item() == 2400 and z.grad.tolist() == [[1.0, -1.0]]


@pytest.mark.parametrize("weight", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("labels", [[0, 2, 1, 3], [-1, 2, -1, 0], [3, -1, -1, -1], [-1, -1, -1, -1]], ids=str)
def test_the_mix_is_that_of_torchs_losses_on_the_labelled_rows(labels, weight):
    """Oracle: F.kl_div on probabilities and F.cross_entropy on the labelled rows alone, 1e-12, gradients too."""
    z, v = logits(4, 5)
    z.requires_grad_()
    given = torch.tensor(labels)
    soft = 9 * F.kl_div((z / 3).log_softmax(1), (v / 3).softmax(1), reduction="batchmean")
    known = given >= 0
    hard = F.cross_entropy(z[known], given[known]) if known.any() else torch.zeros((), dtype=DOUBLE)
    expected = weight * soft + (1 - weight) * hard
    found = distillation_loss(z, v, given, 3.0, weight)
    assert torch.allclose(found, expected, rtol=1e-12, atol=1e-12)
    slopes = [torch.autograd.grad(loss, z)[0] for loss in (found, expected)]
    assert torch.allclose(*slopes, rtol=1e-12, atol=1e-12)


def test_the_mix_teaches_no_teacher():
    z, v = (part.requires_grad_() for part in logits(3, 4))
    distillation_loss(z, v, torch.tensor([0, -1, 2]), 2.0, 0.5).backward()
    assert v.grad is None and z.grad.abs().min() > 0


@EACH_HEAT
def test_the_reverse_divergence_is_the_soft_loss_with_its_sides_changed(heat):
    """Oracle: torch.distributions.kl_divergence, 1e-10; the gradient is the student's alone."""
    z, v = (part.requires_grad_() for part in logits(4, 5))
    p, q = (torch.distributions.Categorical(logits=part.detach() / heat) for part in (v, z))
    loss = reverse_kl(z, v, heat)
    assert torch.allclose(loss, heat**2 * torch.distributions.kl_divergence(q, p).mean(), rtol=1e-10)
    loss.backward()
    assert v.grad is None and z.grad.abs().max() > 0


@EACH_HEAT
@pytest.mark.parametrize("classes", [2, 3, 10])
def test_decoupled_the_soft_loss_is_its_own_special_case(classes, heat):
    """Oracle: arXiv:2203.08679, section 3: α = 1 and β = 1 − p_t gives `soft_loss`; 1e-10."""
    z, v = logits(5, classes)
    labels = torch.arange(5) % classes
    beta = 1 - (v / heat).softmax(1).gather(1, labels[:, None])[:, 0]
    assert torch.allclose(decoupled_loss(z, v, labels, heat, 1.0, beta), soft_loss(z, v, heat), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(("alpha", "beta"), [(1.0, 8.0), (0.0, 1.0), (1.0, 0.0)])
def test_decoupled_parts_are_divergences_of_two_classes_and_of_the_rest(alpha, beta):
    """Oracle: both divergences on Python numbers, 1e-10."""
    z, v = logits(4, 5)
    labels, total = [0, 4, 2, 2], 0.0
    for label, p, q in zip(labels, softened(v, 2.0), softened(z, 2.0), strict=True):
        target = divergence(*([each[label], 1 - each[label]] for each in (p, q)))
        rest = [[c / (1 - each[label]) for i, c in enumerate(each) if i != label] for each in (p, q)]
        total += 4 * (alpha * target + beta * divergence(*rest)) / 4
    z.requires_grad_(), v.requires_grad_()
    loss = decoupled_loss(z, v, torch.tensor(labels), 2.0, alpha, beta)
    assert loss.item() == pytest.approx(total, rel=1e-10)
    loss.backward()
    assert v.grad is None and z.grad.isfinite().all()


def test_of_two_classes_the_rest_is_one_and_says_nothing():
    z, v = logits(3, 2)
    assert decoupled_loss(z, v, torch.tensor([0, 1, 1]), 2.0, 0.0, 1.0).item() == 0


def network(widths, seed):
    torch.manual_seed(seed)
    parts = [
        torch.nn.Linear(*widths[:2]),
        torch.nn.BatchNorm1d(widths[1]),
        torch.nn.ReLU(),
        torch.nn.Linear(*widths[1:]),
    ]
    return torch.nn.Sequential(*parts).double()


def test_a_step_is_sgds_and_leaves_the_teacher_alone():
    """Oracle: torch.optim.SGD on a twin of the student with torch's own divergence, 1e-12."""
    student, twin, teacher = network((3, 4, 5), 0), network((3, 4, 5), 0), network((3, 8, 5), 1)
    inputs = 2 + torch.randn(6, 3, dtype=DOUBLE)
    before = [part.clone() for part in teacher.state_dict().values()]
    found = distillation_step(student, teacher, inputs, 3.0, 0.1)
    assert all(map(torch.equal, before, teacher.state_dict().values()))
    with torch.no_grad():
        p = torch.distributions.Categorical(logits=teacher.eval()(inputs) / 3)
    loss = 9 * torch.distributions.kl_divergence(p, torch.distributions.Categorical(logits=twin(inputs) / 3)).mean()
    loss.backward()
    torch.optim.SGD(twin.parameters(), lr=0.1).step()
    assert torch.allclose(found, loss, rtol=1e-12) and not found.requires_grad
    for mine, theirs in zip(student.state_dict().values(), twin.state_dict().values(), strict=True):
        assert torch.allclose(mine, theirs, rtol=1e-12, atol=1e-12)


def test_steps_bring_a_student_to_its_teacher():
    student, teacher = network((3, 8, 4), 0), network((3, 8, 4), 1)
    inputs = torch.randn(64, 3, dtype=DOUBLE)
    losses = [distillation_step(student, teacher, inputs, 2.0, 0.3).item() for _ in range(60)]
    assert losses[-1] < 0.2 * losses[0]
