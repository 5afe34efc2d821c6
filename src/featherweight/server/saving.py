"""What a saved notebook keeps of a widget: the picture and the line of text, not a handle to a dead kernel."""

from __future__ import annotations

from featherweight.markup import picture_html

__all__ = ["strip_widget_views"]

VIEW = "application/vnd.jupyter.widget-view+json"


def strip_widget_views(model: dict, **_) -> None:
    """A `pre_save_hook` for Jupyter Server: changes `model` in place.

    A reopened notebook has no model for a stored view, and Lab would show "model not found" in place of the picture.
    So an output that also holds a picture loses its view, and stored widget state goes. Anything else stays.
    The picture gets HTML with the line of text as its alternative: Lab shows a PNG without one.
    """
    notebook = model.get("content")
    if model.get("type") != "notebook" or not isinstance(notebook, dict):
        return
    _dict(notebook.get("metadata")).pop("widgets", None)
    outputs = [output for cell in _list(notebook.get("cells")) for output in _list(_dict(cell).get("outputs"))]
    for output in outputs:
        data = _dict(_dict(output).get("data"))
        if isinstance(data.get("image/png"), str) and data.pop(VIEW, None) is not None:
            data["text/html"] = _picture(data, _dict(_dict(output).get("metadata")))


def _picture(data: dict, metadata: dict) -> str:
    text, width = data.get("text/plain"), _dict(metadata.get("image/png")).get("width")
    said = "".join(text) if isinstance(text, list) else str(text or "")
    return picture_html(data["image/png"], said, width if isinstance(width, int) else None)


def _dict(value) -> dict:
    """A part of a model, which a front end may send in any state: an odd one is left to nbformat's own validation."""
    return value if isinstance(value, dict) else {}


def _list(value) -> list:
    return value if isinstance(value, list) else []
