"""Jira Data Center: its address, both kinds of credentials, and settings."""

import base64
from typing import Any

import pytest

from spawngate.routing.destination import Context, HttpAnswer, HttpRequest
from spawngate.routing.destinations.jira_dc import JiraDataCenterSettings, exchange
from spawngate.routing.settings import SettingsError, decode
from tests.routing.samples import NOTICE, NOW
from tests.routing.test_destination import drive

GIVEN = {"url": "https://jira.corp.example/jira", "project": "SEC"}


@pytest.mark.parametrize(
    ("given", "authorization"),
    [
        ({"token": "pat"}, "Bearer pat"),
        ({"user": "bot", "password": "pä"}, "Basic " + base64.b64encode("bot:pä".encode()).decode()),
    ],
)
def test_requests(given: dict[str, Any], authorization: str) -> None:
    settings = decode(JiraDataCenterSettings, {**GIVEN, **given}, "d")
    sent, _ = drive(exchange(settings, NOTICE, Context(NOW)), HttpAnswer(500))
    assert isinstance(sent[0], HttpRequest)
    assert sent[0].url == "https://jira.corp.example/jira/rest/api/2/search"
    assert ("authorization", authorization) in sent[0].headers


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "d.token: give either token, or user and password"),
        ({"user": "bot"}, "d.token: give either token, or user and password"),
        ({"token": "x", "user": "bot", "password": "y"}, "d.token: give either token, or user and password"),
        ({"token": "x y"}, "d.token: must be of printable ASCII without blanks"),
        ({"token": "x", "project": "sec"}, "d.project: must be a project's key: SEC"),
    ],
)
def test_settings(given: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError) as error:
        decode(JiraDataCenterSettings, {**GIVEN, **given}, "d")
    assert str(error.value) == message
