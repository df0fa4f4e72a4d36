"""The system that this runs on."""

import sys

import pytest

from spawngate.endpoint.system import this_platform


@pytest.mark.parametrize(
    ("told", "expected"), [("linux", "linux"), ("darwin", "macos"), ("win32", "windows"), ("freebsd14", "linux")]
)
def test_platforms(monkeypatch: pytest.MonkeyPatch, told: str, expected: str) -> None:
    monkeypatch.setattr(sys, "platform", told)
    assert this_platform() == expected
