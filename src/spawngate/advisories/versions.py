"""Versions: which of two comes first, in the scheme of their ecosystem.

Belongs here: PEP 440, semantic versions, Maven's order, and a plain order for applications, container tags and git
tags. A text that a scheme does not understand has no place in its order, and the caller must say so.
Must not be here: ranges (`advisories.ranges`) and what a launch asks for (`advisories.pins`).

Sources: https://packaging.python.org/specifications/version-specifiers (PEP 440); https://semver.org 2.0.0 and what
npm/node-semver adds in its loose mode; apache/maven:ComparableVersion as of Maven 3.9;
https://ossf.github.io/osv-schema for which ecosystem uses which.
"""

import re
from functools import cmp_to_key, lru_cache
from typing import Any, Literal

Scheme = Literal["pep440", "semver", "maven", "plain"]

MAX_LENGTH = 200
"""Characters of a version that is read; no real one comes near it."""

_SCHEMES: dict[str, Scheme] = {
    "pypi": "pep440",
    "npm": "semver",
    "go": "semver",
    "crates.io": "semver",
    "nuget": "semver",
    "hex": "semver",
    "pub": "semver",
    "swifturl": "semver",
    "jsr": "semver",
    "vscode": "semver",
    "openvsx": "semver",
    "maven": "maven",
    "jetbrains": "plain",
    "chrome": "plain",
    "firefox": "plain",
    "github": "plain",
    "image": "plain",
    "app": "plain",
    "rubygems": "plain",
    "packagist": "plain",
}


def scheme_of(ecosystem: str) -> Scheme | None:
    """The scheme of an OSV ecosystem or of one of our own; None where its order is not known here."""
    return _SCHEMES.get(ecosystem.partition(":")[0].casefold())


@lru_cache(maxsize=50_000)
def key(scheme: Scheme, text: str) -> Any:
    """A value that sorts as the version does among those of its scheme; None for what is no version of it."""
    text = text.strip()
    if not text or len(text) > MAX_LENGTH or not text.isascii():
        return None
    match scheme:
        case "pep440":
            return _pep440(text)
        case "semver":
            return _semver(text)
        case "maven":
            return _maven(text)
    return _plain(text)


def compare(scheme: Scheme, left: str, right: str) -> int | None:
    """Negative, zero or positive as `left` comes before, at or after `right`; None where one of them has no place."""
    a, b = key(scheme, left), key(scheme, right)
    if a is None or b is None:
        return None
    return int(a > b) - int(a < b)


# -- PEP 440 ------------------------------------------------------------------------------------------------------

