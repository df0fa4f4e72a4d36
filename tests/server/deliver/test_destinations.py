"""Every notify destination over real HTTP to its stub, through the worker: delivered, refused, busy, lost, repaired.

The stubs enforce what vendors document and are named as stubs in docs/limits.md; mail has a real server: test_smtp.py.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from spawngate.routing.destination import Context
from spawngate.routing.table import parse
from spawngate.server.deliver.carry import Carrier, exchange
from spawngate.server.deliver.ledger import Ledger
from spawngate.server.deliver.routes import load
from spawngate.server.deliver.trial import trial
from tests.routing.samples import ALL, NOW, deny, finding
from tests.server.deliver.authority import Authority
from tests.server.deliver.test_worker import SEALER, Scene, T, outcomes
from tests.stubs.http import Reply, Stub, serving
from tests.stubs.jira import TOKEN, USER, JiraStub
from tests.stubs.pagerduty import KEY, PagerDutyStub
from tests.stubs.slack import HOOK, SlackStub
from tests.stubs.slack import TOKEN as BOT
from tests.stubs.teams import PATH, TeamsStub
from tests.stubs.webhook import SECRET, WebhookStub


@dataclass(frozen=True)
class Vendor:
    make: Callable[[], Stub]
    settings: str
    taken: Callable[[Stub], int]
    """What the vendor has of a group: messages, issues, alerts."""


def _count(name: str) -> Callable[[Stub], int]:
    return lambda stub: len(getattr(stub, name))


VENDORS = {
    "slack": Vendor(SlackStub, f'type = "slack"\nurl = "URL{HOOK}"', _count("messages")),
    "slack-bot": Vendor(
        SlackStub, f'type = "slack"\ntoken = "{BOT}"\nchannel = "C1"\napi = "URL/api"', _count("messages")
    ),
    "jira": Vendor(
        JiraStub, f'type = "jira"\nurl = "URL"\nuser = "{USER}"\ntoken = "{TOKEN}"\nproject = "SEC"', _count("issues")
    ),
    "jira-dc": Vendor(
        lambda: JiraStub(cloud=False),
        f'type = "jira-dc"\nurl = "URL"\ntoken = "{TOKEN}"\nproject = "SEC"',
        _count("issues"),
    ),
    "pagerduty": Vendor(PagerDutyStub, f'type = "pagerduty"\nrouting_key = "{KEY}"\napi = "URL"', _count("open")),
    "teams": Vendor(TeamsStub, f'type = "teams"\nurl = "URL{PATH}"', _count("cards")),
    "webhook": Vendor(
        # The worker's clock is moved, so that the time of a request is not that of the receiver.
        lambda: WebhookStub(tolerance=1e9),
        f'type = "webhook"\nurl = "URL/x"\nsecrets = ["{SECRET}"]',
        _count("notices"),
    ),
}


def routes(vendor: Vendor, url: str, more: str = "") -> str:
    return f"""
[destination.d]
{vendor.settings.replace("URL", url)}
allow_internal = ["127.0.0.1"]
timeout_seconds = 5
{more}

