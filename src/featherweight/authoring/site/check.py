"""Whether a page asks another machine for anything: scripts, styles, fonts, pictures. Links to click are fine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

__all__ = ["external_requests"]

LOADS = {
    **dict.fromkeys(
        ("audio", "embed", "iframe", "img", "input", "script", "source", "track", "video"), ("src", "srcset")
    ),
    "link": ("href",),
    "object": ("data",),
    "image": ("href", "xlink:href"),
    "use": ("href", "xlink:href"),
}
"""Elements that load something → the attributes that say what."""
NOT_LOADED = {"author", "canonical", "help", "license", "next", "prev", "search", "index"}
"""Relations of a <link> that a browser only reads."""
FAR = re.compile(r"(?:https?|wss?|ftp):?//|//", re.IGNORECASE)
IN_STYLE = re.compile(r"""(?:url\(\s*["']?|@import\s+["']?)((?:https?:)?//[^"')\s;]+)""", re.IGNORECASE)


class _Requests(HTMLParser):
    """Collects what a page would load from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: (value or "").strip() for name, value in attrs}
        self.in_style = tag == "style"
        self.found += [f"style {address}" for address in IN_STYLE.findall(given.get("style", ""))]
        if tag == "link" and set(given.get("rel", "").lower().split()) <= NOT_LOADED:
            return
        for name in LOADS.get(tag, ()):
            parts = given.get(name, "").split(",") if name == "srcset" else [given.get(name, "")]
            self.found += [f"<{tag} {name}> {part.strip()[:200]}" for part in parts if FAR.match(part.strip())]

    def handle_endtag(self, tag: str) -> None:
        self.in_style = self.in_style and tag != "style"

    def handle_data(self, data: str) -> None:
        if self.in_style:
            self.found += [f"style {address}" for address in IN_STYLE.findall(data)]


def external_requests(site: Path) -> Iterator[str]:
    """One line for each thing that a page or a style sheet under `site` loads from another machine."""
    for path in sorted(site.rglob("*.html")):
        reader = _Requests()
        reader.feed(path.read_text(encoding="utf-8"))
        yield from (f"{path.relative_to(site).as_posix()}: {what}" for what in reader.found)
    for path in sorted(site.rglob("*.css")):
        for address in IN_STYLE.findall(path.read_text(encoding="utf-8")):
            yield f"{path.relative_to(site).as_posix()}: style {address}"
