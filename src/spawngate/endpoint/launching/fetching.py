"""SHELL. Where this person's package managers fetch from: their settings below the home and of the machine.

Belongs here: reading .npmrc, pip.conf, uv.toml, .yarnrc.yml, bunfig.toml for addresses of registries and indexes, and
no other setting. Must not be here: which hosts follow from them (`launch.registries`).
A probe sees an empty home, so what these files say is handed to it as variables, without the credentials in them.
npm: cli/v11/configuring-npm/npmrc; pip: topics/configuration; uv: concepts/configuration-files;
Yarn: yarnrc#npmRegistryServer; Bun: runtime/bunfig#install-registry.
"""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from spawngate.endpoint import files
from spawngate.endpoint.launching.starts import Looked
from spawngate.launch.registries import Configured, needed
from spawngate.model.json import Json

LARGEST = 256 << 10
"""Bytes of a file that are read."""
MOST = 16
"""Addresses of one kind."""


def fetching(looked: Looked, home: str) -> tuple[tuple[str, ...] | None, dict[str, Json]]:
    """The hosts that a launcher needs, None where that is not known, and the variables that tell it of the person's own
    registries. Raises nothing."""
    environment = {name: value for name, value in looked.asked.env.items() if name not in looked.drop}
    found, variables = configured(home, looked.cwd, environment)
    hosts = needed(looked.facts, environment, found, looked.entry.env_names if looked.known else environment)
    return hosts, {**variables}


@dataclass(slots=True)
class Settings:
    """What was found, as it stands there."""

    replaced: dict[str, list[str]] = field(default_factory=dict)
    added: dict[str, list[str]] = field(default_factory=dict)

    def put(self, kind: str, address: str, *, more: bool = False) -> None:
        """One address for an ecosystem; the first that replaces the default counts."""
        where = self.added if more else self.replaced
        held = where.setdefault(kind, [])
        if "://" in address and len(held) < (MOST if more else 1):
            held.append(address.strip().strip("\"'"))


def configured(home: str, cwd: str, environment: Mapping[str, str]) -> tuple[Configured, dict[str, str]]:
    """What the settings say, and the variables that tell a launcher so who cannot read them. Raises nothing."""
    found = Settings()
    _npm(found, home, cwd, environment)
    _pip(found, home, environment)
    _uv(found, home, environment)
    whole = Configured(
        {kind: tuple(each) for kind, each in found.replaced.items() if each},
        {kind: tuple(each) for kind, each in found.added.items() if each},
    )
    return whole, dict(_variables(whole, environment))


def _variables(found: Configured, environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    given = {name.lower() for name, value in environment.items() if value}
    for kind, names in (
        ("npm", ("npm_config_registry",)),
        ("yarn", ("YARN_NPM_REGISTRY_SERVER",)),
        ("pypi", ("UV_DEFAULT_INDEX", "PIP_INDEX_URL")),
    ):
        address = _plain(next(iter(found.replaced.get(kind, ())), ""))
        taken = {name.lower() for name in names} | ({"uv_index_url"} if kind == "pypi" else set())
        if address and not taken & given:
            yield from ((name, address) for name in names)
    more = " ".join(filter(None, map(_plain, found.added.get("pypi", ()))))
    if more and not {"uv_index", "uv_extra_index_url", "pip_extra_index_url"} & given:
        yield from (("UV_INDEX", more), ("PIP_EXTRA_INDEX_URL", more))


def _plain(address: str) -> str:
    """An address without user and password; empty for anything else."""
    try:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return ""
        return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
    except ValueError:
        return ""


def _text(path: str) -> str:
    try:
        return files.read(path, LARGEST).decode("utf-8", "replace") if os.path.isabs(path) else ""
    except files.Unreadable:
        return ""


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """`key = value` of an ini file, also over several indented lines."""
    key = ""
    for line in text.splitlines():
        if line[:1] in (" ", "\t") and key and line.strip() and not line.strip().startswith(("#", ";")):
            yield key, line.strip()
            continue
        name, equals, value = line.partition("=")
        key = name.strip().lower() if equals and not name.lstrip().startswith(("#", ";", "[")) else ""
        if key:
            yield key, value.strip()


def _npm(found: Settings, home: str, cwd: str, environment: Mapping[str, str]) -> None:
    lowered = {name.lower(): value for name, value in environment.items()}
    places = [os.path.join(cwd, ".npmrc") if cwd else "", lowered.get("npm_config_userconfig", f"{home}/.npmrc")]
    places += [lowered.get("npm_config_globalconfig", ""), "/etc/npmrc", "/usr/local/etc/npmrc", "/usr/etc/npmrc"]
    for path in dict.fromkeys(filter(None, places)):
        for key, value in _pairs(_text(path)):
            if key == "registry":
                found.put("npm", value)
            elif re.fullmatch(r"@[^:]+:registry", key):
                found.put("npm", value, more=True)
    for line in _text(f"{home}/.yarnrc.yml").splitlines():
        key, _, value = line.partition(":")
        if key == "npmRegistryServer":
            found.put("yarn", value)
    for table in _toml(f"{home}/.bunfig.toml"):
        install = table.get("install")
        registry = install.get("registry") if isinstance(install, dict) else None
        if isinstance(registry, dict):
            registry = registry.get("url")
        if isinstance(registry, str):
            found.put("npm", registry)


def _pip(found: Settings, home: str, environment: Mapping[str, str]) -> None:
    places = [environment.get("PIP_CONFIG_FILE", ""), f"{home}/.config/pip/pip.conf", f"{home}/.pip/pip.conf"]
    for path in filter(None, (*places, "/etc/pip.conf", "/etc/xdg/pip/pip.conf")):
        for key, value in _pairs(_text(path)):
            if key == "index-url":
                found.put("pypi", value)
            elif key in ("extra-index-url", "find-links"):
                found.put("pypi", value, more=True)


def _uv(found: Settings, home: str, environment: Mapping[str, str]) -> None:
    places = [environment.get("UV_CONFIG_FILE", ""), f"{home}/.config/uv/uv.toml", "/etc/uv/uv.toml"]
    for path in filter(None, places):
        for table in _toml(path):
            for scope in (table, table.get("pip")):
                if not isinstance(scope, dict):
                    continue
                if isinstance(scope.get("index-url"), str):
                    found.put("pypi", scope["index-url"])
                for each in _list(scope.get("extra-index-url")):
                    found.put("pypi", str(each), more=True)
                for each in _list(scope.get("index")):
                    if isinstance(each, dict) and isinstance(each.get("url"), str):
                        found.put("pypi", each["url"], more=each.get("default") is not True)


def _toml(path: str) -> Iterator[dict[str, object]]:
    """The table of a file, where it is one."""
    try:
        yield tomllib.loads(_text(path))
    except (tomllib.TOMLDecodeError, RecursionError):
        return


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
