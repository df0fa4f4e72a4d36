"""Routes and destinations changed by administrators: what is stored, what is recorded, what is refused."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from spawngate.model.errors import UsageError
from spawngate.routing.settings import SHOWN, SettingsError
from spawngate.server import directing, dispatching
from spawngate.server.deliver import routes, setup
from spawngate.server.deliver.secrets import sealer
from spawngate.server.fleet.database import ConflictError, MissingError
from spawngate.server.services import Services
from spawngate.server.store.port import StoreError
from spawngate.trail.event import Event
from tests.server.fleetdata import NOW, OWNER, services

TOKEN = "t0ken-of-splunk"
SPLUNK = {"url": "https://splunk.example.com:8088", "token": TOKEN}


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Services]:
    (tmp_path / "store").mkdir()
    with services(tmp_path, seals=sealer(tmp_path / "store", {})) as made:
        yield made


def acts(parts: Services) -> list[tuple[str, list[tuple[str, object, object]]]]:
    """What was recorded, and its differences."""
    found = [each.event for each in parts.events.query(None, newest_first=False).entries]
    return [
        (str(event.detail["what"]), [(each.path, each.old, each.new) for each in event.subject.differences])
        for event in found
        if event.subject is not None
    ]


def test_a_destination_is_made_changed_and_removed(parts: Services) -> None:
    made = directing.put_destination(parts, OWNER, "siem", "splunk", SPLUNK)
    assert (made.name, made.type, made.kind, made.routes) == ("siem", "splunk", "stream", ())
    assert (made.settings["url"], made.settings["token"]) == (SPLUNK["url"], SHOWN)
    assert directing.destination(parts, "siem") == made
    directing.put_destination(parts, OWNER, "siem", "splunk", {**made.settings, "index": "security"})
    held = directing.loaded(parts).table.destinations["siem"]
    assert (held.values["token"], held.values["index"]) == (TOKEN, "security")
    directing.put_destination(
        parts, OWNER, "siem", "splunk", {**made.settings, "token": "an0ther-one", "index": "security"}
    )
    assert directing.loaded(parts).table.destinations["siem"].values["token"] == "an0ther-one"
    directing.remove_destination(parts, OWNER, "siem")
    assert directing.destinations(parts) == ()
    told = acts(parts)
    assert [what for what, _ in told] == [
        "destination-created", "destination-changed", "destination-changed", "destination-removed",
    ]  # fmt: skip
    assert told[1][1] == [("index", None, "security")]
    assert told[2][1] == [("token", SHOWN, "(changed)")]
    assert parts.control.get("setting", "routes-changed-by") == b"tester"
    records = b"".join(each.record for each in parts.events.query(None).entries)
    assert TOKEN.encode() not in records
    assert b"an0ther-one" not in records


def test_what_changes_nothing_is_not_recorded(parts: Services) -> None:
    made = directing.put_destination(parts, OWNER, "siem", "splunk", SPLUNK)
    directing.put_destination(parts, OWNER, "siem", "splunk", made.settings)
    assert [what for what, _ in acts(parts)] == ["destination-created"]


def test_a_route_is_made_changed_and_removed(parts: Services) -> None:
    directing.put_destination(parts, OWNER, "siem", "splunk", SPLUNK)
    directing.put_route(parts, OWNER, {"name": "denies", "destination": "siem", "match": "verdict:deny"})
    directing.put_route(parts, OWNER, {"name": "denies", "destination": "siem", "match": "verdict:deny,ask"})
    assert directing.loaded(parts).table.routes["denies"].text.match == "verdict:deny,ask"
    with pytest.raises(ConflictError, match="is named by denies"):
        directing.remove_destination(parts, OWNER, "siem")
    directing.remove_route(parts, OWNER, "denies")
    directing.remove_destination(parts, OWNER, "siem")
    told = acts(parts)
    assert [what for what, _ in told] == [
        "destination-created", "route-created", "route-changed", "route-removed", "destination-removed",
    ]  # fmt: skip
    assert told[2][1] == [("match", "verdict:deny", "verdict:deny,ask")]


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"name": "x", "destination": "none"}, r"route\.x\.destination: there is no destination 'none'"),
        ({"name": "X y", "destination": "siem"}, r"route\.X y\.name: must be of a-z"),
        ({"name": "x", "destination": "siem", "match": "verdict:"}, r"route\.x\.match: "),
        ({"name": "x", "destination": "siem", "digest": "1h"}, r"route\.x: a stream takes every event"),
        ({"name": "x", "destination": "siem", "colour": "red"}, r"route\.x: there is no setting `colour`"),
        ({"name": "x", "destination": "siem", "mute": [{"zone": "Mars/Base"}]}, "a stream takes|no time zone"),
        ({"destination": "siem"}, r"a setting is missing: `name`"),
    ],
)
def test_a_wrong_route_changes_nothing(parts: Services, given: dict[str, object], problem: str) -> None:
    directing.put_destination(parts, OWNER, "siem", "splunk", SPLUNK)
    with pytest.raises(SettingsError, match=problem):
        directing.put_route(parts, OWNER, given)
    assert directing.loaded(parts).table.routes == {}
    assert [what for what, _ in acts(parts)] == ["destination-created"]


def test_routes_that_stay_fit_destinations_that_change(parts: Services) -> None:
    directing.put_destination(parts, OWNER, "chat", "teams", {"url": "https://teams.example.com/hook"})
    directing.put_route(parts, OWNER, {"name": "day", "destination": "chat", "digest": "1d"})
    with pytest.raises(SettingsError, match=r"route\.day: a stream takes every event"):
        directing.put_destination(parts, OWNER, "chat", "splunk", SPLUNK)
    assert directing.destination(parts, "chat").type == "teams"


def test_who_was_slower_is_told(parts: Services) -> None:
    first = directing.loaded(parts)
    directing.put_destination(parts, OWNER, "siem", "splunk", SPLUNK, revision=first.revision.decode())
    second = directing.loaded(parts).revision.decode()
    directing.put_route(parts, OWNER, {"name": "a", "destination": "siem"}, revision=second)
    for revision in (second, "made-up"):
        with pytest.raises(ConflictError, match="changed meanwhile"):
            directing.put_route(parts, OWNER, {"name": "b", "destination": "siem"}, revision=revision)
        with pytest.raises(ConflictError, match="changed meanwhile"):
            directing.put_destination(parts, OWNER, "b", "splunk", SPLUNK, revision=revision)


def test_what_cannot_be_recorded_is_not_done(parts: Services) -> None:
    def broken(events: Sequence[Event]) -> None:
        raise StoreError("the disk is full")

    directing.put_destination(parts, OWNER, "siem", "splunk", SPLUNK)
    directing.put_route(parts, OWNER, {"name": "a", "destination": "siem"})
    silent = replace(parts, record=broken)
    before = directing.loaded(parts)
    for act in (
        lambda: directing.put_destination(silent, OWNER, "other", "splunk", SPLUNK),
        lambda: directing.put_route(silent, OWNER, {"name": "b", "destination": "siem"}),
        lambda: directing.remove_route(silent, OWNER, "a"),
    ):
        with pytest.raises(StoreError):
            act()
    assert directing.loaded(parts) == before


def test_nothing_is_done_without_the_key(tmp_path: Path) -> None:
    with services(tmp_path) as parts, pytest.raises(UsageError, match="holds no key"):
        directing.put_destination(parts, OWNER, "siem", "splunk", SPLUNK)


def test_what_is_not_there_is_said(parts: Services) -> None:
    for act in (
        lambda: directing.remove_route(parts, OWNER, "none"),
        lambda: directing.remove_destination(parts, OWNER, "none"),
        lambda: directing.destination(parts, "none"),
    ):
        with pytest.raises(MissingError):
            act()


def test_a_destination_sealed_with_another_key_is_named(parts: Services, tmp_path: Path) -> None:
    directing.put_destination(parts, OWNER, "siem", "splunk", SPLUNK)
    (tmp_path / "other").mkdir()
    other = replace(parts, seals=sealer(tmp_path / "other", {}))
    found = directing.destination(other, "siem")
    assert (found.type, found.settings) == ("", {})
    assert "another key" in found.problem
    directing.put_destination(other, OWNER, "siem", "splunk", SPLUNK)
    assert directing.destination(other, "siem").problem == ""


def test_files_of_the_command_line_and_this_share_one_table(parts: Services) -> None:
    assert parts.seals is not None
    directing.put_destination(parts, OWNER, "siem", "splunk", SPLUNK)
    text = '[[route]]\nname = "a"\ndestination = "siem"\n'
    routes.add(parts.control, parts.seals, text, {})
    assert directing.destination(parts, "siem").routes == ("a",)


def test_what_was_recorded_here_is_not_told_again(parts: Services) -> None:
    """Workers tell the trail what changed without them: from a file, while no server ran. Not what people did here."""
    assert parts.seals is not None
    key = parts.seals

    def untold() -> list[str]:
        events, known = setup.untold(parts.control, key, directing.loaded(parts), NOW)
        parts.control.put(known)
        return [event.message for event in events]

    directing.put_destination(parts, OWNER, "siem", "splunk", SPLUNK)
    directing.put_route(parts, OWNER, {"name": "all", "destination": "siem"})
    directing.put_route(parts, OWNER, {"name": "all", "destination": "siem", "match": "verdict:deny"})
    dispatching.switch(parts, OWNER, "all", on=False)
    routes.add(parts.control, key, 'destination = {}\n[[route]]\nname = "more"\ndestination = "siem"\n', {})
    directing.remove_route(parts, OWNER, "all")
    assert untold() == ["route more created"]
    directing.remove_route(parts, OWNER, "more")
    directing.remove_destination(parts, OWNER, "siem")
    assert untold() == []
    assert [what for what, _ in acts(parts)] == [
        "destination-created", "route-created", "route-changed", "route-switched-off", "route-removed",
        "route-removed", "destination-removed",
    ]  # fmt: skip
