"""Tokens: asked for once, held, asked for anew when refused, and never a cause to lose a batch."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.routing.destination import (
    Answer,
    Context,
    Exchange,
    Failed,
    HttpAnswer,
    HttpRequest,
    Outcome,
    http_outcome,
)
from spawngate.routing.oauth import KeyProblem, authorized, client_credentials, jwt_bearer, signing_key
from tests.stubs.secops import Google

NOW = "2026-11-21T10:00:00Z"
REQUEST = client_credentials("https://login.test/t/oauth2/v2.0/token", "c1", "s &=", "https://x/.default")


def sent(token: str) -> Exchange:
    answer = yield HttpRequest("POST", "https://api.test/", (("Authorization", f"Bearer {token}"),))
    return http_outcome(answer)


def run(answer: Callable[[HttpRequest], Answer], held: dict[str, str] | None = None) -> tuple[Outcome, list[str]]:
    steps = authorized(REQUEST, sent, Context(NOW, 1, {}, held or {}))
    asked: list[str] = []
    try:
        outgoing = next(steps)
        while True:
            assert isinstance(outgoing, HttpRequest)
            asked.append(dict(outgoing.headers).get("Authorization", "token"))
            outgoing = steps.send(answer(outgoing))
    except StopIteration as end:
        outcome: Outcome = end.value
        return outcome, asked


def server(valid: str, lives: object = 3600) -> Callable[[HttpRequest], Answer]:
    def answer(request: HttpRequest) -> Answer:
        if request == REQUEST:
            return HttpAnswer(200, (), json.dumps({"access_token": valid, "expires_in": lives}).encode())
        good = dict(request.headers)["Authorization"] == f"Bearer {valid}"
        return HttpAnswer(200 if good else 401)

    return answer


def test_form() -> None:
    assert REQUEST.body == (
        b"grant_type=client_credentials&client_id=c1&client_secret=s+%26%3D&scope=https%3A%2F%2Fx%2F.default"
    )
    assert dict(REQUEST.headers)["Content-Type"] == "application/x-www-form-urlencoded"


def test_a_token_is_asked_for_and_held() -> None:
    outcome, asked = run(server("t1"))
    assert asked == ["token", "Bearer t1"]
    assert outcome == Outcome("delivered", "200", hold={"token": "t1", "token_until": "2026-11-21T10:58:00+00:00"})
    again, asked = run(server("t1"), dict(outcome.hold))
    assert (again, asked) == (Outcome("delivered", "200"), ["Bearer t1"])


@pytest.mark.parametrize("until", ["2026-11-21T09:59:59+00:00", "", "nonsense", "2026-11-21T11:00:00"])
def test_a_token_that_has_ended_is_not_used(until: str) -> None:
    _, asked = run(server("t2"), {"token": "t1", "token_until": until})
    assert asked == ["token", "Bearer t2"]


def test_a_token_that_is_refused_is_asked_for_anew_once() -> None:
    held = {"token": "old", "token_until": "2026-11-21T10:30:00+00:00"}
    outcome, asked = run(server("t2"), held)
    assert (outcome.state, asked) == ("delivered", ["Bearer old", "token", "Bearer t2"])

    def never(request: HttpRequest) -> Answer:
        return server("t2")(request) if request == REQUEST else HttpAnswer(401)

    outcome, asked = run(never, held)
    assert (outcome.state, outcome.blame, len(asked)) == ("retry", "setting", 3)


@pytest.mark.parametrize(
    ("answer", "blame", "reason"),
    [
        (HttpAnswer(400, (), b'{"error":"invalid_grant"}'), "setting", "no token: HTTP 400: invalid_grant"),
        (HttpAnswer(401, (), b'{"error_description":"bad"}'), "setting", "no token: HTTP 401: bad"),
        (HttpAnswer(503), "destination", "no token: HTTP 503"),
        (Failed("connect", "refused"), "destination", "no token: connect: refused"),
        (HttpAnswer(200, (), b"{}"), "setting", "no token in the answer"),
        (HttpAnswer(200, (), b"["), "setting", "no token in the answer"),
        (HttpAnswer(200, (), b'{"access_token":"a\\nb"}'), "setting", "no token in the answer"),
    ],
)
def test_no_token_is_no_loss(answer: Answer, blame: str, reason: str) -> None:
    outcome, _ = run(lambda request: answer)
    assert (outcome.state, outcome.blame, outcome.reason) == ("retry", blame, reason)


@given(
    st.none() | st.integers() | st.text(max_size=5) | st.floats(allow_nan=False, allow_infinity=False) | st.booleans()
)
def test_any_time_to_live(lives: object) -> None:
    outcome, _ = run(server("t", lives))
    assert outcome.state == "delivered"


def test_service_account() -> None:
    google = Google()
    request = jwt_bearer(google.account, "https://www.googleapis.com/auth/cloud-platform", NOW)
    assert google.answer(request) == HttpAnswer(200, (), b'{"access_token": "ya29.1", "expires_in": 3599}')
    other = jwt_bearer(google.account, "other", NOW)
    assert google.answer(other).status == 400


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "JSON text"),
        ("[]", "JSON text"),
        ("{}", "must be there"),
        ('{"private_key":"x","client_email":"a","token_uri":"https://t.test"}', "no key that can be read"),
        ('{"private_key":"x","client_email":"a","token_uri":"ftp://t.test"}', "token_uri"),
        ('{"private_key":"\\ud800","client_email":"a","token_uri":"https://t.test"}', "JSON text|no key"),
    ],
)
def test_key_files(text: str, problem: str) -> None:
    with pytest.raises(KeyProblem, match=problem):
        signing_key(text)


def test_a_key_of_another_kind() -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ed25519

    pem = ed25519.Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    told = {"private_key": pem.decode(), "client_email": "a", "token_uri": "https://t.test"}
    with pytest.raises(KeyProblem, match="no RSA key"):
        signing_key(json.dumps(told))
