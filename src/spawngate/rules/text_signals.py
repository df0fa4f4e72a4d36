"""What a text that steers an agent holds besides its visible meaning: counts, never the text itself.

Belongs here: pure text analysis of skills, instructions, commands and hook lines: characters that a reader does not
see, orders to the agent that work against its user, downloads that are run, encoded text, orders in comments.
Must not be here: judgement of a count (the rules), and what an agent expands (`agents.readers.texts`).

A count is a sign and no proof: a page about prompt injection quotes what an injection says. The wording is our own,
in English; invisible characters are taken out before words are looked for.
Sources of facts: Unicode 16 (general category Cf, tags block, variation selectors), UTS #51 (emoji flags and joiners),
UAX #9 (bidirectional controls), CommonMark (HTML comments, link reference definitions).
"""

import base64
import binascii
import re
import unicodedata
from collections.abc import Iterator, Mapping

from spawngate.launch.argv import word_set

LONGEST = 131_072
"""Characters that are looked at. Agents cut instructions far below this, and a hostile text must not cost a second."""
_MOST_BLOBS = 64
_LONGEST_BLOB = 65_536

_TAGS = re.compile("[\U000e0000-\U000e007f]+")
_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{2,7}\U000e007f")
_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2060-\u2064\u3164\ufeff\uffa0]"
)
_JOINER = re.compile("[\u200c\u200d]")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,}")
_OVERRIDES = re.compile("[\u202a-\u202e]")
_ISOLATES = re.compile("[\u2066-\u2069]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\U000e0000-\U000e01ef]"
)

