"""`routing.destination`: what answers mean, and exchanges of one step after another."""

from typing import Any

import pytest

from spawngate.routing.destination import (
    Answer,
    Context,
    Done,
    Exchange,
    Failed,
    HttpAnswer,
    HttpRequest,
    Outcome,
    Outgoing,
    failed,
    http_outcome,
    interface_outcome,
    retry_after,
    single,
)

NOW = "2026-11-21T10:00:00.000000Z"
CONTEXT = Context(NOW)


def drive(exchange: Exchange, *answers: Answer) -> tuple[list[Outgoing], Outcome]:
    """What an exchange sends out when these come back, and what it returns."""
    sent: list[Outgoing] = []
    given = iter(answers)
    try:
        sent.append(next(exchange))
        while True:
            sent.append(exchange.send(next(given)))
    except StopIteration as end:
        outcome: Outcome = end.value
        return sent, outcome


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (HttpAnswer(200), Outcome("delivered", "200")),
        (HttpAnswer(204), Outcome("delivered", "204")),
        (HttpAnswer(302), Outcome("retry", "HTTP 302: said", blame="setting")),
        (HttpAnswer(400), Outcome("refused", "HTTP 400: said", blame="content")),
        (HttpAnswer(413), Outcome("refused", "HTTP 413: said", blame="content")),
        (HttpAnswer(401), Outcome("retry", "HTTP 401: said", blame="setting")),
        (HttpAnswer(404), Outcome("retry", "HTTP 404: said", blame="setting")),
        (HttpAnswer(408), Outcome("retry", "HTTP 408: said", blame="destination")),
        (HttpAnswer(429, (("retry-after", "7"),)), Outcome("retry", "HTTP 429: said", 7.0, "destination")),
        (
            HttpAnswer(503, (("retry-after", "Sat, 21 Nov 2026 10:00:10 GMT"),)),
            Outcome("retry", "HTTP 503: said", 10.0, "destination"),
        ),
        (HttpAnswer(501), Outcome("retry", "HTTP 501: said", blame="setting")),
        (Failed("timeout", "15 s"), Outcome("retry", "timeout: 15 s", blame="destination")),
        (Failed("address", "10.0.0.1"), Outcome("retry", "address: 10.0.0.1", blame="setting")),
        (Failed("login", "535"), Outcome("retry", "login: 535", blame="setting")),
        (Failed("rejected", "552 too big"), Outcome("refused", "rejected: 552 too big", blame="content")),
        (Done(), Outcome("retry", "no answer of an HTTP server", blame="destination")),
    ],
)
def test_what_an_answer_means(answer: Answer, outcome: Outcome) -> None:
    assert http_outcome(answer, "said", NOW) == outcome


def test_words_of_a_vendor_are_bounded() -> None:
    assert len(http_outcome(HttpAnswer(500), "x" * 9_999).reason) == 500
    assert len(failed(Failed("connect", "x" * 9_999)).reason) == 500


def requests(settings: Any, load: Any, context: Context) -> list[Outgoing]:
    return [HttpRequest("POST", f"https://a.example/{number}") for number in range(load)]


def test_single_stops_at_the_first_that_fails() -> None:
    exchange = single(requests, lambda settings, outgoing, answer: http_outcome(answer))
    one, two = requests(None, 2, CONTEXT)
    assert drive(exchange(None, 2, CONTEXT), HttpAnswer(200), HttpAnswer(202)) == (
        [one, two],
        Outcome("delivered", "202"),
    )
    assert drive(exchange(None, 2, CONTEXT), HttpAnswer(500)) == (
        [one],
        Outcome("retry", "HTTP 500", blame="destination"),
    )
    assert drive(exchange(None, 0, CONTEXT)) == ([], Outcome("delivered"))


def test_headers_are_found_whatever_their_case() -> None:
    answer = HttpAnswer(200, (("retry-after", "1"), ("retry-after", "2")))
    assert (answer.header("Retry-After"), answer.header("x")) == ("1", "")


@pytest.mark.parametrize("kind", ["text/html", "Text/HTML; charset=utf-8", "application/xhtml+xml"])
@pytest.mark.parametrize("status", [200, 202, 204])
def test_a_web_page_is_no_answer_of_an_interface(status: int, kind: str) -> None:
    answer = HttpAnswer(status, (("content-type", kind),), b"<html>sign in</html>")
    reason = f"HTTP {status}: a web page answered in the place of the interface"
    assert interface_outcome(answer) == Outcome("retry", reason, blame="setting")
    assert http_outcome(answer) == Outcome("delivered", f"{status}")


@pytest.mark.parametrize(
    "answer",
    [
        HttpAnswer(204),
        HttpAnswer(200, (("content-type", "application/json"),)),
        HttpAnswer(503, (("content-type", "text/html"),)),
    ],
)
def test_other_answers_of_an_interface_mean_what_they_do(answer: HttpAnswer) -> None:
    assert interface_outcome(answer, "said", NOW) == http_outcome(answer, "said", NOW)


def test_a_date_to_wait_for_counts_from_the_date_of_the_answer_where_there_is_no_clock() -> None:
    headers = (("date", "Sat, 21 Nov 2026 10:00:00 GMT"), ("retry-after", "Sat, 21 Nov 2026 10:02:00 GMT"))
    assert retry_after(HttpAnswer(429, headers)) == 120.0
    assert retry_after(HttpAnswer(429, headers), "2026-11-21T10:01:00.000000Z") == 60.0
    assert retry_after(HttpAnswer(429, headers[1:])) is None
    assert retry_after(HttpAnswer(429, (("date", "x"), headers[1]))) is None
