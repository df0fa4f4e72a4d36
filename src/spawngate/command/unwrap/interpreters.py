"""perl, ruby, php, expect and other interpreters: the code that their arguments hold.

Sources: perlrun(1) (letters together, `-i`, `-0`, `-l`, `-C`, `-F`, `-x` hold their value glued on; `-M` is put into
the code as it stands), `ruby --help`, `php --help`, expect(1); the tables of `launch.grammar.interpreters` for the
others.
Must not be here: what the code does (`code`), python, node, awk and sed (`python`, `javascript`, `filters`).
"""

import re

from spawngate.command.spawn import Word
from spawngate.command.unwrap import starts
from spawngate.command.unwrap.code import shell_outs
from spawngate.command.unwrap.inner import Unwrapped
from spawngate.command.unwrap.options import Syntax, cut, read
from spawngate.command.unwrap.shells import standard
from spawngate.launch.argv import word_set
from spawngate.launch.grammar.interpreters import LANGUAGES


def ran(name: str, word: Word, language: str, args: tuple[Word, ...] = ()) -> Unwrapped:
    """An interpreter with code in its arguments, and what that code starts by constant text."""
    return Unwrapped(name, (starts.code(word, language, parameters=args), *shell_outs(word.text, language)))


def behind(name: str, language: str, rest: tuple[Word, ...]) -> Unwrapped | None:
    """An interpreter without code: a script file is no text of ours, no file is standard input."""
    if not rest or rest[0].text == "-" or standard(rest[0]):
        return Unwrapped(name, (starts.reads(language, parameters=rest),))
    return None


_GLUED = {"0": re.compile(r"x[0-9A-Fa-f]+|[0-7]*"), "l": re.compile(r"[0-7]*"), "C": re.compile(r"\d+|[IOEioADLSa]*")}
"""Letters whose own value is glued on, in front of further letters."""


