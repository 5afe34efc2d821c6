"""What a grade depends on: everything that could change it, and nothing else."""

from dataclasses import replace

import pytest

from featherweight.errors import FileProblem, InputError
from featherweight.grading.sandbox import Limits
from featherweight.grading.settings import Settings, read_secret

USUAL = Settings("correct horse")


@pytest.mark.parametrize(
    "change",
    [{"secret": "battery staple"}, {"seconds": 5.0}, {"unsafe": True}, {"limits": Limits(cpu=9)}, {"digest": "d"}],
    ids=lambda change: next(iter(change)),
)
def test_conditions_change(change):
    assert replace(USUAL, **change).conditions() != USUAL.conditions()


@pytest.mark.parametrize(
    "change", [{"lesson": 3}, {"private": "/elsewhere/mine.py"}, {"exercise": "adam_step"}], ids=str
)
def test_conditions_stay(change):
    assert replace(USUAL, **change).conditions() == USUAL.conditions()


def test_the_secret_is_in_nothing_that_is_shown():
    assert "correct horse" not in f"{USUAL!r} {USUAL} {USUAL.conditions()} {USUAL.seed(1)}"


def test_every_lesson_has_its_own_seed():
    seeds = {USUAL.seed(lesson) for lesson in range(14)} | {Settings("another one").seed(1)}
    assert len(seeds) == 15 and USUAL.seed(1) == Settings("correct horse").seed(1)


@pytest.mark.parametrize("seconds", [0, -1, 3600, float("nan"), float("inf")])
def test_seconds_that_cannot_be(seconds):
    with pytest.raises(InputError, match="seconds for an exercise; wanted more than 0"):
        Settings("correct horse", seconds=seconds)


def test_the_private_file_is_the_same_in_every_process(tmp_path):
    from featherweight.grading.private import load_private

    path = tmp_path / "mine.py"
    path.write_text("CASES = {'soft_threshold': lambda seed: []}")
    settings = replace(USUAL, private=str(path), digest=load_private(path).digest)
    assert len(settings.book()) == len(USUAL.book())
    with pytest.raises(FileProblem, match="is not the file that this run began with"):
        replace(settings, digest="other").book()


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (None, "No such file"),
        (b"short\n", "holds 5 characters; wanted a secret of at least 8"),
        (b"\xff" * 9, "no text"),
    ],
)
def test_a_seed_file_that_cannot_be_used(tmp_path, content, line):
    if content is not None:
        (tmp_path / "seed").write_bytes(content)
    with pytest.raises(FileProblem, match=line):
        read_secret(tmp_path / "seed")


def test_a_seed_file(tmp_path):
    (tmp_path / "seed").write_text("  correct horse\n")
    assert read_secret(tmp_path / "seed") == "correct horse"
    (tmp_path / "seed").write_text("\ufeffcorrect horse\r\n", encoding="utf-8")
    assert read_secret(tmp_path / "seed") == "correct horse"
