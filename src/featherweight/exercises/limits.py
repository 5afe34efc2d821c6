"""Run a learner's function for at most so many seconds, with or without SIGALRM."""

from __future__ import annotations

import ctypes
import signal
import sys
import threading
import time
from collections.abc import Callable
from itertools import count

__all__ = ["OutOfTime", "run_within"]

REPEAT = 0.05
"""Seconds between further interruptions, for code that catches the first with a bare `except:`."""


class OutOfTime(BaseException):
    """Raised inside a function that has used up its seconds; no `except Exception` in it holds this back."""


def run_within(seconds: float, function: Callable, *args, **kwargs):
    """Call `function` and give back what it returns; raises OutOfTime after `seconds`.

    In the main thread a timer signal interrupts even C loops that release now and then. Elsewhere (Windows, a thread)
    the function runs in a thread of its own, which is interrupted, and left behind if it will not end.
    """
    if hasattr(signal, "SIGALRM") and threading.current_thread() is threading.main_thread():
        return _with_alarm(seconds, function, args, kwargs)
    return _in_thread(seconds, function, args, kwargs)


def _with_alarm(seconds, function, args, kwargs):
    fired = count()
    armed = True

    def interrupt(signum, frame):
        if armed and next(fired) < 2:
            raise OutOfTime
        if armed:
            _raise_soon(frame, lines=next(fired) % 11)

    trace, before = sys.gettrace(), signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds, REPEAT)
        return function(*args, **kwargs)
    finally:
        armed = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        sys.settrace(trace)


def _raise_soon(frame, lines: int) -> None:
    """Raise OutOfTime when `frame` and what it calls have run so many more lines.

    A loop around `try: … except: …` that swallowed the first two spends its time inside the `try`; counting on to
    another line each time soon hits one that no `except` covers.
    """
    left = iter(range(lines))

    def trace(frame, event, arg):
        if event == "line" and next(left, None) is None:
            raise OutOfTime
        return trace

    while frame and frame.f_code.co_filename != __file__:
        frame.f_trace = trace
        frame = frame.f_back
    sys.settrace(trace)


def _in_thread(seconds, function, args, kwargs):
    box: dict = {}

    def work():
        try:
            box["value"] = function(*args, **kwargs)
        except BaseException as problem:  # carried to the caller's thread and raised there
            box["problem"] = problem

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        _interrupt(thread)
        raise OutOfTime
    if "problem" in box:
        raise box["problem"]
    return box["value"]


def _interrupt(thread: threading.Thread, tries: int = 20) -> None:
    for _ in range(tries):
        if not thread.is_alive():
            return
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(OutOfTime))
        time.sleep(REPEAT)
