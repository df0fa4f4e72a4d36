"""Where the client lies, and which one it is."""

import hashlib
import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.endpoint.client import hook_client, place
from spawngate.endpoint.client.place import (
    InstalledClient,
    Kind,
    install_client,
    installed_client,
    interpreter,
    is_static,
    packaged_native,
)
from spawngate.model.errors import StateError

KINDS: list[Kind] = ["python", *(["native"] if packaged_native() else [])]  # type: ignore[list-item]  # a list of literals


@pytest.mark.parametrize("kind", KINDS)
def test_installed(tmp_path: Path, kind: Kind) -> None:
    client = install_client(tmp_path, kind)
    name = "spawngate-hook" if kind == "native" else "spawngate_hook.py"
    program = tmp_path / "hook" / name
    before = [] if kind == "native" else [interpreter(), "-I", "-S"]
    source = packaged_native() if kind == "native" else Path(hook_client.__file__)
    assert source is not None
    assert client == InstalledClient(
        kind,
        (*before, str(program)),
        program,
        hashlib.sha256(source.read_bytes()).hexdigest(),
        preloadable=kind == "python" or not is_static(source.read_bytes()),
    )
    assert program.read_bytes() == source.read_bytes()
    assert os.listdir(program.parent) == [name]
    assert program.stat().st_mode & 0o777 == (0o700 if kind == "native" else 0o600)
    assert program.parent.stat().st_mode & 0o777 == 0o700
    assert installed_client(tmp_path) == client
    done = subprocess.run([*client.argv, "--version"], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"spawngate-hook 1\n", b"")


@pytest.mark.parametrize("kind", KINDS)
def test_for_every_user_of_the_machine(tmp_path: Path, kind: Kind) -> None:
    """Never closed to others, not even while it is written anew: most agents let a call through without their hook."""
    state = tmp_path / "lib"
    client = install_client(state, kind, shared=True)
    assert [path.stat().st_mode & 0o777 for path in (state, client.program.parent, client.program)] == [
        0o755,
        0o755,
        0o755 if kind == "native" else 0o644,
    ]


def test_none_yet(tmp_path: Path) -> None:
    assert installed_client(tmp_path) is None


@pytest.mark.parametrize("kind", KINDS)
def test_an_update_keeps_the_path_while_the_old_one_runs(tmp_path: Path, kind: Kind) -> None:
    first = install_client(tmp_path, kind)
    with subprocess.Popen([*first.argv, "claude-code"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as running:
        assert install_client(tmp_path, kind) == first
        running.communicate(timeout=10)
    assert running.returncode == 2


def test_without_a_native_client_the_python_one_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "packaged_native", lambda: None)
    assert install_client(tmp_path).kind == "python"
    with pytest.raises(StateError, match="no native hook client"):
        install_client(tmp_path, "native")


@pytest.mark.parametrize("data", [b"\x7fELF of another machine", b"#!/bin/sh\necho other\n", b"#!/bin/sh\nexit 1\n"])
def test_a_native_client_that_does_not_run_here_replaces_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes
) -> None:
    good = install_client(tmp_path)
    foreign = tmp_path / "foreign"
    foreign.write_bytes(data)
    monkeypatch.setattr(place, "packaged_native", lambda: foreign)
    assert install_client(tmp_path).kind == "python"
    assert good.program.is_file()
    assert hashlib.sha256(good.program.read_bytes()).hexdigest() == good.digest


def test_the_native_client_comes_first(tmp_path: Path) -> None:
    if packaged_native() is None:
        pytest.skip("built without a C compiler")
    install_client(tmp_path, "python")
    assert install_client(tmp_path).kind == "native"
    found = installed_client(tmp_path)
    assert found is not None
    assert found.kind == "native", "the last one counts"


def test_the_interpreter_outlives_the_virtual_environment() -> None:
    found = Path(interpreter())
    assert found.is_absolute()
    assert os.access(found, os.X_OK)
    assert sys.prefix == sys.base_prefix or not found.is_relative_to(sys.prefix)


def elf(kinds: tuple[int, ...], word: int = 8, order: str = "<") -> bytes:
    """A program of program headers alone."""
    first = b"\x7fELF" + bytes([word // 4, 1 if order == "<" else 2]) + bytes(26 if word == 8 else 22)
    wide = word == 8
    start, size = (64, 56) if wide else (52, 32)
    head = first + struct.pack(f"{order}{'Q' if wide else 'I'}", start)
    head = head.ljust(54 if wide else 42, b"\0") + struct.pack(f"{order}HH", size, len(kinds))
    return head.ljust(start, b"\0") + b"".join(struct.pack(f"{order}I", kind).ljust(size, b"\0") for kind in kinds)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("word", [4, 8])
def test_static_programs(word: int, order: str) -> None:
    assert is_static(elf((1, 2, 6), word, order))
    assert not is_static(elf((6, 3, 1), word, order))
    assert not is_static(elf((1, 2), word, order)[:-60])
    assert not is_static(elf((), word, order))


@given(st.binary(max_size=80) | st.binary(max_size=80).map(lambda rest: b"\x7fELF\x02\x01" + rest))
def test_any_bytes_are_static_or_not(data: bytes) -> None:
    assert is_static(data) in (True, False)


def test_the_shell_of_this_system_is_no_static_program() -> None:
    if sys.platform != "linux":
        pytest.skip("programs have another format here")
    assert not is_static(Path("/bin/sh").read_bytes())
