"""What installed things say about themselves: packages, applications and clones of repositories, from their files.

Belongs here: the text of metadata files to names and versions. Must not be here: finding them (`endpoint.projects`).
Sources: https://packaging.python.org/specifications/recording-installed-packages and binary-distribution-format
(names of `.dist-info` folders); docs.npmjs.com package.json; microsoft/vscode product.json (and, seen in the editors
built from it, a version key of the product's own); Info.plist of macOS bundles; git gitrepository-layout(5).
"""

import json
import plistlib
import re
from collections.abc import Callable, Mapping
from typing import Any

_INFO = re.compile(r"([A-Za-z0-9][A-Za-z0-9._]*)-([0-9][^-]*)(?:-py[\d.]+[^/]*)?\.(?:dist|egg)-info")


def distribution(folder: str) -> tuple[str, str] | None:
    """Name and version in the name of a `.dist-info` or `.egg-info`. None for what is neither."""
    match = _INFO.fullmatch(folder)
    return (match[1], match[2].replace("_", "-")) if match else None


def package(text: str) -> tuple[str, str] | None:
    """Name and version of a `package.json`; the version is empty where it has none."""
    value = _object(text)
    name, version = value.get("name"), value.get("version")
    return (name, version if isinstance(version, str) else "") if isinstance(name, str) and name else None


def application(product: str, manifest: str, known: Callable[[str], bool]) -> tuple[str, str] | None:
    """Name and version of an Electron application from `product.json` and `package.json` (either may be empty): the
    first of its names that is `known`. None where none is."""
    about, package_json = _object(product), _object(manifest)
    names = [about.get(key) for key in ("nameLong", "nameShort", "applicationName")]
    names += [package_json.get(key) for key in ("productName", "name")]
    name = next((name for name in names if isinstance(name, str) and known(name)), None)
    if name is None:
        return None
    # An editor built from VS Code may keep VS Code's number in package.json and its own beside `vscodeVersion`.
    own = re.sub(r"\W", "", name).lower() + "Version"
    versions = (about.get(own), about.get("version"), package_json.get("version"))
    return name, next((version for version in versions if isinstance(version, str) and version), "")


def bundle(data: bytes, known: Callable[[str], bool]) -> tuple[str, str] | None:
    """Name and version of a macOS application from its `Info.plist`, if its name is `known`."""
    try:
        value = plistlib.loads(data)
    except Exception:  # noqa: BLE001 - plistlib raises what its parsers raise, on foreign bytes
        return None
    if not isinstance(value, dict):
        return None
    names = (value.get("CFBundleDisplayName"), value.get("CFBundleName"))
    name = next((name for name in names if isinstance(name, str) and known(name)), None)
    version = value.get("CFBundleShortVersionString")
    return (name, version if isinstance(version, str) else "") if name else None


def visual_studio(text: str) -> tuple[str, str] | None:
    """Name and version from the `state.json` of a Visual Studio instance."""
    catalog = _object(text).get("catalogInfo")
    if not isinstance(catalog, Mapping):
        return None
    line, version = catalog.get("productLineVersion"), catalog.get("productDisplayVersion")
    if not isinstance(line, str) or not isinstance(version, str):
        return None
    return f"Visual Studio {line}", version.split()[0] if version.split() else ""


def origin(config: str) -> str | None:
    """`owner/repository` of the GitHub address that a `.git/config` has for the remote `origin`."""
    section = re.search(r'^\[remote "origin"\]\s*$(.*?)(?=^\[|\Z)', config, re.MULTILINE | re.DOTALL)
    address = (
        re.search(r"^\s*url\s*=\s*\S*github\.com[/:]([\w-]+/[\w.-]+?)(?:\.git)?/?\s*$", section[1], re.M)
        if section
        else None
    )
    return address[1] if address else None


def head(text: str, packed: str, loose: Callable[[str], str]) -> str:
    """The commit that `HEAD` stands for; empty where it cannot be told. `loose` reads a file below `.git`."""
    text = text.strip()
    if not text.startswith("ref:"):
        return text if re.fullmatch(r"[0-9a-f]{40,64}", text) else ""
    name = text[4:].strip()
    if ".." in name or not re.fullmatch(r"refs/[\w./-]+", name):
        return ""
    return loose(name).strip() or next((commit for commit, ref in _packed(packed) if ref == name), "")


def tag(commit: str, packed: str) -> str:
    """The version-like tag that packed references give for a commit; empty where there is none."""
    named = ""
    for found, ref in _packed(packed):
        name = ref.removeprefix("refs/tags/")
        if found == commit and commit and name != ref and re.search(r"\d", name):
            named = name
    return named


def _packed(text: str) -> list[tuple[str, str]]:
    """Commit and reference of each line of `packed-refs`; an annotated tag gives its commit too."""
    found: list[tuple[str, str]] = []
    for line in text.splitlines():
        if line.startswith("^") and found:
            found.append((line[1:].strip(), found[-1][1]))
        elif not line.startswith("#"):
            commit, _, name = line.partition(" ")
            found.append((commit, name.strip()))
    return found


VERSION_FILES = ("package.json", "pyproject.toml", "application/version.py", "version.py", "VERSION")
"""Files of a clone that state the version its code has."""


def stated(name: str, text: str) -> str:
    """The version that one of `VERSION_FILES` states; empty where it states none."""
    if name == "package.json":
        found = package(text)
        return found[1] if found else ""
    patterns = {
        "pyproject.toml": r"^version\s*=\s*[\"']([^\"'\s]+)[\"']",
        "VERSION": r"\A\s*(v?\d[\w.+-]*)\s*\Z",
    }
    match = re.search(patterns.get(name, r"^__version__\s*=\s*[\"']([^\"'\s]+)[\"']"), text, re.MULTILINE)
    return match[1] if match else ""


def _object(text: str) -> Mapping[str, Any]:
    try:
        value = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
