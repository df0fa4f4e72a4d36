"""SHELL. What the worker has come to and not stored yet: written in one commit, and again where that fails.

A delivery came to four commits of its own before; a backlog of thousands waited for the disk, and not for those who
receive. Nothing that has an effect outside may happen before what it follows from is written.
Must not be here: what is decided (`worker`).
"""

from spawngate.server.store.port import ControlStore, Delivery, Item, Kind


class Unwritten:
    """Changes of control data in the order in which they were made. For one thread."""

    def __init__(self, control: ControlStore) -> None:
        self._control = control
        self._items: dict[tuple[Kind, str], Item | None] = {}
        self._deliveries: list[Delivery] = []

    def put(self, *items: Item) -> None:
        """Write these, over what has their names."""
        for item in items:
            self._items[item.kind, item.name] = item

    def remove(self, kind: Kind, name: str) -> None:
        """Delete one."""
        self._items[kind, name] = None

    def delivered(self, delivery: Delivery) -> None:
        """Note an attempt."""
        self._deliveries.append(delivery)

    def write(self) -> None:
        """Store all of it, or nothing. Raises StoreError: then it waits on."""
        if not self._items and not self._deliveries:
            return
        self._control.change(
            put=[item for item in self._items.values() if item is not None],
            remove=[name for name, item in self._items.items() if item is None],
            delivered=self._deliveries,
        )
        self._items, self._deliveries = {}, []
