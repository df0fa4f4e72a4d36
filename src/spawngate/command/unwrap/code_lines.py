"""Programs that the small languages of editors and tools start: sed, vim, ed, gdb, SQL shells, make, crontab, Tcl.

Sources: sed(1) (`e`, `s///e`), vim `:help :!`, `:help :r!`, `:help system()`, ed(1), gdb manual (Shell Commands),
sqlite3 CLI page (.shell, .system, .once |), psql(1) (\\!, \\o, \\g, COPY ... PROGRAM), mysql(1) (system, \\!),
sftp(1), ftp(1), lftp(1), crontab(5), GNU make manual (shell function, recipes), Tcl exec(n) and open(n), expect
spawn, rpm macros `%(...)`, gnuplot (`!`, system), dc(1), man pages of less and irb's neighbours.
Must not be here: languages with strings and calls (`code_text`).

"""

import re
from collections.abc import Callable, Sequence

from spawngate.command.spawn import Word
from spawngate.command.unwrap import code_sed
from spawngate.command.unwrap.inner import Inner

Other = Callable[[str, str], Sequence[Inner]]
"""What reads code of another language that stands inside."""


MAX_COMMANDS = 50
"""Commands of one line that are looked at."""


def shell_outs(code: str, language: str, other: Other) -> list[Inner]:
    """What code of one of these languages starts; nothing for a language that is not known."""
    hosting = HOSTS.get(language)
    if hosting is not None:
        return hosting(code, other)
    reader = LANGUAGES.get(language)
    return reader(code) if reader is not None else []


def _lines(code: str, pattern: "re.Pattern[str]") -> list[Inner]:
    """Texts that a pattern with one group finds."""
    found = []
    for match in pattern.finditer(code):
        text = next((group for group in match.groups() if group is not None), "").strip()
        if text:
            found.append(Inner(text=text))
    return found


_VIM_PREFIX = re.compile(
    r"(?:exe(?:cute)?[ \t]{1,9}['\"]:?|sil(?:ent)?(?:![ \t]{0,9}|[ \t]{1,9})|[\d%.$,'<>]{1,40}+"
    r"|keep\w{1,9}[ \t]{1,9}|noau\w{0,8}[ \t]{1,9})[ \t:]{0,40}+"
)
_VIM_BANG = re.compile(
    r"(?:r(?:e(?:ad?)?)?[ \t]{0,9}+|w(?:r(?:i(?:te?)?)?)?[ \t]{1,9}+"
    r"|ter[minal]{0,8}(?:[ \t]{1,9}\+\+\S{1,80})*[ \t]{1,9}+)?!(.*)",
    re.DOTALL,
)
"""`:w!` only forces; `:w !` runs."""
_VIM_TERMINAL = re.compile(r"ter[minal]{0,8}[ \t]{1,9}((?:\+\+\S{1,80}[ \t]{1,9})*)([^|]*)")
_VIM_SHELL = re.compile(r"(?:sh(?:e(?:ll?)?)?|ter(?:m(?:i(?:n(?:al?)?)?)?)?)[ \t]*(?:\||$)")
_VIM_CHOSEN = re.compile(r"set?(?:local|global)?[ \t]{1,9}(?:shell|sh)=((?:\\.|[^\s|\\])+)")
_VIM_CALL = re.compile(
    r"\b(?:system|systemlist|job_start|termopen|jobstart|term_start)\([ \t]{0,9}['\"]([^'\"\n]+)['\"]"
)
_MAKEPRG = re.compile(r"\b(?:make|grep)prg=((?:\\.|[^\s|\\])+)")
_EMBEDDED = re.compile(r"(py(?:thon)?3?|pyx|lua|perl|ruby|tcl)[ \t]{1,9}(.+)", re.DOTALL)
_PYTHON_EVAL = re.compile(r"\bpy(?:3|x)?eval\(\s*(?:'([^']*)'|\"([^\"]*)\")")


def _vim(code: str, other: Other) -> list[Inner]:
    """Ex commands of vim and nvim, and the languages inside them."""
    found: list[Inner] = []
    for line in code.split("\n"):
        found += _vim_line(line, other)
    found += _lines(code, _VIM_CALL)
    found += [Inner(text=match[1].replace("\\ ", " ")) for match in _MAKEPRG.finditer(code)]
    for match in _PYTHON_EVAL.finditer(code):
        found += other(match[1] or match[2] or "", "python")
    return found


