"""Verdicts have an order: deny beats ask beats log beats allow."""

from spawngate.model.decision import Verdict


def test_order() -> None:
    assert sorted(Verdict, key=lambda verdict: verdict.rank) == [Verdict.ALLOW, Verdict.LOG, Verdict.ASK, Verdict.DENY]
