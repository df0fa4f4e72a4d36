"""Other inventory tools and Spawngate on the same home, offline, side by side.

Belongs here: which peers, in which mode, and how their answers are read. Must not be here: a peer's modes that
start or contact the servers it finds. Each peer was read before it was listed here; what was read is said beside
it. Every run happens in a network namespace without a way out, with stubs in place of every launcher.

A server counts as found when the answer names it for the file it stands in, or, where the answer gives no usable
path, when name and command agree; as exact when command, arguments and address agree outside of the secrets.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.canaries import leaked
from bench.home import Server, Truth, generate
from bench.inventory import COMMAND, Inventory, Masks
from bench.process import Run, Trace, run, traced, without_network

Found = tuple[str, str, dict[str, Any]]
"""Name, path (empty if the answer has none that is usable), and launch {command, args, url}."""


def _launch(body: Mapping[str, Any]) -> dict[str, Any]:
    return {key: body.get(key) for key in ("command", "args", "url")}


def read_spawngate(document: Any) -> Iterator[Found]:
    """Servers of `spawngate scan --format json`."""
    for item in document["artifacts"]:
        if item["kind"] == "mcp_server":
            yield item["name"], item["path"], _launch(item.get("launch") or {})


def read_snyk(document: Any) -> Iterator[Found]:
    """Servers of `snyk-agent-scan inspect --json`: a map of scanned paths, each with its servers."""
    for scanned in document.values():
        for item in scanned.get("servers") or ():
            yield (
                item.get("name") or "",
                item.get("config_path") or scanned.get("path") or "",
                _launch(item.get("server") or {}),
            )


def read_agent_bom(document: Any) -> Iterator[Found]:
    """Servers of `agent-bom mcp inventory -f json`; it hides paths, so that names and commands must do."""
    for agent in document["agents"]:
        for item in agent.get("mcp_servers") or ():
            path = item.get("config_path") or agent.get("config_path") or ""
            yield item.get("name") or "", path if path.startswith("/") else "", _launch(item)


def read_mcp_audit(document: Any) -> Iterator[Found]:
    """Servers of `mcp-audit check --json`."""
    for audit in document["audits"]:
        item = audit["server"]
        yield item["name"], item.get("config_path") or "", _launch(item)


@dataclass(frozen=True, slots=True)
class Peer:
    """One tool: its package, the command lines that make it look at as much as it can, and its answer."""

    package: str
    program: str
    runs: tuple[tuple[str, tuple[str, ...]], ...]
    """Working folder and arguments of each run. `{home}`, `{first}` and `{second}` are the home and its two big
    projects; `{out}` is a file that the answer is written to instead of the standard output."""
    read: Callable[[Any], Iterator[Found]]
    note: str


FOLDERS = ("{home}", "{first}", "{second}")
PEERS: tuple[Peer, ...] = (
    Peer(
        "snyk-agent-scan",
        "snyk-agent-scan",
        (("{home}", ("inspect", "--json", "--skills")),),
        read_snyk,
        "agent_scan/consent.py: asks for each server; an empty input declines, so that nothing is started",
    ),
    Peer(
        "agent-bom",
        "agent-bom",
        (
            ("{home}", ("mcp", "inventory", "-f", "json")),
            ("{first}", ("mcp", "inventory", "-f", "json", "-p", ".")),
            ("{second}", ("mcp", "inventory", "-f", "json", "-p", ".")),
        ),
        read_agent_bom,
        "agent_bom/cli/_inventory.py: reads files; looks up the names of remote servers",
    ),
    Peer(
        "mcp-audits",
        "mcp-audit",
        tuple((folder, ("scan", "--skip-connect", "--json", "{out}")) for folder in FOLDERS),
        read_mcp_audit,
        "mcp_audit/scan_cli.py, engine.py: with --skip-connect no server is started; `check` would find fewer",
    ),
)


@dataclass(slots=True)
class Result:
    """What one tool did on one home."""

    name: str
    seconds: float = 0
    megabytes: float = 0
    found: int = 0
    exact: int = 0
    leaks: int = 0
    ran: Sequence[str] = ()
    """Stub programs that it started."""
    programs: int = 0
    contacts: int = 0
    trouble: str = ""


def install(peer: Peer, folder: Path) -> Path | str:
    """A throw-away environment with the peer in it: the program's path, or why there is none."""
    environment = folder / peer.package
    program = environment / "bin" / peer.program
    try:
        subprocess.run([sys.executable, "-m", "venv", environment], check=True, capture_output=True, timeout=120)
        quiet = ["--quiet", "--disable-pip-version-check"]
        pip = [str(environment / "bin/python"), "-m", "pip", "install", *quiet, peer.package]
        subprocess.run(pip, check=True, capture_output=True, timeout=600)
    except subprocess.CalledProcessError as error:
        return f"not installed: {error.stderr.decode(errors='replace').strip()[-200:]}"
    except subprocess.TimeoutExpired:
        return "not installed: time limit"
    return program if program.exists() else f"not installed: no program {peer.program} in the package"


