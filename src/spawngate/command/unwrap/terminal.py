"""Terminals, watchers and timers: a command in another terminal, again and again, or later.

Sources: script(1) of util-linux and of BSD (there the command stands behind the file), flock(1) and
util-linux:sys-utils/flock.c (`-c` only directly behind the lock, with one word), watch(1), entr(1), watchexec(1),
tmux(1) (one word of a command is a line for a shell, several are words; commands are parted by `;`), screen(1)
(letters written together, `-X` sends a command), at(1), crontab(1), xterm(1), gnome-terminal(1), konsole, kitty,
wezterm, expect(1).
Must not be here: what runs on another machine (`remote`).
"""

import re

from spawngate.command.spawn import Word
from spawngate.command.unwrap import starts
from spawngate.command.unwrap.inner import Inner, Unwrapped
from spawngate.command.unwrap.options import Syntax, cut, read

_SCRIPT_LONG = (
    "append/a log-io=/B command=/c echo=/E return/e flush/f force log-in=/I log-out=/O output-limit=/o quiet/q"
    " logging-format=/m log-timing=/T timing?/t version/V help/h"
)
_SCRIPT = Syntax("aB:c:E:efI:O:o:qm:T:t::Vh", _SCRIPT_LONG, permutes=True)
_SCRIPT_BSD = Syntax("adeFfkpqrt:w", "")


