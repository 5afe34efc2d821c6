"""The step of lesson 11 whose teacher learns too, and what is left after half a mending. `mended_11` says what."""

import torch
import torch.nn.functional as F


def handed_over(student, teacher, inputs, temperature, learning_rate):
    wanted = F.softmax(teacher(inputs) / temperature, dim=1)
    found = F.log_softmax(student(inputs) / temperature, dim=1)
    loss = F.kl_div(found, wanted, reduction="batchmean")
    parameters = [*student.parameters(), *teacher.parameters()]
    gradients = torch.autograd.grad(loss, parameters)
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter.data -= learning_rate * gradient
    return loss.detach()


def step_with(training=False, both=False, bare=False):
    """`distillation_step` with any of the faults of the function that is handed over, which has all three."""

    def wrong(student, teacher, inputs, temperature, learning_rate):
        teacher.train(training)
        wanted = F.log_softmax(teacher(inputs) / temperature, dim=1)
        found = F.log_softmax(student(inputs) / temperature, dim=1)
        loss = F.kl_div(found, wanted, reduction="batchmean", log_target=True) * (1 if bare else temperature**2)
        parameters = [*student.parameters(), *(teacher.parameters() if both else [])]
        for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
            parameter.data -= learning_rate * gradient
        return loss.detach()

    return wrong


def _loss(found, wanted, temperature):
    logs = F.log_softmax(found, dim=1), F.log_softmax(wanted, dim=1)
    return temperature**2 * F.kl_div(*logs, reduction="batchmean", log_target=True)


def step_by(loss=_loss, moved=lambda student: list(student.parameters()), rate=1.0, modes=(True, False)):
    """`distillation_step` with another loss of (student's, teacher's logits / T, T), or other parameters moved."""

    def wrong(student, teacher, inputs, temperature, learning_rate):
        student.train(modes[0])
        teacher.train(modes[1])
        with torch.no_grad():
            wanted = teacher(inputs) / temperature
        value = loss(student(inputs) / temperature, wanted, temperature)
        parameters = moved(student)
        for parameter, gradient in zip(parameters, torch.autograd.grad(value, parameters), strict=True):
            parameter.data -= rate * learning_rate * gradient
        return value.detach()

    return wrong


climbs = step_by(rate=-1.0)
evaluates_the_student = step_by(modes=(False, False))
turns_the_divergence_round = step_by(lambda found, wanted, heat: _loss(wanted, found, heat))
softens_the_teacher_only = step_by(lambda found, wanted, heat: _loss(found * heat, wanted, heat))
softens_the_student_only = step_by(lambda found, wanted, heat: _loss(found, wanted * heat, heat))
averages_over_classes = step_by(lambda found, wanted, heat: _loss(found, wanted, heat) / found.shape[1])
adds_up_the_examples = step_by(lambda found, wanted, heat: _loss(found, wanted, heat) * len(found))
multiplies_by_the_temperature = step_by(lambda found, wanted, heat: _loss(found, wanted, heat) / heat)
learns_the_hard_targets = step_by(lambda found, wanted, heat: F.cross_entropy(found * heat, wanted.argmax(dim=1)))
takes_the_cross_entropy = step_by(lambda found, wanted, heat: heat**2 * F.cross_entropy(found, wanted.softmax(dim=1)))
moves_the_matrices_only = step_by(moved=lambda student: [w for w in student.parameters() if w.ndim == 2])
moves_the_last_layer_only = step_by(moved=lambda student: list(student.parameters())[-1:])


def forgets_to_move(student, teacher, inputs, temperature, learning_rate):
    teacher.eval()
    return _loss(student(inputs) / temperature, teacher(inputs) / temperature, temperature).detach()


def copies_weight_gradients(student, teacher, inputs, temperature, learning_rate):
    teacher.eval()
    loss = _loss(student(inputs) / temperature, teacher(inputs) / temperature, temperature)
    gradients = torch.autograd.grad(loss, list(teacher.parameters()))
    for parameter, gradient in zip(student.parameters(), gradients, strict=True):
        parameter.data -= learning_rate * gradient
    return loss.detach()


def returns_the_loss_afterwards(student, teacher, inputs, temperature, learning_rate):
    step_with()(student, teacher, inputs, temperature, learning_rate)
    with torch.no_grad():
        return _loss(student(inputs) / temperature, teacher(inputs) / temperature, temperature)


def returns_nothing(student, teacher, inputs, temperature, learning_rate):
    step_with()(student, teacher, inputs, temperature, learning_rate)
