"""Wrong answers of lesson 8 to an optimizer's state in bytes, one function each. `states_08` says what is wrong."""

import torch
import torch.nn.functional as F


def _nearest(quotients, code):
    return (quotients.unsqueeze(-1) - code).abs().argmin(-1)


def state_with(size=False, nearest=False, shaped=False, scales=False):
    """`quantize_state` with another size of a block, another entry, or another form of either result."""

    def wrong(tensor, code, block):
        flat = tensor.flatten()
        blocks = F.pad(flat, (0, -len(flat) % block)).view(-1, block)
        absmax = size(blocks) if size else blocks.abs().amax(1)
        quotients = (blocks / torch.where(absmax == 0, 1.0, absmax)[:, None]).flatten()[: len(flat)]
        indices = nearest(quotients, code) if nearest else _nearest(quotients, code)
        form = shaped if shaped else lambda each: each.to(torch.uint8).reshape(tensor.shape)
        return form(indices), scales(absmax) if scales else absmax

    return wrong


forgets_signs_of_sizes = state_with(size=lambda blocks: blocks.amax(1))
averages_sizes = state_with(size=lambda blocks: blocks.abs().mean(1))
takes_the_norm = state_with(size=lambda blocks: blocks.norm(dim=1))
takes_the_entry_above = state_with(nearest=lambda q, code: torch.searchsorted(code, q).clamp(max=len(code) - 1))
takes_the_entry_below = state_with(nearest=lambda q, code: (torch.searchsorted(code, q, right=True) - 1).clamp(min=0))
goes_up_from_halfway = state_with(nearest=lambda q, code: torch.bucketize(q, (code[1:] + code[:-1]) / 2, right=True))
spreads_evenly = state_with(
    nearest=lambda q, code: torch.round((q - code[0]) / (code[-1] - code[0]) * (len(code) - 1)).clamp(0, len(code) - 1)
)
knows_signed_bytes_only = state_with(nearest=lambda q, code: torch.round(q * 127) + 127)
loses_signs = state_with(nearest=lambda q, code: _nearest(q.abs(), code))
forgets_sizes_of_distances = state_with(nearest=lambda q, code: (q.unsqueeze(-1) - code).argmin(-1))
gives_longs = state_with(shaped=lambda indices: indices)
stays_flat = state_with(shaped=lambda indices: indices.to(torch.uint8))
gives_scales_of_one = state_with(scales=lambda absmax: torch.where(absmax == 0, 1.0, absmax))
keeps_scales_in_a_column = state_with(scales=lambda absmax: absmax[:, None])


def gives_longs_in_shape(tensor, code, block):
    flat = tensor.flatten()
    blocks = F.pad(flat, (0, -len(flat) % block)).view(-1, block)
    absmax = blocks.abs().amax(1)
    quotients = (blocks / torch.where(absmax == 0, 1.0, absmax)[:, None]).flatten()[: len(flat)]
    return _nearest(quotients, code).reshape(tensor.shape), absmax


def gives_signed_bytes(tensor, code, block):
    flat = tensor.flatten()
    blocks = F.pad(flat, (0, -len(flat) % block)).view(-1, block)
    absmax = blocks.abs().amax(1)
    quotients = (blocks / torch.where(absmax == 0, 1.0, absmax)[:, None]).flatten()[: len(flat)]
    return _nearest(quotients, code).reshape(tensor.shape).to(torch.int8), absmax


def gives_entries(tensor, code, block):
    flat = tensor.flatten()
    blocks = F.pad(flat, (0, -len(flat) % block)).view(-1, block)
    absmax = blocks.abs().amax(1)
    quotients = (blocks / torch.where(absmax == 0, 1.0, absmax)[:, None]).flatten()[: len(flat)]
    return code[_nearest(quotients, code)].reshape(tensor.shape), absmax


def divides_zeros_by_zero(tensor, code, block):
    flat = tensor.flatten()
    blocks = F.pad(flat, (0, -len(flat) % block)).view(-1, block)
    absmax = blocks.abs().amax(1)
    quotients = (blocks / absmax[:, None]).flatten()[: len(flat)]
    return _nearest(quotients, code).to(torch.uint8).reshape(tensor.shape), absmax


