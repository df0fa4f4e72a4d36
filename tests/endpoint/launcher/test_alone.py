"""What a relay does without the daemon: its configuration and the spool."""

import os
from pathlib import Path

import pytest

from spawngate.endpoint.launcher import alone
from spawngate.model.alone import parse_spool
from spawngate.model.launchconf import LaunchConf, render

CONF = LaunchConf("/i", "/r", "/run/{uid}/s", "/var/{uid}/f", 5, closed=False)


def test_the_users_own_paths(tmp_path: Path) -> None:
    (tmp_path / "launch.conf").write_bytes(render(CONF))
    user = os.geteuid()
    assert alone.read_conf(str(tmp_path)) == LaunchConf("/i", "/r", f"/run/{user}/s", f"/var/{user}/f", 5, closed=False)


@pytest.mark.parametrize("case", ["none", "damaged", "folder", "link", "writable", "fifo"])
def test_what_is_not_ours_or_not_whole_is_none(tmp_path: Path, case: str) -> None:
    path = tmp_path / "launch.conf"
    if case == "damaged":
        path.write_bytes(render(CONF)[:-1])
    if case == "folder":
        path.mkdir()
    if case == "link":
        (tmp_path / "other").write_bytes(render(CONF))
        path.symlink_to(tmp_path / "other")
    if case == "writable":
        path.write_bytes(render(CONF))
        path.chmod(0o664)
    if case == "fifo":
        os.mkfifo(path)
    assert alone.read_conf(str(tmp_path)) is None


def test_lines_are_those_of_the_spool(tmp_path: Path) -> None:
    conf = LaunchConf("/i", "/r", "/s", str(tmp_path / "spool"))
    assert alone.note(conf, "start", "absent", b"payload")
    assert alone.note(conf, "call", "slow", b"")
    found, bad = parse_spool((tmp_path / "spool").read_bytes())
    assert bad == 0
    assert [(one.agent, one.event, one.failure, one.closed, one.size) for one in found] == [
        ("launcher", "start", "absent", False, 7),
        ("launcher", "call", "slow", False, 0),
    ]
    assert found[0].digest == "239f59ed55e737c77147cf55ad0c1b030b6d7ee748a7426952f9b852d5a935e5"


def test_a_full_spool_is_counted(tmp_path: Path) -> None:
    conf = LaunchConf("/i", "/r", "/s", str(tmp_path / "spool"), spool_limit=10)
    assert alone.note(conf, "start", "absent", b"")
    assert alone.note(conf, "start", "absent", b"")
    assert (tmp_path / "spool").read_bytes() == b""
    assert (tmp_path / "spool.dropped").read_bytes() == b".."


def test_where_nothing_can_be_written_it_is_said(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "spool")
    assert not alone.note(LaunchConf("/i", "/r", "/s", str(tmp_path / "spool")), "start", "absent", b"")
    assert not alone.note(LaunchConf("/i", "/r", "/s", str(tmp_path / "no" / "spool")), "start", "absent", b"")
