"""A process beside the daemon: its lines, its end, and what of the environment it gets."""

import asyncio
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from spawngate.endpoint.daemon.child import Child, environment


def program(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Have `text` run in the place of our interpreter."""
    script = folder / "python"
    script.write_text(f"#!{sys.executable}\nimport os, sys\nout = sys.stdout.buffer\n{text}")
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", os.fspath(script))


def heard(
    folder: Path, enough: Callable[[list[bytes], list[int], Child], bool], *, refuse: bytes = b"\0"
) -> list[bytes]:
    """The lines until there are enough."""

    async def main() -> list[bytes]:
        lines: list[bytes] = []
        codes: list[int] = []

        def line(said: bytes) -> None:
            if said == refuse:
                raise ValueError(said)
            lines.append(said)

        child = Child("some.module", folder, line, codes.append, longest=1_000)
        child.start()
        try:
            for _ in range(500):
                if enough(lines, codes, child):
                    return lines
                await asyncio.sleep(0.02)
            raise AssertionError((lines, codes))
        finally:
            child.stop()

    return asyncio.run(main())


def test_lines_come_one_by_one_however_they_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = """
for each in (b'a', b'b\\nc', b'\\n\\n', b'd'):
    out.write(each); out.flush()
sys.stdin.readline()
out.write(b'\\n')
"""
    program(tmp_path, monkeypatch, text)
    asked = False

    def enough(lines: list[bytes], codes: list[int], child: Child) -> bool:
        nonlocal asked
        if len(lines) == 3 and not asked:
            asked = True
            assert child.runs
            child.write(b"\n")
        return codes == [0]

    assert heard(tmp_path, enough) == [b"ab", b"c", b"", b"d"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("os._exit(7)", 7),
        ("out.write(b'x' * 1002); out.flush(); sys.stdin.read()", -9),
        ("out.write(b'no\\n'); out.flush(); sys.stdin.read()", -9),
    ],
)
def test_how_it_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, code: int) -> None:
    program(tmp_path, monkeypatch, text)
    assert heard(tmp_path, lambda _, codes, child: codes == [code] and not child.runs, refuse=b"no") == []


def test_one_that_cannot_be_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert heard(tmp_path, lambda _, codes, child: codes == [-1] and not child.runs) == []


def test_a_line_may_end_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, monkeypatch, "out.write(b'a\\nb\\n'); out.flush(); sys.stdin.read()")

    async def main() -> list[bytes]:
        lines: list[bytes] = []

        def line(said: bytes) -> None:
            lines.append(said)
            child.stop()

        child = Child("some.module", tmp_path, line, lambda code: lines.append(b"ended"), longest=99)
        child.start()
        while child.runs:
            await asyncio.sleep(0.02)
        child.write(b"to nobody")
        return lines

    assert asyncio.run(main()) == [b"a"]


def test_one_that_does_not_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, monkeypatch, "import time\nout.write(b'here\\n'); out.flush()\ntime.sleep(60)")

    async def main() -> int:
        said: list[bytes] = []
        child = Child("some.module", tmp_path, said.append, lambda code: None, longest=99)
        child.start()
        while not said:
            await asyncio.sleep(0.02)
        return child.stop()

    assert asyncio.run(main()) == -9


def test_it_gets_no_variable_that_would_redirect_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, monkeypatch, "import json\nprint(json.dumps(dict(os.environ)), flush=True)\nsys.stdin.read()")
    gone = (
        "SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE", "OPENSSL_CONF", "OPENSSL_MODULES", "PYTHONPATH",
        "PYTHONHOME", "LD_LIBRARY_PATH", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "no_proxy", "REQUESTS_CA_BUNDLE",
        "CURL_CA_BUNDLE",
    )  # fmt: skip
    for name in gone:
        monkeypatch.setenv(name, "/nowhere")
    monkeypatch.setenv("CODEX_HOME", "/codex")
    [line] = heard(tmp_path, lambda lines, *_: len(lines) == 1)
    got = json.loads(line)
    assert (got["CODEX_HOME"], got["PATH"], set(gone) & set(got)) == ("/codex", os.environ["PATH"], set())


def test_names_in_any_case() -> None:
    assert environment({"ssl_cert_file": "x", "Path": "y", "Https_Proxy": "z", "HOME": ""}) == {"Path": "y", "HOME": ""}
