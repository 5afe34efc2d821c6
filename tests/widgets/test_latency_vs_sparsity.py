"""The card shows the times it is given, and finds the break-even in them."""

from importlib import import_module

import pytest

from featherweight.lab.sparse_speed import DENSITIES, Results, Times, load

module = import_module("featherweight.widgets.latency_vs_sparsity")  # the package exports the function under this name
RISING = tuple(2 * density for density in DENSITIES)
MADE_UP = Results("A machine (avx)", (Times(0.2, 0.1, RISING, (0.2,) * 12), Times(4.0, 2.0, RISING, (4.0,) * 12)))


@pytest.mark.parametrize(
    ("nonzero", "batch", "says"),
    [
        (5.0, 1, "5% not zero, 1 example: dense 0.2 ms, zeros in place 0.2, CSR 0.1, half the neurons 0.1. "
         "CSR pays below 10%. A machine (avx), one thread."),
        (100.0, 64, "100% not zero, 64 examples: dense 4 ms, zeros in place 4, CSR 2, half the neurons 2. "
         "CSR pays below 100%."),
    ],
    ids=["one", "many"],
)  # fmt: skip
def test_summary(nonzero, batch, says):
    assert module.latency_frame(nonzero, batch, MADE_UP).summary.startswith(says)


def test_where_csr_never_pays_there_is_no_break_even():
    slow = Results("", (Times(0.001, 0.1, RISING, RISING),) * 2)
    frame = module.latency_frame(5.0, 1, slow)
    assert "CSR never pays. " in frame.summary
    assert not any(mark.text.startswith("break-even") for mark in frame.marks)


def test_speed_ups_are_quotients():
    marks = {mark.method: mark for mark in module.latency_frame(5.0, 1, MADE_UP).marks if mark.panel == "speed"}
    assert {name: mark.text for name, mark in marks.items()} == {"masked": "1.0×", "csr": "2.0×", "deleted": "2.0×"}


def test_the_answer_is_true_of_the_shipped_times():
    here = load().times[1]
    assert 1.5 < here.dense / here.csr[DENSITIES.index(0.1)] < 3
    assert module.QUESTION.choices[module.QUESTION.answer] == "About twice"


def test_your_own_times_are_shown():
    assert module.latency_vs_sparsity(MADE_UP, ask=None).summary.endswith("A machine (avx), one thread.")
