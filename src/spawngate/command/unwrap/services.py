"""Programs that keep a command running, run it when something happens, or hand it to another service.

Sources: pm2.keymetrics.io docs, watchdog's watchmedo, watchman-make(1), foreman(1) and honcho pages, launchctl(1),
`gh alias set --help`, `gh codespace ssh --help`, aws ssm send-command and ecs execute-command references, consul and
etcdctl `lock` pages, `nomad alloc exec -h`, xdotool(1), i3-msg(1), fzf(1) (--bind actions), slurm sbatch(1), fabric
CLI, asciinema(1), m4 manual (syscmd, esyscmd), gs (pipes in file names), latexmk(1), run-parts(8), moreutils (pee,
mispipe).
Must not be here: terminals and timers (`terminal`), machines over ssh (`remote`), containers (`containers`).
"""

import json
import re
from typing import Any

from spawngate.command.spawn import Word
from spawngate.command.unwrap import starts
from spawngate.command.unwrap.code import shell_outs
from spawngate.command.unwrap.inner import Inner, Unwrapped
from spawngate.command.unwrap.options import Syntax, cut, read

_PM2 = Syntax(
    "n:i:o:e:l:p:u:c:w",
    "name=/n instances=/i output=/o error=/e log=/l pid=/p user=/u cron=/c interpreter= interpreter-args="
    " node-args= cwd="
    " watch? namespace= max-memory-restart= restart-delay= time update-env no-daemon attach env= force/f",
    permutes=True,
    fuzzy=False,
)


