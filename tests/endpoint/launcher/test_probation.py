"""A start on probation: what is no MCP server does nothing outside, is recorded, and leaves nothing running."""

import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from spawngate.endpoint.launcher.place import packaged
from tests.endpoint.launcher.harness import (
    ALLOW,
    AT_ONCE,
    PROBE,
    PYTHON,
    SERVER,
    Place,
    place_in,
    request,
    serving,
    walls,
)
from tests.native.test_confine import without_calls

WALLS = walls()
pytestmark = pytest.mark.skipif(not WALLS, reason="no walls here, or built without a C compiler")
own_root = pytest.mark.skipif("mount" not in WALLS, reason="this system gives users no root of their own")

DENIED = {"verdict": "deny", "message": "executes but is not MCP"}


def tagged(tag: str) -> list[int]:
    """Processes whose words hold the tag."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                words = Path(f"/proc/{name}/cmdline").read_bytes()
            except OSError:
                continue
            if tag.encode() in words and int(name) != os.getpid():
                found.append(int(name))
    return found


def run(place: Place, *command: str, program: str = PYTHON, probe: Any = PROBE, **options: Any) -> tuple[Any, Any]:
    """What the agent reads, and what the daemon is told of the probe."""
    place.daemon.answers["start"] = {**ALLOW, "program": program, "probe": probe}
    with place.start(*command, **options) as process:
        out, _ = process.communicate(request(1, "initialize"), timeout=60)
    told = [question for verb, question in place.daemon.asked if verb == "probed"]
    return json.loads(out) if out else None, told[0] if told else None


ATTACKS = {
    "banner": ([PYTHON, SERVER, "banner"], "not-mcp"),
    "exits": ([PYTHON, SERVER, "exits"], "exited"),
    "marker": ([PYTHON, SERVER, "mark", "{mark}"], "silent"),
    "detached child": ([PYTHON, SERVER, "detach", "{mark}"], "silent"),
    "shell": (["/bin/sh", "-s"], "silent"),
    "echo": (["/bin/sh", "-c", "read -r line; echo $line; sleep 30"], "silent"),
    "shell payload": (["/bin/sh", "-c", "echo x > {mark}; exec cat"], "not-mcp"),
    "silent": ([PYTHON, SERVER, "silent"], "silent"),
    "background child": (["/bin/sh", "-c", "(sleep 0.2; echo x > {mark}) & exit 0"], "exited"),
    "setsid child": (["/bin/sh", "-c", "setsid sh -c 'sleep 0.2; echo x > {mark}' & sleep 30"], "silent"),
    "inline code": ([PYTHON, "-c", "open('{mark}','w').write('x')"], "exited"),
    "binary output": (["/bin/sh", "-c", "head -c 100000 /dev/urandom; echo x > {mark}; sleep 30"], "not-mcp"),
    "flood": (["/bin/sh", "-c", "echo x > {mark}; yes"], "not-mcp"),
    "home": (["/bin/sh", "-c", "echo x > ~/mark; cp ~/mark {mark}; exit 1"], "exited"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_what_is_no_server_leaves_no_mark(place: Place, tmp_path: Path, name: str) -> None:
    words, outcome = ATTACKS[name]
    tag = f"tag-{name.replace(' ', '-')}-{os.getpid()}"
    mark = tmp_path / "outside" / tag
    mark.parent.mkdir()
    command = [word.replace("{mark}", str(mark)) for word in words]
    place.daemon.answers["probed"] = DENIED
    probe = {**PROBE, "seconds": 1.5} if outcome == "silent" else PROBE
    answer, told = run(place, *command, tag, program=shutil.which(command[0]) or "", probe=probe)
    assert answer["error"] == {"code": -32001, "message": "executes but is not MCP"}
    assert told["outcome"] == outcome, told
    assert told["tools"] is None
    assert "seccomp" in told["layers"]
    assert tagged(tag) == []
    time.sleep(0.4)
    assert not mark.exists()
    assert not (place.state / "mark").exists()
    assert place.daemon.verbs() == ["start", "probed"]


def test_a_server_that_passes_is_started_again_with_what_it_was_granted(place: Place, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    answer, told = run(place, PYTHON, SERVER, "mark-and-serve", str(mark))
    assert answer["result"]["serverInfo"] == {"name": "tests", "version": "1"}
    assert mark.read_text() == "x"  # once: the probe could not
    assert (told["outcome"], told["era"], told["server"]) == ("mcp", "legacy", {"name": "tests", "version": "1"})
    assert (told["detail"], told["instructions"]) == ("", None)
    assert [tool["name"] for tool in told["tools"]] == ["echo", "environment", "exit", "raise", "detach", "pid"]
    assert place.daemon.verbs() == ["start", "probed", "end"]


@own_root
@pytest.mark.parametrize("where", ["working folder", "folder in its words", "beside no file yet", "old file"])
def test_a_server_that_makes_its_database_while_it_starts_passes(place: Place, tmp_path: Path, where: str) -> None:
    data = tmp_path / "data"
    data.mkdir()
    file = data / ("old.db" if where == "old file" else "new.db")
    if where == "old file":
        file.write_text("old\n")
    words = {"working folder": "new.db", "folder in its words": str(data), "old file": "old.db"}
    into = '"$1/new.db"' if where == "folder in its words" else '"$1"'
    code = f"set -e; echo made >> {into}; exec {PYTHON} {SERVER}"
    own = {"cwd": data} if where in ("working folder", "old file") else {}
    command = ["/bin/sh", "-c", code, "sh", words.get(where, str(file))]
    answer, told = run(place, *command, program="/bin/sh", **own)
    assert (told["outcome"], told["detail"]) == ("mcp", "")
    assert answer["result"]["serverInfo"]["name"] == "tests"
    before = "old\n" if where == "old file" else ""
    assert file.read_text() == f"{before}made\n"  # once: the probe wrote into a copy


def test_a_server_that_ends_on_a_method_it_does_not_know_is_tried_once_more(place: Place) -> None:
    answer, told = run(place, PYTHON, SERVER, "old")
    assert (told["outcome"], told["era"]) == ("mcp", "legacy")
    assert answer["result"]["serverInfo"]["name"] == "tests"


def test_a_server_that_says_nothing_to_what_it_does_not_know_is_asked_in_time(place: Place) -> None:
    begun = time.monotonic()
    answer, told = run(place, PYTHON, SERVER, "deaf", probe={**PROBE, "seconds": 6})
    assert (told["outcome"], told["era"]) == ("mcp", "legacy")
    assert answer["result"]["serverInfo"]["name"] == "tests"
    assert time.monotonic() - begun < 6


def scratches() -> set[str]:
    return {name for name in os.listdir("/tmp") if name.startswith(".spawngate-jail-")}


@pytest.mark.parametrize("how", ["launcher", "relay"])
def test_a_kill_during_the_probe_leaves_nothing(place: Place, how: str) -> None:
    place.daemon.answers["start"] = {**ALLOW, "probe": PROBE}
    tag, before = f"tag-killed-{how}-{os.getpid()}", scratches()
    with place.start(PYTHON, SERVER, "silent", tag) as process:
        until = time.monotonic() + AT_ONCE
        while len(tagged(tag)) < 4:
            assert time.monotonic() < until
            time.sleep(0.01)
        relay = int(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0])
        os.kill(process.pid if how == "launcher" else relay, 9)
        process.communicate(timeout=AT_ONCE)
    assert process.returncode == (-9 if how == "launcher" else 1)
    until = time.monotonic() + AT_ONCE
    while tagged(tag):
        assert time.monotonic() < until
        time.sleep(0.01)
    if how == "launcher":
        assert scratches() - before == set()


def test_a_program_that_cannot_be_executed(place: Place) -> None:
    place.daemon.answers["probed"] = DENIED
    _, told = run(place, "x", program=str(place.state))
    assert told["outcome"] == "exited"
    assert "it could not be started: " in told["detail"]


def test_where_there_is_no_sandbox_it_is_said(place: Place) -> None:
    (place.state / "launcher" / "spawngate-confine").unlink()
    place.daemon.answers["probed"] = {"verdict": "deny", "message": "no sandbox here"}
    answer, told = run(place, PYTHON, SERVER)
    assert told["outcome"] == "no-sandbox"
    assert answer["error"]["message"] == "no sandbox here"


def test_without_an_answer_nothing_is_granted(tmp_path: Path) -> None:
    """Open as the failure meaning may be: what did not pass is not started."""
    place = place_in(tmp_path / "state", closed=False)
    place.daemon.answers["probed"] = b""
    mark = tmp_path / "mark"
    with serving(place.socket_folder, place.daemon):
        answer, told = run(place, "/bin/sh", "-c", f"echo x > {mark}", program="/bin/sh")
    assert told["outcome"] == "exited"
    assert answer["error"]["code"] == -32001
    assert not mark.exists()


@own_root
def test_a_probe_sees_nothing_of_the_users(place: Place, tmp_path: Path) -> None:
    """Home, environment of other processes, the agent's sockets, other folders: nothing is there."""
    (place.state / ".ssh").mkdir()
    (place.state / ".ssh" / "id_rsa").write_text("secret")
    (place.state / ".aws").mkdir()
    (tmp_path / "other").write_text("x")
    hidden = [place.state / ".ssh/id_rsa", place.state / ".aws", place.socket_folder, tmp_path / "other", "/etc/shadow"]
    script = tmp_path / "look.py"
    script.write_text(
        "import os, sys\n"
        f"seen = [path for path in {[str(path) for path in hidden]!r} if os.path.exists(path)]\n"
        "others = [name for name in os.listdir('/proc') if name.isdigit()][3:]\n"
        f"sys.exit(0 if not seen and not others and os.environ['HOME'] == {str(place.state)!r} else 9)\n"
    )
    place.daemon.answers["probed"] = DENIED
    _, told = run(place, PYTHON, str(script))
    assert told["outcome"] == "exited"
    assert "(exit code 0)" in told["detail"]


