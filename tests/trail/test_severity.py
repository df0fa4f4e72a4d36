"""One severity for every reader of an event."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.model.finding import Severity
from spawngate.routing import facts
from spawngate.trail.event import SCHEMA_VERSION, DecisionRecord, DeliveryRecord, Event, EventType, FindingRecord
from spawngate.trail.mappings import source
from spawngate.trail.severity import severity_of

_WORDS = st.sampled_from(["", "info", "low", "medium", "high", "critical", "purple"])
_VERDICTS = st.sampled_from(["allow", "deny", "ask", "log", ""])
_STATES = st.sampled_from(["delivered", "dead", "dropped", "refused", "paused", "retry", "?"])


@pytest.mark.parametrize(
    ("event", "severity"),
    [
        (("decision", "high", "deny"), Severity.HIGH),
        (("decision", "", "deny"), Severity.MEDIUM),
        (("decision", "", "ask"), Severity.LOW),
        (("decision", "", "allow"), Severity.INFO),
        (("decision", "purple", "deny"), Severity.MEDIUM),
        (("launch", "", "deny"), Severity.MEDIUM),
    ],
)
def test_decisions(event: tuple[str, str, str], severity: Severity) -> None:
    assert severity_of(event[0], said=event[1], verdict=event[2], is_decision=True) is severity


def test_others() -> None:
    assert severity_of("finding-opened", said="critical") is Severity.CRITICAL
    assert severity_of("finding-opened") is Severity.MEDIUM
    assert severity_of("finding-closed", said="critical") is Severity.INFO
    assert severity_of("delivery", delivery="dead") is Severity.HIGH
    assert severity_of("delivery", delivery="delivered") is Severity.INFO
    assert severity_of("self-protection", what="hook-removed") is Severity.HIGH
    assert severity_of("self-protection", what="installed") is Severity.LOW
    assert severity_of("unwritten") is Severity.HIGH
    assert severity_of("of a later version") is Severity.INFO


@given(
    st.sampled_from([*EventType, "later"]),
    st.none() | st.builds(DecisionRecord, verdict=_VERDICTS, mode=st.just("enforce"), severity=_WORDS),
    st.none() | st.builds(FindingRecord, rule=st.just("r"), severity=_WORDS, confidence=st.just("high")),
    st.none() | _STATES,
    st.sampled_from(["", "installed", "hook-removed"]),
)
def test_a_route_and_a_siem_see_the_same(
    type_: str, decision: DecisionRecord | None, finding: FindingRecord | None, state: str | None, what: str
) -> None:
    event = Event(
        type=type_,
        at="2026-11-21T10:00:00.000000Z",
        schema_version=SCHEMA_VERSION,
        decision=decision,
        finding=finding,
        delivery=None if state is None else DeliveryRecord("r", "d", "slack", state),
        detail={"what": what},
    )
    record = msgspec.json.decode(msgspec.json.encode(event))
    if type_ == EventType.FINDING_CLOSED:
        opened = {**record, "type": EventType.FINDING_OPENED}
        assert facts.severity(record) == facts.severity(opened)
    else:
        assert facts.severity(record) == source.severity(source.read(msgspec.json.encode(event)).event).value
