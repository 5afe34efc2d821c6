"""Gradescope's results.json, parsed back."""

import json

from featherweight.export.gradescope import files, results
from featherweight.grading.standing import Rules

KEYS = {"name", "number", "score", "max_score", "status", "output", "output_format", "visibility"}


def test_every_exercise_is_a_test(made_up):
    found = made_up.small_course(rules=Rules(late_off=50))
    made = files(found.everyone, found.book)
    assert sorted(made) == [f"gradescope/{name}/results.json" for name in ("ada", "bob", "cy")]
    bob = json.loads(made["gradescope/bob/results.json"])
    assert bob["score"] == 1.5 == sum(test["score"] for test in bob["tests"])
    assert all(set(test) == KEYS and test["output_format"] == "text" for test in bob["tests"])
    assert [(test["number"], test["name"], test["status"], test["max_score"]) for test in bob["tests"]] == [
        ("1.1", "Lesson 1: double", "passed", 3),
        ("1.2", "Lesson 1: twice", "failed", 2),
        ("2.1", "Lesson 2: nothing handed in", "failed", 4),
    ]
    assert "This looks like: squared." in bob["tests"][1]["output"]
    assert bob["stdout_visibility"] == "hidden"


def test_everyone_is_out_of_the_same(made_up):
    found = made_up.small_course()
    sums = [sum(test["max_score"] for test in results(one, found.book)["tests"]) for one in found.everyone]
    assert sums == [9, 9, 9]


def test_hostile_names_stay_in_their_folder(made_up):
    found = made_up.hostile_course()
    made = files(found.everyone, found.book)
    assert len(made) == len(made_up.HOSTILE)
    assert all(name.count("/") == 2 and ".." not in name for name in made)
    parsed = [json.loads(data) for data in made.values()]
    assert all(one["extra_data"] == {"sandboxed": False} for one in parsed)
    assert all("Graded without a sandbox." in one["output"] for one in parsed)
    assert any("could not be read: not JSON: <img" in one["output"] for one in parsed)


def test_nothing_hidden_and_the_same_bytes(made_up):
    found = made_up.hostile_course()
    one, other = files(found.everyone, found.book), files(found.everyone[::-1], found.book)
    assert one == other
    assert [text for text in made_up.PLANTED for data in one.values() if text in data.decode()] == []