[[route]]
name = "r"
destination = "d"
"""


@pytest.mark.parametrize("name", VENDORS)
def test_from_the_first_notice_over_a_busy_hour_to_the_next(name: str) -> None:
    vendor = VENDORS[name]
    with serving(vendor.make()) as stub:
        scene = Scene(routes(vendor, stub.url), Carrier())
        scene.happen(deny())
        scene.until(40)
        assert (vendor.taken(stub), [each for each, _, _ in outcomes(scene.control)]) == (1, ["delivered"])
        stub.faults.append(Reply(429, b"", {"Retry-After": "60"}))
        scene.happen(deny("laptop-2"))
        scene.until(1000)
        assert [each for each, _, _ in outcomes(scene.control)] == ["delivered", "retry", "delivered"]
        first, second = (scene.control.noted[index].at for index in (1, 2))
        assert second >= first[:14] + f"{int(first[14:16]) + 1:02d}" + first[16:19]
        assert Ledger(scene.control).pending() == {}


@pytest.mark.parametrize("name", VENDORS)
def test_a_server_that_is_down_for_a_while_gets_everything(name: str) -> None:
    vendor = VENDORS[name]
    with serving(vendor.make()) as stub:
        stub.faults.extend([Reply(503)] * 7)
        scene = Scene(routes(vendor, stub.url), Carrier())
        scene.happen(deny())
        scene.until(3000, step=5)
        assert vendor.taken(stub) == 1
        words = [each for each, _, _ in outcomes(scene.control)]
        assert words == ["retry"] * (len(words) - 1) + ["delivered"]
        assert [event.delivery.state for event in scene.told if event.delivery] == ["paused", "resumed"]


@pytest.mark.parametrize("name", ["jira", "jira-dc", "pagerduty", "webhook"])
def test_an_answer_that_is_lost_makes_nothing_twice(name: str) -> None:
    """Where a vendor has a key for it. Slack and Teams have none: docs/routing.md says so."""
    vendor = VENDORS[name]
    with serving(vendor.make()) as stub:
        # Jira searches first, so that its second request is the one that makes something.
        stub.lost.extend([False, True] if name.startswith("jira") else [True])
        scene = Scene(routes(vendor, stub.url), Carrier())
        scene.happen(deny())
        scene.until(600)
        assert vendor.taken(stub) == 1
        assert [each for each, _, _ in outcomes(scene.control)] == ["retry", "delivered"]


@pytest.mark.parametrize("name", VENDORS)
def test_a_wrong_credential_waits_until_it_is_mended(name: str) -> None:
    vendor = VENDORS[name]
    with serving(vendor.make()) as stub:
        stub.faults.extend([Reply(401)] * 3)
        scene = Scene(routes(vendor, stub.url), Carrier())
        scene.happen(deny())
        scene.until(300)
        assert len(stub.asked) == 1  # one attempt, then the breaker: no account is locked
        scene.until(8000, step=20)
        assert (vendor.taken(stub), Ledger(scene.control).dead()) == (1, {})


@pytest.mark.parametrize("name", VENDORS)
def test_a_test_is_marked_and_arrives(name: str) -> None:
    vendor = VENDORS[name]
    with serving(vendor.make()) as stub:
        scene = Scene(routes(vendor, stub.url), Carrier())
        outcome = trial(scene.control, load(scene.control, SEALER), "r", T, "x")
        assert outcome.state == "delivered"
        assert b"Test of route r" in stub.asked[0].body + stub.asked[-1].body + b"".join(a.body for a in stub.asked)
        assert scene.control.noted[0].outcome == "test"


@pytest.mark.parametrize("name", VENDORS)
@pytest.mark.parametrize("kind", ALL)
def test_every_notice_is_taken_by_every_vendor(name: str, kind: str) -> None:
    vendor = VENDORS[name]
    with serving(vendor.make()) as stub:
        (one,) = parse(routes(vendor, stub.url), lambda where, reference: "").destinations.values()
        assert exchange(Carrier(), one.destination, one.settings, ALL[kind], Context(NOW)).state == "delivered"


@pytest.mark.parametrize("name", ["slack", "jira-dc", "webhook"])
def test_inside_over_tls_with_a_private_authority(tmp_path: Path, name: str) -> None:
    vendor = VENDORS[name]
    authority = Authority(tmp_path)
    with ExitStack() as stack:
        stub = stack.enter_context(serving(vendor.make(), authority.server("127.0.0.1")))
        scene = Scene(routes(vendor, stub.url, f'ca_file = "{authority.ca_file}"'), Carrier())
        scene.happen(deny())
        scene.until(40)
        assert vendor.taken(stub) == 1
        other = Scene(routes(vendor, stub.url), Carrier())
        other.happen(deny())
        other.until(40)
        said = {detail for _, _, detail in outcomes(other.control)}
        assert said == {"tls: 127.0.0.1: unable to get local issuer certificate"}


def test_a_finding_resolves_the_alert_that_it_triggered() -> None:
    vendor = VENDORS["pagerduty"]
    with serving(vendor.make()) as stub:
        assert isinstance(stub, PagerDutyStub)
        scene = Scene(routes(vendor, stub.url), Carrier())
        scene.happen(finding("opened"))
        scene.until(40)
        (key,) = stub.open
        scene.happen(finding("closed"))
        scene.until(400)
        assert (dict(stub.open), stub.resolved) == ({}, [key])


def test_a_group_is_one_thread_of_slack() -> None:
    vendor = VENDORS["slack-bot"]
    with serving(vendor.make()) as stub:
        assert isinstance(stub, SlackStub)
        scene = Scene(routes(vendor, stub.url), Carrier())
        for number in range(3):
            scene.happen(deny(f"laptop-{number}"))
            scene.until(400 * (number + 1))
        assert [message.get("thread_ts") for message in stub.messages] == [
            None,
            "1700000000.000001",
            "1700000000.000001",
        ]


def test_a_channel_that_was_archived_comes_back() -> None:
    vendor = VENDORS["slack"]
    with serving(vendor.make()) as stub:
        assert isinstance(stub, SlackStub)
        stub.archived = True
        scene = Scene(routes(vendor, stub.url), Carrier())
        scene.happen(deny())
        scene.until(1000, step=5)
        assert {detail for _, _, detail in outcomes(scene.control)} == {"channel_is_archived"}
        stub.archived = False
        scene.until(3000, step=5)
        assert len(stub.messages) == 1
