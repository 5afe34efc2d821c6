"""What is written is what is read, one part does not touch another, and a damaged file is named."""

import json

import pytest

from featherweight.bench.kept import Kept, read_kept, write_kept
from featherweight.bench.repeats import Ratio
from featherweight.bench.row import Row, missing
from featherweight.errors import FileProblem

ROWS = [Row("a", 1.0, "s", 2.0, beside="b, 2 s", ratio=Ratio(0.5, 0.4, 0.6, 5)), missing("c", "no tool")]


def kept(name, rows=ROWS):
    return Kept(name, "About it.", "2030-12-31", f"featherweight bench --only {name}", 3.0, {"memory": "1 GiB"}, rows)


def test_round_trip_in_the_order_that_is_asked_for(tmp_path):
    file = tmp_path / "kept.json"
    write_kept(file, {"second": kept("second"), "first": kept("first"), "gone": kept("gone")}, ["first", "second", "x"])
    found = read_kept(file)
    assert list(found) == ["first", "second"]
    assert found["first"] == kept("first")


def test_numbers_have_six_digits_and_whole_ones_stay(tmp_path):
    file = tmp_path / "kept.json"
    write_kept(file, {"a": kept("a", [Row("a", 0.123456789, "s"), Row("b", 123456789, "bytes")])}, ["a"])
    assert [row.measured for row in read_kept(file)["a"].rows] == [0.123457, 123456789]


def test_no_file_is_no_parts(tmp_path):
    assert read_kept(tmp_path / "none.json") == {}


@pytest.mark.parametrize("text", ["{", "[]", '{"a": {}}', '{"a": 1}', '{"a": {"rows": [{"what": "b"}]}}'])
def test_a_damaged_file_is_named(tmp_path, text):
    file = tmp_path / "kept.json"
    file.write_text(text)
    with pytest.raises(FileProblem, match=r"kept\.json is not what `featherweight bench` writes .*; remove it"):
        read_kept(file)


def test_a_row_that_was_emptied_by_hand_is_refused(tmp_path):
    """Planted: a value taken out of the file."""
    file = tmp_path / "kept.json"
    write_kept(file, {"a": kept("a")}, ["a"])
    content = json.loads(file.read_text(encoding="utf-8"))
    content["a"]["rows"][0]["measured"] = None
    file.write_text(json.dumps(content))
    with pytest.raises(FileProblem, match="would leave a cell empty"):
        read_kept(file)
