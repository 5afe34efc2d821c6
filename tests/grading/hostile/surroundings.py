"""Hostile submissions that look for secrets around them, for the network, and for more rights than they have."""


def reads_the_environment(given):
    import os

    texts = [" ".join(f"{name}={value}" for name, value in os.environ.items())]
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{process}/environ") as file:
                texts.append(file.read().replace("\0", " "))
        except OSError:
            continue
    given["marks"].append(f"read {len(texts)}: {' '.join(texts)}")


def names_the_machine(given):
    import socket

    given["marks"].append(socket.gethostname())


def calls_home(given):
    import socket

    try:
        socket.create_connection(("127.0.0.1", given["port"]), timeout=0.3).close()
        given["marks"].append("connected")
    except OSError as problem:
        given["marks"].append(type(problem).__name__)


def calls_far_away(given):
    import socket

    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as line:
            line.settimeout(0.2)
            try:
                line.connect(("192.0.2.1", 53))
                line.send(b"canary")
                given["marks"].append("sent")
            except OSError as problem:
                given["marks"].append(problem.strerror or type(problem).__name__)


def calls_a_socket_without_a_file(given):
    import socket

    with socket.socket(socket.AF_UNIX) as line:
        try:
            line.connect("\0" + given["abstract"])
            given["marks"].append("connected")
        except OSError as problem:
            given["marks"].append(type(problem).__name__)


def becomes_root(given):
    import ctypes
    import os

    library = ctypes.CDLL(None, use_errno=True)
    tries = {
        "setuid": lambda: os.setuid(0),
        "chroot": lambda: os.chroot("/tmp"),
        "user namespace": lambda: library.unshare(0x10000000) and 1 / 0,
        "mount": lambda: library.mount(b"none", b"/tmp", b"tmpfs", 0, None) and 1 / 0,
        "unmount": lambda: library.umount2(b"/tmp", 2) and 1 / 0,
        "priority": lambda: os.nice(-5),
    }
    for name, change in tries.items():
        try:
            change()
            given["marks"].append(name)
        except (OSError, ZeroDivisionError):
            pass
    given["marks"].append("tried")


def sets_the_kernel(given):
    for name in ("kernel/hostname", "kernel/core_pattern", "user/max_user_namespaces", "vm/overcommit_memory"):
        try:
            with open(f"/proc/sys/{name}", "w") as file:
                file.write("1")
            given["marks"].append(name)
        except OSError:
            pass
    given["marks"].append("tried")


def raises_its_limits(given):
    import resource

    for name in ("RLIMIT_AS", "RLIMIT_NPROC", "RLIMIT_FSIZE", "RLIMIT_CPU", "RLIMIT_CORE", "RLIMIT_NOFILE"):
        try:
            resource.setrlimit(getattr(resource, name), (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            given["marks"].append(name)
        except (OSError, ValueError):
            pass
    given["marks"].append("tried")


def looks_for_the_answer_in_memory(given):
    import gc
    import sys

    frame, names = sys._getframe(), set()
    while frame is not None:
        names |= {*frame.f_locals, *frame.f_globals}
        frame = frame.f_back
    names |= {name for thing in gc.get_objects() if type(thing) is dict for name in thing if isinstance(name, str)}
    words = {"expected", "reference", "misconceptions", "seed_of_hidden_cases", "oracle"}
    kinds = {type(thing).__module__.partition(".")[0] for thing in gc.get_objects()}
    given["marks"].append(f"{sorted(words & {*names} - {'expected', 'reference'})} {'featherweight' in kinds}")


SECONDS = 5
ATTACKS = {
    reads_the_environment: ({"wrong"}, "read [3-9]: ((?!canary).)*", "canary"),
    names_the_machine: ({"wrong"}, "sandbox", None),
    calls_home: ({"wrong"}, "ConnectionRefusedError|OSError", "connected"),
    calls_far_away: ({"wrong"}, "Network is unreachable Network is unreachable", None),
    calls_a_socket_without_a_file: ({"wrong"}, "ConnectionRefusedError", "connected"),
    becomes_root: ({"wrong"}, "tried", None),
    sets_the_kernel: ({"wrong"}, "tried", None),
    raises_its_limits: ({"wrong"}, "tried", None),
    looks_for_the_answer_in_memory: ({"wrong"}, r"\[\] False", None),
}
