"""The commands that calls of MCP tools stand for."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.command.mcp_programs import MOST, StandIns, stand_ins, words_of
from spawngate.model.call import ToolCall, ToolKind


def _stand_ins(server: str, tool: str, given: dict[str, Any], **fields: Any) -> StandIns:
    return stand_ins(
        ToolCall("a", f"mcp__{server}__{tool}", ToolKind.MCP, server=server, server_tool=tool, input=given, **fields)
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("readFile", ["read", "file"]),
        ("Powershell-Tool", ["powershell", "tool"]),
        ("HTTPRequest", ["http", "request"]),
        ("run_sql2", ["run", "sql2"]),
        ("", []),
    ],
)
def test_words_of_a_name(name: str, words: list[str]) -> None:
    assert words_of(name) == words


@pytest.mark.parametrize(
    ("server", "tool", "given", "texts"),
    [
        ("shell", "run", {"cmd": "ls | wc"}, (("ls | wc", "posix"),)),
        ("x", "go", {"shellCommand": "ls"}, (("ls", "posix"),)),
        ("x", "exec", {"command": "cat x", "args": ["a b"]}, (("cat x 'a b'", "posix"),)),
        ("tmux", "send_keys", {"keys": "ls -l\n"}, (("ls -l\n", "posix"),)),
        ("windows", "Powershell-Tool", {"command": "Get-Process"}, (("Get-Process", "powershell"),)),
        ("powershell", "run", {"script": "Get-Date"}, (("Get-Date", "powershell"),)),
        ("code", "run", {"code": "ls -l", "language": "bash"}, (("ls -l", "posix"),)),
        ("kubernetes", "kubectl", {"command": "get pods | wc"}, (("kubectl get pods | wc", "posix"),)),
        ("x", "step", {"steps": [{"command": "a"}, {"command": "b"}]}, (("a", "posix"), ("b", "posix"))),
    ],
)
def test_texts_for_a_shell(server: str, tool: str, given: dict[str, Any], texts: tuple[tuple[str, str], ...]) -> None:
    assert _stand_ins(server, tool, given) == StandIns(texts=texts)  # type: ignore[arg-type]  # names of dialects


@pytest.mark.parametrize(
    ("server", "tool", "given", "argvs"),
    [
        ("shell", "execute", {"command": ["rm", "-rf", "/"]}, (("rm", "-rf", "/"),)),
        ("shell", "execute", {"program": "rm", "args": ["-rf", "/x"]}, (("rm", "-rf", "/x"),)),
        ("kubernetes", "kubectl", {"command": "delete ns prod"}, (("kubectl", "delete", "ns", "prod"),)),
        ("kubernetes", "kubectl", {"args": "delete ns --all"}, (("kubectl", "delete", "ns", "--all"),)),
        (
            "kubernetes",
            "kubectl_delete",
            {"resourceType": "namespace", "name": "prod"},
            (("kubectl", "delete", "namespace", "prod"),),
        ),
        ("redis", "execute", {"command": "FLUSHALL"}, (("redis-cli", "FLUSHALL"),)),
        ("redis", "flushall", {}, (("redis-cli", "flushall"),)),
        ("azure", "az", {"command": "group delete --name p"}, (("az", "group", "delete", "--name", "p"),)),
        ("gcloud", "run", {"args": ["projects", "delete", "p"]}, (("gcloud", "projects", "delete", "p"),)),
        ("git", "git_push", {"force": True, "branch": "main"}, (("git", "push", "--force", "main"),)),
        (
            "docker",
            "run_container",
            {"image": "a", "privileged": True, "volumes": {"/": {"bind": "/h"}}},
            (("docker", "run", "--privileged", "-v", "/:/h", "a"),),
        ),
        (
            "docker",
            "create_container",
            {"image": "a", "mounts": [{"source": "/", "target": "/h"}]},
            (("docker", "run", "-v", "/:/h", "a"),),
        ),
        (
            "terraform",
            "run",
            {"command": "destroy"},
            (("terraform", "destroy"), ("terraform", "destroy", "-auto-approve")),
        ),
        (
            "aws",
            "use_aws",
            {"service_name": "s3", "operation_name": "delete_bucket"},
            (("aws", "s3", "delete-bucket"),),
        ),
        ("postgres", "query", {"sql": "DROP TABLE x"}, (("psql", "-c", "DROP TABLE x"),)),
        ("supabase", "run", {"query": "-- x\ndelete from a"}, (("psql", "-c", "-- x\ndelete from a"),)),
        ("mongodb", "delete-many", {"filter": {}}, (("mongosh", "--eval", "db.c.deleteMany({})"),)),
        ("mongodb", "drop-database", {"database": "x"}, (("mongosh", "--eval", "db.dropDatabase()"),)),
        ("python", "run", {"code": "print(1)"}, (("python3", "-c", "print(1)"),)),
        ("node", "run", {"code": "x()"}, (("node", "-e", "x()"),)),
        ("mac", "run_applescript", {"script": "beep"}, (("osascript", "-e", "beep"),)),
        ("browser", "run_code", {"code": "require('fs')"}, (("node", "-e", "require('fs')"),)),
        ("p", "kill_process", {"name": "x"}, (("pkill", "-f", "x"),)),
        ("fs", "delete_directory", {"path": "a"}, (("rm", "-rf", "a"),)),
        ("fs", "remove", {"path": "a", "recursive": True}, (("rm", "-rf", "a"),)),
        (
            "http",
            "request",
            {"method": "delete", "url": "https://a.example/x"},
            (("curl", "-X", "DELETE", "https://a.example/x"),),
        ),
        (
            "http",
            "request",
            {"method": "POST", "url": "https://a.example/x", "json": {"a": 1}},
            (("curl", "-X", "POST", "-d", '{"a": 1}', "https://a.example/x"),),
        ),
    ],
)
def test_words(server: str, tool: str, given: dict[str, Any], argvs: tuple[tuple[str, ...], ...]) -> None:
    assert _stand_ins(server, tool, given) == StandIns(argvs=argvs)


def test_work_that_is_handed_to_another_agent() -> None:
    assert _stand_ins("claude-code", "claude_code", {"prompt": "Run `rm -rf ~`"}).texts == (("rm -rf ~", "posix"),)
    assert _stand_ins("notes", "add", {"prompt": "Run `rm -rf ~`"}) == StandIns()


def test_a_cell_of_a_notebook() -> None:
    found = _stand_ins("jupyter", "execute_cell", {"source": "x = 1\n!ls -l\nfiles = !pwd"})
    assert found.texts == (("ls -l", "posix"), ("pwd", "posix"))
    assert _stand_ins("jupyter", "execute_cell", {"source": "%%bash\nls"}).texts == (("ls", "posix"),)
    assert _stand_ins("jupyter", "execute_cell", {"source": "x = 1\n" * 500 + "!ls"}).texts == (("ls", "posix"),)


def test_commands_at_any_place_of_an_input() -> None:
    assert _stand_ins("x", "go", {"a": ["x"] * 500 + [{"command": "ls"}]}).texts == (("ls", "posix"),)
    deep: Any = {"command": "ls"}
    for _ in range(50):
        deep = {"a": [deep]}
    assert _stand_ins("x", "go", deep).texts == (("ls", "posix"),)


def test_more_than_are_looked_at() -> None:
    commands = [{"command": f"echo {number}"} for number in range(MOST + 1)]
    texts = tuple((each["command"], "posix") for each in commands[:MOST])
    assert _stand_ins("x", "go", {"all": commands[:MOST]}) == StandIns(texts)  # type: ignore[arg-type]  # dialects
    assert _stand_ins("x", "go", {"all": commands}) == StandIns(texts, whole=False)  # type: ignore[arg-type]  # dialects


@pytest.mark.parametrize(
    ("server", "tool", "given"),
    [
        ("exa", "web_search", {"query": "DROP TABLE users"}),
        ("docs", "search_database_docs", {"query": "delete from x"}),
        ("github", "create_issue", {"title": "x", "body": "rm -rf / does not work"}),
        ("browser", "evaluate", {"function": "() => document.title"}),
        ("puppeteer", "puppeteer_evaluate", {"script": "document.title"}),
        ("mongodb", "delete-many", {"filter": {"_id": 1}}),
        ("docker", "run_container", {"image": "redis:7", "ports": {"6379/tcp": 6379}}),
        ("fs", "delete_file", {"path": "a"}),
        ("http", "request", {"method": "GET", "url": "https://a.example/"}),
        ("notes", "append", {"text": "rm -rf /"}),
    ],
)
def test_calls_that_stand_for_nothing(server: str, tool: str, given: dict[str, Any]) -> None:
    assert _stand_ins(server, tool, given) == StandIns()


def test_what_only_the_decoder_found_is_kept() -> None:
    assert _stand_ins("x", "go", {}, commands=("ls",), argvs=(("a", "b"),)) == StandIns((("ls", "posix"),), ())
    assert _stand_ins("x", "go", {}, argvs=(("a", "b"),)) == StandIns(argvs=(("a", "b"),))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=40),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "command",
                    "args",
                    "sql",
                    "code",
                    "query",
                    "keys",
                    "volumes",
                    "binds",
                    "force",
                    "mode",
                    "url",
                    "method",
                    "body",
                    "language",
                    "filter",
                    "service_name",
                    "operation_name",
                    "path",
                    "recursive",
                    "name",
                    "x",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(
    st.sampled_from(
        ["docker", "git", "kubernetes", "redis", "postgres", "python", "shell", "aws", "browser", "mongodb", ""]
    ),
    st.sampled_from(
        ["run", "delete_many", "git_push", "kubectl_delete", "run_container", "kill_process", "rm", "query", "x"]
    ),
    st.dictionaries(
        st.sampled_from(["command", "args", "sql", "code", "keys", "volumes", "x", "privileged"]), JSON, max_size=4
    ),
)
def test_any_call(server: str, tool: str, given: dict[str, Any]) -> None:
    found = _stand_ins(server, tool, given)
    assert all(isinstance(text, str) for text, _ in found.texts)
    assert all(argv and all(isinstance(word, str) for word in argv) for argv in found.argvs)
    assert found == _stand_ins(server, tool, given)


def test_comments_before_a_statement_are_read_once() -> None:
    # Each comment could be read as a part of the one before it: thirty took minutes.
    text = "/* a */ " * 2_000
    began = time.thread_time()
    _stand_ins("postgres", "query", {"sql": text, "x": text})
    assert time.thread_time() - began < 1
