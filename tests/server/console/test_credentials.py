"""Pages of tokens and enrolment secrets."""

import re
from pathlib import Path

from spawngate.server.access.principal import Kind, Principal
from spawngate.server.access.roles import Permission, Role
from spawngate.server.console import pages
from spawngate.server.fleet import enrolments, tokens
from tests.server.console.test_administration import TEAM_ADMIN, post
from tests.server.fleetdata import CSRF, NOW, client, fill_small, services

READER = Principal("Ro", Kind.USER, {0: Role.READER}, csrf=CSRF)


def secret(text: str) -> str:
    """What a page shows once."""
    found = re.search('<pre id="secret">([^<]+)</pre>', text)
    assert found is not None
    return found[1]


def test_a_token_is_shown_once_and_revoked(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill_small(parts)
        http = client(pages.routes, parts, TEAM_ADMIN)
        form = {"name": "reader", "team": "1", "role": "reader", "scope": "events:read", "days": "30"}
        word = secret(post(http, "/administration/tokens", **form).text)
        with parts.database.read() as connection:
            made = tokens.find(connection, word, NOW)
        assert made is not None
        assert (made.team, made.role, made.scopes, made.created_by) == (
            1,
            Role.READER,
            (Permission.EVENTS_READ,),
            "Kai",
        )
        listed = http.get("/administration/tokens").text
        assert "reader" in listed
        assert word not in listed
        for wrong, status in (
            ({"role": "owner"}, 403),
            ({"team": "2"}, 400),
            ({"days": "0"}, 400),
            ({"scope": "x"}, 400),
        ):
            assert post(http, "/administration/tokens", **{**form, **wrong}).status_code == status
        assert post(http, f"/administration/tokens/{made.id}/revoke").status_code == 303
        with parts.database.read() as connection:
            assert tokens.find(connection, word, NOW) is None
        assert post(http, "/administration/tokens/99/revoke").status_code == 400
        assert client(pages.routes, parts, READER).get("/administration/tokens").status_code == 403


def test_an_enrolment_secret_and_a_code(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill_small(parts)
        http = client(pages.routes, parts, TEAM_ADMIN)
        form = {"name": "laptops", "kind": "secret", "team": "1", "group": "laptops", "most": "2"}
        word = secret(post(http, "/administration/enrolments", **form).text)
        code = secret(post(http, "/administration/enrolments", name="Bo", kind="code", team="1").text)
        with parts.database.begin() as connection:
            used = [enrolments.redeem(connection, each, NOW) for each in (word, code, code)]
        assert [None if each is None else (each.kind, each.team, each.group) for each in used] == [
            ("secret", 1, "laptops"),
            ("code", 1, ""),
            None,
        ]
        page = http.get("/administration/enrolments").text
        assert "1 of 2" in page
        assert "used up" in page
        assert word not in page
        assert post(http, "/administration/enrolments", **{**form, "team": "2"}).status_code == 400
        assert post(http, "/administration/enrolments/1/revoke").status_code == 303
        with parts.database.begin() as connection:
            assert enrolments.redeem(connection, word, NOW) is None
