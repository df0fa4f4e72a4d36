"""Programs that the small languages of editors and tools start: sed, vim, ed, gdb, SQL shells, make, crontab, Tcl.

Sources: sed(1) (`e`, `s///e`), vim `:help :!`, `:help :r!`, `:help system()`, ed(1), gdb manual (Shell Commands),
sqlite3 CLI page (.shell, .system, .once |), psql(1) (\\!, \\o, \\g, COPY ... PROGRAM), mysql(1) (system, \\!),
sftp(1), ftp(1), lftp(1), crontab(5), GNU make manual (shell function, recipes), Tcl exec(n) and open(n), expect
spawn, rpm macros `%(...)`, gnuplot (`!`, system), dc(1), man pages of less and irb's neighbours.
Must not be here: languages with strings and calls (`code_text`).

"""

import re
from collections.abc import Callable, Sequence

from spawngate.command.unwrap.inner import Inner

Other = Callable[[str, str], Sequence[Inner]]
"""What reads code of another language that stands inside."""


def shell_outs(code: str, language: str, other: Other) -> list[Inner]:
    """What code of one of these languages starts; nothing for a language that is not known."""
    hosting = _HOSTS.get(language)
    if hosting is not None:
        return hosting(code, other)
    reader = _LANGUAGES.get(language)
    return reader(code) if reader is not None else []


def _lines(code: str, pattern: "re.Pattern[str]") -> list[Inner]:
    """Texts that a pattern with one group finds."""
    found = []
    for match in pattern.finditer(code):
        text = next((group for group in match.groups() if group is not None), "").strip()
        if text:
            found.append(Inner(text=text))
    return found


def _sed(code: str) -> list[Inner]:
    """sed: commands in order, each with its own way to end."""
    found: list[Inner] = []
    at, length = 0, len(code)
    while at < length:
        if code[at] in " \t\n;{}":
            at += 1
            continue
        at = _address(code, at)
        if at >= length:
            break
        letter = code[at]
        at += 1
        if letter in "sy":
            at, parts = _delimited(code, at)
            start = at
            while at < length and code[at] not in "\n;}":
                at += 1
            flags = code[start:at].split("w")[0]
            if letter == "s" and "e" in flags and len(parts) == 2:
                whole = re.fullmatch(r"\^?\.\*\$?|\$|\^", parts[0])
                constant = not re.search(r"(?<!\\)&|\\\d", parts[1])
                text = parts[1].replace("\\&", "&").replace("\\/", "/").replace("\\n", "\n")
                if whole and constant and text.strip():
                    found.append(Inner(text=text))
                else:
                    # What it runs is the line that was read.
                    found.append(Inner(opaque=("code",)))
            continue
        if letter in "#":
            at = _end(code, at)
        elif letter == "e":
            end = _end(code, at)
            text = code[at:end].strip()
            found.append(Inner(text=text) if text else Inner(opaque=("code",)))
            at = end
        elif letter in "aicrRwW":
            end = _end(code, at)
            while end < length and code[end - 1] == "\\":
                end = _end(code, end + 1)
            at = end
        elif letter in ":btTqQlL":
            while at < length and code[at] not in "\n;}":
                at += 1
    return found


def _end(code: str, at: int) -> int:
    end = code.find("\n", at)
    return len(code) if end < 0 else end


def _address(code: str, at: int) -> int:
    """The place behind the addresses in front of a command."""
    length = len(code)
    while at < length:
        letter = code[at]
        if letter == "\\" and at + 1 < length:
            at = _closing(code, at + 2, code[at + 1])
        elif letter == "/":
            at = _closing(code, at + 1, "/")
        elif letter.isdigit() or letter in "$,+~! \t" or (letter in "IM" and at and code[at - 1] in "/IM"):
            at += 1
        else:
            break
    return at


def _closing(code: str, at: int, mark: str) -> int:
    """The place behind the next unescaped mark; brackets hide it."""
    length = len(code)
    while at < length and code[at] != mark:
        if code[at] == "\\":
            at += 1
        elif code[at] == "[":
            inner = at + 1
            if code[inner : inner + 1] == "^":
                inner += 1
            if code[inner : inner + 1] == "]":
                inner += 1
            end = code.find("]", inner)
            if end > 0 and "\n" not in code[at:end]:
                at = end
        at += 1
    return min(at + 1, length)


def _delimited(code: str, at: int) -> tuple[int, tuple[str, ...]]:
    if at >= len(code) or code[at] in "\n\\":
        return at, ()
    mark = code[at]
    middle = _closing(code, at + 1, mark)
    end = middle
    while end < len(code) and code[end] != mark:
        end += 2 if code[end] == "\\" else 1
    return min(end + 1, len(code)), (code[at + 1 : middle - 1], code[middle:end])


