"""What a granted server is confined to, and that it holds: with the real daemon's answers and the real walls."""

import json
import os
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest

from spawngate.endpoint.launching import approvals
from spawngate.endpoint.launching.known import Entry
from spawngate.model.decision import Verdict
from spawngate.policy.approvals import Approval
from spawngate.policy.confinement import Confinement
from spawngate.policy.settings import LaunchSettings
from tests.endpoint.launcher.harness import AT_ONCE, PYTHON, place_in, serving, walls
from tests.endpoint.launching.offices import Office, said

AT = "2026-11-20T00:00:00Z"
WALLS = walls()
walled = pytest.mark.skipif("mount" not in WALLS, reason="this system gives users no root of their own")
NEVER = LaunchSettings(probation="never")


def approve(office: Office, sandbox: Confinement | None) -> None:
    """Approve the last start."""
    seen = office.launches.records.seen()[-1]
    identity = seen.identity.anywhere()
    one = Approval(identity.fingerprint, identity, AT, "ann", "looked at", seen.entry, sandbox=sandbox)
    approvals.change(office.state, lambda held: [*held, one])


def confine(office: Office, *command: str, **more: Any) -> Any:
    return office.start(*command, **more)["confine"]


def test_by_its_approval(office: Office) -> None:
    office.use(launches=NEVER)
    assert confine(office) is None
    approve(office, Confinement((f"{office.home}/notes",), (f"{office.home}/out",), network=True))
    prepared = office.begin()
    answer = said(prepared.reply)["confine"]
    assert answer == {
        "network": True,
        "read": [f"{office.home}/notes", *(f"{office.home}/{name}" for name in CACHES)],
        "write": [f"{office.home}/out"],
    }
    assert prepared.events[0].detail["confine"] == {
        "network": True,
        "read": [f"{office.home}/notes"],
        "write": [f"{office.home}/out"],
    }
    # What changes lifts no confinement, also where no approval is needed to start it.
    (office.bin / "npx").write_text("something else")
    assert confine(office) == answer
    assert confine(office, entry="other") is None


CACHES = (".npm", ".cache/uv", ".local/share/uv", ".bun")


def test_by_policy(office: Office) -> None:
    office.use(launches=LaunchSettings(probation="never", sandbox=Confinement(("~/work", "/srv/x"))))
    assert confine(office)["read"][:2] == [f"{office.home}/work", "/srv/x"]
    approve(office, None)
    assert confine(office)["read"][:2] == [f"{office.home}/work", "/srv/x"]
    approve(office, Confinement())
    assert confine(office)["read"] == [f"{office.home}/{name}" for name in CACHES]
    approve(office, Confinement(off=True))
    assert confine(office) is None


def test_monitor_confines_nothing(office: Office) -> None:
    office.use(launches=LaunchSettings(sandbox=Confinement()))
    office.monitor()
    assert confine(office) is None


def test_a_working_folder_counts_where_the_entry_states_it(office: Office) -> None:
    office.use(launches=LaunchSettings(probation="never", sandbox=Confinement()))
    elsewhere = office.home / "elsewhere"
    elsewhere.mkdir()
    assert str(elsewhere) not in confine(office, cwd=str(elsewhere))["read"]
    stating = Entry("e2", "cursor", "stating", cwd=str(elsewhere))
    office.launches.records.keep_entries([office.entry, stating])
    assert str(elsewhere) in confine(office, entry="e2", cwd=str(elsewhere))["read"]
    # Nobody put this one into a file; whatever folder it is started in is not its own.
    assert str(elsewhere) not in confine(office, entry="made up", cwd=str(elsewhere))["read"]


def test_what_is_much_more_than_a_program_is_not_shown_for_it(office: Office) -> None:
    office.use(launches=LaunchSettings(probation="never", sandbox=Confinement()))
    tool = office.home / ".local" / "bin" / "tool"
    tool.parent.mkdir(parents=True)
    tool.write_text("x")
    tool.chmod(0o755)
    assert confine(office, str(tool))["read"] == [str(tool.parent)]


def test_nobody_is_given_what_approvals_are_kept_in(office: Office) -> None:
    (office.home / "link").symlink_to(office.state)
    profile = Confinement((str(office.root), "~/link", "~/work"), (str(office.state / "launching"),))
    office.use(launches=LaunchSettings(probation="never", sandbox=profile))
    prepared = office.begin()
    assert str(office.state) not in json.dumps(said(prepared.reply)["confine"])
    assert said(prepared.reply)["confine"]["read"][0] == f"{office.home}/work"
    told = prepared.events[0].detail["confine"]
    assert isinstance(told, dict)
    assert told["left_out"] == sorted([str(office.root), f"{office.home}/link", str(office.state / "launching")])


