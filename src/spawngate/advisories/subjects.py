"""What is looked up: packages, images, repositories, extensions and applications with what is known of their version.

Belongs here: subjects, how their names are written for comparison, and the subjects that redacted artifacts hold.
Must not be here: reading lock files (`advisories.locks`) and the disk (`endpoint.projects`).
Sources: https://github.com/package-url/purl-spec for purls; PEP 503 for names of Python packages.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import parse_qs, unquote

from spawngate.advisories import pins
from spawngate.advisories.model import Key
from spawngate.advisories.pins import Kind as PinKind
from spawngate.advisories.pins import Pin
from spawngate.launch.argv import is_python, layers, program
from spawngate.launch.package import is_launcher
from spawngate.launch.purl import from_npm, from_pypi
from spawngate.model.artifact import Artifact, Kind, Launch, Status

_KNOWN = (
    "PyPI",
    "npm",
    "Go",
    "Maven",
    "NuGet",
    "crates.io",
    "RubyGems",
    "Packagist",
    "Hex",
    "Pub",
    "VSCode",
    "OpenVSX",
    "JetBrains",
    "Chrome",
    "Firefox",
    "GitHub",
    "app",
    "image",
    "jsr",
    "command",
)
_ECOSYSTEMS = {name.casefold(): name for name in _KNOWN}


class Source(StrEnum):
    """Where a subject was seen."""

    LAUNCH = "launch"
    """A definition would start or fetch it."""
    EXTENSION = "extension"
    TOOL = "tool"
    """A command-line tool or agent of the inventory."""
    LOCK = "lock"
    """A lock file or list of requirements."""
    ENVIRONMENT = "environment"
    """Installed, or in a launcher's cache."""
    APPLICATION = "application"
    CONTAINER = "container"
    """A compose file or Dockerfile."""
    CHECKOUT = "checkout"
    """A clone of a repository."""
    QUESTION = "question"
    """Asked for by the caller."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that an advisory may hit."""

    ecosystem: str
    """Of OSV, or `GitHub` (owner/repository), `image`, `app`, or `command` for a program known by its name only."""
    name: str
    pin: Pin
    source: Source
    path: str = ""
    artifact: str = ""
    """Id of the artifact it belongs to, if it does."""
    owner: str = ""
    """What that artifact is, for people: `server fetch of cursor`."""
    platform: str = ""


def key(ecosystem: str, name: str) -> Key:
    """The form in which two names of one package are equal."""
    base = ecosystem.partition(":")[0].strip()
    known = _ECOSYSTEMS.get(base.casefold(), base)
    name = name.strip()
    if known == "PyPI":
        return known, re.sub(r"[-_.]+", "-", name).lower()
    return known, name.casefold()


def from_purl(text: str, source: Source = Source.QUESTION) -> Subject | None:
    """The subject that a package URL names. None for what is no purl or of a type that no advisory speaks of."""
    match = re.fullmatch(r"pkg:([a-z0-9.+-]+)/([^@?#]+)(?:@([^?#]*))?(?:\?([^#]*))?(?:#.*)?", text)
    if match is None:
        # An npm scope may be written without its percent sign, and then has an at sign of its own.
        match = re.fullmatch(r"pkg:(npm)/(@[^@?#]+)(?:@([^?#]*))?(?:\?([^#]*))?(?:#.*)?", text)
    if match is None:
        return None
    type_, path, version = match[1], unquote(match[2]).strip("/"), unquote(match[3] or "")
    qualifiers = {name: values[-1] for name, values in parse_qs(match[4] or "").items()}
    if type_ == "docker" or type_ == "oci":
        registry = qualifiers.get("repository_url", "")
        if type_ == "oci" and registry:
            registry = registry.rpartition("/")[0] if registry.endswith(f"/{path}") else registry
        pin = pins.from_image_tag(version or qualifiers.get("tag", ""), qualifiers.get("tag", ""))
        return Subject("image", f"{registry}/{path}".lstrip("/"), pin, source)
    if type_ == "generic":
        return _vcs(qualifiers.get("vcs_url", ""), source)
    if type_ == "maven":
        path = path.replace("/", ":")
    if type_ == "vscode-extension":
        path = path.replace("/", ".")
    ecosystem = _PURL_TYPES.get(type_)
    return Subject(ecosystem, path, pins.of(ecosystem, version), source) if ecosystem else None


