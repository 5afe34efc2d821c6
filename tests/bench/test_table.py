"""The committed BENCHMARKS.md is what the committed JSON says, has every part and no empty cell."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from featherweight.bench.kept import FILE_NAME, Kept, read_kept
from featherweight.bench.repeats import Ratio
from featherweight.bench.report import PARTS
from featherweight.bench.row import Row, missing
from featherweight.bench.table import TABLE_NAME, document, table

ROOT = Path(__file__).parents[2]
MACHINE = {"processor": "one", "memory": "1 GiB"}
ROWS = [Row("fast", 1.0, "s", 2.0), Row("slow", 3.0, "s", 2.0, beside="fast, 1 s"), missing("lost", "no tool")]


@pytest.fixture(scope="module")
def committed():
    return read_kept(ROOT / FILE_NAME)


@pytest.fixture(scope="module")
def text():
    return (ROOT / TABLE_NAME).read_text(encoding="utf-8")


def kept(machine=MACHINE, rows=ROWS):
    return Kept("Speed", "About it.", "2030-12-31", "featherweight bench --only speed", 3.4, machine, rows)


def empty_cells(text: str) -> list[str]:
    """Lines of tables, but for their heads, with a cell in which nothing is."""
    lines = [line for line in text.splitlines() if line.startswith("|") and not line.startswith("| what |")]
    return [line for line in lines if any(not cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1])]


def parts_without_rows(parts) -> list[str]:
    """Parts in the code that a file has no rows of, or of which it has rows that no part in the code has."""
    return sorted(set(PARTS) ^ {name for name, part in parts.items() if part.rows})


def test_the_table_is_what_the_json_says(committed, text):
    assert text == document(committed)


def test_every_part_has_rows_and_its_title(committed, text):
    assert parts_without_rows(committed) == []
    assert [committed[name].title for name in PARTS] == [part.title for part in PARTS.values()]
    assert all(f"\n## {part.title}\n" in text for part in PARTS.values())


def test_every_lesson_is_timed_and_checked(committed):
    lessons = sorted(path.stem for path in (ROOT / "solutions").glob("*.ipynb"))
    timed = " ".join(row.what for row in committed["lessons"].rows)
    checked = " ".join(row.what for row in committed["checks"].rows)
    assert len(lessons) == 13
    assert [one for one in lessons if f"lesson {one}, all cells" not in timed or f"{one}, peak" not in timed] == []
    assert [one for one in lessons if checked.count(f"lesson {one[:2]}, ") != 3] == []


def test_no_cell_is_empty(text):
    assert text.count("\n| ") > 100 and empty_cells(text) == []


def test_everything_was_measured(committed):
    assert [row.what for part in committed.values() for row in part.rows if row.measured is None] == []


def test_machine_command_and_date_are_there(committed, text):
    for part in committed.values():
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", part.date) and part.date in text and part.command in text
        assert {"processor", "vector units", "memory", "torch"} <= set(part.machine)


def test_an_edited_number_is_caught(committed, text):
    """Planted, in each of the two files."""
    number = re.search(r"\| ([\d.]+) ms \|", text)[1]
    assert text.replace(f"| {number} ms |", f"| {float(number) + 1:g} ms |", 1) != document(committed)
    part = committed["start"]
    rows = [replace(part.rows[0], measured=part.rows[0].measured + 0.1), *part.rows[1:]]
    assert document(committed | {"start": replace(part, rows=rows)}) != text


@pytest.mark.parametrize(
    ("line", "caught"),
    [("| a | b |", 0), ("| a |  | c |", 1), ("|  | b |", 1), (r"| a \| b | c |", 0), ("| what | measured |  |", 0)],
)
def test_an_empty_cell_is_caught(line, caught):
    assert len(empty_cells(f"text\n{line}\n")) == caught


def test_a_part_without_rows_is_caught(committed):
    assert parts_without_rows({name: part for name, part in committed.items() if name != "grading"}) == ["grading"]
    assert parts_without_rows(committed | {"start": replace(committed["start"], rows=[])}) == ["start"]
    assert parts_without_rows(committed | {"more": kept()}) == ["more"]


def test_what_falls_short_or_is_missing_stands_first():
    text = document({"speed": kept()})
    assert "3 rows, 2 with a goal: 1 met, 1 fall short." in text
    assert "- Falls short: slow: 3 s; goal ≤ 2 s." in text and "- lost: not measured: no tool." in text
    assert "Part `speed`: `featherweight bench --only speed`, 2030-12-31, 3 s." in text
    assert "| slow | 3 s | fast, 1 s | – | ≤ 2 s | **falls short** |" in text
    assert "## Machine\n\n- processor: one\n- memory: 1 GiB" in text


def test_a_ratio_that_falls_short_is_told_with_what_it_is_of():
    row = Row("slow", 3.0, "s", 2.0, beside="fast, 1 s", ratio=Ratio(3.0, 2.0, 4.0, 5), of_ratio=True)
    assert "- Falls short: slow: 3 × (2 to 4) of fast, 1 s; goal ≤ 2 ×." in document({"speed": kept(rows=[row])})


def test_parts_of_two_machines_say_which():
    text = document({"a": kept(), "b": kept({"processor": "two"}), "c": kept()})
    assert "## Machine 1\n\n- processor: one" in text and "## Machine 2\n\n- processor: two" in text
    assert [line[-2] for line in text.splitlines() if line.startswith("About it.")] == ["1", "2", "1"]


def test_a_bar_in_a_cell_does_not_end_it():
    assert table([Row("a | b", 1.0, "s")]).splitlines()[2].startswith(r"| a \| b | 1 s |")
