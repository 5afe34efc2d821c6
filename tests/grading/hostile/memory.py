"""Hostile submissions that use more memory, processes or threads than there are for them."""


def fills_its_memory(given):
    given["marks"].append("full")
    found = [0]
    while True:
        found += found


def asks_torch_for_too_much(given):
    import torch

    given["marks"].append("asked")
    return torch.zeros(10**13)


def fills_memory_with_many(given):
    import os
    import time

    given["marks"].append("on")
    for _ in range(6):
        if os.fork() == 0:
            kept = bytearray(b"x") * (400 * 2**20)
            time.sleep(30)
            os._exit(len(kept) % 2)
    time.sleep(20)


def forks_without_end(given):
    import os
    import signal
    import time

    started = []
    try:
        while len(started) < 500:
            started.append(os.fork())
            if started[-1] == 0:
                time.sleep(30)
                os._exit(0)
    except OSError:
        pass
    given["marks"].append(f"{'few' if 1 < len(started) < 70 else 'many'}")
    for child in started:  # 60 at a time are slow to count; what is left behind is another attack
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


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


SECONDS = 20
ATTACKS = {
    fills_its_memory: ({"memory"}, "full", None),
    asks_torch_for_too_much: ({"memory"}, "asked", None),
    fills_memory_with_many: ({"memory"}, "on", None),
    forks_without_end: ({"wrong"}, "few", None),
    starts_threads_without_end: ({"wrong"}, "few", None),
}
