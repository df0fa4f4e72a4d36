"""SHELL. Policies: pushed (from Git), read, made ready, held against the trail, retired.

    GET /policies    PUT, GET /policies/{name}    GET /policies/{name}/revisions/{revision}
    POST /policies/{name}/revisions/{revision}/{ready,retire}    GET .../replay

Must not be here: what people do with policies (`server.governing`), putting them in force (`rollouts`).
"""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from spawngate.policy.folder import LARGEST, MOST_FILES
from spawngate.server import governing
from spawngate.server.access.guard import needs
from spawngate.server.access.principal import Principal
from spawngate.server.access.roles import Permission
from spawngate.server.fleet.database import MissingError
from spawngate.server.fleet.policies import Revision
from spawngate.server.management import listed
from spawngate.server.management.answers import Number, Who, gives, item
from spawngate.server.management.answers import router as fresh
from spawngate.server.services import Services
from spawngate.server.views import policies, replaying
from spawngate.server.views.policies import PolicyPage
from spawngate.server.views.replay import DAYS, Replayed

Name = Annotated[str, Path(min_length=1, max_length=100, pattern="^[a-z0-9][a-z0-9-]*$")]
FileName = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(max_length=LARGEST)]


class Pushed(BaseModel):
    """The files of a policy folder."""

    files: Annotated[dict[FileName, Text], Field(max_length=MOST_FILES)]
    """Name to text: `*.cedar`, `policy.toml`, `*.cases.toml`."""
    comment: Annotated[str, StringConstraints(max_length=1_000)] = ""
    """What changed: the commit, say."""
    ready: bool = False
    """Whether it shall be ready to be rolled out at once, where its cases hold; refused where they do not."""


def router(services: Services) -> APIRouter:
    """The routes."""
    made = fresh("policies")
    listed.add(
        made, services, "/policies", Permission.POLICIES_READ, policies.PolicyRow, policies.FACETS,
        policies.policies, "Policies, by their newest revision.",
    )  # fmt: skip

    @made.get("/policies/{name}", responses=gives(PolicyPage, "Its newest revision."))
    @needs(Permission.POLICIES_READ)
    def get_policy(who: Who, name: Name) -> Response:
        """A policy's newest revision, with files, report and history."""
        return item(shown(who, name, None))

    @made.put(
        "/policies/{name}", responses=gives(Revision, "The revision; the one that is there, where nothing changed.")
    )
    @needs(Permission.POLICIES_WRITE)
    def push_policy(who: Who, name: Name, body: Pushed) -> Response:
        """Push a policy folder as a draft: from a repository, say. Equal files make no second revision."""
        made_now, _ = governing.save(services, who, name, body.files, body.comment)
        if body.ready and made_now.state != "ready":
            made_now = governing.make_ready(services, who, name, made_now.id)
        return item(made_now)

    @made.get("/policies/{name}/revisions/{revision}", responses=gives(PolicyPage, "The revision."))
    @needs(Permission.POLICIES_READ)
    def get_revision(who: Who, name: Name, revision: Number) -> Response:
        """One revision of a policy."""
        return item(shown(who, name, revision))

    @made.post("/policies/{name}/revisions/{revision}/ready", responses=gives(Revision, "The revision."))
    @needs(Permission.POLICIES_WRITE)
    def make_ready(who: Who, name: Name, revision: Number) -> Response:
        """Check and test a draft, and let it be rolled out."""
        return item(governing.make_ready(services, who, name, revision))

    @made.post("/policies/{name}/revisions/{revision}/retire", responses=gives(Revision, "The revision."))
    @needs(Permission.POLICIES_WRITE)
    def retire_revision(who: Who, name: Name, revision: Number) -> Response:
        """Let a revision that is in force nowhere be rolled out no more."""
        return item(governing.retire(services, who, name, revision))

    @made.get("/policies/{name}/revisions/{revision}/replay", responses=gives(Replayed, "What it would change."))
    @needs(Permission.POLICIES_READ)
    def replay_revision(
        who: Who, name: Name, revision: Number, days: Annotated[int, Query(ge=1, le=max(DAYS))] = 7
    ) -> Response:
        """Hold a revision against the decisions of the last days: of endpoints whose events may be seen."""
        found = shown(who, name, revision)
        return item(replaying.waited(services, who.teams(Permission.EVENTS_READ), dict(found.files), days))

    def shown(who: Principal, name: str, revision: int | None) -> PolicyPage:
        found = policies.policy(services, who.teams(Permission.POLICIES_READ), name, revision)
        if found is None:
            raise MissingError("there is no such policy")
        return found

    return made
