"""The card shows the results it is given, and its answer is true of the shipped ones."""

from dataclasses import replace
from importlib import import_module
from statistics import fmean

import numpy as np
import pytest

from featherweight.lab.coding_runs import RANKS, load

module = import_module("featherweight.widgets.rank_slider")  # the package exports the function under this name


def test_the_answer_is_true_of_the_shipped_results():
    ask = module.rank_slider().ask
    assert fmean(load().ranks["16"].cut) < 100 and ask["choices"][ask["answer"]] == "Fewer than 100"
    assert f"{fmean(load().dense):.0f} errors become" in ask["text"]


def test_most_of_what_is_cut_is_the_random_start():
    """What the card says after the reveal: at rank 16 the change keeps nearly all of its size, the start does not."""
    found = load().spectra
    assert module.kept_share(found["change by training"], 16) > 0.8 > 0.3 > module.kept_share(found["random start"], 16)


def test_kept_share_is_that_of_eckart_and_young():
    """Oracle: the squared size of a matrix that numpy cuts, 1e-12."""
    matrix = np.random.RandomState(0).randn(5, 7)
    u, s, vh = np.linalg.svd(matrix, full_matrices=False)
    cut = (u[:, :2] * s[:2]) @ vh[:2]
    assert module.kept_share(s, 2) == pytest.approx((cut**2).sum() / (matrix**2).sum(), rel=1e-12)


@pytest.mark.parametrize("rank", RANKS)
def test_marks_stand_on_the_chosen_rank(rank):
    spectrum, errors = module.rank_slider_frame(rank, "trained", load()).marks
    assert spectrum.x == errors.x == rank and errors.y == fmean(load().ranks[str(rank)].cut)
    assert spectrum.y == load().spectra["trained"][rank - 1]


def test_your_own_results_are_shown():
    ranks = load().ranks | {"2": replace(load().ranks["2"], cut=(500,) * len(load().dense))}
    card = module.rank_slider(replace(load(), ranks=ranks))
    assert "just cut 500 (500 to 500)" in card.summary
