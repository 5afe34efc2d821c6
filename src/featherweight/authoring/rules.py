"""What every lesson source must be. Each rule yields one line per breach: where, what was got, what was wanted."""

from __future__ import annotations

import ast
import difflib
import io
import re
import tokenize
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from featherweight.authoring import names
from featherweight.authoring.lesson import Cell, Lesson, imported
from featherweight.exercises.exercise import Exercise
from featherweight.exercises.source import function_source, stub_source

__all__ = ["CELL_LINES", "PARTS", "PROSE_WORDS", "TAGS", "problems", "words"]

PARTS = tuple(
    f"part-{name}"
    for name in (
        *("opening", "objectives", "symbols", "idea", "widget", "exercises", "reproduce"),
        *("production", "bug-hunt", "recall", "recap", "references"),
    )
)
TAGS = frozenset(PARTS) | {
    *("bug-hunt", "check", "colab-only", "exercise", "hide-input"),
    *("nbval-check-output", "raises-exception", "widget"),
}
PROSE_WORDS = 2500
CELL_LINES = 15


def problems(lesson: Lesson, exercises: Sequence[Exercise]) -> list[str]:
    """Every breach of a rule in `lesson`, whose exercises are those of `exercises` with its number. Empty: none."""
    own = [exercise for exercise in exercises if exercise.lesson == lesson.number]
    return [f"{lesson.name}: {problem}" for rule in RULES for problem in rule(lesson, own)]


def words(lesson: Lesson) -> int:
    """Words of prose: markdown without formulas, tags, code and addresses."""
    text = "\n".join(cell.source for cell in lesson.cells if cell.kind == "markdown")
    text = re.sub(r"```.*?```|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]*\$|<[^>\n]*>|\]\([^)\n]*\)", " ", text, flags=re.DOTALL)
    return len(re.findall(r"\w+(?:['’\-.]\w+)*", text))


def _at(cell: Cell) -> str:
    return f"cell {cell.id} ({cell.first_line[:50]!r})"


def _header(lesson: Lesson, _) -> Iterator[str]:
    for key in lesson.stray:
        yield f"the header has jupytext's {key!r}; wanted neither pairing nor tool versions: remove that line."


def _tags(lesson: Lesson, _) -> Iterator[str]:
    for cell in lesson.cells:
        if cell.kind not in ("code", "markdown"):
            yield f"{_at(cell)} is a {cell.kind} cell; wanted code or markdown."
        for key in cell.stray:
            yield f"{_at(cell)} has {key!r} in its `# %%` line; wanted only tags=[…]: is it misspelt?"
        for tag in cell.tags:
            if tag not in TAGS:
                near = difflib.get_close_matches(tag, sorted(TAGS), 1)
                hint = f"did you mean {near[0]!r}?" if near else f"wanted one of {', '.join(sorted(TAGS))}."
                yield f"{_at(cell)} has the unknown tag {tag!r}; {hint}"
            elif (tag in PARTS) != (cell.kind == "markdown"):
                yield f"{_at(cell)} is {cell.kind} and tagged {tag!r}; part tags go on markdown cells, others on code."


def _parts(lesson: Lesson, _) -> Iterator[str]:
    openers = [(index, tag) for index, cell in enumerate(lesson.cells) for tag in cell.tags if tag in PARTS]
    found = [tag for _, tag in openers]
    for part in PARTS:
        if found.count(part) != 1:
            yield f"the part {part!r} opens {found.count(part)} times; wanted exactly once."
    if sorted(found, key=PARTS.index) != found:
        yield f"its parts come as {', '.join(found)}; wanted the order {', '.join(PARTS)}."
    for (index, part), (end, _) in pairwise([*openers, (len(lesson.cells), "")]):
        prose = "\n".join(cell.source for cell in lesson.cells[index:end])
        if not re.sub(r"^#+ .*$", "", prose, flags=re.MULTILINE).strip():
            yield f"the part {part!r} holds only its heading; wanted its content."


def _python(lesson: Lesson, _) -> Iterator[str]:
    sources = [cell.source if cell.kind == "code" else "" for cell in lesson.cells]
    for cell, source in zip(lesson.cells, sources, strict=True):
        lines = sum(bool(line.strip()) for line in source.splitlines())
        if lines > CELL_LINES:
            yield f"{_at(cell)} has {lines} lines; wanted at most {CELL_LINES}: move the plumbing into src."
        try:
            stars = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.alias) and node.name == "*"]
        except SyntaxError as problem:
            yield f"{_at(cell)} is not Python ({problem.msg}); wanted a cell that runs as it stands."
            return
        if stars:
            yield f"{_at(cell)} imports *; wanted each name."
    for index, name in names.undefined(sources):
        yield f"{_at(lesson.cells[index])} uses {name!r}, which no cell before it defines."