_PURL_TYPES = {
    "npm": "npm",
    "pypi": "PyPI",
    "github": "GitHub",
    "golang": "Go",
    "nuget": "NuGet",
    "cargo": "crates.io",
    "maven": "Maven",
    "gem": "RubyGems",
    "composer": "Packagist",
    "jsr": "jsr",
    "vscode-extension": "VSCode",
}
_GITHUB = re.compile(
    r"(?:github\.com[/:]|(?:^|[\s'\"])(?:gh|github):)([A-Za-z0-9-]+)/([A-Za-z0-9._-]+?)(?:\.git)?(?:[@#]([\w./-]+)|/tree/([\w.-]+))?"
    r"(?=[\s'\"/?#&;)]|$)",
    re.ASCII,
)


def _vcs(url: str, source: Source) -> Subject | None:
    found = next(github(url), None)
    return Subject("GitHub", found[0], pins.from_git(found[1]), source) if found else None


def github(text: str) -> Iterator[tuple[str, str]]:
    """Every GitHub repository that a text names, with the reference written behind it."""
    for match in _GITHUB.finditer(text):
        yield f"{match[1]}/{match[2]}", match[3] or match[4] or ""


# -- from artifacts -----------------------------------------------------------------------------------------------


def of_artifacts(artifacts: Iterable[Artifact], platform: str = "") -> list[Subject]:
    """The subjects of an inventory: what servers and hooks launch, extensions, tools and agents."""
    found: list[Subject] = []
    for artifact in artifacts:
        found.extend(
            replace(subject, path=artifact.path, artifact=artifact.id, owner=_owner(artifact), platform=platform)
            for subject in _of(artifact)
        )
    return found


def _owner(artifact: Artifact) -> str:
    kind = "server" if artifact.kind is Kind.MCP_SERVER else artifact.kind.value
    return f"{kind} {artifact.name}" + (f" of {artifact.agent}" if artifact.agent else "")


def _of(artifact: Artifact) -> Iterator[Subject]:
    if artifact.kind is Kind.EXTENSION:
        yield from _extension(artifact)
    elif artifact.kind is Kind.CLI:
        yield from _tool(artifact)
    elif artifact.kind is Kind.AGENT:
        yield from _agent(artifact)
    if artifact.launch is not None:
        yield from _launch(artifact.launch)


def _extension(artifact: Artifact) -> Iterator[Subject]:
    ecosystem = {"vscode": "VSCode", "jetbrains": "JetBrains", "chromium": "Chrome", "firefox": "Firefox"}.get(
        _text(artifact, "type")
    )
    identifier = _text(artifact, "id")
    if ecosystem and identifier:
        yield Subject(ecosystem, identifier, pins.exact(_text(artifact, "version")), Source.EXTENSION)


def _tool(artifact: Artifact) -> Iterator[Subject]:
    package, manager = _text(artifact, "package"), _text(artifact, "package_manager")
    pin = pins.exact(_text(artifact, "version"))
    ecosystem = {"npm": "npm", "pip": "PyPI", "pipx": "PyPI", "uv": "PyPI", "cargo": "crates.io"}.get(manager)
    if manager == "homebrew" and (package.startswith("@") or "/" in package):
        ecosystem = "npm"
    if package and ecosystem:
        yield Subject(ecosystem, package, pin, Source.TOOL)
    elif _text(artifact, "cli"):
        # `cursor` starts the editor and `cursor-agent` is another program: the program's own name decides first.
        yield Subject("command", f"{_text(artifact, 'cli')}/{artifact.name}", pin, Source.TOOL)


def _agent(artifact: Artifact) -> Iterator[Subject]:
    """An agent by itself only where it is an application or states its version: tools and extensions have records."""
    if artifact.status is not Status.INSTALLED or artifact.detail.get("binaries") or artifact.detail.get("extensions"):
        return
    yield Subject("command", f"{artifact.agent}/", pins.exact(_text(artifact, "version")), Source.TOOL)


