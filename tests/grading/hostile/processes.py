"""Hostile submissions that end processes, leave some behind, or start more than their share."""


def exits(given):
    import os

    given["marks"].append("on")
    os._exit(0)


def raises_system_exit(given):
    given["marks"].append("exit")
    raise SystemExit(0)


def crashes(given):
    import ctypes

    given["marks"].append("on")
    ctypes.string_at(0)


def recurses(given):
    given["marks"].append("down")

    def down():
        return down()

    return down()


def recurses_through_the_stack(given):
    import sys

    given["marks"].append("on")
    sys.setrecursionlimit(10**9)

    class Deep:
        def __getattr__(self, name):
            return repr(getattr(self, name + "x"))

    return Deep().x


def ends_the_worker(given):
    import os
    import signal
    import time

    given["marks"].append("on")
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(5)


def ends_everything(given):
    import os
    import signal

    given["marks"].append("on")
    os.kill(-1, signal.SIGKILL)
    os._exit(0)


def stops_the_worker(given):
    import os
    import signal

    given["marks"].append("on")
    os.kill(os.getppid(), signal.SIGSTOP)
    os._exit(0)


def ends_a_process_outside(given):
    import os
    import signal

    try:
        os.kill(given["process"], signal.SIGTERM)
        given["marks"].append("ended it")
    except OSError as problem:
        given["marks"].append(type(problem).__name__)


def leaves_a_survivor(given):
    import os
    import time

    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for number in range(3, 64):
                if os.path.exists(f"/proc/self/fd/{number}"):
                    os.close(number)
            while True:
                time.sleep(0.05)
        os._exit(0)
    given["marks"].append("left")


def returns_twice(given):
    import os

    given["marks"].append("child" if os.fork() == 0 else "parent")


def bombs(given):
    import contextlib
    import os

    given["marks"].append("on")
    while True:
        with contextlib.suppress(OSError):
            os.fork()


SECONDS = 1.5
ATTACKS = {
    exits: ({"crashed"}, "on", None),
    raises_system_exit: ({"error"}, "exit", None),
    crashes: ({"crashed"}, "on", None),
    recurses: ({"error"}, "down", None),
    recurses_through_the_stack: ({"crashed", "error", "timeout", "memory"}, "on", None),
    ends_the_worker: ({"crashed"}, "on", None),
    ends_everything: ({"crashed"}, "on", None),
    stops_the_worker: ({"timeout", "crashed"}, "on", None),
    ends_a_process_outside: ({"wrong"}, "ProcessLookupError", "ended it"),
    leaves_a_survivor: ({"wrong"}, "left", None),
    returns_twice: ({"wrong", "crashed"}, "(child|parent)( (child|parent))*", None),
    bombs: ({"timeout", "crashed"}, "on", None),
}
