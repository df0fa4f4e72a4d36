"""What is new here: lines that cannot wait, and when the machine is looked at."""

import sys
from pathlib import Path

import msgspec
import pytest

from spawngate.endpoint.sync import enrolment, glance
from spawngate.endpoint.sync.glance import Glance, Looking
from spawngate.endpoint.sync.looks import Look
from spawngate.sync.messages import Enforcement
from tests.endpoint.sync.test_outgoing import write
from tests.sync.records import head_of, sealed

ALLOWED = sealed(4)
DENIED = sealed(1, head=head_of(ALLOWED[-1]), verdicts=("deny",))
LOOK = Look((Enforcement("cursor", "installed"),), ("x",), "a" * 64, "enforce", "r1")


def test_what_cannot_wait_is_seen_once(tmp_path: Path) -> None:
    seen = Glance(tmp_path)
    write(tmp_path, "2026-11-21", ALLOWED[:2])
    seen.look()
    assert (seen.urgent, seen.waiting) == (False, 0)  # what was there before goes with the first sync
    write(tmp_path, "2026-11-21", ALLOWED)
    seen.look()
    assert (seen.urgent, seen.waiting) == (False, sum(len(line) + 1 for line in ALLOWED[2:]))
    write(tmp_path, "2026-11-21", [*ALLOWED, *DENIED])
    seen.look()
    assert seen.urgent
    seen.sent()
    seen.look()
    assert (seen.urgent, seen.waiting) == (False, 0)
    write(tmp_path, "2026-11-22", sealed(1, head=head_of(DENIED[0]), verdicts=("deny",)))
    seen.look()
    assert seen.urgent


def test_the_first_record_of_a_trail_is_seen_too(tmp_path: Path) -> None:
    seen = Glance(tmp_path / "trail")
    seen.look()
    write(tmp_path / "trail", "2026-11-21", sealed(1, verdicts=("deny",)))
    seen.look()
    assert seen.urgent


def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    script = tmp_path / "python"
    script.write_text(f"#!{sys.executable}\nimport sys\nstate, target = sys.argv[-2:]\n{text}")
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script))


def until_done(looking: Looking) -> None:
    assert looking._process is not None
    looking._process.wait(10)
    looking.round()


def test_the_machine_is_looked_at_now_and_when_something_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1_000.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    data = msgspec.json.encode(LOOK) + b'\n{"artifacts": []}'
    program(tmp_path, monkeypatch, f"open(target, 'wb').write({data!r})\nopen(state + '/runs', 'a').write('x')")
    looking = Looking(tmp_path)
    assert (looking.found, looking.document()) == (None, b"")
    looking.round()
    until_done(looking)
    assert (looking.found, looking.document()) == (LOOK, b'{"artifacts": []}')

    def runs() -> int:
        looking.round()
        if looking._process is not None:
            until_done(looking)
        return len((tmp_path / "runs").read_text())

    assert runs() == 1
    (tmp_path / "approvals.json").write_text("{}")
    assert runs() == 1  # not sooner than that
    now[0] += glance.SOONEST
    assert [runs(), runs()] == [2, 2]
    (tmp_path / "servers.json").write_text("[]")
    now[0] += glance.SOONEST
    assert runs() == 2  # what brought the change may still be written
    now[0] += glance.SETTLED
    assert [runs(), runs()] == [3, 3]
    now[0] += glance.SOONEST
    assert runs() == 3
    looking.again()
    assert runs() == 4
    now[0] += glance.LATEST
    assert runs() == 5
    looking.close()


def test_a_look_that_takes_for_ever_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    program(tmp_path, monkeypatch, "import time; time.sleep(600)")
    looking = Looking(tmp_path)
    looking.round()
    process = looking._process
    assert process is not None
    now[0] += glance.LONGEST + 1
    looking.round()
    assert process.wait(10) == -9
    looking.round()
    assert looking.found is None
    looking.close()


@pytest.mark.parametrize("data", [b"", b"rubbish", b"{}\n{}"])
def test_rubbish_is_no_look(tmp_path: Path, data: bytes) -> None:
    (enrolment.folder(tmp_path) / glance.FILE).write_bytes(data)
    looking = Looking(tmp_path)
    looking._take()
    assert looking.found is None