def _launch(launch: Launch) -> Iterator[Subject]:
    seen: set[tuple[str, str]] = set()
    if launch.package:
        subject = from_purl(launch.package, Source.LAUNCH)
        if subject is not None:
            seen.add(key(subject.ecosystem, subject.name))
            yield subject
    for purl in _riders(launch):
        subject = from_purl(purl, Source.LAUNCH)
        if subject is not None and key(subject.ecosystem, subject.name) not in seen:
            seen.add(key(subject.ecosystem, subject.name))
            yield subject
    for word in (launch.command or "", *launch.args):
        for name, reference in github(word):
            if key("GitHub", name) not in seen:
                seen.add(key("GitHub", name))
                yield Subject("GitHub", name, pins.from_git(reference), Source.LAUNCH)
    if not seen:
        yield from _program(launch)


_RIDERS = {
    "uvx": ("--with", "-w", "--from"),
    "uv": ("--with", "-w", "--from"),
    "pipx": ("--with", "--spec"),
    "npx": ("-p", "--package"),
    "npm": ("-p", "--package"),
    "pnpm": ("--package",),
    "pnpx": ("--package",),
    "yarn": ("-p", "--package"),
    "bunx": ("-p", "--package"),
}


def _riders(launch: Launch) -> Iterator[str]:
    """Packages that are fetched beside the one that runs."""
    if not launch.command:
        return
    for name, words in layers(launch.command, launch.args):
        options = _RIDERS.get(program(name))
        if options is None:
            continue
        read = from_pypi if program(name) in ("uvx", "uv", "pipx") else from_npm
        for at, word in enumerate(words):
            option, equals, value = word.partition("=")
            if option not in options:
                continue
            text = value if equals and option.startswith("--") else words[at + 1] if at + 1 < len(words) else ""
            for part in re.split(r",(?![^\[]*\])(?=\s*[A-Za-z@])", text):
                purl = read(part)
                if purl:
                    yield purl
        return


def _program(launch: Launch) -> Iterator[Subject]:
    """A program or module that is started by its name: which package brings it is a guess, its version unknown."""
    if not launch.command:
        return
    *_, (name, words) = layers(launch.command, launch.args)
    if is_launcher(name, words):
        return
    plain = program(name)
    if is_python(plain):
        at = words.index("-m") if "-m" in words else -1
        plain = words[at + 1].partition(".")[0] if 0 <= at < len(words) - 1 else ""
    if re.fullmatch(r"[A-Za-z0-9][\w.-]*", plain, re.ASCII):
        yield Subject("command", plain, pins.UNREADABLE, Source.LAUNCH)


def _text(artifact: Artifact, name: str) -> str:
    value = artifact.detail.get(name)
    return value if isinstance(value, str) else ""


# -- places that show what a launch resolves to -------------------------------------------------------------------


def places(launch: Launch) -> tuple[str, ...]:
    """Folders whose lock files and installed packages show what this launch would really load, as written.

    The environment of a program by its absolute path, the folder that holds a script or a `node_modules`, the working
    folder, and the project a launcher is pointed at.
    """
    found: list[str] = []
    words = (launch.command or "", *launch.args)
    for at, word in enumerate(words):
        option, equals, value = word.partition("=")
        if option in ("--directory", "--project", "--prefix", "-C", "--cwd") and at + 1 < len(words) + bool(equals):
            found.append(value if equals else words[at + 1])
        path = word.replace("\\", "/")
        if not _absolute(path):
            continue
        folder, _, last = path.rpartition("/")
        if "/node_modules/" in path:
            found.append(path.partition("/node_modules/")[0])
        elif folder.endswith(("/bin", "/Scripts")):
            found.append(folder.rpartition("/")[0])
        elif re.search(r"\.(?:py|js|mjs|cjs|ts)$", last):
            found.extend(_above(folder))
    if launch.cwd:
        found.append(launch.cwd)
    return tuple(dict.fromkeys(path for path in found if _absolute(path.replace("\\", "/"))))


def _absolute(path: str) -> bool:
    return (path.startswith("/") and not path.startswith("//")) or re.match(r"[A-Za-z]:/", path) is not None


def _above(folder: str) -> Sequence[str]:
    """A folder and the two above it: a server's code commonly lies in `src/name` or `dist` of its project."""
    parts = folder.split("/")
    return ["/".join(parts[:length]) for length in range(len(parts), max(len(parts) - 3, 2), -1)]


def is_certain(subject: Subject) -> bool:
    """Whether the subject is known by more than a program's name."""
    return subject.ecosystem != "command" or subject.pin.kind is PinKind.EXACT
