"""Wrong answers of lesson 12 to Huffman's code, one function each. `codes_12` says what is wrong."""

import math


def add(one, other):
    return one + other


def rarest_last(nodes):
    return sorted(nodes, key=lambda node: -node[0])


def in_front(bit, bits):
    return bit + bits


def rarest_first(nodes):
    return sorted(nodes, key=lambda node: node[0])


def first_symbols_last(nodes):
    return sorted(nodes, key=lambda node: -node[1][0])


def code_with(join=add, line=rarest_last, put=in_front):
    """`huffman_code` with another count for a joined pair, another order of the line, or bits put elsewhere."""

    def wrong(counts):
        nodes = [(count, [symbol]) for symbol, count in enumerate(counts) if count > 0]
        code = ["0" if len(nodes) == 1 and count > 0 else "" for count in counts]
        while len(nodes) > 1:
            nodes = line(nodes)
            (one, zeros), (other, ones) = nodes.pop(), nodes.pop()
            for bit, symbols in (("0", zeros), ("1", ones)):
                for symbol in symbols:
                    code[symbol] = put(bit, code[symbol])
            nodes.append((join(one, other), zeros + ones))
        return code

    return wrong


joins_the_most_frequent = code_with(line=rarest_first)
puts_bits_behind = code_with(put=lambda bit, bits: bits + bit)
gives_both_the_same_bit = code_with(put=lambda bit, bits: "0" + bits)
takes_the_larger_count = code_with(join=lambda one, other: one if one > other else other)
multiplies_the_counts = code_with(join=lambda one, other: one * other)
compares_symbols = code_with(line=first_symbols_last)
never_sorts = code_with(line=lambda nodes: nodes)


def sorts_once(counts):
    nodes = sorted((count, [symbol]) for symbol, count in enumerate(counts) if count > 0)
    code = ["0" if len(nodes) == 1 and count > 0 else "" for count in counts]
    while len(nodes) > 1:
        (one, zeros), (other, ones) = nodes.pop(0), nodes.pop(0)
        for symbol in zeros:
            code[symbol] = "0" + code[symbol]
        for symbol in ones:
            code[symbol] = "1" + code[symbol]
        nodes.append((one + other, zeros + ones))
    return code


def gives_one_symbol_nothing(counts):
    nodes = [(count, [symbol]) for symbol, count in enumerate(counts) if count > 0]
    code = [""] * len(counts)
    while len(nodes) > 1:
        nodes.sort(key=lambda node: -node[0])
        (one, zeros), (other, ones) = nodes.pop(), nodes.pop()
        for symbol in zeros:
            code[symbol] = "0" + code[symbol]
        for symbol in ones:
            code[symbol] = "1" + code[symbol]
        nodes.append((one + other, zeros + ones))
    return code


def codes_what_never_occurs(counts):
    nodes = [(count, [symbol]) for symbol, count in enumerate(counts)]
    code = ["0" if len(nodes) == 1 else ""] * len(counts)
    while len(nodes) > 1:
        nodes.sort(key=lambda node: -node[0])
        (one, zeros), (other, ones) = nodes.pop(), nodes.pop()
        for symbol in zeros:
            code[symbol] = "0" + code[symbol]
        for symbol in ones:
            code[symbol] = "1" + code[symbol]
        nodes.append((one + other, zeros + ones))
    return code


def needs_a_symbol(counts):
    nodes = [(count, [symbol]) for symbol, count in enumerate(counts) if count > 0]
    code = [""] * len(counts)
    if len(nodes) == 1:
        code[nodes[0][1][0]] = "0"
    while nodes[0][0] < sum(counts):
        nodes.sort(key=lambda node: node[0])
        (one, zeros), (other, ones) = nodes.pop(0), nodes.pop(0)
        for symbol in zeros:
            code[symbol] = "0" + code[symbol]
        for symbol in ones:
            code[symbol] = "1" + code[symbol]
        nodes.insert(0, (one + other, zeros + ones))
    return code


def keeps_the_order_of_counts(counts):
    nodes = [(count, [symbol]) for symbol, count in enumerate(counts) if count > 0]
    code = ["0" if len(nodes) == 1 and count > 0 else "" for count in counts]
    while len(nodes) > 1:
        nodes.sort(key=lambda node: -node[0])
        (one, zeros), (other, ones) = nodes.pop(), nodes.pop()
        for symbol in zeros:
            code[symbol] = "0" + code[symbol]
        for symbol in ones:
            code[symbol] = "1" + code[symbol]
        nodes.append((one + other, zeros + ones))
    return sorted(code, key=len)


