"""SHELL. Linux's seccomp user notification: a process and all its descendants wait in `execve` for an answer of ours.

Sources: linux/include/uapi/linux/{seccomp,filter,audit,bpf_common}.h, seccomp(2), seccomp_unotify(2). Needs no
privilege, Linux 5.5 (SECCOMP_USER_NOTIF_FLAG_CONTINUE) and no compiler, hence ctypes. When nobody holds the listening
end any more, every further `execve` fails with ENOSYS: the end of the supervisor opens nothing.

Belongs here: the filter, and reading and answering notifications. Must not be here: what is answered (`supervisor`).
"""

import ctypes
import errno
import fcntl
import os
import platform
import struct
import sys
from typing import NamedTuple

_PR_SET_NO_NEW_PRIVS = 38
_SET_MODE_FILTER = 1
_FLAG_NEW_LISTENER = 1 << 3
_RET_ALLOW, _RET_ERRNO, _RET_NOTIFY = 0x7FFF0000, 0x00050000, 0x7FC00000
_LOAD, _JUMP_EQUAL, _JUMP_SET, _RETURN = 0x20, 0x15, 0x45, 0x06
_X32 = 0x40000000
"""Marks calls of x86-64's other ABI, whose numbers would pass by the filter."""
_CONTINUE = 1
AT_EMPTY_PATH = 0x1000

_NOTIFICATION = struct.Struct("=QIIiIQ6Q")
_ANSWER = struct.Struct("=QqiI")
_RECEIVE = 0xC0000000 | _NOTIFICATION.size << 16 | ord("!") << 8
_SEND = 0xC0000000 | _ANSWER.size << 16 | ord("!") << 8 | 1
_VALID = 0x40000000 | 8 << 16 | ord("!") << 8 | 2


class _Machine(NamedTuple):
    audit: int
    execve: int
    execveat: int
    seccomp: int


_MACHINES = {
    "x86_64": _Machine(0xC000003E, 59, 322, 317),
    "aarch64": _Machine(0xC00000B7, 221, 281, 277),
    "riscv64": _Machine(0xC00000F3, 221, 281, 277),
}


class UnsupportedError(Exception):
    """This system has no such notifications. The message says why."""


class Notification(NamedTuple):
    """One process that waits in `execve` or `execveat`."""

    id: int
    pid: int
    path: int
    """Address of the program's path."""
    argv: int
    """Address of the list of arguments."""
    environment: int
    """Address of the list of variables."""
    folder: int
    """Descriptor that a relative path starts from; -100 (AT_FDCWD) for the working folder."""
    flags: int


class _Filter(ctypes.Structure):
    _fields_ = (("code", ctypes.c_ushort), ("jt", ctypes.c_ubyte), ("jf", ctypes.c_ubyte), ("k", ctypes.c_uint))


class _Program(ctypes.Structure):
    _fields_ = (("len", ctypes.c_ushort), ("filter", ctypes.POINTER(_Filter)))


def machine() -> str:
    """Name of this machine. Raises UnsupportedError where its system calls are not known here."""
    name = platform.machine()
    if sys.platform != "linux" or name not in _MACHINES:
        raise UnsupportedError(f"supervision needs Linux on {', '.join(_MACHINES)}; this is {sys.platform} on {name}")
    return name


def install() -> int:
    """Put this process and all that come of it under supervision, for good.

    Returns the descriptor on which notifications are read. Raises UnsupportedError.
    """
    calls = _MACHINES[machine()]
    libc = ctypes.CDLL(None, use_errno=True)
    lines = [
        (_LOAD, 0, 0, 4),
        (_JUMP_EQUAL, 1, 0, calls.audit),
        # A program of another architecture (32-bit) has other numbers: it may not call at all.
        (_RETURN, 0, 0, _RET_ERRNO | errno.ENOSYS),
        (_LOAD, 0, 0, 0),
        (_JUMP_EQUAL, 3, 0, calls.execve),
        (_JUMP_EQUAL, 2, 0, calls.execveat),
        (_JUMP_SET, 2, 0, _X32 if calls.audit == _MACHINES["x86_64"].audit else 0),
        (_RETURN, 0, 0, _RET_ALLOW),
        (_RETURN, 0, 0, _RET_NOTIFY),
        (_RETURN, 0, 0, _RET_ERRNO | errno.ENOSYS),
    ]
    filters = (_Filter * len(lines))(*(_Filter(*line) for line in lines))
    program = _Program(len(lines), filters)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise UnsupportedError("the system does not let a process give up privileges")
    found: int = libc.syscall(calls.seccomp, _SET_MODE_FILTER, _FLAG_NEW_LISTENER, ctypes.byref(program))
    if found < 0:
        reason = os.strerror(ctypes.get_errno())
        raise UnsupportedError(f"the system gives no notifications of what is executed ({reason})")
    return found


def receive(listener: int) -> Notification | None:
    """The next notification; None where the process went away meanwhile. Raises OSError where the listener ended."""
    buffer = bytearray(_NOTIFICATION.size)
    try:
        fcntl.ioctl(listener, _RECEIVE, buffer)
    except FileNotFoundError:
        return None
    number, pid, _, call, _, _, *args = _NOTIFICATION.unpack(buffer)
    if call == _MACHINES[machine()].execve:
        return Notification(number, pid, args[0], args[1], args[2], -100, 0)
    folder = struct.unpack("i", struct.pack("I", args[0] & 0xFFFFFFFF))[0]
    return Notification(number, pid, args[1], args[2], args[3], folder, args[4] & 0xFFFFFFFF)


def waits(listener: int, number: int) -> bool:
    """Whether the process of a notification still waits: only then its memory is that of the process that asked."""
    try:
        fcntl.ioctl(listener, _VALID, bytearray(struct.pack("=Q", number)))
    except OSError:
        return False
    return True


def go_on(listener: int, number: int) -> bool:
    """Let the call happen. False where the process went away."""
    return _send(listener, _ANSWER.pack(number, 0, 0, _CONTINUE))


def refuse(listener: int, number: int, error: int = errno.EACCES) -> bool:
    """Let the call fail. False where the process went away."""
    return _send(listener, _ANSWER.pack(number, 0, -error, 0))


def _send(listener: int, answer: bytes) -> bool:
    try:
        fcntl.ioctl(listener, _SEND, bytearray(answer))
    except OSError:
        return False
    return True