@pytest.mark.parametrize(("no_sandbox", "verdict"), [(Verdict.ALLOW, "allow"), (Verdict.DENY, "deny")])
def test_containers_cannot_be_confined(office: Office, no_sandbox: Verdict, verdict: str) -> None:
    office.use(launches=LaunchSettings(sandbox=Confinement(), no_sandbox=no_sandbox))
    office.program("docker")
    prepared = office.begin("docker", "run", "-i", "x/y@sha256:" + "a" * 64)
    answer = said(prepared.reply)
    assert (answer["verdict"], answer["confine"]) == (verdict, None)
    told = prepared.events[0].detail["confine"]
    assert isinstance(told, dict)
    assert told["problem"] == "the engine of containers runs it outside of what is put around its client"
    if verdict == "deny":
        assert prepared.decision.reasons == ("launches.no_sandbox",)
        assert "has to stay confined while it runs, and the engine of containers" in answer["message"]
        assert office.launches.records.running == {}


def test_what_is_connected_to_is_no_process(office: Office) -> None:
    office.use(launches=LaunchSettings(sandbox=Confinement(), no_sandbox=Verdict.DENY))
    prepared = office.ask("start", id="e1", url="https://x.example/mcp")
    assert (said(prepared.reply)["verdict"], said(prepared.reply)["confine"]) == ("allow", None)


TRIES = """
import json, os, socket, sys
def tried(what):
    try:
        what()
        return "done"
    except OSError as error:
        return type(error).__name__
given, kept, port = sys.argv[1:4]
found = {
    "read inside": tried(lambda: open(given + "/in/a").read()),
    "write where it reads": tried(lambda: open(given + "/in/b", "w")),
    "write inside": tried(lambda: open(given + "/out/a", "w").write("x")),
    "read outside": tried(lambda: open(kept + "/secret").read()),
    "write outside": tried(lambda: open(kept + "/mark", "w")),
    "list the home": tried(lambda: open(os.path.expanduser("~/work/secret")).read()),
    "connect": tried(lambda: socket.create_connection(("127.0.0.1", int(port)), 3).close()),
}
print(json.dumps({"jsonrpc": "2.0", "method": "found", "params": found}), flush=True)
sys.stdin.read()
"""


@walled
@pytest.mark.parametrize("network", [False, True])
def test_it_holds(office: Office, tmp_path: Path, network: bool) -> None:
    """From the approval to the walls: the daemon's own answer, the real launcher, a server that tries."""
    office.use(launches=NEVER)
    given, kept = tmp_path / "given", tmp_path / "kept"
    for folder in (given / "in", given / "out", kept):
        folder.mkdir(parents=True)
    for path in (given / "in" / "a", kept / "secret", office.work / "secret"):
        path.write_text("x")
    server = office.home / "server" / "server.py"
    server.parent.mkdir()
    server.write_text(TRIES)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        command = (PYTHON, str(server), str(given), str(kept), str(listening.getsockname()[1]))
        office.start(*command, env={"PATH": os.environ["PATH"]})
        approve(office, Confinement((f"{given}/in",), (f"{given}/out",), network=network))
        place = place_in(tmp_path / "launcher-state")
        place.daemon.answers["start"] = lambda asked: said(office.ask("start", **{**asked, "id": "e1"}).reply)
        with serving(place.socket_folder, place.daemon):
            env = {"HOME": str(office.home)}
            with place.start(*command, env=env, cwd=office.work) as process:
                out, err = process.communicate(timeout=AT_ONCE)
    found = json.loads(out)["params"]
    assert (found["read inside"], found["write inside"]) == ("done", "done"), err
    refused = {key: value for key, value in found.items() if value != "done"}
    expected = {"write where it reads", "read outside", "write outside", "list the home"}
    assert set(refused) == expected | (set() if network else {"connect"})
    assert ((given / "out" / "a").read_text(), os.listdir(kept), os.listdir(given / "in")) == ("x", ["secret"], ["a"])


@walled
@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("setpriv") is None, reason="needs root and setpriv")
def test_it_holds_for_a_user_without_rights(tmp_path: Path) -> None:
    from spawngate.endpoint.launcher.jail import options
    from spawngate.endpoint.launcher.place import packaged
    from spawngate.endpoint.launcher.replies import Grant

    program = packaged("spawngate-confine")
    assert program is not None
    copied = tmp_path / "spawngate-confine"
    shutil.copy(program, copied)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.geteuid() and str(folder).startswith("/tmp/"):
            folder.chmod(0o755)
    for name in ("in", "out", "kept"):
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(0o777)
        (tmp_path / name / "a").write_text("x")
    grant = Grant({"network": False, "read": [str(tmp_path / "in")], "write": [str(tmp_path / "out")]})
    words = options(grant, "/bin/sh", [], "", {b"HOME": b"/nonexistent"}, probe=False)
    script = f"cd {tmp_path}; cat in/a; echo y > out/b; cat kept/a; echo y > in/b; echo y > kept/b; :"
    user = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
    done = subprocess.run(
        [*user, str(copied), *words, "--", "/bin/sh", "sh", "-c", script],
        capture_output=True,
        timeout=AT_ONCE,
        check=False,
        text=True,
    )
    assert (done.stdout, done.returncode) == ("x", 0), done.stderr
    assert (tmp_path / "out" / "b").read_text() == "y\n"
    assert [sorted(os.listdir(tmp_path / name)) for name in ("in", "kept")] == [["a"], ["a"]]
