"""Names that imitate well-known ones, and characters that a reviewer does not see.

Belongs here: spelling. Must not be here: what runs (`launch.understand`) and addresses (`launch.addresses`).
Sources: Unicode TR 39 (confusable characters; only Latin look-alikes of other scripts are listed here), Unicode
bidirectional controls (UAX 9), the packages of github.com/modelcontextprotocol/servers.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from spawngate.launch.argv import word_set

PROGRAMS = word_set(
    """
    npx npm pnpm pnpx yarn bun bunx deno node nodejs tsx uv uvx pipx python python3 docker podman nerdctl dotnet dnx
    java cargo ruby perl bash powershell pwsh git cmd
    """
)
"""Launchers and interpreters whose names are worth imitating."""

PACKAGES = word_set(
    """
    @modelcontextprotocol/server-filesystem @modelcontextprotocol/server-github
    @modelcontextprotocol/server-postgres @modelcontextprotocol/server-memory @modelcontextprotocol/server-puppeteer
    @modelcontextprotocol/server-slack @modelcontextprotocol/server-everything
    @modelcontextprotocol/server-sequential-thinking @modelcontextprotocol/server-brave-search
    @modelcontextprotocol/server-gdrive @modelcontextprotocol/server-gitlab @modelcontextprotocol/server-google-maps
    @modelcontextprotocol/server-redis @modelcontextprotocol/inspector @modelcontextprotocol/sdk @playwright/mcp
    @upstash/context7-mcp @notionhq/notion-mcp-server @supabase/mcp-server-supabase @sentry/mcp-server @stripe/mcp
    @smithery/cli @azure/mcp @browsermcp/mcp chrome-devtools-mcp firecrawl-mcp mcp-remote supergateway mcp-proxy
    mcp-server-fetch mcp-server-git mcp-server-time mcp-server-sqlite mcp-atlassian mongodb-mcp-server
    figma-developer-mcp postmark-mcp fastmcp litellm langflow
    """
)
"""Packages that many agents start. A name one letter away from one of them is worth a look."""

SCOPES = frozenset(name.split("/")[0] for name in PACKAGES if "/" in name)

_CONFUSABLE = str.maketrans(
    {
        **dict(zip("аеорсухіјѕԁһкмтвнԛԝɡпгц", "aeopcyxijsdhkmtbhqwgnru", strict=True)),
        **dict(zip("АВЕКМНОРСТУХЅІЈ", "abekmhopctyxsij", strict=True)),
        **dict(zip("αβεικνορτυχγω", "abeiknoptuxyw", strict=True)),
        **dict(zip("ıɑℓſոսցօհ", "ialsnugoh", strict=True)),
    }
)
_LEET = str.maketrans("013457|", "oleastl")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]"
)
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_ODD_BLANK = re.compile("[\t\r\n\v\f\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_SCRIPTS = ("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "LATIN")


def skeleton(name: str) -> str:
    """`name` in lower case with look-alike letters of other scripts replaced and invisible characters removed."""
    text = _INVISIBLE.sub("", name).translate(_CONFUSABLE)
    return unicodedata.normalize("NFKC", text).translate(_CONFUSABLE).lower().strip()


def lookalike_program(name: str) -> str:
    """The launcher that a program's name imitates; empty for an ordinary name and for the launcher itself."""
    if name in PROGRAMS:
        return ""
    plain = name if name.isascii() else skeleton(name)
    if plain != name and plain in PROGRAMS:
        return plain
    if plain.isascii() and 3 <= len(plain) <= 12:
        swapped = plain.translate(_LEET).replace("rn", "m").replace("vv", "w")
        if swapped != plain and swapped in PROGRAMS:
            return swapped
        if len(plain) == 3:
            return _SWAPPED.get(plain, "")
        if len(plain) >= 4:
            return _near(plain, _PROGRAM_SHAPES, 5)
    return ""


