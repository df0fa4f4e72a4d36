"""Cline's list is delivered by the organisation."""

import json

from spawngate.agents.lists.cline import LIST
from tests.agents.lists.servers import ALL


def test_list() -> None:
    made = LIST.compile(ALL)
    assert json.loads(made.text) == {"allowedMCPServers": [{"id": "docs"}, {"id": "files"}, {"id": "keyed"}]}
    assert (made.places, made.operations) == ((), ())
