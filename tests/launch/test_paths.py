"""Where paths lie, by their spelling."""

import pytest

from spawngate.launch.paths import (
    folder_place,
    is_broad,
    is_engine_socket,
    is_interpreter_name,
    is_network,
    is_relative,
    looks_like_script,
    place,
    program_path,
    slashed,
)


@pytest.mark.parametrize(
    ("command", "kind"),
    [
        ("npx", "bare"),
        ("/usr/bin/npx", "absolute"),
        ("C:\\x\\npx.cmd", "absolute"),
        ("./npx", "relative"),
        ("bin/npx", "relative"),
        ("..\\npx", "relative"),
        ("~/bin/npx", "home"),
        ("$HOME/bin/npx", "home"),
        ("%USERPROFILE%\\x", "home"),
        ("${VAR}", "variable"),
        ("%X%\\y", "variable"),
        ("\\\\host\\share\\x", "network"),
        ("\\\\?\\C:\\x", "network"),
        ("//host/share/x", "network"),
        ("", "none"),
        ('"C:\\a b\\x.exe"', "absolute"),
    ],
)
def test_program_path(command: str, kind: str) -> None:
    assert program_path(command) == kind


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("/tmp/x", "temporary"),
        ("/private/tmp/x", "temporary"),
        ("/var/folders/a/b", "temporary"),
        ("/dev/shm/x", "temporary"),
        ("C:\\Windows\\Temp\\x", "temporary"),
        ("C:\\Users\\u\\AppData\\Local\\Temp\\x", "temporary"),
        ("%TEMP%\\x", "temporary"),
        ("/tmpfile/x", "unknown"),
        ("/home/u/Downloads/x", "downloads"),
        ("~/Downloads/x", "downloads"),
        ("/home/u/x", "home"),
        ("~/x", "home"),
        ("/Users/u/x", "home"),
        ("/usr/lib/x", "system"),
        ("C:\\Program Files\\x", "system"),
        ("/opt/app/x", "application"),
        ("/Applications/A.app/Contents/x", "application"),
        ("./x", "project"),
        ("x.js", "project"),
        ("${workspaceFolder}/x", "project"),
        ("\\\\h\\s\\x", "network"),
        ("/data/x", "unknown"),
    ],
)
def test_place(path: str, where: str) -> None:
    assert place(path) == where


def test_folder_place() -> None:
    folders = [None, "", "./x", "/x", "C:\\x", "~/x", "${HOME}/x", "${workspaceFolder}", "/tmp/x", "\\\\h\\s"]
    assert [folder_place(folder) for folder in folders] == [
        "none",
        "none",
        "relative",
        "absolute",
        "absolute",
        "home",
        "home",
        "variable",
        "temporary",
        "network",
    ]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "//",
        "/.",
        "/home",
        "/home/u",
        "/home/u/",
        "/root",
        "/etc",
        "/etc/ssh",
        "/var/run",
        "~",
        "~/",
        "$HOME",
        "${HOME}",
        "C:\\",
        "C:/",
        "C:\\Users",
        "C:\\Users\\u",
        "/mnt/c",
        "/c/Users/u",
        "~/.ssh",
        "/home/u/.aws",
        "/home/u/x/../../u",
        "%USERPROFILE%",
        "/Users/u",
        "/a/../etc",
        "/proc/1",
        "/var/lib/docker",
    ],
)
def test_broad(path: str) -> None:
    assert is_broad(path)


@pytest.mark.parametrize(
    "path",
    [
        "/home/u/project",
        "./data",
        ".",
        "..",
        "${workspaceFolder}",
        "/data",
        "/srv/app/data",
        "C:\\work",
        "~/project",
        "/opt/x",
    ],
)
def test_not_broad(path: str) -> None:
    assert not is_broad(path)


def test_engine_sockets() -> None:
    sockets = [
        "/var/run/docker.sock",
        "/run/podman/podman.sock",
        "//./pipe/docker_engine",
        "\\\\.\\pipe\\docker_engine",
    ]
    other = ["/var/run/x.sock", "/docker.socket", "docker"]
    assert [path for path in sockets if not is_engine_socket(path)] == []
    assert [path for path in other if is_engine_socket(path)] == []


def test_small_answers() -> None:
    assert slashed("C:\\A") == "c:/a"
    assert [is_network(path) for path in ("\\\\h", "//h", "/h", "h")] == [True, True, False, False]
    assert [is_relative(path) for path in ("x", "./x", "/x", "~/x", "C:/x", "${X}", "https://x", "data:x")] == [
        True,
        True,
        *[False] * 6,
    ]
    assert [looks_like_script(word) for word in ("a/b", "x.py", "x.mjs", "x", "x.txt")] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert [is_interpreter_name(word) for word in ("bash", "/bin/sh", "python3", "iex", "jq")] == [*[True] * 4, False]
