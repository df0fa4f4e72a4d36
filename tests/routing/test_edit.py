"""`routing.edit`: secrets that are kept without being known, and what nobody can say from afar."""

from typing import Any

import pytest

from spawngate.routing.addresses import allowed
from spawngate.routing.destinations import DESTINATIONS, destination
from spawngate.routing.edit import HARMLESS, ON_THE_MACHINE, covered, edited
from spawngate.routing.settings import SHOWN, Settings, SettingsError, secret_fields, shown
from spawngate.routing.table import Named, named

SPLUNK = {"url": "https://splunk.example.com:8088", "token": "s3cret-t0ken", "index": "main"}


def splunk(**more: Any) -> Named:
    return named("siem", {"type": "splunk", **SPLUNK, **more})


def test_a_secret_is_kept_while_nothing_says_where_it_goes() -> None:
    before = splunk()
    given = {**shown(before.settings), "index": "security", "batch_events": 100}
    assert given["token"] == SHOWN
    made = edited("siem", "splunk", given, before)
    assert (made.values["token"], made.values["index"]) == ("s3cret-t0ken", "security")
    assert made.settings == splunk(index="security", batch_events=100).settings


@pytest.mark.parametrize(
    ("setting", "value"),
    [("url", "https://evil.example.com"), ("timeout_seconds", 20.0)],
)
def test_a_secret_is_not_led_elsewhere(setting: str, value: object) -> None:
    given = {**SPLUNK, "token": SHOWN, setting: value}
    if setting == "timeout_seconds":
        assert edited("siem", "splunk", given, splunk()).values["token"] == "s3cret-t0ken"
        return
    with pytest.raises(SettingsError, match=r"destination.siem.url: says where secrets go: .* give token anew"):
        edited("siem", "splunk", given, splunk())
    assert edited("siem", "splunk", {**given, "token": "fresh-one"}, splunk()).values["token"] == "fresh-one"


def test_every_setting_but_those_named_leads_secrets() -> None:
    """A new destination's settings bind its secrets without anybody thinking of it: only names of `HARMLESS` do not."""
    known = {name for kind in DESTINATIONS for name in destination(kind).settings.__struct_fields__}
    assert known >= HARMLESS | ON_THE_MACHINE
    addresses = {"url", "host", "port", "endpoint", "api", "authority", "proxy", "allow_internal", "tls", "security"}
    assert not HARMLESS & (addresses | ON_THE_MACHINE)
    assert not {name for kind in DESTINATIONS for name in secret_fields(destination(kind).settings)} & HARMLESS


def test_lists_and_mappings_of_secrets_are_kept_whole() -> None:
    secret = "whsec_" + "A" * 32
    values = {"url": "https://a.example/x?key=k3y-of-a", "secrets": [secret], "headers": {"X": "v"}}
    before = named("soar", {"type": "webhook", **values})
    given = shown(before.settings)
    assert (given["url"], given["secrets"], given["headers"]) == (f"https://a.example/x?{SHOWN}", SHOWN, SHOWN)
    made = edited("soar", "webhook", given, before)
    assert made.settings == before.settings
    with pytest.raises(SettingsError, match="headers: there is nothing that"):
        edited("soar", "webhook", {**given, "headers": {"X": SHOWN}}, before)


@pytest.mark.parametrize("before", [None, "other"])
def test_nothing_is_kept_of_what_is_not_there(before: str | None) -> None:
    there = None if before is None else named("siem", {"type": "teams", "url": "https://teams.example.com/hook"})
    with pytest.raises(SettingsError, match=r"destination.siem.token: there is nothing that \(set\) stands for"):
        edited("siem", "splunk", {**SPLUNK, "token": SHOWN}, there)


