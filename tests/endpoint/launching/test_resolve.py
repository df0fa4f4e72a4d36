"""What a start would run on this machine: files, interpreters, scripts; and nothing that blocks."""

import hashlib
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spawngate.endpoint.launching import resolve as module
from spawngate.endpoint.launching.digests import Digests
from spawngate.endpoint.launching.resolve import Found, find, resolve
from spawngate.endpoint.surroundings import surroundings_of
from spawngate.launch.definition import Definition
from spawngate.launch.identity import File, Resolved
from spawngate.launch.understand import understand


class Machine:
    """A folder with programs and a working folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.bin = root / "bin"
        self.work = root / "work"
        self.home = root / "home"
        for folder in (self.bin, self.work, self.home):
            folder.mkdir()

    def program(self, name: str, text: str = "x", folder: Path | None = None) -> Path:
        path = (folder or self.bin) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)
        return path

    def look(self, command: str, *args: str, cwd: str | None = None, **env: str) -> Found:
        given_ = {"PATH": str(self.bin), "HOME": str(self.home), **env}
        where = str(self.work) if cwd is None else cwd
        definition = Definition(command, args, env, cwd=where)
        around = surroundings_of(definition)
        return resolve(command, args, where, given_, understand(definition, around), around, Digests())


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def file(path: Path) -> File:
    return File(str(path), hashlib.sha256(path.read_bytes()).hexdigest())


def paths(files: tuple[File, ...] | None) -> list[str]:
    return [] if files is None else [each.path for each in files]


def test_program_and_its_interpreters(machine: Machine) -> None:
    node = machine.program("node")
    cli = machine.program("npx-cli.js", "#!/usr/bin/env node\n", machine.root / "lib")
    link = machine.bin / "npx"
    link.symlink_to(cli)
    found = machine.look("npx", "-y", "y@1.0.0")
    npx = replace(file(cli), named=str(link))
    expected = Resolved(programs=(npx, file(node)), scripts=(), release="1.0.0", release_from="written")
    assert found == Found(expected, str(link))


def test_a_virtual_environment_is_another_program(machine: Machine) -> None:
    machine.program("python3")
    for name in ("one", "two"):
        (machine.root / name).mkdir()
        (machine.root / name / "python3").symlink_to(machine.bin / "python3")
    one, two = (machine.look("python3", PATH=str(machine.root / name)).resolved.programs for name in ("one", "two"))
    assert one is not None
    assert one != two
    assert one[0].named == str(machine.root / "one" / "python3")


def test_other_first_lines(machine: Machine) -> None:
    node = machine.program("node")
    own = machine.program("interp")
    split = machine.program("split", "#!/usr/bin/env -S A=1 node --x\n")
    plain = machine.program("plain", f"#! {own} -x\n")
    missing = machine.program("missing", "#!/usr/bin/env nowhere\n")
    assert paths(machine.look("split").resolved.programs) == [str(split), str(node)]
    assert paths(machine.look("plain").resolved.programs) == [str(plain), str(own)]
    found = machine.look("missing").resolved
    assert paths(found.programs) == [str(missing)]
    assert found.unknown == ("there is no program 'nowhere' on the PATH, which missing needs",)
    machine.program("loop", f"#!{machine.bin}/loop\n")
    assert paths(machine.look("loop").resolved.programs) == [str(machine.bin / "loop")]


def test_wrappers_are_looked_through(machine: Machine) -> None:
    env, npx = machine.program("env"), machine.program("npx")
    found = machine.look("env", "A=1", "npx", "-y", "y@1.0.0")
    assert (paths(found.resolved.programs), found.program) == ([str(env), str(npx)], str(env))


def test_the_servers_own_path_and_folder_count(machine: Machine) -> None:
    other = machine.program("s", folder=machine.root / "other")
    here = machine.program("s", folder=machine.work)
    assert machine.look("s", PATH=f"{machine.root}/none:{other.parent}:{machine.bin}").program == str(other)
    assert machine.look("s", PATH=f":{other.parent}").program == str(here)
    assert machine.look("s", PATH=".").program == str(here)
    assert machine.look("./s").program == str(here)
    assert machine.look("./s", cwd="").program == ""
    assert machine.look("./s", cwd="work").program == ""
    (machine.bin / "d").mkdir()
    (machine.bin / "plain").write_text("x")
    assert [find(name, "/", str(machine.bin)) for name in ("d", "plain", "", "a\0b", "/a\0b")] == [""] * 5


def test_shims_are_told(machine: Machine) -> None:
    shim = machine.program("python3", "#!/bin/sh\n", machine.root / ".pyenv/shims")
    found = machine.look("python3", PATH=str(shim.parent)).resolved
    assert f"{shim} is a shim: which program it starts is decided when it runs" in found.unknown


def test_nothing_to_run(machine: Machine) -> None:
    assert machine.look("nothing").resolved == Resolved(
        scripts=(), unknown=("there is no program 'nothing' in its place or on the PATH",)
    )


def test_scripts(machine: Machine) -> None:
    machine.program("node")
    script, hook = machine.work / "server.js", machine.root / "hook.js"
    script.write_text("serve()")
    hook.write_text("hook()")
    assert machine.look("node", "server.js").resolved.scripts == (file(script),)
    assert machine.look("node", str(script)).resolved.scripts == (file(script),)
    assert machine.look("node", "--require", str(hook), "server.js").resolved.scripts == (file(script), file(hook))
    loaded = machine.look("node", "server.js", NODE_OPTIONS=f"--require {hook}").resolved.scripts
    assert loaded == (file(script), file(hook))
    gone = machine.look("node", "gone.js").resolved
    assert (gone.scripts, gone.unknown) == ((), ("the script 'gone.js' is not there",))


def test_scripts_of_another_folder(machine: Machine) -> None:
    machine.program("uv")
    folder = machine.root / "proj"
    folder.mkdir()
    (folder / "server.py").write_text("x")
    expected = (file(folder / "server.py"),)
    assert machine.look("uv", "run", "--directory", str(folder), "server.py").resolved.scripts == expected
    assert machine.look("uv", f"--directory={folder}", "run", "server.py").resolved.scripts == expected


def test_scripts_of_the_repository(machine: Machine) -> None:
    machine.program("npm")
    (machine.work / "package.json").write_text("{}")
    assert machine.look("npm", "run", "start").resolved.scripts == (file(machine.work / "package.json"),)


def test_settings_of_npm(machine: Machine) -> None:
    machine.program("npx")
    (machine.home / ".npmrc").write_text(
        "registry=https://u:p@own.example/\n;x=1\ncolor=true\n@a:registry = https://a/\n"
    )
    (machine.work / ".npmrc").write_text("script-shell=/tmp/x\n")
    found = machine.look("npx", "-y", "y@1.0.0").resolved
    assert found.settings == {
        "~/registry": "https://own.example/",
        "~/@a:registry": "https://a/",
        "script-shell": "/tmp/x",
    }
    machine.program("uvx")
    assert machine.look("uvx", "y@1.0.0").resolved.settings == {}


def test_special_files_never_block(machine: Machine) -> None:
    fifo = machine.work / "server.js"
    os.mkfifo(fifo)
    os.mkfifo(machine.home / ".npmrc")
    os.mkfifo(machine.work / ".npmrc")
    os.mkfifo(machine.bin / "npx")
    machine.program("node")
    assert machine.look("node", "server.js").resolved.scripts == ()
    assert machine.look("npx", "-y", "y@1.0.0").program == ""


def test_bounded(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_FILES", 1)
    machine.program("node")
    (machine.work / "server.js").write_text("x")
    definition = Definition("node", ("server.js",), cwd=str(machine.work))
    found = resolve(
        "node",
        ("server.js",),
        str(machine.work),
        {"PATH": str(machine.bin)},
        understand(definition),
        surroundings_of(definition),
        Digests(),
    )
    assert paths(found.resolved.programs) == [str(machine.bin / "node")]
    assert "more than 1 files would be run; the rest was not looked at" in found.resolved.unknown


def test_out_of_time(machine: Machine) -> None:
    machine.program("s")
    definition = Definition("s")
    env: dict[str, Any] = {"PATH": str(machine.bin)}
    found = resolve("s", (), "/", env, understand(definition), surroundings_of(definition), Digests(), seconds=-1)
    assert found.resolved.programs == (File(str(machine.bin / "s")),)
    assert found.resolved.unknown == (f"{machine.bin / 's'} could not be read in time",)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.text(),
    st.lists(st.text(), max_size=4),
    st.dictionaries(st.sampled_from(["PATH", "HOME", "NODE_OPTIONS"]), st.text()),
)
def test_total(machine: Machine, command: str, args: list[str], env: dict[str, str]) -> None:
    definition = Definition(command, tuple(args), env, cwd=str(machine.work))
    facts = understand(definition)
    found = resolve(command, tuple(args), str(machine.work), env, facts, surroundings_of(definition), Digests())
    assert (found.resolved.programs is None) is (found.program == "")
