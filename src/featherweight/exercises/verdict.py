"""What is said about an answer: one line of text, and the same in HTML with a picture and hints to open."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from html import escape

from featherweight.markup import picture_html

__all__ = ["STATES", "Verdict"]

STATES = ("passed", "wrong", "not started", "error", "timeout")

_LOOK = {
    "passed": ("✓", "#00664b", "solid"),
    "wrong": ("✗", "#a63d00", "dashed"),
    "error": ("!", "#a63d00", "dashed"),
    "timeout": ("…", "#a63d00", "dashed"),
    "not started": ("○", "#595959", "dotted"),
}


@dataclass(frozen=True)
class Verdict:
    """One judgement.

    name: the exercise. state: one of STATES. found: what was seen, in a sentence. misconception: its name, or "".
    says, look: the explanation and where to look. goes_on: whose function the lesson uses now. hints: opened in turn.
    inputs: the failing case in a few words. picture: PNG bytes, or None, with alt as its text.
    """

    name: str
    state: str
    found: str
    goes_on: str
    misconception: str = ""
    says: str = ""
    look: str = ""
    hints: tuple[str, ...] = ()
    inputs: str = ""
    picture: bytes | None = None
    alt: str = ""

    @property
    def line(self) -> str:
        """The verdict as one deterministic line of text."""
        named = f"This looks like: {self.misconception}. {self.says}" if self.misconception else ""
        parts = [f"{self.name}: {self.found}", named, self.goes_on]
        return " ".join(" ".join(part.split()) for part in parts if part)

    def __str__(self) -> str:
        return self.line

    def html(self) -> str:
        """The verdict as a self-contained block of HTML; everything that came from outside is escaped."""
        mark, colour, edge = _LOOK[self.state]
        head = f'<strong style="color:{colour}">{mark} {escape(self.name)}</strong>: {escape(self.found)}'
        blocks = [f'<p style="margin:0">{head}</p>']
        if self.misconception:
            blocks.append(f"<p><strong>This looks like: {escape(self.misconception)}.</strong> {escape(self.says)}</p>")
        if self.look:
            blocks.append(f"<p><em>Where to look: {escape(self.look)}</em></p>")
        if self.inputs:
            blocks.append(f"<p><small>The case: {escape(self.inputs)}</small></p>")
        blocks += [self._picture_html(), self._hints_html(), f"<p><small>{escape(self.goes_on)}</small></p>"]
        style = (
            f"border-left:5px {edge} {colour};padding:6px 12px;margin:4px 0;max-width:52em;background:#fff;color:#222"
        )
        return f'<div role="note" aria-label="verdict on {escape(self.name)}" style="{style}">{"".join(blocks)}</div>'

    def _picture_html(self) -> str:
        if self.picture is None:
            return ""
        return picture_html(base64.b64encode(self.picture).decode("ascii"), self.alt)

    def _hints_html(self) -> str:
        nested = ""
        for number in range(len(self.hints), 0, -1):
            text = escape(self.hints[number - 1])
            summary = f"Hint {number} of {len(self.hints)}"
            nested = f'<details style="margin-left:8px"><summary>{summary}</summary><p>{text}</p>{nested}</details>'
        return nested

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": self.line}
