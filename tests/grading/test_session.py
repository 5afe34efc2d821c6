"""The trusted end against a peer that says anything: typed, bounded, and never believed."""

import io
import socket
import threading
import time
from contextlib import suppress

import pytest
import torch

from featherweight.exercises import by_name
from featherweight.exercises.limits import OutOfTime
from featherweight.grading import session as module
from featherweight.grading.sandbox import Limits
from featherweight.grading.session import Absent, Broken, OutOfMemory, Session
from featherweight.grading.wire import pack, read_message, write_message

EXERCISE = by_name("largest_stable_rate")
PEERS = []
INPUTS = {"hessian": torch.eye(2)}


class Peer:
    """Stands for a worker: answers each message with the next of what it was given; bytes are sent as they are."""

    def __init__(self, *replies, held=0, survivors=False):
        self.socket, self.theirs = socket.socketpair()
        self.replies, self.bytes, self.stopped, self.survivors = list(replies), held, False, survivors
        PEERS.append(self)
        self.thread = threading.Thread(target=self.talk, daemon=True)
        self.thread.start()

    def talk(self):
        with suppress(OSError, EOFError), self.theirs.makefile("rb") as stream:
            for reply in self.replies:
                read_message(stream)
                for one in reply if isinstance(reply, list) else [reply]:
                    self.say(one)

    def say(self, reply):
        if callable(reply):
            return reply(self.theirs)
        message = io.BytesIO()
        if not isinstance(reply, bytes):
            write_message(message, *(reply if isinstance(reply, tuple) else (reply,)))
        self.theirs.sendall(reply if isinstance(reply, bytes) else message.getvalue())

    def stop(self):
        self.stopped = True
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.theirs.close()
        self.socket.close()

    def alone(self):
        return not self.survivors

    def held(self, enough):
        return self.bytes


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(module, "GRACE", 0.05)
    monkeypatch.setattr(module, "GLANCE", 0.02)
    yield
    while PEERS:
        PEERS.pop().stop()


def talking(*replies, **more):
    """A session whose worker is a peer, begun."""
    session = Session(Limits(total=1000))
    session.worker, session.begun, session.summed = Peer(*replies, **more), True, False
    return session


def fresh(*replies, **more):
    session = talking(*replies, **more)
    session.begun = False
    return session


def ask(*replies, seconds=0.1, **more):
    return talking(*replies, **more).ask(EXERCISE, INPUTS, seconds)


def answer(value, **more):
    data, blob = pack(value)
    return {"id": 1, "answer": data, "changed": [], **more}, blob


def test_an_answer_is_data():
    outcome = ask(answer(torch.tensor([1.5])))
    assert outcome.answer.tolist() == [1.5] and outcome.changed == () and outcome.error is None


@pytest.mark.parametrize("changed", [["hessian"], ["else"], "hessian", [[]], None, 3], ids=repr)
def test_what_was_changed_is_believed_only_of_inputs(changed):
    assert ask(answer(1.0, changed=changed)).changed == ("hessian",)


def drip(peer):
    for _ in range(100):
        peer.sendall(b"\0")
        time.sleep(0.01)


BROKEN = {
    "garbage": b"\xff" * 4096,
    "no JSON": (5).to_bytes(8, "big") + bytes(8) + b"{1: 2",
    "a list": [[[]]],
    "another id": [{"id": 2, "answer": None}],
    "no id": {"answer": None},
    "a verdict": {"verdict": "passed", "points": 100},
    "an early end": {"ended": 0},
    "a strange end": {"ended": "passed"},
    "the end of the stream": lambda peer: peer.shutdown(socket.SHUT_RDWR),
    "a shape without bytes": {"id": 1, "answer": {"tensor": ["float32", [2**39, 2**39]]}},
    "a shape of nothing": {"id": 1, "answer": {"tensor": ["float32", [2**39, 2**39, 2**39, 2**39, 0]]}},
    "an unknown type": {"id": 1, "answer": {"pickle": "gASV"}},
    "a deep answer": (200_000).to_bytes(8, "big") + bytes(8) + b"[" * 200_000,
    "a huge number": (100_000).to_bytes(8, "big") + bytes(8) + b"9" * 100_000,
}


@pytest.mark.parametrize("reply", BROKEN.values(), ids=BROKEN)
def test_nonsense_ends_the_sandbox(reply):
    session = talking(reply)
    peer = session.worker
    with pytest.raises(Broken):
        session.ask(EXERCISE, INPUTS, 0.5)
    assert peer.stopped and session.worker is None and not session.begun