def version(program: Path, package: str) -> str:
    """Version of the installed package."""
    code = f"import importlib.metadata as m; print(m.version({package!r}))"
    answer = subprocess.run([program.parent / "python", "-c", code], capture_output=True, text=True, timeout=60)
    return answer.stdout.strip()


def score(truth: Truth, answers: Sequence[Found]) -> tuple[int, int]:
    """How many servers of the truth the answers name, and how many of those exactly."""
    masks = Masks(truth.canaries)
    by_path: dict[tuple[str, str], list[dict[str, Any]]] = {}
    by_name: dict[str, list[dict[str, Any]]] = {}
    for name, path, launch in answers:
        if path.startswith("/") and not os.path.isdir(path):
            by_path.setdefault((os.path.realpath(path), name), []).append(launch)
        else:
            by_name.setdefault(name, []).append(launch)
    found = exact = 0

    def take(server: Server, launches: list[dict[str, Any]], *, same_command: bool) -> bool:
        nonlocal found, exact
        fitting = [item for item in launches if not same_command or (item["command"] or "") == (server.command or "")]
        if not fitting:
            return False
        best = max(fitting, key=lambda item: masks.server(server, item))
        launches.remove(best)
        found += 1
        exact += masks.server(server, best) == 2
        return True

    rest = [
        server
        for server in truth.servers
        if not take(server, by_path.get((os.path.realpath(server.path), server.name), []), same_command=False)
    ]
    for server in rest:
        take(server, by_name.get(server.name, []), same_command=True)
    return found, exact


def judge(
    name: str, truth: Truth, runs: Sequence[Run], traces: Sequence[Trace], read: Callable[[Any], Iterator[Found]]
) -> Result:
    """Put the runs of one tool together."""
    result = Result(name, sum(one.seconds for one in runs), max(one.megabytes for one in runs))
    answers: dict[str, Found] = {}
    trouble = []
    for one in runs:
        if one.late:
            trouble.append("time limit")
            continue
        try:
            seen: Counter[str] = Counter()
            for item in read(json.loads(one.stdout)):
                key = json.dumps(item, default=str)
                seen[key] += 1
                # The same entry from two runs is one; twice in one answer is two.
                answers[f"{key} {seen[key]}"] = item
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            words = one.stderr.decode(errors="replace").strip().splitlines()[-1:] or [""]
            trouble.append(f"exit {one.status}, no answer ({type(error).__name__}): {words[0][:120]!a}")
    result.found, result.exact = score(truth, list(answers.values()))
    result.leaks = len(leaked(truth.canaries, b"".join(one.stdout + one.stderr for one in runs)))
    mark = Path(truth.mark)
    result.ran = sorted(set(mark.read_text().split())) if mark.exists() else ()
    result.programs = sum(len(trace.programs) for trace in traces)
    result.contacts = sum(len([call for call in trace.network if "connect(" in call]) for trace in traces)
    result.trouble = "; ".join(dict.fromkeys(trouble))
    return result


