"""SHELL. The hook client for machines without the native one: `PYTHON -I -S /abs/spawngate_hook.py AGENT [EVENT]`.

Does what native/spawngate-hook.c does: carries one event to the daemon and its answer back, and answers alone by
hook.conf beside this file whatever goes wrong. `endpoint.client.place` copies this one file out of the package, so it
imports nothing of ours, and of the standard library only what is compiled in and needed: starting is most of its cost.
Must not be here: what an event or an answer means. docs/hook-protocol.md has the protocol and the file.

Weaker than the native client in one point: it cannot undo what the dynamic loader was told by its environment.
"""

import _signal  # type: ignore[import-not-found]  # compiled in; `signal` would import enum
import sys
import time

TYPE_CHECKING = False  # `typing` costs as much as all else here
if TYPE_CHECKING:
    from typing import Any

try:
    import posix as system
except ImportError:  # Windows: no daemon can be reached from here yet, so every call is answered by hook.conf
    import nt as system  # type: ignore[no-redef]  # one of the two exists on each system

GRACE = 0.5
"""Seconds for printing, when the deadline has gone by."""
PAUSE = 0.002
"""Seconds between looks at a non-blocking descriptor: `select` would cost more than it saves."""
MAX_CONF = 256 << 10
MAX_PATH = 4096
MAX_VALUE = 4096
MAX_HEADER = 64 << 10
MAX_ANSWER = 1 << 20
MAX_VARIABLES = 256
REFUSED = (
    b"spawngate: refused, because hook.conf beside the hook program is missing or not usable. "
    b"`spawngate status` tells more; `spawngate protect` writes it anew.\n"
)
MISUSED = b"usage: spawngate-hook AGENT [EVENT]\n"
UNNAMED = b"claude-code"
"""Agents that run Claude Code's hook files may leave out the arguments that stand beside the command there."""
FAILURES = (
    b"absent",
    b"untrusted",
    b"broken",
    b"slow",
    b"oversized",
    b"empty",
    b"interrupted",
    b"unrecorded",
    b"internal",
)
ENDING = ("SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2", "SIGVTALRM", "SIGPROF", "SIGXCPU")
SINGLE = (b"socket", b"spool", b"deadline-ms", b"request-limit", b"spool-limit")
_NAME = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:")
_PLAIN = bytes(byte for byte in range(0x21, 0x7F) if byte not in b"{}#")
_HEX = frozenset(b"0123456789abcdefABCDEF")


class Failed(Exception):
    """Why the daemon's answer is not to be had: one of FAILURES."""


class Unusable(Exception):
    """hook.conf is missing, not ours, or not whole."""


class Conf:
    """hook.conf as far as it concerns this call."""

    def __init__(self, text: bytes, agent: bytes, event: bytes) -> None:
        self.variables: list[bytes] = []
        self.fallbacks: dict[bytes, tuple[int, bool, int, bytes, bytes]] = {}
        self.values: dict[bytes, bytes] = {}
        lines = text.split(b"\n")
        if b"\0" in text or not text.isascii() or lines[0] != b"spawngate-hook 1" or lines[-2:] != [b"end", b""]:
            raise Unusable
        for line in lines[1:-2]:
            if not line or line.startswith(b"#"):
                continue
            words = line.split(b" ")
            if words[0] == b"on" and len(words) == 8:
                self._fallback(words[1:], agent, event)
            elif words[0] == b"env" and len(words) == 2 and is_name(words[1]) and len(self.variables) < MAX_VARIABLES:
                self.variables.append(words[1])
            elif words[0] in SINGLE and len(words) == 2 and words[0] not in self.values:
                self.values[words[0]] = words[1]
            else:
                raise Unusable
        if len(self.values) != len(SINGLE):
            raise Unusable
        self.socket = read_path(self.values[b"socket"])
        self.spool = read_path(self.values[b"spool"])
        self.seconds = read_number(self.values[b"deadline-ms"], 1, 60000) / 1000
        self.limit = read_number(self.values[b"request-limit"], 1, 64 << 20)
        self.spool_limit = read_number(self.values[b"spool-limit"], 0, 1 << 30)

    def _fallback(self, words: list[bytes], agent: bytes, event: bytes) -> None:
        who, when, failure, verdict, code, out, err = words
        known = failure in FAILURES or failure == b"*"
        if not (known and is_pattern(who) and is_pattern(when) and verdict in (b"open", b"closed")):
            raise Unusable
        exit_code, stdout, stderr = read_number(code, 0, 255), unquote(out), unquote(err)
        if who not in (b"*", agent) or when not in (b"*", event):
            return
        rank = 4 * (who != b"*") + 2 * (when != b"*") + (failure != b"*")
        for name in FAILURES if failure == b"*" else (failure,):
            if rank >= self.fallbacks.get(name, (-1,))[0]:
                self.fallbacks[name] = (rank, verdict == b"closed", exit_code, stdout, stderr)


