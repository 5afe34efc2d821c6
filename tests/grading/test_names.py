"""Names on pages, in cells and on disk."""

import unicodedata
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from featherweight.grading.names import DEVICES, choices, file_name, plain, sentence_end, shown


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("two\r\nlines", "two lines"),
        ("\t=1", "=1"),
        ("a\0b\x85c", "a b c"),
        ("\u202egnp.exe\u2069", "gnp.exe"),
        ("Zo\udceb", "Zo\ufffd"),
        ("\u05d0\u200f \u05d1", "\u05d0\u200f \u05d1"),
        ("🦊 Zoë", "🦊 Zoë"),
        ("  ", ""),
    ],
)
def test_plain(text, wanted):
    assert plain(text) == wanted


def test_shown_is_short():
    assert shown("n" * 10_000) == "n" * 59 + "…"
    assert shown("n" * 60) == "n" * 60


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("the factor.", "the factor."), ("row 0", "row 0."), ("which one? ", "which one?"), ("no!", "no!")],
)
def test_a_sentence_ends_once(text, wanted):
    assert sentence_end(text) == wanted


def test_what_may_have_been_meant():
    names = [f"student {number}" for number in range(12)]
    assert choices("adam", [*names, "ada", "ada"]) == "ada"
    assert choices("?", names[:2]) == "student 0, student 1"
    assert choices("?", names).endswith("student 7, …")


@pytest.mark.parametrize("name", ["ada", "student.07", "a_b-c"])
def test_a_safe_name_is_its_file_name(name):
    assert file_name(name) == name


@pytest.mark.parametrize("name", ["Ada", "con", "nul.txt", "lpt1", "..", ".x", "a/b", "", "x.", "ada-0123456789ab"])
def test_another_gets_a_hash(name):
    assert file_name(name) != name and file_name(name)[-13] == "-"


def test_a_name_made_to_collide_does_not():
    assert file_name(file_name("Ada")) != file_name("Ada")


def test_hostile_names_stay_in_the_folder_and_apart(made_up):
    names = [file_name(name) for name in made_up.HOSTILE.values()]
    assert len({name.casefold() for name in names}) == len(names)
    assert max(map(len, names)) <= 60


@given(st.text(st.characters(), max_size=80))
def test_any_name_is_one_plain_file_name(text):
    name = file_name(text)
    assert PurePosixPath(name).name == PureWindowsPath(name).name == name
    assert name.isascii() and name == name.lower() and not name.startswith(".") and not DEVICES.match(name)
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in plain(text))
