"""The table of agents that have a list."""

import pytest

from spawngate.agents import AGENTS
from spawngate.agents.lists import LISTS
from tests.agents.lists.servers import ALL


def test_every_one_is_an_agent() -> None:
    assert set(LISTS) <= set(AGENTS)


@pytest.mark.parametrize("agent", LISTS)
def test_order_does_not_matter(agent: str) -> None:
    made = LISTS[agent].compile
    assert made(ALL) == made(tuple(reversed(ALL)))


@pytest.mark.parametrize("agent", LISTS)
def test_no_list_holds_a_secret(agent: str) -> None:
    assert "s3cr3t" not in repr(LISTS[agent].compile(ALL))


@pytest.mark.parametrize("agent", LISTS)
def test_a_list_is_enforced_from_a_file_or_delivered(agent: str) -> None:
    made = LISTS[agent].compile(ALL)
    assert bool(made.places) == bool(made.operations) != bool(made.text) == bool(made.delivery)
