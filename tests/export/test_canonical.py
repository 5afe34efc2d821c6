"""The bytes that two runs of grading are compared by."""

import json
from dataclasses import replace

import pytest

from featherweight.export.canonical import lines
from featherweight.grading.records import Override

BY_HAND = [Override("b", "double", 1, "x"), Override("a", "twice", 2, "y\n")]


def test_time_and_order_do_not_matter(made_up):
    records = made_up.hostile_records()
    slower = [replace(one, seconds=one.seconds + 7, counted="cgroup") for one in reversed(records)]
    assert lines(records, BY_HAND) == lines(slower, BY_HAND[::-1])


@pytest.mark.parametrize(
    "change",
    [{"digest": "e"}, {"late": True}, {"sandboxed": False}, {"flags": ("x",)}, {"results": ()}, {"problem": "x"}],
    ids=lambda change: next(iter(change)),
)
def test_everything_else_does(made_up, change):
    one = made_up.record("a", made_up.result("double"))
    assert lines([one]) != lines([replace(one, **change)])


def test_it_is_json_one_a_line_in_ascii(made_up):
    data = lines(made_up.hostile_records(), BY_HAND)
    parsed = [json.loads(line) for line in data.decode("ascii").splitlines()]
    assert len(parsed) == 2 * len(made_up.HOSTILE) + 1 + 2
    assert [one["kind"] for one in parsed][-3:] == ["notebook", "by hand", "by hand"]
    assert {one["student"] for one in parsed if one["kind"] == "notebook"} == set(made_up.HOSTILE.values())
    assert not any({"seconds", "counted"} & set(one) for one in parsed)


def test_nothing():
    assert lines([]) == b""
