"""The index: what was kept comes back, what is damaged counts as nothing, and it stays bounded."""

import pickle
import sqlite3
import stat
import zlib
from contextlib import closing
from pathlib import Path

import pytest

from spawngate.codescan.frontends import lower
from spawngate.codescan.ir import dump
from spawngate.endpoint.codescan import index as module
from spawngate.endpoint.codescan.index import FILE, NoIndex, StoredIndex, key_of, result_key
from tests.codescan.findings import RESULT

SOURCE = b"import mcp\nx = [1, f(2)]\n"


def test_a_lowered_file_comes_back(tmp_path: Path) -> None:
    first = StoredIndex(tmp_path, 1)
    assert first.get("a.py", SOURCE) is None
    first.put("a.py", SOURCE, lower("a.py", SOURCE))
    first.close()
    again = StoredIndex(tmp_path, 2)
    assert again.has("a.py", SOURCE)
    kept = again.get("a.py", SOURCE)
    assert kept is not None
    assert (kept.path, kept.language, dump(kept.body)) == ("a.py", "python", dump(lower("a.py", SOURCE).body))
    assert [again.get("b.py", SOURCE), again.get("a.py", SOURCE + b"\n")] == [None, None]
    again.close()
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_a_result_comes_back(tmp_path: Path) -> None:
    key = result_key({"a.py": SOURCE}, b"models")
    first = StoredIndex(tmp_path, 1)
    first.put_result(key, RESULT)
    first.close()
    again = StoredIndex(tmp_path, 1)
    assert again.result(key) == RESULT
    assert again.result(result_key({"a.py": SOURCE}, b"other models")) is None
    assert again.result(result_key({"b.py": SOURCE}, b"models")) is None
    again.close()


def test_keys_hold_the_borders_of_what_they_are_made_of() -> None:
    assert key_of("a", b"b") != key_of("ab", b"")
    assert result_key({"a": b"b", "c": b""}) != result_key({"a": b"", "bc": b""})
    assert result_key({"odd\udcff.py": b""}) != result_key({"odd.py": b""})


@pytest.mark.parametrize("damage", [b"", b"no database at all" * 100, None])
def test_a_damaged_file_is_made_anew(tmp_path: Path, damage: bytes | None) -> None:
    if damage is None:
        with sqlite3.connect(tmp_path / FILE) as connection:
            connection.execute("CREATE TABLE lowered (other)")
        connection.close()
    else:
        (tmp_path / FILE).write_bytes(damage)
    first = StoredIndex(tmp_path, 1)
    first.put("a.py", SOURCE, lower("a.py", SOURCE))
    first.close()
    again = StoredIndex(tmp_path, 1)
    assert again.get("a.py", SOURCE) is not None
    again.close()


def test_a_damaged_entry_counts_as_none(tmp_path: Path) -> None:
    first = StoredIndex(tmp_path, 1)
    first.put("a.py", SOURCE, lower("a.py", SOURCE))
    first.put_result(b"k", RESULT)
    first.close()
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("UPDATE lowered SET value = x'00ff'")
    connection.close()
    again = StoredIndex(tmp_path, 1)
    assert [again.get("a.py", SOURCE), again.result(b"k")] == [None, None]
    again.close()


@pytest.mark.parametrize(
    "value",
    [
        zlib.compress(b"\0" * (8 << 20)),
        zlib.compress(b"\xc0") + b"more",
        zlib.compress(pickle.dumps(print)),
        b"not compressed",
        "a text",
        None,
    ],
    ids=["bomb", "more", "pickle", "plain", "text", "null"],
)
def test_an_index_that_somebody_else_wrote_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: object
) -> None:
    """Nothing in it is run, and nothing in it becomes larger than what is kept."""
    monkeypatch.setattr(module, "MOST_BYTES", 1 << 20)
    StoredIndex(tmp_path, 1).close()
    with closing(sqlite3.connect(tmp_path / FILE)) as connection, connection:
        connection.execute("INSERT INTO lowered VALUES (?, 1, ?)", (key_of("a.py", SOURCE), value))
    found = StoredIndex(tmp_path, 1)
    assert found.get("a.py", SOURCE) is None
    found.close()


def test_an_index_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"somebody else's")
    (tmp_path / FILE).symlink_to(elsewhere)
    found = StoredIndex(tmp_path, 1)
    found.put("a.py", SOURCE, lower("a.py", SOURCE))
    found.close()
    assert elsewhere.read_bytes() == b"somebody else's"
    assert not (tmp_path / FILE).is_symlink()


def test_a_folder_that_cannot_be_used_keeps_nothing(tmp_path: Path) -> None:
    index = StoredIndex(tmp_path / "missing", 1)
    index.put("a.py", SOURCE, lower("a.py", SOURCE))
    index.put_result(b"k", RESULT)
    assert [index.get("a.py", SOURCE), index.result(b"k"), index.has("a.py", SOURCE)] == [None, None, False]
    index.close()


def test_what_nobody_asks_for_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"{number}.py" for number in range(4)]
    first = StoredIndex(tmp_path, 1)
    for name in names:
        first.put(name, SOURCE, lower(name, SOURCE))
    first.close()
    size = sqlite3.connect(tmp_path / FILE)
    (total,) = size.execute("SELECT sum(length(value)) FROM lowered").fetchone()
    size.close()
    monkeypatch.setattr(module, "MAX_BYTES", total)
    later = StoredIndex(tmp_path, 2)
    assert later.get("0.py", SOURCE) is not None
    later.put("new.py", SOURCE, lower("new.py", SOURCE))
    later.close()
    last = StoredIndex(tmp_path, 2)
    assert [name for name in (*names, "new.py") if last.has(name, SOURCE)] == ["0.py", "new.py"]
    last.close()


def test_names_that_are_no_text_are_not_kept(tmp_path: Path) -> None:
    index = StoredIndex(tmp_path, 1)
    index.put("odd\udcff.py", SOURCE, lower("odd\udcff.py", SOURCE))
    index.close()
    again = StoredIndex(tmp_path, 1)
    assert again.get("odd\udcff.py", SOURCE) is None
    again.close()


def test_no_index_keeps_nothing() -> None:
    index = NoIndex()
    index.put("a.py", SOURCE, lower("a.py", SOURCE))
    index.put_result(b"k", RESULT)
    index.close()
    assert [index.get("a.py", SOURCE), index.result(b"k"), index.has("a.py", SOURCE)] == [None, None, False]
