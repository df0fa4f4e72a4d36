"""SHELL. Dead letters of streams in the control store: events that a destination did not take.

Must not be here: when an event becomes one, and sending it again (`streams`).
"""

import hashlib
from collections.abc import Sequence

import msgspec

from spawngate.server.store.port import ControlStore, Item, Key

_PAGE = 1000


class Refused(msgspec.Struct, frozen=True, omit_defaults=True):
    """A dead letter of a stream: an event that its destination did not take."""

    route: str
    destination: str
    key: Key
    reason: str
    died: float
    replay: bool = False
    """Somebody wants it sent once more."""


def dead_letters(control: ControlStore, route: str = "") -> dict[str, Refused]:
    """Dead letters of streams by their names in the control store, of one route or of all."""
    found: dict[str, Refused] = {}
    after = f"stream/{route}/" if route else "stream/"
    prefix = after
    while True:
        page = control.items("dead-letter", after=after, limit=_PAGE)
        for item in page:
            if not item.name.startswith(prefix):
                return found
            if item.altered:
                continue  # it stays, as evidence; `audit verify` names it
            try:
                found[item.name] = msgspec.json.decode(item.value, type=Refused)
            except msgspec.DecodeError:
                continue  # of another version; it stays
        if len(page) < _PAGE:
            return found
        after = page[-1].name


def replay(control: ControlStore, names: Sequence[str]) -> int:
    """Ask for dead letters to be sent once more; how many there were."""
    wanted = set(names)
    letters = {name: letter for name, letter in dead_letters(control).items() if name in wanted}
    items = [
        Item("dead-letter", name, msgspec.json.encode(msgspec.structs.replace(letter, replay=True)))
        for name, letter in letters.items()
    ]
    if items:
        control.put(*items)
    return len(items)


def letter_name(route: str, key: Key) -> str:
    """Name of an event's dead letter; the same however often it is refused."""
    told = "\0".join((key[0], key[1], str(key[2])))
    return f"stream/{route}/{hashlib.sha256(told.encode('utf-8', 'replace')).hexdigest()[:32]}"
