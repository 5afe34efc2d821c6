"""Entries across the real boundary: scores from inside, verdicts from outside; hostile ones cost nobody else."""

import json
import zlib
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from featherweight.artifact import decode, encode
from featherweight.errors import FileProblem
from featherweight.exercises import by_name
from featherweight.exercises.entry import text_of
from featherweight.exercises.source import function_source
from featherweight.grading import entries
from featherweight.grading.course import course
from featherweight.grading.gradebook import Gradebook
from featherweight.grading.handed import Handed
from featherweight.grading.report import feedback_html, report_html
from featherweight.grading.session import Session
from featherweight.grading.settings import Settings
from featherweight.grading.student import grade_student
from featherweight.lab.networks import seeded

SETTINGS = Settings("correct horse battery")


def network(outputs=10):
    with seeded(0):
        return nn.Sequential(nn.Unflatten(1, (1, 28, 28)), nn.AvgPool2d(4), nn.Flatten(), nn.Linear(49, outputs))


GOOD = encode(network())


def forged(position, value):
    """A good file with one byte changed and a checksum that fits."""
    body = bytearray(GOOD[:-4])
    body[position] = value
    return bytes(body) + zlib.crc32(bytes(body)).to_bytes(4, "little")


def notebook(student, *sources):
    exercise = by_name("pareto_front")
    cells = [("pareto_front", function_source(exercise.reference, exercise.name))]
    cells += [(f"own-{number}", source) for number, source in enumerate(sources)]
    made = [
        {"cell_type": "code", "id": name, "source": text, "metadata": {}, "outputs": [], "execution_count": None}
        for name, text in cells
    ]
    content = {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return Handed(student, "13_championship.ipynb", json.dumps(content).encode())


def played(*data, settings=SETTINGS):
    with Session(settings.limits, settings.unsafe) as session:
        return entries.play(session, data, settings)


def test_hidden_digits_are_distorted_by_the_secret_alone():
    inputs, labels = entries.hidden_digits("a secret of twenty")
    again, _ = entries.hidden_digits.__wrapped__("a secret of twenty")
    other, same = entries.hidden_digits("another of twenty")
    assert inputs.shape == (1000, 784) and inputs.min() >= 0 and inputs.max() <= 1
    assert torch.equal(inputs, again) and torch.equal(labels, same) and not torch.equal(inputs, other)


def test_the_decoder_s_source_is_all_that_goes_in():
    cell = entries.decoder_cell()
    assert "featherweight.artifact.reading" in cell and "featherweight.grading" not in cell
    assert "featherweight.lab" not in cell and "correct horse" not in cell


@pytest.mark.slow
def test_a_good_entry_has_the_score_that_the_decoder_gives_outside():
    inputs, labels = entries.hidden_digits(SETTINGS.secret)
    with torch.no_grad():
        right = int((decode(GOOD)(inputs).argmax(1) == labels).sum())
    (found,) = played(GOOD)
    assert (found.state, found.right, found.total) == ("scored", right, 1000)
    assert (found.number, found.size, found.division) == (1, len(GOOD), "strawweight")


HOSTILE = {
    "cut": GOOD[:-5],
    "not one of ours": b"PK\x03\x04" + bytes(90),
    "another version": forged(2, 9),
    "a header that says something else": forged(4, 0xFF),
    "eleven scores": encode(network(11)),
    "no network for digits": encode(nn.Sequential(nn.Linear(5, 10))),
    "no text": "its text is not what `enter` placed: place it again",
}


@pytest.mark.slow
def test_hostile_entries_are_refused_and_cost_the_good_ones_nothing():
    """A good one before, between and after them: all three have the same score."""
    names = list(HOSTILE)
    found = played(GOOD, *[HOSTILE[name] for name in names[:4]], GOOD, *[HOSTILE[name] for name in names[4:]], GOOD)
    states = [one.state for one in found]
    assert states == ["scored", *["refused"] * 4, "scored", *["refused"] * 3, "scored"]
    assert len({one.right for one in found if one.state == "scored"}) == 1
    assert all(one.found and one.right == one.total == 0 for one in found if one.state == "refused")


@pytest.mark.slow
def test_a_slow_or_greedy_decoder_is_ended(monkeypatch):
    """Planted: what the cell of ours would do if a file could make it."""
    ending = "\ndef played_entry(data, inputs):\n    "
    for does, state in (("while True: pass", "timeout"), ("import os; os.kill(os.getpid(), 9)", "crashed")):
        monkeypatch.setattr(entries, "decoder_cell", lambda does=does: ending + does)
        (found,) = played(GOOD, settings=replace(SETTINGS, seconds=1.0))
        assert found.state in (state, "memory")


@pytest.mark.slow
@pytest.mark.parametrize(
    "gives",
    ["torch.zeros(1000, 9)", "torch.full((1000, 10), torch.nan)", "None", "'1000 right'", "inputs[:, :10].long()"],
)
def test_whatever_comes_out_is_judged_outside(gives, monkeypatch):
    monkeypatch.setattr(entries, "decoder_cell", lambda: f"def played_entry(data, inputs):\n    return {gives}")
    (found,) = played(GOOD)
    assert (found.state, found.right) == ("refused", 0)


@pytest.mark.slow
def test_a_notebook_s_entries_are_in_its_record_the_gradebook_and_the_pages(tmp_path):
    own = "def played_entry(data, inputs):\n    return torch.eye(10)[torch.zeros(1000).long()]"
    ann = grade_student([notebook("ann", own, text_of(GOOD), text_of(GOOD[:-5]))], SETTINGS)
    bob = grade_student([notebook("bob", "entry = 3")], SETTINGS)
    (record,) = ann
    assert [one.state for one in record.entries] == ["scored", "refused"] and bob[0].entries == ()
    assert record.entries[0].right == played(GOOD)[0].right, "the student's own function must not be asked"
    assert {one.exercise: one.verdict for one in record.results}["pareto_front"] == "passed"
    with Gradebook(tmp_path) as book:
        book.keep(ann, "now")
        assert book.records()[0].entries == record.entries
    made = course([*ann, *bob], book=[by_name("pareto_front")])
    page = report_html(made)
    assert "Strawweight, up to 2,953 bytes" in page and "Entries without a score" in page
    theirs = feedback_html(next(one for one in made.everyone if one.person.key == "ann"), made.book)
    assert f"{record.entries[0].right} of 1000 hidden digits are right" in theirs
    assert "The decoder refused it" in theirs and record.entries[1].found not in theirs
    without = feedback_html(next(one for one in made.everyone if one.person.key == "bob"), made.book)
    assert "to the championship" not in without


def digits_file(folder, **changed):
    held = {"inputs": np.zeros((3, 784)), "labels": np.array([0, 5, 9])} | changed
    np.savez(folder / "digits.npz", **{name: value for name, value in held.items() if value is not None})
    return folder / "digits.npz"


@pytest.mark.parametrize("inputs", [np.full((3, 28, 28), 255, np.uint8), np.ones((3, 784)), np.ones((3, 784), int)])
def test_the_instructor_s_own_digits_are_read(inputs, tmp_path):
    file = digits_file(tmp_path, inputs=inputs)
    held, labels = entries.hidden_digits("", str(file), entries.digest_of(file))
    assert held.shape == (3, 784) and held.max() == 1 and held.dtype == torch.float32
    assert labels.tolist() == [0, 5, 9] and labels.dtype == torch.int64


@pytest.mark.parametrize(
    "changed",
    [
        {"labels": None},
        {"inputs": np.zeros((3, 783))},
        {"labels": np.array([0, 5])},
        {"labels": np.array([0, 5, 10])},
        {"inputs": np.full((3, 784), np.nan)},
        {"inputs": np.full((3, 784), -1.0)},
        {"inputs": np.array([{}] * 3, dtype=object)},
    ],
    ids=["no labels", "783 pixels", "two labels", "a ten", "NaN", "negative", "objects"],
)
def test_a_file_without_digits_is_one_line(changed, tmp_path):
    with pytest.raises(FileProblem, match=r"holds no digits \(.*\); wanted an \.npz with `inputs`"):
        entries.digest_of(digits_file(tmp_path, **changed))


def test_a_file_that_is_gone_or_changed_is_one_line(tmp_path):
    with pytest.raises(FileProblem, match=r"Could not read .*nowhere\.npz \(No such file"):
        entries.digest_of(tmp_path / "nowhere.npz")
    file = digits_file(tmp_path)
    digest = entries.digest_of(file)
    digits_file(tmp_path, labels=np.array([1, 2, 3]))
    with pytest.raises(FileProblem, match="is not the file that this run began with"):
        entries.hidden_digits("", str(file), digest)
