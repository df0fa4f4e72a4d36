"""Profiles: which paths one may name, and that a wrong one is no profile."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.launch.hosts import MOST_HOSTS
from spawngate.model.errors import UsageError
from spawngate.policy.confinement import LONGEST, MOST_PATHS, Confinement, not_held, overlap, problem, shown, stated

HOME = "/home/ann"


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("/a/b", ""),
        ("~", ""),
        ("~/a b", ""),
        ("/srv/é", ""),
        ("/devices", ""),
        ("", "is not absolute; begin it with / or ~/"),
        ("a/b", "is not absolute; begin it with / or ~/"),
        ("./a", "is not absolute; begin it with / or ~/"),
        ("~bob/a", "is not absolute; begin it with / or ~/"),
        ("$HOME/a", "is not absolute; begin it with / or ~/"),
        ("/" + "a" * LONGEST, f"is longer than {LONGEST} characters"),
        ("/a\0b", "holds characters that no path of a profile may hold"),
        ("/a\nb", "holds characters that no path of a profile may hold"),
        ("/a\x1b[31m", "holds characters that no path of a profile may hold"),
        ("/a\udcff", "holds characters that no path of a profile may hold"),
        ("/a/../b", "holds `..`; name the folder itself"),
        ("~/..", "holds `..`; name the folder itself"),
        ("/", "is the whole file system; name folders in it"),
        ("//", "is the whole file system; name folders in it"),
        ("/./", "is the whole file system; name folders in it"),
        ("/proc", "lies in 'proc', which holds no files; a server gets its own"),
        ("//proc/1/environ", "lies in 'proc', which holds no files; a server gets its own"),
        ("/./sys/x", "lies in 'sys', which holds no files; a server gets its own"),
        ("/dev/sda", "lies in 'dev', which holds no files; a server gets its own"),
    ],
)
def test_paths(path: str, wrong: str) -> None:
    assert problem(path) == wrong
    if wrong:
        with pytest.raises(UsageError, match=r"^--write "):
            stated((), (path,), network=False, home=HOME)
        with pytest.raises(ValueError, match="read: "):
            Confinement(read=(path,))


def test_hosts() -> None:
    made = stated((), (), ("B.example", "a.example:443", "b.example"), network=False, home=HOME)
    assert made == Confinement(hosts=("a.example:443", "b.example"))
    assert shown(made) == "no files of yours; reaches a.example:443, b.example"
    assert msgspec.json.decode(msgspec.json.encode(made), type=Confinement) == made
    for hosts, network, wrong in (
        (("https://a.example",), False, "--host https://a.example: is an address of the web"),
        (("a.example",), True, "--network gives the whole network"),
        (["a.example"] * (MOST_HOSTS + 1), False, "--host: there are more than 64"),
    ):
        with pytest.raises(UsageError, match=wrong):
            stated((), (), hosts, network=network, home=HOME)
    for wrong_made in (
        {"hosts": ("a b",)},
        {"hosts": ("a.example",), "network": True},
        {"hosts": ("a.b",), "off": True},
    ):
        with pytest.raises(ValueError, match=r"hosts|no profile"):
            Confinement(**wrong_made)


@pytest.mark.parametrize(
    ("layers", "profile", "open_"),
    [
        ((), Confinement(hosts=("a.example",)), ()),
        (("pid", "net", "egress", "mount", "seccomp"), None, ()),
        (("pid", "net", "egress", "mount", "seccomp"), Confinement(hosts=("a.example",)), ()),
        (("pid", "net", "mount", "seccomp"), Confinement(), ()),
        (
            ("pid", "net", "mount", "seccomp"),
            Confinement(hosts=("a.example",)),
            ("declared hosts cannot be reached: they cannot be told apart here",),
        ),
        (
            ("ports", "egress", "landlock-4", "seccomp"),
            Confinement(hosts=("a.example",)),
            (
                "names and sizes of files that may not be read",
                "that other processes are there can be seen",
                "every host can be reached by TCP on the ports that lead to declared hosts",
            ),
        ),
        (
            ("landlock-4", "seccomp", "pid"),
            Confinement(),
            ("names and sizes of files that may not be read",),
        ),
    ],
)
def test_what_walls_leave_open(layers: tuple[str, ...], profile: Confinement | None, open_: tuple[str, ...]) -> None:
    assert not_held(layers, profile) == open_


def test_stated() -> None:
    made = stated(("~/notes/", "/srv//x/./y", "~/notes"), ("~",), network=True, home=HOME)
    assert made == Confinement(("/home/ann/notes", "/srv/x/y"), ("/home/ann",), network=True)
    assert made.without({"/home/ann"}) == Confinement(("/home/ann/notes", "/srv/x/y"), network=True)
    with pytest.raises(UsageError, match="--read: there are more than 64"):
        stated([f"/a/{number}" for number in range(MOST_PATHS + 1)], (), network=False, home=HOME)
    with pytest.raises(ValueError, match="more than 64 paths"):
        Confinement(read=tuple(f"/a/{number}" for number in range(MOST_PATHS + 1)))


def test_what_is_not_confined_has_no_profile() -> None:
    assert Confinement(off=True).at(HOME) == Confinement(off=True)
    for more in ({"read": ("/a",)}, {"write": ("/a",)}, {"network": True}):
        with pytest.raises(ValueError, match="has no profile"):
            Confinement(off=True, **more)


def test_shown() -> None:
    assert shown(Confinement()) == "no files of yours; no network"
    assert shown(Confinement(("/a", "/b"), network=True)) == "reads /a, /b; network"
    assert shown(Confinement(write=("/c",))) == "writes /c; no network"
    assert shown(Confinement(off=True)) == "not confined"


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [("/a", "/a", True), ("/a", "/a/b", True), ("/a/b", "/a", True), ("/a", "/ab", False), ("/a/b", "/a/c", False)],
)
def test_overlap(one: str, other: str, found: bool) -> None:
    assert overlap(one, other) is found


@given(st.lists(st.text("/.~ab\0\n\ud800é", max_size=12), max_size=4))
def test_whatever_is_named_ends_absolute_or_is_refused(paths: list[str]) -> None:
    try:
        made = stated(paths, (), network=False, home=HOME)
    except UsageError:
        assert any(map(problem, paths))
        return
    assert not any(map(problem, paths))
    assert all(path.startswith("/") and not path.startswith("//") and ".." not in path for path in made.read)
    assert made.at(HOME) == made
    assert msgspec.json.decode(msgspec.json.encode(made), type=Confinement) == made


def test_a_wrong_one_in_a_file_is_no_profile() -> None:
    for text in ('{"read": ["a"]}', '{"write": ["/x/.."]}', '{"off": true, "network": true}', '{"read": "/a"}'):
        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(text, type=Confinement)
