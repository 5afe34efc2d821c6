"""A bar over the minutes of a search, with what has just been found; where nobody watches, nothing."""

from __future__ import annotations

import sys
import time

from tqdm import tqdm

__all__ = ["Progress"]


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
            bar_format="{desc}: {bar} {elapsed} of at most {total} s",
        )

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.close()

    def tell(self, line: str) -> None:
        """Show a line above the bar."""
        self.bar.n = min(round(time.monotonic() - self.started), self.bar.total)
        if not self.bar.disable:
            self.bar.write(line, file=sys.stderr)
            self.bar.refresh()
