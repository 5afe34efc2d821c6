"""The opening card shows bytes of files, and its answer is true of them."""

from importlib import import_module

import pytest

from featherweight.lab.transformer_runs import load

module = import_module("featherweight.widgets.where_bits")  # the package exports the function under this name


def test_bars_are_the_files():
    bars = {bar: sum(parts.values()) for bar, parts in module.megabytes(load()).items()}
    row = load().rows["Q4_0"]
    assert bars["float32"] == pytest.approx(load().rows["float32"].bytes_on_disk / 1e6)
    assert bars["matrices"] == pytest.approx(row.matrices / 1e6)
    assert bars["all"] == pytest.approx(row.bytes_on_disk / 1e6)
    assert max(bars.values()) < module.MOST


def test_the_answer_is_true_of_the_files():
    bars = {bar: sum(parts.values()) for bar, parts in module.megabytes(load()).items()}
    ask = module.where_bits().ask
    assert bars["float32"] / bars["matrices"] < 2 < 6 < bars["float32"] / bars["all"]
    assert ask["choices"][ask["answer"]] == "Less than twice"
    assert f"{bars['float32'] / bars['matrices']:.1f} times" in ask["because"]
    assert load().parts["embeddings"] > sum(load().parts.values()) / 2


def test_the_answer_stays_covered():
    card = module.where_bits()
    assert not card.controls and card.ask["veils"] == ("sizes",)
    assert {line.panel for line in module.where_bits_frame(load()).lines} == {"sizes"}
