"""What one call would change: by file tool, MCP tool and shell; what is known replaces what its text looks like."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spawngate.command.calls import understand_call
from spawngate.command.context import context_of
from spawngate.configuration.files import MISSING, Content
from spawngate.configuration.outcome import NOTHING, may_change, outcome_of
from spawngate.configuration.reduced import reduced_call, reduced_spawns
from spawngate.model.call import Edit, ToolCall, ToolKind
from tests.configuration.called import HOME, MCP, SERVER, SETTINGS, outcome, shell, write


def told(call: ToolCall) -> tuple[list[tuple[str, str, str]], list[tuple[str, str]]]:
    found = outcome(call)[0]
    return (
        [(one.facts.what, one.facts.change, one.facts.line) for one in found.differences],
        [(facts.path, facts.reason) for facts in found.unknown],
    )


HUNK = f'@@ -1 +1 @@\n-{{"mcpServers": {{"a": {{"command": "npx", "args": ["-y", "a"]}}}}}}\n+{SERVER}\n'
ADDED: tuple[list[tuple[str, str, str]], list[tuple[str, str]]] = ([("server", "added", "evil")], [])


@pytest.mark.parametrize(
    "call",
    [
        write(MCP, SERVER),
        write(".mcp.json", SERVER),
        write(MCP, '"mcpServers": {"b": {"command": "evil"}, ', '"mcpServers": {'),
        shell(f"cat > .mcp.json <<'E'\n{SERVER}\nE"),
        shell(f"echo '{SERVER}' | tee .mcp.json"),
        shell(f"printf '%s' '{SERVER}' > ~/p/.mcp.json"),
        shell("""jq '.mcpServers.b = {"command": "evil"}' .mcp.json > /tmp/x && mv /tmp/x .mcp.json"""),
        shell("""sed -i 's/"mcpServers": {/&"b": {"command": "evil"}, /' .mcp.json"""),
        shell(f"echo '{SERVER}' > /tmp/y; cp /tmp/y .mcp.json"),
        shell(
            'python3 -c \'import json; d = json.load(open(".mcp.json")); '
            'd["mcpServers"]["b"] = {"command": "evil"}; json.dump(d, open(".mcp.json", "w"))\''
        ),
        shell(f"patch .mcp.json <<'E'\n--- a\n+++ b\n{HUNK}E"),
        shell(f"git apply <<'E'\n--- a/.mcp.json\n+++ b/.mcp.json\n{HUNK}E"),
        shell(f"apply_patch <<'E'\n*** Begin Patch\n*** Update File: .mcp.json\n{HUNK}*** End Patch\nE"),
        ToolCall(
            "claude-code",
            "mcp__fs__write_file",
            ToolKind.MCP,
            server="fs",
            server_tool="write_file",
            input={"path": MCP, "content": SERVER},
            cwd="/home/dev/p",
        ),
        ToolCall(
            "claude-code",
            "mcp__fs__edit_file",
            ToolKind.MCP,
            server="fs",
            server_tool="edit_file",
            input={"path": MCP, "edits": [{"oldText": '"a": {', "newText": '"b": {"command": "evil"}, "a": {'}]},
            cwd="/home/dev/p",
        ),
    ],
    ids=lambda call: f"{call.tool}-{(call.commands or ('',))[0][:20]}",
)
def test_a_server_is_added(call: ToolCall) -> None:
    assert told(call) == ADDED


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (shell("curl -s https://a.example > .mcp.json"), "network"),
        (shell("curl -s https://a.example -o .mcp.json"), "network"),
        (shell('node -e \'require("fs").writeFileSync(".mcp.json", "{}")\''), "code"),
        (shell("git checkout main -- .mcp.json"), "version-control"),
        (shell("ln -sf /tmp/elsewhere .mcp.json"), "link"),
        (shell("sed -i 'y/a/b/' .mcp.json"), "expression"),
        (shell('echo "$X" > .mcp.json'), "variable"),
        (shell("echo '{' > .mcp.json"), "malformed"),
        (write(MCP, "x", "does not stand there"), "text-not-found"),
    ],
)
def test_what_cannot_be_computed_has_a_reason(call: ToolCall, reason: str) -> None:
    found = outcome(call)[0]
    assert reason in [facts.reason for facts in found.unknown]
    assert {facts.path for facts in found.unknown} == {MCP}
    assert not found.complete


@pytest.mark.parametrize(
    "call",
    [
        write(SETTINGS, "light", "dark"),
        shell("sed -i 's/dark/light/' ~/.claude/settings.json"),
        shell("jq '.model = \"x\"' ~/.claude/settings.json | sponge ~/.claude/settings.json"),
        shell(
            'python3 -c \'import pathlib; p = pathlib.Path.home() / ".claude/settings.json"; '
            'p.write_text(p.read_text().replace("dark", "light"))\''
        ),
    ],
)
def test_a_theme_is_no_news(call: ToolCall) -> None:
    found, understood, context = outcome(call)
    assert (found.differences, found.unknown, found.complete) == ((), (), True)
    assert SETTINGS in found.computed
    rest = [*reduced_call(understood.call, found, context).write_places]
    for facts in reduced_spawns(understood, found, context):
        rest += facts.write_places
        assert facts.switches == ()
    assert not {"agent-config", "agent-folder"} & set(rest)


def test_other_files_are_not_looked_at() -> None:
    asked: list[str] = []

    def reader(path: str) -> Content:
        asked.append(path)
        return MISSING

    for call in (shell("echo a > x.txt; ls -la"), write("/home/dev/p/a.py", "x = 1"), shell("cat .mcp.json")):
        assert outcome(call, reader)[0] == NOTHING
    assert asked == []


def test_may_change_asks_nothing() -> None:
    assert [may_change(outcome(shell(text))[1]) for text in ("ls", "cat a | grep b", "echo a > b", "tee c")] == [
        False,
        False,
        True,
        True,
    ]


def test_an_earlier_content_counts_too() -> None:
    call = shell(f"echo '{SERVER}' > .mcp.json; sleep 9; git checkout .mcp.json || echo '{{}}' > .mcp.json")
    changes = [(one.facts.what, one.facts.change, one.facts.line) for one in outcome(call)[0].differences]
    assert ("server", "added", "evil") in changes


def test_words_count_where_no_reader_knows_the_setting() -> None:
    call = write(SETTINGS, '{"someNewThing": {"approval_policy": "never"}}')
    found, understood, context = outcome(call)
    assert found.switches == {"unattended"}
    assert reduced_call(understood.call, found, context).switches == ("unattended",)


def test_too_many_files() -> None:
    text = "; ".join(f"echo a > f{number}" for number in range(300))
    call = shell(text + "; " + "; ".join(f"echo a > g{number}" for number in range(300)) + "; echo '{}' > .mcp.json")
    found, _, _ = outcome(call)
    assert not found.complete
    assert [(each.path, each.reason) for each in found.unknown if each.path] == [(MCP, "too-many")]


def test_deleting_takes_everything_out() -> None:
    call = ToolCall("claude-code", "x", ToolKind.WRITE, paths=(MCP,), edits=(Edit(MCP),), cwd="/home/dev/p")
    assert told(replace(call, edits=(Edit(MCP, None, "{}"),))) == ([("server", "removed", "npx -y a")], [])


@settings(max_examples=60)
@given(st.text(alphabet="abe {}\":,>|<&;$'\n-~/.jsonmcp", max_size=60))
def test_any_command_gives_the_same_twice(text: str) -> None:
    call = shell(f"{text} > .mcp.json")
    one, other = outcome(call)[0], outcome(call)[0]
    assert [each.facts for each in one.differences] == [each.facts for each in other.differences]
    assert one.unknown == other.unknown


def test_a_folder_that_is_moved_into_place() -> None:
    text = f"mkdir -p /tmp/z && echo '{SERVER}' > /tmp/z/mcp.json && mv /tmp/z ~/.cursor; echo '{{}}' > .mcp.json"
    changes = {(one.facts.path, one.facts.line) for one in outcome(shell(text))[0].differences}
    assert ("/home/dev/.cursor/mcp.json", "evil") in changes


def test_an_edit_of_the_appearance_alone_needs_no_file() -> None:
    call = write("/home/dev/.codex/config.toml", 'model = "b"', 'model = "a"')
    found, understood, context = outcome(call)
    assert (found.differences, found.unknown, found.complete) == ((), (), True)
    assert "agent-config" not in reduced_call(understood.call, found, context).write_places


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("tar xzf a.tgz -C ~/.claude", "archive"),
        ("unzip a.zip -d ~/.cursor", "archive"),
        ("cp -r theirs/. ~/.claude/", "program"),
        ("rsync -a host:x/ ~/.claude/", "network"),
    ],
)
def test_a_folder_that_is_filled(text: str, reason: str) -> None:
    found = outcome(shell(text))[0]
    assert {facts.reason for facts in found.unknown} == {reason}
    assert not found.complete


@pytest.mark.parametrize(
    "text", ["tar xzf a.tgz -C build", "git checkout main", "cp -r a b", "mkdir -p ~/.claude", "unzip a.zip -d /tmp/x"]
)
def test_other_folders(text: str) -> None:
    assert outcome(shell(text))[0] == NOTHING


@pytest.mark.parametrize("command", ["cp AGENTS.md CLAUDE.md", "ln -s AGENTS.md CLAUDE.md"])
def test_a_file_is_no_folder(command: str) -> None:
    found = outcome(shell(command), lambda _: MISSING)[0]
    assert [facts.labels for facts in found.unknown if "unnamed" in facts.labels] == []


def test_a_patch_that_does_not_fit_is_named() -> None:
    call = shell("git apply <<'E'\n--- a/.mcp.json\n+++ b/.mcp.json\n@@ -1 +1 @@\n-nothing\n+{}\nE")
    assert [(facts.path, facts.reason, facts.labels) for facts in outcome(call)[0].unknown] == [
        (MCP, "text-not-found", ("unnamed",))
    ]


@pytest.mark.parametrize(
    "command",
    [
        "cp new .mc[p].json",
        "cat new > .mcp.js?n",
        "cat new 1<>.mcp.json",
        "cat new 1<> .mcp.json",
        "uniq new .mcp.json",
        "awk '{print > \".mcp.json\"}' new",
        'awk \'{printf "%s", $0 >> ".mcp.json"}\' new',
        'node -e \'require("fs").copyFileSync("new", ".mcp.json")\'',
        'node -e \'require("fs").cpSync("new", ".mcp.json")\'',
        'node -e \'require("fs").renameSync("new", ".mcp.json")\'',
        'node -e \'require("fs").linkSync("new", ".mcp.json")\'',
        'node -e \'require("fs").promises.rename("new", ".mcp.json")\'',
        'deno eval \'Deno.copyFileSync("new", ".mcp.json")\'',
        'perl -MFile::Copy -e \'copy("new", ".mcp.json")\'',
        'perl -e \'rename "new", ".mcp.json"\'',
        'perl -e \'link("new", ".mcp.json")\'',
        'php -r \'copy("new", ".mcp.json");\'',
        'ruby -e \'File.rename("new", ".mcp.json")\'',
        'ruby -e \'IO.copy_stream("new", ".mcp.json")\'',
        'python3 -i -c \'d=open(".mcp.json").read();open(".mcp.json","w").write(d)\' <<< \'import x\'',
        'echo > json.py; python3 -c \'import json;json.dump(json.load(open(".mcp.json")),open(".mcp.json","w"))\'',
    ],
)
def test_a_file_that_is_written_in_a_way_of_its_own_is_not_passed_over(command: str) -> None:
    found, *_ = outcome(shell(command))
    assert MCP in {one.path for one in found.unknown} | {one.facts.path for one in found.differences}


@pytest.mark.parametrize(
    "command",
    [
        'node -e \'require("fs").cpSync(".mcp.json", "kept.json")\'',
        'perl -MFile::Copy -e \'copy(".mcp.json", "kept.json")\'',
        "uniq .mcp.json",
        "awk '{print > \"kept\"}' .mcp.json",
    ],
)
def test_a_file_that_is_copied_stays_as_it_is(command: str) -> None:
    found, *_ = outcome(shell(command))
    assert (found.differences, found.unknown) == ((), ())


@pytest.mark.parametrize(
    "command",
    [
        "patch -p1 <<'E'\n--- /dev/null\n+++ b/d/settings.json\n@@ -0,0 +1 @@\n+{}\nE",
        "cp new d/settings.json",
    ],
)
def test_a_folder_that_is_a_link_to_an_agents(command: str) -> None:
    call = shell(command)
    context = context_of(call, home=HOME)
    found = outcome_of(
        call,
        understand_call(call, context),
        context,
        lambda path: MISSING,
        lambda path: path.replace("/p/d/", "/p/.claude/"),
    )
    assert {one.path for one in found.unknown} | set(found.computed) == {f"{HOME}/p/d/settings.json"}
