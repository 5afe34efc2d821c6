"""What the site shows of an executed notebook: cards that live without a kernel, pictures with their alt text.

A card is made from what the notebook stored of it: its own module, style, table and picture.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable

from nbformat import NotebookNode, from_dict, v4

from featherweight.errors import LessonError
from featherweight.widgets import embed

__all__ = ["NEEDS_KERNEL", "shown"]

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
NEEDS_KERNEL = (
    "This card runs your own function, so it moves only in the workbook; here it shows our solution's picture."
)
PARTS = {"_esm": "module", "_css": "style", "index": "index of its table", "table": "table", "scene": "scene"}
"""What a card cannot live without: the widget's trait → what it is."""
READ = ("_esm", "_css", "title", "controls", "presets", "start", "stage", "scene", "index", "table", "ask", "live")
NOT_SHOWN = "colab-only"
ANSWER = {"hide-input"}
PROMPTS = {"code_prompt_show": "Show our solution", "code_prompt_hide": "Hide our solution"}


def shown(name: str, notebook: NotebookNode) -> NotebookNode:
    """A copy of an executed notebook for the site.

    Widgets become HTML, pictures get their alt text, solutions are folded, and the cell for Colab is left out.
    Raises LessonError that names the lesson and the cell for a card that cannot be shown.
    """
    copy = from_dict(notebook)
    models = copy.metadata.pop("widgets", {}).get(STATE, {}).get("state", {})
    copy.cells = [cell for cell in copy.cells if NOT_SHOWN not in cell.metadata.get("tags", ())]
    for cell in copy.cells:
        if "exercise" in cell.metadata.get("tags", ()):
            cell.metadata["tags"] = sorted({*cell.metadata.tags} | ANSWER)
            cell.metadata["mystnb"] = dict(PROMPTS)
        if "outputs" in cell:
            cell.outputs = [_output(f"{name}, cell {cell.id}", output, models) for output in cell.outputs]
    return copy


def _output(where: str, output: NotebookNode, models: dict) -> NotebookNode:
    """One output, as HTML if it is a card or a picture, else as it is."""
    data = output.get("data", {})
    if VIEW in data:
        page = _card(where, data, models)
    elif "image/png" in data:
        page = _picture(where, data["image/png"], output.metadata.get("image/png", {}))
    else:
        return output
    return v4.new_output("display_data", data={"text/html": page})


def _picture(where: str, png: str, metadata: dict) -> str:
    if not metadata.get("alt"):
        raise LessonError(f"{where}: a picture without alt text; make it with lab.plots.picture(figure, alt).")
    return f'<div class="fw-picture">{_image(png, metadata["alt"], metadata.get("width", 720))}</div>'


def _card(where: str, data: dict, models: dict) -> str:
    """The live card; the picture and one line where it needs a kernel."""
    state = _state(where, models.get(data[VIEW]["model_id"]))
    if "image/png" not in data:
        raise LessonError(f"{where}: the card has no picture; its bundle needs image/png, see widgets/card.py.")
    if state["live"]:
        image = _image(data["image/png"], data["text/plain"], state["stage"]["width"])
        return f'<div class="fw-picture">{image}</div>\n<p class="fw-needs-kernel">{NEEDS_KERNEL}</p>'
    module, style = state.pop("_esm"), state.pop("_css")
    state |= {"answer": {}, "revealed": False, "note": ""}
    picture = base64.b64decode(data["image/png"])
    page = embed.snippet(state, picture, data["text/plain"], state["stage"]["width"], module, style)
    return f'<div class="fw-live">{page}</div>'


def _state(where: str, model: dict | None) -> dict:
    """What the card's module reads, from a stored widget model. Raises LessonError for a part that is missing."""
    if model is None:
        raise LessonError(f"{where}: the card's state was not stored; execute the notebook again.")
    state = dict(model["state"])
    for buffer in model.get("buffers", ()):
        (key,) = buffer["path"]
        state[key] = base64.b64decode(buffer["data"])
    missing = [what for trait, what in PARTS.items() if state.get(trait) in (None, "", {})]
    if missing:
        raise LessonError(f"{where}: the card came without its {_listed(missing)}; wanted all parts: execute it again.")
    if "export default { render };" not in state.get("_esm", ""):
        raise LessonError(f"{where}: the card's module has no `export default {{ render }};`; see widgets/card.js.")
    return {name: state[name] for name in [*READ, *(control["name"] for control in state["controls"])]}


def _listed(words: Iterable[str]) -> str:
    return " and ".join(words)


def _image(png: str, alt: str, width: int) -> str:
    data = png.replace("\n", "")
    return f'<img alt="{html.escape(alt, quote=True)}" src="data:image/png;base64,{data}" width="{width}">'
