"""Notifications of the system; their use is seen in test_run.py."""

import os
import subprocess
import sys

import pytest

from spawngate.endpoint.supervise import seccomp
from tests.endpoint.supervise.conftest import needs_seccomp


def test_a_machine_that_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "vax")
    with pytest.raises(seccomp.UnsupportedError, match="this is linux on vax"):
        seccomp.machine()


def test_answers_to_nobody() -> None:
    reading, writing = os.pipe()
    try:
        assert [seccomp.waits(reading, 1), seccomp.go_on(reading, 1), seccomp.refuse(reading, 1)] == [False] * 3
    finally:
        os.close(reading)
        os.close(writing)


@needs_seccomp
def test_other_calls_of_the_system_go_on() -> None:
    start = "from spawngate.endpoint.supervise.seccomp import install; install()"
    code = f"{start}; import os; os.write(1, b'%r\\n' % (os.fork() >= 0))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True"]
