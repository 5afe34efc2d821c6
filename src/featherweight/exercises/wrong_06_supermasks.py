"""Wrong supermasks that learners write in lesson 6, one function each. `supermasks_06` says what is wrong."""

import torch
import torch.nn.functional as F


def _best(scores, count):
    mask = torch.zeros(scores.numel(), dtype=torch.bool)
    mask[scores.flatten().topk(count).indices] = True
    return mask.view(scores.shape)


def _through(inputs, layers):
    for number, layer in enumerate(layers):
        inputs = (F.relu(inputs) if number else inputs) @ layer.T
    return inputs


def supermask_with(by_size: bool, jointly: bool, rectified: bool):
    """A forward pass with any of these faults."""

    def wrong(inputs, weights, scores, keep):
        ranking = [score.abs() for score in scores] if by_size else scores
        if jointly:
            flat = torch.cat([score.flatten() for score in ranking])
            parts = _best(flat, round(keep * flat.numel())).split([score.numel() for score in scores])
            masks = [part.view(score.shape) for part, score in zip(parts, scores, strict=True)]
        else:
            masks = [_best(score, round(keep * score.numel())) for score in ranking]
        outputs = _through(inputs, [weight * mask for weight, mask in zip(weights, masks, strict=True)])
        return F.relu(outputs) if rectified else outputs

    return wrong


def tosses_coins(inputs, weights, scores, keep):
    masks = [torch.bernoulli(torch.sigmoid(score)) for score in scores]
    return _through(inputs, [weight * mask for weight, mask in zip(weights, masks, strict=True)])


def keeps_by_chance(inputs, weights, scores, keep):
    masks = [torch.rand_like(score) < keep for score in scores]
    return _through(inputs, [weight * mask for weight, mask in zip(weights, masks, strict=True)])


def weighs_softly(inputs, weights, scores, keep):
    return _through(inputs, [weight * torch.sigmoid(score) for weight, score in zip(weights, scores, strict=True)])


def multiplies_by_scores(inputs, weights, scores, keep):
    masks = [_best(score, round(keep * score.numel())) for score in scores]
    return _through(inputs, [w * s * mask for w, s, mask in zip(weights, scores, masks, strict=True)])


def computes_with_scores(inputs, weights, scores, keep):
    masks = [_best(score, round(keep * score.numel())) for score in scores]
    return _through(inputs, [score * mask for score, mask in zip(scores, masks, strict=True)])


def ranks_the_weights(inputs, weights, scores, keep):
    masks = [_best(weight.abs(), round(keep * weight.numel())) for weight in weights]
    return _through(inputs, [weight * mask for weight, mask in zip(weights, masks, strict=True)])


def keeps_the_lowest(inputs, weights, scores, keep):
    masks = [_best(-score, round(keep * score.numel())) for score in scores]
    return _through(inputs, [weight * mask for weight, mask in zip(weights, masks, strict=True)])


def drops_the_share(inputs, weights, scores, keep):
    masks = [_best(score, score.numel() - round(keep * score.numel())) for score in scores]
    return _through(inputs, [weight * mask for weight, mask in zip(weights, masks, strict=True)])


def drops_the_best(inputs, weights, scores, keep):
    masks = [~_best(score, round(keep * score.numel())) for score in scores]
    return _through(inputs, [weight * mask for weight, mask in zip(weights, masks, strict=True)])


def keeps_of_each_row(inputs, weights, scores, keep):
    masks = []
    for score in scores:
        best = score.topk(round(keep * score.shape[1]), dim=1).indices
        masks.append(torch.zeros_like(score, dtype=torch.bool).scatter(1, best, True))
    return _through(inputs, [weight * mask for weight, mask in zip(weights, masks, strict=True)])


def keeps_the_positive(inputs, weights, scores, keep):
    return _through(inputs, [weight * (score > 0) for weight, score in zip(weights, scores, strict=True)])


def compares_with_keep(inputs, weights, scores, keep):
    return _through(inputs, [weight * (score > keep) for weight, score in zip(weights, scores, strict=True)])


def rescales(inputs, weights, scores, keep):
    masks = [_best(score, round(keep * score.numel())) for score in scores]
    return _through(inputs, [weight * mask / keep for weight, mask in zip(weights, masks, strict=True)])


def never_rectifies(inputs, weights, scores, keep):
    for weight, score in zip(weights, scores, strict=True):
        inputs = inputs @ (weight * _best(score, round(keep * score.numel()))).T
    return inputs


def rectifies_the_inputs(inputs, weights, scores, keep):
    for weight, score in zip(weights, scores, strict=True):
        inputs = F.relu(inputs) @ (weight * _best(score, round(keep * score.numel()))).T
    return inputs


def does_not_transpose(inputs, weights, scores, keep):
    for number, (weight, score) in enumerate(zip(weights, scores, strict=True)):
        layer = weight * _best(score, round(keep * score.numel()))
        inputs = (F.relu(inputs) if number else inputs) @ layer
    return inputs


def ends_in_softmax(inputs, weights, scores, keep):
    masks = [_best(score, round(keep * score.numel())) for score in scores]
    return _through(inputs, [weight * mask for weight, mask in zip(weights, masks, strict=True)]).softmax(1)


def guesses_the_class(inputs, weights, scores, keep):
    masks = [_best(score, round(keep * score.numel())) for score in scores]
    return _through(inputs, [weight * mask for weight, mask in zip(weights, masks, strict=True)]).argmax(1)


def rounds_down(inputs, weights, scores, keep):
    masks = [_best(score, int(keep * score.numel())) for score in scores]
    return _through(inputs, [weight * mask for weight, mask in zip(weights, masks, strict=True)])


def _best_first(score):
    return score.flatten().sort(descending=True).values


def keeps_one_too_few(inputs, weights, scores, keep):
    masks = []
    for score in scores:
        count = round(keep * score.numel())
        masks.append(score > (_best_first(score)[count - 1] if count else torch.inf))
    return _through(inputs, [weight * mask for weight, mask in zip(weights, masks, strict=True)])


def reads_position_minus_one(inputs, weights, scores, keep):
    masks = [score >= _best_first(score)[round(keep * score.numel()) - 1] for score in scores]
    return _through(inputs, [weight * mask for weight, mask in zip(weights, masks, strict=True)])


def reads_past_the_end(inputs, weights, scores, keep):
    masks = [score > _best_first(score)[round(keep * score.numel())] for score in scores]
    return _through(inputs, [weight * mask for weight, mask in zip(weights, masks, strict=True)])


def asks_kthvalue_for_none(inputs, weights, scores, keep):
    masks = [score > score.flatten().kthvalue(score.numel() - round(keep * score.numel())).values for score in scores]
    return _through(inputs, [weight * mask for weight, mask in zip(weights, masks, strict=True)])


def cuts_at_a_quantile(inputs, weights, scores, keep):
    masks = [score > torch.quantile(score, 1 - keep) for score in scores]
    return _through(inputs, [weight * mask for weight, mask in zip(weights, masks, strict=True)])
