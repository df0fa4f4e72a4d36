"""The handshake check: does what was started speak MCP, of which era, and what does it offer?

Belongs here: the order of questions, what an answer must look like, and how a server that is none shows itself.
Must not be here: pipes, clocks, the sandbox, and whether a server that passes may run.

Both eras on one process, modern first (MCP `basic/versioning` of 2026-07-28 and `basic/lifecycle` of 2025-11-25): an
answer to `server/discover` is the modern era; any other error than a modern one, or silence, is the legacy era and
`initialize` follows. Passing shows that something speaks the protocol, and nothing about its intent.
"""

from __future__ import annotations

from spawngate.protocol import refusal
from spawngate.protocol.jsontext import Unreadable, encode
from spawngate.protocol.message import DISCOVER, INITIALIZE, LIST, VERSION_KEY, Message, parse

MODERN_VERSIONS = ("2026-07-28",)
LEGACY_VERSIONS = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")
UNSUPPORTED_VERSION = -32022
MODERN_ERRORS = frozenset((-32020, -32021, UNSUPPORTED_VERSION))
"""Codes that only a server of the modern era answers with: header mismatch, missing capability, version."""

MOST_TOOLS = 1000
MOST_PAGES = 100
MOST_LINES = 10_000
"""Lines before the check has ended; a server that says more is none."""
LINE_LIMIT = 8 << 20

_PATIENCE = {"discover": 10.0, "initialize": 30.0, "tools": 15.0, "": 0.0}
_PREFIX = "io.modelcontextprotocol/"


