"""A bar over the minutes of a search, with what has just been found; where nobody watches, nothing."""

from __future__ import annotations

import sys
import threading
import time

from tqdm import tqdm

__all__ = ["Progress"]


TICK = 1.0
"""Seconds between two moves of the bar."""


class Progress:
    """The bar. seconds: the whole of it. It is drawn on stderr, in a terminal or a notebook only."""

    def __init__(self, seconds: float, shown: bool) -> None:
        watched = sys.stderr.isatty() or type(sys.stderr).__module__.startswith("ipykernel")
        self.started, self.seconds = time.monotonic(), seconds
        self.bar = tqdm(
            total=round(seconds),
            desc="compress",
            disable=not (shown and watched),
            leave=False,
            ncols=72,
            bar_format="{desc}: {bar} {elapsed} of at most " + _clock(seconds),
        )
        self.over, self.clock = threading.Event(), threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> Progress:
        if not self.bar.disable:
            self.clock.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        if self.clock.is_alive():
            self.clock.join()
        self.bar.close()

    def _tick(self) -> None:
        """Move the bar on as time passes: minutes may lie between two lines."""
        while not self.over.wait(TICK):
            self._move()
            self.bar.refresh()

    def _move(self) -> None:
        self.bar.n = min(round(time.monotonic() - self.started), self.bar.total)

    def tell(self, line: str) -> None:
        """Show a line above the bar."""
        self._move()
        if not self.bar.disable:
            self.bar.write(line, file=sys.stderr)
            self.bar.refresh()


def _clock(seconds: float) -> str:
    """Minutes and seconds, as the bar writes them."""
    return tqdm.format_interval(round(seconds))
