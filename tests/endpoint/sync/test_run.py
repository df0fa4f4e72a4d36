"""An endpoint and its server over a real connection: what is sent, what comes back, what happens when either fails."""

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import delete, select, update

from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.launching import approvals as local
from spawngate.endpoint.launching.approving import Candidate
from spawngate.endpoint.state import State
from spawngate.endpoint.sync import applying, enrolling, enrolment, kept, outgoing, queue
from spawngate.endpoint.sync.enrolment import Reach
from spawngate.endpoint.sync.glance import Looking
from spawngate.endpoint.sync.looks import Look
from spawngate.endpoint.sync.run import Syncing
from spawngate.endpoint.sync.transport import Answer, AwayError, Transport
from spawngate.endpoint.sync.words import Word
from spawngate.launch.identity import Identity
from spawngate.model.errors import StateError
from spawngate.server import commanding
from spawngate.server.fleet import approvals, bundles, commands, endpoints
from spawngate.server.fleet.approvals import Requested
from spawngate.server.fleet.tables import ARTIFACTS, ENDPOINTS
from spawngate.server.intake import commanding as orders
from spawngate.server.intake import syncing as intake
from spawngate.sync import bundle, command
from spawngate.sync.bundle import Bundle
from spawngate.sync.command import Command
from spawngate.sync.inventory import digest
from spawngate.sync.messages import EVENTS, Enforcement
from spawngate.trail.moment import stamp
from spawngate.trail.note import Signer
from tests.endpoint.sync.serving import Served, serving
from tests.endpoint.sync.test_outgoing import write
from tests.server import fleetdata
from tests.server.intake.test_inventories import DOCUMENT
from tests.sync.records import head_of, sealed

INSTALLATION = "0" * 32


class StillLooking(Looking):
    """A machine that is as it is."""

    def __init__(self, state: Path) -> None:
        super().__init__(state)
        data = msgspec.json.encode(DOCUMENT)
        self.data = data
        self.found = Look((Enforcement("cursor", "installed"),), (), digest(data), "enforce", "r1")

    def round(self) -> None:
        pass

    def document(self) -> bytes:
        return self.data


class One:
    """One endpoint whose time goes by as the test wants."""

    def __init__(self, folder: Path, served: Served, *, secret_file: str = "") -> None:
        self.state = State(folder)
        (folder / "endpoint").write_text(INSTALLATION)
        self.enrolment = enrolling.enrol(self.state, Reach(served.address), served.secret(), secret_file=secret_file)
        self.trail = place(folder).trail
        self.trail.mkdir()
        self.now = 1_000.0
        self.words: list[Word] = []
        self.syncing = self.made()

    def made(self) -> Syncing:
        return Syncing(
            self.state,
            self.words.append,
            look=StillLooking(self.state.folder),
            clock=lambda: self.now,
            chance=lambda: 0.5,
        )

    def restart(self) -> None:
        self.syncing.close()
        self.syncing = self.made()

    def pass_(self, seconds: float, step: float = 0.5) -> None:
        """Let time go by."""
        until = self.now + seconds
        while self.now < until:
            self.syncing.step()
            self.now += step

    @property
    def said(self) -> list[object]:
        return [word.detail.get("what") for word in self.words]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of these tests is not the server's: what it remembers for a second, it would for ever."""
    monkeypatch.setattr(intake, "SERIAL", 0.0)
    monkeypatch.setattr(intake, "FLUSH", 0.0)
    monkeypatch.setattr(orders, "LOOKED", 0.0)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path / "server") as found:
        yield found


@pytest.fixture
def one(tmp_path: Path, served: Served) -> Iterator[One]:
    found = One(tmp_path / "state", served)
    yield found
    found.syncing.close()


def row(served: Served) -> dict[str, Any]:
    with served.services.database.read() as connection:
        return {str(key): value for key, value in connection.execute(select(ENDPOINTS)).mappings().one().items()}


