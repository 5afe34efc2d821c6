"""Only forms that compute what they stand for are timed, and the rows say what was measured."""

import pytest
import torch

from featherweight.bench import low_bits as bench
from featherweight.errors import FeatherweightError


def test_every_form_computes_what_it_stands_for():
    bench.check_equal(*bench.drawn(64))


@pytest.mark.parametrize("name", [*bench.OFF, *bench.SIGNS])
def test_a_form_that_is_off_is_caught(name):
    def broken(layer, inputs):
        actions = bench.forms(layer, inputs)
        return actions | {name: lambda: torch.zeros(64, 64, dtype=torch.int32)}

    with pytest.raises(FeatherweightError, match=f"^{name}: differs from the .* Mend it"):
        bench.check_equal(*bench.drawn(64), made=broken)


def test_both_batches_ratios_bytes_and_the_processor_are_shown(monkeypatch):
    def steady(actions, rounds):
        return dict.fromkeys(actions, 0.002) | {"fp32, ONNX Runtime": 0.004}

    monkeypatch.setattr(bench, "fastest", steady)
    before = torch.get_num_threads()
    rows = {row.what: row for row in bench.low_bit_rows(size=64, rounds=1)}
    for batch in (1, 64):
        assert rows[f"64² layer, batch {batch}: fp32, torch"].measured == 2
        assert rows[f"64² layer, batch {batch}: ONNX Runtime, int8 ÷ fp32"].measured == 0.5
    assert rows["64² layer, batch 64: ONNX Runtime, int8 ÷ fp32"].within
    assert (
        rows["64² layer: bytes on disk, fp32 ÷ signs"].measured
        > rows["64² layer: bytes on disk, fp32 ÷ 4 bits"].measured
        > 1
    )
    assert rows["measured on"].note == bench.machine() and torch.get_num_threads() == before
