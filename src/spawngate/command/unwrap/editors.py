"""Editors, pagers, debuggers and SQL shells: commands in their arguments that escape to a shell.

Sources: vim(1) and `:help starting` (`-c`, `--cmd`, `+cmd`, `-S`, `-es` reads standard input), ed(1), emacs(1) (one
dash or two), less(1) (`+cmd`), man(1) (`-P`, `-H`), nano(1) (`-s`), gdb manual (Choosing Files: options begin with
one dash or two, `--args` ends them), lldb `--help`, sqlite3(1), psql(1), mysql(1), mariadb(1), sqlcmd, mongosh,
lftp(1), ftp(1), gnuplot(1), dc(1); gtfobins.github.io as an index of what to look up.
Must not be here: the languages themselves (`code_lines`), programs whose option is a command (`carriers`).

"""

import re

from spawngate.command.spawn import Word
from spawngate.command.unwrap import starts
from spawngate.command.unwrap.code import shell_outs
from spawngate.command.unwrap.inner import Inner, Unwrapped
from spawngate.command.unwrap.options import Syntax, cut, read
from spawngate.launch.argv import word_set


def _whole(lines: list[Word]) -> Word:
    if len(lines) == 1:
        return lines[0]
    return Word("\n".join(line.text for line in lines), any(line.opaque for line in lines))


def scripted(name: str, lines: list[Word], language: str, more: tuple[Inner, ...] = ()) -> Unwrapped | None:
    """A program that does something of its own, with code that may start others."""
    if not lines:
        return Unwrapped(name, more, stays=True) if more else None
    whole = _whole(lines)
    found = shell_outs(whole.text, language)
    return Unwrapped(name, (starts.code(whole, language), *found, *more))


_VIM_VALUES = word_set(
    """
    -c --cmd -S -s -w -W -u -i -T -U -t -q --startuptime --servername -l --remote-expr --remote-send --listen
    --server --role --socketid --windowid -display
    """
)


