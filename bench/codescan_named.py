"""What the code scan says of published trees, held against what is true of them: handler, launch, story, grade, guards.

Belongs here: reading `codescan_named.yaml`, one scan for each tree that is there, and the table. Must not be here: how
the trees are come by; a folder is prepared by hand and given.

Each expectation names a `handler` and a `launch` (end of the path, a space, the function), and may name functions that
the story passes `through` in this order, `slots`, the `grade`, parts of the names of `guards`, and the last `place` in
the list where it may stand (2). `silent` trees have nothing above information; of those without MCP, `mcp: false`,
nothing is said at all.

    python -m bench codescan-named --trees FOLDER [NAME=FOLDER]... [--only TEXT]
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bench.process import Run, run

EXPECTED = Path(__file__).with_name("codescan_named.yaml")
ABOVE = ("high", "medium", "low")
LIMIT = 600.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """One path that has to be told."""

    handler: str
    launch: str
    grade: str
    through: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()
    place: int = 2


@dataclass(frozen=True, slots=True)
class Named:
    """One published tree, as one or several folders."""

    name: str
    tree: tuple[str, ...]
    source: str
    expect: tuple[Wanted, ...] = ()
    silent: bool = False
    mcp: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """What came of one tree."""

    name: str
    wrong: tuple[str, ...]
    found: Mapping[str, int] = field(default_factory=dict)
    lines: int = 0
    seconds: float = 0.0
    cpu: float = 0.0


def named(text: str) -> list[Named]:
    """The table of the file. Raises TypeError for an unknown field."""
    out = []
    for entry in yaml.safe_load(text)["trees"]:
        given = dict(entry)
        expect = tuple(_wanted(each) for each in given.pop("expect", ()))
        out.append(Named(tree=tuple(given.pop("tree")), source=given.pop("from"), expect=expect, **given))
    return out


def _wanted(given: Mapping[str, Any]) -> Wanted:
    known: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}
    return Wanted(**known)


def wrong(tree: Named, result: Mapping[str, Any]) -> list[str]:
    """What the scan of a tree says otherwise than it should; empty when all is as it is known to be."""
    findings = [each for each in result["findings"] if each["grade"] in ABOVE]
    out = [_missing(each, findings) for each in tree.expect]
    if tree.silent:
        out.extend(f"{each['grade']} at {each['site']['path']}:{each['site']['line']}" for each in findings)
    if not tree.mcp and result["mcp"]:
        out.append("taken for a project with MCP")
    if not result["statistics"]["lines"]:
        out.append("nothing was read")
    return [each for each in out if each]


def _missing(wanted: Wanted, findings: Sequence[Mapping[str, Any]]) -> str:
    """Why no finding is the wanted one; "" where one is."""
    near = [
        (place, each)
        for place, each in enumerate(findings, 1)
        if _at(wanted.handler, each["trace"][0]) and _at(wanted.launch, each["trace"][-1])
    ]
    if not near:
        return f"no path from {wanted.handler.rpartition(' ')[2]} to {wanted.launch.rpartition(' ')[2]}"
    place, found = near[0]
    told = [hop["function"] for hop in found["trace"]]
    names = [guard["name"] for guard in found["guards"]]
    faults = []
    if place > wanted.place:
        faults.append(f"in place {place}, not {wanted.place}")
    if found["grade"] != wanted.grade:
        faults.append(f"{found['grade']}, not {wanted.grade}")
    if not _in_order(wanted.through, told):
        faults.append(f"not through {', '.join(wanted.through)}")
    if not set(wanted.slots) <= set(found["slots"]):
        faults.append(f"slots {', '.join(found['slots'])}")
    faults.extend(f"no guard {each!r}" for each in wanted.guards if not any(each in name for name in names))
    return f"{wanted.handler.rpartition(' ')[2]}: {'; '.join(faults)}" if faults else ""


def _at(wanted: str, hop: Mapping[str, Any]) -> bool:
    path, _, function = wanted.rpartition(" ")
    return hop["function"] == function and f"/{hop['path']}".endswith(f"/{path}")


def _in_order(wanted: Sequence[str], told: Sequence[str]) -> bool:
    rest = iter(told)
    return all(any(name.rpartition(".")[2] == each for name in rest) for each in wanted)


def scanned(folders: Sequence[Path], state: Path) -> Run:
    """One scan without what an earlier one kept."""
    together = ["--together"] if len(folders) > 1 else []
    program = [sys.executable, "-m", "spawngate", "code", "--format", "json", "--no-record", "--no-cache", *together]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(state), "PYTHONPATH": ":".join(filter(None, sys.path))}
    return run([*program, *map(str, folders)], environment, cwd=state, limit=LIMIT)


def row(tree: Named, folders: Sequence[Path], state: Path) -> Row:
    """Scans one tree and holds the answer against what is known."""
    done = scanned(folders, state)
    if done.late or done.status not in (0, 1):
        return Row(tree.name, (f"status {done.status}: {done.stderr[-300:].decode('utf-8', 'replace')}",))
    (result,) = json.loads(done.stdout)["trees"]
    found = result["summary"]["findings"]
    return Row(tree.name, tuple(wrong(tree, result)), found, result["statistics"]["lines"], done.seconds, done.cpu)


def folders_of(tree: Named, trees: Path | None, given: Mapping[str, Path]) -> list[Path]:
    """The folders of a tree; empty where one of them is not there."""
    out = [given[each] if each in given else (trees or Path()) / each for each in tree.tree]
    return out if all(each.is_dir() for each in out) else []


def told(each: Row) -> str:
    """One line of the table."""
    counts = " ".join(f"{each.found.get(grade, 0):4}" for grade in (*ABOVE, "info"))
    figures = f"{each.lines:10,} {counts} {each.seconds:7.1f} {each.cpu:7.1f}"
    return f"{each.name:38} {figures}  {'WRONG ' + '; '.join(each.wrong) if each.wrong else 'ok'}"


def main(arguments: Sequence[str]) -> int:
    """Exit codes: 0 all is as it is known to be, 1 something is not, 2 no tree is there."""
    parser = argparse.ArgumentParser(prog="bench codescan-named")
    parser.add_argument("--trees", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("given", nargs="*", metavar="NAME=FOLDER")
    options = parser.parse_args(arguments)
    given = {name: Path(folder) for name, _, folder in (each.partition("=") for each in options.given)}
    rows: list[Row] = []
    absent: list[str] = []
    print(f"{'tree':38} {'lines':>10} high  med  low info {'seconds':>7} {'cpu':>7}")
    with tempfile.TemporaryDirectory() as state:
        for tree in named(EXPECTED.read_text()):
            if options.only.lower() not in tree.name.lower():
                continue
            folders = folders_of(tree, options.trees, given)
            if not folders:
                absent.append(f"{tree.name} ({tree.source})")
                continue
            rows.append(row(tree, folders, Path(state)))
            print(told(rows[-1]), flush=True)
    if absent:
        print("not there: " + ", ".join(absent))
    print(f"{sum(not each.wrong for each in rows)} of {len(rows)} as they should be")
    return 2 if not rows else int(any(each.wrong for each in rows))
