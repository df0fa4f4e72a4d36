"""The program that starts servers: what it passes on, and which walls a jail has where the kernel offers less."""

import ctypes
import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from spawngate.endpoint.launcher.place import packaged
from tests.endpoint.launcher.harness import AT_ONCE, PYTHON, alive, gone, walls

pytestmark = pytest.mark.skipif(
    packaged("spawngate-confine") is None or sys.platform != "linux", reason="built without a C compiler"
)
LANDLOCK, UNSHARE, MOUNT, PRCTL_SECCOMP = 444, 272, 165, 157
INTERPRETER = str(Path(PYTHON).parents[1])
JAIL = ("--jail", "--limits", "--home", "/nonexistent/home", "--read", INTERPRETER)
WALLS = walls()
needs_walls = pytest.mark.skipif(
    not WALLS or os.uname().machine != "x86_64", reason="no walls here, or not x86-64, whose numbers of calls these are"
)
own_root = pytest.mark.skipif(
    "mount" not in WALLS or not any(wall.startswith("landlock") for wall in WALLS),
    reason="this system gives users no root of their own, or has no Landlock",
)


def confine() -> str:
    program = packaged("spawngate-confine")
    assert program is not None
    return str(program)


def without_calls(numbers: Sequence[int]) -> None:
    """These system calls fail from now on, as on a kernel that has them not or a container that refuses them."""
    lines = [(0x20, 0, 0, 0)]
    for number in numbers:
        lines += [(0x15, 0, 1, number), (0x06, 0, 0, 0x00050000 | 1)]
    lines += [(0x06, 0, 0, 0x7FFF0000)]
    code = b"".join(struct.pack("HBBI", *line) for line in lines)
    buffer = ctypes.create_string_buffer(code)

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("lines", ctypes.c_void_p))

    program = Program(len(lines), ctypes.addressof(buffer))
    library = ctypes.CDLL(None)
    assert library.prctl(38, 1, 0, 0, 0) == 0
    assert library.prctl(22, 2, ctypes.byref(program), 0, 0) == 0


def run(
    options: Sequence[str], program: str, *words: str, without: Sequence[int] = (), **settings: object
) -> tuple[str, "subprocess.CompletedProcess[str]"]:
    """What the program reports, and how it ended."""
    reader, writer = os.pipe()
    try:
        done = subprocess.run(
            [confine(), "--status", str(writer), *options, "--", program, *words],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            pass_fds=(writer,),
            preexec_fn=(lambda: without_calls(without)) if without else None,
            **settings,  # type: ignore[call-overload]  # names are the caller's matter
        )
    finally:
        os.close(writer)
    report = os.read(reader, 4096).decode()
    os.close(reader)
    return report, done


def python(options: Sequence[str], code: str, without: Sequence[int] = (), **settings: object) -> object:
    """What a jailed Python prints, as JSON."""
    report, done = run(options, PYTHON, PYTHON, "-c", code, without=without, **settings)
    assert report.startswith("held"), (report, done)
    assert done.returncode == 0, done
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--"],
        ["--", "/bin/sh"],
        ["--", "sh", "sh"],
        ["--jail"],
        ["--read", "x", "--", "/bin/sh", "sh"],
        ["--status", "x", "--", "/bin/sh", "sh"],
        ["--other", "--", "/bin/sh", "sh"],
        ["--link", "/x", "--", "/bin/sh"],
        ["--egress", "x", "--", "/bin/sh", "sh"],
        ["--forward", "0", "--", "/bin/sh", "sh"],
        ["--forward", "65536", "--", "/bin/sh", "sh"],
        ["--forward", "--", "/bin/sh", "sh"],
        ["--route", "a.example", "--", "/bin/sh", "sh"],
        ["--route", "a.example", "0", "--", "/bin/sh", "sh"],
        ["--route", "a\nb", "1", "--", "/bin/sh", "sh"],
        ["--route", "A.example", "1", "--", "/bin/sh", "sh"],
        ["--route", "", "1", "--", "/bin/sh", "sh"],
    ],
)
def test_other_words_are_misuse(words: list[str]) -> None:
    done = subprocess.run([confine(), *words], capture_output=True, text=True, timeout=AT_ONCE, check=False)
    assert (done.returncode, done.stdout, done.stderr[:6]) == (2, "", "usage:")


