"""From a key press to changed pixels: the card, the live card, and `interact` with an inline figure, in one run.

The clock starts at the key event's own time stamp. Each animation frame compares the picture's pixels with those before
the press; the clock stops at the frame *after* the first that differs, when the new pixels have been handed to the
screen. All three show the same Ravine in the same JupyterLab and the same browser, one after the other.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from featherweight.bench.browser import Notebook, chromium, jupyterlab

__all__ = ["CELLS", "Latency", "measure_latency"]

PRESSES = 40
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
    """95th percentiles in ms of the table card, the live card and `interact`, and frames without a picture."""

    card: float
    live: float
    interact: float
    card_blanks: int
    interact_blanks: int

    @property
    def ratio(self) -> float:
        """How many times faster the table card is than `interact`."""
        return self.interact / self.card


def measure_latency(presses: int = PRESSES) -> Latency:
    """Measure in a fresh JupyterLab. Raises MissingTool without a browser, Playwright's TimeoutError when stuck."""
    with tempfile.TemporaryDirectory() as name, jupyterlab(Path(name)) as address, chromium() as new_page:
        notebook = Notebook(new_page(), address, Path(name), "latency.ipynb", CELLS)
        (card, blanks), (live, _), (interact, flickers) = [_measure(notebook, cell, presses) for cell in range(3)]
    return Latency(_p95(card), _p95(live), _p95(interact), blanks, flickers)


def _measure(notebook: Notebook, cell: int, presses: int) -> tuple[list[float], int]:
    """The delay of each press in ms, and how many frames showed no picture."""
    notebook.run(cell)
    picture = "img" if cell == 2 else "canvas"
    notebook.cell(cell).locator(picture).last.wait_for()
    slider = notebook.cell(cell).locator(SLIDERS[cell]).first
    slider.scroll_into_view_if_needed()
    slider.focus()
    notebook.page.wait_for_timeout(500)
    notebook.page.evaluate(PROBE, [cell, picture])
    delays = []
    for number in range(presses):
        notebook.page.keyboard.press("ArrowRight" if number // 8 % 2 else "ArrowLeft")
        notebook.page.wait_for_function("window.probe.delay !== null", timeout=10_000)
        delays.append(notebook.page.evaluate("window.probe.delay"))
        notebook.page.wait_for_timeout(60)
    return delays, notebook.page.evaluate("window.probe.blanks")


def _p95(values: list[float]) -> float:
    return quantiles(values, n=20, method="inclusive")[-1]
