"""The whole scan of a project: gate, sites, findings, order, bounds."""

from hypothesis import given
from hypothesis import strategies as st

from spawngate.codescan import ir
from spawngate.codescan.evidence import mentions
from spawngate.codescan.finding import Grade, ProjectResult, SlotVerdict, SourceKind, Statistics
from spawngate.codescan.frontends import lower
from spawngate.codescan.scan import Budgets, readable, scan
from spawngate.codescan.slicer import Budget
from spawngate.codescan.texts import tokens
from tests.codescan.projects import models

APP = b"""from fastapi import FastAPI
from mcp import StdioServerParameters

app = FastAPI()


@app.post("/mcp/test")
def test_server(command: str):
    return StdioServerParameters(command=command, args=["x"], cwd=unknown())


def fixed():
    return StdioServerParameters(command="npx", args=["-y", "server"])
"""


def test_a_project_without_mcp_is_not_looked_at() -> None:
    lowered: list[str] = []

    def lowering(path: str, source: bytes) -> ir.Module:
        lowered.append(path)
        return lower(path, source)

    result = scan({"a.py": b"import subprocess\nsubprocess.run(x)\n", "b.txt": b"mcp"}, models(), lowering=lowering)
    assert result == ProjectResult(False, statistics=Statistics(1, 2))
    assert lowered == []


def test_a_word_alone_opens_no_gate() -> None:
    result = scan({"a.py": b"# the MCP2515 chip\nimport subprocess\nsubprocess.run(x)\n"}, models())
    assert (result.mcp, result.sites, result.statistics.files) == (False, (), 1)


def test_findings_and_sites_of_a_project() -> None:
    result = scan({"app.py": APP}, models())
    assert (result.mcp, result.evidence, result.incomplete) == (
        True,
        ("app.py:2 from mcp import StdioServerParameters",),
        False,
    )
    assert [(each.grade, each.rule, each.slots, each.source, each.site.line) for each in result.findings] == [
        (Grade.HIGH, "mcp-launch-http", ("command",), SourceKind.HTTP, 9)
    ]
    first, second = result.sites
    assert (first.grade, first.distance, first.slots) == (
        Grade.HIGH,
        1,
        (
            SlotVerdict("command", "tainted", (SourceKind.HTTP,)),
            SlotVerdict("cwd", "unresolved", (), ("result of unknown()",)),
        ),
    )
    assert (second.grade, second.distance, [slot.verdict for slot in second.slots]) == (
        Grade.NONE,
        None,
        ["constant"],
    )
    assert result.grade is Grade.HIGH
    assert len(result.findings[0].fingerprint) == 32


def test_the_caches_of_the_shell_are_asked() -> None:
    asked: list[str] = []

    def tokens_of(path: str, source: bytes) -> frozenset[str]:
        asked.append(path)
        return tokens(source)

    with_cache = scan({"app.py": APP}, models(), tokens_of=tokens_of, lowering=lambda path, source: lower(path, source))
    assert asked == ["app.py"]
    assert with_cache.findings == scan({"app.py": APP}, models()).findings


def test_a_manifest_opens_the_gate() -> None:
    assert scan({"a.py": b"x = 1\n"}, models(), manifests_say=True).mcp
    assert not scan({"a.py": b"x = 1\n"}, models()).mcp


def test_budgets_that_end_are_told() -> None:
    result = scan({"app.py": APP}, models(), Budgets(slice=Budget(steps=1)))
    assert (result.incomplete, result.sites[0].incomplete) == (True, True)
    assert scan({"app.py": APP}, models(), Budgets(sites=1)).incomplete


def test_launches_that_are_not_followed_in_time_are_unresolved() -> None:
    result = scan({"app.py": APP}, models(), expired=lambda: True)
    assert (result.incomplete, result.findings) == (True, ())
    assert {slot.verdict for site in result.sites for slot in site.slots} == {"unresolved"}


def test_tests_are_information_only() -> None:
    result = scan({"tests/app.py": APP}, models())
    assert [each.grade for each in result.findings] == [Grade.INFO]
    assert result.findings[0].site.in_test


def test_findings_about_mcp_come_first() -> None:
    text = APP.decode() + (
        "\n\n@app.post('/y')\ndef other(value: str):\n    return StdioServerParameters(command=value)\n"
    )
    result = scan({"app.py": text.replace("def other", "def other").encode()}, models())
    assert [each.trace[0].function for each in result.findings] == ["test_server", "other"]


