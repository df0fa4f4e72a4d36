"""Records that our code wrote, held against the published schema wherever a test reads them back."""

from collections.abc import Mapping
from typing import Any

import jsonschema

from spawngate.report.trail import schema
from spawngate.trail.event import Event, EventType

_VALIDATOR = jsonschema.Draft202012Validator(schema())
_SUBJECTS = (EventType.POLICY_CHANGED, EventType.APPROVAL)
CHANNELS = {"hook", "inventory", "daemon", "client", "command", "launcher", "server", "code"}


def faults(record: Mapping[str, Any]) -> list[str]:
    """What is wrong with a record that this version wrote. Stricter than the schema, which lets newer ones pass."""
    found = [f"{error.json_path}: {error.message[:200]}" for error in _VALIDATOR.iter_errors(dict(record))]
    if record.get("type") not in set(EventType):
        found.append(f"type: {record.get('type')} is not in the list")
    if record.get("channel") not in CHANNELS:
        found.append(f"channel: {record.get('channel')!r}")
    if record.get("type") in _SUBJECTS and "subject" not in record:
        found.append("subject: is not there")
    return [*found, *(f"{name}: not in the schema" for name in record.keys() - {*Event.__struct_fields__, "hash"})]


def checked(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record, which must be as the schema says."""
    assert faults(record) == []
    return dict(record)
