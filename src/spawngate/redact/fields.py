"""Redacts values that have a name of their own: environment variables and headers.

Must not be here: how such a pair is written in a command line (`lines`) or a document (`documents`).
"""

import re
from collections.abc import Callable

from spawngate.redact import names, opaque, patterns, references
from spawngate.redact.marks import MARK, Marker
from spawngate.redact.urls import SCHEME, keep, url

Judge = Callable[[Marker, str, str], str]
"""Redacts a value by its look and inner syntax: where to note secrets, value and place in, safe text out."""

_HARMLESS = re.compile(r"(?:true|false|yes|no|on|off|null|none|undefined)|-?\d{1,6}(?:\.\d{1,6})?", re.IGNORECASE)
_AUTH = re.compile(r"([A-Za-z][A-Za-z0-9_-]{1,20})(\s+)(.+)", re.DOTALL)
_COOKIE = re.compile(r"((?<![^=;])[^=;]*+=)([^;]*)(;?)")
_INSIDE = re.compile(r"://|[;=\s]")


def env_value(marker: Marker, name: str, value: str, judge: Judge) -> str:
    """The value of a variable: hidden unless it is a reference or the name vouches for it."""
    stripped = value.strip()
    if not stripped or keep(stripped):
        return value
    secret = names.is_secret(name)
    if _HARMLESS.fullmatch(stripped.rstrip(",;)")) and not (secret and any(map(str.isdigit, stripped))):
        return value
    place = name[:100]
    if names.is_telling_env(name):
        if secret or _registry_secret(name) or opaque.is_uuid(stripped):
            return marker.hide(value, "env-value", place)
        return judge(marker, value, place)
    if not secret and names.is_harmless_env(name):
        if any(opaque.is_uuid(part) for part in re.split(r"[\s,;:=/]+", stripped)):
            return marker.hide(value, "env-value", place)
        return judge(marker, value, place)
    defaulted = defaults(marker, value, place)
    if defaulted is not None:
        return defaulted
    inner(marker, stripped, place, judge)
    return marker.hide(value, "env-value", place)


def _registry_secret(name: str) -> bool:
    """Variables of npm that hold a credential under a name without one: `npm_config_//host/:_auth`."""
    return name.lower().endswith((":_auth", ":_password", "_auth", ":username", "_otp"))


def defaults(marker: Marker, value: str, place: str, type_: str = "env-value") -> str | None:
    """`${NAME:-default}` with the default hidden, or None where `value` is no such thing."""
    match = references.DEFAULTED.fullmatch(value.strip())
    if not match:
        return None
    name, operator, default = match.groups()
    if not default or keep(default) or _HARMLESS.fullmatch(default):
        return value
    return f"${{{name}{operator}{marker.hide(default, type_, place)}}}"


def secret(marker: Marker, value: str, type_: str, place: str) -> str:
    """A value that is a secret by its place: hidden, but for references and the name before a default."""
    if not value or keep(value):
        return value
    return defaults(marker, value, place, type_) or marker.hide(value, type_, place)


def inner(marker: Marker, value: str, place: str, judge: Judge) -> None:
    """Note the secrets inside a value that is hidden whole, so that a password in a URL can be matched elsewhere."""
    if not _INSIDE.search(value) or "PRIVATE KEY" in value or len(value) > 4096:
        return
    scratch = marker.scratch()
    if SCHEME.match(value):
        url(scratch, value)
    else:
        judge(scratch, value, place)
    for secret in scratch.secrets:
        marker.keep(secret, place)


def header_value(marker: Marker, name: str, value: str, judge: Judge) -> str:
    """The value of a header: hidden but for a scheme word such as `Bearer`, references, and harmless headers."""
    stripped = value.strip()
    if not stripped or keep(stripped):
        return value
    lower = name.lower()
    if names.is_harmless_header(name):
        if lower == "host" or (not any(patterns.find(value)) and not opaque.is_uuid(stripped)):
            return judge(marker, value, name)
        return marker.hide(value, "header-value", name)
    if "cookie" in lower:
        return cookies(marker, value, name)
    start = value.index(stripped)
    head, tail = value[:start], value[start + len(stripped) :]
    match = _AUTH.fullmatch(stripped)
    if match and (match.group(1).lower() in names.AUTH_SCHEMES or (names.is_vague(name) and match.group(1).isalpha())):
        scheme, blank, rest = match.groups()
        if scheme.lower() not in names.AUTH_SCHEMES:
            return head + marker.hide(stripped, "header-value", name) + tail
        if keep(rest):
            return value
        if scheme.lower() == "basic":
            return head + scheme + blank + marker.hide_basic(rest, name) + tail
        return (
            head
            + scheme
            + blank
            + (defaults(marker, rest, name, "header-value") or marker.hide(rest, "header-value", name))
            + tail
        )
    if re.fullmatch(r"(?:true|false|\d{1,4})", stripped, re.IGNORECASE) and not names.is_secret(name):
        return value
    if stripped.lower() in ("bearer", "basic") and MARK.search(value) is None:
        return value
    return defaults(marker, value, name, "header-value") or head + marker.hide(stripped, "header-value", name) + tail


def cookies(marker: Marker, value: str, place: str) -> str:
    """`name=value; name=value` with every value hidden."""
    if "=" not in value:
        return value if keep(value) else marker.hide(value, "cookie", place)

    def one(match: re.Match[str]) -> str:
        name, content, end = match.groups()
        if not content.strip() or keep(content):
            return match.group()
        return name + marker.hide(content, "cookie", name.strip("= ")[:60] or place) + end

    return _COOKIE.sub(one, value)
