"""Documents: keys decide, at every depth and inside strings."""

import json
import re

import pytest

from spawngate.model.json import Json
from spawngate.redact.documents import DEEPEST, document, json_text
from spawngate.redact.lines import Line
from spawngate.redact.marks import Marker


def redact(value: Json, key: str = "config") -> Json:
    found: Json = json.loads(
        re.sub(r"\[secret:([a-z0-9-]+):[0-9a-f]{16}\]", r"<\1>", json.dumps(document(Line(Marker(b"k")), key, value)))
    )
    return found


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"token": "abc"}, {"token": "<named-value>"}),
        ({"token": 12345, "pin": 1}, {"token": "<named-value>", "pin": 1}),
        ({"token": True, "password": None, "secret": ""}, {"token": True, "password": None, "secret": ""}),
        ({"token": "${X}"}, {"token": "${X}"}),
        (
            {"auth": {"type": "oauth", "clientSecret": "x"}},
            {"auth": {"type": "oauth", "clientSecret": "<named-value>"}},
        ),
        ({"auth": "oauth"}, {"auth": "oauth"}),
        ({"secrets": {"a": "b"}}, {"secrets": {"a": "<named-value>"}}),
        ({"env": {"A": "b", "NODE_ENV": "production"}}, {"env": {"A": "<env-value>", "NODE_ENV": "production"}}),
        ({"env": ["A=b", "C=${C}"]}, {"env": ["A=<env-value>", "C=${C}"]}),
        ({"env": [{"name": "A", "value": "b"}]}, {"env": [{"name": "A", "value": "<env-value>"}]}),
        ({"headers": {"X-A": "b"}}, {"headers": {"X-A": "<header-value>"}}),
        ({"headers": ["X-A: b"]}, {"headers": ["X-A: <header-value>"]}),
        ({"args": ["--token", "abc", "-y"]}, {"args": ["--token", "<flag-value>", "-y"]}),
        ({"command": "curl -u a:b https://h"}, {"command": "curl -u a:<password> https://h"}),
        ({"url": "https://h/x?k=v"}, {"url": "https://h/x?k=<url-query>"}),
        ({"max_tokens": 100, "model": "x"}, {"max_tokens": 100, "model": "x"}),
        ({"list": [{"apiKey": "a"}, 3]}, {"list": [{"apiKey": "<named-value>"}, 3]}),
        ({"apiKeys": ["a", "b"]}, {"apiKeys": ["<named-value>", "<named-value>"]}),
        ({"name": "api_token", "value": "x"}, {"name": "api_token", "value": "<named-value>"}),
        ({"text": '{"token": "abc"}'}, {"text": '{"token": "<named-value>"}'}),
    ],
)
def test_document(value: Json, expected: Json) -> None:
    assert redact(value) == expected


def test_secret_as_a_key() -> None:
    assert redact({"ghp_" + "a1B2" * 9: 1}) == {"<github-token>": 1}


def test_too_deep_is_hidden() -> None:
    value: Json = "x"
    for _ in range(DEEPEST + 5):
        value = [value]
    found = redact(value)
    for _ in range(DEEPEST + 1):
        assert isinstance(found, list)
        found = found[0]
    assert found == "<text>"


def test_json_text_keeps_the_spelling_of_what_is_harmless() -> None:
    line = Line(Marker(b"k"))
    assert json_text(line, "x", '{ "a":1,  "b": [true] }') == '{ "a":1,  "b": [true] }'
    assert json_text(line, "x", "not json") is None
    assert json_text(line, "x", "[" * 100_000 + "]" * 100_000) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{ "token" : "abc",\n "a\\/b":1.50 }', '{ "token" : "<named-value>",\n "a\\/b":1.50 }'),
        ('{"token": 123456, "x": [ ]}', '{"token": "<named-value>", "x": [ ]}'),
        ('{"token": "a", "token": "b", "x":1}', '{"token": "<named-value>", "x": 1}'),
    ],
)
def test_json_text_keeps_its_spelling(text: str, expected: str) -> None:
    found = json_text(Line(Marker(b"k")), "config", text)
    assert re.sub(r"\[secret:([a-z0-9-]+):[0-9a-f]{16}\]", r"<\1>", found or "") == expected


def test_digests_stay_under_their_names() -> None:
    digest = "1f2e3d4c5b6a79880716253443526170f1e2d3c4b5a6978807162534435261ff"
    assert redact({"digest": digest, "sha256": digest, "other": digest, "secret_hash": digest}) == {
        "digest": digest,
        "sha256": digest,
        "other": "<high-entropy>",
        "secret_hash": "<named-value>",
    }
