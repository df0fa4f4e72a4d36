"""Figures for Prometheus."""

import io
import json
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from spawngate.server.log import Log
from spawngate.server.metrics import Figure, Requests, Watched, figure, rendered


def test_an_exposition() -> None:
    text = rendered(
        [
            figure("a", "Help.", 3),
            Figure("b", "More.", "counter", {(("x", 'q"\\\n'), ("y", "z")): 0.25, (): 2.0}),
        ]
    )
    assert text == (
        '# HELP a Help.\n# TYPE a gauge\na 3\n# HELP b More.\n# TYPE b counter\nb{x="q\\"\\\\\\n",y="z"} 0.25\nb 2\n'
    )


def test_requests_are_counted_and_timed() -> None:
    requests = Requests()
    for seconds in (0.001, 0.2, 60.0):
        requests.add("/x/{id}", "GET", 200, seconds)
    lines = requests.text().splitlines()
    assert 'spawngate_http_requests_total{method="GET",route="/x/{id}",status="200"} 3' in lines
    buckets = [line.rpartition(" ")[2] for line in lines if "_bucket" in line]
    assert buckets == ["1", "1", "1", "1", "1", "2", "2", "2", "2", "3"]
    assert 'spawngate_http_request_seconds_count{route="/x/{id}"} 3' in lines
    assert 'spawngate_http_request_seconds_sum{route="/x/{id}"} 60.201' in lines


def test_a_request_is_told_by_its_route_and_without_what_it_carries() -> None:
    async def answer(request: Request) -> PlainTextResponse:
        return PlainTextResponse("")

    async def failing(request: Request) -> PlainTextResponse:
        raise KeyError("hunter2")

    def path_of(scope: Any) -> str:
        return "/one/{id}" if "endpoint" in scope else "none"

    stream, requests = io.StringIO(), Requests()
    application = Starlette(routes=[Route("/one/{id}", answer), Route("/bad/{id}", failing)])
    client = TestClient(Watched(application, requests, Log(stream), path_of))
    client.get("/one/hunter2?word=hunter2", headers={"authorization": "Bearer hunter2", "cookie": "a=hunter2"})
    client.get("/nothing/hunter2")
    with pytest.raises(KeyError):
        client.get("/bad/hunter2")
    told = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [(each["method"], each["route"], each["status"], each["level"]) for each in told] == [
        ("GET", "/one/{id}", 200, "info"),
        ("GET", "none", 404, "info"),
        ("GET", "/one/{id}", 500, "error"),
    ]
    assert told[2]["fault"].startswith("KeyError in test_metrics.py:")
    assert "hunter2" not in stream.getvalue()
    assert "hunter2" not in requests.text()


def test_words_of_strangers_are_no_labels() -> None:
    """h11 takes any word as a method: each would be a label that is kept for ever."""

    async def answer(request: Request) -> PlainTextResponse:
        return PlainTextResponse("")

    stream, requests = io.StringIO(), Requests()
    client = TestClient(Watched(Starlette(routes=[Route("/", answer)]), requests, Log(stream), lambda scope: "none"))
    for number in range(3):
        client.request(f"HUNTER{number}", "/")
    assert 'spawngate_http_requests_total{method="other",route="none",status="405"} 3' in requests.text()
    assert "HUNTER" not in requests.text() + stream.getvalue()
