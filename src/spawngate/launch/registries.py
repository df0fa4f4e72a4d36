"""Which hosts a package launcher needs to fetch what it starts: registries, indexes, repositories.

Belongs here: the launchers' own defaults, and where variables, options and settings lead them instead.
Must not be here: files (`endpoint.launching.fetching`), what a declared host lets through (`launch.hosts`).
Sources: npm (using-npm/config, `registry`, `@scope:registry`), pip (configuration; cli/pip_install), uv
(concepts/indexes, reference/environment, guides/install-python), Yarn (configuration/yarnrc), Bun (bunfig), Deno
(reference/env_variables), Go (ref/mod#environment-variables), Cargo (reference/registries), NuGet (api/overview).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from spawngate.launch.facts import LaunchFacts
from spawngate.launch.hosts import MOST_HOSTS, problem

_PYTHON_BUILDS = ("github.com", "release-assets.githubusercontent.com", "objects.githubusercontent.com")
"""Where uv fetches an interpreter that the machine lacks."""
_DEFAULTS = {
    "npm": ("registry.npmjs.org",),
    "yarn": ("registry.yarnpkg.com", "registry.npmjs.org"),
    "pypi": ("pypi.org", "files.pythonhosted.org"),
    "jsr": ("jsr.io", "npm.jsr.io"),
    "golang": ("proxy.golang.org", "sum.golang.org", "storage.googleapis.com"),
    "cargo": ("index.crates.io", "static.crates.io", "crates.io"),
    "nuget": ("api.nuget.org", "www.nuget.org", "globalcdn.nuget.org"),
}
_REPLACED = {
    "npm": re.compile(r"(?i)npm_config_registry|bun_config_registry"),
    "yarn": re.compile(r"(?i)yarn_npm_registry_server|npm_config_registry|yarn_registry"),
    "pypi": re.compile(r"(?i)uv_index_url|uv_default_index|pip_index_url"),
    "jsr": re.compile(r"(?i)jsr_url"),
    "golang": re.compile(r"(?i)goproxy"),
    "cargo": re.compile(r"(?i)cargo_registries_crates_io_.*"),
    "nuget": re.compile(r"(?!)"),
}
"""Variables that name another place instead of the default."""
_ADDED = {
    "npm": re.compile(r"(?i)npm_config_@.*:registry|npm_config__.*registry"),
    "yarn": re.compile(r"(?i)npm_config_@.*:registry"),
    "pypi": re.compile(r"(?i)uv_index|uv_extra_index_url|uv_find_links|pip_extra_index_url|pip_find_links"),
    "jsr": re.compile(r"(?i)npm_config_registry"),
    "golang": re.compile(r"(?i)gosumdb"),
    "cargo": re.compile(r"(?i)cargo_registries_.*_index"),
    "nuget": re.compile(r"(?!)"),
}
"""Variables that name further places."""
_HOSTED = {
    "github": ("github.com", "codeload.github.com", "api.github.com", "*.githubusercontent.com"),
    "gitlab": ("gitlab.com",),
    "bitbucket": ("bitbucket.org", "api.bitbucket.org"),
    "gist": ("gist.github.com", "codeload.github.com"),
}
_INSTALLERS = {
    "npm": "npm", "npx": "npm", "pnpm": "npm", "bun": "npm", "bunx": "npm", "yarn": "yarn",
    "pip": "pypi", "pip3": "pypi", "uv": "pypi", "uvx": "pypi", "pipx": "pypi", "poetry": "pypi", "pdm": "pypi",
    "go": "golang", "cargo": "cargo", "dotnet": "nuget", "deno": "jsr",
}  # fmt: skip
_LAUNCHERS = {"npx": "npm", "npm-exec": "npm", "pnpm-dlx": "npm", "bunx": "npm", "uvx": "pypi", "pipx-run": "pypi"}
_URL = re.compile(r"(?i)(?:git\+)?https?://[^\s'\"|;&<>]+")


@dataclass(frozen=True, slots=True)
class Configured:
    """What the settings of this person and machine say. Addresses as they stand there."""

    replaced: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By ecosystem (npm, yarn, pypi, ...): where packages come from instead of the default."""
    added: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By ecosystem: further places."""


def needed(
    facts: LaunchFacts, environment: Mapping[str, str], configured: Configured, own: Iterable[str] = ()
) -> tuple[str, ...] | None:
    """The hosts, as `launch.hosts` declares them; None where it is not known what the launcher asks for.

    `own`: names of variables that the entry itself sets; what they name is no reason to reach into a private network.
    """
    kinds = _kinds(facts)
    if kinds is None:
        return None
    mine = frozenset(own)
    found: dict[str, None] = {}
    for kind in kinds:
        replaced = _values(environment, _REPLACED[kind])
        added = _values(environment, _ADDED[kind])
        if kind == "golang" and any("direct" in re.split(r"[,|]", text) for _name, text in replaced):
            return None  # any repository
        settled = configured.replaced.get(kind, ())
        places = [*replaced, *added, *((None, text) for text in (*settled, *configured.added.get(kind, ())))]
        for name, text in places:
            for each in re.split(r"[\s,|]+", text):
                _add(found, each, private=name not in mine)
        own_files = kind == "pypi" and any("pypi.org" in text for _name, text in places)
        if own_files or (not replaced and not settled):
            found.update(dict.fromkeys(_known(_DEFAULTS[kind])))
    if facts.launcher in ("uvx", "uv-run") or "uv" in facts.programs:
        found.update(dict.fromkeys(_known(_PYTHON_BUILDS)))
        for name, text in _values(environment, re.compile(r"(?i)uv_(?:python|pypy)_install_mirror")):
            _add(found, text, private=name not in mine)
    for word in _fetching_words(facts):
        hosted = re.match(r"(github|gitlab|bitbucket|gist):", word)
        if hosted:
            found.update(dict.fromkeys(_known(_HOSTED[hosted[1]])))
        for url in _URL.findall(word):
            _add(found, url, private=False)
    if facts.source == "git" and not any("://" in word or ":" in word for word in _fetching_words(facts)):
        found.update(dict.fromkeys(_known(_HOSTED["github"])))  # npm's OWNER/REPOSITORY
    if any("github.com" in word for word in _fetching_words(facts)):
        found.update(dict.fromkeys(_known(_HOSTED["github"])))
    if facts.bridge:
        if not facts.host:
            return None
        _add(found, facts.url or f"https://{facts.host}", private=False)
    return tuple(found)[:MOST_HOSTS] or None


def _known(names: Iterable[str]) -> Iterator[str]:
    """Names that everybody knows: where a network has a mirror of its own behind them, they lead there."""
    return (f"{name}+private" for name in names)


def _kinds(facts: LaunchFacts) -> tuple[str, ...] | None:
    """Whose registries are asked; None where that is not known."""
    kinds: dict[str, None] = {}
    if facts.package_ecosystem or facts.source in ("git", "url"):
        kind = "yarn" if facts.launcher.startswith("yarn") else facts.package_ecosystem
        if kind in ("", "github"):  # code of a repository: what it depends on comes from where the launcher looks
            kind = _LAUNCHERS.get(facts.launcher, "")
        kinds[kind] = None
        if kind == "jsr":
            kinds["npm"] = None
    if facts.runs_install:
        for name in facts.programs:
            if name in _INSTALLERS:
                kinds[_INSTALLERS[name]] = None
        if not kinds:
            return None
        if {"apt", "apt-get", "apk", "brew", "dnf", "yum", "gem", "curl", "wget"}.intersection(facts.programs):
            return None
    if not kinds and not facts.bridge:
        return None
    return tuple(kinds) if all(kind in _DEFAULTS for kind in kinds) else None


def _fetching_words(facts: LaunchFacts) -> tuple[str, ...]:
    """Words of the launcher itself: what belongs to the server says nothing of where it comes from."""
    words = facts.inner_argv
    count = len(facts.server_args)
    if count and words[-count:] == facts.server_args:
        words = words[:-count]
    return (*words, *facts.registry_override, facts.shell_text)


def _values(environment: Mapping[str, str], names: re.Pattern[str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in environment.items() if value and names.fullmatch(name)]


def _add(found: dict[str, None], text: str, *, private: bool) -> None:
    """The host of an address, with its port; nothing where there is none. uv: `NAME=URL`."""
    address = re.search(r"(?i)https?://\S+", text)
    if not address:
        return
    try:
        parts = urlsplit(address[0])
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return
    spelled = f"[{host}]" if ":" in host else host
    whole = spelled if port is None else f"{spelled}:{port}"
    if private and not problem(f"{whole}+private"):
        whole = f"{whole}+private"
    if host and not problem(whole):
        found[whole] = None
