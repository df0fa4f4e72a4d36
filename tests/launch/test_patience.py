"""Every agent has time for a probe, and the probe fits into what the agent waits."""

import pytest

from spawngate.agents import AGENTS
from spawngate.launch.patience import LONGEST, SECONDS, SHORTEST, USUAL, probe_seconds, stated_seconds


def test_agents_are_agents() -> None:
    assert set(SECONDS) <= set(AGENTS)


@pytest.mark.parametrize(
    ("agent", "stated", "seconds"),
    [
        ("codex-cli", 0, 2.0),
        ("codex-cli", 20, 12.0),
        ("opencode", 0, 18.0),
        ("gemini-cli", 0, 60.0),
        ("nobody", 0, 18.0),
        ("nobody", 0.1, 2.0),
        ("nobody", -5, 18.0),
        ("nobody", 1e9, 60.0),
    ],
)
def test_seconds(agent: str, stated: float, seconds: float) -> None:
    assert probe_seconds(agent, stated) == seconds


@pytest.mark.parametrize(
    ("entry", "seconds"),
    [
        ({}, 0),
        ({"timeout": 5}, 0),
        ({"startup_timeout_sec": 20}, 20),
        ({"startup_timeout_ms": 2500}, 2.5),
        ({"connectionTimeout": 3000.0}, 3),
        ({"startup_timeout_sec": True}, 0),
        ({"startup_timeout_sec": -1}, 0),
        ({"startup_timeout_sec": "x"}, 0),
        ({"startup_timeout_sec": float("nan")}, 0),
    ],
)
def test_what_an_entry_states(entry: dict[str, object], seconds: float) -> None:
    assert stated_seconds(entry) == seconds


@pytest.mark.parametrize("agent", [*AGENTS, ""])
def test_fits(agent: str) -> None:
    waits = SECONDS.get(agent, USUAL)
    assert SHORTEST <= probe_seconds(agent) <= LONGEST
    assert probe_seconds(agent) < waits or waits <= SHORTEST
