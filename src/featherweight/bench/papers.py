"""What the runs that ship with the book reached, beside what the papers report: other data, and often another network.

Our numbers are read from the shipped files, by their own loaders; each of these names the command that makes it again.
The papers' numbers are typed here, with their source. A goal is the paper's own factor, or the championship's margin of
one point; where the paper measured on something else, the row says on what.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import fmean

from featherweight.artifact import champion_runs, lenet_runs
from featherweight.bench.repeats import Ratio, ratio
from featherweight.bench.row import Row
from featherweight.lab import coding_runs, distillation_runs, eight_runs, low_bit_runs, ticket_runs, unseen_runs
from featherweight.lab.data import mnist5k

__all__ = ["paper_rows"]

MARGIN = 1.0  # point of accuracy, the championship's
FULL = "on 60,000 MNIST digits, ours on 3,500"
IMAGENET = "on ImageNet, ours on 3,500 MNIST digits"
HINTON = "Hinton et al., arXiv:1503.02531"


def paper_rows() -> Iterator[Row]:
    """Every comparison, in the order of the lessons."""
    yield from pruning_rows(coding_runs.load())
    yield from ticket_rows(ticket_runs.load())
    yield from bit_rows(eight_runs.load(), low_bit_runs.load())
    yield from teacher_rows(distillation_runs.load(), unseen_runs.load())
    yield from coding_rows(coding_runs.load())
    yield from champion_rows(lenet_runs.load(), champion_runs.load())


def pruning_rows(found: coding_runs.Results) -> Iterator[Row]:
    """A twelfth of the weights."""
    times = round(1 / (1 - coding_runs.KEPT[coding_runs.MAIN]), 6)
    paper, what = f"Han et al., arXiv:1506.02626: 12 × {FULL}", "LeNet-300-100 pruned while it trains"
    yield _factor(f"{what}: weights, times fewer", times, 12, paper)
    paper = f"the same network unpruned, trained as long; theirs lost −0.05 points {FULL}"
    yield _points(f"{what}: accuracy lost", found.pruned[coding_runs.MAIN], found.longer, paper)


def ticket_rows(found: ticket_runs.Results) -> Iterator[Row]:
    """The smallest ticket that is no worse than the whole network, and the best mask of untrained weights."""
    whole = fmean(found.rows["dense"].test[seed][0] for seed in range(len(found.rows["dense"].test)))
    row = found.rows["ticket"]
    kept = [
        found.kept[place]
        for column, place in enumerate(row.rounds)
        if fmean(errors[column] for errors in row.test) <= whole
    ]
    paper = f"Frankle & Carbin, arXiv:1803.03635: under 10 to 20 % {FULL}"
    yield Row(
        "smallest lottery ticket of LeNet-300-100 no worse than the whole network, on average",
        100 * min(kept), "% of the weights", 20, beside=paper, ratio=ratio(100 * min(kept), 20),
    )  # fmt: skip
    right = 100 - _percent(min((_best_mask(rows) for rows in found.supermasks.values()), key=fmean))
    paper = f"Zhou et al., arXiv:1905.01067: 86 % {FULL}"
    yield Row(
        "best supermask on untrained weights, LeNet-300-100: digits right",
        right, "%", 86, at_least=True, beside=paper, ratio=ratio(right, 86.0),
    )  # fmt: skip


def bit_rows(eight: eight_runs.Results, low: low_bit_runs.Results) -> Iterator[Row]:
    """Eight bits and one bit."""
    for name in eight.networks:
        rounded = eight.networks[name].get("integers", eight.networks[name]["per channel"])
        paper = f'the same in float32; Jacob et al., arXiv:1712.05877: "close to" it {IMAGENET}'
        yield _points(
            f"{name} in 8 bits, rounded after training: accuracy lost", rounded, eight.networks[name]["float32"], paper
        )
    per = eight.bytes_per_parameter
    paper = "in float32, 8 bytes; Dettmers et al., arXiv:2110.02861: 8 bits for each of the two"
    why = "decided by the format: codes, and a scale for each block"
    yield Row("Adam's two moments in 8 bits, for a parameter", per, "bytes", beside=paper, ratio=ratio(per, 8), why=why)
    paper = f"the same in float32, trained as long; XNOR-Net, arXiv:1603.05279: AlexNet 2.9 points {IMAGENET}"
    yield _points("LeNet-300-100 in 1 bit, retrained: accuracy lost", low.rows["1 bit"].retrained, low.longer, paper)
    four, paper = low.rows["4 bits, largest"].retrained, "the same in float32, trained as long"
    yield _points("LeNet-300-100 in 4 bits, retrained: accuracy lost", four, low.longer, paper)


def teacher_rows(found: distillation_runs.Results, unseen: unseen_runs.Results) -> Iterator[Row]:
    """A student with few labels, and a digit it never sees."""
    temperature, weight = found.chosen
    taught = found.scarce[f"{temperature:g} {weight:.1f}"]
    paper = f"labels alone, {fmean(found.labels):.3g}; {HINTON}: 74 of 146, 0.51 ×, {FULL}, another network"
    share = _shares(taught, found.labels)
    yield Row(
        "a student of LeNet-300-100 with 200 labels and a teacher: errors in 1,000", fmean(taught), "errors",
        round(74 / 146, 2), of_ratio=True, beside=paper, ratio=share,
    )  # fmt: skip
    row = unseen.rows[unseen_runs.HINTON]
    before, after = (_wrong(row, bias) for bias in (0.0, row.chosen))
    paper = f"before it, {fmean(before):.3g}; {HINTON}: 109 of 206, 0.53 ×, {FULL}"
    yield Row(
        "a student that never saw a 3, one bias mended: errors in 1,000", fmean(after), "errors",
        round(109 / 206, 2), of_ratio=True, beside=paper, ratio=_shares(after, before),
    )  # fmt: skip


def coding_rows(found: coding_runs.Results) -> Iterator[Row]:
    """Deep Compression: pruned, shared, coded."""
    dense = sum(found.files["all"]["float32"].parts["fixed width"])
    what = "LeNet-300-100 pruned, shared and coded"
    paper = f"Han et al., arXiv:1510.00149: 40 × {FULL}"
    for coding in ("Huffman", "arithmetic", ".fw"):
        name = f"as a {coding} file" if coding == ".fw" else f"{coding} code"
        yield _factor(f"{what}, {name}: file, times smaller", dense / fmean(found.sizes[coding]), 40, paper)
    paper = f"the same network unpruned, trained as long; Han et al.: none lost {FULL}"
    yield _points(
        f"{what}: accuracy lost", found.shared[coding_runs.MAIN][str(found.chosen)].after, found.longer, paper
    )


def champion_rows(lenet: lenet_runs.Results, champions: dict[str, champion_runs.Row]) -> Iterator[Row]:
    """The entry of the championship, and the book's smallest files."""
    times = lenet_runs.DENSE_BYTES / fmean(lenet.entry.size)
    paper = f"Han et al., arXiv:1510.00149: 40 × {FULL}"
    what = "LeNet-300-100, the book's entry"
    yield Row(
        f"{what}: file, times smaller", times, "×", lenet_runs.TIMES, at_least=True, beside=paper,
        ratio=ratio(times, 40),
    )  # fmt: skip
    yield _points(f"{what}: accuracy lost", lenet.entry.errors, lenet.dense.errors, "the dense network, ten seeds")
    for name, row in champions.items():
        beside = f"as many seeds with all bits, {_percent(row.whole):.3g} % wrong; no paper's data are like it"
        yield Row(
            f"the {name} ({fmean(row.size):,.0f} bytes): digits wrong", _percent(row.errors), "%", beside=beside,
            ratio=_shares(row.errors, row.whole), why="a network of its own, made for its bytes",
        )  # fmt: skip


