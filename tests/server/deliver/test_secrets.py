"""`server.deliver.secrets`: sealed for one owner under one key; the key's file."""

import base64
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.model.errors import StateError
from spawngate.server.deliver.secrets import Sealer, sealer

ONE, TWO = Sealer(b"1" * 32), Sealer(b"2" * 32)


@given(st.binary(max_size=200), st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_what_is_sealed_opens_for_its_owner(plain: bytes, owner: str) -> None:
    sealed = ONE.seal(plain, owner)
    assert ONE.open(sealed, owner) == plain
    assert len(plain) < 8 or plain not in sealed
    assert ONE.seal(plain, owner) != sealed


@pytest.mark.parametrize(
    ("sealed", "owner", "message"),
    [
        (ONE.seal(b"x", "a"), "b", "the secrets of b were changed or belong elsewhere; add it anew"),
        (TWO.seal(b"x", "a"), "a", "the secrets of a were sealed with another key; restore the key, or add it anew"),
        (b'{"token": "plain"}', "a", "the secrets of a are not sealed as we do it; add it anew"),
        (b"sgs1", "a", "the secrets of a are not sealed as we do it; add it anew"),
    ],
    ids=["another owner", "another key", "plain", "cut off"],
)
def test_what_does_not_open(sealed: bytes, owner: str, message: str) -> None:
    with pytest.raises(StateError) as error:
        ONE.open(sealed, owner)
    assert str(error.value) == message


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_every_changed_byte_is_seen(at: int, by: int) -> None:
    sealed = bytearray(ONE.seal(b"secret", "a"))
    sealed[at % len(sealed)] ^= by
    with pytest.raises(StateError):
        ONE.open(bytes(sealed), "a")


def test_a_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    sealed = sealer(tmp_path / "s", {}).seal(b"x", "a")
    assert sealer(tmp_path / "s", {}).open(sealed, "a") == b"x"
    assert [(path.name, path.stat().st_mode & 0o777) for path in (tmp_path / "s").iterdir()] == [("secrets.key", 0o600)]


def test_a_key_of_the_environment_makes_no_file(tmp_path: Path) -> None:
    named = {"SPAWNGATE_SECRETS_KEY": base64.b64encode(b"1" * 32).decode()}
    assert sealer(tmp_path, named).open(ONE.seal(b"x", "a"), "a") == b"x"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("value", "message"), [("x", "must be base64 of 32 bytes"), ("YWJj", "must be 32 bytes")])
def test_a_key_of_the_environment_that_is_none(tmp_path: Path, value: str, message: str) -> None:
    with pytest.raises(StateError, match=message):
        sealer(tmp_path, {"SPAWNGATE_SECRETS_KEY": value})


def test_a_key_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    sealer(tmp_path, {})
    (tmp_path / "secrets.key").chmod(0o640)
    with pytest.raises(StateError, match="can be read by others; make it 0600 and change the secrets that it sealed"):
        sealer(tmp_path, {})


@pytest.mark.parametrize("kind", ["fifo", "link", "short"])
def test_a_key_that_is_none(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "secrets.key"
    if kind == "fifo":
        os.mkfifo(path, 0o600)
    elif kind == "link":
        path.symlink_to("/etc/hostname")
    else:
        path.write_bytes(b"short")
        path.chmod(0o600)
    with pytest.raises(StateError):
        sealer(tmp_path, {})
