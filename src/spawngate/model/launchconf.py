"""launch.conf: what a launcher needs to know, in a small file beside its program.

Belongs here: the file's text from and to values. Must not be here: files (`endpoint.launcher.place`). The relay loads
this module before every server's start, so it imports nothing; native/launchconf.c reads the same text by its own code.

    spawngate-launch 1
    interpreter PATH      absolute path of the Python that runs the relay
    relay PATH            absolute path of the relay's main file
    socket PATH           the daemon's socket; {uid} stands for the user's number, in every path
    spool PATH            the file that holds one line for every decision that a launcher took alone
    deadline-ms NUMBER    milliseconds that one answer of the daemon may take
    spool-limit NUMBER    bytes of the spool
    failure open|closed   what happens where the daemon gives no answer
    end

Words are written as in hook.conf (`model.hookconf`): bytes outside printable ASCII and `%` `{` `}` `#` as %XX.
"""

VERSION = 1
MAX_CONF = 256 << 10
"""Bytes of the file that a launcher reads."""
MAX_PATH = 4095
MAX_DEADLINE_MS = 60_000
MAX_SPOOL = 1 << 30
_PATHS = ("interpreter", "relay", "socket", "spool")
_NAMES = (*_PATHS, "deadline-ms", "spool-limit", "failure")
_PLAIN = frozenset(range(0x21, 0x7F)) - frozenset(b"%{}#")
_HEX = frozenset("0123456789abcdefABCDEF")


class LaunchConfError(Exception):
    """The text is no launch.conf. The message names the directive, never its content."""


class LaunchConf:
    """The whole file. `closed`: without the daemon nothing is started and no call goes on."""

    __slots__ = ("closed", "deadline_ms", "interpreter", "relay", "socket", "spool", "spool_limit")

    def __init__(
        self,
        interpreter: str,
        relay: str,
        socket: str,
        spool: str,
        deadline_ms: int = 1500,
        spool_limit: int = 1 << 20,
        closed: bool = True,
    ) -> None:
        self.interpreter = interpreter
        self.relay = relay
        self.socket = socket
        self.spool = spool
        self.deadline_ms = deadline_ms
        self.spool_limit = spool_limit
        self.closed = closed

    def _values(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LaunchConf) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash(self._values())

    def __repr__(self) -> str:
        return f"LaunchConf{self._values()!r}"


def render(conf: LaunchConf) -> bytes:
    """The file's bytes. Raises ValueError for values that no launcher would accept."""
    lines = [f"spawngate-launch {VERSION}"]
    lines += [f"{name} {_quote_path(getattr(conf, name))}" for name in _PATHS]
    lines += [
        f"deadline-ms {_within(conf.deadline_ms, 1, MAX_DEADLINE_MS)}",
        f"spool-limit {_within(conf.spool_limit, 0, MAX_SPOOL)}",
        f"failure {'closed' if conf.closed else 'open'}",
    ]
    return "\n".join([*lines, "end", ""]).encode("ascii")


def parse(data: bytes) -> LaunchConf:
    """The file's values. Raises LaunchConfError, and nothing else, for what a launcher would not accept."""
    if len(data) > MAX_CONF:
        raise LaunchConfError("too long")
    if b"\0" in data or not data.isascii():
        raise LaunchConfError("a byte that has to be written as %XX")
    lines = data.decode("ascii").split("\n")
    if lines[0] != f"spawngate-launch {VERSION}":
        raise LaunchConfError("not a launch.conf of this version")
    if len(lines) < 3 or lines[-2:] != ["end", ""]:
        raise LaunchConfError("the last line is not `end`")
    values: dict[str, str] = {}
    for line in lines[1:-2]:
        if not line or line.startswith("#"):
            continue
        name, _, word = line.partition(" ")
        if name not in _NAMES or name in values or not word or " " in word:
            raise LaunchConfError("a line is no directive")
        values[name] = word
    for name in _NAMES:
        if name not in values:
            raise LaunchConfError(f"no {name}")
    if values["failure"] not in ("open", "closed"):
        raise LaunchConfError("failure: neither open nor closed")
    return LaunchConf(
        interpreter=_path("interpreter", values),
        relay=_path("relay", values),
        socket=_path("socket", values),
        spool=_path("spool", values),
        deadline_ms=_number("deadline-ms", values, 1, MAX_DEADLINE_MS),
        spool_limit=_number("spool-limit", values, 0, MAX_SPOOL),
        closed=values["failure"] == "closed",
    )


def for_user(path: str, uid: int) -> str:
    """A path of the file for one user."""
    return path.replace("{uid}", str(uid))


def _quote_path(path: str) -> str:
    if not path.startswith("/") or "\0" in path:
        raise ValueError("a path must be absolute")
    parts = path.split("{uid}")
    if len(path.encode("utf-8", "surrogateescape")) + 10 * len(parts) > MAX_PATH:
        raise ValueError("a path is too long")
    return "{uid}".join(_quote(part.encode("utf-8", "surrogateescape")) for part in parts)


def _quote(value: bytes) -> str:
    return "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in value)


def _unquote(word: str) -> bytes:
    plain, *quoted = word.split("%")
    out = plain.encode("ascii")
    for part in quoted:
        if len(part) < 2 or not _HEX.issuperset(part[:2]):
            raise LaunchConfError("a % without two digits")
        out += bytes((int(part[:2], 16),)) + part[2:].encode("ascii")
    if not all(byte == 0x25 or byte in _PLAIN for byte in word.encode("ascii")):
        raise LaunchConfError("a byte that has to be written as %XX")
    return out


def _path(name: str, values: dict[str, str]) -> str:
    try:
        decoded = b"{uid}".join(_unquote(part) for part in values[name].split("{uid}"))
    except LaunchConfError as error:
        raise LaunchConfError(f"{name}: {error}") from None
    if not decoded.startswith(b"/") or b"\0" in decoded:
        raise LaunchConfError(f"{name}: a path must be absolute")
    if len(decoded) > MAX_PATH:
        raise LaunchConfError(f"{name}: a path is too long")
    return decoded.decode("utf-8", "surrogateescape")


def _number(name: str, values: dict[str, str], low: int, high: int) -> int:
    word = values[name]
    if not (word.isascii() and word.isdigit() and len(word) <= 10 and low <= int(word) <= high):
        raise LaunchConfError(f"{name}: not a number within its bounds")
    return int(word)


def _within(number: int, low: int, high: int) -> int:
    if not low <= number <= high:
        raise ValueError("a number is out of its bounds")
    return number
