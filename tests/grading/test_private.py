"""An instructor's own cases, exercises and secret, and one line for whatever is wrong with their file."""

import pytest

from featherweight.errors import FileProblem
from featherweight.grading.private import REPOSITORY, Private, load_private, read_book, with_private

GOOD = """
from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise

SECRET = "nobody guesses this"
CASES = {"double": lambda seed: [{"x": seed + 0.5}]}

def triple(x):
    return 3 * x

EXERCISES = (
    Exercise("triple", 1, 2, 5, 1, triple, lambda seed: [{"x": 1.0}], close(), "", "", (), ("a", "b", "c")),
)
"""


@pytest.fixture
def write(tmp_path):
    def text(content):
        path = tmp_path / "mine.py"
        path.write_text(content)
        return path

    return text


def test_a_whole_file(write, made_up):
    private = load_private(write(GOOD))
    assert private.secret == "nobody guesses this" and len(private.digest) == 64
    book = with_private(made_up.BOOK, private)
    assert [one.name for one in book] == ["double", "twice", "halve", "triple"]
    assert book[0].cases(2) == [{"x": 2.0}, {"x": 2.5}] and made_up.BOOK[0].cases(2) == [{"x": 2.0}]
    assert book[1] is made_up.BOOK[1]


def test_each_part_may_be_left_out(write):
    assert load_private(write('SECRET = "nobody guesses"')).cases == {}
    assert load_private(write("CASES = {}")).secret == ""


def test_the_book_with_and_without(write):
    from featherweight.exercises import catalogue

    assert read_book() == catalogue()
    assert read_book(write(GOOD.replace("CASES", "NONE")))[-1].name == "triple"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("x = 1", "mine.py defines none of CASES, EXERCISES, SECRET; wanted at least one."),
        ("def", "mine.py is no Python: invalid syntax, line 1; mend it."),
        ("\nSECRET = missing", "mine.py stops with NameError: name 'missing' is not defined in line 2; wanted it to "),
        ("raise ValueError", "mine.py stops with ValueError:  in line 1; wanted it to run: mend it."),
        ("SECRET = 'short'", "mine.py: SECRET cannot be used; wanted a text of 8 characters or more."),
        ("SECRET = 12345678", "mine.py: SECRET cannot be used; wanted a text"),
        ("CASES = [1]", "mine.py: CASES cannot be used; wanted a dict of functions of a seed."),
        ("CASES = {'double': 1}", "mine.py: CASES cannot be used; wanted a dict"),
        ("EXERCISES = ('double',)", "mine.py: EXERCISES cannot be used; wanted a tuple of Exercise."),
    ],
)
def test_a_wrong_file_gets_one_line(write, text, line):
    with pytest.raises(FileProblem) as caught:
        load_private(write(text))
    assert str(caught.value).startswith(line)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("CASES = {'other': lambda seed: []}", "CASES has 'other', which is no exercise of the book"),
        ("CASES = {'double': lambda seed: [{'y': 1}]}", "A case of double has the inputs y; wanted x, as in the book."),
        ("CASES = {'double': lambda seed: 1 / 0}", "The cases of double do not suit its reference (ZeroDivisionError"),
        ("CASES = {'double': lambda seed: [{'x': Odd()}]}", "A case of double holds more than tensors, numbers, "),
        (GOOD.replace('"triple", 1', '"halve", 1'), "EXERCISES has 'halve', which is taken"),
        (GOOD.replace('[{"x": 1.0}]', "[]"), "triple has no case; wanted at least one."),
        (GOOD.replace('"c")),', '"c"), probe=lambda f, x: f(x)),'), "The probe of triple is none of the book's"),
    ],
    ids=["unknown", "arguments", "fails", "what cannot cross", "name taken", "no case", "probe"],
)
def test_what_does_not_suit_the_book_gets_one_line(write, made_up, text, line):
    odd = "class Odd:\n    def __rmul__(self, other):\n        return 1.0\n"
    with pytest.raises(FileProblem) as caught:
        with_private(made_up.BOOK, load_private(write(odd + text)))
    assert str(caught.value).startswith(line)


def test_a_file_in_the_repository_is_refused():
    with pytest.raises(FileProblem, match=r"private\.py is inside the repository, which students read"):
        load_private(REPOSITORY / "src" / "private.py")


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileProblem, match=r"Could not read .*none\.py"):
        load_private(tmp_path / "none.py")


def test_nothing_private_changes_nothing(made_up):
    assert with_private(made_up.BOOK, Private()) == made_up.BOOK
