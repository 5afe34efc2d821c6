"""The trusted end of the socket: a student's cells go in, questions follow, and every answer has a deadline.

Whatever comes back may be forged: it is data of a checked form, or the sandbox is ended. How it fails is told apart
only so that a student learns why there is no credit.
"""

from __future__ import annotations

import builtins
import io
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from time import monotonic

from featherweight.exercises.diagnose import Outcome
from featherweight.exercises.exercise import Exercise
from featherweight.exercises.limits import OutOfTime
from featherweight.grading.memory import counted_by
from featherweight.grading.sandbox import USUAL, Limits, Worker, launch
from featherweight.grading.wire import MAX_BYTES, WireError, pack, read_message, unpack, write_message
from featherweight.grading.worker import LATE

__all__ = ["Absent", "Broken", "OutOfMemory", "Place", "Session"]

GRACE = 0.75
"""Seconds beyond an answer's own for the way there and back; with the killing after them it is less than one."""

GLANCE = 0.2
"""Seconds between two looks at the memory of a sandbox that no cgroup counts."""

SIGKILL, SIGNAL_BITS = 9, 0x7F

Place = tuple[int, int]
"""A statement: its cell's number and its own number in there, from 0."""


class Absent(Exception):
    """The cells have defined no function of the exercise's name."""


class Broken(Exception):
    """The worker has died or talks nonsense, and has been ended. `args[0]` says which, in a few words."""


class OutOfMemory(Broken):
    """The sandbox held more memory than there is for it, and has been ended."""


