"""Elasticsearch: every item by itself."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.routing.destination import HttpAnswer, HttpRequest, ItemOutcome, Outcome
from spawngate.routing.destinations.elastic import DESTINATION, LARGEST, ElasticSettings, read
from spawngate.routing.settings import SettingsError, decode
from tests.routing.streaming import drive, samples, simple
from tests.stubs.elastic import Cluster
from tests.trail.mappings.test_ecs import faults

NAME = "logs-spawngate.events-default"
BASE = {"url": "https://elastic.example.com:9200/", "api_key": "a2V5"}
SETTINGS = decode(ElasticSettings, BASE, "d")


def test_every_type_in_order() -> None:
    cluster = Cluster("a2V5", NAME)
    outcome, (sent,) = drive(DESTINATION, SETTINGS, samples(), cluster.answer)
    assert outcome == Outcome("delivered", "200")
    assert isinstance(sent, HttpRequest)
    assert sent.url.startswith(f"https://elastic.example.com:9200/{NAME}/_bulk?filter_path=")
    documents = list(cluster.documents.values())
    assert [document["event"]["action"] for document in documents] == [item.type for item in samples().items]
    for document in documents:
        assert document.pop("data_stream") == {"type": "logs", "dataset": "spawngate.events"}
        assert faults(document) == []


def test_a_second_time_stores_nothing() -> None:
    cluster = Cluster("a2V5", NAME)
    for _ in range(2):
        outcome, _ = drive(DESTINATION, SETTINGS, simple(["a", "b"]), cluster.answer)
        assert outcome.state == "delivered"
        assert outcome.items == ()
    assert len(cluster.documents) == 2


def test_items_that_find_no_room_are_sent_again() -> None:
    cluster = Cluster("a2V5", NAME)
    cluster.full = 2
    outcome, _ = drive(DESTINATION, SETTINGS, simple(["a", "poison", "c", "d"]), cluster.answer)
    busy = "429 es_rejected_execution_exception: rejected execution of primary operation"
    bad = "400 document_parsing_exception: failed to parse field [message]"
    assert outcome == Outcome(
        "retry", busy, None, "destination", (ItemOutcome(1, "refused", bad), ItemOutcome(3, "delivered"))
    )
    outcome, _ = drive(DESTINATION, SETTINGS, simple(["a", "poison", "c", "d"]), cluster.answer)
    assert outcome.state == "delivered"
    assert outcome.items == (ItemOutcome(1, "refused", bad),)
    assert len(cluster.documents) == 3


def test_whole_requests() -> None:
    cluster = Cluster("a2V5", NAME)
    cluster.down = 1
    outcome, _ = drive(DESTINATION, SETTINGS, simple(["a"]), cluster.answer)
    reason = "HTTP 429: rejected execution of coordinating operation"
    assert outcome == Outcome("retry", reason, blame="destination")
    wrong, _ = drive(DESTINATION, SETTINGS, simple(["a"]), Cluster("other", NAME).answer)
    assert wrong == Outcome("retry", "HTTP 401: unable to authenticate", blame="setting")
    gone, _ = drive(DESTINATION, SETTINGS, simple(["a"]), Cluster("a2V5", "logs-x-y").answer)
    assert (gone.state, gone.blame) == ("retry", "setting")


def test_a_request_that_is_too_large_is_divided() -> None:
    cluster = Cluster("a2V5", NAME, largest=9_000)
    outcome, _ = drive(DESTINATION, SETTINGS, simple(["x" * 1_000] * 8), cluster.answer)
    assert outcome.state == "delivered"
    assert outcome.items == ()
    assert len(cluster.documents) == 8
    _, sent = drive(DESTINATION, SETTINGS, simple(["x" * 500_000] * 6), Cluster("a2V5", NAME).answer)
    assert all(isinstance(each, HttpRequest) and len(each.body) <= LARGEST for each in sent)
    assert len(sent) == 2


ITEM = st.fixed_dictionaries({"create": st.fixed_dictionaries({"status": st.integers(100, 600) | st.none()})})


@given(
    st.binary(max_size=30)
    | st.fixed_dictionaries({"errors": st.booleans(), "items": st.lists(ITEM | st.none() | st.text(), max_size=4)}).map(
        lambda value: json.dumps(value).encode()
    ),
    st.integers(1, 4),
)
def test_any_answer_is_read(body: bytes, count: int) -> None:
    outcome = read(HttpAnswer(200, (), body), count)
    assert outcome.state in ("delivered", "retry")
    assert all(0 <= item.index < count for item in outcome.items)


@pytest.mark.parametrize(
    ("status", "state"),
    [(201, "delivered"), (409, "delivered"), (400, "refused"), (413, "refused"), (429, "retry"), (503, "retry")],
)
def test_statuses(status: int, state: str) -> None:
    items = [{"create": {"status": status, "error": {"type": "t", "reason": "r"}}}]
    outcome = read(HttpAnswer(200, (), json.dumps({"errors": True, "items": items}).encode()), 1)
    assert [item.state for item in outcome.items] == [state]


def test_basic_authentication() -> None:
    settings = decode(ElasticSettings, {"url": "https://e.test", "user": "u", "password": "p:w"}, "d")
    _, (sent,) = drive(DESTINATION, settings, simple(["a"]), lambda _: HttpAnswer(503))
    assert isinstance(sent, HttpRequest)
    assert dict(sent.headers)["Authorization"] == "Basic " + base64.b64encode(b"u:p:w").decode()


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"data_stream": "Logs"}, "data_stream"),
        ({"data_stream": "a/../b"}, "data_stream"),
        ({"user": "u"}, "api_key"),
        ({"url": "x"}, "url"),
        ({"api_key": "a\nb"}, "api_key"),
    ],
)
def test_settings(change: dict[str, object], where: str) -> None:
    with pytest.raises(SettingsError, match=where):
        decode(ElasticSettings, {**BASE, **change}, "d")
