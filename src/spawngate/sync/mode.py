"""The mode of a roll-out, written into the settings of the policy that is rolled out.

A roll-out's mode is the most that happens: `monitor` beats what the settings say of single agents, `ask` has a person
asked where policy would refuse, and with `enforce` an agent that the settings leave in monitor mode stays there.
Must not be here: what the settings mean (`policy.settings`), which roll-out counts (`server.fleet.rollouts`).
"""

import json
import tomllib
from collections.abc import Mapping
from typing import Any, Literal

from spawngate.model.errors import UsageError
from spawngate.policy.settings import FILE

Mode = Literal["monitor", "ask", "enforce"]


def with_mode(files: Mapping[str, str], mode: Mode) -> dict[str, str]:
    """The files of a policy folder with the mode in its settings. Raises UsageError where these are no TOML."""
    try:
        table = tomllib.loads(files.get(FILE, ""))
    except (tomllib.TOMLDecodeError, RecursionError):
        raise UsageError(f"{FILE} is no TOML") from None
    table["mode"] = "monitor" if mode == "monitor" else "enforce"
    if mode == "monitor":
        table.pop("modes", None)
    if mode == "ask":
        table["refusals"] = "ask"
    else:
        table.pop("refusals", None)
    return {**files, FILE: written(table)}


def written(table: Mapping[str, Any], path: tuple[str, ...] = ()) -> str:
    """TOML of settings: texts, numbers, booleans, lists of these, and tables."""
    lines = [f"{_key(name)} = {_value(value)}\n" for name, value in table.items() if not isinstance(value, Mapping)]
    for name, value in table.items():
        if isinstance(value, Mapping):
            inner = (*path, name)
            lines.append(f"\n[{'.'.join(map(_key, inner))}]\n{written(value, inner)}")
    return "".join(lines)


def _key(name: str) -> str:
    bare = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return name if bare else _text(name)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return f"[{', '.join(_value(each) for each in value)}]"
    raise UsageError(f"{FILE} holds a value that no setting has")


def _text(value: str) -> str:
    """A basic string: JSON's escapes are TOML's, but for DEL, which TOML wants escaped."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
