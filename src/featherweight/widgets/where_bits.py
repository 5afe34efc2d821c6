"""Where the bits are: all matrices of a sentence encoder go to four bits. How much smaller is its file?

Left what the encoder consists of, as a sketch; right the bytes of its file, in three parts. The sizes come with the
package, measured on files (`lab/transformer_runs.py`).
"""

from __future__ import annotations

from functools import partial

from featherweight.lab import palette
from featherweight.lab.transformer_runs import Results, load
from featherweight.widgets.blocks import block
from featherweight.widgets.card import Card, card
from featherweight.widgets.controls import Question
from featherweight.widgets.frame import Frame, Mark

__all__ = ["megabytes", "where_bits", "where_bits_frame", "where_bits_scene"]

FORM = "Q4_0"
BARS = {"float32": "float32", "matrices": "36 matrices\nin Q4_0", "all": "embeddings\nas well"}
COLOURS = {"embeddings": palette.ORANGE, "matrices": palette.BLUE, "rest": palette.GHOST}
MOST = 160.0  # MB at the right edge


def megabytes(results: Results) -> dict[str, dict[str, float]]:
    """bar → part → MB. What is packed takes what the whole file lost."""
    parts = {part: size / 1e6 for part, size in results.parts.items()}
    whole, packed = results.rows["float32"].bytes_on_disk / 1e6, results.rows[FORM]
    parts["rest"] += whole - sum(parts.values())  # names and shapes
    inner = parts["matrices"] - (whole - packed.matrices / 1e6)
    words = parts["embeddings"] - (packed.matrices - packed.bytes_on_disk) / 1e6
    return {
        "float32": parts,
        "matrices": parts | {"matrices": inner},
        "all": parts | {"matrices": inner, "embeddings": words},
    }


def where_bits_scene(figure) -> dict:
    """A sketch of the encoder, and an axis of megabytes."""
    sketch, sizes = figure.subplots(1, 2, width_ratios=(1, 1.5))
    sketch.set(title="What MiniLM is made of", xticks=[], yticks=[], xlim=(0, 10), ylim=(0, 10))
    sketch.grid(False)
    sketch.spines[:].set_visible(False)
    boxes = (
        ("30,522 word vectors,\nlooked up", "embeddings", 0.4),
        ("6 layers of 6 matrices,\nmultiplied", "matrices", 3.7),
    )
    for text, part, low in (*boxes, ("biases and norms", "rest", 7.0)):
        sketch.add_patch(_box(low, COLOURS[part]))
        sketch.text(5, low + 1.25, text, ha="center", va="center", fontsize=9)
    sizes.set(title="Its file, MB", xlim=(0, MOST), ylim=(2.6, -0.6))
    sizes.set_yticks(range(3), BARS.values())
    return {"sketch": sketch, "sizes": sizes}


def _box(low: float, colour: str):
    from matplotlib.patches import Rectangle

    return Rectangle((0.6, low), 8.8, 2.5, facecolor=colour, alpha=0.25, edgecolor=colour)


def where_bits_frame(results: Results) -> Frame:
    """The only state: a bar of three parts for each file."""
    lines, marks, said, bars = [], [], [], megabytes(results)
    whole = sum(bars["float32"].values())
    for row, (bar, parts) in enumerate(bars.items()):
        left = 0.0
        for part, size in parts.items():
            lines.append(block("sizes", (left, left + size), (row - 0.22, row + 0.22), COLOURS[part], height=26))
            left += size
        marks.append(Mark("sizes", left, row, f"{left:.1f} MB, {whole / left:.1f}×", "limit"))
        said.append(f"{BARS[bar]}".replace("\n", " ") + f": {left:.1f} MB")
    held = bars["matrices"]["embeddings"] / sum(bars["matrices"].values())
    return Frame(
        tuple(lines), tuple(marks), f"{'; '.join(said)}. In the second file {held:.0%} of the bytes are embeddings."
    )


def where_bits(results: Results | None = None) -> Card:
    """The opening card of lesson 10."""
    results = results or load()
    bars = megabytes(results)
    whole, cut = (sum(bars[bar].values()) for bar in ("float32", "matrices"))
    question = Question(
        key="where-bits",
        text="MiniLM's 36 matrices go from 32 bits a weight to 4 and a half. How much smaller is its file?",
        choices=("About 7 times", "About 4 times", "Less than twice"),
        answer=2,
        because=f"{whole / cut:.1f} times: more than half of its numbers are word vectors, and those were left alone.",
        veils=("sizes",),
    )
    return card(
        partial(where_bits_frame, results=results), where_bits_scene, title="Where do the bits go?", ask=question
    )
