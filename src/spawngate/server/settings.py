"""SHELL. How a server is set up: a TOML file, variables of the environment over it, and a sound default for the rest.

    [server]    host, port, base, folder, trusted_proxies, drain, public_registry, internal_destinations
    [tls]       certificate, key, client_ca, client ("optional" or "required")
    [database]  url
    [events]    store
    [oidc]      issuer, client_id, client_secret, name, scopes, groups_claim, create, default, groups
    [log]       level

Every text can be `{ env = "NAME" }` or `{ file = "/path" }`, which secrets should be. docs/server.md has the meanings.
Must not be here: opening anything (`opening`), the command line.
"""

import ipaddress
import os
import stat
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from spawngate.endpoint.state import default_folder
from spawngate.model.errors import UsageError
from spawngate.routing.addresses import allowed
from spawngate.server.access import oidc as at_provider
from spawngate.server.access.roles import Role
from spawngate.server.log import Level

PORT = 7338
_LARGEST = 1 << 20
_TEXTS = {
    "SPAWNGATE_SERVER_HOST": ("server", "host"),
    "SPAWNGATE_SERVER_PORT": ("server", "port"),
    "SPAWNGATE_SERVER_BASE": ("server", "base"),
    "SPAWNGATE_SERVER_FOLDER": ("server", "folder"),
    "SPAWNGATE_SERVER_TRUSTED_PROXIES": ("server", "trusted_proxies"),
    "SPAWNGATE_SERVER_DRAIN": ("server", "drain"),
    "SPAWNGATE_SERVER_INTERNAL_DESTINATIONS": ("server", "internal_destinations"),
    "SPAWNGATE_SERVER_TLS_CERTIFICATE": ("tls", "certificate"),
    "SPAWNGATE_SERVER_TLS_KEY": ("tls", "key"),
    "SPAWNGATE_SERVER_TLS_CLIENT_CA": ("tls", "client_ca"),
    "SPAWNGATE_SERVER_DATABASE": ("database", "url"),
    "SPAWNGATE_SERVER_STORE": ("events", "store"),
    "SPAWNGATE_SERVER_OIDC_ISSUER": ("oidc", "issuer"),
    "SPAWNGATE_SERVER_OIDC_CLIENT_ID": ("oidc", "client_id"),
    "SPAWNGATE_SERVER_OIDC_CLIENT_SECRET": ("oidc", "client_secret"),
    "SPAWNGATE_SERVER_LOG_LEVEL": ("log", "level"),
}
_LISTS = frozenset(("trusted_proxies", "internal_destinations"))
"""Members that are lists; a variable separates their entries by commas."""
VARIABLES = tuple(_TEXTS)
"""Variables that stand over the file."""


