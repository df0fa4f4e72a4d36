"""The store's key: made once, private, and never made anew beside what another one signed."""

from pathlib import Path

import pytest

from spawngate.server.store import keys
from spawngate.server.store.port import StoreDamagedError, StoreError


def test_made_on_the_first_run_and_kept(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    signer = keys.signer_of(folder)
    assert keys.signer_of(folder) == signer
    assert keys.verifier_of(folder) == signer.verifier
    assert (folder / "key").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in folder.iterdir()) == ["key", "key.pub"]
    assert keys.signer_of(tmp_path / "other") != signer
    assert len(keys.control_key(signer)) == 32
    assert keys.control_key(signer) != signer.seed


@pytest.mark.parametrize("left", ["control.sqlite", "control.sqlite-wal", "head", "events/2026-11-21.sqlite"])
def test_a_store_without_its_key_gets_no_other(tmp_path: Path, left: str) -> None:
    (tmp_path / "events").mkdir()
    (tmp_path / left).touch()
    with pytest.raises(StoreDamagedError, match="the store's key is gone"):
        keys.signer_of(tmp_path)
    with pytest.raises(StoreDamagedError):
        keys.signer_of(tmp_path / "none", make=False)


@pytest.mark.parametrize("text", [b"", b"rubbish", b"\xff\xfe", b"PRIVATE+KEY+a+00000000+AAAA"])
def test_rubbish_is_no_key_and_is_not_shown(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "key").write_bytes(text)
    (tmp_path / "key.pub").write_bytes(text)
    with pytest.raises(StoreDamagedError) as found:
        keys.signer_of(tmp_path)
    assert "AAAA" not in str(found.value)
    with pytest.raises(StoreError):
        keys.verifier_of(tmp_path)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    keys.signer_of(tmp_path / "real")
    (tmp_path / "key").symlink_to(tmp_path / "real" / "key")
    with pytest.raises(StoreError):
        keys.signer_of(tmp_path)
