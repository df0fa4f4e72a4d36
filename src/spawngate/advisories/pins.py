"""What a launch, a lock or an installation says about the version: one, some, the newest, or nothing that helps.

Belongs here: reading version texts of package launchers, container tags and git references.
Must not be here: whether the answer is affected (`advisories.ranges`).
Sources: npm/node-semver README (ranges, tags); PEP 440 version specifiers; distribution/reference (tags and digests).
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How much is known about the version."""

    EXACT = "exact"
    RANGE = "range"
    """Any of several, which one is decided when it is installed or pulled."""
    NEWEST = "newest"
    """None was given, or a tag that moves: the newest one, or what lies in a cache."""
    BRANCH = "branch"
    """A branch or tag of a repository that is no version."""
    COMMIT = "commit"
    DIGEST = "digest"
    UNKNOWN = "unknown"
    """Installed, and its version cannot be read; or written with a variable."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Versions from `low` (None: the first) to `high` (None: without end). Bounds count as inside, unless
    `high_open`; a strict lower bound is read as inside too, so that the interval is never too small."""

    low: str | None = None
    high: str | None = None
    high_open: bool = True


@dataclass(frozen=True, slots=True)
class Pin:
    """The version of a subject. `text` is what was written."""

    kind: Kind
    text: str = ""
    version: str = ""
    intervals: tuple[Interval, ...] = ()


UNPINNED = Pin(Kind.NEWEST)
UNREADABLE = Pin(Kind.UNKNOWN)

_FULL = re.compile(r"[v=\s]*(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)", re.ASCII)
_PART = re.compile(
    r"v?(\d+|[xX*])(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?(-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?", re.ASCII
)
_VARIABLE = re.compile(r"\$|%[A-Za-z_]+%|\{|\[")
_WORD = re.compile(r"[A-Za-z][\w.-]*", re.ASCII)


def exact(version: str) -> Pin:
    """The pin of an installed or locked version; unreadable when there is none."""
    version = version.strip()
    return Pin(Kind.EXACT, version, version) if version else UNREADABLE


def from_npm(text: str) -> Pin:
    """`1.2.3`, a tag, or a range as npm reads it. Empty and `*` ask for the newest."""
    text = text.strip()
    if text in ("", "*", "x", "X", "latest", ">=0", ">=0.0.0"):
        return Pin(Kind.NEWEST, text)
    if _VARIABLE.search(text):
        return Pin(Kind.UNKNOWN, text)
    full = _FULL.fullmatch(text)
    if full:
        return Pin(Kind.EXACT, text, full[1])
    if _WORD.fullmatch(text) and not _PART.fullmatch(text):
        return Pin(Kind.NEWEST, text)  # a dist-tag: it moves
    found = [_npm_comparators(part) for part in text.split("||")]
    if any(interval is None for interval in found):
        return Pin(Kind.UNKNOWN, text)
    return Pin(Kind.RANGE, text, "", tuple(interval for interval in found if interval is not None))


def _npm_comparators(text: str) -> Interval | None:
    hyphen = re.fullmatch(r"\s*(\S+)\s+-\s+(\S+)\s*", text)
    if hyphen:
        low, high = _npm_one(">=", hyphen[1]), _npm_one("<=", hyphen[2])
        return None if low is None or high is None else Interval(low.low, high.high, high.high_open)
    result = Interval()
    words = re.findall(r"(\^|~>?|>=|<=|>|<|=)?\s*([^\s^~<>=]+)", text)
    if not words:
        return Interval() if not text.strip() else None
    for operator, version in words:
        one = _npm_one(operator, version)
        if one is None:
            return None
        # Several comparators: the last one of each side is taken, which real ranges never repeat.
        result = Interval(
            one.low if one.low is not None else result.low,
            one.high if one.high is not None else result.high,
            one.high_open if one.high is not None else result.high_open,
        )
    return result


def _npm_one(operator: str, text: str) -> Interval | None:
    match = _PART.fullmatch(text)
    if match is None:
        return None
    numbers: list[int] = []
    for part in match.groups()[:3]:
        if part is None or not part.isdecimal():
            break
        numbers.append(int(part))
    low = ".".join(map(str, (*numbers, 0, 0, 0)[:3])) + (match[4] or "")
    if not numbers:
        return Interval()
    if operator in (">", ">="):
        return Interval(low)
    if operator == "<":
        return Interval(None, low)
    if operator == "<=":
        return Interval(None, low, False) if len(numbers) == 3 else Interval(None, _bump(numbers, len(numbers)))
    if operator == "^":
        at = next((index for index, number in enumerate(numbers) if number), len(numbers) - 1)
        return Interval(low, _bump(numbers, at + 1))
    if operator in ("~", "~>"):
        return Interval(low, _bump(numbers, min(len(numbers), 2)))
    return Interval(low, low, False) if len(numbers) == 3 else Interval(low, _bump(numbers, len(numbers)))


def _bump(numbers: list[int], length: int) -> str:
    """The first version after all that begin with the first `length` numbers."""
    head = [*numbers[: length - 1], numbers[length - 1] + 1]
    return ".".join(map(str, (*head, 0, 0, 0)[: max(3, len(head))])) + "-0"


