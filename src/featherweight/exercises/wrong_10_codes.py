"""Wrong answers of lesson 10 to codes from a table, one function each. `codes_10` says what is wrong."""

import math

import torch
import torch.nn.functional as F


def _rows(values, block):
    flat = values.flatten()
    return F.pad(flat, (0, -len(flat) % block)).view(-1, block)


def _scaled(rows, absmax):
    return rows * torch.where(absmax > 0, 1 / absmax, 0.0)[:, None]


def _nearest(scaled, table):
    return torch.bucketize(scaled, (table[:-1] + table[1:]) / 2).to(torch.uint8)


def coded(codes):
    """`nf4_codes` with other codes of the scaled values."""

    def wrong(values, table, block):
        rows = _rows(values, block)
        absmax = rows.abs().amax(1)
        return codes(_scaled(rows, absmax).flatten()[: values.numel()], table), absmax

    return wrong


takes_the_entry_below = coded(lambda x, table: (torch.bucketize(x, table, right=True) - 1).clamp(min=0).to(torch.uint8))
takes_the_entry_above = coded(lambda x, table: torch.bucketize(x, table).clamp(max=len(table) - 1).to(torch.uint8))
takes_the_upper_in_the_middle = coded(
    lambda x, table: torch.bucketize(x, (table[:-1] + table[1:]) / 2, right=True).to(torch.uint8)
)
spaces_evenly = coded(lambda x, table: ((x + 1) / 2 * (len(table) - 1)).round().to(torch.uint8))
looks_up_the_size = coded(lambda x, table: _nearest(x.abs(), table))
returns_entries = coded(lambda x, table: table[_nearest(x, table).long()])
returns_long_codes = coded(lambda x, table: _nearest(x, table).long())
packs_at_once = coded(
    lambda x, table: F.pad(_nearest(x, table), (0, len(x) % 2)).view(-1, 2) @ torch.tensor([16, 1]).byte()
)
counts_from_one = coded(lambda x, table: _nearest(x, table) + 1)


def scaled_by(scaling):
    """`nf4_codes` with another scale of its rows."""

    def wrong(values, table, block):
        rows = _rows(values, block)
        absmax = scaling(rows)
        return _nearest(_scaled(rows, absmax).flatten()[: values.numel()], table), absmax

    return wrong


takes_the_maximum = scaled_by(lambda rows: rows.amax(1))
takes_the_deviation = scaled_by(lambda rows: rows.square().mean(1).sqrt())
takes_one_scale = scaled_by(lambda rows: rows.abs().amax().expand(len(rows)))
takes_the_mean_size = scaled_by(lambda rows: rows.abs().mean(1))


def scales_nothing(values, table, block):
    return _nearest(values.flatten(), table), _rows(values, block).abs().amax(1)


def keeps_the_padding(values, table, block):
    rows = _rows(values, block)
    absmax = rows.abs().amax(1)
    return _nearest(_scaled(rows, absmax).flatten(), table), absmax


def drops_the_short_block(values, table, block):
    flat = values.flatten()
    rows = flat[: len(flat) // block * block].view(-1, block)
    absmax = rows.abs().amax(1)
    return _nearest(_scaled(rows, absmax).flatten(), table), absmax


def takes_columns(values, table, block):
    flat = values.flatten()
    count = math.ceil(len(flat) / block)
    number = torch.arange(len(flat)) % count
    absmax = torch.stack([flat[number == k].abs().amax() for k in range(count)])
    return _nearest(flat * torch.where(absmax > 0, 1 / absmax, 0.0)[number], table), absmax


def divides_by_zero(values, table, block):
    rows = _rows(values, block)
    absmax = rows.abs().amax(1)
    return _nearest((rows / absmax[:, None]).flatten()[: values.numel()], table), absmax


def divides_by_zero_and_searches(values, table, block):
    rows = _rows(values, block)
    absmax = rows.abs().amax(1)
    scaled = (rows / absmax[:, None]).flatten()[: values.numel()]
    return (scaled[:, None] - table).abs().argmin(1).to(torch.uint8), absmax


def repeats_the_scale(values, table, block):
    rows = _rows(values, block)
    absmax = rows.abs().amax(1)
    codes = _nearest(_scaled(rows, absmax).flatten()[: values.numel()], table)
    return codes, absmax.repeat_interleave(block)[: values.numel()]


def returns_the_inverse(values, table, block):
    rows = _rows(values, block)
    absmax = rows.abs().amax(1)
    codes = _nearest(_scaled(rows, absmax).flatten()[: values.numel()], table)
    return codes, torch.where(absmax > 0, 1 / absmax, 0.0)


def forgets_the_scale(values, table, block):
    rows = _rows(values, block)
    return _nearest(_scaled(rows, rows.abs().amax(1)).flatten()[: values.numel()], table)
