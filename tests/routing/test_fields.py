"""`routing.fields`: a form of every destination, and what is typed into it."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.routing.destinations import DESTINATIONS, destination
from spawngate.routing.edit import ON_THE_MACHINE, edited
from spawngate.routing.fields import Field, fields, filled
from spawngate.routing.settings import SHOWN, SettingsError
from spawngate.routing.table import named

JIRA = destination("jira")


def by_name(kind: str, settings: Any = None) -> dict[str, Field]:
    return {each.name: each for each in fields(destination(kind), settings)}


@pytest.mark.parametrize("kind", DESTINATIONS)
def test_every_setting_is_a_field_once(kind: str) -> None:
    made = fields(destination(kind))
    assert sorted(each.name for each in made) == sorted(destination(kind).settings.__struct_fields__)
    assert [each.common for each in made] == sorted(each.common for each in made), "its own come first"
    assert not any(each.value for each in made if each.secret)


def test_forms_follow_types() -> None:
    made = by_name("email")
    assert {name: each.form for name, each in made.items() if not each.common} == {
        "host": "text", "to": "lines", "sender": "text", "port": "number", "security": "choice", "user": "text",
        "password": "text",
    }  # fmt: skip
    assert made["security"].choices == ("starttls", "tls", "plain")
    assert (made["host"].required, made["user"].required, made["port"].value) == (True, False, "587")
    assert by_name("jira")["fields"].form == "json"
    assert by_name("jira")["priorities"].form == "pairs"
    assert by_name("syslog")["tls"] == Field("tls", "switch", "on", "on")
    webhook = by_name("webhook")
    assert (webhook["secrets"].form, webhook["secrets"].secret, webhook["headers"].form) == ("lines", True, "pairs")
    assert by_name("ocsf-file")["path"].fixed
    assert by_name("slack")["ca_file"].fixed


def test_what_is_typed_becomes_settings_and_comes_back() -> None:
    typed = {
        "url": "https://example.atlassian.net", "user": "a@example.com", "token": "t0ken-of-jira", "project": "SEC",
        "labels": "ai\r\n agents \r\n\r\n", "priorities": "critical = P1\nhigh=P2", "timeout_seconds": "7.5",
        "fields": '{"components": [{"name": "x"}]}',
    }  # fmt: skip
    given = filled(JIRA, None, typed)
    made = edited("issues", "jira", given, None)
    assert made.settings == named(
        "issues",
        {
            "type": "jira", "url": "https://example.atlassian.net", "user": "a@example.com", "token": "t0ken-of-jira",
            "project": "SEC", "labels": ["ai", "agents"], "priorities": {"critical": "P1", "high": "P2"},
            "fields": {"components": [{"name": "x"}]}, "timeout_seconds": 7.5,
        },
    ).settings  # fmt: skip
    shown = {each.name: each.value for each in fields(JIRA, made.settings)}
    assert shown["labels"] == "ai\nagents"
    assert shown["priorities"] == "critical = P1\nhigh = P2"
    again = filled(JIRA, made.settings, {**shown, "token": ""})
    assert again["token"] == SHOWN
    assert edited("issues", "jira", again, made).settings == made.settings
    assert filled(JIRA, None, {"issue_type": ""})["issue_type"] == "", "cleared is not left out"


def test_a_secret_is_taken_away_only_when_that_is_said() -> None:
    chat = named("chat", {"type": "slack", "url": "https://hooks.slack.com/services/T/B/x", "token": "", "channel": ""})
    assert filled(destination("slack"), chat.settings, {"threads": "on"})["url"] == SHOWN
    assert "url" not in filled(destination("slack"), chat.settings, {"drop.url": "on"})


def test_a_fixed_setting_stays_whatever_is_typed() -> None:
    one = named("s", {"type": "splunk", "url": "https://s.example", "token": "t0ken-1", "ca_file": "/etc/ca.pem"})
    assert filled(destination("splunk"), one.settings, {"ca_file": "/etc/shadow"})["ca_file"] == "/etc/ca.pem"
    assert "ca_file" not in filled(destination("splunk"), None, {"ca_file": "/etc/shadow"})


@pytest.mark.parametrize(
    ("kind", "typed", "problem"),
    [
        ("email", {"port": "many"}, "port: is no number"),
        ("jira", {"priorities": "P1"}, "priorities: has a line that is not"),
        ("jira", {"fields": "[1]"}, "fields: is no object in JSON"),
        ("jira", {"fields": "{" * 5000}, "fields: is no object in JSON"),
    ],
)
def test_what_is_none_of_its_kind_is_said(kind: str, typed: dict[str, str], problem: str) -> None:
    with pytest.raises(SettingsError, match=problem):
        filled(destination(kind), None, typed)


NAMES = sorted({name for kind in DESTINATIONS for name in destination(kind).settings.__struct_fields__})


@given(st.sampled_from(sorted(DESTINATIONS)), st.dictionaries(st.sampled_from(NAMES), st.text(max_size=40), max_size=8))
def test_any_form_is_settings_or_a_reason(kind: str, typed: dict[str, str]) -> None:
    with suppress(SettingsError):
        made = edited("x", kind, filled(destination(kind), None, typed), None)
        assert not [name for name in ON_THE_MACHINE & set(made.values) if made.values[name]]
