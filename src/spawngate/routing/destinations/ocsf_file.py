"""OCSF 1.8 as NDJSON in a file on the server's machine, for a forwarder that reads files. The file is rotated by size.

Must not be here: the documents (`trail.mappings.ocsf`), writing (`server.deliver`).
"""

from collections.abc import Mapping

import msgspec

from spawngate.routing.destination import (
    Answer,
    Batch,
    Context,
    Destination,
    Done,
    Exchange,
    Failed,
    FileLines,
    Outcome,
    failed,
)
from spawngate.routing.stream import StreamSettings, source
from spawngate.trail.mappings.ocsf import ocsf


class OcsfFileSettings(StreamSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file."""

    path: str
    """Absolute."""
    rotate_bytes: int = 100 << 20
    """The file is renamed before it grows beyond; 0: never."""
    keep: int = 10
    """Renamed files that stay; 0: all."""

    def problems(self) -> Mapping[str, str]:
        """Wrong settings by name."""
        found = dict(super().problems())
        if not self.path.startswith("/") or "\0" in self.path or self.path.endswith("/"):
            found["path"] = "must be the absolute path of a file"
        if self.rotate_bytes and not self.rotate_bytes >= 4096:
            found["rotate_bytes"] = "must be 0 or at least 4096"
        if self.keep < 0:
            found["keep"] = "must not be negative"
        return found


def exchange(settings: OcsfFileSettings, batch: Batch, context: Context) -> Exchange:
    """Append one line for every event."""
    lines = tuple(msgspec.json.encode(ocsf(source(item))) + b"\n" for item in batch.items)
    answer = yield FileLines(settings.path, lines, settings.rotate_bytes, settings.keep)
    return read(answer)


def read(answer: Answer) -> Outcome:
    """What became of the lines."""
    if isinstance(answer, Failed):
        return failed(answer)
    return Outcome("delivered") if isinstance(answer, Done) else Outcome("retry", "no answer", blame="destination")


DESTINATION = Destination("ocsf-file", "stream", OcsfFileSettings, exchange, "OCSF as NDJSON in a file")
