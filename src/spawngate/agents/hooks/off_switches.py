"""Which switches that stop an agent's hooks are set: in a document that somebody else parsed, in an environment.

Belongs here: finding. Must not be here: which switches there are (`agents.hooks.off_switch_table`), opening files,
and what is made of a switch that is set (`rules`, `status`).
"""

import fnmatch
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from spawngate.agents.hooks.off_switch_table import SWITCHES, VARIABLES, OffSwitch, Test, Variable
from spawngate.agents.hooks.registration import Pointer, is_ours
from spawngate.model.artifact import Scope
from spawngate.model.json import Json

__all__ = [
    "SWITCHES",
    "VARIABLES",
    "Found",
    "OffSwitch",
    "Test",
    "Variable",
    "set_in",
    "switches_at",
    "switches_of",
    "variables_set",
]

OUR_NAMES = ("spawngate",)
"""Names under which our hooks are registered where an agent gives hooks names."""


@dataclass(frozen=True, slots=True)
class Found:
    """A switch that is set."""

    switch: OffSwitch
    pointer: Pointer
    """Where exactly, without `*`."""


_LOADS_CODE = re.compile(
    r"LD_(?:PRELOAD|LIBRARY_PATH|AUDIT)|DYLD_\w+|PATH|NODE_OPTIONS|NODE_PATH|PYTHON(?:PATH|HOME|STARTUP|USERBASE)|"
    r"BASH_ENV|ENV|ZDOTDIR|SHELLOPTS|BASH_FUNC_.*|GCONV_PATH|GLIBC_TUNABLES|PERL5(?:OPT|LIB)|RUBYOPT|COMSPEC|PATHEXT"
)
_NO = frozenset({"", "0", "false", "no", "off"})


def switches_of(agent: str) -> tuple[OffSwitch, ...]:
    """The switches of one agent that stand in files."""
    return tuple(item for item in SWITCHES if item.agent == agent)


def switches_at(path: str, scope: Scope | None = None) -> tuple[OffSwitch, ...]:
    """Switches that a file at that path may hold, of any agent. Separators of both kinds, any home and any project.

    `scope` keeps those that the file can hold as one of that scope.
    """
    clean = path.replace("\\", "/").lower()
    found = [
        item
        for item in SWITCHES
        for template, own in item.files
        if (scope is None or own is scope) and _pattern(template).fullmatch(clean)
    ]
    return tuple(dict.fromkeys(found))


def set_in(switches: Iterable[OffSwitch], document: Json) -> tuple[Found, ...]:
    """Which of the switches a parsed document sets. A `.env` file is the map of its variables."""
    return tuple(
        Found(switch, pointer)
        for switch in switches
        for pointer, value in _values(document, switch.pointer, ())
        if _holds(switch.test, value)
    )


def variables_set(environment: Mapping[str, str], agent: str | None = None) -> tuple[Variable, ...]:
    """Which variables of an environment take hooks away, of one agent or of all."""
    return tuple(
        item
        for item in VARIABLES
        if (agent is None or item.agent == agent)
        and item.name in environment
        and _holds(item.test, environment[item.name])
    )


def _values(value: Json, pointer: Pointer, at: Pointer) -> Iterator[tuple[Pointer, Json]]:
    if not pointer:
        yield at, value
        return
    key, rest = pointer[0], pointer[1:]
    if isinstance(value, Mapping):
        for name in list(value) if key == "*" else [key]:
            if name in value:
                yield from _values(value[name], rest, (*at, name))
        # Editors write `a.b` as one key or as a map in a map.
        first, dot, last = key.partition(".")
        if dot and key not in value:
            yield from _values(value, (first, last, *rest), at)
    elif key == "*" and isinstance(value, Sequence) and not isinstance(value, str):
        for index, item in enumerate(value):
            yield from _values(item, rest, (*at, str(index)))


def _holds(test: Test, value: Json) -> bool:
    text = value.strip().lower() if isinstance(value, str) else None
    if test is Test.TRUE:
        return value is True or text in ("true", "1", "yes", "on")
    if test is Test.FALSE:
        return value is False or (text is not None and text in _NO and text != "")
    if test is Test.PRESENT:
        return value not in (None, False, 0) and text not in _NO
    if test is Test.NAMES_US:
        return _names_us(value)
    if test is Test.LOADS_CODE:
        return isinstance(value, Mapping) and any(
            _LOADS_CODE.fullmatch(name) and _holds(Test.PRESENT, item) for name, item in value.items()
        )
    return value not in (None, {}, [], "")


def _names_us(value: Json) -> bool:
    if isinstance(value, str):
        # `protect` ends our names with a token of the installation.
        name = value.strip().lower()
        return name in OUR_NAMES or name.startswith(tuple(f"{ours}-" for ours in OUR_NAMES)) or is_ours(value)
    if isinstance(value, Mapping):
        return any(_names_us(name) and item is not True for name, item in value.items())
    return isinstance(value, Sequence) and any(_names_us(item) for item in value)


@cache
def _pattern(template: str) -> re.Pattern[str]:
    lower = template.lower()
    for prefix in ("~/", "{project}/", "{vscode_user}/"):
        if lower.startswith(prefix):
            tail = fnmatch.translate(lower[len(prefix) :]).replace(".*", "[^/]*")
            before = r"(?:.*/)?" if prefix != "{vscode_user}/" else r".*/user/(?:profiles/[^/]+/)?"
            return re.compile(before + tail)
    tail = lower.partition("%/")[2] if lower.startswith("%") else ""
    body = fnmatch.translate(tail or lower).replace(".*", "[^/]*")
    return re.compile(f"(?:.*/)?{body}" if tail else body)
