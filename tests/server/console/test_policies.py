"""Pages of policies."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from spawngate.server.access.principal import Kind, Principal
from spawngate.server.access.roles import Role
from spawngate.server.console import pages
from spawngate.server.console.policies import START, editable
from spawngate.server.fleet import bundles
from spawngate.server.services import Services
from spawngate.server.views import replaying
from tests.server.fleetdata import CSRF, HOSTILE, add_artifact, add_server, client, fill_small, services, shown
from tests.server.views.test_replay import FILES
from tests.server.views.test_replay import fill as fill_events

TEAM_EDITOR = Principal("Jo", Kind.USER, {1: Role.POLICY_EDITOR}, csrf=CSRF)
READER = Principal("Ro", Kind.USER, {1: Role.READER}, csrf=CSRF)


def draft(http: Any, files: dict[str, str], name: str = "own") -> Any:
    """Save a draft from the editor."""
    form = {
        "csrf": CSRF,
        "name": name,
        "comment": HOSTILE,
        "file": [*files, ""],
        "text": [*(text.replace("\n", "\r\n") for text in files.values()), "\r\n"],
    }
    return http.post("/policies", data=form)


def modes(parts: Services) -> dict[str, str]:
    """What the bundle of each endpoint says, by endpoint."""
    found = {}
    with parts.database.read() as connection:
        for endpoint, team, group in (("e1", 1, "laptops"), ("e2", 1, ""), ("e3", 2, "")):
            policy = bundles.content(connection, endpoint, team, group).policy
            found[endpoint] = "" if policy is None else f"{policy.name} {policy.mode}"
    return found


def test_a_draft_is_tested_replayed_made_ready_and_rolled_out(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill_events(parts)
        http = client(pages.routes, parts)
        case = '[[case]]\nname = "npm"\ncommand = "npm install x"\nverdict = "ask"\n'
        saved = draft(http, {**FILES, "own.cases.toml": case})
        assert (saved.status_code, saved.headers["location"]) == (303, "/policies/own/1")
        one = http.get("/policies/own/1")
        assert shown(one.text)
        assert "Make ready" in one.text
        replay = http.get("/policies/own/1/replay?days=7")
        assert shown(replay.text)
        assert "would come out otherwise" in replay.text
        assert "no-npm" in replay.text
        start = {"csrf": CSRF, "team": "1", "mode": "ask", "percent": "100"}
        early = http.post("/policies/own/1/roll-out", data=start)
        assert (early.status_code, early.text) == (
            400,
            "revision 1 is draft: only what was checked and tested can be rolled out",
        )
        assert http.post("/policies/own/1/ready", data={"csrf": CSRF}).status_code == 303
        assert http.post("/policies/own/1/roll-out", data=start).status_code == 303
        assert modes(parts) == {"e1": "own ask", "e2": "own ask", "e3": ""}
        listed = http.get("/policies")
        assert "team Core" in listed.text
        assert shown(listed.text)
        moved = http.post("/rollouts/1", data={"csrf": CSRF, "mode": "enforce", "percent": "100", "back": "/policies"})
        assert (moved.status_code, moved.headers["location"]) == (303, "/policies")
        assert modes(parts)["e1"] == "own enforce"
        assert http.post("/policies/own/1/retire", data={"csrf": CSRF}).status_code == 400
        assert http.post("/rollouts/1/end", data={"csrf": CSRF}).status_code == 303
        assert modes(parts)["e1"] == ""
        assert http.post("/policies/own/1/retire", data={"csrf": CSRF}).status_code == 303
        told = [
            str(each.event.detail["what"])
            for each in parts.events.query(None, newest_first=False).entries
            if each.type == "administration"
        ]
        assert told == [
            "policy-drafted",
            "policy-ready",
            "rollout-started",
            "rollout-changed",
            "rollout-ended",
            "policy-retired",
        ]


def test_what_is_wrong_is_a_draft_that_says_so(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        http = client(pages.routes, parts)
        assert draft(http, {"own.cedar": "forbid ("}).status_code == 303
        page = http.get("/policies/own")
        assert "It cannot be used: own.cedar: is no Cedar" in page.text
        assert "Make ready" not in page.text
        refused = http.post("/policies/own/1/ready", data={"csrf": CSRF})
        assert refused.status_code == 400
        assert http.get("/policies/own/1/replay").status_code == 400
        hostile = draft(http, {"own.cedar": f"// {HOSTILE}\n@id(", '"><img src=x>.cedar': ""}, "hostile")
        assert hostile.status_code == 303
        for path in ("/policies/hostile", "/policies/hostile/2/edit", "/policies"):
            assert shown(http.get(path).text)


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"name": "Own", "file": "a.cedar", "text": ""},
        {"name": "own", "file": ["a.cedar", "a.cedar"], "text": ["x", "y"]},
        {"name": "own", "file": ["a.cedar", "b.cedar"], "text": ["x"]},
        {"name": "new"},
    ],
)
def test_what_cannot_be_saved(tmp_path: Path, form: dict[str, Any]) -> None:
    with services(tmp_path) as parts:
        http = client(pages.routes, parts)
        assert http.post("/policies", data={"csrf": CSRF, **form}).status_code == 400
        assert http.get("/policies.json").json()["rows"] == []


def test_a_team_rolls_out_for_itself_only(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill_small(parts)
        owner, http = client(pages.routes, parts), client(pages.routes, parts, TEAM_EDITOR)
        assert draft(owner, START).status_code == 303
        assert owner.post("/policies/own/1/ready", data={"csrf": CSRF}).status_code == 303
        assert draft(http, START).status_code == 403
        start = {"csrf": CSRF, "mode": "monitor", "percent": "100"}
        answers = {
            team: http.post("/policies/own/1/roll-out", data={**start, "team": team}).status_code for team in "012"
        }
        assert answers == {"0": 403, "1": 303, "2": 400}
        assert owner.post("/policies/own/1/roll-out", data={**start, "team": "2"}).status_code == 303
        assert http.post("/rollouts/2/end", data={"csrf": CSRF}).text == "there is no roll-out 2"
        page = http.get("/policies").text
        assert "team Core" in page
        assert "team Web" not in page
        reader = client(pages.routes, parts, READER)
        assert "Move on" not in reader.get("/policies").text
        assert reader.post("/rollouts/1/end", data={"csrf": CSRF}).status_code == 403
        assert reader.get("/policies/new").status_code == 403


def test_the_editor_gives_back_what_it_was_given(tmp_path: Path) -> None:
    text = '// <b> & "quoted"\n\n\tforbid (principal, action, resource);\n'
    with services(tmp_path) as parts:
        http = client(pages.routes, parts)
        assert draft(http, {"own.cedar": text}).status_code == 303
        page = http.get("/policies/own/1/edit").text
        shown_text = page.partition('<textarea name="text"')[2].partition(">")[2].partition("</textarea>")[0]
        # A browser drops the first line break of a text area.
        assert unescape(shown_text) == "\n" + text
        assert unescape(str(editable("a\x1b\u202e"))) == "a\\x1b\\u202e"


def test_addresses_that_are_none(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        http = client(pages.routes, parts)
        for path in ("/policies/none", "/policies/none/1", "/policies/none/x", "/policies/none/1/replay"):
            assert http.get(path).status_code == 404


def typed(page: str) -> dict[str, str]:
    """The files of the editor."""
    names = re.findall(r'<input name="file" value="([^"]*)"', page)
    texts = re.findall(r'<textarea name="text" class="tall"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    return dict(zip(map(unescape, names), map(unescape, texts), strict=True))


def test_a_server_is_denied_by_a_draft_of_the_policy_in_force(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill_small(parts)
        http = client(pages.routes, parts)
        assert "/servers/fp-files/deny" in http.get("/servers/fp-files").text
        started = http.get("/servers/fp-files/deny")
        assert (started.status_code, started.headers["location"]) == (303, "/policies/new?deny=fp-files")
        assert http.get("/policies/new?deny=fp-files").status_code == 400, "nothing is known by which to name it"
        fingerprint = "ab" * 16
        with parts.database.begin() as connection:
            launch = {"args": ["-y", "bad-server@1.0.0"], "package": "pkg:npm/bad-server@1.0.0"}
            add_artifact(connection, "e1", "bad", team=1, name=HOSTILE, fingerprint=fingerprint, launch=launch)
            add_server(connection, fingerprint, HOSTILE)
        editor = http.get(f"/policies/new?deny={fingerprint}")
        assert shown(editor.text)
        files = typed(editor.text)
        assert list(files) == ["blocked.cedar", "blocked.cases.toml", "policy.toml"]
        assert 'context.package like "pkg:npm/bad-server@*"' in files["blocked.cedar"]
        assert draft(http, files, "base").headers["location"] == "/policies/base/1"
        assert http.post("/policies/base/1/ready", data={"csrf": CSRF}).status_code == 303, "its case holds"
        start = {"csrf": CSRF, "team": "0", "mode": "enforce", "percent": "100"}
        assert http.post("/policies/base/1/roll-out", data=start).status_code == 303
        again = http.get(f"/servers/{fingerprint}/deny")
        assert again.headers["location"] == f"/policies/base/1/edit?deny={fingerprint}"
        assert typed(http.get(again.headers["location"]).text) == files, "what stands there is not added twice"
        assert http.get("/policies/base/1/edit?deny=none").status_code == 404
        for who in (TEAM_EDITOR, READER):
            other = client(pages.routes, parts, who)
            assert other.get(f"/servers/{fingerprint}/deny").status_code == 403
            assert f"/servers/{fingerprint}/deny" not in other.get(f"/servers/{fingerprint}").text


def test_a_long_replay_goes_on_behind_its_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaying, "asked", lambda *_: replaying.Running(7, 1_234))
    with services(tmp_path) as parts, client(pages.routes, parts) as http:
        fill_small(parts)
        draft(http, FILES)
        found = http.get("/policies/own/1/replay?days=7").text
    assert "1,234 decisions until now" in found
    assert 'hx-get="/policies/own/1/replay?days=7" hx-trigger="load delay:1s"' in found
