"""Right answers to lesson 11 in other people's styles: exercise name → functions."""

import copy
import heapq

import numpy as np
import torch
import torch.nn.functional as F


def labels_by_max(logits):
    return torch.max(logits, 1).indices


def labels_of_probabilities(logits):
    return torch.argmax(F.softmax(logits, dim=-1), dim=-1)


def labels_in_numpy(logits):
    return logits.numpy().argmax(1)


def labels_by_loops(logits):
    return [row.index(max(row)) for row in logits.tolist()]


def soft_by_kl_div(student, teacher, temperature):
    with torch.no_grad():
        target = F.softmax(teacher / temperature, dim=-1)
    return F.kl_div(F.log_softmax(student / temperature, dim=-1), target, reduction="batchmean") * temperature**2


def soft_by_a_module(student, teacher, temperature):
    loss = torch.nn.KLDivLoss(reduction="batchmean", log_target=True)
    wanted = torch.log_softmax(teacher.detach().div(temperature), 1)
    return loss(torch.log_softmax(student.div(temperature), 1), wanted).mul(temperature * temperature)


def soft_by_hand(student, teacher, temperature):
    z, v = student / temperature, teacher.data / temperature
    q = z - torch.logsumexp(z, dim=1, keepdim=True)
    p = v - torch.logsumexp(v, dim=1, keepdim=True)
    return torch.mean(torch.sum(torch.exp(p) * (p - q), dim=1)) * temperature**2


def soft_by_cross_entropies(student, teacher, temperature):
    z, v = student / temperature, teacher.detach() / temperature
    p = v.softmax(1)
    return (F.cross_entropy(z, p) - F.cross_entropy(v, p)) * temperature**2


def soft_by_loops(student, teacher, temperature):
    total = 0
    for z, v in zip(student, teacher.detach(), strict=True):
        p, log_p = torch.softmax(v / temperature, 0), torch.log_softmax(v / temperature, 0)
        total = total + torch.dot(p, log_p - torch.log_softmax(z / temperature, 0))
    return temperature**2 * total / len(student)


def mixed_by_a_mask(student, teacher, labels, temperature, weight):
    p = F.softmax(teacher.detach() / temperature, dim=1)
    soft = F.kl_div(F.log_softmax(student / temperature, dim=1), p, reduction="batchmean") * temperature**2
    known = labels != -1
    hard = F.cross_entropy(student[known], labels[known]) if known.any() else 0.0
    return weight * soft + (1 - weight) * hard


def mixed_by_lerp(student, teacher, labels, temperature, weight):
    p = F.log_softmax(teacher.detach() / temperature, dim=1)
    soft = F.kl_div(F.log_softmax(student / temperature, dim=1), p, reduction="batchmean", log_target=True)
    if bool((labels == -1).all()):
        return weight * temperature**2 * soft
    hard = F.cross_entropy(student, labels, ignore_index=-1)
    return torch.lerp(hard, temperature**2 * soft, weight)


def mixed_by_loops(student, teacher, labels, temperature, weight):
    q, p = F.log_softmax(student / temperature, 1), F.log_softmax(teacher / temperature, 1).detach()
    soft = sum((b.exp() * (b - a)).sum() for a, b in zip(q, p, strict=True)) * temperature**2 / len(q)
    hard = [-row.log_softmax(0)[label] for row, label in zip(student, labels.tolist(), strict=True) if label >= 0]
    return weight * soft + (1 - weight) * (sum(hard) / len(hard) if hard else 0)


def mixed_by_one_hot(student, teacher, labels, temperature, weight):
    known = (labels >= 0).to(student.dtype)
    ones = F.one_hot(labels.clamp(min=0), student.shape[1]) * known[:, None]
    hard = -(ones * student.log_softmax(1)).sum() / max(float(known.sum()), 1.0)
    p = torch.softmax(teacher.detach() / temperature, dim=1)
    soft = F.kl_div(torch.log_softmax(student / temperature, dim=1), p, reduction="sum") / len(student)
    return weight * temperature * temperature * soft + hard - weight * hard


def slopes_at_once(student, teacher, inputs, directions):
    x = inputs.clone().requires_grad_(True)
    ones = torch.ones(len(directions), dtype=x.dtype)

    def slopes(network, keep):
        projected = (network(x) * directions).sum(dim=(1, 2))
        return torch.autograd.grad(projected, x, torch.diag(ones), create_graph=keep, is_grads_batched=True)[0]

    return F.mse_loss(slopes(student, True), slopes(teacher, False))


def slopes_by_grad_outputs(student, teacher, inputs, directions):
    x = inputs.detach().clone()
    x.requires_grad = True
    theirs, mine, terms = teacher(x), student(x), []
    for direction in directions:
        t = torch.autograd.grad(theirs, x, grad_outputs=direction, retain_graph=True)[0].detach()
        s = torch.autograd.grad(mine, x, grad_outputs=direction, create_graph=True)[0]
        terms.append(((s - t) ** 2).mean())
    return torch.stack(terms).mean()


def slopes_by_whole_jacobians(student, teacher, inputs, directions):
    def whole(network, keep):
        found = torch.autograd.functional.jacobian(network, inputs, create_graph=keep)
        rows = torch.arange(len(inputs))
        return torch.einsum("knc,ncd->knd", directions, found[rows, :, rows].flatten(2))

    return (whole(student, True) - whole(teacher, False).detach()).pow(2).mean()


