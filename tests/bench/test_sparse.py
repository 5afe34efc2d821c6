"""Only forms that agree are timed, and the rows say what was measured."""

import pytest
import torch

from featherweight.bench import sparse as bench
from featherweight.errors import FeatherweightError
from featherweight.lab.sparse_speed import DENSITIES, Times, compressed


def test_the_forms_agree():
    bench.check_equal(64)


def test_a_product_that_is_off_is_caught():
    with pytest.raises(FeatherweightError, match=r"^CSR: differs from the dense layer by .* Mend it"):
        bench.check_equal(64, compressed=lambda weight: compressed(1.01 * weight))


def test_ratios_and_break_even():
    times = Times(2.0, 1.0, tuple(10 * density for density in DENSITIES), (2.0,) * len(DENSITIES))
    rows = {row.what: row for row in bench._rows("layer", times)}
    assert rows["layer: masked ÷ dense"].measured == 1
    assert rows["layer: half the neurons ÷ dense"].measured == 0.5 and rows["layer: half the neurons ÷ dense"].within
    assert rows["layer: CSR, 5% not zero"].measured == 0.5
    assert rows["layer: CSR is faster up to"].measured == pytest.approx(20)


def test_both_batches_and_the_processor_are_shown(monkeypatch):
    monkeypatch.setattr(bench.sparse_speed, "times", lambda *_, **__: Times(1, 1, (1.0,) * 12, (1.0,) * 12))
    before = torch.get_num_threads()
    rows = list(bench.sparse_rows(size=16, rounds=1))
    assert [sum(f"batch {batch}:" in row.what for row in rows) for batch in (1, 64)] == [10, 10]
    assert rows[-1].note == bench.sparse_speed.machine() and torch.get_num_threads() == before
