"""Shells and interpreters: which file they run, which code they are given, whether they run what they read.

Must not be here: what the code does (`command.code`), and package managers.
Sources: manual pages of bash, zsh, fish, python, node, perl, ruby, php, lua, Rscript, java, tclsh.
"""

import re

from spawngate.command.arguments import read_arguments
from spawngate.command.code import look
from spawngate.command.hosts import is_address
from spawngate.command.scene import Scene
from spawngate.command.tools import agents
from spawngate.command.tools.databases import framework
from spawngate.command.tools.python_packages import python_module
from spawngate.command.tools.reader import Reader, readers
from spawngate.launch.argv import word_set

SHELLS = word_set(
    "sh bash zsh dash ksh mksh ash fish csh tcsh rbash pwsh powershell nu elvish xonsh yash oksh posh cmd"
)
_LANGUAGES = {
    "node": "javascript",
    "nodejs": "javascript",
    "bun": "javascript",
    "deno": "javascript",
    "tsx": "javascript",
    "ts-node": "javascript",
    "perl": "perl",
    "ruby": "ruby",
    "php": "php",
    "lua": "lua",
    "luajit": "lua",
    "rscript": "r",
    "osascript": "applescript",
}


def shell(scene: Scene) -> None:
    if "c" in "".join(word[1:] for word in scene.words if re.fullmatch(r"-[a-z]+", word)) and scene.program not in (
        "cmd",
    ):
        # What a text holds are spawns of their own.
        return
    found = scene.arguments(
        ("-o", "-O", "+O", "--rcfile", "--init-file", "-File", "-ExecutionPolicy", "-WorkingDirectory"), ends=True
    )
    rest = found.rest
    for option in ("--rcfile", "--init-file"):
        scene.run(*found.values(option))
    if rest and not found.has("-s"):
        if rest[0] not in ("-",) and "script" not in scene.spawn.via:
            scene.run(rest[0])
        return
    reads = scene.spawn.reads_from or any(
        redirect.operator in ("<", "<<", "<<<", "<&") for redirect in scene.spawn.redirects
    )
    if reads or found.has("-s"):
        scene.act("runs-input")
    elif scene.program != "cmd" and not rest and not found.has("--version", "--help"):
        scene.act("interactive-shell")


def source(scene: Scene) -> None:
    scene.run(*scene.words[:1])


def python(scene: Scene) -> None:
    words = scene.words
    scene.language = scene.language or ("python" if scene.code else "")
    for at, word in enumerate(words):
        if re.fullmatch(r"-[bBdEiIOPqRsSuvxX]*m", word) and at + 1 < len(words):
            _module(scene, words[at + 1], words[at + 2 :])
            return
        if word.startswith("-m") and len(word) > 2:
            _module(scene, word[2:], words[at + 1 :])
            return
        if re.fullmatch(r"-[bBdEhiIOPqRsSuvVxX?]*c.*", word):
            scene.act("inline-code")
            if not scene.code:
                scene.code = word.partition("c")[2] or (words[at + 1] if at + 1 < len(words) else "")
                scene.language = "python"
            return
        if word in ("-X", "-W", "--check-hash-based-pycs"):
            continue
        if not word.startswith("-") and (at == 0 or words[at - 1] not in ("-X", "-W")):
            scene.run(word)
            if word.rpartition("/")[2] == "manage.py":
                framework(scene)
            return
        if word == "-":
            break
    _standard_input(scene, "python")


def _standard_input(scene: Scene, language: str) -> None:
    texts = [redirect.text for redirect in scene.spawn.redirects if redirect.operator in ("<<", "<<<")]
    if texts or scene.code:
        scene.code = scene.code or "\n".join(texts)
        scene.language = language
        scene.act("inline-code")
    elif scene.spawn.reads_from or any(redirect.operator == "<" for redirect in scene.spawn.redirects):
        scene.act("runs-input")


