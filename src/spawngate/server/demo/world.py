"""The machines of the synthetic fleet and what each of them holds at a time: pure, and the same for one seed.

Must not be here: definitions (`catalogue`), events (`history`), writing anything.
"""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass

from spawngate.model.artifact import Artifact, Kind, Scope, Status
from spawngate.model.json import Json
from spawngate.model.observed import Observed
from spawngate.model.snapshot import Snapshot
from spawngate.redact.artifact import Crossing
from spawngate.redact.redactor import Redactor
from spawngate.server.demo.catalogue import AGENTS, GROUPS, NAMES, PLATFORMS, SERVERS, TEAMS, THINGS, Program, Server

SIZE = 200
"""Endpoints."""
DAYS = 30
"""Days of history."""
KEY = b"the key of a fleet that is made up"
_HOMES = {"linux": "/home/{}", "macos": "/Users/{}", "windows": "C:/Users/{}"}
_MODES = (("enforce", 0.46), ("ask", 0.12), ("monitor", 0.42))


@dataclass(frozen=True, slots=True)
class Machine:
    """One endpoint."""

    id: str
    installation: str
    host: str
    user: str
    team: int
    """From 1."""
    group: str
    platform: str
    home: str
    enrolled: float
    """Days ago."""
    silent: int
    """Minutes since it was heard of last."""
    retired: bool
    mode: str
    version: str
    agents: tuple[Program, ...]
    servers: tuple[tuple[Server, str, float, float], ...]
    """Server, agent, and how many days ago it came and went (0: it is there)."""
    things: tuple[tuple[int, float], ...]
    """Place in `THINGS`, and how many days ago it came."""
    loose: bool
    """Its people gave their agents rules and modes in which these never ask."""
    stages: tuple[float, ...]
    """Days ago on which it was scanned with another result, the first at its enrolment."""
    number: int


def machines(size: int = SIZE) -> tuple[Machine, ...]:
    """The machines. The first of them are the same in a smaller fleet."""
    return tuple(_machine(number) for number in range(size))


def snapshot(machine: Machine, days_ago: float, at: str) -> Snapshot:
    """What a scan found on a machine so many days ago."""
    crossing = Crossing(Redactor(KEY), machine.installation)
    artifacts: list[Artifact] = []
    for observed in _observed(machine, days_ago):
        artifacts += crossing.artifact(observed, machine.home)
    unique = {artifact.id: artifact for artifact in artifacts}
    order = sorted(unique.values(), key=lambda each: (each.kind, each.agent, each.path, each.name, each.id))
    return Snapshot(
        endpoint=machine.installation,
        host=machine.host,
        platform=machine.platform,  # type: ignore[arg-type]  # one of the three, by the catalogue
        taken_at=at,
        homes=(machine.home,),
        roots=(),
        artifacts=tuple(order),
        statistics={"seconds": "0.4"},
    )


def _machine(number: int) -> Machine:
    chance = random.Random(f"machine {number}")  # noqa: S311  # a made-up world, the same each time
    digest = hashlib.sha256(f"spawngate demo {number}".encode()).hexdigest()
    team = chance.choices(range(1, len(TEAMS) + 1), (5, 3, 2, 4, 2))[0]
    platform = _weighted(chance, PLATFORMS)
    name = NAMES[number % len(NAMES)]
    user = name if number < len(NAMES) else f"{name}{number // len(NAMES)}"
    group = chance.choices(GROUPS, (8, 1, 2))[0]
    enrolled = round(chance.uniform(2, DAYS), 3)
    agents = tuple(each for each in AGENTS if chance.random() < each.share) or (AGENTS[0],)
    retired = chance.random() < 0.02
    silent = chance.choices((0, 25, 600, 6_000), (90, 4, 4, 2))[0]
    stages = sorted((round(chance.uniform(0.05, enrolled), 3) for _ in range(chance.randint(0, 2))), reverse=True)
    return Machine(
        id=digest[:32],
        installation=digest[32:],
        host=f"{TEAMS[team - 1][:4].lower()}-{user}-{'bld' if group == 'build hosts' else 'lt'}{number:03d}",
        user=user,
        team=team,
        group=group,
        platform=platform,
        home=_HOMES[platform].format(user),
        enrolled=enrolled,
        silent=silent * 2 if retired else silent,
        retired=retired,
        mode=_weighted(chance, _MODES),
        version="0.1.0" if chance.random() < 0.9 else "0.0.9",
        agents=agents,
        servers=_servers(chance, agents, stages),
        things=tuple(
            (place, round(chance.uniform(0, DAYS * 3), 3))
            for place, each in enumerate(THINGS)
            if chance.random() < each.share
        ),
        loose=chance.random() < 0.2,
        stages=(enrolled, *stages),
        number=number,
    )


