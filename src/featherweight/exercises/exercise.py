"""What an exercise is: one frozen object that the lesson, the check, the build and the grader all read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from featherweight.errors import InputError
from featherweight.exercises import probes
from featherweight.exercises.compare import Compare

__all__ = ["Exercise", "Misconception", "switched"]


@dataclass(frozen=True)
class Misconception:
    """A wrong implementation that learners really write.

    name: what it is called to the learner. wrong: the implementation; it may share helpers with others of its module.
    says: what is wrong with it, in a sentence or two. look: where to look for it.
    also: other implementations of which the same is true.
    """

    name: str
    wrong: Callable
    says: str
    look: str = ""
    also: tuple[Callable, ...] = ()


@dataclass(frozen=True, eq=False)
class Exercise:
    """One function for the learner to write.

    name: the learner's function, unique in the book. reference: the technique, self-contained.
    cases: seed → list of inputs by keyword; tensors, numbers, booleans, strings, and lists or tuples of these.
    probe: how one case exercises an answer, from `probes`. returns: what the function gives back, in a sentence.
    reading: (inputs, what the probe gave) → what is compared, for answers that are not compared as they are; it runs
    where answers are judged.
    compare: when two answers are the same. oracle: the independent implementation the reference is tested against.
    hints: three, escalating. starts_from: a bug hunt's handed-over function.
    picture: draws (axes, inputs, yours, expected) where a picture helps.
    forbids_in_place: True where changing an input is itself wrong.
    """

    name: str
    lesson: int
    points: int
    minutes: int
    difficulty: int
    reference: Callable
    cases: Callable[[int], Sequence[Mapping]]
    compare: Compare
    returns: str
    oracle: str
    misconceptions: tuple[Misconception, ...]
    hints: tuple[str, str, str]
    probe: Callable = probes.call
    reading: Callable | None = None
    starts_from: Callable | None = None
    picture: Callable | None = None
    forbids_in_place: bool = False

    def __post_init__(self) -> None:
        names = [m.name for m in self.misconceptions]
        wrong = (
            (not self.name.isidentifier(), f"name {self.name!r}; wanted a Python identifier"),
            (self.points < 1 or self.minutes < 1, "points or minutes below 1"),
            (self.difficulty not in range(1, 6), f"difficulty {self.difficulty}; wanted 1 to 5"),
            (len(self.hints) != 3, f"{len(self.hints)} hints; wanted three"),
            (len(set(names)) < len(names), "two misconceptions of one name"),
        )
        for failed, got in wrong:
            if failed:
                raise InputError(f"Exercise {self.name}: {got}.")

    def read(self, inputs: Mapping, given):
        """What is compared of what the probe gave for a case."""
        return given if self.reading is None else self.reading(inputs, given)


def switched(build: Callable[..., Callable], switches: Mapping[str, tuple[str, str]]) -> tuple[Misconception, ...]:
    """Misconceptions for every non-empty subset of independent faults.

    build: keyword flags → implementation with those faults. switches: flag → (name, says).
    The subset {a, b} is called "a and b" and says both sentences; fewer faults come first.
    """
    found = []
    for size in range(1, len(switches) + 1):
        for chosen in combinations(switches, size):
            names, sentences = zip(*(switches[flag] for flag in chosen), strict=True)
            wrong = build(**{flag: flag in chosen for flag in switches})
            found.append(Misconception(" and ".join(names), wrong, " ".join(sentences)))
    return tuple(found)
