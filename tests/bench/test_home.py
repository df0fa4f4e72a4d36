"""The generator is an oracle, so it is tested against itself and against plain parsers, never the product."""

import ast
import json
import os
import random
import re
import stat
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from bench.builder import jsonc, toml
from bench.canaries import TYPES, Canary, Mint, fragments, leaked
from bench.home import Truth, generate
from bench.inventory import Inventory, Masks, compare, judge, judge_trace, main, unnamed
from bench.process import read_trace


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    return generate(tmp_path_factory.mktemp("machine") / "m", 7, state_megabytes=1, big=False)


def contents(directory: Path) -> dict[str, str]:
    """Every regular file and link below, paths and contents free of the directory's own name."""
    found = {}
    for root, folders, files in os.walk(directory):
        for name in (*folders, *files):
            path = Path(root, name)
            mode = path.lstat().st_mode
            if stat.S_ISLNK(mode):
                text = os.readlink(path)
            elif stat.S_ISREG(mode):
                text = path.read_bytes().decode("latin-1") if mode & 0o400 else "closed"
            else:
                text = stat.filemode(mode)
            found[str(path.relative_to(directory))] = text.replace(str(directory), "@")
    return found


def test_equal_seeds_give_equal_homes_and_other_seeds_other_secrets(tmp_path: Path) -> None:
    # Equal lengths of the two paths: the filler of the state file is counted in bytes.
    first, second = (generate(tmp_path / name, 3, state_megabytes=1, big=False) for name in ("one", "two"))
    other = generate(tmp_path / "six", 4, state_megabytes=1, big=False)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert first.to_json().replace(first.directory, "@") == second.to_json().replace(second.directory, "@")
    assert not {canary.value for canary in first.canaries} & {canary.value for canary in other.canaries}


def test_a_folder_that_holds_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileExistsError):
        generate(tmp_path)


def test_truth_survives_json(truth: Truth) -> None:
    assert Truth.from_json(truth.to_json()) == truth


def test_the_promised_size(truth: Truth) -> None:
    assert len(truth.agents) >= 30
    assert len(truth.servers) >= 110
    assert len({canary.type for canary in truth.canaries}) >= 30
    assert len({canary.place for canary in truth.canaries}) >= 25
    assert {kind for kind, number in truth.counts.items() if number >= 5} == {
        "cli", "extension", "hook", "instruction", "plugin", "skill",
    }  # fmt: skip
    names = [(server.name, server.scope) for server in truth.servers]
    assert {"user", "project", "local"} <= {scope for name, scope in names if name == "github"}
    assert Path(truth.home, ".claude.json").stat().st_size > 1_000_000


def test_every_server_stands_in_its_file(truth: Truth) -> None:
    """The raw command, arguments and address occur in the file, in the escaping of its format."""
    for server in truth.servers:
        text = Path(server.path).read_text(encoding="utf-8-sig")
        flat = re.sub(r"\s+", "", text.replace("''", "'"))
        for value in (server.command, server.url, *server.args):
            if value is None:
                continue
            plain = json.dumps(value, ensure_ascii=False)[1:-1]
            forms = {value, plain, plain.replace('\\"', '"').replace("'", "\\'")}
            assert any(re.sub(r"\s+", "", form) in flat for form in forms), (server, value)


def plain_servers(document: object) -> dict[str, dict[str, object]]:
    assert isinstance(document, dict)
    servers = document.get("mcpServers") or {}
    assert isinstance(servers, dict)
    return servers


def test_plain_json_files_say_what_the_truth_says(truth: Truth) -> None:
    checked = 0
    for path in sorted({server.path for server in truth.servers}):
        try:
            servers = plain_servers(json.loads(Path(path).read_text()))
        except (json.JSONDecodeError, RecursionError, AssertionError):
            continue  # JSONC, TOML, YAML and the deep file have tests of their own
        listed = [server for server in truth.servers if server.path == path and server.scope != "local"]
        if not servers or "/hostile/" in path or path.startswith(f"{truth.home}/.continue"):
            continue
        expected = {server.name: (server.command, list(server.args), server.url) for server in listed}
        actual = {
            name: (
                body.get("command"),
                body.get("args", []),
                body.get("url", body.get("serverUrl", body.get("httpUrl"))),
            )
            for name, body in servers.items()
        }
        assert actual == expected or path.endswith("mcp_config.local.json"), path
        checked += len(expected)
    assert checked >= 110


