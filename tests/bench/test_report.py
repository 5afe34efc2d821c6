"""The table says what is over its allowance, and the JSON keeps every number."""

import json
from pathlib import Path

import pytest

from featherweight.bench import report as bench
from featherweight.bench.report import Row
from featherweight.errors import InputError, MissingTool


@pytest.mark.parametrize(
    ("row", "line"),
    [
        (Row("import", 0.2, "s", 0.3), "| import | 0.2 s | 0.3 s | met |"),
        (Row("import", 0.4, "s", 0.3), "| import | 0.4 s | 0.3 s | falls short |"),
        (Row("file", 12345.6, "bytes"), "| file | 1.23e+04 bytes |  |  |"),
        (Row("step", None, "ms", 3, note="not measured: no tool"), "| step | not measured: no tool | 3 ms |  |"),
    ],
    ids=["within", "over", "shown only", "not measured"],
)
def test_markdown(row, line):
    assert bench.markdown([row]).splitlines()[2] == line


def test_report_keeps_every_number(tmp_path, monkeypatch):
    singles = ("import", "lab", "check", "widget", "optimizer", "zero", "few_bit", "grading")
    for name in (f"{single}_rows" for single in singles):
        monkeypatch.setattr(bench, name, lambda *root: [Row("one", 1.0, "s", 2.0)])
    text = bench.report(tmp_path / "build", root=tmp_path)
    kept = json.loads((tmp_path / "build" / "bench.json").read_text())
    assert [row["measured"] for row in kept["rows"]] == [1.0] * len(singles)
    assert "| one | 1 s | 2 s |" in text and kept["machine"] in text


def test_one_group_alone_leaves_the_others_numbers(tmp_path, monkeypatch):
    monkeypatch.setattr(bench, "optimizer_rows", lambda: [Row("one", 1.0, "s", 2.0)])
    text = bench.report(tmp_path, only="optimizers")
    assert "| one | 1 s | 2 s | met |" in text
    assert [path.name for path in tmp_path.iterdir()] == ["bench_optimizers.json"]


def test_an_unknown_group_is_named():
    with pytest.raises(
        InputError, match=r"^There is no group of measurements 'all'; choose one of imports, lab, checks, "
    ):
        bench.report(Path(), only="all")


def test_without_a_browser_the_widgets_are_left_out(monkeypatch):
    def fail():
        raise MissingTool("Found no browser.")

    monkeypatch.setattr("featherweight.bench.latency.measure_latency", fail)
    assert list(bench.widget_rows()) == []


def test_grading_is_measured_on_the_book_that_is_given(tmp_path, monkeypatch):
    monkeypatch.setattr("featherweight.bench.grading.sandboxed_rows", lambda root: [Row(str(root), 1.0, "s")])
    bench.report(tmp_path / "build", root=tmp_path, only="grading")
    kept = json.loads((tmp_path / "build" / "bench_grading.json").read_text())
    assert [row["what"] for row in kept["rows"]] == [str(tmp_path)]


@pytest.mark.slow
def test_imports_are_measured():
    rows = list(bench.import_rows())
    assert [row.what for row in rows] == ["import featherweight", "featherweight --help"]
    assert all(row.measured > 0 for row in rows)
