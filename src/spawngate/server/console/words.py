"""Short forms for people: how long ago, how many, which colour a word has.

Pure. Must not be here: markup, and sentences that only one page says.
"""

from collections.abc import Mapping
from datetime import datetime

SEVERITIES = ("critical", "high", "medium", "low", "info")
"""Gravest first."""
TONES: Mapping[str, str] = {
    # severities
    "critical": "critical",
    "high": "bad",
    "medium": "warn",
    "low": "calm",
    "info": "off",
    # verdicts and modes
    "deny": "bad",
    "ask": "warn",
    "log": "calm",
    "allow": "good",
    "monitor": "calm",
    "enforce": "good",
    # endpoints
    "online": "good",
    "stale": "warn",
    "offline": "bad",
    "retired": "off",
    # tiers
    "official": "good",
    "community": "calm",
    "unknown": "warn",
    # statuses of artifacts
    "enabled": "good",
    "approved": "good",
    "installed": "calm",
    "configured": "calm",
    "pending": "warn",
    "blocked": "bad",
    "unreadable": "warn",
    # work
    "open": "warn",
    "acknowledged": "calm",
    "in-progress": "calm",
    "resolved": "good",
    "closed": "good",
    "false-positive": "off",
    "accepted": "off",
    # advisories
    "affected": "bad",
    "no-fix": "bad",
    "uncertain": "warn",
    "fixed": "good",
    # approvals, deliveries, coverage
    "denied": "bad",
    "revoked": "off",
    "delivered": "good",
    "retry": "warn",
    "refused": "bad",
    "dead": "bad",
    "paused": "warn",
    "draft": "calm",
    "ready": "good",
    "yes": "good",
    "partly": "warn",
    "no": "bad",
    "blocks": "good",
    "observes": "warn",
    "none": "bad",
}
"""Words with a colour of their own. Every one is also written out: colour alone says nothing."""


def tone(word: str) -> str:
    """The colour of a word; `off` for one that has none."""
    return TONES.get(word, "off")


def ago(at: str, now: str) -> str:
    """How long before `now` a time was: `3 min ago`, `in 2 d`; the text itself where it is no time."""
    if not at:
        return "never"
    try:
        seconds = round((datetime.fromisoformat(now) - datetime.fromisoformat(at)).total_seconds())
    except (ValueError, TypeError):
        return at
    size = abs(seconds)
    if size < 10:
        return "now"
    for limit, unit, name in ((60, 1, "s"), (3600, 60, "min"), (86_400, 3600, "h"), (86_400 * 60, 86_400, "d")):
        if size < limit:
            words = f"{size // unit} {name}"
            return f"in {words}" if seconds < 0 else f"{words} ago"
    return at[:10]


def exact(at: str) -> str:
    """A time of the trail to the second: `2026-11-21 10:04:05 UTC`."""
    return f"{at[:10]} {at[11:19]} UTC" if len(at) > 19 and at[10] == "T" else at


def amount(number: int) -> str:
    """A number with thin groups: 12,345."""
    return f"{number:,}"


def brief(number: int) -> str:
    """A number in a narrow place: 12.3 k, 4.1 M."""
    for size, name in ((1_000_000_000, "G"), (1_000_000, "M"), (10_000, "k")):
        if number >= size:
            value = number / (1000 if name == "k" else size)
            return f"{value:.1f} {name}" if value < 100 else f"{value:.0f} {name}"
    return amount(number)


def short(digest: str, size: int = 12) -> str:
    """The begin of a fingerprint, for tables; pages of one thing show all of it."""
    head, mark, rest = digest.rpartition(":")
    return f"{head}{mark}{rest[:size]}" if len(rest) > size else digest


def plural(number: int, one: str, many: str = "") -> str:
    """`1 endpoint`, `12 endpoints`."""
    return f"{amount(number)} {one if number == 1 else many or one + 's'}"


def inside(title: str) -> str:
    """A title inside of a sentence: `skill`, `MCP server`, `CLIs`."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
