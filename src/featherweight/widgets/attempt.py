"""Call a function that a learner wrote: it may raise, return nonsense or never come back."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from typing import Any

__all__ = ["attempt"]


class _Stopped(BaseException):
    """Raised inside a thread whose time is up."""


def attempt(function: Callable, *arguments: Any, seconds: float = 2.0, **options: Any) -> tuple[Any, str]:
    """The function's result and an empty problem, or None and one line that says what went wrong.

    The call runs in a thread of its own: whatever it does, this returns after `seconds`. A Python loop is then stopped;
    a single long operation in C ends when it ends, unheard.
    """
    name = getattr(function, "__name__", "your function")
    outcome: list = []

    def work() -> None:
        try:
            outcome[:] = [function(*arguments, **options), ""]
        except _Stopped:
            return
        except BaseException as problem:  # a learner's sys.exit() is a result too
            said = f": {problem}" if str(problem) else ""
            outcome[:] = [None, f"{name} raised {type(problem).__name__}{said}".splitlines()[0]]

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive() and not outcome:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(_Stopped))
        return None, f"{name} ran longer than {seconds:g} s and was stopped"
    return outcome[0], outcome[1]
