"""What is remembered of starts: after the answer, together, and beside the looking at other starts."""

import asyncio
import json
import threading
from pathlib import Path
from time import perf_counter_ns

import pytest

from spawngate.endpoint.launching import approvals, keeping, store
from spawngate.endpoint.launching.known import Seen
from spawngate.policy.approvals import Approval
from tests.endpoint.launching.offices import Office, said

ASKED = {"schema_version": 1, "id": "e1", "command": "npx", "args": ["-y", "@x/files@1.0.0"]}


def started(office: Office, *versions: str) -> list[str]:
    """Fingerprints of starts that are asked for at the same time."""

    async def all_() -> list[str]:
        payloads = [json.dumps({**ASKED, "args": ["-y", f"@x/files@{each}"]}).encode() for each in versions]
        answers = await asyncio.gather(*(office.launches.answer("start", each, perf_counter_ns()) for each in payloads))
        return [said(each.reply)["fingerprint"] for each in answers]

    return asyncio.run(all_())


def test_starts_are_written_together(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []
    note = office.launches.records.note

    def counted(*starts: Seen) -> None:
        written.append(len(starts))
        note(*starts)

    monkeypatch.setattr(office.launches.records, "note", counted)
    monkeypatch.setattr(keeping, "AFTER_ANSWER", 0.3)
    found = started(office, "1", "2", "3")
    office.launches.settle()
    assert (sum(written), len(written) < 3) == (3, True)
    assert {each.fingerprint for each in office.launches.records.seen()} == set(found)


def test_a_lock_that_is_held_holds_up_no_start(office: Office) -> None:
    """Somebody approves for seconds: starts that could be bound meanwhile wait for nobody, and are bound later."""
    (fingerprint,) = started(office, "1")
    office.launches.settle()
    (seen,) = office.launches.records.seen()
    open_ = Approval("f", seen.identity, "2026-01-01T00:00:00Z", "ann", "why", "e1")
    approvals.change(office.state, lambda _: [keepable(open_)])
    ready, over = threading.Event(), threading.Event()

    def hold() -> None:
        with store.locked(office.state):
            ready.set()
            over.wait(20)

    holder = threading.Thread(target=hold)
    holder.start()
    ready.wait(20)
    try:
        assert started(office, *["1"] * 12) == [fingerprint] * 12
        assert approvals.load(office.state)[0].fingerprint == "f"
    finally:
        over.set()
        holder.join()
    office.launches.close()
    assert approvals.load(office.state)[0].fingerprint == seen.identity.anywhere().fingerprint


def keepable(approval: Approval) -> Approval:
    """The approval before anybody knew which files run."""
    from dataclasses import replace

    import msgspec

    return msgspec.structs.replace(approval, identity=replace(approval.identity, programs=None, cwd=None))


def test_a_fault_ends_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Seen) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(office.launches.records, "note", broken)
        started(office, "1")
        office.launches.settle()
    (fingerprint,) = started(office, "2")
    office.launches.settle()
    assert [each.fingerprint for each in office.launches.records.seen()] == [fingerprint]


def test_closing_writes_what_waits_and_takes_nothing_more(office: Office, tmp_path: Path) -> None:
    (fingerprint,) = started(office, "1")
    office.launches.close()
    started(office, "2")
    assert [each.fingerprint for each in office.launches.records.seen()] == [fingerprint]
