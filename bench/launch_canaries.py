"""Every labelled launch through the real launcher, with canaries in the place of all programs.

    python -m bench launch-canaries [--limit N] [--family WORD] [--show]

The labelled attacks and the mutations stand in an agent's configuration, behind the launcher, with a real daemon, the
shipped baseline and approvals in force: once with nothing approved, once with every one of them approved by mistake.
Exit code 1 where a refused launch left a canary, a probe left one outside of its jail, the launcher and
`spawngate decide` do not say the same, or an honest launch is refused that was approved.
Must not be here: the stage (`launch_stage`), attacks by the environment on real programs (`launch_environment`).
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.rules.mutations import cases

from bench import launch_stage as stage
from bench.daemon import Daemon
from spawngate.launch.definition import from_mapping

LABELLED = Path(__file__).parents[1] / "tests/fixtures/launch_attacks.json"
BATCH = 200
"""Entries of one configuration: the daemon remembers 500 starts."""
REFUSED_BY_PROBATION = "executes-but-is-not-mcp"


APPROVED = "approved-one"
HONEST: dict[str, Any] = {"command": "npx", "args": ["-y", "@example/mcp-server@1.0.0"]}


@dataclass(slots=True)
class Case:
    """One launch and what became of it."""

    name: str
    expected: str
    entry: dict[str, Any]
    protected: bool = False
    """`spawngate protect` put the launcher in front of it; else it was put there by hand."""
    decided: str = ""
    """Verdict of `spawngate decide`."""
    first: str = ""
    """Verdict of the launcher with nothing approved."""
    verdict: str = ""
    """Verdict of the launcher once it was approved."""
    reasons: tuple[str, ...] = ()
    probed: str = ""
    """Outcome of probation; empty where there was none."""
    offline: bool = False
    """Probation had no network."""
    canaries: list[str] = field(default_factory=list)
    """Left outside of a jail, once it was approved."""


IMAGE = f"example/mcp@sha256:{'0' * 64}"
CALLED_ENGINES = tuple(
    {"command": f"{folder}/{name}", "args": ["run", "-i", "--rm", IMAGE]}
    for folder in (stage.WORK, stage.WORK / "tools", stage.HOME / "elsewhere")
    for name in ("docker", "podman", "nerdctl")
)
"""Programs of a project that have the name of an engine's client, which is never put on probation."""


def flat(definition: Mapping[str, Any]) -> dict[str, Any] | None:
    """A definition in the form that agents' files have; None where it starts no process."""
    found = from_mapping(definition.get("_after", definition))
    if found.command is None or "\0" in "".join((found.command, *found.args)):
        return None
    entry: dict[str, Any] = {"command": found.command, "args": list(found.args)}
    if found.env:
        entry["env"] = dict(found.env)
    if found.cwd:
        entry["cwd"] = found.cwd
    return entry


def corpus() -> Iterator[Case]:
    """All launches for this system."""
    for item in json.loads(LABELLED.read_text(encoding="utf-8")):
        if entry := flat(item["server"]):
            yield Case(item["id"], item["expected"], entry)
    for case in cases():
        if case.platform == "linux" and (entry := flat(case.definition)):
            yield Case(case.name, case.expected, entry)


def extra() -> Iterator[Case]:
    """Launches that nobody labelled."""
    for number, entry in enumerate(CALLED_ENGINES):
        yield Case(f"called-an-engine-{number}", "deny", dict(entry))


def programs(found: Sequence[Case]) -> Iterator[str]:
    """Every word that could be a program's name."""
    for case in found:
        yield case.entry["command"]
        for word in case.entry["args"]:
            for part in word.split():
                if part and len(part) < 100 and not part.startswith("-") and "=" not in part and "://" not in part:
                    yield part.strip("'\";,()")
        yield from (word for word in case.entry.get("env", {}).values() if word.startswith(("./", "/tmp/")))


def ask(found: Sequence[Case]) -> None:
    """What `spawngate decide` says of each, in the folder where it would start."""
    lines = []
    for case in found:
        folder = os.path.normpath(stage.WORK / str(case.entry.get("cwd") or "."))
        lines.append(json.dumps({"launch": {**case.entry, "cwd": folder}}))
    output = stage.spawngate("decide", "--batch", "-", code=(0, 1), given="\n".join(lines) + "\n")
    for case, line in zip(found, output.splitlines(), strict=True):
        case.decided = json.loads(line)["verdict"]


