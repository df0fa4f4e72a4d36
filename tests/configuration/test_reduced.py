"""What remains of a call's facts where its outcome is known, and where it is not."""

from spawngate.configuration.reduced import reduced_call, reduced_spawn, reduced_spawns
from tests.configuration.called import outcome, shell


def test_nothing_is_reduced_where_something_is_unknown() -> None:
    call = shell("echo '{}' > .mcp.json; curl -s https://a.example > ~/.claude/settings.json")
    found, understood, context = outcome(call)
    assert not found.complete
    assert reduced_spawns(understood, found, context) == understood.spawns
    assert reduced_call(understood.call, found, context) == understood.call


def test_another_place_of_an_agent_stays() -> None:
    """What the same spawn writes besides, and no reader knows, is still judged by its place."""
    call = shell("echo '{}' | tee .mcp.json ~/.claude/unknown.bin")
    found, understood, context = outcome(call)
    tee = understood.spawns[1]
    assert found.complete
    assert reduced_spawn(tee, found, context) == tee
