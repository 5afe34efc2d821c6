"""The plays are whole, parted cleanly, and their file is made from the texts alone."""

import lzma

import pytest

from featherweight.errors import FileProblem, InputError
from featherweight.lab import texts as module
from featherweight.lab.texts import PLAYS, compressed, shakespeare


def test_the_parts_share_nothing_and_hold_every_play():
    found = shakespeare()
    whole = lzma.decompress(module.FILE.read_bytes()).decode("ascii")
    sizes = [len(part) for part in (found.train, found.validation, found.test)]
    assert sum(sizes) == len(whole) - (len(PLAYS) - 1) and sizes[0] > 500_000 and min(sizes) > 28_000
    for play in whole.split("\f"):
        assert play[:1000] in found.text(found.train) and play[-1000:] in found.text(found.test)
        assert play[-2000 - len(play) // 20 : -1000 - len(play) // 20] in found.text(found.validation)


def test_the_vocabulary_is_every_character_in_order():
    found = shakespeare()
    assert list(found.vocabulary) == sorted(set(found.vocabulary)) and len(found.vocabulary) == 72
    assert int(found.train.max()) < 72 and found.text(found.test[-9:]) == "Exeunt.]\n"


def test_known_lines_are_there_and_no_publisher():
    text = shakespeare().text(shakespeare().train)
    for line in ("To be, or not to be,--that is the question:", "Fair is foul, and foul is fair:", "O Romeo, Romeo!"):
        assert line in text
    assert not any(word in text.lower() for word in ("gutenberg", "etext", "copyright", "http"))


def test_the_file_is_small():
    assert module.FILE.stat().st_size <= 200_000


def test_a_play_is_cleaned():
    raw = "A TRAGEDY\n\nPersons.\n ACT I.  \r\n\n\n\nSCENE. A room.\t\n"
    one = " ACT I.\n\nSCENE. A room.".strip() + "\n"
    assert lzma.decompress(compressed([raw, raw])).decode() == f"{one}\f{one}"


@pytest.mark.parametrize("raw", ["Nothing of the kind", "ACT I.\nFrom Project Gutenberg"], ids=["no act", "notice"])
def test_another_text_is_one_line(raw):
    with pytest.raises(InputError, match=r'^Got a text without a line "ACT I", or .*; wanted a plain play: take'):
        compressed([raw])


@pytest.mark.parametrize(
    "content", [None, b"", b"no xz", lzma.compress(b"\xff"), lzma.compress(b"ACT I\n")],
    ids=["missing", "empty", "other", "no text", "short"],
)  # fmt: skip
def test_a_damaged_file_is_one_line(content, tmp_path, monkeypatch):
    path = tmp_path / "shakespeare.txt.xz"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr(module, "FILE", path)
    with pytest.raises(FileProblem, match=r"^shakespeare.txt.xz cannot be read \(.+\); wanted .*: install it again\.$"):
        shakespeare.__wrapped__()


def test_making_it_without_a_folder_is_one_line(monkeypatch):
    monkeypatch.setattr(module.sys, "argv", ["texts"])
    with pytest.raises(InputError, match=r"^Got no folder; wanted the one that holds hamlet_gut.txt: name it after"):
        module.main()
