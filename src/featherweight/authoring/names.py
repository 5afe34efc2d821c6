"""Names that nothing defines: in an exercise's function, and in a lesson's code cells in document order."""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterable, Iterator

__all__ = ["ALLOWED", "foreign", "made_and_used", "undefined"]

ALLOWED = frozenset({"F", "Tensor", "math", "torch"})
BUILTINS = frozenset(dir(builtins))


def foreign(source: str) -> list[str]:
    """Names that a function's source uses and that are neither its own, nor built in, nor in `ALLOWED`, sorted.

    Annotations and defaults count: they are evaluated where the learner's cell runs.
    """
    bound, now, later = _names(source)
    return sorted((now | later) - bound - ALLOWED - BUILTINS)


def undefined(cells: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield (cell index, name) for each name that is used before any cell or statement defines it.

    A name inside a function is looked up when the cell ends, since that is the earliest it can be called.
    """
    known = set(BUILTINS)
    for index, source in enumerate(cells):
        missing, waiting = set(), set()
        for statement in ast.parse(source).body:
            bound, now, later = _names(ast.unparse(statement))
            known |= bound
            missing |= now - known
            waiting |= later
        yield from ((index, name) for name in sorted(missing | (waiting - known)))


def made_and_used(source: str) -> tuple[set[str], set[str]]:
    """Names that a cell binds, and names that it uses, at once or inside its functions."""
    made, now, later = _names(source)
    return made, now | later


def _names(source: str) -> tuple[set[str], set[str], set[str]]:
    """Names that `source` binds, uses at once, and uses inside its functions."""
    top = symtable.symtable(source, "<cell>", "exec")
    bound = {symbol.get_name() for symbol in top.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    now = {symbol.get_name() for symbol in top.get_symbols() if symbol.is_referenced()}
    later: set[str] = set()
    inner = top.get_children()
    while inner:
        table = inner.pop()
        later |= {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global() and symbol.is_referenced()}
        inner += table.get_children()
    return bound, now, later
