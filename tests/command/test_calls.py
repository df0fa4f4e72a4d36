"""Facts about calls of tools other than the shell, and the joining of everything."""

from hypothesis import given
from hypothesis import strategies as st

from spawngate.command.call_facts import CallFacts
from spawngate.command.calls import understand_call
from spawngate.command.context import CallContext, context_of
from spawngate.command.inventory import InventoryView, ServerView
from spawngate.model.call import Edit, ToolCall, ToolKind
from tests.command.told import HERE


def _call(kind: ToolKind, **fields: object) -> CallFacts:
    call = ToolCall("claude-code", "T", kind, cwd="/home/dev/project", **fields)  # type: ignore[arg-type]  # as given
    return understand_call(call, HERE).call


def test_a_whole_call() -> None:
    assert _call(ToolKind.READ, paths=("/home/dev/project/a.py",), permission_mode="plan") == CallFacts(
        kind="read",
        tool="T",
        agent="claude-code",
        permission_mode="plan",
        reads=("/home/dev/project/a.py",),
        read_places=("project",),
    )


def test_edits_write_move_and_delete() -> None:
    found = _call(
        ToolKind.WRITE,
        edits=(Edit("a", new="x"), Edit("b", old="x"), Edit("c", new="y", moved_to=".claude/settings.json")),
        paths=("a", "b", "c"),
    )
    assert (found.writes, found.deletes) == (("a", ".claude/settings.json"), ("b", "c"))
    assert "agent-config" in found.write_places


def test_what_is_written_to_an_agents_file_is_read() -> None:
    edit = Edit("/home/dev/project/.claude/settings.json", new='{"disableAllHooks": true}')
    assert _call(ToolKind.WRITE, edits=(edit,)).switches == ("hooks-off",)
    assert _call(ToolKind.WRITE, edits=(Edit("a.json", new='{"disableAllHooks": true}'),)).switches == ()


def test_what_stood_there_before_is_no_news() -> None:
    edit = Edit(".claude/settings.json", old='"disableAllHooks": true', new="")
    assert _call(ToolKind.WRITE, edits=(edit,)).switches == ()


def test_addresses() -> None:
    found = _call(ToolKind.FETCH, urls=("http://203.0.113.7/?token_secret=abcd1234",))
    assert (found.hosts, found.host_kinds, found.plain_http, found.address_secret) == (
        ("203.0.113.7",),
        ("raw-ip",),
        True,
        True,
    )
    assert _call(ToolKind.FETCH, urls=("file:///etc/passwd",)).reads == ("/etc/passwd",)


def test_a_server_of_the_inventory() -> None:
    view = InventoryView(
        {
            "Git Hub": ServerView(
                "Git Hub", "official", ("network",), True, "http", hints={"drop": frozenset({"destructive"})}
            )
        },
        complete=True,
    )
    call = ToolCall("claude-code", "T", ToolKind.MCP, server="git_hub", server_tool="drop")
    found = understand_call(call, context_of(call, inventory=view)).call
    assert (found.server_known, found.server_missing, found.server_tier, found.server_capabilities) == (
        True,
        False,
        "official",
        ("network",),
    )
    assert (found.server_approved, found.server_transport, found.hints, found.verbs) == (
        True,
        "http",
        ("destructive",),
        ("delete",),
    )


def test_a_server_that_nobody_has_seen() -> None:
    call = ToolCall("claude-code", "T", ToolKind.MCP, server="ghost", server_tool="x")
    assert understand_call(call, CallContext(inventory=InventoryView(complete=True))).call.server_missing
    assert not understand_call(call, CallContext()).call.server_missing


def test_paths_of_an_mcp_tool_are_read_written_or_deleted_as_its_name_says() -> None:
    reads = _call(ToolKind.MCP, server="fs", server_tool="read_file", input={"path": "/home/dev/.ssh/id_rsa"})
    assert (reads.reads, reads.writes, reads.deletes) == (("/home/dev/.ssh/id_rsa",), (), ())
    writes = _call(ToolKind.MCP, server="fs", server_tool="write_file", input={"path": "~/.bashrc", "content": "x"})
    assert (writes.writes, writes.write_places) == (("~/.bashrc",), ("home-top", "shell-startup"))
    deletes = _call(ToolKind.MCP, server="fs", server_tool="deleteDirectory", input={"options": {"path": "/"}})
    assert (deletes.deletes, deletes.delete_places) == (("/",), ("root",))


