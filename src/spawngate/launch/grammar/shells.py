"""sh, bash, zsh, fish and the multi-call busybox.

Sources: POSIX.1-2024 sh, bash(1), dash(1), zshoptions(1), fish(1), `busybox --help`. Tried out: `-c` may stand among
other letters (`-ec`, `-lc`) and behind other options; `+x` options are options too; `--` may stand before the text.
"""

import re

from spawngate.launch.argv import word_set
from spawngate.launch.grammar.scan import is_url
from spawngate.launch.scene import Here, Scene

_VALUES = word_set("--rcfile --init-file --features --debug-output --profile -d -D -o +o -O +O")
NAMES = word_set(
    "sh bash dash zsh ksh ash fish csh tcsh mksh rbash rksh oksh yash pdksh ksh93 lksh posh elvish nu xonsh git-bash"
)


def shell(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """A shell with a text, a script, or standard input."""
    at, length = 0, len(words)
    text: str | None = None
    takes_text = interactive = standard = False
    while at < length:
        word = words[at]
        if word in ("--", "-"):
            at += 1
            break
        if not re.match(r"[-+]\w|--\w", word):
            break
        at += 1
        if word in ("--rcfile", "--init-file", "-C", "--init-command") and at < length:
            if name == "fish" and word in ("-C", "--init-command"):
                scene.text(words[at], here.inside(main=False), by=name)
                at += 1
            elif word != "-C":
                # Read by interactive shells only; `-i` may stand in front of it or behind.
                if any(re.fullmatch(r"-\w*i\w*", other) for other in words):
                    scene.loads(word, words[at], here, "shell")
                at += 1
            continue
        if word.startswith(("--command=", "--init-command=", "--commands=")):
            text = word.partition("=")[2]
            continue
        if word in ("--command", "--commands"):
            takes_text = True
            break
        if word in _VALUES and at < length:
            at += 1
            continue
        if word.startswith("--"):
            continue
        takes_text = takes_text or "c" in word
        interactive = interactive or ("i" in word and word.startswith("-"))
        standard = standard or "s" in word
        if re.fullmatch(r"[-+]\w*[oO]", word) and at < length:
            at += 1
    kind = "bash" if name in ("bash", "rbash", "git-bash") else name
    runtimes = [kind, "sh"]
    if interactive:
        runtimes += ["sh-interactive", "bash-interactive", "ksh-interactive"]
    scene.acts(here, runtimes)
    rest = words[at:]
    if takes_text and text is None and rest:
        text, rest = rest[0], rest[1:]
    if text is not None:
        scene.wrap(name)
        scene.server(rest, here)
        if rest and re.search(r"\$[@*0-9]|\$\{[@*0-9]", text):
            # The words behind the text are its parameters: put them where it uses them.
            scene.text(_filled(text, rest), here, by=name)
        else:
            scene.text(text, here, by=name)
    elif rest and not standard:
        scene.launcher(name, name, words, here)
        scene.server(rest[1:], here)
        if is_url(rest[0]):
            scene.notes.mark("downloads_and_runs")
        if re.match(r"/dev/(?:stdin|fd/|tcp/|udp/)|/proc/self/fd", rest[0]):
            scene.notes.mark("shell")
            scene.opaque()
            scene.inline("shell", "", here)
            return
        scene.script(rest[0], here)
        if here.main and not here.contained:
            scene.notes.say("source", "local-script")
    else:
        scene.launcher(name, name, words, here)
        scene.server((), here)
        if not any(word in ("--version", "--help", "-V") for word in words):
            # Standard input is the program: an agent's messages would be.
            scene.notes.mark("shell", "inline_code")
            scene.notes.say("inline_language", "shell")
            scene.opaque()


def _filled(text: str, parameters: tuple[str, ...]) -> str:
    """The text with its parameters in place, quoted."""

    def one(match: "re.Match[str]") -> str:
        what = match[1] or match[2]
        if what in ("@", "*"):
            return " ".join(_quoted(word) for word in parameters[1:])
        at = int(what)
        return _quoted(parameters[at]) if at < len(parameters) else ""

    def raw(match: "re.Match[str]") -> str:
        what = match[1] or match[2]
        if what in ("@", "*"):
            return " ".join(parameters[1:])
        return parameters[int(what)] if int(what) < len(parameters) else ""

    quoted = re.sub(r"\"\$(?:([@*0-9])|\{([@*]|[0-9]{1,4})\})\"", one, text)
    # Without quotes the shell splits the value into words again.
    return re.sub(r"\$(?:([@*0-9])|\{([@*]|[0-9]{1,4})\})", raw, quoted)


def _quoted(word: str) -> str:
    return word if re.fullmatch(r"[\w@%+=:,./-]+", word) else "'" + word.replace("'", "'\\''") + "'"


def busybox(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """busybox and toybox: the first word names the program."""
    scene.wrap(name)
    if words:
        scene.run(words[0], words[1:], here.inside())
    else:
        scene.arrive(name, name, words, here)
        scene.utility(here)


def evaluate(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """eval: the words are a line again."""
    scene.wrap(name)
    scene.text(" ".join(words), here.inside())


def source(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """`.` and `source`: a file is read as a script."""
    scene.arrive(name, name, words, here)
    if here.main:
        scene.utility(here)
    if words and words[0] != "$()":
        scene.script(words[0], here)
