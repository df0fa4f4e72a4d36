"""Answers that hold tools or instructions: held, looked at, and written anew only where something is withheld."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.protocol.answers import plain
from spawngate.protocol.message import fold
from spawngate.protocol.relay import Relay
from tests.protocol.strategies import VALUES, dumped

if TYPE_CHECKING:
    from spawngate.protocol.relay import Step


def ask(method: str = "tools/list", identifier: str = "1", params: str = "{}") -> bytes:
    return f'{{"jsonrpc":"2.0","id":{identifier},"method":"{method}","params":{params}}}\n'.encode()


def answer(result: str, identifier: str = "1") -> bytes:
    return f'{{"jsonrpc":"2.0","id":{identifier},"result":{result}}}\n'.encode()


def asked(*lines: bytes) -> Relay:
    relay = Relay()
    for line in lines:
        assert relay.from_agent(line) == [("server", line)]
    return relay


def written(steps: Sequence[Step]) -> bytes:
    """The one line that the agent gets."""
    (step,) = steps
    assert step[0] == "agent"
    return step[1]


def question(steps: Sequence[Step]) -> list[dict[str, object]] | None:
    """The tools of the one question that is asked."""
    (step,) = steps
    assert step[0] == "tools"
    return step[3]


A, B = {"name": "a", "inputSchema": {"type": "object"}}, {"name": "b", "description": "\u00e4"}
TOOLS = json.dumps({"tools": [A, B], "x": 1.10}, ensure_ascii=False)


def test_a_list_that_is_allowed_stays_as_it_was_written() -> None:
    relay = asked(ask())
    line = answer(TOOLS).replace(b"\n", b"\r\n")
    assert relay.from_server(line) == [("tools", 1, None, [A, B], False)]
    assert relay.from_server(b"log\n") == []
    assert relay.held == len(line) + 4
    assert relay.resolve(1, "allow", "") == [("agent", line), ("agent", b"log\n")]


def test_withheld_tools_are_taken_out() -> None:
    relay = asked(ask(identifier="1.50"))
    relay.from_server(answer(TOOLS, "1.50"))
    assert relay.resolve(1, "allow", "", ["b", "c"]) == [
        (
            "agent",
            b'{"jsonrpc":"2.0","id":1.50,"result":{"tools":[{"name":"a","inputSchema":{"type":"object"}}],"x":1.1}}\n',
        )
    ]


@pytest.mark.parametrize(
    ("verdict", "withhold", "left"),
    [("deny", [], []), ("deny", ["a"], [B]), ("allow", ["a", "b"], []), ("allow", [], [A, B]), ("nonsense", [], [])],
)
def test_what_is_left_of_a_list(verdict: str, withhold: list[str], left: list[object]) -> None:
    relay = asked(ask())
    relay.from_server(answer(TOOLS))
    line = written(relay.resolve(1, verdict, "no", withhold))
    assert json.loads(line)["result"]["tools"] == left


def test_an_empty_list_is_asked_about() -> None:
    relay = asked(ask())
    assert relay.from_server(answer('{"tools":[]}')) == [("tools", 1, None, [], False)]


def test_pages_add_up() -> None:
    relay = asked(ask())
    assert relay.from_server(answer('{"tools":[{"name":"a"}],"nextCursor":"p2"}')) == [
        ("tools", 1, None, [{"name": "a"}], True)
    ]
    relay.resolve(1, "allow", "")
    relay.from_agent(ask(identifier="2", params='{"cursor":"p2"}'))
    assert relay.from_server(answer('{"tools":[{"name":"b"}]}', "2")) == [
        ("tools", 2, None, [{"name": "a"}, {"name": "b"}], False)
    ]
    assert relay.resolve(2, "allow", "", ["a"]) == [("agent", answer('{"tools":[{"name":"b"}]}', "2"))]
    relay.from_agent(ask(identifier="3"))
    assert relay.from_server(answer('{"tools":[{"name":"c"}]}', "3")) == [("tools", 3, None, [{"name": "c"}], False)]


def test_a_page_of_a_list_that_began_elsewhere_is_not_whole() -> None:
    relay = asked(ask(params='{"cursor":"p9"}'))
    assert relay.from_server(answer('{"tools":[{"name":"b"}]}')) == [("tools", 1, None, [{"name": "b"}], True)]


def test_instructions_are_asked_about_before_the_agent_sees_them() -> None:
    relay = asked(ask("initialize"))
    line = answer('{"instructions":"do","serverInfo":{}}')
    assert relay.from_server(line) == [("tools", 1, "do", None, False)]
    assert relay.resolve(1, "allow", "") == [("agent", line)]
    relay.from_agent(ask(identifier="2"))
    assert relay.from_server(answer('{"tools":[]}', "2")) == [("tools", 2, "do", [], False)]


@pytest.mark.parametrize(("verdict", "withhold"), [("deny", ()), ("allow", ("",)), ("deny", ("",))])
def test_withheld_instructions_are_taken_out(verdict: str, withhold: tuple[str, ...]) -> None:
    relay = asked(ask("server/discover"))
    relay.from_server(answer('{"instructions":"do","ttlMs":1}'))
    assert relay.resolve(1, verdict, "", withhold) == [("agent", answer('{"ttlMs":1}'))]


def test_instructions_that_are_gone_are_gone() -> None:
    relay = asked(ask("initialize"))
    relay.from_server(answer('{"instructions":"do"}'))
    relay.resolve(1, "allow", "")
    relay.from_agent(ask("initialize", "2"))
    line = answer('{"serverInfo":{}}', "2")
    assert relay.from_server(line) == [("agent", line)]
    relay.from_agent(ask(identifier="3"))
    assert relay.from_server(answer('{"tools":[]}', "3")) == [("tools", 2, None, [], False)]


@pytest.mark.parametrize("identifier", ['"1"', "1.0", '" 1 "', "2", '"zz"', "null", "true", "[1]", '{"a":1}'])
def test_a_list_is_known_whatever_it_says_it_answers(identifier: str) -> None:
    relay = asked(ask())
    assert question(relay.from_server(answer('{"tools":[{"name":"a"}]}', identifier))) == [{"name": "a"}]


def test_a_list_after_its_answer_is_asked_about_again() -> None:
    """An agent may not have taken the first answer for one."""
    relay = asked(ask())
    error = b'{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}}\n'
    assert relay.from_server(error) == [("agent", error)]
    assert relay.from_server(answer('{"tools":[{"name":"a"}]}')) == [("tools", 1, None, [{"name": "a"}], True)]


UNREADABLE = [
    b'{"jsonrpc":"2.0","id":1,"result":{"tools":[]}} {}\n',
    b'"result":{"tools":[]}}\n',
    b'{"tools":[{"name":"a"}]}\n',
    b'{"jsonrpc":"2.0","id":1,"method":"x","tools":[]}\n',
    b'{"jsonrpc":"2.0","id":1,"method":"x","Tools":[]}\n',
    b"{'result':{'tools':[]}}\n",
    b'"tools"\n',
    '{"id":1,"result":{"tools":[]}}\n'.encode("utf-16-le"),
]


@pytest.mark.parametrize("line", UNREADABLE)
def test_what_another_reader_could_take_for_a_list_is_not_passed_on(line: bytes) -> None:
    relay = asked(ask())
    assert (relay.from_server(line), relay.dropped) == ([], 1)


@pytest.mark.parametrize("line", [*UNREADABLE, b"\x00\xff\n", b"\n", b"C:\\tools\n"])
def test_text_passes_where_nobody_waits_for_a_list(line: bytes) -> None:
    assert Relay().from_server(line) == [("agent", line)]


@pytest.mark.parametrize("line", [b"Server ready\n", b"\n", b"{}\n", b"[1]\n", b'{"level":"info"}\r\n', b"50%\rdone\n"])
def test_other_text_passes_also_while_somebody_waits(line: bytes) -> None:
    relay = asked(ask())
    expected = [] if b"\r" in line[:-2] else [("agent", line)]
    assert relay.from_server(line) == expected


@pytest.mark.parametrize(
    ("line", "tools", "expected"),
    [
        (answer('{"tools":[{"name":"a"}],"Tools":[{"name":"x"}]}'), [{"name": "a"}], {"tools": [{"name": "a"}]}),
        (answer('{"tools":[{"name":"x"}],"tools":[{"name":"a"}]}'), [{"name": "a"}], {"tools": [{"name": "a"}]}),
        (answer('{"tools":[{"name":"a","Description":"x"}]}'), [{"name": "a"}], {"tools": [{"name": "a"}]}),
        (answer('{"tools":[{"name":"x","name":"a"}]}'), [{"name": "a"}], {"tools": [{"name": "a"}]}),
        (answer('{"tools":[1,{"name":2},{},{"name":"a"}]}'), [{"name": "a"}], {"tools": [{"name": "a"}]}),
        (answer('{\r"tools":[{"name":"a"}]}'), [{"name": "a"}], {"tools": [{"name": "a"}]}),
        (b'{"jsonrpc":"2.0","id":1,"result":{},"result":{"tools":[]}}\n', [], {"tools": []}),
        (b'{"jsonrpc":"2.0","id":1,"Result":{"tools":[1]},"result":{"tools":[]}}\n', [], {"tools": []}),
        (
            b'{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"a\xff"}]}}\n',
            [{"name": "a\ufffd"}],
            {"tools": [{"name": "a\ufffd"}]},
        ),
    ],
)
def test_a_list_of_two_readings_is_written_in_the_one_that_was_judged(
    line: bytes, tools: object, expected: object
) -> None:
    relay = asked(ask())
    assert relay.from_server(line) == [("tools", 1, None, tools, False)]
    text = written(relay.resolve(1, "allow", ""))
    assert json.loads(text) == {"jsonrpc": "2.0", "id": 1, "result": expected}
    assert text.isascii()
    assert text != line


def test_instructions_in_another_spelling_are_left_out() -> None:
    relay = asked(ask("initialize"))
    text = written(relay.from_server(answer('{"Instructions":"do","serverInfo":{}}')))
    assert json.loads(text)["result"] == {"serverInfo": {}}


def test_lists_in_a_batch() -> None:
    relay = asked(ask("initialize"), ask(identifier="2"))
    first, second = answer('{"instructions":"do"}').strip(), answer('{"tools":[{"name":"a"}]}', "2").strip()
    line = b"[" + first + b", " + second + b"]\n"
    assert relay.from_server(line) == [("tools", 1, "do", None, False), ("tools", 2, "do", [{"name": "a"}], False)]
    assert relay.resolve(2, "allow", "") == []
    assert relay.resolve(1, "deny", "") == [("agent", b"[" + answer("{}").strip() + b"," + second + b"]\n")]


def test_an_agent_that_asks_without_end_costs_no_memory() -> None:
    relay = Relay()
    for number in range(3000):
        relay.from_agent(ask(identifier=str(number)))
        question(relay.from_server(answer(f'{{"tools":[],"nextCursor":"c{number}"}}', str(number))))
        relay.resolve(number + 1, "allow", "")
    for number in range(3000):
        relay.from_agent(ask(identifier=f'"x{number}"'))
    assert relay._answers is not None
    assert (len(relay._answers.asked), len(relay._answers._pages)) == (1024, 256)


RESULTS = st.dictionaries(st.text(max_size=8), VALUES, max_size=4)


@given(st.data(), st.lists(st.tuples(RESULTS, st.sampled_from([b"\n", b"\r\n"])), max_size=6))
def test_other_answers_pass_byte_for_byte(data: st.DataObject, results: list[tuple[dict[str, object], bytes]]) -> None:
    relay = asked(ask())
    for number, (result, end) in enumerate(results):
        line = data.draw(dumped({"jsonrpc": "2.0", "id": number + 2, "result": result})) + end
        assert relay.from_server(line) == [("agent", line)]


NAMES = st.lists(st.sampled_from("abcdef"), max_size=6)


@given(NAMES, st.sets(st.sampled_from("abcdef")), st.data())
def test_the_agent_sees_what_is_not_withheld(names: list[str], withhold: set[str], data: st.DataObject) -> None:
    relay = asked(ask())
    line = (
        data.draw(dumped({"jsonrpc": "2.0", "id": 1, "result": {"tools": [{"name": name} for name in names]}})) + b"\n"
    )
    relay.from_server(line)
    text = written(relay.resolve(1, "allow", "", sorted(withhold)))
    kept = [name for name in names if name not in withhold]
    assert [tool["name"] for tool in json.loads(text)["result"]["tools"]] == kept
    if kept == names:
        assert text == line


SPELLINGS = st.sampled_from(
    [
        b'"tools"',
        b'"Tools"',
        b'"\\u0074ools"',
        b'"tool\xc5\xbf"',
        b'"tool\\u017f"',
        b'"TOOLS"',
        b'"to\xffols"',
        b'"tools\\u0000"',
    ]
)


@given(
    SPELLINGS,
    st.sampled_from([b'"result"', b'"Result"', b'"re\\u0073ult"']),
    st.sampled_from([b"1", b'"1"', b"7"]),
    st.booleans(),
)
def test_no_spelling_of_a_list_passes_unasked(key: bytes, result: bytes, identifier: bytes, waits: bool) -> None:
    """Whatever reaches the agent without a question holds no tools for a reader that takes keys in any case."""
    relay = asked(ask()) if waits else Relay()
    line = b'{"jsonrpc":"2.0","id":' + identifier + b"," + result + b":{" + key + b':[{"name":"evil"}]}}\n'
    assert not plain(line)
    seen = [step[1] for step in relay.from_server(line) if step[0] == "agent"]
    for text in seen:
        read = json.loads(text, object_pairs_hook=lambda pairs: {fold(key): value for key, value in pairs})
        assert "tools" not in (read.get("result") or {})
