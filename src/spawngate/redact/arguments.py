"""Redacts one argument for which no flag speaks: document, address, connection string, header, phrase, single word.

Must not be here: lists of words (`lines`), flags (`flags`), pairs (`assignments`).
"""

import re

from spawngate.redact import assignments, connections, names, opaque, patterns
from spawngate.redact.documents import json_text
from spawngate.redact.following import Pass
from spawngate.redact.marks import MARK
from spawngate.redact.tokens import leaf, path, vendors
from spawngate.redact.urls import SCHEME, keep, url

_PAIR = re.compile(r"([A-Za-z_$@/.\"'\[{(,-][^\s=?\"'`]{0,200}?|)(:?=)(.*)", re.DOTALL)
_COMPARED = re.compile(r"=\s?v?\d{1,8}(?:\.[\w*]{1,12}){0,5}")
"""What stands behind the first equals sign of `name==1.2`, a version or a comparison."""
_PATH_START = re.compile(r"(?:~|\.{1,2})?[/\\](?!/)|[A-Za-z]:[/\\]|\\\\|%[A-Za-z]+%[/\\]|\$\{?[A-Za-z_]+\}?[/\\]")
_SIGNS = re.compile("[=:]")
_SIGN = re.compile(r"[!#$%^&*?]")


def argument(line: Pass, value: str, place: str, prose: bool, parent: str) -> str:
    if "://" in value and not any(map(str.isspace, value)):
        match = SCHEME.match(value)
        if match:
            return _address(line, value, place)
    stripped = value.strip()
    if not stripped:
        return value
    if stripped[0] in "{[" and stripped[-1] in "}]":
        document = json_text(line, place, value)
        if document is not None:
            return document
    if "=" in value:
        if ";" in value and connections.is_connection_string(value):
            return connections.connection_string(line.marker, value)
        if " " in value and connections.is_keyword_dsn(value):
            return connections.keyword_dsn(line.marker, value)
    if any(map(str.isspace, stripped)):
        return _phrase(line, value, place, prose)
    return single(line, value, place, parent)


def _phrase(line: Pass, value: str, place: str, prose: bool) -> str:
    header = assignments.HEADER_LINE.fullmatch(value) if ":" in value[:90] and "\n" not in value else None
    if header and ":" in header.group(2) and names.is_header(header.group(1)):
        name, content = header.group(1), header.group(3)
        words = content.split()
        prose = name[:2].lower() != "x-" and (not words or words[0].lower() in names.FUNCTION_WORDS)
        whole = name.lower() in ("authorization", "proxy-authorization", "cookie") or len(words) < 3
        if whole and not prose:
            return value[: header.start(3)] + line.header(name, content)
    return line.phrase(value, place, prose)


def _address(line: Pass, value: str, place: str) -> str:
    end = re.search(r"[\"'`<>)\],;]+$", value)
    tail = ""
    if end and "@" not in value:
        opened = MARK.match(value, max(0, value.rfind("[secret:")))
        start = max(end.start(), opened.end() if opened else 0)
        value, tail = value[:start], value[start:]
    return url(line.marker, value, place) + tail


def single(line: Pass, value: str, place: str, parent: str = "") -> str:
    if keep(value):
        return value
    if any(_SIGNS.search(value, start, stop) for start, stop, _ in patterns.find(value)):
        # A vendor's secret with a sign in it that would part it from its name.
        value = vendors(line.marker, value, place)
    if "=" in value:
        multi = assignments.pairs(line, value)
        if multi is not None:
            return multi
        pair = _PAIR.fullmatch(value)
        if pair and "://" not in pair.group(1) and pair.group(1) and not _COMPARED.fullmatch(pair.group(3)):
            return assignments.equals(line, value, pair)
    if "://" in value:
        return _embedded_url(line, value, place)
    if ":" in value:
        colon = assignments.colon(line, value)
        if colon is not None:
            return colon
    if value.startswith("$(") and value.endswith(")") and len(value) > 3:
        return "$(" + line.line(value[2:-1]) + ")"
    if opaque.REVISION.fullmatch(value) and parent.lstrip("-").lower() in names.REVISION_FLAGS:
        return value
    if parent and opaque.is_project_ref(parent, value):
        return value
    if _PATH_START.match(value) and not _random_path(value):
        return _path(line, value, place)
    return leaf(line.marker, value, place)


def _path(line: Pass, value: str, place: str) -> str:
    text = path(line.marker, value, place)
    return (
        "".join(
            part if MARK.fullmatch(part) or opaque.is_hex(part, 1) or len(part) > 60 else _path_part(line, part, place)
            for part in re.split(r"([/\\:])", text)
        )
        if "[secret:" not in text
        else text
    )


def _path_part(line: Pass, part: str, place: str) -> str:
    """A human password as a folder or file name. Odd letters alone are no sign there."""
    if len(part) >= 20 or not _SIGN.search(part) or "@" in part[1:-2]:
        return part
    return line.marker.hide(part, "password", place) if opaque.verdict(part) else part


def _embedded_url(line: Pass, value: str, place: str) -> str:
    match = re.search(r"[A-Za-z][A-Za-z0-9+-]{0,40}://", value)
    if match is None:
        return leaf(line.marker, value, place)
    head, rest = value[: match.start()], value[match.start() :]
    if head == "jdbc:" or re.fullmatch(r"(?:[a-z]{2,12}:){1,2}", head):
        return url(line.marker, value, place)
    return leaf(line.marker, head, place) + _address(line, rest, place)


def _random_path(value: str) -> bool:
    """A base64 string may begin with a slash; then it is random as a whole."""
    if opaque.is_base64(value):
        return True
    return ("=" in value or "+" in value or "." not in value) and len(value) >= 20 and opaque.is_dense(value)
