"""Output of simple programs on known input: what `$(echo cm0= | base64 -d)` says before anything runs.

Belongs here: text filters that only turn arguments and input into output. Must not be here: anything that depends on
files, time or the machine. None where the output is not sure.
Sources: POSIX.1-2024 utilities (echo, printf, tr, cut, head, tail); GNU coreutils 9 manual; xxd(1); rev(1).
Bytes that are no UTF-8 stand as surrogates, as `os.fsdecode` has them.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Callable, Mapping, Sequence

from spawngate.command.patterns import CLASSES
from spawngate.command.words import unescaped

MAX_OUTPUT = 65_536

Filter = Callable[[Sequence[str], str | None], str | None]


def output(argv: Sequence[str], stdin: str | None) -> str | None:
    """What `argv` writes when it reads `stdin` (None where that is unknown). None where it cannot be said."""
    name = argv[0].rsplit("/", 1)[-1]
    program = FILTERS.get(name)
    if program is None:
        return None
    try:
        result = program(argv[1:], stdin)
    except (ValueError, LookupError, OverflowError, re.error):
        return None
    return None if result is None or len(result) > MAX_OUTPUT else result


FROM_FILES = frozenset(
    {"cat", "base64", "base32", "xxd", "rev", "tac", "tr", "cut", "head", "tail", "sed", "zcat", "gunzip"}
)
"""Those that read the files they name, or standard input where they name none."""


def with_files(argv: Sequence[str], files: Mapping[str, str]) -> str | None:
    """What a filter writes that reads files of known content. None where it names others, or none."""
    if argv[0].rsplit("/", 1)[-1] not in FROM_FILES:
        return None
    named = [place for place, word in enumerate(argv) if place and word.removeprefix("./") in files]
    if not named:
        return None
    rest = [word for place, word in enumerate(argv) if place not in named]
    return output(rest, "".join(files[argv[place].removeprefix("./")] for place in named))


def encoded(text: str) -> bytes:
    """The bytes of a text."""
    return text.encode("utf-8", "surrogateescape")


def decoded(data: bytes) -> str:
    """The text of bytes."""
    return data.decode("utf-8", "surrogateescape")


def _nothing(words: Sequence[str], stdin: str | None) -> str | None:
    return ""


def _echo(words: Sequence[str], stdin: str | None) -> str | None:
    at, newline, escapes = 0, True, False
    while at < len(words) and re.fullmatch(r"-[neE]+", words[at]):
        newline = newline and "n" not in words[at]
        escapes = "e" in words[at] or (escapes and "E" not in words[at])
        at += 1
    text = " ".join(words[at:])
    if escapes:
        text, stop, _ = re.sub(r"\\0([0-7]{1,3})", r"\\\1", text).partition("\\c")
        text = unescaped(text)
        newline = newline and not stop
    return text + "\n" * newline


_DIRECTIVE = re.compile(r"%(?:%|([-+ #0]*+)(\d*+|\*)(?:\.(\d*+))?([diouxXcsbqeEfgG]))|\\.|\\$", re.DOTALL)


def _printf(words: Sequence[str], stdin: str | None) -> str | None:
    words = words[1:] if words[:1] == ["--"] else words
    if not words or words[0].startswith("-"):
        return None
    form, rest, result = words[0], list(words[1:]), list[str]()
    takes = any(found.group(4) for found in _DIRECTIVE.finditer(form))
    for _ in range(256):
        result.append(_formatted(form, rest))
        if not rest or not takes:
            return "".join(result)
    return None


def _formatted(form: str, rest: list[str]) -> str:
    def one(found: re.Match[str]) -> str:
        whole, (flags, width, precision, kind) = found.group(), found.groups()
        if whole == "%%":
            return "%"
        if kind is None:
            return whole
        if width == "*":
            raise ValueError("width from an argument")
        value = rest.pop(0) if rest else ""
        if kind == "b":
            value = unescaped(re.sub(r"\\0([0-7]{1,3})", r"\\\1", value))
        if kind in "sbq":
            value = value if precision is None else value[: int(precision or 0)]
        elif kind == "c":
            value = value[:1]
        elif kind in "eEfgG":
            raise ValueError("floating point")
        else:
            value = _number(value, kind)
        size = int(width or 0)
        if size > 4096:
            raise ValueError("too wide")
        return value.ljust(size) if "-" in flags else value.rjust(size, "0" if "0" in flags else " ")

    pieces, at = list[str](), 0
    for found in _DIRECTIVE.finditer(form):
        pieces.append(unescaped(form[at : found.start()]))
        if found.group().startswith("\\"):
            at = found.start()
            continue
        pieces.append(one(found))
        at = found.end()
    pieces.append(unescaped(form[at:]))
    return "".join(pieces)


def _number(text: str, kind: str) -> str:
    if text[:1] in ("'", '"'):
        value = ord(text[1])
    elif not text:
        value = 0
    else:
        value = int(text, 16 if text.lower().startswith("0x") else 8 if text.startswith("0") and text != "0" else 10)
    return {"o": f"{value:o}", "x": f"{value:x}", "X": f"{value:X}"}.get(kind, str(value))


def _cat(words: Sequence[str], stdin: str | None) -> str | None:
    return stdin if all(word in ("-", "-u", "-s", "/dev/stdin") for word in words) else None


def _base64(words: Sequence[str], stdin: str | None) -> str | None:
    decode = False
    for word in words:
        if word in ("-d", "-D", "--decode", "-di", "-id", "--decod", "--deco", "--dec"):
            decode = True
        elif word not in ("-", "-i", "--ignore-garbage", "-w0", "--wrap=0"):
            return None
    if stdin is None:
        return None
    if not decode:
        return base64.b64encode(encoded(stdin)).decode() + "\n"
    return _unbase64(stdin)


def _unbase64(text: str) -> str:
    letters = re.sub(r"[^A-Za-z0-9+/]", "", text.replace("-", "+").replace("_", "/"))
    return decoded(base64.b64decode(letters[: len(letters) - (len(letters) % 4 == 1)] + "=" * (-len(letters) % 4)))


def _openssl(words: Sequence[str], stdin: str | None) -> str | None:
    known = {"-d", "-A", "-a", "-base64", "enc", "base64"}
    if (
        stdin is None
        or "-d" not in words
        or not known.issuperset(words)
        or len({"-a", "-base64", "base64"} - set(words)) == 3
    ):
        return None
    return _unbase64(stdin)


def _base32(words: Sequence[str], stdin: str | None) -> str | None:
    if stdin is None or list(words) not in (["-d"], ["--decode"]):
        return None
    return decoded(base64.b32decode(re.sub(r"\s", "", stdin)))


def _xxd(words: Sequence[str], stdin: str | None) -> str | None:
    flags = set(words)
    if (
        stdin is None
        or not ({"-r", "-p"} <= flags or flags & {"-rp", "-pr", "-ps"})
        or flags - {"-r", "-p", "-ps", "-rp", "-pr", "-"}
    ):
        return None
    digits = re.sub(r"[^0-9A-Fa-f]", "", stdin)
    return decoded(binascii.unhexlify(digits[: len(digits) // 2 * 2]))


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _rev(words: Sequence[str], stdin: str | None) -> str | None:
    if stdin is None or words:
        return None
    return "".join(
        line.rstrip("\n")[::-1] + ("\n" if line.endswith("\n") else "") for line in stdin.splitlines(keepends=True)
    )


def _tac(words: Sequence[str], stdin: str | None) -> str | None:
    return None if stdin is None or words else "".join(reversed(_lines(stdin)))


def _set(text: str) -> list[str]:
    """Letters of an argument of tr."""
    text = re.sub(r"\[:(\w+):\]", lambda found: CLASSES.get(found.group(1), ""), text)
    text = unescaped(text)
    letters: list[str] = []
    at = 0
    while at < len(text):
        if text[at + 1 : at + 2] == "-" and at + 2 < len(text):
            low, high = ord(text[at]), ord(text[at + 2])
            if high - low > 1024:
                raise ValueError("range too long")
            letters.extend(chr(code) for code in range(low, high + 1))
            at += 3
        else:
            letters.append(text[at])
            at += 1
    return letters


def _tr(words: Sequence[str], stdin: str | None) -> str | None:
    flags = "".join(word[1:] for word in words if re.fullmatch(r"-[dscC]+", word))
    sets = [_set(word) for word in words if not re.fullmatch(r"-[dscC]+", word)]
    if stdin is None or not sets or len(sets) > 2 or "s" in flags:
        return None
    complement = "c" in flags.lower()
    if "d" in flags:
        letters = set(sets[0])
        return "".join(letter for letter in stdin if (letter in letters) == complement)
    if len(sets) < 2 or complement or not sets[1]:
        return None
    first, second = sets
    second += second[-1:] * (len(first) - len(second))
    return stdin.translate({ord(old): new for old, new in reversed(list(zip(first, second, strict=False)))})


def _cut(words: Sequence[str], stdin: str | None) -> str | None:
    joined = re.fullmatch(
        r"(?:-d ?(?P<d>.) )?-(?P<k>[cbf]) ?(?P<l>[\d,-]+)(?: -d ?(?P<e>.))?", " ".join(words), re.DOTALL
    )
    if stdin is None or joined is None:
        return None
    delimiter = joined["d"] or joined["e"] or "\t"
    lines = []
    for line in stdin.splitlines():
        items = list(line) if joined["k"] != "f" else line.split(delimiter)
        if joined["k"] == "f" and len(items) == 1:
            lines.append(line)
            continue
        chosen = [item for place, item in enumerate(items, 1) if _listed(place, joined["l"])]
        lines.append(("" if joined["k"] != "f" else delimiter).join(chosen))
    return "".join(line + "\n" for line in lines)


def _listed(place: int, ranges: str) -> bool:
    for one in ranges.split(","):
        low, dash, high = one.partition("-")
        if int(low or 1) <= place <= (int(high or 10**9) if dash else int(low)):
            return True
    return False


def _ends(first: bool) -> Filter:
    def take(words: Sequence[str], stdin: str | None) -> str | None:
        joined = re.fullmatch(r"(?:-(?:(?P<kind>[nc]) ?)?(?P<count>\d+))?", " ".join(words))
        if stdin is None or joined is None:
            return None
        count = int(joined["count"] or 10)
        if joined["kind"] == "c":
            return stdin[:count] if first else stdin[len(stdin) - min(count, len(stdin)) :]
        lines = _lines(stdin)
        return "".join(lines[:count] if first else lines[len(lines) - min(count, len(lines)) :])

    return take


_SUBSTITUTE = re.compile(
    r"s(?P<x>[/|,#:@!])(?P<old>(?:(?!(?P=x))[^\\\[\].*^$])*)(?P=x)(?P<new>(?:(?!(?P=x))[^\\&])*)(?P=x)(?P<g>g?)"
)


def _sed(words: Sequence[str], stdin: str | None) -> str | None:
    script = words[1] if len(words) == 2 and words[0] in ("-e", "-E", "-r") else words[0] if len(words) == 1 else ""
    found = _SUBSTITUTE.fullmatch(script)
    if stdin is None or found is None or not found["old"] or re.search(r"[+?(){}|]", found["old"]):
        return None
    return "".join(line.replace(found["old"], found["new"], -1 if found["g"] else 1) for line in _lines(stdin))


def _tee(words: Sequence[str], stdin: str | None) -> str | None:
    return stdin


def _which(words: Sequence[str], stdin: str | None) -> str | None:
    names = [word for word in words if not re.fullmatch(r"-[avPps]+", word)]
    return names[0] + "\n" if len(names) == 1 and not names[0].startswith("-") else None


def _seq(words: Sequence[str], stdin: str | None) -> str | None:
    numbers = [int(word) for word in words]
    first, step, last = {1: (1, 1, *numbers), 2: (numbers[0], 1, *numbers[1:]), 3: (*numbers,)}[len(numbers)]
    if not step or abs(last - first) // abs(step) > 1000:
        return None
    return "".join(f"{number}\n" for number in range(first, last + (1 if step > 0 else -1), step))


def _base(words: Sequence[str], stdin: str | None) -> str | None:
    if len(words) == 1 and not words[0].startswith("-"):
        return (words[0].rstrip("/").rsplit("/", 1)[-1] or "/") + "\n"
    return None


def _dir(words: Sequence[str], stdin: str | None) -> str | None:
    if len(words) == 1 and not words[0].startswith("-"):
        head = words[0].rstrip("/").rpartition("/")
        return (head[0] or head[1] or ".") + "\n"
    return None


def _gunzip(words: Sequence[str], stdin: str | None) -> str | None:
    flags = "".join(word.lstrip("-")[:1] if word.startswith("--") else word[1:] for word in words if word != "-")
    if stdin is None or set(flags) - set("dckqf") or any(word and not word.startswith("-") for word in words):
        return None
    try:
        return decoded(zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(encoded(stdin), MAX_OUTPUT + 1))
    except zlib.error:
        return None


def _gzip(words: Sequence[str], stdin: str | None) -> str | None:
    decompress = any(re.fullmatch(r"-[ckqf]*d[dckqf]*|--decompress|--uncompress", word) for word in words)
    return _gunzip(words, stdin) if decompress else None


FILTERS: dict[str, Filter] = {
    "echo": _echo,
    "printf": _printf,
    "cat": _cat,
    "tee": _tee,
    "base64": _base64,
    "openssl": _openssl,
    "base32": _base32,
    "xxd": _xxd,
    "rev": _rev,
    "tac": _tac,
    "tr": _tr,
    "gunzip": _gunzip,
    "zcat": _gunzip,
    "gzip": _gzip,
    "cut": _cut,
    "head": _ends(True),
    "tail": _ends(False),
    "sed": _sed,
    "which": _which,
    "seq": _seq,
    "basename": _base,
    "dirname": _dir,
    "true": _nothing,
    "false": _nothing,
    ":": _nothing,
    "test": _nothing,
    "[": _nothing,
    "cd": _nothing,
    "sleep": _nothing,
    "export": _nothing,
    "unset": _nothing,
    "set": _nothing,
    "shopt": _nothing,
    "read": _nothing,
    "shift": _nothing,
    "exit": _nothing,
    "return": _nothing,
}
"""By base name. `command -v` and `type -P` are read by `command.builtins`."""