@pytest.mark.parametrize("reply", [b"", b"\0" * 7, drip], ids=["silence", "half a head", "a drip"])
def test_silence_and_drips_are_over_in_time(reply):
    start = time.monotonic()
    session = talking(reply)
    with pytest.raises(OutOfTime):
        session.ask(EXERCISE, INPUTS, 0.1)
    assert time.monotonic() - start < 0.9 and session.worker is None


def test_an_interrupted_answer_keeps_the_sandbox():
    session = talking({"id": 1, "out of time": True}, ({"id": 2, "answer": {"float": "0x1p0"}},))
    with pytest.raises(OutOfTime):
        session.ask(EXERCISE, INPUTS, 0.5)
    assert session.begun
    assert session.ask(EXERCISE, INPUTS, 0.5).answer == 1.0


def test_an_absent_function_keeps_the_sandbox():
    session = talking({"id": 1, "absent": True})
    with pytest.raises(Absent):
        session.ask(EXERCISE, INPUTS, 0.5)
    assert session.begun


def test_a_process_that_ended_says_how():
    with pytest.raises(Broken, match="ended by signal 11"):
        ask({"ended": 11})
    with pytest.raises(OutOfTime):
        ask({"ended": 75 << 8})


def test_the_memory_of_all_processes_is_watched_where_no_cgroup_counts():
    with pytest.raises(OutOfMemory):
        ask(b"", seconds=1.0, held=1001)
    with pytest.raises(OutOfTime):
        ask(b"", held=1000)
    session = talking({"ended": 9})
    session.summed = True
    with pytest.raises(OutOfMemory):
        session.ask(EXERCISE, INPUTS, 0.5)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"mro": ["Mine", "KeyError", "LookupError"], "text": "x"}, KeyError),
        ({"mro": ["ExceptionGroup", "UnicodeDecodeError", "ValueError"], "text": "x"}, ValueError),
        ({"mro": ["SystemExit", "BaseException"]}, RuntimeError),
        ({"mro": ["open", "print", "__import__", 7, None, []]}, RuntimeError),
        ({"mro": "ValueError", "text": [[]]}, RuntimeError),
        ({}, RuntimeError),
    ],
    ids=repr,
)
def test_an_exception_becomes_the_nearest_builtin_one(said, kind):
    assert type(ask({"id": 1, **said}).error) is kind


@pytest.mark.parametrize("line", [3, "3", -1, True, None, [1]], ids=repr)
def test_a_line_is_a_number(line):
    assert ask({"id": 1, "line": line}).line == ("line 3" if line == 3 and type(line) is int else "")


def test_cells_are_executed_and_their_exceptions_returned():
    note = {"error": "NameError", "mro": ["NameError"], "text": "x"}
    session = fresh([{"at": [0, 0]}, {"at": [0, 2]}, {"at": [1, 0]}, {"executed": [None, note]}])
    first, second = session.begin(["", ""], 0.5)
    assert first is None and isinstance(second, NameError)
    assert session.begun and session.at == (1, 0)


def test_a_statement_that_was_interrupted_is_named_and_the_sandbox_kept():
    session = fresh([{"at": [0, 0]}, {"at": [1, 4]}, {"stuck": [9, 9]}], {"ended": 0})
    with pytest.raises(OutOfTime):
        session.begin(["", ""], 0.5)
    assert session.at == (1, 4) and session.worker is not None and not session.begun


@pytest.mark.parametrize(
    "said",
    [
        [{"at": [0, 1]}, {"at": [0, 1]}],
        [{"at": [1, 0]}, {"at": [0, 0]}],
        {"at": [2, 0]},
        {"at": [-1, 0]},
        {"at": [True, 0]},
        {"at": "00"},
        {"executed": [None]},
        {"executed": None},
        {"id": 1},
    ],
    ids=repr,
)
def test_what_is_out_of_turn_ends_the_sandbox(said):
    session = fresh(said)
    with pytest.raises(Broken, match="out of turn"):
        session.begin(["", ""], 0.5)
    assert session.worker is None


@pytest.mark.parametrize(
    ("reply", "survivors", "kept"),
    [({"ended": 0}, False, True), ({"ended": 0}, True, False), ({"id": 1}, False, False), (b"", False, False)],
    ids=["ends", "leaves something running", "says something else", "says nothing"],
)
def test_a_sandbox_is_kept_only_where_a_notebook_left_nothing(reply, survivors, kept):
    session = talking(reply, survivors=survivors)
    session.end()
    assert (session.worker is not None) is kept and not session.begun
    session.stop()


def test_a_peer_that_does_not_read_is_over_in_time():
    session = talking()
    with pytest.raises((OutOfTime, Broken)):
        session.ask(EXERCISE, {"hessian": torch.zeros(10**6)}, 0.1)
    assert session.worker is None
