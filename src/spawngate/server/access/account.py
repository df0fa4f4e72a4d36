"""SHELL. The own account: another password, other sessions ended, another session where somebody's own role changed.

The old password is asked for, so that who finds a browser open, or has stolen a session, takes nothing over; wrong ones
are counted and recorded. Behind a new password and a new role no session is the one of before (session fixation:
OWASP ASVS 5.0, 7.2.4 and 7.4.3).
Must not be here: HTTP forms (`console.account`, `management.account`), others' accounts (`server.administering`).
"""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from spawngate.model.errors import UsageError
from spawngate.server.access import cookies, passwords
from spawngate.server.access.guard import Forbidden, principal_of
from spawngate.server.access.limits import OWN_PASSWORD, Limit
from spawngate.server.access.principal import Kind, Principal
from spawngate.server.administration import recorded
from spawngate.server.fleet import one_time, sessions, users
from spawngate.server.fleet.database import ConflictError
from spawngate.server.services import Services

_tries = Limit(OWN_PASSWORD)
"""Of this process, by database and person."""


def change_password(services: Services, who: Principal, old: str, new: str) -> str:
    """Give oneself another password, and end every session of one's own; the word of a new one for who asks.

    Raises Forbidden where the old one is wrong, UsageError for a new one that is none, ConflictError for who has none,
    HTTPException (429) for who tries too often.
    """
    if who.user is None or who.kind is not Kind.USER:
        raise Forbidden("Only a person who has signed in has a password.")
    key = (id(services.database), who.user)
    if wait := _tries.take(key):
        raise HTTPException(429, "Too many attempts. Try again later.", {"retry-after": str(int(wait) + 1)})
    with services.database.read() as connection:
        held = users.hash_of(connection, who.user)
    if not held:
        raise ConflictError("you sign in at a provider: the password is changed there")
    if not passwords.fits(held, old):
        recorded(services, who, kind="user", id=who.user, name=who.name, action="password-refused")
        raise Forbidden("The old password is wrong.")
    if new == old:
        raise UsageError("the new password is the old one")
    fresh = passwords.hashed(new)
    with services.database.begin() as connection:
        still = any(each.id == who.session for each in sessions.of(connection, who.user, services.now()))
        if not still or users.hash_of(connection, who.user) != held:
            raise Forbidden("You were signed out meanwhile. Sign in again.")
        recorded(services, who, kind="user", id=who.user, name=who.name, action="password-changed")
        users.set_password(connection, who.user, fresh)
        one_time.withdraw(connection, "invitation", user=who.user)
        word = sessions.begin(connection, who.user, services.now())
    _tries.forget(key)
    return word


def signed_in_by(services: Services, response: Response, word: str) -> Response:
    """The response, with the cookie of another session."""
    cookies.put(response, cookies.SESSION, word, services.base.startswith("https:"))
    return response


def renewed(services: Services, request: Request, response: Response, user: int) -> Response:
    """The response; where the role that was changed is the own one, with another word for the session."""
    who = principal_of(request)
    if who.user != user or not who.session:
        return response
    with services.database.begin() as connection:
        word = sessions.renew(connection, who.session)
    return signed_in_by(services, response, word) if word else response
