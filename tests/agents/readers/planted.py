"""Random secrets planted in what a reader reads, and the check that none of them crosses.

Must not be here: the secrets themselves (`tests.redact.generators`).
"""

import msgspec

from spawngate.agents.document import Document, Reader, parse
from spawngate.redact.artifact import Crossing
from spawngate.redact.redactor import Redactor
from tests.redact.generators import survivors

CROSSING = Crossing(Redactor(b"planted" * 5), "endpoint")


def crossed(reader: Reader, document: Document) -> str:
    """Everything that leaves the process for one document: records, settings and notes, printed and as JSON."""
    parsed = parse(document, reader)
    assert not [note for note in parsed.diagnostics if note.reason == "internal"]
    artifacts = [CROSSING.artifact(observed, "/home/ana") for observed in parsed.observed]
    settings = [CROSSING.setting(setting) for setting in parsed.settings]
    notes = [CROSSING.diagnostic(note) for note in parsed.diagnostics]
    assert artifacts or settings, "nothing crossed, so nothing was tested"
    raw = repr([*parsed.observed, *parsed.settings])
    return repr([artifacts, settings, notes]) + msgspec.json.encode([artifacts, settings, notes]).decode() + raw


def leaks(reader: Reader, document: Document, secret: str) -> list[str]:
    """Pieces of the secret that are left in what crossed."""
    return survivors(secret, crossed(reader, document))