def test_the_network_is_out_of_reach_unless_it_is_granted(place: Place) -> None:
    import socket

    place.daemon.answers["probed"] = DENIED
    with socket.create_server(("127.0.0.1", 0)) as server:
        reach = f"import socket;socket.create_connection(('127.0.0.1',{server.getsockname()[1]}),3)"
        _, told = run(place, PYTHON, "-c", reach)
        assert "(exit code 1)" in told["detail"]
        place.daemon.asked.clear()
        _, told = run(place, PYTHON, "-c", reach, probe={**PROBE, "network": True})
        assert "(exit code 0)" in told["detail"]


@own_root
def test_a_granted_server_may_stay_confined(place: Place, tmp_path: Path) -> None:
    """The same walls for as long as it lives, with what was granted to it; exit code and signals as ever."""
    (tmp_path / "given").mkdir()
    (tmp_path / "secret").write_text("x")
    confine = {"network": False, "read": PROBE["read"], "write": [str(tmp_path / "given")]}
    place.daemon.answers["start"] = {**ALLOW, "confine": confine}
    code = (
        "import json, os, sys\n"
        f"open({str(tmp_path / 'given' / 'mark')!r}, 'w').write('x')\n"
        f"found = [os.path.exists({str(tmp_path / 'secret')!r}), os.listdir(os.environ['HOME'])]\n"
        "open(os.environ['TMPDIR'] + '/x', 'w').close()\n"
        "print(json.dumps({'jsonrpc': '2.0', 'method': 'found', 'params': found}), flush=True)\n"
        "sys.stdin.read(); sys.exit(5)\n"
    )
    before = scratches()
    with place.start(PYTHON, "-c", code) as process:
        out, err = process.communicate(timeout=AT_ONCE)
    assert (json.loads(out)["params"], process.returncode) == ([False, []], 5), err
    assert (tmp_path / "given" / "mark").read_text() == "x"
    assert place.daemon.wait("end")["exit"] == 5
    assert scratches() - before == set()
    with place.start(PYTHON, SERVER, "linger") as process:
        assert process.stdout is not None
        assert process.stdin is not None
        process.stdin.write(request(1, "initialize"))
        process.stdin.flush()
        assert b"serverInfo" in process.stdout.readline()
        process.terminate()
        process.wait(timeout=AT_ONCE)
    assert process.returncode == -15


