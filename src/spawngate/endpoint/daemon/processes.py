"""SHELL. Which processes of an agent a hook or a server was started from, by names that no later process bears.

A server and a hook of one session have the agent's process above them both, with helpers and shells between. Above the
agent stand a terminal with its shell, or the system, under which other agents may run too: they say nothing, and end
the walk.
Must not be here: what follows (`provenance.streams`).
Source: proc_pid_stat(5), fields 2 (name), 4 (parent), 6 (session), 7 (terminal) and 22 (start). Other systems tell
nothing here, and then every session of an agent counts.
"""

from contextvars import ContextVar

from spawngate.launch.argv import word_set

ASKING: ContextVar[int] = ContextVar("asking", default=0)
"""Parent of the hook client that is being answered; 0 where it is not known."""
HIGHEST = 12
"""Processes above one that are looked at."""
_SHELLS = word_set("sh bash zsh dash fish ksh ash tcsh csh elvish nu pwsh xonsh busybox env timeout nice setsid script")
_ABOVE = word_set(
    "systemd init launchd login su sudo sshd sshd-session tmux screen zellij dtach abduco gnome-terminal "
    "gnome-terminal- konsole xterm alacritty kitty wezterm wezterm-gui foot ptyxis tilix terminator urxvt cron crond "
    "atd dockerd containerd containerd-shim containerd-shim-runc-v2 tini dumb-init s6-supervise supervisord runsv "
    "conmon"
)


def above(process: int) -> tuple[str, ...]:
    """Names of the process and of those above it that may be the agent's, the nearest first; none where the system does
    not tell."""
    found: list[str] = []
    for _ in range(HIGHEST):
        if process <= 1:
            break
        told = _stat(process)
        if told is None:
            break
        name, parent, start, leads = told
        if name in _ABOVE or name.startswith("tmux") or (leads and name in _SHELLS):
            break
        if name not in _SHELLS:
            found.append(f"{process}.{start}")
        process = parent
    return tuple(found)


def asking() -> tuple[str, ...]:
    """The same of the hook client that is being answered."""
    return above(ASKING.get())


def _stat(process: int) -> tuple[str, int, str, bool] | None:
    try:
        with open(f"/proc/{process}/stat", "rb", buffering=0) as file:
            text = file.read(4096) or b""
    except OSError:
        return None
    name, _, rest = text.partition(b"(")[2].rpartition(b")")
    fields = rest.split()
    if len(fields) < 20 or not fields[1].isdigit() or not fields[19].isdigit():
        return None
    # The shell of a terminal; one that an agent starts apart from its own terminal has none.
    leads = fields[3] == str(process).encode() and fields[4] != b"0"
    return name.decode("utf-8", "replace").lstrip("-"), int(fields[1]), fields[19].decode(), leads