@lru_cache(maxsize=4096)
def lookalike_package(name: str) -> str:
    """The well-known package that `name` imitates by one letter, another separator or another script."""
    if not name or name in PACKAGES or len(name) > 100:
        return ""
    plain = skeleton(name)
    if plain in PACKAGES:
        return plain
    scope, slash, _ = plain.partition("/")
    if slash and scope not in SCOPES and scope.startswith("@"):
        return next((known for known in sorted(SCOPES) if _imitates_scope(plain, scope, known)), "")
    if slash and scope in SCOPES and scope != "@modelcontextprotocol":
        return ""  # the scope belongs to one publisher: whatever is below it is theirs
    if re.sub(r"[_.]+", "-", plain) in PACKAGES:
        # PyPI takes both spellings for the same package.
        return ""
    if "/" not in plain and plain.replace("modelcontextprotocol-", "@modelcontextprotocol/") in PACKAGES:
        return plain.replace("modelcontextprotocol-", "@modelcontextprotocol/")
    return _near(plain, _PACKAGE_SHAPES, 9)


def _imitates_scope(name: str, scope: str, known: str) -> bool:
    """Whether an npm scope imitates a known one: most letters of a short one may be changed into another word's."""
    if re.sub(r"[-_.]", "", scope) == known:
        return True
    if not one_apart(scope, known):
        return False
    exchanged = len(known) > 5 and sorted(scope) == sorted(known)
    package = known + name[len(scope) :]
    return len(known) > 8 or exchanged or (package in PACKAGES and len(package) - len(known) > 11)


def odd_characters(command: str, args: Sequence[str]) -> tuple[str, ...]:
    """Which kinds of characters hide something, in a fixed order; empty for ordinary text."""
    found: list[str] = []
    plain = command.isascii() and command.isprintable()
    if plain and all(word.isascii() and word.isprintable() for word in args):
        return ("white-space",) if command != command.strip() else ()
    text = "\x20".join((command, *args))
    if _CONTROL.search(text):
        found.append("control")
    if _BIDI.search(text):
        found.append("bidirectional")
    if _INVISIBLE.search(text):
        found.append("invisible")
    if not command.isascii() and not _is_path(command):
        found.append("non-ascii-program")
    if any(_mixed(word) for word in (command, *args)):
        found.append("mixed-script")
    if command != command.strip() or _ODD_BLANK.search(command):
        found.append("white-space")
    if any("\n" in word or "\r" in word or "\u2028" in word or "\u2029" in word for word in args):
        found.append("newline-argument")
    return tuple(found)


def _is_path(command: str) -> bool:
    # A person's home may have any letters; the program's own name may not.
    return command.replace("\\", "/").rpartition("/")[2].isascii()


def _mixed(word: str) -> bool:
    """One word of letters from Latin and from a script with Latin look-alikes."""
    if word.isascii():
        return False
    for piece in re.findall(r"\w+", word[:2000]):
        if piece.isascii():
            continue
        scripts: set[str] = set()
        for letter in piece:
            if letter.isalpha():
                name = unicodedata.name(letter, "")
                scripts.update(script for script in _SCRIPTS if name.startswith(script))
        if "LATIN" in scripts and len(scripts) > 1:
            return True
    return False


def _shapes(name: str) -> set[str]:
    """The name with each single letter left out: two names one edit apart share one of these."""
    return {name[:at] + name[at + 1 :] for at in range(len(name))}


def _table(names: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in sorted(names):
        found.setdefault(name, name)
        for shape in _shapes(name):
            found.setdefault(shape, name)
    return found


_PROGRAM_SHAPES = _table(name for name in PROGRAMS if len(name) >= 5)
_SWAPPED = {
    swapped: name
    for name in sorted(PROGRAMS)
    if len(name) == 3
    for swapped in (name[1] + name[0] + name[2], name[0] + name[2] + name[1])
    if swapped not in PROGRAMS
}
"""Short names with two neighbours exchanged; any other change of three letters is another word."""
_PACKAGE_SHAPES = _table(PACKAGES)


def _near(name: str, table: dict[str, str], shortest: int) -> str:
    if len(name) < shortest - 1:
        return ""
    for shape in (name, *sorted(_shapes(name))):
        known = table.get(shape)
        if known and known != name and len(known) >= shortest and one_apart(name, known):
            return known
    return ""


def one_apart(left: str, right: str) -> bool:
    """Whether one letter was added, left out, changed, or two neighbours were exchanged."""
    if left == right or abs(len(left) - len(right)) > 1:
        return False
    at = 0
    while at < min(len(left), len(right)) and left[at] == right[at]:
        at += 1
    a, b = left[at:], right[at:]
    return a[1:] == b or a == b[1:] or a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
