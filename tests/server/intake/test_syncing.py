"""Syncs: what an endpoint tells is kept, what it shall do is said, and most of them write little."""

import hashlib
import time
from typing import Any

import msgspec
import pytest
import zstandard
from sqlalchemy import select, update

from spawngate.launch.identity import Identity
from spawngate.server.fleet import approvals, bundles, endpoints
from spawngate.server.fleet.approvals import Requested
from spawngate.server.fleet.endpoints import Seen
from spawngate.server.fleet.tables import ENDPOINTS
from spawngate.server.intake import syncing
from spawngate.server.intake.desk import Desk
from spawngate.sync import bundle, messages
from spawngate.sync.bundle import Opened
from spawngate.sync.messages import BUNDLE, LINES, SYNC, Enforcement, Enrolled, Orders, Told
from tests.server import fleetdata
from tests.server.intake.enrolled import Fleet

TOLD = Told(
    "0.2.0",
    fleetdata.NOW,
    (Enforcement("claude-code", "installed", servers=3, behind_launcher=2),),
    ("hook removed",),
    mode="enforce",
    dropped={"decision:allow": 4},
    problem="the bundle is older",
)


def sync(fleet: Fleet, token: str, told: Told = TOLD) -> dict[str, Any]:
    answer = fleet.send("POST", SYNC, token, msgspec.json.encode(told))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def row(fleet: Fleet) -> dict[str, Any]:
    with fleet.services.database.read() as connection:
        return {str(name): value for name, value in connection.execute(select(ENDPOINTS)).mappings().one().items()}


def brief(**more: Any) -> Told:
    return msgspec.structs.replace(TOLD, enforcement=None, integrity=None, **more)


def test_what_is_told_is_kept(fleet: Fleet) -> None:
    enrolled = fleet.enrolled()
    assert sync(fleet, enrolled.token) == {"clock": fleetdata.NOW}
    found = row(fleet)
    assert (found["version"], found["mode"], found["dropped"], found["skew"]) == (
        "0.2.0",
        "enforce",
        {"decision:allow": 4},
        0,
    )
    assert found["enforcement"] == [{"agent": "claude-code", "state": "installed", "servers": 3, "behind_launcher": 2}]
    assert found["integrity"] == ["hook removed", "the bundle is older"]


