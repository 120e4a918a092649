"""The filter, read back instruction by instruction, for both kinds of processor."""

from __future__ import annotations

import struct

import pytest

from omnix.sandbox import _seccomp

ALLOW, KILL = 0x7FFF0000, 0x80000000
REFUSE, UNKNOWN = 0x00050001, 0x00050026


def run(machine: str, number: int, *arguments: int, architecture: int | None = None) -> int:
    """What the kernel would do with a call: a small interpreter of the filter's language."""
    own = _seccomp._ARCHITECTURES[machine] if architecture is None else architecture
    data = struct.pack("<IIQ6Q", number, own, 0, *arguments, *[0] * (6 - len(arguments)))
    code = [
        struct.unpack_from("<HBBI", _seccomp.program(machine), 8 * n)
        for n in range(len(_seccomp.program(machine)) // 8)
    ]
    place = accumulator = 0
    while True:
        kind, yes, no, value = code[place]
        place += 1
        if kind == 0x20:
            (accumulator,) = struct.unpack_from("<I", data, value)
        elif kind == 0x06:
            return value
        else:
            holds = {
                0x15: accumulator == value,
                0x35: accumulator >= value,
                0x45: bool(accumulator & value),
            }
            place += yes if holds[kind] else no


@pytest.mark.parametrize(("machine", "own"), [("x86_64", 0), ("aarch64", 1)])
def test_each_call_gets_its_answer(machine: str, own: int) -> None:
    for name, numbers in _seccomp._CALLS.items():
        if numbers[own] is not None:
            assert run(machine, numbers[own]) == ALLOW, name
    for name, numbers in _seccomp._DEADLY.items():
        if numbers[own] is not None:
            assert run(machine, numbers[own]) == KILL, name
    assert run(machine, 9999) == REFUSE
    assert run(machine, _seccomp._CLONE3[own]) == UNKNOWN
    assert run(machine, _seccomp._OPENAT2[own]) == UNKNOWN


@pytest.mark.parametrize(("machine", "own"), [("x86_64", 0), ("aarch64", 1)])
def test_opening_is_for_reading(machine: str, own: int) -> None:
    opening = _seccomp._OPENAT[own]
    assert run(machine, opening, 0, 0, 0o2000000) == ALLOW  # O_RDONLY | O_CLOEXEC
    for flags in (0o1, 0o2, 0o100, 0o1000, 0o2000, 0o20200000):
        assert run(machine, opening, 0, 0, flags) == REFUSE


@pytest.mark.parametrize(("machine", "own"), [("x86_64", 0), ("aarch64", 1)])
def test_no_memory_becomes_a_program(machine: str, own: int) -> None:
    for call in (_seccomp._MMAP[own], _seccomp._MPROTECT[own]):
        assert run(machine, call, 0, 0, 0x3) == ALLOW
        assert run(machine, call, 0, 0, 0x5) == REFUSE


@pytest.mark.parametrize(("machine", "own"), [("x86_64", 0), ("aarch64", 1)])
def test_writing_goes_to_the_channel(machine: str, own: int) -> None:
    assert run(machine, _seccomp._WRITE[own], 3) == ALLOW
    assert run(machine, _seccomp._WRITE[own], 4) == REFUSE


def test_the_other_interface_of_the_kernel_is_death() -> None:
    assert run("x86_64", 0x40000000 + 1) == KILL
    assert run("x86_64", 0, architecture=0x40000003) == KILL
    assert run("aarch64", 63, architecture=0xC000003E) == KILL
