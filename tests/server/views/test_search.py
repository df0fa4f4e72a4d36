"""One question to everything."""

from pathlib import Path

from spawngate.server.views.search import search
from tests.server import fleetdata


def test_every_list_that_has_it(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        found = search(parts, None, "files")
        mine = search(parts, frozenset({1}), "notes", work=False)
        assert search(parts, None, "") == ()
        assert search(parts, None, "nowhere to be found") == ()
        quoted = search(parts, None, "<script>")
    assert [(each.path, len(each.rows), each.more) for each in found] == [
        ("/servers", 2, False),
        ("/findings", 3, False),
        ("/secrets", 1, False),
    ]
    assert [(each.path, len(each.rows)) for each in mine] == [("/artifacts/skill", 1)]
    assert [each.path for each in quoted] == ["/servers", "/endpoints", "/artifacts/skill"]