_OVERRIDE = re.compile(
    r"\b(?:ignore|disregard|forget|override|overrule|supersede)s?\b[^.\n]{0,24}"
    r"\b(?:previous|prior|above|earlier|preceding|existing|original|all|any|other|system|safety|security|your)\b"
    r"[^.\n]{0,24}\b(?:instructions?|prompts?|rules?|guidelines?|directives?|polic(?:y"
    r"|ies)|restrictions?|safeguards?)\b",
    re.IGNORECASE,
)
_USER = r"(?:the\s+)?(?:users?|humans?|developers?|operators?|owner|victim)\b"
_SECRECY = re.compile(
    r"\b(?:do\s+not|don['’]?t|never|must\s+not|without)\s+(?:ever\s+)?"
    r"(?:tell(?:ing)?|inform(?:ing)?|notify(?:ing)?|alert(?:ing)?|warn(?:ing)?|reveal(?:ing)?\s+(?:this\s+)?to|"
    r"mention(?:ing)?\s+(?:this|it|that|the|any)[^.\n]{0,40}\s+to|disclos(?:e|ing)[^.\n]{0,40}\s+to)\s+"
    + _USER
    + r"(?!\s+(?:to|how|what|which|when|that\s+you\s+(?:can|will)))"
    r"|\bwithout\s+(?:the\s+)?(?:user|human|developer|operator)(?:['’]?s)?\s+"
    r"(?:knowledge|knowing|noticing|awareness|being\s+aware|consent|permission|approval)"
    r"|\b(?:hide|conceal)\s+(?:this|it|that|these|them|the)\b[^.\n]{0,40}\bfrom\s+"
    + _USER
    + r"|\b(?:secretly|covertly|surreptitiously|silently)\s+"
    r"(?:run|execute|send|upload|post|copy|collect|install|forward|bcc|read|write|append|exfiltrate)\b",
    re.IGNORECASE,
)
_TREASURE = (
    r"(?:\.env\b|id_rsa|id_ed25519|~/\.ssh|~/\.aws|\.netrc\b|\.npmrc\b|\.git-credentials|credentials?\b|passwords?\b|"
    r"private\s+keys?|ssh\s+keys?|environment\s+variables|all\s+secrets|secrets?\s+(?:files?|values?)|"
    r"api\s+keys?\s+(?:found|of|in|from)|(?:conversation|chat)\s+(?:history|logs?"
    r"|transcript)|whole\s+conversation|system\s+prompt|"
    r"(?:browser|session)\s+cookies)"
)
_EXFILTRATION = re.compile(
    r"\b(?:send|upload|exfiltrate|forward|transmit|leak|bcc|email|e-mail|post|copy|append|encode)\b[^.\n]{0,60}"
    + _TREASURE
    + r"[^\n]{0,80}(?:https?://|\bwebhook\b|[\w.+-]{1,64}@[\w-]{1,63}\.\w|\b(?:server|endpoint|address|url)\b)",
    re.IGNORECASE,
)
_LEAKING_COMMAND = re.compile(
    r"\b(?:curl|wget|ncat|nc|iwr|irm|invoke-webrequest|invoke-restmethod)\b[^\n]{0,160}?[$`@<][^\n$`@<]{0,60}?"
    r"(?:\.env\b|id_rsa|id_ed25519|\.ssh/|\.aws/|\.netrc|\.npmrc|\.git-credentials"
    r"|credentials|/etc/passwd|\bprintenv\b|"
    r"\benv\s*[)`|])"
    r"|(?:\bprintenv\b|(?:^|[;&|]\s*)env\b|\bcat\s+\S{0,120}(?:\.env|id_rsa|id_ed25519|credentials|\.netrc|\.npmrc))"
    r"[^\n|]{0,80}\|[^\n]{0,120}?\b(?:curl|wget|ncat|nc)\b",
    re.IGNORECASE | re.MULTILINE,
)
_RUNNER = (
    r"(?:sudo\s+(?:-\S{1,20}\s+){0,3})?(?:env\s+)?(?:/\S{0,40}/)?(?:(?:ba|z|da|k|a|fi)?sh\b|"
    # An interpreter that is given a program reads the download as data (`curl ... | python3 -m json.tool`).
    r"(?:python[\d.]{0,4}|node|deno|bun|perl|ruby|php)(?=\s*(?:-?\s*$|[;&|)`\"']|-\s)))"
)
_FETCH = re.compile(
    r"\b(?:curl|wget|fetch)\b[^\n|;]{0,300}\|\s*"
    + _RUNNER
    + r"|(?:\b(?:ba|z|da|k)?sh|\bsource|(?:^|\s)\.|\beval)\s+(?:-\w{1,4}\s+)?[\"']?(?:<\(|\$\(|`)\s*(?:curl|wget)\b"
    r"|\b(?:curl|wget|iwr|irm|invoke-webrequest|invoke-restmethod)\b[^\n|]{0,300}\|\s*(?:iex|invoke-expression)\b"
    r"|\b(?:iex|invoke-expression)\b[^\n]{0,80}(?:downloadstring|\biwr\b|\birm\b|invoke-webrequest|invoke-restmethod)"
    r"|(?:\bwget\b[^\n]{0,300}|\bcurl\b(?>[^\n]{0,200}?\s(?:-\w{0,6}[oO]\b|--output"
    r"|--remote-name|>))[^\n]{0,200})(?:&&|;)"
    r"\s*(?:chmod\s+\S{1,12}\s+\S{1,120}\s*(?:&&|;)\s*)?(?:sudo\s+)?"
    r"(?:\./\S|(?:ba|z|da)?sh\s+\S|python[\d.]{0,4}\s+\S|source\s+\S)"
    r"|\bexec\s*\(\s*(?:urllib|requests|__import__)[^\n]{0,120}(?:urlopen|get)\b"
    r"|\b(?:mshta|regsvr32|bitsadmin|certutil)\b[^\n]{0,120}https?://",
    re.IGNORECASE | re.MULTILINE,
)
_ENCODED_RUN = re.compile(
    r"\bbase64\s+(?:-d|-D|--decode)\b[^\n|]{0,120}\|\s*"
    + _RUNNER
    + r"|\b(?:powershell|pwsh)(?:\.exe)?\b[^\n]{0,120}\s-e"
    r"(?:c|nc|nco|ncod|ncode|ncoded\w{0,10})?\s+[\"']?[a-z0-9+/=]{16,}"
    r"|\b(?:eval|exec)\s*\(\s*(?:atob|base64\.b64decode|buffer\.from|codecs\.decode)\b"
    r"|\bxxd\s+-r\b[^\n|]{0,80}\|\s*" + _RUNNER,
    re.IGNORECASE | re.MULTILINE,
)
_BLOB = re.compile(r"(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/]{40,}={0,2}")
_IMAGE = re.compile(r"data:(?:image|font|audio|video)/[\w.+-]{1,40};base64,$", re.IGNORECASE)
_LONG_BLOB = 200
_ADDRESSED = re.compile(
    r"\b(?:assistant|agents?|claude|copilot|gemini|codex|cursor|gpt|llm|ai|language\s+model|system)\b[^\n]{0,80}"
    r"\b(?:must|should|always|never|run|execute|read|send|fetch|ignore|include|call|add|do\s+not|don['’]?t)\b"
    r"|\b(?:must|always|never|run|execute|read|send|fetch|call)\b[^\n]{0,80}"
    r"\b(?:assistant|claude|copilot|gemini|codex|gpt|llm|ai\s+(?:agent|model)|language\s+model)\b",
    re.IGNORECASE,
)
_LINK_COMMENT = re.compile(r"^\[(?://|comment|_)\]:\s{0,4}(?:#|<>)\s{0,4}[(\"'](.{1,2000})[)\"']\s{0,4}$", re.MULTILINE)

