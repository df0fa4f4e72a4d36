"""cmd.exe, PowerShell and the helpers of Windows that start programs.

Sources: `cmd /?` (everything behind /c is one line, /c may be glued to it), `start /?`; about_PowerShell_exe and
about_Pwsh, about_Operators (call operator).
Must not be here: the names of PowerShell's parameters (`launch.powershell`).
"""

import re

from spawngate.launch import shelltext
from spawngate.launch.powershell import DASHES, VALUES, decoded, parameter
from spawngate.launch.scene import Here, Scene


def cmd(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """cmd.exe."""
    scene.acts(here, ("cmd",))
    strip = False
    for at, word in enumerate(words):
        strip = strip or re.search(r"(?i)/s(?![a-z])", word) is not None
        match = re.match(r"(?i)((?:/[a-bd-jl-qs-z](?::\w+)?)*)/([ckr])(.*)", word, re.DOTALL)
        if match is None:
            if word.startswith("/"):
                continue
            break
        scene.wrap(name)
        rest = (match[3], *words[at + 1 :]) if match[3] else words[at + 1 :]
        if not rest:
            break
        _line(scene, rest, here, strip=strip)
        return
    scene.launcher(name, name, words, here)
    scene.notes.mark("shell", "inline_code")
    scene.notes.say("inline_language", "batch")
    scene.opaque()


def _line(scene: Scene, rest: tuple[str, ...], here: Here, *, strip: bool) -> None:
    """What stands behind /c. Words that came apart already stay apart; only operators are looked for in them."""
    text = " ".join(f'"{word}"' if " " in word and '"' not in word else word for word in rest)
    if len(rest) == 1:
        text = rest[0].strip()
        outer = len(text) > 1 and text.startswith('"') and text.endswith('"')
        if outer and (strip or text.count('"') != 2 or not re.search(r"[\\/].* |\.(?:exe|cmd|bat)\"$", text)):
            text = text[1:-1]
    scene.notes.mark("shell")
    scene.notes.say("shell_text", text)
    split = shelltext.split(text, "cmd")
    # A word with a blank in it is quoted by whoever joins the words, so operators inside mean nothing to cmd.
    operators = any(
        re.search(r"[&|<>]", word) and " " not in word and not re.fullmatch(r"[a-z][\w+.-]*://\S*", word)
        for word in rest[1:]
    )
    if len(rest) > 1 and not operators and not re.search(r"[&|<>^%]", rest[0]):
        words: tuple[str, ...] = rest
    elif split.plain or (len(rest) > 1 and not operators):
        words = shelltext.windows_words(text) if "^" not in text else split.commands[0].words if split.commands else ()
    else:
        words = ()
    words = _behind_call(words)
    if words:
        scene.run(words[0], words[1:], here.inside(words=True, in_shell=True))
        return
    scene.text(text, here, "cmd", "cmd")


def _behind_call(words: tuple[str, ...]) -> tuple[str, ...]:
    while words and words[0].lower().lstrip("@") in ("call", "@"):
        words = words[1:]
    if words and words[0].startswith("@") and len(words[0]) > 1 and "/" not in words[0]:
        words = (words[0][1:], *words[1:])
    return words


def start(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """`start` of cmd.exe: an optional quoted title, options, then a command."""
    scene.wrap(name)
    at = 0
    while at < len(words):
        word = words[at]
        if word.startswith('"') or not word:
            at += 1
        elif re.match(r"/[a-z]+", word, re.IGNORECASE):
            at += 2 if word.lower() in ("/d", "/node", "/affinity", "/machine") else 1
        else:
            break
    if at < len(words):
        scene.run(words[at], words[at + 1 :], here.inside())
    else:
        scene.arrive(name, name, words, here)
        scene.utility(here)


def powershell(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """Windows PowerShell and pwsh."""
    at, length = 0, len(words)
    while at < length:
        word = words[at]
        if not word or word[0] not in DASHES or len(word) < 2 or (word[0] == "/" and word.count("/") > 1):
            break
        at += 1
        key, colon, joined = word.lstrip(DASHES).partition(":")
        what = parameter(key.lower())
        value = words[at : at + 1]
        if what in ("command", "commandwithargs"):
            rest = words[at:] if not colon else (joined, *words[at:])
            _text(scene, name, rest if what == "command" else rest[:1], here)
            return
        if what == "encodedcommand":
            _encoded(scene, name, joined or (value[0] if value else ""), here)
            return
        if what == "file":
            target = words[at:] if not colon else (joined, *words[at:])
            _file(scene, name, words, target, here)
            return
        if what in VALUES and not colon and not (what == "version" and name == "pwsh"):
            at += 1
        elif not what:
            scene.unknown_options((word,))
    rest = words[at:]
    if not rest:
        scene.launcher(name, name, words, here)
        scene.notes.mark("shell", "inline_code")
        scene.notes.say("inline_language", "powershell")
        scene.opaque()
    elif name == "pwsh" or re.search(r"\.ps1$", rest[0], re.IGNORECASE):
        _file(scene, name, words, rest, here)
    else:
        _text(scene, name, rest, here)


def _file(scene: Scene, name: str, words: tuple[str, ...], target: tuple[str, ...], here: Here) -> None:
    scene.launcher(name, name, words, here)
    if target[:1] == ("-",) or not target:
        scene.notes.mark("shell", "inline_code")
        scene.notes.say("inline_language", "powershell")
        scene.opaque()
        return
    scene.script(target[0], here)
    if here.main and not here.contained:
        scene.notes.say("source", "local-script")
    scene.server(target[1:], here)


def _text(scene: Scene, name: str, rest: tuple[str, ...], here: Here) -> None:
    scene.wrap(name)
    text = " ".join(rest)
    if text.strip() == "-":
        scene.notes.mark("shell", "inline_code")
        scene.notes.say("inline_language", "powershell")
        scene.opaque()
        return
    if _CODE.search(text):
        scene.inline("powershell", text, here)
        if re.search(r"frombase64string|-e(?:nc|c)\w*\s+[A-Za-z0-9+/=]{8}", text, re.IGNORECASE):
            scene.notes.mark("encoded_code")
        if _FETCH.search(text) and _RUN.search(text):
            scene.notes.mark("downloads_and_runs")
    inner = text.strip()
    block = re.fullmatch(r"&\s*\{(.*)\}", inner, re.DOTALL)
    scene.text(block[1].strip() if block else inner, here, "powershell", name)


_CODE = re.compile(
    r"\biex\b|invoke-expression|\bnew-object\b|\[[\w.]+\]::|\$\w+\s*=|\bforeach\b|\badd-type\b|\bstart-process\b|invoke-command"
    r"|downloadstring|\bicm\b|scriptblock|\|\s*%|-join|\.invoke\(",
    re.IGNORECASE,
)
_FETCH = re.compile(
    r"\biwr\b|\birm\b|\bcurl\b|\bwget\b|invoke-webrequest|invoke-restmethod|downloadstring|downloadfile|downloaddata"
    r"|net\.webclient|httpclient|start-bitstransfer",
    re.IGNORECASE,
)
_RUN = re.compile(
    r"\biex\b|invoke-expression|scriptblock|\.invoke\(|start-process|\[reflection\.assembly\]|add-type|&\s*[.$('\"]|;\s*\.[\\/]",
    re.IGNORECASE,
)


def _encoded(scene: Scene, name: str, value: str, here: Here) -> None:
    """Base64 of UTF-16: decoded where that works, and judged like plain text."""
    scene.notes.mark("encoded_code", "shell")
    scene.inline("powershell", "", here)
    scene.wrap(name)
    scene.opaque()
    text = decoded(value)
    if text is not None:
        _text(scene, name, (text,), here.inside())
    else:
        scene.notes.say("shell_text", value)
        scene.arrive(name, name, (value,), here)


def wsl(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """wsl.exe: without `-e` the words go through the Linux shell."""
    scene.wrap(name)
    at = 0
    direct = False
    while at < len(words) and words[at].startswith(("-", "~")):
        word = words[at]
        at += 1
        if word in ("-d", "--distribution", "-u", "--user", "--cd", "--distribution-id", "--shell-type"):
            at += 1
        elif word in ("-e", "--exec"):
            direct = True
            break
        elif word == "--":
            break
    rest = words[at:]
    if not rest:
        scene.arrive(name, name, words, here)
    elif direct or not any(re.search(r"[;&|<>`$()]", word) for word in rest):
        scene.run(rest[0], rest[1:], here.inside())
    else:
        scene.text(" ".join(rest), here.inside(), by="wsl")


def library(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """rundll32, regsvr32, msiexec, installutil: signed programs that load what an argument names."""
    scene.launcher(name, name, words, here)
    scene.utility(here)
    scene.notes.add("argument_injection", " ".join(words[:4]) or name)
    if any(re.search(r"https?://|\\\\", word) for word in words):
        scene.notes.mark("downloads_and_runs")
