"""The handshake check: what an MCP server says, and everything else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.protocol.probe import Probe
from tests.protocol.strategies import VALUES

CLIENT = {"name": "spawngate", "version": "1"}
META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": CLIENT,
    "io.modelcontextprotocol/clientCapabilities": {},
}
TOOL = {"name": "read", "inputSchema": {"type": "object"}}


def request(number: int, method: str, params: object) -> bytes:
    value = {"jsonrpc": "2.0", "id": f"spawngate-{number}", "method": method, "params": params}
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def discover(number: int = 1) -> bytes:
    return request(number, "server/discover", {"_meta": META})


def initialize(number: int, version: str = "2025-11-25") -> bytes:
    return request(number, "initialize", {"protocolVersion": version, "capabilities": {}, "clientInfo": CLIENT})


INITIALIZED = b'{"jsonrpc":"2.0","method":"notifications/initialized"}\n'


def result(number: int, value: object) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": f"spawngate-{number}", "result": value}).encode() + b"\n"


def error(number: int, code: int, data: object = None) -> bytes:
    value = {"code": code, "message": "no", "data": data}
    return json.dumps({"jsonrpc": "2.0", "id": f"spawngate-{number}", "error": value}).encode() + b"\n"


def discovered(**more: object) -> dict[str, object]:
    server = {"io.modelcontextprotocol/serverInfo": {"name": "demo", "version": "2"}}
    return {"supportedVersions": ["2026-07-28"], "capabilities": {"tools": {}}, "_meta": server, **more}


def initialized(**more: object) -> dict[str, object]:
    server = {"name": "demo", "version": "2"}
    return {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": server, **more}


def started(legacy: bool = False) -> Probe:
    probe = Probe("spawngate", "1", legacy=legacy)
    assert probe.start() == (initialize(1) if legacy else discover())
    return probe


def settled(probe: Probe) -> tuple[object, ...]:
    return probe.outcome, probe.detail, probe.era, probe.server, probe.instructions, probe.tools


DEMO = {"name": "demo", "version": "2"}


def test_a_modern_server() -> None:
    probe = started()
    assert probe.patience == 10.0
    assert probe.receive(result(1, discovered(instructions="do", resultType="complete"))) == request(
        2, "tools/list", {"_meta": META}
    )
    assert (probe.outcome, probe.patience) == (None, 15.0)
    assert probe.receive(result(2, {"tools": [TOOL]})) == b""
    assert settled(probe) == ("mcp", "", "modern", DEMO, "do", [TOOL])
    assert probe.patience == 0.0


@pytest.mark.parametrize("code", [-32601, -32602, -32600, -32000, 0])
def test_a_legacy_server_that_answers_with_an_error(code: int) -> None:
    probe = started()
    assert probe.receive(error(1, code)) == initialize(2)
    assert probe.patience == 30.0
    assert probe.receive(result(2, initialized(instructions="do"))) == INITIALIZED + request(3, "tools/list", {})
    assert probe.receive(result(3, {"tools": [TOOL]})) == b""
    assert settled(probe) == ("mcp", "", "legacy", DEMO, "do", [TOOL])


def test_a_legacy_server_that_is_silent() -> None:
    probe = started()
    assert probe.timeout() == initialize(2)
    assert probe.receive(error(1, -32601)) == b""
    assert probe.receive(result(2, initialized(capabilities={}))) == INITIALIZED
    assert settled(probe) == ("mcp", "", "legacy", DEMO, None, [])


def test_an_error_without_an_id_answers_discover() -> None:
    probe = started()
    assert probe.receive(b'{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"x"}}\n') == initialize(2)


def test_a_slow_modern_server() -> None:
    probe = started()
    assert probe.timeout() == initialize(2)
    assert probe.receive(result(1, discovered(capabilities={}))) == b""
    assert settled(probe) == ("mcp", "", "modern", DEMO, None, [])


def test_a_legacy_start() -> None:
    probe = started(legacy=True)
    assert probe.receive(result(1, initialized())) == INITIALIZED + request(2, "tools/list", {})


class TestVersions:
    def test_a_modern_server_of_revisions_that_nobody_knows(self) -> None:
        probe = started()
        assert probe.receive(error(1, -32022, {"supported": ["2031-01-01"], "requested": "x"})) == b""
        assert settled(probe)[:3] == (
            "mcp",
            "it speaks a revision or wants a capability that this check does not offer",
            "modern",
        )

    def test_a_modern_server_that_offers_a_legacy_revision(self) -> None:
        probe = started()
        assert probe.receive(error(1, -32022, {"supported": ["2025-06-18"]})) == initialize(2, "2025-06-18")

    def test_discover_names_only_legacy_revisions(self) -> None:
        probe = started()
        assert probe.receive(result(1, discovered(supportedVersions=["2025-06-18"]))) == initialize(2)

    def test_discover_names_only_unknown_revisions(self) -> None:
        probe = started()
        assert probe.receive(result(1, discovered(supportedVersions=["2031-01-01"]))) == b""
        assert settled(probe)[:4] == ("mcp", "it speaks only revisions that this check does not know", "modern", DEMO)

    def test_initialize_with_a_revision_that_is_supported(self) -> None:
        probe = started(legacy=True)
        assert probe.receive(error(1, -32602, {"supported": ["2024-11-05"]})) == initialize(2, "2024-11-05")
        assert probe.receive(error(2, -32602, {"supported": ["2025-03-26"]})) == b""
        assert settled(probe)[:2] == ("not-mcp", "it refuses the handshake with error -32602")

    def test_initialize_at_a_modern_server(self) -> None:
        probe = started(legacy=True)
        assert probe.receive(error(1, -32022, {"supported": ["2026-07-28"]})) == discover(2)
        assert probe.receive(result(2, discovered(capabilities={}))) == b""
        assert settled(probe)[:3] == ("mcp", "", "modern")

    def test_an_endless_change_of_era_ends(self) -> None:
        probe = started()
        written = [
            probe.receive(error(number, -32022, {"supported": ["2025-11-25", "2026-07-28"]})) for number in range(1, 12)
        ]
        assert probe.outcome == "mcp"
        assert len([line for line in written if line]) < 4


class TestPages:
    def test_pages_are_read_to_the_end(self) -> None:
        probe = started(legacy=True)
        probe.receive(result(1, initialized()))
        assert probe.receive(result(2, {"tools": [TOOL], "nextCursor": "b"})) == request(
            3, "tools/list", {"cursor": "b"}
        )
        other = {**TOOL, "name": "write"}
        assert probe.receive(result(3, {"tools": [other]})) == b""
        assert probe.tools == [TOOL, other]

    def test_a_repeated_cursor_ends_the_list(self) -> None:
        probe = started(legacy=True)
        probe.receive(result(1, initialized()))
        probe.receive(result(2, {"tools": [TOOL], "nextCursor": "b"}))
        assert probe.receive(result(3, {"tools": [TOOL], "nextCursor": "b"})) == b""
        assert settled(probe)[:2] == ("mcp", "it lists tools without end; only the first were read")
        assert probe.tools == [TOOL, TOOL]

    def test_a_list_without_end_ends_by_pages(self) -> None:
        probe = started(legacy=True)
        probe.receive(result(1, initialized()))
        number = 2
        while probe.receive(result(number, {"tools": [], "nextCursor": f"c{number}"})):
            number += 1
        assert (number, probe.outcome, probe.tools) == (101, "mcp", [])

    def test_a_list_without_end_ends_by_tools(self) -> None:
        probe = started(legacy=True)
        probe.receive(result(1, initialized()))
        assert probe.receive(result(2, {"tools": [TOOL] * 1001, "nextCursor": "b"})) == b""
        assert probe.tools == [TOOL] * 1000

    def test_an_error_leaves_the_tools_unknown(self) -> None:
        probe = started(legacy=True)
        probe.receive(result(1, initialized()))
        assert probe.receive(error(2, -32603)) == b""
        assert settled(probe) == ("mcp", "its tools were not listed: error -32603", "legacy", DEMO, None, None)

    def test_silence_leaves_the_tools_unknown(self) -> None:
        probe = started(legacy=True)
        probe.receive(result(1, initialized()))
        assert probe.timeout() == b""
        assert settled(probe)[:2] == ("mcp", "its tools were not listed in time")


class TestRequestsOfTheServer:
    def test_are_refused_and_notifications_passed_over(self) -> None:
        probe = started()
        assert probe.receive(b'{"jsonrpc":"2.0","id":1.0,"method":"roots/list"}\n') == (
            b'{"jsonrpc":"2.0","id":1.0,"error":{"code":-32601,"message":"not offered: roots/list"}}\n'
        )
        assert (
            probe.receive(b'{"jsonrpc":"2.0","id":"p","method":"ping"}\n')
            == b'{"jsonrpc":"2.0","id":"p","result":{}}\n'
        )
        assert probe.receive(b'{"jsonrpc":"2.0","method":"notifications/message","params":{}}\n') == b""
        assert probe.receive(b" \r\n") == b""
        assert probe.outcome is None

    def test_come_in_batches_too(self) -> None:
        probe = started()
        line = b'[{"jsonrpc":"2.0","id":"p","method":"ping"},' + error(1, -32601).strip() + b"]\n"
        assert probe.receive(line) == b'{"jsonrpc":"2.0","id":"p","result":{}}\n' + initialize(2)

    def test_without_end_are_no_server(self) -> None:
        probe = started()
        for _ in range(10_000):
            assert probe.receive(b'{"jsonrpc":"2.0","method":"notifications/message"}\n') == b""
        assert probe.outcome is None
        probe.receive(b'{"jsonrpc":"2.0","method":"notifications/message"}\n')
        assert settled(probe)[:2] == ("not-mcp", "it says too much before it answers")


NO_JSONRPC = "a line on standard output is no JSON-RPC"
NEITHER = "a message is neither a request nor an answer"


@pytest.mark.parametrize(
    ("line", "detail"),
    [
        (b"Server listening on port 3000\n", f"{NO_JSONRPC}: it is no object"),
        (b"Content-Length: 119\r\n", f"{NO_JSONRPC}: it is no object"),
        (b"42\n", f"{NO_JSONRPC}: it is no object"),
        (b"[]\n", f"{NO_JSONRPC}: an entry of the batch is no object"),
        (b"\xff\n", f"{NO_JSONRPC}: it is not UTF-8"),
        (b'{"jsonrpc":"2.0"\n', f"{NO_JSONRPC}: a comma is missing"),
        (b"{}\n", f"{NO_JSONRPC} 2.0"),
        (b'{"jsonrpc":"1.0","id":"spawngate-1","result":{}}\n', f"{NO_JSONRPC} 2.0"),
        (b'{"jsonrpc":2.0,"id":"spawngate-1","result":{}}\n', f"{NO_JSONRPC} 2.0"),
        (b'{"jsonrpc":"2.0","id":"spawngate-1","id":"spawngate-1","result":{}}\n', f"{NO_JSONRPC} 2.0"),
        (b'{"jsonrpc":"2.0"}\n', NEITHER),
        (b'{"jsonrpc":"2.0","id":"spawngate-1","result":{},"error":{}}\n', NEITHER),
        (b'{"jsonrpc":"2.0","id":"spawngate-1","result":{},"method":"x"}\n', NEITHER),
        (b'{"jsonrpc":"2.0","method":1}\n', NEITHER),
        (b'{"jsonrpc":"2.0","id":"spawngate-1","error":"no"}\n', "an error holds no code and message"),
        (
            b'{"jsonrpc":"2.0","id":"spawngate-1","error":{"code":"1","message":"x"}}\n',
            "an error holds no code and message",
        ),
        (
            b'{"jsonrpc":"2.0","id":"spawngate-1","error":{"code":true,"message":"x"}}\n',
            "an error holds no code and message",
        ),
        (b'{"jsonrpc":"2.0","id":"x","result":{}}\n', "it answers what nobody asked"),
        (b'{"jsonrpc":"2.0","result":{}}\n', "it answers what nobody asked"),
        (b'{"jsonrpc":"2.0","id":["spawngate-1"],"result":{}}\n', "it answers what nobody asked"),
        (result(2, discovered()), "it answers what nobody asked"),
        (discover(), "echo"),
        (result(1, []), "the answer to server/discover is no object"),
        (result(1, {}), "the answer to server/discover names no revisions"),
        (result(1, discovered(supportedVersions=[])), "the answer to server/discover names no revisions"),
        (result(1, discovered(supportedVersions=["latest"])), "the answer to server/discover names no revisions"),
        (
            result(1, discovered(supportedVersions=["2026-07-28", 1])),
            "the answer to server/discover names no revisions",
        ),
        (result(1, discovered(capabilities=[])), "the answer to server/discover names no capabilities"),
        (result(1, discovered(resultType="input_required")), "the answer to server/discover is not complete"),
    ],
)
def test_what_is_no_modern_server(line: bytes, detail: str) -> None:
    probe = started()
    written = probe.receive(line)
    if detail == "echo":
        assert (written, probe.outcome) == (
            b'{"jsonrpc":"2.0","id":"spawngate-1","error":{"code":-32601,"message":"not offered: server/discover"}}\n',
            None,
        )
        return
    assert (written, *settled(probe)) == (b"", "not-mcp", detail, "", {}, None, None)
    assert (probe.receive(result(1, discovered())), probe.timeout(), probe.outcome) == (b"", b"", "not-mcp")


@pytest.mark.parametrize(
    ("line", "detail"),
    [
        (error(1, -32601), "it refuses the handshake with error -32601"),
        (result(1, None), "the answer to initialize is no object"),
        (result(1, initialized(protocolVersion="1.0")), "the answer to initialize names no revision"),
        (result(1, initialized(protocolVersion=20250618)), "the answer to initialize names no revision"),
        (result(1, initialized(capabilities=None)), "the answer to initialize names no capabilities"),
        (
            result(1, initialized(serverInfo={"name": "x"})),
            "the answer to initialize does not say which server this is",
        ),
        (result(1, initialized(serverInfo=None)), "the answer to initialize does not say which server this is"),
    ],
)
def test_what_is_no_legacy_server(line: bytes, detail: str) -> None:
    probe = started(legacy=True)
    assert (probe.receive(line), probe.outcome, probe.detail) == (b"", "not-mcp", detail)


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        ([], "the answer to tools/list holds no tools"),
        ({"tools": {}}, "the answer to tools/list holds no tools"),
        ({"tools": [1]}, "a tool has no name"),
        ({"tools": [{"inputSchema": {}}]}, "a tool has no name"),
        ({"tools": [{"name": "x"}]}, "a tool has no input schema"),
        ({"tools": [{"name": "x", "inputSchema": {"type": "array"}}]}, "a tool's input is no object"),
        ({"tools": [], "nextCursor": 1}, "a cursor is no text"),
    ],
)
def test_lists_that_no_server_gives(answer: object, detail: str) -> None:
    probe = started(legacy=True)
    probe.receive(result(1, initialized()))
    assert (probe.receive(result(2, answer)), probe.outcome, probe.detail) == (b"", "not-mcp", detail)


def test_an_echo_is_no_server() -> None:
    """`cat` sends our question back; its answer to our refusal is an answer to itself."""
    probe = started()
    refusal = probe.receive(discover())
    assert probe.receive(refusal) == initialize(2)
    refusal = probe.receive(initialize(2))
    probe.receive(refusal)
    assert settled(probe)[:2] == ("not-mcp", "it refuses the handshake with error -32601")


def test_silence() -> None:
    probe = started()
    probe.timeout()
    assert probe.timeout() == b""
    assert settled(probe)[:2] == ("silent", "no answer to a handshake of either era")
    probe.closed()
    assert probe.outcome == "silent"


@pytest.mark.parametrize(("legacy", "retry"), [(False, True), (True, False)])
def test_an_end_without_an_answer(legacy: bool, retry: bool) -> None:
    probe = started(legacy)
    probe.closed()
    assert (*settled(probe)[:2], probe.retry) == ("exited", "it ended without an answer to the handshake", retry)


def test_an_end_while_tools_are_listed() -> None:
    probe = started(legacy=True)
    probe.receive(result(1, initialized()))
    probe.closed()
    assert (*settled(probe)[:2], probe.retry) == ("exited", "it ended while its tools were asked for", False)


def test_an_end_after_the_check_changes_nothing() -> None:
    probe = started()
    probe.receive(result(1, discovered(capabilities={})))
    probe.closed()
    assert probe.outcome == "mcp"


@given(
    st.lists(
        st.binary(max_size=30)
        | st.builds(lambda i, v: result(i, v), st.integers(1, 4), VALUES)
        | st.builds(lambda i, c: error(i, c), st.integers(1, 4), st.sampled_from([-32601, -32022, -32020]))
        | st.just(result(1, discovered()))
        | st.just(result(2, initialized()))
        | st.builds(lambda i: result(i, {"tools": [TOOL]}), st.integers(1, 4))
        | st.none(),
        max_size=8,
    ),
    st.booleans(),
)
def test_any_answers_settle_or_wait(lines: list[bytes | None], legacy: bool) -> None:
    """Nothing raises; a settled outcome stays; `mcp` is said only of what answered a handshake well."""
    probe = started(legacy)
    for line in lines:
        before = probe.outcome
        written = probe.timeout() if line is None else probe.receive(line)
        assert written == b"" or json.loads(written.splitlines()[-1])["jsonrpc"] == "2.0"
        if before is not None:
            assert (probe.outcome, written) == (before, b"")
    assert probe.outcome in (None, "mcp", "not-mcp", "silent")
    assert probe.outcome != "mcp" or probe.era
