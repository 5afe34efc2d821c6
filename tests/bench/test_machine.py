"""What a number is from is told, and where it was is not."""

import socket

from featherweight.bench.machine import machine


def test_machine():
    found = machine()
    assert list(found) == ["processor", "vector units", "memory", "system", "torch", "other libraries"]
    assert all(found.values()) and "cores" in found["processor"] and "GiB" in found["memory"]
    assert "build" in found["torch"] and "thread" in found["torch"]


def test_no_host_is_named():
    assert socket.gethostname() not in " ".join(machine().values()).split()
