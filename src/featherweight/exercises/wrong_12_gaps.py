"""Wrong answers of lesson 12 to relative indices, one function each. `gaps_12` says what is wrong."""


def gaps_with(entries, order=lambda mask: mask.flatten().tolist()):
    """`relative_indices` with other entries for a survivor, from (zeros before it, bits), or another order."""

    def wrong(mask, bits):
        gaps, zeros = [], 0
        for survives in order(mask):
            if survives:
                gaps += entries(zeros, bits)
            zeros = 0 if survives else zeros + 1
        return gaps

    return wrong


def filled(zeros, bits):
    filler = 2**bits - 1
    return [filler] * (zeros // filler) + [zeros % filler]


writes_long_gaps = gaps_with(lambda zeros, bits: [zeros])
clips_long_gaps = gaps_with(lambda zeros, bits: [min(zeros, 2**bits - 1)])
wraps_long_gaps = gaps_with(lambda zeros, bits: [zeros % 2**bits])
counts_from_one = gaps_with(lambda zeros, bits: filled(zeros + 1, bits))
counts_from_one_and_fills_like_the_paper = gaps_with(lambda z, bits: [2**bits] * (z // 2**bits) + [z % 2**bits + 1])
fills_with_a_place = gaps_with(lambda zeros, bits: [2**bits - 1] * (zeros // 2**bits) + [zeros % 2**bits])
fills_once = gaps_with(lambda z, bits: [2**bits - 1, z - 2**bits + 1] if z >= 2**bits - 1 else [z])
fills_afterwards = gaps_with(lambda zeros, bits: filled(zeros, bits)[::-1])
fills_with_zeros = gaps_with(lambda zeros, bits: [0] * (zeros // (2**bits - 1)) + [zeros % (2**bits - 1)])
takes_bits_for_the_largest = gaps_with(lambda zeros, bits: [bits] * (zeros // bits) + [zeros % bits])
reads_columns = gaps_with(
    filled, lambda mask: mask.T.flatten().tolist() if mask.dim() == 2 else mask.flatten().tolist()
)
counts_the_survivors = gaps_with(filled, lambda mask: [not survives for survives in mask.flatten().tolist()])


def starts_anew_in_each_row(mask, bits):
    filler, gaps = 2**bits - 1, []
    rows = mask.reshape(-1, mask.shape[-1]).tolist() if mask.numel() else []
    for row in rows:
        zeros = 0
        for survives in row:
            if survives:
                gaps += [filler] * (zeros // filler) + [zeros % filler]
            zeros = 0 if survives else zeros + 1
    return gaps


def never_starts_anew(mask, bits):
    filler, gaps, zeros = 2**bits - 1, [], 0
    for survives in mask.flatten().tolist():
        if survives:
            gaps += [filler] * (zeros // filler) + [zeros % filler]
        else:
            zeros += 1
    return gaps


def writes_places(mask, bits):
    return [place for place, survives in enumerate(mask.flatten().tolist()) if survives]


def leaves_out_the_first(mask, bits):
    places = [place for place, survives in enumerate(mask.flatten().tolist()) if survives]
    filler, gaps = 2**bits - 1, []
    for number in range(1, len(places)):
        zeros = places[number] - places[number - 1] - 1
        gaps += [filler] * (zeros // filler) + [zeros % filler]
    return gaps


def writes_the_first_place_whole(mask, bits):
    places = [place for place, survives in enumerate(mask.flatten().tolist()) if survives]
    filler, gaps = 2**bits - 1, places[:1]
    for number in range(1, len(places)):
        zeros = places[number] - places[number - 1] - 1
        gaps += [filler] * (zeros // filler) + [zeros % filler]
    return gaps


def starts_at_place_zero(mask, bits):
    filler, gaps, before = 2**bits - 1, [], 0
    for place, survives in enumerate(mask.flatten().tolist()):
        if survives:
            zeros = max(0, place - before - 1)
            gaps += [filler] * (zeros // filler) + [zeros % filler]
            before = place
    return gaps


def writes_trailing_zeros(mask, bits):
    filler, gaps, zeros = 2**bits - 1, [], 0
    for survives in mask.flatten().tolist():
        if survives:
            gaps += [filler] * (zeros // filler) + [zeros % filler]
        zeros = 0 if survives else zeros + 1
    return gaps + ([filler] * (zeros // filler) + [zeros % filler] if zeros else [])


def writes_trailing_fillers(mask, bits):
    filler, gaps, zeros = 2**bits - 1, [], 0
    for survives in mask.flatten().tolist():
        if survives:
            gaps.append(zeros)
            zeros = 0
        else:
            zeros += 1
            if zeros == filler:
                gaps.append(filler)
                zeros = 0
    return gaps


def uses_the_filler_as_a_gap(mask, bits):
    filler, gaps, zeros = 2**bits - 1, [], 0
    for survives in mask.flatten().tolist():
        if survives:
            while zeros > filler:
                gaps.append(filler)
                zeros -= filler
            gaps.append(zeros)
        zeros = 0 if survives else zeros + 1
    return gaps
