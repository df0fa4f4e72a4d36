"""Spawngate's scan of the generated home, judged from outside: found, leaked, started, seconds, memory.

Belongs here: running the installed command as a process and holding its JSON document against the truth.
Must not be here: imports from the product, and excuses: what is missing is printed by name.

A value counts as exact when it equals the raw one outside of the planted secrets, and as hidden when the
product replaced more than those; both count as found, and the second is listed, because an inventory that
hides too much is of little use.
"""

import argparse
import csv
import io
import json
import os
import re
import shutil
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.canaries import Canary, leaked
from bench.home import Server, Truth, generate
from bench.home_surfaces import PROGRAMS
from bench.process import Run, Trace, run, traced

COMMAND = Path(__file__).resolve().parent.parent / ".venv/bin/spawngate"
PLACEHOLDER = re.compile(
    r"\[secret:[^\[\]]*\]|\*\*REDACTED\w*\*\*|\*{3,}|<redacted[^>]*>|\[?REDACTED\]?", re.IGNORECASE
)
"""What replaces a secret, in Spawngate's output and in that of its peers."""


@dataclass(slots=True)
class Comparison:
    """The servers of the truth held against those of a document."""

    exact: list[Server] = field(default_factory=list)
    hidden: list[tuple[Server, dict[str, Any]]] = field(default_factory=list)
    """Found, but more than the secrets was replaced."""
    differs: list[tuple[Server, dict[str, Any]]] = field(default_factory=list)
    """A server of that name stands in that file, with another command, argument or address."""
    missing: list[Server] = field(default_factory=list)
    other_agent: list[tuple[Server, str]] = field(default_factory=list)
    other_scope: list[tuple[Server, str]] = field(default_factory=list)
    other_transport: list[tuple[Server, str]] = field(default_factory=list)
    other_name: list[tuple[Server, str]] = field(default_factory=list)
    """Found by file and launch under a changed name, as a product may do with names of absurd length."""
    shared: list[dict[str, Any]] = field(default_factory=list)
    """A server of the truth, reported once more for another agent that reads the same file."""
    extra: list[dict[str, Any]] = field(default_factory=list)
    """Reported and not in the truth. Entries of damaged files belong here and are no error."""


class Masks:
    """Compares texts that had secrets in them with texts in which something was replaced."""

    def __init__(self, canaries: Sequence[Canary]) -> None:
        values = {canary.value for canary in canaries}
        values |= {json.dumps(value)[1:-1] for value in values if "\n" in value}
        self._secret = re.compile("|".join(re.escape(value) for value in sorted(values, key=len, reverse=True)))

    def grade(self, raw: str, shown: str) -> int:
        """2: equal outside of the planted secrets. 1: equal outside of what was replaced. 0: different."""
        if raw == shown and not self._secret.search(raw):
            return 2
        # A secret may hold several replaced parts (user and password of a Basic header), hence any text.
        strict = "(?s:.+)".join(re.escape(part) for part in self._secret.split(raw))
        if self._secret.search(raw) and re.fullmatch(strict, shown):
            return 2
        loose = "(?s:.*)".join(re.escape(part) for part in PLACEHOLDER.split(shown))
        return 1 if PLACEHOLDER.search(shown) and re.fullmatch(loose, raw) else 0

    def server(self, server: Server, launch: dict[str, Any]) -> int:
        """The lowest grade of command, arguments and address."""
        args = [str(arg) for arg in launch.get("args") or ()]
        if len(args) != len(server.args):
            return 0
        pairs = [*zip(server.args, args, strict=True)]
        pairs += [(server.command or "", launch.get("command") or ""), (server.url or "", launch.get("url") or "")]
        return min(self.grade(raw, shown) for raw, shown in pairs)


