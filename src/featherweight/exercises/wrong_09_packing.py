"""Wrong answers of lesson 9 to 4-bit codes in bytes, one function each. `packing_09` says what is wrong."""

import torch


def puts_the_first_high(codes):
    even = torch.cat([codes, codes.new_zeros(len(codes) % 2)])
    return (even[0::2] << 4) | even[1::2]


def pairs_the_halves(codes):
    even = torch.cat([codes, codes.new_zeros(len(codes) % 2)])
    half = len(even) // 2
    return even[:half] | (even[half:] << 4)


def loses_the_last(codes):
    pairs = codes[: len(codes) // 2 * 2]
    return pairs[0::2] | (pairs[1::2] << 4)


def pairs_what_does_not_pair(codes):
    return codes[0::2] | (codes[1::2] << 4)


def views_pairs(codes):
    pairs = codes.view(-1, 2)
    return pairs[:, 0] | (pairs[:, 1] << 4)


def keeps_a_byte_each(codes):
    return codes & 15


def shifts_by_three(codes):
    even = torch.cat([codes, codes.new_zeros(len(codes) % 2)])
    return even[0::2] | (even[1::2] << 3)


def shifts_by_eight(codes):
    even = torch.cat([codes, codes.new_zeros(len(codes) % 2)])
    return even[0::2] | (even[1::2] << 8)


def counts_in_tens(codes):
    even = torch.cat([codes, codes.new_zeros(len(codes) % 2)])
    return even[0::2] + even[1::2] * 10


def multiplies_by_fifteen(codes):
    even = torch.cat([codes, codes.new_zeros(len(codes) % 2)])
    return even[0::2] + even[1::2] * 15


def ands_the_pair(codes):
    even = torch.cat([codes, codes.new_zeros(len(codes) % 2)])
    return even[0::2] & (even[1::2] << 4)


def pads_with_ones(codes):
    even = torch.cat([codes, codes.new_full((len(codes) % 2,), 15)])
    return even[0::2] | (even[1::2] << 4)


def pads_with_the_last(codes):
    even = torch.cat([codes, codes[len(codes) - len(codes) % 2 :]])
    return even[0::2] | (even[1::2] << 4)


def pads_in_front(codes):
    even = torch.cat([codes.new_zeros(len(codes) % 2), codes])
    return even[0::2] | (even[1::2] << 4)


def pads_always(codes):
    even = torch.cat([codes, codes.new_zeros(2 - len(codes) % 2)])
    return even[0::2] | (even[1::2] << 4)


def starts_from_the_end(codes):
    even = torch.cat([codes, codes.new_zeros(len(codes) % 2)]).flip(0)
    return even[1::2] | (even[0::2] << 4)


def returns_wide_numbers(codes):
    even = torch.cat([codes, codes.new_zeros(len(codes) % 2)]).long()
    return even[0::2] | (even[1::2] << 4)


def unpack_with(parts):
    """`unpack_nibbles` with other (first, second) parts of each byte, from the packed bytes."""

    def wrong(packed, count):
        return torch.stack(parts(packed), dim=1).flatten()[:count]

    return wrong


takes_the_high_first = unpack_with(lambda packed: (packed >> 4, packed & 15))
forgets_the_mask = unpack_with(lambda packed: (packed, packed >> 4))
forgets_the_shift = unpack_with(lambda packed: (packed & 15, packed & 240))
extends_the_sign = unpack_with(lambda packed: (packed & 15, (packed.view(torch.int8) >> 4).view(torch.uint8)))
extends_the_sign_in_int8 = unpack_with(lambda packed: ((packed & 15).to(torch.int8), packed.view(torch.int8) >> 4))
takes_codes_for_signed = unpack_with(lambda p: [(half ^ 8).to(torch.int8) - 8 for half in (p & 15, p >> 4)])
shifts_back_by_three = unpack_with(lambda packed: (packed & 15, (packed >> 3) & 15))
masks_three_bits = unpack_with(lambda packed: (packed & 7, (packed >> 4) & 7))
masks_with_sixteen = unpack_with(lambda packed: (packed & 16, packed >> 4))
rounds_the_division = unpack_with(lambda packed: (packed % 16, (packed / 16).round().to(torch.uint8)))
divides_by_fifteen = unpack_with(lambda packed: (packed % 15, packed // 15))
takes_off_eight = unpack_with(lambda p: [half.to(torch.int8) - 8 for half in (p & 15, p >> 4)])
keeps_float_codes = unpack_with(lambda packed: (packed % 16.0, (packed / 16).floor()))
widens_the_codes = unpack_with(lambda packed: (packed.long() & 15, packed.long() >> 4))


def lays_the_halves_in_a_row(packed, count):
    return torch.cat([packed & 15, packed >> 4])[:count]


def stacks_the_other_way(packed, count):
    return torch.stack([packed & 15, packed >> 4]).flatten()[:count]


def forgets_the_count(packed, count):
    return torch.stack([packed & 15, packed >> 4], dim=1).flatten()


def keeps_the_pairs_apart(packed, count):
    return torch.stack([packed & 15, packed >> 4], dim=1)


def loses_the_odd_one(packed, count):
    return torch.stack([packed & 15, packed >> 4], dim=1).flatten()[: count // 2 * 2]


def counts_from_the_end(packed, count):
    codes = torch.stack([packed & 15, packed >> 4], dim=1).flatten()
    return codes[len(codes) - count :]
