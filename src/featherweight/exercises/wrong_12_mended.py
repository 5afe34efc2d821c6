"""Wrong answers of lesson 12 to counting a layer's bytes, one function each. `mended_12` says what is wrong."""

import math


def handed_over(gaps, gap_bits, indices, code, centroids):
    counts = 2 * 4
    values = sum(len(code[index]) for index in indices)
    return counts + -(-values // 8)


def bytes_with(no_positions=False, no_table=False, no_codebook=False):
    """`stored_bytes` without some of its parts."""

    def wrong(gaps, gap_bits, indices, code, centroids):
        positions = 0 if no_positions else -(-len(gaps) * gap_bits // 8)
        values = -(-sum(len(code[index]) for index in indices) // 8)
        table = 0 if no_table else len(code)
        codebook = 0 if no_codebook else centroids.numel() * centroids.element_size()
        return 8 + positions + values + table + codebook

    return wrong


def whole(gap_bits_in_all, value_bits, code, centroids):
    codebook = centroids.numel() * centroids.element_size()
    return 8 - (-gap_bits_in_all // 8) - (-value_bits // 8) + len(code) + codebook


def counts_no_counts(gaps, gap_bits, indices, code, centroids):
    values = sum(len(code[index]) for index in indices)
    return whole(len(gaps) * gap_bits, values, code, centroids) - 8


def rounds_all_together(gaps, gap_bits, indices, code, centroids):
    bits = len(gaps) * gap_bits + sum(len(code[index]) for index in indices)
    return 8 - (-bits // 8) + len(code) + centroids.numel() * centroids.element_size()


def rounds_down(gaps, gap_bits, indices, code, centroids):
    values = sum(len(code[index]) for index in indices)
    codebook = centroids.numel() * centroids.element_size()
    return 8 + len(gaps) * gap_bits // 8 + values // 8 + len(code) + codebook


def rounds_each_code(gaps, gap_bits, indices, code, centroids):
    values = sum(8 * -(-len(code[index]) // 8) for index in indices)
    return whole(len(gaps) * gap_bits, values, code, centroids)


def takes_bits_for_bytes(gaps, gap_bits, indices, code, centroids):
    values = sum(len(code[index]) for index in indices)
    return 8 + len(gaps) * gap_bits + values + len(code) + centroids.numel() * centroids.element_size()


def leaves_out_fillers(gaps, gap_bits, indices, code, centroids):
    values = sum(len(code[index]) for index in indices)
    return whole(len(indices) * gap_bits, values, code, centroids)


def takes_positions_whole(gaps, gap_bits, indices, code, centroids):
    values = sum(len(code[index]) for index in indices)
    return whole(32 * len(gaps), values, code, centroids)


def forgets_the_code(gaps, gap_bits, indices, code, centroids):
    width = math.ceil(math.log2(len(code))) if code else 0
    return whole(len(gaps) * gap_bits, width * len(indices), code, centroids)


def takes_the_mean_length(gaps, gap_bits, indices, code, centroids):
    used = [len(bits) for bits in code if bits]
    values = math.ceil(len(indices) * sum(used) / len(used))
    return whole(len(gaps) * gap_bits, values, code, centroids)


def takes_the_entropy(gaps, gap_bits, indices, code, centroids):
    counts = [indices.count(symbol) for symbol in range(len(code))]
    values = sum(count * math.log2(len(indices) / count) for count in counts if count)
    return whole(len(gaps) * gap_bits, math.ceil(values), code, centroids)


def writes_the_codes_for_a_table(gaps, gap_bits, indices, code, centroids):
    values = sum(len(code[index]) for index in indices)
    table = -(-sum(len(bits) for bits in code) // 8)
    return whole(len(gaps) * gap_bits, values, code, centroids) - len(code) + table


def leaves_unused_symbols_out(gaps, gap_bits, indices, code, centroids):
    values = sum(len(code[index]) for index in indices)
    return whole(len(gaps) * gap_bits, values, code, centroids) - code.count("")


def takes_four_bytes_each(gaps, gap_bits, indices, code, centroids):
    values = sum(len(code[index]) for index in indices)
    positions = -(-len(gaps) * gap_bits // 8)
    return 8 + positions - (-values // 8) + len(code) + 4 * centroids.numel()


def counts_entries_of_the_codebook(gaps, gap_bits, indices, code, centroids):
    values = sum(len(code[index]) for index in indices)
    return 8 - (-len(gaps) * gap_bits // 8) - (-values // 8) + len(code) + centroids.numel()


def stores_used_centroids_only(gaps, gap_bits, indices, code, centroids):
    values = sum(len(code[index]) for index in indices)
    unused = code.count("") * centroids.element_size()
    return whole(len(gaps) * gap_bits, values, code, centroids) - unused


def gives_a_fraction(gaps, gap_bits, indices, code, centroids):
    bits = len(gaps) * gap_bits + sum(len(code[index]) for index in indices)
    return 8 + bits / 8 + len(code) + centroids.numel() * centroids.element_size()


def stores_no_weight_at_all(gaps, gap_bits, indices, code, centroids):
    return whole(len(gaps) * gap_bits, 0, code, centroids)
