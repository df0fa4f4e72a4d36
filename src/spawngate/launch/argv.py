"""Command lines as lists of words: program names, options of a known grammar, and wrappers around a command.

Belongs here: what holds for every launcher. Must not be here: a launcher's own grammar (`launch.package`) and the
full grammar of shells (`command`): of `sh -c` only a single plain command is taken apart.
Sources: manual pages of env, sudo, nice, timeout, stdbuf (coreutils and sudo); POSIX sh; cmd.exe `cmd /?`.
"""

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ksh", "ash", "fish", "busybox"})
INTERPRETERS = frozenset({"node", "nodejs", "bun", "deno", "ruby", "perl", "php", *SHELLS})
MAX_WRAPPERS = 8
"""Wrappers around one command that are taken off; nobody nests them deeper, and each costs time."""


def word_set(text: str) -> frozenset[str]:
    """The words of `text`: long lists of names read better without quotes."""
    return frozenset(text.split())


_SUFFIX = re.compile(r"\.(?:exe|cmd|bat|com|ps1)$")
_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=.*", re.DOTALL)
_SHELL_SYNTAX = re.compile(r"[;&|<>`()\n]|\$\(|\{\s")


def program(word: str) -> str:
    """Name of the program that `word` names: no folder, no Windows suffix, lower case."""
    if "\\" in word:
        word = word.rpartition("\\")[2]
    if "/" in word:
        word = word.rpartition("/")[2]
    name = word.lower()
    return _SUFFIX.sub("", name) if "." in name else name


def is_python(name: str) -> bool:
    """Whether a program name is a Python interpreter's (`python`, `python3.12`, `py`, `pythonw`)."""
    return re.fullmatch(r"(?:python|pypy)w?(?:\d+(?:\.\d+)*)?t?|py", name) is not None