def test_a_confined_server_that_ends_at_once_is_told_as_it_ended(place: Place) -> None:
    place.daemon.answers["start"] = {**ALLOW, "program": "/bin/sh", "confine": {**PROBE, "read": []}}
    for code in (0, 3, 7):
        place.daemon.asked.clear()
        with place.start("/bin/sh", "-c", f"echo '{{}}'; exit {code}") as process:
            out, err = process.communicate(timeout=AT_ONCE)
        assert (out, process.returncode) == (b"{}\n", code), err
        asked = dict(place.daemon.asked)
        assert sorted(asked) == ["confined", "end", "start"]
        assert (asked["end"]["exit"], asked["end"]["reason"]) == (code, "exited")
        assert (asked["confined"]["launch"], asked["confined"]["layers"][-1]) == ("launch-1", "seccomp")
    place.daemon.answers["start"] = {**ALLOW, "program": "/nonexistent/x", "confine": {**PROBE, "read": []}}
    with place.start("/nonexistent/x") as process:
        _, err = process.communicate(timeout=AT_ONCE)
    assert (process.returncode, err) == (126, b"spawngate: /nonexistent/x: No such file or directory\n")


@pytest.mark.parametrize("missing", [True, False])
def test_without_walls_policy_says_what_becomes_of_a_server_that_is_to_be_confined(
    place: Place, tmp_path: Path, missing: bool
) -> None:
    confine = place.state / "launcher" / "spawngate-confine"
    confine.unlink()
    if not missing:
        # What it says and does where no wall holds; plain starts work.
        confine.write_text(
            '#!/bin/sh\ncase "$*" in *--jail*) echo none >&3; exit 125;; esac\n'
            'while [ "$1" != -- ]; do shift; done; shift; a=$1; shift 2; echo open >&3; exec 3>&- "$a" "$@"\n'
        )
        confine.chmod(0o700)
    why = "there is no confining program" if missing else "the system offers no wall"
    place.daemon.answers["start"] = {
        **ALLOW,
        "program": "/bin/sh",
        "confine": {"network": False, "read": [], "write": []},
    }
    place.daemon.answers["probed"] = {"verdict": "deny", "message": "has to stay confined"}
    command = ("/bin/sh", "-c", f"echo x > {tmp_path}/mark")
    with place.start(*command) as process:
        out, _ = process.communicate(request(1, "initialize"), timeout=AT_ONCE)
    assert json.loads(out)["error"]["message"] == "has to stay confined"
    assert not (tmp_path / "mark").exists()
    assert place.daemon.asked[1] == (
        "probed",
        {"launch": "launch-1", "outcome": "no-sandbox", "detail": why, "layers": []},
    )
    place.daemon.answers["probed"] = b"nonsense"
    with place.start(*command) as process:
        out, _ = process.communicate(request(1, "initialize"), timeout=AT_ONCE)
    assert "Spawngate could not decide" in json.loads(out)["error"]["message"]
    assert not (tmp_path / "mark").exists()
    place.daemon.answers["probed"] = {"verdict": "allow", "message": ""}
    with place.start(*command) as process:
        _, err = process.communicate(b"", timeout=AT_ONCE)
    assert err == f"spawngate: /bin/sh runs without confinement: {why}\n".encode()
    assert (tmp_path / "mark").read_text() == "x\n"
    assert process.returncode == 0


