"""Rows are compared with the best that does without a teacher, seed by seed."""

import json

import pytest

from featherweight.errors import FileProblem
from featherweight.lab.areas import Results, against, control, labels_alone, read_results, table, verdict
from featherweight.lab.statistics import Interval, mean_interval

ROWS = {
    "few": {"labels": (50, 60, 70), "labels, longer": (40, 50, 60), "soft": (39, 48, 57), "hard": (41, 51, 61)},
    "all": {"labels": (10, 20, 30), "labels and soft": (13, 18, 29)},
}
RESULTS = Results("errors in 1,000", ROWS, {"teacher": (5, 6, 7)}, {"teacher": 100, "student": 10}, 1.0)


@pytest.mark.parametrize(
    ("row", "alone"), [("labels", True), ("labels, longer", True), ("labels and soft", False), ("soft", False)]
)
def test_labels_alone(row, alone):
    assert labels_alone(row) is alone


def test_the_control_is_the_best_row_without_a_teacher():
    assert control(RESULTS, "few") == "labels, longer" and control(RESULTS, "all") == "labels"


def test_differences_are_paired_by_seed():
    found = against(RESULTS, "few")
    assert list(found) == ["labels", "soft", "hard"]
    assert found["soft"] == mean_interval([-1, -2, -3]) and found["labels"].low == found["labels"].high == 10


def test_equal_rows_are_still_compared():
    same = (1, 2, 3)
    results = Results("errors", {"g": {"labels": same, "soft": same}}, {}, {}, 1.0)
    assert against(results, "g") == {"soft": Interval(0, 0, 0)}


@pytest.mark.parametrize(
    ("interval", "said"),
    [((-2, -3, -1), "better"), ((2, 1, 3), "worse"), ((0, -1, 1), "not told apart"), ((-1, -2, 0), "not told apart")],
)
def test_verdict(interval, said):
    assert verdict(Interval(*interval)) == said


def test_table_names_every_row_its_mean_and_what_the_interval_says():
    lines = table(RESULTS).splitlines()
    assert lines[0] == "errors in 1,000" and lines[1].split() == ["teacher", "6"]
    assert lines[2] == "few; differences are to 'labels, longer'"
    assert lines[3].split(maxsplit=2) == ["labels", "60", "+10 (+10 to +10) worse"]
    assert lines[4].split() == ["labels,", "longer", "50"]
    assert lines[-1].split(maxsplit=4)[3:] == ["20", "+0 (−7 to +7) not told apart"]  # 4.303 · 2.646 / √3 = 6.6
    assert len(lines) == 2 + 5 + 3


@pytest.mark.parametrize("content", [None, "{", json.dumps({"rows": {}})], ids=["missing", "no JSON", "incomplete"])
def test_damaged_file_is_one_line(tmp_path, content):
    path = tmp_path / "some_runs.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(FileProblem, match=r"^some_runs.json cannot be read .*: install it again\.$"):
        read_results(path)
