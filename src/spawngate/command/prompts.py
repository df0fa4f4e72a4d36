"""What a text tells an agent to do: commands that a sub-agent's prompt orders to run, and orders against the person.

Belongs here: finding the commands that a prompt marks as such (quotes for code, fences, a line after `$`, the words
after "run" or "execute") and asks for, and orders against the person.
Must not be here: what a command does, and texts that are written to files (`command.content`).
A prompt speaks of commands for many reasons, and most of them are harmless: one that it warns of, asks about, or looks
for is none that it orders.
"""

import re
from collections.abc import Iterator

from spawngate.command.content import content_of
from spawngate.command.readers import reader_of
from spawngate.launch.argv import program

LONGEST = 32_768
"""Characters of a prompt that are looked at."""
MOST = 24
"""Commands of one prompt that are looked at."""
_FENCE = re.compile(r"```[ \t]*+(\w*+)[^\n`]*+\n(.{1,8000}?)```", re.DOTALL)
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
_PLAIN = re.compile(
    r"(?im)\b(?:run|execute|exec)\b(?: the)?(?: (?:shell )?command)?(?:\s*+:)?\s++([a-z~./][^\n`\"']{3,400})"
)
_ITEM = re.compile(r"(?m)^[^\S\n]*(?:[-*+]|\d{1,2}[.):]|[Ss]tep \d{1,2}:)\s+([a-z~./][^\n`\"']{3,400})$")
_BARE = re.compile(r"(?m)^[^\S\n]*([a-z][\w.-]*\s(?:[^\n`]{0,200}\s)?--?\w[^\n`]{0,300})$")
_PROMPTED = re.compile(r"(?m)^[^\S\n]*[$>]\s+(\S[^\n]{2,600})$")


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


_PERSON = r"(?:user|person|human|anyone)"
_SECRET = r"(?:\.env\b|credentials?|secrets?|api[ _-]?keys?|id_rsa|private keys?|passwords?|tokens?|\.ssh|\.aws)"
_SENDS = r"\b(?:send|upload|post|exfiltrate|forward|leak|email)\b"
_AGAINST = re.compile(
    r"(?i)\b(?:do not|don't|never)\s+(?:tell|mention|inform|reveal|report|alert|notify|ask)\b"
    rf"[^\n.]{{0,40}}\b{_PERSON}"
    r"|\bignore\s+(?:all\s+|the\s+|any\s+|your\s+)*"
    r"(?:previous|prior|earlier|above|hooks?|polic(?:y|ies)|guard\w*|system prompt)"
    rf"|\bwithout\s+(?:asking|telling|informing|notifying|approval from)\b[^\n.]{{0,20}}\b{_PERSON}"
    r"|\b(?:disable|bypass|circumvent|turn off|switch off|get around)\b[^\n.]{0,40}"
    r"\b(?:hooks?|spawngate|guard\w*|sandbox|permission (?:checks?|prompts?)|approvals?)\b"
    rf"|{_SENDS}[^\n]{{0,80}}{_SECRET}[^\n]{{0,80}}(?:https?://|\S@\S|webhook|pastebin|gist|discord|telegram)"
    rf"|{_SECRET}[^\n]{{0,80}}{_SENDS}[^\n]{{0,60}}https?://"
)


def content(text: str) -> frozenset[str]:
    """Labels of `command.content` for what a prompt asks for; what it only speaks of is left out."""
    part = text[:LONGEST]
    sentences = [sentence for sentence in _SENTENCES.split(part) if sentence and not _SPOKEN.search(sentence)]
    kept = "\n".join(sentences)
    found = content_of(kept) & {"download-and-run", "reverse-shell", "encoded-run"}
    return found | {"orders"} if _AGAINST.search(kept) else found


_SENTENCES = re.compile(r"[.!?]\s+|\n+")
_SPOKEN = re.compile(
    r"(?i)\b(?:why|whether|explain|document\w*|describe|find|search|grep|look\w*|occurrences?|usages?|detect\w*|flag"
    r"|warn\w*|review|check (?:if|that|for|how)|audit|tests? (?:for|that)|ensures?|rejected|example of|such as"
    r"|how\b[^\n]{0,40}\b(?:is|are|does|do))\b"
)


def _candidates(text: str) -> Iterator[str]:
    for match in _FENCE.finditer(text):
        if match[1].lower() in _SHELLS and not _WARNS.search(_before(text, match.start())):
            yield match[2]
    rest = _FENCE.sub("\n", text)
    for match in _QUOTED.finditer(rest):
        before = _before(rest, match.start())
        if _ORDERS.search(before) and not _WARNS.search(before):
            yield match[1] or match[2] or match[3]
    for pattern in (_PLAIN, _ITEM, _PROMPTED, _BARE):
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
