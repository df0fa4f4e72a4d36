"""How bad an advisory is."""

import pytest

from spawngate.advisories.model import Advisory, Score, severity_of
from spawngate.model.finding import Severity

TIME = "2026-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("score", "severity"),
    [(10.0, "critical"), (9.0, "critical"), (8.9, "high"), (7.0, "high"), (4.0, "medium"), (0.1, "low"), (0.0, "info")],
)
def test_rating_scale(score: float, severity: str) -> None:
    assert severity_of(score) is Severity(severity)


def test_the_highest_of_several_scores_counts() -> None:
    scores = (Score(4.6, "vendor", "CVSS_V4"), Score(9.8, "NVD", "CVSS_V3"))
    assert Advisory("X-1", TIME, scores=scores).severity is Severity.CRITICAL


def test_malware_is_critical_and_nothing_is_made_up() -> None:
    assert Advisory("X-1", TIME, malicious=True).severity is Severity.CRITICAL
    assert Advisory("X-1", TIME).severity is None
    assert Advisory("X-1", TIME, severity_word="MODERATE").severity is Severity.MEDIUM
    assert Advisory("X-1", TIME, severity_word="odd").severity is None
