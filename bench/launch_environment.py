"""Attacks by the environment on real interpreters behind the launcher, and on the launcher itself.

    python -m bench launch-environment [--show]

Every attack is a variable that makes a real program run a payload, which is first shown without Spawngate. Then the
same variable stands in the entry (approved by mistake), in the agent's own environment around an approved entry, and in
that of an entry that nobody knows but whose launch is approved. After that every variable of the table in
`launch.environment`, and more that real loaders know, is given to the launcher alone. Exit code 1 where a payload ran.
Must not be here: the stage (`launch_stage`), and arguments (`launch_canaries`).
"""

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import launch_stage as stage
from bench.daemon import Daemon
from spawngate.endpoint.launcher.place import installed_launcher
from spawngate.launch.environment import _TABLE  # all of it, so that what is added to it is tried too

SERVERS = Path(__file__).with_name("launch_servers")
EVIL = stage.HOME / "evil"
CANARY = stage.CANARIES / stage.NAME
PATH = "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
PY = f"open({os.fspath(CANARY)!r},'a').write('python\\n')\n"
JS = f"require('fs').appendFileSync({os.fspath(CANARY)!r},'node\\n');\n"
ESM = f"import fs from 'node:fs';fs.appendFileSync({os.fspath(CANARY)!r},'node\\n');"
SH = f"echo shell >> {CANARY}\n"
PL = f"open(my $f,'>>','{CANARY}'); print $f \"perl\\n\"; close $f;\n"
LIBRARY = f"""#include <fcntl.h>
#include <unistd.h>
__attribute__((constructor)) static void run(void) {{
    char path[256];
    long size = readlink("/proc/self/exe", path, sizeof path - 1);
    int file = open("{CANARY}", O_WRONLY | O_CREAT | O_APPEND, 0666);
    if (size <= 0 || file == -1) return;
    path[size] = '\\n';
    if (write(file, path, (unsigned long)size + 1) < 0) return;
}}
unsigned la_version(unsigned version) {{ return version; }}
"""
AGENT = (
    "public class Agent { public static void premain(String a) throws Exception {"
    f' try (var f = new java.io.FileWriter("{CANARY}", true)) {{ f.write("java\\n"); }} }} }}'
)
FILES = {
    "c.cjs": JS,
    "c.mjs": ESM,
    "c.sh": SH,
    "sitecustomize.py": PY,
    "usercustomize.py": PY,
    "canary.py": PY + "class X(Warning): pass\n",
    "lib/python3.11/site-packages/usercustomize.py": PY,
    "lib/python3.11/encodings/__init__.py": PY,
    "lib/python3.11/os.py": PY,
    "Canary.pm": "package Canary;\n" + PL + "1;\n",
    "strict.pm": "package strict;\n" + PL + "sub import {} 1;\n",
    "perl5db.pl": PL + "package DB; sub DB {} 1;\n",
    "canary.rb": f"File.open('{CANARY}','a'){{|f| f.puts 'ruby'}}\n",
    "rubygems.rb": f"File.open('{CANARY}','a'){{|f| f.puts 'ruby'}}\n",
    "helper.js": JS,
    "helper.lua": f"io.open('{CANARY}','a'):write('lua\\n')",
    "c.lua": f"io.open('{CANARY}','a'):write('lua\\n')",
    "c.php": f"<?php file_put_contents('{CANARY}', \"php\\n\", FILE_APPEND);",
    "php.ini": f"auto_prepend_file={EVIL}/c.php\n",
    "openssl.cnf": "openssl_conf = a\nnodejs_conf = a\n[a]\nproviders = b\n[b]\nevil = c\n[c]\n"
    f"module = {EVIL}/c.so\nactivate = 1\n",
    "node": f'#!/bin/bash\n{SH}exec /usr/bin/node "$@"\n',
    "python3": f'#!/bin/bash\n{SH}exec /usr/bin/python3 "$@"\n',
    "bash": f'#!/bin/dash\n{SH}exec /usr/bin/bash "$@"\n',
    "manifest": "Premain-Class: Agent\n",
    "Agent.java": AGENT,
    "c.c": LIBRARY,
}
LOADERS = """
    LD_DEBUG LD_PROFILE LD_PROFILE_OUTPUT LD_ORIGIN_PATH LD_SHOW_AUXV LD_BIND_NOW LD_TRACE_LOADED_OBJECTS
    LD_USE_LOAD_BIAS LD_HWCAP_MASK LD_PREFER_MAP_32BIT_EXEC GLIBC_TUNABLES MALLOC_TRACE MALLOC_CHECK_ LOCPATH
    NLSPATH TZDIR TZ GETCONF_DIR RESOLV_HOST_CONF MALLOC_CONF ASAN_OPTIONS LSAN_OPTIONS GCOV_PREFIX
    LLVM_PROFILE_FILE PYTHONDUMPREFSFILE PYTHONPERFSUPPORT PYTHONTRACEMALLOC PYTHONFAULTHANDLER PYTHONCASEOK
    PYTHONMALLOC PYTHONIOENCODING PYTHONUTF8 PYTHONCOERCECLOCALE PYTHONOPTIMIZE PYTHONEXECUTABLE
    PYTHONNOUSERSITE PYTHONSAFEPATH PYTHONVERBOSE __PYVENV_LAUNCHER__ SPAWNGATE_STATE_DIR SPAWNGATE_CONFIG
    SPAWNGATE_SOCKET SPAWNGATE_LAUNCH_CONF TMPDIR HOME XDG_STATE_HOME XDG_RUNTIME_DIR
"""
"""Variables of the dynamic loader, the C library, Python and ourselves that are not in the product's table."""
STARTS: dict[str, tuple[str, ...]] = {
    "python": ("python3", "server.py"),
    "node": ("node", "server.js"),
    "bash": ("bash", "server.sh"),
    "perl": ("perl", "server.pl"),
    "ruby": ("ruby", "server.rb"),
    "php": ("php", "server.php"),
    "lua": ("lua", "server.lua"),
    "java": ("java", "-cp", "classes", "Server"),
}
"""Command lines of the servers, by the name of the runtime."""