def _vim_line(line: str, other: Other) -> list[Inner]:
    """Commands of one line. Behind `!` everything belongs to the shell, `|` too."""
    found: list[Inner] = []
    for _ in range(MAX_COMMANDS):
        line = line.lstrip(" \t:")
        for _ in range(4):
            prefix = _VIM_PREFIX.match(line)
            line = line[prefix.end() :] if prefix else line
        bang = _VIM_BANG.match(line)
        if bang:
            text = _paired(bang[1].strip())
            return [*found, Inner(text=text)] if text else found
        terminal = _VIM_TERMINAL.match(line)
        if terminal and terminal[2].strip():
            return [*found, Inner(text=terminal[2].strip())]
        if _VIM_SHELL.match(line):
            return [*found, Inner(words=(Word("sh"),))]
        chosen = _VIM_CHOSEN.match(line)
        if chosen:
            found.append(Inner(text=chosen[1].replace("\\ ", " ")))
        embedded = _EMBEDDED.match(line)
        if embedded:
            language = "python" if embedded[1].startswith("py") else embedded[1]
            return [*found, *other(embedded[2], language)]
        _, bar, line = line.partition("|")
        if not bar:
            break
    return found


def _paired(text: str) -> str:
    """Without the quote that closes `exe "!..."`."""
    return text[:-1] if text[-1:] in ("'", '"') and text.count(text[-1]) % 2 else text


_ED = re.compile(r"^[\d.,$;%]{0,40}+(?:[rewE][ \t]{1,9}+)?![ \t]*+(.+)$", re.MULTILINE)
_FTP = re.compile(r"(?:^|;)[ \t]{0,40}+![ \t]*+(.+)$", re.MULTILINE)
_LFTP = re.compile(r"(?:^|;)[ \t]{0,40}+(?:!|shell[ \t]|local[ \t]{1,9}!)[ \t]*+([^;\n]+)", re.MULTILINE)
_SQLITE = (
    re.compile(r"^[ \t]*+\.(?:shell|system|sh|sys\w*)[ \t]++(.+)$", re.MULTILINE),
    re.compile(r"^[ \t]*+\.(?:output|once|read|import|out\w*)[ \t]++(?:['\"]\|([^'\"\n]+)['\"]|\|(.+)$)", re.MULTILINE),
    re.compile(r"\bedit\s{0,9}\([^)]{0,300},\s{0,9}'([^']+)'\s{0,9}\)", re.IGNORECASE),
)
_PSQL = (
    re.compile(r"\\![ \t]*+(.+)$", re.MULTILINE),
    re.compile(r"\\(?:o|out|g|gx|w|write)[ \t]++\|(.+)$", re.MULTILINE),
)
_PROGRAM = re.compile(
    r"\b(?:TO|FROM)\s{1,40}+PROGRAM\s{1,40}+(?:E?'((?:[^']|'')*)'|\$\$(.*?)\$\$)", re.IGNORECASE | re.DOTALL
)
_MYSQL = (
    re.compile(r"(?:^|;)[ \t]{0,40}+system[ \t]++([^;\n]+)", re.IGNORECASE | re.MULTILINE),
    re.compile(r"\\![ \t]*+([^;\n]+)"),
    re.compile(r"(?:^|;)[ \t]{0,40}+(?:pager|\\P)[ \t]++([^;\n]+)", re.IGNORECASE | re.MULTILINE),
)
_MSSQL = re.compile(r"\bxp_cmdshell\s{0,40}+\(?\s{0,40}+N?'((?:[^']|'')*)'", re.IGNORECASE)
_GDB = (
    re.compile(r"^[ \t]*+(?:!|shell[ \t])[ \t]*+(.+)$", re.MULTILINE),
    re.compile(r"^[ \t]*+(make(?:[ \t].*)?)$", re.MULTILINE),
    re.compile(r"^[ \t]*+pipe[ \t][^|\n]*\|(.+)$", re.MULTILINE),
    re.compile(r"^[ \t]*+\|[^|\n]*\|(.+)$", re.MULTILINE),
)
_GDB_PYTHON = re.compile(r"^[ \t]*+(?:python(?:-interactive)?|py|pi)[ \t]++(.+)$", re.MULTILINE)
_LLDB = re.compile(r"^[ \t]*+(?:platform[ \t]++shell|shell)[ \t]++(?:-h[ \t]++)?(?:--[ \t]++)?(.+)$", re.MULTILINE)
_LLDB_PYTHON = re.compile(r"^[ \t]*+script[ \t]++(?:-l[ \t]++python[ \t]++)?(?:--[ \t]++)?(.+)$", re.MULTILINE)
_GNUPLOT = (
    re.compile(r"(?:^|;)[ \t]{0,40}+!([^\n]+)", re.MULTILINE),
    re.compile(r"\bsystem\(?[ \t]{0,9}+['\"]([^'\"\n]+)['\"]"),
    re.compile(r"['\"]<([^'\"\n]{1,2000})['\"]"),
)
_DC = re.compile(r"(?:^|\s)!(?![<>=])([^\n]+)")
_RPM = re.compile(r"%\(((?:[^()]|\([^()]*\))*)\)")
_TEX = re.compile(
    r"\\(?:immediate\s{0,9}+\\)?write18\s{0,9}+\{([^{}]*)\}|\\input\s{0,9}+\{?\s{0,9}+\|\s{0,9}+\"?([^\"{}\n]+)\"?\}?|os\.execute\(['\"]([^'\"]+)['\"]\)"
)
_LESS = re.compile(r"^[ \t]*+!(.+)$", re.MULTILINE)


