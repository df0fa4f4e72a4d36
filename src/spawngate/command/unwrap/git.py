"""git: aliases, settings whose value is a command, and sub-commands that run one.

Sources: git(1), git-config(1) (which variables hold commands), git:git.c (options of git itself, `-c` takes the
next word), git:alias.c and run-command.c (an alias that begins with `!` is a line for a shell, its words are
appended), git-remote-ext(1) (`ext::` runs words parted by blanks, `%` escapes), git-rebase(1), git-bisect(1),
git-submodule(1), git-filter-branch(1), git-difftool(1), git-grep(1), git-send-email(1), git-for-each-repo(1),
git-daemon(1), gitcredentials(7).
Must not be here: what git itself does to files and remotes (`command.facts`).

"""

import re
import shlex

from spawngate.command.spawn import Word
from spawngate.command.unwrap import starts
from spawngate.command.unwrap.inner import Inner, Unwrapped
from spawngate.command.unwrap.options import Syntax, cut, read

_GIT = Syntax(
    "C:c:pPvh",
    "git-dir= work-tree= namespace= super-prefix= config-env= attr-source= list-cmds= exec-path? paginate/p no-pager/P"
    " bare no-replace-objects no-lazy-fetch no-optional-locks no-advice literal-pathspecs glob-pathspecs"
    " noglob-pathspecs icase-pathspecs html-path man-path info-path version/v help/h",
    fuzzy=False,
)
_LINE = re.compile(
    r"""
    core\.(?:sshcommand|pager|editor|askpass|gitproxy|alternaterefscommand)
    | pager\..+ | sequence\.editor | diff\.external | diff\..+\.(?:command|textconv) | merge\..+\.driver
    | filter\..+\.(?:clean|smudge|process) | gpg\.(?:.+\.)?(?:program|defaultkeycommand) | (?:diff|merge)tool\..+\.cmd
    | browser\..+\.(?:cmd|path) | man\..+\.(?:cmd|path) | interactive\.difffilter | uploadpack\.packobjectshook
    | remote\..+\.(?:uploadpack|receivepack) | trailer\..+\.(?:command|cmd) | sendemail\..*cmd | guitool\..+\.cmd
    | tar\..+\.command | instaweb\.(?:httpd|browser) | web\.browser | (?:diff|merge)tool\..+\.path
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Settings whose value is a line for a shell."""
_OFF = re.compile(r"\s*+(?:(?:true|false|yes|no|on|off|0|1)\s*+)?", re.IGNORECASE)
_HELPER = re.compile(r"credential\.(?:.+\.)?helper", re.IGNORECASE)
_URL = re.compile(
    r"(?:remote\..+\.(?:url|pushurl)|url\.(?P<base>.+)\.(?:insteadof|pushinsteadof)|submodule\..+\.url)", re.IGNORECASE
)


def git(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """git."""
    options = read(words, _GIT)
    cwd = options.text("C")
    command = options.rest[0].text if options.rest else ""
    args = options.rest[1:]
    inners: list[Inner] = []
    for value in options.values("c"):
        key, _, _ = value.text.partition("=")
        inners += setting(
            key, cut(value, len(key) + 1), cwd, args if key.lower() == f"alias.{command.lower()}" else None
        )
    inners += _SUB.get(command, _nothing)(args, cwd)
    folder = options.text("exec-path")
    if folder and command:
        # Sub-commands are looked for there first.
        inners += starts.command((Word(f"{folder.rstrip('/')}/git-{command}"), *args), cwd=cwd)
    inners += _paths(command, args)
    return Unwrapped(name, tuple(inners), stays=True) if inners else None


def setting(key: str, value: Word, cwd: str = "", args: tuple[Word, ...] | None = None) -> tuple[Inner, ...]:
    """What a setting starts when git comes to need it. `args` are the words behind an alias that is called, None where
    it is only defined."""
    key = key.strip()
    lower = key.lower()
    text = value.text
    if lower.startswith("alias."):
        if text.startswith("!"):
            if not args:
                return starts.line(cut(value, 1), cwd=cwd, via="alias")
            line = Word(f'{text[1:]} "$@"', value.opaque)
            return starts.line(line, cwd=cwd, via="alias", parameters=(Word(text[1:]), *args))
        return _alias(value, args) if args is not None else ()
    if lower == "core.fsmonitor":
        return () if _OFF.fullmatch(text) else starts.line(value, cwd=cwd)
    if _HELPER.fullmatch(lower):
        if text.startswith("!"):
            return starts.line(cut(value, 1), cwd=cwd)
        return starts.line(value, cwd=cwd) if text.startswith(("/", "~", "$", "`")) else ()
    if re.fullmatch(r"submodule\..+\.update", lower) and text.startswith("!"):
        return starts.line(cut(value, 1))
    if lower == "sendemail.smtpserver":
        return starts.line(value) if text.startswith("/") else ()
    match = _URL.fullmatch(key)
    if match is not None:
        return _external(Word(match["base"], value.opaque) if match["base"] else value)
    return starts.line(value, cwd=cwd) if _LINE.fullmatch(lower) else ()


def _alias(value: Word, args: tuple[Word, ...]) -> tuple[Inner, ...]:
    """An alias without `!` is git's own words, settings among them."""
    try:
        parts = shlex.split(value.text)
    except ValueError:
        return ()
    if not parts:
        return ()
    return starts.command((Word("git"), *(Word(part, value.opaque) for part in parts), *args), via="alias")


def _external(word: Word) -> tuple[Inner, ...]:
    """`ext::program args`: blanks part the words; `%` stands before what is special."""
    match = re.match(r"ext::(.*)", word.text, re.DOTALL)
    if match is None:
        old = re.match(r"ssh://-oProxyCommand=([^/]*)", word.text, re.IGNORECASE)
        return starts.line(Word(old[1], word.opaque)) if old else ()
    parts: list[str] = [""]
    text = match[1]
    at = 0
    while at < len(text):
        if text[at] == "%" and at + 1 < len(text):
            escape = text[at + 1]
            at += 2
            if escape == " " or escape == "%":
                parts[-1] += escape
            elif escape in "sS":
                parts[-1] += "git-upload-pack" if escape == "S" else "upload-pack"
            continue
        if text[at] == " ":
            parts.append("")
        else:
            parts[-1] += text[at]
        at += 1
    return starts.command(tuple(Word(part, word.opaque) for part in parts if part))


def _paths(command: str, args: tuple[Word, ...]) -> tuple[Inner, ...]:
    """Options that many sub-commands share, and addresses that run a program."""
    found: list[Inner] = []
    names = _PACKS.get(command, ())
    at = 0
    while at < len(args):
        word = args[at]
        text = word.text
        at += 1
        if text == "--":
            for other in args[at:]:
                found += _external(other)
            break
        option, equals, _ = text.partition("=")
        full = option
        if option.startswith("--") and len(option) > 4:
            full = next((name for name in names if name.startswith(option)), option)
        if full in names:
            if equals:
                found += starts.line(cut(word, len(option) + 1))
            elif at < len(args):
                found += starts.line(args[at])
                at += 1
        elif command == "clone" and text.startswith("-u") and len(text) > 2 and not text.startswith("--"):
            found += starts.line(cut(word, 2))
        elif command == "clone" and (full in ("-c", "--config")):
            value = (
                cut(word, len(option) + 1)
                if equals and full == "--config"
                else args[at]
                if at < len(args)
                else Word("")
            )
            key, _, _ = value.text.partition("=")
            found += setting(key, cut(value, len(key) + 1))
            at += 0 if equals and full == "--config" else 1
        elif command == "grep" and (option == "--open-files-in-pager" and equals):
            found += starts.line(cut(word, len(option) + 1))
        elif command == "grep" and re.match(r"-O.", text):
            found += starts.line(cut(word, 2))
        else:
            found += _external(word)
    return tuple(found)


_PACKS: dict[str, tuple[str, ...]] = {
    "clone": ("--upload-pack", "-u"),
    "fetch": ("--upload-pack",),
    "pull": ("--upload-pack",),
    "ls-remote": ("--upload-pack", "--exec"),
    "fetch-pack": ("--upload-pack", "--exec"),
    "push": ("--receive-pack", "--exec"),
    "send-pack": ("--receive-pack", "--exec"),
    "archive": ("--exec",),
    "difftool": ("--extcmd", "-x"),
    "send-email": ("--smtp-server", "--sendmail-cmd", "--to-cmd", "--cc-cmd", "--header-cmd"),
    "rebase": ("--exec", "-x"),
    "daemon": ("--access-hook",),
    "instaweb": ("--httpd", "-d", "--browser", "-b"),
    "filter-branch": (
        "--setup", "--env-filter", "--tree-filter", "--index-filter", "--parent-filter", "--msg-filter",
        "--commit-filter", "--tag-name-filter",
    ),
}  # fmt: skip
"""By sub-command: options whose value is a line for a shell."""


def _nothing(args: tuple[Word, ...], cwd: str) -> tuple[Inner, ...]:
    return ()


def _bisect(args: tuple[Word, ...], cwd: str) -> tuple[Inner, ...]:
    """git bisect run: words, each step."""
    if args and args[0].text == "run":
        return starts.command(args[1:], repeated=True, cwd=cwd)
    return ()


_FOREACH = Syntax("q", "quiet/q recursive", fuzzy=False)


def _submodule(args: tuple[Word, ...], cwd: str) -> tuple[Inner, ...]:
    """git submodule foreach: one word is a line for a shell, several are words."""
    options = read(args, _FOREACH)
    if not options.rest or options.rest[0].text != "foreach":
        return ()
    inner = read(options.rest[1:], _FOREACH).rest
    if len(inner) == 1:
        return starts.line(inner[0], repeated=True, cwd=cwd)
    return starts.command(inner, repeated=True, cwd=cwd)


_CONFIG = Syntax(
    "f:lezt:",
    "file=/f blob= type=/t default= comment= global system local worktree replace-all add get get-all get-regexp"
    " get-urlmatch unset unset-all rename-section remove-section list/l edit/e name-only show-origin show-scope null/z"
    " includes no-includes bool int bool-or-int bool-or-str path expiry-date no-type fixed-value all value= append"
    " get-color get-colorbool",
    permutes=True,
    fuzzy=False,
)


def _config(args: tuple[Word, ...], cwd: str) -> tuple[Inner, ...]:
    """git config KEY VALUE: what it defines runs later."""
    options = read(args, _CONFIG)
    if options.has("get", "get-all", "get-regexp", "get-urlmatch", "unset", "unset-all", "l", "e"):
        return ()
    rest = options.rest
    if rest and rest[0].text == "set":
        rest = rest[1:]
    if len(rest) < 2 or rest[0].text in ("get", "unset", "list", "edit"):
        return ()
    return setting(rest[0].text, rest[1], cwd)


def _each(args: tuple[Word, ...], cwd: str) -> tuple[Inner, ...]:
    """git for-each-repo --config=KEY: git's own words in every repository."""
    options = read(args, Syntax("", "config= keep-going", fuzzy=False))
    return starts.command((Word("git"), *options.rest), repeated=True) if options.rest else ()


_SUB = {
    "bisect": _bisect,
    "submodule": _submodule,
    "config": _config,
    "for-each-repo": _each,
}
