"""The shipped grid is complete, no best rate lies at an edge, and training again gives it within chance."""

from dataclasses import replace
from statistics import fmean

import pytest
import torch

import featherweight.lab.optimizer_grid as grid
from featherweight.errors import FileProblem
from featherweight.lab.data import Split, mnist5k
from featherweight.lab.methods import METHODS
from featherweight.lab.statistics import wilson


def test_shipped_file_is_complete_and_small():
    rows = grid.load()
    wanted = [("even", name) for name in grid.MIDDLES]
    wanted += [(version, name) for version in grid.VERSIONS[1:] for name in grid.EVERYWHERE]
    assert list(rows) == wanted
    for (version, name), row in rows.items():
        assert row.rates == grid.rates(name, version)
        assert [len(errors) for errors in row.validation] == [7] * len(grid.SEEDS)
        assert len(row.test) == len(grid.FRESH_SEEDS)
    assert grid.FILE.stat().st_size < 60_000
    assert not set(grid.SEEDS) & set(grid.FRESH_SEEDS)


def at_the_edge(row):
    return row.best in (row.rates[0], row.rates[-1])


@pytest.mark.parametrize("key", list(grid.load()), ids=", ".join)
def test_the_best_rate_is_the_best_and_not_at_an_edge(key):
    row = grid.load()[key]
    means = [fmean(column) for column in zip(*row.validation, strict=True)]
    assert means[row.rates.index(row.best)] == min(means)
    assert not at_the_edge(row)


def test_a_best_rate_at_the_edge_is_seen():
    row = next(iter(grid.load().values()))
    assert at_the_edge(replace(row, best=row.rates[-1]))


@pytest.mark.parametrize("content", [None, "{", '[{"method": "sgd"}]'], ids=["missing", "no JSON", "half a row"])
def test_damaged_file_is_one_line(monkeypatch, tmp_path, content):
    path = tmp_path / "optimizer_grid.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    monkeypatch.setattr(grid, "FILE", path)
    with pytest.raises(FileProblem, match=r"^optimizer_grid.json cannot be read .*: install it again\.$"):
        grid.load.__wrapped__()


def test_rates_are_half_a_decade_apart():
    assert grid.rates("adam") == (0.0001, 0.000316, 0.001, 0.00316, 0.01, 0.0316, 0.1)
    assert grid.rates("adam", "raw") == grid.rates("adam")
    assert grid.rates("sgd", "raw") == (0.0001, 0.000316, 0.001, 0.00316, 0.01, 0.0316, 0.1)


@pytest.fixture
def few():
    inputs = torch.rand(640, 784, generator=torch.Generator().manual_seed(0))
    labels = torch.arange(640) % 10
    return Split(inputs, labels, inputs[:100], labels[:100], inputs[:200], labels[:200])


def test_versions_differ_in_unit_alone(few):
    made = grid.versions(few)
    assert tuple(made) == grid.VERSIONS and made["even"] is few
    assert torch.equal(made["raw"].test_inputs, 255 * few.test_inputs)
    uneven = made["uneven"].train_inputs
    gains = uneven.sum(0) / few.train_inputs.sum(0)
    assert 5000 < gains.max() / gains.min() <= 10_000
    assert uneven.square().mean().item() == pytest.approx(few.train_inputs.square().mean().item(), rel=1e-4)


def test_a_method_takes_the_place_of_the_books_own(few, monkeypatch):
    monkeypatch.setattr(grid, "EPOCHS", 1)
    idle = replace(METHODS["sgd"], step=lambda parameter, gradient, rate: (parameter,))
    assert len(set(grid.sweep("sgd", 0, few, method=idle))) == 1


def test_a_falling_rate_ends_at_zero(few, monkeypatch):
    seen = []
    method = replace(METHODS["sgd"], step=lambda parameter, gradient, rate: (seen.append(rate), (parameter,))[1])
    monkeypatch.setattr(grid, "EPOCHS", 1)
    grid.trained(method, 0.5, 0, few, falling=True)
    assert seen[0] == pytest.approx(0.5) and seen[-1] == pytest.approx(0)
    assert seen == sorted(seen, reverse=True)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["adam", grid.FALLING])
def test_one_run_again(name):
    """A run repeated on another machine is another run: its errors stay inside twice the reach of 500 digits."""
    row, digits = grid.load()["even", name], mnist5k()
    network = grid.trained(METHODS[name.partition(",")[0]], row.best, 0, digits, name == grid.FALLING)
    again = grid.errors(network, digits.validation_inputs, digits.validation_labels)
    kept = row.validation[0][row.rates.index(row.best)]
    allowed = wilson(kept, 500)
    assert 500 * allowed.low <= again <= 500 * allowed.high