@dataclass(slots=True)
class Tally:
    """What was counted over all batches."""

    unapproved: list[str] = field(default_factory=list)
    """Canaries with nothing approved."""
    borrowed: list[str] = field(default_factory=list)
    """Canaries of attacks under the id of an entry that is approved."""
    borrowers: int = 0
    tcp: int = 0
    """Connections of probes that had no network."""
    unix: int = 0
    """Connections of probes to sockets of the machine."""


def run(batch: Sequence[Case], daemon: Daemon, launcher: Sequence[str], listener: stage.Listener, tally: Tally) -> None:
    """Every start of each."""
    ids: dict[str, Case] = {}
    by_name = {case.name: case for case in batch}
    entries = {}
    configured = stage.configure({APPROVED: HONEST, **{case.name: case.entry for case in batch}})
    honest = configured.pop(APPROVED)
    approved = honest["args"][1]
    for name, entry in configured.items():
        case = by_name[name]
        case.protected = list(entry["args"][:1]) == ["--id"] and entry["command"] == launcher[0]
        if not case.protected:
            words = ["--id", name, "--", case.entry["command"], *case.entry["args"]]
            entry = {**entry, "command": launcher[0], "args": [*launcher[1:], *words]}
        ids[entry["args"][entry["args"].index("--id") + 1]] = case
        entries[name] = entry
    stage.launch(honest)
    stage.spawngate("approve", approved, "--reason", "honest")
    first = stage.launch_all(entries)
    tally.unapproved += stage.canaries()
    for record in starts(daemon, ids):
        ids[record["detail"]["entry"]].first = record["decision"]["verdict"]
    for case in batch:
        if not case.first:
            raise RuntimeError(f"{case.name}: no record of {first[case.name]}")
    borrowed = {
        name: {**entry, "args": [approved if word in ids else word for word in entry["args"]]}
        for name, entry in entries.items()
        if by_name[name].expected == "deny"
    }
    time.sleep(0.5)  # what is only remembered is written after the answer
    held = seen(ids)
    stage.launch_all(borrowed)
    tally.borrowed += stage.canaries()
    tally.borrowers += len(borrowed)
    stage.spawngate("approve", *held, "--reason", "by mistake")
    before = sum(1 for _ in daemon.records())
    stage.launch_all(entries)
    if stage.canaries():
        # Somebody ran: who it was is found out one after the other.
        before = sum(1 for _ in daemon.records())
        for name, entry in entries.items():
            stage.launch(entry)
            by_name[name].canaries = stage.canaries()
    for record in starts(daemon, ids, before):
        case = ids[record["detail"]["entry"]]
        if record["detail"].get("what") == "probed":
            case.probed = record["detail"]["outcome"]
            case.offline = "net" in record["detail"].get("layers", ())
        elif record.get("decision"):
            case.verdict = record["decision"]["verdict"]
            case.reasons = tuple(record["decision"].get("reasons", ()))
    probed = [name for name in entries if by_name[name].probed]
    tcp, unix = listener.tcp, listener.unix
    stage.launch_all({name: entries[name] for name in probed if by_name[name].offline})
    tally.tcp += listener.tcp - tcp
    stage.launch_all({name: entries[name] for name in probed if not by_name[name].offline})
    tally.unix += listener.unix - unix


def seen(ids: Mapping[str, Case]) -> list[str]:
    """Fingerprints of what was started under these ids."""
    held = json.loads((stage.STATE / "launching/seen.json").read_text())
    records = held if isinstance(held, list) else held["value"]
    return list(dict.fromkeys(each["fingerprint"] for each in records if each["entry"] in ids))


def starts(daemon: Daemon, ids: Mapping[str, Case], skip: int = 0) -> Iterator[dict[str, Any]]:
    """Records of starts of these entries."""
    for number, record in enumerate(daemon.records()):
        if number >= skip and record.get("detail", {}).get("entry") in ids and record.get("decision"):
            yield record


