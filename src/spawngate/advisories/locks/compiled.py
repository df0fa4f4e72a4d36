"""Lock files of Rust, Go and Java projects.

Sources: https://doc.rust-lang.org/cargo (Cargo.lock), https://go.dev/ref/mod (go.mod, go.sum), https://maven.apache.org/pom.html,
https://docs.gradle.org/current/userguide/dependency_locking.html.
A pom.xml is no lock: versions that it takes from a parent or another file are unknown here, and said to be.
Must not be here: other ecosystems.
"""

import re
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree

from spawngate.advisories import pins
from spawngate.advisories.pins import Pin
from spawngate.agents.formats import Problem
from spawngate.agents.formats.toml import parse_toml

Rows = tuple[list[tuple[str, str, Pin]], list[Problem]]


def cargo_lock(text: str) -> Rows:
    """`Cargo.lock`: packages that come from a registry or a repository."""
    value, problems = parse_toml(text)
    listed = value.get("package") if isinstance(value, Mapping) else None
    rows: list[tuple[str, str, Pin]] = []
    for entry in listed if isinstance(listed, Sequence) and not isinstance(listed, str) else ():
        if not isinstance(entry, Mapping):
            continue
        name, version, source = entry.get("name"), entry.get("version"), entry.get("source")
        git = re.match(
            r"git\+https://github\.com/([\w-]+/[\w.-]+?)(?:\.git)?(?:\?(?:tag|rev|branch)=([\w./-]+))?#", str(source)
        )
        if git:
            rows.append(("GitHub", git[1], pins.from_git(git[2] or "")))
        elif isinstance(name, str) and isinstance(version, str) and isinstance(source, str):
            rows.append(("crates.io", name, pins.exact(version)))
    return rows, list(problems)


def go_mod(text: str) -> Rows:
    """`go.mod`: what it requires, after its own replacements."""
    required: dict[str, str] = {}
    replaced: dict[str, tuple[str, str] | None] = {}
    block = ""
    for raw in text.splitlines():
        words = raw.partition("//")[0].split()
        if not words:
            continue
        if words[-1] == "(":
            block = words[0]
            continue
        if words == [")"]:
            block = ""
            continue
        verb, rest = (block, words) if block else (words[0], words[1:])
        if verb == "require" and len(rest) >= 2:
            required[rest[0]] = rest[1]
        elif verb == "replace" and "=>" in rest:
            target = rest[rest.index("=>") + 1 :]
            replaced[rest[0]] = (target[0], target[1]) if len(target) == 2 else None
    rows: list[tuple[str, str, Pin]] = []
    for path, version in required.items():
        found = replaced.get(path, (path, version))
        if found is not None:
            rows.append(("Go", found[0], pins.exact(found[1])))
    return rows, []


def go_sum(text: str) -> Rows:
    """`go.sum`: modules whose code was downloaded, not those of which only the go.mod was read."""
    rows: list[tuple[str, str, Pin]] = []
    wrong = 0
    for line in text.splitlines():
        words = line.split()
        if len(words) == 3 and words[2].startswith("h1:"):
            if not words[1].endswith("/go.mod"):
                rows.append(("Go", words[0], pins.exact(words[1])))
        elif words:
            wrong += 1
    return rows, [Problem("malformed", f"{wrong} lines are not of the form `module version h1:hash`")] if wrong else []


def gradle_lock(text: str) -> Rows:
    """`gradle.lockfile`: `group:name:version=configurations`."""
    found = re.findall(r"^([\w.-]+:[\w.-]+):([^=\s:]+)=", text, re.MULTILINE)
    return [("Maven", name, pins.exact(version)) for name, version in found], []


def pom(text: str) -> Rows:
    """`pom.xml`: its dependencies, with versions that are written in the file itself or in its properties."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        # Entities can make a small file endless, and no project file needs them.
        return [], [Problem("malformed", "declares a document type; such a file is not read")]
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - without a document type there is nothing to expand
    except (ElementTree.ParseError, ValueError, RecursionError):
        return [], [Problem("malformed", "is not XML")]
    values: dict[str, str] = {}
    for name in ("version", "groupId"):
        values[f"project.{name}"] = _child(root, name) or _child(_find(root, "parent"), name)
    properties = _find(root, "properties")
    for item in properties if properties is not None else ():
        values[_plain(item.tag)] = (item.text or "").strip()
    managed: dict[str, str] = {}
    rows: list[tuple[str, str, Pin]] = []
    entries = [item for item in root.iter() if _plain(item.tag) == "dependency"]
    for item in entries:
        if _child(item, "version"):
            name = f"{_filled(_child(item, 'groupId'), values)}:{_filled(_child(item, 'artifactId'), values)}"
            managed.setdefault(name, _filled(_child(item, "version"), values))
    for item in entries:
        name = f"{_filled(_child(item, 'groupId'), values)}:{_filled(_child(item, 'artifactId'), values)}"
        version = _filled(_child(item, "version"), values) or managed.get(name, "")
        known = bool(version) and "$" not in version and version[0] not in "[("
        rows.append(("Maven", name, pins.exact(version) if known else pins.UNREADABLE))
    return rows, []


def _plain(tag: object) -> str:
    return str(tag).rpartition("}")[2]


def _find(element: ElementTree.Element | None, name: str) -> ElementTree.Element | None:
    return next((child for child in element if _plain(child.tag) == name), None) if element is not None else None


def _child(element: ElementTree.Element | None, name: str) -> str:
    found = _find(element, name)
    return (found.text or "").strip() if found is not None else ""


def _filled(text: str, values: Mapping[str, str]) -> str:
    for _ in range(4):
        match = re.search(r"\$\{([^}]+)\}", text)
        if match is None or match[1] not in values:
            return text
        text = text.replace(match[0], values[match[1]])
    return text