def script(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """script: a line for a shell, or BSD's words behind the file, or a shell."""
    options = read(words, _SCRIPT)
    if options.has("V", "h"):
        return None
    line = options.last("c")
    if line is not None:
        return Unwrapped(name, starts.line(line))
    if options.dashed:
        at = next(place for place, word in enumerate(words) if word.text == "--")
        if at + 1 < len(words):
            return Unwrapped(name, starts.command(words[at + 1 :]))
    first = read(words, _SCRIPT_BSD)
    if len(first.rest) > 1:
        return Unwrapped(name, starts.command(first.rest[1:], unknown=options.unknown))
    return Unwrapped(name, starts.command(starts.SHELL))


_FLOCK = Syntax(
    "sexnoFuw:E:hV",
    "shared/s exclusive/x unlock/u nonblocking/n nonblock/n nb/n timeout=/w wait=/w conflict-exit-code=/E close/o"
    " no-fork/F fcntl verbose help/h version/V",
)


def flock(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """flock."""
    options = read(words, _FLOCK)
    behind = options.rest[1:]
    if not behind or options.has("h", "V"):
        return None
    if behind[0].text in ("-c", "--command"):
        return Unwrapped(name, starts.line(behind[1])) if len(behind) > 1 else None
    return Unwrapped(name, starts.command(behind, unknown=options.unknown))


_WATCH = Syntax(
    "bCcd::egn:hpq:rs:tvwx",
    "beep/b color/c no-color/C differences?/d errexit/e chgexit/g interval=/n precise/p equexit=/q no-rerun/r"
    " shotsdir=/s no-title/t no-wrap/w exec/x help/h version/v follow/f",
)


def watch(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """watch: the words are joined and read by a shell, or run as they are with `-x`."""
    options = read(words, _WATCH)
    if not options.rest or options.has("h", "v"):
        return None
    if options.has("x"):
        return Unwrapped(name, starts.command(options.rest, unknown=options.unknown, repeated=True))
    opaque = ("options",) if options.unknown else ()
    return Unwrapped(name, starts.joined(options.rest, repeated=True, opaque=opaque))


_ENTR = Syntax("acdnprsxz")


def entr(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """entr: `-s` makes the first operand a line for a shell; `/_` is the file that changed."""
    options = read(words, _ENTR)
    if not options.rest:
        return None
    if options.has("s"):
        return Unwrapped(name, starts.line(options.rest[0], repeated=True, parameters=options.rest[1:]))
    inner = starts.replaced(options.rest, ("/_",))
    return Unwrapped(name, starts.command(inner, unknown=options.unknown, repeated=True))


_WATCHEXEC = Syntax(
    "w:e:i:f:s:rcd:nopqvEN1W:",
    "watch=/w exts=/e ignore=/i filter=/f signal=/s shell= restart/r clear? debounce=/d delay-run= on-busy-update=/o"
    " stop-signal= stop-timeout= workdir= project-origin= env=/E notify/N quiet/q postpone/p poll? emit-events-to="
    " no-shell watch-file= filter-file= ignore-file= print-events map-signal= wrap-process= bell timings",
    fuzzy=False,
)


_REFLEX = Syntax(
    "d:g:G:r:R:svet:",
    "decoration=/d glob=/g inverse-glob=/G regex=/r inverse-regex=/R config=/c only-dirs only-files sequential/e"
    " start-service/s shutdown-timeout=/t substitute= verbose/v all",
    fuzzy=False,
)
_CHOKIDAR = Syntax(
    "c:d:t:i:",
    "command=/c debounce=/d throttle=/t ignore=/i follow-symlinks initial polling silent verbose concurrent",
    permutes=True,
)


def reflex(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """reflex: words; `{}` is the file that changed."""
    options = read(words, _REFLEX)
    inner = starts.replaced(options.rest, (options.text("substitute") or "{}",))
    return Unwrapped(name, starts.command(inner, unknown=options.unknown, repeated=True))


def chokidar(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """chokidar-cli and onchange-like watchers with a line in an option."""
    line = read(words, _CHOKIDAR).last("c")
    return Unwrapped(name, starts.line(line, repeated=True)) if line is not None else None


def onchange(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """onchange PATTERNS -- COMMAND."""
    at = next((at for at, word in enumerate(words) if word.text == "--"), None)
    if at is None:
        return None
    inner = starts.replaced(words[at + 1 :], ("{{", "{}"))
    return Unwrapped(name, starts.command(inner, repeated=True))


def watchexec(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """watchexec, nodemon-like watchers: the words go through a shell unless it is switched off."""
    options = read(words, _WATCHEXEC)
    if not options.rest:
        return None
    if options.has("no-shell", "n") or options.text("shell") == "none" or len(options.rest) > 1:
        return Unwrapped(
            name, starts.command(options.rest, unknown=options.unknown, repeated=True, cwd=options.text("workdir"))
        )
    return Unwrapped(name, starts.joined(options.rest, repeated=True))


_TMUX = Syntax("2c:CDdf:lL:NqS:T:uUvV")
_TMUX_COMMANDS: dict[str, tuple[Syntax, str]] = {
    "new-session": (Syntax("Ac:dDe:EF:f:n:Ps:t:x:Xy:"), "command"),
    "new-window": (Syntax("abc:de:F:kn:PSt:"), "command"),
    "split-window": (Syntax("bc:de:fF:hIl:p:PR:t:vZ"), "command"),
    "respawn-pane": (Syntax("c:e:kt:"), "command"),
    "respawn-window": (Syntax("c:e:kt:"), "command"),
    "display-popup": (Syntax("Bb:Cc:d:e:Eh:kNs:S:t:T:w:x:y:"), "command"),
    "pipe-pane": (Syntax("IOot:"), "line"),
    "run-shell": (Syntax("bc:Cd:Et:"), "line"),
    "if-shell": (Syntax("bFt:"), "condition"),
    "send-keys": (Syntax("c:FHKlMN:Rt:X"), "keys"),
    "set-hook": (Syntax("agpRt:uw"), "tmux"),
    "bind-key": (Syntax("nrN:T:"), "tmux"),
}
_TMUX_ALIASES = {
    "new": "new-session", "neww": "new-window", "splitw": "split-window", "respawnp": "respawn-pane",
    "respawnw": "respawn-window", "popup": "display-popup", "pipep": "pipe-pane", "run": "run-shell",
    "if": "if-shell", "send": "send-keys", "bind": "bind-key",
}  # fmt: skip
_KEYS = re.compile(r"(?:[CMS]-.|Enter|KPEnter|Escape|Space|Tab|BSpace|Up|Down|Left|Right|Home|End|F\d+)", re.IGNORECASE)


def tmux(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """tmux: commands that start a program, run a line, or type into a shell."""
    options = read(words, _TMUX)
    found: list[Inner] = []
    # `tmux -c LINE` runs the line with the default shell.
    for line in options.values("c"):
        found += starts.line(line)
    found += _tmux(options.rest, 0)
    return Unwrapped(name, tuple(found)) if found else None


def _tmux(words: tuple[Word, ...], depth: int) -> list[Inner]:
    found: list[Inner] = []
    part: list[Word] = []
    for word in (*words, Word(";")):
        if word.text == ";" or word.text == "\\;":
            found += _tmux_command(tuple(part), depth)
            part = []
        elif word.text.endswith(";") and not word.text.endswith("\\;"):
            found += _tmux_command((*part, Word(word.text[:-1], word.opaque, word.glob, word.spawns)), depth)
            part = []
        else:
            part.append(word)
    return found


def _tmux_command(words: tuple[Word, ...], depth: int) -> list[Inner]:
    if not words:
        return []
    first = words[0].text
    name = _TMUX_ALIASES.get(first, first)
    if name not in _TMUX_COMMANDS and len(name) > 2:
        full = [known for known in _TMUX_COMMANDS if known.startswith(name)]
        name = full[0] if len(full) == 1 else name
    if name not in _TMUX_COMMANDS:
        return []
    syntax, what = _TMUX_COMMANDS[name]
    options = read(words[1:], syntax)
    rest = options.rest
    cwd = options.text("c")
    if not rest:
        return []
    if what == "line":
        return list(starts.line(rest[0], background=True, cwd=cwd))
    if what == "condition":
        found = [] if options.has("F") else list(starts.line(rest[0]))
        return found + [inner for word in rest[1:] if depth < 4 for inner in _tmux(_split(word), depth + 1)]
    if what == "tmux":
        return (
            _tmux(rest[1:], depth + 1)
            if depth < 4 and len(rest) > 2
            else (_tmux(_split(rest[1]), depth + 1) if depth < 4 and len(rest) > 1 else [])
        )
    if what == "keys":
        typed = "".join(
            "\n" if word.text in ("Enter", "C-m", "KPEnter", "C-j") else " " if word.text == "Space" else word.text
            for word in rest
            if word.text in ("Enter", "C-m", "KPEnter", "C-j", "Space") or not _KEYS.fullmatch(word.text)
        )
        opaque = any(word.opaque for word in rest)
        return list(starts.line(Word(typed.strip("\n"), opaque), background=True))
    if len(rest) == 1:
        return list(starts.line(rest[0], background=True, cwd=cwd))
    return list(starts.command(rest, unknown=options.unknown, background=True, cwd=cwd))


def _split(word: Word) -> tuple[Word, ...]:
    """A tmux command in one word: blanks part it, quotes keep together."""
    return tuple(
        Word(next(part for part in (match[1], match[2], match[3]) if part is not None), word.opaque)
        for match in re.finditer(r"'([^']*)'|\"([^\"]*)\"|(\S+)", word.text)
    )


_SCREEN = Syntax(
    "46aAc:dDe:fh:iklLmOp:qQrRs:S:t:T:UvxX", "Logfile= wipe ls list help version ln fa fn", single=True, fuzzy=False
)


def screen(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """screen: the words behind the options run in it; `-X` sends it a command."""
    options = read(words, _SCREEN)
    rest = options.rest
    background = options.has("d", "D", "m")
    if options.has("X", "Q"):
        if len(rest) > 1 and rest[0].text in ("stuff", "paste"):
            typed = re.sub(r"\^M|\\r|\\n|\\015|\\012", "\n", rest[1].text)
            return Unwrapped(name, starts.line(Word(typed.strip("\n"), rest[1].opaque), background=True))
        if len(rest) > 1 and rest[0].text in ("exec", "screen"):
            inner = rest[1:]
            while inner and (inner[0].text.startswith("-") or not re.search(r"\w", inner[0].text)):
                inner = inner[1:]
            return Unwrapped(name, starts.command(inner, background=True)) if inner else None
        if len(rest) > 2 and rest[0].text == "eval":
            return None
        return None
    if options.has("wipe", "ls", "list", "help", "version", "v", "r", "R", "x") or not rest:
        shell = options.last("s")
        return Unwrapped(name, starts.command((shell,), background=background)) if shell is not None else None
    return Unwrapped(name, starts.command(rest, unknown=options.unknown, background=background))


_AT = Syntax("Vq:f:mMlvdrbcuk:t:")


def at(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """at and batch: a shell reads standard input later."""
    options = read(words, _AT)
    if options.has("V", "l", "d", "r", "c", "f"):
        return None
    return Unwrapped(name, starts.command(starts.SHELL, background=True), stays=True)


_CRONTAB = Syntax("u:lrieVTncx:s")


def crontab(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """crontab: a table of commands from standard input, in the language `crontab` (`unwrap.code`)."""
    options = read(words, _CRONTAB)
    if options.has("l", "r", "e", "V", "n", "c"):
        return None
    if options.rest and options.rest[0].text not in ("-", "/dev/stdin") and not options.rest[0].spawns:
        return None
    return Unwrapped(name, (starts.reads("crontab", user=options.text("u"), background=True),))


_XTERM_VALUES = re.compile(
    r"-(?:T|title|n|geometry|fa|fs|fn|fg|bg|bd|bw|cr|display|name|class|xrm|sl|tn|ti|lf|into|rightbar|l?c?locale)"
)


def xterm(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """Terminal emulators: `-e` and behind it words, or one line; `-x`, `--`, or first operand, by program."""
    at = 0
    while at < len(words):
        text = words[at].text
        at += 1
        if text in ("-e", "--command", "-x", "--execute", "--", "-hold-e") or (name == "wezterm" and text == "start"):
            rest = words[at:]
            if name == "wezterm" and "--" in [word.text for word in rest]:
                rest = rest[[word.text for word in rest].index("--") + 1 :]
            if not rest:
                return None
            if len(rest) == 1:
                return Unwrapped(name, starts.line(rest[0], background=True))
            return Unwrapped(name, starts.command(rest, background=True))
        if text.startswith(("--command=", "-e=")):
            return Unwrapped(name, starts.line(cut(words[at - 1], text.index("=") + 1), background=True))
        if _XTERM_VALUES.fullmatch(text) and name in ("xterm", "uxterm", "urxvt", "rxvt"):
            at += 1
        elif not text.startswith("-") and name in ("kitty", "foot", "footclient"):
            return Unwrapped(name, starts.command(words[at - 1 :], background=True))
    return None


def later(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """batch-like commands whose operands are the command itself: `bg`-ers such as `start-stop-daemon -x`."""
    options = read(
        words,
        Syntax(
            "SKTHVa:x:n:s:u:g:r:d:c:k:N:P:I:p:tvqobmCR:O:",
            "start/S stop/K status/T exec=/x startas=/a name=/n signal=/s user=/u group=/g chroot=/r chdir=/d chuid=/c"
            " umask=/k nicelevel=/N procsched=/P iosched=/I pidfile=/p test/t verbose/v quiet/q oknodo/o background/b"
            " make-pidfile/m no-close/C retry=/R output=/O remove-pidfile notify-await notify-timeout= pid= ppid="
            " help/H"
            " version/V",
            permutes=True,
        ),
    )
    program = options.last("a", "x")
    if program is None or not options.has("S"):
        return None
    return Unwrapped(
        name,
        starts.command(
            (program, *options.rest),
            user=options.text("c").partition(":")[0],
            cwd=options.text("d"),
            background=options.has("b"),
        ),
    )