def pm2(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """pm2 start: a line in one word, or a program with its words behind `--`."""
    options = read(words, _PM2)
    if len(options.rest) < 2 or options.rest[0].text not in ("start", "restart"):
        return None
    target, *args = options.rest[1:]
    fields: dict[str, Any] = {"background": True, "cwd": options.text("cwd"), "user": options.text("u")}
    interpreter = options.last("interpreter")
    if interpreter is not None and interpreter.text != "none":
        return Unwrapped(name, starts.command((interpreter, target, *args), **fields), stays=True)
    if re.search(r"\s", target.text):
        return Unwrapped(name, starts.line(target, **fields), stays=True)
    if re.search(r"\.(?:[cm]?[jt]s|json|ya?ml|py|rb|pl|php)$", target.text):
        return Unwrapped(name, (starts.named(target, *args, background=True),), stays=True)
    return Unwrapped(name, starts.command((target, *args), **fields), stays=True)


_WATCHMEDO = Syntax(
    "c:p:i:d:RwWs:",
    "command=/c patterns=/p pattern=/p ignore-patterns=/i ignore-pattern=/i directory=/d recursive/R wait/w drop/W"
    " signal=/s interval= timeout= ignore-directories kill-after= debounce-interval= no-restart-on-command-exit",
    fuzzy=False,
)


def watchmedo(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """watchmedo shell-command --command LINE, watchmedo auto-restart COMMAND; watchman-make --run LINE."""
    if name == "watchman-make":
        line = read(
            words, Syntax("p:t:", "run= pattern=/p target=/t settle= make= root=", permutes=True, fuzzy=False)
        ).last("run")
        return Unwrapped(name, starts.line(line, repeated=True)) if line is not None else None
    if not words or words[0].text not in ("shell-command", "auto-restart"):
        return None
    options = read(words[1:], _WATCHMEDO)
    line = options.last("c")
    if words[0].text == "shell-command":
        return Unwrapped(name, starts.line(line, repeated=True)) if line is not None else None
    return Unwrapped(name, starts.command(options.rest, unknown=options.unknown, repeated=True))


def launchctl(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """launchctl submit -- COMMAND, asuser UID COMMAND, bsexec PID COMMAND."""
    if not words:
        return None
    what, rest = words[0].text, words[1:]
    if what == "submit":
        options = read(rest, Syntax("l:p:o:e:"))
        inner = options.rest
        program = options.last("p")
        inner = (program, *inner[1:]) if program is not None else inner
        return Unwrapped(name, starts.command(inner, background=True), stays=True) if inner else None
    if what in ("asuser", "bsexec", "debug") and len(rest) > 1:
        return Unwrapped(name, starts.command(rest[1:], user=rest[0].text if what == "asuser" else ""), stays=True)
    return None


def gh(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """gh alias set NAME '!LINE', gh codespace ssh -- WORDS, gh extension exec NAME."""
    texts = [word.text for word in words]
    if texts[:2] == ["alias", "set"]:
        options = read(words[2:], Syntax("s", "shell/s clobber", permutes=True, fuzzy=False))
        if len(options.rest) < 2:
            return None
        value = options.rest[1]
        if value.text.startswith("!"):
            return Unwrapped(name, starts.line(cut(value, 1), via="alias"), stays=True)
        return Unwrapped(name, starts.line(value, via="alias"), stays=True) if options.has("s") else None
    if texts[:1] and texts[0] in ("codespace", "cs") and "ssh" in texts[:3]:
        options = read(
            words[texts.index("ssh") + 1 :],
            Syntax("c:R:d", "codespace=/c repo=/R debug/d profile= server-port=", fuzzy=False),
        )
        if not options.rest:
            return None
        return Unwrapped(name, starts.joined(options.rest, remote=options.text("c") or "*"), stays=True)
    if texts[:2] in (["extension", "exec"], ["ext", "exec"]) and len(words) > 2:
        return Unwrapped(name, (starts.named(*words[2:]),), stays=True)
    return None


def aws(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """aws ssm send-command --parameters commands=..., aws ecs execute-command --command LINE."""
    texts = [word.text for word in words]
    inners: list[Inner] = []
    for at, text in enumerate(texts):
        option, equals, _ = text.partition("=")
        if option == "--command" and "execute-command" in texts[:at]:
            value = cut(words[at], 10) if equals else words[at + 1] if at + 1 < len(words) else None
            inners += starts.line(value, container="*") if value is not None else ()
        elif option == "--parameters" and "send-command" in texts[:at]:
            value = cut(words[at], 13) if equals else words[at + 1] if at + 1 < len(words) else None
            for line in _parameters(value.text) if value is not None else ():
                inners += starts.line(Word(line), remote="*")
    return Unwrapped(name, tuple(inners), stays=True) if inners else None


def _parameters(text: str) -> list[str]:
    """The commands in parameters: JSON, or the short form `commands=a,b` and `commands=["a","b"]`."""
    try:
        given = json.loads(text) if text.lstrip().startswith("{") else None
    except (ValueError, RecursionError):
        given = None
    if isinstance(given, dict):
        commands = given.get("commands", [])
        return [one for one in (commands if isinstance(commands, list) else [commands]) if isinstance(one, str)]
    match = re.search(r"\bcommands=(\[.*\]|.*)", text, re.DOTALL)
    if match is None:
        return []
    if match[1].startswith("["):
        return re.findall(r"[\"']((?:[^\"'\\]|\\.)*)[\"']", match[1]) or [match[1].strip("[]")]
    return [match[1].strip("\"'")]


def lock(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """consul lock PREFIX COMMAND, consul exec LINE, etcdctl lock NAME COMMAND, etcdctl watch KEY -- COMMAND, and
    `nomad alloc exec ID COMMAND`."""
    options = read(words, _LOCK)
    rest = options.rest
    texts = [word.text for word in rest]
    if texts[:1] == ["lock"] and len(rest) > 2:
        inner = rest[2:]
        if name == "consul" and len(inner) == 1:
            return Unwrapped(name, starts.line(inner[0]), stays=True)
        return Unwrapped(name, starts.command(inner), stays=True)
    if name == "consul" and texts[:1] == ["exec"] and len(rest) > 1:
        return Unwrapped(name, starts.joined(rest[1:], remote="*"), stays=True)
    if name == "etcdctl" and texts[:1] == ["watch"] and options.dashed:
        at = next(at for at, word in enumerate(words) if word.text == "--") + 1
        inner = words[at:]
        return Unwrapped(name, starts.command(inner, repeated=True), stays=True) if inner else None
    if name == "nomad" and texts[:2] in (["alloc", "exec"], ["job", "exec"]) and len(rest) > 3:
        return Unwrapped(name, starts.command(rest[3:], container=texts[2]), stays=True)
    return None


_LOCK = Syntax(
    "i:t:",
    "name= child-exit-code monitor-retry= n= pass-stdin try= timeout= verbose shell= http-addr= token= datacenter="
    " endpoints="
    " cacert= cert= key= ttl= prefix rev= address= region= namespace= task= job i t service= node= tag= wait= ca-file=",
    permutes=True,
    single=True,
    fuzzy=False,
)


def desktop(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """xdotool exec, i3-msg exec, swaymsg exec, hyprctl dispatch exec, `dex`-like starters."""
    texts = [word.text for word in words]
    if "exec" in texts:
        rest = words[texts.index("exec") + 1 :]
        while rest and rest[0].text.startswith("-"):
            rest = rest[1:]
        if not rest:
            return None
        inners = starts.command(rest) if name == "xdotool" else starts.joined(rest, background=True)
        return Unwrapped(name, inners, stays=True)
    for word in words:
        match = re.match(r"\s*exec\s+(?:--no-startup-id\s+)?", word.text)
        if match is not None and name != "xdotool":
            return Unwrapped(name, starts.line(cut(word, match.end()), background=True), stays=True)
    return None


_ACTION = re.compile(
    r"\b(?:execute|execute-silent|reload|reload-sync|become|preview|transform(?:-\w+)?)\(([^()]*(?:\([^()]*\)[^()]*)*)\)"
)
_FZF = Syntax(
    "q:f:n:d:m",
    "preview= bind= query=/q filter=/f delimiter=/d nth=/n with-nth= height= header= prompt=",
    permutes=True,
    fuzzy=False,
)


def fzf(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """fzf: the preview, and actions that run a line."""
    options = read(words, _FZF)
    inners = [inner for value in options.values("preview") for inner in starts.line(value, repeated=True)]
    for value in options.values("bind"):
        inners += [
            inner for match in _ACTION.finditer(value.text) for inner in starts.line(Word(match[1], value.opaque))
        ]
        match = re.search(r"\b(?:execute|execute-silent|reload|become):(.*)", value.text)
        if match is not None:
            inners += starts.line(Word(match[1], value.opaque))
    return Unwrapped(name, tuple(inners), stays=True) if inners else None


def batch_job(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """sbatch --wrap LINE."""
    line = read(
        words, Syntax("J:o:e:n:N:p:t:c:A:q:D:d:a:", "wrap= job-name=/J output=/o error=/e", permutes=True, fuzzy=False)
    ).last("wrap")
    return Unwrapped(name, starts.line(line, background=True, remote="*"), stays=True) if line is not None else None


def fabric(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """fab -H HOSTS -- LINE."""
    texts = [word.text for word in words]
    if "--" not in texts:
        return None
    hosts = read(
        words[: texts.index("--")], Syntax("H:i:c:r:", "hosts=/H identity=/i", permutes=True, fuzzy=False)
    ).text("H")
    behind = words[texts.index("--") + 1 :]
    return Unwrapped(name, starts.joined(behind, remote=hosts or "*"), stays=True) if behind else None


_RECORD = Syntax(
    "c:e:t:i:qya",
    "command=/c title=/t idle-time-limit=/i overwrite append stdin env= cols= rows= quiet/q yes/y",
    permutes=True,
    fuzzy=False,
)


def recorder(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """asciinema rec -c LINE, ttyrec -e LINE."""
    line = read(words, _RECORD).last("e" if name == "ttyrec" else "c")
    return Unwrapped(name, starts.line(line)) if line is not None else None


def several(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """pee and mispipe: every operand is a line for a shell."""
    inners = [inner for word in words if not word.text.startswith("-") for inner in starts.line(word)]
    return Unwrapped(name, tuple(inners)) if inners else None


def run_parts(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """run-parts FOLDER: what is in it runs."""
    options = read(
        words,
        Syntax(
            "a:u:v",
            "test list report verbose regex= lsbsysinit new-session umask=/u arg=/a reverse exit-on-error",
            permutes=True,
            fuzzy=False,
        ),
    )
    if not options.rest or options.has("test", "list"):
        return None
    return Unwrapped(name, (starts.named(options.rest[0]),), stays=True)


_CODE = {"m4": "m4", "gs": "postscript", "ghostscript": "postscript", "latexmk": "perl", "bpftrace": "bpftrace"}
_CODE_SYNTAX = {
    "m4": Syntax("D:U:I:s", "define=/D undefine=/U include=/I", permutes=True, fuzzy=False),
    "gs": Syntax("c:f:", "", permutes=True, fuzzy=False),
    "ghostscript": Syntax("c:f:", "", permutes=True, fuzzy=False),
    "latexmk": Syntax(
        "e:r:",
        "e=/e r=/r pdf pdflatex= latex= xelatex= lualatex= pvc cd outdir=",
        permutes=True,
        single=True,
        fuzzy=False,
    ),
    "bpftrace": Syntax("e:c:p:o:f:", "unsafe", permutes=True, fuzzy=False),
}


def coded(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """m4, gs, latexmk, bpftrace: code in an option; m4 and gs also read it."""
    options = read(words, _CODE_SYNTAX[name])
    lines = options.values("D") if name == "m4" else options.values("e" if name in ("latexmk", "bpftrace") else "c")
    inners: list[Inner] = [inner for line in lines for inner in shell_outs(line.text, _CODE[name])]
    if name == "bpftrace":
        inners += [inner for value in options.values("c") for inner in starts.line(value)]
    if name == "latexmk":
        for value in options.values("pdflatex", "latex", "xelatex", "lualatex"):
            inners += starts.line(value)
    if name == "m4" and all(word.text == "-" for word in options.rest):
        return Unwrapped(name, (*inners, starts.reads("m4")))
    return Unwrapped(name, tuple(inners), stays=True) if inners else None


_KERNEL = re.compile(r"kernel[./](?:core_pattern\s*=\s*\||modprobe\s*=|hotplug\s*=|poweroff_cmd\s*=)")


def assigned_kernel(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """sysctl kernel.core_pattern='|PROGRAM': the kernel starts it, as root."""
    inners: list[Inner] = []
    for word in words:
        match = _KERNEL.match(word.text)
        if match is not None:
            inners += starts.line(cut(word, match.end()), user="root", appended=True)
    return Unwrapped(name, tuple(inners), stays=True) if inners else None


def operand(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """csvtool call LINE, msgfilter FILTER, ksu -e COMMAND, service with a path, xdg-user-dir that ends its script."""
    texts = [word.text for word in words]
    if name == "csvtool" and "call" in texts[:-1]:
        return Unwrapped(name, starts.line(words[texts.index("call") + 1], repeated=True), stays=True)
    if name == "ksu":
        at = texts.index("-e") + 1 if "-e" in texts else len(words)
        user = texts[0] if texts and not texts[0].startswith("-") else "root"
        return Unwrapped(name, starts.command(words[at:] or starts.SHELL, user=user))
    if name == "msgfilter":
        options = read(words, Syntax("i:o:D:Pwps:h", "input=/i output-file=/o directory=/D newline", fuzzy=False))
        return Unwrapped(name, starts.command(options.rest, repeated=True), stays=True) if options.rest else None
    if name == "xdg-user-dir" and texts and ";" in texts[0]:
        return Unwrapped(name, starts.line(cut(words[0], texts[0].index(";") + 1)), stays=True)
    if name == "service" and texts and "/" in texts[0]:
        path = Word("/" + texts[0].lstrip("./"), words[0].opaque)
        return Unwrapped(name, starts.command((path, *words[1:])), stays=True)
    return None
