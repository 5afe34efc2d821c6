"""Wrong answers of lesson 9 to signs in bits and their product, one function each. `popcount_09` says what is wrong."""

import torch
import torch.nn.functional as F


def _packed_bits(bits, places):
    full = F.pad(bits.to(torch.uint8), (0, -bits.shape[1] % 8)).reshape(len(bits), -1, 8)
    return (full << places).sum(2).to(torch.uint8)


def signs_with(bits):
    """`pack_signs` with other bits, from x."""

    def wrong(x):
        return _packed_bits(bits(x), torch.arange(8))

    return wrong


takes_zero_for_negative = signs_with(lambda x: x > 0)
sets_negative_bits = signs_with(lambda x: x < 0)
sets_bits_up_to_zero = signs_with(lambda x: x <= 0)
reads_the_sign_bit = signs_with(lambda x: ~torch.signbit(x))
sets_bits_of_what_is_not_zero = signs_with(lambda x: x != 0)
sets_bits_above_the_mean = signs_with(lambda x: x >= x.mean())


def adds_up_signs(x):
    signs = F.pad(torch.where(x >= 0, 1, -1), (0, -x.shape[1] % 8)).reshape(len(x), -1, 8)
    return (signs << torch.arange(8)).sum(2).to(torch.uint8)


def starts_at_the_highest_bit(x):
    return _packed_bits(x >= 0, torch.arange(7, -1, -1))


def fills_up_with_ones(x):
    full = F.pad((x >= 0).to(torch.uint8), (0, -x.shape[1] % 8), value=1).reshape(len(x), -1, 8)
    return (full << torch.arange(8)).sum(2).to(torch.uint8)


def pads_rows_in_front(x):
    full = F.pad((x >= 0).to(torch.uint8), (-x.shape[1] % 8, 0)).reshape(len(x), -1, 8)
    return (full << torch.arange(8)).sum(2).to(torch.uint8)


def loses_the_rest_of_a_row(x):
    whole = x.shape[1] // 8
    bits = (x[:, : 8 * whole] >= 0).to(torch.uint8).reshape(len(x), whole, 8)
    return (bits << torch.arange(8)).sum(2).to(torch.uint8)


def views_eights(x):
    bits = (x >= 0).to(torch.uint8).view(len(x), -1, 8)
    return (bits << torch.arange(8)).sum(2).to(torch.uint8)


def packs_all_rows_in_one(x):
    return _packed_bits((x >= 0).reshape(1, -1), torch.arange(8))


def packs_columns(x):
    return _packed_bits((x >= 0).T, torch.arange(8))


def adds_a_byte_always(x):
    full = F.pad((x >= 0).to(torch.uint8), (0, 8 - x.shape[1] % 8)).reshape(len(x), -1, 8)
    return (full << torch.arange(8)).sum(2).to(torch.uint8)


def keeps_a_byte_for_each_sign(x):
    return (x >= 0).to(torch.uint8)


def counts_the_bits(x):
    full = F.pad((x >= 0).to(torch.uint8), (0, -x.shape[1] % 8)).reshape(len(x), -1, 8)
    return full.sum(2).to(torch.uint8)


def multiplies_the_places(x):
    full = F.pad((x >= 0).to(torch.uint8), (0, -x.shape[1] % 8)).reshape(len(x), -1, 8)
    return (full * 2 * torch.arange(8)).sum(2).to(torch.uint8)


def packs_wide(x):
    full = F.pad((x >= 0).to(torch.uint8), (0, -x.shape[1] % 8)).reshape(len(x), -1, 8)
    return (full << torch.arange(8)).sum(2)


def _ones(bytes_):
    return sum((bytes_ >> place) & 1 for place in range(8)).sum(2)


def product_with(combine):
    """`xnor_popcount_matmul` from (a and b, ready to meet, and count)."""

    def wrong(a, b, count):
        return combine(a[:, None], b, count).to(torch.int32)

    return wrong


counts_padding_as_agreement = product_with(lambda a, b, count: 2 * _ones(~(a ^ b)) - count)
takes_bytes_for_signs = product_with(lambda a, b, count: 8 * b.shape[1] - 2 * _ones(a ^ b))
counts_agreement_only = product_with(lambda a, b, count: count - _ones(a ^ b))
counts_difference_only = product_with(lambda a, b, count: _ones(a ^ b))
turns_the_sign_over = product_with(lambda a, b, count: 2 * _ones(a ^ b) - count)
multiplies_bits = product_with(lambda a, b, count: _ones(a & b))
takes_and_for_xnor = product_with(lambda a, b, count: 2 * _ones(a & b) - count)
takes_or_for_xor = product_with(lambda a, b, count: count - 2 * _ones(a | b))
adds_bytes = product_with(lambda a, b, count: count - 2 * (a ^ b).sum(2))
counts_bytes_that_differ = product_with(lambda a, b, count: count - 2 * (a != b).sum(2))
forgets_the_highest_bit = product_with(
    lambda a, b, count: count - 2 * sum(((a ^ b) >> place) & 1 for place in range(7)).sum(2)
)
forgets_to_mask = product_with(lambda a, b, count: count - 2 * sum((a ^ b) >> place for place in range(8)).sum(2))
counts_in_a_byte = product_with(
    lambda a, b, count: count - 2 * sum(((a ^ b) >> place) & 1 for place in range(8)).sum(2, dtype=torch.uint8).int()
)
multiplies_bytes = product_with(lambda a, b, count: (a.int() * b.int()).sum(2))


def stays_in_a_byte(a, b, count):
    ones = sum(((a[:, None] ^ b) >> place) & 1 for place in range(8)).sum(2, dtype=torch.uint8)
    return (count - 2 * ones).to(torch.int32)


def adds_up_the_rows(a, b, count):
    return (count - 2 * _ones(a[:, None] ^ b)).sum(1).to(torch.int32)


def pairs_row_with_row(a, b, count):
    rows = min(len(a), len(b))
    return (count - 2 * sum(((a[:rows] ^ b[:rows]) >> place) & 1 for place in range(8)).sum(1)).to(torch.int32)


def transposes(a, b, count):
    return (count - 2 * _ones(b[:, None] ^ a)).to(torch.int32)


def divides_by_the_count(a, b, count):
    return (count - 2 * _ones(a[:, None] ^ b)) / count


def returns_floats(a, b, count):
    return (count - 2 * _ones(a[:, None] ^ b)).float()


def returns_long(a, b, count):
    return count - 2 * _ones(a[:, None] ^ b)
