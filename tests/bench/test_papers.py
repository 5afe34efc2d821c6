"""Our numbers are those of the shipped files: change one there, and the row changes."""

import re
from dataclasses import replace

import pytest

from featherweight.artifact import champion_runs, lenet_runs
from featherweight.bench import papers as bench
from featherweight.bench.row import NOTHING
from featherweight.lab import coding_runs, distillation_runs, eight_runs, low_bit_runs, ticket_runs, unseen_runs


@pytest.fixture(scope="module")
def rows():
    return list(bench.paper_rows())


def test_every_row_is_compared_and_names_its_paper_or_its_control(rows):
    assert len({row.what for row in rows}) == len(rows) >= 20
    assert all(row.beside and row.ratio for row in rows)
    with_paper = [row for row in rows if "arXiv:" in row.beside]
    assert len(with_paper) >= 12
    assert all(re.search(r"arXiv:\d{4}\.\d{5}", row.beside) for row in with_paper)


def test_other_data_are_named_where_a_paper_s_number_is(rows):
    numbers = [row for row in rows if "arXiv:" in row.beside and "moments" not in row.what]
    assert all("ours on 3,500" in row.beside for row in numbers)


def test_pruning_reads_the_errors():
    found = coding_runs.load()
    whole = [50] * len(found.longer)
    worse = replace(found, longer=whole, pruned=found.pruned | {coding_runs.MAIN: [70] * len(whole)})
    factor, lost = bench.pruning_rows(worse)
    assert factor.measured == 12 and factor.verdict == "met"
    assert (lost.measured, lost.ratio.median, lost.verdict) == (2.0, 1.4, "falls short")


def test_a_ticket_is_the_smallest_that_is_no_worse():
    found = ticket_runs.load()
    ticket, dense = found.rows["ticket"], found.rows["dense"]
    rows = {
        "dense": replace(dense, test=[[50]] * 2),
        "ticket": replace(ticket, rounds=(0, 1, 2, 3), test=[[50, 40, 49, 60], [50, 60, 50, 60]]),
    }
    smallest, mask = bench.ticket_rows(replace(found, rows=rows))
    assert smallest.measured == pytest.approx(100 * found.kept[2]) and smallest.verdict == "falls short"
    assert mask.at_least and mask.allowed == 86


def test_a_mask_is_chosen_on_validation_digits():
    rows = [[(10, 900), (5, 300)], [(10, 900), (6, 200)]]
    assert bench._best_mask(rows) == [300, 200]


def test_bits_read_the_errors():
    eight, low = eight_runs.load(), low_bit_runs.load()
    worse = replace(eight, networks={"N": {"float32": [10, 10], "per channel": [30, 40], "integers": [40, 50]}})
    one, moments, *_ = bench.bit_rows(worse, low)
    assert one.what.startswith("N in 8 bits") and one.measured == 3.5 and one.verdict == "falls short"
    assert moments.measured == eight.bytes_per_parameter and moments.verdict == NOTHING


def test_a_teacher_s_worth_is_that_of_the_chosen_temperature():
    found = distillation_runs.load()
    temperature, weight = found.chosen
    good = replace(found, labels=[100] * 5, scarce=found.scarce | {f"{temperature:g} {weight:.1f}": [40] * 5})
    taught, _ = bench.teacher_rows(good, unseen_runs.load())
    assert (taught.measured, taught.ratio.median, taught.verdict) == (40, 0.4, "met")


def test_unseen_digits_count_all_errors():
    row = unseen_runs.Row(missed=[[5, 6]], lost=[[10, 20]], named=[], count=100, chosen=0.0)
    assert bench._wrong(row, 0.0) == [15, 26]


def test_files_are_those_of_the_runs():
    found = coding_runs.load()
    twice = replace(found, sizes={name: [2 * size for size in sizes] for name, sizes in found.sizes.items()})
    files = [row.measured for row in bench.coding_rows(found) if row.unit == "×"]
    assert [row.measured for row in bench.coding_rows(twice) if row.unit == "×"] == pytest.approx(
        [size / 2 for size in files]
    )


def test_champions_are_those_of_the_files():
    lenet = lenet_runs.load()
    large = replace(lenet, entry=replace(lenet.entry, size=[lenet_runs.DENSE_BYTES // 60] * 10))
    size, *_ = bench.champion_rows(large, champion_runs.load())
    assert size.measured == pytest.approx(60, rel=1e-3) and size.verdict == "falls short"
