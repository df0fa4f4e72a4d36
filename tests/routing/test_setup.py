"""What changed in routes and destinations, without any secret."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from spawngate.routing.route import RouteText, understand
from spawngate.routing.setup import changes, described
from spawngate.routing.table import Named, Table, named
from spawngate.trail.event import DifferenceRecord, SubjectRecord


def table(destinations: dict[str, dict[str, Any]], *routes: RouteText) -> Table:
    made: dict[str, Named] = {name: named(name, values) for name, values in destinations.items()}
    understood = {
        each.name: understand(each, made[each.destination].destination.kind, "syslog", f"route.{each.name}")
        for each in routes
    }
    return Table(made, understood)


SYSLOG: dict[str, Any] = {"type": "syslog", "host": "h.test"}
SPLUNK: dict[str, Any] = {"type": "splunk", "url": "https://s.test", "token": "secret-token-1"}


def test_created_changed_removed() -> None:
    one = described(table({"siem": SYSLOG}, RouteText(name="all", destination="siem")))
    two = described(table({"siem": {**SYSLOG, "port": 601}, "splunk": SPLUNK}))
    assert changes(one, two) == (
        SubjectRecord("destination", "siem", "siem", "changed", (DifferenceRecord("port", 6514, 601),)),
        SubjectRecord(
            "destination",
            "splunk",
            "splunk",
            "created",
            (
                DifferenceRecord("ack_seconds", None, 300),
                DifferenceRecord("batch_events", None, 500),
                DifferenceRecord("sourcetype", None, "spawngate:event"),
                DifferenceRecord("timeout_seconds", None, 15),
                DifferenceRecord("token", None, "(set)"),
                DifferenceRecord("type", None, "splunk"),
                DifferenceRecord("url", None, "https://s.test"),
            ),
        ),
        SubjectRecord(
            "route",
            "all",
            "all",
            "removed",
            (DifferenceRecord("destination", "siem", None), DifferenceRecord("name", "all", None)),
        ),
    )
    assert changes(two, two) == ()


def test_a_secret_is_said_to_have_changed_and_no_more() -> None:
    one = described(table({"splunk": SPLUNK}))
    two = described(table({"splunk": {**SPLUNK, "token": "secret-token-2"}}))
    (found,) = changes(one, two)
    assert found.differences == (DifferenceRecord("token", "(set)", "(changed)"),)
    assert "secret-token" not in repr((one, two, changes(one, two), changes({}, one), changes(one, {})))
    assert "digest" not in repr((changes(one, two), changes({}, one), changes(one, {})))


@given(st.text(min_size=1, max_size=20).filter(lambda text: text.isprintable() and text.isascii()))
def test_no_secret_is_told(token: str) -> None:
    made = described(table({"splunk": {**SPLUNK, "token": f"s3cr3t{token}"}}))
    assert "s3cr3t" not in repr((made, changes({}, made)))
