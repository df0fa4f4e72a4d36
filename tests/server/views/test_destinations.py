"""Destinations as a list."""

from pathlib import Path

from spawngate.server import directing
from spawngate.server.deliver.secrets import sealer
from spawngate.server.views.destinations import DestinationRow, destinations_of
from spawngate.server.views.filters import Filters
from tests.server.fleetdata import OWNER, services


def test_destinations_say_where_and_never_a_secret(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    with services(tmp_path, seals=sealer(tmp_path / "store", {})) as parts:
        directing.put_destination(parts, OWNER, "chat", "slack", {"url": "https://hooks.slack.com/services/T/B/s3cret"})
        directing.put_destination(parts, OWNER, "soar", "syslog", {"host": "logs.example.com"})
        directing.put_destination(parts, OWNER, "teams", "teams", {"url": "https://x.example/hook?sig=s3cret"})
        directing.put_route(parts, OWNER, {"name": "all", "destination": "soar"})
        found = destinations_of(parts, Filters())
        assert found.rows == (
            DestinationRow("chat", "slack", "Slack", "notify", "", (), ""),
            DestinationRow("soar", "syslog", "Syslog (RFC 5424)", "stream", "logs.example.com", ("all",), ""),
            DestinationRow("teams", "teams", "Microsoft Teams (workflow)", "notify", "", (), ""),
        )
        assert [each.name for each in found.facets] == ["type", "kind"]
        assert [each.name for each in destinations_of(parts, Filters(chosen={"kind": ("stream",)})).rows] == ["soar"]
        assert [each.name for each in destinations_of(parts, Filters(words=("teams",))).rows] == ["teams"]


def test_without_the_key_there_is_no_list(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        assert destinations_of(parts, Filters()).rows == ()