def compare(truth: Truth, document: dict[str, Any]) -> Comparison:
    """Pair every server of the truth with the best artifact of the document, each artifact used once."""
    masks = Masks(truth.canaries)
    result = Comparison()
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for artifact in document.get("artifacts", ()):
        if artifact.get("kind") == "mcp_server":
            key = (os.path.realpath(artifact.get("path", "")), artifact.get("name", ""))
            found.setdefault(key, []).append(artifact)
    used: set[int] = set()
    known = {(os.path.realpath(server.path), server.name) for server in truth.servers}
    for server in truth.servers:
        path = os.path.realpath(server.path)
        here = [item for item in found.get((path, server.name), []) if id(item) not in used]
        if not here:
            # Perhaps under a name that no entry of this file has, with the very same launch.
            strange = [item for key, items in found.items() if key[0] == path and key not in known for item in items]
            free = [item for item in strange if id(item) not in used]
            here = [item for item in free if masks.server(server, item.get("launch") or {}) == 2][:1]
            result.other_name += [(server, str(item.get("name"))) for item in here]
        if not here:
            result.missing.append(server)
            continue
        # Names repeat within a file (one project's private server and the user's own), hence agent and scope.
        graded = [
            (
                masks.server(server, artifact.get("launch") or {}),
                artifact.get("agent") == server.agent,
                artifact.get("scope") == server.scope,
                artifact,
            )
            for artifact in here
        ]
        grade, same_agent, same_scope, best = max(graded, key=lambda item: item[:3])
        used.add(id(best))
        if grade == 0:
            result.differs.append((server, best))
            continue
        if grade == 2:
            result.exact.append(server)
        else:
            result.hidden.append((server, best))
        if not same_agent:
            result.other_agent.append((server, str(best.get("agent"))))
        if not same_scope:
            result.other_scope.append((server, str(best.get("scope"))))
        transport = (best.get("launch") or {}).get("transport")
        if transport != server.transport and not (
            server.transport == "remote" and transport in {"http", "sse", "unknown"}
        ):
            result.other_transport.append((server, str(transport)))
    for key, artifacts in found.items():
        rest = [artifact for artifact in artifacts if id(artifact) not in used]
        (result.shared if key in known else result.extra).extend(rest)
    return result


def unnamed(truth: Truth, document: dict[str, Any]) -> list[str]:
    """Paths that had to be named in the diagnostics and are not."""
    named = {os.path.normpath(str(item.get("path", ""))) for item in document.get("diagnostics", ())}
    holding = {os.path.normpath(str(item.get("path", ""))) for item in document.get("artifacts", ())}
    lost = [path for path in truth.unreadable if path not in named]
    return lost + [path for path in truth.found_or_named if path not in named and path not in holding]


def stored(folder: Path) -> bytes:
    """Every byte below a folder, file names included."""
    parts = []
    for path in [folder, *sorted(folder.rglob("*"))]:
        parts.append(str(path).encode())
        if path.is_file():
            parts.append(path.read_bytes())
    return b"\n".join(parts)


