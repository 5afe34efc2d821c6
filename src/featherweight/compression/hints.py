"""Hints: what a student can copy from inside a teacher, its features, its attention and its slopes in the input.

Sources: hints, Romero et al. (FitNets), arXiv:1412.6550, section 2.2, equation 3; attention transfer, Zagoruyko and
Komodakis, arXiv:1612.03928, section 3.1, equation 2 with F²_sum; matching of slopes by random projections, Czarnecki et
al. (Sobolev training), arXiv:1706.04859, section 2; Srinivas and Fleuret (Jacobian matching), arXiv:1803.00443,
section 3.
Deviations: the directions are given, where the papers draw them inside; slopes are compared as they are, where
Jacobian matching may divide each by its length; the distance of two maps is squared, as in the authors' code, and
summed over the places, where that code averages over them too.

| paper            | code                                      | shape                               |
|------------------|-------------------------------------------|-------------------------------------|
| v_g(x), u_h(x)   | `student`, `teacher` features             | (n, features) or (n, channels, h, w)|
| r                | `regressor`, student's → teacher's width  |                                     |
| A                | features                                  | (n, channels, h, w)                 |
| Q / ‖Q‖₂         | `attention_map`                           | (n, h · w)                          |
| x                | `inputs`                                  | (n, …)                              |
| v_l              | `directions[l]`, one vector per example   | (k, n, classes)                     |
| D_x⟨f(x), v_l⟩   | the projected slope                       | as `inputs`                         |
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

__all__ = ["attention_loss", "attention_map", "hint_loss", "jacobian_loss"]


def jacobian_loss(student, teacher, inputs: Tensor, directions: Tensor) -> Tensor:
    """How differently the outputs of two networks react to a small change of their inputs.

    A direction weighs the classes of each example: Σ direction · logits is one number per
    example, and its gradient *in the inputs* is the projected slope, one number for each
    entry of the inputs. Every direction gives one such tensor for the student and one for
    the teacher. The loss is the mean, over directions, examples and entries, of their
    squared difference.

    Only the student learns: backward() on what is returned reaches the weights inside student,
    and none inside teacher.

    student, teacher: functions, inputs → logits (n, classes), that treat each example by
    itself. inputs: (n, …), float; it does not require a gradient yet.
    directions: (k, n, classes), k at least 1. Returns a tensor of shape ().
    """
    x = inputs.detach().requires_grad_()
    total = 0.0
    for direction in directions:
        (found,) = torch.autograd.grad((student(x) * direction).sum(), x, create_graph=True)
        (wanted,) = torch.autograd.grad((teacher(x) * direction).sum(), x)
        total = total + (found - wanted).square().mean()
    return total / len(directions)


def hint_loss(student_features: Tensor, teacher_features: Tensor, regressor: Callable) -> Tensor:
    """Half the squared distance from the teacher's features to the student's, brought to their width by a regressor.

    student_features, teacher_features: (n, …), from a layer in the middle of each; the teacher's get no gradient.
    regressor: student's features → the teacher's shape, learned along with the student and thrown away afterwards.
    Returns a tensor of shape (): summed over features, averaged over examples.
    """
    error = regressor(student_features) - teacher_features.detach()
    return error.square().sum() / (2 * len(error))


def attention_map(features: Tensor) -> Tensor:
    """Where a convolution looks: the squares summed over channels, as a vector of length 1 over the places.

    features: (n, channels, h, w). Returns (n, h · w); features that are all zero give zeros.
    """
    return F.normalize(features.square().sum(dim=1).flatten(1), dim=1)


def attention_loss(student_features: Tensor, teacher_features: Tensor) -> Tensor:
    """The squared distance of two attention maps: 0 where both look at the same places, 2 where at none together.

    student_features, teacher_features: (n, channels, h, w), of one h and w; the channels may differ. The teacher's
    get no gradient. Returns a tensor of shape (): averaged over examples.
    """

    def attention(features: Tensor) -> Tensor:
        return F.normalize(features.square().sum(dim=1).flatten(1), dim=1)

    error = attention(student_features) - attention(teacher_features.detach())
    return error.square().sum() / len(error)