def test_an_agent_that_leaves_ends_the_probe(place: Place) -> None:
    place.daemon.answers["start"] = {**ALLOW, "probe": PROBE}
    tag = f"tag-leaves-{os.getpid()}"
    with place.start(PYTHON, SERVER, "silent", tag) as process:
        until = time.monotonic() + AT_ONCE
        while len(tagged(tag)) < 4:
            assert time.monotonic() < until
            time.sleep(0.01)
        process.terminate()
        process.communicate(timeout=AT_ONCE)
    assert process.returncode == -15
    assert tagged(tag) == []


@own_root
@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("setpriv") is None, reason="needs root and setpriv")
def test_as_a_user_without_rights(tmp_path: Path) -> None:
    """The same walls hold for a user who may nothing else."""
    confine = packaged("spawngate-confine")
    assert confine is not None
    program = tmp_path / "spawngate-confine"
    shutil.copy(confine, program)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.geteuid() and str(folder).startswith("/tmp/"):
            folder.chmod(0o755)
    words = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "/bin/sh", "-c"]
    jailed = "--status 3 --jail --limits --home /nonexistent -- /bin/sh sh -c 'id -u; ls /home /root' 3>&1 2>&1"
    inner = f"exec {program} {jailed}"
    done = subprocess.run([*words, inner], capture_output=True, timeout=AT_ONCE, check=False, text=True)
    lines = done.stdout.splitlines()
    assert lines[0].startswith("held ")
    assert "seccomp" in lines[0]
    assert lines[1] == "65534"
    assert done.returncode == 2