@pytest.mark.parametrize("setting", ["ca_file", "certificate_file"])
def test_files_of_the_server_are_named_there(setting: str) -> None:
    with pytest.raises(SettingsError, match=f"destination.siem.{setting}: names a file of the server"):
        edited("siem", "splunk", {**SPLUNK, setting: "/etc/shadow"}, None)
    before = splunk(**{setting: "/etc/ssl/corp.pem"})
    kept = edited("siem", "splunk", {**shown(before.settings), "index": "x"}, before)
    assert getattr(kept.settings, setting) == "/etc/ssl/corp.pem"
    with pytest.raises(SettingsError, match="names a file of the server"):
        edited("siem", "splunk", SPLUNK, before)


def test_a_file_destination_is_made_on_the_machine() -> None:
    with pytest.raises(SettingsError, match=r"destination.f.path: names a file of the server"):
        edited("f", "ocsf-file", {"path": "/var/log/x.ndjson"}, None)


def test_references_are_not_read_from_afar() -> None:
    for reference in ({"env": "HOME"}, {"file": "/etc/passwd"}):
        with pytest.raises(SettingsError, match=r"destination\.siem\.token: Expected `str`"):
            edited("siem", "splunk", {**SPLUNK, "token": reference}, None)


def test_the_inside_of_the_network_is_the_operators() -> None:
    inside = allowed(["10.1.0.0/16", "jira.corp.example", "192.168.1.5"])
    for good in (["10.1.2.0/24"], ["10.1.0.9"], ["JIRA.corp.example."], ["192.168.1.5"]):
        made = edited("siem", "splunk", {**SPLUNK, "allow_internal": good}, None, inside)
        assert list(made.settings.allow_internal) == good
    beyond = (
        ["10.0.0.0/8"],
        ["10.2.0.1"],
        ["evil.example"],
        ["::/0"],
        ["127.0.0.1"],
        ["jira.corp.example", "x.example"],
    )
    for bad in beyond:
        with pytest.raises(SettingsError, match=r"destination.siem.allow_internal: is more than"):
            edited("siem", "splunk", {**SPLUNK, "allow_internal": bad}, None, inside)
    before = splunk(allow_internal=["10.9.9.9"])
    assert edited("siem", "splunk", {**SPLUNK, "allow_internal": ["10.9.9.9"]}, before, inside)
    assert edited("siem", "splunk", {**SPLUNK, "allow_internal": ["127.0.0.1"]}, None, None)


def test_a_proxy_is_the_operators() -> None:
    given = {**SPLUNK, "proxy": "http://10.1.0.3:3128"}
    with pytest.raises(SettingsError, match=r"destination.siem.proxy: is none"):
        edited("siem", "splunk", given, None)
    assert edited("siem", "splunk", given, None, allowed(["10.1.0.0/16"])).settings.proxy == "http://10.1.0.3:3128"


def test_a_metadata_service_is_covered_by_no_network() -> None:
    assert not covered("169.254.169.254", allowed(["169.254.0.0/16"]))
    assert covered("169.254.169.254", allowed(["169.254.169.254"]))


def test_a_wrong_setting_is_named_without_its_value() -> None:
    with pytest.raises(SettingsError) as raised:
        edited("siem", "splunk", {**SPLUNK, "url": "ftp://u:hunter2@x"}, None)
    assert raised.value.where == "destination.siem.url"
    assert "hunter2" not in str(raised.value)


def test_settings_of_every_type_come_back_as_they_are_shown() -> None:
    """What the API gives can be sent back, for every type."""
    samples: dict[str, dict[str, Any]] = {
        "pagerduty": {"routing_key": "R" * 32},
        "teams": {"url": "https://teams.example.com/hook?sig=abcdefgh"},
        "email": {
            "host": "smtp.example.com",
            "to": ["a@example.com"],
            "sender": "s@example.com",
            "password": "p4ssword",
            "user": "u",
        },
        "syslog": {"host": "logs.example.com"},
    }
    for kind, values in samples.items():
        before = named("x", {"type": kind, **values})
        again = edited("x", kind, shown(before.settings), before)
        assert again.settings == before.settings, kind
        assert isinstance(again.settings, Settings)
