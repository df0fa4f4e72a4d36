"""One call is decided once: a bounded memory of the last answers by the keys of their calls.

Belongs here: the memory, with time as an argument. Must not be here: what the keys are (`agents.hooks.caller`),
clocks, and what is remembered.
"""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Generic, TypeVar

from spawngate.agents.hooks.caller import WINDOW

Value = TypeVar("Value")


class Once(Generic[Value]):
    """Values by key, kept for `window` seconds and at most `most` of them, the oldest forgotten first."""

    def __init__(self, window: float = WINDOW, most: int = 1_024) -> None:
        self._window = window
        self._most = most
        self._held: OrderedDict[str, tuple[float, Value]] = OrderedDict()

    def find(self, now: float, keys: Iterable[str]) -> Value | None:
        """The value of the first key that is held and not too old. `now`: seconds of any steady clock."""
        for key in keys:
            held = self._held.get(key)
            if held is not None and 0 <= now - held[0] <= self._window:
                return held[1]
        return None

    def keep(self, now: float, keys: Iterable[str], value: Value) -> None:
        """Hold the value under every key."""
        for key in keys:
            self._held.pop(key, None)
            self._held[key] = (now, value)
        while self._held and (len(self._held) > self._most or now - next(iter(self._held.values()))[0] > self._window):
            self._held.popitem(last=False)

    def __len__(self) -> int:
        return len(self._held)
