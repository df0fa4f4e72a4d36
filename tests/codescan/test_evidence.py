"""The gate: which lines say that a project has to do with MCP, and what is lowered to find them."""

import pytest

from spawngate.codescan import ir
from spawngate.codescan.evidence import MOST, evidence, mentions
from spawngate.codescan.frontends import lower
from spawngate.codescan.knowledge import Knowledge
from spawngate.codescan.models.load import shipped
from spawngate.codescan.models.model import Language
from spawngate.codescan.project import Project
from spawngate.codescan.resolve import Resolver


def told(files: dict[str, bytes]) -> tuple[list[str], list[str]]:
    """The lines, and what was lowered."""
    lowered: list[str] = []

    def lowering(path: str, source: bytes) -> ir.Module:
        lowered.append(path)
        return lower(path, source)

    project = Project(files, lowering)
    knowledge = {str(language): Knowledge(shipped(), language) for language in Language}
    return list(evidence(project, Resolver(project), knowledge)), lowered


@pytest.mark.parametrize(
    ("path", "source", "line"),
    [
        (
            "a.py",
            b"# mcp\nfrom mcp.client.stdio import stdio_client\n",
            "a.py:2 from mcp.client.stdio import stdio_client",
        ),
        ("a.py", b"from mcp import *\n", "a.py:1 from mcp import *"),
        ("a.py", b"x = 1\nload('.mcp.json')\n", "a.py:2 load('.mcp.json')"),
        ("a.py", b"class McpThing:\n    pass\n", "a.py:1 class McpThing:"),
        (
            "a.ts",
            b"import { Client } from '@modelcontextprotocol/sdk/client/index.js';\n",
            "a.ts:1 import { Client } from '@modelcontextprotocol/sdk/client/index.js';",
        ),
        ("A.java", b"// mcp\nclass StdioMcpTransport {}\n", "A.java:2 class StdioMcpTransport {}"),
    ],
)
def test_what_counts(path: str, source: bytes, line: str) -> None:
    assert told({path: source}) == ([line], [path])


def test_a_word_alone_is_no_evidence_and_lowers_nothing() -> None:
    files = {"a.py": b"# mcp is a word\n", "b.py": b"from app.mcp import x\n", "c.py": b"x = 'mcp'\n", "d.py": b"y\n"}
    assert told(files) == ([], [])


def test_so_many_lines_are_told() -> None:
    files = {f"m{number:02}.py": b"import mcp\n" for number in range(MOST + 5)}
    lines, lowered = told(files)
    assert (len(lines), len(lowered)) == (MOST, MOST)


def test_the_word_opens_the_gate() -> None:
    assert [mentions(text) for text in (b"import MCP", b"@modelcontextprotocol/sdk", b"nothing")] == [True, True, False]


def test_the_protocol_spoken_by_hand_opens_the_gate_and_that_of_language_servers_does_not() -> None:
    assert mentions(b'{ jsonrpc: "2.0", method }; send("initialize", { protocolVersion: "1" })')
    assert mentions(b'{ jsonrpc: "2.0", method: "tools/list" }')
    assert not mentions(b'{ jsonrpc: "2.0", method: "initialize", params: { rootUri } }')
