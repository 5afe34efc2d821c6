"""What runs inside: cells statement by statement, one answer at a time. Its process is tested with the sandbox."""

import signal

import pytest
import torch

from featherweight.exercises import limits, probes
from featherweight.grading import wire, worker


def executed(cells, skip=(), seconds=5.0):
    """The namespace after some cells, and what was said about them."""
    space, said = {"__name__": "__main__"}, []
    whole = worker._execute({"cells": cells, "skip": list(skip), "seconds": seconds}, space, limits, said.append)
    return space, said, whole


def notes(*cells):
    return executed(cells)[1][-1]["executed"]


def answered(function, probe="call", **inputs):
    data, blob = wire.pack(list(inputs.values()))
    question = {"exercise": "f", "names": list(inputs), "inputs": data, "seconds": 1.0, "probe": probe}
    reply, blob = worker._answer(question, blob, {"f": function}, wire, probes, limits)
    return wire.unpack(reply["answer"], blob) if "answer" in reply else reply


@pytest.mark.parametrize(
    ("cell", "error"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("def f(:", "SyntaxError"),
        ("return 3", "SyntaxError"),
        ("x = '\0'", "SyntaxError|ValueError"),
        ("raise SystemExit", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("import featherweight_is_not_here", "ModuleNotFoundError"),
    ],
    ids=lambda text: text[:20],
)
def test_a_statement_that_raises_costs_itself_alone(cell, error):
    space, said, whole = executed([cell, "y = 2"])
    assert whole and space["y"] == 2
    first, second = said[-1]["executed"]
    assert first["error"] in error.split("|") and second is None


def test_the_rest_of_a_cell_is_executed_and_its_first_exception_kept():
    space, said, _ = executed(["1 / 0\nx = 3\nunknown"])
    assert space["x"] == 3
    assert said[-1]["executed"][0]["error"] == "ZeroDivisionError"
    assert said[-1]["executed"][0]["line"] == 1


def test_every_statement_is_announced_and_can_be_left_out():
    space, said, _ = executed(["x = 1\nx = 2", "y = x"], skip=[[0, 1]])
    assert [one["at"] for one in said[:-1]] == [[0, 0], [1, 0]]
    assert space["y"] == 1


def test_a_statement_that_never_ends_is_named():
    _, said, whole = executed(["x = 1", "while True: pass", "y = 2"], seconds=0.05)
    assert not whole and said[-1] == {"stuck": [1, 0]}


def test_what_a_notebook_says_of_itself_holds():
    cells = ["from __future__ import annotations", "def f(x: NotDefined): return x", "main = __name__ == '__main__'"]
    space, said, _ = executed(cells)
    assert said[-1]["executed"] == [None] * 3
    assert space["main"] is True


def test_an_answer_crosses_and_changed_inputs_are_named():
    def doubles(x, y):
        x *= 2
        return x + y

    data, blob = wire.pack([torch.ones(2), 1.0])
    question = {"exercise": "f", "names": ["x", "y"], "inputs": data, "seconds": 1.0, "probe": "call"}
    reply, blob = worker._answer(question, blob, {"f": doubles}, wire, probes, limits)
    assert wire.unpack(reply["answer"], blob).tolist() == [3.0, 3.0]
    assert reply["changed"] == ["x"]


def test_what_is_no_answer_is_told_apart():
    def hangs(x):
        while True:
            pass

    def wrong(x):
        raise ValueError(x)

    class Slow(float):
        def hex(self):
            return hangs(0)

    assert answered(None, x=1) == {"absent": True}
    assert answered(hangs, x=1) == {"out of time": True}
    assert answered(wrong, x=1)["error"] == "ValueError"
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_an_exception_that_cannot_be_shown_has_a_name():
    class Hidden(Exception):
        def __str__(self):
            raise ValueError

    note = worker._note(Hidden())
    assert (note["error"], note["text"], note["mro"][:2]) == ("Hidden", "", ["Hidden", "Exception"])