SIGNALS: Mapping[str, str] = {
    "hidden_characters": "invisible characters that no script or emoji needs",
    "bidirectional": "characters that turn the direction of text round",
    "tag_characters": "characters of the tags block, which spell text that nobody sees",
    "override_orders": "orders to ignore other instructions",
    "secrecy_orders": "orders to keep something from the user",
    "exfiltration_orders": "orders or commands that send secrets or conversations away",
    "remote_fetches": "commands that download something and run it",
    "encoded_commands": "commands that decode something and run it",
    "encoded_blobs": "long runs of base64 that are no picture",
    "encoded_orders": "orders or commands inside base64",
    "comment_orders": "orders to the agent in comments that a rendered page does not show",
}
"""Every count that `signals_of` knows, and what it counts."""


def signals_of(text: str) -> Mapping[str, int]:
    """Counts of each sign in `text`, by the names in SIGNALS; what is not there is left out. Never raises."""
    text = text[:LONGEST]
    plain = text.isascii()
    # A single character can become eighteen.
    seen = text if plain else _UNSEEN.sub("", unicodedata.normalize("NFKC", text)[:LONGEST])
    counts = {
        "hidden_characters": 0 if plain else _hidden(text),
        "bidirectional": 0 if plain else _bidirectional(text),
        "tag_characters": 0 if plain else sum(len(run) for run in _TAGS.findall(_FLAG.sub("", text))),
        **_orders(seen),
        "encoded_blobs": 0,
        "encoded_orders": 0,
        "comment_orders": sum(
            1 for comment in _comments(seen) if _ADDRESSED.search(comment) or any(_orders(comment).values())
        ),
    }
    tags = _tag_text(text) if counts["tag_characters"] else ""
    if tags:
        for name, count in _orders(tags).items():
            counts[name] += count
    for length, decoded in _blobs(seen):
        counts["encoded_blobs"] += length >= _LONG_BLOB
        counts["encoded_orders"] += any(_orders(decoded).values())
    return {name: counts[name] for name in SIGNALS if counts[name]}


