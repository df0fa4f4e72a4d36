"""Settings of destinations: typed, validated with errors that say what and where, secrets marked.

Must not be here: the settings of one destination (beside it), sealing of secrets (`server.deliver.secrets`), routes.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

import msgspec

from spawngate.model.errors import UsageError
from spawngate.routing.addresses import allowed
from spawngate.routing.addresses import is_host as is_host

Secret = Annotated[str, msgspec.Meta(extra={"secret": True})]
"""A text that is sealed where it is stored and shown nowhere."""
SHOWN = "(set)"
"""Stands for a secret that is set, wherever settings are shown."""
SECRET = "(secret)"
"""Stands for one where a server repeated it."""
_SHORTEST = 6
_BAD = re.compile(r"[\x00-\x20\x7f\\]")


S = TypeVar("S", bound="Settings")


class SettingsError(UsageError):
    """A setting is wrong. `where` is its dotted path."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}" if where else problem)
        self.where, self.problem = where, problem


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every destination's settings. What goes for all that reach out over a network stands here."""

    allow_internal: tuple[str, ...] = ()
    """Hosts, addresses or networks (CIDR) inside the organisation that this destination may reach."""
    ca_file: str = ""
    """PEM file with the private authority that signed the server's certificate; empty: the system's."""
    certificate_file: str = ""
    """PEM file with a client certificate (and what signed it), for servers that ask for one."""
    key_file: str = ""
    """PEM file with its key, not encrypted; empty: it is in `certificate_file`."""
    proxy: str = ""
    """`http://host:port` of a proxy that tunnels (CONNECT). The environment's is never used."""
    timeout_seconds: float = 15.0
    """For one request, from the look-up of the name to the end of the answer."""

    def problems(self) -> Mapping[str, str]:
        """Wrong settings by name. Overridden by destinations, which add `super().problems()`."""
        found: dict[str, str] = {}
        if not 0.1 <= self.timeout_seconds <= 300:
            found["timeout_seconds"] = "must be between 0.1 and 300"
        if self.key_file and not self.certificate_file:
            found["key_file"] = "is of no use without certificate_file"
        if self.proxy and url_problem(self.proxy, ("http",)):
            found["proxy"] = url_problem(self.proxy, ("http",))
        try:
            allowed(self.allow_internal)
        except ValueError as error:
            found["allow_internal"] = str(error)
        return found

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in shown(self).items())
        return f"{type(self).__name__}({values})"


def secret_fields(settings: type[Settings]) -> frozenset[str]:
    """Names of the fields that are marked as secrets."""
    return frozenset(name for name, hint in get_type_hints(settings, include_extras=True).items() if _is_secret(hint))


def _is_secret(hint: Any) -> bool:
    if get_origin(hint) is Annotated:
        marks = get_args(hint)[1:]
        if any(isinstance(mark, msgspec.Meta) and (mark.extra or {}).get("secret") for mark in marks):
            return True
    return any(_is_secret(part) for part in get_args(hint))


def shown(settings: Settings) -> dict[str, Any]:
    """The settings as they may be seen: every secret that is set is replaced by `(set)`, and so is the query of an
    address, in which some receivers want a token."""
    hidden = secret_fields(type(settings))
    found: dict[str, Any] = {}
    for name in settings.__struct_fields__:
        value = getattr(settings, name)
        if name in hidden:
            value = SHOWN if value else ""
        elif isinstance(value, str) and "://" in value and "?" in value:
            value = f"{value.partition('?')[0]}?{SHOWN}"
        found[name] = value
    return found


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """Texts that must stand nowhere: every secret that is set, and parts of an address that is one.

    Longest first, without those so short that they stand in any sentence.
    """
    found: set[str] = set()
    for name in secret_fields(type(settings)):
        for text in texts(getattr(settings, name)):
            found.add(text)
            if "://" in text:
                parts = urlsplit(text)
                found |= {parts.path, parts.query, f"{parts.path}?{parts.query}"}
    return tuple(sorted((text for text in found if len(text) >= _SHORTEST), key=lambda text: (-len(text), text)))


def concealed(text: str, secrets: Sequence[str]) -> str:
    """A text of somebody else's without our secrets, which servers like to repeat in their errors."""
    for secret in secrets:
        text = text.replace(secret, SECRET)
    return text


def texts(value: object) -> Iterator[str]:
    """Every text in a value of a setting, names of mappings left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, Sequence):
        for each in value:
            yield from texts(each)


def decode(kind: type[S], given: Mapping[str, Any], where: str) -> S:
    """Settings of a destination from a table. Raises SettingsError with the place of the first wrong one.

    No message holds a value, because it may be a secret that stands in the wrong place.
    """
    try:
        settings = msgspec.convert(dict(given), kind)
    except msgspec.ValidationError as error:
        raise _placed(str(error), where, kind) from None
    for name, problem in settings.problems().items():
        raise SettingsError(f"{where}.{name}" if where else name, problem)
    return settings


def _placed(message: str, where: str, kind: type[Settings]) -> SettingsError:
    """What msgspec says, with the place in front and, for an unknown name, the names that there are."""
    problem, _, at = message.partition(" - at `$")
    place = f"{where}{at.rstrip('`')}".strip(".") if at else where
    if "unknown field" in problem:
        names = ", ".join(sorted(kind.__struct_fields__))
        problem = problem.replace("Object contains unknown field", "there is no setting") + f"; there are {names}"
    elif problem.startswith("Invalid enum value"):
        problem = "is none of the values that it may have"
    elif "missing required field" in problem:
        problem = problem.replace("Object missing required field", "a setting is missing:")
    return SettingsError(place, problem)


def url_problem(url: str, schemes: tuple[str, ...] = ("https", "http")) -> str:
    """What is wrong with an address; empty where nothing is. Whether it may be reached is the guard's matter."""
    if _BAD.search(url):
        return "must not hold blanks, control characters or backslashes"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "is no URL"
    if parts.scheme not in schemes:
        return f"must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}"
    if parts.username is not None or parts.password is not None:
        return "must not hold a user or password; there are settings for these"
    if parts.fragment:
        return "must not hold a fragment (#)"
    host = parts.hostname or ""
    if not is_host(host) or port == 0:
        return "has no host or port that could be asked"
    return ""
