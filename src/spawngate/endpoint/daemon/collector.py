"""SHELL. The process beside the daemon that takes inventories: one line of JSON for each that brought something new.

A process of its own, because an inventory keeps the interpreter busy for longer than a decision may take, and because
whatever goes wrong while foreign files are read must not touch the daemon. Each report waits for a line on stdin that
says that its changes are recorded; only then the snapshot becomes the one to compare with. Another line
asks for an inventory now, which is reported in any case. Ends when stdin ends.
Must not be here: how an inventory is taken (`endpoint.inventory`, `endpoint.watch`), and which one is in the trail
(`endpoint.recorded`).
"""

import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec

from spawngate.configuration.identity import launch_identity
from spawngate.endpoint.daemon.report import AGAIN, Report, Server
from spawngate.endpoint.inventory import Inventory, Request, Result
from spawngate.endpoint.judge import Judge
from spawngate.endpoint.recorded import RecordedState, everything, findings_changed
from spawngate.endpoint.watch import watch
from spawngate.model.artifact import Artifact, Kind, Scope, Status
from spawngate.model.finding import Finding
from spawngate.trail.diff import follow

NICE = 10
"""Decisions go first."""
_IN_FORCE = (Status.ENABLED, Status.APPROVED)


def report_of(result: Result, judge: Judge, findings: Sequence[Finding] = ()) -> Report:
    """What the daemon needs of an inventory. The first one has everything as added.

    `findings` are those of the inventory before.
    """
    snapshot = result.snapshot
    changes = everything(snapshot) if result.first else result.changes
    judgement = judge.judge(snapshot)
    home = os.path.expanduser("~")
    servers = [
        Server(
            agent=artifact.agent,
            name=artifact.name,
            tier=judgement.tiers[artifact.id].tier if artifact.id in judgement.tiers else "unknown",
            capabilities=_kinds(judgement.capabilities.get(artifact.id, ())),
            transport=_transport(artifact),
            fingerprint=artifact.fingerprint,
            in_force=artifact.status in _IN_FORCE,
            launch=launch_identity(artifact.launch, home),
            words=_words(artifact),
        )
        for artifact in snapshot.artifacts
        if artifact.kind is Kind.MCP_SERVER and artifact.scope is not Scope.PROCESS
    ]
    found = findings_changed(findings, judgement.findings, snapshot, changes)
    return Report(snapshot.taken_at, len(snapshot.artifacts), changes, tuple(servers), found)


def _kinds(capabilities: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted({each.partition(":")[0] for each in capabilities}))


def _transport(artifact: Artifact) -> str:
    return artifact.launch.transport.value if artifact.launch is not None else "unknown"


_MOST_WORDS = 200
"""Words of one launch."""


def _words(artifact: Artifact) -> tuple[str, ...]:
    launch = artifact.launch
    if launch is None:
        return ()
    return tuple(word for word in (launch.command, *launch.args, launch.url, launch.package) if word)[:_MOST_WORDS]


def main(arguments: Sequence[str], stdin: BinaryIO, out: BinaryIO) -> int:
    """Report to `out` until `stdin` ends. `arguments`: the state folder, then homes; none for those of this user."""
    folder, *homes = arguments
    state = RecordedState(Path(folder))
    inventory = Inventory(state, Request(homes=tuple(homes)))
    judge = Judge()
    acknowledged = threading.Semaphore(0)
    ended, wake, asked = threading.Event(), threading.Event(), threading.Event()

    def listen() -> None:
        while line := stdin.readline():
            if line == AGAIN:
                asked.set()
                wake.set()
            else:
                acknowledged.release()
        ended.set()
        wake.set()
        acknowledged.release()

    threading.Thread(target=listen, name="stdin", daemon=True).start()
    result = inventory.take()
    findings = () if result.first else state.findings()
    said: Report | None = None
    later = watch(inventory, stop=ended, wake=wake)
    while not ended.is_set():
        report = report_of(result, judge, findings)
        # One that was asked for: the wake that began it is behind it.
        wanted = asked.is_set() and not wake.is_set()
        if said is None or wanted or report.changes or report.findings or report.servers != said.servers:
            if wanted:
                asked.clear()
            out.write(msgspec.json.encode(report) + b"\n")
            out.flush()
            said = report
            acknowledged.acquire()
            if ended.is_set():
                break
        state.recorded()
        if report.findings:
            findings = follow(findings, report.findings)
            state.keep_findings(findings)
        following = next(later, None)
        if following is None:
            break
        result = following
    return 0


if __name__ == "__main__":
    os.nice(NICE)
    code = main(sys.argv[1:], sys.stdin.buffer, sys.stdout.buffer)
    # The watcher's own threads need not be waited for.
    os._exit(code)
