"""What people did with the synthetic fleet: the same acts that the pages offer."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from spawngate.server.demo.fill import fill
from spawngate.server.demo.work import PEOPLE, work
from spawngate.server.fleet.database import open_fleet
from spawngate.server.fleet.rollouts import in_force
from spawngate.server.fleet.tables import APPROVALS, ENROLMENTS, POLICIES, SEARCHES, SUPPRESSIONS, USERS
from spawngate.server.store.embedded import EmbeddedStore


def test_every_table_of_work_has_something(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with EmbeddedStore(folder) as store, open_fleet(folder) as database:
        now = datetime.fromisoformat(store.now())
        fill(store, database, now, size=60, days=1)
        work(store, database, tmp_path, now, {})
        with database.read() as connection:
            counts = {
                table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in (USERS, ENROLMENTS, POLICIES, SEARCHES, SUPPRESSIONS)
            }
            states = set(connection.execute(select(APPROVALS.c.state)).scalars())
            rollouts = in_force(connection)
    assert counts == {"users": len(PEOPLE) + 1, "enrolments": 5, "policies": 3, "searches": 4, "suppressions": 2}
    assert states == {"approved", "pending"}
    assert {(each.team, each.group, each.mode) for each in rollouts} == {
        (0, "", "monitor"),
        (1, "", "enforce"),
        (4, "", "ask"),
        (0, "build hosts", "enforce"),
    }
