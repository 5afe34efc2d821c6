"""A picture as HTML, as every part of the book writes it into a page."""

from __future__ import annotations

from html import escape

__all__ = ["picture_html"]


def picture_html(png: str, alt: str, width: int | None = None) -> str:
    """HTML that keeps the text alternative of a picture. png: Base64, in one or more lines. width: CSS pixels."""
    size = "" if width is None else f' width="{width}"'
    source = f'src="data:image/png;base64,{escape("".join(png.split()))}"'
    return f'<img class="fw-picture" alt="{escape(alt)}"{size} style="max-width: 100%" {source}>'