@needs_walls
@pytest.mark.parametrize("jailed", [False, True])
@pytest.mark.parametrize("code", [0, 7, 255])
def test_exit_codes(jailed: bool, code: int) -> None:
    assert run(JAIL if jailed else (), "/bin/sh", "sh", "-c", f"exit {code}")[1].returncode == code


@needs_walls
@own_root
@pytest.mark.parametrize("jailed", [False, True])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV, signal.SIGHUP])
def test_signals(jailed: bool, number: signal.Signals) -> None:
    done = run(JAIL if jailed else (), "/bin/sh", "sh", "-c", f"kill -{int(number)} $$; sleep 60")[1]
    assert done.returncode == -number


@needs_walls
def test_a_program_that_is_not_there() -> None:
    report, done = run((), "/nonexistent/program", "x")
    assert (report, done.returncode) == ("open\nfailed 2\n", 126)
    report, done = run(JAIL, "/nonexistent/program", "x")
    assert report.splitlines()[1:] == ["failed 2"]
    assert done.returncode == 126


@needs_walls
@own_root
def test_all_walls() -> None:
    report, _ = run(JAIL, "/bin/true", "true")
    layers = report.split()
    assert layers[:6] == ["held", "user", "pid", "net", "ipc", "mount"]
    assert layers[-1] == "seccomp"
    assert run((*JAIL, "--network"), "/bin/true", "true")[0].split()[:4] == ["held", "user", "pid", "ipc"]


FILES = """
import json, os
def try_(act):
    try:
        act()
        return "yes"
    except OSError as error:
        return "no"
home = os.environ["HOME"]
print(json.dumps({
    "system": try_(lambda: os.listdir("/usr/bin")),
    "users": try_(lambda: os.listdir("/home")),
    "@MARK@": try_(lambda: open("@MARK@", "w").close()),
    "secret": try_(lambda: open("@SECRET@").read()),
    "shadow": try_(lambda: open("/etc/shadow").read()),
    "usr": try_(lambda: open("/usr/x", "w").close()),
    "granted": try_(lambda: open("@READ@/file").read()),
    "granted write": try_(lambda: open("@READ@/other", "w").close()),
    "given": try_(lambda: open("@WRITE@/other", "w").close()),
    "copy": try_(lambda: open("@COPY@/file").read()),
    "home": try_(lambda: open(home + "/x", "w").close()),
    "tmp": try_(lambda: open(os.environ["TMPDIR"] + "/x", "w").close()),
    "child": try_(lambda: os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)),
}))
"""


