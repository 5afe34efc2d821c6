"""What the site shows: a live card from its own parts, a still one where a kernel is needed, and clear complaints."""

import json
import re

import pytest

from featherweight.authoring.site.shown import NEEDS_KERNEL, STATE, VIEW, shown
from featherweight.errors import LessonError


def pages(lesson):
    """The HTML of each cell's only output, by the last digit of its id."""
    cells = shown("01_slopes", lesson).cells
    outputs = {int(cell.id[-1]): cell.outputs[0] for cell in cells if cell.get("outputs")}
    return {number: one.get("data", {}).get("text/html", "") for number, one in outputs.items()}


def models(lesson):
    return [model for model in lesson.metadata.widgets[STATE]["state"].values() if "_esm" in model["state"]]


def test_a_table_card_becomes_its_own_module_and_table(lesson):
    stored = lesson.metadata.widgets[STATE]["state"][lesson.cells[3].outputs[0].data[VIEW]["model_id"]]
    stored["state"]["_esm"] = "/* this card's own */" + stored["state"]["_esm"]
    page = pages(lesson)[3]
    state = json.loads(re.search(r"const state = (.*);\n", page).group(1).replace("<\\/", "</"))
    (table,) = [buffer["data"] for buffer in stored["buffers"] if buffer["path"] == ["table"]]
    assert "/* this card's own */" in page and state["table"] == table and len(state["index"]["frames"]) == 3
    assert state["rise"] == 1.0 and state["revealed"] is False and not {"layout", "_esm", "_css"} & set(state)
    assert 'alt="Slope. It rises to 1."' in page and "data:image/png;base64," in page
    assert not re.search(r"""(src|href)=["']?(https?:)?//|import\s|@import|url\(""", page)


def test_a_live_card_shows_its_picture_and_says_why(lesson):
    page = pages(lesson)[4]
    assert 'alt="Slope. It rises to 1."' in page and NEEDS_KERNEL in page and "<script" not in page


def test_pictures_keep_their_alt_text_and_printed_text_stays(lesson):
    assert re.fullmatch(
        r'<div class="fw-picture"><img alt="a line &quot;up&quot;" src="data:[^"]+" width="720"></div>',
        pages(lesson)[5],
    )
    assert shown("01_slopes", lesson).cells[-1].outputs[0].text == "unicorns\n"


def test_no_widget_view_or_state_is_left_and_the_original_is(lesson):
    before = json.dumps(lesson)
    after = json.dumps(shown("01_slopes", lesson))
    assert VIEW not in after and STATE not in after and "model_id" not in after
    assert json.dumps(lesson) == before


def test_the_cell_for_colab_goes_and_solutions_are_folded(lesson):
    cells = shown("01_slopes", lesson).cells
    assert not any("colab" in cell.source for cell in cells)
    folded = [cell for cell in cells if "hide-input" in cell.metadata.get("tags", ())]
    assert [cell.metadata.mystnb.code_prompt_show for cell in folded] == ["Show our solution"]


def without(trait):
    def spoil(lesson):
        for model in models(lesson):
            model["state"].pop(trait, None)
            model["buffers"] = [buffer for buffer in model["buffers"] if buffer["path"] != [trait]]

    return spoil


def other_module(lesson):
    for model in models(lesson):
        model["state"]["_esm"] = "export const nothing = 1;"


def forgotten(lesson):
    lesson.metadata.widgets[STATE]["state"] = {}


def without_picture(lesson):
    del lesson.cells[3].outputs[0].data["image/png"]


def without_alt(lesson):
    lesson.cells[5].outputs[0].metadata = {}


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (
            without("_esm"),
            "01_slopes, cell 01-003: the card came without its module; wanted all parts: execute it again.",
        ),
        (without("table"), "01_slopes, cell 01-003: the card came without its table; wanted all parts"),
        (without("scene"), "01_slopes, cell 01-003: the card came without its scene; wanted all parts"),
        (other_module, "01_slopes, cell 01-003: the card's module has no `export default { render };`"),
        (forgotten, "01_slopes, cell 01-003: the card's state was not stored; execute the notebook again."),
        (without_picture, "01_slopes, cell 01-003: the card has no picture"),
        (without_alt, "01_slopes, cell 01-005: a picture without alt text"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_part_that_is_missing_is_named(lesson, spoil, says):
    spoil(lesson)
    with pytest.raises(LessonError) as problem:
        shown("01_slopes", lesson)
    assert str(problem.value).startswith(says) and "\n" not in str(problem.value)
