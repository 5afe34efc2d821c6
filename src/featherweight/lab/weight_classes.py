"""The weight classes of the championship, by bytes of the .fw file on disk. 1 kB is 1,000 bytes."""

from __future__ import annotations

from dataclasses import dataclass

from featherweight.errors import InputError

__all__ = ["CLASSES", "WeightClass", "weight_class"]


@dataclass(frozen=True)
class WeightClass:
    """A class and the most bytes that an entry may have. why: where the limit comes from."""

    name: str
    limit: int
    why: str


CLASSES = (
    WeightClass("strawweight", 2953, "one QR code of version 40, level L, holds 2,953 bytes"),
    WeightClass("flyweight", 4000, "4 kB"),
    WeightClass("bantamweight", 8000, "8 kB"),
    WeightClass("featherweight", 16000, "16 kB"),
    WeightClass("lightweight", 32000, "32 kB"),
)
"""From the lightest to the heaviest."""


def weight_class(size: int) -> WeightClass | None:
    """The lightest class that a file of `size` bytes may enter; None above the heaviest.

    Raises InputError for a size that no file has.
    """
    if size < 1:
        raise InputError(f"A file of {size} bytes is no entry; wanted at least 1 byte. Save the network first.")
    return next((each for each in CLASSES if size <= each.limit), None)
