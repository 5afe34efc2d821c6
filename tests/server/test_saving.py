"""A saved notebook keeps picture and text, and no handle to a widget that is gone."""

import copy

import pytest

from featherweight.server.saving import VIEW, strip_widget_views

HANDLE = {"model_id": "0123", "version_major": 2, "version_minor": 1}
STATE = {"application/vnd.jupyter.widget-state+json": {"state": {}}}


def saved(data, **metadata):
    """The output data and the notebook metadata that are left after a save."""
    cell = {"cell_type": "code", "outputs": [{"output_type": "display_data", "data": data, "metadata": {}}]}
    content = {"cells": [cell, {"cell_type": "markdown", "source": "text"}], "metadata": metadata}
    model = {"type": "notebook", "content": content}
    assert strip_widget_views(model, path="a.ipynb", contents_manager=None) is None
    return content["cells"][0]["outputs"][0]["data"], content["metadata"]


def test_card_keeps_picture_and_text():
    data, _ = saved({VIEW: HANDLE, "image/png": "AA\nAA", "text/plain": "Ravine. κ < 1."})
    page = data.pop("text/html")
    assert data == {"image/png": "AA\nAA", "text/plain": "Ravine. κ < 1."}
    assert 'alt="Ravine. κ &lt; 1."' in page and 'src="data:image/png;base64,AAAA"' in page


@pytest.mark.parametrize(
    ("png", "text"), [('"><script>', "x"), ("AAAA", ['"><script>', "b"]), ("AAAA", None)], ids=["png", "list", "none"]
)
def test_what_a_front_end_sends_is_no_markup(png, text):
    page = saved({VIEW: HANDLE, "image/png": png, "text/plain": text})[0]["text/html"]
    assert page.count("<") == 1 and page.count(">") == 1


def test_a_picture_that_is_no_widget_is_left_alone():
    bundle = {"image/png": "AAAA", "text/html": "<img>", "text/plain": "a figure"}
    assert saved(dict(bundle))[0] == bundle


def test_widget_without_a_picture_is_left_alone():
    data, _ = saved({VIEW: HANDLE, "text/plain": "IntSlider()"})
    assert VIEW in data


def test_stored_state_goes_and_other_metadata_stay():
    _, metadata = saved({"text/plain": "1"}, widgets=STATE, kernelspec={"name": "python3"})
    assert metadata == {"kernelspec": {"name": "python3"}}


@pytest.mark.parametrize(
    "model",
    [
        {"type": "file", "content": "text"},
        {"type": "notebook", "content": None},
        {"type": "notebook", "content": {}},
        {"type": "directory"},
        {"type": "notebook", "content": {"cells": [{"outputs": [{"output_type": "stream", "text": "x"}]}, {}]}},
        {"type": "notebook", "content": {"cells": [{"outputs": [{"data": {VIEW: HANDLE, "image/png": 7}}]}]}},
        {"type": "notebook", "content": {"cells": [None, 7, {"outputs": "x"}, {"outputs": [None, {"data": [1]}]}]}},
        {"type": "notebook", "content": {"cells": 7, "metadata": None}},
    ],
    ids=["file", "no content", "no cells", "folder", "stream", "odd picture", "odd outputs", "odd parts"],
)
def test_other_models_pass_unchanged(model):
    before = copy.deepcopy(model)
    strip_widget_views(model)
    assert model == before