def leaves_out_what_never_occurs(counts):
    nodes = [(count, [symbol]) for symbol, count in enumerate(counts) if count > 0]
    code = ["0" if len(nodes) == 1 and count > 0 else "" for count in counts]
    while len(nodes) > 1:
        nodes.sort(key=lambda node: -node[0])
        (one, zeros), (other, ones) = nodes.pop(), nodes.pop()
        for symbol in zeros:
            code[symbol] = "0" + code[symbol]
        for symbol in ones:
            code[symbol] = "1" + code[symbol]
        nodes.append((one + other, zeros + ones))
    return [bits for bits in code if bits]


def returns_lengths(counts):
    nodes = [(count, [symbol]) for symbol, count in enumerate(counts) if count > 0]
    lengths = [1 if len(nodes) == 1 and count > 0 else 0 for count in counts]
    while len(nodes) > 1:
        nodes.sort(key=lambda node: -node[0])
        (one, zeros), (other, ones) = nodes.pop(), nodes.pop()
        for symbol in zeros + ones:
            lengths[symbol] += 1
        nodes.append((one + other, zeros + ones))
    return lengths


def returns_a_dict(counts):
    nodes = [(count, [symbol]) for symbol, count in enumerate(counts) if count > 0]
    code = {symbol: "0" if len(nodes) == 1 else "" for _, (symbol,) in nodes}
    while len(nodes) > 1:
        nodes.sort(key=lambda node: -node[0])
        (one, zeros), (other, ones) = nodes.pop(), nodes.pop()
        for symbol in zeros:
            code[symbol] = "0" + code[symbol]
        for symbol in ones:
            code[symbol] = "1" + code[symbol]
        nodes.append((one + other, zeros + ones))
    return code


def loses_the_first_bit(counts):
    nodes = [(count, [symbol]) for symbol, count in enumerate(counts) if count > 0]
    code = ["0" if len(nodes) == 1 and count > 0 else "" for count in counts]
    while len(nodes) > 2:
        nodes.sort(key=lambda node: -node[0])
        (one, zeros), (other, ones) = nodes.pop(), nodes.pop()
        for symbol in zeros:
            code[symbol] = "0" + code[symbol]
        for symbol in ones:
            code[symbol] = "1" + code[symbol]
        nodes.append((one + other, zeros + ones))
    return code


def splits_from_the_top(counts):
    used = sorted((symbol for symbol, count in enumerate(counts) if count), key=lambda symbol: -counts[symbol])
    code = ["0" if used == [symbol] else "" for symbol in range(len(counts))]
    parts = [used]
    while parts:
        part = parts.pop()
        if len(part) < 2:
            continue
        total, half = sum(counts[symbol] for symbol in part), 0
        best, cut = math.inf, 1
        for place in range(1, len(part)):
            half += counts[part[place - 1]]
            if abs(total - 2 * half) < best:
                best, cut = abs(total - 2 * half), place
        for symbol in part:
            code[symbol] += "0" if symbol in part[:cut] else "1"
        parts += [part[:cut], part[cut:]]
    return code


def rounds_each_length_up(counts):
    total = sum(counts)
    lengths = [max(1, math.ceil(math.log2(total / count))) if count else 0 for count in counts]
    code, value, before = [""] * len(counts), 0, 0
    for length, symbol in sorted((length, symbol) for symbol, length in enumerate(lengths) if length):
        value <<= length - before
        code[symbol] = f"{value:0{length}b}"
        value, before = value + 1, length
    return code


def gives_all_the_same_length(counts):
    used = [symbol for symbol, count in enumerate(counts) if count]
    bits = max(1, math.ceil(math.log2(max(1, len(used)))))
    return [f"{used.index(symbol):0{bits}b}" if count else "" for symbol, count in enumerate(counts)]


def counts_up_in_ones(counts):
    used = sorted((symbol for symbol, count in enumerate(counts) if count), key=lambda symbol: -counts[symbol])
    return ["1" * used.index(symbol) + "0" if count else "" for symbol, count in enumerate(counts)]


def gives_the_shortest_texts(counts):
    used = sorted((symbol for symbol, count in enumerate(counts) if count), key=lambda symbol: -counts[symbol])
    return [f"{used.index(symbol) + 2:b}"[1:] if count else "" for symbol, count in enumerate(counts)]
