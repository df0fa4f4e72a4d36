"""dotnet, go, cargo, java and their kin.

Sources: learn.microsoft.com dotnet, dotnet tool exec, dotnet fsi; `go help run`, `go help build`; `cargo help`,
doc.rust-lang.org/cargo/reference/config.html (`--config` may name programs); the `java` tool's page of JDK 21 (options
that load agents or run commands).
"""

import re

from spawngate.launch import paths
from spawngate.launch.argv import Grammar, word_set
from spawngate.launch.grammar import known
from spawngate.launch.grammar.scan import is_url, scan
from spawngate.launch.scene import Here, Scene


def dnx(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """dnx and `dotnet tool exec`."""
    scene.launcher("dnx", name, words, here)
    scene.acts(here, ("dotnet",))
    start = 0
    if name == "dotnet":
        start = 1 if words[:1] == ("dnx",) else 2
    rest = words[start:]
    server: tuple[str, ...] = ()
    seen = False
    unknown: list[str] = []
    while rest:
        options = scan(rest, known.DNX)
        unknown.extend(options.unknown)
        for option, value in options.options:
            if option in ("--add-source", "--source"):
                scene.notes.add("registry_override", value)
            elif option == "--configfile":
                scene.notes.add("config_override", f"--configfile {value}")
        if seen or not options.rest:
            server = options.rest
            break
        seen = True
        rest = options.rest[1:]
    scene.server(server, here)
    scene.unknown_options(unknown)
    scene.package(name, words, here)


def dotnet(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """dotnet."""
    if words[:2] in (("tool", "exec"), ("tool", "execute")) or words[:1] == ("dnx",):
        dnx(scene, name, words, here)
        return
    scene.acts(here, ("dotnet",))
    command = words[0] if words else ""
    if command in ("run", "watch", "test", "build", "msbuild", "publish"):
        scene.launcher("dotnet-run", name, words, here)
        scene.notes.mark("runs_repository_script")
        if here.main:
            scene.notes.put("source", "local-folder")
        for at, word in enumerate(words):
            if word in ("--project", "--file", "-p") and at + 1 < len(words):
                scene.script(words[at + 1], here)
        scene.server(words[words.index("--") + 1 :] if "--" in words else (), here)
        return
    if command in ("fsi", "script", "csi"):
        scene.launcher("dotnet-script", name, words, here)
        if words[1:2] in (("eval",), ("-e",)):
            scene.inline("csharp", " ".join(words[2:]), here)
            return
        for word in words[1:]:
            if word.startswith(("--use:", "--load:", "--reference:", "-r:")):
                scene.loads(word.partition(":")[0], word.partition(":")[2], here, "fsharp")
        target = next((word for word in words[1:] if not word.startswith("-")), "")
        if target:
            if is_url(target):
                scene.notes.mark("downloads_and_runs")
            scene.script(target, here)
        else:
            scene.inline("fsharp", "", here)
        return
    if command in ("tool", "add", "restore", "new", "nuget", "workload", "package"):
        scene.launcher("dotnet-tool", name, words, here)
        if {"install", "update", "restore", "add"} & set(words[:3]):
            scene.notes.mark("runs_install")
            for at, word in enumerate(words):
                if word in ("--add-source", "--source", "-s", "--configfile") and at + 1 < len(words):
                    scene.notes.add("registry_override", words[at + 1])
        elif words[1:2] == ("run",):
            scene.notes.mark("runs_repository_script")
        return
    scene.launcher("dotnet", name, words, here)
    at = 1 if command == "exec" else 0
    while at < len(words) and words[at].startswith("-"):
        word = words[at]
        if word in ("--additionalprobingpath", "--additional-deps", "--depsfile", "--runtimeconfig"):
            scene.loads(word, words[at + 1] if at + 1 < len(words) else "", here, "csharp")
            at += 1
        elif word in ("--fx-version", "--roll-forward"):
            at += 1
        at += 1
    if at < len(words):
        if here.main:
            scene.notes.say("source", "local-script")
        scene.script(words[at], here)
        scene.server(words[at + 1 :], here)


def go(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """go; options may have one or two dashes."""
    single = tuple(re.sub(r"^--(?=\w)", "-", word) for word in words)
    before = scan(single, known.GO_GLOBAL)
    rest = before.rest
    command = rest[0] if rest else ""
    scene.acts(here, ("go", "git"))
    for value in before.values("-C"):
        scene.script(value, here.inside(main=False))
    scene.launcher("go-run" if command == "run" else f"go-{command}" if command else "go", name, words, here)
    if command in ("install", "get", "mod", "generate", "test", "tool", "build", "vet"):
        if command in ("install", "get"):
            scene.notes.mark("runs_install")
        if command in ("generate", "test", "tool", "build", "vet"):
            scene.notes.mark("runs_repository_script")
    elif command != "run":
        scene.utility(here)
        return
    options = scan(rest[1:], known.GO)
    scene.unknown_options(options.unknown)
    for option, value in options.options:
        if option in ("-exec", "-toolexec", "-vettool"):
            scene.notes.add("argument_injection", f"{option} {value}".strip())
            words_inside = tuple(value.split())
            if words_inside:
                scene.run(words_inside[0], words_inside[1:], here.inside(main=False))
        elif option in ("-overlay", "-modfile", "-pkgdir", "-C"):
            scene.loads(option, value, here, "go")
        elif option in ("-ldflags", "-gcflags") and re.search(r"-extld|-linkmode|-I|-L", value):
            scene.notes.add("argument_injection", f"{option} {value}")
    if not options.rest:
        return
    target = options.rest[0]
    scene.server(words[len(words) - len(options.rest) + 1 :], here)
    purl = scene.package(name, words, here) if command == "run" else ""
    if command == "run" and "@" not in target and (not purl or target.startswith(".")):
        scene.script(target, here)
        if here.main:
            scene.notes.put("source", "local-script" if target.endswith(".go") else "local-folder")
    elif command == "run" and not purl and here.main:
        scene.notes.say("source", "registry")


_CARGO = Grammar(
    word_set("--config -C --color -Z --manifest-path --target-dir --target --profile -p --package --bin --example -F")
    | word_set("--features -j --jobs --message-format --artifact-dir --lockfile-path --git --branch --tag --rev --path")
    | word_set("--root --version --vers --index --registry"),
    word_set("-q --quiet -v --verbose -r --release --frozen --locked --offline --all-features --no-default-features")
    | word_set("--keep-going --ignore-rust-version --unit-graph --bins --examples -f --force --no-track --list -vv"),
)


def cargo(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """cargo; a build runs build scripts, so every build counts."""
    scene.acts(here, ("cargo",))
    rest = words
    if rest and rest[0].startswith("+"):
        if "/" in rest[0] or "\\" in rest[0]:
            scene.notes.add("loads_code", rest[0])
        rest = rest[1:]
    before = scan(rest, _CARGO)
    command = before.rest[0] if before.rest else ""
    after = scan(before.rest[1:], _CARGO)
    scene.launcher("cargo-run" if command in ("run", "r") else "cargo", name, words, here)
    scene.unknown_options((*before.unknown, *after.unknown))
    for value in (*before.values("--config"), *after.values("--config")):
        scene.notes.add("config_override", f"--config {value}")
        if re.search(r"wrapper|runner|linker|rustc|rustdoc|rustflags|alias|credential|\.toml", value):
            scene.notes.add("argument_injection", f"--config {value}")
    for option, value in (*before.options, *after.options):
        if option in ("--index", "--registry"):
            scene.notes.add("registry_override", value)
        elif option in ("--manifest-path", "--path", "-C"):
            scene.script(value, here)
    if command in ("run", "r", "test", "t", "bench", "build", "b", "check", "c", "xtask", "doc", "rustc"):
        scene.notes.mark("runs_repository_script")
        if here.main:
            scene.notes.put("source", "local-folder")
        scene.server(after.rest, here)
    elif command in ("install", "binstall", "add", "update", "fetch"):
        scene.notes.mark("runs_install")
        if after.values("--git") and here.main:
            scene.notes.put("source", "git")
        elif after.rest and here.main:
            scene.notes.put("source", "registry")
    elif re.search(r"\.rs$", command):
        scene.script(command, here)
        if here.main:
            scene.notes.put("source", "local-script")
    elif command in ("", "help", "--version", "version", "search", "tree", "metadata", "clean", "fmt", "clippy"):
        scene.utility(here)
    else:
        scene.notes.mark("runs_repository_script")  # an alias or a program cargo-NAME


def java(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """The Java launcher."""
    scene.launcher("java", name, words, here)
    at, length = 0, len(words)
    target = ""
    classpath = False
    while at < length:
        word = words[at]
        at += 1
        if not word.startswith(("-", "@")):
            target, at = word, at
            break
        option, equals, value = word.partition("=")
        if word in ("-jar",):
            classpath = True
            target = words[at] if at < length else ""
            at += 1
            break
        if word in ("-cp", "-classpath", "--class-path", "-p", "--module-path", "--upgrade-module-path"):
            classpath = True
            _classpath(scene, words[at] if at < length else "", here)
            at += 1
        elif option in ("--class-path", "--module-path", "--upgrade-module-path") and equals:
            classpath = True
            _classpath(scene, value, here)
        elif word in ("-m", "--module"):
            target = words[at] if at < length else ""
            at += 1
            break
        elif word in ("--add-modules", "--add-reads", "--add-exports", "--add-opens", "--patch-module", "--source"):
            if word == "--patch-module" and at < length:
                scene.loads(word, words[at], here, "java")
            at += 1
        elif option in ("--module", "-m") and equals:
            target = value
            break
        elif word.startswith("@"):
            scene.loads("@argfile", word[1:], here, "java")
        elif _agent(word):
            scene.loads(word.partition(":")[0], word.partition(":")[2], here, "java")
            _jdwp(scene, word)
        elif word.startswith(("-XX:OnError=", "-XX:OnOutOfMemoryError=")):
            scene.notes.add("argument_injection", word)
            scene.text(word.partition("=")[2], here.inside(main=False))
        elif option in _JAVA_LOADS and equals:
            scene.loads(option, value, here, "java")
        elif word.startswith("-Dcom.sun.management.jmxremote.port="):
            scene.notes.say("debugger", f"jmx:{value}")
    scene.acts(here, ("java", *(() if classpath else ("java-classpath",))))
    scene.server(words[at:], here)
    if is_url(target):
        scene.notes.mark("downloads_and_runs")
    elif re.search(r"\.(?:jar|war|java)$", target, re.IGNORECASE):
        if here.main and not here.contained:
            scene.notes.say("source", "local-archive" if not target.endswith(".java") else "local-script")
        scene.script(target, here)


_JAVA_LOADS = word_set(
    """
    -XX:Flags -XX:VMOptionsFile -Djava.ext.dirs -Djava.endorsed.dirs -Djava.system.class.loader -Djdk.module.path
    """
)


def _agent(word: str) -> bool:
    return word.startswith(("-javaagent:", "-agentlib:", "-agentpath:", "-Xrun", "-Xbootclasspath", "--patch-module="))


def _jdwp(scene: Scene, word: str) -> None:
    if "jdwp" not in word:
        return
    match = re.search(r"address=([^,]*)", word)
    text = match[1] if match else ""
    host = text.rpartition(":")[0]
    # Before Java 9 a bare port was open to the network; since then it is this machine.
    scene.notes.say("debugger", text if host not in ("", "localhost", "127.0.0.1") else "loopback")


def _classpath(scene: Scene, value: str, here: Here) -> None:
    separator = ";" if ";" in value else ":"
    if separator == ":" and re.match(r"[A-Za-z]:[\\/]", value):
        separator = ";"
    for part in value.split(separator)[:64]:
        if part and (paths.is_relative(part) or paths.place(part) in ("temporary", "downloads")):
            scene.script(part, here.inside(main=False))


def jbang(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """jbang: Java sources from a file, an address or a catalogue."""
    scene.launcher("jbang", name, words, here)
    scene.acts(here, ("java", "jvm", "java-classpath"))
    options = scan(words, _JBANG)
    for code in options.values("-c", "--code"):
        scene.inline("java", code, here)
    scene.notes.add("extra_packages", *options.values("--deps"))
    for value in options.values("--javaagent"):
        scene.loads("--javaagent", value, here, "java")
    scene.notes.add("registry_override", *options.values("--repos"))
    rest = options.rest[1:] if options.rest[:1] == ("run",) else options.rest
    if not rest:
        return
    scene.server(rest[1:], here)
    if is_url(rest[0]):
        scene.notes.mark("downloads_and_runs")
        if here.main:
            scene.notes.put("source", "url")
    elif paths.looks_like_script(rest[0]) and "@" not in rest[0]:
        scene.script(rest[0], here)
        if here.main:
            scene.notes.put("source", "local-script")
    elif here.main:
        scene.notes.put("source", "registry")


_JBANG = Grammar(
    word_set("-c --code --deps --repos --javaagent -j --java --main -m --module --cp --class-path --config -C --files"),
    word_set(
        "--verbose --quiet --fresh --offline -o --insecure --debug -d --native -n --ignore-transitive-repositories"
    ),
)


def builder(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """mvn, gradle, ant, sbt, make, just, task, rake: a file of the working folder says what runs."""
    scene.launcher(name, name, words, here)
    scene.acts(here, (name, "jvm", "java") if name in ("mvn", "mvnw", "gradle", "gradlew", "ant", "sbt") else ("make",))
    scene.notes.mark("runs_repository_script", "searches_cwd")
    if here.main:
        scene.notes.put("source", "local-folder")
    options = scan(words, _MAKE)
    for value in options.values("-f", "--file", "--makefile", "-C", "--directory", "-I", "--justfile", "-b"):
        scene.script(value, here)
    for value in options.values("--eval", "-E"):
        scene.inline("make", value, here)
    for word in words:
        if re.match(r"(?:SHELL|MAKE|CC|CXX|LD|AR)=", word) or re.match(r"-Dexec\.executable=|-Dexec\.args=", word):
            scene.notes.add("argument_injection", word)


_MAKE = Grammar(
    word_set("-f --file --makefile -C --directory -I --include-dir -j --jobs -o -W --eval -E --justfile -b -p -s"),
    word_set("-B -k -n -q -r -R --silent -t -w --no-print-directory"),
)
