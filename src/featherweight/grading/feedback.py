"""What a student is told about one exercise, in sentences that are all known beforehand.

Nothing here repeats what the student's code printed, raised or returned: an answer that puts its hidden inputs into
an error message must not get them back on a page. A sentence is chosen by the verdict, the kind of difference or the
kind of exception; the rest is the book's own text.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from featherweight.exercises.exercise import Exercise
from featherweight.grading.names import sentence_end
from featherweight.grading.score import VERDICTS, Result
from featherweight.grading.standing import Scored

__all__ = ["Told", "number", "sentence", "tell"]

SENTENCES = dict(
    zip(
        VERDICTS,
        (
            "Every hidden case came out right.",
            "It runs; its answer is not the wanted one.",
            "The cell is as it was handed out.",
            "It stops with an error.",
            "It took longer than there was time for.",
            "It asked for more memory than there is.",
            "It ended the process that ran it.",
            "The notebook has no cell for it.",
        ),
        strict=True,
    )
)
KINDS = {
    "type": "It runs; its answer has another type than the wanted one.",
    "shape": "It runs; its answer has another shape than the wanted one.",
    "dtype": "It runs, and its answer has the right shape; its dtype is another than the wanted one.",
    "values": "It runs, and its answer has the right form; its values differ.",
}


@dataclass(frozen=True)
class Told:
    """One exercise as a page tells it. says, look, hints: the book's, empty where the book does not know it."""

    exercise: str
    verdict: str
    points: float
    worth: int
    sentence: str
    misconception: str = ""
    says: str = ""
    look: str = ""
    hints: tuple[str, ...] = ()
    note: str = ""
    by_hand: bool = False

    @property
    def text(self) -> str:
        """The same on one line, for a test's output or a comment."""
        parts = [self.sentence]
        if self.misconception:
            parts += [f"This looks like: {self.misconception}. {self.says}"]
        parts += [f"Where to look: {sentence_end(self.look)}"] if self.look else []
        parts += [f"Points given by hand: {self.note}"] if self.by_hand else []
        return " ".join(" ".join(parts).split())


def sentence(result: Result) -> str:
    """What was seen, without a word that came from the student's code or from a hidden case."""
    first = re.match(r"\w*", result.found)[0]
    if result.verdict == "wrong":
        return KINDS.get(first, SENTENCES["wrong"])
    kind = getattr(builtins, first, None)
    if result.verdict == "error" and isinstance(kind, type) and issubclass(kind, Exception):
        return f"It stops with {'an' if first[0] in 'AEIOU' else 'a'} {first}."
    return SENTENCES.get(result.verdict, "It was not judged.")


def tell(scored: Iterable[Scored], book: Mapping[str, Exercise]) -> tuple[Told, ...]:
    """Every exercise of a mark. book: exercises by name."""
    return tuple(_told(one, book.get(one.result.exercise)) for one in scored)


def _told(one: Scored, exercise: Exercise | None) -> Told:
    result = one.result
    told = (result.exercise, result.verdict, one.points, result.worth, sentence(result), result.misconception)
    if exercise is None:
        return Told(*told, note=one.note, by_hand=one.by_hand)
    named = [each for each in exercise.misconceptions if each.name == result.misconception]
    says, look = (named[0].says, named[0].look) if named else ("", "")
    hints = () if result.verdict == "passed" else exercise.hints
    return Told(*told, says, look, hints, one.note, one.by_hand)


def number(points: float) -> str:
    """Points as they are written: at most two decimals, none where there are none."""
    return f"{points:.2f}".rstrip("0").rstrip(".")
