"""Errors are those of the formats, levels those of their codes, and the answer is true."""

from importlib import import_module

import numpy as np
import pytest
import torch

from featherweight.lab.format_files import FORMATS, through

module = import_module("featherweight.widgets.format_zoo")  # the package exports the function under this name


def test_the_answer_is_true_at_equal_bits():
    rivals = ("Q4_0", "NF4", "NVFP4")
    assert max(map(module.bits, rivals)) - min(map(module.bits, rivals)) < 0.01
    assert min(rivals, key=lambda form: module.error("bell", form)) == "Q4_0"
    assert module.QUESTION.choices[module.QUESTION.answer].startswith("Q4_0")


def test_the_answer_holds_for_other_draws():
    """Ten more bells: Q4_0 errs least in each."""
    for seed in range(1, 11):
        bell = torch.randn(2**14, generator=torch.Generator().manual_seed(seed))
        off = {form: float((through(bell, form) - bell).norm()) for form in ("Q4_0", "NF4", "NVFP4")}
        assert min(off, key=off.get) == "Q4_0"


@pytest.mark.parametrize("tensor", ["heavy tails", "one loud in 64"])
def test_small_blocks_win_where_some_weights_are_loud(tensor):
    assert min(set(FORMATS) - {"Q8_0"}, key=lambda form: module.error(tensor, form)) == "NVFP4"


@pytest.mark.parametrize("form", ["Q4_0", "NF4", "MXFP4", "NVFP4"])
def test_what_comes_back_lies_on_the_levels(form):
    """Within 6%: scales are stored in few bits."""
    rows = module.TENSORS["bell"].view(-1, FORMATS[form].block)
    ratio = torch.tensor(module.scaled("bell", form)).view_as(rows)
    back = through(rows, form) * (ratio / rows)
    gaps = (back[..., None].numpy() - module.levels(form)).__abs__().min(-1)
    assert gaps.max() < 0.06


def test_scaled_weights_stay_inside_the_picture():
    for tensor in module.TENSORS:
        for form in FORMATS:
            found = np.abs(module.scaled(tensor, form))
            assert (found <= (1.34 if form == "MXFP4" else 1.0001)).all()
            assert 100 * module.error(tensor, form) < module.MOST


def test_the_text_ranks_all_formats():
    text = module.format_zoo_frame("bell", "NF4").summary
    assert all(form in text for form in FORMATS) and "NF4 takes 4.5" in text
