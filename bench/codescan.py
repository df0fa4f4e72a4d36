"""The code scan side by side with Semgrep CE on the same trees: found, seconds, memory; and as projects grow.

Belongs here: running both, interleaved, without a network, and what counts as found. Must not be here: the trees
(`codescan_trees`), and Semgrep's rules (`codescan_rules.yaml`).

A launch counts as found when the tool reports something above information on its line; anything above information in a
twin in which nothing is to be found is a false alarm. Semgrep reports the sink, as Spawngate does.

    python -m bench codescan [--semgrep PROGRAM] [--tree DIR]... [--rounds N] [--skip-growth]
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.codescan_trees import GROWN_SINK, Twin, growing, twins
from bench.process import Run, run, without_network

RULES = Path(__file__).with_name("codescan_rules.yaml")
SIZES = (10_000, 100_000, 500_000)
LINES_A_SECOND = 50_000
"""The budget for projects without MCP."""
LIMIT = 600.0
ABOVE = {"low", "medium", "high"}

Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool: how it is called on trees, and how its answer is read."""

    name: str
    command: Callable[[Sequence[Path]], list[str]]
    read: Callable[[bytes], set[Place]]
    """Absolute paths and lines of what it reports."""
    knows_projects: bool = False


def spawngate(*more: str) -> Tool:
    """This checkout."""
    program = [sys.executable, "-m", "spawngate", "code", "--format", "json", "--no-record", *more]

    def read(data: bytes) -> set[Place]:
        return {
            (f"{tree['root']}/{item['site']['path']}", item["site"]["line"])
            for tree in json.loads(data)["trees"]
            for item in tree["findings"]
            if item["grade"] in ABOVE
        }

    return Tool("spawngate", lambda trees: [*program, *map(str, trees)], read, knows_projects=True)


def semgrep(program: str) -> Tool:
    """Semgrep CE with our taint rules and none from a network."""
    options = ["scan", "--metrics=off", "--disable-version-check", "--no-git-ignore", "--jobs", "2", "--json"]

    def read(data: bytes) -> set[Place]:
        return {(os.path.abspath(item["path"]), item["start"]["line"]) for item in json.loads(data)["results"]}

    return Tool("semgrep", lambda trees: [program, *options, "--config", str(RULES), *map(str, trees)], read)


def measured(tool: Tool, trees: Sequence[Path], environment: Mapping[str, str]) -> tuple[Run, set[Place]]:
    """One run without a network. Raises RuntimeError where the tool does not answer."""
    done = run([*without_network(), *tool.command(trees)], environment, cwd=Path("/"), limit=LIMIT)
    if done.late or done.status not in (0, 1):
        raise RuntimeError(f"{tool.name}: status {done.status}: {done.stderr[-500:].decode('utf-8', 'replace')}")
    return done, tool.read(done.stdout)


def constructs(tools: Sequence[Tool], folder: Path, environment: Mapping[str, str]) -> bool:
    """Precision and recall over the fixtures; whether Spawngate has both whole."""
    pairs = twins(folder)
    print(f"\nconstructs: {len(pairs)} twins, {sum(len(twin.sinks) for twin in pairs)} launches to find")
    whole = True
    for tool in tools:
        # Each fixture is a project of its own; a tool that knows no projects gets them all at once.
        trees = [twin.folder for twin in pairs] if tool.knows_projects else [folder]
        done, places = measured(tool, trees, environment)
        rows: dict[str, Counter[str]] = {}
        for twin in pairs:
            rows.setdefault(twin.language, Counter()).update(_judged(twin, places))
        for language, row in sorted(rows.items()):
            found, missed, false = row["found"], row["missed"], row["false"]
            print(
                f"  {tool.name:<10}{language:<12}found {found:>3} of {found + missed:<4}"
                f"recall {_share(found, found + missed):>6}  precision {_share(found, found + false):>6}"
            )
            whole = whole and (tool.name != "spawngate" or not (missed or false))
        print(f"  {tool.name:<10}{done.seconds:.1f} s, CPU {done.cpu:.1f} s, {done.megabytes:.0f} MB for all")
    return whole


