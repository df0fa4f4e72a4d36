"""How firmly a package URL names its version.

Must not be here: spelling of package URLs (`launch.purl`) and asking a registry.
"""

import re
from typing import NamedTuple
from urllib.parse import unquote

_EXACT = re.compile(
    r"[=v]?\d++(?:[-+.][\w.+-]++|(?:a|b|c|rc|alpha|beta|dev|post|pre)\d*+(?:\.[\w.+-]*+|[-+][\w.+-]++)?)?"
)
_SEMVER = re.compile(r"[=v]?\d+\.\d+\.\d+(?:-[\w.-]+)?(?:\+[\w.-]+)?")
_TYPES = {"docker": "oci", "oci": "oci", "generic": ""}


class Pin(NamedTuple):
    """Parts of a package URL, and how firmly the version is named."""

    ecosystem: str
    name: str
    version: str
    pin: str
    source: str
    host: str
    """Registry host of an image, host of a repository or archive; empty for the default registry."""


def pin_of(purl: str) -> Pin:
    """The parts of a purl that `launch.purl` wrote."""
    body = purl.removeprefix("pkg:")
    body, _, _sub = body.partition("#")
    body, _, query = body.partition("?")
    type_, _, path = body.partition("/")
    path, _, version = path.partition("@")
    name, version = unquote(path), unquote(version)
    qualifiers = dict(part.split("=", 1) for part in query.split("&") if "=" in part)
    ecosystem = _TYPES.get(type_, type_)
    if type_ == "docker":
        registry = unquote(qualifiers.get("repository_url", ""))
        return Pin(ecosystem, name, version, _image(version), "container", registry)
    if "vcs_url" in qualifiers:
        address = unquote(qualifiers["vcs_url"])
        host = re.sub(r"^[\w+]+://([^/]*)/.*$", r"\1", address)
        _, _, reference = re.sub(r"^[\w+]+://[^/]*/", "", address).partition("@")
        return Pin("", name, reference, _reference(reference), "git", host)
    if type_ == "github":
        return Pin("github", name, version, _reference(version), "git", "github.com")
    if "download_url" in qualifiers:
        address = unquote(qualifiers["download_url"])
        return Pin("", name, "", "unversioned", "url", re.sub(r"^\w+://([^/]*)/.*$", r"\1", address))
    if type_ == "golang":
        return Pin(ecosystem, name, version, _go(version), "registry", "")
    return Pin(ecosystem, name, version, _version(version, type_), "registry", "")


def _image(version: str) -> str:
    if ":" in version:
        return "digest"
    return "unversioned" if not version else "latest" if version == "latest" else "tag"


def _reference(reference: str) -> str:
    if not reference:
        return "unversioned"
    if re.fullmatch(r"[0-9a-f]{7,40}|[0-9a-f]{64}", reference) and not reference.isdigit():
        return "commit" if len(reference) >= 40 else "tag"
    if reference.startswith("semver:"):
        return "range"
    return "tag" if re.match(r"(?:refs/tags/|v?\d+(?:\.\d+)*)", reference) else "branch"


def _go(version: str) -> str:
    if not version:
        return "unversioned"
    if version == "latest":
        return "latest"
    if re.fullmatch(r"v\d+\.\d+\.\d+(?:[-+].*)?", version):
        return "exact"
    return "range" if re.fullmatch(r"v\d+(?:\.\d+)?|[<>]=?v.*", version) else _reference(version)


def _version(version: str, type_: str) -> str:
    if len(version) > 200:
        return "tag"
    if not version or version == "*":
        return "unversioned"
    if version.lower() in ("latest", "newest"):
        return "latest"
    if re.search(r"[<>^~*|,!\s]|\.x\b|^[(\[]", version) or re.fullmatch(r"[xX]", version):
        return "range"
    if type_ in ("npm", "jsr"):
        if _SEMVER.fullmatch(version):
            return "exact"
        return "range" if re.fullmatch(r"[=v]?\d+(?:\.\d+)?", version) else "tag"
    return "exact" if _EXACT.fullmatch(version) else "tag"
