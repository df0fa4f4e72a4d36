"""sudo, doas, su, runuser, pkexec and sg: the command runs as somebody else.

Sources: sudo(8) and sudo:src/parse_args.c (short options `+Aa:BbC:c:D:Eeg:Hh::iKklNnPp:R:r:SsT:t:U:u:Vv`; variables
may stand between options; `-l`, `-v`, `-K`, `-e` start no command), doas(1), su(1) and
util-linux:login-utils/su-common.c (what follows the user goes to the shell, options included; `runuser -u` runs its
operands), pkexec(1), sg(1).
Must not be here: wrappers that change nothing but surroundings (`plain`, `environment`).

"""

from typing import Any

from spawngate.command.spawn import Word
from spawngate.command.unwrap import starts
from spawngate.command.unwrap.inner import Inner, Unwrapped
from spawngate.command.unwrap.options import Options, Syntax, read

_SUDO = Syntax(
    "Aa:BbC:c:D:Eeg:Hh:iKklNnPp:R:r:SsT:t:U:u:Vv",
    "askpass/A auth-type=/a bell/B background/b close-from=/C login-class=/c chdir=/D preserve-env?/E edit/e group=/g"
    " set-home/H help host=/h login/i remove-timestamp/K reset-timestamp/k list/l no-update/N non-interactive/n"
    " preserve-groups/P prompt=/p chroot=/R role=/r stdin/S shell/s command-timeout=/T type=/t other-user=/U user=/u"
    " version/V validate/v",
)


def sudo(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """sudo: variables and options may take turns before the command."""
    found: list[tuple[str, Word]] = []
    unknown: list[str] = []
    assignments: list[tuple[str, Word]] = []
    rest = words
    while True:
        options = read(rest, _SUDO)
        found += options.found
        unknown += options.unknown
        rest = options.rest
        pairs, behind = starts.assigned(rest)
        assignments += pairs
        if not pairs or options.dashed:
            rest = behind
            break
        rest = behind
    every = Options(tuple(found), rest, tuple(unknown))
    if every.has("l", "v", "V", "K", "e", "help"):
        return None
    user = every.text("u") or "root"
    fields: dict[str, Any] = {
        "assignments": tuple(assignments),
        "user": user,
        "cwd": every.text("D"),
        "background": every.has("b"),
    }
    if rest:
        return Unwrapped(name, starts.command(rest, unknown=unknown, **fields))
    if every.has("s", "i"):
        return Unwrapped(name, starts.command(starts.SHELL, **fields))
    return None


_DOAS = Syntax("a:C:Lnsu:")


def doas(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """doas."""
    options = read(words, _DOAS)
    if options.has("L", "C"):
        return None
    assignments, rest = starts.assigned(options.rest)
    user = options.text("u") or "root"
    if not rest and options.has("s"):
        rest = starts.SHELL
    if not rest:
        return None
    return Unwrapped(name, starts.command(rest, unknown=options.unknown, assignments=assignments, user=user))


_PKEXEC = Syntax("", "user= disable-internal-agent keep-cwd version help", fuzzy=False)


def pkexec(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """pkexec: without a command it starts a shell."""
    options = read(words, _PKEXEC)
    if options.has("version", "help"):
        return None
    user = options.text("user") or "root"
    return Unwrapped(name, starts.command(options.rest or starts.SHELL, unknown=options.unknown, user=user))


_SU_LONG = (
    "command=/c session-command=/c fast/f group=/g supp-group=/G login/l preserve-environment/p pty/P no-pty/T shell=/s"
    " user=/u whitelist-environment=/w help/h version/V"
)
_SU = Syntax("c:fg:G:lmpPTs:hVw:", _SU_LONG, permutes=True)
_RUNUSER = Syntax("c:fg:G:lmpPTs:u:hVw:", _SU_LONG, permutes=True)
_RUNUSER_FIRST = Syntax("c:fg:G:lmpPTs:u:hVw:", _SU_LONG)


def su(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """su: a line for the user's shell, or that shell with what follows the user."""
    return _shell(name, read(words, _SU))


def runuser(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """runuser: with `-u` a command, without like su."""
    options = read(words, _RUNUSER_FIRST)
    user = options.last("u")
    if user is None:
        return _shell(name, read(words, _RUNUSER))
    if not options.rest:
        return None
    return Unwrapped(name, starts.command(options.rest, unknown=options.unknown, user=user.text))


def _shell(name: str, options: Options) -> Unwrapped | None:
    if options.has("h", "V"):
        return None
    rest = options.rest
    if rest and rest[0].text == "-":
        rest = rest[1:]
    user = rest[0].text if rest else "root"
    line = options.last("c")
    if line is not None:
        # The words behind the user are the line's parameters.
        return Unwrapped(name, starts.line(line, user=user, parameters=(Word(name), *rest[1:])))
    shell = options.last("s")
    opaque = ("options",) if options.unknown else ()
    words = (shell or starts.SHELL[0], *rest[1:])
    return Unwrapped(name, (Inner(words=words, user=user, opaque=opaque),))


def sg(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """sg: a line for a shell under another group."""
    rest = tuple(word for word in words if word.text != "-")
    if len(rest) < 2:
        return Unwrapped(name, starts.command(starts.SHELL)) if rest else None
    behind = rest[1:]
    if behind[0].text == "-c":
        behind = behind[1:]
    return Unwrapped(name, starts.line(behind[0])) if behind else None
