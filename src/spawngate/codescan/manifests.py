"""Manifests: what a project asks for, as values. One reader per kind of file.

Belongs here: `pyproject.toml`, `setup.cfg`, `setup.py`, core metadata, `Pipfile`, lists of requirements,
`package.json`, `deno.json`, `pom.xml`, Gradle's build files and version catalogues, `Cargo.toml`, `go.mod`, `*.csproj`.
Must not be here: locks (`advisories.locks`), and which packages matter (`codescan.sdk`).
Nothing is evaluated: a build script is looked through for what it writes down as text. No input raises.

Sources: https://packaging.python.org/specifications/pyproject-toml and /dependency-groups,
https://python-poetry.org/docs/pyproject, https://setuptools.pypa.io/en/latest/userguide/declarative_config.html,
https://docs.npmjs.com/cli/configuring-npm/package-json, https://docs.deno.com/runtime/fundamentals/configuration,
https://maven.apache.org/pom.html, https://docs.gradle.org/current/userguide/version_catalogs.html,
https://doc.rust-lang.org/cargo/reference/manifest.html, https://go.dev/ref/mod.
"""

import fnmatch
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spawngate.advisories import locks
from spawngate.agents.formats import Format, Problem
from spawngate.agents.formats.jsontext import parse_json
from spawngate.agents.formats.toml import parse_toml

MOST = 5_000
"""Dependencies of one file that are kept."""


@dataclass(frozen=True, slots=True)
class Declared:
    """One dependency."""

    ecosystem: str
    package: str
    asked: str
    """The version as it is asked for, as written; empty for any."""
    line: int
    """From 1; 0 where it is not known."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one file says."""

    ecosystem: str
    name: str = ""
    """Of the project; empty where the file says none."""
    declared: tuple[Declared, ...] = ()
    problems: tuple[Problem, ...] = ()


Reader = Callable[[str], Manifest]

