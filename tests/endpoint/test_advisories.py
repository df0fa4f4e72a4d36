"""Importing and keeping OSV records."""

import json
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest

from spawngate.endpoint.advisories import FILE, MAX_DETAILS, import_path, load
from spawngate.model.errors import UsageError


def osv(identifier: str = "GHSA-1111-2222-3333", modified: str = "2026-01-01T00:00:00Z", **more: Any) -> dict[str, Any]:
    affected = [
        {
            "package": {"ecosystem": "npm", "name": "x"},
            "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "2.0.0"}]}],
        }
    ]
    return {"schema_version": "1.6.0", "id": identifier, "modified": modified, "affected": affected, **more}


def save(path: Path, value: Any) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")
    return str(path)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    folder = tmp_path / "state"
    folder.mkdir()
    return folder


def imported(state: Path) -> list[str]:
    return [one.id for one in load(state)[0] if one.imported]


def test_one_record_and_again(tmp_path: Path, state: Path) -> None:
    path = save(tmp_path / "one.json", osv())
    first, second = import_path(state, path), import_path(state, path)
    assert (first.added, first.updated, first.unchanged, first.diagnostics) == (1, 0, 0, ())
    assert (second.added, second.updated, second.unchanged) == (0, 0, 1)
    assert stat.S_IMODE((state / FILE).stat().st_mode) == 0o600
    assert imported(state) == ["GHSA-1111-2222-3333"]
    assert [path.name for path in state.iterdir()] == [FILE]


def test_newer_replaces_older_and_not_the_other_way(tmp_path: Path, state: Path) -> None:
    import_path(state, save(tmp_path / "b.json", osv(modified="2026-02-01T00:00:00Z", summary="newer")))
    done = import_path(state, save(tmp_path / "a.json", osv(summary="older")))
    assert (done.added, done.updated, done.unchanged) == (0, 0, 1)
    done = import_path(state, save(tmp_path / "c.json", osv(modified="2026-03-01T00:00:00Z", summary="newest")))
    assert (done.added, done.updated, done.unchanged) == (0, 1, 0)
    assert [one.summary for one in load(state)[0] if one.imported] == ["newest"]


@pytest.mark.parametrize("wrapped", [False, True])
def test_lists(tmp_path: Path, state: Path, wrapped: bool) -> None:
    records = [osv("GHSA-1"), osv("GHSA-2")]
    done = import_path(state, save(tmp_path / "list.json", {"vulns": records} if wrapped else records))
    assert done.added == 2


def test_folder_with_good_and_bad_files(tmp_path: Path, state: Path) -> None:
    save(tmp_path / "osv/npm/a.json", osv("GHSA-1"))
    save(tmp_path / "osv/b.json", [osv("GHSA-2"), osv("GHSA-3", modified="yesterday"), 7])
    (tmp_path / "osv/c.json").write_text("{", encoding="utf-8")
    (tmp_path / "osv/README.md").write_text("not a record", encoding="utf-8")
    done = import_path(state, str(tmp_path / "osv"))
    assert done.added == 2
    assert {(Path(one.path).name, one.reason, one.message) for one in done.diagnostics} == {
        ("b.json[1]", "malformed", "modified: not an RFC 3339 time in UTC; the record was left out"),
        ("b.json[2]", "malformed", "the record: not an object; the record was left out"),
        ("c.json", "malformed", "is not JSON"),
    }
    assert imported(state) == ["GHSA-1", "GHSA-2"]


def test_archive(tmp_path: Path, state: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("GHSA-1.json", json.dumps(osv("GHSA-1")))
        archive.writestr("bad.json", "[")
        archive.writestr("large.json", " " * (5 << 20))
        archive.writestr("note.txt", "x")
    done = import_path(state, str(tmp_path / "all.zip"))
    assert done.added == 1
    found = {(one.path.rpartition("!")[2], one.reason) for one in done.diagnostics}
    assert found == {("bad.json", "malformed"), ("large.json", "oversized")}


def test_what_is_no_archive(tmp_path: Path, state: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"PK\x03\x04nonsense")
    done = import_path(state, str(tmp_path / "x.zip"))
    assert [(one.reason, done.added) for one in done.diagnostics] == [("malformed", 0)]
    assert not (state / FILE).exists()


def test_nothing_there(tmp_path: Path, state: Path) -> None:
    with pytest.raises(UsageError):
        import_path(state, str(tmp_path / "missing"))


def test_only_what_is_used_is_kept(tmp_path: Path, state: Path) -> None:
    record = osv(details="d" * 9_000, credits=[{"name": "n"}], references=[{"type": "WEB", "url": "u"}] * 50)
    import_path(state, save(tmp_path / "a.json", record))
    kept = json.loads((state / FILE).read_text(encoding="utf-8"))
    assert (len(kept["details"]), len(kept["references"]), "credits" in kept) == (MAX_DETAILS, 10, False)


def test_a_damaged_line_loses_one_record(tmp_path: Path, state: Path) -> None:
    import_path(state, save(tmp_path / "a.json", [osv("GHSA-1"), osv("GHSA-2")]))
    lines = (state / FILE).read_text(encoding="utf-8").splitlines()
    (state / FILE).write_text(f"{lines[0][:20]}\n{lines[1]}\n[]\n", encoding="utf-8")
    assert imported(state) == ["GHSA-2"]
    assert [(one.reason, one.message) for one in load(state)[1]] == [
        ("malformed", "2 records are damaged; import them again")
    ]


def test_nothing_imported_is_what_ships(state: Path) -> None:
    database, diagnostics = load(state)
    assert (len(database), diagnostics) == (96, ())
