"""Build and task runners: make, cmake, just, task, cargo, go and others.

What a file of the project defines under a name is a named script (`starts.named`): its text is elsewhere.
Sources: make(1) and the GNU make manual (`--eval`, `SHELL=`, variables that hold `$(shell ...)`, `-f -`), cmake(1)
(`-E env`, `-E time`, `-E chdir`), just(1) (`--command`, `--shell`), taskfile.dev CLI, `go help build` (`-exec`,
`-toolexec`), `go help run`, the cargo book (`--config`, runner and wrapper settings), rake, invoke, ant, gradle,
mvn manuals (named only).
Must not be here: package managers (`packages`).

"""

import re

from spawngate.command.spawn import Word
from spawngate.command.unwrap import starts
from spawngate.command.unwrap.code import shell_outs
from spawngate.command.unwrap.inner import Inner, Unwrapped
from spawngate.command.unwrap.options import Syntax, cut, read

_MAKE = Syntax(
    "bC:def:hiI:j::kl::mnNo:OpqrRsStvwW:E:BL",
    "always-make/B directory=/C debug? environment-overrides/e eval=/E file=/f makefile=/f help/h ignore-errors/i"
    " include-dir=/I jobs?/j jobserver-auth= keep-going/k load-average?/l max-load?/l check-symlink-times/L"
    " just-print/n dry-run/n recon/n old-file=/o assume-old=/o output-sync?/O print-data-base/p question/q"
    " no-builtin-rules/r no-builtin-variables/R silent/s quiet/s no-silent no-keep-going/S stop/S touch/t trace"
    " version/v print-directory/w no-print-directory what-if=/W new-file=/W assume-new=/W warn-undefined-variables"
    " shuffle?",
    permutes=True,
)
_VARIABLE = re.compile(r"([^\s:=?!+]+)\s*([:?!+]{0,3})=(.*)", re.DOTALL)


_USUAL_SHELL = re.compile(r"(?:/(?:usr/)?(?:local/)?bin/|/usr/bin/env )?(?:ba|da|z|k|a)?sh")
"""With which make runs the recipes that it runs anyway."""


