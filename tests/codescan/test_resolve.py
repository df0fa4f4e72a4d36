"""What models are told of a name."""

from tests.codescan.projects import Sources, one


def test_what_models_are_told_of_a_callee() -> None:
    sources = one(
        "from mcp import ClientSession\nclass Mine(ClientSession):\n    def go(self):\n        self.call_tool()\n"
    )
    node, function = sources.call("call_tool")
    callee = sources.resolver.callee(node.callee, function)
    assert (callee.member, callee.receiver) == ("call_tool", "self")
    assert callee.classes == ("app.Mine", "mcp.client.session.ClientSession")
    assert "mcp.client.session.ClientSession.call_tool" in callee.names


def test_a_name_is_told_as_it_is_written_imported_and_bound() -> None:
    sources = Sources(
        {"app.js": 'import { exec as run } from "child_process";\nconst start = promisify(run);\nstart(1);\nrun(2);\n'}
    )
    start, top = sources.call("start", "app.js")
    run, _ = sources.call("run", "app.js")
    assert sources.resolver.spoken(start.callee, top) == ("start", "run")
    assert sources.resolver.spoken(run.callee, top) == ("run", "exec")
    assert sources.resolver.callee(start.callee, top).names == ("child_process#exec",)
