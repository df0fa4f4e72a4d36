"""Single changes as they happen, for `scan --watch`: a JSON object a line, or lines for people.

Must not be here: whole inventories (`report.json`, `report.table`).
"""

import msgspec

from spawngate.model.json import Json
from spawngate.model.snapshot import SCHEMA_VERSION, Change
from spawngate.report.terminal import escape

_SIGNS = {"added": "+", "changed": "~", "removed": "-"}


def render_change_json(change: Change, at: str) -> bytes:
    """One line: `{schema_version, at, change, artifact, differences}`, ended by a newline."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "at": at,
        "change": change.change,
        "artifact": change.artifact,
        "differences": change.differences,
    }
    return msgspec.json.encode(document) + b"\n"


def render_change_text(change: Change, at: str) -> str:
    """A line for the change and one for each field that differs; every control character escaped."""
    artifact = change.artifact
    who = f" ({artifact.agent})" if artifact.agent else ""
    head = f"{at} {_SIGNS[change.change]} {artifact.kind.value} {artifact.name}{who} in {artifact.path}"
    lines = [escape(head)]
    lines += [escape(f"    {item.path}: {_plain(item.old)} -> {_plain(item.new)}") for item in change.differences]
    return "\n".join(lines) + "\n"


def _plain(value: Json) -> str:
    if value is None:
        return "(none)"
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
