"""The trusted end of the socket: a student's cells go in, questions follow, and every answer has a deadline."""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from time import monotonic

from featherweight.exercises.diagnose import Outcome
from featherweight.exercises.exercise import Exercise
from featherweight.exercises.limits import OutOfTime
from featherweight.grading.sandbox import USUAL, Limits, Worker, launch
from featherweight.grading.wire import MAX_BYTES, WireError, pack, read_message, unpack, write_message

__all__ = ["Broken", "Session"]

GRACE = 1.0
"""Seconds beyond an answer's own for the way there and back."""


class Broken(Exception):
    """The worker has died or talks nonsense. `args[0]` says which, in a few words."""


class Session:
    """Conversations with one student's sandbox, which is started when it is needed and again after it broke."""

    def __init__(self, limits: Limits = USUAL, unsafe: bool = False) -> None:
        self.limits, self.unsafe, self.worker, self.number = limits, unsafe, None, 0

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *problem) -> None:
        self.stop()

    def stop(self) -> None:
        """End the sandbox, if there is one."""
        if self.worker is not None:
            self.worker.stop()
            self.worker = None

    def begin(self, cells: Sequence[str], seconds: float) -> list:
        """Execute cells in a fresh namespace. Returns a note or None for each. Raises OutOfTime or Broken."""
        if self.worker is None:
            self.worker = launch(self.limits, self.unsafe)
        said, _ = self._exchange({"cells": list(cells), "seconds": seconds}, b"", seconds)
        notes = said.get("executed")
        if not isinstance(notes, list) or len(notes) != len(cells):
            self._break("it answers out of turn")
        return notes

    def end(self) -> None:
        """Be done with a notebook; what it left running keeps nobody."""
        try:
            said, _ = self._exchange({"done": True}, b"", GRACE)
            if "ended" not in said:
                self._break("it answers out of turn")
        except (OutOfTime, Broken):
            self.stop()

    def ask(self, exercise: Exercise, inputs: Mapping, seconds: float) -> Outcome:
        """What a learner's function gives for one case. Raises OutOfTime or Broken, and has then ended the sandbox."""
        self.number += 1
        data, blob = pack(list(inputs.values()))
        question = {
            **{"id": self.number, "exercise": exercise.name, "probe": exercise.probe.__name__},
            **{"names": list(inputs), "inputs": data, "seconds": seconds},
        }
        said, blob = self._exchange(question, blob, seconds)
        if said.get("id") != self.number:
            self._break("it answers another question")
        return self._outcome(said, blob, list(inputs))

    def _outcome(self, said: Mapping, blob: bytes, names: Sequence[str]) -> Outcome:
        if "answer" in said:
            changed = said.get("changed")
            try:
                answer = unpack(said["answer"], blob)
            except WireError as problem:
                self._break(str(problem))
            known = isinstance(changed, list) and all(name in names for name in changed)
            return Outcome(answer, changed=tuple(changed) if known else tuple(names))
        if said.get("error") == "OutOfTime":
            raise OutOfTime
        return Outcome(error=_exception(said), line=_line(said))

    def _exchange(self, content: Mapping, blob: bytes, seconds: float) -> tuple[Mapping, bytes]:
        """Send, and wait for what comes back."""
        until = monotonic() + seconds + GRACE
        try:
            self.worker.socket.settimeout(seconds + GRACE)
            write_message(self.worker.stream, content, blob)
            said, blob = read_message(_Until(self.worker, until), MAX_BYTES)
        except TimeoutError:
            self.stop()
            raise OutOfTime from None
        except (EOFError, OSError, WireError) as problem:
            self._break(str(problem))
        if not isinstance(said, dict):
            self._break("a message that is no answer")
        if "ended" in said and "done" not in content:
            self._break("the answer's process ended")
        return said, blob

    def _break(self, why: str) -> None:
        self.stop()
        raise Broken(why)


class _Until:
    """Reads from a worker, and raises TimeoutError at a fixed time, however slowly the bytes drip."""

    def __init__(self, worker: Worker, until: float) -> None:
        self.worker, self.until = worker, until

    def read(self, size: int) -> bytes:
        left = self.until - monotonic()
        if left <= 0:
            raise TimeoutError
        self.worker.socket.settimeout(left)
        return self.worker.socket.recv(size)


def _exception(said: Mapping) -> Exception:
    """The builtin exception nearest to what was raised, with its text; hostile fields become a plain one."""
    mro = said.get("mro")
    for name in mro if isinstance(mro, list) else ():
        kind = getattr(builtins, name, None) if isinstance(name, str) else None
        if (
            isinstance(kind, type)
            and issubclass(kind, Exception)
            and kind not in (UnicodeDecodeError, UnicodeEncodeError)
        ):
            return kind(str(said.get("text", ""))[:300])
    return RuntimeError(str(said.get("text", ""))[:300])


def _line(said: Mapping) -> str:
    line = said.get("line")
    return f"line {line}" if type(line) is int and line > 0 else ""
