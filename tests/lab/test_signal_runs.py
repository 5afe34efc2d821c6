"""The shipped results are complete, and measuring again gives them within chance."""

import json

import pytest

from featherweight.errors import FileProblem
from featherweight.lab import signal_runs as runs
from featherweight.lab.data import mnist5k
from featherweight.lab.distillation_training import SIGNALS, teacher_of
from featherweight.lab.measure import errors


def test_shipped_file_is_complete_and_small():
    found = runs.load()
    assert [name for name in found.rows if name.startswith("thin")] == [f"thin {s}" for s in ("labels", *SIGNALS)]
    assert all(f"300-100 {signal}" in found.rows for signal in ("labels", "soft", "slopes"))
    assert all(len(row.errors) == len(runs.SEEDS) >= 5 for row in found.rows.values())
    assert runs.FILE.stat().st_size < 20_000


def test_every_strength_was_tried_and_the_best_is_kept():
    for name, row in runs.load().rows.items():
        assert tuple(map(float, row.tried)) == runs.STRENGTHS[name.rsplit(maxsplit=1)[1]]
        assert row.tried[str(row.strength)] == min(row.tried.values())


@pytest.mark.parametrize("content", [None, "{", json.dumps({"row": 1})], ids=["missing", "no JSON", "incomplete"])
def test_damaged_file_is_one_line(monkeypatch, tmp_path, content):
    path = tmp_path / "signal_runs.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    monkeypatch.setattr(runs, "FILE", path)
    with pytest.raises(FileProblem, match=r"^signal_runs.json cannot be read .*: install it again\.$"):
        runs.load.__wrapped__()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["300-100 slopes", "thin attention"])
def test_one_seed_again(name):
    """The same seed on another machine differs by rounding only, which training enlarges: well within 4 points."""
    data, shipped = mnist5k(), runs.load().rows[name]
    student = runs.student(*name.split()[:1], teacher_of(data, 0), data, name.split()[1], shipped.strength, 0)
    assert errors(student, data.test_inputs, data.test_labels) == pytest.approx(shipped.errors[0], abs=40)
