"""Programs that change a file in place by a small script: perl and ruby with `-pi`, ed, ex and vim, sd, crudini, dasel.

Belongs here: which of their scripts mean the same as a substitution of sed, a line of an INI file or an assignment of
jq, and doing that. Must not be here: sed's and jq's own languages (`configuration.sed`, `configuration.jq`).
What is not certain to mean the same is refused, never guessed.
Sources, read 2026-11: perlrun, perlre and perlop 5.38; ruby(1) 3.3; POSIX 2024 ed and ex; Vim 9.1 pattern.txt;
chmln/sd README 1.0; pixelb/crudini 0.9; TomWright/dasel v2 `put`.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence

from spawngate.agents.formats import Format
from spawngate.agents.formats.jsontext import parse_json
from spawngate.command.spawn import Spawn, Word
from spawngate.configuration import jq, sed
from spawngate.configuration.backups import kept_as
from spawngate.configuration.files import Content, Files, Unknown
from spawngate.configuration.shell import Run, to_bytes

NOTHING = b""
LONGEST = 65_536
"""Characters of a script."""
_PAIRS = {"{": "}", "(": ")", "[": "]", "<": ">"}
_SAME_IN_PERL = re.compile(r"(?:[^\\\[\](){}|+*?^$.@&~\n]|\.\*?|\\[./\"'@$\[\]{}()|+*?^-]|\\\\)*")
"""Patterns of perl and ruby that need no more than letters, `.`, `.*` and escaped signs."""
_SAME_IN_VIM = re.compile(r"(?:[^\\\[\]*^$.~\n]|\.\*?|\\[./\"*\[\]^$])*")
_PLAIN = re.compile(r"[^\\\[\](){}|+*?^$.]*")


class NotUnderstood(Exception):
    """The script holds what is not computed here."""


def _basic(pattern: str) -> str:
    """A pattern of perl or ruby as a basic regular expression of sed."""
    if not _SAME_IN_PERL.fullmatch(pattern):
        raise NotUnderstood(pattern)
    # In a basic expression these stand for themselves without a backslash, and for something else with one.
    return re.sub(r"\\([{}()|+?\"'@-])", r"\1", pattern)


def _escaped(text: str) -> str:
    return re.sub(r"([\\.*\[\]^$/])", r"\\\1", text)


def _substitution(pattern: str, new: str, flags: str) -> str:
    if set(flags) - set("gi") or "\n" in pattern + new:
        raise NotUnderstood(flags)
    return f"s/{pattern}/{new}/{flags.upper().replace('G', 'g')}"


def _replacement(text: str) -> str:
    """The replacement of perl or ruby as sed's: nothing is put into it, and nothing of it has a meaning."""
    if re.search(r"[$@#&]|\\[^/\\\"'nt]", text):
        raise NotUnderstood(text)
    plain = re.sub(r"\\([/\"'])", r"\1", text)
    if "\\" in plain:
        raise NotUnderstood(text)
    return plain.replace("/", "\\/")


def perl_script(text: str) -> list[str]:
    """The substitutions of a perl script as scripts of sed. Raises NotUnderstood for everything else."""
    found: list[str] = []
    left = text.strip()
    while left:
        if left[0] in "; \n":
            left = left[1:]
            continue
        if left[0] != "s" or len(left) < 4 or left[1].isalnum() or left[1].isspace():
            raise NotUnderstood(text)
        sign = left[1]
        pattern, left = _delimited(left[1:])
        new, left = _delimited(left.lstrip()) if sign in _PAIRS else _until(left, sign)
        flags = re.match(r"[a-z]*", left)
        assert flags is not None, "it matches nothing, too"
        left = left[flags.end() :].lstrip()
        if left and left[0] not in ";\n":
            raise NotUnderstood(text)
        found.append(
            _substitution(_basic(pattern.replace("\\/", "/")).replace("/", "\\/"), _replacement(new), flags[0])
        )
    return found


def _delimited(text: str) -> tuple[str, str]:
    """A part that begins with its delimiter, and what follows the part."""
    if not text:
        raise NotUnderstood(text)
    return _until(text[1:], _PAIRS.get(text[0], text[0]))


def _until(text: str, sign: str) -> tuple[str, str]:
    at = 0
    while at < len(text) and text[at] != sign:
        at += 2 if text[at] == "\\" else 1
    if at >= len(text) or not sign:
        raise NotUnderstood(text)
    return text[:at], text[at + 1 :]


