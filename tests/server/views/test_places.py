"""Names of things as one part of a path."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.server.access.roles import Role
from spawngate.server.console import pages
from spawngate.server.views.places import segment, tail, text_of, text_of_tail
from tests.server.applied import world
from tests.server.fleetdata import (
    add_artifact,
    add_endpoint,
    add_finding,
    add_match,
    add_server,
    client,
    services,
)

NAMES = (
    "a/b", "/", "..", ".", "a/../../b", "%2e%2e", "50%", "a?b=c#d", "~", "~YQ", "a b+c&d", "\\a\\b", "ünïcode ☃",
    "a.csv", "x" * 60 + "/" + "y" * 35, "//", "<script>", '"', ";x=1",
)  # fmt: skip


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_name_is_one_part_and_comes_back(text: str) -> None:
    part = segment(text)
    assert re.fullmatch(r"[A-Za-z0-9_.~%-]+", part)
    assert part not in (".", "..")
    assert "%2f" not in part.lower()
    assert text_of(unquote(part)) == text


@given(st.text())
def test_what_is_no_name_of_ours_stands_for_itself(part: str) -> None:
    assert isinstance(text_of(part), str)
    assert part.startswith("~") or text_of(part) == part


def test_names_stay_readable_where_they_can() -> None:
    assert [segment(each) for each in ("029d3ec38df0", "a b", "a/../b", "")] == [
        "029d3ec38df0",
        "a%20b",
        "~YS8uLi9i",
        "~",
    ]
    assert text_of("~!") == "~!"


@pytest.mark.parametrize("name", NAMES)
def test_what_an_endpoint_names_so_can_be_opened(tmp_path: Path, name: str) -> None:
    """From the link on the list, through the path that a browser makes of it; and over the API, as far as paths go."""
    with services(tmp_path) as parts:
        with parts.database.begin() as connection:
            add_endpoint(connection, "e1", team=0)
            common: dict[str, Any] = {"team": 0, "name": name}
            add_artifact(connection, "e1", "a1", fingerprint=name, **common)
            add_artifact(connection, "e1", "k1", kind="skill", fingerprint="fp-skill", **common)
            add_artifact(connection, "e1", "x1", kind="secret", fingerprint=name, detail={"type": "token"}, **common)
            add_server(connection, name, name)
            add_finding(connection, "e1", name, team=0)
            add_match(connection, "e1", name, "a1", detail={"summary": "x", "id": name})
        http = client(pages.routes, parts)
        for path in ("/servers", "/findings", "/advisories", "/secrets", "/artifacts/skill"):
            page = http.get(path).text
            links = re.findall(rf'<th scope="row"[^>]*><a href="({path}/[^"]+)"', page)
            links = links or re.findall(rf'href="({path}/[^"]+)"', page.partition("<tbody>")[2])
            assert len(set(links)) == 1, path
            assert "/../" not in links[0] + "/"
            answer = http.get(links[0])
            assert (path, answer.status_code) == (path, 200)


@pytest.mark.parametrize("name", ["a/b", "a?b=c#d", "50%", "ünïcode ☃", "a/b/c"])
def test_programs_ask_by_the_quoted_name(tmp_path: Path, name: str) -> None:
    with world(tmp_path) as made:
        with made.writing() as connection:
            add_endpoint(connection, "e1", team=0)
            add_artifact(connection, "e1", "a1", fingerprint=name)
            add_server(connection, name, name)
            add_finding(connection, "e1", name, team=0)
            add_match(connection, "e1", name, "a1", detail={"summary": "x", "id": name})
        program, quoted = made.program(Role.OWNER), quote(name, safe="")
        for path in (f"servers/{quoted}", f"findings/e1/{quoted}", f"advisories/{quoted}"):
            assert (path, program.get(f"/api/v1/{path}").status_code) == (path, 200)
        assert program.patch(f"/api/v1/findings/e1/{quoted}", json={"owner": "Ann"}).status_code == 200


@given(st.text(min_size=1))
def test_the_rest_of_a_path_is_a_name_and_back(name: str) -> None:
    made = tail(name)
    parts = [unquote(each) for each in made.split("/")]
    assert all(parts)
    assert not {".", ".."} & set(parts)
    assert made.isascii()
    assert not set(made) & set('?#\\"<> ')
    assert text_of_tail(unquote(made)) == name


def test_names_of_projects_stay_readable() -> None:
    names = ("acme/gateway", "~/src/shop", "shop", "~", "~shop", "/srv/shop", "a/../b", "50%")
    assert [tail(each) for each in names] == [
        "acme/gateway", "~/src/shop", "shop", "~fg", "~fnNob3A", "~L3Nydi9zaG9w", "~YS8uLi9i", "~NTAl",
    ]  # fmt: skip