def attacks() -> Iterator[tuple[str, dict[str, str]]]:
    """Runtime and variables."""
    library = f"{EVIL}/c.so"
    for runtime in STARTS:
        yield runtime, {"LD_PRELOAD": library}
        yield runtime, {"LD_AUDIT": library}
        yield runtime, {"LD_PRELOAD": "./evil.so"}
        yield runtime, {"LD_PRELOAD": "c.so", "LD_LIBRARY_PATH": os.fspath(EVIL)}
        yield runtime, {"PATH": f"{EVIL}:{PATH}"}
    for name, value in (
        ("NODE_OPTIONS", f"--require {EVIL}/c.cjs"),
        ("NODE_OPTIONS", f"-r {EVIL}/c.cjs"),
        ("NODE_OPTIONS", f"--import={EVIL}/c.mjs"),
        ("NODE_OPTIONS", f'--no-warnings "--require={EVIL}/c.cjs"'),
        ("NODE_OPTIONS", "--import=data:text/javascript," + ESM.replace(" ", "%20").replace("'", "%27")),
        ("NODE_OPTIONS", f"--experimental-loader={EVIL}/c.mjs"),
        ("NODE_OPTIONS", f"--openssl-config={EVIL}/openssl.cnf --openssl-shared-config"),
        ("NODE_PATH", os.fspath(EVIL)),
        ("OPENSSL_CONF", f"{EVIL}/openssl.cnf"),
    ):
        yield "node", {name: value}
    for name, value in (
        ("PYTHONPATH", os.fspath(EVIL)),
        ("PYTHONPATH", "../evil"),
        ("PYTHONHOME", os.fspath(EVIL)),
        ("PYTHONUSERBASE", os.fspath(EVIL)),
        ("PYTHONPLATLIBDIR", "../home/dev/evil/lib"),
        ("PYTHONINSPECT", "1"),
        ("PYTHONSTARTUP", f"{EVIL}/canary.py"),
        ("PYTHONBREAKPOINT", "canary.X"),
    ):
        yield "python", {name: value}
    yield "python", {"PYTHONWARNINGS": "error::canary.X", "PYTHONPATH": os.fspath(EVIL)}
    yield "python", {"PYTHONSTARTUP": f"{EVIL}/canary.py", "PYTHONINSPECT": "1"}
    yield "bash", {"BASH_ENV": f"{EVIL}/c.sh"}
    yield "bash", {"BASH_ENV": "../evil/c.sh"}
    yield "bash", {"BASH_ENV": f"$({SH.strip()})"}
    yield "bash", {"ENV": f"{EVIL}/c.sh"}
    yield "bash", {"SHELLOPTS": "xtrace", "PS4": f"$({SH.strip()})"}
    yield "bash", {"BASH_FUNC_read%%": f'() {{ {SH.strip()}; builtin read "$@"; }}'}
    yield "bash", {"BASH_FUNC_printf%%": f'() {{ {SH.strip()}; builtin printf "$@"; }}'}
    yield "perl", {"PERL5OPT": f"-I{EVIL} -MCanary"}
    yield "perl", {"PERL5OPT": "-MCanary", "PERL5LIB": os.fspath(EVIL)}
    yield "perl", {"PERL5LIB": os.fspath(EVIL)}
    yield "perl", {"PERLLIB": os.fspath(EVIL)}
    yield "perl", {"PERL5OPT": "-d", "PERL5DB": f"BEGIN {{ {PL.strip()} }}"}
    yield "ruby", {"RUBYOPT": f"-r{EVIL}/canary"}
    yield "ruby", {"RUBYLIB": os.fspath(EVIL)}
    yield "ruby", {"RUBYOPT": "-rcanary", "RUBYLIB": os.fspath(EVIL)}
    yield "php", {"PHPRC": os.fspath(EVIL)}
    yield "php", {"PHP_INI_SCAN_DIR": os.fspath(EVIL)}
    for version in ("", "_5_1", "_5_2", "_5_3", "_5_4"):
        yield "lua", {f"LUA_INIT{version}": f"@{EVIL}/c.lua"}
        yield "lua", {f"LUA_PATH{version}": f"{EVIL}/?.lua"}
    for name in ("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS"):
        yield "java", {name: f"-javaagent:{EVIL}/agent.jar"}
    yield "java", {"JDK_JAVA_OPTIONS": f"@{EVIL}/java-words"}
    yield "java", {"JAVA_TOOL_OPTIONS": f"-XX:Flags={EVIL}/x -Xbootclasspath/a:{EVIL} -javaagent:{EVIL}/agent.jar"}


