"""The launcher without a daemon does what the policy in force says, and a change of that is no tampering."""

from pathlib import Path

import pytest

from spawngate.endpoint.launcher.place import install_launcher, read_launch_conf
from spawngate.endpoint.launching.failing import closed, renew
from spawngate.endpoint.launching.protecting import carry_out, look_ahead
from spawngate.endpoint.launching.store import notes_of
from spawngate.endpoint.protect import guard
from spawngate.model.decision import Mode, Verdict
from spawngate.policy.settings import PolicySettings
from tests.endpoint.launching.homes import Home

WATCHED = PolicySettings(mode=Mode.MONITOR)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (PolicySettings(), True),
        (WATCHED, False),
        (PolicySettings(alone=Verdict.ALLOW), False),
        (PolicySettings(modes={"cursor": Mode.MONITOR}), True),
    ],
)
def test_closed(settings: PolicySettings, expected: bool) -> None:
    assert closed(settings) is expected


def test_renewed(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert renew(home.state, WATCHED) is False
    home.write(".cursor/mcp.json", '{"mcpServers": {"a": {"command": "a"}}}')
    launcher = install_launcher(home.state, closed=True, socket="/s", spool="/p")
    ahead = look_ahead(home.around, launcher.argv, ("cursor",))
    carry_out(home.around, ahead, launcher.argv, launcher.program)
    assert renew(home.state, PolicySettings()) is False
    assert renew(home.state, WATCHED) is True
    conf = read_launch_conf(home.state)
    assert conf is not None
    assert (conf.closed, conf.socket) == (False, "/s")
    assert guard.check(notes_of(home.state)) == []
