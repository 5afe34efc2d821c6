"""Distillation: a student learns from all the probabilities of a teacher, not from one label.

Sources: soft targets with a temperature, and their T², Hinton et al., arXiv:1503.02531, section 2, with the limit of
equation 4; the reverse divergence, Gu et al. (MiniLLM), arXiv:2306.08543, section 2; decoupled distillation, Zhao et
al., arXiv:2203.08679, section 3.
Deviations: the divergence where Hinton has the cross-entropy (they differ by the teacher's own entropy, which the
student cannot change); T² is part of the loss, where the paper tells its reader to multiply by it; labels may be
missing; the reverse divergence is that of one prediction, where MiniLLM has it for whole sequences.

| paper         | code                                       | shape        |
|---------------|--------------------------------------------|--------------|
| z             | `student`, logits                          | (n, classes) |
| v             | `teacher`, logits                          | (n, classes) |
| T             | `temperature`, the same for both           |              |
| q, p          | softmax of z / T, of v / T                 | (n, classes) |
| y             | `labels`, −1 where there is none           | (n,), int64  |
| α, β of DKD   | `alpha`, `beta`                            |              |
| b^T, b^S      | `target`: the label's class, and all others| (n, 2)       |
| p̂             | `rest`: the other classes among themselves | (n, c − 1)   |
"""

import torch
import torch.nn.functional as F
from torch import Tensor

__all__ = ["decoupled_loss", "distillation_loss", "distillation_step", "hard_targets", "reverse_kl", "soft_loss"]


def hard_targets(logits: Tensor) -> Tensor:
    """What a teacher says when it may name one class only: the label of each example.

    It is the class of the largest logit; of several that are equally large, the one with the
    lowest number.

    logits: (n, classes), at least one class; n may be 0. Returns (n,), int64.
    """
    return logits.argmax(dim=1)


def soft_loss(student: Tensor, teacher: Tensor, temperature: float) -> Tensor:
    """How far a student's probabilities are from its teacher's, softened by a temperature.

    Logits divided by the temperature T and put through softmax are probabilities over the
    classes: p the teacher's, q the student's. The loss of an example is the Kullback–Leibler
    divergence KL(p ‖ q) = Σ p · log(p / q), in nats. Returned is its average over the
    examples, times T²: without that factor the gradient would shrink as 1 / T² when T grows.

    Only the student learns: backward() brings a gradient to student and none to teacher.
    Logits may lie thousands apart; the loss and its gradient are finite even so.

    student, teacher: logits, (n, classes), n at least 1. temperature: T, positive.
    Returns a tensor of shape () and the student's dtype.
    """
    wanted = F.log_softmax(teacher.detach() / temperature, dim=1)
    found = F.log_softmax(student / temperature, dim=1)
    return temperature**2 * F.kl_div(found, wanted, reduction="batchmean", log_target=True)


def distillation_loss(
    student: Tensor,
    teacher: Tensor,
    labels: Tensor,
    temperature: float,
    weight: float,
) -> Tensor:
    """The soft loss and the labels mixed: weight · soft + (1 − weight) · hard.

    soft is `soft_loss`: T² · KL(softmax(teacher / T) ‖ softmax(student / T)), averaged over
    all examples. hard is the cross-entropy of the student's logits, at temperature 1, with
    the labels. A label of −1 means that there is none: such an example counts in soft alone,
    and hard is the average over the examples that have a label. Where none has, hard is 0.

    Only the student learns: backward() brings a gradient to student and none to teacher.

    student, teacher: logits, (n, classes), n at least 1. labels: (n,), int64, −1 or a class.
    temperature: T, positive. weight: 0 (labels alone) to 1 (teacher alone).
    Returns a tensor of shape () and the student's dtype.
    """
    wanted = F.log_softmax(teacher.detach() / temperature, dim=1)
    found = F.log_softmax(student / temperature, dim=1)
    soft = temperature**2 * F.kl_div(found, wanted, reduction="batchmean", log_target=True)
    known = (labels >= 0).sum().clamp(min=1)
    hard = F.cross_entropy(student, labels, ignore_index=-1, reduction="sum") / known
    return weight * soft + (1 - weight) * hard


def distillation_step(
    student,
    teacher,
    inputs: Tensor,
    temperature: float,
    learning_rate: float,
) -> Tensor:
    """One step of gradient descent by which a student comes nearer to its teacher.

    The loss is T² · KL(softmax(teacher's logits / T) ‖ softmax(student's logits / T)),
    averaged over the examples. The student computes in training mode, and each of its
    parameters moves in place by −learning_rate times its gradient. The teacher is a finished
    network: it answers in evaluation mode, as it would for a user, and the step leaves its
    parameters and buffers (the running averages of a batch normalization) as they were.

    student, teacher: modules, inputs → logits (n, classes), both handed over in training
    mode; the teacher's mode afterwards does not matter. inputs: (n, features).
    temperature: T, positive. learning_rate: per unit of gradient.
    Returns the loss before the step, a tensor of shape ().
    """
    teacher.eval()
    with torch.no_grad():
        wanted = F.log_softmax(teacher(inputs) / temperature, dim=1)
    found = F.log_softmax(student(inputs) / temperature, dim=1)
    loss = temperature**2 * F.kl_div(found, wanted, reduction="batchmean", log_target=True)
    parameters = list(student.parameters())
    gradients = torch.autograd.grad(loss, parameters)
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter.data -= learning_rate * gradient
    return loss.detach()


def reverse_kl(student: Tensor, teacher: Tensor, temperature: float) -> Tensor:
    """T² · KL(q ‖ p), the divergence the other way round: dear is what the student says and its teacher would not.

    A student too small for all that p does settles on some of it, where `soft_loss` makes it spread over all.

    student, teacher: logits, (n, classes); teacher gets no gradient. Returns a tensor of shape ().
    """
    wanted = F.log_softmax(teacher.detach() / temperature, dim=1)
    found = F.log_softmax(student / temperature, dim=1)
    return temperature**2 * F.kl_div(wanted, found, reduction="batchmean", log_target=True)


def decoupled_loss(
    student: Tensor, teacher: Tensor, labels: Tensor, temperature: float, alpha: float, beta: float | Tensor
) -> Tensor:
    """The soft loss in two parts with a weight each: the label's class against the rest, and the rest among themselves.

    `soft_loss` is the case alpha = 1 and beta = 1 − the teacher's probability of the label's class, example by example:
    a teacher that is sure says little about the rest. A beta of its own makes that part count all the same.

    student, teacher: logits, (n, classes), two classes or more; teacher gets no gradient. labels: (n,), int64.
    beta: a number, or (n,), one for each example. Returns a tensor of shape ().
    """

    def parts(logits: Tensor) -> tuple[Tensor, Tensor]:
        scaled = logits / temperature
        chosen = F.one_hot(labels, logits.shape[1]).bool()
        rest = scaled[~chosen].reshape(len(logits), -1)
        target = torch.stack([scaled[chosen], rest.logsumexp(dim=1)], dim=1)
        return F.log_softmax(target, dim=1), F.log_softmax(rest, dim=1)

    pairs = zip(parts(student), parts(teacher.detach()), strict=True)
    target, rest = (F.kl_div(found, wanted, reduction="none", log_target=True).sum(dim=1) for found, wanted in pairs)
    return temperature**2 * (alpha * target + beta * rest).mean()
