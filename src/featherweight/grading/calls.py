"""Which system calls a sandbox is refused: a filter of the kernel's (seccomp), handed to bubblewrap as a file.

Refused are doors between sandboxes and to the host that no namespace closes (keyrings, sockets of virtual machines),
memory that belongs to no process and that nobody counts, other processes' memory, and parts of the kernel that no
answer needs and that have had most of its holes. A refused call fails with EPERM.

Form: classic BPF, `struct sock_filter` of linux/filter.h, on `struct seccomp_data` of linux/seccomp.h. The numbers are
those of arch/x86/entry/syscalls/syscall_64.tbl and of include/uapi/asm-generic/unistd.h.
"""

from __future__ import annotations

import platform
import struct

__all__ = ["REFUSED", "refusals"]

ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
"""Machine → AUDIT_ARCH_… of linux/audit.h, and its column below."""

REFUSED = {
    "keyrings, which outlive a sandbox": {"add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219)},
    "memory without a process": {
        **{"memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194), "shmat": (30, 196)},
        **{"msgget": (68, 186), "semget": (64, 190), "mq_open": (240, 180)},
    },
    "other processes": {
        **{"ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272)},
        **{"pidfd_getfd": (438, 438), "process_madvise": (440, 440), "sched_setaffinity": (203, 122)},
    },
    "the kernel at large": {
        **{"io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427)},
        **{"userfaultfd": (323, 282), "bpf": (321, 280), "perf_event_open": (298, 241), "syslog": (103, 116)},
        **{"inotify_init": (253, None), "inotify_init1": (294, 26), "fanotify_init": (300, 262)},
        **{"modify_ldt": (154, None), "quotactl": (179, 60), "name_to_handle_at": (303, 264)},
    },
    "other views of the files": {
        **{"mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51)},
        **{"unshare": (272, 97), "setns": (308, 268), "open_tree": (428, 428), "move_mount": (429, 429)},
        **{"fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433)},
        "mount_setattr": (442, 442),
    },
}
"""Why → call → its numbers, None where there is none."""

SOCKET, SOCKETPAIR, MMAP = (41, 198), (53, 199), (9, 222)
FAMILIES = (1, 2, 10)
"""AF_UNIX, AF_INET and AF_INET6: a namespace of their own holds these. It does not hold AF_VSOCK."""

SHARED_AND_NOBODYS = 0x21
"""MAP_SHARED | MAP_ANONYMOUS: pages that stay when whoever wrote them looks away."""

OTHER_ABI = 0x40000000
"""Numbers from here on are x32's."""

LOAD, IF_EQUAL, IF_LEAST, AND, RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
NUMBER, ARCHITECTURE, FIRST, FOURTH = 0, 4, 16, 40
ALLOW, REFUSE = 0x7FFF0000, 0x00050001


def refusals(machine: str = "") -> bytes:
    """The filter for a machine, by default for this one. Raises OSError for one whose numbers are not known."""
    machine = machine or platform.machine()
    if machine not in ARCHITECTURES:
        raise OSError(f"the system calls of {machine} are not known here")
    architecture, column = ARCHITECTURES[machine]
    numbers = sorted(pair[column] for calls in REFUSED.values() for pair in calls.values() if pair[column] is not None)
    refuse, allow = (RETURN, 0, 0, REFUSE), (RETURN, 0, 0, ALLOW)
    words = [(LOAD, 0, 0, ARCHITECTURE), (IF_EQUAL, 1, 0, architecture), refuse, (LOAD, 0, 0, NUMBER)]
    for kind, number in [(IF_LEAST, OTHER_ABI), *((IF_EQUAL, number) for number in numbers)]:
        words += [(kind, 0, 1, number), refuse]
    for pair in (SOCKET, SOCKETPAIR):
        known = [(IF_EQUAL, len(FAMILIES) - i, 0, family) for i, family in enumerate(FAMILIES)]
        words += [(IF_EQUAL, 0, len(known) + 3, pair[column]), (LOAD, 0, 0, FIRST), *known, refuse, allow]
    words += [(IF_EQUAL, 0, 4, MMAP[column]), (LOAD, 0, 0, FOURTH), (AND, 0, 0, SHARED_AND_NOBODYS)]
    words += [(IF_EQUAL, 0, 1, SHARED_AND_NOBODYS), refuse, allow]
    return b"".join(struct.pack("=HBBI", *word) for word in words)