def listing(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of change of everything below a folder, to see whether a scan changed anything."""
    entries = {}
    for root, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = os.path.join(root, name)
            status = os.lstat(path)
            entries[path] = (status.st_size, status.st_mtime_ns)
    return entries


def spreadsheet_cells(text: bytes) -> list[str]:
    """Cells of a CSV document that a spreadsheet would calculate."""
    rows = csv.reader(io.StringIO(text.decode(errors="replace")))
    return [cell for row in rows for cell in row if cell[:1] in {"=", "+", "@"}]


class Inventory:
    """One generated home and the ways to scan it."""

    def __init__(self, truth: Truth, command: Path, work: Path) -> None:
        self.truth = truth
        self.command = command
        self.work = work
        self.state = work / "state"

    def line(self, format: str = "json") -> list[str]:
        """The command line of a scan."""
        roots = [part for root in self.truth.roots for part in ("--root", root)]
        place = ["--home", self.truth.home, *roots, "--sysroot", self.truth.system]
        return [str(self.command), "scan", *place, "--format", format]

    def env(self) -> dict[str, str]:
        """The environment of a scan: launchers on PATH are stubs."""
        return {
            "HOME": self.truth.home,
            "PATH": self.truth.path,
            "LANG": "C.UTF-8",
            "SPAWNGATE_STATE_DIR": str(self.state),
        }

    def scan(self, format: str = "json") -> Run:
        """One scan."""
        return run(self.line(format), self.env(), cwd=self.work)

    def trace(self) -> tuple[Run, Trace]:
        """One scan under strace."""
        return traced(self.line(), self.env(), cwd=self.work)

    def forget(self) -> None:
        """Remove the state, so that the next scan is a first one."""
        shutil.rmtree(self.state, ignore_errors=True)


def _show(title: str, items: Sequence[str], limit: int) -> None:
    print(f"{title}: {len(items)}")
    for item in items[:limit]:
        print(f"    {item}")
    if len(items) > limit:
        print(f"    ... {len(items) - limit} more (--all)")


def _name(server: Server, home: str) -> str:
    name = server.name if len(server.name) < 60 else f"{server.name[:57]}..."
    return f"{server.agent:<22} {name!a:<28} {server.scope:<10} {server.path.replace(home, '~')!a}"


def _values(server: Server, artifact: dict[str, Any], home: str) -> str:
    launch = artifact.get("launch") or {}
    shown = [launch.get("command"), *(launch.get("args") or ()), launch.get("url")]
    raw = [server.command, *server.args, server.url]
    return f"{_name(server, home)}\n        truth {raw!a}\n        shown {shown!a}"


def judge(inventory: Inventory, first: Run, limit: int) -> bool:
    """Print what one scan found and whether it kept its promises."""
    truth, home = inventory.truth, inventory.truth.home
    if first.late or first.status not in {0, 1}:
        print(f"scan ended with {first.status}{' at the time limit' if first.late else ''}")
        print(first.stderr.decode(errors="replace")[-3000:])
        return False
    document = json.loads(first.stdout)
    result = compare(truth, document)
    total = len(truth.servers)
    print(f"servers                 {len(result.exact) + len(result.hidden)} of {total} found")
    print(f"  exact                 {len(result.exact)}")
    _show("  too much hidden      ", [_values(server, item, home) for server, item in result.hidden], limit)
    _show("  differ               ", [_values(server, item, home) for server, item in result.differs], limit)
    _show("  missing              ", [_name(server, home) for server in result.missing], limit)
    _show(
        "  under another agent  ", [f"{_name(server, home)} -> {other}" for server, other in result.other_agent], limit
    )
    _show(
        "  with another scope   ", [f"{_name(server, home)} -> {other}" for server, other in result.other_scope], limit
    )
    _show(
        "  another transport    ",
        [f"{_name(server, home)} {server.transport} -> {other}" for server, other in result.other_transport],
        limit,
    )
    _show(
        "  not in the truth     ",
        [
            f"{item.get('agent')} {item.get('name')!a} {str(item.get('path')).replace(home, '~')!a}"
            for item in result.extra
        ],
        limit,
    )
    wrong = [name for name in truth.absent if any(item.get("name") == name for item in document.get("artifacts", ()))]
    _show("  that nobody would load", wrong, limit)
    print(f"  for further agents     : {len(result.shared)}")
    kinds = Counter(item.get("kind") for item in document.get("artifacts", ()))
    short = [f"{kind}: {kinds[kind]} < {bound}" for kind, bound in truth.counts.items() if kinds[kind] < bound]
    print(f"artifacts               {dict(kinds)}")
    _show("  fewer than exist     ", short, limit)
    programs = {item.get("name") for item in document.get("artifacts", ()) if item.get("kind") == "cli"}
    _show("  programs on PATH not named", sorted(set(PROGRAMS) - programs), limit)
    agents = {item.get("agent") for item in document.get("artifacts", ())}
    _show("agents missing         ", sorted(set(truth.agents) - agents), limit)
    silent = unnamed(truth, document)
    _show("damaged and not named  ", [repr(path) for path in silent], limit)
    good = not (result.differs or result.missing or silent or wrong or short)

    outputs = {"stdout": first.stdout, "stderr": first.stderr, "state": stored(inventory.state)}
    for format in ("table", "csv"):
        other = inventory.scan(format)
        outputs[format] = other.stdout + other.stderr
        if other.status not in {0, 1}:
            print(
                f"--format {format} ended with {other.status}: {other.stderr[-300:].decode(errors='replace').strip()}"
            )
            good = False
    for where, data in outputs.items():
        lost = leaked(truth.canaries, data)
        _show(f"canaries in {where:<11}", [f"{canary.type} ({canary.place})" for canary in lost], limit)
        good &= not lost
    raw = [number for number in set(outputs["table"]) if number < 32 and number != 10]
    _show("control bytes in table ", [str(number) for number in raw], limit)
    cells = spreadsheet_cells(outputs["csv"])
    _show("formulas in csv        ", [repr(cell[:60]) for cell in cells], limit)
    return good and not raw and not cells


def judge_trace(inventory: Inventory, limit: int) -> bool:
    """Print what a scan started or contacted; all of it must be nothing."""
    before = listing(Path(inventory.truth.home))
    inventory.forget()
    result, trace = inventory.trace()
    changed = [path for path, entry in listing(Path(inventory.truth.home)).items() if before.get(path) != entry]
    print(f"under strace            exit {result.status}, {result.seconds:.1f} s")
    _show("  programs started     ", trace.programs, limit)
    print(f"  processes forked     : {trace.processes}")
    _show("  internet sockets     ", trace.network, limit)
    _show("  unix sockets         ", trace.local_sockets, limit)
    _show("  changed in the home  ", [repr(path) for path in changed], limit)
    marked = Path(inventory.truth.mark).exists()
    print(f"  stub programs ran    : {'YES' if marked else 'none'}")
    return not (trace.programs or trace.processes or trace.network or changed or marked) and result.status in {0, 1}


def measure(inventory: Inventory, runs: int) -> None:
    """Print medians of the first scan and of the rescan with nothing changed."""
    figures: dict[str, list[Run]] = {"first": [], "rescan": []}
    for _ in range(runs):
        inventory.forget()
        figures["first"].append(inventory.scan())
        figures["rescan"].append(inventory.scan())
    for name, results in figures.items():
        seconds = [result.seconds * 1000 for result in results]
        memory = statistics.median(result.megabytes for result in results)
        spread = f"{min(seconds):.0f} to {max(seconds):.0f}"
        print(f"{name:<24}median {statistics.median(seconds):.0f} ms ({spread}), {memory:.0f} MB, {runs} runs")


def main(arguments: Sequence[str]) -> int:
    """Generate a home, scan it, print. Exit code 1 if something was missed, leaked or started."""
    parser = argparse.ArgumentParser(prog="python -m bench inventory", description="Scan the generated home.")
    parser.add_argument("--command", type=Path, default=COMMAND, help="the spawngate program")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--state-megabytes", type=int, default=20)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--small", action="store_true", help="no huge files")
    parser.add_argument("--no-hostile", action="store_true")
    parser.add_argument("--all", action="store_true", help="print every item of every list")
    options = parser.parse_args(arguments)
    if not options.command.exists():
        print(f"{options.command} does not exist", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="bench-home-", ignore_cleanup_errors=True) as name:
        work = Path(name)
        truth = generate(
            work / "machine",
            options.seed,
            state_megabytes=options.state_megabytes,
            hostile=not options.no_hostile,
            big=not options.small,
        )
        print(
            f"truth                   {len(truth.agents)} agents, {len(truth.servers)} servers, "
            f"{len(truth.canaries)} canaries"
        )
        inventory = Inventory(truth, options.command.absolute(), work)
        limit = sys.maxsize if options.all else 15
        first = inventory.scan()
        good = judge(inventory, first, limit)
        good &= judge_trace(inventory, limit)
        if first.status in {0, 1} and not first.late:
            measure(inventory, options.runs)
    print("every promise kept" if good else "PROMISES MISSED")
    return 0 if good else 1
