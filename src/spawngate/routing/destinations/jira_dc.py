"""Jira Data Center: REST API v2, texts in wiki markup, a personal access token or a user's password.

Format: docs.atlassian.com/software/jira/docs/api/REST (POST /search, /issue, comments, transitions), "Using personal
access tokens" (Bearer), read 2026-11.
Must not be here: the order of requests (`routing.issues`), texts (`routing.wiki`).
"""

import base64
from collections.abc import Mapping
from typing import Any

import msgspec

from spawngate.routing import issues, wiki
from spawngate.routing.destination import Context, Destination, Exchange
from spawngate.routing.destinations.jira import PRIORITIES, tracker_problems
from spawngate.routing.issues import Tracker
from spawngate.routing.notice import Notice
from spawngate.routing.settings import Secret, Settings


class JiraDataCenterSettings(Settings, frozen=True, kw_only=True):
    """A project of a server, and who writes: `token`, or `user` and `password`."""

    url: str
    """https://jira.example.com, with the context path where there is one. It is inside: see allow_internal."""
    token: Secret = ""
    """Personal access token."""
    user: str = ""
    password: Secret = ""
    project: str
    issue_type: str = "Task"
    labels: tuple[str, ...] = ()
    priorities: Mapping[str, str] = msgspec.field(default_factory=lambda: dict(PRIORITIES))
    fields: Mapping[str, Any] = {}
    close_transition: str = ""

    def problems(self) -> dict[str, str]:
        """Wrong settings by name."""
        found = {**Settings.problems(self), **tracker_problems(self)}
        if bool(self.token) == bool(self.user) or bool(self.user) != bool(self.password):
            found["token"] = "give either token, or user and password"
        if not (self.token.isascii() and (self.token.isprintable() and " " not in self.token)):
            found["token"] = "must be of printable ASCII without blanks"
        return found


def exchange(settings: JiraDataCenterSettings, notice: Notice, context: Context) -> Exchange:
    """The issue of the notice's group, created, commented or closed."""
    return issues.exchange(tracker(settings), notice, context)


def tracker(settings: JiraDataCenterSettings) -> Tracker:
    """The server as `routing.issues` speaks to it."""
    pair = base64.b64encode(f"{settings.user}:{settings.password}".encode()).decode("ascii")
    return Tracker(
        base=f"{settings.url.rstrip('/')}/rest/api/2",
        headers=(("authorization", f"Bearer {settings.token}" if settings.token else f"Basic {pair}"),),
        project=settings.project,
        issue_type=settings.issue_type,
        search_path="/search",
        document=wiki.document,
        priorities=settings.priorities,
        fields=settings.fields,
        labels=settings.labels,
        close_transition=settings.close_transition,
    )


DESTINATION = Destination("jira-dc", "notify", JiraDataCenterSettings, exchange, "Jira Data Center")
