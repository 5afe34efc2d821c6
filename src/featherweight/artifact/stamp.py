"""A network on paper: one QR code holds a whole .fw file, and a picture of it is enough to classify digits.

`python -m featherweight.artifact.stamp PAGE.svg` (or .pdf, .png) writes the book's own strawweight as a page to print.
segno writes the code (version as small as it can be, up to 40; level L; bytes), zxing-cpp reads it from a picture.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import matplotlib.image
import numpy as np
import segno
import zxingcpp
from matplotlib.figure import Figure

from featherweight.artifact.champion_runs import entry, load
from featherweight.errors import FileProblem, InputError

__all__ = ["CAPACITY", "own_page", "page", "pixels", "read", "save", "symbol"]

CAPACITY = 2953
"""Bytes that a QR code of version 40 and level L holds in byte mode (ISO/IEC 18004, table 7)."""
A5, SIDE = (5.83, 8.27), 4.6
"""The page and the code's side on it, in inches: half a sheet of A4 or letter."""
QUIET = 4
"""White modules around the code, which readers need (ISO/IEC 18004, section 5.3.8)."""


def symbol(data: bytes) -> np.ndarray:
    """The QR code of a file: (modules, modules) bool, True = black, with its white border.

    Raises InputError for a file that no QR code can hold, and for an empty one.
    """
    if not 0 < len(data) <= CAPACITY:
        raise InputError(
            f"Got {len(data):,} bytes; one QR code holds 1 to {CAPACITY:,}. Make the network smaller: fewer channels, "
            "fewer bits or more zeros."
        )
    code = segno.make_qr(data, error="l", mode="byte", boost_error=False)
    return np.array([list(row) for row in code.matrix_iter(border=QUIET)], dtype=bool)


def pixels(data: bytes, module: int = 4) -> np.ndarray:
    """The code alone as a grey picture, uint8, `module` pixels for each of its modules."""
    return np.where(symbol(data), 0, 255).astype(np.uint8).repeat(module, 0).repeat(module, 1)


def page(data: bytes, title: str, code: str, text: str) -> Figure:
    """A page to print, of A5 size: a title, the QR code, the lines that bring it to life, and what it can do.

    Save it as .svg, .pdf or .png with `save`. Raises InputError as `symbol`.
    """
    modules = symbol(data)
    figure = Figure(figsize=A5, facecolor="white", layout="none")
    wide, high = SIDE / A5[0], SIDE / A5[1]
    left, bottom = (1 - wide) / 2, 0.89 - high
    axes = figure.add_axes((left, bottom, wide, high))
    axes.imshow(~modules, cmap="gray", interpolation="none", vmin=0, vmax=1)
    axes.set_axis_off()
    look = {"ha": "left", "va": "top", "fontsize": 8.5, "color": "black", "linespacing": 1.6}
    figure.text(0.5, 0.925, title, ha="center", va="center", fontsize=13, color="black")
    figure.text(left + 0.02, bottom - 0.025, code, family="monospace", **look)
    figure.text(left + 0.02, bottom - 0.06 - 0.022 * len(code.splitlines()), text, **look)
    return figure


CODE = """from featherweight.artifact import decode, stamp
network = decode(stamp.read("photo.png"))
digits = network(pictures).argmax(1)"""


def own_page() -> Figure:
    """The page of the book's chosen strawweight."""
    row, data = load()["strawweight"], entry("strawweight")
    right = 1000 - row.errors[row.chosen]
    text = (
        "This square is all of it: the layers, their order, and every weight.\n"
        "pictures: rows of 784 pixels, 28 × 28, from 0 (black) to 1 (white).\n"
        f"Of 1,000 digits that it never saw it reads {right} as they were meant."
    )
    return page(data, f"A network that reads digits, in {len(data):,} bytes", CODE, text)


def save(figure: Figure, path: str | os.PathLike) -> None:
    """Write a page, by the path's ending as .svg, .pdf or .png; a PNG has 300 dots per inch."""
    try:
        figure.savefig(Path(path), dpi=300, metadata={"Date": None} if Path(path).suffix == ".svg" else None)
    except (OSError, ValueError) as problem:
        raise FileProblem(
            f"{path} cannot be written ({problem}). Choose a path that ends in .svg, .pdf or .png."
        ) from None


def read(picture: str | os.PathLike | np.ndarray) -> bytes:
    """The bytes of the one QR code in a picture: a path to a PNG or JPEG, or an array, (height, width[, 3]), uint8.

    A photograph will do if the modules can be told apart. What comes back is untrusted: `artifact.decode` checks it.
    Raises FileProblem for a picture that cannot be opened, InputError where it does not show exactly one QR code.
    """
    image = picture if isinstance(picture, np.ndarray) else _opened(Path(picture))
    found = zxingcpp.read_barcodes(np.ascontiguousarray(image), formats=zxingcpp.BarcodeFormat.QRCode)
    if len(found) != 1:
        raise InputError(
            f"Found {len(found)} QR codes in the picture; wanted one. Show the page whole, flat, sharp and large: "
            "two pixels or more for each of its small squares."
        )
    return found[0].bytes


def _opened(path: Path) -> np.ndarray:
    try:
        image = matplotlib.image.imread(path)
    except (OSError, ValueError, SyntaxError) as problem:
        raise FileProblem(f"{path} cannot be read as a picture ({problem}). Pass a PNG or JPEG file.") from problem
    if image.dtype != np.uint8:
        image = (image * 255).round().astype(np.uint8)
    return image[..., :3] if image.ndim == 3 else image


if __name__ == "__main__":
    save(own_page(), sys.argv[1])
