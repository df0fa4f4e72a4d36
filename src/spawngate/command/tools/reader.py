"""What reads one program's arguments, and tables of them.

Must not be here: any program's grammar.
"""

from collections.abc import Callable

from spawngate.command.scene import Scene

Reader = Callable[[Scene], None]
"""Takes one spawn and says to its scene what the program would do. Raises nothing."""


def readers(*groups: tuple[str, Reader]) -> dict[str, Reader]:
    """One row a program from groups of names; a name stands in one group only."""
    found: dict[str, Reader] = {}
    for names, reader in groups:
        for name in names.split():
            found.setdefault(name, reader)
    return found
