"""Commands inside texts that a command writes and then has something run: build files, tasks, package scripts, source
code.

Belongs here: finding what may be a command in such a text, whatever its format. A false candidate costs a look; a
missed one is a hole, so nothing is parsed but quotes and lines.
Must not be here: shells' own scripts, which the parser follows (`command.parse`), and judgement.
"""

import re
from collections.abc import Iterator, Sequence

from spawngate.command.quoted import FEW, Quotes
from spawngate.command.readers import reader_of
from spawngate.command.spawn import Program, Spawn
from spawngate.launch.argv import program, word_set

RUNNERS = word_set(
    """
    make gmake ninja cmake meson scons just task rake grunt gulp ant mvn gradle gradlew sbt bazel buck npm pnpm yarn
    bun npx deno
    cargo rustc gcc g++ cc c++ clang clang++ tcc go ghc javac java kotlinc scalac dotnet csc msbuild swift swiftc zig
    nim crystal dmd
    pip pip3 uv poetry pytest tox nox invoke fabric tclsh docker podman buildah docker-compose
    packer vagrant ansible ansible-playbook terraform tofu pulumi helm kubectl salt puppet pre-commit lefthook husky
    expect
    ftp sqlite3 mysql psql gdb lldb vim ex ed emacs awk gawk sed systemd-run act circleci gitlab-runner nix nix-build
    nix-shell
    """
)
"""Programs that run what stands in files of the folder, or what they are handed."""
MOST = 24
"""Candidates of one command that are looked at."""
LONGEST_TEXT = 16_384
"""Characters of one text that are searched."""
LONGEST = 1_000
"""Characters of one candidate."""
_QUOTED = re.compile(
    r"\"((?:[^\"\\\n]|\\.){0,1000})\"|'((?:[^'\\\n]|\\.){0,1000})'"
    r"|\[(={0,4})\[([^\[]{3,600}?)\]\3\]|`([^`\n]{3,1000})`|q\{([^{}\n]{3,1000})\}",
    re.DOTALL,
)
_OPENED = re.compile(r"[\"']|\[(={0,4})\[([^\[]{3,600}?)\]\1\]|`([^`\n]{3,1000})`|q\{([^{}\n]{3,1000})\}", re.DOTALL)
_LEAD = re.compile(
    r"^\s*(?:[-@+*]++\s++|@++|RUN\s+|CMD\s+|ENTRYPOINT\s+|run:\s*|script:\s*|command\s*[:=]\s*"
    r"|cmd\s*[:=]\s*|exec\s*[:=]\s*|sh\s+['\"]|system\s+|!\s*|\.shell\s+|\\!\s*)+"
)


def runs_texts(found: Program) -> bool:
    """Whether anything of the program runs what a text of it holds."""
    return any(spawn.program in RUNNERS for spawn in found.spawns)


def texts_of(found: Program) -> Iterator[str]:
    """Texts that the program writes or hands over."""
    for spawn in found.spawns:
        for redirect in spawn.redirects:
            if redirect.text:
                yield redirect.text
            elif redirect.operator in (">", ">>", ">|") and spawn.program in ("echo", "printf"):
                yield " ".join(spawn.words)
        if spawn.program in ("npm", "pnpm", "yarn") and spawn.words[:2] == ("pkg", "set"):
            yield from (word.partition("=")[2] for word in spawn.words[2:])
        if spawn.program in ("echo", "printf") and _piped(found, spawn):
            yield " ".join(spawn.words)


def _piped(found: Program, spawn: Spawn) -> bool:
    at = next((at for at, other in enumerate(found.spawns) if other is spawn), -1)
    return any(
        at in other.reads_from and (other.program in RUNNERS or other.program == "tee") for other in found.spawns
    )


def candidates(texts: Sequence[str]) -> tuple[str, ...]:
    """What may be a command in the texts, in order."""
    found: dict[str, None] = {}
    for text in texts:
        for candidate in _pieces(text[:LONGEST_TEXT]):
            if _is_command(candidate):
                found[candidate] = None
                if len(found) >= MOST:
                    return tuple(found)
    return tuple(found)


def _literals(text: str) -> Iterator[tuple[str, str]]:
    """What stands in quotes, with the quote; of other kinds with none."""
    if text.count("\\") < FEW:
        for found in _QUOTED.finditer(text):
            if found[1] is not None or found[2] is not None:
                yield found[0][0], found[1] or found[2] or ""
            else:
                yield "", found[4] or found[5] or found[6] or ""
        return
    quotes = Quotes(text, 0, 1000, joined=True)
    at = 0
    while match := _OPENED.search(text, at):
        if len(match[0]) > 1:
            yield "", match[2] or match[3] or match[4] or ""
            at = match.end()
            continue
        end = quotes.end(match.start())
        if end >= 0:
            yield match[0], text[match.start() + 1 : end]
        at = max(end, match.start()) + 1


def _pieces(text: str) -> Iterator[str]:
    for sign, piece in _literals(text):
        yield _unescaped(piece) if sign == '"' and piece else piece
        # A literal inside a literal: JSON in a shell's quotes.
        if sign == "'" and '"' in piece:
            yield from (_unescaped(inner[1]) for inner in re.finditer(r"\"((?:[^\"\\\n]|\\.){0,1000})\"", piece))
    for line in text.splitlines():
        plain = _LEAD.sub("", line).strip()
        if plain:
            yield plain.strip("\"'") if plain[:1] == plain[-1:] and plain[:1] in "\"'" else plain
            key, colon, value = plain.partition(":")
            if colon and len(value) > 3 and re.fullmatch(r"[\w.\"' -]{1,40}", key):
                yield value.strip().strip("\"',")


def _unescaped(text: str) -> str:
    return re.sub(r"\\([\"\\/'`$])", r"\1", text)


_ORDINARY = word_set(
    """
    import print set export type host read open link copy move start format at batch service log history who last
    users mix fetch
    transfer rest less more time split sort view paste join file column function http find file cat head tail test
    which return
    source use select update delete trust install state pass get put make go format expand diff comm cut top free
    route ip w x
    rest id say from for if while with in do then else case env echo true false name run build deploy code agent mini
    forge render
    """
)
"""Programs whose names are words of other languages: without an option or path they say nothing."""
_LEAVES = re.compile(r"^(?:sudo|env|exec|nohup|time|command|builtin|doas)$")


def _is_command(text: str) -> bool:
    """Whether the text begins with a program that is known, and goes on."""
    if not 4 <= len(text) <= LONGEST:
        return False
    words = text.split(None, 3)
    if not words:
        return False
    first = words[0]
    if "=" in first and len(words) > 1:
        first = words[1]
    if len(words) < 2 and not re.search(r"[/|;&]", text):
        return False
    name = program(first)
    if name in ("echo", "printf") and re.search(r">|\|", text):
        return True
    if name in _ORDINARY and not any(word.startswith(("-", "/", "~", "$", "./")) for word in words[1:]):
        return False
    if name == "import":
        return False
    return reader_of(name) is not None or _LEAVES.match(name) is not None or first.startswith(("/", "./", "~/", "$("))
