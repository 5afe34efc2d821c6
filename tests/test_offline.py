"""No test, and no process that a test starts, reaches another machine."""

import socket
import subprocess
import sys
import urllib.request

import pytest

ELSEWHERE = "192.0.2.1"  # RFC 5737: an address that belongs to nobody

ATTEMPTS = {
    "connect": lambda: socket.create_connection((ELSEWHERE, 80), timeout=1),
    "connect over IPv6": lambda: socket.socket(socket.AF_INET6).connect(("2001:db8::1", 80)),
    "datagram": lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", (ELSEWHERE, 53)),
    "name look-up": lambda: socket.getaddrinfo("example.invalid", 80),
    "download": lambda: urllib.request.urlopen(f"http://{ELSEWHERE}/", timeout=1),
}


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS)
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_another_machine_is_refused(attempt):
    with pytest.raises(OSError, match="run offline; use packaged data"):
        attempt()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_loopback_works(host):
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection((host, server.getsockname()[1]), timeout=5).close()


def test_processes_that_a_test_starts_are_offline_too():
    code = f"import socket; socket.create_connection(({ELSEWHERE!r}, 80), timeout=1)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert "run offline; use packaged data" in answer.stderr
