"""What a learner is told who goes on in the middle of a lesson, where the kernel has forgotten the cells above."""

from __future__ import annotations

import sys
from types import TracebackType

__all__ = ["ADVICE", "explain_missing_names"]

ADVICE = (
    "If a cell above makes it, that cell has not run since the kernel started: "
    "choose Run ▸ Run All Above Selected Cell, then run this cell again."
)


def explain_missing_names() -> None:
    """In a notebook, add `ADVICE` to every NameError that is raised in a cell. Elsewhere this does nothing."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None:
        shell.set_custom_exc((NameError,), _explained)


def _explained(shell, kind: type, problem: NameError, trace: TracebackType | None, tb_offset: int | None = None):
    if kind is NameError and _is_in_a_cell(trace, shell.user_ns):
        problem.add_note(ADVICE)
    told = shell.InteractiveTB.structured_traceback(kind, problem, trace, tb_offset=tb_offset)
    shell._showtraceback(kind, problem, told)
    return told


def _is_in_a_cell(trace: TracebackType | None, space: dict) -> bool:
    """Whether the innermost frame is a cell's, or that of a function that a cell defines."""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and trace.tb_frame.f_globals is space
