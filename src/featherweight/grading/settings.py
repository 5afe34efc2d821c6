"""What a grade depends on beside the notebook: the secret, the limits, the instructor's own file, and the releases."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path

from featherweight.errors import FileProblem, InputError
from featherweight.exercises.exercise import Exercise
from featherweight.grading.private import LEAST_SECRET, load_private, with_private
from featherweight.grading.sandbox import Limits

__all__ = ["Settings", "read_secret"]


@dataclass(frozen=True)
class Settings:
    """secret: what the hidden cases are drawn from. seconds: for each exercise. lesson: only this one, or 0 for all.

    private: the instructor's file, absolute, or ""; digest: of its content. exercise: only this one, or "" for all.
    digits: the instructor's file of hidden digits for entries, absolute, or ""; digits_digest: of its content.
    """

    secret: str = field(repr=False)
    seconds: float = 10.0
    lesson: int = 0
    unsafe: bool = False
    limits: Limits = field(default_factory=Limits)
    private: str = ""
    digest: str = ""
    exercise: str = ""
    digits: str = ""
    digits_digest: str = ""

    def __post_init__(self) -> None:
        if not 0 < self.seconds < 3600:
            raise InputError(f"{self.seconds:g} seconds for an exercise; wanted more than 0 and less than 3600.")

    def conditions(self) -> str:
        """What a grade depends on, as a hash: the same conditions and bytes give the same grade."""
        same = replace(self, lesson=0, private="", exercise="", digits="")
        releases = [version(name) for name in ("featherweight", "torch")]
        return hashlib.sha256(repr((releases, sorted(asdict(same).items(), key=str))).encode()).hexdigest()

    def seed(self, lesson: int) -> int:
        """The seed of a lesson's hidden cases."""
        return int.from_bytes(hashlib.sha256(f"{self.secret} {lesson}".encode()).digest()[:4], "big")

    def book(self) -> tuple[Exercise, ...]:
        """The exercises, the instructor's own among them. Raises FileProblem where their file changed or is gone."""
        return _book(self.private, self.digest)


@cache
def _book(path: str, digest: str) -> tuple[Exercise, ...]:
    from featherweight.exercises import catalogue

    if not path:
        return catalogue()
    private = load_private(path)
    if private.digest != digest:
        raise FileProblem(f"{path} is not the file that this run began with; wanted the same one on every machine.")
    return with_private(catalogue(), private)


def read_secret(path: str | Path) -> str:
    """The secret in a file, such as --seed-file names. Raises FileProblem where there is none."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig").strip()  # the same secret from every editor
    except (OSError, UnicodeDecodeError) as problem:
        reason = getattr(problem, "strerror", None) or "it is no text"
        raise FileProblem(f"Could not read {path} ({reason}); wanted a text file with the secret seed.") from problem
    if len(text) < LEAST_SECRET:
        raise FileProblem(
            f"{path} holds {len(text)} characters; wanted a secret of at least {LEAST_SECRET}, that nobody guesses."
        )
    return text