ASKS = """
import json, os, sys, urllib.request
def tried(url):
    try:
        return urllib.request.urlopen(url, timeout=20).status
    except Exception as error:
        return type(error).__name__
found = [tried(url) for url in sys.argv[1:]]
for line in sys.stdin:
    message = json.loads(line)
    if "id" in message:
        server = {"name": json.dumps(found), "version": "1"}
        result = {"protocolVersion": "2025-06-18", "capabilities": {}, "serverInfo": server}
        if message["method"] != "initialize":
            result = {"tools": []}
        print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}), flush=True)
"""


@pytest.mark.skipif(not WALLS or os.uname().machine != "x86_64", reason="no walls here, or other numbers of calls")
@pytest.mark.parametrize("without", [(), (272,)], ids=["namespaces", "ports"])
def test_a_server_with_a_way_out(alone: Place, web: int, without: tuple[int, ...]) -> None:
    """On probation and granted, in both kinds of jail: what is declared is reached, the rest is refused and told."""
    script = alone.state / "asks.py"
    script.write_text(ASKS)
    hosts = {"network": False, "hosts": [f"localhost:{web}"], "upstream": False, "write": [], "read": [str(script)]}
    alone.daemon.answers["start"] = {**ALLOW, "probe": {**PROBE, **hosts}, "confine": hosts}
    words = (PYTHON, str(script), f"http://localhost:{web}/", "http://elsewhere.example/")
    with serving(alone.socket_folder, alone.daemon):
        options = {"preexec_fn": lambda: without_calls(without)} if without else {}
        with alone.start(*words, env={"no_proxy": "x"}, **options) as process:
            out, err = process.communicate(request(1, "initialize"), timeout=60)
    assert process.returncode == 0, err
    name = json.loads(out)["result"]["serverInfo"]["name"]
    assert json.loads(name) == [200, "HTTPError"], err
    verbs = alone.daemon.verbs()
    assert sorted(verbs) == ["confined", "egress", "egress", "end", "probed", "start"]
    assert verbs.index("egress") < verbs.index("probed"), "the launch is still known when it is told"
    assert verbs[-1] == "end"
    told = [asked for verb, asked in alone.daemon.asked if verb == "egress"]
    refused = [{"host": "elsewhere.example", "port": 80, "why": "not-declared", "times": 1}]
    assert told == [{"launch": "launch-1", "refused": refused, "more": 0}] * 2
    layers = alone.daemon.wait("confined")["layers"]
    assert ("net" in layers, "ports" in layers, "egress" in layers) == (not without, bool(without), True)


def test_a_confining_program_of_another_version_is_no_verdict_about_the_server(place: Place) -> None:
    confine = place.state / "launcher" / "spawngate-confine"
    confine.unlink()
    confine.write_text("#!/bin/sh\necho usage >&2; exit 2\n")
    confine.chmod(0o700)
    _, told = run(place, PYTHON, SERVER)
    assert (told["outcome"], told["detail"]) == (
        "no-sandbox",
        "the confining program is of another version; run `spawngate protect --launches`",
    )


def test_a_server_that_ends_with_the_same_code(place: Place) -> None:
    _, told = run(place, "/bin/sh", "-c", "exit 2", program="/bin/sh")
    assert (told["outcome"], "exit code 2" in told["detail"]) == ("exited", True)
