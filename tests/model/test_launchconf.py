"""launch.conf: what is written is read, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.model.launchconf import LaunchConf, LaunchConfError, for_user, parse, render

CONF = LaunchConf("/usr/bin/python3", "/opt/a b/main.py", "/run/{uid}/d.sock", "/var/ä%{}#", 700, 5, closed=False)
TEXT = b"""spawngate-launch 1
interpreter /usr/bin/python3
relay /opt/a%20b/main.py
socket /run/{uid}/d.sock
spool /var/%C3%A4%25%7B%7D%23
deadline-ms 700
spool-limit 5
failure open
end
"""
PATHS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=200).map(
    lambda text: f"/{text}"
)


def test_the_text() -> None:
    assert render(CONF) == TEXT
    assert parse(TEXT) == CONF
    assert hash(parse(TEXT)) == hash(CONF)
    assert repr(parse(TEXT)) == repr(CONF)
    assert CONF != "no configuration"


@given(PATHS, PATHS, PATHS, PATHS, st.integers(1, 60_000), st.integers(0, 1 << 30), st.booleans())
def test_what_is_written_is_read(a: str, b: str, c: str, d: str, deadline: int, limit: int, closed: bool) -> None:
    conf = LaunchConf(a, b, c, d, deadline, limit, closed)
    assert parse(render(conf)) == conf


@given(st.binary(max_size=300))
def test_other_bytes_are_none(data: bytes) -> None:
    with pytest.raises(LaunchConfError):
        parse(data)


@given(st.data())
def test_half_a_file_is_no_file(data: st.DataObject) -> None:
    with pytest.raises(LaunchConfError):
        parse(TEXT[: data.draw(st.integers(0, len(TEXT) - 1))])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b"failure open\n", b"", "no failure"),
        (b"failure open", b"failure ajar", "failure: neither open nor closed"),
        (b"deadline-ms 700", b"deadline-ms 0", "deadline-ms: not a number within its bounds"),
        (b"deadline-ms 700", b"deadline-ms 60001", "deadline-ms: not a number within its bounds"),
        (b"spool-limit 5", b"spool-limit -1", "spool-limit: not a number within its bounds"),
        (b"relay /opt", b"relay opt", "relay: a path must be absolute"),
        (b"relay /opt/a%20b", b"relay /opt/a%2", "a % without two digits"),
        (b"relay /opt/a%20b", b"relay /opt/a#b", "a byte that has to be written as %XX"),
        (b"relay /opt/a%20b", b"relay /opt/a b", "a line is no directive"),
        (b"relay /opt", b"relay /%00opt", "relay: a path must be absolute"),
        (b"relay ", b"relais ", "a line is no directive"),
        (b"end\n", b"relay /again\nend\n", "a line is no directive"),
        (b"launch 1", b"launch 2", "not a launch.conf of this version"),
        (b"relay /opt", b"relay /" + b"x" * 5000, "relay: a path is too long"),
    ],
)
def test_what_is_wrong_is_said(old: bytes, new: bytes, message: str) -> None:
    with pytest.raises(LaunchConfError, match=message):
        parse(TEXT.replace(old, new))


def test_comments_and_empty_lines() -> None:
    assert parse(TEXT.replace(b"failure", b"# a word\n\nfailure")) == CONF


@pytest.mark.parametrize(
    "conf",
    [
        LaunchConf("relative", "/b", "/c", "/d"),
        LaunchConf("/a", "/b\0", "/c", "/d"),
        LaunchConf("/a", "/b", "/c", "/" + "d" * 5000),
        LaunchConf("/a", "/b", "/c", "/d", deadline_ms=0),
        LaunchConf("/a", "/b", "/c", "/d", spool_limit=-1),
    ],
)
def test_values_that_no_launcher_takes(conf: LaunchConf) -> None:
    with pytest.raises(ValueError, match=r"path|bounds"):
        render(conf)


def test_paths_for_a_user() -> None:
    assert for_user("/run/{uid}/d.sock", 1000) == "/run/1000/d.sock"
