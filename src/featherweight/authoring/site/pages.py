"""The pages that are not lessons: the front page from the README, and the book's other Markdown files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

__all__ = ["PAGES", "front_page", "markdown_pages", "pointed_at_site"]

PAGES = {
    "GLOSSARY.md": "Reference",
    "MISCONCEPTIONS.md": "Reference",
    "BENCHMARKS.md": "Reference",
    "CHANGELOG.md": "Reference",
    "GRADING.md": "For instructors",
}
"""Files at the top level that become pages, where they exist → their part of the contents."""
NOT_ON_THE_SITE = ("For contributors",)
LINK = re.compile(r"(?s:```.*?```)|`[^`\n]+`|(!?\[[^\]]*\]\()([^)#\s]*)(#[^)\s]*)?(\))")
"""Code, in which nothing is a link; or a link: its opening, path and part of the page."""


def markdown_pages(root: Path) -> dict[str, str]:
    """The files of PAGES that exist, in order → the names of their pages."""
    return {name: Path(name).stem.lower() for name in PAGES if (root / name).exists()}


def front_page(readme: str, lessons: Iterable[str], pages: dict[str, str]) -> str:
    """The README without badges and without what only contributors need, and the contents of the site."""
    head, *parts = re.split(r"^(?=## )", readme, flags=re.MULTILINE)
    kept = [part for part in parts if not part.removeprefix("## ").startswith(NOT_ON_THE_SITE)]
    text = "\n".join(line for line in "".join([head, *kept]).splitlines() if not line.startswith("[!["))
    trees = [_contents("Lessons", lessons)]
    for part in dict.fromkeys(PAGES.values()):
        trees.append(_contents(part, [page for name, page in pages.items() if PAGES[name] == part]))
    return "\n\n".join([text.strip(), *filter(None, trees)]) + "\n"


def pointed_at_site(text: str, place: Callable[[str], str]) -> str:
    """Markdown whose links and pictures inside the repository lead to `place(path)`."""

    def moved(link: re.Match) -> str:
        opening, path, part, closing = link.groups()
        if not opening or not path or re.match(r"[a-z]+:", path):
            return link.group()
        return f"{opening}{place(path)}{part or ''}{closing}"

    return LINK.sub(moved, text)


def _contents(caption: str, pages: Iterable[str]) -> str:
    lines = "\n".join(pages)
    return f"```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{lines}\n```" if lines else ""