@dataclass(frozen=True, slots=True)
class Grammar:
    """Which options a program knows, each with its dashes."""

    values: frozenset[str]
    """Options that take a value: the next word, or after `=`; a short one also glued on (`-p8080`)."""
    flags: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    """Beginnings of options that never take the next word."""
    lenient: bool = False
    """The program takes unknown options for flags. Otherwise an unknown option makes the line unreadable."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """The options in front of the first positional word, and what follows."""

    options: tuple[tuple[str, str], ...]
    """Option and value, in order; the value of a flag is empty."""
    rest: tuple[str, ...]

    def values(self, *names: str) -> tuple[str, ...]:
        """Values given to any of these options, in order."""
        return tuple(value for name, value in self.options if name in names)

    def has(self, *names: str) -> bool:
        """Whether any of these options is there."""
        return any(name in names for name, _ in self.options)


def parse_options(words: Sequence[str], grammar: Grammar) -> Parsed | None:
    """Options up to the first positional word or `--`. None where an unknown option makes the rest ambiguous."""
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(words):
        word = words[at]
        if word == "--":
            at += 1
            break
        if not word.startswith("-") or word == "-":
            break
        at += 1
        name, equals, value = word.partition("=")
        if name in grammar.values:
            if not equals:
                if at >= len(words):
                    return None
                value, at = words[at], at + 1
            found.append((name, value))
        elif name in grammar.flags or (name.startswith(grammar.prefixes) if grammar.prefixes else False):
            found.append((name, value))
        elif not word.startswith("--") and (cluster := _cluster(word, words, at, grammar)) is not None:
            options, at = cluster
            found.extend(options)
        elif grammar.lenient:
            found.append((name, value))
        else:
            return None
    return Parsed(tuple(found), tuple(words[at:]))


def _cluster(word: str, words: Sequence[str], at: int, grammar: Grammar) -> tuple[list[tuple[str, str]], int] | None:
    """Short options written together (`-itp 80:80`), and the place after their value."""
    found = []
    for place, letter in enumerate(word[1:], start=1):
        name = f"-{letter}"
        if name in grammar.flags:
            found.append((name, ""))
            continue
        if name not in grammar.values:
            return None
        value = word[place + 1 :].removeprefix("=")
        if not value:
            if at >= len(words):
                return None
            value, at = words[at], at + 1
        found.append((name, value))
        break
    return found, at


def words_of(line: str) -> tuple[str, ...] | None:
    """The words of a shell line that is one plain command; None for pipes, lists, substitutions and the like."""
    if _SHELL_SYNTAX.search(line):
        return None
    try:
        return tuple(shlex.split(line))
    except ValueError:
        return None


_ENV = Grammar(
    values=frozenset({"-u", "--unset", "-C", "--chdir", "-S", "--split-string", "-P"}),
    flags=frozenset({"-i", "--ignore-environment", "-0", "--null", "-v", "--debug", "-"}),
    prefixes=("--block-signal", "--default-signal", "--ignore-signal"),
)
_SUDO = Grammar(
    values=frozenset(
        {"-u", "--user", "-g", "--group", "-h", "--host", "-p", "--prompt", "-C", "--close-from", "-D", "--chdir"}
        | {"-R", "--chroot", "-T", "--command-timeout", "-U", "--other-user", "-r", "--role", "-t", "--type"}
    ),
    flags=frozenset(
        {"-A", "--askpass", "-b", "--background", "-B", "--bell", "-E", "-H", "--set-home", "-i", "--login"}
        | {"-k", "--reset-timestamp", "-n", "--non-interactive", "-N", "--no-update", "-P", "--preserve-groups"}
        | {"-S", "--stdin", "-s", "--shell"}
    ),
    prefixes=("--preserve-env",),
)
_NICE = Grammar(values=frozenset({"-n", "--adjustment"}))
_IONICE = Grammar(values=frozenset({"-c", "--class", "-n", "--classdata"}), flags=frozenset({"-t", "--ignore"}))
_TIMEOUT = Grammar(
    values=frozenset({"-k", "--kill-after", "-s", "--signal"}),
    flags=frozenset({"--foreground", "--preserve-status", "-v", "--verbose"}),
)
_STDBUF = Grammar(values=frozenset({"-i", "--input", "-o", "--output", "-e", "--error"}))
_TIME = Grammar(
    values=frozenset({"-f", "--format", "-o", "--output"}),
    flags=frozenset({"-p", "--portability", "-v", "--verbose", "-a", "--append", "-q", "--quiet"}),
)
_SETSID = Grammar(values=frozenset(), flags=frozenset({"-c", "--ctty", "-f", "--fork", "-w", "--wait"}))
_NONE = Grammar(values=frozenset())
_PLAIN = {
    "nice": _NICE,
    "ionice": _IONICE,
    "stdbuf": _STDBUF,
    "time": _TIME,
    "setsid": _SETSID,
    "nohup": _NONE,
    "exec": _NONE,
    "caffeinate": Grammar(values=frozenset({"-t", "-w"}), flags=frozenset({"-d", "-i", "-m", "-s", "-u"})),
    "corepack": _NONE,
}
_AFTER_DASHES = {"op": "run", "doppler": "run", "infisical": "run", "dotenvx": "run", "spawngate": "launch"}
_LAUNCHER = "spawngate-launch"
"""Programs whose sub-command runs what follows `--`."""


def peel(command: str, args: Sequence[str]) -> tuple[str, tuple[str, ...]] | None:
    """The command inside one wrapper (`env A=1 npx x`, `cmd /c npx x`, `sh -c "npx x"`); None where there is none or
    it cannot be told apart."""
    name = program(command)
    words = tuple(args)
    if not words and re.search(r"\s", command.strip()) and not re.search(r"[\\/][^\\/]*\s[^\\/]*[\\/]", command):
        split = words_of(command)
        return _command(split) if split and len(split) > 1 else None
    if name == "env":
        return _inside_env(words)
    if name in ("sudo", "doas"):
        parsed = parse_options(words, _SUDO)
        return _command(_without_assignments(parsed.rest)) if parsed else None
    if name == "timeout":
        parsed = parse_options(words, _TIMEOUT)
        return _command(parsed.rest[1:]) if parsed else None
    if name in _PLAIN:
        parsed = parse_options(words, _PLAIN[name])
        return _command(parsed.rest) if parsed else None
    if name in _AFTER_DASHES and words[:1] == (_AFTER_DASHES[name],) and "--" in words:
        return _command(words[words.index("--") + 1 :])
    if name == _LAUNCHER and words[:1] == ("--id",) and words[2:3] == ("--",):
        return _command(words[3:])
    if name == "cmd":
        return _inside_cmd(words)
    if name in SHELLS and name != "busybox":
        return _inside_shell(words)
    if name == "wsl":
        return _inside_wsl(words)
    return None


def layers(command: str, args: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The command as given, then what is inside each wrapper, outermost first."""
    current: tuple[str, tuple[str, ...]] | None = (command, tuple(args))
    for _ in range(MAX_WRAPPERS):
        if current is None:
            return
        yield current
        current = peel(*current)


