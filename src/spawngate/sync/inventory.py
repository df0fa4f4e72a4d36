"""What of an inventory lasts: by it both sides know whether the server has the endpoint's newest.

Must not be here: the document itself (`report.json`), what a server keeps of it (`server.fleet.inventory`).
"""

import hashlib
from collections.abc import Mapping

import msgspec

from spawngate.model.json import Json

_COMPARED = ("findings", "advisories", "homes", "platform", "host")
_ANY = msgspec.json.Decoder()


class InventoryError(Exception):
    """The document is no inventory. The message holds nothing of it."""


def digest(document: bytes) -> str:
    """What an inventory says, as one value: without when it was taken, how long that took, and what runs just now.

    Raises InventoryError.
    """
    try:
        value = _ANY.decode(document)
        parts = [[lasting(each) for each in value["artifacts"]], *(value.get(name) for name in _COMPARED)]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError, TypeError, KeyError, AttributeError):
        raise InventoryError("this is no inventory") from None
    return hashlib.sha256(msgspec.json.encode(parts, order="sorted")).hexdigest()


def lasting(artifact: Mapping[str, Json]) -> Mapping[str, Json]:
    """An artifact without what runs of it just now."""
    detail = artifact.get("detail")
    if not isinstance(detail, Mapping) or "running" not in detail:
        return artifact
    return {**artifact, "detail": {key: value for key, value in detail.items() if key != "running"}}