def _colab(lesson: Lesson, _) -> Iterator[str]:
    tagged = [
        index
        for index, cell in enumerate(cell for cell in lesson.cells if cell.kind == "code")
        if "colab-only" in cell.tags
    ]
    if tagged != [0]:
        yield f"code cells {tagged} are tagged 'colab-only'; wanted the first code cell and no other."


def _prose(lesson: Lesson, _) -> Iterator[str]:
    if words(lesson) > PROSE_WORDS:
        yield f"it has {words(lesson)} words of prose; wanted at most {PROSE_WORDS}."


def _exercise_cells(lesson: Lesson, own: Sequence[Exercise]) -> Iterator[str]:
    by_name = {exercise.name: exercise for exercise in own}
    for cell in lesson.cells:
        if "exercise" not in cell.tags:
            continue
        found = imported(cell.source)
        if found is None:
            yield f"{_at(cell)} is an exercise; wanted the single line `from featherweight.… import function`."
        elif found.name not in by_name:
            known = ", ".join(by_name) or "none"
            yield f"{_at(cell)} is no exercise of lesson {lesson.number}; the catalogue has {known}."
        else:
            reference = by_name[found.name].reference
            if (found.module, found.function) != (reference.__module__, reference.__name__):
                wanted = f"{reference.__module__}.{reference.__name__}"
                yield f"{_at(cell)} imports something else than its reference {wanted}."


def _check_cells(lesson: Lesson, _) -> Iterator[str]:
    for cell, before in zip(lesson.cells, [Cell("markdown", "", (), ""), *lesson.cells], strict=False):
        if "check" in cell.tags and "exercise" not in before.tags:
            yield f"{_at(cell)} is tagged check and follows no exercise cell."
    for cell, following in pairwise([*lesson.cells, Cell("markdown", "", (), "")]):
        found = imported(cell.source) if "exercise" in cell.tags else None
        if found is None:
            continue
        argument = found.name if found.name == found.function else f'{found.name}, name="{found.name}"'
        wanted = f"{found.name} = check({argument})"
        if "check" not in following.tags or following.source != wanted:
            yield f"{_at(cell)} is followed by {following.first_line!r}; wanted a cell tagged check: `{wanted}`."


def _catalogue(lesson: Lesson, own: Sequence[Exercise]) -> Iterator[str]:
    found = [cell.id for cell in lesson.cells if "exercise" in cell.tags]
    for exercise in own:
        if found.count(exercise.name) != 1:
            yield f"the exercise {exercise.name!r} has {found.count(exercise.name)} cells; wanted exactly one."
        if foreign := names.foreign(function_source(exercise.reference)):
            allowed = ", ".join(sorted(names.ALLOWED))
            yield f"{exercise.name!r} uses {', '.join(foreign)}; wanted its arguments, {allowed} and nothing else."


def _bug_hunt(lesson: Lesson, own: Sequence[Exercise]) -> Iterator[str]:
    found = [cell for cell in lesson.cells if "bug-hunt" in cell.tags]
    if len(found) != 1 or "exercise" not in found[0].tags:
        yield f"it has {len(found)} cells tagged bug-hunt; wanted exactly one, on an exercise cell."
        return
    part = next(
        (tag for cell in reversed(lesson.cells[: lesson.cells.index(found[0])]) for tag in cell.tags if tag in PARTS),
        None,
    )
    if part != "part-bug-hunt":
        yield f"{_at(found[0])} is the bug hunt and stands in {part!r}; wanted it in 'part-bug-hunt'."
    for exercise in own:
        if (exercise.starts_from is not None) != (exercise.name == found[0].id):
            yield f"{exercise.name!r}: its cell's bug-hunt tag and its starts_from disagree; wanted both or neither."
        elif exercise.starts_from is not None:
            yield from _gives_away(exercise)


def _gives_away(exercise: Exercise) -> Iterator[str]:
    stub = stub_source(exercise)
    tokens = tokenize.generate_tokens(io.StringIO(stub).readline)
    if comments := [token.string for token in tokens if token.type == tokenize.COMMENT]:
        yield f"{exercise.name!r} hands over code with the comment {comments[0]!r}, which may give the bug away."
    if exercise.starts_from.__name__ in stub:
        yield f"{exercise.name!r} hands over code that says {exercise.starts_from.__name__!r}, which gives it away."
    if foreign := names.foreign(stub):
        yield f"{exercise.name!r} hands over code that uses {', '.join(foreign)}; wanted it self-contained."


RULES: tuple[Callable[[Lesson, Sequence[Exercise]], Iterator[str]], ...] = (
    *(_header, _tags, _parts, _python, _colab, _prose),
    *(_exercise_cells, _check_cells, _catalogue, _bug_hunt),
)
