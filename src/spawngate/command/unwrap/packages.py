"""Package managers that run things: npm, npx, pnpm, yarn, bun, composer, gem.

A package's program runs under the package's bare name; a script of package.json is named (`starts.named`).
Sources: npm/cli:bin/npx-cli.js and lib/commands/{exec,run-script,explore}.js, npm/nopt (abbreviations, letters
together), the tables of `launch.grammar.known`; https://pnpm.io/cli, https://yarnpkg.com/cli,
https://bun.sh/docs/cli; `uv run --help`, `uvx --help`; `pipx run --help`; pip's documentation on local, VCS and
source installs; getcomposer.org/doc/03-cli.md.
Must not be here: which package that is and whether it is pinned (`launch.package`, rules).

"""

import re

from spawngate.command.spawn import Word
from spawngate.command.unwrap import starts
from spawngate.command.unwrap.code import shell_outs
from spawngate.command.unwrap.containers import flags
from spawngate.command.unwrap.inner import Inner, Unwrapped
from spawngate.command.unwrap.options import Options, Syntax, cut, read
from spawngate.launch.argv import Grammar, word_set
from spawngate.launch.grammar import known

_NPX = flags(known.NPM)
_NPM_ALL = flags(Grammar(known.NPM.values - {"-p"}, known.NPM.flags | {"-p"}))
_NPM_ALL.permutes = True
_NPM_EXEC_ALL = flags(known.NPM)
_NPM_EXEC_ALL.permutes = True
_LINES = ("c", "call")
_PROGRAMS = ("script-shell", "shell", "git", "editor", "viewer", "node-gyp")


def bare(word: Word) -> Word:
    """The program that a package specifier most likely brings: its name without scope and version."""
    text = word.text
    if re.match(r"(?:git\+|https?:|github:|file:|\.{0,2}/|npm:)", text):
        text = re.sub(r"[#?].*$", "", text).rstrip("/")
        return Word(re.sub(r"\.(?:git|tgz|tar\.gz)$", "", text).rpartition("/")[2], word.opaque)
    return Word(re.sub(r"(?<=.)@[^/]*$", "", text).rpartition("/")[2], word.opaque)


def _settings(options: Options) -> list[Inner]:
    """Settings that name a program."""
    return [
        inner for value in options.values(*_PROGRAMS) if value.text for inner in starts.command((value,), appended=True)
    ]


