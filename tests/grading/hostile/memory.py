"""Hostile submissions that use more memory than there is for them, in one process or in many."""


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

    for _ in range(6):
        if os.fork() == 0:
            kept = bytearray(b"x") * (400 * 2**20)
            time.sleep(30)
            os._exit(len(kept) % 2)
    time.sleep(20)


SECONDS = 20
ATTACKS = {
    fills_its_memory: ({"memory"}, "full|", None),
    asks_torch_for_too_much: ({"memory"}, "asked", None),
    fills_memory_with_many: ({"memory"}, "", None),
}