_PEP440 = re.compile(
    r"""v?(?:(?P<epoch>\d+)!)?(?P<release>\d+(?:\.\d+)*)
    (?:[-_.]?(?P<pre>alpha|beta|preview|pre|a|b|c|rc)[-_.]?(?P<pre_number>\d+)?)?
    (?P<post>-(?P<post_bare>\d+)|[-_.]?(?:post|rev|r)[-_.]?(?P<post_number>\d+)?)?
    (?P<dev>[-_.]?dev[-_.]?(?P<dev_number>\d+)?)?
    (?:\+(?P<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_PRE = {"a": 0, "alpha": 0, "b": 1, "beta": 1, "c": 2, "rc": 2, "pre": 2, "preview": 2}


def _pep440(text: str) -> Any:
    match = _PEP440.fullmatch(text)
    if match is None:
        return None
    release = [int(part) for part in match["release"].split(".")]
    while len(release) > 1 and release[-1] == 0:
        release.pop()
    # Below every pre-release lies a bare development release; above every pre-release lies the release.
    if match["pre"]:
        pre = (0, _PRE[match["pre"].lower()], int(match["pre_number"] or 0))
    elif match["dev"] and not match["post"]:
        pre = (-1, 0, 0)
    else:
        pre = (1, 0, 0)
    post = int(match["post_bare"] or match["post_number"] or 0) if match["post"] else -1
    dev = (0, int(match["dev_number"] or 0)) if match["dev"] else (1, 0)
    local = tuple(
        (1, int(part), "") if part.isdecimal() else (0, 0, part.lower())
        for part in re.split(r"[-_.]", match["local"] or "")
        if part
    )
    return int(match["epoch"] or 0), tuple(release), pre, post, dev, (1, local) if local else (0, ())


# -- semantic versions --------------------------------------------------------------------------------------------

_SEMVER = re.compile(
    r"[v=\s]*(?P<core>\d+(?:\.\d+){0,3})"
    r"(?:-(?P<pre>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)|(?P<loose>[A-Za-z][0-9A-Za-z-]*(?:\.[0-9A-Za-z-]+)*))?"
    r"(?:\+[0-9A-Za-z.-]+)?",
    re.ASCII,
)


def _semver(text: str) -> Any:
    """Missing parts are 0, `v` and `=` in front and zeros in front of a number do not count, and a fourth number, as
    NuGet and some editors have, is the least of the four."""
    match = _SEMVER.fullmatch(text)
    if match is None:
        return None
    core = tuple(int(part) for part in match["core"].split("."))
    before = match["pre"] or match["loose"]
    if not before:
        return core + (0,) * (4 - len(core)), (1, ())
    identifiers = tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in before.split("."))
    return core + (0,) * (4 - len(core)), (0, identifiers)


# -- Maven --------------------------------------------------------------------------------------------------------

_QUALIFIERS = ("alpha", "beta", "milestone", "rc", "snapshot", "", "sp")
_ALIASES = {"ga": "", "final": "", "release": "", "cr": "rc"}
_SHORT = {"a": "alpha", "b": "beta", "m": "milestone"}
_Item = int | str | list[Any]


def _maven(text: str) -> Any:
    return _MavenKey(_maven_items(text.lower()))


def _maven_items(text: str) -> list[_Item]:
    root: list[_Item] = []
    current, stack = root, [root]

    def deeper() -> list[_Item]:
        inner: list[_Item] = []
        current.append(inner)
        stack.append(inner)
        return inner

    for separator, word in re.findall(r"([.-]?)([0-9]+|[^0-9.-]+|)", text):
        if separator == "-":
            current = deeper()
        if not word:
            if separator:
                current.append(0)
            continue
        if word[0].isdecimal():
            if not separator and current:
                current = deeper()
            current.append(int(word))
        else:
            # A word counts the same behind a dot as behind a dash (Maven 3.9), without which the order has circles.
            if current:
                current = deeper()
            current.append(word)
    return _resolved(root)


def _resolved(items: list[_Item]) -> list[_Item]:
    """Qualifiers spelled out, and nothing at the end that means nothing."""
    out: list[_Item] = []
    for at, item in enumerate(items):
        if isinstance(item, list):
            out.append(_resolved(item))
        elif isinstance(item, str):
            after = items[at + 1] if at + 1 < len(items) else None
            followed = isinstance(after, list) and bool(after) and isinstance(after[0], int)
            word = _SHORT.get(item, item) if followed else item
            out.append(_ALIASES.get(word, word))
        else:
            out.append(item)
    for at in range(len(out) - 1, -1, -1):
        if out[at] in (0, "", []):
            del out[at]
        elif not isinstance(out[at], list):
            break
    return out


def _rank(word: str) -> tuple[int, str]:
    return (_QUALIFIERS.index(word), "") if word in _QUALIFIERS else (len(_QUALIFIERS), word)


def _compare_items(left: _Item | None, right: _Item | None) -> int:
    if left is None:
        return 0 if right is None else -_compare_items(right, None)
    if right is None:
        if isinstance(left, list):
            return next((found for item in left if (found := _compare_items(item, None))), 0)
        if isinstance(left, str):
            return _sign(_rank(left), _rank(""))
        return 1 if left else 0
    if isinstance(left, int):
        return _sign(left, right) if isinstance(right, int) else 1
    if isinstance(left, str):
        return _sign(_rank(left), _rank(right)) if isinstance(right, str) else -1
    if isinstance(right, list):
        for at in range(max(len(left), len(right))):
            found = _compare_items(
                left[at] if at < len(left) else None,
                right[at] if at < len(right) else None,
            )
            if found:
                return found
        return 0
    return 1 if isinstance(right, str) else -1


def _sign(left: Any, right: Any) -> int:
    return int(left > right) - int(left < right)


_MavenKey = cmp_to_key(_compare_items)

# -- plain --------------------------------------------------------------------------------------------------------

_BEFORE = {
    "dev": -6,
    "nightly": -6,
    "snapshot": -6,
    "canary": -6,
    "insider": -6,
    "alpha": -5,
    "a": -5,
    "beta": -4,
    "b": -4,
    "m": -3,
    "milestone": -3,
    "pre": -3,
    "preview": -3,
    "c": -2,
    "rc": -2,
}
_AFTER = {"post": 1, "patch": 1, "p": 1, "sp": 1, "hotfix": 1, "fix": 1, "rev": 1, "r": 1}


def _plain(text: str) -> Any:
    """Numbers, then words: words for what comes before a release sort before it, words for what comes after it
    after it, and every other word (`stable`, `lts`, a platform) changes nothing."""
    text = text.lower().partition("+")[0]
    match = re.fullmatch(r"(?:v|version|release)?[-_. ]?(\d+(?:[._]\d+)*)(.*)", text, re.DOTALL)
    if match is None:
        return None
    numbers = [int(part) for part in re.split(r"[._]", match[1])]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    groups: list[tuple[int, tuple[int, ...]]] = []
    for word, digits in re.findall(r"([a-z]+)|(\d+)", match[2]):
        if word:
            groups.append((_BEFORE.get(word, _AFTER.get(word, 0)), ()))
        elif groups:
            groups[-1] = groups[-1][0], (*groups[-1][1], int(digits))
        else:
            groups.append((0, (int(digits),)))
    return tuple(numbers), (*(group for group in groups if group != (0, ())), (0, ()))
