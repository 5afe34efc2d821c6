"""Solution text in a learner's file: in code, comments, prose, metadata or outputs; reformatted or renamed."""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from featherweight.exercises.exercise import Exercise
from featherweight.exercises.source import function_source, stub_source

__all__ = ["leaks"]

TELLING = 16
"""Characters, spaces aside, below which a statement (`return total`) says too little to be told from chance."""
SHARE = 0.5
"""The part of a solution's telling text whose presence counts as a leak."""


def leaks(file_name: str, content: str, exercises: Sequence[Exercise]) -> list[str]:
    """One line per exercise whose answer `content` (a notebook's or text file's) gives away; empty: none.

    What a bug hunt hands over, exactly as generated, may hold part of its own answer, and of no other exercise's.
    """
    text, code = _readable(content)
    squeezed = _squeezed(text)
    shapes, imports = {_shape(node) for node in code if isinstance(node, ast.FunctionDef)}, _imports(code)
    found = []
    for exercise in exercises:
        reference = exercise.reference
        if (
            _share(_without_handed_over(squeezed, reference, exercises), reference) >= SHARE
            or _answer_shape(reference) in shapes
        ):
            found.append(f"{file_name}: gives away the solution of {exercise.name!r}; take it out of the lesson.")
        elif (reference.__module__, reference.__name__) in imports and exercise.lesson >= _number(file_name):
            found.append(f"{file_name}: imports the solution of {exercise.name!r}; tag that cell exercise, or drop it.")
    return found


def _readable(content: str) -> tuple[str, list[ast.AST]]:
    """All text of a file, and the syntax nodes of its code."""
    try:
        notebook = json.loads(content)
        code = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    except (ValueError, KeyError, TypeError):
        return content, _nodes([content])
    return "\n".join(_strings(notebook)), _nodes(code)


def _strings(value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and all(isinstance(line, str) for line in value):
        yield "".join(value)
    elif isinstance(value, list | dict):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)


def _nodes(sources: Sequence[str]) -> list[ast.AST]:
    nodes: list[ast.AST] = []
    for source in sources:
        try:
            nodes += ast.walk(ast.parse(source))
        except SyntaxError:
            continue  # prose, or a learner's file that does not run: its text is searched all the same
    return nodes


def _imports(nodes: Sequence[ast.AST]) -> set[tuple[str, str]]:
    statements = [node for node in nodes if isinstance(node, ast.ImportFrom)]
    return {(node.module or "", alias.name) for node in statements for alias in node.names}


def _number(file_name: str) -> int:
    match = re.match(r"(\d\d)_", file_name.rpartition("/")[2])
    return int(match[1]) if match else 0


def _squeezed(text: str) -> str:
    return re.sub(r"[\s#\\]+", "", text).replace("'", '"')


def _without_handed_over(squeezed: str, reference: Callable, exercises: Sequence[Exercise]) -> str:
    for exercise in exercises:
        if exercise.starts_from and exercise.reference is reference:
            squeezed = squeezed.replace(_squeezed(stub_source(exercise)), "")
    return squeezed


def _share(squeezed: str, reference: Callable) -> float:
    statements = _telling(reference)
    found = sum(max(map(len, ways)) for ways in statements if any(way in squeezed for way in ways))
    return found / max(1, sum(max(map(len, ways)) for ways in statements))


@cache
def _telling(reference: Callable) -> tuple[frozenset[str], ...]:
    """The statements of the solution that say something, each in the ways it may be written down.

    Where all are short, they count as one: the whole body.
    """
    source = _without_comments(function_source(reference))
    body = _body(ast.parse(source).body[0])
    every = [_ways(source, statement) for statement in _leaves(body)]
    telling = tuple(ways for ways in every if max(map(len, ways)) >= TELLING)
    return telling or (frozenset({"".join(min(ways) for ways in every)}),)


def _without_comments(source: str) -> str:
    lines = source.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    return "\n".join(lines)


def _body(function: ast.FunctionDef) -> list[ast.stmt]:
    return function.body[1:] if ast.get_docstring(function) is not None else function.body


def _leaves(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        inner = [part for name in ("body", "orelse", "finalbody") for part in getattr(statement, name, [])]
        if inner:
            yield from _leaves(inner)
        else:
            yield statement


def _ways(source: str, statement: ast.stmt) -> frozenset[str]:
    """A statement as written and as Python would write it; an assignment or return also by its value alone."""
    nodes: list[ast.AST] = [statement]
    value = getattr(statement, "value", None)
    if value is not None and len(_squeezed(ast.unparse(value))) >= TELLING:
        nodes = [value]
    texts = [text for node in nodes for text in (ast.get_source_segment(source, node), ast.unparse(node))]
    return frozenset(_squeezed(text) for text in texts if text)


@cache
def _answer_shape(reference: Callable) -> str:
    return _shape(ast.parse(function_source(reference)).body[0])


def _shape(function: ast.FunctionDef) -> str:
    """A function's body with its local names numbered in order of appearance: renaming does not hide a copy."""
    numbers: dict[str, str] = {}
    local = {argument.arg for argument in ast.walk(function.args) if isinstance(argument, ast.arg)}
    nodes = [node for statement in _body(function) for node in ast.walk(statement)]
    local |= {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    text = "\n".join(ast.dump(statement) for statement in _body(function))

    def number(match: re.Match) -> str:
        name = match[1]
        return f"id={numbers.setdefault(name, f'name {len(numbers)}')!r}" if name in local else match[0]

    return re.sub(r"\bid='(\w+)'", number, text)
