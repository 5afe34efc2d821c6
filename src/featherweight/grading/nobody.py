"""Started by root, a sandbox goes in as an unused, unprivileged user, each sandbox as another one.

What that user cannot reach (an interpreter below a home of mode 0700) is bound read-only in a place that everybody
reaches, in a mount namespace that nobody else sees.
"""

from __future__ import annotations

import os
import pwd
import shlex
import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

__all__ = ["as_user", "is_root", "leased_user", "reachable"]

USERS = range(64_000, 65_000)
PLACE = Path("/sys")
"""Exists on every Linux, and holds nothing that a sandbox is made of: covered where only the sandbox sees it."""


def is_root() -> bool:
    """Whether this process may become another user."""
    return os.geteuid() == 0


def reachable(paths: Iterable[Path]) -> dict[Path, Path]:
    """Each folder with the place where `as_user` makes it reachable."""
    return {path: PLACE / str(number) for number, path in enumerate(paths)}


@contextmanager
def leased_user() -> Iterator[int]:
    """A user id that no account has, and no other sandbox while this one runs. Raises OSError where all are taken.

    The lease is the name of a socket, which the kernel takes back when its owner ends, however that happens.
    """
    for user in USERS:
        with socket.socket(socket.AF_UNIX) as lease:
            if _exists(user) or not _bound(lease, f"\0featherweight-user-{user}"):
                continue
            yield user
            return
    raise OSError("every user id that a sandbox may use is taken")


def _bound(lease: socket.socket, name: str) -> bool:
    try:
        lease.bind(name)
    except OSError:
        return False
    return True


def _exists(user: int) -> bool:
    try:
        pwd.getpwuid(user)
    except KeyError:
        return False
    return True


def as_user(user: int, places: Mapping[Path, Path], command: Sequence[str]) -> list[str]:
    """Run a command as another user who sees each of the given folders, read-only, at the place that it maps to.

    places: from `reachable`.
    """
    steps = [f"mount -t tmpfs -o mode=755 none {PLACE}"]
    for path, place in places.items():
        source, target = shlex.quote(str(path)), shlex.quote(str(place))
        steps += [f"mkdir {target}", f"mount --rbind {source} {target}", f"mount -o remount,bind,ro {target}"]
    steps.append(f"exec setpriv --reuid {user} --regid {user} --clear-groups --no-new-privs {shlex.join(command)}")
    return ["unshare", "--mount", "--propagation", "private", "sh", "-ec", "\n".join(steps)]