def test_a_command_for_an_mcp_tool_is_a_command() -> None:
    call = ToolCall("claude-code", "T", ToolKind.MCP, server="sh", server_tool="run", input={"command": "rm -rf /"})
    found = understand_call(call, HERE)
    assert [facts.program for facts in found.spawns] == ["rm"]
    assert found.call.acts == ("delete-tree",)


def test_a_shell_call_joins_its_spawns() -> None:
    call = ToolCall("claude-code", "Bash", ToolKind.SHELL, commands=("cat a | grep b", "ls"), argvs=(("rm", "x"),))
    found = understand_call(call, HERE).call
    assert (found.programs, found.spawns) == (("cat", "grep", "ls", "rm"), 4)


def test_a_command_inside_a_written_text_counts() -> None:
    text = "cat > Makefile <<'EOF'\nx:\n\trm -rf /etc\nEOF\nmake x"
    found = understand_call(ToolCall("claude-code", "Bash", ToolKind.SHELL, commands=(text,)), HERE)
    assert "rm" in found.call.programs


def test_a_server_among_the_spawns_has_launch_facts() -> None:
    call = ToolCall("claude-code", "Bash", ToolKind.SHELL, commands=("npx -y acme-mcp",))
    found = understand_call(call, HERE)
    assert [launch.package_name for launch in found.launches] == ["acme-mcp"]


def test_what_decides_counts_behind_any_number_of_what_does_not() -> None:
    many = tuple(f"a{number}" for number in range(1_000))
    last = "/home/dev/.ssh/authorized_keys"
    edits = tuple(Edit(path, new="x") for path in (*many, last))
    assert "authorized-keys" in _call(ToolKind.WRITE, edits=edits).write_places
    assert "authorized-keys" in _call(ToolKind.READ, paths=(*many, last)).read_places
    urls = (*(f"https://docs.python.org/{path}" for path in many), "http://169.254.169.254/")
    assert "metadata" in _call(ToolKind.FETCH, urls=urls).host_kinds
    fields = {"server": "fs", "server_tool": "write_file"}
    assert (
        "authorized-keys" in _call(ToolKind.MCP, input=dict.fromkeys(many, "x") | {"path": last}, **fields).write_places
    )
    assert "authorized-keys" in _call(ToolKind.MCP, input={"files": [*many, {"path": last}]}, **fields).write_places


def test_more_commands_than_are_looked_at_are_told() -> None:
    commands = [{"command": f"echo {number}"} for number in range(601)]
    fields = {"server": "x", "server_tool": "run_commands"}
    assert _call(ToolKind.MCP, input={"commands": commands}, **fields).opaque == ("too-many",)
    assert _call(ToolKind.MCP, input={"commands": commands[:600]}, **fields).opaque == ()


def test_nobody_is_asked() -> None:
    assert _call(ToolKind.OTHER, permission_mode="bypassPermissions").unattended
    assert not _call(ToolKind.OTHER, permission_mode="default").unattended


_json = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=10,
)


@given(
    st.sampled_from(list(ToolKind)),
    st.lists(st.text(max_size=30), max_size=3),
    st.lists(st.text(max_size=30), max_size=3),
    st.dictionaries(st.text(max_size=8), _json, max_size=4),
    st.text(max_size=20),
)
def test_any_call_has_facts(
    kind: ToolKind, paths: list[str], urls: list[str], given_input: dict[str, object], tool: str
) -> None:
    call = ToolCall("x", tool, kind, paths=tuple(paths), urls=tuple(urls), server_tool=tool, input=given_input)  # type: ignore[arg-type]  # JSON
    assert understand_call(call, HERE).call == understand_call(call, HERE).call
