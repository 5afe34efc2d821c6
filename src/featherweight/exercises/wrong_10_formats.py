"""Wrong answers of lesson 10 to GGUF's blocks, one function each. `q8_10` and `q4_10` say what is wrong."""

import torch


def _inverse(scale):
    return torch.where(scale != 0, 1 / scale, 0.0)


def _away(scaled):
    return scaled.sign() * (scaled.abs() + 0.5).floor()


def _two_bytes(scale):
    return scale.half().flatten().view(torch.uint8).view(-1, 2)


def _signed(codes):
    return codes.clamp(-128, 127).to(torch.int8).view(torch.uint8)


def q8_rounding(rounded):
    """`pack_q8_0` with another rounding."""

    def wrong(values):
        rows = values.reshape(-1, 32)
        scale = rows.abs().amax(1, keepdim=True) / 127
        return torch.cat([_two_bytes(scale), _signed(rounded(rows * _inverse(scale)))], dim=1)

    return wrong


q8_rounds_to_even = q8_rounding(lambda scaled: scaled.round())
q8_rounds_up = q8_rounding(lambda scaled: (scaled + 0.5).floor())
q8_cuts_off = q8_rounding(lambda scaled: scaled.trunc())
q8_rounds_down = q8_rounding(lambda scaled: scaled.floor())


def q8_scaling(scaling):
    """`pack_q8_0` with another scale of its rows."""

    def wrong(values):
        rows = values.reshape(-1, 32)
        scale = scaling(rows)
        return torch.cat([_two_bytes(scale), _signed(_away(rows * _inverse(scale)))], dim=1)

    return wrong


q8_divides_by_128 = q8_scaling(lambda rows: rows.abs().amax(1, keepdim=True) / 128)
q8_divides_by_255 = q8_scaling(lambda rows: rows.abs().amax(1, keepdim=True) / 255)
q8_takes_the_maximum = q8_scaling(lambda rows: rows.amax(1, keepdim=True) / 127)
q8_takes_the_range = q8_scaling(lambda rows: (rows.amax(1, keepdim=True) - rows.amin(1, keepdim=True)) / 255)
q8_scales_the_tensor = q8_scaling(lambda rows: rows.abs().amax().expand(len(rows), 1) / 127)
q8_takes_the_first = q8_scaling(lambda rows: rows[:, :1].abs() / 127)


def q8_layout(written):
    """`pack_q8_0` with other bytes, of scales (blocks, 1) and codes (blocks, 32)."""

    def wrong(values):
        rows = values.reshape(-1, 32)
        scale = rows.abs().amax(1, keepdim=True) / 127
        return written(scale, _away(rows * _inverse(scale)))

    return wrong


q8_writes_the_scale_last = q8_layout(lambda scale, codes: torch.cat([_signed(codes), _two_bytes(scale)], dim=1))
q8_turns_the_bytes = q8_layout(lambda scale, codes: torch.cat([_two_bytes(scale).flip(1), _signed(codes)], dim=1))
q8_writes_float32 = q8_layout(lambda scale, codes: torch.cat([scale.view(torch.uint8), _signed(codes)], dim=1))
q8_adds_128 = q8_layout(lambda scale, codes: torch.cat([_two_bytes(scale), (codes + 128).to(torch.uint8)], dim=1))
q8_writes_the_inverse = q8_layout(lambda scale, codes: torch.cat([_two_bytes(_inverse(scale)), _signed(codes)], dim=1))
q8_writes_no_scale = q8_layout(lambda scale, codes: _signed(codes))
q8_writes_numbers = q8_layout(lambda scale, codes: torch.cat([scale, codes], dim=1))
q8_writes_bfloat16 = q8_layout(
    lambda s, c: torch.cat([s.bfloat16().flatten().view(torch.uint8).view(-1, 2), _signed(c)], 1)
)


def q8_codes_from_the_stored_scale(values):
    rows = values.reshape(-1, 32)
    scale = (rows.abs().amax(1, keepdim=True) / 127).half()
    return torch.cat([_two_bytes(scale), _signed(_away(rows * _inverse(scale.float())))], dim=1)


def q8_takes_columns(values):
    rows = values.reshape(32, -1).T
    scale = rows.abs().amax(1, keepdim=True) / 127
    return torch.cat([_two_bytes(scale), _signed(_away(rows * _inverse(scale)))], dim=1)


def q8_takes_blocks_of_64(values):
    rows = values.reshape(-1, 64)
    scale = rows.abs().amax(1, keepdim=True) / 127
    return torch.cat([_two_bytes(scale), _signed(_away(rows * _inverse(scale)))], dim=1)


def q8_takes_rows_for_blocks(values):
    scale = values.abs().amax(-1, keepdim=True) / 127
    codes = _signed(_away(values * _inverse(scale)))
    return torch.cat([scale.half().view(torch.uint8), codes], dim=-1)


def _signed_largest(rows):
    return rows.gather(1, rows.abs().argmax(1, keepdim=True))


