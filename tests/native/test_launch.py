"""What the entry's environment could do to the launcher itself: nothing, before and after it has asked.

Each payload is one that the program it is meant for really runs (tests/native/payload.c, a `sitecustomize`, a file that
Bash reads); the control starts that program with the same variable and sees the mark.
"""

import json
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from spawngate.endpoint.launcher.place import packaged
from spawngate.launch import environment
from tests.endpoint.launcher.harness import AT_ONCE, PYTHON, SERVER, Place, place_in, request, serving

pytestmark = [
    pytest.mark.skipif(packaged("spawngate-launch") is None, reason="built without a C compiler"),
    pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler for the payload"),
]


@pytest.fixture
def payloads(tmp_path: Path) -> dict[str, str]:
    """Variables with values that leave a mark at `tmp_path/mark` where they are acted on."""
    mark = tmp_path / "mark"
    folder = tmp_path / "payload"
    folder.mkdir()
    library = folder / "payload.so"
    source = folder / "payload.c"
    source.write_text(
        "#include <fcntl.h>\n#include <unistd.h>\n"
        f'__attribute__((constructor)) static void run(void) {{ close(open("{mark}", O_CREAT | O_WRONLY, 0600)); }}\n'
        "unsigned la_version(unsigned version) { run(); return version; }\n"
    )
    subprocess.run(["cc", "-shared", "-fPIC", "-o", str(library), str(source)], check=True)
    code = f"import posix; posix.close(posix.open({str(mark)!r}, 0o101, 0o600))"
    for name in (
        "sitecustomize.py",
        "usercustomize.py",
        "os.py",
        "_socket.py",
        "select.py",
        "spawngate.py",
        "encodings.py",
    ):
        (folder / name).write_text(code)
    script = folder / "script.sh"
    script.write_text(f": > {mark}\n")
    (folder / "script.js").write_text(f"require('fs').writeFileSync({json.dumps(str(mark))}, '')")
    (folder / "openssl.cnf").write_text(f".include {library}\n")
    values = {
        "LD_PRELOAD": str(library),
        "LD_AUDIT": str(library),
        "LD_LIBRARY_PATH": str(folder),
        "GCONV_PATH": str(folder),
        "PYTHONPATH": str(folder),
        "PYTHONHOME": str(folder),
        "PYTHONSTARTUP": str(folder / "os.py"),
        "PYTHONINSPECT": "1",
        "PYTHONUSERBASE": str(folder),
        "PYTHONWARNINGS": "ignore::sitecustomize.X",
        "PYTHONBREAKPOINT": "sitecustomize.x",
        "PYTHONPLATLIBDIR": str(folder),
        "PYTHONPYCACHEPREFIX": str(folder),
        "NODE_OPTIONS": f"--require {folder}/script.js",
        "BASH_ENV": str(script),
        "ENV": str(script),
        "SHELLOPTS": "xtrace",
        "PS4": f"$(: > {mark})",
        "BASH_FUNC_exec%%": f"() {{ : > {mark}; }}",
        "OPENSSL_CONF": str(folder / "openssl.cnf"),
        "PERL5LIB": str(folder),
        "RUBYLIB": str(folder),
        "PATH": str(folder),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LOCPATH": str(folder),
        "MALLOC_TRACE": str(mark),
        "LD_DEBUG_OUTPUT": str(mark),
        "LD_DEBUG": "all",
        "LD_PROFILE_OUTPUT": str(folder),
    }
    known = {name: str(library) for name, rule in environment._TABLE.items() if rule.effect != environment.INERT}
    return {**known, **values}


def started(place: Place, env: dict[str, str], *, allow: bool) -> "subprocess.CompletedProcess[bytes]":
    """A launch with only these variables."""
    if not allow:
        place.daemon.answers["start"] = {"verdict": "deny", "message": "no"}
    return subprocess.run(
        place.words("/bin/true"),
        input=request(1, "initialize"),
        env=env,
        cwd=env.get("HOME", "/"),
        capture_output=True,
        timeout=AT_ONCE,
        check=False,
    )


