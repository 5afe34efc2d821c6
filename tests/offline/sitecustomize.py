"""Keep a Python process off the network: only loopback addresses can be reached.

With this folder on PYTHONPATH it holds for the tests, and for every kernel, server and worker that they start.
"""

import ipaddress
import socket
import sys

LOOK_UPS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
MESSAGES = {"socket.connect", "socket.sendto", "socket.sendmsg"}


def is_local(host: object) -> bool:
    """True for this machine's own names and loopback addresses."""
    text = host.decode() if isinstance(host, bytes) else str(host or "")
    if text in ("", "localhost", socket.gethostname()):
        return True
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def refuse_the_network(event: str, arguments: tuple) -> None:
    """Audit hook: raise ConnectionRefusedError before a packet leaves for another machine."""
    if event in MESSAGES and isinstance(arguments[1], tuple) and isinstance(arguments[1][0], str):
        host = arguments[1][0]
    elif event in LOOK_UPS:
        host = arguments[0]
    else:
        return
    if not is_local(host):
        raise ConnectionRefusedError(f"{event} to {host!r}: tests and lessons run offline; use packaged data")


sys.addaudithook(refuse_the_network)
