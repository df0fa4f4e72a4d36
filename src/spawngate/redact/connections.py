"""Redacts lists of `key=value` that open a connection: ADO.NET and ODBC strings, libpq keywords, Azure keys.

Must not be here: URLs (`urls`), also those that carry such a list behind the host.
"""

import re

from spawngate.redact import names, opaque
from spawngate.redact.marks import Marker
from spawngate.redact.tokens import leaf
from spawngate.redact.urls import SCHEME, keep, url

_KEY = re.compile(r"\s*([A-Za-z][A-Za-z0-9 _.-]{0,40}?)\s*=")
_LIBPQ = re.compile(r"([A-Za-z_]{2,30})\s?=\s?('(?:[^'\\]|\\.)*'|[^\s']*)")


def is_connection_string(text: str) -> bool:
    """Whether `text` is a list `key=value;key=value` that holds at least two keys of connections."""
    if text.count("=") < 2 or ";" not in text or len(text) > 8192:
        return False
    keys = [match.group(1) for part in text.split(";") if (match := _KEY.match(part))]
    return len(keys) >= 2 and sum(_known(key) for key in keys) >= 2


def is_keyword_dsn(text: str) -> bool:
    """Whether `text` is a libpq keyword list, `host=h user=u password=p`."""
    if text.count("=") < 2 or len(text) > 8192 or ";" in text.partition("=")[0]:
        return False
    keys = [match.group(1) for match in _LIBPQ.finditer(text)]
    return (
        len(keys) >= 2
        and sum(_known(key) for key in keys) >= 2
        and not any(key.isupper() for key in keys)
        and _LIBPQ.match(text) is not None
    )


def connection_string(marker: Marker, text: str) -> str:
    """Redact `key=value;key=value`. A part without a key goes on with the value before it, as in a password."""
    groups: list[str] = []
    for part in text.split(";"):
        if groups and part.strip() and not _KEY.match(part):
            groups[-1] += ";" + part
        else:
            groups.append(part)
    return ";".join(_part(marker, group) for group in groups)


def _part(marker: Marker, text: str) -> str:
    match = _KEY.match(text)
    if not match:
        return leaf(marker, text, "connection")
    return text[: match.end()] + value(marker, match.group(1), text[match.end() :])


def keyword_dsn(marker: Marker, text: str) -> str:
    """Redact `host=h user=u password=p`."""
    out: list[str] = []
    last = 0
    for match in _LIBPQ.finditer(text):
        out += [
            _loose(marker, text[last : match.start()]),
            text[match.start() : match.start(2)],
            value(marker, match.group(1), match.group(2)),
        ]
        last = match.end()
    return "".join([*out, _loose(marker, text[last:])])


def _loose(marker: Marker, text: str) -> str:
    """Text between the pairs, where a value with an unquoted blank goes on."""
    if not text.strip():
        return text
    return re.sub(r"\S+", lambda match: leaf(marker, match.group(), "connection"), text)


def value(marker: Marker, key: str, text: str) -> str:
    """The value of one key of a connection."""
    stripped = text.strip()
    if not stripped or keep(stripped):
        return text
    start = text.index(stripped)
    if names.is_secret(key) or key.lower().replace(" ", "") in ("pwd", "password", "sharedaccesssignature"):
        hidden = marker.hide(stripped, "dsn-password", key.strip())
    elif SCHEME.match(stripped):
        hidden = url(marker, stripped)
    elif opaque.is_uuid(stripped) and "key" in key.lower():
        hidden = marker.hide(stripped, "dsn-password", key.strip())
    else:
        hidden = re.sub(r"\S+", lambda match: leaf(marker, match.group(), key.strip()), stripped)
    return text[:start] + hidden + text[start + len(stripped) :]


def _known(key: str) -> bool:
    return key.lower().replace(" ", "").replace("-", "") in names.CONNECTION_KEYS
