"""The shipped results are complete, and measuring again gives them within chance."""

import json

import pytest

from featherweight.errors import FileProblem
from featherweight.lab import distillation_runs as runs
from featherweight.lab.data import mnist5k
from featherweight.lab.distillation_training import TEMPERATURE, answers, teacher_of, teacher_of_shifts
from featherweight.lab.measure import errors


def test_shipped_file_is_complete_and_small():
    found = runs.load()
    names = [f"{temperature} {weight}" for temperature in runs.TEMPERATURES for weight in runs.WEIGHTS]
    assert list(found.scarce) == list(found.validation) == names
    assert list(found.full["300-100"]) == list(runs.FULL) and list(found.full) == list(runs.STUDENTS)
    rows = [row for ways in found.full.values() for rows in ways.values() for row in rows]
    counts = [*rows, *found.scarce.values(), *found.teachers.values(), found.labels]
    assert all(len(each) == len(runs.SEEDS) >= 5 for each in counts)
    assert all(len(rows) == len(runs.EPOCHS) for ways in found.full.values() for rows in ways.values())
    assert found.minutes < 8 and runs.FILE.stat().st_size < 60_000


def test_what_was_chosen_errs_least_on_validation():
    found = runs.load()
    sums = {name: sum(counts) for name, counts in found.validation.items()}
    temperature, weight = found.chosen
    assert sums[f"{temperature:g} {weight}"] == min(sums.values()) and temperature == TEMPERATURE


def test_a_digit_of_each_kind_that_its_teacher_reads_right():
    for digit, said in enumerate(runs.load().said):
        assert said.label == digit == max(range(10), key=said.logits.__getitem__)
        assert len(bytes.fromhex(said.pixels)) == 784


@pytest.mark.parametrize("content", [None, "{", json.dumps({"labels": []})], ids=["missing", "no JSON", "incomplete"])
def test_damaged_file_is_one_line(monkeypatch, tmp_path, content):
    path = tmp_path / "distillation_runs.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    monkeypatch.setattr(runs, "FILE", path)
    with pytest.raises(FileProblem, match=r"^distillation_runs.json cannot be read .*: install it again\.$"):
        runs.load.__wrapped__()


@pytest.mark.slow
def test_one_seed_again():
    """The same seed on another machine differs by rounding only, which training enlarges: well within 3 points."""
    data, found = mnist5k(), runs.load()
    teacher = teacher_of(data, 0)
    assert errors(teacher, data.test_inputs, data.test_labels) == pytest.approx(found.teachers["plain"][0], abs=20)
    for temperature, weight, shipped in ((1.0, 0.0, found.labels), (4.0, 1.0, found.scarce["4 1.0"])):
        student = runs.scarce(teacher, data, 0, temperature, weight)
        assert errors(student, data.test_inputs, data.test_labels) == pytest.approx(shipped[0], abs=30)
    known = {"plain": answers(teacher, data.train_inputs), "shifts": answers(teacher, data.train_inputs)}
    counts, _ = runs.over_epochs("32 units", "both", known, data, 0)
    assert counts == pytest.approx([row[0] for row in found.full["32 units"]["both"]], abs=30)


@pytest.mark.slow
def test_the_teacher_of_shifts_again():
    data = mnist5k()
    again = errors(teacher_of_shifts(data, 0), data.test_inputs, data.test_labels)
    assert again == pytest.approx(runs.load().teachers["shifts"][0], abs=15)