def make(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """make: targets are named; variables and `--eval` may hold commands."""
    options = read(words, _MAKE)
    if options.has("h", "v"):
        return None
    inners: list[Inner] = []
    cwd = options.text("C")
    for value in options.values("E"):
        inners += shell_outs(value.text, "make")
    targets: list[Word] = []
    for word in options.rest:
        match = _VARIABLE.fullmatch(word.text)
        if match is None:
            targets.append(word)
            continue
        value = cut(word, match.start(3))
        if match[1] in ("SHELL", "MAKESHELL"):
            if _USUAL_SHELL.fullmatch(value.text) is None:
                spaced = " " in value.text
                inners += starts.line(value, cwd=cwd) if spaced else starts.command((value,), appended=True, cwd=cwd)
        elif "!" in match[2] or (
            match[1]
            in (
                "CC",
                "CXX",
                "LD",
                "AR",
                "AS",
                "CPP",
                "FC",
                "RM",
                "MAKE",
                "INSTALL",
                "PYTHON",
                "NODE",
            )
            and re.search(r"[;&|`$]", value.text)
        ):
            inners += starts.line(value, cwd=cwd)
        else:
            inners += shell_outs(value.text, "make")
    if any(value.text in ("-", "/dev/stdin") or value.spawns for value in options.values("f")):
        inners.append(starts.reads("make", cwd=cwd))
        return Unwrapped(name, tuple(inners))
    if not options.has("n", "q", "p"):
        inners += [starts.named(target, cwd=cwd) for target in targets or [Word("all")]]
    return Unwrapped(name, tuple(inners), stays=True) if inners else None


def cmake(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """cmake -E env|time|chdir COMMAND; `-P` and a build are named."""
    texts = [word.text for word in words]
    if texts[:1] == ["-E"] and len(words) > 2:
        what, rest = texts[1], words[2:]
        if what == "env":
            options = read(rest, Syntax("", "unset= modify=", fuzzy=False))
            assignments, inner = starts.assigned(options.rest)
            if inner and inner[0].text == "--":
                inner = inner[1:]
            return Unwrapped(name, starts.command(inner, assignments=assignments)) if inner else None
        if what == "time":
            return Unwrapped(name, starts.command(rest))
        if what == "chdir" and len(rest) > 1:
            return Unwrapped(name, starts.command(rest[1:], cwd=rest[0].text))
        return None
    if texts[:1] == ["-P"] and len(words) > 1:
        return Unwrapped(name, (starts.named(words[1], *words[2:]),), stays=True)
    if texts[:1] == ["--build"]:
        return Unwrapped(name, (starts.named(Word("build")),), stays=True)
    return None


_JUST = Syntax(
    "f:d:c:s:qnvleuyx:",
    "justfile=/f working-directory=/d command=/c shell= shell-arg= set= show=/s chooser= choose color= dump-format="
    " list/l list-heading= summary evaluate fmt/fmt init edit/e dry-run/n quiet/q verbose/v variables/variables"
    " unstable/u yes no-deps dotenv-filename= dotenv-path= global-justfile/g shell-command clear-shell-args"
    " highlight no-highlight completions= dump man changelog timestamp timestamp-format= one tempdir= help version",
    fuzzy=False,
)


def just(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """just: recipes are named; `-c` takes all words behind it."""
    at = next((at for at, word in enumerate(words) if word.text in ("-c", "--command")), -1)
    if at >= 0 and not read(words[:at], _JUST).rest:
        return Unwrapped(name, starts.command(words[at + 1 :]), stays=True) if words[at + 1 :] else None
    options = read(words, _JUST)
    command = options.last("c")
    if command is not None:
        return Unwrapped(name, starts.command((command, *options.rest)), stays=True)
    if options.has("l", "summary", "evaluate", "fmt", "init", "s", "dump", "n", "completions", "help", "version", "e"):
        return None
    inners: list[Inner] = []
    for value in options.values("shell", "chooser"):
        inners += starts.command((value,), appended=True)
    rest = tuple(word for word in options.rest if "=" not in word.text)
    inners.append(starts.named(rest[0] if rest else Word("default"), *rest[1:]))
    return Unwrapped(name, tuple(inners), stays=True)


_RUNNERS: dict[str, Syntax] = {
    "task": Syntax("d:t:o:C:I:paflnsvwyxg", "dir=/d taskfile=/t output=/o concurrency=/C interval=/I parallel/p"
        " list/l list-all/a dry/n summary force/f silent/s verbose/v watch/w yes/y exit-code/x global/g init/i"
        " version help status", fuzzy=False),
    "rake": Syntax("f:C:I:r:e:p:E:NPTAnqsvtV", "rakefile=/f directory=/C execute=/e execute-print=/p"
        " execute-continue=/E tasks?/T dry-run/n quiet/q silent/s trace?/t version/V", fuzzy=False),
    "invoke": Syntax("c:r:f:eldpD:R", "collection=/c search-root=/r config=/f list?/l dry/R echo/e", fuzzy=False),
    "inv": Syntax("c:r:f:eldpD:R", "collection=/c search-root=/r config=/f list?/l dry/R echo/e", fuzzy=False),
    "mage": Syntax("d:w:flvh", "l init compile=", single=True, fuzzy=False),
    "gulp": Syntax("f:", "gulpfile=/f cwd= tasks/T", fuzzy=False),
    "grunt": Syntax("b:", "gruntfile= base=/b", fuzzy=False),
    "turbo": Syntax("F:", "filter=/F cwd= concurrency=", fuzzy=False),
    "nx": Syntax("t:p:", "target=/t projects=/p", fuzzy=False),
    "lerna": Syntax("", "scope= stream concurrency=", fuzzy=False),
    "tox": Syntax("e:c:f:", "env=/e conf=/c list/l", fuzzy=False),
    "nox": Syntax("s:f:t:k:", "sessions=/s session=/s noxfile=/f tags=/t list/l", fuzzy=False),
    "gradle": Syntax("p:b:x:P:D:I:m", "project-dir=/p build-file=/b exclude-task=/x init-script=/I dry-run/m"
        " offline daemon no-daemon console= quiet/q", fuzzy=False),
    "mvn": Syntax("f:pl:P:D:qBoXeUT:", "file=/f quiet/q batch-mode/B offline/o", fuzzy=False),
    "ant": Syntax("f:D:l:", "buildfile=/f", single=True, fuzzy=False),
    "ninja": Syntax("C:f:j:l:k:d:w:t:nv", "version verbose/v quiet", fuzzy=False),
    "bazel": Syntax("", "", fuzzy=False),
    "scons": Syntax("C:f:j:cQsnuUD", "directory=/C file=/f jobs=/j", fuzzy=False),
    "meson": Syntax("C:", "", fuzzy=False),
    "waf": Syntax("", "", fuzzy=False),
}  # fmt: skip
_SUB = {"turbo": "run", "lerna": "run", "nx": "run", "bazel": "run", "meson": "test"}
_EXECUTES = {"tox": ("exec", "e"), "lerna": ("exec",), "nx": ("exec",)}
"""Sub-commands behind which words are the command."""
_ALIASES = {"gmake": "make", "bmake": "make", "gradlew": "gradle", "mvnw": "mvn", "go-task": "task"}


def runner(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """A task runner of the table: what it is asked for is named; rake also takes code."""
    kind = _ALIASES.get(name, name)
    options = read(words, _RUNNERS[kind])
    if kind == "rake" and options.has("e", "p", "E"):
        code = options.last("e", "p", "E") or Word("")
        return Unwrapped(name, (starts.code(code, "ruby"), *shell_outs(code.text, "ruby")))
    if options.has("l", "a", "T", "version", "help", "V", "n", "R", "init", "summary", "status"):
        return None
    rest = tuple(word for word in options.rest if "=" not in word.text)
    if name == "task" and rest and rest[0].text in ("execute", "exec"):
        # Taskwarrior, not go-task.
        return Unwrapped(name, starts.joined(options.rest[1:]), stays=True)
    if rest and rest[0].text in _EXECUTES.get(kind, ()):
        at = next(place for place, word in enumerate(words) if word is rest[0]) + 1
        behind = read(words[at:], _RUNNERS[kind])
        return Unwrapped(name, starts.command(behind.rest, unknown=behind.unknown), stays=True)
    if kind in _SUB:
        if not rest or rest[0].text != _SUB[kind]:
            return None
        rest = rest[1:]
    if not rest:
        session = options.last("s", "e") if kind in ("nox", "tox") else None
        if kind not in ("rake", "task", "gulp", "grunt", "tox", "nox", "ninja", "scons", "ant") and session is None:
            return None
        rest = (session or Word("default"),)
    return Unwrapped(name, (starts.named(rest[0], *rest[1:]),), stays=True)


RUNNERS = frozenset(_RUNNERS) | {name for name, kind in _ALIASES.items() if kind != "make"}

_GO = Syntax(
    "p:C:o:anvx",
    "mod= modfile= overlay= pkgdir= tags= toolexec= ldflags= gcflags= asmflags= buildmode= compiler= gccgoflags="
    " installsuffix= pgo= covermode= coverpkg= coverprofile= exec= run= bench= count= timeout= cpu= parallel="
    " vettool= vet= race msan asan cover work json modcacherw trimpath linkshared buildvcs? short failfast list="
    " C=/C p=/p o=/o a n v x c benchtime= benchmem fuzz= fuzztime= args shuffle= skip= u t d",
    single=True,
    fuzzy=False,
)


def go(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """go run (named), and the programs that -exec, -toolexec and -vettool put in front."""
    before = read(words, Syntax("", "C=", single=True, fuzzy=False))
    if not before.rest:
        return None
    command = before.rest[0].text
    options = read(before.rest[1:], _GO)
    cwd = before.text("C") or options.text("C")
    inners: list[Inner] = []
    for key in ("exec", "toolexec", "vettool"):
        for value in options.values(key):
            inners += starts.line(value, appended=True, cwd=cwd)
    if command == "run" and options.rest:
        inners.append(starts.named(options.rest[0], *options.rest[1:], cwd=cwd))
    elif command == "generate":
        inners.append(starts.named(Word("generate"), cwd=cwd))
    elif command == "tool" and options.rest and re.search(r"[./]", options.rest[0].text):
        inners.append(starts.named(options.rest[0], *options.rest[1:], cwd=cwd))
    return Unwrapped(name, tuple(inners), stays=True) if inners else None


_CARGO = Syntax(
    "vqZ:C:p:j:F:",
    "config= color= verbose/v quiet/q frozen locked offline list explain= package=/p bin= example= jobs=/j"
    " features=/F all-features no-default-features target= target-dir= manifest-path= message-format= release"
    " profile= lib bins tests test= bench= benches all-targets workspace exclude= no-run no-fail-fast keep-going",
    fuzzy=False,
)
_CARGO_RUNS = re.compile(
    r"\s*(?:target\..+\.(?:runner|linker)|build\.(?:rustc|rustc-wrapper|rustc-workspace-wrapper|rustdoc)|alias\.[\w-]+)\s*=\s*(.*)",
    re.DOTALL,
)


def cargo(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """cargo run (named), and settings that put programs in front."""
    if words and words[0].text.startswith("+"):
        words = words[1:]
    before = read(words, _CARGO)
    inners: list[Inner] = []
    options = read(before.rest[1:], _CARGO)
    cwd = before.text("C")
    for value in (*before.values("config"), *options.values("config")):
        match = _CARGO_RUNS.match(value.text)
        if match and not value.text.lstrip().startswith("alias"):
            parts = re.findall(r"\"((?:[^\"\\]|\\.)*)\"|'([^']*)'", match[1])
            texts = [first or second for first, second in parts]
            if texts:
                text = texts[0] if len(texts) == 1 else ""
                if text:
                    inners += starts.line(Word(text, value.opaque), appended=True, cwd=cwd)
                else:
                    inners += starts.command(tuple(Word(one, value.opaque) for one in texts), appended=True, cwd=cwd)
    command = before.rest[0].text if before.rest else ""
    if command in ("run", "r"):
        target = options.last("bin", "example", "p") or Word("run")
        inners.append(starts.named(target, *options.rest, cwd=cwd))
    elif command == "watch":
        watching = read(
            before.rest[1:],
            Syntax("x:s:w:i:d:cqWE:C:", "exec=/x shell=/s watch=/w ignore=/i delay=/d clear/c", fuzzy=False),
        )
        for value in watching.values("s"):
            inners += starts.line(value, repeated=True)
        for value in watching.values("x"):
            inners += starts.line(Word(f"cargo {value.text}", value.opaque), repeated=True)
        inners += starts.command(watching.rest, repeated=True)
    elif command in ("script", "xtask") and options.rest:
        inners.append(starts.named(options.rest[0], *options.rest[1:]))
    return Unwrapped(name, tuple(inners), stays=True) if inners else None


def dotnet(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """dotnet run, script and exec (named)."""
    if not words or words[0].text not in ("run", "script", "exec", "fsi", "watch"):
        return None
    rest = tuple(word for word in words[1:] if not word.text.startswith("-"))
    return Unwrapped(name, (starts.named(rest[0] if rest else words[0], *rest[1:]),), stays=True)


def launcher(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """ccache and its kin."""
    if not words or words[0].text.startswith("-"):
        return None
    return Unwrapped(name, starts.command(words))
