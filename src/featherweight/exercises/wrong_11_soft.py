"""Wrong answers of lesson 11 to the soft loss, one function each. `soft_11` says what is wrong."""

import torch.nn.functional as F


def soft_with(loss, dim=1):
    """`soft_loss` with another loss of (log q, log p, T), from a student and a teacher that gets no gradient."""

    def wrong(student, teacher, temperature):
        found = F.log_softmax(student / temperature, dim)
        wanted = F.log_softmax(teacher.detach() / temperature, dim)
        return loss(found, wanted, temperature)

    return wrong


def _divergence(found, wanted):
    return (wanted.exp() * (wanted - found)).sum(1)


forgets_the_square = soft_with(lambda q, p, heat: _divergence(q, p).mean())
multiplies_by_the_temperature = soft_with(lambda q, p, heat: heat * _divergence(q, p).mean())
turns_the_divergence_round = soft_with(lambda q, p, heat: heat**2 * _divergence(p, q).mean())
averages_over_classes = soft_with(lambda q, p, heat: heat**2 * (p.exp() * (p - q)).mean())
keeps_the_examples = soft_with(lambda q, p, heat: heat**2 * _divergence(q, p))
takes_the_cross_entropy = soft_with(lambda q, p, heat: -(heat**2) * (p.exp() * q).sum(1).mean())
has_the_wrong_sign = soft_with(lambda q, p, heat: -(heat**2) * _divergence(q, p).mean())
forgets_the_log = soft_with(lambda q, p, heat: heat**2 * F.kl_div(q.exp(), p.exp(), reduction="batchmean"))
takes_the_log_twice = soft_with(lambda q, p, heat: heat**2 * F.kl_div(q.log(), p.exp(), reduction="batchmean"))
squares_the_probabilities = soft_with(lambda q, p, heat: heat**2 * (q.exp() - p.exp()).square().sum(1).mean())
takes_log_for_probabilities = soft_with(lambda q, p, heat: heat**2 * (p * (p - q)).sum(1).mean())
exponentiates_twice = soft_with(
    lambda q, p, heat: heat**2 * F.kl_div(q, p.exp(), reduction="batchmean", log_target=True)
)
stretches_over_the_batch = soft_with(lambda q, p, heat: heat**2 * _divergence(q, p).mean(), dim=0)


def teaches_the_teacher(student, teacher, temperature):
    wanted = F.softmax(teacher / temperature, dim=1)
    found = F.log_softmax(student / temperature, dim=1)
    return temperature**2 * F.kl_div(found, wanted, reduction="batchmean")


def teaches_nobody(student, teacher, temperature):
    wanted = F.softmax(teacher.detach() / temperature, dim=1)
    found = F.log_softmax(student.detach() / temperature, dim=1)
    return temperature**2 * F.kl_div(found, wanted, reduction="batchmean")


def returns_a_number(student, teacher, temperature):
    wanted = F.softmax(teacher / temperature, dim=1)
    found = F.log_softmax(student / temperature, dim=1)
    return temperature**2 * F.kl_div(found, wanted, reduction="batchmean").item()


def softens_the_teacher_only(student, teacher, temperature):
    wanted = F.softmax(teacher.detach() / temperature, dim=1)
    return temperature**2 * F.kl_div(F.log_softmax(student, dim=1), wanted, reduction="batchmean")


def softens_the_student_only(student, teacher, temperature):
    wanted = F.softmax(teacher.detach(), dim=1)
    return temperature**2 * F.kl_div(F.log_softmax(student / temperature, dim=1), wanted, reduction="batchmean")


def multiplies_the_logits(student, teacher, temperature):
    wanted = F.softmax(teacher.detach() * temperature, dim=1)
    return temperature**2 * F.kl_div(F.log_softmax(student * temperature, dim=1), wanted, reduction="batchmean")


def softens_after_the_softmax(student, teacher, temperature):
    wanted = F.softmax(teacher.detach(), dim=1) / temperature
    found = F.log_softmax(student, dim=1) / temperature
    return temperature**2 * F.kl_div(found, wanted, reduction="batchmean")


def puts_the_softmax_twice(student, teacher, temperature):
    wanted = F.softmax(teacher.detach() / temperature, dim=1)
    found = F.log_softmax(F.softmax(student / temperature, dim=1), dim=1)
    return temperature**2 * F.kl_div(found, wanted, reduction="batchmean")


def takes_the_log_of_nothing(student, teacher, temperature):
    wanted = F.softmax(teacher.detach() / temperature, dim=1)
    found = F.softmax(student / temperature, dim=1)
    return temperature**2 * (wanted * (wanted / found).log()).sum(dim=1).mean()


def matches_the_logits(student, teacher, temperature):
    return (student - teacher.detach()).square().mean() / 2


def learns_the_hard_targets(student, teacher, temperature):
    return F.cross_entropy(student / temperature, teacher.argmax(dim=1)) * temperature**2