def is_name(word: bytes) -> bool:
    """1 to 64 letters, digits and -_.: and no dash in front."""
    return 0 < len(word) <= 64 and word[0] != 0x2D and _NAME.issuperset(word)


def is_pattern(word: bytes) -> bool:
    """A name, or `*` for any."""
    return word == b"*" or is_name(word)


def unquote(word: bytes) -> bytes:
    """The value of one word of hook.conf."""
    if not word:
        raise Unusable
    return b"" if word == b"-" else _unquote(word)


def _unquote(word: bytes) -> bytes:
    plain, *quoted = word.split(b"%")
    out = plain
    for part in quoted:
        if len(part) < 2 or not _HEX.issuperset(part[:2]):
            raise Unusable
        out += bytes((int(part[:2], 16),)) + part[2:]
    if word.translate(None, _PLAIN):
        raise Unusable
    return out


def read_path(word: bytes) -> bytes:
    """An absolute path; {uid} becomes the user's number."""
    parts = [_unquote(part) for part in word.split(b"{uid}")]
    user = b"%d" % system.geteuid() if hasattr(system, "geteuid") else b"0"
    path = user.join(parts)
    if not path.startswith(b"/") or b"\0" in path or max(len(path), len(b"{uid}".join(parts))) >= MAX_PATH:
        raise Unusable
    return path


def read_number(word: bytes, low: int, high: int) -> int:
    """Up to ten digits, within bounds."""
    if not (word.isdigit() and len(word) <= 10 and low <= int(word) <= high):
        raise Unusable
    return int(word)


def read_conf(agent: bytes, event: bytes) -> Conf:
    """hook.conf from the folder of this file, if only we or root can have written it."""
    slash = max(__file__.rfind("/"), __file__.rfind("\\"))
    flags = system.O_RDONLY
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY"):
        flags |= getattr(system, name, 0)
    try:
        file = system.open(__file__[: slash + 1] + "hook.conf", flags)
    except OSError:
        raise Unusable from None
    text = b""
    try:
        status = system.fstat(file)
        if status.st_mode & 0o170000 != 0o100000:
            raise Unusable
        if hasattr(system, "geteuid") and (status.st_mode & 0o022 or status.st_uid not in (0, system.geteuid())):
            raise Unusable
        while len(text) <= MAX_CONF:
            got = system.read(file, MAX_CONF + 1)
            if not got:
                break
            text += got
    except OSError:
        raise Unusable from None
    finally:
        system.close(file)
    if len(text) > MAX_CONF:
        raise Unusable
    return Conf(text, agent, event)


