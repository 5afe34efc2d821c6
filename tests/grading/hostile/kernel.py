"""Hostile submissions that use what the kernel shares between sandboxes, or memory that belongs to no process."""


def leaves_a_key_for_others(given):
    import ctypes
    import platform

    add_key, keyctl = {"x86_64": (248, 250), "aarch64": (217, 219)}[platform.machine()]
    call = ctypes.CDLL(None, use_errno=True).syscall
    for ring in (-3, -4, -5):  # of the session, the user, and the user's session
        key = call(add_key, b"user", b"featherweight", b"canary", 6, ring)
        given["marks"].append(f"{'kept' if key > 0 else 'refused'}")
        if key > 0:
            call(keyctl, 9, key, ring)  # unlinked again


def calls_the_host_of_a_machine(given):
    import socket

    for family in (socket.AF_VSOCK, socket.AF_NETLINK, socket.AF_PACKET, socket.AF_ALG):
        try:
            socket.socket(family, socket.SOCK_DGRAM if family != socket.AF_VSOCK else socket.SOCK_STREAM).close()
            given["marks"].append("opened")
        except OSError:
            given["marks"].append("refused")


def keeps_memory_that_nobody_maps(given):
    import mmap
    import os

    def shared():
        mmap.mmap(-1, 2**20)

    def zero():
        mmap.mmap(os.open("/dev/zero", os.O_RDWR), 2**20)

    for keep in (lambda: os.memfd_create("kept"), shared, zero):
        try:
            keep()
            given["marks"].append("kept")
        except OSError:
            given["marks"].append("refused")


def changes_its_parent(given):
    import ctypes
    import os

    for path in (f"/proc/{os.getppid()}/mem", f"/proc/{os.getppid()}/environ"):
        try:
            os.close(os.open(path, os.O_RDWR if path.endswith("mem") else os.O_RDONLY))
            given["marks"].append("looked")
        except OSError:
            given["marks"].append("refused")
    attached = ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0)
    given["marks"].append("refused" if attached else "attached")


def asks_the_kernel_for_more(given):
    import ctypes
    import platform

    room = ctypes.create_string_buffer(256)
    numbers = {"x86_64": (425, 323, 321, 298, 272, 203, 294), "aarch64": (425, 282, 280, 241, 97, 122, 26)}
    call = ctypes.CDLL(None, use_errno=True).syscall
    found = []
    for number in numbers[platform.machine()]:
        call(number, 0 if number in (321, 280, 203, 122, 272, 97) else 1, room, 128, 0, 0)
        found.append(ctypes.get_errno())
    given["marks"].append(f"{found}")


def leaves_its_core(given):
    import os

    given["marks"].append(f"{len(os.sched_getaffinity(0))}")
    try:
        os.sched_setaffinity(0, range(os.cpu_count()))
        given["marks"].append("left")
    except OSError:
        given["marks"].append("refused")


SECONDS = 5
ATTACKS = {
    leaves_a_key_for_others: ({"wrong"}, "refused refused refused", None),
    calls_the_host_of_a_machine: ({"wrong"}, "refused( refused){3}", "opened"),
    keeps_memory_that_nobody_maps: ({"wrong"}, "refused refused refused", "kept"),
    changes_its_parent: ({"wrong"}, "refused refused refused", None),
    asks_the_kernel_for_more: ({"wrong"}, r"\[1(, 1){6}\]", None),
    leaves_its_core: ({"wrong"}, r"\d+ refused", None),
}
