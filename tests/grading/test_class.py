"""A class with every kind of notebook, graded by the command in the real sandbox: scores, and what is told to whom."""

import copy
import json
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from featherweight.exercises import by_name, catalogue
from featherweight.exercises.source import standalone_source, stub_source
from featherweight.export.write import KINDS, write_export
from featherweight.grading import feedback
from featherweight.grading.course import read_course
from featherweight.grading.gradebook import Gradebook
from featherweight.grading.report import write_report
from featherweight.grading.settings import Settings

GIVEN = runpy.run_path(str(Path(__file__).with_name("handing_in.py")))
LESSONS, MANGLED, RIGHT, WORKBOOKS = (GIVEN[name] for name in ("LESSONS", "MANGLED", "RIGHT", "WORKBOOKS"))
SETTINGS = Settings("correct horse battery")
SECRETS = runpy.run_path(str(Path(__file__).with_name("telling.py")))["Secrets"]
POINTS = {number: sum(e.points for e in catalogue() if e.lesson == number) for number in range(1, len(LESSONS) + 1)}
EACH = pytest.mark.parametrize("name", LESSONS)
NOISE = """import logging, sys, warnings
print("to nobody", file=sys.stderr)
warnings.warn("careful")
warnings.warn("old", DeprecationWarning)
logging.warning("noted")
"""
TELLS = """
right_{name}, asked_{name} = {name}, []

def {name}(*inputs):
    asked_{name}.append(inputs)
    print("asked", inputs)
    if len(asked_{name}) == {count}:
        raise ValueError(f"asked {{inputs[::-1]}}")
    return right_{name}(*inputs)
"""

pytestmark = pytest.mark.slow


def noisy(name):
    """An answer that warns and prints, when its cell is executed and whenever it is called."""
    calls = f"\nquiet = {name}\n\ndef {name}(*inputs):\n" + "".join(f"    {line}\n" for line in NOISE.splitlines())
    return f"{NOISE}{RIGHT[name]}{calls}    return quiet(*inputs)\n".replace("quiet", f"quiet_{name}")


def telling(name):
    """An answer that is right until the last case, then tells what it was asked: the first ones everybody knows."""
    exercise = by_name(name)
    return RIGHT[name] + TELLS.format(name=name, count=len(exercise.cases(SETTINGS.seed(exercise.lesson))))


def write(path, notebook):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(notebook if isinstance(notebook, bytes) else GIVEN["as_bytes"](notebook))


