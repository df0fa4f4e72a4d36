"""Qwen's list stands in the machine-wide settings."""

from spawngate.agents.lists.named import compiled
from spawngate.agents.lists.qwen_code import LIST
from tests.agents.lists.servers import ALL


def test_list() -> None:
    made = LIST.compile(ALL)
    assert made == compiled(ALL, made.places)
    assert [place.template for place in made.places if "linux" in place.on] == ["/etc/qwen-code/settings.json"]
