"""An entry is data in a cell: what is placed comes back byte for byte, and what is none is said in a line."""

import ast
import re

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from featherweight.artifact import encode
from featherweight.errors import ArtifactProblem, InputError
from featherweight.exercises import entry as entries
from featherweight.exercises.entry import MAX_BYTES, MAX_ENTRIES, enter, find_entries, read_entry, text_of
from featherweight.lab.networks import seeded


def small(outputs=10, inputs=784):
    with seeded(0):
        shape = [nn.Unflatten(1, (1, 28, 28)), nn.AvgPool2d(4), nn.Flatten()] if inputs == 784 else []
        return nn.Sequential(*shape, nn.Linear(49 if shape else inputs, outputs))


@pytest.fixture
def shell(monkeypatch):
    """A notebook's shell that keeps what it is asked to place."""

    class Shell:
        def __init__(self):
            self.user_ns, self.placed = {}, []

        def set_next_input(self, text):
            self.placed.append(text)

    one = Shell()
    monkeypatch.setattr("IPython.get_ipython", lambda: one)
    return one


def test_a_network_is_scored_and_placed_once(shell, tmp_path):
    data = encode(small())
    (tmp_path / "mine.fw").write_bytes(data)
    placed = enter(tmp_path / "mine.fw")
    assert placed.size == len(data) and placed.division == "strawweight"
    assert re.fullmatch(
        r"strawweight, [\d,]+ bytes: \d+\.\d% \(.*\) of the test digits, provisional, .* in the cell below: .*",
        str(placed),
    )
    assert shell.placed == [placed.cell] and find_entries(shell.placed) == [data]
    exec(shell.placed[0], shell.user_ns)
    assert "already" in enter(data).note and len(shell.placed) == 1
    assert "<p>strawweight" in placed._repr_html_()


def test_what_is_only_checked_is_not_placed(shell):
    checked = enter(encode(small()), place=False)
    assert shell.placed == [] and checked.division == "strawweight" and "not entered" in str(checked)


def test_outside_a_notebook_the_text_is_there_to_paste():
    placed = enter(encode(small()))
    assert "nothing is placed" in placed.note and find_entries([placed.cell]) == [encode(small())]


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=1, max_size=3000))
def test_any_bytes_come_back_from_their_cell(data):
    cell = text_of(data)
    assert find_entries([cell, "x = 1"]) == [data]
    assert max(map(len, cell.splitlines())) <= 95 and len(ast.parse(cell).body) == 1


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('entry = "!!!"', ["its text is not what `enter` placed: place it again"]),
        ('entry = "é"', ["its text is not what `enter` placed: place it again"]),
        ('entry = ""', ["it is empty"]),
        ('entry = "' + "A" * 43_000 + '"', ["it has more than 32,000 bytes"]),
        ('entry = "QUJD"', [b"ABC"]),
        ('a = entry = "QUJD"', [b"ABC"]),
        ('entry = open("x").read()', []),
        ("entry = b'QUJD'", []),
        ('def f():\n    entry = "QUJD"', []),
        ("entry = (", []),
        ("entry = " + "[" * 3000, []),
        ('other = "QUJD"', []),
    ],
)
def test_what_stands_in_a_cell_is_read_and_never_run(source, found):
    assert find_entries([source]) == found


def test_equal_entries_count_once_and_of_many_the_first_are_taken():
    cells = [text_of(bytes([number])) for number in range(MAX_ENTRIES + 3)]
    assert find_entries([cells[0], *cells]) == [bytes([number]) for number in range(MAX_ENTRIES)]


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (b"", r"^enter got no bytes; wanted 1 to 32,000"),
        (bytes(MAX_BYTES + 1), r"^enter got more than 32,000 bytes; wanted 1 to 32,000, the heaviest class"),
        ("nowhere.fw", r"^enter could not read 'nowhere\.fw' \(No such file or directory\); wanted a \.fw file"),
        (7.5, r"^enter could not read 7\.5 \("),
    ],
)
def test_what_is_no_file_is_refused(file, says):
    with pytest.raises(InputError, match=says):
        read_entry(file)


class Nan(nn.Module):
    def forward(self, x):
        return x.sum(1, keepdim=True).expand(-1, 10) * 1.0


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (lambda: b"junk", "no .fw file"),
        (lambda: encode(small())[:-3], "damaged"),
        (lambda: encode(small(outputs=11)), r"This network makes \(1000, 11\) of 1000 pictures; wanted ten scores"),
        (lambda: encode(small(inputs=49)), r"does not take rows of 784 pixels \(.*\); wanted \(n, 784\) → \(n, 10\)"),
    ],
    ids=["junk", "cut", "eleven", "pictures of 49"],
)
def test_what_is_no_entry_places_nothing(data, says, shell):
    with pytest.raises(ArtifactProblem, match=says):
        enter(data())
    assert shell.placed == []


def test_a_network_that_gives_nan_is_refused():
    with pytest.raises(ArtifactProblem, match="NaN for some of the test digits"):
        entries._scores(nn.Sequential(nn.Linear(784, 10), nn.Threshold(0, float("nan"))), torch.ones(3, 784))