class Client:
    """One call. `asking` is true while a signal or the deadline has to end what goes on."""

    def __init__(self, agent: bytes, event: bytes, conf: Conf, closed: set[int]) -> None:
        self.agent = agent
        self.event = event
        self.conf = conf
        self.closed = closed
        self.payload = b""
        self.asking = True

    def ended(self, number: int, frame: object) -> None:
        """A signal: once, and only while there is something to end."""
        if self.asking:
            self.asking = False
            raise Failed(b"slow" if number == getattr(_signal, "SIGALRM", -1) else b"interrupted")

    def own_signals(self, begun: float) -> None:
        """The deadline is a timer that repeats: one that comes just before a system call would be lost otherwise."""
        numbers = [getattr(_signal, name) for name in ENDING if hasattr(_signal, name)]
        for number in numbers:
            if _signal.getsignal(number) != _signal.SIG_IGN:
                _signal.signal(number, self.ended)
        if hasattr(_signal, "setitimer"):
            _signal.signal(_signal.SIGALRM, self.ended)
            _signal.pthread_sigmask(_signal.SIG_UNBLOCK, [*numbers, _signal.SIGALRM])
            left = begun + self.conf.seconds - time.monotonic()
            _signal.setitimer(_signal.ITIMER_REAL, max(left, 0.001), 0.02)

    def read_event(self) -> None:
        """Everything on stdin, to its end even where it is too long: a writing agent must not get EPIPE."""
        if 0 in self.closed:
            raise Failed(b"empty")
        parts: list[bytes] = []
        have = 0
        over = False
        try:
            while True:
                try:
                    got = system.read(0, 1 << 20)
                except BlockingIOError:  # the agent left the pipe non-blocking; its flags are not ours to change
                    time.sleep(PAUSE)
                    continue
                if not got:
                    break
                over = over or have + len(got) > self.conf.limit
                if not over:
                    parts.append(got)
                    have += len(got)
        except Failed:
            if over:
                raise Failed(b"oversized") from None
            raise
        except OSError:
            raise Failed(b"empty") from None
        finally:
            self.payload = b"".join(parts)
        if over:
            raise Failed(b"oversized")
        if not have:
            raise Failed(b"empty")

    def header(self) -> bytes:
        """The request's header."""
        entries = [b"agent=" + self.agent]
        if self.event:
            entries.append(b"event=" + self.event)
        entries += [b"pid=%d" % system.getpid(), b"parent=%d" % system.getppid(), b"client=python"]
        entries += working_folder()
        size = sum(map(len, entries)) + len(entries)
        environment: dict[bytes, bytes] = system.environ
        for name in self.conf.variables:
            value = environment.get(name)
            if value is None:
                continue
            entry = b"env." + name + b"=" + value
            if len(value) > MAX_VALUE or size + len(entry) + 1 > MAX_HEADER:
                entry = b"omitted=" + name
            if size + len(entry) + 1 <= MAX_HEADER:
                entries.append(entry)
                size += len(entry) + 1
        return b"\0".join(entries) + b"\0"

    def ask(self) -> tuple[int, bytes, bytes]:
        """The daemon's answer: exit code, stdout, stderr."""
        header = self.header()
        try:
            import _socket  # a failure to load it is a failure like others
        except ImportError:
            raise Failed(b"absent") from None
        if not hasattr(_socket, "AF_UNIX") or not hasattr(system, "fchdir"):
            raise Failed(b"absent")
        folder, _, name = self.conf.socket.rpartition(b"/")
        if not folder or not name:
            raise Failed(b"absent")
        try:
            # Entered by the descriptor that was looked at: nobody can put another folder there in between, and the
            # socket's address stays short.
            opened = system.open(folder, system.O_RDONLY | system.O_DIRECTORY | system.O_CLOEXEC | system.O_NONBLOCK)
            status = system.fstat(opened)
            if status.st_uid != system.geteuid() or status.st_mode & 0o777 != 0o700:
                raise Failed(b"untrusted")
            system.fchdir(opened)
        except PermissionError:
            raise Failed(b"untrusted") from None
        except OSError:
            raise Failed(b"absent") from None
        daemon = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
        try:
            daemon.connect(name)
        except OSError:
            raise Failed(b"absent") from None
        if peer_user(_socket, daemon) != system.geteuid():
            raise Failed(b"untrusted")
        try:
            daemon.sendall(b"SGQ1" + len(header).to_bytes(4, "big") + len(self.payload).to_bytes(4, "big") + header)
            daemon.sendall(self.payload)
        except OSError:
            pass  # a daemon that answers without having read all is still believed: it is the same user's
        return self.receive(daemon)

    def receive(self, daemon: "Any") -> tuple[int, bytes, bytes]:
        """One whole answer frame."""
        data = bytearray()
        wanted = 16
        while len(data) < wanted:
            try:
                got = daemon.recv(1 << 16)
            except OSError:
                raise Failed(b"broken") from None
            data += got
            if not got or data[:4] != b"SGA1"[: len(data)]:
                raise Failed(b"broken")
            if wanted == 16 and len(data) >= 16:
                code, out, err = (int.from_bytes(data[at : at + 4], "big") for at in (4, 8, 12))
                if code > 255 or out + err > MAX_ANSWER:
                    raise Failed(b"broken")
                wanted = 20 + out + err
        if data[wanted - 4 : wanted] != b"1AGS":
            raise Failed(b"broken")
        return code, bytes(data[16 : 16 + out]), bytes(data[16 + out : 16 + out + err])

    def alone(self, failure: bytes) -> tuple[int, bytes, bytes]:
        """The answer that hook.conf has for this failure, after a line in the spool."""
        found = self.conf.fallbacks.get(failure)
        closed = found is None or found[1]
        if not self.record(failure, closed) and not closed:
            found = self.conf.fallbacks.get(b"unrecorded")
        return (2, b"", REFUSED) if found is None else found[2:]

    def record(self, failure: bytes, closed: bool) -> bool:
        """One line for a decision that the daemon does not know of. False where it was neither written nor counted."""
        try:
            line = (
                b'{"time":"%s","agent":"%s","event":"%s","failure":"%s","verdict":"%s","bytes":%d,"sha256":"%s"}\n'
                % (
                    time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()).encode(),
                    self.agent,
                    self.event,
                    failure,
                    b"closed" if closed else b"open",
                    len(self.payload),
                    digest(self.payload),
                )
            )
            if append(self.conf.spool, line, self.conf.spool_limit):
                return True
            # Full. The file beside it is as long as the number of lines that did not fit.
            return append(self.conf.spool + b".dropped", b".", 1 << 30)
        except (OSError, MemoryError):
            return False


