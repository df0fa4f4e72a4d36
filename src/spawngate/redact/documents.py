"""Redacts decoded documents and JSON text: the key decides, then the look of the value.

Must not be here: the syntax of single values; callers hand in what to do with a text, a command or an address.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Protocol

from spawngate.model.json import Json
from spawngate.redact import names, opaque
from spawngate.redact.marks import MARK, Marker, clean
from spawngate.redact.urls import keep

DEEPEST = 40
"""Documents nested deeper are hidden from there on."""
LONGEST_NUMBER = 1024
"""Bits of a number that stays one. Longer ones become text: nothing downstream can write thousands of digits."""


class Treatments(Protocol):
    """What to do with a value once its key has said what it is."""

    @property
    def marker(self) -> Marker: ...
    def text(self, value: str, place: str) -> str: ...
    def path(self, value: str, place: str) -> str: ...
    def address(self, value: str, place: str) -> str: ...
    def line(self, value: str) -> str: ...
    def argv(self, words: list[str]) -> list[str]: ...
    def env(self, name: str, value: str) -> str: ...
    def header(self, name: str, value: str) -> str: ...


_ENV_KEYS = names.listed("env envs environment envvars environmentvariables env_vars environment_variables remoteenv")
_HEADER_KEYS = names.listed(
    "headers http_headers httpheaders requestheaders request_headers extraheaders extra_headers"
)
_ARGUMENT_KEYS = names.listed("args arguments argv")
_COMMAND_KEYS = names.listed("command cmd commands script shell exec run hook statusline")
_COMMAND_END = re.compile(r"(?:command|cmd|helper|script)$", re.IGNORECASE)
_ADDRESS_END = re.compile(r"(?:url|uri|endpoint|href|registry|server_?url|base_?url)$", re.IGNORECASE)
_PATH_END = re.compile(r"(?:path|paths|cwd|dir|directory|file|files|folder|root|roots|workdir|home)$", re.IGNORECASE)
_DIGEST_KEYS = names.REVISION_FLAGS | {"md5", "md", "fingerprint", "etag"}
_DIGEST = re.compile(r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128}|[0-9A-F]{40}|[0-9A-F]{64}")
_HOLDERS = names.listed("secrets credentials tokens passwords cookies")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z_.-]*")
_VALUE_KEYS = ("value", "val", "default")


def document(how: Treatments, key: str, value: Json, depth: int = 0, holder: str = "") -> Json:
    """`value` under `key`, redacted. `holder` is the kind of map around it: `env`, `header`, `secret` or nothing."""
    if value is None or isinstance(value, bool):
        return value
    if depth > DEEPEST:
        return how.marker.hide(_spelled(value), "text", key[:100])
    if isinstance(value, str):
        return _text(how, key, value, holder)
    if isinstance(value, int | float):
        return _number(how, key, value, holder)
    if isinstance(value, Mapping):
        return _map(how, key, value, depth, holder)
    return _list(how, key, value, depth, holder)


def _spelled(value: Json) -> str:
    try:
        return repr(value)
    except (ValueError, RecursionError):
        # A number too long to write somewhere in it. Such values share one fingerprint.
        return type(value).__name__


def _text(how: Treatments, key: str, value: str, holder: str) -> str:
    place = key[:100]
    if holder == "env":
        return how.env(key, value)
    if holder == "header":
        return how.header(key, value)
    value = clean(value)
    lower = key.lower()
    if holder == "secret" or names.is_secret(key):
        if not value.strip() or keep(value):
            return value
        if (
            holder != "secret"
            and lower in ("key", "keys")
            and _IDENTIFIER.fullmatch(value)
            and not opaque.verdict(value)
        ):
            return value
        if value.strip().lower() in names.MODE_WORDS and (names.is_vague(key) or value.strip().lower() in _BOOLEANS):
            return value
        if "authorization" in lower:
            return how.header(key, value)
        if lower.startswith("cookie"):
            return how.header("Cookie", value)
        return how.marker.hide(value, "named-value", place)
    if (
        _DIGEST.fullmatch(value)
        and names.words_of(key)[-1:]
        and names.words_of(key.rstrip("0123456789_-"))[-1] in _DIGEST_KEYS
    ):
        return value
    if lower in _COMMAND_KEYS or _COMMAND_END.search(key):
        return how.line(value)
    if _ADDRESS_END.search(key):
        return how.address(value, place)
    if _PATH_END.search(key) and "\n" not in value and "://" not in value and "=" not in value:
        return how.path(value, place)
    return how.text(value, place)


_BOOLEANS = names.listed("true false yes no on off none")


def _number(how: Treatments, key: str, value: int | float, holder: str) -> Json:
    if isinstance(value, int) and value.bit_length() > LONGEST_NUMBER:
        return _text(how, key, hex(value), holder)
    secret = holder == "secret" or names.is_secret(key)
    written = repr(value)
    if holder == "env" and not names.is_harmless_env(key):
        return value if len(written) <= 6 and not secret else how.env(key, written)
    if secret and sum(map(str.isdigit, written)) >= 4 and not names.is_vague(key):
        return how.marker.hide(written, "named-value", key[:100])
    return value


def _map(how: Treatments, key: str, value: Mapping[str, Json], depth: int, holder: str) -> Json:
    lower = key.lower()
    inside = holder if holder == "secret" else ""
    if lower in _ENV_KEYS:
        inside = "env"
    elif lower in _HEADER_KEYS:
        inside = "header"
    elif lower in _HOLDERS:
        inside = "secret"
    out: dict[str, Json] = {}
    named = next((value[k] for k in ("name", "key", "header", "variable") if isinstance(value.get(k), str)), None)
    if isinstance(named, str):
        named = MARK.sub("", how.text(named, "name"))
    for written, item in value.items():
        # What the redacted key says decides, so that redacting the result again decides the same.
        label = how.text(str(written), "key")
        name = MARK.sub("", label)
        if isinstance(named, str) and name in _VALUE_KEYS and isinstance(item, str):
            around = "header" if inside == "header" or holder == "header" else "env" if _in_env(inside, holder) else ""
            redacted: Json = _text(how, named, item, around or ("secret" if names.is_secret(named) else ""))
        elif isinstance(named, str) and name in ("name", "key", "header", "variable"):
            redacted = how.text(item, name) if isinstance(item, str) else document(how, name, item, depth + 1, "")
        else:
            redacted = document(how, name, item, depth + 1, inside)
        while label in out:
            label += "'"
        out[label] = redacted
    return out


def _in_env(inside: str, holder: str) -> bool:
    return inside == "env" or holder == "env"


def _list(how: Treatments, key: str, value: Sequence[Json], depth: int, holder: str) -> Json:
    lower = key.lower()
    if all(isinstance(item, str) for item in value):
        words = [str(item) for item in value]
        if lower in _ARGUMENT_KEYS or (lower in _COMMAND_KEYS and len(words) > 1):
            return list(how.argv(words))
        if lower in _ENV_KEYS:
            return [_assignment(how, word, "=") for word in words]
        if lower in _HEADER_KEYS:
            return [_assignment(how, word, ":") for word in words]
    inside = holder
    if lower in _HOLDERS or names.is_secret(key):
        inside = "secret"
    elif lower in _ENV_KEYS:
        inside = "env"
    elif lower in _HEADER_KEYS:
        inside = "header"
    return [
        document(how, key, item, depth + 1, "" if isinstance(item, str) and inside in ("env", "header") else inside)
        for item in value
    ]


def _assignment(how: Treatments, word: str, separator: str) -> str:
    name, sign, value = word.partition(separator)
    if not sign:
        return how.text(word, "argument")
    return name + sign + (how.env(name, value) if separator == "=" else how.header(name, value))


def json_text(how: Treatments, key: str, text: str) -> str | None:
    """`text` redacted as JSON, in its own spelling where nothing is hidden; None where it is no JSON map or list."""
    stripped = text.strip()
    if len(stripped) < 2 or stripped[0] + stripped[-1] not in ("{}", "[]"):
        return None
    try:
        value = json.loads(stripped)
    except (ValueError, RecursionError):
        return None
    redacted = document(how, key, value)
    if redacted == value:
        return text
    try:
        written = json.dumps(redacted, ensure_ascii=False, separators=(",", ":"))
    except (ValueError, RecursionError):
        return how.marker.hide(text, "text", key)
    written = _spelled_alike(stripped, written)
    start = text.index(stripped)
    return text[:start] + written + text[start + len(stripped) :]


_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s"{}\[\],:]+|[{}\[\],:]')
_SIGNS = frozenset("{}[],:")


def _spelled_alike(old: str, new: str) -> str:
    """`new` with the blanks of `old`, and with its own spelling of every key and value that is the same.

    Both are JSON. Where their parts cannot be matched one to one, `new` comes back with usual blanks.
    """
    parts = list(_TOKEN.finditer(old))
    tokens: list[str] = _TOKEN.findall(new)
    if len(parts) != len(tokens) or any(
        part.group() != token for part, token in zip(parts, tokens, strict=True) if token in _SIGNS
    ):
        separators = (", ", ": ") if ", " in old or ": " in old else (",", ":")
        return json.dumps(json.loads(new), ensure_ascii=False, separators=separators)
    out: list[str] = []
    last = 0
    for part, token in zip(parts, tokens, strict=True):
        if part.group() != token and json.loads(part.group()) != json.loads(token):
            out += [old[last : part.start()], token]
            last = part.end()
    return "".join([*out, old[last:]])
