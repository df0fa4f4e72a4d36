"""What is publicly known about servers: who publishes them, what they can do, what is archived, what registries list.

The data lies beside this module and in the wheel; nothing is fetched. `data/registry.json` is an extract of facts from
docker/mcp-registry and from the seed of modelcontextprotocol/registry.
Must not be here: judgement (`launch.tier`, `launch.capabilities`).
"""

import fnmatch
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Publisher:
    """Someone whose servers count as official by default."""

    name: str
    owners: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Power:
    """One capability of a known server."""

    kind: str
    label: str
    scope: str = "any"
    untrusted_content: bool = False
    private_data: bool = False
    way_out: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """What a public registry says about a server."""

    name: str
    repository: str = ""
    hosts: tuple[str, ...] = ()
    credentials: tuple[str, ...] = ()
    filesystem: bool = False
    no_network: bool = False
    listed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All of it. Keys are purls without version, or hosts."""

    publishers: tuple[Publisher, ...] = ()
    powers: Mapping[str, tuple[Power, ...]] = field(default_factory=dict)
    archived: frozenset[str] = frozenset()
    by_package: Mapping[str, Listing] = field(default_factory=dict)
    by_remote: Mapping[str, Listing] = field(default_factory=dict)

    def publisher_of(self, package: str, repository: str, host: str) -> Publisher | None:
        """The publisher that a package's namespace, a repository's owner or a remote host belongs to."""
        for publisher in self.publishers:
            if package and any(fnmatch.fnmatchcase(package, pattern) for pattern in publisher.packages):
                return publisher
            if repository and any(repository == o or repository.startswith(o + "/") for o in publisher.owners):
                return publisher
            if host and any(fnmatch.fnmatchcase(host, pattern) for pattern in publisher.hosts):
                return publisher
        return None

    def listing(self, package: str, host: str) -> Listing | None:
        """What registries say about the package or remote host."""
        return self.by_package.get(package) or self.by_remote.get(host)


def without_version(purl: str) -> str:
    """A purl without version and without qualifiers other than the registry it comes from."""
    body, _, qualifiers = purl.partition("?")
    body = body.partition("#")[0]
    last = body.rfind("/")
    at = body.find("@", last + 1)
    body = body[:at] if at > 0 else body
    kept = [part for part in qualifiers.partition("#")[0].split("&") if part.startswith("repository_url=")]
    return f"{body}?{kept[0]}" if kept else body


def repository_of(purl: str) -> str:
    """`github.com/owner/name` of a purl that names a repository; empty for others."""
    if purl.startswith("pkg:github/"):
        return "github.com/" + without_version(purl).removeprefix("pkg:github/").lower()
    return ""


@cache
def shipped() -> Knowledge:
    """The knowledge in the wheel."""
    publishers = tuple(
        Publisher(item["name"], tuple(item["owners"]), tuple(item["packages"]), tuple(item["hosts"]))
        for item in _toml("publishers.toml")["publisher"]
    )
    powers = {
        package: tuple(Power(**power) for power in item["capabilities"])
        for item in _toml("capabilities.toml")["server"]
        for package in item["packages"]
    }
    by_package: dict[str, Listing] = {}
    by_remote: dict[str, Listing] = {}
    for item in json.loads(_text("registry.json"))["servers"]:
        listing = Listing(
            name=item["name"],
            repository=item.get("repository", ""),
            hosts=tuple(item.get("hosts", ())),
            credentials=tuple(item.get("credentials", ())),
            filesystem=item.get("filesystem", False),
            no_network=item.get("no_network", False),
            listed=tuple(item.get("listed", ())),
        )
        for package in item.get("packages", ()):
            by_package.setdefault(package, listing)
        if item.get("remote"):
            by_remote.setdefault(item["remote"], listing)
    return Knowledge(publishers, powers, frozenset(_toml("archived.toml")["packages"]), by_package, by_remote)


def _text(name: str) -> str:
    return files("spawngate.launch").joinpath("data", name).read_text(encoding="utf-8")


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(_text(name))