_REQUIREMENT = re.compile(
    r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(?:@\s*(\S+)|\(?([^;#)]*)\)?)", re.ASCII
)


def normal(ecosystem: str, package: str) -> str:
    """The name under which packages of an ecosystem are compared."""
    if ecosystem == "PyPI":
        return re.sub(r"[-_.]+", "-", package).lower()
    if ecosystem == "crates.io":
        return package.replace("_", "-").lower()
    return package.lower() if ecosystem in ("npm", "NuGet") else package


def reader(name: str) -> Reader | None:
    """The reader of a file of this name; None where it is no manifest."""
    found = _READERS.get(name)
    if found is None:
        found = next((read for pattern, read in _PATTERNS if fnmatch.fnmatchcase(name, pattern)), None)
    return found


# -- Python ---------------------------------------------------------------------------------------------------


def pyproject(text: str) -> Manifest:
    """`pyproject.toml`: project, dependency groups, Poetry, PDM, uv."""
    value, problems = parse_toml(text)
    root = _map(value)
    project, tool = _map(root.get("project")), _map(root.get("tool"))
    poetry = _map(tool.get("poetry"))
    asked: list[tuple[str, str]] = []
    groups = [project.get("dependencies"), *_map(project.get("optional-dependencies")).values()]
    groups += [*_map(root.get("dependency-groups")).values(), _map(tool.get("uv")).get("dev-dependencies")]
    groups += [*_map(_map(tool.get("pdm")).get("dev-dependencies")).values()]
    for group in groups:
        asked += [found for item in _list(group) if (found := _requirement(item)) is not None]
    tables = [poetry.get("dependencies"), poetry.get("dev-dependencies")]
    tables += [_map(group).get("dependencies") for group in _map(poetry.get("group")).values()]
    for table in tables:
        asked += [(name, _version(entry)) for name, entry in _map(table).items() if name != "python"]
    name = project.get("name") or poetry.get("name")
    return Manifest("PyPI", _text(name), _declared("PyPI", asked, text), tuple(problems))


def requirements(text: str) -> Manifest:
    """`requirements*.txt` and `.in`."""
    asked: list[tuple[str, str]] = []
    for line in text.replace("\\\n", " ").splitlines():
        line = line.strip()
        if line and line[0] not in "-#./" and (found := _requirement(re.sub(r"\s#.*|\s--.*", "", line))) is not None:
            asked.append(found)
    return Manifest("PyPI", "", _declared("PyPI", asked, text))


def pipfile(text: str) -> Manifest:
    """`Pipfile`."""
    value, problems = parse_toml(text)
    asked: list[tuple[str, str]] = []
    for section, table in _map(value).items():
        if section not in ("source", "requires", "scripts", "pipenv"):
            asked += [(name, _version(entry)) for name, entry in _map(table).items()]
    return Manifest("PyPI", "", _declared("PyPI", asked, text), tuple(problems))


def setup_cfg(text: str) -> Manifest:
    """`setup.cfg`: `install_requires` and the extras, whose lists are indented lines."""
    asked: list[tuple[str, str]] = []
    section = key = name = ""
    for line in text.splitlines():
        head = re.match(r"\[([^\]]+)\]", line)
        if head:
            section, key = head[1].strip(), ""
            continue
        match = re.match(r"([A-Za-z_][\w.-]*)\s*[=:]\s*(.*)", line)
        item = line.strip()
        if match:
            key, item = match[1], match[2].strip()
        if section == "metadata" and key == "name" and match:
            name = item
        wanted = (section == "options" and key in ("install_requires", "tests_require")) or (
            section == "options.extras_require"
        )
        if wanted and item and not item.startswith("#") and (found := _requirement(item)) is not None:
            asked.append(found)
    return Manifest("PyPI", name, _declared("PyPI", asked, text))


def setup_py(text: str) -> Manifest:
    """`setup.py`: every text in it that reads as a requirement. Nothing is run, so what is computed is not seen."""
    named = re.search(r"\bname\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']", text)
    asked = [
        found
        for item in re.findall(r"[\"']([A-Za-z0-9][A-Za-z0-9._\-\[\], <>=!~]{0,200})[\"']", text)[:MOST]
        if (found := _requirement(item)) is not None
    ]
    return Manifest("PyPI", named[1] if named else "", _declared("PyPI", asked, text))


def _requirement(item: Any) -> tuple[str, str] | None:
    """Name and version of a PEP 508 text; None for what is none."""
    if not isinstance(item, str):
        return None
    match = _REQUIREMENT.match(item)
    if match is None:
        return None
    return match[1], (match[2] or match[3] or "").strip()


def core_metadata(text: str) -> Manifest:
    """`METADATA` of a wheel and `PKG-INFO` of a source archive: `Name` and `Requires-Dist`."""
    head = text.partition("\n\n")[0]
    named = re.search(r"(?m)^Name:[ \t]*(\S+)", head)
    asked = [
        found
        for item in re.findall(r"(?m)^Requires-Dist:[ \t]*(.*)$", head)
        if (found := _requirement(item)) is not None
    ]
    return Manifest("PyPI", named[1] if named else "", _declared("PyPI", asked, text))


# -- JavaScript -----------------------------------------------------------------------------------------------

_SECTIONS = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")


def package_json(text: str) -> Manifest:
    """`package.json`; an alias counts as the package that it stands for. Yarn's and pnpm's overrides do not count."""
    value, problems = parse_json(text)
    root = _map(value)
    asked: list[tuple[str, str]] = []
    for section in _SECTIONS:
        for name, wanted in _map(root.get(section)).items():
            alias = re.fullmatch(r"npm:(@?[^@]+)(?:@(.*))?", _text(wanted))
            asked.append((alias[1], alias[2] or "") if alias else (name, _text(wanted)))
    return Manifest("npm", _text(root.get("name")), _declared("npm", asked, text), tuple(problems))


def deno_json(text: str) -> Manifest:
    """`deno.json`: imports of npm packages."""
    value, problems = parse_json(text, Format.JSONC)
    root = _map(value)
    found = [
        re.fullmatch(r"npm:/?(@[^@/]+/[^@/]+|[^@/]+)(?:@([^/]*))?(?:/.*)?", _text(item))
        for item in _map(root.get("imports")).values()
    ]
    asked = [(match[1], match[2] or "") for match in found if match]
    return Manifest("npm", _text(root.get("name")), _declared("npm", asked, text), tuple(problems))


_COORDINATES = re.compile(r"[\"']([\w.-]+:[\w.-]+)(?::([^\"'@:\s]*))?(?:[:@][\w.-]+)*[\"']")
_NAMED_COORDINATES = re.compile(
    r"\bgroup[ \t]*[:=][ \t]*[\"']([\w.-]+)[\"'][ \t]*,\s{0,20}name[ \t]*[:=][ \t]*[\"']([\w.-]+)[\"']"
    r"(?:[ \t]*,\s{0,20}version[ \t]*[:=][ \t]*[\"']([^\"']*)[\"'])?"
)


# -- JVM ------------------------------------------------------------------------------------------------------


def pom(text: str) -> Manifest:
    """`pom.xml`: as `advisories.locks` reads it, and the artifact's own name."""
    rows, problems = locks.read("pom.xml", text)
    head = text.partition("<dependencies>")[0]
    before, _, parent = head.partition("<parent>")
    named = re.findall(r"<artifactId>\s{0,20}([\w.-]+)\s{0,20}</artifactId>", before + parent.partition("</parent>")[2])
    asked = [(row.name, row.pin.text) for row in rows]
    return Manifest("Maven", named[0] if named else "", _declared("Maven", asked, text), problems)


def gradle(text: str) -> Manifest:
    """`build.gradle` and `build.gradle.kts`: coordinates written as one text, or as `group:`, `name:`, `version:`."""
    body = re.sub(r"(?m)^[ \t]*//.*$", "", text)
    asked = [(match[1], match[2] or "") for match in _COORDINATES.finditer(body)]
    asked += [(f"{match[1]}:{match[2]}", match[3] or "") for match in _NAMED_COORDINATES.finditer(body)]
    return Manifest("Maven", "", _declared("Maven", asked[:MOST], text))


def version_catalogue(text: str) -> Manifest:
    """`libs.versions.toml`: libraries as `module` or `group` and `name`, versions by reference."""
    value, problems = parse_toml(text)
    root = _map(value)
    versions = _map(root.get("versions"))
    asked: list[tuple[str, str]] = []
    for entry in _map(root.get("libraries")).values():
        if isinstance(entry, str):
            group, _, rest = entry.partition(":")
            name, _, version = rest.partition(":")
            asked.append((f"{group}:{name}", version))
            continue
        library = _map(entry)
        module = _text(library.get("module")) or f"{_text(library.get('group'))}:{_text(library.get('name'))}"
        asked_for = library.get("version")
        if isinstance(asked_for, Mapping) and "ref" in asked_for:
            asked_for = versions.get(_text(asked_for["ref"]))
        asked.append((module, _version(asked_for)))
    return Manifest("Maven", "", _declared("Maven", asked, text), tuple(problems))


# -- Rust, Go, C# ---------------------------------------------------------------------------------------------


def cargo_toml(text: str) -> Manifest:
    """`Cargo.toml`: dependencies of the package, of its targets and of the workspace; renamed ones by `package`."""
    value, problems = parse_toml(text)
    root = _map(value)
    tables = [root, _map(root.get("workspace")), *(_map(target) for target in _map(root.get("target")).values())]
    asked: list[tuple[str, str]] = []
    for table in tables:
        for section in ("dependencies", "dev-dependencies", "build-dependencies"):
            for name, entry in _map(table.get(section)).items():
                asked.append((_text(_map(entry).get("package")) or name, _version(entry)))
    return Manifest(
        "crates.io", _text(_map(root.get("package")).get("name")), _declared("crates.io", asked, text), tuple(problems)
    )


def go_mod(text: str) -> Manifest:
    """`go.mod`."""
    rows, problems = locks.read("go.mod", text)
    named = re.search(r"(?m)^module\s+(\S+)", text)
    asked = [(row.name, row.pin.text) for row in rows]
    return Manifest("Go", named[1] if named else "", _declared("Go", asked, text), problems)


def csproj(text: str) -> Manifest:
    """`*.csproj`: `PackageReference` elements, looked for as text."""
    asked: list[tuple[str, str]] = []
    for match in re.finditer(r"<Package(?:Reference|Version)\b([^>]{0,1000})>", text):
        include = re.search(r"\bInclude\s*=\s*\"([\w.-]+)\"", match[1])
        version = re.search(r"\bVersion\s*=\s*\"([^\"]*)\"", match[1])
        if include:
            asked.append((include[1], version[1] if version else ""))
    return Manifest("NuGet", "", _declared("NuGet", asked[:MOST], text))


# -- shared ---------------------------------------------------------------------------------------------------


def _declared(ecosystem: str, asked: Sequence[tuple[str, str]], text: str) -> tuple[Declared, ...]:
    lines = _Lines(text)
    found: dict[tuple[str, str], Declared] = {}
    for package, version in asked[:MOST]:
        key = normal(ecosystem, package), version
        if package and key not in found:
            found[key] = Declared(ecosystem, package, version[:200], lines.of(package))
    return tuple(found.values())


class _Lines:
    """Line of the first place where a name stands by itself. Names are looked up one after another in one text."""

    def __init__(self, text: str) -> None:
        self._text = text

    def of(self, name: str) -> int:
        """From 1; 0 where the text does not hold it."""
        wanted = name.rpartition(":")[2]
        for place in self._places(wanted):
            before = self._text[place - 1] if place else "\n"
            after = self._text[place + len(wanted) : place + len(wanted) + 1]
            if not (before.isalnum() or before in "-_./@") and not (after.isalnum() or after in ("-", "_", ".")):
                start = self._text.rfind("\n", 0, place) + 1
                if self._text[start:place].lstrip().startswith(("#", "//")):
                    continue
                return self._text.count("\n", 0, place) + 1
        return 0

    def _places(self, wanted: str) -> Iterator[int]:
        place = self._text.find(wanted)
        for _ in range(50):
            if place < 0:
                return
            yield place
            place = self._text.find(wanted, place + 1)


def _version(entry: Any) -> str:
    """The version of a table's entry: a text, or its `version`, `workspace`, `git` or `path`."""
    if isinstance(entry, str):
        return "" if entry == "*" else entry
    # A list holds one entry for each platform (Poetry): the first one stands for all.
    table = _map(entry if isinstance(entry, Mapping) else next(iter(_list(entry)), None))
    for key in ("version", "strictly", "require", "prefer"):
        if isinstance(table.get(key), str):
            return str(table[key])
    if table.get("workspace") is True:
        return "workspace"
    return next((f"{key} {table[key]}" for key in ("git", "path") if isinstance(table.get(key), str)), "")


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


_READERS: Mapping[str, Reader] = {
    "pyproject.toml": pyproject,
    "Pipfile": pipfile,
    "setup.cfg": setup_cfg,
    "setup.py": setup_py,
    "METADATA": core_metadata,
    "PKG-INFO": core_metadata,
    "package.json": package_json,
    "deno.json": deno_json,
    "deno.jsonc": deno_json,
    "pom.xml": pom,
    "build.gradle": gradle,
    "build.gradle.kts": gradle,
    "libs.versions.toml": version_catalogue,
    "Cargo.toml": cargo_toml,
    "go.mod": go_mod,
    "Directory.Packages.props": csproj,
}
_PATTERNS: tuple[tuple[str, Reader], ...] = (
    ("requirements*.txt", requirements),
    ("requirements*.in", requirements),
    ("*.csproj", csproj),
)
