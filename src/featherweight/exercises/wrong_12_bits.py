"""Wrong answers of lesson 12 to reading codes in a row, one function each. `codes_12` says what is wrong."""


def reads_padding(bits, code, count):
    symbols = {own: symbol for symbol, own in enumerate(code) if own}
    found, read = [], ""
    for bit in bits:
        read += bit
        if read in symbols:
            found.append(symbols[read])
            read = ""
    return found


def strips_padding_by_its_look(bits, code, count):
    symbols = {own: symbol for symbol, own in enumerate(code) if own}
    found, read = [], ""
    for bit in bits.rstrip("0"):
        read += bit
        if read in symbols:
            found.append(symbols[read])
            read = ""
    return found


def behind(read, bit):
    return read + bit


def at_the_count(found, count):
    return len(found) == count


def the_symbol(read, symbol):
    return symbol


def read_with(step=behind, enough=at_the_count, keep=the_symbol):
    """`decode_bits` with bits joined otherwise, another end, or something else kept of a code."""

    def wrong(bits, code, count):
        symbols = {own: symbol for symbol, own in enumerate(code) if own}
        found, read = [], ""
        for bit in bits:
            if enough(found, count):
                break
            read = step(read, bit)
            if read in symbols:
                found.append(keep(read, symbols[read]))
                read = ""
        return found

    return wrong


reads_one_more = read_with(enough=lambda found, count: len(found) > count)
reads_one_less = read_with(enough=lambda found, count: len(found) >= count - 1)
reads_backwards = read_with(step=lambda read, bit: bit + read)
swaps_the_bits = read_with(step=lambda read, bit: read + "10"[int(bit)])
returns_the_codes = read_with(keep=lambda read, symbol: read)
returns_their_lengths = read_with(keep=lambda read, symbol: len(read))
returns_texts = read_with(keep=lambda read, symbol: str(symbol))
numbers_from_one = read_with(keep=lambda read, symbol: symbol + 1)


def never_empties_what_it_read(bits, code, count):
    symbols = {own: symbol for symbol, own in enumerate(code) if own}
    found, read = [], ""
    for bit in bits:
        if len(found) == count:
            break
        read += bit
        if read in symbols:
            found.append(symbols[read])
    return found


def renumbers_the_symbols(bits, code, count):
    used = [own for own in code if own]
    found, read = [], ""
    for bit in bits:
        if len(found) == count:
            break
        read += bit
        if read in used:
            found.append(used.index(read))
            read = ""
    return found


def stops_after_so_many_bits(bits, code, count):
    symbols = {own: symbol for symbol, own in enumerate(code) if own}
    found, read = [], ""
    for bit in bits[:count]:
        read += bit
        if read in symbols:
            found.append(symbols[read])
            read = ""
    return found


def matches_empty_codes(bits, code, count):
    found = []
    while len(found) < count:
        for symbol, own in enumerate(code):
            if bits.startswith(own):
                found.append(symbol)
                bits = bits[len(own) :]
                break
    return found


def reads_pieces_of_one_length(bits, code, count):
    symbols = {own: symbol for symbol, own in enumerate(code)}
    width = max(map(len, code))
    return [symbols[bits[width * place : width * (place + 1)]] for place in range(count)]


def takes_codes_for_numbers(bits, code, count):
    symbols = {int(own, 2): symbol for symbol, own in enumerate(code) if own}
    found, read = [], ""
    for bit in bits:
        if len(found) == count:
            break
        read += bit
        if int(read, 2) in symbols:
            found.append(symbols[int(read, 2)])
            read = ""
    return found


def starts_anew_in_each_byte(bits, code, count):
    symbols = {own: symbol for symbol, own in enumerate(code) if own}
    found = []
    for start in range(0, len(bits), 8):
        read = ""
        for bit in bits[start : start + 8]:
            if len(found) == count:
                break
            read += bit
            if read in symbols:
                found.append(symbols[read])
                read = ""
    return found


def starts_from_the_end(bits, code, count):
    symbols = {own: symbol for symbol, own in enumerate(code) if own}
    found, read = [], ""
    for bit in reversed(bits):
        if len(found) == count:
            break
        read += bit
        if read in symbols:
            found.append(symbols[read])
            read = ""
    return found
