"""SHELL. What the relay asks, read from foreign bytes into bounded values; and what it is answered.

Must not be here: what follows from it (`starts`, `service`).
"""

import json
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from spawngate.model.call import HookReply
from spawngate.model.json import Json

AGENT = "+launch"
"""What stands for the agent in a request of the relay; no agent's id begins with a plus."""
SCHEMA_VERSION = 1
MAX_WORDS = 4_096
MAX_NAME = 512
MAX_URL = 8_192
_Asked = TypeVar("_Asked")


class Start(msgspec.Struct, frozen=True):
    """The relay wants to start a server, or the proxy to connect to one: a command or an address."""

    command: str = ""
    schema_version: int = SCHEMA_VERSION
    id: str = ""
    args: tuple[str, ...] = ()
    cwd: str = ""
    env: dict[str, str] = {}
    """Variables that may change what runs, with their values."""
    env_names: tuple[str, ...] = ()
    """Names of all others."""
    parent: int = 0
    url: str = ""
    header_names: tuple[str, ...] = ()
    """Names of the headers that go to the address with every request."""


class Probed(msgspec.Struct, frozen=True):
    """How probation went."""

    launch: str
    outcome: str
    detail: str = ""
    era: str = ""
    server: Any = None
    instructions: str | None = None
    tools: tuple[Any, ...] | None = None
    layers: tuple[str, ...] = ()
    """The walls that held around it."""


class Call(msgspec.Struct, frozen=True):
    """The agent calls a tool."""

    launch: str
    tool: str
    arguments: Any = None


class Tools(msgspec.Struct, frozen=True):
    """The server listed its tools."""

    launch: str
    tools: tuple[Any, ...] | None = None
    """All of the list so far; None where only the instructions are known."""
    instructions: str | None = None
    more: bool = False
    """Pages of the list are missing."""


class Told(msgspec.Struct, frozen=True):
    """The server said something to the agent, which has it already."""

    launch: str
    partial: bool = False
    """Not all that it said."""


class End(msgspec.Struct, frozen=True):
    """The server ended."""

    launch: str
    exit: int | None = None
    signal: int | None = None
    killed: int = 0
    reason: str = ""
    messages: int = 0


class NotUnderstoodError(Exception):
    """The bytes are no request. The message names fields and holds no value."""


def understood(payload: bytes, type_: type[_Asked]) -> _Asked:
    """The request. Raises NotUnderstoodError."""
    try:
        # The standard library's reader: names and words of a process need not be UTF-8, and come as lone surrogates.
        asked = msgspec.convert(json.loads(payload), type_)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        # Messages of msgspec name types and places, and quote nothing.
        told = str(error) if isinstance(error, msgspec.ValidationError) else "it is no JSON object"
        raise NotUnderstoodError(told[:200]) from None
    if isinstance(asked, Start):
        if asked.schema_version != SCHEMA_VERSION:
            raise NotUnderstoodError("schema_version is not 1")
        if bool(asked.command) == bool(asked.url):
            raise NotUnderstoodError("there is no command" if not asked.command else "there are command and address")
        if len(asked.args) > MAX_WORDS or len(asked.header_names) > MAX_WORDS:
            raise NotUnderstoodError("there are too many arguments")
        if asked.url and not (asked.url.isascii() and asked.url.isprintable() and len(asked.url) <= MAX_URL):
            raise NotUnderstoodError("the address is no URL")
        if any("\0" in word for word in (asked.command, *asked.args, asked.cwd)):
            raise NotUnderstoodError("a word holds a NUL")
    return asked


def told(payload: bytes) -> tuple[Told, bytes]:
    """The request of a `told`: one line of JSON, and after it lines of the protocol as they are.

    Raises NotUnderstoodError.
    """
    head, _, lines = payload.partition(b"\n")
    return understood(head, Told), lines


def answer(value: Mapping[str, Json]) -> HookReply:
    """The answer as the relay gets it."""
    # ASCII with escapes: a path of bytes that are no UTF-8 comes back as it went.
    return HookReply(stdout=json.dumps(value, separators=(",", ":")).encode("ascii"))


def arguments_of(value: Any) -> Mapping[str, Json]:
    """The arguments of a call; what is no map stands under an empty name, so that it is looked at all the same."""
    if value is None:
        return {}
    return value if isinstance(value, Mapping) else {"": value}
