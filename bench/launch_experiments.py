"""What launchers really do with their options: a harmless canary is offered to each, and whether it ran is noted.

`python -m bench launch-experiments OUTPUT.json [--tools FOLDER]` runs every experiment in a folder of its own and
writes command, variables and outcome: `ran`, `inert` (the program ended well, the canary did not run) or `refused` (it
ended badly). Launchers that are missing are installed into FOLDER with pip and npm (needs a package index); without
`--tools` they are left out. The canary is the creation of an empty file named `canary` in the experiment's folder.
Must not be here: what the outcomes mean for facts (tests/launch/test_experiments.py). Nothing here imports spawngate.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

JS = "require('fs').writeFileSync('canary','')"
PY = "open('canary','w').close()"
PERL = "open F,'>','canary'"
DENO = "Deno.writeTextFileSync('canary','')"
TOUCH = "touch canary"
SECONDS = 120


@dataclass(frozen=True, slots=True)
class Experiment:
    """One launch. `way` says by what the canary would run: `code` (an option or variable), `script` (the file or
    folder that the launch names)."""

    words: tuple[str, ...]
    env: dict[str, str] = field(default_factory=dict)
    way: str = "code"
    stdin: str = ""


def _say(*words: str, way: str = "code", stdin: str = "", **env: str) -> Experiment:
    return Experiment(words, env, way, stdin)


def experiments() -> Iterator[Experiment]:
    """All experiments, by launcher. Files they name are written by `prepare`."""
    # -- node
    yield _say("node", "-e", JS)
    yield _say("node", "--eval", JS)
    yield _say("node", f"--eval={JS}")
    yield _say("node", f"-e={JS}")
    yield _say("node", f"-e{JS}")
    yield _say("node", "-p", JS)
    yield _say("node", "--print", JS)
    yield _say("node", "-pe", JS)
    yield _say("node", "-ep", JS)
    yield _say("node", "-i", "-e", JS)
    yield _say("node", "--no-warnings", "-e", JS)
    yield _say("node", "--title", "x", "-e", JS)
    yield _say("node", "server.js", "-e", JS)
    yield _say("node", "server.js", "--eval", JS)
    yield _say("node", "--", "server.js", "-e", JS)
    yield _say("node", "-r", "./canary.cjs", "server.js")
    yield _say("node", "--require", "./canary.cjs", "server.js")
    yield _say("node", "--require=./canary.cjs", "server.js")
    yield _say("node", "--import", "./canary.mjs", "server.js")
    yield _say("node", "--import=data:text/javascript,import fs from 'fs';fs.writeFileSync('canary','')", "server.js")
    yield _say("node", "--loader", "./canary.mjs", "server.js")
    yield _say("node", "--experimental_loader", "./canary.mjs", "server.js")
    yield _say("node", "server.js", "--require", "./canary.cjs")
    yield _say("node", "--conditions", "x", "server.js")
    yield _say("node", "--max-old-space-size=512", "server.js")
    yield _say("node", "--enable-source-maps", "server.js")
    yield _say("node", "canary.cjs", way="script")
    yield _say("node", "-", stdin=JS)
    yield _say("node", stdin=JS)
    yield _say("node", "--check", "canary.cjs")
    yield _say("node", "server.js", NODE_OPTIONS="--require ./canary.cjs")
    yield _say("node", "server.js", NODE_OPTIONS="--import=./canary.mjs")
    yield _say("node", "server.js", NODE_OPTIONS="-r ./canary.cjs")
    yield _say("node", "server.js", NODE_OPTIONS="--max-old-space-size=512")
    yield _say("node", "server.js", NODE_OPTIONS="--no-warnings --enable-source-maps")
    yield _say("node", "server.js", node_options="--require ./canary.cjs")
    yield _say("node", "server.js", NODE_REPL_EXTERNAL_MODULE="./canary.cjs")
    yield _say("node", "server.js", BASH_ENV="./canary.sh")
    yield _say("node", "server.js", npm_config_node_options="--require ./canary.cjs")
    yield _say("node", "server.js", PYTHONPATH="./site")
    yield _say("node", "server.js", NODE_DEBUG="module")
    # -- npx and npm
    yield _say("npx", "-c", TOUCH)
    yield _say("npx", "--call", TOUCH)
    yield _say("npx", f"--call={TOUCH}")
    yield _say("npx", f"-c={TOUCH}")
    yield _say("npx", "-yc", TOUCH)
    yield _say("npx", "-qyc", TOUCH)
    yield _say("npx", "-call", TOUCH)
    yield _say("npx", "--no-color", "-c", TOUCH)
    yield _say("npx", "--not-an-option", "--call", TOUCH)
    yield _say("npx", "--not-an-option", "value", "--call", TOUCH)
    yield _say("npx", "--", "-c", TOUCH)
    yield _say("npx", "--offline", "./tool", "-c", TOUCH)
    yield _say("npx", "--offline", "./tool", "--call", TOUCH)
    yield _say("npx", "--offline", "--script-shell", "./canary.sh", "./tool")
    yield _say("npx", "--offline", "--script-shell=./canary.sh", "./tool")
    yield _say("npx", "--offline", "--shell", "./canary.sh", "./tool")
    yield _say("npx", "--offline", "./canary-tool", way="script")
    yield _say("npx", "-y", "--offline", "-p", "./tool", "sh", "-c", TOUCH)
    yield _say("npx", "-y", "--offline", "-p", "./tool", "node", "-e", JS)
    yield _say("npm", "exec", "-c", TOUCH)
    yield _say("npm", "exec", "--call", TOUCH)
    yield _say("npm", "x", f"--call={TOUCH}")
    yield _say("npm", f"--call={TOUCH}", "exec")
    yield _say("npm", "exe", "-c", TOUCH)
    yield _say("npm", "start")
    yield _say("npm", "run", "canary")
    yield _say("npm", "run-script", "canary")
    yield _say("npm", "test")
    yield _say("npm", "--prefix", "./project", "start")
    yield _say("npm", "-C", "./project", "start")
    yield _say("npm", "version", "--help")
    yield _say("npx", "--version", NODE_OPTIONS="--require ./canary.cjs")
    yield _say("npx", "--offline", "-y", npm_config_call=TOUCH)
    yield _say("npx", "--offline", "-y", NPM_Config_CALL=TOUCH)
    yield _say("npx", "--offline", "-y", npm_config_userconfig="./npmrc-canary")
    yield _say("npx", "--offline", "./tool", npm_config_script_shell="./canary.sh")
    yield _say("npx", "--offline", "./tool", **{"npm_config_script-shell": "./canary.sh"})
    yield _say("npx", "--offline", "./tool", NPM_CONFIG_NODE_OPTIONS="--require ./canary.cjs")
    yield _say("npx", "--offline", "./tool", npm_config_loglevel="silent")
    yield _say("npx", "--offline", "./tool", npm_config_yes="true")
    yield _say("npx", "--offline", "./tool", PYTHONSTARTUP="./canary.py")
    # -- python
    yield _say("python3", "-c", PY)
    yield _say("python3", f"-c{PY}")
    yield _say("python3", "-Ic", PY)
    yield _say("python3", "-uc", PY)
    yield _say("python3", "-IBc", PY)
    yield _say("python3", "-W", "ignore", "-c", PY)
    yield _say("python3", "-Wignore", "-c", PY)
    yield _say("python3", "-X", "dev", "-c", PY)
    yield _say("python3", "server.py", "-c", PY)
    yield _say("python3", "--", "server.py", "-c", PY)
    yield _say("python3", "-m", "canarymod", way="script")
    yield _say("python3", "-mcanarymod", way="script")
    yield _say("python3", "-Im", "canarymod")
    yield _say("python3", "-Pm", "canarymod")
    yield _say("python3", "-m", "timeit", "-n", "1", "-r", "1", PY)
    yield _say("python3", "canary.py", way="script")
    yield _say("python3", "./bundle.zip", way="script")
    yield _say("python3", "./bundle", way="script")
    yield _say("python3", "-", stdin=PY)
    yield _say("python3", stdin=PY)
    yield _say("python3", "-W", "error::canarymod.X", "server.py")
    yield _say("python3", "-W", "error::DeprecationWarning", "server.py")
    yield _say("python3", "server.py", PYTHONPATH="./site")
    yield _say("python3", "-E", "server.py", PYTHONPATH="./site")
    yield _say("python3", "-I", "server.py", PYTHONPATH="./site")
    yield _say("python3", "-s", "server.py", PYTHONPATH="./site")
    yield _say("python3", "server.py", pythonpath="./site")
    yield _say("python3", "server.py", PYTHONWARNINGS="error::canarymod.X")
    yield _say("python3", "server.py", PYTHONWARNINGS="error::elsewhere.X", PYTHONPATH="./modules")
    yield _say("python3", "-W", "error::elsewhere.X", "server.py", PYTHONPATH="./modules")
    yield _say("python3", "server.py", PYTHONWARNINGS="ignore")
    yield _say("python3", "server.py", PYTHONWARNINGS="error::DeprecationWarning")
    yield _say("python3", "server.py", PYTHONSTARTUP="./canary.py")
    yield _say("python3", "-i", "server.py", PYTHONSTARTUP="./canary.py")
    yield _say("python3", "-i", PYTHONSTARTUP="./canary.py")
    yield _say("python3", "server.py", PYTHONBREAKPOINT="canarymod.run")
    yield _say("python3", "server.py", PYTHONUNBUFFERED="1")
    yield _say("python3", "server.py", PYTHONDONTWRITEBYTECODE="1")
    yield _say("python3", "server.py", BASH_ENV="./canary.sh")
    yield _say("python3", "server.py", NODE_OPTIONS="--require ./canary.cjs")
    # -- shells
    for shell in ("sh", "bash", "dash"):
        yield _say(shell, "-c", TOUCH)
        yield _say(shell, "-ec", TOUCH)
        yield _say(shell, "-ce", TOUCH)
        yield _say(shell, "-e", "-c", TOUCH)
        yield _say(shell, "-c", "--", TOUCH)
        yield _say(shell, "-c", 'exec "$@"', "x", "touch", "canary")
        yield _say(shell, "server.sh", "-c", TOUCH)
        yield _say(shell, "./canary.sh", way="script")
        yield _say(shell, "-s", stdin=TOUCH)
        yield _say(shell, stdin=TOUCH)
        yield _say(shell, "server.sh", ENV="./canary.sh")
        yield _say(shell, "server.sh", BASH_ENV="./canary.sh")
        yield _say(shell, "server.sh", PROMPT_COMMAND=TOUCH)
        yield _say(shell, "server.sh", NODE_OPTIONS="--require ./canary.cjs")
    yield _say("bash", "-lc", TOUCH)
    yield _say("bash", "--norc", "-c", TOUCH)
    yield _say("bash", "-o", "errexit", "-c", TOUCH)
    yield _say("bash", "--rcfile", "./canary.sh", "server.sh")
    yield _say("bash", "--rcfile", "./canary.sh", "-i", "-c", "true")
    yield _say("bash", "server.sh", **{"BASH_FUNC_true%%": "() { touch canary; }"})
    # -- wrappers
    for words in (
        ("env",), ("env", "A=1"), ("env", "-i", "PATH=/usr/bin:/bin"), ("env", "-u", "A"), ("timeout", "5"),
        ("timeout", "-k", "1", "5"), ("timeout", "--signal=TERM", "5"), ("nice",), ("nice", "-n", "5"), ("nice", "-5"),
        ("nohup",), ("setsid", "-w"), ("stdbuf", "-oL"), ("ionice", "-c", "3"), ("xargs",),
        ("env", "timeout", "5", "nice"),
    ):  # fmt: skip
        yield _say(*words, "touch", "canary")
        yield _say(*words, "sh", "-c", TOUCH)
        yield _say(*words, "node", "-e", JS)
    yield _say("env", "-S", TOUCH)
    yield _say("env", f"-S{TOUCH}")
    yield _say("env", "--split-string=sh -c 'touch canary'")
    yield _say("env", "NODE_OPTIONS=--require ./canary.cjs", "node", "server.js")
    yield _say(
        "env", "-i", "PATH=/usr/local/bin:/usr/bin:/bin", "node", "server.js", NODE_OPTIONS="--require ./canary.cjs"
    )
    yield _say("env", "BASH_ENV=./canary.sh", "bash", "server.sh")
    yield _say("script", "-qec", TOUCH, "/dev/null")
    yield _say("flock", "lock", "-c", TOUCH)
    yield _say("flock", "lock", "touch", "canary")
    yield _say("find", ".", "-maxdepth", "0", "-exec", "touch", "canary", ";")
    yield _say("find", ".", "-maxdepth", "0", "-print")
    # -- the dynamic linker
    for program in ("node", "python3", "perl"):
        script = {"node": "server.js", "python3": "server.py", "perl": "server.pl"}[program]
        yield _say(program, script, LD_PRELOAD="./canary.so")
        yield _say(program, script, LD_AUDIT="./canary.so")
        yield _say(program, script, ld_preload="./canary.so")
        yield _say(program, script, DYLD_INSERT_LIBRARIES="./canary.so")
    # -- tools
    yield _say("git", "-c", "alias.x=!touch canary", "x")
    yield _say("git", "-c", "core.pager=touch canary", "--version")
    yield _say("git", "-c", "core.sshCommand=touch canary #", "ls-remote", "ssh://localhost.invalid/x")
    yield _say("git", "ls-remote", "--upload-pack=touch canary #", "./repository")
    yield _say("git", "ls-remote", "ext::touch canary")
    yield _say("git", "-c", "protocol.ext.allow=always", "ls-remote", "ext::touch canary")
    yield _say("git", "--version", "-c", "alias.x=!touch canary")
    yield _say("git", "x", GIT_CONFIG_COUNT="1", GIT_CONFIG_KEY_0="alias.x", GIT_CONFIG_VALUE_0="!touch canary")
    yield _say("git", "ls-remote", "ssh://localhost.invalid/x", GIT_SSH_COMMAND="touch canary #")
    yield _say("git", "--version", NODE_OPTIONS="--require ./canary.cjs")
    yield _say("tar", "-cf", "/dev/null", "--checkpoint=1", "--checkpoint-action=exec=touch canary", "server.js")
    yield _say("tar", "-cf", "/dev/null", "--checkpoint=1", "--checkpoint-act=exec=touch canary", "server.js")
    yield _say("tar", "-cf", "x.tar", "-I", "./canary.sh", "server.js")
    yield _say("tar", "cIf", "./canary.sh", "x.tar", "server.js")
    yield _say("tar", "-cf", "/dev/null", "--checkpoint=1", "--checkpoint-action=dot", "server.js")
    yield _say("tar", "-cf", "/dev/null", "server.js")
    yield _say("zip", "-q", "x.zip", "server.js", "-T", "-TT", "touch canary #")
    yield _say("ssh", "-o", "ProxyCommand=touch canary", "localhost.invalid")
    yield _say("ssh", "-oProxyCommand=touch canary", "localhost.invalid")
    yield _say("awk", 'BEGIN{system("touch canary")}')
    yield _say("sed", "1e touch canary", "server.js")
    yield _say("sed", "s/x/y/", "server.js")
    yield _say("sort", "--compress-program=./canary.sh", "-S", "1", "big.txt")
    yield _say("make", "canary")
    yield _say("make", "-s", "--eval", "all: ; @touch canary", "all")
    yield _say("perl", "-e", PERL)
    yield _say("perl", f"-e{PERL}")
    yield _say("perl", "-we", PERL)
    yield _say("perl", "-le", PERL)
    yield _say("perl", "-I.", "-MCanary", "-e", "1")
    yield _say("perl", "server.pl", "-e", PERL)
    yield _say("perl", "canary.pl", way="script")
    yield _say("perl", "server.pl", PERL5OPT="-I. -MCanary")
    yield _say("perl", "server.pl", PERL5DB="BEGIN { open F,'>','canary' }")
    yield _say("perl", "-d", "server.pl", PERL5DB="BEGIN { open F,'>','canary' } sub DB::DB {}")
    yield _say("perl", "server.pl", PERL5LIB="./lib")
    # -- compiled languages
    yield _say("java", "Canary.java", way="script")
    yield _say("java", "-cp", "classes", "Canary", way="script")
    yield _say("java", "-javaagent:agent.jar", "-cp", "classes", "Server")
    yield _say("java", "-cp", "classes", "Server", JAVA_TOOL_OPTIONS="-javaagent:agent.jar")
    yield _say("java", "-cp", "classes", "Server", _JAVA_OPTIONS="-javaagent:agent.jar")
    yield _say("java", "-cp", "classes", "Server", JDK_JAVA_OPTIONS="-javaagent:agent.jar")
    yield _say("java", "-cp", "classes", "Server", JAVA_TOOL_OPTIONS="-Xmx64m")
    yield _say("java", "-cp", "classes", "Server", "-javaagent:agent.jar")
    yield _say("java", "@arguments", way="code")
    yield _say("go", "run", "./canary.go", way="script")
    yield _say("go", "run", "-exec", "./canary.sh", "./server.go")
    yield _say("go", "run", "--exec=./canary.sh", "./server.go")
    yield _say("go", "run", "./server.go", "-exec", "./canary.sh")
    yield _say("go", "run", "./server.go", GOFLAGS="-exec=./canary.sh")
    yield _say("go", "run", "./server.go", GOFLAGS="-mod=mod")
    yield _say("cargo", "run", "-q", "--manifest-path", "crate/Cargo.toml")
    yield _say("cargo", "build", "-q", "--manifest-path", "plain/Cargo.toml", RUSTC_WRAPPER="./canary.sh")
    yield _say(
        "cargo", "--config", "build.rustc-wrapper='./canary.sh'", "build", "-q", "--manifest-path", "plain/Cargo.toml"
    )
    # -- launchers that are installed for the purpose
    yield _say("tsx", "-e", JS)
    yield _say("tsx", "canary.cjs", way="script")
    yield _say("tsx", "--require", "./canary.cjs", "server.js")
    yield _say("tsx", "server.js", "-e", JS)
    yield _say("pnpm", "-c", "exec", TOUCH)
    yield _say("pnpm", "exec", "-c", TOUCH)
    yield _say("pnpm", "exec", "touch", "canary")
    yield _say("pnpm", "start")
    yield _say("pnpm", "run", "canary")
    yield _say("yarn", "-s", "start")
    yield _say("yarn", "-s", "run", "canary")
    yield _say("yarn", "-s", "node", "-e", JS)
    yield _say("bun", "-e", JS)
    yield _say("bun", "--eval", JS)
    yield _say("bun", "-p", JS)
    yield _say("bun", "--preload", "./canary.cjs", "server.js")
    yield _say("bun", "-r", "./canary.cjs", "server.js")
    yield _say("bun", "run", "canary")
    yield _say("bun", "run", "canary.cjs", way="script")
    yield _say("bun", "server.js", "-e", JS)
    yield _say("bun", "exec", TOUCH)
    yield _say("bun", "server.js", BUN_OPTIONS="--preload ./canary.cjs")
    yield _say("deno", "eval", DENO)
    yield _say("deno", "run", "-A", "canary-deno.ts", way="script")
    yield _say("deno", "run", "-A", "--preload", "./canary-deno.ts", "server.ts")
    yield _say("deno", "run", "-A", "data:application/typescript,Deno.writeTextFileSync('canary','')")
    yield _say("deno", "-A", "canary-deno.ts", way="script")
    yield _say("deno", "run", "server.ts", "--preload", "./canary-deno.ts")
    yield _say("deno", "task", "canary")
    yield _say("uv", "run", "--no-project", "python", "-c", PY)
    yield _say("uv", "run", "--no-project", "canary.py", way="script")
    yield _say("uv", "run", "--no-project", "-m", "canarymod", way="script")
    yield _say("uv", "run", "--no-project", "sh", "-c", TOUCH)
    yield _say("uv", "run", "--no-project", "-", stdin=PY)
    yield _say("uv", "run", "--no-project", "server.py", "-c", PY)
    yield _say("uv", "run", "--no-project", "server.py", PYTHONPATH="./site")
    yield _say("uv", "run", "--no-project", "server.py", PYTHONSTARTUP="./canary.py")
    yield _say("uvx", "python", "-c", PY)
    yield _say("uvx", "python", "server.py", PYTHONPATH="./site")
    yield _say("pipx", "run", "./canary.py", way="script")
    yield _say("pipx", "run", "--path", "./canary.py", way="script")


FILES = {
    "canary.cjs": JS + "\n",
    "canary.mjs": "import fs from 'fs';\nfs.writeFileSync('canary','');\n",
    "canary.py": PY + "\n",
    "canarymod.py": PY + "\ndef run(*_): pass\n",
    "canary.sh": "#!/bin/sh\n: > canary\n",
    "canary.pl": PERL + ";\n",
    "Canary.pm": "package Canary;\n" + PERL + ";\n1;\n",
    "canary-deno.ts": DENO + "\n",
    "server.js": "0;\n",
    "server.py": "0\n",
    "server.sh": "true\n",
    "server.pl": "use strict;\n1;\n",
    "server.ts": "0;\n",
    "site/sitecustomize.py": PY + "\n",
    "modules/elsewhere.py": PY + "\n",
    "canary.c": "#include <fcntl.h>\n__attribute__((constructor)) static void run(void)"
    '{open("canary",O_CREAT|O_WRONLY,0600);}\n',
    "bundle/__main__.py": PY + "\n",
    "package.json": json.dumps({"name": "p", "scripts": {"start": TOUCH, "canary": TOUCH, "test": TOUCH}}),
    "project/package.json": json.dumps({"name": "q", "scripts": {"start": "touch ../canary"}}),
    "tool/package.json": json.dumps({"name": "tool", "version": "1.0.0", "bin": "tool.js"}),
    "tool/tool.js": "#!/usr/bin/env node\n0;\n",
    "canary-tool/package.json": json.dumps({"name": "canary-tool", "version": "1.0.0", "bin": "tool.js"}),
    "canary-tool/tool.js": "#!/usr/bin/env node\n" + JS + "\n",
    "npmrc-canary": "call=touch canary\n",
    "deno.json": json.dumps({"tasks": {"canary": TOUCH}}),
    "Makefile": "canary:\n\t@touch canary\n",
    "Canary.java": 'public class Canary{public static void main(String[] a)throws Exception{new java.io.File("canary")'
    ".createNewFile();}}\n",
    "Server.java": "public class Server{public static void main(String[] a){}}\n",
    "Agent.java": 'public class Agent{public static void premain(String a)throws Exception{new java.io.File("canary")'
    ".createNewFile();}}\n",
    "manifest": "Premain-Class: Agent\n",
    "arguments": "-javaagent:agent.jar -cp classes Server\n",
    "canary.go": 'package main\nimport "os"\nfunc main() { os.WriteFile("canary", nil, 0600) }\n',
    "server.go": "package main\nfunc main() {}\n",
    "go.mod": "module example.invalid/m\ngo 1.20\n",
    "crate/Cargo.toml": '[package]\nname = "crate"\nversion = "0.1.0"\nedition = "2021"\n',
    "crate/src/main.rs": 'fn main() { std::fs::write("canary", "").unwrap(); }\n',
    "plain/Cargo.toml": '[package]\nname = "plain"\nversion = "0.1.0"\nedition = "2021"\n',
    "plain/src/main.rs": "fn main() {}\n",
    "big.txt": "line\n" * 20_000,
    "lib/strict.pm": "package strict;\n" + PERL + ";\nsub import {} 1;\n",
}


def prepare(folder: Path, compiled: Path | None) -> None:
    """Write the files that the experiments name."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        if text.startswith("#!"):
            path.chmod(0o755)
    with zipfile.ZipFile(folder / "bundle.zip", "w") as archive:
        archive.writestr("__main__.py", PY + "\n")
    subprocess.run(["git", "init", "-q", "repository"], cwd=folder, check=True, capture_output=True)
    if shutil.which("gcc"):
        subprocess.run(["gcc", "-shared", "-fPIC", "-o", "canary.so", "canary.c"], cwd=folder, check=True)
    if compiled is not None:
        shutil.copytree(compiled / "classes", folder / "classes")
        shutil.copy(compiled / "agent.jar", folder / "agent.jar")