def test_what_is_not_told_stays(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    enrolled = fleet.enrolled()
    sync(fleet, enrolled.token)
    later = time.monotonic() + 60
    monkeypatch.setattr("time.monotonic", lambda: later)
    sync(fleet, enrolled.token, brief(version="0.3.0"))
    found = row(fleet)
    assert (found["version"], found["enforcement"][0]["agent"]) == ("0.3.0", "claude-code")


def test_an_endpoint_that_never_told_is_asked_to(fleet: Fleet) -> None:
    assert sync(fleet, fleet.enrolled().token, brief(mode=""))["whole"] is True


def test_the_inventory_is_wanted_where_it_is_another(fleet: Fleet) -> None:
    enrolled = fleet.enrolled()
    assert sync(fleet, enrolled.token, brief(inventory="a" * 64))["inventory"] is True
    with fleet.services.database.begin() as connection:
        connection.execute(update(ENDPOINTS).values(inventory="a" * 64))
    fresh = fleet.enrolled().token
    assert "inventory" not in sync(fleet, fresh, brief(inventory="a" * 64))


@pytest.mark.parametrize(
    ("clock", "skew", "alarm"),
    [
        (fleetdata.NOW, 0, False),
        ("2026-11-21T12:04:59Z", 299, False),
        ("2026-11-21T14:00:00.5Z", 7_200, True),
        ("2026-11-21T10:00:00+00:00", -7_200, True),
        ("9999-12-31T23:59:59Z", (1 << 31) - 1, True),
        ("0001-01-01T00:00:00Z", -(1 << 31), True),
        ("yesterday", 0, False),
        ("2026-11-21T12:00:00", 0, False),
    ],
)
def test_a_wrong_clock_is_noted_and_told(fleet: Fleet, clock: str, skew: int, alarm: bool) -> None:
    sync(fleet, fleet.enrolled().token, msgspec.structs.replace(TOLD, clock=clock))
    assert row(fleet)["skew"] == skew
    assert [event["detail"]["seconds"] for event in fleet.told("clock-skew")] == ([skew] if alarm else [])


def test_a_newer_bundle_is_offered(fleet: Fleet) -> None:
    enrolled = fleet.enrolled()
    with fleet.services.database.begin() as connection:
        serial = bundles.raise_serial(connection, fleetdata.NOW)
    assert sync(fleet, enrolled.token)["bundle"] == serial == 1_795_262_400


def test_an_older_copy_of_the_database_goes_on_behind_what_endpoints_obey(fleet: Fleet) -> None:
    enrolled = fleet.enrolled()
    assert sync(fleet, enrolled.token, brief(bundle=1_795_000_000))["bundle"] == 1_795_262_400
    assert [event["detail"]["serial"] for event in fleet.told("bundle-ahead")] == [1_795_000_000]


def test_a_serial_that_is_made_up_moves_nothing(fleet: Fleet) -> None:
    assert "bundle" not in sync(fleet, fleet.enrolled().token, brief(bundle=1 << 52))


def test_an_old_token_is_exchanged(fleet: Fleet) -> None:
    enrolled = fleet.enrolled()
    with fleet.services.database.begin() as connection:
        connection.execute(update(ENDPOINTS).values(token_at="2026-10-20T12:00:00.000000Z"))
    given = sync(fleet, enrolled.token)["token"]
    assert fleet.send("GET", BUNDLE, enrolled.token).status_code == 200
    assert "token" not in sync(fleet, given)
    assert row(fleet)["token_at"] == fleetdata.NOW
    assert fleet.send("GET", BUNDLE, enrolled.token).status_code == 401


@pytest.mark.parametrize("body", [b"", b"[]", b'{"version":1}', b'{"version":"","clock":"","backlog":-1}'])
def test_what_is_no_sync(fleet: Fleet, body: bytes) -> None:
    answer = fleet.send("POST", SYNC, fleet.enrolled().token, body)
    assert (answer.status_code, answer.json()["code"]) == (422, "message")


def test_sightings_are_gathered_and_written_together(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    endpoints: list[Enrolled] = [fleet.enrolled(installation=f"{number:032x}") for number in range(3)]
    presence = syncing.Presence(Desk(fleet.services, 60))
    for each in endpoints:
        presence.seen(Seen(each.endpoint, "2026-11-21T13:00:00.000000Z", 7, "0.3", 9, "enforce", {"moment": 1}))
    with fleet.services.database.read() as connection:
        before = set(connection.execute(select(ENDPOINTS.c.seen_at)).scalars())
    now[0] += syncing.FLUSH
    presence.seen(Seen(endpoints[0].endpoint, "2026-11-21T13:00:01.000000Z", 8))
    with fleet.services.database.read() as connection:
        columns = [ENDPOINTS.c[name] for name in ("seen_at", "skew", "version", "bundle", "mode", "dropped")]
        after = sorted(tuple(each) for each in connection.execute(select(*columns)))
    assert before == {fleetdata.NOW}
    first = ("2026-11-21T13:00:00.000000Z", 7, "0.3", 9, "enforce", {"moment": 1})
    assert after == [first, first, ("2026-11-21T13:00:01.000000Z", 8, "", 0, "", {})]


def test_one_that_says_what_no_row_holds_keeps_nobody_else_from_being_noted(fleet: Fleet) -> None:
    first, second = fleet.enrolled(), fleet.enrolled(installation="1" * 32)
    presence = syncing.Presence(Desk(fleet.services, 60))
    presence.seen(Seen(second.endpoint, fleetdata.NOW, 0, "0.4.0"))
    presence.seen(Seen(first.endpoint, fleetdata.NOW, 0, "9.9.9", dropped={"x": object()}))  # type: ignore[dict-item]
    presence.flush()
    with fleet.services.database.read() as connection:
        found = {each.id: each.version for each in connection.execute(select(ENDPOINTS.c.id, ENDPOINTS.c.version))}
    assert found == {first.endpoint: "0.1.0", second.endpoint: "0.4.0"}
    assert not presence._seen


def test_where_nothing_can_be_written_everybody_waits(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    enrolled = fleet.enrolled()
    presence = syncing.Presence(Desk(fleet.services, 60))
    presence.seen(Seen(enrolled.endpoint, fleetdata.NOW, 0, "0.4.0"))
    with monkeypatch.context() as broken:
        broken.setattr("spawngate.server.fleet.endpoints.seen", lambda connection, batch: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            presence.flush()
    presence.flush()
    assert row(fleet)["version"] == "0.4.0"


@pytest.mark.parametrize("mode", ["en\0force", "\ud800", "enforce-and-more"])
def test_a_mode_is_kept_as_a_column_holds_it(mode: str) -> None:
    found = endpoints.seen_of("e", msgspec.structs.replace(TOLD, mode=mode), now=fleetdata.NOW, skew=0).mode
    assert ("\0" in found, found.isascii() or "\ufffd" in found, len(found) <= 10) == (False, True, True)


@pytest.fixture
def prompt(monkeypatch: pytest.MonkeyPatch) -> None:
    """The serial of bundles is looked up for each sync."""
    monkeypatch.setattr(syncing, "SERIAL", -1.0)


def rolled(fleet: Fleet, name: str = "server") -> int:
    """Something that everybody obeys; the serial."""
    with fleet.services.database.begin() as connection:
        about = Requested(Identity("npx", (name,)))
        approvals.grant(connection, about, team=0, reach="organisation", by="ann", now=fleetdata.NOW)
        return bundles.serial(connection)


def noted(fleet: Fleet, enrolled: Enrolled, **more: Any) -> tuple[Orders, Opened | None]:
    """What a sync brings; the bundle, where its line came with it."""
    found = messages.read(Orders, msgspec.json.encode(sync(fleet, enrolled.token, brief(takes_notes=True, **more))))
    if not found.line:
        return found, None
    data = zstandard.ZstdDecompressor().decompress(found.line) + b"\n" + found.note.encode()
    return found, bundle.opened(data, enrolled.endpoint, fleet.services.signer.verifier)


@pytest.mark.usefixtures("prompt")
def test_a_bundle_comes_with_the_orders_and_once(fleet: Fleet) -> None:
    enrolled = fleet.enrolled()
    assert noted(fleet, enrolled)[0].note == ""  # there is nothing to obey
    serial = rolled(fleet)
    orders, found = noted(fleet, enrolled)
    assert found is not None
    assert (orders.bundle, found.serial, found.issued) == (serial, serial, fleetdata.NOW)
    assert [each.name for each in found.bundle.approvals] == [""]
    held = {"bundle": serial, "line": found.digest, "issued": found.issued}
    assert noted(fleet, enrolled, **held)[0] == Orders(bundle=serial, whole=True, clock=fleetdata.NOW)


@pytest.mark.parametrize(
    ("changed", "note", "line"),
    [
        ({}, False, False),
        ({"issued": "2026-11-21T11:00:01Z"}, False, False),
        ({"issued": "2026-11-21T10:59:59Z"}, True, False),
        ({"issued": ""}, True, False),
        ({"bundle": 7}, True, False),
        ({"line": ""}, True, True),
        ({"line": "0" * 64}, True, True),
        ({"line": "0" * 64, "unfit": "held"}, True, False),
    ],
)
def test_only_what_an_endpoint_does_not_have_comes(
    fleet: Fleet, changed: dict[str, Any], note: bool, line: bool
) -> None:
    enrolled = fleet.enrolled()
    serial = rolled(fleet)
    _, first = noted(fleet, enrolled)
    assert first is not None
    changed = {name: first.digest if value == "held" else value for name, value in changed.items()}
    held = {"bundle": serial, "line": first.digest, "issued": fleetdata.NOW, **changed}
    orders, found = noted(fleet, enrolled, **held)
    assert (bool(orders.note), found is not None) == (note, line)


@pytest.mark.usefixtures("prompt")
def test_a_change_for_somebody_else_brings_a_note_alone(fleet: Fleet) -> None:
    enrolled = fleet.enrolled()
    rolled(fleet)
    _, first = noted(fleet, enrolled)
    assert first is not None
    with fleet.services.database.begin() as connection:
        about = Requested(Identity("npx", ("other",)))
        approvals.grant(connection, about, team=0, reach="endpoint", endpoint="z", by="ann", now=fleetdata.NOW)
        serial = bundles.serial(connection)
    orders, found = noted(fleet, enrolled, bundle=first.serial, line=first.digest, issued=first.issued)
    assert (orders.bundle, bool(orders.note), found) == (serial, True, None)
    assert bundle.digest_of(orders.note, enrolled.endpoint, fleet.services.signer.verifier) == first.digest


def test_one_that_knows_no_notes_is_told_the_serial(fleet: Fleet) -> None:
    enrolled = fleet.enrolled()
    serial = rolled(fleet)
    found = sync(fleet, enrolled.token, brief())
    assert (found["bundle"], "note" in found, "line" in found) == (serial, False, False)


def test_a_long_line_is_fetched_by_its_digest(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syncing, "LARGEST_INLINE", 0)
    enrolled, other = fleet.enrolled(), fleet.enrolled(installation="1" * 32)
    rolled(fleet)
    orders, found = noted(fleet, enrolled)
    assert (found, bool(orders.note)) == (None, True)
    digest = bundle.digest_of(orders.note, enrolled.endpoint, fleet.services.signer.verifier)
    for encoding in ("zstd", "identity"):
        answer = fleet.send("GET", f"{LINES}/{digest}", other.token, accept_encoding=encoding)
        assert answer.status_code == 200
        line = answer.content
        if answer.headers.get("content-encoding") == "zstd" and line[:1] != b"{":
            line = zstandard.ZstdDecompressor().decompress(line)
        assert hashlib.sha256(line).hexdigest() == digest
    assert fleet.send("GET", f"{LINES}/{'0' * 64}", enrolled.token).status_code == 404
    assert fleet.send("GET", f"{LINES}/{digest}", "x" * 40).status_code == 401
