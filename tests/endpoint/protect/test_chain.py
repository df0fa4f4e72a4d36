"""Our script in front of somebody else's, run with a real shell."""

import json
import shlex
import subprocess
from pathlib import Path

import pytest

from spawngate.agents.hooks.registration import is_ours
from spawngate.endpoint.protect.chain import chained_script, next_executable

REFUSAL = json.dumps({"cancel": True, "errorMessage": "no 'quotes' $HOME `x`"})


def script(path: Path, text: str) -> Path:
    path.write_text("#!/bin/sh\n" + text, encoding="utf-8")
    path.chmod(0o700)
    return path


@pytest.mark.parametrize(
    ("ours", "expected", "asked"),
    [
        ("cat >/dev/null; printf '{}\\n'", ('{"theirs":true}\n', 3), True),
        ("cat >/dev/null", ('{"theirs":true}\n', 3), True),
        (f"cat >/dev/null; printf '%s\\n' {shlex.quote(REFUSAL)}", (REFUSAL + "\n", 0), False),
        ("cat >/dev/null; exit 2", ("\n", 2), False),
        ("kill -9 $$", ("\n", 137), False),
    ],
    ids=["no objection", "silence", "refusal", "code", "killed"],
)
def test_theirs_is_asked_where_ours_has_no_objection(
    tmp_path: Path, ours: str, expected: tuple[str, int], asked: bool
) -> None:
    client = script(tmp_path / "spawngate-hook", ours)
    theirs = script(tmp_path / "their's hook", f"cat > '{tmp_path}/event'; printf '{{\"theirs\":true}}\\n'; exit 3\n")
    text = chained_script(f"#!/bin/sh\nexec {client} cline\n", str(theirs))
    assert next_executable(text) == str(theirs)
    assert is_ours(text)
    event = json.dumps({"a": "é \\ \n\n"}) + "\n\n"
    done = subprocess.run(
        [script(tmp_path / "PreToolUse", text.removeprefix("#!/bin/sh\n"))],
        input=event.encode(),
        capture_output=True,
        timeout=20,
        check=False,
    )
    assert (done.stdout.decode(), done.returncode) == expected
    assert (tmp_path / "event").exists() is asked
    if asked:
        assert (tmp_path / "event").read_bytes() == event.encode()


@pytest.mark.parametrize("text", ["", "#!/bin/sh\nexec x\n", "# then: 'open\n", "# then: a b\n"])
def test_script_without_a_next_one(text: str) -> None:
    assert next_executable(text) == ""
