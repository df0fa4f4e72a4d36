"""PowerShell, cmd.exe and the programs of Windows that start what their arguments say.

Sources: about_PowerShell_exe and about_Pwsh (parameters may be shortened to an unambiguous beginning; `-`, `/` and
the long dashes all begin one; what follows `-Command` is one text; Windows PowerShell takes a bare word for a
command, pwsh for a file); `cmd /?` (everything behind /c is one line; `//c` is how MSYS shells say it); `start /?`,
`forfiles /?`, `schtasks /create /?`, `runas /?`, `wmic process call create`, `wsl --help`, PsExec's usage text,
lolbas-project.github.io for pcalua, conhost and msiexec.
Must not be here: the languages of PowerShell and cmd (`command.parse`), and the names of PowerShell's parameters
(`launch.powershell`).
"""

import re

from spawngate.command.spawn import Word
from spawngate.command.unwrap import starts
from spawngate.command.unwrap.inner import Inner, Unwrapped
from spawngate.command.unwrap.options import cut
from spawngate.launch.argv import word_set
from spawngate.launch.powershell import DASHES, VALUES, decoded, parameter


def powershell(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """powershell.exe and pwsh."""
    at, length = 0, len(words)
    unknown: list[str] = []
    cwd = ""
    while at < length:
        word = words[at]
        text = word.text
        if len(text) < 2 or text[0] not in DASHES or (text[0] == "/" and text.count("/") > 1):
            break
        at += 1
        key, colon, _ = text.lstrip(DASHES).partition(":")
        what = parameter(key.lower())
        glued = (cut(word, text.index(":") + 1),) if colon else ()
        if what == "command":
            return _script(name, (*glued, *words[at:]), cwd)
        if what == "commandwithargs":
            rest = (*glued, *words[at:])
            return _script(name, rest[:1], cwd, rest[1:])
        if what == "encodedcommand":
            return Unwrapped(name, (_encoded(next(iter((*glued, *words[at : at + 1])), None), cwd),))
        if what == "file":
            return _file(name, (*glued, *words[at:]))
        if what in ("help",) or (what == "version" and name == "pwsh"):
            return None
        if what in VALUES and not colon:
            if what == "workingdirectory" and at < length:
                cwd = words[at].text
            at += 1
        elif not what:
            unknown.append(text)
    rest = words[at:]
    if not rest:
        return Unwrapped(name, (starts.reads(dialect="powershell", cwd=cwd),))
    if name == "pwsh" or re.search(r"\.ps1$", rest[0].text, re.IGNORECASE):
        return _file(name, rest)
    return _script(name, rest, cwd, (), bool(unknown))


def _script(
    name: str, words: tuple[Word, ...], cwd: str, parameters: tuple[Word, ...] = (), unsure: bool = False
) -> Unwrapped:
    if not words:
        return Unwrapped(name, (Inner(dialect="powershell", cwd=cwd, opaque=("code",)),))
    whole = starts.together(words)
    if whole.text.strip() == "-":
        return Unwrapped(name, (starts.reads(dialect="powershell", cwd=cwd),))
    opaque = ("options",) if unsure else ()
    inners = starts.line(whole, dialect="powershell", cwd=cwd, parameters=parameters, via="script", opaque=opaque)
    return Unwrapped(name, inners)


def _file(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """A script file is no text of ours; `-` is standard input."""
    if not words or words[0].text == "-" or words[0].spawns:
        return Unwrapped(name, (starts.reads(dialect="powershell"),))
    return None


def _encoded(word: Word | None, cwd: str) -> Inner:
    plain = decoded(word.text) if word is not None and not word.opaque else None
    if plain is None:
        return Inner(dialect="powershell", cwd=cwd, via="script", opaque=("encoded", "code"))
    return Inner(text=plain, dialect="powershell", cwd=cwd, via="script", opaque=("encoded",))


_CMD = re.compile(r"(?i)((?:/[a-bd-jl-qs-z](?::\w+)?)*)/{1,2}([ckr])(.*)", re.DOTALL)


def cmd(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """cmd.exe."""
    for at, word in enumerate(words):
        match = _CMD.fullmatch(word.text)
        if match is None:
            if word.text.startswith("/"):
                continue
            break
        rest = (cut(word, match.start(3)), *words[at + 1 :]) if match[3] else words[at + 1 :]
        if not rest:
            break
        return Unwrapped(name, starts.line(_line(rest), dialect="cmd", via="script"))
    return Unwrapped(name, (starts.reads(dialect="cmd"),))


def _line(words: tuple[Word, ...]) -> Word:
    """The words as the line they came from: what holds a blank was quoted; a pair of quotes around all goes."""
    if len(words) == 1:
        text = words[0].text.strip()
        if len(text) > 1 and text[0] == text[-1] == '"' and text.count('"') != 2:
            text = text[1:-1]
        return Word(text, words[0].opaque, words[0].glob, words[0].spawns)
    whole = starts.together(words)
    text = " ".join(
        f'"{word.text}"' if re.search(r"\s", word.text) and '"' not in word.text else word.text for word in words
    )
    return Word(text, whole.opaque, whole.glob, whole.spawns)


def start(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """`start` of cmd.exe: an optional quoted title, options, then a command."""
    at = 0
    cwd = ""
    while at < len(words):
        text = words[at].text
        if not text or (at == 0 and text.startswith('"')):
            at += 1
        elif re.fullmatch(r"(?i)/d.+", text) and not re.fullmatch(r"(?i)/[a-z]{2,}", text):
            cwd, at = text[2:], at + 1
        elif re.fullmatch(r"(?i)/{1,2}[a-z]+", text):
            if text.lower() == "/d" and at + 1 < len(words):
                cwd = words[at + 1].text
            at += 2 if text.lower() in ("/d", "/node", "/affinity", "/machine") else 1
        elif at == 0 and " " in text and len(words) > 1:
            at += 1
        else:
            break
    return Unwrapped(name, starts.command(words[at:], cwd=cwd, background=True)) if at < len(words) else None


_WSL_VALUES = word_set("-d --distribution -u --user --cd --distribution-id --shell-type")


def wsl(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """wsl.exe: without `-e` the words go through the Linux shell."""
    at = 0
    user = cwd = ""
    direct = False
    while at < len(words) and words[at].text.startswith(("-", "~")):
        text = words[at].text
        at += 1
        if text in _WSL_VALUES:
            value = words[at].text if at < len(words) else ""
            user = value if text in ("-u", "--user") else user
            cwd = value if text == "--cd" else cwd
            at += 1
        elif text in ("-e", "--exec"):
            direct = True
            break
        elif text == "--":
            break
        elif text not in ("~", "--system"):
            return None
    rest = words[at:]
    if not rest:
        return Unwrapped(name, starts.command(starts.SHELL, user=user, cwd=cwd))
    if direct or not any(re.search(r"[;&|<>`$()]", word.text) for word in rest):
        return Unwrapped(name, starts.command(rest, user=user, cwd=cwd))
    return Unwrapped(name, starts.joined(rest, user=user, cwd=cwd))


def slashed(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """forfiles /c, schtasks /tr, runas: the command is one word."""
    user = ""
    for at, word in enumerate(words):
        text = word.text
        lower = text.lower()
        if lower.startswith("/user:"):
            user = text[6:]
        elif (name == "forfiles" and lower == "/c") or (name == "schtasks" and lower == "/tr"):
            inners = starts.line(
                words[at + 1] if at + 1 < len(words) else Word(""),
                dialect="cmd",
                repeated=name == "forfiles",
                background=name == "schtasks",
            )
            return Unwrapped(name, inners, stays=True)
        elif name == "runas" and not text.startswith("/"):
            return Unwrapped(name, starts.line(_line(words[at:]), dialect="cmd", user=user or "*"))
    return None


def wmic(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """wmic process call create "command line"."""
    texts = [word.text.lower() for word in words]
    if "call" not in texts or "create" not in texts[texts.index("call") :]:
        return None
    at = texts.index("create", texts.index("call")) + 1
    node = next((text.partition(":")[2] for text in texts if text.startswith("/node:")), "")
    inners = starts.line(_line(words[at:]), dialect="cmd", remote=node) if at < len(words) else ()
    return Unwrapped(name, inners, stays=True)


_PSEXEC_VALUES = word_set("-u -p -w -r -n -a")


def psexec(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    r"""psexec \\host [options] command."""
    at = 0
    remote = user = ""
    while at < len(words):
        text = words[at].text
        if text.startswith("\\\\"):
            remote, at = text[2:], at + 1
        elif text[:1] in ("-", "/") and len(text) > 1:
            if text.lower().replace("/", "-") == "-u" and at + 1 < len(words):
                user = words[at + 1].text
            at += 2 if text.lower().replace("/", "-") in _PSEXEC_VALUES else 1
        else:
            break
    return (
        Unwrapped(name, starts.command(words[at:], remote=remote, user=user), stays=True) if at < len(words) else None
    )


def proxy(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """conhost, winpty, pcalua -a, and other programs of Windows that only pass on."""
    at = 0
    while at < len(words) and re.match(r"[-/]", words[at].text):
        at += 1
    return Unwrapped(name, starts.command(words[at:])) if at < len(words) else None