_RUBY = re.compile(
    r"\s*(?:\$_\.)?(g?sub)!?\s*+(?:\(\s*+)?/((?:[^/\\\n]|\\.)*)/(i?)\s*,\s*(?:\"((?:[^\"\\\n]|\\.)*)\"|'((?:[^'\\\n]|\\.)*)')\s*+(?:\)\s*+)?(?:;|\Z)"
)


def ruby_script(text: str) -> list[str]:
    """The same of a ruby script."""
    found: list[str] = []
    at = 0
    while at < len(text):
        match = _RUBY.match(text, at)
        if match is None:
            raise NotUnderstood(text)
        new = match[4] if match[4] is not None else match[5]
        pattern = _basic(match[2].replace("\\/", "/")).replace("/", "\\/")
        found.append(_substitution(pattern, _replacement(new), ("g" if match[1] == "gsub" else "") + match[3]))
        at = match.end()
    return found


_LINE = re.compile(r"(?P<address>%|,|\d+|\$|\d+,(?:\d+|\$))?(?P<rest>s(?P<d>[/|#,]).*|d|[aic])\Z")
_LEAVES = re.compile(r"w(?:q!?)?|wq!?|x!?|q!?|Q|H|h|wqa!?|wa|xa!?|qa!?")


def lines_script(text: str, *, vim: bool = False) -> tuple[list[str], bool]:
    """The commands of ed, or of ex, as scripts of sed for one run after the other; and whether the file is written.

    Addresses are numbers, `$` and the whole file. Raises NotUnderstood for everything else.
    """
    found: list[str] = []
    written = False
    lines = iter(text.split("\n"))
    for line in lines:
        line = line.strip() if vim else line.rstrip("\r")
        if not line or _LEAVES.fullmatch(line):
            written = written or line[:1] in ("w", "x")
            continue
        match = _LINE.fullmatch(line)
        if written or match is None or not match["address"]:
            raise NotUnderstood(line)
        address = "" if match["address"] in ("%", ",", "1,$") else match["address"]
        rest = match["rest"]
        if rest[0] == "s":
            pattern, new, flags = _split(rest[1:])
            if not _SAME_IN_VIM.fullmatch(pattern) or re.search(r"[&~]|\\[^/\\&]", new) or set(flags) - set("g"):
                raise NotUnderstood(line)
            rest = f"s{match['d']}{pattern}{match['d']}{new}{match['d']}{flags}"
        elif rest in "aic":
            rest += "\\\n" + "\\\n".join(_block(lines))
        found.append(address + rest)
    return found, written


def _split(text: str) -> tuple[str, str, str]:
    pattern, left = _delimited(text)
    try:
        new, flags = _until(left, text[0])
    except NotUnderstood:
        new, flags = left, ""
    return pattern, new, flags


def _block(lines: Iterator[str]) -> list[str]:
    found: list[str] = []
    for line in lines:
        if line == ".":
            if not found or any("\\" in each or each != each.lstrip() for each in found):
                break
            return found
        found.append(line)
    raise NotUnderstood("a text without an end, or one that sed would change")


def with_setting(text: str, section: str, key: str, value: str | None) -> str:
    """An INI text with a key of a section set, as crudini does it; None takes it out."""
    lines = text.split("\n")
    heads = [at for at, line in enumerate(lines) if line.strip() == f"[{section}]"]
    begin = heads[0] + 1 if heads else 0 if not section else -1
    if begin < 0:
        if value is None:
            return text
        return f"{text.rstrip(chr(10))}\n\n[{section}]\n{key} = {value}\n".lstrip("\n")
    end = next((at for at in range(begin, len(lines)) if lines[at].lstrip().startswith("[")), len(lines))
    named = [at for at in range(begin, end) if re.match(rf"\s*{re.escape(key)}\s*[=:]", lines[at])]
    if value is None:
        return "\n".join(line for at, line in enumerate(lines) if at not in named)
    if named:
        lines[named[0]] = f"{key} = {value}"
    else:
        lines.insert(
            next((at + 1 for at in range(end - 1, begin - 1, -1) if lines[at].strip()), begin), f"{key} = {value}"
        )
    return "\n".join(lines)


# ---- Command lines.


