"""Whether a text that is given away holds a secret: a key or token of a known form, an assignment of a password, an
address with a login, a line of an account list; also in base64 or hexadecimal form.

Must not be here: the vendors' forms (`redact.patterns`), and where a text goes (`command.calls`).
"""

import base64
import binascii
import re

from spawngate.redact.patterns import find

LONGEST = 32_768
"""Characters of a text that are looked at."""
SHORTEST = 12
_PLACEHOLDERS = r"(?:password|passwd|pass|pw|postgres|root|user|secret|example|changeme|test|admin|mysql)"
_FORMS: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = (
    (
        ("pass", "secret", "key", "token"),
        re.compile(
            r"(?<![a-z0-9])(?:[a-z0-9]{1,40}_){0,6}"
            r"(?:password|passwd|secret(?:_?(?:access)?_?key)?|private_?key|api_?key|access_?key|auth_?token)"
            r"[\"']?\s{0,9}(?:[:=]|\bis\b:?)\s{0,9}[\"']?"
            r"(?![\w.]+\()(?=[^\s\"']{0,200}\d)[^\s\"'<>${}*()]{7,}"
        ),
    ),
    (
        ("://",),
        re.compile(
            rf"\b[a-z][a-z0-9+]{{2,15}}://[^\s:/@]{{1,64}}:(?!{_PLACEHOLDERS}@)[^\s:/@]{{4,128}}@"
            r"(?!localhost|127\.|db[:/]|postgres[:/])[\w.-]+"
        ),
    ),
    ((":$",), re.compile(r"(?<![\w-])[a-z_][\w-]{0,31}:\$(?:1|2[aby]|5|6|y)\$[^:\s]{12,}:")),
    (("root:",), re.compile(r"\broot:[x*!]?:0:0:")),
)
"""Forms of secrets in a text in lower case, each behind what it cannot do without."""
_ENCODED = re.compile(r"[A-Za-z0-9+/_-]{24,8192}={0,2}")
_HEX = re.compile(r"\b(?:[0-9a-fA-F]{2}){16,4096}\b")
_LEAST = 24
_MOST = 16
"""Encoded pieces of a text that are decoded."""


def holds_secret(text: str) -> bool:
    """Whether the text holds a secret, as it is or encoded once."""
    if len(text) < SHORTEST:
        return False
    part = text[:LONGEST]
    return _plain(part) or any(map(_plain, _decoded(part)))


def _plain(text: str) -> bool:
    lowered = text.lower()
    for needed, pattern in _FORMS:
        if any(map(lowered.__contains__, needed)) and pattern.search(lowered):
            return True
    return next(find(text), None) is not None


def _decoded(text: str) -> list[str]:
    found: list[str] = []
    pieces: list[str] = []
    for match in _HEX.finditer(text):
        if len(found) >= _MOST:
            return found
        found.append(bytes.fromhex(match[0]).decode("utf-8", "replace"))
    # In an address `/` parts folders and is no letter of the code.
    for whole in (match[0] for match in _ENCODED.finditer(text)):
        pieces.append(whole)
        pieces += [piece for piece in whole.split("/") if len(piece) >= _LEAST and piece != whole]
    for each in pieces[: 2 * _MOST]:
        piece = each.rstrip("=").replace("-", "+").replace("_", "/")
        try:
            data = base64.b64decode(piece + "=" * (-len(piece) % 4), validate=True)
        except (binascii.Error, ValueError):
            continue
        decoded = data.decode("utf-8", "replace")
        if decoded.isascii():
            found.append(decoded)
    return found
