"""The system calls that are left to a process that runs a query: a filter of the kernel.

An allow-list. What a harmless program may try (opening to write, a new thread) fails with EPERM;
what only an attack does (a socket, a program, tracing) ends the process at once. Sources:
seccomp(2), linux/seccomp.h, linux/filter.h, linux/audit.h.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from collections.abc import Sequence

from omnix.sandbox import _kernel

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_EPERM, _ENOSYS = 1, 38
_SET_FILTER, _ALL_THREADS = 1, 1
_NUMBER, _ARCHITECTURE = 0, 4
_X32 = 0x40000000
#: Anything that writes, creates or cuts: O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND, O_TMPFILE.
_WRITES = 0o3 | 0o100 | 0o1000 | 0o2000 | 0o20000000
_EXECUTE = 0x4  # PROT_EXEC

_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
#: name: (x86_64, aarch64); None: that machine has no such call.
_CALLS: dict[str, tuple[int | None, int | None]] = {
    "read": (0, 63), "close": (3, 57), "stat": (4, None), "fstat": (5, 80), "lstat": (6, None),
    "lseek": (8, 62), "munmap": (11, 215), "brk": (12, 214), "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "pread64": (17, 67), "readv": (19, 65),
    "access": (21, None), "sched_yield": (24, 124), "mremap": (25, 216), "madvise": (28, 233),
    "getpid": (39, 172), "exit": (60, 93), "uname": (63, 160), "getcwd": (79, 17),
    "readlink": (89, None), "gettimeofday": (96, 169), "getrusage": (98, 165), "sysinfo": (99, 179),
    "getuid": (102, 174), "getgid": (104, 176), "geteuid": (107, 175), "getegid": (108, 177),
    "sigaltstack": (131, 132), "gettid": (186, 178), "futex": (202, 98),
    "sched_getaffinity": (204, 123), "getdents64": (217, 61), "restart_syscall": (219, 128),
    "clock_gettime": (228, 113), "clock_getres": (229, 114), "clock_nanosleep": (230, 115),
    "exit_group": (231, 94), "newfstatat": (262, 79), "readlinkat": (267, 78),
    "faccessat": (269, 48), "set_robust_list": (273, 99), "getcpu": (309, 168),
    "getrandom": (318, 278), "membarrier": (324, 283), "statx": (332, 291), "rseq": (334, 293),
    "faccessat2": (439, 439), "nanosleep": (35, 101), "poll": (7, None), "ppoll": (271, 73),
}  # fmt: skip
_DEADLY: dict[str, tuple[int | None, int | None]] = {
    "socket": (41, 198), "connect": (42, 203), "accept": (43, 202), "sendto": (44, 206),
    "sendmsg": (46, 211), "recvmsg": (47, 212), "bind": (49, 200), "listen": (50, 201),
    "socketpair": (53, 199), "fork": (57, None), "vfork": (58, None), "execve": (59, 221),
    "ptrace": (101, 117), "mount": (165, 40), "init_module": (175, 105), "unshare": (272, 97),
    "setns": (308, 268), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "bpf": (321, 280), "execveat": (322, 281), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
    "perf_event_open": (298, 241), "keyctl": (250, 219), "pidfd_getfd": (438, 438),
}  # fmt: skip
_OPEN, _OPENAT, _OPENAT2 = (2, None), (257, 56), (437, 437)
_WRITE, _MMAP, _MPROTECT, _CLONE3 = (1, 64), (9, 222), (10, 226), (435, 435)
#: Descriptors that may be written to: the three of /dev/null and the way to the parent.
_LAST_DESCRIPTOR = 3


def _line(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("<HBBI", code, yes, no, value)


def _argument(place: int) -> bytes:
    """Load the lower half of an argument; x86_64 and aarch64 are both little-endian."""
    return _line(_LOAD, 16 + 8 * place)


def _when(number: int | None, lines: Sequence[bytes]) -> list[bytes]:
    """Those lines, run only for one system call; they end in a return."""
    if number is None:
        return []
    return [_line(_EQUAL, number, 0, len(lines)), *lines]


def program(machine: str) -> bytes:
    """The filter for a kind of processor, as the kernel reads it."""
    own = 0 if machine == "x86_64" else 1
    allow, refuse, kill = (_line(_RETURN, v) for v in (_ALLOW, _ERRNO | _EPERM, _KILL))
    lines = [
        _line(_LOAD, _ARCHITECTURE),
        _line(_EQUAL, _ARCHITECTURES[machine], 1, 0),
        kill,
        _line(_LOAD, _NUMBER),
    ]
    if machine == "x86_64":  # the second interface of the same kernel, with other numbers
        lines += [_line(_AT_LEAST, _X32, 0, 1), kill]
    for each in _CALLS.values():
        lines += _when(each[own], [allow])
    for each in _DEADLY.values():
        lines += _when(each[own], [kill])
    for call, place in ((_OPEN, 1), (_OPENAT, 2)):
        lines += _when(call[own], [_argument(place), _line(_ANY_BIT, _WRITES, 0, 1), refuse, allow])
    for call in (_MMAP, _MPROTECT):
        lines += _when(call[own], [_argument(2), _line(_ANY_BIT, _EXECUTE, 0, 1), refuse, allow])
    small = [_argument(0), _line(_AT_LEAST, _LAST_DESCRIPTOR + 1, 0, 1), refuse, allow]
    lines += _when(_WRITE[own], small)
    for call in (_CLONE3, _OPENAT2):  # their arguments lie in memory, where no filter can look
        lines += _when(call[own], [_line(_RETURN, _ERRNO | _ENOSYS)])
    return b"".join([*lines, refuse])


def filter_all_threads() -> None:
    """Put the filter over every thread of this process, for good.

    Raises:
        OSError: the kernel refuses it.

    """
    code = program(platform.machine())
    text = ctypes.create_string_buffer(code, len(code))

    class _Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))

    given = _Program(len(code) // 8, ctypes.addressof(text))
    left = _kernel.call(_kernel.number("seccomp"), _SET_FILTER, _ALL_THREADS, ctypes.byref(given))
    if left:
        raise OSError(os.EX_OSERR, f"thread {left} could not be held")
