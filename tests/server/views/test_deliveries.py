"""Routes, attempts and dead letters as lists."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from spawngate.model.errors import UsageError
from spawngate.server.deliver import routes
from spawngate.server.deliver.refused import Refused, letter_name
from spawngate.server.deliver.secrets import sealer
from spawngate.server.services import Services
from spawngate.server.store.port import Delivery, Item
from spawngate.server.views.deliveries import ATTEMPT_FACETS, LETTER_FACETS, attempts, letters, routes_of
from spawngate.server.views.filters import Filters
from tests.server.fleetdata import HOSTILE, services

TABLE = """
[destination.file]
type = "ocsf-file"
path = "{folder}/siem.ndjson"

[[route]]
name = "siem"
destination = "file"
match = "verdict:deny"

[[route]]
name = "quiet"
destination = "file"
enabled = false
"""


@contextmanager
def delivering(folder: Path) -> Iterator[Services]:
    """A server with two routes into a file, three attempts and two dead letters."""
    (folder / "store").mkdir()
    seals = sealer(folder / "store", {})
    with services(folder, seals=seals) as parts:
        routes.add(parts.control, seals, TABLE.format(folder=folder), {})
        parts.control.delivered(
            *(
                Delivery(f"2026-11-2{n}T10:00:00.000000Z", "siem", "file", outcome, detail=detail, first=("e", "s", n))
                for n, outcome, detail in ((0, "delivered", "taken"), (1, "retry", HOSTILE), (2, "delivered", "taken"))
            )
        )
        dead = [Refused("siem", "file", ("e1", "s1", n), HOSTILE, 1_795_000_000.0 + n) for n in (1, 2)]
        parts.control.put(
            *(Item("dead-letter", letter_name(each.route, each.key), msgspec.json.encode(each)) for each in dead)
        )
        yield parts


def test_routes_say_how_they_stand(tmp_path: Path) -> None:
    with delivering(tmp_path) as parts:
        found = routes_of(parts, Filters())
        assert [(each.name, each.state, each.kind, each.type, each.match, each.dead) for each in found.rows] == [
            ("quiet", "off", "stream", "ocsf-file", "", 0),
            ("siem", "on", "stream", "ocsf-file", "verdict:deny", 2),
        ]
        assert found.rows[1].last == "2026-11-22T10:00:00Z delivered"
        assert [each.name for each in found.facets] == ["state"]
        assert [each.name for each in routes_of(parts, Filters(chosen={"state": ("off",)})).rows] == ["quiet"]
        parts.control.put(Item("route", "torn", b"{"))
        torn = next(each for each in routes_of(parts, Filters()).rows if each.name == "torn")
        assert (torn.state, torn.reason) == ("broken", "is not stored as a route is")


def test_routes_without_the_key_to_their_secrets(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        parts.control.put(Item("route", "siem", b"{}"))
        assert [(each.name, each.state) for each in routes_of(parts, Filters()).rows] == [("siem", "broken")]


def test_attempts_by_facet_and_page(tmp_path: Path) -> None:
    with delivering(tmp_path) as parts:
        whole = attempts(parts, Filters())
        assert [(each.at[:10], each.outcome) for each in whole.rows] == [
            ("2026-11-22", "delivered"),
            ("2026-11-21", "retry"),
            ("2026-11-20", "delivered"),
        ]
        assert [[(each.value, each.count) for each in facet.options] for facet in whole.facets] == [
            [("delivered", 2), ("retry", 1)]
        ]
        assert whole.total == 3
        some = attempts(parts, Filters.of([("outcome", "delivered"), ("limit", "1")], ATTEMPT_FACETS))
        assert ([each.sequence for each in some.rows], some.total) == ([2], 2)
        assert some.cursor is not None
        rest = attempts(parts, Filters(chosen={"outcome": ("delivered",)}, cursor=some.cursor), facets=False)
        assert ([each.sequence for each in rest.rows], rest.cursor) == ([0], None)
        assert attempts(parts, Filters(words=("nothing",))).rows == ()
        for wrong in ("x", "-1", "9" * 30):
            with pytest.raises(UsageError):
                attempts(parts, Filters(cursor=wrong))


def test_dead_letters_page_by_page(tmp_path: Path) -> None:
    with delivering(tmp_path) as parts:
        first = letters(parts, Filters(limit=1))
        assert ([each.what for each in first.rows], first.total) == (["e1/s1/2"], 2)
        assert first.cursor is not None
        second = letters(parts, Filters(limit=1, cursor=first.cursor))
        assert ([each.what for each in second.rows], second.cursor) == (["e1/s1/1"], None)
        assert letters(parts, Filters.of([("route", "quiet")], LETTER_FACETS)).rows == ()
        with pytest.raises(UsageError):
            letters(parts, Filters(cursor="x"))
