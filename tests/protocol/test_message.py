"""One JSON-RPC message out of bytes: what it is, and why it is none."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.protocol.jsontext import Unreadable
from spawngate.protocol.message import call_of, fold, inner_return, is_call, parse, plain, watched
from tests.protocol.readers import calls_seen
from tests.protocol.strategies import CALLS, OTHERS, dumped


@given(st.data(), CALLS)
def test_a_call_is_read(data: st.DataObject, value: dict[str, object]) -> None:
    line = data.draw(dumped(value)) + b"\n"
    messages, batch = parse(line)
    call = call_of(messages[0])
    params = value["params"]
    assert isinstance(params, dict)
    assert (len(messages), batch, plain(line), is_call(messages[0])) == (1, False, False, True)
    assert (call.tool, call.arguments, call.modern) == (params["name"], params["arguments"], "_meta" in params)
    assert json.loads(messages[0].id_text or "") == value["id"]


@given(st.data(), st.lists(CALLS | OTHERS, min_size=1, max_size=4))
def test_a_batch_is_read(data: st.DataObject, values: list[dict[str, object]]) -> None:
    messages, batch = parse(data.draw(dumped(values)))
    assert batch
    assert [message.values for message in messages] == values
    assert [json.loads(message.raw) for message in messages] == values
    assert [is_call(message) for message in messages] == [value.get("method") == "tools/call" for value in values]


@given(st.binary(max_size=80) | st.text(max_size=60).map(str.encode))
def test_any_bytes_are_messages_or_refused(line: bytes) -> None:
    plain(line)
    try:
        messages, _ = parse(line)
    except Unreadable:
        return
    assert messages
    assert [m.values for m in parse(line, replace=True)[0]] == [m.values for m in messages]


METHODS = [
    b'"tools/call"',
    b'"tools\\/call"',
    b'"\\u0074ools/call"',
    b'"TOOLS/call"',
    b'"tools/call "',
    b'"tools/call\\u0000x"',
    b'"tools\xff/call"',
    b"'tools/call'",
    b'"resources/read"',
]


@given(
    st.lists(
        st.sampled_from(
            [
                b"{",
                b"}",
                b"[",
                b"]",
                b",",
                b":",
                b"\r",
                b"\t",
                b'"method"',
                b'"Method"',
                b'"metho\\u0064"',
                b'"id"',
                b"1",
                b'"x"',
            ]
            + [b'"method":' + method for method in METHODS]
            + [b'{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"evil"}}']
        ),
        max_size=12,
    ).map(b"".join)
    | st.sampled_from(METHODS).map(lambda m: b'{"id":1,"method":' + m + b"}")
)
def test_a_plain_line_is_a_call_to_no_reader(line: bytes) -> None:
    for encoded in (line, line.decode("latin-1").encode("utf-16-le"), line.decode("latin-1").encode("utf-32")):
        if plain(encoded):
            assert calls_seen(encoded) == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b'{"jsonrpc":"2.0","id":1,"method":"ping"}\n', True),
        (b'{"jsonrpc":"2.0","id":1,"method":"ping"}\r\n', True),
        (b"hello\n", True),
        (b"", True),
        ('{"x":"\u00e4"}'.encode(), True),
        (b'{"x":"\xe4"}', False),
        (b'{"x":"a\\nb"}', False),
        (b'{"method":"tools/list"}', False),
        (b'{"method":"TOOLS/CALL"}', False),
        (b'{"method":"initialize"}', False),
        (b'{"method":"server/discover"}', False),
        (b"a\rb\n", False),
        (b"a\r\r\n", False),
        (b"a\0", False),
    ],
)
def test_plain(line: bytes, expected: bool) -> None:
    assert plain(line) is expected


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b'{"method":"tools/call"}', "params is no object"),
        (b'{"method":"tools/call","params":[]}', "params is no object"),
        (b'{"method":"tools/call","params":{}}', "name is no text"),
        (b'{"method":"tools/call","params":{"name":["a"]}}', "name is no text"),
        (b'{"method":"tools/call","params":{"name":"a","arguments":[1]}}', "arguments is no object"),
        (b'{"method":"tools/call","params":{"name":"a","arguments":"{}"}}', "arguments is no object"),
        (b'{"method":"tools/call","params":{"name":"a","name":"b"}}', "a key stands twice"),
        (b'{"method":"tools/call","params":{"name":"a","n\\u0061me":"b"}}', "a key stands twice"),
        (b'{"method":"tools/call","params":{"name":"a","arguments":{"x":{"y":1,"y":2}}}}', "a key stands twice"),
        (b'{"method":"tools/call","params":{"name":"a"},"params":{"name":"b"}}', "a key stands twice"),
        (b'{"method":"ping","method":"tools/call","params":{"name":"b"}}', "a key stands twice"),
        (b'{"method":"tools/call","method":"ping","params":{"name":"b"}}', "a key stands twice"),
        (b'{"method":"tools/call","params":{"name":"a","Name":"b"}}', "a key is spelt like another"),
        (b'{"method":"tools/call","params":{"name":"a","Arguments":{}}}', "a key is spelt like another"),
        (b'{"method":"tools/call","params":{"name":"a"},"Params":{"name":"b"}}', "a key is spelt like another"),
        (
            '{"method":"tools/call","params":{"name":"a"},"param\u017f":{"name":"b"}}'.encode(),
            "a key is spelt like another",
        ),
        (b'{"METHOD":"tools/call","params":{"name":"a"}}', "a key is spelt like another"),
        (b'{"method":"Tools/Call","params":{"name":"a"}}', "the method is spelt like tools/call"),
        (b'{"method":" tools/call","params":{"name":"a"}}', "the method is spelt like tools/call"),
        (b'{"method\\u0000":"tools/call","params":{"name":"a"}}', "a key is spelt like another"),
    ],
)
def test_a_call_that_is_not_the_same_to_all(line: bytes, why: str) -> None:
    (message,), _ = parse(line)
    assert (plain(line), is_call(message), watched(message)) == (False, True, True)
    with pytest.raises(Unreadable) as problem:
        call_of(message)
    assert str(problem.value) == why


@pytest.mark.parametrize("arguments", [b"", b',"arguments":null', b',"arguments":{}'])
def test_arguments_may_be_missing(arguments: bytes) -> None:
    (message,), _ = parse(b'{"id":1,"method":"tools/call","params":{"name":"a"' + arguments + b"}}")
    call = call_of(message)
    assert (call.tool, call.arguments, call.modern) == ("a", {}, False)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"\n", "it is no object"),
        (b"[]", "an entry of the batch is no object"),
        (b'["tools/call"]', "an entry of the batch is no object"),
        (b"[[{}]]", "an entry of the batch is no object"),
        (b"[{},]", "an entry of the batch is no object"),
        (b"[{}", "a comma is missing"),
        (b'"tools/call"', "it is no object"),
        (b"{}{}", "something follows the message"),
        (b"{}\x00", "something follows the message"),
        (b"{'method':'tools/call'}", "a key is missing"),
        (b"{/**/}", "a key is missing"),
    ],
)
def test_what_is_no_message(line: bytes, why: str) -> None:
    with pytest.raises(Unreadable) as problem:
        parse(line)
    assert str(problem.value) == why


def test_the_text_of_an_id_is_kept() -> None:
    (message,), _ = parse(b'{ "id" : 1.0e0 , "method":"ping"}')
    assert message.id_text == "1.0e0"
    assert parse(b'{"method":"x"}')[0][0].id_text is None


def test_an_object_is_written_anew_in_our_reading() -> None:
    (message,), _ = parse(b'{"id":1.50,"id":2.50,"Result":{},"result":{"a":1},"x":"\\u0041"}')
    assert message.replaced("result", "{}") == '{"id":2.50,"result":{},"x":"\\u0041"}'


@pytest.mark.parametrize(
    ("line", "expected"),
    [(b"a\r\n", False), (b"a\r", False), (b"a", False), (b"a\rb", True), (b"\r\r\n", True), (b"\ra\r\n", True)],
)
def test_inner_return(line: bytes, expected: bool) -> None:
    assert inner_return(line) is expected


@pytest.mark.parametrize(
    ("key", "folded"),
    [("Name", "name"), (" name\t", "name"), ("name\0x", "name"), ("PARAM\u017f", "params"), ("n", "n")],
)
def test_fold(key: str, folded: str) -> None:
    assert fold(key) == folded
