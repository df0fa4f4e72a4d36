"""A decision's record as a question that can be asked again, for `policy.replay`.

Must not be here: reading a trail, asking.
"""

from collections.abc import Mapping

from spawngate.model.decision import Verdict
from spawngate.model.json import Json
from spawngate.policy.replay import Recorded, finding_of
from spawngate.trail.record import question_of


def recorded(event: Mapping[str, Json], endpoint: str = "") -> Recorded | None:
    """The question of a decision's record, what rules found then, and the verdict; None where it holds no question,
    or one that this release does not understand. `endpoint`: where it was asked."""
    question, decision = question_of(event), event.get("decision")
    if question is None or not isinstance(decision, Mapping):
        return None
    hits, errors = decision.get("hits", ()), decision.get("errors", ())
    if not isinstance(hits, list | tuple) or not isinstance(errors, list | tuple):
        return None
    try:
        findings = tuple(finding_of(hit) for hit in hits if isinstance(hit, Mapping))
        verdict = Verdict(str(decision["verdict"]))
    except (KeyError, TypeError, ValueError):
        return None
    return Recorded(question, findings, verdict, tuple(map(str, errors)), str(event.get("at", "")), endpoint)
