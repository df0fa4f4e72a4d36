"""The written table of destinations: name -> module, imported when it is needed.

Must not be here: anything a destination does.
"""

from importlib import import_module

from spawngate.model.errors import UsageError
from spawngate.routing.destination import Destination

DESTINATIONS: dict[str, str] = {
    "cef": "cef",
    "elastic": "elastic",
    "email": "email",
    "jira": "jira",
    "jira-dc": "jira_dc",
    "leef": "leef",
    "ocsf-file": "ocsf_file",
    "otlp": "otlp",
    "pagerduty": "pagerduty",
    "s3": "s3",
    "secops": "secops",
    "sentinel": "sentinel",
    "slack": "slack",
    "splunk": "splunk",
    "syslog": "syslog",
    "teams": "teams",
    "webhook": "webhook",
}
"""`type` of a destination -> module in this folder. A test compares the table with the folder."""


def destination(name: str) -> Destination:
    """The destination of that type. Raises UsageError."""
    if name not in DESTINATIONS:
        raise UsageError(f"there is no destination of type {name!r}; there are {', '.join(sorted(DESTINATIONS))}")
    found: Destination = import_module(f"spawngate.routing.destinations.{DESTINATIONS[name]}").DESTINATION
    return found
