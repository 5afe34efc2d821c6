"""Wrong answers of lesson 11 to soft targets mixed with labels, one function each. `mixed_11` says what is wrong."""

import torch
import torch.nn.functional as F


def _soft(student, teacher, temperature):
    wanted = F.log_softmax(teacher.detach() / temperature, dim=1)
    found = F.log_softmax(student / temperature, dim=1)
    return temperature**2 * F.kl_div(found, wanted, reduction="batchmean", log_target=True)


def _hard(logits, labels):
    known = (labels >= 0).sum().clamp(min=1)
    return F.cross_entropy(logits, labels, ignore_index=-1, reduction="sum") / known


def _cross(logits, labels):
    return F.cross_entropy(logits, labels)


def mixed_with(mix, soft=_soft, hard=_hard):
    """`distillation_loss` with another mix of (soft, hard, weight, T), or other parts."""

    def wrong(student, teacher, labels, temperature, weight):
        return mix(soft(student, teacher, temperature), hard(student, labels), weight, temperature)

    return wrong


def _mix(soft, hard, weight, heat):
    return weight * soft + (1 - weight) * hard


swaps_the_weights = mixed_with(lambda soft, hard, weight, heat: (1 - weight) * soft + weight * hard)
adds_the_labels_whole = mixed_with(lambda soft, hard, weight, heat: weight * soft + hard)
adds_both_whole = mixed_with(lambda soft, hard, weight, heat: soft + hard)
gives_one_weight_to_both = mixed_with(lambda soft, hard, weight, heat: weight * (soft + hard))
forgets_the_square = mixed_with(lambda soft, hard, weight, heat: weight * soft / heat**2 + (1 - weight) * hard)
squares_both = mixed_with(lambda soft, hard, weight, heat: weight * soft + (1 - weight) * hard * heat**2)
forgets_the_labels = mixed_with(lambda soft, hard, weight, heat: weight * soft)
averages_over_all = mixed_with(_mix, hard=lambda z, t: F.cross_entropy(z, t, ignore_index=-1, reduction="sum") / len(t))
divides_by_no_labels = mixed_with(_mix, hard=lambda z, t: F.cross_entropy(z, t, ignore_index=-1))
takes_minus_one_for_a_class = mixed_with(_mix, hard=_cross)
takes_minus_one_for_the_last = mixed_with(
    _mix, hard=lambda z, t: -F.log_softmax(z, dim=1)[torch.arange(len(t)), t].mean()
)
takes_minus_one_for_the_first = mixed_with(_mix, hard=lambda z, t: F.cross_entropy(z, t.clamp(min=0)))
adds_up_the_labels = mixed_with(_mix, hard=lambda z, t: F.cross_entropy(z, t, ignore_index=-1, reduction="sum"))
puts_the_softmax_twice = mixed_with(_mix, hard=lambda z, t: _hard(z.softmax(dim=1), t))
turns_the_divergence_round = mixed_with(_mix, soft=lambda z, v, heat: _turned(z, v.detach(), heat))
takes_the_cross_entropy = mixed_with(_mix, soft=lambda z, v, heat: _crossed(z, v.detach(), heat))
softens_the_teacher_only = mixed_with(_mix, soft=lambda z, v, heat: _soft(z * heat, v, heat))


def _turned(student, teacher, temperature):
    wanted, found = (F.log_softmax(logits / temperature, dim=1) for logits in (teacher, student))
    return temperature**2 * F.kl_div(wanted, found, reduction="batchmean", log_target=True)


def _crossed(student, teacher, temperature):
    return temperature**2 * F.cross_entropy(student / temperature, F.softmax(teacher / temperature, dim=1))


def softens_the_labels(student, teacher, labels, temperature, weight):
    return _mix(_soft(student, teacher, temperature), _hard(student / temperature, labels), weight, temperature)


def teaches_the_teacher(student, teacher, labels, temperature, weight):
    wanted = F.log_softmax(teacher / temperature, dim=1)
    found = F.log_softmax(student / temperature, dim=1)
    soft = temperature**2 * F.kl_div(found, wanted, reduction="batchmean", log_target=True)
    return weight * soft + (1 - weight) * _hard(student, labels)


def asks_the_teacher_where_a_label_is_missing(student, teacher, labels, temperature, weight):
    labels = torch.where(labels < 0, teacher.argmax(dim=1), labels)
    return _mix(_soft(student, teacher, temperature), _hard(student, labels), weight, temperature)


def softens_the_unlabelled_only(student, teacher, labels, temperature, weight):
    bare = labels < 0
    soft = _soft(student[bare], teacher[bare], temperature) if bare.any() else student.sum() * 0
    return _mix(soft, _hard(student, labels), weight, temperature)


def softens_the_labelled_only(student, teacher, labels, temperature, weight):
    known = labels >= 0
    soft = _soft(student[known], teacher[known], temperature) if known.any() else student.sum() * 0
    return _mix(soft, _hard(student, labels), weight, temperature)


def labels_the_teacher(student, teacher, labels, temperature, weight):
    return _mix(_soft(student, teacher, temperature), _hard(teacher.detach(), labels), weight, temperature)


def drops_the_unlabelled(student, teacher, labels, temperature, weight):
    known = labels >= 0
    student, teacher, labels = student[known], teacher[known], labels[known]
    return _mix(_soft(student, teacher, temperature), _hard(student, labels), weight, temperature)
