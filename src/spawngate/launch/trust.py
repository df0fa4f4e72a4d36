"""The organisation's trust policy: what counts as official or community here, and what never does.

A policy is a TOML file. Everything in it is optional:

    schema_version = 1
    [official]                                   # raises to official
    packages = ["pkg:npm/%40acme/*"]
    repositories = ["github.com/acme"]
    hosts = ["mcp.acme.example", "*.acme.example"]
    commands = ["/opt/acme/bin/*"]               # local programs and scripts
    [community]                                  # raises to community
    packages = []
    [unknown]                                    # keeps at unknown, whatever else speaks for it
    packages = ["pkg:npm/%40acme/experimental-*"]
    [defaults]
    publishers = true                            # count the shipped list of vendors as official
    registries = true                            # count a public registry listing as community

Must not be here: signals and tiers (`launch.tier`).
"""

import fnmatch
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from spawngate.model.errors import UsageError

_LISTS = ("packages", "repositories", "hosts", "commands")
_TABLES = ("official", "community", "unknown")


@dataclass(frozen=True, slots=True)
class TrustList:
    """Patterns (`*` stands for any characters) that one table of the policy holds."""

    packages: tuple[str, ...] = ()
    repositories: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()

    def entry_for(self, package: str, repository: str, host: str, command: str) -> str | None:
        """The first pattern that names the launch; None where none does."""
        for value, patterns in (
            (package, self.packages),
            (repository, self.repositories),
            (host, self.hosts),
            (command, self.commands),
        ):
            for pattern in patterns:
                if value and (
                    fnmatch.fnmatchcase(value, pattern) or _below(value, pattern, patterns is self.repositories)
                ):
                    return pattern
        return None


def _below(value: str, pattern: str, is_owner: bool) -> bool:
    """`github.com/acme` names every repository of that owner."""
    return is_owner and value.startswith(pattern.rstrip("/") + "/")


@dataclass(frozen=True, slots=True)
class TrustPolicy:
    """What the organisation says. The default trusts the shipped list of vendors and public registries."""

    official: TrustList = field(default_factory=TrustList)
    community: TrustList = field(default_factory=TrustList)
    unknown: TrustList = field(default_factory=TrustList)
    publishers: bool = True
    registries: bool = True


def parse_trust(text: str, name: str = "trust policy") -> TrustPolicy:
    """The policy of a TOML text. Raises UsageError that names the key and what to do."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{name}: not valid TOML ({error})") from None
    if data.pop("schema_version", 1) != 1:
        raise UsageError(f"{name}: schema_version must be 1")
    defaults = data.pop("defaults", {})
    lists = {table: _list(data.pop(table, {}), f"{name}: [{table}]") for table in _TABLES}
    if data:
        raise UsageError(f"{name}: unknown table [{sorted(data)[0]}]; known are {', '.join((*_TABLES, 'defaults'))}")
    flags: dict[str, bool] = {}
    for key in ("publishers", "registries"):
        value = defaults.pop(key, True) if isinstance(defaults, dict) else True
        if not isinstance(value, bool):
            raise UsageError(f"{name}: [defaults] {key} must be true or false")
        flags[key] = value
    if defaults:
        raise UsageError(f"{name}: [defaults] has an unknown key; known are publishers, registries")
    return TrustPolicy(
        lists["official"], lists["community"], lists["unknown"], flags["publishers"], flags["registries"]
    )


def _list(table: Any, where: str) -> TrustList:
    if not isinstance(table, Mapping):
        raise UsageError(f"{where} must be a table")
    for key, value in table.items():
        if key not in _LISTS:
            raise UsageError(f"{where} {key} is not known; known are {', '.join(_LISTS)}")
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            raise UsageError(f"{where} {key} must be a list of texts")
    return TrustList(**{key: tuple(value) for key, value in table.items()})
