"""One question to everything."""

from pathlib import Path

from spawngate.server.views.search import PARTS, is_large, search
from tests.server import fleetdata


def test_every_list_that_has_it(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        found = search(parts, None, "files")
        mine = search(parts, frozenset({1}), "notes", work=False)
        assert search(parts, None, "") == ()
        assert search(parts, None, "nowhere to be found") == ()
        quoted = search(parts, None, "<script>")
        apart = [search(parts, None, "files", parts=(each,)) for each in PARTS]
        assert not is_large(parts)
    assert [(each.path, len(each.rows), each.more) for each in found] == [
        ("/servers", 2, False),
        ("/findings", 3, False),
        ("/secrets", 1, False),
    ]
    assert sorted(each.path for part in apart for each in part) == sorted(each.path for each in found)
    assert [[each.path for each in part] for part in apart] == [["/servers"], ["/secrets"], ["/findings"]]
    assert [(each.path, len(each.rows)) for each in mine] == [("/artifacts/skill", 1)]
    assert [each.path for each in quoted] == ["/servers", "/endpoints", "/artifacts/skill"]
