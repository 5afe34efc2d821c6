"""Wrong answers of lesson 8 to what a byte stands for, one function each. `mended_08` says what is wrong."""

import torch


def handed_over(signed, bits=8):
    values = [0.0, 1.0]
    parts = 2 ** (bits - 1) - 1 if signed else 2**bits - 2
    for part in range(parts):
        middle = (part + 0.5) / parts
        values.append(middle)
        if signed:
            values.append(-values[-1])
    return torch.tensor(sorted(values))


def spaces_evenly(signed, bits=8):
    parts = 2 ** (bits - 1) - 1 if signed else 2**bits - 2
    middles = [(part + 0.5) / parts for part in range(parts)]
    return torch.tensor(sorted([0.0, 1.0, *middles, *([-middle for middle in middles] if signed else [])]))


def draws_a_line(signed, bits=8):
    return torch.linspace(-1.0 if signed else 0.0, 1.0, 2**bits)


def squares_a_line(signed, bits=8):
    line = torch.linspace(-1.0 if signed else 0.0, 1.0, 2**bits)
    return line * line.abs()


def map_with(first=False, parts_of=False, middle_of=False, size=False, order=False):
    """`dynamic_map` with another way to find one of its parts.

    first: the entries besides the middles. parts_of: decade, bits, signed → parts. middle_of: part, parts → a place
    in the last decade. size: decade, bits → factor. order: entries → entries in order.
    """

    def wrong(signed, bits=8):
        values = first(signed) if first else [0.0, 1.0]
        for decade in range(bits - 1):
            parts = parts_of(decade, bits, signed) if parts_of else 2 ** (decade if signed else decade + 1)
            for part in range(parts):
                place = middle_of(part, parts) if middle_of else 0.1 + 0.9 * (part + 0.5) / parts
                values.append(place * (size(decade, bits) if size else 10.0 ** (decade - bits + 2)))
                if signed:
                    values.append(-values[-1])
        return torch.tensor(order(values) if order else sorted(values))

    return wrong


halves_each_time = map_with(
    middle_of=lambda part, parts: 0.5 + 0.5 * (part + 0.5) / parts,
    size=lambda decade, bits: 2.0 ** (decade - bits + 2),
)
shrinks_by_two = map_with(size=lambda decade, bits: 2.0 ** (decade - bits + 2))
takes_lower_ends = map_with(middle_of=lambda part, parts: 0.1 + 0.9 * part / parts)
takes_upper_ends = map_with(middle_of=lambda part, parts: 0.1 + 0.9 * (part + 1) / parts)
starts_decades_at_zero = map_with(middle_of=lambda part, parts: (part + 0.5) / parts)
cuts_by_ratio = map_with(middle_of=lambda part, parts: 10.0 ** ((part + 0.5) / parts - 1))
cuts_the_smallest_finest = map_with(
    parts_of=lambda decade, bits, signed: 2 ** (bits - 2 - decade if signed else bits - 1 - decade)
)
cuts_all_alike = map_with(parts_of=lambda decade, bits, signed: 2**bits // (bits - 1) // (2 if signed else 1))
forgets_the_spare_bit = map_with(parts_of=lambda decade, bits, signed: 2**decade)
doubles_both = map_with(parts_of=lambda decade, bits, signed: 2 ** (decade + 1))
cuts_one_more_each_time = map_with(parts_of=lambda decade, bits, signed: decade + 1 if signed else 2 * (decade + 1))
goes_a_decade_down = map_with(size=lambda decade, bits: 10.0 ** (decade - bits + 1))
adds_minus_one = map_with(first=lambda signed: [0.0, 1.0, -1.0] if signed else [0.0, 1.0])
takes_minus_one_for_zero = map_with(first=lambda signed: [-1.0, 1.0] if signed else [0.0, 1.0])
forgets_zero = map_with(first=lambda signed: [1.0])
forgets_one = map_with(first=lambda signed: [0.0])
leaves_them_unsorted = map_with(order=list)
sorts_by_size = map_with(order=lambda values: sorted(values, key=abs))


def never_goes_below_zero(signed, bits=8):
    values = [0.0, 1.0]
    for decade in range(bits - 1):
        parts = 2 ** (decade + 1)
        for part in range(parts):
            values.append((0.1 + 0.9 * (part + 0.5) / parts) * 10.0 ** (decade - bits + 2))
    return torch.tensor(sorted(values))


def always_has_signs(signed, bits=8):
    values = [0.0, 1.0]
    for decade in range(bits - 1):
        for part in range(2**decade):
            middle = (0.1 + 0.9 * (part + 0.5) / 2**decade) * 10.0 ** (decade - bits + 2)
            values += [middle, -middle]
    return torch.tensor(sorted(values))


def knows_eight_bits_only(signed, bits=8):
    values = [0.0, 1.0]
    for decade in range(7):
        parts = 2**decade if signed else 2 ** (decade + 1)
        for part in range(parts):
            values.append((0.1 + 0.9 * (part + 0.5) / parts) * 10.0 ** (decade - 6))
            if signed:
                values.append(-values[-1])
    return torch.tensor(sorted(values))
