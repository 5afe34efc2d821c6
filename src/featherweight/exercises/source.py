"""The text of functions: sliced from the file where a technique is written, stubbed, and compared as syntax trees."""

from __future__ import annotations

import ast
import inspect
import linecache
import textwrap
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import CodeType

from featherweight.errors import LessonError
from featherweight.exercises.exercise import Exercise

__all__ = [
    "STUB_LINE",
    "function_source",
    "is_untouched",
    "learner_source",
    "normalized",
    "standalone_source",
    "stub_source",
]

STUB_LINE = 'raise NotImplementedError("your turn")'


@cache
def function_source(function: Callable, name: str | None = None) -> str:
    """The text of a module-level function, sliced from its file; renamed to `name` if given. Ends without newline."""
    path = Path(inspect.getsourcefile(function))
    lines = path.read_text(encoding="utf-8").splitlines()
    for node in ast.parse("\n".join(lines)).body:
        if isinstance(node, ast.FunctionDef) and node.name == function.__name__:
            text = "\n".join(lines[node.lineno - 1 : node.end_lineno])
            return text.replace(f"def {node.name}(", f"def {name or node.name}(", 1)
    raise LessonError(f"{function.__qualname__} is not a function at the top level of {path.name}: move it there.")


def standalone_source(function: Callable, name: str) -> str:
    """The text of a function, renamed, after all that it needs of its module and of the function around it.

    So a wrong implementation that shares helpers with others can be typed into a notebook. A list starts empty: it is
    what such a function remembers.
    Raises LessonError where it needs something else than a function of its module, another package's class or a plain
    value.
    """
    needed: dict[str, str] = {}
    _collect(function, needed)
    return "\n\n".join([*needed.values(), _own_source(function, name)])


def _collect(function: Callable, needed: dict[str, str]) -> None:
    code, space = function.__code__, function.__globals__
    free = zip(code.co_freevars, (cell.cell_contents for cell in function.__closure__ or ()), strict=True)
    for name, value in [*free, *((name, space[name]) for name in _names(code) if name in space)]:
        if name in needed or inspect.ismodule(value):
            continue
        if inspect.isfunction(value):
            needed[name] = ""  # before what it needs itself, which may be itself
            _collect(value, needed)
            needed[name] = _lambda_source(value, name) if value.__name__ == "<lambda>" else _own_source(value, name)
        elif isinstance(value, bool | int | float | str | tuple | list):
            needed[name] = f"{name} = {[] if isinstance(value, list) else value!r}"
        elif inspect.isclass(value) and not value.__module__.startswith("featherweight"):
            needed[name] = f"from {value.__module__} import {value.__qualname__} as {name}"
        else:
            raise LessonError(f"{function.__qualname__} needs {name}, a {type(value).__name__}: write it out.")


def _names(code: CodeType) -> list[str]:
    """The global names that a function's code uses, and the comprehensions and functions inside it."""
    inner = (_names(each) for each in code.co_consts if isinstance(each, CodeType))
    return [*code.co_names, *(name for names in inner for name in names)]


def _own_source(function: Callable, name: str) -> str:
    text = textwrap.dedent(inspect.getsource(function)).rstrip()
    return text.replace(f"def {function.__name__}(", f"def {name}(", 1)


def _lambda_source(function: Callable, name: str) -> str:
    """An assignment of the lambda, which is found by its line. Raises LessonError where two stand on that."""
    text = Path(inspect.getsourcefile(function)).read_text(encoding="utf-8")
    line = function.__code__.co_firstlineno
    found = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Lambda) and node.lineno == line]
    if len(found) != 1:
        raise LessonError(f"{name} is one of {len(found)} lambdas in line {line}; wanted one: give each a line.")
    return f"{name} = {ast.get_source_segment(text, found[0])}"


@cache
def stub_source(exercise: Exercise) -> str:
    """What the learner starts from: the signature and docstring of the reference, and no answer.

    A bug hunt starts from the handed-over function instead, renamed, with the reference's docstring.
    """
    head, _ = _split(function_source(exercise.reference, exercise.name))
    if exercise.starts_from is None:
        return f"{head}\n    {STUB_LINE}"
    _, body = _split(function_source(exercise.starts_from))
    return f"{head}\n{body}"


def _split(text: str) -> tuple[str, str]:
    """Signature with docstring, and the rest, of a function's text."""
    node = ast.parse(text).body[0]
    lines = text.splitlines()
    first = node.body[0]
    documented = ast.get_docstring(node) is not None
    end = first.end_lineno if documented else first.lineno - 1
    return "\n".join(lines[:end]), "\n".join(lines[end:])


def learner_source(function: Callable) -> str | None:
    """The text of a function typed into a cell or file, or None where Python did not keep it."""
    try:
        linecache.checkcache()
        return textwrap.dedent(inspect.getsource(inspect.unwrap(function)))
    except (OSError, TypeError, ValueError, IndentationError):
        return None


def normalized(text: str) -> str | None:
    """A function's arguments and body as a syntax tree, without name, docstring, comments and annotations."""
    try:
        node = ast.parse(text).body[0]
    except (SyntaxError, ValueError, IndexError):
        return None
    if not isinstance(node, ast.FunctionDef):
        return None
    body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    names = [argument.arg for argument in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]]
    try:
        return "\n".join([*names, *(ast.dump(statement) for statement in body)])
    except ValueError:  # a whole number of more digits than Python prints
        return None


def is_untouched(text: str | None, exercise: Exercise) -> bool:
    """Whether a function's text is still the stub: the same tree, or a body that only raises, passes or is `...`."""
    tree = normalized(text) if text else None
    if tree is None:
        return False
    if tree == normalized(stub_source(exercise)):
        return True
    node = ast.parse(text).body[0]
    body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    return all(_does_nothing(statement) for statement in body)


def _does_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Raise) and statement.exc is not None:
        raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
        return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )
