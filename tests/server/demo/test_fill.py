"""A folder filled with the synthetic fleet."""

from datetime import datetime
from pathlib import Path

from spawngate.server.deliver import routes
from spawngate.server.deliver.replays import dead
from spawngate.server.deliver.secrets import sealer
from spawngate.server.demo.fill import fill
from spawngate.server.demo.work import work
from spawngate.server.fleet.database import open_fleet
from spawngate.server.services import Services
from spawngate.server.store.embedded import EmbeddedStore
from spawngate.server.views import advisories, endpoints, findings, servers, trail
from spawngate.server.views.filters import Filters


def test_every_list_has_something(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with EmbeddedStore(folder) as store, open_fleet(folder) as database:
        now = datetime.fromisoformat(store.now())
        fill(store, database, now, size=40, days=3)
        work(store, database, tmp_path, now, {})
        parts = Services(
            database=database,
            events=store.events,
            control=store.control,
            record=store.own.record,
            now=store.now,
            signer=store.signer,
        )
        found = endpoints.endpoints(parts, None, Filters(limit=100))
        assert len(found.rows) == 40
        assert all(each.synthetic and each.agents for each in found.rows)
        listed = servers.servers(parts, None, Filters(limit=100))
        assert {each.approval for each in listed.rows} >= {"", "approved"}
        assert any(each.variants > 1 for each in listed.rows)
        work_ = findings.findings(parts, None, Filters())
        assert {"critical", "high"} & {each.severity for each in work_.rows}
        states = next(each for each in work_.facets if each.name == "state")
        assert {"open", "accepted"} <= {each.value for each in states.options}
        assert advisories.advisories(parts, None, Filters()).total > 5
        assert trail.trail(parts, None, trail.DECISIONS, Filters(), span="7d").total > 20
        assert trail.trail(parts, None, trail.CHANGES, Filters(), span="30d").total > 100
        assert len(dead(store.control)) > 0
        assert len(store.control.deliveries(limit=100)) > 50
        assert set(routes.load(store.control, sealer(folder, {})).table.routes) == {"siem", "chat"}
        assert store.events.stats().problem == ""