def _many(*patterns: "re.Pattern[str]") -> Callable[[str], list[Inner]]:
    def read(code: str) -> list[Inner]:
        return [inner for pattern in patterns for inner in _lines(code, pattern)]

    return read


def _gdb(code: str, other: Other) -> list[Inner]:
    found = _many(*_GDB)(code)
    for match in _GDB_PYTHON.finditer(code):
        found += other(match[1], "python")
    return found


def _lldb(code: str, other: Other) -> list[Inner]:
    found = _many(_LLDB)(code)
    for match in _LLDB_PYTHON.finditer(code):
        found += other(match[1], "python")
    return found


_SCHEDULE = re.compile(
    r"^[ \t]*(?:@(?:reboot|yearly|annually|monthly|weekly|daily|midnight|hourly|every_\w+)[ \t]+"
    r"|(?:[\d*,/\-~a-zA-Z]+[ \t]+){5})(.+)$",
    re.MULTILINE,
)
_NAMED = re.compile(r"[ \t]*[A-Za-z_]\w*[ \t]*=")


def _crontab(code: str) -> list[Inner]:
    """A table of commands: an unescaped `%` begins the command's input."""
    found = []
    for match in _SCHEDULE.finditer(code):
        if _NAMED.match(match[0]):
            continue
        text = re.split(r"(?<!\\)%", match[1], maxsplit=1)[0].replace("\\%", "%").strip()
        if text:
            found.append(Inner(text=text, background=True, repeated=True))
    return found


_MAKE_SHELL = re.compile(r"\$[({]shell\s++((?:[^(){}$]|\$\$|\([^()]*\)|\$[({][^(){}]*[)}])+)[)}]")
_RECIPE = re.compile(r"^\t[-@+]*[ \t]*(\S(?:[^\n\\]|\\.|\\\n)*)", re.MULTILINE)
_ONE_LINE = re.compile(r"^[^\t#\n=][^\n=]{0,200}?:(?!=)[^\n;=]{0,200};[ \t]*+[-@+]*(\S[^\n]*)", re.MULTILINE)
_ASSIGNED = re.compile(r"^[^\t\n#:=]+!=[ \t]*(\S[^\n]*)", re.MULTILINE)


def _make(code: str) -> list[Inner]:
    """A makefile: recipes, `$(shell ...)` and `!=`; `$$` is the shell's own `$`."""
    found = []
    for pattern in (_MAKE_SHELL, _RECIPE, _ONE_LINE, _ASSIGNED):
        for match in pattern.finditer(code):
            text = match[1].replace("$$", "$").strip()
            if text:
                found.append(Inner(text=text))
    return found


_TCL = re.compile(
    r"(?:^|[;\[\n{])[ \t]{0,40}+(?:eval[ \t]{1,9}+)?(exec|spawn|system)[ \t]++"
    r"((?:[^;\n\[\]{}\"]|\{[^{}]*\}|\"(?:[^\"\\]|\\.)*\")+)"
)
_TCL_PIPE = re.compile(r"\bopen\s{1,9}+(?:\"\|([^\"]+)\"|\{\|([^{}]+)\})")


def _tcl(code: str) -> list[Inner]:
    """Tcl: words of exec and spawn; braces quote like single quotes."""
    found = []
    for match in _TCL.finditer(code):
        text = re.sub(r"\{([^{}]*)\}", lambda part: "'" + part[1].replace("'", "'\\''") + "'", match[2]).strip()
        for _ in range(20):
            shorter = re.sub(
                r"^(?:-ignorestderr|-keepnewline|-noecho|-console|-nottycopy|-nottyinit|-open\s+\S+|-leaveopen\s+\S+|-pty|-ignore\s+\S+|--)\s+",
                "",
                text,
            )
            if shorter == text:
                break
            text = shorter
        text = re.sub(r"\s*(?:2?>@\s*\w+|<@\s*\w+)", "", text)
        if text:
            found.append(Inner(text=text))
    return found + _lines(code, _TCL_PIPE)