def test_the_payloads_are_real(payloads: dict[str, str], tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    victims = {
        "LD_PRELOAD": ["/bin/true"],
        "LD_AUDIT": ["/bin/true"],
        "PYTHONPATH": [PYTHON, "-c", "pass"],
        "BASH_ENV": ["/bin/bash", "-c", ":"],
    }
    for name, words in victims.items():
        subprocess.run(
            words,
            env={name: payloads[name], "PATH": "/usr/bin:/bin"},
            check=False,
            timeout=AT_ONCE,
            capture_output=True,
        )
        assert mark.exists(), name
        mark.unlink()


def test_no_variable_takes_the_launcher_over(payloads: dict[str, str], tmp_path: Path) -> None:
    place = place_in(tmp_path / "state", "native")
    mark = tmp_path / "mark"
    taken = []
    with serving(place.socket_folder, place.daemon):
        for name, value in payloads.items():
            done = started(place, {name: value}, allow=False)
            assert (done.returncode, json.loads(done.stdout)["error"]["message"]) == (1, "no"), name
            if mark.exists():
                taken.append(name)
                mark.unlink()
    assert taken == []
    assert len(payloads) > 100
    assert place.daemon.verbs() == ["start"] * len(payloads)


def test_nor_do_all_of_them_together(payloads: dict[str, str], tmp_path: Path) -> None:
    place = place_in(tmp_path / "state", "native")
    with serving(place.socket_folder, place.daemon):
        done = started(place, payloads, allow=False)
    assert json.loads(done.stdout)["error"]["message"] == "no"
    assert not (tmp_path / "mark").exists()
    asked = place.daemon.asked[0][1]
    assert asked["env"] == payloads
    assert asked["env_names"] == []


def test_the_server_gets_what_the_entry_says(payloads: dict[str, str], tmp_path: Path) -> None:
    """The launcher is no cleaner of its own: what a server gets is the daemon's answer."""
    place = place_in(tmp_path / "state", "native")
    env = {"LD_PRELOAD": payloads["LD_PRELOAD"]}
    with serving(place.socket_folder, place.daemon), place.start(PYTHON, SERVER, env=env) as process:
        process.communicate(timeout=AT_ONCE)
    assert (tmp_path / "mark").exists()


def test_no_loader_is_named_in_the_programs() -> None:
    from spawngate.endpoint.client.place import is_static

    for name in ("spawngate-launch", "spawngate-confine"):
        program = packaged(name)
        assert program is not None
        assert is_static(program.read_bytes())


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (resource.RLIMIT_NOFILE, 3),
        (resource.RLIMIT_NOFILE, 8),
        (resource.RLIMIT_AS, 8 << 20),
        (resource.RLIMIT_DATA, 1 << 20),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CPU, 1),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_STACK, 64 << 10),
    ],
)
def test_limits_refuse_and_never_start(tmp_path: Path, kind: int, value: int) -> None:
    """With too little of anything the answer is no, or what it would have been; never a server without a decision."""
    place = place_in(tmp_path / "state", "native")
    place.daemon.answers["start"] = {"verdict": "deny", "message": "no"}
    mark = tmp_path / "mark"
    with serving(place.socket_folder, place.daemon):
        process = place.start(
            PYTHON, SERVER, "mark", str(mark), preexec_fn=lambda: resource.setrlimit(kind, (value, value))
        )
        with process:
            process.communicate(request(1, "initialize"), timeout=60)
    assert process.returncode != 0
    assert not mark.exists()


def test_odd_first_words(tmp_path: Path) -> None:
    """argv may hold anything, nothing at all included."""
    place = place_in(tmp_path / "state", "native")
    program = place.launcher.argv[0]
    with serving(place.socket_folder, place.daemon):
        for words in ([""], ["/bin/sh", "--id"], ["x" * 100_000], ["--version", "--version", "x"]):
            done = subprocess.run(words, executable=program, env={}, capture_output=True, timeout=AT_ONCE, check=False)
            assert done.returncode == 2, (words, done)
    assert place.daemon.asked == []


def test_many_words_and_a_large_environment(tmp_path: Path) -> None:
    place = place_in(tmp_path / "state", "native")
    place.daemon.answers["start"] = {"verdict": "deny", "message": "no"}
    words = [f"word {number}" for number in range(5000)]
    env = {f"NAME_{number}": "v" * 1000 for number in range(500)} | {"PATH": "x" * 100_000}
    with serving(place.socket_folder, place.daemon):
        done = subprocess.run(
            place.words("c", *words), input=request(1, "x"), env=env, capture_output=True, timeout=AT_ONCE, check=False
        )
    assert done.returncode == 1
    asked = place.daemon.asked[0][1]
    assert (asked["args"], asked["env"], len(asked["env_names"])) == (words, {"PATH": "x" * 100_000}, 500)


def test_this_is_the_system_that_is_tested() -> None:
    """The payloads are Linux's; elsewhere this module has nothing to say."""
    assert sys.platform == "linux"
