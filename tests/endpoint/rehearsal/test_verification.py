"""The document of `spawngate verify` and its schema agree."""

import jsonschema
import msgspec

from spawngate.endpoint.protect.trial import Trial
from spawngate.endpoint.rehearsal.rehearse import Rehearsal
from spawngate.endpoint.rehearsal.verification import SCHEMA_VERSION, Verification, schema


def test_document_fits_its_schema() -> None:
    trial = Trial("claude-code", "/f", ["x"], "exec", "refuses", "goes on", 3, True, True, [])
    rehearsal = Rehearsal("claude-code", "/bin/claude", "stopped", "ran", "none", 9, True, [])
    document = msgspec.to_builtins(Verification(SCHEMA_VERSION, [trial], ["cursor"], [rehearsal]))
    jsonschema.validate(document, schema())
    assert document["rehearsals"][0]["denied"] == "stopped"