def test_local_servers_stand_in_the_projects_map(truth: Truth) -> None:
    state = json.loads(Path(truth.home, ".claude.json").read_text())
    actual = [
        (name, body.get("command"))
        for project in state["projects"].values()
        for name, body in project["mcpServers"].items()
    ]
    expected = [
        (s.name, s.command) for s in truth.servers if s.path == f"{truth.home}/.claude.json" and s.scope == "local"
    ]
    assert actual == expected


def test_toml_and_yaml_files_say_what_the_truth_says(truth: Truth) -> None:
    codex = tomllib.loads(Path(truth.home, ".codex/config.toml").read_text())["mcp_servers"]
    assert {name: body.get("command") for name, body in codex.items()} == {
        s.name: s.command for s in truth.servers if s.path == f"{truth.home}/.codex/config.toml"
    }
    vibe = tomllib.loads(Path(truth.home, ".vibe/config.toml").read_text())["mcp_servers"]
    assert [(body["name"], body.get("args", [])) for body in vibe] == [
        (s.name, list(s.args)) for s in truth.servers if s.path == f"{truth.home}/.vibe/config.toml"
    ]
    goose = yaml.safe_load(Path(truth.home, ".config/goose/config.yaml").read_text())["extensions"]
    assert {name: (body.get("cmd"), body.get("args", []), body.get("uri")) for name, body in goose.items()} == {
        s.name: (s.command, list(s.args), s.url) for s in truth.servers if s.path.endswith("goose/config.yaml")
    }
    model = yaml.safe_load(Path(truth.home, ".continue/config.yaml").read_text())["mcpServers"]
    assert [(body["name"], body.get("url")) for body in model] == [
        (s.name, s.url) for s in truth.servers if s.path == f"{truth.home}/.continue/config.yaml"
    ]


def test_commented_json_is_json_once_the_comments_are_gone() -> None:
    value = {"a": [1, {"b": "x // no comment ] }"}], "c": {}}
    text = jsonc(value, ["note"])
    stripped = re.sub(r"/\*.*?\*/", "", re.sub(r"^\s*//.*$", "", text, flags=re.M), flags=re.S)
    assert text.count("//") >= 3
    assert json.loads(re.sub(r",(\s*[}\]])", r"\1", stripped)) == value


def test_toml_writer() -> None:
    value = {"a": 1, "list": ["x"], "t": {"k.with dot": {"b": "é\n"}}, "rows": [{"n": 1, "e": {"x": "y"}}, {"n": 2}]}
    assert tomllib.loads(toml(value)) == value


def test_every_canary_stands_somewhere_on_disk(truth: Truth) -> None:
    """And only there where the record says: no canary is written twice."""
    text = "\n".join(contents(Path(truth.home)).values()) + "\n".join(contents(Path(truth.system)).values())
    flat = text.replace("\\n", "\n").replace("\\\\n", "\n")
    lost = [canary for canary in truth.canaries if canary.value not in flat and canary.type != "private-key"]
    # Bundles are compressed, and folded YAML breaks lines only at spaces, which no canary has.
    assert {canary.place for canary in lost} == {"bundle manifest"}


def test_special_files_are_special(truth: Truth) -> None:
    kinds = {stat.S_IFMT(Path(path).lstat().st_mode) for path in truth.unreadable}
    assert kinds == {stat.S_IFIFO, stat.S_IFSOCK, stat.S_IFLNK, stat.S_IFDIR, stat.S_IFREG}
    assert all(os.path.lexists(path) for path in truth.found_or_named)


