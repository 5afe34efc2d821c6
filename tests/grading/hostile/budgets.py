"""Hostile submissions that use more time than there is for them."""


def loops(given):
    given["marks"].append("on")
    while True:
        pass


def swallows_the_alarm(given):
    given["marks"].append("on")
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass


def takes_the_alarm_away(given):
    import signal

    given["marks"].append("on")
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))
    while True:
        pass


def sums_in_c(given):
    given["marks"].append("on")
    return sum(range(10**12))


def multiplies_matrices(given):
    import torch

    given["marks"].append("on")
    matrix = torch.ones(2500, 2500)
    while True:
        try:
            for _ in range(1000):
                matrix = matrix @ matrix
        except BaseException:
            pass


def hangs_when_read(given):
    import numbers

    class Slow(numbers.Real):
        def __float__(self):
            while True:
                pass

    Slow.__abstractmethods__ = frozenset()
    given["marks"].append("slow")
    return Slow()


def hangs_when_shown(given):
    given["marks"].append("on")

    class Slow(Exception):
        def __str__(self):
            while True:
                text = "slow"
            return text

    raise Slow


def prints_without_end(given):
    import os
    import sys

    given["marks"].append("printed")
    while True:
        print("x" * 10_000, file=sys.stderr)
        os.write(1, b"x" * 10_000)


SECONDS = 0.5
ATTACKS = {
    loops: ({"timeout"}, "on", None),
    swallows_the_alarm: ({"timeout"}, "on", None),
    takes_the_alarm_away: ({"timeout"}, "on", None),
    sums_in_c: ({"timeout"}, "on", None),
    multiplies_matrices: ({"timeout"}, "on", None),
    hangs_when_read: ({"timeout"}, "slow", None),
    hangs_when_shown: ({"timeout"}, "on", None),
    prints_without_end: ({"timeout"}, "printed", None),
}
