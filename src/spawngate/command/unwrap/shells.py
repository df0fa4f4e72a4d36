"""sh, bash, dash, zsh, ksh, fish, csh and the multi-call busybox and toybox.

Sources: POSIX.1-2024 sh; bash(1) and bash:shell.c (long options begin with one dash or two and stand first; every
`o` and `O` among the letters takes a word of its own, so `-ceo pipefail TEXT` works; `-` ends options like `--`;
`-n` reads and runs nothing); dash(1); zsh:Src/init.c (`-o` may be glued to its value, `-b` and `-` end options);
ksh93 and mksh manuals; fish(1) (`-c` takes its text as a value and may be repeated, `-C` runs before it); tcsh(1)
(`-c` reads the next word, `-X` letters otherwise); busybox:shell/ash.c, `busybox --help`, `toybox --help`.
Must not be here: the language of shells (`command.parse`), PowerShell and cmd.exe (`windows`).

"""

import re

from spawngate.command.spawn import Word
from spawngate.command.unwrap import starts
from spawngate.command.unwrap.inner import Inner, Unwrapped
from spawngate.command.unwrap.options import Syntax, read
from spawngate.launch.argv import word_set

SHELLS = word_set(
    "sh bash dash zsh ksh ash csh tcsh mksh rbash rksh rzsh oksh yash pdksh ksh93 lksh posh hush bsh rsh sash rc"
    " elvish nu xonsh"
)
"""Shells whose `-c` is a flag. `rsh` is not the remote shell here only where it is given `-c`."""
_LONG_VALUES = word_set("rcfile init-file")
_LONG = word_set("debug debugger login noediting noprofile norc posix pretty-print restricted verbose wordexp")
"""Long options of bash, which may begin with one dash too."""
_STANDARD = re.compile(r"/dev/stdin|/dev/fd/\d+|/proc/(?:self|thread-self|\$\$|\d+)/fd/\d+")
"""Files whose content is what was piped or redirected."""


def standard(word: Word) -> bool:
    """Whether a script's name stands for standard input, or for what a substitution prints (`bash <(curl URL)`)."""
    return bool(_STANDARD.fullmatch(word.text)) or (
        bool(word.spawns) and word.text.lstrip().startswith(("<(", ">(", "=("))
    )


def shell(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """A shell with a text, a script (None: it is no text of ours) or standard input."""
    at, length = 0, len(words)
    taken = interactive = from_input = checks = False
    while at < length:
        text = words[at].text
        if text in ("--", "-"):
            at += 1
            break
        if len(text) < 2 or text[0] not in "-+":
            break
        at += 1
        option = text.lstrip("-")
        if text in ("--version", "--help", "--dump-strings", "--dump-po-strings", "-help", "-version"):
            return None
        if text.startswith("--") or option in _LONG_VALUES or (option in _LONG and name.startswith(("bash", "rbash"))):
            if option in _LONG_VALUES:
                at += 1
            continue
        taken, from_input, checks, interactive, at = _letters(
            name, text, at, (taken, from_input, checks, interactive), length
        )
    rest = words[at:]
    if checks and not interactive:
        return None
    if taken:
        if not rest:
            return Unwrapped(name, (Inner(opaque=("code",)),))
        if rest[0].opaque and _MARK.fullmatch(rest[0].text.strip()):
            # `xargs -I{} sh -c {}`: all of the text comes from what is read.
            return Unwrapped(name, (Inner(opaque=("code",)),))
        return Unwrapped(name, starts.line(rest[0], parameters=rest[1:], via="script") or _EMPTY)
    if rest and not from_input:
        if not standard(rest[0]):
            return None
        return Unwrapped(name, (starts.reads(parameters=rest),))
    return Unwrapped(name, (starts.reads(parameters=(Word(name), *rest)),))


_MARK = re.compile(r"\{[^\s{}$]{0,8}\}|[@%_+]")
_EMPTY = (Inner(text="", via="script"),)
Seen = tuple[bool, bool, bool, bool]


def _letters(name: str, text: str, at: int, seen: Seen, length: int) -> tuple[bool, bool, bool, bool, int]:
    """What the letters of one word say; the place behind the values that they take."""
    taken, from_input, checks, interactive = seen
    on = text[0] == "-"
    for place in range(1, len(text)):
        letter = text[place]
        if letter == "o" or (letter == "O" and name in ("bash", "rbash")):
            if name in ("zsh", "rzsh") and place + 1 < len(text):
                break
            at = min(at + 1, length)
        elif letter == "c":
            taken = taken or on
        elif letter == "s":
            from_input = from_input or on
        elif letter == "n":
            checks = on
        elif letter == "i":
            interactive = interactive or on
    return taken, from_input, checks, interactive, at


_FISH = Syntax(
    "hPilNnvc:C:p:d:f:D:o:",
    "command=/c init-command=/C features=/f debug=/d debug-output=/o debug-stack-frames=/D interactive/i login/l"
    " no-execute/n no-config/N print-rusage-self print-debug-categories profile=/p profile-startup= private/P help/h"
    " version/v",
)


def fish(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """fish."""
    options = read(words, _FISH)
    if options.has("n", "v", "h"):
        return None
    texts = options.values("C", "c")
    inners = [
        inner for text in texts for inner in starts.line(text, parameters=options.rest, via="script", dialect="posix")
    ]
    if options.has("c"):
        return Unwrapped(name, tuple(inners) or _EMPTY)
    if options.rest and not standard(options.rest[0]):
        return Unwrapped(name, tuple(inners), stays=True) if inners else None
    return Unwrapped(name, (*inners, starts.reads(parameters=options.rest)))


def multicall(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """busybox and toybox: the first word names the program."""
    if not words or words[0].text.startswith("-"):
        return None
    return Unwrapped(name, starts.command(words))


def evaluate(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """eval: the words, joined by blanks, are a text again."""
    words = words[1:] if words and words[0].text == "--" else words
    return Unwrapped(name, starts.joined(words, via="eval")) if words else None


def trap(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """trap: its first operand is a text that runs later."""
    words = words[1:] if words and words[0].text == "--" else words
    if len(words) < 2 or words[0].text in ("-", "") or words[0].text.startswith("-") or words[0].text.isdigit():
        return None
    return Unwrapped(name, starts.line(words[0], via="trap"))


def source(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """`.` and `source`: what is piped is read as a text; any other file is none of ours."""
    words = words[1:] if words and words[0].text == "--" else words
    if words and standard(words[0]):
        return Unwrapped(name, (starts.reads(via="source"),))
    return None


_COMMAND = Syntax("pvV")
_EXEC = Syntax("a:cl")


def command(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """command and builtin: `-v` and `-V` only tell."""
    options = read(words, _COMMAND)
    if options.has("v", "V") or not options.rest:
        return None
    return Unwrapped(name, starts.command(options.rest, unknown=options.unknown))


def execute(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """exec: the command takes the shell's place; without one only redirections do something."""
    options = read(words, _EXEC)
    return Unwrapped(name, starts.command(options.rest, unknown=options.unknown)) if options.rest else None


def coproc(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """coproc with a simple command: it runs beside the shell."""
    return Unwrapped(name, starts.command(words, background=True)) if words else None