def test_a_first_sync_tells_everything(one: One, served: Served) -> None:
    lines = sealed(5)
    write(one.trail, "2026-11-21", lines)
    one.pass_(4)
    assert served.stored(one.enrolment.endpoint) == lines
    found = row(served)
    assert (found["enforcement"][0]["agent"], found["mode"], found["dropped"]) == ("cursor", "enforce", {})
    with served.services.database.read() as connection:
        assert connection.execute(select(ARTIFACTS.c.id)).scalars().all() == ["a1"]
    assert [(path, status) for _, path, status in served.asked[1:]] == [
        ("events", 200),
        ("sync", 200),
        ("inventory", 200),
    ]
    status = kept.status(one.state.folder)
    assert (status.problem, bool(status.last_contact)) == ("", True)


def test_a_new_look_at_the_machine_is_told_soon(one: One, served: Served) -> None:
    one.pass_(4)
    served.asked.clear()
    found = one.syncing._looking.found
    assert found is not None
    one.syncing._looking.found = msgspec.structs.replace(found, integrity=("hook removed",))
    one.pass_(4)
    assert row(served)["integrity"] == ["hook removed"]
    assert [path for _, path, _ in served.asked] == ["sync"]


def test_a_refusal_that_nobody_took_comes_again_soon(one: One, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    one.pass_(4)
    assert one.syncing._transport is not None
    monkeypatch.setattr(one.syncing._transport, "send", lambda *_: Answer(503, {}, b""))
    lines = sealed(1, verdicts=("deny",))
    write(one.trail, "2026-11-21", lines)
    one.pass_(1)
    assert served.stored(one.enrolment.endpoint) == []
    one.pass_(3)
    assert served.stored(one.enrolment.endpoint) == lines


def test_allows_wait_for_the_sync_and_denies_do_not(one: One, served: Served) -> None:
    one.pass_(4)
    served.asked.clear()
    lines = sealed(2)
    write(one.trail, "2026-11-21", lines)
    one.pass_(30)
    lines += sealed(2, head=head_of(lines[-1]))
    write(one.trail, "2026-11-21", lines)
    one.pass_(20)
    assert served.stored(one.enrolment.endpoint) == []
    lines += sealed(1, head=head_of(lines[-1]), verdicts=("deny",))
    write(one.trail, "2026-11-21", lines)
    one.pass_(1)
    assert served.stored(one.enrolment.endpoint) == lines
    more = sealed(1, head=head_of(lines[-1]))
    write(one.trail, "2026-11-21", [*lines, *more])
    one.pass_(10)
    assert served.stored(one.enrolment.endpoint) == [*lines, *more]
    assert [path for _, path, _ in served.asked] == ["events", "events", "sync"]


def test_a_restart_sends_nothing_twice_and_loses_nothing(one: One, served: Served) -> None:
    lines = sealed(5)
    write(one.trail, "2026-11-21", lines)
    one.pass_(4)
    one.restart()
    one.pass_(4)
    lines += sealed(3, head=head_of(lines[-1]))
    write(one.trail, "2026-11-21", lines)
    (one.state.folder / "sync" / "position.json").unlink()
    one.restart()
    one.pass_(4)
    assert served.stored(one.enrolment.endpoint) == lines


def test_the_server_is_away_for_a_day_and_nothing_is_lost(tmp_path: Path) -> None:
    """A day of records over midnight while nobody answers; then everything, in order, once."""
    with serving(tmp_path / "server") as served:
        one = One(tmp_path / "state", served)
        one.pass_(4)
        port = served.port
    head, days = None, []
    for day in ("2026-11-21", "2026-11-22"):
        lines = sealed(1_200, head=head, verdicts=("allow", "allow", "deny"), at=f"{day}T10:00:00.000000Z")
        write(one.trail, day, lines)
        head = head_of(lines[-1])
        days += lines
        one.pass_(43_200, step=30)
    assert kept.status(one.state.folder).problem != ""
    attempts = one.syncing._failures
    assert 80 < attempts < 250  # a pause of a quarter of an hour at most, half of it by chance
    with serving(tmp_path / "server", port=port, now="2026-11-23T00:00:00.000000Z") as served:
        one.pass_(1_000, step=30)
        assert served.stored(one.enrolment.endpoint) == days
        assert served.services.events.days() == ["2026-11-21", "2026-11-23"]
        assert kept.status(one.state.folder).problem == ""
    one.syncing.close()


@pytest.mark.parametrize("seed", [1, 2])
def test_a_day_of_a_bad_line_loses_and_doubles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """A clock that is two hours wrong, answers that are lost behind the deed, requests that come twice, late, or out of
    order, restarts, and hours without any server."""
    chance = random.Random(seed)
    late: list[tuple[Any, ...]] = []
    line = [True]
    original = Transport.send

    def sent(self: Transport, *given: Any) -> Answer:
        if not line[0]:
            raise AwayError("nobody there")
        if late and chance.random() < 0.3:
            original(self, *late.pop(chance.randrange(len(late))))  # from long ago
        fate = chance.random()
        if "/events" in given[1] and fate < 0.2:
            late.append(given)
        if fate < 0.1:
            raise AwayError("it never arrived")
        answer = original(self, *given)
        if fate > 0.9:
            raise AwayError("the answer was lost")
        return original(self, *given) if 0.4 < fate < 0.5 else answer

    now = stamp(datetime.now(UTC) - timedelta(hours=2))
    with serving(tmp_path / "server", now=now) as served:
        one = One(tmp_path / "state", served)
        monkeypatch.setattr(Transport, "send", sent)
        lines: list[bytes] = []
        for hour in range(24):
            line[0] = not 6 <= hour < 15
            verdicts = ("allow", "deny", "allow", "log")
            lines += sealed(40, head=head_of(lines[-1]) if lines else None, verdicts=verdicts)
            write(one.trail, "2026-11-21", lines)
            if chance.random() < 0.3:
                one.restart()
            one.pass_(3_600, step=15)
        monkeypatch.setattr(Transport, "send", original)
        one.pass_(1_000, step=15)
        assert served.stored(one.enrolment.endpoint) == lines
        told = [entry.event.detail.get("what") for entry in served.services.events.query(None).entries]
        assert {each for each in told if each} <= {"endpoint-enrolled", "clock-skew"}
        assert "clock-skew" in told
        assert 7_100 < row(served)["skew"] < 7_300
        one.syncing.close()


def test_a_machine_that_was_cloned_with_its_state_is_told_of(one: One, served: Served, tmp_path: Path) -> None:
    """One key and one token on two machines: known by speaking in turn, and by records that claim one place."""
    lines = sealed(3)
    write(one.trail, "2026-11-21", lines)
    one.pass_(4)
    shutil.copytree(one.state.folder, tmp_path / "clone")
    words: list[Word] = []
    clone = State(tmp_path / "clone")
    other = Syncing(clone, words.append, look=StillLooking(clone.folder), clock=lambda: one.now, chance=lambda: 0.5)
    mine = sealed(1, head=head_of(lines[-1]), verdicts=("deny",))
    theirs = sealed(2, head=head_of(lines[-1]), verdicts=("allow",))
    write(one.trail, "2026-11-21", [*lines, *mine])
    write(place(clone.folder).trail, "2026-11-21", [*lines, *theirs])
    for _ in range(3):
        one.pass_(70)
        until = one.now + 70
        while one.now < until:
            other.step()
            one.now += 0.5
    other.close()
    told = [entry.event.detail.get("what") for entry in served.services.events.query(None).entries]
    assert {"endpoint-copied", "trail-altered"} <= set(told)
    assert served.stored(one.enrolment.endpoint)[:4] == [*lines, *mine]


def test_one_process_speaks_for_a_state_folder_and_the_next_waits_for_its_end(one: One, served: Served) -> None:
    """One that a daemon left behind may still wait for an answer when the next daemon starts its own."""
    served.asked.clear()
    with subprocess.Popen(
        [sys.executable, "-E", "-P", "-m", "spawngate.endpoint.sync.run", os.fspath(one.state.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    ) as process:
        assert process.stdin is not None
        with enrolment.syncing(one.state.folder):
            lines = sealed(1, verdicts=("deny",))
            write(one.trail, "2026-11-21", lines)
            time.sleep(4)
            assert served.asked == []
        until = time.monotonic() + 60
        while not served.stored(one.enrolment.endpoint) and time.monotonic() < until:
            time.sleep(0.1)
        assert served.stored(one.enrolment.endpoint) == lines
        process.stdin.close()
        assert process.wait(20) == 0


def test_a_full_spool_gives_up_allows_and_says_so(one: One, served: Served) -> None:
    lines = sealed(4_000, verdicts=("allow",) * 9 + ("deny",))
    write(one.trail, "2026-11-21", lines)
    one.syncing._renew()
    one.syncing._governed.settings = bundle.Settings(1 << 20)
    one.pass_(4)
    stored = served.stored(one.enrolment.endpoint)
    denies = [line for line in lines if b'"deny"' in line]
    assert set(denies) <= set(stored)
    assert sum(map(len, stored)) < 1 << 20
    gone = len(lines) - len(stored)
    assert gone > 0
    assert sum(word.counts.get("decision:allow", 0) for word in one.words) == gone
    one.pass_(60)
    assert row(served)["dropped"] == {"decision:allow": gone}
    told = [entry.event for entry in served.services.events.query(None, limit=99).entries if entry.stream == "server"]
    assert [event.detail["reason"] for event in told if event.detail.get("what") == "trail-given-up"] == ["given-up"]


def test_the_server_went_back_to_an_older_copy(one: One, served: Served, tmp_path: Path) -> None:
    lines = sealed(20)
    write(one.trail, "2026-11-21", lines)
    one.pass_(4)
    sending = one.syncing._sending
    assert sending is not None
    more = sealed(5, head=head_of(sealed(40)[-1]), verdicts=("deny",))
    write(one.trail, "2026-11-21", [*lines, *sealed(40)[20:], *more])
    offset = sum(len(line) + 1 for line in sealed(40))
    sending.keep(msgspec.structs.replace(sending.position, sequence=40, offset=offset))
    one.pass_(2)
    assert served.stored(one.enrolment.endpoint) == [*sealed(40), *more]
    assert (409 in [status for _, _, status in served.asked], one.said) == (True, [])


def test_a_record_that_the_server_does_not_take_keeps_nothing_back(one: One, served: Served) -> None:
    lines = sealed(3)
    foreign = sealed(4, endpoint="1" * 32)[3]
    rest = sealed(4, head=head_of(foreign))
    write(one.trail, "2026-11-21", [*lines, foreign, *rest])
    one.pass_(4)
    assert served.stored(one.enrolment.endpoint) == [*lines, *rest]
    assert kept.status(one.state.folder).problem == ""


@pytest.mark.parametrize("how", ["the server's disk is full", "our trail cannot be read"])
def test_records_that_cannot_be_sent_keep_no_policy_back(
    one: One, served: Served, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    one.pass_(40)
    before = applying.in_force(one.state.folder).serial
    write(one.trail, "2026-11-21", sealed(5))
    fails = True

    def sent(self: Transport, method: str, path: str, *rest: Any) -> Answer:
        if fails and path.startswith(EVENTS):
            return Answer(503, {"retry-after": "10"}, b'{"error":"the server cannot store this now","code":"full"}')
        return send(self, method, path, *rest)

    def unread(*_: object) -> object:
        if fails:
            raise StateError("the trail cannot be read")
        return next_batch(*_)  # type: ignore[arg-type]  # as it was given

    send, next_batch = Transport.send, outgoing.next_batch
    if how == "our trail cannot be read":
        monkeypatch.setattr(outgoing, "next_batch", unread)
    else:
        monkeypatch.setattr(Transport, "send", sent)
    with served.services.database.begin() as connection:
        serial = bundles.raise_serial(connection, "2026-11-22T12:00:00.000000Z")
    one.pass_(150)
    assert before < applying.in_force(one.state.folder).serial == serial
    assert one.syncing.status.problem in ("the server cannot store this now", "the trail cannot be read")
    fails = False
    one.pass_(400)
    assert one.syncing.status.problem == ""
    assert len(served.stored(one.enrolment.endpoint)) == 5


def test_an_approval_arrives_with_the_next_sync(one: One, served: Served) -> None:
    one.pass_(4)
    about = Requested(Identity("npx", ("server",)))
    with served.services.database.begin() as connection:
        approvals.grant(connection, about, team=0, reach="organisation", by="ann", now=fleetdata.NOW)
    one.pass_(62)
    [found] = local.load(one.state.folder)
    assert (found.source, found.identity, found.by) == ("server", about.identity, "ann")
    assert one.said == ["bundle-applied"]
    with served.services.database.begin() as connection:
        approvals.revoke(connection, 1, by="ann", now=fleetdata.NOW)
    one.pass_(62)
    assert [each.revoked for each in local.load(one.state.folder)] == [True]


def test_a_line_that_is_long_is_fetched_by_its_digest(
    one: One, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "LARGEST_INLINE", 0)
    about = Requested(Identity("npx", ("server",)))
    with served.services.database.begin() as connection:
        approvals.grant(connection, about, team=0, reach="organisation", by="ann", now=fleetdata.NOW)
    one.pass_(4)
    assert [(each.source, each.by) for each in local.load(one.state.folder)] == [("server", "ann")]
    assert [path for _, path, _ in served.asked if path not in ("enroll", "sync", "events", "inventory")] == [
        applying.in_force(one.state.folder).digest
    ]


def test_a_note_renews_what_is_in_force_and_brings_nothing(one: One, served: Served) -> None:
    about = Requested(Identity("npx", ("server",)))
    with served.services.database.begin() as connection:
        approvals.grant(connection, about, team=0, reach="organisation", by="ann", now=fleetdata.NOW)
    one.pass_(4)
    before = applying.held(one.state.folder, one.enrolment)
    with served.services.database.begin() as connection:
        serial = bundles.raise_serial(connection, fleetdata.NOW)
    one.pass_(62)
    after = applying.held(one.state.folder, one.enrolment)
    assert before is not None
    assert after is not None
    assert (after.serial, after.digest, after.issued) == (serial, before.digest, fleetdata.NOW)
    assert (before.serial, one.said) == (serial - 1, ["bundle-applied"])
    assert kept.status(one.state.folder).vouched == fleetdata.NOW


def test_a_bundle_that_somebody_took_away_comes_again(one: One, served: Served) -> None:
    about = Requested(Identity("npx", ("server",)))
    with served.services.database.begin() as connection:
        approvals.grant(connection, about, team=0, reach="organisation", by="ann", now=fleetdata.NOW)
    one.pass_(4)
    (one.state.folder / "sync" / "bundle").unlink()
    one.pass_(62)
    assert applying.held(one.state.folder, one.enrolment) is not None


def test_a_bundle_that_goes_back_is_refused_and_told_once(
    one: One, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served.services.database.begin() as connection:
        serial = bundles.raise_serial(connection, fleetdata.NOW)
    one.pass_(4)
    assert applying.in_force(one.state.folder).serial == serial
    old = bundle.signed(bundle.payload(Bundle(1)), serial - 7, one.enrolment.endpoint, served.services.signer)
    original = one.syncing._transport.send  # type: ignore[union-attr]

    def sent(method: str, path: str, *rest: Any) -> Any:
        answer = original(method, path, *rest)
        if path.endswith("/bundle"):
            return type(answer)(200, {}, old)
        if path.endswith("/sync"):
            return type(answer)(200, {}, msgspec.json.encode({"bundle": serial - 7}))
        return answer

    monkeypatch.setattr(one.syncing._transport, "send", sent)
    one.pass_(200)
    told = f"the bundle is older ({serial - 7}) than the one in force ({serial})"
    assert one.said == ["bundle-applied", "bundle-refused"]
    assert one.words[-1].message == told
    assert applying.in_force(one.state.folder).serial == serial
    monkeypatch.setattr(one.syncing._transport, "send", original)
    one.pass_(80)
    assert told in row(served)["integrity"] or row(served)["bundle"] == serial


@pytest.mark.parametrize(("what", "said"), [("/lines/", "bundle-refused"), ("/inventory", "inventory-refused")])
def test_what_is_refused_by_itself_keeps_nothing_else_back(
    one: One, served: Served, monkeypatch: pytest.MonkeyPatch, what: str, said: str
) -> None:
    monkeypatch.setattr(intake, "LARGEST_INLINE", 0)
    with served.services.database.begin() as connection:
        bundles.raise_serial(connection, fleetdata.NOW)
    original = Transport.send

    def sent(self: Transport, method: str, path: str, *rest: Any) -> Answer:
        if what in path:
            return Answer(422, {}, b'{"error":"no","code":"x"}')
        return original(self, method, path, *rest)

    monkeypatch.setattr(Transport, "send", sent)
    lines = sealed(3)
    write(one.trail, "2026-11-21", lines)
    one.pass_(4)
    lines += sealed(2, head=head_of(lines[-1]))
    write(one.trail, "2026-11-21", lines)
    one.pass_(130)
    assert served.stored(one.enrolment.endpoint) == lines
    assert one.said.count(said) == 1
    assert kept.status(one.state.folder).problem == ""


def test_a_token_is_exchanged(one: One, served: Served) -> None:
    one.pass_(4)
    with served.services.database.begin() as connection:
        connection.execute(update(ENDPOINTS).values(token_at="2026-01-01T00:00:00.000000Z"))
    one.pass_(140)
    found = enrolment.load(one.state.folder)
    assert found is not None
    assert found.token != one.enrolment.token
    assert row(served)["token"] == endpoints.hashed(found.token)
    assert kept.status(one.state.folder).problem == ""


def test_a_retired_endpoint_waits_and_says_so_once(one: One, served: Served) -> None:
    with served.services.database.begin() as connection:
        endpoints.retire(connection, one.enrolment.endpoint, fleetdata.NOW)
    one.pass_(2_000, step=10)
    assert one.said == ["sync-rejected"]
    assert 1 <= [status for _, _, status in served.asked].count(401) <= 2
    assert kept.status(one.state.folder).problem == "this endpoint was retired"


def test_a_token_that_is_gone_is_replaced_where_the_secret_is_at_hand(tmp_path: Path, served: Served) -> None:
    path = tmp_path / "secret"
    path.write_text(served.secret())
    one = One(tmp_path / "state", served, secret_file=str(path))
    one.pass_(4)
    with served.services.database.begin() as connection:
        connection.execute(update(ENDPOINTS).values(token="0" * 64))
    one.pass_(200)
    found = enrolment.load(one.state.folder)
    assert found is not None
    assert (found.endpoint, found.token != one.enrolment.token) == (one.enrolment.endpoint, True)
    assert one.said == ["sync-rejected", "enrolled-again"]
    assert kept.status(one.state.folder).problem == ""
    one.syncing.close()


def test_whoever_answers_in_the_place_of_the_server_pins_no_key(tmp_path: Path, served: Served) -> None:
    """A certificate that is trusted, 401, and an enrolment with a key of its own: told, once, and nothing is taken."""
    path = tmp_path / "secret"
    with serving(tmp_path / "other") as other:
        path.write_text(other.secret())
        one = One(tmp_path / "state", served, secret_file=str(path))
        one.pass_(4)
        held = msgspec.structs.replace(one.enrolment, reach=Reach(other.address))
        enrolment.save(one.state.folder, held)
        one.pass_(20_000, step=20)
        assert enrolment.load(one.state.folder) == held
        assert one.said == ["sync-rejected", "sync-rejected"]
        assert one.words[-1].message.startswith("the server names another key than the one that was pinned")
        assert 2 <= [path for _, path, _ in other.asked].count("enroll") <= 12
        one.syncing.close()


def test_a_server_that_forgot_us_gets_the_whole_trail_again(tmp_path: Path, served: Served) -> None:
    """Also the stream before the one that is being written."""
    path = tmp_path / "secret"
    path.write_text(served.secret())
    one = One(tmp_path / "state", served, secret_file=str(path))
    first, second = sealed(3, stream="before"), sealed(3)
    write(one.trail, "2026-11-20", first)
    write(one.trail, "2026-11-21", second)
    one.pass_(4)
    with served.services.database.begin() as connection:
        connection.execute(delete(ENDPOINTS))
    one.pass_(200)
    found = enrolment.load(one.state.folder)
    assert found is not None
    assert found.endpoint != one.enrolment.endpoint
    assert sorted(served.stored(found.endpoint)) == sorted([*first, *second])
    one.syncing.close()


@pytest.mark.parametrize("name", ["approvals.json", "sync/applied.json", "sync/bundle", "sync/status.json"])
def test_a_damaged_file_silences_nobody(one: One, served: Served, name: str) -> None:
    with served.services.database.begin() as connection:
        about = Requested(Identity("npx", ("server",)))
        approvals.grant(connection, about, team=0, reach="organisation", by="ann", now=fleetdata.NOW)
    one.pass_(4)
    assert one.said == ["bundle-applied"]
    (one.state.folder / name).write_bytes(b"{")
    lines = sealed(4, verdicts=("deny",))
    write(one.trail, "2026-11-21", lines)
    one.pass_(200)
    assert served.stored(one.enrolment.endpoint) == lines
    assert kept.status(one.state.folder).problem == ""
    assert row(served)["bundle"] == bundles_serial(served) or name == "approvals.json"
    assert one.said.count("managed-unreadable") == (name == "approvals.json")


def bundles_serial(served: Served) -> int:
    with served.services.database.read() as connection:
        return bundles.serial(connection)


def test_a_bundle_that_was_refused_is_not_checked_every_minute(
    one: One, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[bytes] = []

    def refuse(state: Path, enrolment: object, data: bytes, *_: object) -> None:
        checked.append(data)
        raise bundle.BundleError("the policy of the bundle cannot be used here")

    monkeypatch.setattr(applying, "apply", refuse)
    with served.services.database.begin() as connection:
        bundles.raise_serial(connection, fleetdata.NOW)
    one.pass_(1_200, step=5)
    assert (len(checked), one.said) == (1, ["bundle-refused"])
    with served.services.database.begin() as connection:
        about = Requested(Identity("npx", ("server",)))
        approvals.grant(connection, about, team=0, reach="organisation", by="ann", now=fleetdata.NOW)
    one.pass_(120, step=5)
    assert len(checked) == 2
    one.pass_(2_000, step=5)
    assert len(checked) == 3


def test_a_token_that_comes_while_somebody_leaves_brings_nothing_back(one: One, served: Served) -> None:
    one.pass_(4)
    enrolling.unenrol(one.state)
    with pytest.raises(StateError, match="another one now"):
        one.syncing._exchange("sgn_another")
    assert enrolment.load(one.state.folder) is None


def ordered(one: One, served: Served, what: str) -> int:
    return commanding.order(served.services, fleetdata.OWNER, one.enrolment.endpoint, what, "a reason").id


def ended(one: One, served: Served) -> list[tuple[str, str, str]]:
    with served.services.database.read() as connection:
        found = commands.of(connection, one.enrolment.endpoint)
    return [(each.what, each.state, each.result) for each in reversed(found)]


def test_a_scan_that_the_server_wants_is_taken_told_and_held(one: One, served: Served) -> None:
    one.pass_(4)
    ordered(one, served, "scan")
    one.pass_(70)
    assert [word.type for word in one.words] == ["administration", "scan"]
    assert ended(one, served) == [("scan", "waiting", "")]
    # As the daemon does when its collector has taken one.
    (one.state.folder / "servers.json").write_text("[]")
    one.pass_(1)
    looking = one.syncing._looking
    assert isinstance(looking, StillLooking)
    looking.data = looking.data.replace(b'"files"', b'"fresh"')
    looking.found = Look((), (), digest(looking.data), "enforce", "r1")
    one.pass_(4)
    assert ended(one, served) == [("scan", "done", f"inventory {looking.found.inventory[:12]}")]
    assert row(served)["inventory"] == looking.found.inventory


def test_enrolled_again_by_command(one: One, served: Served) -> None:
    one.pass_(4)
    write(one.trail, "2026-11-21", sealed(3))
    ordered(one, served, "reenroll")
    one.pass_(140)
    found = enrolment.load(one.state.folder)
    assert found is not None
    assert (found.endpoint, found.token != one.enrolment.token) == (one.enrolment.endpoint, True)
    assert ended(one, served) == [("reenroll", "done", f"enrolled again as {found.endpoint}")]
    assert row(served)["token"] == endpoints.hashed(found.token)
    assert len(served.stored(one.enrolment.endpoint)) == 3
    assert kept.status(one.state.folder).problem == ""


def test_left_by_command(one: One, served: Served) -> None:
    with served.services.database.begin() as connection:
        about = Requested(Identity("npx", ("server",)))
        approvals.grant(connection, about, team=0, reach="organisation", by="ann", now=fleetdata.NOW)
    one.pass_(4)
    lines = sealed(3)
    write(one.trail, "2026-11-21", lines)
    ordered(one, served, "unenroll")
    one.pass_(70)
    assert enrolment.load(one.state.folder) is None
    assert [each.revoked for each in local.load(one.state.folder)] == [True]
    assert ended(one, served) == [("unenroll", "done", "it left the fleet")]
    assert row(served)["retired_at"] != ""
    assert served.stored(one.enrolment.endpoint) == lines
    assert one.said == ["bundle-applied", "commanded", "unenrolled"]
    served.asked.clear()
    one.pass_(100)
    assert served.asked == []


def test_a_leave_that_a_crash_cut_off_goes_on(one: One, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server knows of it already, and lets nobody in with that token."""
    one.pass_(4)
    number = ordered(one, served, "unenroll")

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(enrolling, "unenrol", cut)
    with pytest.raises(KeyboardInterrupt):
        one.pass_(70)
    assert ended(one, served) == [("unenroll", "done", "it left the fleet")]
    monkeypatch.undo()
    one.restart()
    one.pass_(70)
    assert enrolment.load(one.state.folder) is None
    assert number > 0


def test_a_command_that_the_server_did_not_sign_does_nothing(
    one: One, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever answers in the place of the server, and one command that was given before."""
    one.pass_(4)
    other = Signer(served.services.signer.name, bytes(32))
    endpoint = one.enrolment.endpoint
    told = [
        command.signed(Command(1 << 40, "unenroll", "", ""), endpoint, other),
        command.signed(Command(1 << 40, "unenroll", "", ""), "another", served.services.signer),
        "unenroll",
    ]
    original = Transport.send

    def sent(self: Transport, method: str, path: str, *rest: Any) -> Answer:
        answer = original(self, method, path, *rest)
        if not path.endswith("/sync"):
            return answer
        return Answer(200, {}, msgspec.json.encode({**msgspec.json.decode(answer.body), "commands": told}))

    monkeypatch.setattr(Transport, "send", sent)
    one.pass_(200)
    assert one.said == ["command-refused"]
    assert enrolment.load(one.state.folder) is not None


def test_requests_that_were_made_while_the_server_was_away(tmp_path: Path) -> None:
    candidate = Candidate(Identity("npx", ("server",)), "files", "cursor")
    with serving(tmp_path / "server") as served:
        one = One(tmp_path / "state", served)
        one.pass_(4)
        port = served.port
    assert enrolling.ask(one.state, candidate, reason="first", expires="") is None
    assert enrolling.ask(one.state, candidate, reason="work", expires="") is None
    wrong = msgspec.structs.replace(enrolling.request_of(candidate, reason="x", expires=""), fingerprint="f" * 64)
    queue.put(one.state.folder, wrong)
    one.pass_(120, step=2)
    assert len(queue.waiting(one.state.folder)) == 2
    with serving(tmp_path / "server", port=port) as served:
        one.pass_(1_000, step=2)
        with served.services.database.read() as connection:
            found = approvals.get(connection, 1)
        assert (found.state, found.reason, found.fingerprint) == ("pending", "work", candidate.identity.fingerprint)
        assert queue.waiting(one.state.folder) == []
        assert one.said == ["request-sent", "request-sent"]
        assert sorted("does not take" in word.message for word in one.words) == [False, True]
    one.syncing.close()


def test_an_endpoint_that_leaves_says_nothing_more(one: One, served: Served) -> None:
    one.pass_(4)
    enrolling.unenrol(one.state)
    served.asked.clear()
    write(one.trail, "2026-11-21", sealed(1, verdicts=("deny",)))
    one.pass_(100)
    assert served.asked == []


def test_a_wrong_clock_is_told(one: One, served: Served) -> None:
    one.pass_(4)
    assert abs(row(served)["skew"]) > 60  # the server of this test says that it is 2026-11-21
