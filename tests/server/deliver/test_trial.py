"""`server.deliver.trial`: a marked test over the same path as a delivery."""

import json

import pytest

from spawngate.model.errors import UsageError
from spawngate.routing.destination import Answer, Done, Failed, HttpAnswer, HttpRequest, Outcome, Outgoing, TcpLines
from spawngate.routing.settings import Settings
from spawngate.routing.table import Table
from spawngate.server.deliver.carry import Carrier
from spawngate.server.deliver.routes import Loaded, add, load
from spawngate.server.deliver.secrets import Sealer
from spawngate.server.deliver.trial import trial
from spawngate.server.store.port import Delivery
from tests.server.deliver.memory import MemoryControl

T = 1_795_255_200.0
SEALER = Sealer(b"1" * 32)
ROUTES = """
[destination.chat]
type = "slack"
url = "https://hooks.slack.com/services/T/B/x"

[destination.siem]
type = "syslog"
host = "siem.example"

[[route]]
name = "denies"
destination = "chat"

[[route]]
name = "all"
destination = "siem"
"""


class Script(Carrier):
    def __init__(self, answer: Answer) -> None:
        self.answer, self.sent = answer, list[Outgoing]()

    def carry(self, outgoing: Outgoing, settings: Settings) -> Answer:
        self.sent.append(outgoing)
        return self.answer


def filled() -> MemoryControl:
    control = MemoryControl()
    add(control, SEALER, ROUTES, {})
    return control


def test_a_notify_route() -> None:
    control, script = filled(), Script(HttpAnswer(200, (), b"ok"))
    assert trial(control, load(control, SEALER), "denies", T, "x", script) == Outcome("delivered", "200")
    (request,) = script.sent
    assert isinstance(request, HttpRequest)
    assert json.loads(request.body)["text"].startswith("[Spawngate] Test of route denies")
    (noted,) = control.noted
    assert (noted.outcome, noted.route, noted.destination, noted.detail) == ("test", "denies", "chat", "200")
    trial(control, load(control, SEALER), "denies", T, "y", script)
    assert noted.dedup_key != control.noted[1].dedup_key


def test_a_stream_route_gets_an_event_that_says_that_it_is_a_test() -> None:
    control, script = filled(), Script(Done())
    assert trial(control, load(control, SEALER), "all", T, "x", script).state == "delivered"
    (lines,) = script.sent
    assert isinstance(lines, TcpLines)
    assert b'"test":true' in b"".join(lines.frames)
    assert b"A" not in lines.frames[0][:2]


def test_one_that_fails_is_noted_too() -> None:
    control, script = filled(), Script(Failed("connect", "refused"))
    outcome = trial(control, load(control, SEALER), "denies", T, "x", script)
    assert outcome == Outcome("retry", "connect: refused", blame="destination")
    assert [(each.outcome, each.detail) for each in control.noted] == [("test-retry", "connect: refused")]
    assert isinstance(control.noted[0], Delivery)


def test_a_route_that_is_not_there() -> None:
    control = filled()
    with pytest.raises(UsageError, match="there is no route 'x'; there is all, denies"):
        trial(control, load(control, SEALER), "x", T, "x", Script(Done()))


def test_a_route_that_cannot_be_used_says_why() -> None:
    control = filled()
    loaded = load(control, SEALER)
    unusable = Loaded(Table(loaded.table.destinations, {}), {"route.denies": "is not stored as a route is"})
    with pytest.raises(UsageError, match=r"^route denies: is not stored as a route is$"):
        trial(control, unusable, "denies", T, "x")
