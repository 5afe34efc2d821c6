"""The card shows the files it is given, every byte of them, and its answer is true of the shipped ones."""

from importlib import import_module

import numpy as np
import pytest

from featherweight.lab.coding_files import CODINGS
from featherweight.lab.coding_runs import KEPT, load

module = import_module("featherweight.widgets.byte_ledger")  # the package exports the function under this name


def test_the_answer_is_true_of_the_shipped_results():
    files = load().files["1 in 12"]["4"]
    fixed, coded = (sum(files.by_name(coding).values()) for coding in ("fixed width", "Huffman"))
    ask = module.byte_ledger().ask
    assert 0.05 < 1 - coded / fixed < 0.2 and ask["choices"][ask["answer"]] == "About a tenth"


@pytest.mark.parametrize("kept", KEPT)
@pytest.mark.parametrize("values", module.VALUES)
def test_bars_are_whole_and_the_sizes_are_the_files(kept, values):
    frame = module.byte_ledger_frame(kept, values, "Huffman", load())
    bars = [line for line in frame.lines if line.panel == "parts"]
    for row, coding in enumerate(CODINGS):
        here = [line for line in bars if abs(np.mean(line.y) - row) < 0.3]
        assert sum(np.ptp(line.x) for line in here) == pytest.approx(100)
        key = values if values == "float32" else str({2: 1, 4: 2, 8: 3, 16: 4, 32: 5}[int(values.split()[0])])
        size = sum(load().files[kept][key].by_name(coding).values())
        assert frame.marks[row].text.startswith(f"{size:,} bytes")


def test_only_the_chosen_coding_is_marked_as_yours():
    frame = module.byte_ledger_frame("1 in 33", "4 values", ".fw", load())
    assert [mark.method for mark in frame.marks] == ["limit", "limit", "limit", "yours", "yours"]
    assert "Kept 1 in 33, 4 values, .fw: " in frame.summary and "both in one" in frame.summary


def test_the_mark_stands_on_the_chosen_network():
    frame = module.byte_ledger_frame("1 in 12", "16 values", "Huffman", load())
    size = sum(load().files["1 in 12"]["4"].by_name("Huffman").values())
    assert frame.marks[-1].x == size
    assert frame.marks[-1].y == module.errors_of(load(), "1 in 12", "16 values").estimate
