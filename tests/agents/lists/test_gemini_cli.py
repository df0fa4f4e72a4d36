"""Gemini's list stands in the machine-wide settings."""

from spawngate.agents.lists.gemini_cli import LIST
from spawngate.agents.lists.named import compiled
from tests.agents.lists.servers import ALL


def test_list() -> None:
    made = LIST.compile(ALL)
    assert made == compiled(ALL, made.places)
    assert [place.template for place in made.places if "linux" in place.on] == ["/etc/gemini-cli/settings.json"]