def _judged(twin: Twin, places: set[Place]) -> Counter[str]:
    inside = {(path, line) for path, line in places if path.startswith(f"{twin.folder}/")}
    wanted = {(f"{twin.folder}/{path}", line) for path, line in twin.sinks}
    return Counter(found=len(wanted & inside), missed=len(wanted - inside), false=len(inside - wanted))


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def projects(
    tools: Sequence[Tool], programs: Sequence[Sequence[Path]], rounds: int, environment: Mapping[str, str]
) -> None:
    """Seconds, memory and reported launches on real programs of one or several trees, interleaved."""
    for trees in programs:
        runs: dict[str, list[Run]] = {tool.name: [] for tool in tools}
        told: dict[str, set[Place]] = {}
        for _ in range(rounds):
            for tool in tools:
                done, told[tool.name] = measured(tool, trees, environment)
                runs[tool.name].append(done)
        top = os.path.commonpath([trees[0].parent, *trees])
        print("\n" + " with ".join(tree.name for tree in trees))
        for name, found in runs.items():
            seconds = statistics.median(item.seconds for item in found)
            cpu = statistics.median(item.cpu for item in found)
            memory = max(item.megabytes for item in found)
            print(f"  {name:<10}{seconds:7.1f} s, CPU {cpu:6.1f} s, {memory:5.0f} MB, {len(told[name])} launches")
            for path, line in sorted(told[name])[:8]:
                print(f"             {os.path.relpath(path, top)}:{line}")


def growth(
    tool: Tool, other: Tool | None, folder: Path, cached: Callable[[], Tool], environment: Mapping[str, str]
) -> bool:
    """Lines a second and seconds as a project grows, cold and warm; whether the budget is kept and all is found."""
    good = True
    print("\ngrowth (Python, generated)")
    for size in SIZES:
        plain = growing(folder / f"plain{size}", size, mcp=False)
        lines = sum(path.read_bytes().count(b"\n") for path in plain.rglob("*.py"))
        done, _ = measured(tool, [plain], environment)
        floor = measured(tool, [growing(folder / f"empty{size}", 0, mcp=False)], environment)[0].cpu
        rate = lines / max(done.cpu - floor, 0.001)
        print(
            f"  {lines:>7,} lines without MCP: {_cost(done)}; {floor:.2f} s of CPU are the start, {rate:,.0f} lines/s"
        )
        # The smallest project is over before the clock tells much.
        good = good and (size == SIZES[0] or rate >= LINES_A_SECOND)
        grown = growing(folder / f"grown{size}", size, mcp=True)
        done, places = measured(tool, [grown], environment)
        found = (f"{grown}/{GROWN_SINK[0]}", GROWN_SINK[1]) in places
        warm = cached()
        measured(warm, [grown], environment)
        again = measured(warm, [grown], environment)[0]
        (grown / "api.py").write_text((grown / "api.py").read_text() + "\n# one more line\n")
        edited = measured(warm, [grown], environment)[0]
        print(
            f"  {lines:>7,} lines with MCP:    {_cost(done)}, path {'found' if found else 'MISSED'}; "
            f"CPU warm {again.cpu:.2f} s, after an edit {edited.cpu:.2f} s"
        )
        good = good and found
        if other is not None:
            beside, places = measured(other, [grown], environment)
            found = (f"{grown}/{GROWN_SINK[0]}", GROWN_SINK[1]) in places
            print(f"          {other.name}:             {_cost(beside)}, path {'found' if found else 'missed'}")
    return good


def _cost(done: Run) -> str:
    return f"{done.seconds:5.2f} s, CPU {done.cpu:.2f} s, {done.megabytes:.0f} MB"


def main(arguments: Sequence[str]) -> int:
    """Run everything. Exit codes: 0 good, 1 something was missed or too slow."""
    parser = argparse.ArgumentParser(prog="python -m bench codescan", description=__doc__)
    parser.add_argument("--semgrep", default="", help="path of the semgrep program; left out where there is none")
    parser.add_argument(
        "--tree", action="append", default=[], help="a program, its trees joined by commas (repeatable)"
    )
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--skip-growth", action="store_true")
    parser.add_argument("--skip-constructs", action="store_true")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bench-code-") as name:
        folder = Path(name)
        environment = {
            "PATH": f"{Path(options.semgrep).parent}:{os.environ['PATH']}" if options.semgrep else os.environ["PATH"],
            "HOME": str(folder / "home"),
            "SPAWNGATE_STATE_DIR": str(folder / "state"),
            "SEMGREP_SEND_METRICS": "off",
            "SEMGREP_ENABLE_VERSION_CHECK": "0",
        }
        (folder / "home").mkdir()
        ours = spawngate("--no-cache")
        tools = [ours, *([semgrep(options.semgrep)] if options.semgrep else [])]
        good = True
        if not options.skip_constructs:
            good = constructs(tools, folder / "constructs", environment)
        programs = [[Path(tree).resolve() for tree in program.split(",")] for program in options.tree]
        projects([spawngate("--no-cache", "--together"), *tools[1:]], programs, options.rounds, environment)
        if not options.skip_growth:
            other = tools[1] if len(tools) > 1 else None
            good = growth(ours, other, folder, spawngate, environment) and good
    return 0 if good else 1
