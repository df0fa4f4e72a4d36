"""Whether the system starts the daemon at login."""

import sys

import pytest

from spawngate.endpoint.protect.login import is_set_up
from tests.endpoint.protect.conftest import Place


@pytest.mark.skipif(sys.platform != "linux", reason="systemd")
@pytest.mark.parametrize(
    "name",
    [
        "home/.config/systemd/user/sockets.target.wants/spawngate-daemon.socket",
        "home/.config/systemd/user/default.target.wants/spawngate-daemon.service",
        "root/etc/systemd/user/sockets.target.wants/spawngate-daemon.socket",
        "root/usr/lib/systemd/user/sockets.target.wants/spawngate-daemon.socket",
    ],
)
def test_unit_that_is_switched_on(place: Place, name: str) -> None:
    assert not is_set_up(place.around)
    path = place.home.parent / name
    path.parent.mkdir(parents=True)
    path.symlink_to("/nonexistent/spawngate-daemon.socket")
    assert is_set_up(place.around)


def test_unit_that_only_lies_there_is_not_switched_on(place: Place) -> None:
    place.write(".config/systemd/user/spawngate-daemon.socket", b"[Socket]\n")
    assert not is_set_up(place.around)
