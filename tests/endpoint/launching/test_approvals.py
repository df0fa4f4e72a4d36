"""The file of approvals: changed under a lock, followed at once, and nothing is approved by damage."""

from pathlib import Path

import pytest

from spawngate.endpoint.launching.approvals import FILE, Watched, change, load
from spawngate.launch.identity import Identity
from spawngate.model.errors import StateError
from spawngate.policy.approvals import Approval

IDENTITY = Identity("npx", ("y",))
ONE = Approval(IDENTITY.fingerprint, IDENTITY, "2026-11-21T00:00:00Z", "ann")


def test_changes_are_seen_at_once(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    assert watched.now() == ()
    assert change(tmp_path, lambda held: [*held, ONE]) == (ONE,)
    assert (watched.now(), load(tmp_path)) == ((ONE,), (ONE,))
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    change(tmp_path, lambda held: [])
    assert watched.now() == ()


def test_nothing_to_change_writes_nothing(tmp_path: Path) -> None:
    assert change(tmp_path, lambda held: held) == ()
    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize("content", [b"{", b'{"schema_version": 2}', b'{"approvals": [{}]}', b"[]"])
def test_damage_approves_nothing(tmp_path: Path, content: bytes) -> None:
    change(tmp_path, lambda held: [ONE])
    watched = Watched(tmp_path)
    assert watched.now() == (ONE,)
    (tmp_path / FILE).write_bytes(content)
    assert watched.now() == ()
    assert watched.problem.startswith(str(tmp_path / FILE))
    with pytest.raises(StateError):
        change(tmp_path, lambda held: [*held, ONE])
    assert (tmp_path / FILE).read_bytes() == content
