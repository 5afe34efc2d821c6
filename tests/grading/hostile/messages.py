"""Hostile submissions that write to the grader's socket themselves."""


def sends_garbage(given):
    import os

    given["marks"].append("on")
    os.write(given["connection"](), b"\xff" * 4096)


def sends_a_verdict(given):
    given["marks"].append("on")
    given["send"]({"verdict": "passed", "points": 100, "passed": True})


def sends_another_id(given):
    given["marks"].append("on")
    given["send"]({"id": 10**6, "answer": {"float": "0x1p0"}})


def answers_in_advance(given):
    given["marks"].append("on")
    for number in range(2000):
        given["send"]({"id": number, "answer": {"float": "0x1p0"}, "changed": []})


def says_that_it_ended(given):
    given["marks"].append("on")
    given["send"]({"ended": 0})


def says_that_it_executed(given):
    given["marks"].append("on")
    given["send"]({"executed": [None]})


def sends_a_shape_without_bytes(given):
    given["marks"].append("on")
    given["send"]({"id": given["id"](), "answer": {"tensor": ["float32", [2**39, 2**39]]}, "changed": []})


def sends_a_shape_of_nothing(given):
    given["marks"].append("on")
    given["send"]({"id": given["id"](), "answer": {"tensor": ["float32", [2**39, 2**39, 2**39, 0]]}, "changed": []})


def sends_a_deep_answer(given):
    import os

    given["marks"].append("on")
    text = b'{"id": 1, "answer": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    os.write(given["connection"](), len(text).to_bytes(8, "big") + bytes(8) + text)


def sends_hostile_fields(given):
    given["marks"].append("on")
    given["send"]({"id": given["id"](), "error": {}, "mro": ["ExceptionGroup", "UnicodeDecodeError", 7], "text": [[]]})


def promises_more_than_is_read(given):
    import os

    given["marks"].append("on")
    os.write(given["connection"](), (2**62).to_bytes(8, "big") + (2**62).to_bytes(8, "big"))


def floods(given):
    import os

    given["marks"].append("on")
    while True:
        os.write(given["connection"](), bytes(2**20))


def drips(given):
    import os
    import time

    given["marks"].append("on")
    os.write(given["connection"](), (1000).to_bytes(8, "big") + bytes(8))
    while True:
        try:
            os.write(given["connection"](), b" ")
            time.sleep(0.05)
        except BaseException:
            pass


def falls_silent(given):
    import os
    import signal

    given["marks"].append("on")
    os.kill(os.getpid(), signal.SIGSTOP)


def closes_the_socket(given):
    import os

    given["marks"].append("on")
    os.close(given["connection"]())


def answers_too_much(given):
    import torch

    given["marks"].append("on")
    return torch.zeros(10**8)


def sends_an_open_file(given):
    import os
    import socket

    given["marks"].append("on")
    with socket.socket(fileno=os.dup(given["connection"]())) as line:
        socket.send_fds(line, [b"\0" * 16], [os.open("/", os.O_RDONLY)] * 8)


SECONDS = 0.5
ATTACKS = {
    sends_garbage: ({"crashed"}, "on", None),
    sends_a_verdict: ({"crashed"}, "on", None),
    sends_another_id: ({"crashed"}, "on", None),
    answers_in_advance: ({"crashed", "wrong"}, "on", None),
    says_that_it_ended: ({"crashed"}, "on", None),
    says_that_it_executed: ({"crashed"}, "on", None),
    sends_a_shape_without_bytes: ({"crashed"}, "on", None),
    sends_a_shape_of_nothing: ({"crashed", "wrong"}, "on", None),
    sends_a_deep_answer: ({"crashed"}, "on", None),
    sends_hostile_fields: ({"error", "crashed"}, "on", None),
    promises_more_than_is_read: ({"crashed"}, "on", None),
    floods: ({"crashed"}, "on", None),
    drips: ({"timeout", "crashed"}, "on", None),
    falls_silent: ({"timeout"}, "on", None),
    closes_the_socket: ({"crashed"}, "on", None),
    answers_too_much: ({"crashed", "memory", "timeout"}, "on", None),
    sends_an_open_file: ({"crashed"}, "on", None),
}