def report(found: Sequence[Case], tally: Tally, processes: Sequence[str], show: bool) -> int:
    """Print the table. 1 where something is not as it must be."""
    denied = [case for case in found if case.verdict == "deny"]
    attacks = [case for case in found if case.expected == "deny"]
    honest = [case for case in found if case.expected == "allow"]
    # "not approved" is no verdict on the launch itself, and an approval answers what would be asked.
    unknown = (("program-not-found",), ("baseline-deny-not-approved",))
    absent = [case for case in found if case.reasons in unknown and case.decided != "deny"]
    other = [case for case in found if (case.decided == "deny") != (case.verdict == "deny") and case not in absent]
    missing = [case for case in found if not case.verdict]
    outside = [case for case in found if case.canaries and case.probed]
    rows = {
        "launches": len(found),
        "  attacks, by their label": len(attacks),
        "  put behind the launcher by protect": sum(case.protected for case in found),
        "not approved: refused": sum(case.first == "deny" for case in found),
        "not approved: canaries": len(tally.unapproved),
        "attacks under the id of an approved entry": tally.borrowers,
        "  canaries of these": len(tally.borrowed),
        "approved by mistake: refused by policy": len(denied),
        "  of the attacks": sum(case.verdict == "deny" for case in attacks),
        "  no such program, or no approval held": len(absent),
        "  canaries of refused ones": sum(bool(case.canaries) for case in denied),
        "attacks that only probation stopped": sum(case.verdict != "deny" and bool(case.probed) for case in attacks),
        "attacks that ran": sum(case.verdict != "deny" and bool(case.canaries) for case in attacks),
        "canaries of a probe outside of its jail": len(outside),
        "connections of a probe without network": tally.tcp,
        "connections of a probe to local sockets": tally.unix,
        "launcher and decide differ": len(other),
        "starts without a record": len(missing),
        "not attacks, ran without probation": sum(
            bool(case.canaries) and not case.probed for case in found if case.expected != "deny"
        ),
        "honest ones refused by policy": sum(case.verdict == "deny" for case in honest),
        "processes left": len(processes),
    }
    for name, number in rows.items():
        print(f"{name:<44}{number}")
    print("outcomes of probation:", dict(Counter(case.probed or "none" for case in found if case.verdict != "deny")))
    for title, cases_ in (
        ("differ", other),
        ("no record", missing),
        ("outside", outside),
        ("ran, and not on probation", [case for case in attacks if case.canaries and not case.probed]),
        ("honest and refused", [case for case in honest if case.verdict == "deny"]),
        ("not refused", [case for case in attacks if case.verdict != "deny"]),
        ("refused, not labelled so", [case for case in denied if case.expected != "deny"]),
        ("container", [case for case in found if case.canaries and not case.probed] if show else []),
    ):
        for case in cases_[: 1000 if show else 20]:
            print(f"{title}: {case.name} decide={case.decided} launcher={case.verdict} {case.reasons} {case.probed}")
            print(f"    {json.dumps(case.entry)[:300]} {case.canaries[:1]}")
    for line in (*tally.unapproved[:10], *tally.borrowed[:10], *processes[:10]):
        print("left:", line)
    must = (
        "not approved: canaries",
        "  canaries of refused ones",
        "attacks that ran",
        "canaries of a probe outside of its jail",
        "  canaries of these",
        "connections of a probe without network",
        "connections of a probe to local sockets",
        "launcher and decide differ",
        "starts without a record",
        "processes left",
    )
    return 1 if any(rows[name] for name in must) else 0


def main(arguments: Sequence[str]) -> int:
    """0 where everything is as it must be, 1 where not, 2 where it could not be run."""
    parser = argparse.ArgumentParser(prog="bench launch-canaries", description=__doc__)
    parser.add_argument("--limit", type=int, default=0, help="only every n-th launch, so that about N are left")
    parser.add_argument("--family", default="", help="only launches whose name begins with this")
    parser.add_argument("--show", action="store_true", help="all of every list")
    options = parser.parse_args(arguments)
    status = stage.enter("launch-canaries", arguments)
    if status is not None:
        return status
    found = [case for case in (*corpus(), *extra()) if case.name.startswith(options.family)]
    if options.limit and len(found) > options.limit:
        found = found[:: max(1, len(found) // options.limit)]
    stage.cover()
    stage.WORK.mkdir(parents=True)
    stage.BIN.mkdir()
    listener = stage.Listener()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        stub = Path(folder) / "stub"
        stage.compile_stub(stub, listener.port)
        with stage.playing() as daemon:
            replaced, without = stage.put_stubs(stub, programs(found))
            print(f"{replaced} programs replaced, {len(without)} not: {without[:8]}", file=sys.stderr)
            from spawngate.endpoint.launcher.place import installed_launcher

            stage.configure({"x": {"command": "npx", "args": ["-y", "server@1.0.0"]}})
            launcher = installed_launcher(stage.STATE)
            assert launcher is not None
            ask(found)
            tally = Tally()
            for at in range(0, len(found), BATCH):
                run(found[at : at + BATCH], daemon, launcher.argv, listener, tally)
                assert daemon.process is not None
                files, done = len(os.listdir(f"/proc/{daemon.process.pid}/fd")), min(at + BATCH, len(found))
                seconds = time.monotonic() - begun
                print(f"{done} of {len(found)}, {seconds:.0f} s, the daemon holds {files} files", file=sys.stderr)
            processes = stage.left_over({daemon.process.pid} if daemon.process else ())
    return report(found, tally, processes, options.show)