def perl(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """perl: every `-e` is a line of one program."""
    at, length = 0, len(words)
    lines: list[Word] = []
    modules: list[Word] = []
    while at < length and len(words[at].text) > 1 and words[at].text[0] == "-" and words[at].text != "--":
        word = words[at]
        text = word.text
        at += 1
        place = 1
        while place < len(text):
            letter = text[place]
            place += 1
            if letter in "eEI":
                value = cut(word, place) if place < len(text) else None
                if value is None and at < length:
                    value, at = words[at], at + 1
                if letter != "I":
                    lines.append(value or Word(""))
                break
            if letter in "Mm":
                modules.append(
                    Word(f"use {text[place:]};" if letter == "M" else f"use {text[place:]} ();", word.opaque)
                )
                break
            if letter in "vhV" and place == 2 and not text[2:]:
                return None
            if letter in _GLUED:
                match = _GLUED[letter].match(text, place)
                place = match.end() if match else place
            elif letter in "iDxV" or (letter == "F" and place < len(text)):
                break
    if words[at : at + 1] and words[at].text == "--":
        at += 1
    if lines:
        # A module's name is put into the program as it stands; only an odd one is more than a name.
        odd = [module for module in modules if re.search(r"[;(`]", module.text[4:-1].removesuffix(" ()"))]
        return ran(name, whole([*odd, *lines]), "perl", words[at:])
    return behind(name, "perl", words[at:])


def whole(lines: list[Word]) -> Word:
    """Lines of one program as one word."""
    if len(lines) == 1:
        return lines[0]
    return Word(
        "\n".join(line.text for line in lines),
        any(line.opaque for line in lines),
        spawns=tuple(place for line in lines for place in line.spawns),
    )


def ruby(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """ruby: like perl."""
    at, length = 0, len(words)
    lines: list[Word] = []
    while at < length and len(words[at].text) > 1 and words[at].text[0] == "-" and words[at].text != "--":
        word = words[at]
        text = word.text
        at += 1
        if text.startswith("--"):
            if text in ("--version", "--copyright", "--help"):
                return None
            at += text in ("--encoding", "--external-encoding", "--internal-encoding", "--backtrace-limit", "--parser")
            continue
        place = 1
        while place < len(text):
            letter = text[place]
            place += 1
            if letter in "erIC":
                value = cut(word, place) if place < len(text) else None
                if value is None and at < length:
                    value, at = words[at], at + 1
                if letter == "e":
                    lines.append(value or Word(""))
                break
            if letter in "0EFKTWix":
                break
    if words[at : at + 1] and words[at].text == "--":
        at += 1
    if lines:
        return ran(name, whole(lines), "ruby", words[at:])
    if at >= len(words) and any(word.text in ("-v", "-h") for word in words):
        return None
    return behind(name, "ruby", words[at:])


_PHP = Syntax(
    "ac:d:ef:B:R:F:E:hHil:mnqr:sS:t:vwz:C",
    "interactive/a php-ini=/c define=/d file=/f process-begin=/B process-code=/R process-file=/F process-end=/E help/h"
    " hide-args/H info/i syntax-check=/l modules/m no-php-ini/n run=/r syntax-highlight/s server=/S docroot=/t"
    " version/v"
    " strip/w zend-extension=/z usage rf= rc= re= rz= ri= ini?",
    fuzzy=False,
)


def php(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """php: `-r` runs code, `-B`, `-R` and `-E` for each line that is read."""
    options = read(words, _PHP)
    codes = [value for key, value in options.found if key in "rBRE"]
    # A value of `-d` that names a stream of data is code too.
    codes += [cut(value, at) for value in options.values("d") if (at := value.text.find("data:")) >= 0]
    if codes:
        return ran(name, whole(codes), "php", options.rest)
    if options.has("f", "F", "l", "h", "i", "m", "v", "S", "rf", "rc", "re", "rz", "ri", "ini", "s", "w"):
        return None
    return behind(name, "php", options.rest)


_OPENERS = word_set("emacs sqlite3 psql mysql dart crystal nim ghc mshta cscript wscript nix-instantiate")
"""Programs of the tables that open a document, a data base or a project when they are given no code, or that are read
elsewhere."""


def known(name: str) -> bool:
    """Whether a program is an interpreter of the tables."""
    plain = re.sub(r"-?[\d.]+$", "", name)
    return (name in LANGUAGES or plain in LANGUAGES) and plain not in ("emacs", "sqlite3", "psql", "mysql", "expect")


def language(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """An interpreter of the tables of `launch.grammar.interpreters`."""
    plain = name if name in LANGUAGES else re.sub(r"-?[\d.]+$", "", name)
    what = LANGUAGES[plain]
    at, length = 0, len(words)
    lines: list[Word] = []
    while at < length and len(words[at].text) > 1 and words[at].text[0] == "-" and words[at].text != "--":
        word = words[at]
        text = word.text
        at += 1
        option, equals, _ = text.partition("=")
        takes = (*what.code, *what.loads, *what.values)
        if option in takes:
            value = cut(word, len(option) + 1) if equals else words[at] if at < length else Word("")
            at += 0 if equals else 1
            if option in what.code:
                lines.append(value)
            continue
        if text in ("--version", "--help", "-version", "-help"):
            return None
        short = next((one for one in takes if len(one) == 2 and text.startswith(one) and not text.startswith("--")), "")
        if short in what.code and short:
            lines.append(cut(word, 2))
        elif not short and not text.startswith("--") and (letter := _clustered(text, what.code)) and at < length:
            lines.append(words[at])
            at += 1
            del letter
    if words[at : at + 1] and words[at].text == "--":
        at += 1
    rest = words[at:]
    if lines:
        script = any(word.text.lower() == "javascript" for word in words) and plain == "osascript"
        return ran(name, whole(lines), "javascript" if script else what.language, rest)
    if plain == "mshta" and rest and re.match(r"(?:javascript|vbscript):", rest[0].text, re.IGNORECASE):
        return ran(name, cut(rest[0], rest[0].text.index(":") + 1), "javascript")
    if plain in _OPENERS:
        return None
    return behind(name, what.language, rest)


def _clustered(text: str, names: frozenset[str]) -> str:
    """The last letter of letters written together, where it is one that takes code (`-ie`)."""
    return text[-1] if re.fullmatch(r"-[A-Za-z]{2,4}", text) and f"-{text[-1]}" in names else ""


_EXPECT = Syntax("c:dDf:inNbv")


def expect(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """expect: `-c` takes Tcl, which spawns; a script, or standard input."""
    options = read(words, _EXPECT)
    lines = list(options.values("c"))
    if lines:
        return ran(name, whole(lines), "tcl", options.rest)
    if options.has("v"):
        return None
    source = options.last("f")
    return behind(name, "tcl", (source,) if source is not None else options.rest)
