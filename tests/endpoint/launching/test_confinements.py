"""How servers are confined, as it is told."""

import os
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from spawngate.endpoint.launching import approvals
from spawngate.endpoint.launching.confinements import Confined, Confinements, with_confinement
from spawngate.endpoint.launching.known import Entry, Records, Running
from spawngate.endpoint.state import State
from spawngate.launch.identity import Identity
from spawngate.model.artifact import Artifact, Kind, Scope, Status
from spawngate.model.decision import Mode, Verdict
from spawngate.policy.approvals import Approval
from spawngate.policy.confinement import Confinement
from spawngate.policy.settings import LaunchSettings, PolicySettings

AT = "2026-11-20T00:00:00Z"
BOX = Confinement(("/data",), (), hosts=("api.example",))
ALL = ("user", "pid", "net", "egress", "mount", "landlock-7", "seccomp")
WORDS = "reads /data; reaches api.example"


def approved(sandbox: Confinement | None, *, revoked: str = "") -> Approval:
    return Approval("f", Identity("npx", ()), AT, "ann", entry="e1", sandbox=sandbox, revoked_at=revoked)


def told(state: Path, settings: PolicySettings, walls: tuple[str, ...], *held: Approval) -> Confined:
    return Confinements(state, held, settings, walls).of("e1", "cursor", "files")


def test_by_approvals_and_policy(tmp_path: Path) -> None:
    plain = PolicySettings()
    box = Confined(WORDS, ("api.example",), False, ("/data",), (), 0, ALL, ())
    assert told(tmp_path, plain, ALL) == Confined()
    assert told(tmp_path, plain, ALL, approved(BOX)) == box
    assert told(tmp_path, plain, ALL, approved(BOX), approved(Confinement(off=True))) == Confined()
    assert told(tmp_path, plain, ALL, approved(BOX, revoked=AT)) == Confined()
    policy = PolicySettings(launches=LaunchSettings(sandbox=BOX))
    assert told(tmp_path, policy, ALL) == box
    assert told(tmp_path, policy, ALL, approved(Confinement(off=True))) == Confined()


@pytest.mark.parametrize(
    ("walls", "verdict", "open_"),
    [
        (
            (),
            Verdict.ALLOW,
            "everything: this system has nothing to confine it with, and policy starts it all the same",
        ),
        ((), Verdict.DENY, "everything: this system has nothing to confine it with, and policy refuses it then"),
        (
            ("ports", "egress", "landlock-7", "seccomp", "pid", "mount"),
            Verdict.DENY,
            "every host can be reached by TCP on the ports that lead to declared hosts",
        ),
    ],
)
def test_what_is_not_held(tmp_path: Path, walls: tuple[str, ...], verdict: Verdict, open_: str) -> None:
    settings = PolicySettings(launches=LaunchSettings(no_sandbox=verdict))
    found = told(tmp_path, settings, walls, approved(BOX))
    assert (found.layers, found.not_held) == (walls, (open_,))


def test_monitor(tmp_path: Path) -> None:
    found = told(tmp_path, PolicySettings(mode=Mode.MONITOR), ALL, approved(BOX))
    assert (found.sandbox, found.layers, found.not_held) == (WORDS, (), ("monitor mode confines nothing",))


def test_what_runs(tmp_path: Path) -> None:
    records = Records(tmp_path)
    running = Running("l1", "e1", "files", "cursor", "f", AT, sandbox=BOX, layers=("pid", "mount", "net", "egress"))
    records.start(running)
    records.start(replace_launch(running, "l2", parent=2**22 + 12345))
    found = told(tmp_path, PolicySettings(), ALL, approved(None))
    assert (found.sandbox, found.running, found.layers, found.not_held) == (WORDS, 1, running.layers, ())
    records.end("l1")
    records.start(Running("l3", "e1", "files", "cursor", "f", AT, parent=os.getpid()))
    assert told(tmp_path, PolicySettings(), ALL) == Confined(running=1)


def replace_launch(running: Running, launch: str, *, parent: int) -> Running:
    return msgspec.structs.replace(running, launch=launch, parent=parent)


def test_an_inventory_shows_it(tmp_path: Path) -> None:
    artifact = Artifact(Kind.MCP_SERVER, "e1", "f", "cursor", Scope.USER, "files", "/x", Status.ENABLED, {"a": 1})
    other = replace(artifact, id="e2")
    State(tmp_path)
    assert with_confinement((artifact, other), tmp_path) == (artifact, other)
    Records(tmp_path).keep_entries([Entry("e1", "cursor", "files"), Entry("e2", "cursor", "files")])
    approvals.change(tmp_path, lambda held: [*held, approved(BOX)])
    one, two = with_confinement((artifact, other), tmp_path)
    assert one.detail == {
        "a": 1,
        "confinement": {
            "sandbox": WORDS,
            "hosts": ["api.example"],
            "read": ["/data"],
            "not_held": ["everything: this system has nothing to confine it with, and policy starts it all the same"],
        },
    }
    assert two == replace(other, detail={"a": 1})
    (tmp_path / approvals.FILE).write_text("{")
    assert with_confinement((artifact,), tmp_path) == (artifact,)