def vim(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """vim, nvim, vi, ex, view and their kin."""
    lines: list[Word] = []
    from_input = name == "ex"
    loads = False
    at = 0
    while at < len(words):
        word = words[at]
        text = word.text
        at += 1
        if text == "--":
            break
        if re.match(r"\+[^\d/]", text):
            lines.append(cut(word, 1))
        elif text == "-s" and from_input:
            continue
        elif text in _VIM_VALUES:
            value = words[at] if at < len(words) else Word("")
            at += 1
            if text in ("-c", "--cmd", "--remote-send", "--remote-expr"):
                lines.append(value)
            elif text in ("-S", "-s", "-l"):
                loads = True
        elif re.match(r"-c.", text) and not text.startswith("--"):
            lines.append(cut(word, 2))
        elif re.fullmatch(r"-[a-zA-Z]*c", text) and not text.startswith("--"):
            # `ex -sc CMD`: letters before it are flags.
            lines.append(words[at] if at < len(words) else Word(""))
            at += 1
        elif re.fullmatch(r"-[a-zA-Z]*[eE]s?\w*", text) and not text.startswith("--"):
            from_input = from_input or "s" in text or "e" in text
        elif text in ("--version", "--help", "-h"):
            return None
    if lines:
        # With a call of `system` or an expression a command is a line of its own all the same.
        return scripted(name, lines, "vim")
    if from_input and not loads:
        return Unwrapped(name, (starts.reads("vim"),))
    return None


def ed(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """ed: commands from standard input; a file's name that begins with `!` is a command."""
    options = read(
        words,
        Syntax(
            "Ghlp:rsv",
            "extended-regexp/r traditional/G prompt=/p quiet/s silent/s verbose/v help version",
            permutes=True,
        ),
    )
    if options.has("help", "version"):
        return None
    inners: list[Inner] = [starts.reads("ed")]
    for word in options.rest:
        if word.text.startswith("!"):
            inners += starts.line(cut(word, 1))
    return Unwrapped(name, tuple(inners))


_EMACS_CODE = frozenset(("-eval", "-execute", "--eval", "--execute"))
_EMACS_VALUES = word_set(
    """
    -l -load --load -f -funcall --funcall -script --script -L -directory --directory -u -user --user -t -terminal
    --terminal -insert --insert -T -title --title -x -s --socket-name --server-file -a --alternate-editor
    --init-directory --chdir
    """
)


def emacs(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """emacs and emacsclient: `--eval` takes Lisp, and `emacsclient -a` a program."""
    lines: list[Word] = []
    more: list[Inner] = []
    at = 0
    while at < len(words):
        word = words[at]
        option, equals, _ = word.text.partition("=")
        at += 1
        if option in _EMACS_CODE or (name == "emacsclient" and option == "-e"):
            value = cut(word, len(option) + 1) if equals else words[at] if at < len(words) else Word("")
            at += 0 if equals else 1
            lines.append(value)
        elif option in ("-a", "--alternate-editor") and name == "emacsclient":
            value = cut(word, len(option) + 1) if equals else words[at] if at < len(words) else Word("")
            at += 0 if equals else 1
            more += starts.line(value)
        elif option in _EMACS_VALUES and not equals:
            if (
                option in ("-f", "-funcall", "--funcall")
                and at < len(words)
                and words[at].text in ("term", "shell", "eshell")
            ):
                more += starts.command(starts.SHELL)
            at += 1
    return scripted(name, lines, "lisp", tuple(more))


def pager(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """less, more, most: `+!cmd` runs at the start."""
    inners: list[Inner] = []
    for word in words:
        text = word.text
        match = re.match(r"\++[^!]*!", text)
        if match is not None and text.startswith("+"):
            inners += starts.line(cut(word, match.end()))
    return Unwrapped(name, tuple(inners), stays=True) if inners else None


_MAN = Syntax(
    "C:R:L:m:M:S:s:e:fkKwWcdDiIaP:r:7E:p:tTH::X::Zl?Vhu",
    "config-file=/C debug/d default/D warnings? whatis/f apropos/k global-apropos/K local-file/l where/w path/w"
    " location/w where-cat/W location-cat/W catman/c recode=/R locale=/L systems=/m manpath=/M sections=/S extension=/e"
    " ignore-case/i match-case/I regex wildcard names-only all/a update/u no-subpages pager=/P prompt=/r ascii/7"
    " encoding=/E no-hyphenation no-justification preprocessor=/p troff/t troff-device?/T html?/H gxditview?/X"
    " ditroff/Z"
    " help/h version/V usage",
    permutes=True,
)


def man(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """man: pager and browser."""
    options = read(words, _MAN)
    inners: list[Inner] = []
    for value in options.values("P", "H"):
        inners += starts.line(value)
    return Unwrapped(name, tuple(inners), stays=True) if inners else None


_NANO = Syntax("ABC:DEFGHIJ:KLMNPQ:RST:UVWX:Y:Zabcdef:ghijklmno:pqr:s:tuvwx%_0z!@/", "speller=/s operatingdir=/o"
    " rcfile=/f syntax=/Y"
    " backupdir=/C quotestr=/Q tabsize=/T fill=/r guidestripe=/J wordchars=/X version/V"
    " help/h", permutes=True)  # fmt: skip


def nano(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """nano, pico: the spell checker."""
    inners = [inner for value in read(words, _NANO).values("s") for inner in starts.line(value)]
    return Unwrapped(name, tuple(inners), stays=True) if inners else None


_GDB = Syntax(
    "x:p:c:s:e:d:b:l:hvqnwD:it:",
    "ex=/ex eval-command=/ex iex=/ex init-eval-command=/ex eex=/ex early-init-eval-command=/ex"
    " command=/x ix=/x init-command=/x early-init-command=/x cd= core=/c pid=/p symbols=/s exec=/e se= directory=/d"
    " batch batch-silent"
    " data-directory=/D interpreter=/i nh nx quiet/q silent/q return-child-result tty=/t tui write dbx version/v"
    " help/h configuration fullname nw baud=/b annotate= readnow readnever",
    single=True,
    permutes=True,
)
_GDB_ARGS = Syntax("", "ex=/ex eval-command=/ex iex=/ex batch q quiet nx nh", single=True, fuzzy=False)
_RUNS = re.compile(r"\s*(?:r|run|start|starti|target\s+exec)\b")


def gdb(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """gdb: commands in options; `--args`, or `run` among the commands, runs the program."""
    before = words
    behind: tuple[Word, ...] = ()
    for at, word in enumerate(words):
        if word.text in ("--args", "-args"):
            before, behind = words[:at], words[at + 1 :]
            break
    options = read(before, _GDB)
    found: list[Word] = list(options.values("ex"))
    if behind:
        # `gdb --args -ex CMD prog args`: options of gdb may stand behind it still.
        inner = read(behind, _GDB_ARGS)
        found += inner.values("ex")
        behind = inner.rest
    started = behind or (options.rest[:1] if any(_RUNS.match(word.text) for word in found) else ())
    return scripted(name, found, "gdb", starts.command(started))


_LLDB = Syntax(
    "o:O:s:S:k:K:f:c:p:n:a:l:Qbhvwdexr",
    "one-line=/o one-line-before-file=/O source=/s source-before-file=/S one-line-on-crash=/k source-on-crash=/K"
    " file=/f"
    " core=/c attach-pid=/p attach-name=/n arch=/a script-language=/l batch/b help/h version/v wait-for/w debug/d"
    " editor/e no-lldbinit/x repl? source-quietly/Q no-use-colors python-path/P",
)


def lldb(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """lldb: commands in options."""
    options = read(words, _LLDB)
    lines = [value for key, value in options.found if key in "oOkK"]
    runs = any(re.match(r"\s*(?:r|run|process launch)\b", line.text) for line in lines)
    return scripted(name, lines, "lldb", starts.command(options.rest) if runs else ())


_SQLITE = Syntax(
    "AhVc:s:f:",
    "c=/c s=/c f=/init init= cmd= separator= newline= nullvalue= lookaside= pagecache= mmap= vfs= heap= deserialize"
    " maxsize= A append"
    " ascii"
    " bail batch box column csv echo header noheader help html interactive json line list markdown memtrace"
    " nofollow nonce="
    " quote readonly safe stats table tabs unsafe-testing version zip table escape=",
    single=True,
    fuzzy=False,
    permutes=True,
)


def sqlite(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """sqlite3 [OPTIONS] FILE [SQL...]: dot commands may stand where SQL does."""
    options = read(words, _SQLITE)
    if options.has("help", "version", "V", "h"):
        return None
    lines = [*options.values("cmd"), *options.values("c"), *options.rest[1:]]
    if not options.rest[1:] and not options.has("c"):
        found = [inner for line in lines for inner in shell_outs(line.text, "sqlite")]
        return Unwrapped(name, (*found, starts.reads("sqlite")))
    return scripted(name, lines, "sqlite")


_PSQL = Syntax(
    "ac:d:eEf:F:h:HlL:no:p:P:qR:sStT:U:v:VwWxXz01?bA",
    "command=/c dbname=/d file=/f field-separator=/F host=/h html/H list/l log-file=/L no-readline/n output=/o port=/p"
    " pset=/P quiet/q record-separator=/R single-step/s single-line/S tuples-only/t table-attr=/T username=/U set=/v"
    " variable=/v version/V no-password/w password/W expanded/x no-psqlrc/X field-separator-zero/z"
    " record-separator-zero/0"
    " single-transaction/1 echo-all/a echo-queries/e echo-hidden/E echo-errors/b csv no-align/A help?",
    permutes=True,
)


def psql(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """psql: `-c` lines, or standard input; COPY ... PROGRAM runs where the server is."""
    options = read(words, _PSQL)
    lines = list(options.values("c"))
    more: list[Inner] = []
    for value in options.values("o"):
        if value.text.startswith("|"):
            more += starts.line(cut(value, 1))
    if not lines:
        if options.has("f", "l", "V", "help"):
            return Unwrapped(name, tuple(more), stays=True) if more else None
        return Unwrapped(name, (*more, starts.reads("psql")))
    return scripted(name, lines, "psql", tuple(more))


_MYSQL = Syntax(
    "?IABb#::Ccfe:h:HiG:jNOop::P:D:qrsSS:tTu:U::vVwWXEnBL",
    "execute=/e host=/h user=/u password?/p port=/P database=/D socket=/S pager?/pager init-command=/init"
    " defaults-file= defaults-extra-file= delimiter= default-character-set= batch/B raw/r silent/s skip-column-names/N"
    " table/t verbose/v version/V vertical/E xml/X html/H force/f protocol= ssl? ssl-ca= ssl-mode= login-path= tee="
    " max-allowed-packet= connect-timeout= help/?",
    permutes=True,
)


def mysql(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """mysql and mariadb."""
    options = read(words, _MYSQL)
    lines = list(options.values("e"))
    more = tuple(inner for value in options.values("pager") for inner in starts.line(value))
    if not lines:
        if options.has("V", "?"):
            return None
        return Unwrapped(name, (*more, starts.reads("mysql")))
    return scripted(name, lines, "mysql", more)


_LINE_SHELLS: dict[str, tuple[str, str, str, bool]] = {
    "ftp": ("ftp", "", "", True),
    "lftp": ("lftp", "c:e:u:p:f:d", "c e", True),
    "sqlcmd": ("mssql", "S:U:P:d:Q:q:i:o:EbCNh:W", "Q q", True),
    "gnuplot": ("gnuplot", "e:pdc", "e", True),
    "dc": ("dc", "e:f:hVi", "e", True),
    "mongo": ("javascript", "", "eval", False),
    "mongosh": ("javascript", "", "eval", False),
    "puppet": ("puppet", "e:", "e execute", False),
    "rpm": ("rpm", "E:", "E eval", False),
    "rpmdb": ("rpm", "E:", "E eval", False),
    "rpmquery": ("rpm", "E:", "E eval", False),
    "rpmverify": ("rpm", "E:", "E eval", False),
    "ghci": ("haskell", "e:", "e", True),
    "jjs": ("javascript", "", "", True),
    "octave-cli": ("matlab", "q", "eval", True),
    "rpmspec": ("rpm", "E:D:", "E eval D define", False),
    "rpmbuild": ("rpm", "E:D:", "E eval D define", False),
    "irb": ("ruby", "r:I:", "", True),
    "pry": ("ruby", "e:r:I:", "e exec", True),
    "octave": ("matlab", "q", "eval", True),
    "bpython": ("python", "", "", True),
    "ipython": ("ipython", "c:", "c", True),
    "ipython3": ("ipython", "c:", "c", True),
}
"""By program: the language, its letters, the keys of options that hold code, and whether it reads standard input."""
_LINE_SYNTAX = {
    name: Syntax(letters, "eval= exec= execute= define= pipe= help version", permutes=True, fuzzy=False)
    for name, (_, letters, _, _) in _LINE_SHELLS.items()
}


def line_shell(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """A program of the table."""
    language, _, keys, reading = _LINE_SHELLS[name]
    options = read(words, _LINE_SYNTAX[name])
    lines = list(options.values(*keys.split())) if keys else []
    if language == "rpm":
        found = tuple(inner for line in lines for inner in shell_outs(line.text, language))
        found += tuple(inner for value in options.values("pipe") for inner in starts.line(value))
        return Unwrapped(name, found, stays=True) if found else None
    if lines:
        return scripted(name, lines, language)
    if not reading or options.has("help", "version", "f") or (options.rest and name not in ("ftp", "lftp", "sqlcmd")):
        return None
    return Unwrapped(name, (starts.reads(language),))


LINE_SHELLS = frozenset(_LINE_SHELLS)