def _factor(what: str, times: float, paper: float, beside: str) -> Row:
    """Times fewer or smaller; the paper's own factor is the goal."""
    return Row(what, times, "×", paper, at_least=True, beside=beside, ratio=ratio(times, paper))


def _points(what: str, mine: Sequence[int], whole: Sequence[int], beside: str) -> Row:
    """Points of accuracy that are lost, on average over the seeds; the ratio is that of the errors, seed by seed."""
    lost = _percent(mine) - _percent(whole)
    seeds = f"{_percent(whole):.3g} % wrong, {len(mine)} seeds"
    return Row(what, round(lost, 6), "points", MARGIN, beside=f"{beside}: {seeds}", ratio=_shares(mine, whole))


def _percent(errors: Sequence[int]) -> float:
    """Mean share of wrong test digits."""
    return 100 * fmean(errors) / len(mnist5k().test_labels)


def _shares(mine: Sequence[int], theirs: Sequence[int]) -> Ratio:
    """Seed by seed; where their seeds are more, the first of them."""
    return ratio(list(mine), list(theirs[: len(mine)]))


def _wrong(row: unseen_runs.Row, bias: float) -> list[int]:
    """Errors on all test digits for each seed."""
    place = unseen_runs.BIASES.index(bias)
    return [missed + lost for missed, lost in zip(row.missed[place], row.lost[place], strict=True)]


def _best_mask(rows: Sequence[Sequence[Sequence[int]]]) -> list[int]:
    """Test errors for each seed, at the round with the fewest validation errors over all seeds."""
    rounds = range(len(rows[0]))
    best = min(rounds, key=lambda place: sum(seed[place][0] for seed in rows))
    return [seed[best][1] for seed in rows]
