"""The table of known places."""

import pytest

from spawngate.command.known_places import KNOWN
from spawngate.command.places import places
from tests.command.told import HERE

ROWS = [(label, row) for label, rows in KNOWN.items() for row in rows]
PUBLIC = (".ssh/config", "~/.ssh/config")


@pytest.mark.parametrize(("label", "row"), ROWS, ids=lambda value: value)
def test_every_row_is_found_again(label: str, row: str) -> None:
    """A path made from the row is of the row's class, whatever else stands in the table."""
    path = row.rstrip("/").replace("**", "deep").replace("*", "some")
    if path.startswith(("~", "/")):
        assert label in places(path, HERE)
    else:
        assert label in places(f"src/{path}", HERE)
    if row.endswith("/"):
        below = f"{path}/below" if path.startswith(("~", "/")) else f"src/{path}/below"
        assert label in places(below, HERE)


def test_no_row_twice() -> None:
    assert [row for row in ROWS if ROWS.count(row) > 1] == []


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("~/.config/elvish/rc.elv", "shell-startup"),
        ("~/.config/zsh/.zshrc", "shell-startup"),
        ("/usr/share/bash-completion/completions/git", "shell-startup"),
        ("/etc/networkd-dispatcher/routable.d/x", "persistence"),
        ("/etc/ppp/ip-up.d/x", "persistence"),
        ("/usr/lib/tmpfiles.d/x.conf", "persistence"),
        ("~/.config/containers/systemd/x.container", "persistence"),
        ("~/Library/QuickLook/x.qlgenerator", "persistence"),
        ("/lib/x86_64-linux-gnu/security/pam_x.so", "accounts"),
        ("~/.config/sway/config", "app-startup"),
        ("~/.config/nvim/lua/plugins/x.lua", "app-startup"),
        ("~/.gradle/init.d/x.gradle", "app-startup"),
    ],
)
def test_places_that_start_things(path: str, label: str) -> None:
    assert label in places(path, HERE)
