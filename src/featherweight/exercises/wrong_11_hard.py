"""Wrong answers of lesson 11 to the labels of a teacher, one function each. `targets_11` says what is wrong."""

import torch
import torch.nn.functional as F


def looks_down_the_columns(logits):
    return logits.argmax(dim=0)


def looks_everywhere(logits):
    return logits.argmax()


def takes_the_smallest(logits):
    return logits.argmin(dim=1)


def takes_the_value(logits):
    return logits.amax(dim=1)


def takes_the_largest_size(logits):
    return logits.abs().argmax(dim=1)


def keeps_the_axis(logits):
    return logits.argmax(dim=1, keepdim=True)


def writes_ones_and_zeros(logits):
    return F.one_hot(logits.argmax(dim=1), logits.shape[1])


def keeps_the_probabilities(logits):
    return logits.softmax(dim=1)


def rounds_the_probabilities(logits):
    return logits.softmax(dim=1).round()


def marks_the_largest(logits):
    return logits == logits.amax(dim=1, keepdim=True)


def takes_the_last_of_equals(logits):
    return logits.shape[1] - 1 - logits.flip(1).argmax(dim=1)


def ranks_all(logits):
    return logits.argsort(dim=1, descending=True)


def counts_from_one(logits):
    return logits.argmax(dim=1) + 1


def stays_in_float(logits):
    return logits.argmax(dim=1).to(logits.dtype)


def returns_short_numbers(logits):
    return logits.argmax(dim=1).to(torch.int32)


def returns_values_too(logits):
    return logits.max(dim=1)


def takes_the_middle_of_the_probabilities(logits):
    classes = torch.arange(logits.shape[1], dtype=logits.dtype)
    return (logits.softmax(dim=1) @ classes).round().long()
