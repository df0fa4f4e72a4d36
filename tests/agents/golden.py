"""Golden records: what the collector finds in an agent's fixture, compared whole.

`python -m tests.agents.golden [ID...]` writes the expected files anew; read the difference before committing it.
A fixture holds `home` (Linux), `home-macos`, `home-windows`, `project` and `project-2` (or `project-macos`, ...), and
`system`, `system-macos`, `system-windows`.
"""

import json
import sys
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from spawngate.agents import AGENTS, SURFACES, load_agent, load_surface
from spawngate.agents.agent import Location
from spawngate.agents.document import Platform
from spawngate.endpoint.collect import Collector, Found, Plan
from spawngate.endpoint.homes import Home
from spawngate.model.artifact import Kind
from spawngate.redact.artifact import Crossing
from spawngate.redact.redactor import Redactor

FIXTURES = Path(__file__).parents[1] / "fixtures"
PLATFORMS: tuple[tuple[Platform, str], ...] = (("linux", ""), ("macos", "-macos"), ("windows", "-windows"))
ROOTS = ("project", "project-2")
PLACE = "$FIXTURE"


def fixtures() -> list[tuple[str, str]]:
    """Kind of fixture and id, of every agent and surface."""
    return [("agents", name) for name in AGENTS] + [("surfaces", name) for name in SURFACES]


@cache
def scans(kind: str, name: str) -> tuple[tuple[Platform, Collector, Found], ...]:
    """The collector's runs over one fixture, one for each platform that it has files for."""
    base = FIXTURES / kind / name
    agent = load_agent(name) if kind == "agents" else load_surface(name)
    runs: list[tuple[Platform, Collector, Found]] = []
    for platform, suffix in PLATFORMS:
        home, system = base / f"home{suffix}", base / f"system{suffix}"
        projects = [path for name_ in ROOTS for path in [base / f"{name_}{suffix}"] if path.is_dir()]
        if not home.is_dir() and not system.is_dir() and not projects:
            continue
        plan = Plan(
            homes=(Home(str(home if home.is_dir() else base / "none"), "user", platform),),
            roots=tuple(str(project) for project in projects),
            platform=platform,
            system_root=str(system if system.is_dir() else base / "none"),
            search_homes=False,
        )
        collector = Collector(Crossing(Redactor(b"golden" * 6), "endpoint"), [(agent, kind == "agents")])
        runs.append((platform, collector, collector.collect(plan)))
    return tuple(runs)


def found(kind: str, name: str) -> dict[str, Any]:
    """What the collector finds in one fixture: records without ids and times, paths relative to the fixture."""
    base = FIXTURES / kind / name
    records: dict[str, Any] = {}
    for platform, _, result in scans(kind, name):
        artifacts = [_record(asdict(artifact)) for artifact in result.artifacts if artifact.kind is not Kind.CLI]
        notes = [asdict(note) for note in result.diagnostics]
        text = json.dumps({"artifacts": artifacts, "diagnostics": notes}, ensure_ascii=False)
        record = json.loads(text.replace(str(base), PLACE))
        # Equal names in one file are ordered by id, which holds the path of the checkout.
        record["artifacts"].sort(key=lambda item: (item["kind"], item["agent"], json.dumps(item, sort_keys=True)))
        records[platform] = record
    return records


def unreached(kind: str, name: str) -> list[str]:
    """Locations whose reader and format no file of the fixture exercises, by template.

    Several places of one form (browsers, alternative file names) are exercised by any one of them.
    """
    agent = load_agent(name) if kind == "agents" else load_surface(name)
    indices = {index for _, collector, _ in scans(kind, name) for index in collector.read_locations(name)}
    reached = {_form(kind, agent.locations[index]) for index in indices}
    return [location.template for location in agent.locations if _form(kind, location) not in reached]


def _form(kind: str, location: Location) -> tuple[str, str]:
    """Readers of surfaces differ by product only, so their type tells enough."""
    read = location.read
    name = getattr(read, "__qualname__", type(read).__qualname__) if kind == "surfaces" else repr(read)
    return name, location.format.value


def _record(artifact: dict[str, Any]) -> dict[str, Any]:
    """A record without what differs between two checkouts, and without empty fields."""
    del artifact["id"]
    if artifact["kind"] != Kind.SECRET:
        del artifact["fingerprint"]
    artifact["detail"] = {
        key: value for key, value in artifact["detail"].items() if key not in ("owner_id", "last_used")
    }
    if artifact["launch"] is not None:
        artifact["launch"] = {key: value for key, value in artifact["launch"].items() if value}
    return {key: value for key, value in artifact.items() if value or key == "name"}


def render(records: dict[str, Any]) -> str:
    """The text of an expected file."""
    return json.dumps(records, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def main() -> None:
    """Write expected files anew, all or those named."""
    wanted = sys.argv[1:]
    for kind, name in fixtures():
        if wanted and name not in wanted:
            continue
        (FIXTURES / kind / name / "expected.json").write_text(render(found(kind, name)), encoding="utf-8")


if __name__ == "__main__":
    main()
