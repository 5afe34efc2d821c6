"""What a user wants: at most so many bytes, or to lose at most so many points of accuracy, or both."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from featherweight.errors import InputError

__all__ = ["MAX_DROP", "Goal", "bytes_of", "goal_of", "size"]

MAX_DROP = 1.0
"""Points that may be lost where nothing is said."""

UNITS = {"": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}


@dataclass(frozen=True)
class Goal:
    """budget: most bytes of the file, or None. max_drop: most points of accuracy to lose, or None. One is not None."""

    budget: int | None
    max_drop: float | None

    def __str__(self) -> str:
        parts = [f"at most {size(self.budget)}"] if self.budget is not None else []
        parts += (
            [f"at most {self.max_drop:g} point{'s' * (self.max_drop != 1)} lost"] if self.max_drop is not None else []
        )
        return " and ".join(parts)


def goal_of(budget: int | str | None, max_drop: float | None) -> Goal:
    """The goal of what a user gave; without anything, `MAX_DROP` points. Raises InputError."""
    most = bytes_of(budget) if budget is not None else None
    if max_drop is not None and not (isinstance(max_drop, int | float) and 0 < max_drop < 100):
        raise InputError(
            f"max_drop is {max_drop!r}; wanted points of accuracy above 0 and below 100, such as 0.5: "
            "from 98.0% to 97.5%."
        )
    return Goal(most, MAX_DROP if most is None and max_drop is None else max_drop)


def bytes_of(text: int | str) -> int:
    """Bytes of a size such as 50_000, "50kB" or "1.5 MB". kB = 1,000 bytes, KiB = 1,024. Raises InputError."""
    found = re.fullmatch(r"([0-9][0-9_,]*(?:\.[0-9]+)?)\s*([kKmMgG]?[iI]?[bB]?)", str(text).strip())
    unit = UNITS.get(found[2].lower() + "b" * (found[2].lower() in ("k", "m", "g"))) if found else None
    number = float(re.sub("[_,]", "", found[1])) if found else 0.0
    if unit is None or isinstance(text, bool) or not math.isfinite(number) or not number * unit >= 1:
        raise InputError(f"The budget is {text!r}; wanted a size of at least one byte, such as 50kB, 1.5MB or 8000.")
    return int(number * unit)


def size(count: int) -> str:
    """Bytes for a reader: exact below 100 kB, in kB or MB above; 1 kB = 1,000 bytes."""
    if count < 100_000:
        return f"{count:,} bytes" if count != 1 else "1 byte"
    return f"{count / 1000:,.0f} kB" if count < 10**7 else f"{count / 10**6:,.1f} MB"
