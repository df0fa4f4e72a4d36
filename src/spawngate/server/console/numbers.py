"""Numbers as addresses and forms give them.

Must not be here: what they number.
"""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request

from spawngate.model.errors import UsageError


def number(text: str, digits: int = 9) -> int | None:
    """A number that somebody wrote; None for what is none, or longer than `digits`: by default those of a number that a
    column of integers holds in every database."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def number_of(request: Request) -> int:
    """The number in a path. Raises 404 for what is none."""
    found = number(request.path_params["number"])
    if found is None:
        raise HTTPException(404, "There is nothing of this number.")
    return found


def number_in(fields: Mapping[str, str], name: str, wrong: str = "", usual: int | None = None) -> int:
    """A number of a form. `wrong`: what is said where it is none; `usual`: what an empty field means, if it may be
    empty. Raises UsageError."""
    given = fields.get(name, "")
    found = usual if not given else number(given)
    if found is None:
        raise UsageError(wrong or f"`{name}` is a number")
    return found