def _module(scene: Scene, module: str, words: tuple[str, ...]) -> None:
    name = module.partition(".")[0]
    if module in ("pip", "pip3", "twine"):
        python_module(scene, module, words)
    elif module in ("http.server", "SimpleHTTPServer", "pyftpdlib", "smtpd", "aiosmtpd"):
        text = " ".join(words)
        scene.act("listen")
        if not re.search(r"(?:--bind|-b|-a|-i)[ =](?:127\.|localhost|::1)", text):
            scene.act("listen-all")
        folder = read_arguments(words, ("-d", "--directory", "-b", "--bind", "-p")).value("-d", "--directory")
        scene.read(folder or ".")
    elif module == "base64":
        if "-d" in words or "-u" in words:
            scene.act("decode")
        scene.read(*(word for word in words if not word.startswith("-")))
    elif name == "spawngate":
        agents.spawngate(scene)
    elif name == "pty" or module == "code":
        scene.act("interactive-shell")
    elif name in ("timeit", "trace", "cProfile", "pdb", "runpy"):
        scene.run(*(word for word in words if word.endswith(".py")))
        if name == "timeit":
            scene.act("inline-code")
            scene.code, scene.language = " ".join(word for word in words if not word.startswith("-")), "python"
    elif name in ("webbrowser",):
        scene.host(*words)
    scene.target(module)


def node(scene: Scene) -> None:
    words = scene.words
    values = (
        "-r",
        "--require",
        "--import",
        "--loader",
        "--experimental-loader",
        "-C",
        "--conditions",
        "--env-file",
        "--inspect-port",
        "--title",
        "--max-old-space-size",
        "--stack-trace-limit",
        "--test-reporter",
        "--test-name-pattern",
        "--preload",
        "--cwd",
    )
    for at, word in enumerate(words):
        if re.fullmatch(r"-(?:e|p|pe|ep)|--eval|--print|--eval=.*|--print=.*|-[pe].+", word) and not word.startswith(
            ("--env", "--exp")
        ):
            scene.act("inline-code")
            if not scene.code:
                scene.code = (
                    word.partition("=")[2]
                    if word.startswith("--") and "=" in word
                    else words[at + 1]
                    if at + 1 < len(words)
                    else ""
                )
                scene.language = "javascript"
            break
        if word in values or word.startswith("-"):
            continue
        if at and words[at - 1] in values:
            continue
        scene.run(word)
        break
    else:
        _standard_input(scene, "javascript")
    found = read_arguments(words, values, ends=True)
    for value in found.values("-r", "--require", "--import", "--loader", "--experimental-loader"):
        if value.startswith(("data:", "http:", "https:")):
            scene.act("loads-code", "inline-code")
        elif value.startswith((".", "/", "~")):
            scene.act("loads-code") if "temporary" in scene.places(value) else None
            scene.run(value)
    if any(re.match(r"--inspect(?:-brk)?(?:=|$)", word) for word in words):
        scene.act("listen")
        if any(re.search(r"=0\.0\.0\.0|=\[?::\]?", word) for word in words):
            scene.act("listen-all")


def script(scene: Scene) -> None:
    """perl, ruby, php, lua, Rscript, tclsh: `-e` or `-r` brings code, else the first word is a file."""
    language = _LANGUAGES.get(scene.program, scene.program)
    words = scene.words
    option = r"-[A-Za-z0-9]*[eE]" if scene.program != "php" else r"-[a-zA-Z]*[rRBE]"
    codes = [words[at + 1] for at, word in enumerate(words[:-1]) if re.fullmatch(option, word)]
    if codes or scene.code:
        scene.act("inline-code")
        scene.code = scene.code or "\n".join(codes)
        scene.language = language
        if any(
            re.fullmatch(r"-[A-Za-z0-9]*i[A-Za-z0-9.]*[eE]?", word) or word.startswith("-i") for word in words
        ) and scene.program in ("perl", "ruby"):
            files = [
                word
                for at, word in enumerate(words)
                if not word.startswith("-") and not re.fullmatch(option, words[at - 1] if at else "")
            ]
            scene.write(*files)
            scene.read(*files)
            scene.texts.extend(codes)
        else:
            scene.read(
                *(word for at, word in enumerate(words) if at and not word.startswith("-") and word not in codes)
            )
        return
    if scene.program == "php" and "-S" in words:
        scene.act("listen")
        if any(re.match(r"0\.0\.0\.0|\[::\]", word) for word in words):
            scene.act("listen-all")
        if "-t" in words[:-1]:
            scene.read(words[words.index("-t") + 1])
        return
    if scene.program in ("ruby", "jruby") and "-run" in words and re.search(r"httpd", " ".join(words)):
        scene.act("listen", "listen-all")
        scene.read(*(word for word in words if re.match(r"[~/.]|\$HOME", word)))
        return
    files = [word for word in words if not word.startswith("-")]
    if files and files[0].rpartition("/")[2] == "artisan":
        framework(scene)
    if files:
        scene.run(files[0])
        if is_address(files[0]):
            scene.act("runs-download")
    else:
        _standard_input(scene, language)


