"""Wrong answers of lesson 7 to deletion, one function each. `removal_07` says what is wrong."""

import torch
import torch.nn.functional as F


def _heard(next_weight, gone, constant):
    return (next_weight[:, gone].reshape(len(next_weight), len(constant), -1).sum(2) * constant).sum(1)


def forgets_the_columns(weight, bias, next_weight, next_bias, keep):
    return weight[keep], bias[keep], next_weight, next_bias + _heard(next_weight, ~keep, F.relu(bias[~keep]))


def forgets_columns_and_fold(weight, bias, next_weight, next_bias, keep):
    return weight[keep], bias[keep], next_weight, next_bias


def forgets_the_fold(weight, bias, next_weight, next_bias, keep):
    return weight[keep], bias[keep], next_weight[:, keep], next_bias


def fold_with(raw=False, averaged=False, subtracted=False):
    """`remove_neurons` with faults in what is folded."""

    def wrong(weight, bias, next_weight, next_bias, keep):
        constant = bias[~keep] if raw else F.relu(bias[~keep])
        columns = next_weight[:, ~keep].reshape(len(next_weight), len(constant), next_weight[0, 0].numel())
        heard = (columns.mean(2) if averaged else columns.sum(2)) @ constant
        folded = next_bias - heard if subtracted else next_bias + heard
        return weight[keep], bias[keep], next_weight[:, keep], folded

    return wrong


def masks_everything(weight, bias, next_weight, next_bias, keep):
    rows = keep.view(-1, *[1] * (weight.dim() - 1))
    columns = keep.view(1, -1, *[1] * (next_weight.dim() - 2))
    return weight * rows, bias * keep, next_weight * columns, next_bias


def masks_and_folds(weight, bias, next_weight, next_bias, keep):
    rows = keep.view(-1, *[1] * (weight.dim() - 1))
    columns = keep.view(1, -1, *[1] * (next_weight.dim() - 2))
    folded = next_bias + _heard(next_weight, ~keep, F.relu(bias[~keep]))
    return weight * rows, bias * keep, next_weight * columns, folded


def masks_the_rows(weight, bias, next_weight, next_bias, keep):
    return weight * keep.view(-1, *[1] * (weight.dim() - 1)), bias, next_weight, next_bias


def keeps_the_deleted(weight, bias, next_weight, next_bias, keep):
    folded = next_bias + _heard(next_weight, keep, F.relu(bias[keep]))
    return weight[~keep], bias[~keep], next_weight[:, ~keep], folded


def cuts_rows_of_the_next(weight, bias, next_weight, next_bias, keep):
    return weight[keep], bias[keep], next_weight[keep], next_bias


def cuts_rows_and_biases_of_the_next(weight, bias, next_weight, next_bias, keep):
    return weight[keep], bias[keep], next_weight[keep], next_bias[keep]


def cuts_columns_of_the_first(weight, bias, next_weight, next_bias, keep):
    folded = next_bias + _heard(next_weight, ~keep, F.relu(bias[~keep]))
    return weight[:, keep], bias[keep], next_weight[:, keep], folded


def cuts_the_kernel(weight, bias, next_weight, next_bias, keep):
    folded = next_bias + _heard(next_weight, ~keep, F.relu(bias[~keep]))
    return weight[keep], bias[keep], next_weight[..., keep], folded


def keeps_the_first(weight, bias, next_weight, next_bias, keep):
    count = int(keep.sum())
    constant = F.relu(bias[count:])
    heard = next_weight[:, count:].reshape(len(next_weight), len(constant), next_weight[0, 0].numel()).sum(2) @ constant
    return weight[:count], bias[:count], next_weight[:, :count], next_bias + heard


def folds_the_survivors(weight, bias, next_weight, next_bias, keep):
    folded = next_bias + _heard(next_weight, keep, F.relu(bias[keep]))
    return weight[keep], bias[keep], next_weight[:, keep], folded


def folds_everyone(weight, bias, next_weight, next_bias, keep):
    folded = next_bias + _heard(next_weight, torch.ones_like(keep), F.relu(bias))
    return weight[keep], bias[keep], next_weight[:, keep], folded


def leaves_the_bias(weight, bias, next_weight, next_bias, keep):
    folded = next_bias + _heard(next_weight, ~keep, F.relu(bias[~keep]))
    return weight[keep], bias, next_weight[:, keep], folded


def knows_linear_layers_only(weight, bias, next_weight, next_bias, keep):
    folded = next_bias + next_weight[:, ~keep] @ F.relu(bias[~keep])
    return weight[keep], bias[keep], next_weight[:, keep], folded


def folds_the_constants_alone(weight, bias, next_weight, next_bias, keep):
    return weight[keep], bias[keep], next_weight[:, keep], next_bias + F.relu(bias[~keep]).sum()


def replaces_the_next_bias(weight, bias, next_weight, next_bias, keep):
    return weight[keep], bias[keep], next_weight[:, keep], _heard(next_weight, ~keep, F.relu(bias[~keep]))


