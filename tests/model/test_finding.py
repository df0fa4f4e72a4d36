"""Severities have an order."""

from spawngate.model.finding import Severity


def test_order() -> None:
    assert [severity.value for severity in sorted(Severity, key=lambda severity: severity.rank)] == [
        "info",
        "low",
        "medium",
        "high",
        "critical",
    ]
