"""Jira Cloud: its address, its credentials, and settings. The conversation: tests/routing/test_issues.py."""

import base64
import json
from typing import Any

import pytest

from spawngate.routing.destination import Context, HttpAnswer, HttpRequest
from spawngate.routing.destinations.jira import JiraSettings, exchange
from spawngate.routing.settings import SettingsError, decode
from tests.routing.samples import NOTICE, NOW
from tests.routing.test_destination import drive

GIVEN = {"url": "https://x.atlassian.net", "user": "bot@example.com", "token": "t", "project": "SEC"}


def test_requests() -> None:
    settings = decode(JiraSettings, {**GIVEN, "labels": ["ai"], "fields": {"components": [{"name": "edr"}]}}, "d")
    sent, _ = drive(exchange(settings, NOTICE, Context(NOW)), HttpAnswer(200, (), b'{"issues":[]}'), HttpAnswer(500))
    search, create = sent
    assert isinstance(search, HttpRequest)
    assert isinstance(create, HttpRequest)
    pair = base64.b64encode(b"bot@example.com:t").decode()
    headers = (
        ("accept", "application/json"),
        ("content-type", "application/json"),
        ("authorization", f"Basic {pair}"),
    )
    assert (search.method, search.url, search.headers) == (
        "POST",
        "https://x.atlassian.net/rest/api/3/search/jql",
        headers,
    )
    assert json.loads(search.body) == {
        "jql": f'project = "SEC" AND labels = "spawngate-{NOTICE.key}" AND statusCategory != Done ORDER BY created ASC',
        "fields": ["status", "summary"],
        "maxResults": 5,
    }
    fields = json.loads(create.body)["fields"]
    assert create.url == "https://x.atlassian.net/rest/api/3/issue"
    assert (fields["labels"], fields["components"]) == (
        ["spawngate", f"spawngate-{NOTICE.key}", "ai"],
        [{"name": "edr"}],
    )


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"project": 'SEC" OR 1=1'}, "d.project: must be a project's key: SEC"),
        ({"url": "x.atlassian.net"}, "d.url: must begin with https:// or http://"),
        ({"labels": ["a b"]}, "d.labels[0]: must be 1 to 255 characters without blanks"),
        ({"fields": {"summary": "x"}}, "d.fields: holds summary, which we set"),
        ({"priorities": {"urgent": "P1"}}, "d.priorities: must be by critical, high, medium, low, info"),
    ],
)
def test_settings(given: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError) as error:
        decode(JiraSettings, {**GIVEN, **given}, "d")
    assert str(error.value) == message