_ORDERS: tuple[tuple[str, frozenset[str], re.Pattern[str]], ...] = (
    ("override_orders", word_set("ignore disregard forget overrid overrule supersede"), _OVERRIDE),
    (
        "secrecy_orders",
        word_set(
            """
            tell inform notify alert warn reveal mention disclos without hide conceal secretly covertly
            surreptitiously silently
            """
        ),
        _SECRECY,
    ),
    (
        "exfiltration_orders",
        word_set(
            """
            .env id_rsa id_ed25519 ~/.ssh ~/.aws .netrc .npmrc .git-credentials credential password key variables
            secret conversation chat prompt cookies
            """
        ),
        _EXFILTRATION,
    ),
    (
        "exfiltration_orders",
        word_set("curl wget ncat nc iwr irm invoke-webrequest invoke-restmethod"),
        _LEAKING_COMMAND,
    ),
    (
        "remote_fetches",
        word_set(
            """
            curl wget fetch iwr irm invoke- iex urllib requests __import__ mshta regsvr32 bitsadmin certutil
            """
        ),
        _FETCH,
    ),
    ("encoded_commands", word_set("base64 powershell pwsh atob buffer.from codecs.decode xxd"), _ENCODED_RUN),
)
"""Signal, words of which one must be there, and the expression, which is a thousand times slower than a word."""


def _orders(text: str) -> dict[str, int]:
    folded = text.lower()
    found = {name: 0 for name, _, _ in _ORDERS}
    for name, words, pattern in _ORDERS:
        if any(map(folded.__contains__, words)):
            found[name] += _count(pattern, text)
    return found


def _count(pattern: re.Pattern[str], text: str) -> int:
    return sum(1 for _ in pattern.finditer(text))


def _hidden(text: str) -> int:
    """Invisible characters, but for a byte order mark, joiners that a script or an emoji needs, and marks of direction
    in a text that is written from right to left."""
    count = len(_HIDDEN.findall(text.removeprefix("\ufeff")))
    if _RIGHT_TO_LEFT.search(text):
        count -= len(re.findall("[\u061c\u200e\u200f]", text))
    for match in _JOINER.finditer(text):
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        count += not (_joins(before) and _joins(after))
    return count + sum(len(run) for run in _SELECTORS.findall(text))


def _joins(character: str) -> bool:
    """Whether a joiner beside the character can be seen: emoji, marks, and letters of scripts that join."""
    if not character:
        return False
    point = ord(character)
    return point >= 0x1F000 or 0x0590 <= point <= 0x109F or 0x2190 <= point <= 0x2BFF or point == 0xFE0F


def _bidirectional(text: str) -> int:
    count = len(_OVERRIDES.findall(text))
    # Isolates are how a translated text embeds the other direction.
    return count if _RIGHT_TO_LEFT.search(text) else count + len(_ISOLATES.findall(text))


def _tag_text(text: str) -> str:
    runs = _TAGS.findall(_FLAG.sub("", text))
    return "\n".join("".join(chr(ord(c) - 0xE0000) for c in run if 0xE0020 <= ord(c) <= 0xE007E) for run in runs)


def _comments(text: str) -> Iterator[str]:
    """Comments of HTML, and link definitions that serve as comments. Linear, whatever is left open."""
    at = text.find("<!--")
    while at >= 0:
        end = text.find("-->", at + 4)
        if end < 0:
            break
        yield text[at + 4 : end]
        at = text.find("<!--", end + 3)
    for match in _LINK_COMMENT.finditer(text):
        yield match[1]


def _blobs(text: str) -> Iterator[tuple[int, str]]:
    """Length of each run of base64 that is no picture, and the readable text in it."""
    for number, match in enumerate(_BLOB.finditer(text)):
        if number >= _MOST_BLOBS:
            return
        if not _IMAGE.search(text, max(0, match.start() - 80), match.start()):
            yield len(match[0]), _decoded(match[0][:_LONGEST_BLOB])


def _decoded(blob: str) -> str:
    body = blob.rstrip("=")
    try:
        data = base64.b64decode(body[: len(body) - len(body) % 4], validate=True)
    except (binascii.Error, ValueError):
        return ""
    for encoding in ("utf-8", "utf-16-le"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if sum(character.isprintable() or character.isspace() for character in text) >= 0.95 * len(text):
            return text
    return ""
