"""The few calls of Linux that Python has no words for: prctl, capabilities, namespaces, Landlock.

Sources: prctl(2), capset(2), unshare(2), landlock(7), linux/landlock.h.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Iterable
from functools import cache
from typing import Any

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_CLONE_NEWUSER, _CLONE_NEWNET, _CLONE_NEWIPC, _CLONE_NEWUTS = (
    0x10000000, 0x40000000, 0x08000000, 0x04000000,
)  # fmt: skip
_CAPABILITY_VERSION_3 = 0x20080522

#: Landlock has the same numbers on every architecture.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_PATH_BENEATH, _READ_FILE = 1, 1 << 2
#: Rights over files that each version of Landlock's interface knows; all of them are taken away.
_FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_TCP_RIGHTS, _SCOPES = 0b11, 0b11

#: Numbers of capset and seccomp by architecture.
_NUMBERS = {"x86_64": {"capset": 126, "seccomp": 317}, "aarch64": {"capset": 91, "seccomp": 277}}


@cache
def _libc() -> Any:
    return ctypes.CDLL(None, use_errno=True)


def call(number: int, *arguments: Any) -> int:
    """A system call by its number.

    Raises:
        OSError: the kernel refuses it.

    """
    given = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    done = int(_libc().syscall(ctypes.c_long(number), *given))
    if done < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return done


def _prctl(option: int, value: int) -> None:
    if _libc().prctl(option, ctypes.c_ulong(value), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def missing() -> list[str]:
    """What this machine lacks to hold a query; empty when it can."""
    if sys.platform != "linux":
        return [f"Linux (this is {sys.platform})"]
    lacks = []
    if platform.machine() not in _NUMBERS:
        lacks.append(f"a processor whose system calls are known (not {platform.machine()})")
    if landlock_version() < 1:
        lacks.append("Landlock (Linux 5.13 and later, built in and switched on)")
    if platform.machine() in _NUMBERS and not _has_seccomp():
        lacks.append("seccomp filters")
    if not hasattr(os, "pidfd_open"):
        lacks.append("pidfd (Linux 5.3 and later)")
    return lacks


def landlock_version() -> int:
    """The version of Landlock's interface; 0: there is none."""
    try:
        return call(_CREATE_RULESET, None, 0, 1)
    except OSError:
        return 0


def _has_seccomp() -> bool:
    action = ctypes.c_uint32(0x80000000)  # SECCOMP_RET_KILL_PROCESS, asked for by operation 2
    try:
        call(number("seccomp"), 2, 0, ctypes.byref(action))
    except OSError:
        return False
    return True


def number(name: str) -> int:
    """A system call's number on this machine."""
    return _NUMBERS[platform.machine()][name]


def die_with_parent(signal_number: int) -> None:
    """The kernel sends this signal when the thread that forked us ends."""
    _prctl(_PR_SET_PDEATHSIG, signal_number)


def no_new_privileges() -> None:
    """No program that is started can gain rights; what follows needs this."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def not_inspectable() -> None:
    """No other process of the same user may read our memory or trace us; no core is dumped."""
    _prctl(_PR_SET_DUMPABLE, 0)


def leave_network() -> bool:
    """Go where there is no network, no shared memory of others; whether the kernel allowed it."""
    spaces = _CLONE_NEWNET | _CLONE_NEWIPC | _CLONE_NEWUTS
    return any(_libc().unshare(flags) == 0 for flags in (_CLONE_NEWUSER | spaces, spaces))


def drop_capabilities() -> None:
    """Give up every capability, root's too."""
    header = ctypes.create_string_buffer(struct.pack("<Ii", _CAPABILITY_VERSION_3, 0))
    nothing = ctypes.create_string_buffer(24)
    call(number("capset"), header, nothing)


def only_read(paths: Iterable[str]) -> None:
    """From now on this thread, and what it starts, reads these files and touches no other.

    Also no TCP, no signals to and no abstract sockets of others, where the kernel knows how.

    Raises:
        OSError: the kernel refuses it, or a file is not there.

    """
    version = landlock_version()
    rights = _FILE_RIGHTS[max(known for known in _FILE_RIGHTS if known <= version)]
    parts = [rights] + [_TCP_RIGHTS] * (version >= 4) + [_SCOPES] * (version >= 6)
    attributes = struct.pack(f"<{len(parts)}Q", *parts)
    ruleset = call(_CREATE_RULESET, ctypes.create_string_buffer(attributes), len(attributes), 0)
    try:
        for path in paths:
            _allow_reading(ruleset, path)
        call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow_reading(ruleset: int, path: str) -> None:
    file = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = ctypes.create_string_buffer(struct.pack("<Qi", _READ_FILE, file))
        call(_ADD_RULE, ruleset, _PATH_BENEATH, rule, 0)
    finally:
        os.close(file)