def _servers(
    chance: random.Random, agents: Sequence[Program], stages: Sequence[float]
) -> tuple[tuple[Server, str, float, float], ...]:
    found: list[tuple[Server, str, float, float]] = []
    held: set[tuple[str, str]] = set()
    for server in SERVERS:
        if chance.random() >= server.share:
            continue
        came = round(chance.uniform(0, server.since), 3) if server.since < DAYS else round(chance.uniform(0, 90), 3)
        gone = round(chance.uniform(0, came), 3) if stages and chance.random() < 0.08 else 0.0
        for agent in chance.sample(agents, k=min(len(agents), chance.choices((1, 2), (4, 1))[0])):
            # A file has one entry of a name.
            if (agent.agent, server.name) not in held:
                held.add((agent.agent, server.name))
                found.append((server, agent.agent, came, gone))
    return tuple(found)


def _observed(machine: Machine, days_ago: float) -> list[Observed]:
    files = {each.agent: f"{machine.home}/{each.servers}" for each in machine.agents}
    found: list[Observed] = []
    for program in machine.agents:
        detail: dict[str, Json] = {"version": program.version, "configured_files": [files[program.agent]]}
        if machine.loose and program.permissions:
            detail["permissions"] = [
                {"rule": rule, "verdict": "allow", "scope": "user", "path": files[program.agent], "blanket": True}
                for rule in program.permissions
            ]
        if machine.loose and program.unattended:
            detail["auto_approvals"] = [{"name": program.unattended, "value": True, "scope": "user"}]
        found.append(
            Observed(
                kind=Kind.AGENT,
                agent=program.agent,
                scope=Scope.USER,
                name=program.name,
                path=files[program.agent],
                status=Status.INSTALLED,
                detail=detail,
            )
        )
    for server, agent, came, gone in machine.servers:
        if days_ago <= came and not 0 < days_ago <= gone:
            found.append(
                Observed(
                    kind=Kind.MCP_SERVER,
                    agent=agent,
                    scope=Scope.USER,
                    name=server.name,
                    path=files[agent],
                    pointer=f"mcpServers.{server.name}",
                    launch=server.launch,
                )
            )
    found += [_thing(machine, place) for place, came in machine.things if days_ago <= came]
    return found


def _thing(machine: Machine, place: int) -> Observed:
    thing = THINGS[place]
    detail: dict[str, Json] = {"version": thing.version} if thing.version else {}
    detail.update(dict(thing.detail))
    content = hashlib.sha256(f"{thing.name} {machine.team if thing.kind == 'instruction' else ''}".encode()).hexdigest()
    return Observed(
        kind=Kind(thing.kind),
        agent=thing.agent,
        scope=Scope.USER,
        name=thing.name,
        path=f"{machine.home}/{_FOLDERS[thing.kind]}/{thing.name}",
        status=Status.INSTALLED if thing.kind in ("extension", "cli") else Status.ENABLED,
        detail=detail,
        content=content if thing.kind in ("skill", "instruction") else None,
    )


_FOLDERS = {
    "extension": ".vscode/extensions",
    "skill": ".claude/skills",
    "plugin": ".claude/plugins",
    "hook": ".claude/settings.json#hooks",
    "cli": ".local/bin",
    "instruction": "src/app",
}


def _weighted(chance: random.Random, shares: Sequence[tuple[str, float]]) -> str:
    return chance.choices([word for word, _ in shares], [share for _, share in shares])[0]
