"""Registrations: which places are found, and when one is a story of its own. Whole projects are fixtures."""

import pytest

from spawngate.codescan.finding import CodeFinding, Grade
from spawngate.codescan.models.load import shipped
from spawngate.codescan.scan import scan

HEAD = "import json\nimport mcp\nfrom flask import request\n"


def told(code: str, path: str = "app.py") -> list[tuple[str, int, str, tuple[str, ...]]]:
    result = scan({path: (HEAD + code).encode()}, shipped())
    return [
        (finding.rule, finding.site.line, finding.site.call, finding.slots)
        for finding in result.findings
        if finding.grade.rank > Grade.INFO.rank
    ]


@pytest.mark.parametrize(
    "file",
    ["mcp.json", "~/.cursor/mcp.json", "conf/claude_desktop_config.json", "MCP_SETTINGS.json".lower(), ".mcp.json"],
)
def test_files_that_hold_servers(file: str) -> None:
    code = f'with open("{file}", "w") as out:\n    json.dump(request.json, out)\n'
    name = file.rpartition("/")[2]
    assert told(code) == [("mcp-registration-http", 5, f"the file {name}", ("args", "command", "env"))]


@pytest.mark.parametrize("file", ["notes.json", "mcp.json.bak", "settings.json", "package.json"])
def test_other_files(file: str) -> None:
    assert told(f'with open("{file}", "w") as out:\n    json.dump(request.json, out)\n') == []


def test_a_shared_file_counts_where_its_key_is_written() -> None:
    code = 'with open("settings.json", "w") as out:\n    json.dump({"theme": request.json, "%s": %s}, out)\n'
    assert told(code % ("mcpServers", '{"a": request.json}')) == [
        ("mcp-registration-http", 5, "the file settings.json", ("args", "command", "env"))
    ]
    assert told(code % ("mcpServers", '{"a": {"command": "uvx"}}')) == []
    assert told(code % ("colours", '{"a": request.json}')) == []


def test_entries_of_a_mapping() -> None:
    code = "mcp_servers = {}\ndef add(x):\n    mcp_servers[x] = %s\ndef go():\n    add(request.args)\n"
    assert told(code % '{"command": request.json["c"]}') == [("mcp-registration-http", 6, "mcp_servers", ("command",))]
    assert told(code % '{"url": request.json["c"]}') == []
    assert told(code.replace("mcp_servers", "labels") % '{"command": request.json["c"]}') == []


def test_the_launch_tells_the_story_of_both() -> None:
    code = (
        "from mcp import StdioServerParameters\nmcp_servers = {}\n"
        'def add():\n    mcp_servers["a"] = request.json\n'
        'def start():\n    return StdioServerParameters(command=mcp_servers["a"]["command"])\n'
    )
    assert [(rule, line) for rule, line, _, _ in told(code)] == [("mcp-launch-http", 9)]


def test_the_reasons_are_of_the_place() -> None:
    code = 'with open("mcp.json", "w") as out:\n    json.dump(request.json, out)\n'
    result = scan({"app.py": (HEAD + code).encode()}, shipped())
    finding: CodeFinding = result.findings[0]
    assert finding.site.kind == "registration"
    assert finding.site.model == "python.registrations.agent-configuration"
    assert finding.why.startswith("Agents start every server of this file by themselves")
    assert finding.advisories[0] == "CVE-2026-30624"
