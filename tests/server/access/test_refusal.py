"""How requests are refused."""

import pytest
from starlette.types import Scope

from spawngate.server.access.refusal import TITLES, is_api, refusal


def scope(path: str, accept: str = "", method: str = "GET", query: str = "") -> Scope:
    headers = [(b"accept", accept.encode())] if accept else []
    return {"type": "http", "path": path, "headers": headers, "method": method, "query_string": query.encode()}


@pytest.mark.parametrize(
    ("path", "accept", "expected"),
    [
        ("/api/v1/teams", "text/html", True),
        ("/v1/logs", "", True),
        ("/v0.1/servers", "", True),
        ("/metrics", "text/html", True),
        ("/endpoints", "text/html,application/xhtml+xml", False),
        ("/endpoints", "", False),
        ("/endpoints", "*/*", False),
        ("/endpoints", "application/json", True),
    ],
)
def test_programs_and_people_are_told_apart(path: str, accept: str, expected: bool) -> None:
    assert is_api(scope(path, accept)) is expected


def test_a_program_gets_json() -> None:
    answer = refusal(scope("/api/v1/x"), 429, "Too many.", 1.2, headers={"x-a": "b"}, more={"character": 3})
    assert (answer.status_code, answer.headers["retry-after"], answer.headers["x-a"]) == (429, "2", "b")
    assert answer.body == b'{"schema_version":1,"error":{"message":"Too many.","character":3}}'


def test_a_person_gets_a_page_in_which_nothing_runs() -> None:
    answer = refusal(scope("/x"), 404, "<script>alert(1)</script>")
    assert (answer.status_code, answer.media_type) == (404, "text/html")
    assert b"&lt;script&gt;" in answer.body
    assert b"<script" not in answer.body
    assert TITLES[404].encode() in answer.body


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("/", "", "/login"),
        ("/endpoints", "q=a&team=1", "/login?next=/endpoints%3Fq%3Da%26team%3D1"),
        ("//evil.example", "", "/login?next=//evil.example"),
    ],
)
def test_who_has_not_signed_in_is_shown_the_door_and_comes_back(path: str, query: str, expected: str) -> None:
    """Whether the way back is one of this server's is asked at the door (`entering.next_of`)."""
    answer = refusal(scope(path, query=query), 401, "Sign in first.")
    assert (answer.status_code, answer.headers["location"]) == (303, expected)


def test_a_form_is_not_sent_to_the_door() -> None:
    assert refusal(scope("/x", method="POST"), 401, "Sign in first.").status_code == 401
