"""The values in the input of a tool, whatever its shape.

Must not be here: what a value means (`command.calls`, `command.mcp_effects`).
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from spawngate.model.json import Json

MOST = 20_000
"""Values that are visited, maps and lists among them. Of an input with more, the decoders of hooks say that they do not
understand it."""


def leaves(value: Json) -> Iterator[tuple[str, bool | int | float | str]]:
    """Every value that is no map, list or null, with the name of the field that holds it, in order.

    At any depth: what lies deep counts like what lies at the top. In time linear; raises nothing.
    """
    waiting: list[tuple[str, Json]] = [("", value)]
    seen = 0
    while waiting and seen < MOST:
        name, item = waiting.pop()
        seen += 1
        if isinstance(item, Mapping):
            waiting.extend(reversed([(str(key), below) for key, below in islice(item.items(), MOST)]))
        elif isinstance(item, Sequence) and not isinstance(item, str):
            waiting.extend((name, below) for below in reversed(item[:MOST]))
        elif item is not None:
            yield name, item
