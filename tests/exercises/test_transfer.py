"""Text moves by name, never over other text, and a second time changes nothing."""

import pytest
from nbformat import v4

from featherweight.exercises import transfer
from featherweight.exercises.answers import answers


def _take_in(incoming, today, book):
    """Both moves, as resume makes them; the lines, and whether today's notebook changed."""
    lines, changed = [], False
    for answer in answers(incoming, book.exercises).values():
        more, did = transfer.move_answer(answer, today, "old.ipynb", "today.ipynb", book.exercises)
        lines, changed = lines + more, changed or did
    more, did = transfer.carry_own_cells(incoming, today, "old.ipynb", "today.ipynb", book.exercises)
    return lines + more, changed or did


def _sources(notebook):
    return [cell.source for cell in notebook.cells]


def test_answers_and_notes_come_where_they_were(book):
    today = book.fresh()
    lines, changed = _take_in(book.answered(), today, book)
    assert changed
    assert _sources(today) == _sources(book.answered())
    assert lines == [
        "gradient_descent: your answer is moved into today.ipynb.",
        "largest_stable_rate: your answer is moved into today.ipynb.",
        "mended_clip: your answer is moved into today.ipynb.",
        "1 cell that you added in old.ipynb: carried over into today.ipynb.",
    ]
    again, changed = _take_in(book.answered(), today, book)
    assert not changed
    assert again[0] == "gradient_descent: already in today.ipynb." and len(again) == 3


def test_an_untouched_stub_moves_nothing(book):
    today = book.answered()
    assert _take_in(book.fresh(), today, book) == ([], False)
    assert _sources(today) == _sources(book.answered())


@pytest.mark.parametrize("text", ["def gradient_descent():\n    return '```'", "x = '`````'", "broken ("], ids=repr)
def test_another_answer_of_today_stays_and_the_incoming_is_beside_it(book, text):
    today = book.answered(gradient_descent="def gradient_descent():\n    return 'today'")
    lines, _ = _take_in(book.answered(gradient_descent=text), today, book)
    assert lines == [
        "gradient_descent: today.ipynb has an answer of its own, which stays; the one from old.ipynb is beside it."
    ]
    answer = next(i for i, cell in enumerate(today.cells) if cell.id == "gradient_descent")
    assert today.cells[answer].source.endswith("'today'")
    beside = today.cells[answer + 1]
    assert beside.cell_type == "markdown" and text in beside.source and "It is not run" in beside.source
    again, changed = _take_in(book.answered(gradient_descent=text), today, book)
    assert not changed and again == ["gradient_descent: already in today.ipynb."]


def test_split_cells_stay_in_order_after_each_other(book):
    incoming = book.answered()
    place = next(i for i, cell in enumerate(incoming.cells) if cell.id == "gradient_descent")
    incoming.cells.insert(place, v4.new_code_cell("half = 0.5", metadata=incoming.cells[place].metadata))
    incoming.cells.insert(place + 2, v4.new_code_cell("print(half)", metadata=incoming.cells[place].metadata))
    today = book.fresh()
    _take_in(incoming, today, book)
    here = next(i for i, cell in enumerate(today.cells) if cell.id == "gradient_descent")
    assert _sources(today)[here : here + 3] == ["half = 0.5", book.answers["gradient_descent"], "print(half)"]
    assert not _take_in(incoming, today, book)[1]


def test_two_answers_in_one_cell_reach_both_stubs(book):
    both = f"{book.answers['gradient_descent']}\n\n\n{book.answers['largest_stable_rate']}"
    incoming = v4.new_notebook(cells=[v4.new_code_cell(both)])
    today = book.fresh()
    _take_in(incoming, today, book)
    assert [cell.source for cell in today.cells if cell.id in ("gradient_descent", "largest_stable_rate")] == [
        both,
        both,
    ]
    assert not _take_in(incoming, today, book)[1]


def test_an_answer_unknown_today_is_added_and_said(book):
    today = book.fresh()
    today.cells = [cell for cell in today.cells if "mended_clip" not in cell.id]
    lines, _ = _take_in(book.answered(mended_clip=book.answers["mended_clip"]), today, book)
    assert (
        lines[0] == "mended_clip: today's release has no cell for it; your answer is added to today.ipynb, at its end."
    )
    assert today.cells[-1].source == book.answers["mended_clip"]
    assert not _take_in(book.answered(mended_clip=book.answers["mended_clip"]), today, book)[1]


def test_own_cells_keep_their_order_and_their_neighbours(book):
    incoming = book.fresh()
    picture = {"a.png": {"image/png": "AAAA"}}
    own = [
        v4.new_code_cell("x = 1", id="own1", outputs=[v4.new_output("stream", text="1")], execution_count=3),
        v4.new_markdown_cell("![](attachment:a.png)", id="own2", attachments=picture),
        v4.new_raw_cell("raw", id="own3"),
    ]
    incoming.cells[:0] = [v4.new_markdown_cell("on top", id="own0")]
    incoming.cells[3:3] = own
    incoming.cells += [v4.new_code_cell("the_end = True", id="own4"), v4.new_code_cell("  ", id="own5")]
    today = book.fresh()
    today.cells.insert(2, v4.new_markdown_cell("today's own", id="today1"))
    lines, _ = _take_in(incoming, today, book)
    assert lines == ["5 cells that you added in old.ipynb: carried over into today.ipynb."]
    assert [cell.id for cell in today.cells][:7] == ["own0", "01-000", "01-001", "own1", "own2", "own3", "today1"]
    assert today.cells[-1].id == "own4"
    assert today.cells[3].outputs == [] and today.cells[3].execution_count is None
    assert today.cells[4].attachments == picture
    assert not _take_in(incoming, today, book)[1]


def test_cells_of_the_book_that_read_differently_are_told_apart(book):
    incoming = book.answered()
    next(cell for cell in incoming.cells if cell.id == "01-002").source = "rate = 0.7\nprint(rate)"
    differing = transfer.differing_cells(incoming, book.fresh())
    assert [cell.id for cell in differing] == ["01-002"]
    assert "rate = 0.7" in transfer.as_text(differing)
    assert transfer.differing_cells(book.answered(), book.fresh()) == []


def test_marks_tell_a_lesson(book):
    assert {"01-000", "gradient_descent", "check-mended_clip", "# Gradient descent"} <= transfer.marks(
        book.fresh(), book.exercises
    )