class Server(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where and how it listens."""

    host: str = "127.0.0.1"
    port: int = PORT
    base: str = ""
    """Address under which people and endpoints reach it; needed beyond loopback."""
    folder: str = ""
    """Where keys lie and, without databases of their own, everything; empty: this user's state folder."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks whose X-Forwarded-For and -Proto are believed; such a proxy ends TLS."""
    drain: float = 0.0
    """Seconds between the signal to end and the end, in which /readyz says no and requests are still served."""
    internal_destinations: tuple[str, ...] = ()
    """Hosts, addresses and networks of the inside that destinations set up from the console or API may reach."""
    public_registry: bool = False
    """Whether /v0.1/servers, the list of approved servers, is told without a token: editors ask without one."""


class Tls(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Files in PEM."""

    certificate: str = ""
    key: str = ""
    client_ca: str = ""
    """Who signs certificates of clients; empty: none are asked for."""
    client: Literal["optional", "required"] = "optional"


class DatabaseSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Fleet data."""

    url: str = ""
    """postgresql://...; empty: a file beside the embedded store."""


class Events(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The trail."""

    store: str = ""
    """postgresql://... or clickhouse+postgresql://...; empty: the embedded store."""


class Grant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A role that a provider's word gives."""

    role: Role
    team: str = "organisation"


class Oidc(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sign-in at a provider."""

    issuer: str = ""
    client_id: str = ""
    client_secret: str = ""
    name: str = "your organisation's account"
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    groups_claim: str = "groups"
    create: bool = False
    default: Grant | None = None
    groups: dict[str, tuple[Grant, ...]] = {}

    def __repr__(self) -> str:
        return f"Oidc({self.issuer!r})"


class LogSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is told on stderr."""

    level: Level = "info"


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of it."""

    server: Server = Server()
    tls: Tls = Tls()
    database: DatabaseSettings = DatabaseSettings()
    events: Events = Events()
    oidc: Oidc = Oidc()
    log: LogSettings = LogSettings()

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        host = self.server.host
        try:
            return host == "localhost" or ipaddress.ip_address(host).is_loopback
        except ValueError:
            return False

    @property
    def base(self) -> str:
        """Address under which it is reached, without a slash at the end."""
        if self.server.base:
            return self.server.base.rstrip("/")
        host = f"[{self.server.host}]" if ":" in self.server.host else self.server.host
        return f"{'https' if self.tls.certificate else 'http'}://{host}:{self.server.port}"

    def folder(self, environment: Mapping[str, str]) -> Path:
        """Where its files lie."""
        return Path(self.server.folder) if self.server.folder else default_folder(environment)

    def provider(self) -> at_provider.Settings | None:
        """The provider's settings; None without one."""
        given = self.oidc
        if not given.issuer:
            return None
        return at_provider.Settings(
            issuer=given.issuer,
            client_id=given.client_id,
            client_secret=given.client_secret,
            name=given.name,
            scopes=given.scopes,
            groups_claim=given.groups_claim,
            groups={
                name: tuple(at_provider.Grant(each.team, each.role) for each in grants)
                for name, grants in given.groups.items()
            },
            default=at_provider.Grant(given.default.team, given.default.role) if given.default else None,
            create=given.create,
        )


def load(path: Path | None, environment: Mapping[str, str], **over: str | int | None) -> Settings:
    """The settings of a file, of the environment over it, and of the command line over both.

    `over`: members of [server]. Raises UsageError, which names the member and never its value.
    """
    document = {} if path is None else _document(path)
    for name, (part, member) in _TEXTS.items():
        if environment.get(name):
            text = environment[name]
            value: object = [each.strip() for each in text.split(",") if each.strip()] if member in _LISTS else text
            _part(document, part)[member] = value
    for member, value in over.items():
        if value is not None:
            _part(document, "server")[member] = value
    resolved = {part: _resolved(part, held, environment) for part, held in document.items()}
    try:
        settings = msgspec.convert(resolved, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise UsageError(f"the server's settings: {_without_value(error)}") from None
    _check(settings)
    return settings


def _check(settings: Settings) -> None:
    server, tls = settings.server, settings.tls
    if not 0 <= server.port <= 65535:
        raise UsageError(f"there is no port {server.port}")
    if not 0 <= server.drain <= 600:
        raise UsageError("server.drain is 0 to 600 seconds")
    if bool(tls.certificate) != bool(tls.key):
        raise UsageError("tls needs both certificate and key")
    if tls.client_ca and not tls.certificate:
        raise UsageError("tls.client_ca needs a certificate of the server's own")
    if not settings.is_loopback:
        if not tls.certificate and not server.trusted_proxies:
            raise UsageError(
                "beyond loopback a server speaks TLS: set [tls] certificate and key, or trusted_proxies for a proxy "
                "that ends it"
            )
        if not server.base:
            raise UsageError("beyond loopback `base` is needed: the https address under which people reach the server")
    parts = urlsplit(settings.base)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query or parts.username:
        raise UsageError("server.base is an address such as https://spawngate.example.org")
    if parts.scheme == "http" and not _is_local(parts.hostname):
        raise UsageError("server.base begins with https, but for loopback")
    for each in server.trusted_proxies:
        try:
            ipaddress.ip_network(each, strict=False)
        except ValueError:
            raise UsageError("server.trusted_proxies are addresses and networks, such as 10.0.0.0/8") from None
    try:
        allowed(server.internal_destinations)
    except ValueError:
        raise UsageError("server.internal_destinations are hosts, addresses and networks") from None
    if settings.oidc.issuer and not settings.oidc.client_id:
        raise UsageError("oidc needs a client_id")
    if settings.oidc.issuer and "openid" not in settings.oidc.scopes:
        raise UsageError("oidc.scopes holds openid")


def _is_local(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _document(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: is no TOML: {error}") from None


def read_text(path: Path) -> str:
    """A small text file. Raises UsageError, also for a device, which is not waited for."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: {getattr(error, 'strerror', None) or 'no path'}") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise UsageError(f"{path}: is no file")
    with os.fdopen(descriptor, "rb") as file:
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise UsageError(f"{path}: is too long")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise UsageError(f"{path}: is not UTF-8") from None


def _part(document: dict[str, Any], part: str) -> dict[str, Any]:
    held = document.setdefault(part, {})
    if not isinstance(held, dict):
        raise UsageError(f"the server's settings: [{part}] is a table")
    return held


def _resolved(where: str, value: Any, environment: Mapping[str, str]) -> Any:
    """A value with what its references stand for."""
    if isinstance(value, Mapping):
        if set(value) == {"env"} and isinstance(value["env"], str):
            found = environment.get(value["env"])
            if not found:
                raise UsageError(f"{where}: the variable {value['env']} is not set")
            return found
        if set(value) == {"file"} and isinstance(value["file"], str):
            return read_text(Path(value["file"])).rstrip("\r\n")
        return {key: _resolved(f"{where}.{key}", item, environment) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_resolved(where, item, environment) for item in value]
    return value


def _without_value(error: msgspec.ValidationError) -> str:
    """msgspec names the member and what was expected; of enumerations it repeats the value, which may be a secret."""
    text = str(error)
    return text if not text.startswith("Invalid enum value") else f"a word that is none{text[text.rfind(' - at') :]}"