def test_absolute_commands_are_stubs(truth: Truth) -> None:
    commands = {server.command for server in truth.servers if server.command and server.command.startswith("/")}
    assert commands
    assert all(truth.mark in Path(command).read_text() for command in commands)
    assert not Path(truth.mark).exists()


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_canaries_are_found_again_in_every_form(kind: str) -> None:
    mint = Mint(random.Random(5))
    values = {mint(kind, "x") for _ in range(200)}
    assert len(values) == 200
    canary = mint.made[0]
    for part in fragments(canary):
        assert len(part) >= 8
        assert leaked([canary], f"before {part} after".encode()) == [canary]
    assert leaked(mint.made[1:], canary.value.encode()) == []
    assert leaked([canary], json.dumps({"k": canary.value}).encode()) == [canary]


ORACLE = (
    "home*.py",
    "inventory.py",
    "builder.py",
    "canaries.py",
    "catalogue.py",
    "peers.py",
    "real_*.py",
    "process.py",
)
"""What judges an inventory. Other benchmarks may time the product from inside."""


def test_the_oracle_takes_nothing_from_the_product() -> None:
    folder = Path(__file__).parents[2] / "bench"
    paths = [path for pattern in ORACLE for path in folder.glob(pattern)]
    assert len(paths) >= len(ORACLE)
    for path in paths:
        tree = ast.parse(path.read_text())
        names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
        names += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        assert [name for name in names if name.split(".")[0] == "spawngate"] == [], path.name


def test_masks() -> None:
    masks = Masks([Canary("S3cret!", "password", "x")])
    assert masks.grade("--token=S3cret!", "--token=[secret:password:00ff]") == 2
    assert masks.grade("plain", "plain") == 2
    assert masks.grade("--token=S3cret!", "[secret:flag:00ff]") == 1
    assert masks.grade("4f1c", "[secret:hex:00ff]") == 1
    assert masks.grade("--token=S3cret!", "--key=[secret:password:00ff]") == 0
    assert masks.grade("plain", "other") == 0


def document(truth: Truth) -> dict[str, list[dict[str, object]]]:
    """What a scanner without fault would answer, with the secrets replaced."""
    values = sorted((canary.value for canary in truth.canaries), key=len, reverse=True)
    secret = re.compile("|".join(re.escape(text) for value in values for text in {value, json.dumps(value)[1:-1]}))

    def masked(text: str | None) -> str | None:
        return text if text is None else secret.sub("[secret:x:00]", text)

    return {
        "artifacts": [
            {
                "kind": "mcp_server", "agent": s.agent, "name": s.name, "scope": s.scope, "path": s.path,
                "launch": {
                    "transport": s.transport, "command": s.command,
                    "args": [masked(arg) for arg in s.args], "url": masked(s.url),
                },
            }
            for s in truth.servers
        ],
        "diagnostics": [{"path": path} for path in (*truth.unreadable, *truth.found_or_named)],
    }  # fmt: skip


def test_a_faultless_answer_is_graded_faultless(truth: Truth) -> None:
    result = compare(truth, document(truth))
    assert (len(result.exact), result.hidden, result.differs, result.missing) == (len(truth.servers), [], [], [])
    assert (result.extra, result.shared, result.other_name) == ([], [], [])
    assert (result.other_agent, result.other_scope, result.other_transport) == ([], [], [])
    assert unnamed(truth, document(truth)) == []


def test_each_fault_is_seen(truth: Truth) -> None:
    answer = document(truth)
    answer["artifacts"][2]["name"] = "renamed"
    answer["artifacts"].append({**answer["artifacts"][3], "agent": "reads-along"})
    answer["artifacts"][0]["launch"] = {"transport": "stdio", "command": "other", "args": []}
    gone = answer["artifacts"].pop(1)
    silent = answer["diagnostics"].pop(0)
    result = compare(truth, answer)
    assert [server.name for server, _ in result.differs] == [truth.servers[0].name]
    assert [server.name for server in result.missing] == [gone["name"]]
    assert [(server.name, other) for server, other in result.other_name] == [(truth.servers[2].name, "renamed")]
    assert [item["agent"] for item in result.shared] == ["reads-along"]
    assert unnamed(truth, answer) == [silent["path"]]