class Probe:
    """One check of one process. `start`, then `receive` for each line until `outcome` is set.

    Attributes, final once `outcome` is set: `detail` says in words why, `era` is "modern", "legacy" or "", `server` is
    what it calls itself, `tools` is None where they are not known.
    """

    def __init__(self, client_name: str, client_version: str, legacy: bool = False) -> None:
        self._client: dict[str, object] = {"name": client_name, "version": client_version}
        self._stage = "initialize" if legacy else "discover"
        self._version = LEGACY_VERSIONS[0] if legacy else MODERN_VERSIONS[0]
        self._number = 0
        self._expected = ""
        """Id of the request that is to be answered."""
        self._discovers: set[str] = set()
        """Ids of all `server/discover` requests, which may be answered late."""
        self._retried = False
        self._lines = 0
        self._pages = 0
        self._cursors: set[str] = set()
        self._found: list[dict[str, object]] = []
        self.outcome: str | None = None
        """None until settled; "mcp", "not-mcp", "silent" (nothing in time) or "exited"."""
        self.detail = ""
        self.era = ""
        self.server: dict[str, object] = {}
        self.instructions: str | None = None
        self.tools: list[dict[str, object]] | None = None
        self.retry = False
        """Whether the process ended on `server/discover`, which some legacy servers do: one start with `legacy`."""

    @property
    def patience(self) -> float:
        """Seconds to wait for the next answer before `timeout` is called."""
        return _PATIENCE[self._stage if self.outcome is None else ""]

    def start(self) -> bytes:
        """The first request."""
        return self._initialize() if self._stage == "initialize" else self._discover()

    def receive(self, line: bytes) -> bytes:
        """What to write after one line of standard output; nothing once the outcome is settled."""
        if self.outcome is not None or not line.strip():
            return b""
        self._lines += 1
        if self._lines > MOST_LINES:
            return self._fail("it says too much before it answers")
        if len(line) > LINE_LIMIT:
            return self._fail("a line is too long")
        try:
            messages, _ = parse(line)
        except Unreadable as problem:
            return self._fail(f"a line on standard output is no JSON-RPC: {problem}")
        written = b""
        for message in messages:
            if self.outcome is None:
                written += self._message(message)
        return written

    def timeout(self) -> bytes:
        """What to write when `patience` is over: the other era's question, or nothing and an outcome."""
        if self.outcome is not None:
            return b""
        if self._stage == "discover" and not self.era:
            return self._initialize()
        if self._stage == "tools":
            return self._pass("its tools were not listed in time")
        self.outcome, self.detail = "silent", "no answer to a handshake of either era"
        return b""

    def closed(self) -> None:
        """Standard output has ended, or the process has."""
        if self.outcome is not None:
            return
        if self._stage == "tools":
            self.outcome, self.detail = "exited", "it ended while its tools were asked for"
            return
        self.retry = self._stage == "discover"
        self.outcome, self.detail = "exited", "it ended without an answer to the handshake"

    def _message(self, message: Message) -> bytes:
        values = message.values
        if values.get("jsonrpc") != "2.0" or message.odd:
            return self._fail("a line on standard output is no JSON-RPC 2.0")
        method = values.get("method")
        if "method" in values:
            if not isinstance(method, str) or "result" in values or "error" in values:
                return self._fail("a message is neither a request nor an answer")
            return self._answer(method, message.id_text)
        if ("result" in values) == ("error" in values):
            return self._fail("a message is neither a request nor an answer")
        error = values.get("error")
        if "error" in values and not (
            isinstance(error, dict) and type(error.get("code")) is int and isinstance(error.get("message"), str)
        ):
            return self._fail("an error holds no code and message")
        identifier = values.get("id")
        if identifier is None and "error" in values:
            # An error may answer an id that the server could not read (JSON-RPC 2.0, 5).
            return self._step(None, error) if self._stage == "discover" and isinstance(error, dict) else b""
        if identifier == self._expected:
            return self._step(values.get("result"), error if isinstance(error, dict) else None)
        if isinstance(identifier, str) and identifier in self._discovers:
            return self._late(values.get("result"))
        return self._fail("it answers what nobody asked")

    def _answer(self, method: str, id_text: str | None) -> bytes:
        if id_text is None:
            return b""
        if method == "ping":
            return b'{"jsonrpc":"2.0","id":%s,"result":{}}\n' % id_text.encode()
        return refusal.error(id_text, refusal.METHOD_NOT_FOUND, f"not offered: {method[:100]}") + b"\n"

    def _step(self, result: object, error: dict[str, object] | None) -> bytes:
        if self._stage == "discover":
            return self._discovered(result, error)
        if self._stage == "initialize":
            return self._initialized(result, error)
        return self._listed(result, error)

    def _discovered(self, result: object, error: dict[str, object] | None) -> bytes:
        if error is not None:
            code = error["code"]
            if code not in MODERN_ERRORS:
                return self._initialize()
            self.era = "modern"
            version = _choice(error, MODERN_VERSIONS)
            if code == UNSUPPORTED_VERSION and version and version != self._version and not self._retried:
                self._retried, self._version = True, version
                return self._discover()
            if code == UNSUPPORTED_VERSION and not version and _choice(error, LEGACY_VERSIONS):
                return self._initialize(_choice(error, LEGACY_VERSIONS))
            return self._pass("it speaks a revision or wants a capability that this check does not offer")
        problem = _discover_problem(result)
        if problem:
            return self._fail(problem)
        assert isinstance(result, dict)
        self.era = "modern"
        meta = result.get("_meta")
        server = meta.get(f"{_PREFIX}serverInfo") if isinstance(meta, dict) else None
        common = [version for version in MODERN_VERSIONS if version in result["supportedVersions"]]
        if not common and any(version in result["supportedVersions"] for version in LEGACY_VERSIONS):
            return self._initialize()
        self._describe(server, result)
        if not common:
            return self._pass("it speaks only revisions that this check does not know")
        self._version = common[0]
        return self._offers(result)

    def _initialized(self, result: object, error: dict[str, object] | None) -> bytes:
        if error is not None:
            modern, legacy = _choice(error, MODERN_VERSIONS), _choice(error, LEGACY_VERSIONS)
            if legacy and legacy != self._version and not self._retried:
                self._retried = True
                return self._initialize(legacy)
            if error["code"] in MODERN_ERRORS:
                self.era = "modern"
                if modern and not self._retried:
                    self._retried, self._version = True, modern
                    return self._discover()
                return self._pass("it speaks a revision that this check does not know")
            return self._fail(f"it refuses the handshake with error {error['code']}")
        problem = _initialize_problem(result)
        if problem:
            return self._fail(problem)
        assert isinstance(result, dict)
        self.era = "legacy"
        self._version = result["protocolVersion"]
        self._describe(result["serverInfo"], result)
        return _line({"jsonrpc": "2.0", "method": "notifications/initialized"}) + self._offers(result)

    def _late(self, result: object) -> bytes:
        """An answer to `server/discover` after `initialize` was sent: slow, but of the modern era."""
        if self._stage == "initialize" and not _discover_problem(result):
            self._stage = "discover"
            return self._discovered(result, None)
        return b""

    def _listed(self, result: object, error: dict[str, object] | None) -> bytes:
        if error is not None:
            return self._pass(f"its tools were not listed: error {error['code']}")
        tools = result.get("tools") if isinstance(result, dict) else None
        if not isinstance(result, dict) or not isinstance(tools, list):
            return self._fail("the answer to tools/list holds no tools")
        for tool in tools:
            problem = _tool_problem(tool)
            if problem:
                return self._fail(problem)
        self._found += tools
        self._pages += 1
        cursor = result.get("nextCursor")
        if cursor is None:
            self.tools = self._found
            return self._pass("")
        if not isinstance(cursor, str):
            return self._fail("a cursor is no text")
        if len(self._found) > MOST_TOOLS or self._pages >= MOST_PAGES or cursor in self._cursors:
            self.tools = self._found[:MOST_TOOLS]
            return self._pass("it lists tools without end; only the first were read")
        self._cursors.add(cursor)
        return self._request(LIST, {"cursor": cursor})

    def _describe(self, server: object, result: dict[str, object]) -> None:
        if isinstance(server, dict):
            self.server = server
        instructions = result.get("instructions")
        self.instructions = instructions if isinstance(instructions, str) else None

    def _offers(self, result: dict[str, object]) -> bytes:
        capabilities = result["capabilities"]
        if isinstance(capabilities, dict) and isinstance(capabilities.get("tools"), dict):
            self._stage = "tools"
            return self._request(LIST, {})
        self.tools = []
        return self._pass("")

    def _discover(self) -> bytes:
        self._stage = "discover"
        written = self._request(DISCOVER, {})
        self._discovers.add(self._expected)
        return written

    def _initialize(self, version: str = LEGACY_VERSIONS[0]) -> bytes:
        self._stage, self._version, self.era = "initialize", version, ""
        return self._request(INITIALIZE, {"protocolVersion": version, "capabilities": {}, "clientInfo": self._client})

    def _request(self, method: str, params: dict[str, object]) -> bytes:
        self._number += 1
        self._expected = f"spawngate-{self._number}"
        if self._stage != "initialize" and self._version in MODERN_VERSIONS:
            meta = {
                VERSION_KEY: self._version,
                f"{_PREFIX}clientInfo": self._client,
                f"{_PREFIX}clientCapabilities": {},
            }
            params = {**params, "_meta": meta}
        return _line({"jsonrpc": "2.0", "id": self._expected, "method": method, "params": params})

    def _pass(self, detail: str) -> bytes:
        self.outcome, self.detail = "mcp", detail
        return b""

    def _fail(self, detail: str) -> bytes:
        self.outcome, self.detail = "not-mcp", detail
        return b""