class Session:
    """Conversations with one student's sandbox, which is started when it is needed and again after it broke.

    begun: whether cells have been executed and questions can be asked. at: the statement that ran last, of those that
    the latest cells hold, or None.
    """

    def __init__(self, limits: Limits = USUAL, unsafe: bool = False) -> None:
        self.limits, self.unsafe = limits, unsafe
        self.worker: Worker | None = None
        self.begun, self.at, self.number, self.glance = False, None, 0, 0.0
        self.summed = not unsafe and counted_by(limits.total, limits.processes) == "cgroup"

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *problem) -> None:
        self.stop()

    def stop(self) -> None:
        """End the sandbox, if there is one."""
        self.begun = False
        if self.worker is not None:
            self.worker.stop()
            self.worker = None

    def begin(self, cells: Sequence[str], seconds: float, skip: Collection[Place] = ()) -> list[Exception | None]:
        """Execute cells in a fresh namespace, but for the statements at `skip`, within `seconds` in all.

        Returns the first exception of each cell, or None. Raises OutOfTime or Broken; `at` is then the culprit.
        """
        if self.begun:
            self.end()
        if self.worker is None:
            self.worker, self.glance = launch(self.limits, self.unsafe), monotonic()
        self.at, until = None, monotonic() + seconds + GRACE
        said, _ = self._exchange({"cells": list(cells), "seconds": seconds, "skip": sorted(skip)}, b"", until)
        while "at" in said:
            self._move_on(said["at"], len(cells))
            said, _ = self._receive(until)
        if "stuck" in said:
            self.begun = True
            self.end()
            raise OutOfTime
        notes = said.get("executed")
        if not isinstance(notes, list) or len(notes) != len(cells):
            self._break("it answers out of turn")
        self.begun = True
        return [_exception(note) if isinstance(note, dict) else None for note in notes]

    def _move_on(self, place, cells: int) -> None:
        """Note which statement runs now; it must come after the one before."""
        known = isinstance(place, list) and len(place) == 2 and all(type(number) is int for number in place)
        if not known or not 0 <= place[0] < cells or (self.at is not None and tuple(place) <= self.at):
            self._break("it answers out of turn")
        self.at = tuple(place)

    def end(self) -> None:
        """Be done with a notebook; a sandbox in which it left something running is ended."""
        if not self.begun:
            return
        try:
            said, _ = self._exchange({"done": True}, b"", monotonic() + GRACE)
            self.begun = False
            if "ended" not in said or not self.worker.alone():
                self.stop()
        except (OutOfTime, Broken):
            self.stop()

    def ask(self, exercise: Exercise, inputs: Mapping, seconds: float) -> Outcome:
        """What a learner's function gives for one case. Raises Absent, OutOfTime or Broken.

        seconds: what is left of the exercise's; below 0 where earlier cases have begun to use up the grace.
        After OutOfTime the conversation goes on if `begun`: the function has been interrupted in there.
        """
        self.number += 1
        data, blob = pack(list(inputs.values()))
        question = {
            **{"id": self.number, "exercise": exercise.name, "probe": exercise.probe.__name__},
            **{"names": list(inputs), "inputs": data, "seconds": max(seconds, 0.01)},
        }
        said, blob = self._exchange(question, blob, monotonic() + seconds + GRACE)
        if said.get("id") != self.number:
            self._break("it answers another question")
        if "absent" in said:
            raise Absent
        if "out of time" in said:
            raise OutOfTime
        if "answer" not in said:
            return Outcome(error=_exception(said), line=_line(said))
        return Outcome(self._answer(said["answer"], blob), changed=_changed(said.get("changed"), list(inputs)))

    def _answer(self, data, blob: bytes):
        try:
            return unpack(data, blob)
        except (WireError, ArithmeticError, MemoryError, RuntimeError, TypeError, ValueError) as problem:
            self._break(f"an answer that is none ({problem})"[:200])

    def _exchange(self, content: Mapping, blob: bytes, until: float) -> tuple[Mapping, bytes]:
        """Send, and wait for what comes back."""
        message = io.BytesIO()
        write_message(message, content, blob)
        try:
            self.worker.socket.settimeout(max(until - monotonic(), GRACE))
            self.worker.socket.sendall(message.getbuffer())
        except TimeoutError:
            self._out_of_time()
        except OSError as problem:
            self._break(str(problem))
        said, blob = self._receive(until)
        if "ended" in said and "done" not in content:
            self._ended(said["ended"])
        return said, blob

    def _receive(self, until: float) -> tuple[Mapping, bytes]:
        try:
            said, blob = read_message(_Until(self, until), MAX_BYTES)
        except TimeoutError:
            self._out_of_time()
        except (EOFError, OSError, WireError, MemoryError) as problem:
            self._break(str(problem))
        if not isinstance(said, dict):
            self._break("a message that is no answer")
        return said, blob

    def look(self) -> None:
        """Raise OutOfMemory where the sandbox holds too much and no cgroup sees to it; at most once in `GLANCE`."""
        if self.summed or monotonic() < self.glance + GLANCE:
            return
        self.glance = monotonic()
        if self.worker.held(self.limits.total) > self.limits.total:
            self.stop()
            raise OutOfMemory("its processes held more memory than there is")

    def _ended(self, status) -> None:
        known = type(status) is int and 0 <= status < 2**16
        signalled = status & SIGNAL_BITS if known else 0
        self.stop()
        if known and status == LATE << 8:
            raise OutOfTime
        if signalled == SIGKILL and self.summed:
            raise OutOfMemory("it held more memory than there is")
        raise Broken(f"its process ended{f' by signal {signalled}' if signalled else ''}")

    def _out_of_time(self) -> None:
        self.stop()
        raise OutOfTime from None

    def _break(self, why: str) -> None:
        self.stop()
        raise Broken(why)


class _Until:
    """Reads from a session's worker, and raises TimeoutError at a fixed time, however slowly the bytes drip."""

    def __init__(self, session: Session, until: float) -> None:
        self.session, self.until = session, until

    def read(self, size: int) -> bytes:
        connection = self.session.worker.socket
        while True:
            left = self.until - monotonic()
            if left <= 0:
                raise TimeoutError
            self.session.look()
            connection.settimeout(min(left, GLANCE))
            with suppress(TimeoutError):
                return connection.recv(size)


def _changed(said, names: list[str]) -> tuple[str, ...]:
    """Which inputs were changed; all of them where that is not said properly."""
    known = isinstance(said, list) and all(name in names for name in said)
    return tuple(said) if known else tuple(names)


def _exception(said: Mapping) -> Exception:
    """The builtin exception nearest to what was raised, with its text; hostile fields become a plain one."""
    mro, text = said.get("mro"), said.get("text")
    text = text[:300] if isinstance(text, str) else ""
    for name in mro if isinstance(mro, list) else ():
        kind = getattr(builtins, name, None) if isinstance(name, str) else None
        if isinstance(kind, type) and issubclass(kind, Exception):
            try:
                return kind(text)
            except TypeError:  # a UnicodeError or an ExceptionGroup wants more
                continue
    return RuntimeError(text)


def _line(said: Mapping) -> str:
    line = said.get("line")
    return f"line {line}" if type(line) is int and line > 0 else ""
