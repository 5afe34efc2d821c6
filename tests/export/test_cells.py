"""Cells that no spreadsheet computes, and that come back as they went in."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from featherweight.export.cells import BOM, FORMULA, cell, table
from featherweight.grading.names import plain


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "\u202e=1", "\0=1"]
)
def test_formulas_become_text(text):
    assert cell(text).startswith("'") and not FORMULA.match(cell(text))


@pytest.mark.parametrize("text", ["Ada", "a=1", "'quoted", "1+1", "Zoë 🦊", ""])
def test_other_text_stays(text):
    assert cell(text) == text


@pytest.mark.parametrize(("value", "text"), [(3, "3"), (2.5, "2.5"), (0.0, "0"), (1234567.25, "1234567.25")])
def test_numbers_are_numbers(value, text):
    assert cell(value) == text


def test_a_table_is_quoted_where_it_must_be():
    data = table(("a", "b"), [('say "x", y', "z;\nw")])
    assert data == b'a,b\n"say ""x"", y",z; w\n'
    assert table(("a",), [], bom=True) == BOM.encode() + b"a\n" == b"\xef\xbb\xbfa\n"


@given(st.lists(st.tuples(st.text(st.characters()), st.text(st.characters())), max_size=5))
def test_any_text_comes_back(rows):
    back = read(table(("one", "two"), rows))[1:]
    wanted = [[cell(part) for part in row] for row in rows]
    assert back == wanted
    assert not any(FORMULA.match(part) for row in back for part in row)
    assert [[part.removeprefix("'") for part in row] for row in back] == [
        [plain(part).removeprefix("'") for part in row] for row in rows
    ]


def test_a_formula_that_slipped_through_is_caught():
    assert FORMULA.match(read(b"a\n=1+1\n")[1][0])