def compile_java(folder: Path) -> Path | None:
    """Classes and an agent, compiled once; None where there is no compiler."""
    if not (shutil.which("javac") and shutil.which("jar")):
        return None
    prepare(folder, None)
    steps = (
        ("javac", "-d", "classes", "Canary.java", "Server.java"),
        ("javac", "-d", "agent", "Agent.java"),
        ("jar", "cfm", "agent.jar", "manifest", "-C", "agent", "."),
    )
    for step in steps:
        subprocess.run(step, cwd=folder, check=True, capture_output=True)
    return folder


def install(folder: Path) -> list[str]:
    """Install the launchers that are missing; the folders with their programs."""
    folder.mkdir(parents=True, exist_ok=True)
    venv = folder / "venv"
    if not venv.exists():
        subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
        subprocess.run([str(venv / "bin" / "pip"), "install", "-q", "uv", "pipx"], check=True)
    modules = folder / "node_modules"
    if not modules.exists():
        (folder / "package.json").write_text("{}")
        packages = ("tsx", "pnpm@9", "yarn@1", "bun", "deno")
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", *packages], cwd=folder, check=True)
        # Some registries' clients leave install scripts out; bun fetches its program in one.
        script = modules / "bun" / "install.js"
        if script.exists():
            subprocess.run(["node", str(script)], cwd=script.parent, check=False)
    tools = folder / "bin"
    tools.mkdir(exist_ok=True)
    for name in ("uv", "uvx", "pipx"):
        link = tools / name
        if not link.exists():
            link.symlink_to(venv / "bin" / name)
    return [str(tools), str(modules / ".bin")]


