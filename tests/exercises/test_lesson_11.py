import pytest
import torch
import torch.nn.functional as F

from featherweight.exercises import by_name
from featherweight.exercises.check import judge

BUG_HUNT = by_name("mended_distillation_step")


def moved(loss, parameters, learning_rate):
    for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
        parameter.data -= learning_rate * gradient
    return loss.detach()


def mode_mended(student, teacher, inputs, temperature, learning_rate):
    teacher.eval()
    wanted = F.softmax(teacher(inputs) / temperature, dim=1)
    found = F.log_softmax(student(inputs) / temperature, dim=1)
    loss = F.kl_div(found, wanted, reduction="batchmean")
    return moved(loss, [*student.parameters(), *teacher.parameters()], learning_rate)


def list_mended(student, teacher, inputs, temperature, learning_rate):
    with torch.no_grad():
        wanted = F.softmax(teacher(inputs) / temperature, dim=1)
    found = F.log_softmax(student(inputs) / temperature, dim=1)
    loss = F.kl_div(found, wanted, reduction="batchmean")
    return moved(loss, list(student.parameters()), learning_rate)


def square_mended(student, teacher, inputs, temperature, learning_rate):
    wanted = F.softmax(teacher(inputs) / temperature, dim=1)
    found = F.log_softmax(student(inputs) / temperature, dim=1)
    loss = temperature**2 * F.kl_div(found, wanted, reduction="batchmean")
    return moved(loss, [*student.parameters(), *teacher.parameters()], learning_rate)


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        (mode_mended, "the teacher learns too and no T²"),
        (list_mended, "the teacher in training mode and no T²"),
        (square_mended, "the teacher in training mode and the teacher learns too"),
    ],
)
def test_mending_one_fault_leaves_the_other_two_named(answer, left):
    assert judge(BUG_HUNT, answer).misconception == left


def test_the_handed_over_function_has_all_three_faults(handed_over):
    state, named = handed_over(BUG_HUNT)
    assert state == "not started" and named.count(" and ") == 2


@pytest.mark.parametrize(
    ("name", "misconception", "says"),
    [
        ("hard_targets", "down the columns", "yours shape (4,), expected shape (3,)"),
        ("hard_targets", "labels as int32", "yours dtype int32, expected dtype int64"),
        ("hard_targets", "values and places", "yours shape (2, 3), expected shape (3,)"),
        ("soft_loss", "no T²", "its value: yours"),
        ("soft_loss", "the teacher gets gradients", "what reaches the teacher: yours 'a gradient', expected 'no grad"),
        ("soft_loss", "nobody learns", "yours 'a tensor that is cut off from the student', expected 'a tensor from"),
        ("soft_loss", "a plain number", "yours 'a float', expected 'a tensor from which backward() reaches the"),
        ("soft_loss", "a loss for each example", "its value: yours shape (2,), expected shape ()"),
        ("distillation_loss", "−1 taken for a class", "IndexError"),
        ("distillation_loss", "zero labels divided by zero", "Case 4 of 9"),
        ("jacobian_loss", "no graph of the gradient", "cut off from the student"),
        ("jacobian_loss", "inputs without a gradient", "RuntimeError"),
        ("jacobian_loss", "weight gradients matched", "its value: yours"),
        ("sequence_level_targets", "one symbol too many", "yours shape (3,), expected shape (2,)"),
        ("sequence_level_targets", "more than there is", "RuntimeError"),
        ("sequence_level_targets", "the score", "yours shape (), expected shape (2,)"),
        ("mended_distillation_step", "nothing returned", "the loss: yours None"),
        ("mended_distillation_step", "nobody moves", "the student's hidden weights, entry ["),
        ("mended_distillation_step", "the teacher learns too", "the teacher's hidden weights, entry ["),
    ],
)
def test_the_verdict_says_what_differs_first(name, misconception, says, line_on):
    assert says in line_on(name, misconception)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda student, teacher, temperature: None, "nothing (is a return missing?)"),
        (lambda student, teacher, temperature: [student.sum()], "a list"),
        (lambda student, teacher, temperature: student, "its value: yours shape (2, 3), expected shape ()"),
        (lambda student, teacher, temperature: teacher.sum(), "cut off from the student"),
        (lambda student, teacher, temperature: torch.ones((), dtype=torch.float64), "cut off from the student"),
    ],
    ids=["nothing", "list", "logits", "the teacher alone", "constant"],
)
def test_what_brings_no_gradient_is_named(answer, says):
    verdict = judge(by_name("soft_loss"), answer)
    assert verdict.state == "wrong" and says in verdict.line


def test_values_alone_tell_the_divergence_from_the_cross_entropy():
    """Their gradients are equal, so that a check of gradients alone would pass the wrong one."""
    z = torch.randn(4, 5, dtype=torch.float64, requires_grad=True)
    p = torch.randn(4, 5, dtype=torch.float64).softmax(1)
    losses = F.kl_div(z.log_softmax(1), p, reduction="batchmean"), F.cross_entropy(z, p)
    slopes = [torch.autograd.grad(loss, z)[0] for loss in losses]
    assert torch.allclose(*slopes, rtol=1e-12, atol=1e-14) and not torch.isclose(*losses, rtol=1e-2)


def test_a_step_that_drives_the_teacher_out_of_training_mode_and_back_passes():
    def there_and_back(student, teacher, inputs, temperature, learning_rate):
        teacher.eval()
        with torch.no_grad():
            wanted = F.log_softmax(teacher(inputs) / temperature, dim=1)
        teacher.train()
        found = F.log_softmax(student(inputs) / temperature, dim=1)
        loss = temperature**2 * F.kl_div(found, wanted, reduction="batchmean", log_target=True)
        return moved(loss, list(student.parameters()), learning_rate)

    assert judge(BUG_HUNT, there_and_back).state == "passed"
