"""Names of things as one part of a path, and back: whatever an endpoint called them.

    /findings/e1/029d3ec38df0          as it is, where it is as most are
    /findings/e1/~YS8uLi9i             `a/../b`, in base64url behind a tilde

Servers and proxies split paths at `/` before or after they decode them, some decode twice, and browsers take `.` and
`..` for steps, also written as %2e (https://url.spec.whatwg.org/#double-dot-path-segment): quoting alone gives no name
of its own.
Must not be here: which paths there are.
"""

import base64
import binascii
from urllib.parse import quote

_MARK = "~"


def segment(text: str) -> str:
    """A name as one part of a path, quoted."""
    if text and text not in (".", "..") and not text.startswith(_MARK) and not set(text) & {"/", "\\", "%"}:
        return quote(text, safe="", errors="replace")
    return _MARK + base64.urlsafe_b64encode(text.encode("utf-8", "replace")).decode().rstrip("=")


def text_of(part: str) -> str:
    """The name that a part of a path stands for, as the server has unquoted it. What is none stands for itself."""
    if not part.startswith(_MARK):
        return part
    given = part[len(_MARK) :]
    try:
        return base64.b64decode(given + "=" * (-len(given) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        return part


def tail(text: str) -> str:
    """A name as the rest of a path, with its slashes where every part of it is one: `acme/gateway`, `~/src/shop`."""
    parts = text.split("/")
    plain = all(parts) and not {".", ".."} & set(parts) and not set(text) & {"\\", "%"}
    if plain and not (text.startswith(_MARK) and len(parts) == 1):
        return quote(text, safe="/~", errors="replace")
    return _MARK + base64.urlsafe_b64encode(text.encode("utf-8", "replace")).decode().rstrip("=")


def text_of_tail(rest: str) -> str:
    """The name that the rest of a path stands for, as the server has unquoted it."""
    return rest if "/" in rest else text_of(rest)