_APPLESCRIPT = re.compile(r"do shell script\s{1,40}+", re.IGNORECASE)
_APPLE_PART = re.compile(
    r"\s{0,40}+(&)?\s{0,40}+(?:\"((?:[^\"\\]|\\.)*)\"|(quoted form of\s{1,9}+)?([A-Za-z_]\w*|\([^()]*\)))",
    re.IGNORECASE,
)


def _applescript(code: str) -> list[Inner]:
    """do shell script: texts and names put together by `&`."""
    found = []
    for match in _APPLESCRIPT.finditer(code):
        parts: list[str] = []
        at = match.end()
        while (part := _APPLE_PART.match(code, at)) is not None and bool(part[1]) == bool(parts):
            parts.append("$_" if part[2] is None else re.sub(r"\\(.)", r"\1", part[2]))
            at = part.end()
        text = "".join(parts)
        root = re.match(r"[^\n]{0,200}?with administrator privileges", code[at : at + 300], re.IGNORECASE)
        if text.strip() and text != "$_":
            found.append(Inner(text=text, user="root" if root else ""))
    return found


_VBSCRIPT = re.compile(r"\.\s{0,9}+(?:run|exec|shellexecute)\s{0,9}+\(?\s{0,9}+\"((?:[^\"]|\"\")*)\"", re.IGNORECASE)


def _vbscript(code: str) -> list[Inner]:
    return [
        Inner(text=match[1].replace('""', '"'), dialect="cmd") for match in _VBSCRIPT.finditer(code) if match[1].strip()
    ]


_M4 = re.compile(r"\be?syscmd\([`'\"]{0,2}([^`'\"()]{1,2000})")
_POSTSCRIPT = re.compile(r"\(%pipe%([^()]{1,2000})\)")
_BPFTRACE = re.compile(r"\bsystem\(\s{0,9}+\"((?:[^\"\\]|\\.)*)\"")
_PUPPET = re.compile(r"\bexec\s{0,9}+\{\s{0,40}+['\"]([^'\"]+)['\"]\s{0,9}+:([^}]{0,2000})")
_PUPPET_COMMAND = re.compile(r"\bcommand\s*=>\s*['\"]([^'\"]+)['\"]")


def _puppet(code: str) -> list[Inner]:
    """exec resources: the command, or the title where none is given."""
    found = []
    for match in _PUPPET.finditer(code):
        command = _PUPPET_COMMAND.search(match[2])
        found.append(Inner(text=command[1] if command else match[1]))
    return found


def _mssql(code: str) -> list[Inner]:
    return [
        Inner(text=match[1].replace("''", "'"), dialect="cmd") for match in _MSSQL.finditer(code) if match[1].strip()
    ]


def _psql(code: str) -> list[Inner]:
    """Meta-commands run here; COPY ... PROGRAM runs where the server is."""
    found = _many(*_PSQL)(code)
    for match in _PROGRAM.finditer(code):
        text = (match[1] or "").replace("''", "'") or match[2] or ""
        if text.strip():
            found.append(Inner(text=text))
    return found


LANGUAGES: dict[str, Callable[[str], list[Inner]]] = {
    "sed": code_sed.shell_outs,
    "ed": _many(_ED),
    "ftp": _many(_FTP),
    "sftp": _many(_FTP),
    "lftp": _many(_LFTP),
    "sqlite": _many(*_SQLITE),
    "psql": _psql,
    "mysql": _many(*_MYSQL),
    "mssql": _mssql,
    "gnuplot": _many(*_GNUPLOT),
    "dc": _many(_DC),
    "rpm": _many(_RPM),
    "tex": _many(_TEX),
    "less": _many(_LESS),
    "crontab": _crontab,
    "make": _make,
    "tcl": _tcl,
    "applescript": _applescript,
    "vbscript": _vbscript,
    "puppet": _puppet,
    "m4": _many(_M4),
    "postscript": _many(_POSTSCRIPT),
    "bpftrace": _many(_BPFTRACE),
}
HOSTS: dict[str, Callable[[str, Other], list[Inner]]] = {"vim": _vim, "gdb": _gdb, "lldb": _lldb}
"""Languages in which code of another one may stand."""
