"""Templates: text with markers in ‹ ›, which no shell knows, filled with places or with a payload.

Belongs here: what each marker means. Must not be here: any command.
"""

import base64
import gzip
import json
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice

MARKER = re.compile(r"‹([a-z0-9-]+)›")

Places = Mapping[str, Sequence[str]]


def forms(places: Places, *templates: str, each: int = 3) -> tuple[str, ...]:
    """Every template with its markers filled: up to `each` texts, in which every marker walks through its values.

    A marker without values in `places` is an error, so that a spelling mistake cannot become an odd command.
    """
    made: list[str] = []
    for number, template in enumerate(templates):
        names = sorted(set(MARKER.findall(template)))
        if not names:
            made.append(template)
            continue
        columns = []
        for step, name in enumerate(names):
            values = places[name]
            # Each marker starts elsewhere and templates follow on, so that values meet in ever new company.
            start = (number + step * 3) % len(values)
            columns.append(list(islice(cycle(values), start, start + min(each, max(len(places[n]) for n in names)))))
        for row in zip(*columns, strict=True):
            text = template
            for name, value in zip(names, row, strict=True):
                text = text.replace(f"‹{name}›", value)
            made.append(text)
    return tuple(dict.fromkeys(made))


@dataclass(frozen=True, slots=True)
class Payload:
    """What a disguise hides: a script, and its words where it is one simple command without expansions."""

    text: str
    words: tuple[str, ...] = ()

    @classmethod
    def of(cls, *words: str) -> "Payload":
        """A simple command. Every word is literal."""
        return cls(shlex.join(words), words)


def double_quoted(text: str) -> str:
    r"""`text` as one double-quoted word of bash. An exclamation mark stays: history is off outside a terminal."""
    return '"' + re.sub(r'([\\$`"])', r"\\\1", text) + '"'


def escapes(text: str, form: str) -> str:
    """Every byte as an escape, `form` taking its number."""
    return "".join(form % byte for byte in text.encode())


def ansi_c(text: str) -> str:
    """One ANSI-C quoted word with every byte in hexadecimal."""
    return "$'" + escapes(text, r"\x%02x") + "'"


def _split(word: str) -> tuple[str, str]:
    return word[: len(word) // 2], word[len(word) // 2 :]


ROT13 = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "NOPQRSTUVWXYZABCDEFGHIJKLMnopqrstuvwxyzabcdefghijklm"
)

TEXT_MARKERS: Mapping[str, Callable[[str], str]] = {
    "cmd": lambda text: text,
    "q": shlex.quote,
    "sq": lambda text: "'" + text.replace("'", "'\\''") + "'",
    "dq": double_quoted,
    "ansi": ansi_c,
    "json": json.dumps,
    "b64": lambda text: base64.b64encode(text.encode()).decode(),
    "b64url": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "b32": lambda text: base64.b32encode(text.encode()).decode(),
    "gz": lambda text: base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode(),
    "hex": lambda text: text.encode().hex(),
    "hexesc": lambda text: escapes(text, r"\x%02x"),
    "octal": lambda text: escapes(text, r"\%03o"),
    "zoctal": lambda text: escapes(text, r"\0%03o"),
    "codes": lambda text: ",".join(str(byte) for byte in text.encode()),
    "rev": lambda text: shlex.quote(text[::-1]),
    "rot": lambda text: shlex.quote(text.translate(ROT13)),
    "ps64": lambda text: base64.b64encode(text.encode("utf-16-le")).decode(),
    "make": lambda text: text.replace("$", "$$"),
    "psq": lambda text: "'" + text.replace("'", "''") + "'",
    "ext": lambda text: text.replace("%", "%%").replace(" ", "% "),
    "tclq": lambda text: "{" + text + "}",
}
"""Markers that any script can fill."""

WORD_MARKERS: Mapping[str, Callable[[tuple[str, ...]], str]] = {
    "words": shlex.join,
    "prog": lambda words: words[0],
    "args": lambda words: shlex.join(words[1:]),
    "dqargs": lambda words: double_quoted(shlex.join(words[1:])),
    "p1": lambda words: _split(words[0])[0],
    "p2": lambda words: _split(words[0])[1],
    "progrev": lambda words: words[0][::-1],
    "progupper": lambda words: words[0].upper(),
    "progat": lambda words: "@".join(words[0]),
    "proghex": lambda words: escapes(words[0], r"\x%02x"),
    "progoct": lambda words: escapes(words[0], r"\%03o"),
    "progb64": lambda words: base64.b64encode(words[0].encode()).decode(),
    "progglob": lambda words: words[0][:-1] + "?",
    "progclass": lambda words: "[" + words[0][0] + "]" + words[0][1:],
    "progemptyq": lambda words: words[0][:1] + "''" + words[0][1:],
    "progemptydq": lambda words: words[0][:1] + '""' + words[0][1:],
    "progbackslash": lambda words: "".join("\\" + letter for letter in words[0]),
    "progquoted": lambda words: f'"{words[0][:1]}"' + f"'{words[0][1:]}'",
    "progempty": lambda words: words[0][:1] + "$@" + words[0][1:],
    "progtick": lambda words: words[0][:1] + "`true`" + words[0][1:],
    "progunset": lambda words: words[0][:1] + "${zz_}" + words[0][1:],
    "progbrace": lambda words: words[0][:1] + "${zz_:+x}" + words[0][1:],
    "lf": lambda words: words[0][:1] + "\\\n" + words[0][1:],
    "ansiwords": lambda words: " ".join(ansi_c(word) for word in words),
    "dqwords": lambda words: " ".join(f'"{word}"' for word in words),
    "sqwords": lambda words: " ".join("'" + word.replace("'", "'\\''") + "'" for word in words),
    "bracelist": lambda words: "{" + ",".join(shlex.quote(word) for word in words) + "}",
    "braceargs": lambda words: "{" + ",".join(shlex.quote(word) for word in words[1:]) + "}",
    "ifs": lambda words: "${IFS}".join(shlex.quote(word) for word in words),
    "ifs9": lambda words: "$IFS$9".join(shlex.quote(word) for word in words),
    "comma": lambda words: ",".join(words),
    "lines": lambda words: "\n".join(words[1:]),
    "pylist": lambda words: json.dumps(list(words)),
    "jsargs": lambda words: json.dumps(list(words[1:])),
    "jsprog": lambda words: json.dumps(words[0]),
    "perllist": lambda words: ",".join("q{" + word + "}" for word in words),
    "tcl": lambda words: " ".join("{" + word + "}" for word in words),
}
"""Markers that need a simple command."""

Chain = str | tuple[str, ...]
"""A template, or several: the last takes the payload, each before it takes what came out as a script."""


def words_needed(chain: Chain) -> int:
    """How many words a payload must have for the innermost template: 0 where any script will do."""
    names = set(MARKER.findall(chain if isinstance(chain, str) else chain[-1]))
    if names & {"braceargs", "bracelist"}:
        return 3  # braces around a single word are no list: bash leaves them as they are
    return 1 if names & set(WORD_MARKERS) else 0


def dress(chain: Chain, payload: Payload) -> str:
    """The payload in its disguise."""
    if isinstance(chain, tuple):
        for template in reversed(chain):
            payload = Payload(dress(template, payload))
        return payload.text

    def fill(match: re.Match[str]) -> str:
        name = match[1]
        if name in TEXT_MARKERS:
            return TEXT_MARKERS[name](payload.text)
        if not payload.words:
            raise ValueError(f"‹{name}› needs a simple command, and {payload.text!r} is none")
        return WORD_MARKERS[name](payload.words)

    return MARKER.sub(fill, chain)
