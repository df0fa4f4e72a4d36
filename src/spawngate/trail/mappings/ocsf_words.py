"""Numbers and captions of OCSF 1.8 for what Spawngate says: classes, activities, verdicts, severities.

Source: github.com/ocsf/ocsf-schema at tag 1.8.0. tests/trail/mappings checks each against the schema.
Must not be here: documents (`trail.mappings.ocsf`).
"""

import re
from collections.abc import Sequence

from spawngate.model.finding import Severity
from spawngate.model.json import Json
from spawngate.trail.event import Event, EventType

BASE, PROCESS, FINDING, ENTITY, LIFECYCLE, API, ERROR = 0, 1007, 2004, 3004, 6002, 6003, 6008
_ENTITY = {0: "Unknown", 1: "Create", 3: "Update", 4: "Delete", 8: "Enable", 9: "Disable", 99: "Other"}
CLASSES: dict[int, tuple[str, int, str, dict[int, str]]] = {
    BASE: ("Base Event", 0, "Uncategorized", {0: "Unknown", 99: "Other"}),
    PROCESS: ("Process Activity", 1, "System Activity", {1: "Launch", 2: "Terminate"}),
    FINDING: ("Detection Finding", 2, "Findings", {1: "Create", 3: "Close"}),
    ENTITY: ("Entity Management", 3, "Identity & Access Management", _ENTITY),
    LIFECYCLE: ("Application Lifecycle", 6, "Application Activity", {3: "Start", 4: "Stop"}),
    API: ("API Activity", 6, "Application Activity", {2: "Read", 3: "Update", 99: "Other"}),
    ERROR: ("Application Error", 6, "Application Activity", {1: "General Error", 2: "Translation Error"}),
}
"""Number to caption, number and caption of the category, and the activities that are used."""
SEVERITIES = {
    Severity.INFO: 1,
    Severity.LOW: 2,
    Severity.MEDIUM: 3,
    Severity.HIGH: 4,
    Severity.CRITICAL: 5,
}
CONFIDENCES = {"low": 1, "medium": 2, "high": 3}
STATUS = {"unknown": (0, "Unknown"), "success": (1, "Success"), "failure": (2, "Failure")}
API_ACTIVITIES = {"read": 2, "search": 2, "fetch": 2, "write": 3}
ENTITY_ACTIVITIES = {
    "added": 1,
    "created": 1,
    "changed": 3,
    "altered": 3,
    "bound": 3,
    "removed": 4,
    "approved": 8,
    "revoked": 9,
}
_ACTION = {0: "Unknown", 1: "Allowed", 2: "Denied", 3: "Observed"}
_DISPOSITION = {1: "Allowed", 2: "Blocked", 17: "Logged", 19: "Alert", 23: "Challenge", 0: "Unknown"}
_CONTROL = {
    ("allow", True): (1, 1),
    ("log", True): (1, 17),
    # 1.8 names this case: the action is unknown while somebody is asked.
    ("ask", True): (0, 23),
    ("deny", True): (2, 2),
    ("allow", False): (1, 1),
    ("log", False): (3, 17),
    ("ask", False): (3, 17),
    ("deny", False): (3, 19),
}
_TECHNIQUE = re.compile(r"(?<![\w.])((?:AML\.)?T\d{4})(?:[./](\d{3}))?\b")


def control(verdict: str, mode: str) -> tuple[tuple[int, str], tuple[int, str]]:
    """Action and disposition of a decision, each as number and caption."""
    action, disposition = _CONTROL.get((verdict, mode != "monitor"), (0, 0))
    return (action, _ACTION[action]), (disposition, _DISPOSITION[disposition])


def finding_status(event: Event) -> tuple[int, str]:
    """Status of a finding, as number and caption."""
    return (4, "Resolved") if event.type == EventType.FINDING_CLOSED else (1, "New")


def activity_name(event: Event, kind: int, activity: int) -> str:
    """Caption of an activity; of one that the class does not name, ours."""
    if activity != 99:
        return CLASSES[kind][3][activity]
    if kind == API:
        return "Invoke"
    return event.type.replace("-", " ").capitalize() or "Other"


def attacks(references: Sequence[str]) -> list[Json]:
    """MITRE ATT&CK and ATLAS techniques among the references."""
    found: list[Json] = []
    for reference in references:
        match = _TECHNIQUE.search(reference)
        if match is None:
            continue
        technique, sub = match.groups()
        one: dict[str, Json] = {"technique": {"uid": technique}}
        if sub:
            one["sub_technique"] = {"uid": f"{technique}.{sub}"}
        if one not in found:
            found.append(one)
    return found
