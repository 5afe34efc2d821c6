"""Every form stands beside the dense one of its library, and a goal holds where it was set for."""

import pytest
import torch

from featherweight.bench import forms as made
from featherweight.bench import inference as bench
from featherweight.errors import FeatherweightError

pytestmark = pytest.mark.slow
SMALL = {"small layer": (64, 64), "small network": (24, 32, 10)}
NAMES = (
    *(made.DENSE, made.HALF, made.MASKED, *map(made.csr_name, made.DENSITIES)),
    *(made.DENSE_ORT, made.EIGHT_ORT, made.EIGHT, made.FOUR, made.ONE),
)


@pytest.fixture(scope="module")
def rows():
    return {row.what: row for row in bench.form_rows(SMALL, rounds=2, layer=32)}


def test_every_form_has_a_time_in_both_workloads_and_batches(rows):
    for what in SMALL:
        for batch in (1, 64):
            times = {name: rows[f"{what}, batch {batch}: {name}"] for name in NAMES}
            assert all(row.measured > 0 and row.unit == "ms" for row in times.values())
            assert [name for name, row in times.items() if row.ratio is None] == [made.DENSE]
            assert times[made.EIGHT_ORT].beside.startswith(made.DENSE_ORT)
            assert all(row.ratio.repeats == 2 for name, row in times.items() if name != made.DENSE)


def test_goals_hold_at_batch_64_only(rows):
    judged = {what for what, row in rows.items() if row.allowed is not None}
    assert judged == {f"{what}, batch 64: {name}" for what in SMALL for name in bench.GOALS}


def test_every_compressed_form_has_its_bytes(rows):
    sizes = [row for what, row in rows.items() if what.startswith("small network, file: ")]
    assert len(sizes) == len(NAMES) - 3 and all(row.unit == "bytes" and row.measured > 0 for row in sizes)


def test_where_csr_becomes_faster_is_of_both_batches(rows):
    assert [row.unit for what, row in rows.items() if "CSR is faster up to" in what] == ["% not zero"] * 2


@pytest.mark.parametrize(("judged", "verdict"), [(True, "falls short"), (False, "–")])
def test_ratios_are_of_the_same_round(judged, verdict):
    times = {made.DENSE: [0.001, 0.002], made.HALF: [0.0008, 0.0014], made.DENSE_ORT: [0.001, 0.002]}
    _, half, _ = bench.time_rows("layer", times, judged)
    assert half.measured == pytest.approx(0.8) and half.beside == f"{made.DENSE}, 1 ms"
    assert half.ratio.median == pytest.approx(0.75) and half.verdict == verdict


def test_a_wrong_form_is_not_timed(monkeypatch):
    def broken(network, inputs):
        form = made.Form(lambda: torch.zeros(1), torch.ones(1), 0.1, 1)
        return {made.DENSE: form}

    monkeypatch.setattr(bench.made, "forms", broken)
    with pytest.raises(FeatherweightError, match="a wrong product is not timed"):
        list(bench.form_rows(SMALL, rounds=1))


def test_threads_are_put_back():
    before = torch.get_num_threads()
    list(bench.form_rows({"tiny": (16, 16)}, rounds=1, layer=16))
    assert torch.get_num_threads() == before
