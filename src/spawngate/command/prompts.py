"""Commands inside a text that an agent is told: what a sub-agent's prompt orders to run.

Belongs here: finding the commands that a prompt marks as such (quotes for code, fences, a line after `$`, the words
after "run" or "execute") and asks for.
Must not be here: orders against the user (`command.content`), and what a command does.
A prompt speaks of commands for many reasons, and most of them are harmless: one that it warns of, asks about, or looks
for is none that it orders.
"""

import re
from collections.abc import Iterator

from spawngate.command.readers import reader_of
from spawngate.launch.argv import program

LONGEST = 32_768
"""Characters of a prompt that are looked at."""
MOST = 24
"""Commands of one prompt that are looked at."""
_FENCE = re.compile(r"```[ \t]*(\w*)[^\n]*\n(.{1,8000}?)```", re.DOTALL)
_SHELLS = frozenset({"", "sh", "bash", "shell", "zsh", "console", "terminal", "powershell", "cmd"})
_QUOTED = re.compile(r"`([^`\n]{3,1000})`|\"([^\"\n]{3,600})\"|'([^'\n]{3,600})'")
_ORDERS = re.compile(
    r"(?i)\b(?:run|runs|execute|exec|invoke|launch|start|type|enter|issue|call|use|perform|do|then|and|with|using|via"
    r"|command|commands|following|step \d+|first|finally|by)\b[^.!?\n]{0,60}$|^\s*(?:[-*\d.)]+\s*)?(?:\$\s*)?$"
)
_WARNS = re.compile(
    r"(?i)\b(?:never|not|n't|avoid|without|instead of|rather than|refuse|dangerous|forbid\w*|block\w*|why|whether"
    r"|explain|document|describe|mention\w*|find|search|grep|look\w*|where|occurrences?|usages?|detect\w*|flag|warn\w*|review"
    r"|check (?:if|that|for)|audit|tests? (?:for|that)|rule|example of|such as|like|contains?|string|pattern)\b"
)
_PLAIN = re.compile(r"(?im)\b(?:run|execute|exec)\b(?: the)?(?: (?:shell )?command)?\s*:?\s+([a-z~./][^\n`\"']{3,400})")
_PROMPTED = re.compile(r"(?m)^\s*[$>]\s+(\S[^\n]{2,600})$")


def ordered(text: str) -> tuple[str, ...]:
    """Commands that the text orders to run, in order. Linear; raises nothing."""
    part = text[:LONGEST]
    found: dict[str, None] = {}
    for candidate in _candidates(part):
        command = candidate.strip().rstrip(".;,")
        if _is_command(command):
            found[command] = None
            if len(found) >= MOST:
                break
    return tuple(found)


def _candidates(text: str) -> Iterator[str]:
    for match in _FENCE.finditer(text):
        if match[1].lower() in _SHELLS and not _WARNS.search(_before(text, match.start())):
            yield match[2]
    rest = _FENCE.sub("\n", text)
    for match in _QUOTED.finditer(rest):
        before = _before(rest, match.start())
        if _ORDERS.search(before) and not _WARNS.search(before):
            yield match[1] or match[2] or match[3]
    for pattern in (_PLAIN, _PROMPTED):
        for match in pattern.finditer(rest):
            if not _WARNS.search(_before(rest, match.start())):
                yield re.split(r"\.\s|\s(?:and then|then|and report|so that|to see|to check|in order)\b", match[1])[0]


def _before(text: str, at: int) -> str:
    """What stands before a place, of the same sentence."""
    return re.split(r"[.!?](?:\s|$)|\n\s*\n", text[max(0, at - 160) : at])[-1]


def _is_command(text: str) -> bool:
    words = text.split(None, 2)
    if len(words) < 2:
        return False
    first = words[1] if words[0] == "sudo" else words[0]
    name = program(first)
    return reader_of(name) is not None and (
        re.search(r"[-/|;&<>$~:=\\.]", text) is not None or name in ("rm", "spawngate", "kill", "pkill", "systemctl")
    )