def test_troubles_of_the_sources_are_kept() -> None:
    result = scan({"app.py": APP + b"\ndef broken(:\n"}, models())
    assert [(each.path, each.what) for each in result.troubles] == [("app.py", "syntax that the grammar does not know")]
    assert len(result.findings) == 1


def test_gates_by_the_text_alone() -> None:
    assert [mentions(text) for text in (b"import MCP", b"@modelcontextprotocol/sdk", b"nothing")] == [True, True, False]
    assert [readable(text) for text in (b"x = 1\n" * 10, b"x" * 5000, b"x\n" * 600_000)] == [True, False, False]


SOURCES = st.lists(
    st.sampled_from(
        [
            "import mcp",
            "from mcp import StdioServerParameters as P",
            "P(command=x)",
            "x = f(x)",
            "def f(y):\n    return P(**y)",
            "class A(P):\n    def g(self, z):\n        self.z = z\n        return P(self.z)",
            "for x in x:\n    P(x)",
            "@app.post('/')\ndef h(x):\n    A(x).g(x)",
            "(((",
            "\x00\xff",
        ]
    ),
    max_size=12,
)


@given(SOURCES)
def test_any_text_is_scanned(lines: list[str]) -> None:
    source = ("\n".join(lines) + "\n").encode("latin-1")
    result = scan({"a.py": source, "b.py": b"from a import *\n"}, models())
    assert not result.incomplete
    for finding in result.findings:
        assert finding.trace[0].step == "source"
        assert finding.trace[-1].line == finding.site.line


def test_a_launch_that_hands_on_another_is_told_where_it_is_put_together() -> None:
    source = b"""from fastapi import FastAPI
from fastmcp import Client
from fastmcp.client.transports import StdioTransport

app = FastAPI()


@app.post("/x")
def x(command: str):
    transport = StdioTransport(command=command, args=[])
    return Client(transport)
"""
    result = scan({"app.py": source}, models())
    assert [(each.site.line, each.grade) for each in result.findings] == [(10, Grade.HIGH)]
    assert [each.site.line for each in result.sites] == [10]


CLI = b"""import argparse
from mcp import StdioServerParameters

options = argparse.ArgumentParser().parse_args()
params = StdioServerParameters(command=options.command)
"""


def test_what_an_sdks_own_tool_is_told_to_start_is_information() -> None:
    own = b"class StdioServerParameters(BaseModel):\n    command: str\n"
    assert [each.grade for each in scan({"app.py": CLI}, models()).findings] == [Grade.LOW]
    grades = {each.grade for each in scan({"mcp/cli.py": CLI, "mcp/client/stdio.py": own}, models()).findings}
    assert grades == {Grade.INFO}
    copied = {"app.py": CLI, "tests/fake.py": own}
    assert [each.grade for each in scan(copied, models()).findings] == [Grade.LOW]


def test_files_of_agents_and_the_protocol_spoken_by_hand_open_the_gate() -> None:
    writes = b"import json\nopen('/home/u/.cursor/mcp.json', 'w').write('x')\n"
    assert scan({"a.py": writes}, models()).mcp
    speaks = b'# of MCP\nsend({"jsonrpc": "2.0", "id": 1, "method": "initialize"})\n'
    assert scan({"a.py": speaks}, models()).mcp
    other = b'# of MCP, the Master Control Program\nsend({"jsonrpc": "2.0", "method": "eth_call"})\n'
    assert not scan({"a.py": other}, models()).mcp


def test_what_an_example_reads_and_hands_to_the_library_is_information() -> None:
    library = b"from mcp import StdioServerParameters\ndef start(c):\n    return StdioServerParameters(command=c)\n"
    reads = b"import yaml\nfrom lib import start\nwith open('a.yaml') as f:\n    start(yaml.safe_load(f)['command'])\n"
    told = {
        path: scan({"lib.py": library, path: reads}, models()).findings[0].grade for path in ("a.py", "examples/a.py")
    }
    assert told == {"a.py": Grade.LOW, "examples/a.py": Grade.INFO}


def test_parameters_that_no_launch_site_makes_are_asked_about_where_they_are_started() -> None:
    source = b"""from fastapi import FastAPI
from mcp import StdioServerParameters, stdio_client

app = FastAPI()


@app.post("/a")
def a(params: StdioServerParameters):
    return stdio_client(params)


def b():
    return stdio_client(StdioServerParameters(command="uvx"))
"""
    result = scan({"app.py": source}, models())
    assert [(each.site.line, each.grade) for each in result.findings] == [(9, Grade.HIGH)]
    assert [each.site.line for each in result.sites] == [9, 13]