def java(scene: Scene) -> None:
    found = read_arguments(
        scene.words, ("-cp", "-classpath", "--class-path", "-jar", "-p", "--module-path"), long=False
    )
    scene.run(*found.values("-jar"))
    if any(re.match(r"-javaagent:|-agentpath:|-agentlib:(?!jdwp)", word) for word in scene.words):
        scene.act("loads-code")
    if any(re.search(r"jdwp.*address=(?:\*|0\.0\.0\.0)", word) for word in scene.words):
        scene.act("listen-all")


def file_runner(scene: Scene) -> None:
    """Interpreters and emulators whose first word is the file, or address, that they run."""
    found = scene.arguments(("-e", "--eval", "-script", "-cp", "-classpath", "-I", "-L", "-m", "-x", "-l", "--load"))
    for name in (*found.values("-script"), *found.rest[:1]):
        if is_address(name):
            scene.host(name)
            scene.act("download", "runs-download")
        elif re.search(r"[./\\]", name):
            scene.run(name)


_COPIES = re.compile(
    r"(?:\b(?:copyFile|cp)(?:Sync)?|(?<![\w.>:$])(?:copy|move))\s*\(\s*"
    r"(?:(?:'([^'\n]{1,400})'|\"([^\"\n]{1,400})\")\s*,\s*(?:'([^'\n]{1,400})'|\"([^\"\n]{1,400})\"))?"
)
"""Calls that copy, in JavaScript, Perl and PHP, with source and target where both stand there."""
_AWK_WRITES = re.compile(r"\bprintf?\b[^\n;}]{0,400}?>>?\s*\"([^\"\n]{1,400})\"")


_COPYING = frozenset({"javascript", "typescript", "perl", "php"})


def code_facts(scene: Scene) -> None:
    """What the code of the scene does."""
    if not scene.code:
        return
    if scene.language and scene.language not in ("awk", "sed"):
        scene.act("inline-code")
    seen = look(scene.code, scene.language)
    acts = set(seen.acts)
    if scene.language == "awk":
        acts &= {"code-process", "code-shell-socket"}
        scene.write(*_AWK_WRITES.findall(scene.code))
        if re.search(r"/inet/(?:tcp|udp)/", scene.code):
            # What another machine says is run, or only printed.
            acts.add("code-send") if re.search(r"\bprint\w*\b[^\n]{0,400}(?:\|&|>)", scene.code) else None
            acts.add("code-shell-socket" if re.search(r"getline|\bsystem\s*\(", scene.code) else "code-network")
    scene.act(*sorted(acts))
    if acts & {"code-network", "code-fetch-run", "code-shell-socket", "code-send"}:
        scene.host(*seen.addresses)
    if acts & {"code-delete"}:
        scene.delete(*seen.paths)
        scene.act("delete-tree") if re.search(
            r"rmtree|recursive|rm_rf|rm_r\b|remove_tree|rimraf|-Recurse", scene.code
        ) else None
    if "code-network" in acts and seen.addresses and "code-send" not in acts:
        # What is fetched may be stored under any of the names that the code holds.
        scene.write(*seen.paths)
        scene.act("download")
    if acts & {"code-write"}:
        scene.write(*seen.paths)
        scene.texts.append(scene.code)
    for copied in _COPIES.finditer(scene.code) if scene.language in _COPYING else ():
        target = copied[3] or copied[4]
        scene.write(*((target,) if target else seen.paths))
    if acts & {"code-read", "code-process", "code-network"} or not acts:
        scene.read(*seen.paths)
    if "code-environment" in acts:
        scene.carries.add("environment")
        scene.outputs.add("environment")
    scene.outputs.add("download") if acts & {"code-network"} and not acts & {"code-send"} else None


READERS: dict[str, Reader] = readers(
    ("sh bash zsh dash ksh mksh ash fish csh tcsh rbash yash nu elvish xonsh", shell),
    ("source .", source),
    ("python python2 python3 pypy pypy3 py pythonw ipython ipython3", python),
    ("node nodejs tsx ts-node", node),
    ("perl ruby php lua luajit rscript tclsh wish jruby", script),
    ("java javaw", java),
    (
        "groovy jshell kotlinc kotlin scala scala-cli crystal elixir erl escript racket guile sbcl clisp octave"
        " octave-cli raku ocaml runghc runhaskell qjs janet wine wine64 mono box64 qemu-x86_64 qemu-aarch64",
        file_runner,
    ),
)
