"""Every view over PostgreSQL answers as over SQLite."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from spawngate.server.fleet.database import Database
from spawngate.server.services import Services
from spawngate.server.views import (
    access,
    advisories,
    approvals,
    artifacts,
    endpoint,
    endpoints,
    findings,
    policies,
    projects,
    rollouts,
    search,
    server,
    servers,
    suppressed,
)
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Listing
from tests.server import fleetdata
from tests.server.postgres import cluster, database
from tests.server.views.test_access import fill_access
from tests.server.views.test_policies import fill_policies
from tests.server.views.test_suppressed import fill as fill_suppressions

__all__ = ["cluster", "database"]  # fixtures


def _answers(parts: Services) -> dict[str, object]:
    """What every view says, by name."""
    found: dict[str, object] = {}
    asked = {
        "all": Filters(),
        "words": Filters(words=("files", "A")),
        "chosen": Filters(
            chosen={"team": ("1",), "agent": ("cursor",), "state": ("online", "open"), "tier": ("official",)}
        ),
        "sorted": Filters(sort="new", limit=1),
    }
    lists: dict[str, Callable[..., Listing[Any]]] = {
        "endpoints": endpoints.endpoints,
        "servers": servers.servers,
        "names": servers.server_names,
        "findings": findings.findings,
        "rules": findings.by_rule,
        "advisories": advisories.advisories,
        "secrets": artifacts.secrets,
        "teams": access.teams_of,
        "tokens": access.tokens_of,
        "enrolments": access.enrolments_of,
        "approvals": approvals.approvals,
        "suppressions": suppressed.suppressions_of,
        "policies": policies.policies,
        "roll-outs": rollouts.roll_outs,
        "projects": projects.projects,
    }
    people = (
        Filters(),
        Filters(words=("ana",)),
        Filters(chosen={"role": ("analyst",), "team": ("1",), "state": ("invited",)}),
    )
    for number, each in enumerate(people):
        found[f"people {number}"] = access.people_of(parts, each)
    for teams in (None, frozenset({1}), frozenset[int]()):
        for how, filters in asked.items():
            for name, view in lists.items():
                first = view(parts, teams, filters)
                found[f"{name} {how} {teams}"] = first
                if first.cursor:
                    later = msgspec.structs.replace(filters, cursor=first.cursor)
                    found[f"{name} {how} {teams} 2"] = view(parts, teams, later)
            found[f"skills {how} {teams}"] = artifacts.artifacts(parts, teams, "skill", filters)
        found[f"states {teams}"] = endpoints.states(parts, teams)
        found[f"kinds {teams}"] = artifacts.kind_counts(parts, teams)
        found[f"endpoint {teams}"] = endpoint.endpoint(parts, teams, "e1")
        found[f"server {teams}"] = server.server(parts, teams, "fp-files")
        found[f"finding {teams}"] = findings.finding(parts, teams, "e1", "f1")
        found[f"advisory {teams}"] = advisories.advisory(parts, teams, "CVE-1")
        found[f"notes {teams}"] = artifacts.instances(parts, teams, "skill", name="notes")
        found[f"search {teams}"] = search.search(parts, teams, "files")
        found[f"keys {teams}"] = sorted(findings.keys(parts, teams, Filters()))
    return found


def test_both_databases_say_the_same(tmp_path: Path, database: str) -> None:  # the fixture
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        fill_access(parts)
        fill_policies(parts)
        fill_suppressions(parts)
        expected = _answers(parts)
        with Database(database) as other:
            other.create()
            moved = Services(
                database=other,
                events=parts.events,
                control=parts.control,
                record=parts.record,
                now=parts.now,
                signer=parts.signer,
            )
            fleetdata.fill_small(moved)
            fill_access(moved)
            fill_policies(moved)
            fill_suppressions(moved)
            found = _answers(moved)
    for name, wanted in expected.items():
        assert found[name] == wanted, name
