"""A card as one piece of HTML that lives without kernel, server or network: script, style, table and picture inside."""

from __future__ import annotations

import base64
import html
import json
from pathlib import Path

__all__ = ["MODULE", "STYLE", "snippet"]

HERE = Path(__file__).parent
MODULE = "\n".join((HERE / name).read_text(encoding="utf-8") for name in ("drawing.js", "card.js"))
STYLE = (HERE / "card.css").read_text(encoding="utf-8")
STILL = """.fw-embed[data-live] > .fw-still { display: none; }
@media print {
  .fw-embed[data-live] > .fw-still { display: block; }
  .fw-embed[data-live] > .fw-card { display: none; }
}
"""
"""The picture makes way for the live card on a screen, and takes its place again on paper."""

PAGE = """<div class="fw-embed">
<img class="fw-still" alt="{alt}" src="data:image/png;base64,{picture}" width="{width}">
</div>
<style>{style}</style>
<script>(() => {{
{module}
const root = document.currentScript.parentElement.querySelector(".fw-embed:not([data-live])");
root.dataset.live = "yes";
const state = {state};
for (const name of {binary}) {{
  const bytes = Uint8Array.from(atob(state[name]), (letter) => letter.charCodeAt(0));
  state[name] = new DataView(bytes.buffer);
}}
const card = root.appendChild(document.createElement("div"));
render({{ model: {{
  get: (name) => state[name],
  set: (name, value) => {{ state[name] = value; }},
  on() {{}}, off() {{}}, send() {{}}, save_changes() {{}},
}}, el: card }});
}})();</script>"""


def snippet(state: dict, picture: bytes, alt: str, width: int, module: str = MODULE, style: str = STYLE) -> str:
    """HTML that shows `picture` at once and becomes the live card where scripts run; on paper it is the picture.

    state: what the module reads from its model; values of type bytes travel as base64.
    module, style: the card's own script, which ends in `export default { render };`, and style sheet.
    """
    binary = [name for name, value in state.items() if isinstance(value, bytes)]
    plain = {name: _text(value) if name in binary else value for name, value in state.items()}
    return PAGE.format(
        alt=html.escape(alt, quote=True),
        picture=_text(picture),
        width=width,
        style=style + STILL,
        module=module.replace("export default { render };", ""),
        state=json.dumps(plain, ensure_ascii=False).replace("</", "<\\/"),
        binary=json.dumps(binary),
    )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
