"""What an enrolled endpoint keeps."""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.endpoint.sync import enrolment
from spawngate.endpoint.sync.enrolment import Enrolment, Reach, address, load, proxy_address, save, seed
from spawngate.model.errors import StateError, UsageError

HELD = Enrolment(Reach("https://a.example", "/ca.pem"), "e1", "sgn_x", "name+00+key", "red", 30, "2026", "/secret")


def test_what_is_kept_is_found_and_nobody_elses_business(tmp_path: Path) -> None:
    assert load(tmp_path) is None
    assert not enrolment.is_enrolled(tmp_path)
    save(tmp_path, HELD)
    assert load(tmp_path) == HELD
    assert enrolment.is_enrolled(tmp_path)
    path = tmp_path / "sync" / "enrolment.json"
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)) == (0o600, 0o700)


@pytest.mark.parametrize("data", [b"", b"{}", b"rubbish", b"[" * 9_999])
def test_a_damaged_one_is_told(tmp_path: Path, data: bytes) -> None:
    save(tmp_path, HELD)
    (tmp_path / "sync" / "enrolment.json").write_bytes(data)
    with pytest.raises(StateError, match="is damaged"):
        load(tmp_path)


def test_a_key_is_made_once(tmp_path: Path) -> None:
    first = seed(tmp_path)
    assert (len(first), seed(tmp_path)) == (32, first)
    (tmp_path / "sync" / "key").write_bytes(b"short")
    with pytest.raises(StateError, match="is damaged"):
        seed(tmp_path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://a.example", "https://a.example"),
        (" https://a.example:8443/fleet/ ", "https://a.example:8443/fleet"),
        ("http://127.0.0.1:7338", "http://127.0.0.1:7338"),
        ("http://localhost", "http://localhost"),
        ("http://[::1]:80/", "http://[::1]:80"),
    ],
)
def test_addresses(text: str, expected: str) -> None:
    assert address(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.example",
        "ftp://a.example",
        "https://",
        "https://u:p@a.example",
        "https://a.example?x=1",
        "https://a.example#x",
        "https://a.example:99999",
        "https://a.example:0",
        "http://a.example",
        "http://127.0.0.1.a.example",
        "http://10.0.0.1",
    ],
)
def test_what_is_none_or_would_send_the_token_in_the_clear(text: str) -> None:
    with pytest.raises(UsageError, match="--server"):
        address(text)


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_told(text: str) -> None:
    try:
        assert address(text).startswith(("https://", "http://"))
    except (UsageError, ValueError) as error:
        assert "--server" in str(error)  # noqa: PT017  # either way


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://proxy:3128", "http://proxy:3128"),
        (" http://u:p@proxy:3128 ", "http://u:p@proxy:3128"),
        ("proxy:3128", "http://proxy:3128"),
        ("10.0.0.1:80", "http://10.0.0.1:80"),
        ("[::1]:80", "http://[::1]:80"),
    ],
)
def test_proxies(text: str, expected: str) -> None:
    assert proxy_address(text) == expected


@pytest.mark.parametrize("text", ["", "http://", "https://proxy:3128", "socks5h://proxy:1080", "http://p:99999", "p:0"])
def test_what_is_no_proxy_or_would_get_its_password_in_the_clear(text: str) -> None:
    with pytest.raises(UsageError, match="proxy"):
        proxy_address(text)


def test_a_folder_of_somebody_else_or_none_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sync").symlink_to(tmp_path)
    with pytest.raises(StateError, match="is no folder"):
        enrolment.folder(tmp_path)
    (tmp_path / "sync").unlink()
    (tmp_path / "sync").mkdir()
    (tmp_path / "sync").chmod(0o777)
    assert stat.S_IMODE(enrolment.folder(tmp_path).stat().st_mode) == 0o700
    monkeypatch.setattr(os, "geteuid", lambda: 12_345)
    with pytest.raises(StateError, match="belongs to another user"):
        enrolment.folder(tmp_path)


def test_one_at_a_time_changes_it_and_one_syncs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enrolment, "LOCK_SECONDS", 0.05)
    monkeypatch.setattr(enrolment, "PATIENCE", 0.05)
    told = pytest.raises(StateError, match="is changing the enrolment")
    with enrolment.changing(tmp_path), told, enrolment.changing(tmp_path):
        raise AssertionError
    told = pytest.raises(StateError, match="another process speaks")
    with enrolment.syncing(tmp_path), told, enrolment.syncing(tmp_path):
        raise AssertionError
