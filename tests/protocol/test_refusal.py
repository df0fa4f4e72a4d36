"""What an agent reads where a call or a start is refused."""

import json

import pytest

from spawngate.protocol import refusal


def test_a_denied_call_is_a_tool_result() -> None:
    assert refusal.denied('"a\\u0041"', "no: \u2028", modern=False) == (
        b'{"jsonrpc":"2.0","id":"a\\u0041","result":{"content":[{"type":"text","text":"no: \\u2028"}],"isError":true}}'
    )


def test_a_modern_result_says_that_it_is_complete() -> None:
    assert json.loads(refusal.denied("1", "no", modern=True)) == {
        "jsonrpc": "2.0",
        "id": 1,
        "result": {"content": [{"type": "text", "text": "no"}], "isError": True, "resultType": "complete"},
    }


ERROR = b'"error":{"code":-32001,"message":"not approved"}}'


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (b'{"jsonrpc":"2.0","id":1,"method":"initialize"}\r\n', b'{"jsonrpc":"2.0","id":1,' + ERROR + b"\n"),
        (b'{"id":1.50,"method":"server/discover"}', b'{"jsonrpc":"2.0","id":1.50,' + ERROR + b"\n"),
        (b'{"id":null,"method":"x"}', b'{"jsonrpc":"2.0","id":null,' + ERROR + b"\n"),
        (b'{"method":"notifications/initialized"}\n', b""),
        (b'{"id":1,"result":{}}\n', b""),
        (b"hello\n", b""),
        (b"\n", b""),
        (b"[]\n", b""),
        (
            b'[{"id":1,"method":"a"},{"method":"b"},{"id":"x","method":"c"}]\n',
            b'[{"jsonrpc":"2.0","id":1,' + ERROR + b',{"jsonrpc":"2.0","id":"x",' + ERROR + b"]\n",
        ),
    ],
)
def test_requests_of_a_server_that_was_not_started(line: bytes, answer: bytes) -> None:
    assert refusal.refuse(line, "not approved") == answer
