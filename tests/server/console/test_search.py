"""The search above every page."""

from pathlib import Path

import pytest

from spawngate.server.console import pages
from spawngate.server.views import search
from tests.server import fleetdata


def test_words_find_things_and_stay_text(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts) as client:
        fleetdata.fill_small(parts)
        found = client.get("/search?q=files")
        hostile = client.get("/search", params={"q": "<script>x</script>"})
        nothing = client.get("/search?q=nowhere")
        empty = client.get("/search")
    assert 'href="/servers/fp-drift"' in found.text
    assert fleetdata.shown(hostile.text)
    assert 'href="/servers/fp-evil"' in hostile.text
    assert "Nothing holds “nowhere”" in nothing.text
    assert "What are you looking for?" in empty.text


def test_a_large_fleet_is_searched_part_by_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "LARGE", 1)
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts) as client:
        fleetdata.fill_small(parts)
        first = client.get("/search?q=files").text
        second = client.get("/search/artifacts?q=files&seen=1").text
        third = client.get("/search/work?q=files&seen=1").text
        nothing = [client.get(f"/search{part}?q=nowhere").text for part in ("", "/artifacts", "/work")]
        assert client.get("/search/else?q=files").status_code == 404
    assert 'href="/servers/fp-drift"' in first
    assert 'hx-get="/search/artifacts?q=files&amp;seen=1"' in first
    assert 'hx-get="/search/work?q=files&amp;seen=1"' in second
    assert "/findings/" in third
    assert ["Nothing holds" in each for each in nothing] == [False, False, True]
    assert ['hx-get="/search/' in each for each in (*nothing, first, second, third)] == [True, True, False] * 2
