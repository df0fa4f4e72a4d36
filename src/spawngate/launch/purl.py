"""Package URLs (purl): spelling them, and the specifiers of each ecosystem that they are made from.

Belongs here: npm, PyPI, container and version-control specifiers as text, to a purl. The version is what was
written, be it a version, a tag or a range; a purl without a version was written without one.
Must not be here: command lines (`launch.package`) and asking a registry anything.
Sources: https://github.com/package-url/purl-spec (types npm, pypi, docker, github, golang, nuget, generic; `jsr`
is not registered there, its form follows npm); npm/npm-package-arg:lib/npa.js; PEP 508;
distribution/reference:normalize.go.
"""

import re
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

_NPM = re.compile(r"(?:(@[a-z0-9~-][a-z0-9._~-]*)/)?([a-z0-9~_-][a-z0-9._~-]*)(?:@(.*))?", re.IGNORECASE)
_PYPI = re.compile(r"([a-z0-9]++(?:[._-]++[a-z0-9]++)*+)\s*(?:\[[a-z0-9._, -]*\])?\s*(.*)", re.IGNORECASE)
_GITHUB_SHORT = re.compile(r"([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)/([a-z0-9._-]+?)(?:\.git)?(?:#(.+))?", re.IGNORECASE)
_IMAGE = re.compile(r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*")
_REGISTRY = re.compile(r"(?:[a-z0-9-]+\.)+[a-z0-9-]+(?::\d+)?|localhost(?::\d+)?|[a-z0-9-]+:\d+", re.IGNORECASE)
_TAG = re.compile(r"\w[\w.-]{0,127}")
_DIGEST = re.compile(r"[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-f]{32,}")
_IMPORT = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[A-Za-z0-9._~-]+)+")
_SCP = re.compile(r"(?:git\+ssh://|ssh://)?(?:[\w.-]+@)([\w.-]+):(?!\d+/)([\w./~-]+)(#.*)?")
_UNRESOLVED = re.compile(r"[$\[\]{}<>\s]|%[A-Za-z_]+%")
_HOSTS = {"gitlab": "gitlab.com", "bitbucket": "bitbucket.org"}
_LOCAL = ("./", "../", "/", "~", "file:", "link:", "workspace:", ".\\", "..\\", "\\")


def purl(
    type_: str,
    namespace: str,
    name: str,
    version: str | None = None,
    qualifiers: Mapping[str, str] | None = None,
    subpath: str = "",
) -> str:
    """The canonical text of one purl. `namespace` and `subpath` may hold several parts, split by `/`."""
    parts = [type_, *(_encode(part, "") for part in namespace.split("/") if part), _encode(name, "")]
    text = "pkg:" + "/".join(parts)
    if version:
        text += "@" + _encode(version, "/")
    if qualifiers:
        text += "?" + "&".join(f"{key}={_encode(value, '/')}" for key, value in sorted(qualifiers.items()) if value)
    if subpath:
        text += "#" + "/".join(_encode(part, "") for part in subpath.split("/") if part not in ("", ".", ".."))
    return text


def _encode(text: str, safe: str) -> str:
    return quote(text, safe=safe + ":")


def from_npm(specifier: str, type_: str = "npm") -> str | None:
    """Purl of what npm means by `specifier`: a name with a version, a git repository or an archive. None for a
    local folder or file, and for what npm would not understand."""
    text = specifier.strip()
    alias = re.fullmatch(r"(?:@?[^@]+@)?npm:(.+)", text)
    if alias:
        text = alias[1]
    host, _, rest = text.partition(":")
    if host == "github":
        return _github_short(rest)
    if host in _HOSTS and rest and not rest.startswith("//"):
        path, _, ref = rest.partition("#")
        return _repository(_HOSTS[host], path, ref)
    if text.startswith(_LOCAL) or re.match(r"[A-Za-z]:[\\/]", text) or text in (".", ".."):
        return None
    match = _NPM.fullmatch(text)
    if match and match[3] and (match[3].startswith(_LOCAL) or "://" in match[3]):
        return from_npm(match[3], type_)
    if "://" in text or _SCP.fullmatch(text):
        return from_url(text)
    if match:
        scope, name, version = match.groups()
        if name.lower().endswith((".tgz", ".tar.gz", ".tar")):
            return None
        return purl(type_, (scope or "").lower(), name.lower(), _npm_version(version))
    return _github_short(text) if not text.startswith("@") else None


def _npm_version(version: str | None) -> str | None:
    # A range may hold blanks and `>`; only what a variable or a removed secret left open is not a version.
    if not version or re.search(r"[$\[\]{}]|%[A-Za-z_]+%", version):
        return None
    return version.strip()


def _github_short(text: str) -> str | None:
    match = _GITHUB_SHORT.fullmatch(text)
    return purl("github", match[1].lower(), match[2].lower(), _reference(match[3])) if match else None


