"""Launch sites, and what is asked about each."""

import pytest

from spawngate.codescan.project import is_test
from spawngate.codescan.sinks import Sink, find, is_url, within
from tests.codescan.projects import Sources, one


def sinks(sources: Sources, language: str = "python") -> list[Sink]:
    return list(find(sources.resolver, sources.knowledge[language]))


def asked(text: str) -> list[tuple[str, tuple[str | int, ...]]]:
    found = sinks(one(text))
    assert len(found) == 1
    return [(question.name, question.path) for question in found[0].questions]


def test_the_construction_is_the_site() -> None:
    text = (
        "from mcp import StdioServerParameters as P\ndef f(c, a):\n    return P(command=c, args=['-y', a], cwd='x')\n"
    )
    found = sinks(one(text))
    assert [
        (each.site.path, each.site.line, each.site.call, each.site.model, each.site.function) for each in found
    ] == [("app.py", 3, "mcp.client.stdio.StdioServerParameters", "python.mcp.stdio-server-parameters", "f")]
    assert asked(text) == [("command", ()), ("args[1]", ()), ("cwd", ())]


def test_definitions_are_asked_part_by_part() -> None:
    text = "from mcp import StdioServerParameters\ndef f(d):\n    return StdioServerParameters.model_validate(d)\n"
    assert asked(text) == [
        ("command", ("command",)),
        ("args", ("args", "*")),
        ("env", ("env", "@keys")),
        ("env", ("env", "*")),
        ("cwd", ("cwd",)),
    ]


def test_raw_processes_count_near_mcp_only() -> None:
    body = "import subprocess\n{0}def {1}(c):\n    subprocess.Popen([c, '-x', *rest])\n"
    assert sinks(one(body.format("", "convert"))) == []
    found = sinks(one(body.format("", "start_mcp_server")))
    assert [(each.site.raw, [question.name for question in each.questions]) for each in found] == [
        (True, ["command", "args"])
    ]
    assert len(sinks(one(body.format("import mcp\n", "convert")))) == 1


def test_functions_of_the_project_are_no_library() -> None:
    text = "import mcp\nclass StdioServerParameters:\n    pass\ndef f(c):\n    StdioServerParameters(c)\n"
    assert sinks(one(text)) == []


def test_a_constructor_that_hands_on_to_the_sdk() -> None:
    text = (
        "import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';\n"
        "class T extends StdioClientTransport { constructor(s: any) { super(s); } }\n"
    )
    found = sinks(Sources({"a.ts": text}), "javascript")
    assert [(each.site.line, each.questions[0].path) for each in found] == [(2, ("command",))]


@pytest.mark.parametrize(
    ("path", "test"),
    [
        ("tests/a.py", True),
        ("pkg/test_a.py", True),
        ("src/a.test.ts", True),
        ("src/test/java/A.java", True),
        ("src/__tests__/a.js", True),
        ("src/contest/a.py", False),
        ("latest/a.py", False),
        ("src/main/java/Tester.java", False),
    ],
)
def test_tests_by_their_path(path: str, test: bool) -> None:
    assert is_test(path) is test


def test_urls_and_prefixes() -> None:
    sources = one("use('https://a/b', f'http://h/{x}', f'{x}', 'npx')")
    node, _ = sources.call("use")
    assert [is_url(argument.value) for argument in node.args] == [True, True, False, False]
    assert [within(name, "mcp") for name in ("mcp", "mcp.client", "mcpx")] == [True, True, False]


def test_a_line_that_is_put_together_decides_the_program_and_its_arguments_apart() -> None:
    text = """
class McpStart {
  void f(String name) throws Exception {
    Runtime.getRuntime().exec("npx -y " + name);
    Runtime.getRuntime().exec(name + " -y");
  }
}
"""
    sources = Sources({"McpStart.java": text})
    found = list(find(sources.resolver, sources.knowledge["java"]))
    assert [[question.name for question in sink.questions] for sink in found] == [["args"], ["command"]]


def test_what_a_match_tests_arm_by_arm_is_one_launch() -> None:
    text = """
use rmcp::transport::TokioChildProcess;
fn f(c: Command) { match TokioChildProcess::new(c) { Ok(a) => g(a), Err(b) => h(b) } }
"""
    sources = Sources({"a.rs": text})
    assert len(list(find(sources.resolver, sources.knowledge["rust"]))) == 1


def test_a_url_alone_is_no_launch() -> None:
    text = "from agno.tools.mcp import MCPTools\ndef f(x):\n    return MCPTools({0})\n"
    assert sinks(one(text.format("transport='sse', url=x"))) == []
    assert [each.site.line for each in sinks(one(text.format("x")))] == [3]
