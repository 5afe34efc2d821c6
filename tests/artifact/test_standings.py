"""The standings follow from the shipped tables, and a goal that is missed is said to be."""

import dataclasses

import pytest

from featherweight.artifact import champion_runs, lenet_runs, standings


def test_rows_are_those_of_the_tables():
    rows = {each.name: each for each in standings.own()}
    assert list(rows) == ["strawweight", "flyweight", "featherweight", "LeNet-300-100"]
    fly = champion_runs.load()["flyweight"]
    assert rows["flyweight"].size == sum(fly.size) / len(fly.size)
    assert rows["flyweight"].right.estimate == pytest.approx(100 - sum(fly.errors) / 10 / len(fly.errors))
    assert rows["LeNet-300-100"].behind.high == -lenet_runs.difference(*_pair()).low


def test_every_goal_is_reached():
    assert [each.name for each in standings.own() if not each.reached] == []
    assert standings.table().count("reached") == 4


@pytest.mark.parametrize("change", [{"errors": (21, 21, 21, 21, 21)}, {"size": (3500, 3500, 3500, 3500, 4001)}])
def test_a_missed_goal_is_said(monkeypatch, change):
    found = dict(champion_runs.load())
    found["flyweight"] = dataclasses.replace(found["flyweight"], **change)
    monkeypatch.setattr(champion_runs, "load", lambda: found)
    assert [each.name for each in standings.own() if not each.reached] == ["flyweight"]
    assert "missed" in standings.table().splitlines()[2]


def test_a_worse_lenet_is_said(monkeypatch):
    found = lenet_runs.load()
    worse = dataclasses.replace(found.entry, wrong=tuple(tuple(range(150)) for _ in found.entry.wrong))
    monkeypatch.setattr(lenet_runs, "load", lambda: dataclasses.replace(found, entry=worse))
    assert not standings.own()[-1].reached


def _pair():
    found = lenet_runs.load()
    return found.entry, found.dense