def _command(words: Sequence[str]) -> tuple[str, tuple[str, ...]] | None:
    return (words[0], tuple(words[1:])) if words and words[0] else None


def _without_assignments(words: Sequence[str]) -> tuple[str, ...]:
    at = 0
    while at < len(words) and _ASSIGNMENT.fullmatch(words[at]):
        at += 1
    return tuple(words[at:])


def _inside_env(words: Sequence[str]) -> tuple[str, tuple[str, ...]] | None:
    parsed = parse_options(words, _ENV)
    if parsed is None:
        return None
    rest = parsed.rest
    for line in parsed.values("-S", "--split-string"):
        split = words_of(line)
        if split is None:
            return None
        rest = (*split, *rest)
    return _command(_without_assignments(rest[1:] if rest[:1] == ("-",) else rest))


def _inside_cmd(words: Sequence[str]) -> tuple[str, tuple[str, ...]] | None:
    for at, word in enumerate(words):
        if not re.fullmatch(r"/[a-z](?::\w+)?", word, re.IGNORECASE):
            return None
        if word.lower() in ("/c", "/k", "/r"):
            rest = tuple(words[at + 1 :])
            if len(rest) == 1:
                line = rest[0]
                return None if re.search(r"[&|<>^]", line) else _command(_split_windows(line))
            return None if any(word in ("&", "&&", "|", "||") for word in rest) else _command(rest)
    return None


def _split_windows(line: str) -> tuple[str, ...]:
    # cmd.exe keeps backslashes as they are, so shlex in POSIX mode would eat path separators.
    return tuple(word.strip('"') for word in re.findall(r'(?:"[^"]*"|[^\s"])+', line))


def _inside_shell(words: Sequence[str]) -> tuple[str, tuple[str, ...]] | None:
    for at, word in enumerate(words):
        if re.fullmatch(r"-[a-z]*c", word) and at + 1 < len(words):
            # Words after the line are $0 and the positional parameters; a line that uses them is not plain.
            line = words_of(words[at + 1])
            if line is None or any("$@" in part or "$*" in part for part in line):
                return None
            return _command(_without_assignments(line))
        if not re.fullmatch(r"-[a-z]+|--(?:login|norc|noprofile|posix)", word):
            return None
    return None


def _inside_wsl(words: Sequence[str]) -> tuple[str, tuple[str, ...]] | None:
    at = 0
    while at < len(words) and words[at].startswith("-"):
        word = words[at]
        at += 1
        if word in ("-d", "--distribution", "-u", "--user", "--cd", "--distribution-id", "--shell-type"):
            at += 1
        elif word in ("-e", "--exec", "--"):
            break
        elif word != "--system":
            return None
    return _command(words[at:])