def _edited(files: Files, at: str, scripts: Sequence[str]) -> Content:
    content = files.read(at)
    if not isinstance(content, bytes):
        return content if isinstance(content, Unknown) else Unknown("not-there")
    try:
        text = content.decode("utf-8")
        for script in scripts:
            text = sed.run([script], text)
    except (sed.NotUnderstood, UnicodeDecodeError):
        return Unknown("expression")
    return to_bytes(text)


def _in_place(run: Run, at: int, scripts: Sequence[str], names: Sequence[str], suffix: str = "") -> Content:
    spawn = run.program.spawns[at]
    for name in names:
        place = run.place(spawn, name)
        if suffix:
            run.files.write(run.place(spawn, kept_as(name, suffix)), run.files.read(place))
        # A file that is not there now may be there when the command runs, and ed and vim make it.
        run.files.write(place, _edited(run.files, place, scripts))
    return NOTHING


def _one_liner(run: Run, at: int, read: Callable[[str], list[str]]) -> Content:
    """perl and ruby: `-p` and `-i` with scripts after `-e`, and files."""
    words = run.words(at)
    if isinstance(words, Unknown):
        raise NotUnderstood("a word that only the run knows")
    scripts: list[str] = []
    names: list[str] = []
    loops = in_place = False
    suffix = ""
    rest = iter(words)
    for word in rest:
        cluster = re.fullmatch(r"-(0777|0)?([pniwl]*?)(i(?:\.\w+|~)?)?(p?)(e?)", word) if word[:1] == "-" else None
        if word == "--":
            names += list(rest)
        elif cluster is None and word.startswith("-"):
            raise NotUnderstood(word)
        elif cluster is None:
            names.append(word)
        else:
            if cluster[1] or "n" in cluster[2] or "l" in cluster[2]:
                raise NotUnderstood(word)
            loops = loops or "p" in cluster[2] + cluster[4]
            in_place = in_place or "i" in cluster[2] or bool(cluster[3])
            suffix = suffix or (cluster[3] or "")[1:]
            if cluster[5]:
                scripts.append(next(rest, ""))
    if not (loops and in_place and scripts and names):
        raise NotUnderstood("no editing in place")
    return _in_place(run, at, [each for script in scripts for each in read(script)], names, suffix)


def _ed(run: Run, at: int) -> Content:
    spawn = run.program.spawns[at]
    if any(word.startswith("-") and word not in ("-", "-s", "--quiet", "--silent") for word in spawn.words):
        raise NotUnderstood("options")  # -E makes the expressions others
    names = [word for word in spawn.words if not word.startswith(("-", "+"))]
    content = run.input(at)
    if len(names) != 1 or not isinstance(content, bytes):
        raise NotUnderstood("no script")
    scripts, written = lines_script(content.decode("utf-8", "replace"))
    return _in_place(run, at, scripts, names if written else ())


def _ex(run: Run, at: int) -> Content:
    """ex and vim: commands after `-c` or `+`, and one file."""
    words = run.words(at)
    if isinstance(words, Unknown):
        raise NotUnderstood("a word that only the run knows")
    spawn = run.program.spawns[at]
    if spawn.reads_from or any(each.operator[:1] == "<" for each in spawn.redirects):
        raise NotUnderstood("more commands on its input")
    commands: list[str] = []
    names: list[str] = []
    rest = iter(words)
    for word in rest:
        if word == "-c":
            commands.append(next(rest, ""))
        elif word.startswith("+") and len(word) > 1:
            commands.append(word[1:])
        elif word in ("-s", "-e", "-es", "-E", "-Es", "-n", "-N", "-u", "-i", "--clean", "--not-a-term", "--"):
            if word in ("-u", "-i") and next(rest, "") != "NONE":
                raise NotUnderstood("a file of commands")
        elif word.startswith("-"):
            raise NotUnderstood(word)
        else:
            names.append(word)
    if len(names) != 1 or not commands:
        raise NotUnderstood("no commands")
    scripts, written = lines_script("\n".join(each.removeprefix(":") for each in commands), vim=True)
    return _in_place(run, at, scripts, names if written else ())


