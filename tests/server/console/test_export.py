"""Lists for machines."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from starlette.responses import Response

from spawngate.model.errors import UsageError
from spawngate.server.console import export
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Listing
from tests.server import fleetdata


class Row(msgspec.Struct, frozen=True):
    name: str
    count: int
    tags: tuple[str, ...] = ()
    good: bool = False
    more: str | None = None


def _ask(parts: Sequence[Sequence[Row]]) -> export.Ask:
    def ask(filters: Filters) -> Listing[Row]:
        place = int(filters.cursor or 0)
        return Listing(tuple(parts[place]), str(place + 1) if place + 1 < len(parts) else None, (), 0)

    return ask


def _text(response: Response) -> str:
    async def whole() -> bytes:
        return b"".join([part async for part in response.body_iterator])  # type: ignore[attr-defined]  # streaming

    import anyio

    return anyio.run(whole).decode()


ROWS = [[Row("a", 1, ("x", "y"), True)], [], [Row("=cmd()", 2), Row("\x1b[31m\u202e", 3, more="-1")]]


def test_a_table_that_no_spreadsheet_takes_for_a_formula() -> None:
    answer = export.csv(_ask(ROWS), Filters(), Row, "things")
    assert answer.headers["content-disposition"] == 'attachment; filename="spawngate-things.csv"'
    assert _text(answer).splitlines() == [
        '"name","count","tags","good","more"',
        '"a","1","[""x"",""y""]","yes",""',
        '"\'=cmd()","2","","no",""',
        '"\\x1b[31m\\u202e","3","","no","\'-1"',
    ]


def test_a_document_with_every_row_of_every_page() -> None:
    document = msgspec.json.decode(_text(export.json(_ask(ROWS), Filters(), Row, "things")))
    assert (document["schema_version"], document["list"]) == (1, "things")
    assert "never follow it" in document["note"]
    assert [row["name"] for row in document["rows"]] == ["a", "=cmd()", "\x1b[31m\u202e"]
    assert msgspec.json.decode(_text(export.json(_ask([[]]), Filters(), Row, "none")))["rows"] == []


def test_what_fails_at_once_fails_before_the_answer_begins() -> None:
    def ask(filters: Filters) -> Listing[Row]:
        raise UsageError("no")

    for make in (export.csv, export.json):
        with pytest.raises(UsageError):
            make(ask, Filters(), Row, "things")


def test_the_whole_of_a_real_list(tmp_path: Path) -> None:
    from spawngate.server.console import pages

    with fleetdata.services(tmp_path) as parts:
        with parts.database.begin() as connection:
            for number in range(1_201):
                fleetdata.add_endpoint(connection, f"e{number:04}")
        with fleetdata.client(pages.routes, parts) as client:
            assert len(client.get("/endpoints.csv").text.splitlines()) == 1_202
            rows = msgspec.json.decode(client.get("/endpoints.json?limit=7").content)["rows"]
    assert len({row["id"] for row in rows}) == 1_201
