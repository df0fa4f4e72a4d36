"""What two contents of an agent's file differ in, in few words."""

import json
from typing import Any

from spawngate.command.context import CallContext
from spawngate.configuration.change import Difference
from spawngate.configuration.difference import Surroundings, difference
from spawngate.configuration.files import Content
from spawngate.configuration.recognise import recognise

CONTEXT = CallContext(home="/home/dev", cwd="/p")
SETTINGS = "/home/dev/.claude/settings.json"


def of(path: str, before: Any, after: Any) -> tuple[Difference, ...]:
    def content(value: Any) -> Content:
        return json.dumps(value).encode() if isinstance(value, dict) else value

    found, reason = difference(
        content(before), content(after), recognise(path, CONTEXT), Surroundings(path, "/home/dev")
    )
    assert reason == ""
    return found


def told(path: str, before: Any, after: Any) -> list[tuple[str, ...]]:
    return [(one.facts.what, one.facts.change, one.facts.name, *one.facts.labels) for one in of(path, before, after)]
