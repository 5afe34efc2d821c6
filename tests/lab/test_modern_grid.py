"""The shipped results are complete, and measuring again gives them within chance."""

import json
from dataclasses import replace
from statistics import fmean

import pytest

from featherweight.errors import FileProblem
from featherweight.lab import modern_grid as grid
from featherweight.lab.data import Split, mnist5k


def test_shipped_file_is_complete_and_small():
    results = grid.load()
    assert list(results.rows) == list(grid.METHODS)
    for name, row in results.rows.items():
        assert tuple(row.rates) == grid.METHODS[name].rates
        assert [len(seeds) for seeds in row.tuning] == [len(grid.TUNING)] * 6
        assert [len(epochs) for epochs in row.errors] == [grid.EPOCHS] * len(grid.FRESH)
    assert list(results.longer) == list(grid.LONGER)
    assert all(len(seeds) == len(grid.FRESH) for seeds in (*results.longer.values(), results.bfloat16))
    assert all(len(seeds) == 5 for seeds in results.surroundings.values())
    assert results.minutes < 12
    assert grid.FILE.stat().st_size < 60_000


@pytest.mark.parametrize("name", grid.METHODS)
def test_the_chosen_rate_is_the_best_on_validation_and_at_no_edge(name):
    row = grid.load().rows[name]
    means = [fmean(seeds) for seeds in row.tuning]
    assert row.rate == row.rates[means.index(min(means))]
    assert row.rate not in (row.rates[0], row.rates[-1])


def test_the_longer_runs_are_fair_matches():
    rows = grid.load().rows
    assert grid.LONGER["momentum"] == 2 * grid.EPOCHS
    assert grid.LONGER["adamw"] == pytest.approx(rows["muon"].time[0] * grid.EPOCHS, rel=0.1)


@pytest.mark.parametrize("content", [None, "{", json.dumps({"rows": {}})], ids=["missing", "no JSON", "incomplete"])
def test_damaged_file_is_one_line(monkeypatch, tmp_path, content):
    path = tmp_path / "modern_grid.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    monkeypatch.setattr(grid, "FILE", path)
    with pytest.raises(FileProblem, match=r"^modern_grid.json cannot be read .*: install it again\.$"):
        grid.load.__wrapped__()


def test_tuning_looks_at_validation_and_a_run_at_test(monkeypatch):
    asked = []

    def counted(network, inputs, labels):
        asked.append(len(labels))
        return 0

    monkeypatch.setattr(grid, "errors", counted)
    parts = [tensor[:count] for tensor, count in zip(vars(mnist5k()).values(), (64, 64, 20, 20, 30, 30), strict=True)]
    data, method = Split(*parts), replace(grid.METHODS["momentum"], rates=(0.1,))
    grid.tune(method, data, seeds=(0,))
    assert asked == [20] * grid.EPOCHS
    assert len(grid.run(method, 0.1, data, 0, epochs=2)) == 2
    assert asked[-2:] == [30, 30]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["lion", "sam", "schedule-free"])
def test_one_seed_again(name):
    """The same seed on another machine differs by rounding only, which training enlarges: well within 2.2 points."""
    row = grid.load().rows[name]
    again = grid.run(grid.METHODS[name], row.rate, mnist5k(), grid.FRESH[0])
    assert again[-1] == pytest.approx(row.errors[0][-1], abs=22)


@pytest.mark.slow
def test_one_choice_on_validation_again():
    row = grid.load().rows["momentum"]
    again = grid.tune(replace(grid.METHODS["momentum"], rates=(row.rate,)), mnist5k(), grid.TUNING[:1])[0][0]
    assert again == pytest.approx(row.tuning[row.rates.index(row.rate)][0], abs=11)
