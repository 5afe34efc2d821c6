"""`results.json` as a Gradescope autograder hands it in, one per student; GRADING.md has the recipe for its zip.

Every exercise is a test with its score, and its output is plain text: nothing in it is rendered as HTML.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from featherweight.exercises.exercise import Exercise
from featherweight.grading.feedback import Told, tell
from featherweight.grading.names import file_name, shown
from featherweight.grading.standing import Mark, Standing

__all__ = ["files", "results"]


def files(everyone: Sequence[Standing], book: Mapping[str, Exercise]) -> dict[str, bytes]:
    """gradescope/<student>/results.json"""
    return {f"gradescope/{file_name(one.person.key)}/results.json": _json(results(one, book)) for one in everyone}


def results(one: Standing, book: Mapping[str, Exercise]) -> dict:
    """One student's results, in the words of Gradescope."""
    lines = [f"{shown(record.path)} could not be read: {shown(record.problem, 300)}" for record in one.unreadable]
    lines += [] if one.sandboxed else ["Graded without a sandbox."]
    return {
        "score": one.points,
        "output": "\n".join(lines),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [test for mark in one.marks for test in _tests(mark, book)],
        "extra_data": {"sandboxed": one.sandboxed},
    }


def _tests(mark: Mark, book: Mapping[str, Exercise]) -> Iterator[dict]:
    told = tell(mark.scored, book)
    if not mark.record:
        rest = mark.worth - sum(one.worth for one in told)
        nothing = Told("nothing handed in", "missing", 0, rest, "Nothing was handed in.")
        told = (*told, nothing) if rest else told
    for place, one in enumerate(told, start=1):
        yield {
            "name": f"Lesson {mark.lesson}: {one.exercise}",
            "number": f"{mark.lesson}.{place}",
            "score": one.points,
            "max_score": one.worth,
            "status": "passed" if one.verdict == "passed" else "failed",
            "output": one.text,
            "output_format": "text",
            "visibility": "visible",
        }


def _json(content: dict) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