def _line(value: dict[str, object]) -> bytes:
    return encode(value) + b"\n"


def _choice(error: dict[str, object], known: tuple[str, ...]) -> str:
    """The newest of `known` that an error says is supported; empty for none."""
    data = error.get("data")
    supported = data.get("supported") if isinstance(data, dict) else None
    return next((version for version in known if isinstance(supported, list) and version in supported), "")


def _is_date(value: object) -> bool:
    return (
        isinstance(value, str)
        and len(value) == 10
        and value[4] == value[7] == "-"
        and value.isascii()
        and (value[:4] + value[5:7] + value[8:]).isdigit()
    )


def _discover_problem(result: object) -> str:
    if not isinstance(result, dict):
        return "the answer to server/discover is no object"
    versions = result.get("supportedVersions")
    if not isinstance(versions, list) or not versions or not all(map(_is_date, versions)):
        return "the answer to server/discover names no revisions"
    if not isinstance(result.get("capabilities"), dict):
        return "the answer to server/discover names no capabilities"
    if result.get("resultType", "complete") != "complete":
        return "the answer to server/discover is not complete"
    return ""


def _initialize_problem(result: object) -> str:
    if not isinstance(result, dict):
        return "the answer to initialize is no object"
    if not _is_date(result.get("protocolVersion")):
        return "the answer to initialize names no revision"
    if not isinstance(result.get("capabilities"), dict):
        return "the answer to initialize names no capabilities"
    server = result.get("serverInfo")
    if not isinstance(server, dict) or not all(isinstance(server.get(key), str) for key in ("name", "version")):
        return "the answer to initialize does not say which server this is"
    return ""


def _tool_problem(tool: object) -> str:
    if not isinstance(tool, dict) or not isinstance(tool.get("name"), str):
        return "a tool has no name"
    schema = tool.get("inputSchema")
    if not isinstance(schema, dict):
        return "a tool has no input schema"
    if schema.get("type", "object") != "object":
        return "a tool's input is no object"
    return ""