def npx(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """npx, and npm exec once its name is gone."""
    options = read(words, _NPX)
    return _executed(name, options, bool(options.values("p", "package")))


def _executed(name: str, options: Options, packaged: bool) -> Unwrapped | None:
    inners = _settings(options)
    lines = options.values(*_LINES)
    if lines:
        for line in lines:
            inners += starts.line(line)
    elif options.rest:
        first = options.rest[0] if packaged else bare(options.rest[0])
        inners += starts.command((first, *options.rest[1:]), unknown=options.unknown)
    return Unwrapped(name, tuple(inners), stays=True) if inners else None


_RUN = word_set("run run-script rum urn")
_NAMED = word_set("start stop restart test t tst")


def npm(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """npm with a sub-command; its options may stand anywhere in front of `--`."""
    options = read(words, _NPM_ALL)
    command = options.rest[0].text if options.rest else ""
    cwd = options.text("prefix", "C")
    inners = _settings(options)
    if command in ("exec", "x"):
        every = read(words, _NPM_EXEC_ALL)
        at = next((at for at, word in enumerate(words) if word is options.rest[0]), 0)
        # Behind the sub-command options end at the first word that is none.
        behind = read(words[at + 1 :], _NPX)
        before = read(words[:at], _NPX)
        merged = Options((*before.found, *behind.found), behind.rest, (*before.unknown, *behind.unknown))
        if not merged.values(*_LINES) and every.values(*_LINES):
            merged = Options((*every.found,), behind.rest, merged.unknown)
        return _executed(name, merged, bool(merged.values("p", "package")))
    if command in _RUN:
        if len(options.rest) > 1:
            inners.append(starts.named(options.rest[1], *options.rest[2:], cwd=cwd))
    elif command in _NAMED:
        full = {"t": "test", "tst": "test"}.get(command, command)
        inners.append(starts.named(Word(full), *options.rest[1:], cwd=cwd))
    elif command == "explore" and len(options.rest) > 2:
        inners += starts.joined(options.rest[2:], cwd=f"node_modules/{options.rest[1].text}")
    elif command in ("init", "create", "innit") and len(options.rest) > 1:
        target = options.rest[1]
        package = re.sub(r"(?<=.)@.*$", "", target.text.rpartition("/")[2])
        inners += starts.command((Word(f"create-{package}", target.opaque), *options.rest[2:]))
    elif command == "pkg" and len(options.rest) > 2 and options.rest[1].text == "set":
        for word in options.rest[2:]:
            key, equals, _ = word.text.partition("=")
            if equals and key.startswith("scripts"):
                inners += starts.line(cut(word, len(key) + 1), cwd=cwd, via="script")
    elif command == "set-script" and len(options.rest) > 2:
        inners += starts.line(options.rest[2], cwd=cwd, via="script")
    elif command in ("config", "c", "set"):
        rest = options.rest[2:] if len(options.rest) > 1 and options.rest[1].text == "set" else options.rest[1:]
        for at, word in enumerate(rest):
            key, equals, _ = word.text.partition("=")
            if key in _PROGRAMS:
                value = cut(word, len(key) + 1) if equals else rest[at + 1] if at + 1 < len(rest) else Word("")
                inners += starts.command((value,), appended=True) if value.text else ()
    return Unwrapped(name, tuple(inners), stays=True) if inners else None


_PNPM = flags(known.PNPM)
_PNPM_COMMANDS = word_set(
    """
    add i install in up update upgrade remove rm un uninstall link unlink import rebuild rb prune fetch patch audit
    list ls outdated why licenses publish pack store root bin config c setup env server doctor help init root deploy
    self-update approve-builds ignored-builds cat-file cat-index find-hash view info whoami login logout version -v
    --version cache
    """
)


def pnpm(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """pnpm and pnpx: exec, dlx, run, or a script's name alone."""
    if name == "pnpx":
        words = (Word("dlx"), *words)
    before = read(words, _PNPM)
    if not before.rest:
        return None
    command, args = before.rest[0].text, before.rest[1:]
    cwd = before.text("C", "dir")
    if command in ("exec", "dlx", "create", "x"):
        options = read(args, _PNPM)
        if options.rest and options.has("c", "shell-mode"):
            return Unwrapped(name, starts.joined(options.rest, cwd=cwd), stays=True)
        if not options.rest:
            return None
        packaged = command == "exec" or bool(options.values("p", "package")) or bool(before.values("p", "package"))
        first = options.rest[0] if packaged else bare(options.rest[0])
        if command == "create":
            first = Word(f"create-{first.text}", first.opaque)
        inners = starts.command((first, *options.rest[1:]), unknown=options.unknown, cwd=cwd)
        return Unwrapped(name, inners, stays=True)
    if command in ("run", "run-script"):
        rest = read(args, _PNPM).rest
        return Unwrapped(name, (starts.named(rest[0], *rest[1:], cwd=cwd),), stays=True) if rest else None
    if command in _PNPM_COMMANDS:
        return None
    return Unwrapped(name, (starts.named(before.rest[0], *args, cwd=cwd),), stays=True)


_YARN = Syntax("p:q", "package=/p cwd= quiet/q silent/s", fuzzy=False)
_YARN_COMMANDS = word_set(
    """
    add install remove upgrade up upgrade-interactive global link unlink info why list ls pack publish cache config
    audit autoclean bin check dedupe explain import init licenses login logout npm outdated owner plugin policies
    prune rebuild search set stage tag team unplug version versions workspaces help constraints patch patch-commit
    sponsor --version -v
    """
)


def yarn(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """yarn 1 and later: run, exec, dlx, node, or a script's name alone."""
    before = read(words, _YARN)
    if not before.rest:
        return None
    command, args = before.rest[0].text, before.rest[1:]
    cwd = before.text("cwd")
    if command == "dlx":
        options = read(args, _YARN)
        if not options.rest:
            return None
        first = options.rest[0] if options.has("p") else bare(options.rest[0])
        return Unwrapped(name, starts.command((first, *options.rest[1:]), cwd=cwd), stays=True)
    if command == "exec":
        rest = read(args, _YARN).rest
        # yarn 1 takes words; later ones give them to a shell of their own: a single word with blanks is a line.
        if len(rest) == 1 and re.search(r"\s", rest[0].text):
            return Unwrapped(name, starts.line(rest[0], cwd=cwd), stays=True)
        return Unwrapped(name, starts.command(rest, cwd=cwd), stays=True) if rest else None
    if command == "node":
        return Unwrapped(name, starts.command((Word("node"), *args), cwd=cwd), stays=True)
    if command in ("create", "init") and command == "create" and args:
        return Unwrapped(name, starts.command((Word(f"create-{bare(args[0]).text}"), *args[1:])), stays=True)
    if command in ("workspace",) and len(args) > 1:
        return yarn(name, args[1:])
    if command == "workspaces" and args and args[0].text == "foreach":
        rest = read(
            args[1:],
            Syntax("pvtiARW", "include= exclude= from= since? jobs= all/A recursive/R parallel/p", fuzzy=False),
        ).rest
        return yarn(name, rest) if rest and rest[0].text != "workspaces" else None
    if command == "run":
        options = read(args, Syntax("TBI", "inspect? inspect-brk? top-level/T binaries-only/B require=", fuzzy=False))
        return (
            Unwrapped(name, (starts.named(options.rest[0], *options.rest[1:], cwd=cwd),), stays=True)
            if options.rest
            else None
        )
    if command in _YARN_COMMANDS:
        return None
    return Unwrapped(name, (starts.named(before.rest[0], *args, cwd=cwd),), stays=True)


_BUN = Syntax(
    "e:p:r:c:bi",
    "eval=/e print=/p preload=/r require=/r import=/r config?/c cwd= env-file= define=/d loader=/l external= port="
    " conditions="
    " inspect? inspect-wait? inspect-brk? watch hot smol bun/b silent if-present install= filter=/F shell= main-fields="
    " tsconfig-override= title= elide-lines= no-install prefer-offline",
    fuzzy=False,
)
_BUN_COMMANDS = word_set(
    "install i add a remove rm update link unlink pm build init create c upgrade publish patch outdated audit info"
    " why test"
)


def bun(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """bun -e, bun run, bun x, bun exec."""
    before = read(words, _BUN)
    codes = before.values("e", "p")
    if codes:
        return Unwrapped(name, (starts.code(codes[-1], "javascript"), *shell_outs(codes[-1].text, "javascript")))
    cwd = before.text("cwd")
    if not before.rest:
        return None
    command, args = before.rest[0].text, before.rest[1:]
    if command == "x":
        return bunx(name, args)
    if command == "exec":
        return Unwrapped(name, starts.line(args[0], cwd=cwd), stays=True) if args else None
    if command == "run":
        options = read(args, _BUN)
        if options.rest and options.rest[0].text == "-":
            return Unwrapped(name, (starts.reads("javascript"),))
        args = options.rest
    elif command in _BUN_COMMANDS:
        if command in ("create", "c") and args:
            return Unwrapped(name, starts.command((Word(f"create-{bare(args[0]).text}"), *args[1:])), stays=True)
        return None
    else:
        args = before.rest
    if args and args[0].text == "-":
        return Unwrapped(name, (starts.reads("javascript"),))
    if not args or re.search(r"\.[cm]?[jt]sx?$|/", args[0].text):
        return None
    return Unwrapped(name, (starts.named(args[0], *args[1:], cwd=cwd),), stays=True)


_BUNX = flags(known.BUN)


def bunx(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """bunx."""
    options = read(words, _BUNX)
    if not options.rest:
        return None
    first = options.rest[0] if options.values("p", "package") else bare(options.rest[0])
    return Unwrapped(name, starts.command((first, *options.rest[1:]), unknown=options.unknown), stays=True)


def composer(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """composer run-script and exec."""
    options = read(words, Syntax("d:vnqlT:", "working-dir=/d timeout= dev no-dev list/l", permutes=False, fuzzy=False))
    if not options.rest:
        return None
    command = options.rest[0].text
    rest = read(options.rest[1:], Syntax("d:vnql", "working-dir=/d timeout= dev no-dev list/l", fuzzy=False)).rest
    if command in ("run-script", "run") and rest:
        return Unwrapped(name, (starts.named(rest[0], *rest[1:]),), stays=True)
    if command == "exec" and rest:
        return Unwrapped(name, starts.command(rest), stays=True)
    return None


def gem(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """gem open -e PROGRAM, gem exec."""
    options = read(words, Syntax("e:v:g:r", "editor=/e version=/v gem=/g", permutes=False, fuzzy=False))
    if not options.rest:
        return None
    behind = read(options.rest[1:], Syntax("e:v:g:r", "editor=/e version=/v gem=/g", fuzzy=False))
    if options.rest[0].text == "open":
        editor = behind.last("e") or options.last("e")
        return Unwrapped(name, starts.line(editor, appended=True), stays=True) if editor is not None else None
    if options.rest[0].text == "exec" and behind.rest:
        return Unwrapped(name, starts.command(behind.rest), stays=True)
    return None


def concurrently(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """concurrently, npm-run-all: each operand is a line for a shell, or a script's name."""
    options = read(words, Syntax("n:s:p:c:l:t:m:rkPg", "names=/n success=/s prefix=/p prefix-colors=/c"
        " max-processes=/m teardown= cwd="
    " kill-others/k kill-others-on-fail raw/r parallel/k sequential/g", permutes=True, fuzzy=False))  # fmt: skip
    inners: list[Inner] = []
    for word in (*options.rest, *options.values("teardown")):
        if name == "concurrently" and not re.match(r"(?:npm|yarn|pnpm|bun):", word.text):
            inners += starts.line(word)
        else:
            inners.append(starts.named(word))
    return Unwrapped(name, tuple(inners), stays=name != "concurrently") if inners else None


_NODEMON = Syntax(
    "x:e:w:i:d:LqVHIC",
    "exec=/x ext=/e watch=/w ignore=/i delay=/d legacy-watch/L quiet/q verbose/V config= signal= cwd= no-stdin/I"
    " on-change-only/C"
    " spawn no-colours",
    fuzzy=False,
)


def nodemon(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """nodemon -x LINE: the line runs again and again; without it its operand is a script."""
    line = read(words, _NODEMON).last("x")
    return Unwrapped(name, starts.line(line, repeated=True)) if line is not None else None
