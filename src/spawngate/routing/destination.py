"""What a destination is: values that go out, answers that come back, and what these mean. No network.

A destination is one file in `routing/destinations/` with a `DESTINATION` value. Its `exchange` is a generator: it
yields what is to be carried out (`Outgoing`), is sent what came back (`Answer`), and returns the `Outcome`. One request
and its answer are the usual case (`single`); a search before a create, or a token before a batch, are more steps.
The shells in `server/deliver` drive it, so that time limits, the guard of addresses, retries, dead letters and counters
stand once and not in every destination.

Must not be here: formats of a vendor (`routing.destinations`), sending (`server.deliver`), when to retry
(`routing.backoff`), which events go where (`routing.route`).
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import msgspec

from spawngate.routing.backoff import http_date, read_retry_after
from spawngate.routing.settings import Settings

LONGEST_REASON = 500
"""Characters of a vendor's words that are kept with a delivery."""


class Item(Protocol):
    """One stored event, as `server.store.port.Entry` has it."""

    @property
    def endpoint(self) -> str: ...
    @property
    def stream(self) -> str: ...
    @property
    def sequence(self) -> int: ...
    @property
    def time(self) -> str: ...
    @property
    def received(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def record(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Batch:
    """What a stream destination is given: events in the order of their arrival."""

    route: str
    id: str
    """The same for every attempt with the same events."""
    items: tuple[Item, ...]


# What goes out --------------------------------------------------------------------------------------------------------


class HttpRequest(msgspec.Struct, frozen=True, tag="http"):
    """One request. Redirects are never followed."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    """Without Host, Content-Length, Connection and User-Agent, which the shell sets."""
    body: bytes = b""
    largest: int = 1 << 20
    """Bytes of the answer's body that are read."""


class TcpLines(msgspec.Struct, frozen=True, tag="tcp"):
    """Frames for one connection, complete with what delimits them."""

    host: str
    port: int
    frames: tuple[bytes, ...]
    tls: bool = True


class Mail(msgspec.Struct, frozen=True, tag="mail"):
    """One mail for one server."""

    host: str
    port: int
    security: Literal["starttls", "tls", "plain"]
    """`plain` sends neither password nor mail encrypted, for a relay on the same machine."""
    sender: str
    recipients: tuple[str, ...]
    message: bytes
    """RFC 5322, lines ended by CRLF."""
    user: str = ""
    password: str = ""


class FileLines(msgspec.Struct, frozen=True, tag="file"):
    """Lines at the end of a file, durable before the answer."""

    path: str
    lines: tuple[bytes, ...]
    """Each complete with its newline."""
    rotate_bytes: int = 0
    """A file that would grow beyond is renamed first; 0: never."""
    keep: int = 0
    """Renamed files that are kept; 0: all."""


Outgoing = HttpRequest | TcpLines | Mail | FileLines


# What comes back ------------------------------------------------------------------------------------------------------


class HttpAnswer(msgspec.Struct, frozen=True, tag="http"):
    """A complete answer of an HTTP server."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    """Names in lower case."""
    body: bytes = b""
    cut: bool = False
    """The body was longer than was read."""

    def header(self, name: str) -> str:
        """The first value of a header; empty where it is not there."""
        return next((value for key, value in self.headers if key == name.lower()), "")


class Done(msgspec.Struct, frozen=True, tag="done"):
    """Frames, lines or a mail were taken as a whole."""

    refused: tuple[tuple[str, str], ...] = ()
    """Recipients that a mail server did not take, and its words."""


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """It was not carried out, or nobody knows whether it was."""

    cause: Literal["address", "connect", "tls", "timeout", "protocol", "login", "rejected", "write", "setting"]
    """`address`: the guard refused it. `login`, `rejected`: the other side said no for good. `setting`: ours is wrong.
    """
    reason: str
    code: int = 0
    """Of an SMTP server."""
    sent: bool = False
    """The other side may have acted on it."""


Answer = HttpAnswer | Done | Failed


# What it means --------------------------------------------------------------------------------------------------------


State = Literal["delivered", "retry", "refused"]
Blame = Literal["", "content", "destination", "setting"]


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """What became of one item of a batch that fared otherwise than the rest."""

    index: int
    state: State
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an attempt came to.

    `delivered`; `retry`: later again, as a whole; `refused`: this content will never be taken, so it becomes a dead
    letter and the next goes on.
    """

    state: State
    reason: str = ""
    """For people. Never holds a secret."""
    after: float | None = None
    """Seconds that the other side asks to wait."""
    blame: Blame = ""
    """`destination`: it is down or overloaded, so others wait with this one. `setting`: the same, until somebody mends
    the credentials or the address. `content`: only this one is concerned."""
    items: tuple[ItemOutcome, ...] = ()
    """Items of a batch that fared otherwise than `state`."""
    remember: Mapping[str, str] = field(default_factory=dict)
    """Added to what is remembered of this group or route, and stored: the key of an issue, the id of a thread."""
    hold: Mapping[str, str] = field(default_factory=dict)
    """Added to what the process holds for this destination and never stores: a token and until when it holds."""


@dataclass(frozen=True, slots=True)
class Context:
    """What surrounds an attempt."""

    now: str
    """RFC 3339, UTC."""
    attempt: int = 1
    remembered: Mapping[str, str] = field(default_factory=dict)
    held: Mapping[str, str] = field(default_factory=dict)


Exchange = Generator[Outgoing, Answer, Outcome]


@dataclass(frozen=True, slots=True)
class Destination:
    """One kind of destination.

    `exchange(settings, load, context)`; the load is a Notice or a Batch, as `kind` tells.
    """

    name: str
    """As a destination's `type` names it."""
    kind: Literal["notify", "stream"]
    settings: type[Settings]
    exchange: Callable[[Any, Any, Context], Exchange]
    title: str = ""
    spacing: float = 0.0
    """Seconds between two notices that the vendor asks for."""


def single(
    render: Callable[[Any, Any, Context], Sequence[Outgoing]],
    read: Callable[[Any, Outgoing, Answer], Outcome],
) -> Callable[[Any, Any, Context], Exchange]:
    """An exchange of one request after another, each read by itself; the first that is not delivered ends it."""

    def exchange(settings: Any, load: Any, context: Context) -> Exchange:
        outcome = Outcome("delivered")
        for outgoing in render(settings, load, context):
            answer = yield outgoing
            outcome = read(settings, outgoing, answer)
            if outcome.state != "delivered":
                return outcome
        return outcome

    return exchange


def failed(answer: Failed) -> Outcome:
    """The usual meaning of something that was not carried out."""
    reason = f"{answer.cause}: {answer.reason}"[:LONGEST_REASON]
    if answer.cause in ("address", "setting", "login"):
        return Outcome("retry", reason, blame="setting")
    if answer.cause == "rejected":
        return Outcome("refused", reason, blame="content")
    return Outcome("retry", reason, blame="destination")


def http_outcome(answer: Answer, said: str = "", now: str = "") -> Outcome:
    """The usual meaning of an answer: 2xx delivered; 408, 425, 429 and 5xx later again; 401, 403, 404, 407, 410 and
    redirects a wrong setting; other 4xx a refusal of this content. `said`: the vendor's words, if they were found.

    `now`: from when a Retry-After counts that names a date.
    """
    if isinstance(answer, Failed):
        return failed(answer)
    if not isinstance(answer, HttpAnswer):
        return Outcome("retry", "no answer of an HTTP server", blame="destination")
    status = answer.status
    if 200 <= status < 300:
        return Outcome("delivered", f"{status}")
    reason = f"HTTP {status}" + (f": {said}" if said else "")
    reason = reason[:LONGEST_REASON]
    if status in (408, 425, 429) or status >= 500:
        # 501 and 505 say that this server will never do it: a wrong address, which no waiting mends.
        blame: Blame = "setting" if status in (501, 505) else "destination"
        return Outcome("retry", reason, retry_after(answer, now), blame)
    if status in (401, 403, 404, 405, 407, 410) or status < 400:
        return Outcome("retry", reason, retry_after(answer, now), "setting")
    return Outcome("refused", reason, blame="content")


def interface_outcome(answer: Answer, said: str = "", now: str = "") -> Outcome:
    """As `http_outcome`, for an interface that never answers with a web page: where one comes with 2xx, something else
    (a portal, a sign-in, a proxy's notice) answered in its place, and nothing was taken."""
    outcome = http_outcome(answer, said, now)
    if outcome.state == "delivered" and isinstance(answer, HttpAnswer):
        kind = answer.header("content-type").partition(";")[0].strip().lower()
        if kind in ("text/html", "application/xhtml+xml"):
            reason = f"HTTP {answer.status}: a web page answered in the place of the interface"
            return Outcome("retry", reason, blame="setting")
    return outcome


def retry_after(answer: HttpAnswer, now: str = "") -> float | None:
    """Seconds of a Retry-After header (RFC 9110 10.2.3: seconds or a date); None where none can be used. Without
    `now` a date counts from the answer's own."""
    return read_retry_after(answer.header("retry-after"), now or http_date(answer.header("date")))