def append(path: bytes, line: bytes, limit: int) -> bool:
    """Append to a file of our own. False where it would grow over `limit`; OSError where it cannot be written."""
    flags = system.O_WRONLY | system.O_APPEND | system.O_CREAT
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY"):
        flags |= getattr(system, name, 0)
    file = system.open(path, flags, 0o600)
    try:
        status = system.fstat(file)
        if status.st_mode & 0o170000 != 0o100000:
            raise OSError
        if hasattr(system, "geteuid") and status.st_uid != system.geteuid():
            raise OSError
        if status.st_size + len(line) > limit:
            return False
        if system.write(file, line) != len(line):
            raise OSError
    finally:
        system.close(file)
    return True


def digest(data: bytes) -> bytes:
    """SHA-256 in hexadecimal digits; empty where this Python has none compiled in."""
    for name in ("_sha256", "_sha2", "_hashlib"):
        try:
            module = __import__(name)
        except ImportError:
            continue
        made = module.openssl_sha256(data) if name == "_hashlib" else module.sha256(data)
        return str(made.hexdigest()).encode()
    return b""


def working_folder() -> list[bytes]:
    """The header's entry for the working folder; nothing where it is gone or too long."""
    try:
        path: bytes = system.getcwdb()
    except OSError:
        return []
    return [b"cwd=" + path] if path.startswith(b"/") and len(path) < MAX_PATH else []


