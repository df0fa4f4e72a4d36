"""What agents are given to run against the loopback model: written once, and led to a new port by the next run."""

from pathlib import Path

import pytest

from spawngate.agents import AGENTS
from spawngate.endpoint.rehearsal.headless import HEADLESS, Headless


def held(home: Path) -> dict[str, bytes]:
    return {str(path.relative_to(home)): path.read_bytes() for path in sorted(home.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("agent", HEADLESS, ids=lambda agent: agent.id)
def test_prepared_for_a_port_and_then_for_another(agent: Headless, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for home in (one, two):
        home.mkdir()
    agent.prepare(one, Path("/project"), 1111)
    agent.prepare(one, Path("/project"), 2222)
    agent.prepare(two, Path("/project"), 2222)
    assert held(one) == held(two)
    said = [*held(one).values(), *(value.encode() for value in agent.env(2222).values())]
    assert any(b"127.0.0.1:2222" in text for text in said)
    assert agent.id in AGENTS


@pytest.mark.parametrize("agent", HEADLESS, ids=lambda agent: agent.id)
def test_what_the_user_has_stays(agent: Headless, tmp_path: Path) -> None:
    agent.prepare(tmp_path, Path("/project"), 1111)
    for path in tmp_path.rglob("*.json"):
        path.write_text(path.read_text().replace("{", '{"mine": 1, ', 1))
        agent.prepare(tmp_path, Path("/project"), 2222)
        assert '"mine": 1' in path.read_text()


@pytest.mark.parametrize("agent", HEADLESS, ids=lambda agent: agent.id)
def test_call_holds_the_command(agent: Headless) -> None:
    name, given = agent.call("touch here")
    assert name == agent.shell
    assert "touch here" in str(given)
