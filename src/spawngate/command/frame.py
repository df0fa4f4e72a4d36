"""Where a walk stands: what led to this place, and what flows into it.

Belongs here: the values that `command.walk` and `command.builtins` hand on. Must not be here: what they do with them.
"""

from collections.abc import Mapping

from msgspec import Struct, field

from spawngate.command.scope import Value
from spawngate.command.spawn import Redirect, Word


class Input(Struct, frozen=True):
    """Standard input."""

    text: str | None = None
    """What it holds, where that is known."""
    spawns: tuple[int, ...] = ()
    """Who writes it."""


class Ran(Struct, frozen=True):
    """What commands gave."""

    text: str | None = None
    """Their output, where it is known."""
    writers: tuple[int, ...] = ()
    """Spawns that may have written it."""


NOTHING = Ran("")


class Command(Struct, frozen=True):
    """A simple command after expansion."""

    words: tuple[Word, ...]
    assignments: tuple[tuple[str, Word], ...] = ()
    redirects: tuple[Redirect, ...] = ()


class Frame(Struct, frozen=True):
    """What led to a place. Field by field as in `Spawn`."""

    via: str = ""
    wrappers: tuple[str, ...] = ()
    remote: str = ""
    container: str = ""
    user: str = ""
    background: bool = False
    repeated: bool = False
    appended: bool = False
    input: Input = Input()
    opaque: tuple[str, ...] = ()
    """What could not be known about the wrappers."""
    active: tuple[str, ...] = ()
    """Functions and aliases that are being followed."""
    replayed: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Expansions that an outer shell has made already, as written, and the spawns whose output they hold."""


def outputs(first: Ran, second: Ran) -> Ran:
    """One after the other."""
    text = None if first.text is None or second.text is None else first.text + second.text
    return Ran(text, first.writers + second.writers if second.writers else first.writers)


def as_value(word: Word) -> Value:
    """A word as what a variable holds."""
    return Value(word.text, word.opaque, word.glob, word.spawns)