def observe(
    lines: Sequence[tuple[Path, Sequence[str]]], env: Mapping[str, str], limit: float, out: Path | None = None
) -> tuple[list[Run], list[Trace]]:
    """Each command line once for time and answer, and once under strace, both without a network."""
    offline = without_network()
    runs = []
    for folder, line in lines:
        one = run([*offline, *line], env, cwd=folder, limit=limit)
        if out is not None and str(out) in line:
            answer = out.read_bytes() if out.exists() else b""
            out.unlink(missing_ok=True)
            one = replace(one, stdout=answer, stderr=one.stdout + one.stderr)
        runs.append(one)
    traces = [traced(line, env, cwd=folder, limit=limit * 3, before=offline)[1] for folder, line in lines]
    return runs, traces


def run_spawngate(truth: Truth, command: Path, work: Path, limit: float) -> Result:
    """Spawngate under the same conditions as its peers."""
    inventory = Inventory(truth, command, work)
    runs, traces = observe([(work, inventory.line())], inventory.env(), limit)
    return judge("spawngate", truth, runs, traces, read_spawngate)


def run_peer(peer: Peer, program: Path, truth: Truth, limit: float) -> Result:
    """One peer on one home."""
    first, second = (f"{truth.roots[0]}/{name}" for name in ("acme-web", "data-pipeline"))
    out = Path(truth.directory, "answer.json")
    words = {"{home}": truth.home, "{first}": first, "{second}": second, "{out}": str(out)}
    lines = [
        (Path(words[folder]), [str(program), *(words.get(word, word) for word in line)]) for folder, line in peer.runs
    ]
    env = {"HOME": truth.home, "PATH": truth.path, "LANG": "C.UTF-8"}
    runs, traces = observe(lines, env, limit, out)
    return judge(f"{peer.package} {version(program, peer.package)}", truth, runs, traces, peer.read)


def show(results: Sequence[Result], truth: Truth) -> None:
    """One row per tool."""
    head = f"{'tool':<26}{'found':>7}{'exact':>7}{'leaked':>8}{'seconds':>9}{'MB':>6}{'execs':>7}{'contacts':>10}"
    print(f"{head}  started, trouble")
    for one in results:
        row = f"{one.name:<26}{one.found:>7}{one.exact:>7}{one.leaks:>8}{one.seconds:>9.2f}{one.megabytes:>6.0f}"
        print(f"{row}{one.programs:>7}{one.contacts:>10}  {','.join(one.ran) or '-'} {one.trouble}")
    print(f"of {len(truth.servers)} servers and {len(truth.canaries)} canaries")


def main(arguments: Sequence[str]) -> int:
    """Install the peers, run all on a plain and on a hostile home, print both tables."""
    parser = argparse.ArgumentParser(prog="python -m bench peers", description="Compare inventory tools, offline.")
    parser.add_argument("--command", type=Path, default=COMMAND, help="the spawngate program")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--state-megabytes", type=int, default=5)
    parser.add_argument("--limit", type=float, default=60, help="seconds per run")
    parser.add_argument("--only", action="append", help="only these peers")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bench-peers-", ignore_cleanup_errors=True) as name:
        work = Path(name)
        programs: dict[str, Path] = {}
        chosen = [peer for peer in PEERS if not options.only or peer.package in options.only]
        for peer in chosen:
            program = install(peer, work / "environments")
            if isinstance(program, str):
                print(f"{peer.package}: {program}")
            else:
                programs[peer.package] = program
        for hostile in (False, True):
            results = []
            # A home of its own for each tool: some leave caches behind, which others would then read.
            subjects: list[Peer | None] = [None, *(peer for peer in chosen if peer.package in programs)]
            for subject in subjects:
                label = subject.package if subject else "spawngate"
                folder = work / ("hostile" if hostile else "plain") / label
                truth = generate(
                    folder, options.seed, state_megabytes=options.state_megabytes, hostile=hostile, big=False
                )
                if subject:
                    results.append(run_peer(subject, programs[label], truth, options.limit))
                elif options.command.exists():
                    results.append(run_spawngate(truth, options.command.absolute(), work, options.limit))
                else:
                    print(f"spawngate: {options.command} does not exist")
            print(f"\n{'with hostile files' if hostile else 'well-formed files only'}")
            show(results, truth)
    return 0
