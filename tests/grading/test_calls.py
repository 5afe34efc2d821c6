"""The filter of system calls, run on a machine of our own: what is refused, what is not, and where it ends."""

import struct

import pytest

from featherweight.grading.calls import ALLOW, REFUSE, REFUSED, refusals

X86, ARM = 0xC000003E, 0xC00000B7
NUMBERS = [
    pytest.param(machine, audit, pair[column], id=f"{machine}-{name}")
    for calls in REFUSED.values()
    for name, pair in calls.items()
    for column, (machine, audit) in enumerate([("x86_64", X86), ("aarch64", ARM)])
    if pair[column] is not None
]


def verdict(machine, audit, number, *arguments):
    """What the kernel would do: an interpreter of the few words of classic BPF that the filter uses."""
    data = struct.pack("=IIQ6Q", number, audit, 0, *arguments, *[0] * (6 - len(arguments)))
    words, place, held = list(struct.iter_unpack("=HBBI", refusals(machine))), 0, 0
    while True:
        code, yes, no, value = words[place]
        place += 1
        if code == 0x06:
            return value
        if code == 0x20:
            [held] = struct.unpack_from("=I", data, value)
        elif code == 0x54:
            held &= value
        else:
            place += yes if {0x15: held == value, 0x35: held >= value}[code] else no


@pytest.mark.parametrize(("machine", "audit", "number"), NUMBERS)
def test_what_is_listed_is_refused(machine, audit, number):
    assert verdict(machine, audit, number) == REFUSE


@pytest.mark.parametrize(
    ("machine", "audit", "numbers"), [("x86_64", X86, (0, 1, 56, 59, 435)), ("aarch64", ARM, (63, 64, 220, 221, 435))]
)
def test_what_programs_need_is_not(machine, audit, numbers):
    assert {verdict(machine, audit, number) for number in numbers} == {ALLOW}


@pytest.mark.parametrize(("machine", "audit", "column"), [("x86_64", X86, 0), ("aarch64", ARM, 1)])
def test_sockets_are_of_families_that_a_namespace_holds(machine, audit, column):
    for number in ((41, 198)[column], (53, 199)[column]):
        allowed = [family for family in range(64) if verdict(machine, audit, number, family, 1) == ALLOW]
        assert allowed == [1, 2, 10]


@pytest.mark.parametrize(("machine", "audit", "number"), [("x86_64", X86, 9), ("aarch64", ARM, 222)])
@pytest.mark.parametrize(
    ("flags", "says"), [(0x01, ALLOW), (0x02, ALLOW), (0x22, ALLOW), (0x21, REFUSE), (0x8021, REFUSE)]
)
def test_memory_is_private_or_of_a_file(machine, audit, number, flags, says):
    assert verdict(machine, audit, number, 0, 4096, 3, flags, 2**32 - 1, 0) == says


def test_another_architecture_and_another_abi_are_refused_whole():
    assert verdict("x86_64", 0x40000003, 4) == REFUSE
    assert verdict("x86_64", X86, 0x40000000 + 1) == REFUSE


def test_a_machine_whose_numbers_are_not_known_starts_no_sandbox():
    with pytest.raises(OSError, match="system calls of abacus"):
        refusals("abacus")
