"""The search above every page."""

from pathlib import Path

from spawngate.server.console import pages
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
