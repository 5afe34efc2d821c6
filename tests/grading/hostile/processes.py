"""Hostile submissions that end processes, leave some behind, or start more than their share."""


def exits(given):
    import os

    os._exit(0)


def raises_system_exit(given):
    given["marks"].append("exit")
    raise SystemExit(0)


def crashes(given):
    import ctypes

    ctypes.string_at(0)


def recurses(given):
    given["marks"].append("down")

    def down():
        return down()

    return down()


def recurses_through_the_stack(given):
    import sys

    sys.setrecursionlimit(10**9)

    class Deep:
        def __getattr__(self, name):
            return repr(getattr(self, name + "x"))

    return Deep().x


def ends_the_worker(given):
    import os
    import signal
    import time

    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(5)


def ends_everything(given):
    import os
    import signal

    os.kill(-1, signal.SIGKILL)
    os._exit(0)


def stops_the_worker(given):
    import os
    import signal

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


def forks_without_end(given):
    import os
    import time

    started = 0
    try:
        while started < 500:
            if os.fork() == 0:
                time.sleep(30)
                os._exit(0)
            started += 1
    except OSError:
        pass
    given["marks"].append(f"{'few' if started < 70 else 'many'}")


def bombs(given):
    import contextlib
    import os

    while True:
        with contextlib.suppress(OSError):
            os.fork()


def starts_threads_without_end(given):
    import threading
    import time

    started = 0
    try:
        while started < 500:
            threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
            started += 1
    except RuntimeError:
        pass
    given["marks"].append(f"{'few' if started < 70 else 'many'}")


SECONDS = 1.5
ATTACKS = {
    exits: ({"crashed"}, "", None),
    raises_system_exit: ({"error"}, "exit", None),
    crashes: ({"crashed"}, "", None),
    recurses: ({"error"}, "down", None),
    recurses_through_the_stack: ({"crashed", "error", "timeout", "memory"}, "", None),
    ends_the_worker: ({"crashed"}, "", None),
    ends_everything: ({"crashed"}, "", None),
    stops_the_worker: ({"timeout", "crashed"}, "", None),
    ends_a_process_outside: ({"wrong"}, "ProcessLookupError", "ended it"),
    leaves_a_survivor: ({"wrong"}, "left", None),
    returns_twice: ({"wrong", "crashed"}, "child|parent|", None),
    forks_without_end: ({"wrong"}, "few", None),
    bombs: ({"timeout", "crashed"}, "", None),
    starts_threads_without_end: ({"wrong"}, "few", None),
}
