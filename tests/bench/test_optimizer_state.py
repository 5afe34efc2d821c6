"""Bytes are those of real tensors; the oracle here is each paper's list of what it keeps."""

import pytest
import torch

from featherweight.bench.optimizer_state import HISTORY, Peak, held_bytes, state_rows

SIZE = 64
KEPT = {  # numbers per parameter
    "state of SGD": 0,
    "state of momentum": 1,
    "state of Adagrad": 1,
    "state of RMSprop": 1,
    "state of Adam": 2,
    "state of AMSGrad": 3,
    "state of AdamW": 2,
    "state of Muon": 1,
    "state of Adafactor": 2 * SIZE / SIZE**2,  # a row's and a column's means
    f"state of L-BFGS, history of {HISTORY}": 2 * HISTORY + 2,  # pairs; the direction and the last gradient
    "state of Lion": 1,
    "state of schedule-free SGD": 1,
    "scratch of SAM beyond one gradient": 3,  # the climb, its scaled form and the point
}


@pytest.fixture(scope="module")
def rows():
    return {row.what.removesuffix(f", {SIZE} × {SIZE}"): row.measured for row in state_rows(SIZE)}


def test_every_optimizer_has_a_row(rows):
    assert list(rows) == list(KEPT)


@pytest.mark.parametrize("what", KEPT)
def test_bytes_per_parameter(rows, what):
    counters = 4 * (2 * HISTORY + 2) / SIZE**2  # single numbers: the step's, and two of each pair of L-BFGS
    assert 4 * KEPT[what] <= rows[what] <= 4 * KEPT[what] + counters


def test_shared_memory_counts_once():
    whole = torch.zeros(10)
    assert held_bytes({"whole": whole, "parts": [whole[:5], (whole[5:],)], "step": 3}) == 40
    assert held_bytes([whole, whole.clone()]) == 80


def test_peak_sees_what_comes_and_goes():
    start = torch.zeros(100)
    with Peak() as peak:
        kept = start + 1
        for _ in range(3):
            kept = kept * 2  # the old one goes when the new one is there
    assert peak.most == 800 and peak.now == 400
    with Peak() as peak:
        start.add_(1)
        start.view(10, 10)
    assert peak.most == 0
