"""Zips in memory: what they claim of themselves is not believed, and no bomb costs more than its cap."""

import io
import struct
import time
import zipfile

import pytest

from featherweight.errors import FileProblem
from featherweight.grading import archive
from featherweight.grading.archive import Budget, open_archive, unpacked


def zipped(members, method=zipfile.ZIP_DEFLATED, **marks):
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", method) as made:
        for name, content in members:
            entry = zipfile.ZipInfo(name)
            entry.compress_type = method
            for mark, value in marks.items():
                setattr(entry, mark, value)
            made.writestr(entry, content)
    return memory.getvalue()


def found(data, name="a.zip", **caps):
    return list(unpacked(data, name, Budget(**caps)))


def test_members_and_zips_in_zips():
    inner = zipped([("02.ipynb", b"two"), ("notes.txt", b"x")])
    data = zipped([("01.ipynb", b"one"), ("more.zip", inner), ("../../03.ipynb", b"three"), ("w\\04.ipynb", b"four")])
    assert found(data) == [
        ("a/01.ipynb", b"one"),
        ("a/more/02.ipynb", b"two"),
        ("a/../../03.ipynb", b"three"),
        ("a/w/04.ipynb", b"four"),
    ]


def test_two_members_of_one_name_are_both_there():
    with pytest.warns(UserWarning, match="Duplicate"):
        data = zipped([("1.ipynb", b"a"), ("1.ipynb", b"b")])
    assert [content for _, content in found(data)] == [b"a", b"b"]


def test_zips_inside_too_many_zips():
    data = zipped([("1.ipynb", b"")])
    for _ in range(4):
        data = zipped([("z.zip", data)])
    assert found(data) == [("a/z/z.zip", "it is a zip inside too many others")]


def declaring(data, size):
    """A zip whose directory and headers declare another unpacked size."""
    out = bytearray(data)
    for mark, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = out.find(mark)
        out[at + place : at + place + 4] = struct.pack("<I", size)
    return bytes(out)


BOMB = zipped([("1.ipynb", bytes(30 * 2**20))])


@pytest.mark.parametrize("size", [30 * 2**20, 10, 2**32 - 2], ids=["honest", "small", "large"])
def test_a_bomb_costs_no_more_than_the_cap(size):
    start = time.monotonic()
    [(_, reason)] = found(declaring(BOMB, size))
    assert isinstance(reason, str) and reason.startswith(("it unpacks to more", "it cannot be unpacked"))
    assert time.monotonic() - start < 3


def test_many_members_share_one_budget():
    data = zipped([(f"{number}.ipynb", bytes(2**20)) for number in range(6)])
    sizes = [len(content) if isinstance(content, bytes) else content for _, content in found(data, left=3 * 2**20)]
    assert sizes == [2**20] * 3 + ["it unpacks to more than is read"] * 3


def test_a_directory_of_very_many_files(monkeypatch):
    monkeypatch.setattr(archive, "MAX_MEMBERS", 5)
    data = zipped([(f"{number}.ipynb", b"") for number in range(6)])
    assert found(data) == [("a.zip", "it is a zip of more than 5 files")]


def overlapping():
    """Every entry of the directory points to the same bytes."""
    data = zipped([("1.ipynb", bytes(2**20))])
    start, end = data.find(b"PK\x01\x02"), data.find(b"PK\x05\x06")
    directory = data[start:end] * 100
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 100, 100, len(directory), start, 0)
    return data[:start] + directory + tail


def test_entries_that_share_their_bytes_share_the_budget():
    contents = [content for _, content in found(overlapping(), left=3 * 2**20)]
    assert sum(isinstance(content, bytes) for content in contents) <= 3


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (zipped([("1.ipynb", b"x")], external_attr=0o120777 << 16), "it is a link, which is not followed"),
        (zipped([("1.ipynb", b"x")], zipfile.ZIP_LZMA), "it is packed by a method that is not read"),
        (zipped([("1.ipynb", b"x" * 90)]).replace(b"\x00\x00\x08\x00", b"\x01\x00\x08\x00"), "it is encrypted"),
        (zipped([("1.ipynb", bytes(range(90)))])[:60], "it is no whole zip"),
        (b"", "it is no whole zip"),
        (b"PK\x05\x06" + bytes(18), "there is no notebook in it"),
    ],
    ids=["link", "method", "encrypted", "cut", "empty", "nothing"],
)
def test_what_cannot_be_read_says_why(data, reason):
    said = [content for _, content in found(data)]
    assert all(isinstance(one, str) and one.startswith(reason) for one in said) and len(said) == 1


def test_any_damage_is_a_reason():
    whole = zipped([("1.ipynb", bytes(range(256)) * 8), ("2.zip", zipped([("3.ipynb", b"x")]))])
    for place in range(0, len(whole), 3):
        damaged = whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
        assert all(isinstance(content, bytes | str) for _, content in found(damaged))


def test_a_foreign_file():
    with pytest.raises(FileProblem, match="it is no whole zip"):
        open_archive(b"not a zip")
