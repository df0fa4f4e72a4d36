"""SHELL. Invitations: links by which people set their passwords, once, and for whom they still work.

Who invites sees the link. So it works as long as they may give what the person may do, and no longer: else whoever may
invite had the account of everybody who is made more later.
Must not be here: the form (`login`), words that work once (`fleet.one_time`), who may invite (`server.administering`).
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import cast
from urllib.parse import urlencode

from sqlalchemy import Connection

from spawngate.model.errors import UsageError
from spawngate.model.json import Json
from spawngate.server.access.holding import held_by
from spawngate.server.access.principal import NOBODY, Kind, Principal
from spawngate.server.administration import Voice
from spawngate.server.fleet import one_time, tokens, users

LASTS = timedelta(days=3)


def invitation_link(connection: Connection, services: Voice, user: int, base: str, by: Principal | None = None) -> str:
    """A link by which somebody sets their password, once. Earlier links of theirs end with it.

    `by`: who invites and sees the link; it works as long as they may give what the person may do. None: the operator
    of the server.
    """
    one_time.withdraw(connection, "invitation", user=user)
    detail: dict[str, Json] = {"user": user}
    if by is not None:
        detail |= {"by": by.user, "token": by.token}
    word = one_time.issue(connection, "invitation", detail, services.now(), LASTS)
    return f"{base}/invitation?{urlencode({'word': word})}"


def invited(connection: Connection, detail: object, now: str) -> users.User | None:
    """Whom an invitation is for, as long as they may sign in at all, and whoever invited them could still do so.

    Who invited knows the link: it must not open the account of somebody who became more than they are.
    """
    if not isinstance(detail, Mapping):
        return None
    try:
        user = users.get(connection, cast(int, detail.get("user")))
        by = _inviting(connection, detail, now)
    except UsageError:
        return None
    if user.disabled_at or not all(by is None or by.gives(role, team) for team, role in user.roles.items()):
        return None
    return user


def _inviting(connection: Connection, detail: Mapping[str, object], now: str) -> Principal | None:
    """Who invited, as they are now; None for the operator. Raises MissingError for one who is not there any more."""
    if isinstance(number := detail.get("token"), int):
        return held_by(connection, tokens.get(connection, number), now) or NOBODY
    if isinstance(number := detail.get("by"), int):
        person = users.get(connection, number)
        return Principal(person.name, Kind.USER, {} if person.disabled_at else person.roles)
    return None
