"""A book of two exercises, and a class whose names and answers would like to be executed. No sandbox is needed."""

from featherweight.exercises.compare import close
from featherweight.exercises.exercise import Exercise, Misconception
from featherweight.grading.course import course
from featherweight.grading.records import Override, Record
from featherweight.grading.roster import Person, Roster
from featherweight.grading.score import Result

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "quotes": 'O\'Brien "Bobby" & Co',
    "newline": "two\r\nlines",
    "climbing": "../../x",
    "absolute": "/etc/passwd",
    "formula": '=HYPERLINK("http://example.org","grades")',
    "plus": "+1+cmd|' /C calc'!A0",
    "tab": "\t=1+1",
    "turned": "\u202egnp.exe\u202c",
    "hebrew": "\u05d0\u05d1\u05d2 \u200f\u05d3",
    "long": "n" * 10_000,
    "emoji": "🦊 Zoë",
    "surrogate": "Zo\udceb",
    "nul": "a\0b",
    "device": "con.ipynb",
    "template": "{{ 7*7 }}{% raw %}",
}
HIDDEN_INPUT, EXPECTED, SEED = "4711.0815", "1.41421356", "correct-horse-battery"
PLANTED = (HIDDEN_INPUT, EXPECTED, SEED)


def double(x):
    return 2 * x


def _exercise(name: str, lesson: int, points: int) -> Exercise:
    return Exercise(
        name=name,
        lesson=lesson,
        points=points,
        minutes=5,
        difficulty=2,
        reference=double,
        cases=lambda seed: [{"x": float(seed)}],
        compare=close(),
        returns="twice `x`",
        oracle="addition",
        misconceptions=(
            Misconception("no *doubling*", abs, "You give back x < 2x as it is.", "the factor."),
            Misconception("squared", abs, "You square."),
        ),
        hints=("Draw <b>it</b>.", "Add.", "x + x"),
    )


BOOK = (_exercise("double", 1, 3), _exercise("twice", 1, 2), _exercise("halve", 2, 4))


def result(name: str, verdict: str = "passed", found: str = "", misconception: str = "") -> Result:
    worth = {one.name: one.points for one in BOOK}[name]
    return Result(name, verdict, worth if verdict == "passed" else 0, worth, found, misconception)


def record(student: str, *results: Result, lesson: int = 1, path: str = "", **more) -> Record:
    content = {"digest": "d", "verdict": "graded", "problem": "", "late": False, "sandboxed": True, "flags": ()} | more
    return Record(student=student, path=path or f"{student}/1.ipynb", lesson=lesson, results=results, **content)


def unreadable(student: str, problem: str = "it is no notebook") -> Record:
    return record(student, lesson=0, verdict="unreadable", problem=problem, path=f"{student}/bad.ipynb")


def hostile_records() -> list[Record]:
    """Everyone hostile: one exercise right, one wrong, and an error that tells what it was asked."""
    told = f"ValueError: asked {HIDDEN_INPUT}, wanted {EXPECTED}, seed {SEED} <i> at line 4711"
    shape = f"shape: yours shape ({HIDDEN_INPUT},), expected shape ({EXPECTED},)"
    records = []
    for name in HOSTILE.values():
        records.append(record(name, result("double", "wrong", shape, "no *doubling*"), result("twice", "error", told)))
        records.append(record(name, result("halve"), lesson=2, path=f"{name}/2.ipynb", late=True, sandboxed=False))
    return [*records, unreadable(HOSTILE["script"], "not JSON: <img src=x onerror=alert(1)>")]


def hostile_course(**more):
    notes = [Override(HOSTILE["script"], "twice", 1, "<b>half</b>\nright =1")]
    return course(hostile_records(), notes, book=BOOK, **more)


ROSTER = Roster(
    (
        Person("ada", "Lovelace, Ada", "ada@example.org", "al1815", "S1", "101", "A", "7001"),
        Person("bob", "Bob van Dam", "bob@example.org", "bob", "S2", "102", "B"),
        Person("cy", "Cy Young", "cy@example.org", "cy", "S3", "103", "A"),
    )
)


def small_course(**more):
    """Ada right, Bob wrong and late, Cy with nothing."""
    records = [
        record("ada", result("double"), result("twice")),
        record("ada", result("halve"), lesson=2, path="ada/2.ipynb"),
        record("bob", result("double"), result("twice", "wrong", "values differ", "squared"), late=True),
    ]
    return course(records, roster=ROSTER, book=BOOK, **more)
