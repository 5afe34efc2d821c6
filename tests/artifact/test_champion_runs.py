"""Every shipped entry is decoded again and is what the table says; making one again comes near."""

import json
import subprocess
import sys

import pytest
import torch

from featherweight.artifact import champion_runs as runs
from featherweight.artifact import decode
from featherweight.errors import ArtifactProblem, FileProblem, InputError
from featherweight.lab.champions import RECIPES, doubtful
from featherweight.lab.data import mnist5k
from featherweight.lab.measure import errors
from featherweight.lab.statistics import mean_interval
from featherweight.lab.weight_classes import weight_class
from featherweight.runtime import use_threads

FRESH = """
import sys, torch
from featherweight.artifact import load
torch.set_num_threads(1)
found = load("entry.fw")(torch.load("inputs.pt")).argmax(1)
print("".join(map(str, found.tolist())))
ours = [name for name in sys.modules if name.startswith("featherweight.")]
print(sorted({name.split(".")[1] for name in ours} - {"artifact", "compression", "errors"}))
"""


@pytest.fixture(scope="module")
def data():
    use_threads()
    return mnist5k()


def test_shipped_file_is_complete_and_small():
    found = runs.load()
    assert set(found) == set(RECIPES)
    for row in found.values():
        columns = row.size, row.whole, row.errors, row.validation, row.doubtful
        assert [len(each) for each in columns] == [len(runs.SEEDS)] * 5
        assert row.chosen == row.doubtful.index(min(row.doubtful)) and 0 < row.minutes < 20
    assert sum(path.stat().st_size for path in runs.ENTRIES.glob("*.fw")) < 200_000


@pytest.mark.slow
@pytest.mark.parametrize("name", RECIPES)
@pytest.mark.parametrize("seed", runs.SEEDS)
def test_every_entry_is_what_the_table_says(name, seed, data):
    """Another machine's sums differ in their last bits: that can turn a doubtful digit, not more."""
    content, row = runs.entry(name, seed), runs.load()[name]
    network = decode(content)
    assert len(content) == row.size[seed]
    assert errors(network, data.test_inputs, data.test_labels) == pytest.approx(row.errors[seed], abs=2)
    assert errors(network, data.validation_inputs, data.validation_labels) == pytest.approx(row.validation[seed], abs=2)


@pytest.mark.parametrize("name", RECIPES)
def test_every_entry_is_in_its_class(name):
    assert {weight_class(size).name for size in runs.load()[name].size} == {name}


@pytest.mark.parametrize(("name", "most"), [("featherweight", 12), ("flyweight", 20)])
def test_goals_are_reached_on_average(name, most):
    """98.8 and 98.0% of 1,000 digits, the mean of all seeds."""
    assert mean_interval(runs.load()[name].errors).estimate <= most


def test_the_chosen_entry_is_the_default():
    assert runs.entry("flyweight") == runs.entry("flyweight", runs.load()["flyweight"].chosen)


@pytest.mark.slow
@pytest.mark.parametrize("name", RECIPES)
def test_the_chosen_entry_reads_digits_in_a_fresh_process(name, data, tmp_path):
    """It knows nothing of how the entry was made: of featherweight it loads the decoder, coders and errors only."""
    torch.save(data.test_inputs, tmp_path / "inputs.pt")
    (tmp_path / "entry.fw").write_bytes(runs.entry(name))
    command = [sys.executable, "-c", FRESH]
    answers, others = subprocess.check_output(command, cwd=tmp_path, text=True, timeout=60).splitlines()
    assert others == "[]"
    wrong = sum(int(digit) != int(label) for digit, label in zip(answers, data.test_labels, strict=True))
    assert wrong == pytest.approx(runs.load()[name].errors[runs.load()[name].chosen], abs=2)


def test_an_entry_of_no_class_is_one_line():
    with pytest.raises(InputError, match=r"^There is no entry heavyweight_0; wanted one of featherweight_0, .*\.$"):
        runs.entry("heavyweight", 0)


@pytest.mark.parametrize("content", [None, "{", json.dumps({"flyweight": {}})], ids=["missing", "no JSON", "half"])
def test_damaged_file_is_one_line(monkeypatch, tmp_path, content):
    path = tmp_path / "champion_runs.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    monkeypatch.setattr(runs, "FILE", path)
    with pytest.raises(FileProblem, match=r"^champion_runs\.json cannot be read .*: install it again\.$"):
        runs.load.__wrapped__()


def test_a_damaged_entry_is_refused():
    content = bytearray(runs.entry("strawweight"))
    content[len(content) // 2] ^= 1
    with pytest.raises(ArtifactProblem):
        decode(bytes(content))


@pytest.mark.slow
def test_one_seed_again(data):
    """Another machine rounds otherwise and training enlarges that: as far as from seed to seed, no farther."""
    content, _ = runs.made("strawweight", data, 0)
    row = runs.load()["strawweight"]
    assert len(content) == pytest.approx(row.size[0], rel=0.03)
    assert errors(decode(content), data.test_inputs, data.test_labels) == pytest.approx(row.errors[0], abs=10)
    assert doubtful(decode(content), data) == pytest.approx(row.doubtful[0], rel=0.25)
