"""SHELL. Saved searches: names for addresses of lists, of one person or of everybody.

Must not be here: what an address means (`views.filters`), who may share (`console.searches`).
"""

import msgspec
from sqlalchemy import delete, false, func, insert, or_, select, true

from spawngate.model.errors import UsageError
from spawngate.server.fleet.database import ConflictError, Database
from spawngate.server.fleet.tables import SEARCHES

MOST = 100
"""Searches that one person keeps of one page, and everybody together."""
LONGEST_NAME = 100
LONGEST_QUERY = 4_000
_S = SEARCHES.c


class Search(msgspec.Struct, frozen=True):
    """One saved search."""

    id: int
    page: str
    name: str
    query: str
    """What is behind the question mark of its address."""
    user: int | None
    """None: everybody's."""

    @property
    def shared(self) -> bool:
        """Whether everybody sees it."""
        return self.user is None


def of_page(database: Database, user: int | None, page: str) -> tuple[Search, ...]:
    """The searches of a page that a person sees, by name; of a principal without a person only everybody's."""
    return _found(database, user, page)


def of_user(database: Database, user: int | None) -> tuple[Search, ...]:
    """Every search that a person sees, by page and name."""
    return _found(database, user, "")


def save(database: Database, user: int | None, page: str, name: str, query: str) -> Search:
    """Keep a search. Raises UsageError for a name that is empty, taken or too long, or where there are too many."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise UsageError(f"a search needs a name of at most {LONGEST_NAME} characters")
    if len(query) > LONGEST_QUERY:
        raise UsageError("this search is too long to be saved")
    mine = _S.user.is_(None) if user is None else _S.user == user
    with database.begin() as connection:
        held = connection.execute(select(func.count()).where(mine, _S.page == page)).scalar_one()
        if held >= MOST:
            raise UsageError(f"there are {MOST} saved searches of this page: remove one first")
        # A unique key takes two empty users for different.
        taken = connection.execute(select(_S.id).where(mine, _S.page == page, _S.name == name)).first()
        if taken is not None:
            raise ConflictError("a search of this page has that name already")
        statement = insert(SEARCHES).values(user=user, page=page, name=name, query=query).returning(_S.id)
        number = connection.execute(statement).scalar_one()
    return Search(number, page, name, query, user)


def remove(database: Database, user: int | None, number: int, *, shared: bool) -> Search | None:
    """Take a search away: one's own, and with `shared` one of everybody's. None where there is none to take.

    `user`: None for a principal that is no person, who has none of their own.
    """
    mine = _S.user == user if user is not None else false()
    allowed = or_(mine, _S.user.is_(None)) if shared else mine
    with database.begin() as connection:
        found = connection.execute(select(SEARCHES).where(_S.id == number, allowed)).first()
        if found is None:
            return None
        connection.execute(delete(SEARCHES).where(_S.id == number))
    return Search(found.id, found.page, found.name, found.query, found.user)


def _found(database: Database, user: int | None, page: str) -> tuple[Search, ...]:
    seen = _S.user.is_(None) if user is None else or_(_S.user == user, _S.user.is_(None))
    statement = (
        select(SEARCHES)
        .where(seen, _S.page == page if page else true())
        .order_by(_S.page, func.lower(_S.name), _S.id)
        .limit(1000)
    )
    with database.read() as connection:
        return tuple(Search(row.id, row.page, row.name, row.query, row.user) for row in connection.execute(statement))
