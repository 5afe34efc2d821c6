"""Wrong answers of lesson 9 to rounding with a gradient, one function each. `straight_09` says what is wrong."""

import torch
import torch.nn.functional as F


def only_rounds(x, low, high):
    return x.round().clamp(low, high)


def detaches_everything(x, low, high):
    return x.detach().round().clamp(low, high)


def returns_whole_numbers(x, low, high):
    return x.round().clamp(low, high).long()


def lets_everything_through(x, low, high):
    rounded = x.round().clamp(low, high)
    return x + (rounded - x).detach()


def clips_after_rounding(x, low, high):
    rounded = x + (x.round() - x).detach()
    return rounded.clamp(low, high)


def leaves_out_the_ends(x, low, high):
    inside = F.hardtanh(x, low, high)
    return inside + (inside.round() - inside).detach()


def never_clips(x, low, high):
    return x + (x.round() - x).detach()


def masks_and_never_clips(x, low, high):
    inside = torch.where((x >= low) & (x <= high), x, x.detach())
    return inside + (x.round() - inside).detach()


def never_rounds(x, low, high):
    return x.clamp(low, high)


def detours_the_wrong_way(x, low, high):
    rounded = x.round().clamp(low, high)
    return rounded + (x - rounded).detach()


def adds_the_rounded(x, low, high):
    inside = x.clamp(low, high)
    return inside + inside.round().detach()


def rounds_halves_up(x, low, high):
    inside = x.clamp(low, high)
    return inside + ((inside + 0.5).floor() - inside).detach()


def cuts_off_the_fraction(x, low, high):
    inside = x.clamp(low, high)
    return inside + (inside.trunc() - inside).detach()


def goes_down_always(x, low, high):
    inside = x.clamp(low, high)
    return inside + (inside.floor() - inside).detach()


def learns_between_minus_one_and_one(x, low, high):
    carrier = torch.where(x.abs() <= 1, x, x.detach())
    return carrier + (x.round().clamp(low, high) - carrier).detach()


def learns_outside_only(x, low, high):
    outside = torch.where((x < low) | (x > high), x, x.detach())
    return outside + (x.round().clamp(low, high) - outside).detach()


def straight_with(slope):
    """`straight_through` with another gradient, from (x, low, high, upstream)."""

    def wrong(x, low, high):
        rounded = x.detach().round().clamp(low, high)
        answer = x - x.detach() + rounded
        answer.register_hook(lambda upstream: slope(x.detach(), low, high, upstream))
        return answer

    return wrong


clips_the_gradient = straight_with(lambda x, low, high, upstream: upstream.clamp(low, high))
gives_ones = straight_with(lambda x, low, high, upstream: ((x >= low) & (x <= high)).to(x.dtype))
gives_ones_everywhere = straight_with(lambda x, low, high, upstream: torch.ones_like(x))


def overwrites_x(x, low, high):
    x.data = x.data.round().clamp(low, high)
    return x * 1


def rounds_in_place(x, low, high):
    return x.round_().clamp_(low, high)
