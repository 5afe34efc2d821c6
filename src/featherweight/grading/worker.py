"""What runs inside the sandbox: a learner's source is executed, and then only answers questions.

Started as a program that is handed one socket. It imports torch once, and forks for every notebook, so that a
student's notebooks cost one import and none meets what another left behind. Nothing it says is a verdict: the other
side computes, compares and counts. Beside the standard library and torch it knows only `wire`, `probes` and `limits`,
which are in the same archive.
"""

import ast
import codeop
import contextlib
import ctypes
import json
import os
import resource
import socket
import sys
import traceback
import types
from time import monotonic

ME = "__main__"
LATE = 75
"""Exit status of a notebook's process that was interrupted where nobody catches it."""

PR_SET_DUMPABLE = 4
"""Of linux/prctl.h."""

PRELUDE = "import math\nimport torch\nimport torch.nn.functional as F\nfrom torch import Tensor\n"


def serve(stream, wire, start):
    """Fork a child for every notebook that is sent, and say how it ended."""
    while True:
        content, _ = wire.read_message(stream)
        child = os.fork()
        if child == 0:
            _open_to_others(True)
            try:
                start(content)
            finally:
                os._exit(0)
        _, status = os.waitpid(child, 0)
        wire.write_message(stream, {"ended": status})


def answer_questions(stream, wire, probes, limits, content):
    """Execute the cells, then answer until the other side says that it is done."""
    module = sys.modules[ME] = types.ModuleType(ME)
    exec(PRELUDE, module.__dict__)
    if not _execute(content, module.__dict__, limits, lambda said: wire.write_message(stream, said)):
        return
    while True:
        question, blob = wire.read_message(stream)
        if "done" in question:
            return
        reply, blob = _answer(question, blob, module.__dict__, wire, probes, limits)
        wire.write_message(stream, {"id": question["id"], **reply}, blob)


def _execute(content, space, limits, say):
    """Run cells statement by statement, and say which is running, so that it can be left out when it never ends.

    A statement that raises costs what needs it, and no more. Returns whether there was time for all.
    """
    until = monotonic() + content["seconds"]
    skipped = {tuple(place) for place in content["skip"]}
    compiler, notes = codeop.Compile(), []
    for cell, text in enumerate(content["cells"]):
        body, note = _parsed(text)
        for number, statement in enumerate(body):
            if (cell, number) in skipped:
                continue
            say({"at": [cell, number]})
            try:
                code = compiler(ast.Module([statement], []), "<answer>", "exec")
                limits.run_within(max(until - monotonic(), 0.01), exec, code, space)
            except limits.OutOfTime:
                say({"stuck": [cell, number]})
                return False
            except BaseException as problem:  # a learner's cell may raise anything, SystemExit too
                note = note or _note(problem)
        notes.append(note)
    say({"executed": notes})
    return True


def _parsed(text):
    try:
        return ast.parse(text).body, None
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        return [], _note(problem)


def _answer(question, blob, space, wire, probes, limits):
    function = space.get(question["exercise"])
    if not callable(function):
        return {"absent": True}, b""
    inputs = dict(zip(question["names"], wire.unpack(question["inputs"], blob), strict=True))
    before = {name: wire.pack(value) for name, value in inputs.items()}

    def answered():
        return wire.pack(getattr(probes, question["probe"])(function, **inputs))

    try:
        data, blob = limits.run_within(question["seconds"], answered)
        changed = [name for name in inputs if wire.pack(inputs[name]) != before[name]]
    except limits.OutOfTime:
        return {"out of time": True}, b""
    except BaseException as problem:  # whatever the answer raises is an outcome
        return _note(problem), b""
    return {"answer": data, "changed": changed}, blob


def _note(problem):
    """An exception as text, its own line with it."""
    lines = [f for f in traceback.extract_tb(problem.__traceback__) if f.filename == "<answer>"]
    kinds = [kind.__name__ for kind in type(problem).__mro__][:8]
    try:
        text = str(problem)[:300]
    except BaseException:  # an exception with a hostile __str__
        text = ""
    return {"error": kinds[0][:80], "mro": kinds, "text": text, "line": lines[-1].lineno if lines else 0}


def main():
    """Connect the socket that was handed over to the loop above."""
    given = json.loads(sys.argv[1])
    archive = sys.path.pop(0)  # what torch imports looks for packages wherever it may, and keeps it open
    import torch

    sys.path.append(archive)
    import limits
    import probes
    import wire

    sys.path.remove(archive)
    os.close(given["program"])
    torch.set_num_threads(1)
    _limit(given)
    stream = socket.socket(fileno=given["socket"]).makefile("rwb")
    wire.write_message(stream, {"ready": torch.__version__})
    _silence()
    _open_to_others(False)

    def start(content):
        try:
            answer_questions(stream, wire, probes, limits, content)
        except limits.OutOfTime:
            os._exit(LATE)

    with contextlib.suppress(EOFError):
        serve(stream, wire, start)


def _limit(given):
    """Limits that no child can raise again. Without a sandbox processes is None: it would count all of a user's."""
    wanted = {
        resource.RLIMIT_AS: given["memory"],
        resource.RLIMIT_NPROC: given["processes"],
        resource.RLIMIT_NOFILE: given["files"],
        resource.RLIMIT_FSIZE: given["disk"],
        resource.RLIMIT_CPU: given["cpu"],
        resource.RLIMIT_CORE: 0,
    }
    for name, value in wanted.items():
        if value is not None:
            resource.setrlimit(name, (value, value))


def _open_to_others(whether):
    """Let other processes of the same user into this one's memory, or not: a notebook must not change its parent."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, int(whether), 0, 0, 0)


def _silence():
    """Whatever an answer prints goes nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    os.close(nowhere)


if __name__ == "__main__":
    main()