def run(experiment: Experiment, paths: Sequence[str], compiled: Path | None) -> dict[str, object] | None:
    """One experiment in a folder of its own; None where its program is not there."""
    # A shim of a version manager in front of the interpreter is a shell script and would act on other variables.
    search = os.pathsep.join((*paths, str(Path(sys.base_prefix) / "bin"), os.environ.get("PATH", "")))
    if shutil.which(experiment.words[0], path=search) is None:
        return None
    with tempfile.TemporaryDirectory(prefix="launch-") as name:
        folder = Path(name)
        prepare(folder, compiled)
        env = {
            key: os.environ[key] for key in ("HOME", "LANG", "TMPDIR", "RUSTUP_HOME", "CARGO_HOME") if key in os.environ
        }
        env |= {"PATH": search, "npm_config_cache": str(Path(tempfile.gettempdir()) / "launch-experiments-npm")}
        env |= {"DENO_NO_UPDATE_CHECK": "1", "UV_OFFLINE": "1", "GOTOOLCHAIN": "local", "GOPROXY": "off"}
        env |= experiment.env
        try:
            done = subprocess.run(
                experiment.words,
                cwd=folder,
                env=env,
                input=experiment.stdin.encode(),
                capture_output=True,
                timeout=SECONDS,
            )
        except subprocess.TimeoutExpired:
            return None
        ran = (folder / "canary").exists()
    outcome = "ran" if ran else "inert" if done.returncode == 0 else "refused"
    record: dict[str, object] = {"command": experiment.words[0], "args": list(experiment.words[1:])}
    if experiment.env:
        record["env"] = experiment.env
    return record | {"way": experiment.way, "outcome": outcome}


def main(arguments: Sequence[str]) -> int:
    """Run all experiments and write the outcomes."""
    if not arguments:
        print("usage: launch-experiments OUTPUT.json [--tools FOLDER]", file=sys.stderr)
        return 2
    output = Path(arguments[0])
    paths = install(Path(arguments[2]).resolve()) if arguments[1:2] == ["--tools"] and len(arguments) > 2 else []
    records = []
    missing: dict[str, int] = {}
    with tempfile.TemporaryDirectory(prefix="launch-java-") as name:
        compiled = compile_java(Path(name))
        for experiment in experiments():
            record = run(experiment, paths, compiled)
            if record is None:
                missing[experiment.words[0]] = missing.get(experiment.words[0], 0) + 1
            else:
                records.append(record)
    output.write_text(json.dumps(records, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for outcome in ("ran", "inert", "refused"):
        print(f"{outcome:<8}{sum(record['outcome'] == outcome for record in records)}")
    if missing:
        print("left out: " + ", ".join(f"{program} ({count})" for program, count in missing.items()))
    return 0