def takes_minus_for_not(weight, bias, next_weight, next_bias, keep):
    gone = 1 - keep
    return weight[keep], bias[keep], next_weight[:, keep], next_bias + next_weight @ F.relu(bias * gone)


def takes_booleans_for_places(weight, bias, next_weight, next_bias, keep):
    chosen = keep.long()
    return weight[chosen], bias[chosen], next_weight[:, chosen], next_bias


def returns_next_first(weight, bias, next_weight, next_bias, keep):
    folded = next_bias + _heard(next_weight, ~keep, F.relu(bias[~keep]))
    return next_weight[:, keep], folded, weight[keep], bias[keep]


def folds_after_the_relu_of_the_sum(weight, bias, next_weight, next_bias, keep):
    heard = F.relu(_heard(next_weight, ~keep, bias[~keep]))
    return weight[keep], bias[keep], next_weight[:, keep], next_bias + heard


def makes_up_by_scaling(weight, bias, next_weight, next_bias, keep):
    return weight[keep], bias[keep], next_weight[:, keep] * (len(keep) / keep.sum()), next_bias


def handed_over(weight, scale, shift, mean, variance, epsilon, next_weight, next_bias, keep):
    left, gone = int(keep.sum()), ~keep
    silent = F.relu(shift[gone])
    taps = next_weight[:, gone].mean(dim=(2, 3))
    folded = next_bias + taps @ silent
    return weight[keep], scale[keep], shift[keep], mean[:left], variance[:left], next_weight[:, keep], folded


def channels_with(left_behind=False, without_mean=False, averaged=False):
    """`remove_channels` with any of the faults of the function that is handed over, which has all three."""

    def wrong(weight, scale, shift, mean, variance, epsilon, next_weight, next_bias, keep):
        gone, left = ~keep, int(keep.sum())
        silent = shift[gone]
        if not without_mean:
            silent = silent - scale[gone] * mean[gone] / (variance[gone] + epsilon).sqrt()
        columns = next_weight[:, gone].flatten(2)
        folded = next_bias + (columns.mean(2) if averaged else columns.sum(2)) @ F.relu(silent)
        statistics = (mean[:left], variance[:left]) if left_behind else (mean[keep], variance[keep])
        return weight[keep], scale[keep], shift[keep], *statistics, next_weight[:, keep], folded

    return wrong


def _constant(scale, shift, mean, variance, epsilon, gone):
    return shift[gone] - scale[gone] * mean[gone] / (variance[gone] + epsilon).sqrt()


def channels_by(constant):
    """`remove_channels` with another constant, from (scale, shift, mean, variance, epsilon) of the deleted channels."""

    def wrong(weight, scale, shift, mean, variance, epsilon, next_weight, next_bias, keep):
        gone = ~keep
        says = constant(scale[gone], shift[gone], mean[gone], variance[gone], epsilon)
        folded = next_bias + next_weight[:, gone].sum(dim=(2, 3)) @ says
        return weight[keep], scale[keep], shift[keep], mean[keep], variance[keep], next_weight[:, keep], folded

    return wrong


forgets_epsilon = channels_by(
    lambda scale, shift, mean, variance, epsilon: F.relu(shift - scale * mean / variance.sqrt())
)
adds_the_mean = channels_by(lambda s, b, m, v, e: F.relu(b + s * m / (v + e).sqrt()))
forgets_the_root = channels_by(lambda s, b, m, v, e: F.relu(b - s * m / (v + e)))
adds_epsilon_outside = channels_by(lambda s, b, m, v, e: F.relu(b - s * m / (v.sqrt() + e)))
forgets_the_scale = channels_by(lambda s, b, m, v, e: F.relu(b - m / (v + e).sqrt()))
forgets_the_deviation = channels_by(lambda s, b, m, v, e: F.relu(b - s * m))
forgets_the_relu = channels_by(lambda s, b, m, v, e: b - s * m / (v + e).sqrt())
folds_no_constant = channels_by(lambda s, b, m, v, e: torch.zeros_like(b))


def mends_only_the_mean(weight, scale, shift, mean, variance, epsilon, next_weight, next_bias, keep):
    gone, left = ~keep, int(keep.sum())
    silent = F.relu(_constant(scale, shift, mean, variance, epsilon, gone))
    folded = next_bias + next_weight[:, gone].sum(dim=(2, 3)) @ silent
    return weight[keep], scale[keep], shift[keep], mean[keep], variance[:left], next_weight[:, keep], folded


def leaves_the_statistics_whole(weight, scale, shift, mean, variance, epsilon, next_weight, next_bias, keep):
    gone = ~keep
    silent = F.relu(_constant(scale, shift, mean, variance, epsilon, gone))
    folded = next_bias + next_weight[:, gone].sum(dim=(2, 3)) @ silent
    return weight[keep], scale[keep], shift[keep], mean, variance, next_weight[:, keep], folded
