"""nbgrader's own columns and sums."""

import ast
from importlib.util import find_spec
from pathlib import Path

import pytest

from featherweight.export.nbgrader import COLUMNS, files
from featherweight.grading.roster import Person, Roster
from featherweight.grading.standing import Rules, standings


def test_the_columns_are_those_of_the_installed_nbgrader():
    source = Path(find_spec("nbgrader").origin).parent / "plugins" / "export.py"
    lists = [
        ast.literal_eval(node.value)
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "keys"
    ]
    assert lists == [list(COLUMNS)]


def test_scores_are_sums_as_nbgrader_makes_them(made_up, rows):
    back = rows(files(made_up.small_course(rules=Rules(late_off=50)).everyone, {})["nbgrader.csv"])
    assert len(back) == 2 * 3
    for row in back:
        score = float(row["raw_score"]) - float(row["late_submission_penalty"])
        assert float(row["score"]) == max(0.0, score) <= float(row["max_score"])
    [bob] = [row for row in back if row["student_id"] == "bob" and row["assignment"] == "lesson_01"]
    assert [bob[name] for name in COLUMNS[-4:]] == ["3.0", "1.5", "1.5", "5.0"]
    [cy] = [row for row in back if row["student_id"] == "cy" and row["assignment"] == "lesson_02"]
    assert [cy[name] for name in COLUMNS[-4:]] == ["0.0", "0.0", "0.0", "4.0"]


@pytest.mark.parametrize(
    ("name", "last", "first"),
    [("Lovelace, Ada", "Lovelace", "Ada"), ("Ada King Lovelace", "Lovelace", "Ada King"), ("Plato", "Plato", "")],
)
def test_names_are_parted(made_up, rows, name, last, first):
    roster = Roster((Person("a", name),))
    records = [made_up.record("a", made_up.result("double"))]
    [row] = rows(files(standings(records, roster=roster), {})["nbgrader.csv"])
    assert (row["last_name"], row["first_name"], row["student_id"]) == (last, first, "a")


def test_hostile_names_stay_in_their_cells(made_up, rows):
    back = rows(files(made_up.hostile_course().everyone, {})["nbgrader.csv"])
    assert len(back) == 2 * len(made_up.HOSTILE)
    assert not any(cell[:1] in ("=", "+", "-", "@") for row in back for cell in row.values() if cell)