def prepared(tmp_path: Path) -> tuple[str, list[str]]:
    for name in ("read", "write", "copy", "scratch", "secret"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("x")
    code = FILES
    for name in ("READ", "WRITE", "COPY"):
        code = code.replace(f"@{name}@", str(tmp_path / name.lower()))
    code = code.replace("@MARK@", str(tmp_path / "mark")).replace("@SECRET@", str(tmp_path / "secret" / "file"))
    options = [*JAIL, "--scratch", str(tmp_path / "scratch")]
    for name in ("copy", "read", "write"):
        options += [f"--{name}", str(tmp_path / name)]
    return code, options


EXPECTED = {
    **dict.fromkeys(("system", "granted", "given", "copy", "home", "tmp", "child"), "yes"),
    **dict.fromkeys(("users", "secret", "shadow", "usr", "granted write"), "no"),
}


@needs_walls
@own_root
@pytest.mark.parametrize("without", [(), (LANDLOCK,), (UNSHARE,), (MOUNT,)])
def test_files(tmp_path: Path, without: tuple[int, ...]) -> None:
    """Landlock alone and a root of its own alone say the same as both."""
    code, options = prepared(tmp_path)
    found = python(options, code, without)
    assert isinstance(found, dict)
    found.pop(str(tmp_path / "mark"))  # a root of its own may let it write one; what counts is that nobody sees it
    assert found == EXPECTED
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy", "read", "scratch", "secret", "write"]
    assert (tmp_path / "write" / "other").exists()


@needs_walls
@own_root
def test_what_is_written_to_a_copy_is_thrown_away(tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "file").write_text("x")
    code = (
        f"import os,json; folder={str(tmp_path / 'copy')!r}\n"
        "open(folder + '/file', 'a').write('y'); open(folder + '/new', 'w').close()\n"
        "print(json.dumps([open(folder + '/file').read(), sorted(os.listdir(folder))]))"
    )
    assert python([*JAIL, "--copy", str(tmp_path / "copy")], code) == ["xy", ["file", "new"]]
    assert ((tmp_path / "copy" / "file").read_text(), os.listdir(tmp_path / "copy")) == ("x", ["file"])


@needs_walls
@pytest.mark.parametrize("without", [(LANDLOCK, UNSHARE), (LANDLOCK, MOUNT), (PRCTL_SECCOMP, UNSHARE)])
def test_where_no_wall_is_left_nothing_is_started(tmp_path: Path, without: tuple[int, ...]) -> None:
    report, done = run(JAIL, "/bin/sh", "sh", "-c", f"echo x > {tmp_path}/mark", without=without)
    assert report.startswith("none") or report == ""
    assert done.returncode == 125
    assert not (tmp_path / "mark").exists()


CALLS = """
import ctypes, json, socket
library = ctypes.CDLL(None, use_errno=True)
def call(*words):
    ctypes.set_errno(0)
    return "no" if library.syscall(*words) == -1 and ctypes.get_errno() in (1, 38) else "yes"
def sock(family, kind=socket.SOCK_STREAM):
    try:
        socket.socket(family, kind).close()
        return "yes"
    except OSError:
        return "no"
found = {name: call(number, *words) for name, number, words in (
    ("ptrace", 101, (0, 0, 0, 0)), ("process_vm_readv", 310, (1, 0, 0, 0, 0, 0)), ("unshare", 272, (0x10000000,)),
    ("setns", 308, (0, 0)), ("mount", 165, (0, 0, 0, 0, 0)), ("umount2", 166, (b"/", 0)),
    ("pivot_root", 155, (b"/", b"/")),
    ("chroot", 161, (b"/",)), ("bpf", 321, (0, 0, 0)), ("userfaultfd", 323, (0,)), ("keyctl", 250, (0, -3, 0)),
    ("io_uring_setup", 425, (1, 0)), ("perf_event_open", 298, (0, 0, 0, 0, 0)), ("kexec_load", 246, (0, 0, 0, 0)),
    ("clone3", 435, (0, 0)), ("clone", 56, (0x10000000, 0, 0, 0, 0)), ("open_by_handle_at", 304, (0, 0, 0)),
    ("fsopen", 430, (b"tmpfs", 0)), ("x32", 0x40000000 + 39, ()), ("TIOCSTI", 16, (0, 0x5412, b"x")),
    ("getpid", 39, ()),
)}
found.update({"unix": sock(socket.AF_UNIX), "inet": sock(socket.AF_INET), "inet6": sock(socket.AF_INET6),
              "packet": sock(17, socket.SOCK_RAW), "vsock": sock(40), "bluetooth": sock(31), "alg": sock(38)})
left, right = socket.socketpair()
left.close(); right.close()
print(json.dumps([name for name, one in found.items() if one == "yes"]))
"""


@needs_walls
@own_root
def test_calls() -> None:
    assert python(JAIL, CALLS) == ["getpid", "unix", "inet", "inet6"]
    # Without a root of its own named sockets of the host could be seen; without a network of its own all of it.
    assert python(JAIL, CALLS, (UNSHARE,)) == ["getpid"]
    assert python((*JAIL, "--network"), CALLS, (UNSHARE,)) == ["getpid", "inet", "inet6"]


@needs_walls
@own_root
@pytest.mark.parametrize("without", [(), (UNSHARE,)])
def test_other_processes(without: tuple[int, ...]) -> None:
    """No signal reaches those outside, and nothing of them is read."""
    code = (
        "import os, json\n"
        f"found = []\nother = {os.getpid()}\n"
        "for act in (lambda: os.kill(other, 0), lambda: open(f'/proc/{other}/environ').read(),\n"
        "            lambda: open(f'/proc/{other}/cmdline').read(), lambda: os.kill(os.getpid(), 0)):\n"
        "    try:\n        act(); found.append('yes')\n    except OSError: found.append('no')\n"
        "print(json.dumps(found))"
    )
    assert python(JAIL, code, without) == ["no", "no", "no", "yes"]


@needs_walls
@own_root
@pytest.mark.parametrize("jailed", [False, True])
def test_it_ends_with_its_parent(jailed: bool) -> None:
    """SIGKILL to whoever started it: the program goes too, and in a jail all that it detached."""
    options = JAIL if jailed else ()
    script = "import subprocess,sys; print(subprocess.Popen(sys.argv[1:]).pid, flush=True); import time; time.sleep(60)"
    words = [confine(), *options, "--", "/bin/sh", "sh", "-c", "setsid sleep 61.5 & sleep 61.5"]
    with subprocess.Popen([PYTHON, "-c", script, *words], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        started = int(parent.stdout.readline())
        until = time.monotonic() + AT_ONCE
        while len(sleepers()) < 2:
            assert time.monotonic() < until
            time.sleep(0.01)
        parent.kill()
        parent.wait()
        assert gone(started)
        if jailed:
            assert all(gone(one) for one in sleepers())
        for one in sleepers():
            os.kill(one, signal.SIGKILL)


def sleepers() -> list[int]:
    """Processes of the test above."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit() and alive(int(name)):
            try:
                words = Path(f"/proc/{name}/cmdline").read_bytes()
            except OSError:
                continue
            if words == b"sleep\x0061.5\x00":
                found.append(int(name))
    return found


def test_a_parent_that_is_another_is_none() -> None:
    done = subprocess.run(
        [confine(), "--parent", "1", "--", "/bin/echo", "echo", "x"], capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (126, b"")


@needs_walls
@own_root
def test_limits() -> None:
    code = (
        "import resource as r, json; print(json.dumps([r.getrlimit(one)[0] for one in "
        "(r.RLIMIT_CPU, r.RLIMIT_CORE, r.RLIMIT_FSIZE, r.RLIMIT_NPROC)]))"
    )
    assert python((*JAIL, "--cpu", "9"), code) == [9, 0, 1 << 30, 1024]


@needs_walls
@own_root
def test_links_and_empty_folders(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "file").write_text("x")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "letter").write_text("x")
    code = (
        "import os, json\n"
        f"print(json.dumps([open('{tmp_path}/link/file').read(), os.listdir('{tmp_path}/data'), os.getcwd()]))"
    )
    options = [*JAIL, "--read", f"{tmp_path}/real", "--link", f"{tmp_path}/link", f"{tmp_path}/real"]
    options += ["--empty", f"{tmp_path}/data", "--folder", f"{tmp_path}/data", "--read", "/no/such/place"]
    assert python(options, code) == ["x", [], f"{tmp_path}/data"]


@needs_walls
@own_root
@pytest.mark.skipif(shutil.which("node") is None, reason="no Node here")
def test_node_runs_in_every_jail(tmp_path: Path) -> None:
    node = os.path.realpath(shutil.which("node") or "")
    code = "require('child_process').execFileSync('/bin/true'); setTimeout(() => console.log(JSON.stringify(1)), 5)"
    for without in ((), (LANDLOCK,), (UNSHARE,)):
        report, done = run((*JAIL, "--read", str(Path(node).parents[1])), node, "node", "-e", code, without=without)
        assert (report[:4], done.stdout, done.returncode) == ("held", "1\n", 0), done


@needs_walls
@pytest.mark.parametrize("channel", ["closed", "file", "pipe"])
def test_a_way_out_that_cannot_be_handed_over_is_none(channel: str, tmp_path: Path) -> None:
    """Then there is no network at all, and no variable leads anywhere."""
    reader, writer = os.pipe()
    descriptor = {"closed": 99, "file": os.open(tmp_path / "x", os.O_CREAT | os.O_WRONLY), "pipe": writer}[channel]
    code = "import json, os; print(json.dumps([name for name in os.environ if 'roxy' in name.lower()]))"
    reports, status = os.pipe()
    words = [confine(), "--status", str(status), *JAIL, "--egress", str(descriptor), "--", PYTHON, PYTHON, "-c", code]
    passed = [status, *([descriptor] if channel != "closed" else [])]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False, pass_fds=passed, env={})
    os.close(status)
    layers = os.read(reports, 4096).decode().split()
    for each in (reader, writer, reports, *([descriptor] if channel == "file" else [])):
        os.close(each)
    assert (layers[0], "egress" in layers, json.loads(done.stdout)) == ("held", False, [])
