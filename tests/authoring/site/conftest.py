"""An executed lesson with one card from a table, one live card and one picture, as a kernel leaves it."""

import base64
import json

import numpy as np
import pytest
from ipywidgets.embed import embed_data
from nbformat import from_dict, v4

from featherweight.lab.plots import new_figure, picture
from featherweight.widgets import Control, Frame, Line, card

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"


def rising(rise):
    x = np.array([0.0, 1.0])
    return Frame((Line("slope", x, rise * x),), (), f"It rises to {rise:g}.")


def scene(figure):
    axes = figure.subplots()
    axes.set(xlim=(0, 1), ylim=(0, 3))
    return {"slope": axes}


def slope(live=False):
    return card(rising, scene, title="Slope", controls=(Control("rise", "Rise", (1.0, 2.0, 3.0), 1.0),), live=live)


def output(shown):
    """What a notebook stores of it; values as JSON gives them back."""
    data, metadata = shown._repr_mimebundle_()
    if isinstance(data["image/png"], bytes):
        data["image/png"] = base64.b64encode(data["image/png"]).decode()
    return v4.new_output("display_data", data=data, metadata=metadata)


@pytest.fixture
def lesson():
    """Cells: colab, heading with a formula, exercise, card from a table, live card, picture, printed text."""
    figure, (axes,) = new_figure()
    axes.plot([0, 1])
    cards = [slope(), slope(live=True)]
    cells = [
        v4.new_code_cell("import google.colab", metadata={"tags": ["colab-only"]}),
        v4.new_markdown_cell("# 1 · Slopes\n\nA slope of $\\tfrac12 x$ & more."),
        v4.new_code_cell("def rising():\n    return 1", metadata={"tags": ["exercise"]}),
        v4.new_code_cell("slope()", outputs=[output(cards[0])]),
        v4.new_code_cell("slope(rising)", outputs=[output(cards[1])]),
        v4.new_code_cell("plot()", outputs=[output(picture(figure, 'a line "up"'))]),
        v4.new_code_cell("print(1)", outputs=[v4.new_output("stream", name="stdout", text="unicorns\n")]),
    ]
    for number, cell in enumerate(cells):
        cell.id = f"01-{number:03d}"
    stored = embed_data(views=cards, drop_defaults=False)["manager_state"]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "widgets": {STATE: stored}}
    return from_dict(json.loads(json.dumps(v4.new_notebook(cells=cells, metadata=metadata))))
