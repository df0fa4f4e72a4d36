"""How launches stand: what is behind the launcher, what could be, what cannot."""

from pathlib import Path

from spawngate.endpoint.launching.approvals import FILE
from spawngate.endpoint.launching.approving import approve_in_use, revoke
from spawngate.endpoint.launching.configured import configured
from spawngate.endpoint.launching.coverage import EntryStanding, coverage
from spawngate.policy.settings import PolicySettings
from tests.endpoint.launching.homes import Home


def entries(home: Home) -> list[tuple[str, str, str]]:
    return [(each.name, each.state, each.approval) for each in coverage(home.around, PolicySettings()).entries]


def test_from_nothing_to_all(tmp_path: Path) -> None:
    home = Home(tmp_path)
    path = home.write(
        ".cursor/mcp.json",
        '{"mcpServers": {"a": {"command": "a"}, "r": {"url": "https://r.example"}, "l": {"command": "x y"}}}',
    )
    home.agents = ("cursor",)
    found = coverage(home.around, PolicySettings(base="strict", approvals=True))
    (a, line) = found.entries
    assert a == EntryStanding(
        a.id, "cursor", "a", str(path), "direct", "run `spawngate protect --launches`", "unapproved"
    )
    assert (line.name, line.state, line.why) == (
        "l",
        "cannot",
        "its command holds its arguments; give these apart in args",
    )
    assert found.direct == [a]
    assert (found.launcher, found.path, found.approvals, found.probation) == ("", "", True, "always")
    approve_in_use(home.around, configured(home.around, ("cursor",)))
    home.protect()
    assert entries(home) == [("a", "behind", "approved"), ("l", "cannot", "approved")]
    revoke(home.around, "a")
    assert entries(home)[0] == ("a", "behind", "revoked")


def test_what_is_not_as_it_was_left(tmp_path: Path) -> None:
    home = Home(tmp_path)
    path = home.write(".cursor/mcp.json", '{"mcpServers": {"a": {"command": "a"}}}')
    home.protect()
    assert coverage(home.around, PolicySettings()).tampered == []
    path.write_text('{"mcpServers": {"a": {"command": "a", "args": []}}}')
    (told, *_) = coverage(home.around, PolicySettings()).tampered
    assert "mcpServers.a.command" in told


def test_damaged_approvals_are_told(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.state.mkdir(mode=0o700)
    (home.state / FILE).write_text("{")
    assert "is damaged" in coverage(home.around, PolicySettings()).problem
