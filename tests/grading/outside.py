"""What lies outside a sandbox while hostile submissions run: files, processes and sockets, with a canary."""

import hashlib
import inspect
import json
import os
import secrets
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
from contextlib import closing, suppress
from pathlib import Path

import psutil

from featherweight.exercises import by_name, catalogue
from featherweight.grading.score import Entry, score
from featherweight.grading.session import Session

CHEATED, TOLD = "largest_stable_rate", "exponential_rate"
HELPERS = """
import contextlib, json, os, sys

class Marks(list):
    def __init__(self, path):
        self.path = path

    def append(self, mark):
        super().append(mark)
        with contextlib.suppress(OSError), open(self.path, "a") as file:
            file.write(mark + " ")

def connection():
    for number in range(3, 64):
        try:
            if os.readlink(f"/proc/self/fd/{number}").startswith("socket:"):
                return number
        except OSError:
            continue

def send(content):
    text = json.dumps(content).encode()
    os.write(connection(), len(text).to_bytes(8, "big") + bytes(8) + text)

def asked():
    frame = sys._getframe()
    while "question" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["question"]["id"]

given |= {"connection": connection, "send": send, "id": asked, "marks": [], "new": Marks}
"""


class Watched(Session):
    """A session that keeps every byte it reads, every answer, and a way into its sandboxes' temporary folder."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.heard, self.answers = bytearray(), {}
        self.known, self.folders = None, []

    def _exchange(self, *args):
        if self.worker is not self.known and not self.unsafe:
            self.known = self.worker
            self.folders.append(os.open(f"/proc/{inside(self.worker)}/root/tmp", os.O_RDONLY | os.O_DIRECTORY))
        return super()._exchange(*args)

    def forget(self):
        """Forget what was told before, and take away what fills the folder."""
        self.answers.clear()
        for folder in self.folders[:-1]:
            os.close(folder)
        del self.folders[:-1]
        for name in os.listdir(self.folders[0]) if self.folders else ():
            with suppress(IsADirectoryError):
                os.unlink(name, dir_fd=self.folders[0])

    def told(self):
        """What an attack told as an answer; of one that died, what it wrote down before, once each."""
        texts = [str(self.answers.get(TOLD, ""))]
        for folder in self.folders:
            with suppress(FileNotFoundError), open(os.open("marks", os.O_RDONLY, dir_fd=folder)) as file:
                texts.append(" ".join(dict.fromkeys(file.read().split())))
        return next(filter(None, texts), "")

    def _receive(self, until):
        said, blob = super()._receive(until)
        self.heard += json.dumps(said).encode() + blob
        return said, blob

    def ask(self, exercise, inputs, seconds):
        outcome = super().ask(exercise, inputs, seconds)
        self.answers[exercise.name] = outcome.answer
        return outcome


class Outside:
    """A folder with a canary in it, a listener, a process, and what attacks are told about them."""

    def __init__(self):
        self.canary = f"canary{secrets.token_hex(8)}"
        self.folder = Path(tempfile.mkdtemp(prefix="it's outside ", dir="/tmp"))
        self.folder.chmod(0o755)
        self.students = self.folder / "students"
        self.students.mkdir()
        for name in ("alice", "canary"):
            (self.students / f"{name}.ipynb").write_text(self.canary)
        (self.folder / "file").write_text(self.canary)
        self.temporary = self.folder / 'a "temporary" folder'
        self.temporary.mkdir(mode=0o755)
        with closing(sqlite3.connect(self.folder / "gradebook.sqlite", isolation_level=None)) as database:
            database.execute("create table grades (points integer)")
            database.execute("insert into grades values (0)")
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.abstract = socket.socket(socket.AF_UNIX)
        self.abstract.bind(f"\0{self.canary}")
        self.abstract.listen()
        self.process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])

    def close(self):
        self.listener.close()
        self.abstract.close()
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder)

    def print(self) -> dict:
        """Every file with its mode and its bytes' hash."""
        return {
            str(path.relative_to(self.folder)): (path.stat().st_mode, hashlib.sha256(path.read_bytes()).hexdigest())
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and "featherweight-" not in str(path)
        }

    def given(self, proof: str) -> dict:
        reference = by_name(CHEATED).reference
        return {
            "file": str(self.folder / "file"),
            "folder": str(self.students),
            "gradebook": str(self.folder / "gradebook.sqlite"),
            "port": self.listener.getsockname()[1],
            "abstract": self.canary,
            "process": self.process.pid,
            "proof": proof,
            "checkout": str(Path(__file__).parents[2] / "src"),
            "reference": [reference.__module__, reference.__name__],
        }

    def cells(self, attack, proof: str) -> list[str]:
        """A submission: the attack stands for one answer, and tells how far it got as another, and in a file."""
        call = f"given.update(inputs=inputs, marks=given['new'](given['proof']))\n    return {attack.__name__}(given)"
        return [
            f"given = {self.given(proof)!r}",
            HELPERS,
            inspect.getsource(attack),
            f"def {CHEATED}(*inputs):\n    {call}",
            f"def {TOLD}(*inputs):\n    return ' '.join(given['marks'])",
        ]

    def graded(self, session, attack, seconds):
        """The results of the attack's two exercises, and what it told."""
        session.forget()
        proof = str(self.folder / "marks") if session.unsafe else "/tmp/marks"
        entries = [Entry(by_name(name), "started") for name in (CHEATED, TOLD)]
        results = score(session, self.cells(attack, proof), entries, seed=7, seconds=seconds)
        return results, session.told()


def honest_cells(lesson=1) -> list[str]:
    """The book's own answers to a lesson as a student would hand them in."""
    return [source(exercise.reference, exercise.name) for exercise in catalogue() if exercise.lesson == lesson]


def source(function, name: str) -> str:
    """A function's text under another name, with the free variables of a closure set before it."""
    text = textwrap.dedent(inspect.getsource(function))
    return text.replace(f"def {function.__name__}(", f"def {name}(", 1)


def honest(session, seconds=20.0, lesson=1):
    """The results of an honest notebook in the same session."""
    entries = [Entry(exercise, "started") for exercise in catalogue() if exercise.lesson == lesson]
    return score(session, honest_cells(lesson), entries, seed=7, seconds=seconds)


def inside(worker) -> int:
    """A process of a sandbox into whose folders one may look."""
    ours = namespace(os.getpid())
    for process in worker.family:
        with suppress(PermissionError):
            if namespace(process.pid) != ours:
                return process.pid
    raise AssertionError("no process of the sandbox can be looked into")


def judged(session, cells, name, seconds):
    """The result of one exercise of a submission of these cells."""
    [result] = score(session, cells, [Entry(by_name(name), "started")], seed=7, seconds=seconds)
    return result


def namespace(pid: int) -> str:
    """The process namespace of a process."""
    return os.readlink(f"/proc/{pid}/ns/pid")


def inhabitants(name: str) -> list[int]:
    """Every process of a process namespace that has not ended."""
    found = []
    for process in psutil.process_iter():
        with suppress(OSError, psutil.Error):
            if namespace(process.pid) == name and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
    return found
