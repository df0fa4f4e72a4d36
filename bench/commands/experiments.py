"""Proof of the disguises: each spelling is put around a harmless canary, run by a real bash, and the canary looked for.

A disguise that does not run its payload is no attack, and a guard that lets it pass is right. Everything runs in a
throw-away folder and in namespaces of its own: no network, an empty /tmp, and no process outlives its case. Only
disguises are run, never a payload of the corpus. Disguises that run elsewhere (hosts, containers, services) and those
whose program is not installed stay unproven, and are counted as such.
"""

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.commands.disguises import Disguise
from bench.commands.disguises.table import DISGUISES
from bench.commands.template import MARKER, Chain, Payload, dress

SECONDS = 60
INSIDE = """
mount -t tmpfs tmpfs /tmp || exit 97
ip link set lo up 2>/dev/null
cd "$1" || exit 97
{ timeout -s KILL "$4" bash -c "$2"; } </dev/null >out 2>err &
job=$!
while [ ! -e "$3" ] && kill -0 "$job" 2>/dev/null; do sleep 0.02; done
n=0
while [ ! -e "$3" ] && [ "$n" -lt 20 ]; do sleep 0.05; n=$((n + 1)); done
[ -e "$3" ]
"""
"""Words: folder, command, canary, seconds. What a case leaves in the background has a second to come true."""
SERVICES = re.compile(
    r"connection to server|applet not found|ENOTCACHED|^Ign:|refused|offline mode|on a tty"
    r"|[Rr]esolv|unreachable|Docker daemon|connect to bus|not been booted|Unable to connect"
)
"""What programs say that want a network or a service that is not here."""
MISSING = re.compile(
    r"([\w.+-]+): (?:command )?not found|[\"'‘]?([\w.+/-]+)[\"'’]?: No such file or directory"
    r"|failed to run command ‘([^’]+)’"
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One spelling of one disguise."""

    disguise: str
    variant: int
    state: str
    """`proven`, `elsewhere`, `fixed` (carries no payload), `missing` (its program, or a service), `unproven`."""
    command: str
    said: str = ""


def templates(chain: Chain) -> str:
    """All templates of a chain in one text."""
    return chain if isinstance(chain, str) else " ".join(chain)


def spellings() -> Iterator[tuple[Disguise, int, Chain]]:
    """Every spelling of every disguise."""
    for disguise in DISGUISES:
        for number, chain in enumerate(disguise.spellings):
            yield disguise, number, chain


def isolation() -> list[str]:
    """Words before a command that cut it off from network, processes and /tmp."""
    mapped = [] if os.geteuid() == 0 else ["--map-root-user"]
    return ["unshare", *mapped, "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--"]


def project(folder: Path) -> None:
    """A small repository with two commits, for the disguises by git and by files."""
    folder.mkdir(parents=True)
    (folder / "README.md").write_text("# x\n" * 3)
    (folder / "a.txt").write_text("x\n")
    (folder / "app.js").write_text("\n")
    (folder / "big.txt").write_text("".join(f"{n * 7919 % 100003} {'x' * 90}\n" for n in range(3000)))
    (folder / "scripts").mkdir()
    (folder / "package.json").write_text('{"name":"x","version":"1.0.0","scripts":{"test":"true"}}\n')
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.test", "-C", str(folder)]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "one"]):
        subprocess.run([*git, *words], check=True, capture_output=True)
    add = ["-c", "protocol.file.allow=always", "submodule", "add", "-q", str(folder), "other"]
    subprocess.run([*git, *add], check=True, capture_output=True)
    for number in range(5):
        (folder / "a.txt").write_text(f"{number}\n")
        subprocess.run([*git, "commit", "-qam", f"change {number}"], check=True, capture_output=True)


def prove(disguise: Disguise, number: int, chain: Chain, root: Path, model: Path) -> Outcome:
    """Run one spelling around the canary."""
    if disguise.elsewhere:
        return Outcome(disguise.name, number, "elsewhere", templates(chain))
    if not MARKER.search(templates(chain)):
        return Outcome(disguise.name, number, "fixed", templates(chain))
    folder = root / f"{disguise.name}-{number}"
    shutil.copytree(model, folder)
    canary = folder / "canary"
    command = dress(chain, Payload.of("touch", "-m", str(canary)))
    if disguise.terminal:
        command = f"script -qec {shlex.quote(command)} /dev/null"
    home = folder / "home"
    home.mkdir()
    (home / ".gitconfig").write_text("[user]\n\tname = x\n\temail = x@example.test\n[safe]\n\tdirectory = *\n")
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TERM": "xterm",
        "npm_config_offline": "true",
    }
    env.update({"FILTER_BRANCH_SQUELCH_WARNING": "1", "GOCACHE": str(root / "go")})
    for variable, place in (("PYENV_ROOT", ".pyenv"), ("RUSTUP_HOME", ".rustup"), ("CARGO_HOME", ".cargo")):
        env[variable] = os.environ.get(variable, str(Path.home() / place))
    done = subprocess.run(
        [*isolation(), "sh", "-c", INSIDE, "prove", str(folder), command, str(canary), str(SECONDS)],
        env=env,
        capture_output=True,
        timeout=SECONDS + 20,
        check=False,
    )
    said = done.stderr.decode(errors="replace")
    for name in ("err", "out"):
        if (folder / name).exists():
            said += (folder / name).read_text(errors="replace")[-600:]
    if done.returncode == 97:
        raise PermissionError(f"no namespaces here: {said.strip()}")
    proven = canary.exists()
    shutil.rmtree(folder, ignore_errors=True)
    if proven:
        return Outcome(disguise.name, number, "proven", command)
    names = {name for match in MISSING.finditer(said) for name in match.groups() if name}
    absent = sorted(
        name for name in names if shutil.which(name) is None and not name.startswith(("/var/", "/tmp/", "failed"))
    )
    if not absent and SERVICES.search(said):
        absent = ["network or service"]
    return Outcome(
        disguise.name,
        number,
        "missing" if absent else "unproven",
        command,
        ", ".join(absent) if absent else said.strip(),
    )


def main(arguments: Sequence[str]) -> int:
    """Exit codes: 0 all that can run here does, 1 some does not, 2 usage or no namespaces."""
    parser = argparse.ArgumentParser(prog="python -m bench commands experiments", description=__doc__)
    parser.add_argument("--disguise", help="only those with this in their name")
    parser.add_argument("--list", action="store_true", help="print every spelling with its outcome")
    options = parser.parse_args(list(arguments))
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="bench-disguises-", dir="/var/tmp", ignore_cleanup_errors=True) as name:
        root = Path(name)
        project(root / "model")
        try:
            for disguise, number, chain in spellings():
                if not options.disguise or options.disguise in disguise.name:
                    outcomes.append(prove(disguise, number, chain, root, root / "model"))
        except (PermissionError, FileNotFoundError) as error:
            print(f"cannot run here: {error}", file=sys.stderr)
            return 2
    for outcome in outcomes:
        if options.list or outcome.state == "unproven":
            print(
                f"{outcome.state:<10}{outcome.disguise}[{outcome.variant}] "
                f"{outcome.command[:240]!r} {outcome.said[-160:]!r}"
            )
    for state, count in Counter(outcome.state for outcome in outcomes).most_common():
        print(f"{count:>5} {state}")
    programs = Counter(program for o in outcomes if o.state == "missing" for program in o.said.split(", "))
    if programs:
        print("missing programs: " + ", ".join(f"{program} ({count})" for program, count in programs.most_common()))
    return 1 if any(outcome.state == "unproven" for outcome in outcomes) else 0