_VIM = (
    re.compile(
        r"(?:^|[|\n:]|\bsilent!?\s|\bexe(?:cute)?\s+['\"]:?(?:silent!?\s+)?)\s*:*\s*(?:[%.$\d,'<>]*)(?:sil(?:ent)?!?\s+)?"
        r"(?:r(?:ead)?\s+|w(?:rite)?\s+|ter(?:minal)?!?\s+(?=\S)(?:\+\+\S+\s+)*|te(?:rm)?\s+)?!\s*([^\n]+)"
    ),
    re.compile(r"(?:^|[|\n:])\s*:*\s*ter(?:minal)?\s+(?:\+\+\S+\s+)*([^!\n|][^\n|]*)"),
    re.compile(r"\b(?:system|systemlist|job_start|termopen|jobstart|term_start)\(\s*['\"]([^'\"\n]+)['\"]"),
    re.compile(r"\b(?:make|grep)prg=((?:\\.|[^\s|])+)"),
)
_EMBEDDED = re.compile(r"(?:^|[|\n:])\s*:*\s*(py(?:thon)?3?|pyx|py3eval|lua|perl|ruby|tcl)\s+([^\n]+)")
_PYTHON_EVAL = re.compile(r"\bpy(?:3|x)?eval\(\s*(?:'([^']*)'|\"([^\"]*)\")")


def _vim(code: str, other: Other) -> list[Inner]:
    """Ex commands of vim and nvim, and the languages inside them."""
    found = [inner for pattern in _VIM for inner in _lines(code, pattern)]
    found = [
        Inner(text=re.sub(r"(?<!\\)['\"]$", "", inner.text or "")) if _unpaired(inner.text or "") else inner
        for inner in found
    ]
    for match in _EMBEDDED.finditer(code):
        name = match[1]
        language = "python" if name.startswith("py") else name
        found += other(match[2], language)
    for match in _PYTHON_EVAL.finditer(code):
        found += other(match[1] or match[2] or "", "python")
    return found


def _unpaired(text: str) -> bool:
    return text[-1:] in ("'", '"') and text.count(text[-1]) % 2 == 1


_ED = re.compile(r"^(?:[\d.,$;%]*(?:[rewE]\s+)?)!\s*(.+)$", re.MULTILINE)
_FTP = re.compile(r"(?:^|[;\n])\s*!\s*(.+)$", re.MULTILINE)
_LFTP = re.compile(r"(?:^|[;\n])\s*(?:!|shell\s+|local\s+!)\s*([^;\n]+)")
_SQLITE = (
    re.compile(r"^\s*\.(?:shell|system|sh|sys\w*)\s+(.+)$", re.MULTILINE),
    re.compile(r"^\s*\.(?:output|once|read|import|out\w*)\s+['\"]?\|\s*(.+?)['\"]?$", re.MULTILINE),
    re.compile(r"\bedit\s*\([^)]*,\s*'([^']+)'\s*\)", re.IGNORECASE),
)
_PSQL = (
    re.compile(r"\\!\s*(.+)$", re.MULTILINE),
    re.compile(r"\\(?:o|out|g|gx|w|write)\s+\|\s*(.+)$", re.MULTILINE),
    re.compile(r"\b(?:TO|FROM)\s+PROGRAM\s+(?:E?'((?:[^']|'')*)'|\$\$(.*?)\$\$)", re.IGNORECASE | re.DOTALL),
)
_MYSQL = (
    re.compile(r"(?:^|[;\n])\s*system\s+([^;\n]+)", re.IGNORECASE),
    re.compile(r"\\!\s*([^;\n]+)"),
    re.compile(r"(?:^|[;\n])\s*(?:pager|\\P)\s+([^;\n]+)", re.IGNORECASE),
)
_MSSQL = re.compile(r"\bxp_cmdshell\s*\(?\s*N?'((?:[^']|'')*)'", re.IGNORECASE)
_GDB = (
    re.compile(r"^\s*(?:!|shell\s|make\s(?=!))\s*(.+)$", re.MULTILINE),
    re.compile(r"^\s*pipe\s[^|\n]*\|\s*(.+)$", re.MULTILINE),
    re.compile(r"^\s*\|\s*[^|\n]*\|\s*(.+)$", re.MULTILINE),
)
_GDB_PYTHON = re.compile(r"^\s*(?:python(?:-interactive)?|py|pi)\s+(.+)$", re.MULTILINE)
_LLDB = re.compile(r"^\s*(?:platform\s+shell|shell)\s+(?:-h\s+)?(?:--\s+)?(.+)$", re.MULTILINE)
_LLDB_PYTHON = re.compile(r"^\s*script\s+(?:-l\s+python\s+)?(?:--\s+)?(.+)$", re.MULTILINE)
_GNUPLOT = (
    re.compile(r"(?:^|[;\n])\s*!\s*([^\n]+)"),
    re.compile(r"\bsystem\(?\s*['\"]([^'\"\n]+)['\"]"),
    re.compile(r"['\"]<\s*([^'\"\n]+)['\"]"),
)
_DC = re.compile(r"(?:^|\s|\n)!(?![<>=])\s*([^\n]+)")
_RPM = re.compile(r"%\(((?:[^()]|\([^()]*\))*)\)")
_TEX = re.compile(
    r"\\(?:immediate\s*\\)?write18\s*\{([^{}]*)\}|\\input\s*\{?\s*\|\s*\"?([^\"{}\n]+)\"?\}?|os\.execute\(['\"]([^'\"]+)['\"]\)"
)
_LESS = re.compile(r"^\s*!\s*(.+)$", re.MULTILINE)


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


