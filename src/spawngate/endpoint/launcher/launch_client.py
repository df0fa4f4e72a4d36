"""SHELL. The launcher for machines without the native one: `PYTHON -I -S -B /abs/spawngate_launch.py --id ...`.

Does what native/spawngate-launch.c does: hands the environment over as data, starts the relay with one of its own,
forwards signals, and ends what is left when the relay has ended. `endpoint.launcher.place` copies this one file out of
the package, so it imports nothing of ours. Must not be here: decisions, the protocol.

Weaker in three points: what the dynamic loader was told by the entry's environment (LD_PRELOAD) has happened before the
first line; without ctypes nothing below is tied to this process's life; and there is no jail for a probe.
"""

import _signal  # type: ignore[import-not-found]  # compiled in; `signal` would import enum
import contextlib
import os
import sys
import time

ENVIRONMENT, STATUS, RECORD = 3, 4, 7
PATIENCE = 10.0
REFUSED = 1
PASSED_ON = ("SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2")
KEPT = ("SIGHUP", "SIGINT", "SIGQUIT")
"""Those of them that stay ignored where they were: nohup(1) and shells mean it."""
CLEAN = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
NAMES = ("interpreter", "relay", "socket", "spool", "deadline-ms", "spool-limit", "failure")
UNUSABLE = (
    b"spawngate: the MCP server was not started, because launch.conf beside the launcher is missing or not usable. "
    b"`spawngate status` tells more; `spawngate protect --launches` writes it anew.\n"
)
UNABLE = b"spawngate: the MCP server was not started, because the system gave the launcher no process or descriptor.\n"
SUBREAPER, PARENT_DEATH = 36, 1


def refuse(words: bytes) -> None:
    """Never returns."""
    try:
        os.write(2, words)
    finally:
        os._exit(REFUSED)


def read_conf(folder: str) -> tuple[str, str] | None:
    """Interpreter and relay of launch.conf in `folder`; None where it is not usable (native/launchconf.c)."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
    try:
        file = os.open(f"{folder}/launch.conf", flags)
    except OSError:
        return None
    try:
        status = os.fstat(file)
        if status.st_mode & 0o170000 != 0o100000 or status.st_mode & 0o022 or status.st_uid not in (0, os.geteuid()):
            return None
        data = os.read(file, 256 << 10)
    except OSError:
        return None
    finally:
        os.close(file)
    lines = data.split(b"\n")
    if b"\0" in data or not data.isascii() or lines[0] != b"spawngate-launch 1" or lines[-2:] != [b"end", b""]:
        return None
    values: dict[str, bytes] = {}
    for line in lines[1:-2]:
        name, _, word = line.decode("ascii").partition(" ")
        if not line or line.startswith(b"#"):
            continue
        if name not in NAMES or name in values or not word or " " in word:
            return None
        values[name] = word.encode("ascii")
    if len(values) != len(NAMES):
        return None
    paths = [_path(values[name]) for name in ("interpreter", "relay")]
    return None if None in paths else (str(paths[0]), str(paths[1]))


def _path(word: bytes) -> str | None:
    parts = [_unquoted(part) for part in word.split(b"{uid}")]
    out = (b"%d" % os.geteuid()).join(part for part in parts if part is not None)
    return os.fsdecode(out) if None not in parts and out.startswith(b"/") and b"\0" not in out else None


def _unquoted(word: bytes) -> bytes | None:
    plain, *quoted = word.split(b"%")
    if not all(0x21 <= byte <= 0x7E and byte not in b"{}#" for byte in word):
        return None
    for part in quoted:
        if len(part) < 2 or not all(digit in b"0123456789abcdefABCDEF" for digit in part[:2]):
            return None
        plain += bytes((int(part[:2], 16),)) + part[2:]
    return plain


def prctl(option: int, value: int) -> None:
    """Linux's, where this Python has ctypes; nothing elsewhere."""
    if sys.platform != "linux":
        return
    try:
        import ctypes

        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)
    except (ImportError, OSError, AttributeError):
        return


def own_descriptors() -> int:
    """0, 1 and 2 exist afterwards and no others. Bit N of the result: N was closed."""
    closed = 0
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            closed |= 1 << number
            if os.open(os.devnull, os.O_RDWR) != number:
                refuse(UNABLE)
            os.set_inheritable(number, True)
    os.closerange(3, 4096)
    return closed