def from_pypi(specifier: str) -> str | None:
    """Purl of what pip, uv and pipx mean by `specifier`. None for a local folder, wheel or script."""
    text = specifier.strip()
    if re.match(r"(?:git|hg|bzr|svn)\+|[a-z][a-z0-9+.-]*://", text, re.IGNORECASE):
        return from_url(text)
    if text.startswith(_LOCAL) or text.lower().endswith((".whl", ".tar.gz", ".zip", ".py", ".pyz")):
        return None
    match = _PYPI.fullmatch(text.split(";", 1)[0].strip())
    if match is None:
        return None
    name, rest = match[1], match[2].strip()
    if rest.startswith("@"):
        version = rest[1:].strip()
        if "://" in version or "+" in version.partition(":")[0]:
            return from_url(version)
    elif rest.startswith("==="):
        version = rest[3:]
    elif rest.startswith("==") and "," not in rest:
        version = rest[2:]
    elif not rest or re.match(r"[<>=!~(]", rest):
        version = rest
    else:
        return None
    version = re.sub(r"\s+", "", version)
    return purl("pypi", "", re.sub(r"_", "-", name.lower()), None if re.search(r"[$\[\]{}]", version) else version)


def from_url(url: str) -> str | None:
    """Purl of a git repository or of a file to download; credentials, query and fragment of the address are left
    out. None for a local address."""
    scp = _SCP.fullmatch(url)
    if scp:
        return _repository(scp[1], scp[2], _fragment_reference(scp[3] or ""), "ssh")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return None
    if not host or _UNRESOLVED.search(host) or parts.scheme == "file":
        return None
    vcs, _, scheme = parts.scheme.rpartition("+")
    if scheme == "git":
        vcs = "git"
    path = parts.path.strip("/")
    plain_github = host in ("github.com", "www.github.com") and re.fullmatch(r"[^/]+/[^/]+", path) is not None
    if vcs in ("", "git") and (vcs == "git" or scheme == "ssh" or path.endswith(".git") or plain_github):
        path, _, ref = path.partition("@")
        subfolder = re.search(r"(?:^#?|&)subdirectory=([^&]+)", parts.fragment)
        place = host if port is None else f"{host}:{port}"
        return _repository(place, path, ref or _fragment_reference(parts.fragment), scheme, subfolder)
    if vcs or scheme not in ("http", "https") or not path or _UNRESOLVED.search(path):
        return None
    place = host if port is None else f"{host}:{port}"
    return purl("generic", "", path.rsplit("/", 1)[-1], None, {"download_url": f"{scheme}://{place}/{path}"})


def _fragment_reference(fragment: str) -> str:
    text = fragment.removeprefix("#")
    return "" if "=" in text else text


def _reference(reference: str | None) -> str | None:
    return None if not reference or _UNRESOLVED.search(reference) else reference


def _repository(
    host: str, path: str, reference: str, scheme: str = "https", subfolder: re.Match[str] | None = None
) -> str | None:
    path = path.strip("/").removesuffix(".git")
    if not path or _UNRESOLVED.search(path):
        return None
    below = subfolder[1] if subfolder and not _UNRESOLVED.search(subfolder[1]) else ""
    version = _reference(reference)
    owner, _, name = path.partition("/")
    if host in ("github.com", "www.github.com"):
        if not name or "/" in name:
            return None
        return purl("github", owner.lower(), name.lower(), version, None, below)
    address = f"git+{scheme}://{host}/{path}.git" + (f"@{version}" if version else "")
    return purl("generic", "", path.rsplit("/", 1)[-1], None, {"vcs_url": address}, below)


def from_image(reference: str) -> str | None:
    """Purl of a container image. None for a local archive or folder and for what is no image name."""
    text = reference.removeprefix("docker://")
    name, _, digest = text.partition("@")
    if digest and not _DIGEST.fullmatch(digest):
        return None
    tag = ""
    head, colon, tail = name.rpartition(":")
    if colon and "/" not in tail:
        name, tag = head, tail
        if not _TAG.fullmatch(tag):
            return None
    parts = name.split("/")
    registry = ""
    if len(parts) > 1 and _REGISTRY.fullmatch(parts[0]):
        registry, parts = parts[0].lower(), parts[1:]
    if registry in ("docker.io", "index.docker.io", "registry-1.docker.io"):
        registry = ""
    if not registry and len(parts) == 2 and parts[0] == "library":
        parts = parts[1:]
    if not all(_IMAGE.fullmatch(part) for part in parts):
        return None
    qualifiers = {"repository_url": registry, "tag": tag if digest else ""}
    return purl("docker", "/".join(parts[:-1]), parts[-1], digest or tag, {k: v for k, v in qualifiers.items() if v})


def from_go(specifier: str) -> str | None:
    """Purl of an import path with its version. The whole path is kept: where the module ends and the package
    below it begins is known only to the module proxy. None for local files and folders."""
    path, _, version = specifier.partition("@")
    if not _IMPORT.fullmatch(path) or path.endswith(".go"):
        return None
    namespace, _, name = path.lower().rpartition("/")
    return purl("golang", namespace, name, _reference(version))


def from_nuget(name: str, version: str | None) -> str | None:
    """Purl of a NuGet package. None for what is no package id."""
    if not re.fullmatch(r"\w+(?:[.-]\w+)*", name):
        return None
    return purl("nuget", "", name, _npm_version(version))


def from_deno(specifier: str) -> str | None:
    """Purl of a module that Deno would fetch: `npm:`, `jsr:` or an address. None for local files."""
    scheme, _, rest = specifier.partition(":")
    if scheme in ("npm", "jsr") and rest:
        match = re.fullmatch(r"/?((?:@[^/@]+/)?[^/@]+)(@[^/]+)?(?:/.*)?", rest)
        return from_npm(match[1] + (match[2] or ""), scheme) if match else None
    return from_url(specifier) if scheme in ("http", "https") else None
