"""Replacement text and fingerprints.

Belongs here: what stands in the place of a secret, how a secret is reduced to its bare form, and the record
of what was taken out.
Must not be here: deciding what is secret.
"""

import base64
import binascii
import hashlib
import hmac
import re
from urllib.parse import unquote

from msgspec import Struct

from spawngate.redact import opaque, patterns

TYPES = patterns.TYPES | {
    "argument",
    "basic-auth",
    "cookie",
    "dsn-password",
    "env-value",
    "flag-value",
    "header-value",
    "high-entropy",
    "named-value",
    "password",
    "text",
    "url-fragment",
    "url-host",
    "url-parameter",
    "url-password",
    "url-path",
    "url-query",
    "url-user",
    "webhook",
}
"""Every type that a replacement text can name. The list is closed: a marker with another word is no marker,
so nobody can pass a value off as one."""

MARK = re.compile(
    r"\[secret:(?:" + "|".join(sorted(map(re.escape, TYPES), key=len, reverse=True)) + r"):[0-9a-f]{16}\]"
)

_UNSAFE = re.compile("[\x00\ud800-\udfff]")
_SCHEME = re.compile(r"(?:bearer|basic|token|apikey|api-key|digest|negotiate)\s+(?=\S)", re.IGNORECASE)
_SOFT_ESCAPE = re.compile(r"\\([^\w\s])")
_BLANKS = re.compile(r"\s+|\\[nrt]")


class Secret(Struct, frozen=True):
    """Something that was taken out."""

    type: str
    fingerprint: str
    """16 hexadecimal digits of HMAC-SHA-256 of the bare value: the same wherever the value stands."""
    place: str
    """Where inside the value: a variable, header, flag or query key, `userinfo`, `path`, `argument`."""


class Redacted(Struct, frozen=True):
    """Safe text and what was taken out of it."""

    text: str
    secrets: tuple[Secret, ...] = ()


class RedactedArgv(Struct, frozen=True):
    """A safe program and its safe arguments, and what was taken out of them."""

    command: str | None
    args: tuple[str, ...]
    secrets: tuple[Secret, ...]


def partition(text: str, sign: str) -> tuple[str, str, str]:
    """`text.partition(sign)`, but never inside a marker."""
    last = 0
    for match in MARK.finditer(text):
        if text.find(sign, last, match.start()) >= 0:
            break
        last = match.end()
    head, found, tail = text[last:].partition(sign)
    return text[:last] + head, found, tail


def clean(value: str) -> str:
    """`value` without characters that break encoders and terminals: NUL and lone surrogates become U+FFFD."""
    if value.isascii():
        return value.replace("\0", "\ufffd") if "\0" in value else value
    return _UNSAFE.sub("\ufffd", value)


def bare(value: str) -> str:
    """The secret itself: no quotes, no percent-encoding, no backslash escapes, no scheme word before it."""
    previous = None
    while previous != value:
        previous = value
        value = value.strip()
        if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"`":
            value = value[1:-1]
        scheme = _SCHEME.match(value)
        if scheme:
            value = value[scheme.end() :]
    if "-----BEGIN" in value:
        return _BLANKS.sub("", unquote(value) if "%20" in value or "%0A" in value else value)
    for _ in range(4):
        decoded = unquote(value, errors="strict") if "%" in value and _decodes(value) else value
        if decoded == value:
            break
        value = decoded
    return _SOFT_ESCAPE.sub(r"\1", clean(value)) if "\\" in value else clean(value)


def _decodes(value: str) -> bool:
    try:
        unquote(value, errors="strict")
    except UnicodeDecodeError:
        return False
    return True


def basic_password(value: str) -> str | None:
    """The password inside the base64 of `user:password`, or None where `value` is no such thing."""
    try:
        decoded = base64.b64decode(value.strip() + "=" * (-len(value.strip()) % 4), validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    user, colon, password = decoded.partition(":")
    return (password or user) if colon and decoded.isprintable() else None


class Marker:
    """Puts replacement text in the place of secrets and keeps the record of them."""

    def __init__(self, key: bytes) -> None:
        self._mac = hmac.new(key, digestmod=hashlib.sha256)
        self._found: dict[Secret, None] = {}

    @property
    def noted(self) -> int:
        """How many different secrets were taken out so far."""
        return len(self._found)

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """What was taken out so far, each once, in order."""
        return tuple(self._found)

    def fingerprint(self, value: str) -> str:
        """16 hexadecimal digits for the bare form of `value`."""
        mac = self._mac.copy()
        mac.update(bare(value).encode("utf-8", "replace"))
        return mac.hexdigest()[:16]

    def note(self, value: str, type_: str, place: str) -> Secret:
        """Record a secret and give the record back."""
        inner = bare(value)
        if len(place) >= patterns.SHORTEST and (any(patterns.find(place)) or opaque.verdict(place)):
            place = "name"
        secret = Secret(patterns.classify(inner) or type_, self.fingerprint(value), place)
        self._found[secret] = None
        return secret

    def scratch(self) -> "Marker":
        """A marker with the same key and an empty record."""
        other = Marker.__new__(Marker)
        other._mac = self._mac
        other._found = {}
        return other

    def keep(self, secret: Secret, place: str) -> None:
        """Take over a secret that another marker found, under a place of our own."""
        self._found[Secret(secret.type, secret.fingerprint, place)] = None

    def hide(self, value: str, type_: str, place: str) -> str:
        """Replacement text for `value`. Markers already in it stay; what surrounds them is hidden."""
        if "[secret:" not in value:
            return self._mark(value, type_, place) if value.strip() else value
        parts: list[str] = []
        last = 0
        marked = False
        for match in MARK.finditer(value):
            marked = True
            parts += [self._rest(value[last : match.start()], type_, place), match.group()]
            last = match.end()
        if not marked:
            return self._mark(value, type_, place)
        return "".join([*parts, self._rest(value[last:], type_, place)])

    def _rest(self, value: str, type_: str, place: str) -> str:
        return self._mark(value, type_, place) if any(map(str.isalnum, value)) else value

    def _mark(self, value: str, type_: str, place: str) -> str:
        secret = self.note(value, type_, place)
        return f"[secret:{secret.type}:{secret.fingerprint}]"

    def hide_basic(self, value: str, place: str) -> str:
        """Replacement text for the base64 of `user:password`, fingerprinted by the password alone."""
        password = basic_password(value)
        return self.hide(value if password is None else password, "basic-auth", place)