def peer_user(sockets: "Any", daemon: "Any") -> int:
    """User id of the process on the other side; -1 where the system does not tell."""
    try:
        if hasattr(sockets, "SO_PEERCRED"):  # Linux: struct ucred {pid, uid, gid}
            found = daemon.getsockopt(sockets.SOL_SOCKET, sockets.SO_PEERCRED, 12)
            return int.from_bytes(found[4:8], sys.byteorder) if len(found) == 12 else -1
        found = daemon.getsockopt(0, 1, 76)  # macOS, FreeBSD: SOL_LOCAL, LOCAL_PEERCRED, struct xucred
        return int.from_bytes(found[4:8], sys.byteorder) if len(found) >= 8 else -1
    except OSError:
        return -1


def own_descriptors() -> set[int]:
    """Descriptors 0, 1 and 2 exist afterwards and no others; which of the three were closed."""
    closed = set()
    for number in range(3):
        try:
            system.fstat(number)
        except OSError:
            closed.add(number)
            system.open(getattr(system, "devnull", "/dev/null"), system.O_RDWR)
    try:
        for name in system.listdir("/dev/fd"):
            if int(name) > 2:
                close(int(name))
    except (OSError, ValueError):
        if hasattr(system, "closerange"):
            system.closerange(3, 65536)
    return closed


def close(descriptor: int) -> None:
    """Close it, whether or not it is open."""
    try:
        system.close(descriptor)
    except OSError:
        return


def write_all(descriptor: int, data: bytes) -> bool:
    """All of `data`; False where it cannot be delivered."""
    try:
        while data:
            try:
                data = data[system.write(descriptor, data) :]
            except BlockingIOError:
                time.sleep(PAUSE)
    except (OSError, Failed):
        return False
    return True


def answer(code: int, out: bytes, err: bytes, closed: set[int]) -> None:
    """The only way out. An answer that cannot be delivered whole must not look like one that allows."""

    def late(number: int, frame: object) -> None:
        raise Failed

    if hasattr(_signal, "setitimer"):
        for name in ENDING:
            _signal.signal(getattr(_signal, name), _signal.SIG_IGN)
        _signal.setitimer(_signal.ITIMER_REAL, GRACE, 0.02)
        _signal.signal(_signal.SIGALRM, late)
    lost = bool(out) and (1 in closed or not write_all(1, out))
    if err and 2 not in closed:
        write_all(2, err)
    system._exit(2 if lost else code)


def main() -> None:
    """Answer one event. Never returns."""
    begun = time.monotonic()
    closed: set[int] = set()
    reply = (2, b"", REFUSED)
    try:
        closed = own_descriptors()
        words = [word.encode("utf-8", "surrogateescape") for word in sys.argv[1:]]
        if words == [b"--version"]:
            reply = (0, b"spawngate-hook 1\n", b"")
        elif len(words) > 2 or not all(map(is_name, words)):
            reply = (2, b"", MISUSED)
        else:
            reply = decide(words[0] if words else UNNAMED, words[1] if len(words) == 2 else b"", closed, begun)
    except BaseException:  # noqa: BLE001  whatever it is, the answer is no
        reply = (2, b"", REFUSED)
    answer(*reply, closed)


def decide(agent: bytes, event: bytes, closed: set[int], begun: float) -> tuple[int, bytes, bytes]:
    """The daemon's answer, or our own."""
    try:
        conf = read_conf(agent, event)
    except Unusable:
        return 2, b"", REFUSED
    client = Client(agent, event, conf, closed)
    try:
        client.own_signals(begun)
        client.read_event()
        reply = client.ask()
        client.asking = False
        return reply
    except Failed as failed:
        client.asking = False
        failure: bytes = failed.args[0]
    except BaseException:  # noqa: BLE001  a defect of ours, or no memory: the configured answer
        client.asking = False
        failure = b"internal"
    return client.alone(failure)


if __name__ == "__main__":
    main()