def test_trace_tells_own_start_from_others() -> None:
    log = (
        '10 execve("/x/python", ["python"], 0x1 /* 3 vars */) = 0\n'
        "10 clone3({flags=CLONE_VM|CLONE_THREAD, child_tid=0x1}, 88) = 11\n"
        "10 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD) = 12\n"
        '12 execve("/x/npx", ["npx", "-y"], 0x1) = -1 ENOENT (No such file or directory)\n'
        "10 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3\n"
        '10 connect(4, {sa_family=AF_UNIX, sun_path="/run/nscd/socket"}, 110) = -1 ENOENT\n'
    )
    trace = read_trace(log)
    assert (trace.programs, trace.processes, len(trace.network), len(trace.local_sockets)) == (["/x/npx"], 1, 1, 1)


FAKE = """#!{python}
import json, pathlib, sys
sys.path.insert(0, {root!r})
sys.path.insert(0, {tests!r})
from bench.home import Truth
from test_home import document
home = sys.argv[sys.argv.index("--home") + 1]
truth = Truth.from_json(pathlib.Path(home).with_name("truth.json").read_text())
answer = document(truth)
answer["artifacts"] += [{{"kind": kind, "agent": agent}} for agent in truth.agents for kind in truth.counts] * 2
{fault}
print(json.dumps(answer) if sys.argv[-1] == "json" else "rows")
"""

SEEN_IN_THE_ANSWER = {
    "leak": "print(truth.canaries[5].value, file=sys.stderr)",
    "leak into the table": "sys.argv[-1] == 'table' and print(truth.canaries[5].value)",
    "leak into the state": "import os; open(os.environ['SPAWNGATE_STATE_DIR'], 'w').write(truth.canaries[5].value)",
    "missing server": "answer['artifacts'].pop(0)",
    "missing diagnostic": "answer['diagnostics'].pop(0)",
    "missing hooks": "answer['artifacts'] = [item for item in answer['artifacts'] if item['kind'] != 'hook']",
    "reports node_modules": "answer['artifacts'].append({'kind': 'mcp_server', 'name': 'inside-node-modules'})",
    "escape in the table": "sys.argv[-1] == 'table' and print(chr(27))",
    "formula in the csv": "sys.argv[-1] == 'csv' and print('=1+1,2')",
    "failure": "sys.exit(3)",
}
SEEN_UNDER_STRACE = {
    "process": "import os; os.spawnv(os.P_WAIT, '/bin/true', ['true'])",
    "stub": "import os; os.spawnvp(os.P_WAIT, 'npx', ['npx'])",
    "network": "import socket; socket.socket(socket.AF_INET).close()",
    "writes into the home": "pathlib.Path(home, 'cache').touch()",
    "failure": "sys.exit(3)",
}
strace = pytest.mark.skipif(not Path("/usr/bin/strace").exists(), reason="needs strace")


def fake_command(folder: Path, fault: str) -> Path:
    """A scanner that knows the truth and has one fault."""
    fake = folder / "spawngate"
    here = Path(__file__)
    fake.write_text(FAKE.format(python=sys.executable, root=str(here.parents[2]), tests=str(here.parent), fault=fault))
    fake.chmod(0o755)
    return fake


@pytest.mark.parametrize("fault", sorted(SEEN_IN_THE_ANSWER))
def test_faults_of_the_answer_fail_the_benchmark(fault: str, truth: Truth, tmp_path: Path) -> None:
    subject = Inventory(truth, fake_command(tmp_path, SEEN_IN_THE_ANSWER[fault]), tmp_path)
    assert not judge(subject, subject.scan(), 5)


@strace
@pytest.mark.parametrize("fault", sorted(SEEN_UNDER_STRACE))
def test_faults_of_conduct_fail_the_benchmark(fault: str, truth: Truth, tmp_path: Path) -> None:
    subject = Inventory(truth, fake_command(tmp_path, SEEN_UNDER_STRACE[fault]), tmp_path)
    kept = judge_trace(subject, 5)
    Path(truth.mark).unlink(missing_ok=True)
    assert not kept


@strace
def test_a_faultless_scanner_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--command", str(fake_command(tmp_path, "")), "--small", "--state-megabytes", "1", "--runs", "1"]
    status = main(arguments)
    assert (status, capsys.readouterr().out.splitlines()[-1]) == (0, "every promise kept")
