"""The side bar, and where forms lead back to."""

import pytest

from spawngate.server.access.roles import Permission
from spawngate.server.console.navigation import NAVIGATION, back_to


def test_every_entry_has_a_name_and_a_permission() -> None:
    entries = [entry for group in NAVIGATION for entry in group.entries]
    assert len({entry.name for entry in entries}) == len(entries)
    assert all(entry.any_of and entry.any_of <= set(Permission) for entry in entries)


@pytest.mark.parametrize("path", ["/", "/endpoints?q=x&team=1", "/servers/abc#findings"])
def test_paths_of_this_server(path: str) -> None:
    assert back_to(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/a\\b",
        "/a\nb",
        "/\u202e",
        "javascript:x",
        "/" * 5_000,
    ],
)
def test_nowhere_else(path: str) -> None:
    assert back_to(path) == "/"