@dataclass(slots=True)
class Attack:
    """One attack and what became of it."""

    number: int
    runtime: str
    variables: dict[str, str]
    works: bool = False
    """The payload runs without Spawngate."""
    verdicts: dict[str, str] = field(default_factory=dict)
    """By place of the variables: how the start ended."""
    canaries: dict[str, list[str]] = field(default_factory=dict)
    """By place of the variables: what ran."""

    @property
    def name(self) -> str:
        """Of its entry."""
        return f"{self.runtime}-{self.number:03}"

    @property
    def asks(self) -> bool:
        """It only leads to another program, which is asked about and approved as the program it is."""
        return set(self.variables) == {"PATH"}

    def take(self, place: str, entry: Mapping[str, Any], more: Mapping[str, str]) -> None:
        """Start the entry with these variables of the agent."""
        self.verdicts[place] = went(stage.launch(entry, more))
        self.canaries[place] = stage.canaries()


def furnish() -> None:
    """Servers and payloads."""
    shutil.copytree(SERVERS, stage.WORK, dirs_exist_ok=True)
    shutil.copy(SERVERS.with_name("tiny_server.py"), stage.WORK / "server.py")
    for name, text in FILES.items():
        path = EVIL / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)
    (EVIL / "java-words").write_text(f"-javaagent:{EVIL}/agent.jar\n")
    version = subprocess.run(
        ["python3", "-c", "import sys;print('python%d.%d'%sys.version_info[:2])"],
        env={"PATH": PATH}, capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    if version != "python3.11":
        (EVIL / "lib/python3.11").rename(EVIL / "lib" / version)
    (EVIL / "z.ini").write_text(FILES["php.ini"])
    quiet: dict[str, Any] = {"cwd": EVIL, "env": {"PATH": PATH}, "capture_output": True, "check": False}
    subprocess.run(["cc", "-shared", "-fPIC", "-o", "c.so", "c.c"], **quiet)
    with contextlib.suppress(OSError):
        shutil.copy(EVIL / "c.so", stage.WORK / "evil.so")
        subprocess.run(["javac", "-d", "out", "Agent.java"], **quiet)
        subprocess.run(["jar", "cfm", "agent.jar", "manifest", "-C", "out", "."], **quiet)
        subprocess.run(["javac", "-d", stage.WORK / "classes", stage.WORK / "Server.java"], **quiet)


def went(started: stage.Started) -> str:
    """How a start ended, in a word."""
    if started.refused:
        return "refused"
    return "answered" if b'"result"' in started.output else "nothing"


def by_hand(launcher: Sequence[str], words: Sequence[str], id_: str = "nobody") -> dict[str, Any]:
    """An entry with the launcher in front that no configuration holds."""
    return {"command": launcher[0], "args": [*launcher[1:], "--id", id_, "--", *words]}


def attempt(found: Sequence[Attack], launcher: Sequence[str]) -> None:
    """Every attack in every place, what can be approved approved by mistake."""
    base = {"PATH": PATH}
    for attack in found:
        words = STARTS[attack.runtime]
        stage.launch({"command": words[0], "args": list(words[1:])}, {**base, **attack.variables})
        attack.works = bool(stage.canaries())
    plain = {runtime: {"command": words[0], "args": list(words[1:])} for runtime, words in STARTS.items()}
    entries: dict[str, dict[str, Any]] = {
        f"plain-{runtime}": entry for runtime, entry in plain.items() if shutil.which(STARTS[runtime][0], path=PATH)
    }
    for attack in found:
        words = STARTS[attack.runtime]
        entries[attack.name] = {"command": words[0], "args": list(words[1:]), "env": attack.variables}
    protected = stage.configure(entries)
    for name in entries:
        if name.startswith("plain-"):
            stage.launch(protected[name], base)
    approve()
    for name in entries:
        if name.startswith("plain-"):
            first = stage.launch(protected[name], base)
            print(f"{name}: {went(first)} {first.message[:200]}", file=sys.stderr)
    stage.canaries()
    for attack in found:
        attack.take("agent", protected[f"plain-{attack.runtime}"], {**base, **attack.variables})
    unknown = {attack.name: by_hand(launcher, STARTS[attack.runtime]) for attack in found}
    for attack in found:
        attack.take("not approved", protected[attack.name], base)
        stage.launch(unknown[attack.name], {**base, **attack.variables})
        attack.canaries["not approved"] += stage.canaries()
    approve()
    for attack in found:
        attack.take("entry", protected[attack.name], base)
        attack.take("unknown entry", unknown[attack.name], {**base, **attack.variables})


def approve() -> None:
    """Approve by mistake whatever was started."""
    time.sleep(0.5)  # what is only remembered is written after the answer
    stage.spawngate("approve", *seen(), "--reason", "by mistake")


def seen() -> list[str]:
    """Fingerprints of what was started."""
    held = json.loads((stage.STATE / "launching/seen.json").read_text())
    return list(dict.fromkeys(each["fingerprint"] for each in (held if isinstance(held, list) else held["value"])))


def of_loaders() -> dict[str, tuple[str, ...]]:
    """Every variable that some loader, runtime or library acts on, with values of every kind for it."""
    values = (os.fspath(EVIL), f"{EVIL}/c.so", f"{EVIL}/canary.py", f"{EVIL}/c.sh", f"-r{EVIL}/c.cjs", "1")
    return dict.fromkeys(
        sorted({*_TABLE, *LOADERS.split(), "BASH_FUNC_x%%", "npm_config_node_options", "DYLD_X"}), values
    )


def alone(launcher: Sequence[str]) -> tuple[int, list[str], Counter[str]]:
    """The launcher with each of these and with all at once: starts, what ran, how they ended."""
    entry = by_hand(launcher, ("python3", "nothing-approved.py"))
    tried = of_loaders()
    rounds: list[Mapping[str, str]] = []
    for at in range(6):
        rounds += [{name: values[at]} for name, values in tried.items()]
        rounds.append({name: values[at] for name, values in tried.items()})
    ends: Counter[str] = Counter()
    for at in range(0, len(rounds), 100):
        entries = {
            f"{number}": {**entry, "env": {"PATH": PATH, **variables}}
            for number, variables in enumerate(rounds[at : at + 100])
        }
        for started in stage.launch_all(entries).values():
            ends[went(started)] += 1
    return len(rounds), stage.canaries(), ends


def report(found: Sequence[Attack], starts: int, ran: Sequence[str], ends: Counter[str], show: bool) -> int:
    """Print the table. 1 where a payload ran."""
    working = [attack for attack in found if attack.works]
    print(f"attacks {len(found)}, of which run here without Spawngate {len(working)}")
    bad = 0
    for place in ("not approved", "entry", "agent", "unknown entry"):
        those = [attack for attack in found if attack.canaries.get(place)]
        approved = [attack for attack in those if attack.asks and place not in ("not approved", "agent")]
        bad += len(those) - len(approved)
        how = Counter(attack.verdicts.get(place, "refused") for attack in working)
        print(f"{place:<16}payloads that ran {len(those)} ({len(approved)} approved), of the working ones {dict(how)}")
        for attack in those:
            print(f"    {attack.name} {attack.variables} {attack.verdicts.get(place)} {attack.canaries[place][:2]}")
    print(f"the launcher alone: {starts} starts, {len(ran)} payloads ran, {dict(ends)}")
    for line in ran[:10]:
        print("   ", line)
    if show:
        for attack in found:
            print(f"{attack.name} works={attack.works} {attack.variables} {attack.verdicts}")
    return 1 if bad or ran or set(ends) - {"refused"} else 0


def main(arguments: Sequence[str]) -> int:
    """0 where no payload ran, 1 where one did, 2 where it could not be run."""
    parser = argparse.ArgumentParser(prog="bench launch-environment", description=__doc__)
    parser.add_argument("--show", action="store_true", help="every attack")
    options = parser.parse_args(arguments)
    status = stage.enter("launch-environment", arguments)
    if status is not None:
        return status
    stage.cover()
    stage.WORK.mkdir(parents=True)
    stage.CANARIES.mkdir()
    furnish()
    found = [
        Attack(number, runtime, variables)
        for number, (runtime, variables) in enumerate(attacks())
        if shutil.which(STARTS[runtime][0], path=PATH)
    ]
    with stage.playing() as daemon:
        return _played(daemon, found, options.show)


def _played(daemon: Daemon, found: Sequence[Attack], show: bool) -> int:
    stage.configure({"x": {"command": "npx", "args": ["-y", "server@1.0.0"]}})
    launcher = installed_launcher(stage.STATE)
    assert launcher is not None
    attempt(found, launcher.argv)
    starts, ran, ends = alone(launcher.argv)
    status = report(found, starts, ran, ends, show)
    left = stage.left_over({daemon.process.pid} if daemon.process else ())
    print(f"processes left {len(left)} {left[:3]}")
    return 1 if left else status
