"""Homes of every system, from folders made for the test; nothing of this machine is looked at."""

import os
from pathlib import Path

import pytest

from spawngate.agents.document import Platform
from spawngate.endpoint.homes import (
    Account,
    Home,
    discover_homes,
    flavour,
    inside_wsl,
    is_person,
    parse_passwd,
    this_platform,
)


def make(root: Path, *folders: str) -> None:
    for folder in folders:
        (root / folder).mkdir(parents=True, exist_ok=True)


@pytest.mark.parametrize(
    ("inside", "platform"),
    [
        ("AppData/Roaming", "windows"),
        ("Library/Application Support", "macos"),
        (".config", "linux"),
        ("AppData/x", "linux"),
    ],
)
def test_flavour(tmp_path: Path, inside: str, platform: Platform) -> None:
    make(tmp_path, inside)
    assert flavour(str(tmp_path)) == platform


def test_flavour_of_nothing() -> None:
    assert flavour("/no/such\0home") == "linux"


PASSWD = """root:x:0:0:root:/root:/bin/bash
daemon:x:1:1::/usr/sbin:/usr/sbin/nologin
ann:x:1000:1000:Ann,,,:/home/ann:/bin/zsh
bob:x:1001:1001::/srv/bob:/usr/bin/fish
gone:x:1002:1002::/home/gone:/bin/bash
locked:x:1003:1003::/home/locked:/usr/sbin/nologin
service:x:999:999::/var/lib/service:/bin/bash
nobody:x:65534:65534::/nonexistent:/usr/sbin/nologin
toor:x:0:0::/toor:/bin/bash
slash:x:1004:1004::/:/bin/bash
# a comment
broken:x:notanumber:1::/home/broken:/bin/bash
short:x:1005
"""


def test_parse_passwd() -> None:
    accounts = parse_passwd(PASSWD)
    assert accounts[2] == Account("ann", 1000, "/home/ann", "/bin/zsh")
    assert [account.user for account in accounts if is_person(account)] == ["root", "ann", "bob", "gone"]


def test_linux_as_a_user(tmp_path: Path) -> None:
    make(tmp_path, "home/ann", "home/bob")
    own = f"{tmp_path}/home/ann"
    assert discover_homes(own=own, platform="linux", administrator=False, root=str(tmp_path)) == [
        Home(own, "ann", "linux")
    ]


def test_linux_as_root(tmp_path: Path) -> None:
    make(tmp_path, "etc", "root", "home/ann", "srv/bob", "home/ldap", "home/locked", "home/lost+found", "home/.cache")
    make(tmp_path, "var/lib/service", "toor")
    (tmp_path / "etc/passwd").write_text(PASSWD)
    (tmp_path / "home/file").write_text("")
    (tmp_path / "home/link").symlink_to(tmp_path / "var")
    found = discover_homes(own=f"{tmp_path}/root/", platform="linux", administrator=True, root=str(tmp_path))
    assert found == [
        Home(f"{tmp_path}/root", "root", "linux"),
        Home(f"{tmp_path}/home/ann", "ann", "linux"),
        Home(f"{tmp_path}/srv/bob", "bob", "linux"),
        Home(f"{tmp_path}/home/ldap", "ldap", "linux"),
    ]


def test_given_accounts_replace_the_file(tmp_path: Path) -> None:
    make(tmp_path, "a", "b")
    accounts = [Account("b", 2000, "/b", "/bin/sh"), Account("again", 2001, "/b/", "/bin/sh")]
    found = discover_homes(
        own=f"{tmp_path}/a", user="ann", platform="linux", administrator=True, root=str(tmp_path), accounts=accounts
    )
    assert found == [Home(f"{tmp_path}/a", "ann", "linux"), Home(f"{tmp_path}/b", "b", "linux")]


