"""What administrators did, as events."""

from pathlib import Path

from spawngate.server.access.principal import Kind, Principal
from spawngate.server.administration import changed, recorded
from spawngate.trail.event import Actor, DifferenceRecord, SubjectRecord
from tests.server.fleetdata import NOW, services


def test_an_act_is_one_event_of_the_servers_own_stream(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        recorded(
            parts, Principal("Ann", Kind.TOKEN), kind="user", id=7, name="B\ud800b", action="role-changed",
            differences=[changed("roles.platform", "reader", None)], detail={"address": "::1"},
        )  # fmt: skip
        recorded(parts, "root (command line)", kind="team", id=1, name="", action="removed")
        first, second = [each.event for each in parts.events.query(None, newest_first=False).entries]
    assert (first.type, first.at, first.channel, first.stream) == ("administration", NOW, "server", "server")
    assert first.actor == Actor(user="Ann")
    assert first.subject == SubjectRecord(
        kind="user",
        id="7",
        name="B\ufffdb",
        action="role-changed",
        differences=(DifferenceRecord("roles.platform", "reader", None),),
    )
    assert first.detail == {"what": "user-role-changed", "by": "token", "address": "::1"}
    assert first.message == "user B\ufffdb role-changed by Ann"
    assert (second.detail, second.message) == (
        {"what": "team-removed", "by": "command"},
        "team 1 removed by root (command line)",
    )