def environment_file() -> int:
    """A file without a name that holds the whole environment."""
    file = -1
    if hasattr(os, "memfd_create"):
        try:  # noqa: SIM105  contextlib would cost every start two milliseconds
            file = os.memfd_create("environment")
        except OSError:
            pass  # some systems allow it to nobody (vm.memfd_noexec)
    if file == -1:
        path = f"/tmp/.spawngate-{os.urandom(8).hex()}"  # noqa: S108  made anew, 0600, and without a name at once
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        os.unlink(path)
    data = b"".join(name + b"=" + value + b"\0" for name, value in os.environb.items())
    try:
        with open("/proc/self/environ", "rb") as given:
            data = given.read()  # as it was given: Python itself may have added LC_CTYPE (PEP 538)
    except OSError:
        pass
    while data:
        data = data[os.write(file, data) :]
    os.lseek(file, 0, 0)
    return file


def become_relay(conf: tuple[str, str], words: list[str], environment: int, status: int, parent: int) -> None:
    """Never returns."""
    try:
        import fcntl

        os.setsid()
        prctl(PARENT_DEATH, getattr(_signal, "SIGIO", 23))
        prctl(SUBREAPER, 1)
        if os.getppid() != parent:
            os._exit(REFUSED)
        for name in (*PASSED_ON, "SIGCHLD", "SIGPIPE", "SIGXFSZ"):
            number = getattr(_signal, name)
            if _signal.getsignal(number) != _signal.SIG_IGN or name not in KEPT:
                _signal.signal(number, _signal.SIG_DFL)
        environment, status = (fcntl.fcntl(one, fcntl.F_DUPFD_CLOEXEC, 10) for one in (environment, status))
        os.dup2(environment, ENVIRONMENT)
        os.dup2(status, STATUS)
        _signal.pthread_sigmask(_signal.SIG_SETMASK, ())
        os.execve(conf[0], words, CLEAN)  # noqa: S606  our own relay
    finally:
        refuse(UNUSABLE)


def end_below(group: int) -> None:
    """SIGKILL to whatever is left (native/below.c)."""
    until = time.monotonic() + PATIENCE
    if group > 1:
        with contextlib.suppress(OSError):
            os.killpg(group, 9)
    while time.monotonic() < until:
        try:
            with open(f"/proc/self/task/{os.getpid()}/children", "rb") as file:
                for word in file.read().split():
                    os.kill(int(word), 9)
        except OSError:
            pass
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.001)


def main() -> None:
    """Never returns."""
    if sys.argv[1:] == ["--version"]:
        os.write(1, b"spawngate-launch 1\n")
        os._exit(0)
    closed = own_descriptors()
    folder = os.path.dirname(os.path.abspath(__file__))
    conf = read_conf(folder)
    if conf is None:
        refuse(UNUSABLE)
        return
    try:
        environment, (hears, tells) = environment_file(), os.pipe()
        prctl(SUBREAPER, 1)
        blocked = {getattr(_signal, name) for name in (*PASSED_ON, "SIGCHLD")}
        _signal.pthread_sigmask(_signal.SIG_SETMASK, blocked)
        for name in (*PASSED_ON, "SIGCHLD"):
            if name not in KEPT or _signal.getsignal(getattr(_signal, name)) != _signal.SIG_IGN:
                _signal.signal(getattr(_signal, name), _signal.SIG_DFL)
        own, parent = os.getpid(), os.getppid()
        relay = os.fork()
    except OSError:
        refuse(UNABLE)
        return
    if relay == 0:
        words = [conf[0], "-I", "-S", "-B", conf[1], folder, str(closed), str(parent), *sys.argv[1:]]
        become_relay(conf, words, environment, tells, own)
    os.close(environment)
    os.close(tells)
    os.set_blocking(hears, False)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    watch(relay, blocked, hears)


def watch(relay: int, blocked: "set[int]", hears: int) -> None:
    """Forward signals until the relay has ended. Never returns."""
    group, kind, number, over = 0, "", REFUSED, False
    while True:
        try:
            while len(record := os.read(hears, RECORD)) == RECORD:
                value = int(record[1:])
                if record[:1] == b"G":
                    group = value
                else:
                    kind, number = record[:1].decode(), value
        except BlockingIOError:
            pass
        if over:
            break
        came = _signal.sigwait(blocked)
        if came != _signal.SIGCHLD:
            os.kill(relay, came)
            continue
        while True:
            try:
                ended = os.waitpid(-1, os.WNOHANG)[0]
            except ChildProcessError:
                break
            if ended == 0:
                break
            over = over or ended == relay
    end_below(group)
    if kind == "S":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if number not in (9, 19):
            _signal.signal(number, _signal.SIG_DFL)
        _signal.pthread_sigmask(_signal.SIG_SETMASK, ())
        os.kill(os.getpid(), number)
        os._exit(128 + number)
    os._exit(number & 255 if kind == "E" else REFUSED)


if __name__ == "__main__":
    main()
