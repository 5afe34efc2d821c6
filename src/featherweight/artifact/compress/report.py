"""The report of a compressed network: one HTML page without scripts or anything from elsewhere, everything escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from featherweight.artifact.compress.goal import size
from featherweight.artifact.compress.pareto import front, plot
from featherweight.artifact.compress.result import Compressed
from featherweight.lab.statistics import Interval

__all__ = ["report_html"]


def report_html(result: Compressed) -> str:
    """The page."""
    tried = sorted(result.tried, key=lambda one: one.bytes)
    page = _pages().get_template("compressed.html.j2")
    return page.render(one=result, plot=plot(result), tried=tried, edge=front(result.tried)).strip() + "\n"


@cache
def _pages() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent)
    pages = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    pages.filters |= {"percent": _percent, "size": size, "thousands": _thousands, "times": _times}
    return pages


def _percent(share: Interval) -> str:
    return f"{100 * share.estimate:.1f}% ({100 * share.low:.1f} to {100 * share.high:.1f})"


def _thousands(count: int | None) -> str:
    return "not counted" if count is None else f"{count:,}"


def _times(ms: Interval) -> str:
    return f"{ms.estimate:.2f} ({ms.low:.2f} to {ms.high:.2f})"