def sorts_zeros_by_zero(tensor, code, block):
    flat = tensor.flatten()
    blocks = F.pad(flat, (0, -len(flat) % block)).view(-1, block)
    absmax = blocks.abs().amax(1)
    quotients = (blocks / absmax[:, None]).flatten()[: len(flat)]
    places = torch.bucketize(quotients, (code[:-1] + code[1:]) / 2)
    return places.to(torch.uint8).reshape(tensor.shape), absmax


def forgets_the_scale(tensor, code, block):
    flat = tensor.flatten()
    blocks = F.pad(flat, (0, -len(flat) % block)).view(-1, block)
    return _nearest(flat, code).to(torch.uint8).reshape(tensor.shape), blocks.abs().amax(1)


def has_one_scale(tensor, code, block):
    absmax = tensor.abs().max() if tensor.numel() else torch.zeros(())
    quotients = tensor / torch.where(absmax == 0, 1.0, absmax)
    return _nearest(quotients, code).to(torch.uint8), absmax.reshape(1)


def repeats_one_scale(tensor, code, block):
    absmax = tensor.abs().max() if tensor.numel() else torch.zeros(())
    quotients = tensor / torch.where(absmax == 0, 1.0, absmax)
    return _nearest(quotients, code).to(torch.uint8), absmax.repeat(-(-tensor.numel() // block))


def scales_rows(tensor, code, block):
    rows = tensor.reshape(len(tensor), -1)
    absmax = rows.abs().amax(1) if tensor.dim() > 1 and tensor.numel() else tensor.abs().flatten()
    quotients = rows / torch.where(absmax == 0, 1.0, absmax)[:, None]
    return _nearest(quotients, code).to(torch.uint8).reshape(tensor.shape), absmax


def starts_anew_in_each_row(tensor, code, block):
    indices, scales = [], []
    for row in tensor if tensor.dim() > 1 else tensor[None]:
        for piece in row.split(block) if len(row) else ():
            largest = piece.abs().max()
            scales.append(largest)
            indices.append(_nearest(piece / (largest if largest > 0 else 1.0), code))
    joined = torch.cat(indices) if indices else torch.zeros(0)
    return joined.to(torch.uint8).reshape(tensor.shape), torch.stack(scales) if scales else torch.zeros(0)


def reads_columns(tensor, code, block):
    turned = tensor.movedim(0, -1)
    flat = turned.flatten()
    blocks = F.pad(flat, (0, -len(flat) % block)).view(-1, block)
    absmax = blocks.abs().amax(1)
    quotients = (blocks / torch.where(absmax == 0, 1.0, absmax)[:, None]).flatten()[: len(flat)]
    return _nearest(quotients, code).to(torch.uint8).reshape(turned.shape).movedim(-1, 0), absmax


def makes_that_many_blocks(tensor, code, block):
    pieces = tensor.flatten().chunk(block) if tensor.numel() else ()
    absmax = torch.stack([piece.abs().max() for piece in pieces]) if pieces else torch.zeros(0)
    parts = [p / (s if s > 0 else 1.0) for p, s in zip(pieces, absmax, strict=True)]
    quotients = torch.cat(parts) if parts else torch.zeros(0)
    return _nearest(quotients, code).to(torch.uint8).reshape(tensor.shape), absmax


def drops_the_rest(tensor, code, block):
    flat = tensor.flatten()
    blocks = flat[: len(flat) // block * block].view(-1, block)
    absmax = blocks.abs().amax(1)
    quotients = (blocks / torch.where(absmax == 0, 1.0, absmax)[:, None]).flatten()
    return _nearest(quotients, code).to(torch.uint8), absmax


def wants_whole_blocks(tensor, code, block):
    blocks = tensor.reshape(-1, block)
    absmax = blocks.abs().amax(1)
    quotients = blocks / torch.where(absmax == 0, 1.0, absmax)[:, None]
    return _nearest(quotients, code).to(torch.uint8).reshape(tensor.shape), absmax


def always_pads(tensor, code, block):
    flat = tensor.flatten()
    blocks = F.pad(flat, (0, block - len(flat) % block)).view(-1, block)
    absmax = blocks.abs().amax(1)
    quotients = (blocks / torch.where(absmax == 0, 1.0, absmax)[:, None]).flatten()[: len(flat)]
    return _nearest(quotients, code).to(torch.uint8).reshape(tensor.shape), absmax