def _codes(rows, scale):
    return (rows * _inverse(scale) + 8.5).trunc().clamp(0, 15).to(torch.uint8)


def _halves(codes):
    return codes[:, :16] | codes[:, 16:] << 4


def q4_scaling(scaling):
    """`pack_q4_0` with another scale of its rows."""

    def wrong(values):
        rows = values.reshape(-1, 32)
        scale = scaling(rows)
        return torch.cat([_two_bytes(scale), _halves(_codes(rows, scale))], dim=1)

    return wrong


q4_takes_the_size = q4_scaling(lambda rows: rows.abs().amax(1, keepdim=True) / -8)
q4_takes_the_size_over_plus_8 = q4_scaling(lambda rows: rows.abs().amax(1, keepdim=True) / 8)
q4_takes_the_maximum = q4_scaling(lambda rows: rows.amax(1, keepdim=True) / -8)
q4_takes_the_minimum = q4_scaling(lambda rows: rows.amin(1, keepdim=True) / -8)
q4_divides_by_plus_8 = q4_scaling(lambda rows: _signed_largest(rows) / 8)
q4_divides_by_7 = q4_scaling(lambda rows: rows.abs().amax(1, keepdim=True) / 7)
q4_divides_by_minus_7 = q4_scaling(lambda rows: _signed_largest(rows) / -7)
q4_scales_the_tensor = q4_scaling(lambda rows: _signed_largest(rows.reshape(1, -1)).expand(len(rows), 1) / -8)


def q4_prefers_the_negative(values):
    rows = values.reshape(-1, 32)
    high, low = rows.amax(1, keepdim=True), rows.amin(1, keepdim=True)
    scale = torch.where(high > -low, high, low) / -8
    return torch.cat([_two_bytes(scale), _halves(_codes(rows, scale))], dim=1)


def q4_prefers_the_positive(values):
    rows = values.reshape(-1, 32)
    high, low = rows.amax(1, keepdim=True), rows.amin(1, keepdim=True)
    scale = torch.where(high >= -low, high, low) / -8
    return torch.cat([_two_bytes(scale), _halves(_codes(rows, scale))], dim=1)


def q4_coding(coded):
    """`pack_q4_0` with other codes of x · (1/d)."""

    def wrong(values):
        rows = values.reshape(-1, 32)
        scale = _signed_largest(rows) / -8
        return torch.cat([_two_bytes(scale), _halves(coded(rows * _inverse(scale)).to(torch.uint8))], dim=1)

    return wrong


q4_adds_8 = q4_coding(lambda scaled: (scaled + 8).trunc().clamp(0, 15))
q4_rounds_after_adding_8_5 = q4_coding(lambda scaled: (scaled + 8.5).round().clamp(0, 15))
q4_rounds_to_even = q4_coding(lambda scaled: (scaled.round() + 8).clamp(0, 15))
q4_rounds_away = q4_coding(lambda scaled: (_away(scaled) + 8).clamp(0, 15))
q4_leaves_16 = q4_coding(lambda scaled: (scaled + 8.5).trunc())
q4_keeps_the_sign = q4_coding(lambda scaled: (scaled + 8.5).trunc().clamp(0, 15).sub(8).to(torch.int8) & 15)
q4_spreads_over_15 = q4_coding(lambda scaled: ((scaled + 8) / 16 * 15 + 0.5).trunc())


def q4_layout(written):
    """`pack_q4_0` with other bytes, of scales (blocks, 1) and codes (blocks, 32)."""

    def wrong(values):
        rows = values.reshape(-1, 32)
        scale = _signed_largest(rows) / -8
        return written(scale, _codes(rows, scale))

    return wrong


q4_swaps_the_halves = q4_layout(lambda s, c: torch.cat([_two_bytes(s), c[:, 16:] | c[:, :16] << 4], dim=1))
q4_pairs_neighbours = q4_layout(lambda s, c: torch.cat([_two_bytes(s), c[:, ::2] | c[:, 1::2] << 4], dim=1))
q4_pairs_neighbours_high = q4_layout(lambda s, c: torch.cat([_two_bytes(s), c[:, 1::2] | c[:, ::2] << 4], dim=1))
q4_packs_nothing = q4_layout(lambda s, c: torch.cat([_two_bytes(s), c], dim=1))
q4_writes_float32 = q4_layout(lambda s, c: torch.cat([s.view(torch.uint8), _halves(c)], dim=1))
q4_writes_the_scale_last = q4_layout(lambda s, c: torch.cat([_halves(c), _two_bytes(s)], dim=1))
q4_turns_the_bytes = q4_layout(lambda s, c: torch.cat([_two_bytes(s).flip(1), _halves(c)], dim=1))
q4_writes_the_size_of_the_scale = q4_layout(lambda s, c: torch.cat([_two_bytes(s.abs()), _halves(c)], dim=1))


def q4_codes_from_the_stored_scale(values):
    rows = values.reshape(-1, 32)
    scale = (_signed_largest(rows) / -8).half()
    return torch.cat([_two_bytes(scale), _halves(_codes(rows, scale.float()))], dim=1)
