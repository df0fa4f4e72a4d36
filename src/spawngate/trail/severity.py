"""How bad it is that something happened: one answer for routes, for every format of a SIEM, and for the console.

Must not be here: names and numbers that a format has for it (`trail.mappings`), what a route does with it.
"""

from collections.abc import Mapping

from spawngate.model.finding import Severity
from spawngate.trail.event import EventType

_BY_VERDICT = {"deny": Severity.MEDIUM, "ask": Severity.LOW}
"""Of decisions without a finding: refused because it was not approved, for example."""
_BY_TYPE: Mapping[str, Severity] = {
    EventType.FINDING_OPENED: Severity.MEDIUM,
    EventType.SELF_PROTECTION: Severity.HIGH,
    EventType.POLICY_REFUSED: Severity.HIGH,
    EventType.POLICY_CHANGED: Severity.LOW,
    EventType.APPROVAL: Severity.LOW,
    EventType.TOOLS: Severity.MEDIUM,
    EventType.CONFIGURATION: Severity.MEDIUM,
    EventType.FALLBACK: Severity.MEDIUM,
    EventType.UNWRITTEN: Severity.HIGH,
    EventType.REFUSED: Severity.LOW,
    EventType.FAULT: Severity.MEDIUM,
    EventType.RECOVERED: Severity.MEDIUM,
    EventType.ADMINISTRATION: Severity.LOW,
}
_BY_DELIVERY: Mapping[str, Severity] = {
    "dead": Severity.HIGH,
    "dropped": Severity.HIGH,
    "refused": Severity.MEDIUM,
    "paused": Severity.MEDIUM,
    "retry": Severity.LOW,
}
_OUR_OWN_DOING = ("installed", "withdrawn", "restored")
_LEVELS: Mapping[str, Severity] = {level.value: level for level in Severity}


def severity_of(
    type_: str, *, said: str = "", verdict: str = "", delivery: str = "", what: str = "", is_decision: bool = False
) -> Severity:
    """The severity of an event.

    `said`: what its decision or, for one that was opened, its finding says itself; a word that is none counts as
    nothing. `verdict` of a decision that it holds, `delivery`: state of its delivery, `what`: `detail.what` of a
    self-protection event. `is_decision`: it holds a decision, of whatever type it is.
    """
    if type_ == EventType.SELF_PROTECTION:
        return Severity.LOW if what in _OUR_OWN_DOING else Severity.HIGH
    if type_ == EventType.DELIVERY:
        return _BY_DELIVERY.get(delivery, Severity.INFO)
    if is_decision:
        return _LEVELS.get(said) or _BY_VERDICT.get(verdict, Severity.INFO)
    found = _LEVELS.get(said) if type_ == EventType.FINDING_OPENED else None
    return found or _BY_TYPE.get(type_, Severity.INFO)
