"""The shipped times are complete and say what the lesson says; measuring follows the same rules anywhere."""

import json
from functools import partial

import pytest
import torch

from featherweight.compression.structured import csr_break_even
from featherweight.errors import FileProblem
from featherweight.lab import sparse_speed as speed


def test_shipped_file_is_complete_and_names_its_machine():
    found = speed.load()
    assert len(found.times) == len(speed.BATCHES)
    assert all(len(row.csr) == len(row.masked) == len(speed.DENSITIES) for row in found.times)
    assert "(" in found.machine and speed.FILE.stat().st_size < 5_000


@pytest.mark.parametrize("number", [0, 1], ids=["1 example", "64 examples"])
def test_shipped_times_bear_out_the_lesson(number):
    here = speed.load().times[number]
    assert all(0.9 < ms / here.dense < 1.1 for ms in here.masked)
    assert 1.7 < here.dense / here.half < 2.3
    assert 0.03 < csr_break_even(list(speed.DENSITIES), list(here.csr), here.dense) < 0.3


@pytest.mark.parametrize("content", [None, "{", json.dumps({"machine": ""})], ids=["missing", "no JSON", "incomplete"])
def test_damaged_file_is_one_line(monkeypatch, tmp_path, content):
    path = tmp_path / "sparse_speed.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    monkeypatch.setattr(speed, "FILE", path)
    with pytest.raises(FileProblem, match=r"^sparse_speed.json cannot be read .*: install it again\.$"):
        speed.load.__wrapped__()


def test_all_forms_are_measured():
    found = speed.times(2, size=16, densities=(0.1, 1.0), rounds=1)
    assert len(found.csr) == len(found.masked) == 2
    assert all(ms > 0 for ms in (found.dense, found.half, *found.csr, *found.masked))


def test_compressed_rows_are_the_same_matrix():
    weight = torch.where(torch.rand(5, 4) < 0.5, torch.ones(5, 4), 0.0)
    packed = speed.compressed(weight)
    assert packed.layout == torch.sparse_csr and torch.equal(packed.to_dense(), weight)


def test_actions_take_turns_and_the_fastest_call_counts(monkeypatch):
    now, lengths = [0.0], {"slow": iter([9.0, 3.0]), "quick": iter([0.5, 0.25, 0.5, 0.75])}

    def act(name):
        now[0] += next(lengths[name])

    monkeypatch.setattr(speed.time, "perf_counter", lambda: now[0])
    monkeypatch.setattr(speed, "TURN_SECONDS", 0.75)
    assert speed.fastest({name: partial(act, name) for name in lengths}, rounds=2) == {"slow": 3.0, "quick": 0.25}


def test_the_machine_is_named_where_linux_does_not_say(monkeypatch):
    assert "\n" not in speed.machine()
    monkeypatch.setattr(speed, "Path", lambda _: speed.FILE.with_name("no such file"))
    monkeypatch.setattr(speed.platform, "processor", lambda: "a processor")
    assert speed.machine().startswith("a processor (")
