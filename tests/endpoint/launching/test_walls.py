"""What the relay tells of walls, and what the trail has of it."""

import json
from typing import Any

import pytest

from spawngate.endpoint.launching.known import Running
from spawngate.policy.confinement import Confinement
from spawngate.policy.settings import LaunchSettings
from tests.endpoint.launching.offices import Office, said

HOSTS = Confinement(hosts=("api.example",))
ALL = ["user", "pid", "net", "egress", "ipc", "mount", "landlock-7", "seccomp"]
PORTS = ["ports", "egress", "landlock-7", "seccomp"]


def started(office: Office) -> Running:
    office.use(launches=LaunchSettings(probation="never", sandbox=HOSTS))
    answer = office.start()
    assert (answer["confine"]["hosts"], answer["confine"]["network"]) == (["api.example"], False)
    running: Running = office.launches.records.running[answer["launch"]]
    assert running.sandbox == HOSTS
    return running


@pytest.mark.parametrize(
    ("layers", "open_"),
    [
        (ALL, None),
        (
            PORTS,
            [
                "names and sizes of files that may not be read",
                "that other processes are there can be seen",
                "every host can be reached by TCP on the ports that lead to declared hosts",
            ],
        ),
        (
            ["landlock-3", "seccomp"],
            [
                "names and sizes of files that may not be read",
                "that other processes are there can be seen",
                "declared hosts cannot be reached: they cannot be told apart here",
            ],
        ),
    ],
)
def test_which_walls_hold(office: Office, layers: list[str], open_: list[str] | None) -> None:
    launch = started(office).launch
    prepared = office.ask("confined", launch=launch, layers=layers)
    assert said(prepared.reply) == {}
    (event,) = prepared.events
    assert event.type == "launch"
    assert (event.detail["what"], event.detail["layers"], event.detail.get("not_held")) == ("confined", layers, open_)
    assert office.made().records.running[launch].layers == tuple(layers)


def test_what_was_refused(office: Office) -> None:
    launch = started(office).launch
    refused = [
        {"host": "evil.example", "port": 443, "why": "not-declared", "times": 3},
        {"host": "ghp_" + "a1B2" * 9 + ".evil.example", "port": 80, "why": "not-declared", "times": 1},
    ]
    prepared = office.ask("egress", launch=launch, refused=refused, more=2)
    assert said(prepared.reply) == {}
    (event,) = prepared.events
    assert event.decision is not None
    assert (event.decision.verdict, event.decision.reasons) == ("deny", ("launches.hosts",))
    assert event.message.startswith("'files' asked for hosts that it may not reach, 6 in all: evil.example, ")
    assert (event.detail["what"], event.detail["more"]) == ("egress-refused", 2)
    hosts = event.detail["hosts"]
    assert isinstance(hosts, list)
    assert hosts[0] == refused[0]
    assert "a1B2a1B2" not in json.dumps(event.detail) + event.message


def test_what_a_relay_may_say(office: Office) -> None:
    launch = started(office).launch
    many = [{"host": f"h{number}.example", "port": 1, "why": "x", "times": 1} for number in range(100)]
    (event,) = office.ask("egress", launch=launch, refused=many).events
    hosts = event.detail["hosts"]
    assert isinstance(hosts, list)
    assert (len(hosts), event.detail["more"]) == (32, 68)
    assert office.ask("egress", launch=launch, refused=[]).events == ()
    for verb, payload in (
        ("egress", {"launch": "unknown", "refused": many}),
        ("confined", {"launch": "unknown", "layers": ["net"]}),
    ):
        prepared = office.ask(verb, **payload)
        assert (said(prepared.reply), prepared.events) == ({}, ())
    unreadable: list[dict[str, Any]] = [
        {"launch": launch, "refused": [{"host": "x" * 300}]},
        {"launch": launch, "refused": [{"host": "x", "port": 70_000}]},
        {"launch": launch, "refused": "x"},
        {"refused": []},
    ]
    for wrong in unreadable:
        (event,) = office.ask("egress", **wrong).events
        assert event.decision is not None
        assert event.decision.reasons == ("launch-not-understood",)
