"""The frames between a hook client and the daemon: one request and one answer on a connection. docs/hook-protocol.md.

Belongs here: encoding and decoding of whole frames, and how many bytes a frame still needs.
Must not be here: sockets, deadlines, and what a payload means. native/core.c and endpoint/client/hook_client.py
speak the same frames by their own code; tests/native holds the three against each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from spawngate.model.call import HookReply

REQUEST_MAGIC = b"SGQ1"
ANSWER_MAGIC = b"SGA1"
ANSWER_END = b"1AGS"
REQUEST_PREFIX = 12
"""Bytes before a request's header: magic and two lengths."""
ANSWER_PREFIX = 16
"""Bytes before an answer's stdout: magic, exit code and two lengths."""
MAX_HEADER = 64 << 10
"""Bytes of a request's header."""
MAX_PAYLOAD = 16 << 20
"""Bytes of a request's payload where the configuration says nothing else."""
MAX_ANSWER = 1 << 20
"""Bytes of stdout and stderr of an answer together."""
MAX_EXIT_CODE = 255


class WireError(Exception):
    """These bytes are no frame, and no further bytes make them one. The message holds no content."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a hook client asks."""

    agent: str
    """The agent that the client's registered arguments name."""
    event: str = ""
    """The second registered argument; empty where there is none."""
    pid: int = 0
    """Process id of the client as it says itself; 0 where it does not."""
    parent: int = 0
    """Process id of the client's parent: the agent, or a shell between."""
    cwd: str = ""
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The variables that the client's configuration lists, where they are set. `omitted` ones are not in it."""
    client: str = ""
    """`native` or `python`."""
    omitted: tuple[str, ...] = ()
    """Listed variables whose value was too long to send."""
    payload: bytes = field(default=b"", repr=False)


def encode_request(request: Request) -> bytes:
    """One whole request frame. Raises WireError where a value holds a NUL or the header is over its limit."""
    entries = [("agent", request.agent)]
    if request.event:
        entries.append(("event", request.event))
    if request.pid:
        entries.append(("pid", str(request.pid)))
    if request.parent:
        entries.append(("parent", str(request.parent)))
    if request.client:
        entries.append(("client", request.client))
    if request.cwd:
        entries.append(("cwd", request.cwd))
    entries.extend((f"env.{name}", value) for name, value in request.environment.items())
    entries.extend(("omitted", name) for name in request.omitted)
    if any("\0" in value or "\0" in name or "=" in name for name, value in entries):
        raise WireError("an entry of the header holds a byte that ends it")
    header = b"".join(f"{name}={value}".encode("utf-8", "surrogateescape") + b"\0" for name, value in entries)
    if len(header) > MAX_HEADER:
        raise WireError("the header is too long")
    return (
        REQUEST_MAGIC
        + len(header).to_bytes(4, "big")
        + len(request.payload).to_bytes(4, "big")
        + header
        + request.payload
    )


def request_length(data: bytes, max_payload: int = MAX_PAYLOAD) -> int | None:
    """Bytes of the whole request frame that `data` begins; None where `data` does not tell yet.

    Raises WireError as soon as the bytes cannot become a request within the limits.
    """
    if data[:4] != REQUEST_MAGIC[: len(data)]:
        raise WireError("not a request")
    if len(data) < REQUEST_PREFIX:
        return None
    header, payload = int.from_bytes(data[4:8], "big"), int.from_bytes(data[8:12], "big")
    if header > MAX_HEADER:
        raise WireError("the header is too long")
    if payload > max_payload:
        raise WireError("the payload is too long")
    return REQUEST_PREFIX + header + payload


def decode_request(data: bytes, max_payload: int = MAX_PAYLOAD) -> Request:
    """The request of one whole frame. Raises WireError for anything else, too few and too many bytes included.

    Entries with names that are not known are passed over; of equal names the first counts.
    """
    length = request_length(data, max_payload)
    if length is None or length != len(data):
        raise WireError("not one whole request")
    end = REQUEST_PREFIX + int.from_bytes(data[4:8], "big")
    entries: dict[str, str] = {}
    omitted: list[str] = []
    header = data[REQUEST_PREFIX:end].decode("utf-8", "surrogateescape")
    if header and header[-1] != "\0":
        raise WireError("the header's last entry has no end")
    for entry in header.split("\0")[:-1]:
        name, equals, value = entry.partition("=")
        if not equals or not name:
            raise WireError("an entry of the header has no name")
        if name == "omitted":
            omitted.append(value)
        else:
            entries.setdefault(name, value)
    if not entries.get("agent"):
        raise WireError("the header names no agent")
    return Request(
        agent=entries["agent"],
        event=entries.get("event", ""),
        pid=_number(entries.get("pid", "")),
        parent=_number(entries.get("parent", "")),
        cwd=entries.get("cwd", ""),
        environment={name[4:]: value for name, value in entries.items() if name.startswith("env.") and name[4:]},
        client=entries.get("client", ""),
        omitted=tuple(omitted),
        payload=data[end:],
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 11 else 0


def encode_answer(reply: HookReply) -> bytes:
    """One whole answer frame. Raises WireError where the reply is over the limits."""
    if len(reply.stdout) + len(reply.stderr) > MAX_ANSWER:
        raise WireError("the answer is too long")
    if not 0 <= reply.exit_code <= MAX_EXIT_CODE:
        raise WireError("no such exit code")
    return (
        ANSWER_MAGIC
        + reply.exit_code.to_bytes(4, "big")
        + len(reply.stdout).to_bytes(4, "big")
        + len(reply.stderr).to_bytes(4, "big")
        + reply.stdout
        + reply.stderr
        + ANSWER_END
    )


def answer_length(data: bytes) -> int | None:
    """Bytes of the whole answer frame that `data` begins; None where `data` does not tell yet.

    Raises WireError as soon as the bytes cannot become an answer.
    """
    if data[:4] != ANSWER_MAGIC[: len(data)]:
        raise WireError("not an answer")
    if len(data) < ANSWER_PREFIX:
        return None
    code, out, err = (int.from_bytes(data[at : at + 4], "big") for at in (4, 8, 12))
    if code > MAX_EXIT_CODE:
        raise WireError("no such exit code")
    if out + err > MAX_ANSWER:
        raise WireError("the answer is too long")
    return ANSWER_PREFIX + out + err + len(ANSWER_END)


def decode_answer(data: bytes) -> HookReply:
    """The reply of one whole frame. Raises WireError for anything else, too few and too many bytes included."""
    length = answer_length(data)
    if length is None or length != len(data):
        raise WireError("not one whole answer")
    if data[-4:] != ANSWER_END:
        raise WireError("the answer does not end as it must")
    between = ANSWER_PREFIX + int.from_bytes(data[8:12], "big")
    return HookReply(
        stdout=data[ANSWER_PREFIX:between], stderr=data[between:-4], exit_code=int.from_bytes(data[4:8], "big")
    )
