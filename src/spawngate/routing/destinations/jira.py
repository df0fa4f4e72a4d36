"""Jira Cloud: REST API v3, texts in the Atlassian Document Format, Basic authentication with an API token.

Format: developer.atlassian.com/cloud/jira/platform/rest/v3 (POST /search/jql, which replaced /search; POST /issue;
comments and transitions of issues), read 2026-11.
Must not be here: the order of requests (`routing.issues`), documents (`routing.adf`).
"""

import base64
from collections.abc import Mapping
from typing import Any

import msgspec

from spawngate.routing import adf, issues
from spawngate.routing.destination import Context, Destination, Exchange
from spawngate.routing.issues import PROJECT, Tracker
from spawngate.routing.notice import Notice
from spawngate.routing.settings import Secret, Settings, url_problem

PRIORITIES = {"critical": "Highest", "high": "High", "medium": "Medium", "low": "Low", "info": "Lowest"}
"""As a new site has them. A project that refuses them gets issues without."""


class JiraSettings(Settings, frozen=True, kw_only=True):
    """A project of a site, and who writes."""

    url: str
    """https://example.atlassian.net, or https://api.atlassian.com/ex/jira/CLOUD_ID for a scoped token."""
    user: str
    """Mail address of the account that the token belongs to."""
    token: Secret
    project: str
    """Its key."""
    issue_type: str = "Task"
    labels: tuple[str, ...] = ()
    """Further ones."""
    priorities: Mapping[str, str] = msgspec.field(default_factory=lambda: dict(PRIORITIES))
    """Severity -> name of a priority; an empty table sets none."""
    fields: Mapping[str, Any] = {}
    """Further fields of a new issue, as Jira's API takes them."""
    close_transition: str = ""
    """Name or id of the transition on close; empty: whichever leads to done."""

    def problems(self) -> dict[str, str]:
        """Wrong settings by name."""
        return {**Settings.problems(self), **tracker_problems(self)}


def tracker_problems(settings: Any) -> dict[str, str]:
    """What can be wrong with the settings of either kind of Jira."""
    found: dict[str, str] = {}
    if url_problem(settings.url):
        found["url"] = url_problem(settings.url)
    if not PROJECT.fullmatch(settings.project):
        found["project"] = "must be a project's key: SEC"
    for index, label in enumerate(settings.labels):
        if not label or len(label) > 255 or label.split() != [label]:
            found[f"labels[{index}]"] = "must be 1 to 255 characters without blanks"
    taken = {"project", "issuetype", "summary", "description", "labels"} & set(settings.fields)
    if taken:
        found["fields"] = f"holds {', '.join(sorted(taken))}, which we set"
    wrong = set(settings.priorities) - set(PRIORITIES)
    if wrong:
        found["priorities"] = f"must be by {', '.join(PRIORITIES)}"
    return found


def exchange(settings: JiraSettings, notice: Notice, context: Context) -> Exchange:
    """The issue of the notice's group, created, commented or closed."""
    return issues.exchange(tracker(settings), notice, context)


def tracker(settings: JiraSettings) -> Tracker:
    """The site as `routing.issues` speaks to it."""
    pair = base64.b64encode(f"{settings.user}:{settings.token}".encode()).decode("ascii")
    return Tracker(
        base=f"{settings.url.rstrip('/')}/rest/api/3",
        headers=(("authorization", f"Basic {pair}"),),
        project=settings.project,
        issue_type=settings.issue_type,
        search_path="/search/jql",
        document=adf.document,
        priorities=settings.priorities,
        fields=settings.fields,
        labels=settings.labels,
        close_transition=settings.close_transition,
    )


DESTINATION = Destination("jira", "notify", JiraSettings, exchange, "Jira Cloud")
