"""Saving and removing searches by the menu of a list."""

from pathlib import Path

from spawngate.server.access.principal import Kind, Principal
from spawngate.server.access.roles import Role
from spawngate.server.console import pages
from spawngate.server.fleet import searches, users
from tests.server import fleetdata
from tests.server.fleetdata import CSRF

READER = Principal("reader", Kind.USER, {0: Role.READER}, user=1, csrf=CSRF)


def test_saved_and_removed(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts) as client:
        form = {"csrf": CSRF, "page": "endpoints", "name": "stale ones", "query": "state=stale", "back": "/endpoints"}
        answer = client.post("/searches", data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, "/endpoints")
        shown = client.get("/endpoints").text
        assert '<a href="/endpoints?state=stale">stale ones</a>' in shown
        (saved,) = searches.of_page(parts.database, None, "endpoints")
        answer = client.post("/searches/remove", data={"csrf": CSRF, "id": str(saved.id), "back": "//evil.example"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert searches.of_page(parts.database, None, "endpoints") == ()


def test_a_hostile_query_is_text(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts) as client:
        form = {"csrf": CSRF, "page": "endpoints", "name": fleetdata.HOSTILE[:90], "query": 'q="><script>x</script>'}
        assert client.post("/searches", data=form).status_code == 303
        assert fleetdata.shown(client.get("/endpoints").text)


def test_without_the_forms_token_nothing_happens(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts) as client:
        assert client.post("/searches", data={"name": "x", "page": "p", "query": ""}).status_code == 403
        assert client.post("/searches/remove", data={"id": "1"}).status_code == 403
        assert searches.of_page(parts.database, None, "p") == ()


def test_a_reader_shares_nothing(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts, READER) as client:
        form = {"csrf": CSRF, "page": "p", "name": "n", "query": "", "shared": "1"}
        assert client.post("/searches", data=form).status_code == 403
        assert client.post("/searches/remove", data={"csrf": CSRF, "id": "x"}).status_code == 400


def test_a_token_takes_nothing_of_everybodys_away(tmp_path: Path) -> None:
    token = Principal("ci", Kind.TOKEN, {1: Role.OWNER}, token=1)
    with fleetdata.services(tmp_path) as parts:
        shared = searches.save(parts.database, None, "endpoints", "stale ones", "state=stale")
        with fleetdata.client(pages.routes, parts, token) as client:
            assert client.post("/searches/remove", data={"id": str(shared.id)}).status_code == 303
        assert searches.of_page(parts.database, None, "endpoints") == (shared,)
        entitled = Principal("ci", Kind.TOKEN, {0: Role.ANALYST}, token=1)
        with fleetdata.client(pages.routes, parts, entitled) as client:
            assert client.post("/searches/remove", data={"id": str(shared.id)}).status_code == 303
        assert searches.of_page(parts.database, None, "endpoints") == ()


def test_every_saved_search_is_listed_narrowed_and_exported(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts) as client:
        assert "No search is saved" in client.get("/searches").text
        searches.save(parts.database, None, "findings", fleetdata.HOSTILE, "due=overdue&q=%3Cb%3E")
        searches.save(parts.database, None, "artifacts-skill", "skills of ada", "q=ada")
        searches.save(parts.database, None, "suggested", "safe ones", "stands=nothing+known")
        searches.save(parts.database, None, "nowhere", "lost", "a=b")
        page = client.get("/searches").text
        assert fleetdata.shown(page)
        for address in (
            "/findings?due=overdue&amp;q=%3Cb%3E", "/artifacts/skill?q=ada",
            "/approvals/suggested?stands=nothing+known",
        ):  # fmt: skip
            assert f'href="{address}"' in page
        assert "lost" not in page
        assert 'href="/searches?of=Skills"' in page, "a facet"
        narrowed = client.get("/searches.json?of=Skills").json()["rows"]
        assert [(row["name"], row["whose"], row["address"]) for row in narrowed] == [
            ("skills of ada", "everybody’s", "/artifacts/skill?q=ada"),
        ]  # fmt: skip
        assert client.get("/searches.csv?q=safe").text.splitlines()[1].split(",")[1:3] == [
            '"safe ones"', '"Suggested allowlist"',
        ]  # fmt: skip
        assert "Nothing passes this filter" in client.get("/searches?q=nowhere").text
        number = searches.of_user(parts.database, None)[0].id
        form = {"csrf": CSRF, "id": str(number), "back": "/searches"}
        assert client.post("/searches/remove", data=form).headers["location"] == "/searches"


def test_nobody_sees_the_searches_of_another_one(tmp_path: Path) -> None:
    other = Principal("other", Kind.USER, {0: Role.OWNER}, user=2, csrf=CSRF)
    with fleetdata.services(tmp_path) as parts:
        with parts.database.begin() as connection:
            for name in ("one", "two"):
                users.create(connection, name, fleetdata.NOW)
        searches.save(parts.database, 1, "endpoints", "mine alone", "q=x")
        for who, seen in ((READER, True), (other, False)):
            with fleetdata.client(pages.routes, parts, who) as client:
                for ending in ("", ".csv", ".json"):
                    assert ("mine alone" in client.get(f"/searches{ending}").text) is seen
