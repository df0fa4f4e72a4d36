"""One definition of an MCP server as all endpoints state it.

A fingerprint is what an endpoint says. Where somebody approves a definition by its fingerprint, they approve the launch
that a record states: so every record under that fingerprint has to state the same one. One endpoint that says another
thing, for a moment or for good, must not have its own launch approved in the place of what people looked at.
Must not be here: granting (`server.deciding`), pages.
"""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from spawngate.server.fleet.tables import ARTIFACTS
from spawngate.server.views import launches
from spawngate.server.views.endpoints import in_teams

MOST = 2_000
"""Wordings of one definition that are looked at; they differ in homes and in what was hidden."""
DIFFERENT = "endpoints do not agree on what it runs: look at who has it, and have it asked for from there"
A = ARTIFACTS.c


def disagreement(connection: Connection, fingerprint: str, teams: frozenset[int] | None) -> str:
    """Why a fingerprint does not stand for one launch among these teams' endpoints; empty where it does."""
    launch = A.record["launch"]
    stated = select(*(launch[name].as_string() for name in ("command", "args", "env", "url"))).where(
        A.kind == "mcp_server", A.fingerprint == fingerprint, *in_teams(A.team, teams)
    )
    rows = connection.execute(stated.distinct().limit(MOST)).all()
    return DIFFERENT if len(rows) == MOST or len({_key(*row) for row in rows}) > 1 else ""


def _key(command: str | None, args: str | None, env: str | None, url: str | None) -> tuple[str, str]:
    """What two wordings of one launch have in common."""
    record = {"launch": {"command": command, "args": _read(args), "env": _read(env), "url": url}}
    variables = record["launch"]["env"]
    told = {str(name): str(value) for name, value in variables.items()} if isinstance(variables, Mapping) else {}
    return launches.key_of_record(record), launches.key_of("", [f"{name}={told[name]}" for name in sorted(told)])


def _read(text: str | None) -> Any:
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError):
        return text