_MAKE_SHELL = re.compile(r"\$[({]shell\s+((?:[^(){}$]|\$\$|\([^()]*\)|\$[({][^(){}]*[)}])+)[)}]")
_RECIPE = re.compile(r"^\t[-@+]*[ \t]*(\S(?:[^\n\\]|\\.|\\\n)*)", re.MULTILINE)
_ONE_LINE = re.compile(r"^[^\t#\n=][^\n=]*?:(?!=)[^\n;=]*;[ \t]*[-@+]*(\S[^\n]*)", re.MULTILINE)
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
    r"(?:^|[;\[\n{])\s*(?:eval\s+)?(exec|spawn|system)\s+((?:[^;\n\[\]{}\"]|\{[^{}]*\}|\"(?:[^\"\\]|\\.)*\")+)"
)
_TCL_PIPE = re.compile(r"\bopen\s+(?:\"\|([^\"]+)\"|\{\|([^{}]+)\})")


def _tcl(code: str) -> list[Inner]:
    """Tcl: words of exec and spawn; braces quote like single quotes."""
    found = []
    for match in _TCL.finditer(code):
        text = re.sub(r"\{([^{}]*)\}", lambda part: "'" + part[1].replace("'", "'\\''") + "'", match[2]).strip()
        while True:
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


_APPLESCRIPT = re.compile(
    r"do shell script\s+((?:\"(?:[^\"\\]|\\.)*\"|\s*&\s*|[\w ]+?(?=\s*&|\s*$))+)(\s+with administrator privileges)?",
    re.IGNORECASE,
)


def _applescript(code: str) -> list[Inner]:
    found = []
    for match in _APPLESCRIPT.finditer(code):
        parts = re.findall(r"\"((?:[^\"\\]|\\.)*)\"", match[1])
        text = re.sub(r"\\(.)", r"\1", "$_".join(parts) if re.search(r"&\s*[A-Za-z]", match[1]) else "".join(parts))
        root = "with administrator privileges" in code[match.start() : match.end() + 200].lower()
        if text.strip():
            found.append(Inner(text=text, user="root" if root else ""))
    return found


_VBSCRIPT = re.compile(r"\.\s*(?:run|exec|shellexecute)\s*\(?\s*\"((?:[^\"]|\"\")*)\"", re.IGNORECASE)


def _vbscript(code: str) -> list[Inner]:
    return [
        Inner(text=match[1].replace('""', '"'), dialect="cmd") for match in _VBSCRIPT.finditer(code) if match[1].strip()
    ]


def _nmap(code: str) -> list[Inner]:
    return _lines(code, re.compile(r"os\.execute\s*\(?\s*['\"]([^'\"\n]+)['\"]"))


_PUPPET = re.compile(r"\bexec\s*\{\s*(?:['\"]([^'\"]+)['\"]|[^}]*?command\s*=>\s*['\"]([^'\"]+)['\"])")

_LANGUAGES: dict[str, Callable[[str], list[Inner]]] = {
    "sed": _sed,
    "ed": _many(_ED),
    "ftp": _many(_FTP),
    "sftp": _many(_FTP),
    "lftp": _many(_LFTP),
    "sqlite": _many(*_SQLITE),
    "psql": _many(*_PSQL),
    "mysql": _many(*_MYSQL),
    "mssql": _many(_MSSQL),
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
    "puppet": _many(_PUPPET),
}
_HOSTS: dict[str, Callable[[str, Other], list[Inner]]] = {"vim": _vim, "gdb": _gdb, "lldb": _lldb}
"""Languages in which code of another one may stand."""
