"""The thirteen lessons speak with one voice: what CONTRIBUTING.md decides about wording, and each rule broken once."""

import re
from collections.abc import Iterator

import pytest

from featherweight.authoring.build import find_root, load
from featherweight.authoring.lesson import Cell, Lesson
from featherweight.exercises import catalogue

LESSONS = load(find_root())
EXERCISES = {exercise.name: exercise for exercise in catalogue()}
HEADING = re.compile(
    r"^### Exercises?: (?P<names>.*) · difficulty (?P<difficulty>\d)/5 · (?P<minutes>\d+) minutes$", re.MULTILINE
)
TIME = re.compile(r"\*\*It takes:\*\* (?P<low>\d+) to (?P<high>\d+) minutes\.")
READING = 15  # minutes at least that a lesson leaves beside its exercises
SAYS = {
    "part-objectives": "gives the next of three hints. An exercise left alone is replaced by our solution.",
    "part-bug-hunt": "Its docstring says what it should do.",
    "part-recall": "Answer aloud before you unfold.",
    "part-recap": "Where it does **not** help: ",
}
NEVER = {
    r"\d %": "a space before the percent sign",
    r"[–—] ?\d|(?<![\w.,−-])-\d": "a hyphen or a dash for a minus sign",
    r"\bpercent\b|\blearnt\b|\btoward\b": "per cent, learned, towards",
    r"\(\d{4}\.\d{4,5}\)|\(arXiv": "a paper in the text by its number; wanted its authors and year",
    r"\b[Cc]hapter \d": "a chapter; wanted a lesson",
}


def prose(lesson: Lesson) -> Iterator[tuple[str, str]]:
    """The part and the text of each Markdown cell before the references, without code and formulas."""
    part = ""
    for cell in lesson.cells:
        part = next((tag for tag in cell.tags if tag.startswith("part-")), part)
        if part == "part-references":
            return
        if cell.kind == "markdown":
            yield part, re.sub(r"```.*?```|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]*\$", "", cell.source, flags=re.DOTALL)


def wording(lesson: Lesson) -> Iterator[str]:
    texts = list(prose(lesson))
    for part, wanted in SAYS.items():
        if wanted not in "\n".join(text for found, text in texts if found == part) and lesson.number > 1:
            yield f"{part} does not say {wanted!r}"
    for _, text in texts:
        for pattern, what in NEVER.items():
            yield from (f"{what}: {found.group()!r}" for found in re.finditer(pattern, text))
        for table in re.findall(r"^\| here .*$", text, re.MULTILINE):
            if table != "| here | PyTorch | TensorFlow / Keras | JAX |":
                yield f"the production table begins with {table!r}"


def times(lesson: Lesson) -> Iterator[str]:
    text = "\n".join(cell.source for cell in lesson.cells if cell.kind == "markdown")
    total = 0
    for heading in HEADING.finditer(text):
        own = [EXERCISES[name] for name in re.findall(r"`(\w+)`", heading["names"])]
        wanted = max(one.difficulty for one in own), sum(one.minutes for one in own)
        total += wanted[1]
        if (int(heading["difficulty"]), int(heading["minutes"])) != wanted:
            yield f"{heading.group()!r} is not the catalogue's {wanted}"
    high = int(TIME.search(text)["high"])
    if total + READING > high:
        yield f"its exercises take {total} minutes and the lesson at most {high}"


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_a_lesson_speaks_as_the_others_do(lesson):
    assert [*wording(lesson), *times(lesson)] == []


def test_the_readme_gives_each_lesson_its_minutes():
    readme = (find_root() / "README.md").read_text(encoding="utf-8")
    rows = [line for line in readme.splitlines() if line.startswith("| ")]
    for lesson in LESSONS:
        found = TIME.search("\n".join(cell.source for cell in lesson.cells))
        row = next(row for row in rows if f"notebooks/{lesson.name}.ipynb" in row)
        assert f"| {found['low']}–{found['high']} |" in row


def test_every_exercise_has_its_heading():
    named = [
        name
        for lesson in LESSONS
        for cell in lesson.cells
        for heading in HEADING.finditer(cell.source)
        for name in re.findall(r"`(\w+)`", heading["names"])
    ]
    assert sorted(named) == sorted(EXERCISES)


FAULTS = {
    "a space": ("95%", "95 %", "a space before"),
    "a hyphen": ("−1", "-1", "a hyphen or a dash"),
    "a spelling": ("learned", "learnt", "per cent, learned"),
    "a number for a paper": ("(Bengio et al., 2013)", "(1308.3432)", "authors and year"),
    "a table of its own": ("| TensorFlow / Keras | JAX |", "| Keras | JAX |", "the production table"),
    "no hints": ("gives the next of three hints", "gives a hint", "part-objectives does not say"),
    "no limits": ("Where it does **not** help", "Also", "part-recap does not say"),
    "other minutes": ("difficulty 3/5 · 10 minutes", "difficulty 3/5 · 11 minutes", "is not the catalogue's"),
    "too little time": ("75 to 90 minutes", "50 to 60 minutes", "its exercises take"),
}


@pytest.mark.parametrize(("old", "new", "said"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_seen(old, new, said):
    """Lesson 9, with one thing wrong."""
    whole = next(lesson for lesson in LESSONS if lesson.number == 9)
    assert any(old in cell.source for cell in whole.cells)
    cells = tuple(Cell(cell.kind, cell.source.replace(old, new), cell.tags, cell.id) for cell in whole.cells)
    found = [*wording(Lesson(whole.name, 9, cells)), *times(Lesson(whole.name, 9, cells))]
    assert any(said in line for line in found)
