"""SHELL. People of the organisation.

    GET, POST /users    GET /users/{user}    POST /users/{user}/{disable,enable,invitation}
    GET, DELETE /users/{user}/sessions

Must not be here: roles in teams (`teams`), sign-in (`access.login`).
"""

from typing import Annotated

import msgspec
from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from spawngate.server import administering
from spawngate.server.access.guard import needs
from spawngate.server.access.roles import Permission, Role
from spawngate.server.fleet import sessions, users
from spawngate.server.fleet.users import User
from spawngate.server.management import listed
from spawngate.server.management.answers import Done, Link, Number, Who, gives, item, items, lists
from spawngate.server.management.answers import router as fresh
from spawngate.server.services import Services
from spawngate.server.views import access
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Listing
from spawngate.server.views.whole import whole


class NewUser(BaseModel):
    """Somebody who shall be able to sign in."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    email: Annotated[str, StringConstraints(max_length=320)] = ""
    """With which they are known at a provider: their first sign-in there is bound to them."""
    roles: Annotated[dict[int, Role], Field(max_length=1000)] = {}
    """By team; 0 is the organisation."""
    invite: bool = True
    """Whether a link is wanted by which they set a password."""


class SessionView(msgspec.Struct, frozen=True):
    """One session, by nothing that opens it."""

    number: int
    """1 for the newest."""
    created_at: str
    seen_at: str
    expires_at: str
    own: bool
    """The one with which this is asked."""


def router(services: Services) -> APIRouter:
    """The routes."""
    made = fresh("users")
    database = services.database

    listed.add(
        made, services, "/users", Permission.USERS_READ, User, access.PERSON_FACETS, whole(_listed), "People by name."
    )

    @made.get("/users/{user}", responses=gives(User, "The person."))
    @needs(Permission.USERS_READ)
    def get_user(user: Number) -> Response:
        """One person."""
        with database.read() as connection:
            return item(users.get(connection, user))

    @made.post("/users", status_code=201, responses=gives(Link, "The person's id, and the link if one is wanted.", 201))
    @needs(Permission.USERS_WRITE)
    def create_user(request: Request, who: Who, body: NewUser) -> Response:
        """Make a person who can sign in by the link, or at the provider with the mail address."""
        user, link = administering.create_user(
            services,
            who,
            body.name,
            email=body.email,
            roles=body.roles,
            invite=body.invite,
            base=base_of(services, request),
        )
        return item(Link(user, link), 201)

    @made.post("/users/{user}/invitation", responses=gives(Link, "A link by which they set a password."))
    @needs(Permission.USERS_WRITE)
    def invite_user(request: Request, who: Who, user: Number) -> Response:
        """A link by which somebody sets their password, once, within three days."""
        return item(Link(user, administering.invite_user(services, who, user, base_of(services, request))))

    @made.post("/users/{user}/disable", responses=gives(User, "The person."))
    @needs(Permission.USERS_WRITE)
    def disable_user(who: Who, user: Number) -> Response:
        """Let somebody in no more, and end their sessions."""
        return item(administering.disable_user(services, who, user))

    @made.post("/users/{user}/enable", responses=gives(User, "The person."))
    @needs(Permission.USERS_WRITE)
    def enable_user(who: Who, user: Number) -> Response:
        """Let somebody in again."""
        return item(administering.enable_user(services, who, user))

    @made.get("/users/{user}/sessions", responses=lists(SessionView, "Sessions, the newest first."))
    @needs(Permission.USERS_READ)
    def list_sessions(who: Who, user: Number) -> Response:
        """Somebody's sessions."""
        with database.read() as connection:
            users.get(connection, user)
            found = sessions.of(connection, user, services.now())
        shown = [
            SessionView(number, each.created_at, each.seen_at, each.expires_at, each.id == who.session)
            for number, each in enumerate(found, 1)
        ]
        return items(shown, None)

    @made.delete("/users/{user}/sessions", responses=gives(Done, "They have ended."))
    @needs(Permission.USERS_WRITE)
    def end_sessions(who: Who, user: Number) -> Response:
        """End every session of somebody, but for the one with which this is asked."""
        administering.end_sessions(services, who, user)
        return item(Done())

    return made


def _listed(services: Services, filters: Filters, *, facets: bool = True) -> Listing[User]:
    found = access.people_of(services, filters, facets=facets)
    with services.database.read() as connection:
        held = users.of(connection, [each.id for each in found.rows])
    return Listing(held, found.cursor, found.facets, found.total, found.sort)


def base_of(services: Services, request: Request) -> str:
    """Where links begin."""
    return services.base or str(request.base_url).rstrip("/")
