"""From a key press to changed pixels: the card, the live card, and `interact` with an inline figure, in one run.

The clock starts at the key event's own time stamp. Each animation frame compares the picture's pixels with those before
the press; the clock stops at the frame *after* the first that differs, when the new pixels have been handed to the
screen. All three show the same Ravine in the same JupyterLab and the same browser, and take turns of a few presses.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from featherweight.bench.browser import Notebook, chromium, jupyterlab
from featherweight.bench.repeats import ratio
from featherweight.bench.row import Row, number

__all__ = ["CELLS", "Latency", "latency_rows", "measure_latency"]

PRESSES, ROUNDS = 40, 5
TIMES_FASTER = 10
"""Than `interact`: so much the card has to be."""
CELLS = [
    "from featherweight.widgets import ravine\nravine(ask=None)",
    "from featherweight.optimizers.descent import gradient_descent\nravine(gradient_descent, ask=None)",
    """%matplotlib inline
import matplotlib.pyplot as plt
from ipywidgets import SelectionSlider, interact
from featherweight.widgets.ravine import CONDITIONS, RATES, ravine_frame, ravine_scene

@interact(rate=SelectionSlider(options=RATES, value=0.1), condition=SelectionSlider(options=CONDITIONS, value=10))
def show(rate, condition):
    panels = ravine_scene(plt.figure(figsize=(7.84, 2.24), layout="constrained"))
    for line in ravine_frame(rate, condition).lines:
        panels[line.panel].plot(line.x, line.y, marker="o" if line.markers else "", ms=3)
    plt.show()""",
]
SLIDERS = ("input[type=range]", "input[type=range]", ".noUi-handle")
PROBE = """([cell, picture]) => {
  const root = document.querySelectorAll(".jp-Notebook .jp-Cell")[cell];
  const small = Object.assign(document.createElement("canvas"), { width: 196, height: 56 });
  const context = small.getContext("2d", { willReadFrequently: true });
  const look = () => {
    const node = [...root.querySelectorAll(picture)].at(-1);
    if (!node || (node.tagName === "IMG" && !(node.complete && node.naturalWidth))) return null;
    context.drawImage(node, 0, 0, 196, 56);
    return context.getImageData(0, 0, 196, 56).data;
  };
  const differs = (a, b) => a.some((value, i) => value !== b[i]);
  window.probe = { delay: null, blanks: 0 };
  if (root.probed) return;
  root.probed = true;
  root.addEventListener("keydown", (event) => {
    const before = look();
    window.probe.delay = null;
    const watch = () => {
      const now = look();
      if (!now) window.probe.blanks += 1;
      if (!now || !differs(now, before)) return requestAnimationFrame(watch);
      requestAnimationFrame(() => { window.probe.delay = performance.now() - event.timeStamp; });
    };
    requestAnimationFrame(watch);
  }, true);
}"""


@dataclass(frozen=True)
class Latency:
    """95th percentiles in ms of the table card, the live card and `interact`, and frames without a picture.

    medians: of each turn, for the three in this order.
    """

    card: float
    live: float
    interact: float
    card_blanks: int
    interact_blanks: int
    medians: tuple[tuple[float, ...], ...] = ()

    @property
    def ratio(self) -> float:
        """How many times faster the table card is than `interact`."""
        return self.interact / self.card


def latency_rows(latency: Latency | None = None) -> Iterator[Row]:
    """The card's goals, beside `interact`. Raises MissingTool without a browser."""
    found = measure_latency() if latency is None else latency
    card, live, interact = found.medians
    beside = f"`interact` with an inline figure, {number(found.interact)} ms"
    shares = ratio(card, interact), ratio(live, interact)
    most = "95th percentile"
    yield Row(f"a card with a table, {most}", found.card, "ms", 50, beside=beside, ratio=shares[0])
    faster = {"allowed": 1 / TIMES_FASTER, "of_ratio": True}
    yield Row("the same card, median", median(card), "ms", beside=f"`interact`, {number(median(interact))} ms",
              ratio=shares[0], **faster)  # fmt: skip
    yield Row(f"a card with the learner's function, {most}", found.live, "ms", 100, beside=beside, ratio=shares[1])
    blanks = f"`interact`, {found.interact_blanks}"
    yield Row("frames without a picture while a card moves", found.card_blanks, "frames", 0, beside=blanks)


def measure_latency(presses: int = PRESSES, rounds: int = ROUNDS) -> Latency:
    """Measure in a fresh JupyterLab. Raises MissingTool without a browser, Playwright's TimeoutError when stuck."""
    delays: list[list[list[float]]] = [[], [], []]
    blanks = [0, 0, 0]
    with tempfile.TemporaryDirectory() as name, jupyterlab(Path(name)) as address, chromium() as new_page:
        notebook = Notebook(new_page(), address, Path(name), "latency.ipynb", CELLS)
        for cell in range(3):
            _show(notebook, cell)
        for _ in range(rounds):
            for cell in range(3):
                found, empty = _press(notebook, cell, -(-presses // rounds))
                delays[cell].append(found)
                blanks[cell] += empty
    card, live, interact = (_p95([one for turn in cell for one in turn]) for cell in delays)
    medians = tuple(tuple(map(median, cell)) for cell in delays)
    return Latency(card, live, interact, blanks[0], blanks[2], medians)


def _show(notebook: Notebook, cell: int) -> None:
    """Run a cell, and wait for its picture."""
    notebook.run(cell)
    notebook.cell(cell).locator(_picture(cell)).last.wait_for()


def _picture(cell: int) -> str:
    return "img" if cell == 2 else "canvas"


def _press(notebook: Notebook, cell: int, presses: int) -> tuple[list[float], int]:
    """The delay of each press in ms, and how many frames showed no picture."""
    slider = notebook.cell(cell).locator(SLIDERS[cell]).first
    slider.scroll_into_view_if_needed()
    slider.focus()
    notebook.page.wait_for_timeout(500)
    notebook.page.evaluate(PROBE, [cell, _picture(cell)])
    delays = []
    for press in range(presses):
        notebook.page.keyboard.press("ArrowLeft" if press < presses // 2 else "ArrowRight")
        notebook.page.wait_for_function("window.probe.delay !== null", timeout=10_000)
        delays.append(notebook.page.evaluate("window.probe.delay"))
        notebook.page.wait_for_timeout(60)
    return delays, notebook.page.evaluate("window.probe.blanks")


def _p95(values: Sequence[float]) -> float:
    return quantiles(values, n=20, method="inclusive")[-1]