def from_pypi(text: str) -> Pin:
    """`1.2.3`, or specifiers as pip reads them. Empty asks for the newest; so does uv's `latest`."""
    text = text.strip().strip("()")
    if text in ("", "latest", "*"):
        return Pin(Kind.NEWEST, text)
    if _VARIABLE.search(text):
        return Pin(Kind.UNKNOWN, text)
    if re.fullmatch(r"={0,3}\s*v?\d+(?:!\d+)?[0-9A-Za-z.+_-]*", text, re.ASCII):
        version = text.lstrip("= ")
        return Pin(Kind.EXACT, text, version)
    result = Interval()
    for part in text.split(","):
        match = re.fullmatch(r"\s*(~=|===?|!=|<=|>=|<|>)\s*(v?\d[0-9A-Za-z.!+_-]*?)(\.\*)?\s*", part, re.ASCII)
        if match is None:
            return Pin(Kind.UNKNOWN, text)
        operator, version, star = match.groups()
        low, high, high_open = result.low, result.high, result.high_open
        release = re.match(r"v?(?:\d+!)?(\d+(?:\.\d+)*)", version)
        numbers = [int(number) for number in release[1].split(".")] if release else [0]
        if operator in ("==", "===") and not star:
            return Pin(Kind.EXACT, text, version)
        if operator in ("==", "==="):
            low, high, high_open = version, _pypi_bump(numbers), True
        elif operator == "~=":
            low, high, high_open = version, _pypi_bump(numbers[:-1] or numbers), True
        elif operator in (">", ">="):
            low = version
        elif operator in ("<", "<="):
            high, high_open = version, operator == "<"
        result = Interval(low, high, high_open)
    return Pin(Kind.RANGE, text, "", (result,))


def _pypi_bump(numbers: list[int]) -> str:
    return ".".join(map(str, [*numbers[:-1], numbers[-1] + 1])) + ".dev0"


_TAG_VERSION = re.compile(
    r"(?:^|[^0-9A-Za-z.])v?(\d+(?:\.\d+){0,3}(?:[-._]?(?:alpha|beta|rc|dev|nightly|preview|pre|patch|post|b|a)"
    r"(?![A-Za-z])(?:[-._]?\d+)*)?)(?![0-9A-Za-z]*\.\d)",
    re.ASCII | re.IGNORECASE,
)
_COMMIT = re.compile(r"[0-9a-f]{7,64}")


def from_image_tag(text: str, tag: str = "") -> Pin:
    """The tag or digest of a container image; `tag` is the tag written beside a digest.

    A tag of three numbers names a release (`main-v1.82.0-stable`), one of fewer moves among releases (`1.5`).
    """
    if ":" in text:
        pin = from_image_tag(tag) if tag else UNREADABLE
        return Pin(Kind.EXACT, f"{tag}@{text}", pin.version) if pin.kind is Kind.EXACT else Pin(Kind.DIGEST, text)
    if _VARIABLE.search(text):
        return Pin(Kind.UNKNOWN, text)
    match = _TAG_VERSION.search(text)
    if match is None or _is_hash(text):
        return Pin(Kind.NEWEST, text)
    version = match[1]
    numbers = re.match(r"\d+(?:\.\d+)*", version)
    parts = [int(part) for part in numbers[0].split(".")] if numbers else []
    if len(parts) >= 3 or (numbers and numbers[0] != version):
        return Pin(Kind.EXACT, text, version)
    return Pin(Kind.RANGE, text, "", (Interval(version, _bump(parts, len(parts))),))


def from_image(reference: str) -> tuple[str, Pin] | None:
    """Name and pin of an image reference as Docker reads it, the default registry left out. None for what is none."""
    name, _, digest = reference.strip().removeprefix("docker://").partition("@")
    tag = ""
    if ":" in name.rpartition("/")[2]:
        name, _, tag = name.rpartition(":")
    name = (
        re.sub(r"^(?:index\.docker\.io|registry-1\.docker\.io|docker\.io)/", "", name).removeprefix("library/").lower()
    )
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*(?::\d+)?(?:/[a-z0-9][a-z0-9._-]*)*", name, re.ASCII):
        return None
    return name, from_image_tag(digest, tag) if digest else from_image_tag(tag)


def from_git(text: str) -> Pin:
    """A reference of a git repository: a version tag, a commit, a branch, or none (the default branch)."""
    text = text.strip()
    if not text or text.casefold() in ("head", "main", "master"):
        return Pin(Kind.NEWEST, text)
    if _VARIABLE.search(text):
        return Pin(Kind.UNKNOWN, text)
    tag = re.fullmatch(
        r"(?:refs/tags/)?(?:[A-Za-z@/_-]*[-@/])?v?(\d+(?:\.\d+)+(?:[-._]?[A-Za-z][\w.-]*)?)", text, re.ASCII
    )
    if tag and not _is_hash(text):
        return Pin(Kind.EXACT, text, tag[1])
    return Pin(Kind.COMMIT if _COMMIT.fullmatch(text) else Kind.BRANCH, text)


def _is_hash(text: str) -> bool:
    return len(text) >= 7 and _COMMIT.fullmatch(text.removeprefix("sha-")) is not None


def of(ecosystem: str, text: str) -> Pin:
    """The pin that a launch of this ecosystem writes as `text`."""
    match ecosystem:
        case "npm" | "jsr" | "crates.io" | "NuGet":
            return from_npm(text)
        case "PyPI":
            return from_pypi(text)
        case "GitHub":
            return from_git(text)
        case "image":
            return from_image_tag(text)
    if text.casefold() in ("", "latest"):
        return Pin(Kind.NEWEST, text)
    return exact(text)
