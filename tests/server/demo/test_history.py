"""The trail of the synthetic fleet: decided by the real decider, sealed as endpoints seal it."""

from datetime import UTC, datetime
from functools import partial

import msgspec

from spawngate.server.demo import history
from spawngate.server.demo.calls import CALLS
from spawngate.server.demo.catalogue import WITHOUT_HOOK
from spawngate.server.demo.world import machines
from spawngate.trail import chain
from spawngate.trail.event import Event

NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)


def test_calls_are_decided_as_policy_says() -> None:
    decided = history.decided_calls()
    assert set(decided) == {"monitor", "ask", "enforce"}
    verdicts = {mode: [each.decision.verdict for each in events if each.decision] for mode, events in decided.items()}
    assert all(len(each) == len(CALLS) for each in verdicts.values())
    assert set(verdicts["enforce"]) >= {"allow", "log", "ask", "deny"}
    assert "deny" in verdicts["monitor"]
    commands = [each.call.commands for each in decided["enforce"] if each.call]
    place = commands.index(("git status --short",))
    assert verdicts["enforce"][place] == "allow"
    dangerous = next(at for at, each in enumerate(commands) if each and "rm -rf ~" in each[0])
    assert verdicts["enforce"][dangerous] == "deny"
    assert verdicts["ask"][dangerous] in ("ask", "deny")


def test_records_are_chained_in_the_order_of_time() -> None:
    fleet = machines(8)
    happened = [*history.lives(fleet, NOW, 3), *history.calls(fleet, NOW, 3)]
    batches = list(history.entries(happened))
    entries = [each for batch in batches for each in batch]
    assert len(entries) == len(happened) > 50
    assert [each.received for each in entries] == sorted(each.received for each in entries)
    assert all(len({each.received[:10] for each in batch}) == 1 for batch in batches)
    for machine in fleet:
        lines = [each.record for each in entries if each.endpoint == machine.id]
        if not lines:
            continue
        verified = chain.verify(partial(list, lines))
        assert (verified.fault, verified.records) == (None, len(lines))
        for line in lines:
            event = msgspec.json.decode(line, type=Event)
            assert event.endpoint == machine.installation
            if event.type == "decision":
                assert event.actor.agent not in WITHOUT_HOOK
                assert event.actor.agent in {each.agent for each in machine.agents}
