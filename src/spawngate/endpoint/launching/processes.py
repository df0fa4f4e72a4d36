"""SHELL. Processes of agents and relays: whether one is still there, and a name that no later one bears.

Must not be here: processes of servers (`endpoint.launcher`).
"""

import os


def alive(process: int) -> bool:
    """Whether there is a process of this number."""
    try:
        os.kill(process, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True


def named(process: int) -> str:
    """The number with the time of its start (proc_pid_stat(5), field 22); without it where the system does not say.

    Empty for no process.
    """
    if process <= 0:
        return ""
    try:
        with open(f"/proc/{process}/stat", "rb", buffering=0) as file:
            text = file.read(4096) or b""
    except OSError:
        return str(process)
    fields = text[text.rfind(b")") + 1 :].split()
    return f"{process}.{int(fields[19])}" if len(fields) > 19 and fields[19].isdigit() else str(process)


def lives(name: str) -> bool:
    """Whether the process that `named` gave this name still runs. One that nobody has waited for yet does not."""
    number, _, started = name.partition(".")
    if not number.isascii() or not number.isdigit():
        return False
    if not started:
        return alive(int(number))
    try:
        with open(f"/proc/{number}/stat", "rb", buffering=0) as file:
            text = file.read(4096) or b""
    except OSError:
        return False
    fields = text[text.rfind(b")") + 1 :].split()
    return len(fields) > 19 and fields[19] == started.encode() and fields[0] not in (b"Z", b"X", b"x")