def slopes_by_vjp(student, teacher, inputs, directions):
    _, pull_student = torch.func.vjp(student, inputs)
    _, pull_teacher = torch.func.vjp(teacher, inputs)
    errors = [pull_student(v)[0] - pull_teacher(v)[0].detach() for v in directions]
    return torch.stack(errors).square().mean()


def slopes_of_the_difference(student, teacher, inputs, directions):
    frozen = copy.deepcopy(teacher)
    x = inputs.detach().requires_grad_()
    difference = student(x) - frozen(x)
    found = [torch.autograd.grad((difference * v).sum(), x, create_graph=True)[0] for v in directions]
    return sum(slope.square().sum() for slope in found) / (len(directions) * inputs.numel())


def beam_by_lists(start, transitions, length, width):
    ranking = sorted(((-float(s), rank, [rank]) for rank, s in enumerate(start)), key=lambda each: each[:2])[:width]
    for _ in range(length - 1):
        found = []
        for place, (cost, _, sequence) in enumerate(ranking):
            for symbol, step in enumerate(transitions[sequence[-1]].tolist()):
                found.append((cost - step, place * len(start) + symbol, [*sequence, symbol]))
        ranking = sorted(found, key=lambda each: each[:2])[:width]
    return ranking[0][2]


def beam_by_a_heap(start, transitions, length, width):
    ranking = [(0.0, ())]
    for place in range(length):
        found = []
        for total, sequence in ranking:
            steps = transitions[sequence[-1]] if place else start
            found += [(total + step, (*sequence, symbol)) for symbol, step in enumerate(steps.tolist())]
        ranking = heapq.nlargest(width, found, key=lambda each: each[0])
    return torch.tensor(ranking[0][1], dtype=torch.int64)


def beam_in_numpy(start, transitions, length, width):
    s, t = start.numpy(), transitions.numpy()
    order = np.argsort(-s, kind="stable")[:width]
    scores, sequences = s[order], order[:, None]
    for _ in range(length - 1):
        table = (scores[:, None] + t[sequences[:, -1]]).ravel()
        order = np.argsort(-table, kind="stable")[:width]
        scores = table[order]
        sequences = np.hstack([sequences[order // len(s)], (order % len(s))[:, None]])
    return sequences[0]


def beam_by_back_pointers(start, transitions, length, width):
    order = torch.argsort(start, descending=True, stable=True)[:width]
    scores, last, came, said = start[order], order, [], [order]
    for _ in range(1, length):
        table = scores.unsqueeze(1) + transitions.index_select(0, last)
        order = torch.argsort(table.reshape(-1), descending=True, stable=True)[:width]
        scores, last = table.reshape(-1)[order], order.remainder(table.shape[1])
        came.append(order.div(table.shape[1], rounding_mode="floor"))
        said.append(last)
    found, place = [], 0
    for step in range(length - 1, -1, -1):
        found.insert(0, said[step][place])
        place = came[step - 1][place] if step else 0
    return torch.stack(found)


def step_by_an_optimizer(student, teacher, inputs, temperature, learning_rate):
    optimizer = torch.optim.SGD(student.parameters(), lr=learning_rate)
    teacher.eval()
    with torch.no_grad():
        wanted = F.softmax(teacher(inputs) / temperature, dim=1)
    loss = F.kl_div(F.log_softmax(student(inputs) / temperature, dim=1), wanted, reduction="batchmean")
    loss = loss * temperature**2
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def step_by_backward(student, teacher, inputs, temperature, learning_rate):
    was = teacher.training
    wanted = F.log_softmax(teacher.eval()(inputs).detach() / temperature, dim=1)
    teacher.train(was)
    student.train()
    loss = temperature**2 * F.kl_div(
        F.log_softmax(student(inputs) / temperature, dim=1), wanted, reduction="batchmean", log_target=True
    )
    loss.backward()
    with torch.no_grad():
        for parameter in student.parameters():
            parameter.sub_(learning_rate * parameter.grad)
    return loss


def step_with_a_copy_of_the_teacher(student, teacher, inputs, temperature, learning_rate):
    finished = copy.deepcopy(teacher).eval().requires_grad_(False)
    p = (finished(inputs) / temperature).log_softmax(1)
    q = (student(inputs) / temperature).log_softmax(1)
    loss = (p.exp() * (p - q)).sum(1).mean() * temperature**2
    named = dict(student.named_parameters())
    slopes = torch.autograd.grad(loss, tuple(named.values()))
    for parameter, slope in zip(named.values(), slopes, strict=True):
        parameter.data = parameter.data - learning_rate * slope
    return loss.item()


STYLES = {
    "hard_targets": [labels_by_max, labels_of_probabilities, labels_in_numpy, labels_by_loops],
    "soft_loss": [soft_by_kl_div, soft_by_a_module, soft_by_hand, soft_by_cross_entropies, soft_by_loops],
    "distillation_loss": [mixed_by_a_mask, mixed_by_lerp, mixed_by_loops, mixed_by_one_hot],
    "jacobian_loss": [
        slopes_at_once,
        slopes_by_grad_outputs,
        slopes_by_whole_jacobians,
        slopes_by_vjp,
        slopes_of_the_difference,
    ],
    "sequence_level_targets": [beam_by_lists, beam_by_a_heap, beam_in_numpy, beam_by_back_pointers],
    "mended_distillation_step": [step_by_an_optimizer, step_by_backward, step_with_a_copy_of_the_teacher],
}
