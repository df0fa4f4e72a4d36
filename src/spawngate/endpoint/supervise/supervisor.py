"""SHELL. What a supervised process may execute: itself, what belongs to it, the launcher, and what was decided about.

What a decision let in may execute what it likes from then on, as every MCP server does that the launcher has started.
A process that changes the words in its memory between the decision and the execution (another thread can) is killed as
soon as the words differ from those that were decided about.
Must not be here: notifications (`seccomp`), decisions (`endpoint.launching`), starting the program (`run`).
"""

import errno
import os
import signal
import stat
import threading
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from spawngate.endpoint.supervise import kin, seccomp
from spawngate.endpoint.supervise.memory import UnreadableError, Wanted, wanted
from spawngate.endpoint.supervise.seccomp import Notification

AFTER = 0.25
"""Seconds in which a process is looked at again after it was let go on."""
_STEP = 0.001
_LOADER = ("LD_", "GLIBC_TUNABLES", "GCONV_PATH", "DYLD_")
"""Variables by which the dynamic loader, or the C library, brings other code into a process."""
JSPAWNHELPER = "jspawnhelper"
"""Java starts every process through this program of its own."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a decision says."""

    allowed: bool
    message: str = ""
    """For the person, where it is refused."""


Decide = Callable[[Wanted], Answer]


class Supervisor:
    """Answers the notifications of one program. Its methods may be called from several threads."""

    def __init__(
        self,
        listener: int,
        root: int,
        decide: Decide,
        tell: Callable[[str], None],
        *,
        launcher: Sequence[str],
        run: Collection[str],
    ) -> None:
        """`root`: pid of the program. `launcher`: words that start the launcher, none where there is none. `run`: names
        or paths that belong to the program and are not decided about."""
        self._listener, self._root, self._decide, self._tell = listener, root, decide, tell
        self._launcher = tuple(launcher)
        self._run = frozenset(run)
        self._let_in: set[kin.Process] = set()
        self._went_on: set[kin.Process] = set()
        """Let in, and executing something further since: their words are nobody's business any more."""
        self._lock = threading.Lock()

    def answer(self, asked: Notification) -> None:
        """Answer one notification. Raises nothing: what goes wrong is a refusal."""
        try:
            self._answer(asked)
        except Exception as error:  # noqa: BLE001  # a process must neither hang in its call nor get by
            self._tell(f"{type(error).__name__} inside Spawngate, so nothing is executed")
            seccomp.refuse(self._listener, asked.id)

    def _answer(self, asked: Notification) -> None:
        try:
            what = wanted(asked)
        except UnreadableError as error:
            if seccomp.refuse(self._listener, asked.id):
                self._tell(f"something is not executed: {error}")
            return
        one = kin.of(asked.pid)
        if one is None or not seccomp.waits(self._listener, asked.id):
            return
        missing = _missing(what.program)
        if missing:
            # Answered here: a file that comes into being after this look is not what was looked at.
            seccomp.refuse(self._listener, asked.id, missing)
            return
        if asked.pid == self._root or self._is_let_in(asked.pid):
            with self._lock:
                self._went_on.add(one[0])
            seccomp.go_on(self._listener, asked.id)
            return
        launcher = is_launcher(what, self._launcher)
        belongs = launcher or self._belongs(what.program)
        if not belongs:
            answer = self._decide(what)
            if not answer.allowed:
                # Not EACCES: with that libraries go on to the next folder of PATH, and ask again.
                seccomp.refuse(self._listener, asked.id, errno.EPERM)
                self._tell(answer.message)
                return
        if launcher or not belongs:
            with self._lock:
                self._let_in.add(one[0])
        if seccomp.go_on(self._listener, asked.id):
            self._look_again(one[0], what)

    def _is_let_in(self, pid: int) -> bool:
        line = kin.line(pid)
        with self._lock:
            return not self._let_in.isdisjoint(line)

    def _belongs(self, program: str) -> bool:
        if program in self._run or os.path.basename(program) in self._run:
            return True
        if os.path.basename(program) != JSPAWNHELPER:
            return False
        try:
            java = os.path.realpath(f"/proc/{self._root}/exe")
        except OSError:
            return False
        home = os.path.dirname(os.path.dirname(java))
        return os.path.realpath(program) == os.path.join(home, "lib", JSPAWNHELPER)

    def _look_again(self, process: kin.Process, what: Wanted) -> None:
        """Kill the process if it became something else than what it asked for."""
        before = _words(process.pid)
        until = time.monotonic() + AFTER
        while time.monotonic() < until:
            now = kin.of(process.pid)
            if now is None or now[0] != process:
                return
            words = _words(process.pid)
            if words != before:
                # An interpreter and its own arguments come before the words of a script.
                with self._lock:
                    further = process in self._went_on
                if words and not further and not _ends_as(words, what):
                    os.kill(process.pid, signal.SIGKILL)
                    self._tell("a process was killed that became something else than what was decided about")
                return
            time.sleep(_STEP)


def is_launcher(what: Wanted, launcher: Sequence[str]) -> bool:
    """Whether the launcher is to be executed that these words start.

    The native one may come with any words and variables. The one in Python is an interpreter, which finds its library
    by its own first word and is closed by the next ones to variables of its own; the dynamic loader's are not for it to
    refuse.
    """
    if not launcher or os.path.realpath(what.program) != os.path.realpath(launcher[0]):
        return False
    if len(launcher) == 1:
        return True
    loads = any(name.startswith(_LOADER) for name, _ in what.environment)
    return what.argv[: len(launcher)] == tuple(launcher) and not loads


def _ends_as(words: list[str], what: Wanted) -> bool:
    if tuple(words) == what.argv:
        return True
    rest = list(what.argv[1:])
    return not rest or words[-len(rest) :] == rest


def _missing(program: str) -> int:
    try:
        status = os.stat(program)
    except FileNotFoundError:
        return errno.ENOENT
    except NotADirectoryError:
        return errno.ENOTDIR
    except (OSError, ValueError):
        return errno.EACCES
    return 0 if stat.S_ISREG(status.st_mode) else errno.EACCES


def _words(pid: int) -> list[str]:
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return [os.fsdecode(word) for word in file.read(4 << 20).split(b"\0")[:-1]]
    except OSError:
        return []