def _sd(run: Run, at: int) -> Content:
    words = run.words(at)
    if isinstance(words, Unknown):
        raise NotUnderstood("a word that only the run knows")
    literal = any(word in ("-F", "-s", "--fixed-strings", "--string-mode") for word in words)
    rest = [word for word in words if not word.startswith("-")]
    odd = [
        word for word in words if word.startswith("-") and word not in ("-F", "-s", "--fixed-strings", "--string-mode")
    ]
    if odd or len(rest) < 3 or "\n" in rest[0] + rest[1]:
        raise NotUnderstood("options")
    if not literal and (not _PLAIN.fullmatch(rest[0]) or "$" in rest[1] or "\\" in rest[1]):
        raise NotUnderstood(rest[0])
    new = rest[1].replace("\\", "\\\\").replace("&", "\\&").replace("/", "\\/")
    return _in_place(run, at, [f"s/{_escaped(rest[0])}/{new}/g"], rest[2:])


def _crudini(run: Run, at: int) -> Content:
    words = run.words(at)
    if isinstance(words, Unknown):
        raise NotUnderstood("a word that only the run knows")
    options = [word for word in words if word.startswith("--")]
    rest = [word for word in words if not word.startswith("--")]
    sets, deletes = "--set" in options, "--del" in options
    if sets is deletes or set(options) - {"--set", "--del", "--existing", "--verbose"} or len(rest) < 3:
        raise NotUnderstood("options")
    place = run.place(run.program.spawns[at], rest[0])
    content = run.files.read(place)
    if isinstance(content, Unknown):
        run.files.write(place, content)
        return NOTHING
    text = content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
    value = None if deletes else (rest[3] if len(rest) > 3 else "")
    if any("\n" in word for word in rest):
        raise NotUnderstood("more than one line")
    run.files.write(place, to_bytes(with_setting(text, rest[1], rest[2], value)))
    return NOTHING


def _dasel(run: Run, at: int) -> Content:
    """`dasel put -f FILE -t TYPE -v VALUE SELECTOR`, of a JSON file."""
    words = run.words(at)
    if isinstance(words, Unknown) or words[:1] != ["put"]:
        raise NotUnderstood("no put")
    given: dict[str, str] = {}
    rest: list[str] = []
    left = iter(words[1:])
    for word in left:
        if word in ("-f", "--file", "-t", "--type", "-v", "--value", "-r", "--read", "-w", "--write"):
            given[word.lstrip("-")[0]] = next(left, "")
        elif word.startswith("-"):
            raise NotUnderstood(word)
        else:
            rest.append(word)
    selector = rest[-1] if len(rest) == 1 else ""
    if not re.fullmatch(r"\.?[\w-]+(?:\.[\w-]+)*", selector) or not given.get("f", "").endswith(".json"):
        raise NotUnderstood(selector)
    place = run.place(run.program.spawns[at], Word(given["f"]))
    content = run.files.read(place)
    value, problems = (
        parse_json(content.decode("utf-8", "replace"), Format.JSON) if isinstance(content, bytes) else ({}, [1])
    )
    if problems:
        run.files.write(place, content if isinstance(content, Unknown) else Unknown("malformed"))
        return NOTHING
    kind = given.get("t", "string")
    try:
        new = given.get("v", "") if kind == "string" else json.loads(given.get("v", "null"))
        path = "".join(f"[{json.dumps(part)}]" for part in selector.strip(".").split("."))
        result = jq.run(f".{path} = $v", value, {"v": new})
        run.files.write(place, to_bytes(json.dumps(result, indent=2) + "\n"))
    except (jq.NotUnderstood, ValueError, TypeError, RecursionError):
        run.files.write(place, Unknown("expression"))
    return NOTHING


def _perl(run: Run, at: int) -> Content:
    return _one_liner(run, at, perl_script)


def _ruby(run: Run, at: int) -> Content:
    return _one_liner(run, at, ruby_script)


_EDITORS: dict[str, Callable[[Run, int], Content]] = {
    "perl": _perl,
    "ruby": _ruby,
    "ed": _ed,
    "red": _ed,
    **dict.fromkeys(("ex", "vi", "vim", "nvim"), _ex),
    "sd": _sd,
    "crudini": _crudini,
    "dasel": _dasel,
}


def edit(run: Run, at: int, spawn: Spawn) -> Content | None:
    """Does what the spawn does to files and gives what it prints; None where that is not computed here."""
    program = _EDITORS.get(spawn.program)
    if program is None or sum(map(len, spawn.words)) > LONGEST:
        return None
    try:
        return program(run, at)
    except NotUnderstood:
        return None
