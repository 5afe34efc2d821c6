"""What a saved notebook keeps of a widget: the picture and the line of text, not a handle to a dead kernel."""

from __future__ import annotations

__all__ = ["strip_widget_views"]

VIEW = "application/vnd.jupyter.widget-view+json"


def strip_widget_views(model: dict, **_) -> None:
    """A `pre_save_hook` for Jupyter Server: changes `model` in place.

    A reopened notebook has no model for a stored view, and Lab would show "model not found" in place of the picture.
    So an output that also holds a picture loses its view, and stored widget state goes. Anything else stays.
    """
    notebook = model.get("content")
    if model.get("type") != "notebook" or not isinstance(notebook, dict):
        return
    notebook.get("metadata", {}).pop("widgets", None)
    for cell in notebook.get("cells", []):
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if VIEW in data and "image/png" in data:
                del data[VIEW]