def test_linux_root_without_a_passwd_file(tmp_path: Path) -> None:
    make(tmp_path, "root", "etc")
    os.mkfifo(tmp_path / "etc/passwd")
    found = discover_homes(own=f"{tmp_path}/root", platform="linux", administrator=True, root=str(tmp_path))
    assert found == [Home(f"{tmp_path}/root", "root", "linux")]


def test_macos_as_root(tmp_path: Path) -> None:
    make(
        tmp_path, "Users/ann/Library/Application Support", "Users/Shared", "Users/Guest", "Users/.localized", "var/root"
    )
    found = discover_homes(own=f"{tmp_path}/var/root", platform="macos", administrator=True, root=str(tmp_path))
    assert found == [
        Home(f"{tmp_path}/var/root", "root", "macos"),
        Home(f"{tmp_path}/Users/ann", "ann", "macos"),
    ]


def test_windows_as_administrator_with_wsl(tmp_path: Path) -> None:
    make(tmp_path, "Users/Ann/AppData/Roaming", "Users/bob", "Users/Public", "Users/Default", "Users/All Users")
    make(tmp_path, "wsl$/Ubuntu/home/ann", "wsl$/Ubuntu/root")
    found = discover_homes(
        own=f"{tmp_path}/Users/Ann",
        platform="windows",
        administrator=True,
        root=str(tmp_path),
        distributions=["Ubuntu", "Gone"],
    )
    assert found == [
        Home(f"{tmp_path}/Users/Ann", "Ann", "windows"),
        Home(f"{tmp_path}/Users/bob", "bob", "windows"),
        Home(f"{tmp_path}//wsl$/Ubuntu/home/ann", "ann", "linux"),
        Home(f"{tmp_path}//wsl$/Ubuntu/root", "root", "linux"),
    ]


@pytest.mark.parametrize("administrator", [True, False])
def test_inside_wsl(tmp_path: Path, administrator: bool) -> None:
    make(tmp_path, "proc", "home/ann", "mnt/c/Users/Ann/AppData/Roaming", "mnt/c/Users/Public", "mnt/d/Users/x")
    (tmp_path / "proc/version").write_text("Linux version 5.15.0-microsoft-standard-WSL2 (gcc)\n")
    found = discover_homes(
        own=f"{tmp_path}/home/ann", platform="linux", administrator=administrator, root=str(tmp_path)
    )
    assert found == [
        Home(f"{tmp_path}/home/ann", "ann", "linux"),
        Home(f"{tmp_path}/mnt/c/Users/Ann", "Ann", "windows"),
    ]


def test_other_linux_looks_at_no_mounted_windows(tmp_path: Path) -> None:
    make(tmp_path, "proc", "home/ann", "mnt/c/Users/Ann")
    (tmp_path / "proc/version").write_text("Linux version 6.8.0-generic\n")
    assert inside_wsl(str(tmp_path)) is False
    found = discover_homes(own=f"{tmp_path}/home/ann", platform="linux", administrator=False, root=str(tmp_path))
    assert [home.user for home in found] == ["ann"]


def test_missing_homes_and_links(tmp_path: Path) -> None:
    make(tmp_path, "data/ann", "home")
    (tmp_path / "home/ann").symlink_to(tmp_path / "data/ann")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    accounts = [
        Account("ann", 1000, "/home/ann", "/bin/sh"),
        Account("same", 1001, "/data/ann", "/bin/sh"),
        Account("loop", 1002, "/loop", "/bin/sh"),
    ]
    found = discover_homes(
        own=f"{tmp_path}/gone", platform="linux", administrator=True, root=str(tmp_path), accounts=accounts, wsl=False
    )
    assert found == [Home(f"{tmp_path}/home/ann", "ann", "linux")]


def test_defaults_find_this_user() -> None:
    home = os.path.expanduser("~")
    found = discover_homes()
    assert (found[0].path, found[0].platform) == (home, flavour(home) if flavour(home) != "linux" else this_platform())
