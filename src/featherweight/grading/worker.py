"""What runs inside the sandbox: a learner's source is executed, and then only answers questions.

Started as a program with one socket as its standard input and output (file descriptor 3). It imports torch once, and
forks for every notebook, so that a student's notebooks cost one import and none meets what another left behind. Nothing
it says is a verdict: the other side computes, compares and counts. Beside the standard library and torch it knows only
`wire`, `probes` and `limits`, whose files lie next to it.
"""

import ast
import contextlib
import json
import os
import resource
import socket
import sys
import traceback

ME = "__learner__"
PRELUDE = "import math\nimport torch\nimport torch.nn.functional as F\nfrom torch import Tensor\n"


def serve(stream, wire, start):
    """Fork a child for every notebook that is sent, and say how it ended."""
    while True:
        content, _ = wire.read_message(stream)
        child = os.fork()
        if child == 0:
            start(content)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        wire.write_message(stream, {"ended": status})


def answer_questions(stream, wire, probes, run_within, out_of_time, content):
    """Execute the cells, then answer until the other side says that it is done."""
    space = {"__name__": ME, "__builtins__": __builtins__}
    exec(PRELUDE, space)
    notes = [_executed(text, space, content["seconds"], run_within, out_of_time) for text in content["cells"]]
    wire.write_message(stream, {"executed": notes})
    while True:
        question, blob = wire.read_message(stream)
        if "done" in question:
            return
        reply, blob = _answer(question, blob, space, wire, probes, run_within, out_of_time)
        wire.write_message(stream, {"id": question["id"], **reply}, blob)


def _executed(text, space, seconds, run_within, out_of_time):
    """Run one cell statement by statement, so that a line which needs what is not here costs that line alone."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        return _note(problem)
    first = None
    for statement in body:
        code = compile(ast.Module([statement], []), "<answer>", "exec")
        try:
            run_within(seconds, exec, code, space)
        except out_of_time:
            return {"error": "OutOfTime", "text": f"line {statement.lineno}"}
        except BaseException as problem:  # a learner's cell may raise anything, SystemExit too
            first = first or _note(problem)
    return first


def _answer(question, blob, space, wire, probes, run_within, out_of_time):
    function = space.get(question["exercise"])
    if not callable(function):
        return {"error": "NameError", "text": "", "line": "", "mro": ["NameError"]}, b""
    inputs = dict(zip(question["names"], wire.unpack(question["inputs"], blob), strict=True))
    before = {name: wire.pack(value) for name, value in inputs.items()}
    try:
        found = run_within(question["seconds"], getattr(probes, question["probe"]), function, **inputs)
        data, blob = wire.pack(found)
    except out_of_time:
        return {"error": "OutOfTime", "text": "", "line": ""}, b""
    except BaseException as problem:  # whatever the answer raises is an outcome
        return _note(problem), b""
    return {"answer": data, "changed": [name for name in inputs if wire.pack(inputs[name]) != before[name]]}, blob


def _note(problem):
    """An exception as text, its own line with it."""
    lines = [f for f in traceback.extract_tb(problem.__traceback__) if f.filename == "<answer>"]
    kinds = [kind.__name__ for kind in type(problem).__mro__][:8]
    try:
        text = str(problem)[:300]
    except BaseException:  # an exception with a hostile __str__
        text = ""
    return {"error": type(problem).__name__[:80], "mro": kinds, "text": text, "line": lines[-1].lineno if lines else 0}


def main():
    """Connect the socket that was handed over to the loop above."""
    given = json.loads(sys.argv[1])
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    import limits
    import probes
    import torch
    import wire

    torch.set_num_threads(1)
    _limit(given)
    stream = socket.socket(fileno=given["socket"]).makefile("rwb")
    wire.write_message(stream, {"ready": torch.__version__})
    _silence()

    def start(content):
        answer_questions(stream, wire, probes, limits.run_within, limits.OutOfTime, content)

    with contextlib.suppress(EOFError):
        serve(stream, wire, start)


def _limit(given):
    """Limits that no child can raise again."""
    for name, value in {
        resource.RLIMIT_AS: given["memory"],
        resource.RLIMIT_NPROC: given["processes"],
        resource.RLIMIT_NOFILE: given["files"],
        resource.RLIMIT_FSIZE: given["disk"],
        resource.RLIMIT_CPU: given["cpu"],
        resource.RLIMIT_CORE: 0,
    }.items():
        resource.setrlimit(name, (value, value))


def _silence():
    """Whatever an answer prints goes nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    os.close(nowhere)


if __name__ == "__main__":
    main()