def hand_in_everything(root):
    """One student for each kind of notebook, and one for each lesson in every mangled form."""
    for name in LESSONS:
        solved = (WORKBOOKS.parent / "solutions" / name).read_bytes()
        clean = GIVEN["workbook"](RIGHT | mixed(name), name)
        write(root / "solved" / name, solved)
        write(root / "untouched" / name, (WORKBOOKS / name).read_bytes())
        write(root / "noisy" / name, GIVEN["workbook"]({one: noisy(one) for one in RIGHT}, name))
        write(root / "telling" / name, GIVEN["workbook"]({one: telling(one) for one in RIGHT}, name))
        write(root / "short" / name, without_an_answer(GIVEN["workbook"](RIGHT, name)))
        write(root / "cut" / name, solved[: len(solved) // 2])
        for how, mangle in MANGLED.items():
            write(root / f"mangled {name[:2]}" / how / "my homework FINAL.ipynb", mangle(copy.deepcopy(clean)))


def mixed(name):
    """The lesson's first exercise wrong, and its second untouched."""
    first, second = [exercise for exercise in catalogue() if exercise.lesson == lesson(name)][:2]
    return {
        first.name: standalone_source(first.misconceptions[0].wrong, first.name),
        second.name: stub_source(second),
    }


def without_an_answer(notebook):
    """Without the cell of the lesson's first exercise."""
    first = next(cell.id for cell in notebook.cells if cell.id in RIGHT)
    notebook.cells = [cell for cell in notebook.cells if cell.id != first]
    return notebook


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The folder of the gradebook, with a report and every export, and what the command has said."""
    place = tmp_path_factory.mktemp("class")
    hand_in_everything(place / "in")
    (place / "seed").write_text(SETTINGS.secret)
    words = ["grade", place / "in", "--out", place / "out", "--seed-file", place / "seed", "-j", "2"]
    done = subprocess.run(
        [sys.executable, "-m", "featherweight", *map(str, words)], capture_output=True, timeout=280, check=True
    )
    course = read_course(place / "out", book=catalogue())
    write_report(course, place / "out")
    for kind in KINDS:
        write_export(course, kind, place / "out" / "export")
    (place / "out" / "said").write_bytes(done.stdout + done.stderr)
    return place / "out"


@pytest.fixture(scope="module")
def records(graded):
    with Gradebook(graded) as book:
        return {one.path: one for one in book.records()}


def lesson(name):
    return LESSONS.index(name) + 1


@EACH
@pytest.mark.parametrize("student", ["solved", "noisy"])
def test_right_notebooks_get_full_marks_however_noisy(student, name, records):
    record = records[f"{student}/{name}"]
    assert {result.verdict for result in record.results} == {"passed"}
    assert (record.points, record.worth, record.lesson, record.sandboxed) == (
        *[POINTS[lesson(name)]] * 2,
        lesson(name),
        True,
    )


@EACH
def test_an_untouched_workbook_is_not_started_and_has_no_points(name, records):
    record = records[f"untouched/{name}"]
    assert {result.verdict for result in record.results} == {"not started"}
    assert (record.points, record.worth) == (0, POINTS[lesson(name)])


@EACH
@pytest.mark.parametrize("how", MANGLED)
def test_a_mangled_notebook_gets_the_score_of_the_clean_one(how, name, records):
    found, clean = (records[f"mangled {name[:2]}/{one}/my homework FINAL.ipynb"] for one in (how, "clean"))
    whole = records[f"solved/{name}"].results
    assert (found.verdict, found.results, found.flags) == ("graded", clean.results, ())
    assert [one.verdict for one in clean.results] == ["wrong", "not started", *["passed"] * (len(whole) - 2)]
    assert clean.results[0].misconception and clean.results[2:] == whole[2:]


@EACH
def test_a_deleted_cell_is_missing_and_costs_its_own_points(name, records):
    whole, short = (records[f"{student}/{name}"].results for student in ("solved", "short"))
    assert [result.verdict for result in short] == ["missing", *["passed"] * (len(whole) - 1)]
    assert short[1:] == whole[1:] and short[0].points == 0


@EACH
def test_what_cannot_be_read_is_unreadable_with_the_reason(name, records):
    record = records[f"cut/{name}"]
    assert (record.verdict, record.points, record.results) == ("unreadable", 0, ())
    assert record.problem.startswith("it is not a whole notebook")


@pytest.fixture(scope="module")
def secrets():
    return SECRETS(SETTINGS)


def shown(folder):
    """Name → bytes of everything that a student may come to see; the canonical export is the instructor's."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".sqlite", ".lock", ".jsonl")]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_no_page_no_export_and_no_message_tells_a_secret(graded, records, secrets):
    told = [result for path, one in records.items() if path.startswith("telling/") for result in one.results]
    assert len(told) == len(RIGHT) and all(result.found.startswith("ValueError: asked") for result in told)
    pages = shown(graded)
    assert {name.partition("/")[0] for name in pages} == {"export", "feedback", "guide", "report.html", "said"}
    assert len(pages) > 2 * len(records) / len(MANGLED)
    assert [line for name, content in pages.items() for line in secrets.told_by(name, content)] == []


def test_no_released_workbook_tells_a_secret(secrets):
    pages = {path.name: path.read_bytes() for path in WORKBOOKS.iterdir() if path.is_file()}
    assert [line for name, content in pages.items() for line in secrets.told_by(name, content)] == []


def test_a_page_that_tells_what_the_code_raised_is_noticed(graded, secrets, tmp_path, monkeypatch):
    monkeypatch.setattr(feedback, "sentence", lambda result: result.found)
    course = read_course(graded, book=catalogue())
    write_report(course, tmp_path)
    for kind in ("moodle", "gradescope"):
        write_export(course, kind, tmp_path)
    telling = {name for name, content in shown(tmp_path).items() if secrets.told_by(name, content)}
    lessons = {f"moodle-lesson-{number:02d}.csv" for number in POINTS}
    assert telling == {"feedback/telling.html", "gradescope/telling/results.json", *lessons}


def leaked():
    exercise = catalogue()[0]
    seed = SETTINGS.seed(exercise.lesson)
    inputs = exercise.cases(seed)[-1]
    expected = exercise.probe(exercise.reference, **inputs)
    return {
        "the secret": f"<p>{SETTINGS.secret}</p>",
        "a seed": f"<p>cases of {seed}</p>",
        "a hidden input": f"<p>{inputs}</p>",
        "a hidden input, in full": json.dumps(inputs["start"].tolist()),
        "an expected answer": f"a,b\n1,{expected[-1]}\n",
        "a number of it": f"a,{expected[-1][0].item():.7f},c\n",
        "a solution": f"<pre>{RIGHT[exercise.name]}</pre>",
    }


@pytest.mark.parametrize("what", leaked())
def test_what_is_planted_is_found(what, secrets):
    assert secrets.told_by("page.html", leaked()[what].encode())
