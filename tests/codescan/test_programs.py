"""Programs: what a raw process call starts, as far as the call says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.codescan import ir
from spawngate.codescan.frontends import lower
from spawngate.codescan.models.load import shipped
from spawngate.codescan.models.model import Language, SinkModel
from spawngate.codescan.programs import is_other_program, is_work_of_a_tool, runs_its_arguments


def model_of(name: str) -> SinkModel:
    language = Language(name.partition(".")[0])
    sinks = [sink for library in shipped(frozenset([language])).libraries for sink in library.sinks]
    return next(sink for sink in sinks if sink.id == name)


def call_of(path: str, code: str) -> ir.Call:
    found: list[ir.Call] = []
    todo: list[object] = [lower(path, code.encode()).body]
    while todo:
        item = todo.pop()
        if isinstance(item, tuple):
            todo.extend(item)
        elif isinstance(item, ir.Node):
            found.extend([item] if isinstance(item, ir.Call) else [])
            todo.extend(getattr(item, field) for field in item.__struct_fields__)
    return max(found, key=lambda call: len(ir.dump(call)))


@pytest.mark.parametrize(
    ("model", "path", "code", "other"),
    [
        ("python.process.subprocess", "x.py", "run(['git', 'clone', url])", True),
        ("python.process.subprocess", "x.py", "run(['npx', '-y', name])", False),
        ("python.process.subprocess", "x.py", "run([cmd, 'clone'])", False),
        ("python.process.subprocess", "x.py", "run(argv)", False),
        ("python.process.subprocess", "x.py", "run(['git'], executable=cmd)", False),
        ("python.process.subprocess-shell", "x.py", "system(f'git clone {url}')", True),
        ("python.process.subprocess-shell", "x.py", "system(f'git clone {url}; npx x')", True),
        ("python.process.subprocess-shell", "x.py", "system('cd a; npx x')", False),
        ("python.process.subprocess-shell", "x.py", "system(f'{a} clone')", False),
        ("python.process.subprocess-shell", "x.py", "system(f'git{a} clone')", False),
        ("python.process.os-exec", "x.py", "execvp('/usr/bin/tar', args)", True),
        ("javascript.process.spawn", "x.ts", "spawn('git', ['clone', url])", True),
        ("javascript.process.spawn", "x.ts", "spawn('C:\\\\x\\\\Node.EXE', [f])", False),
        ("java.process.process-builder", "X.java", 'class T { Object f = new ProcessBuilder("git", u); }', True),
        ("java.process.process-builder", "X.java", 'class T { X f = new ProcessBuilder(List.of("sh", u)); }', False),
        ("java.process.process-builder", "X.java", "class T { Object f = new ProcessBuilder(u); }", False),
        ("rust.process.command", "x.rs", 'fn f() { Command::new("git").arg(u).spawn(); }', True),
        ("rust.process.command", "x.rs", 'fn f() { Command::new("uvx").arg(u).spawn(); }', False),
        ("rust.process.command", "x.rs", "fn f() { Command::new(p).arg(u).spawn(); }", False),
        ("rust.process.command", "x.rs", "fn f() { c.spawn(); }", False),
    ],
)  # fmt: skip
def test_programs(model: str, path: str, code: str, other: bool) -> None:
    assert is_other_program(call_of(path, code), model_of(model)) is other


@pytest.mark.parametrize("word", ["npx", "/usr/bin/python3.11", "node.exe", "C:\\Windows\\cmd.exe", "'uvx'", "python3"])
def test_launchers(word: str) -> None:
    assert runs_its_arguments(word)


@pytest.mark.parametrize("word", ["git", "", "pythonic", "nodemon-x", "/usr/bin/", "7z"])
def test_others(word: str) -> None:
    assert not runs_its_arguments(word)


@given(st.text(max_size=40))
def test_any_text(word: str) -> None:
    assert runs_its_arguments(word) in (True, False)


@pytest.mark.parametrize(
    ("model", "functions", "work"),
    [
        ("python.fastmcp.tool-parameters", ("run_command", "run_command"), True),
        ("java.mcp.tool-parameters", ("McpTools.Shell.execute", "Shell.execute"), True),
        ("python.fastmcp.tool-parameters", ("start_server", "start_server"), False),
        ("python.fastmcp.tool-parameters", ("_spawn", "installPackage"), False),
        ("python.openai.answer", ("run_command", "run_command"), False),
        ("", ("run_command",), False),
    ],
)
def test_what_a_tool_is_for_is_no_launch(model: str, functions: tuple[str, ...], work: bool) -> None:
    assert is_work_of_a_tool(model, functions) is work
