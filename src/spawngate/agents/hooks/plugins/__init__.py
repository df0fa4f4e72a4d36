"""Plugins that we generate for agents which load code into themselves instead of running a command.

Belongs here: the templates (`client.js`, which every plugin begins with, and one per agent's interface) and their
rendering. A plugin starts our client once for each call, waits for it at most its own deadline, and turns every failure
into the answer that it was rendered with.
Must not be here: the dialect between plugin and client (`agents.hooks.plain`), and writing of files
(`endpoint.protect`).
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

PLUGINS: Mapping[str, tuple[str, ...]] = {
    "amp": ("client", "amp"),
    "openclaw": ("client", "openclaw"),
    "opencode": ("client", "opencode-server", "opencode"),
    "opencode-legacy": ("client", "opencode-server", "opencode-legacy"),
    "pi": ("client", "pi"),
}
"""By name, the templates that a plugin is made of."""

_SUFFIX = ".js"
_PLACEHOLDER = re.compile(r'"(__[A-Z]+__)"')


def render(name: str, argv: Sequence[str], *, closed: bool = True, deadline: float = 3.0) -> str:
    """A plugin's text.

    `argv` is what starts our client, the agent's id last; `closed` whether a failure refuses the call; `deadline`
    seconds for the client's answer. Raises KeyError for a name that is not in `PLUGINS`, ValueError for an empty
    `argv`.
    """
    if name not in PLUGINS:
        raise KeyError(name)
    if not argv:
        raise ValueError("a client has at least a program")
    values = {
        "__ARGV__": json.dumps(list(argv)),
        "__CLOSED__": json.dumps(closed),
        "__DEADLINE__": json.dumps(round(deadline * 1000)),
    }
    text = "".join(_template(part) for part in PLUGINS[name])
    return _PLACEHOLDER.sub(lambda match: values[match.group(1)], text)


@cache
def _template(name: str) -> str:
    return files(__name__).joinpath(f"{name}{_SUFFIX}").read_text(encoding="utf-8")
