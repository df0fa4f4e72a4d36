"""People at work in a browser, over the living synthetic fleet: an approval decided, a draft replayed and put in force,
a dead letter sent again, a route made, days held."""

import os
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn

from spawngate.server import directing, holding
from spawngate.server.app import bind
from spawngate.server.application import make_application
from spawngate.server.deliver import replays
from spawngate.server.demo.serve import synthetic
from spawngate.server.fleet import approvals, bundles, endpoints
from spawngate.server.services import Services
from tests.server.console.test_browser import ARGUMENTS

if TYPE_CHECKING:
    from playwright.sync_api import Page

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or ""
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="there is no chromium on this machine")
PAGES = (
    "/approvals",
    "/approvals/suggested",
    "/policies",
    "/policies/new",
    "/policies/baseline",
    "/routes",
    "/routes/edit",
    "/destinations",
    "/destinations/edit",
    "/destinations/edit?type=jira",
    "/deliveries",
    "/deliveries/dead",
    "/administration",
    "/administration/teams/1",
    "/administration/people",
    "/administration/people/1",
    "/administration/tokens",
    "/administration/enrolments",
    "/administration/audit",
    "/administration/retention",
    "/searches",
)


@pytest.fixture(scope="module")
def fleet() -> Iterator[Services]:
    """The parts of a server over the synthetic fleet."""
    with synthetic({}, print, size=40) as services:
        yield services


@pytest.fixture(scope="module")
def address(fleet: Services) -> Iterator[str]:
    """Where it is served."""
    app = make_application(fleet, owner=None)
    with bind("127.0.0.1", 0) as listener:
        config = uvicorn.Config(app, http="h11", ws="none", lifespan="off", log_config=None, access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(30)


@pytest.fixture(scope="module")
def page(address: str) -> "Iterator[Page]":
    """A page that must not complain."""
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        opened = browser.new_context(base_url=address, viewport={"width": 1366, "height": 860}).new_page()
        problems: list[str] = []
        opened.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        opened.on("pageerror", lambda error: problems.append(str(error)))
        yield opened
        browser.close()
    assert problems == []


def test_an_approval_is_decided(fleet: Services, page: "Page") -> None:
    page.goto("/approvals?state=pending")
    before = page.locator("table.list tbody tr").count()
    assert before > 0
    page.locator("table.list tbody th a").first.click()
    page.wait_for_url("**/approvals/*")
    number = int(page.url.partition("?")[0].rpartition("/")[2])
    page.locator("select[name=reach]").select_option("team")
    page.fill("input[name=expires]", "2099-12-31")
    page.fill("textarea[name=note]", "reviewed")
    page.get_by_role("button", name="Approve").click()
    page.get_by_role("heading", name="Revoke").wait_for()
    with fleet.database.read() as connection:
        made = approvals.get(connection, number)
        asker = endpoints.get(connection, made.endpoint)
        assert asker is not None
        held = bundles.content(connection, asker.id, asker.team, asker.group).approvals
    assert (made.state, made.reach, made.expires_at[:10]) == ("approved", "team", "2099-12-31")
    assert number in [each.id for each in held]
    page.goto("/approvals?state=pending")
    assert page.locator("table.list tbody tr").count() == before - 1


def test_a_draft_is_replayed_and_put_in_force(fleet: Services, page: "Page") -> None:
    page.goto("/policies/no-network")
    page.get_by_role("link", name="Replay").click()
    page.wait_for_url("**/replay*")
    page.locator("main select[name=days]").select_option("30")
    page.locator("main").get_by_role("button", name="Replay").click()
    page.wait_for_url("**/replay?*days=30*")
    asked = page.locator(".stat", has_text="decisions asked again").inner_text()
    assert not asked.startswith("0")
    page.get_by_role("link", name="no-network").first.click()
    page.get_by_role("button", name="Make ready").click()
    page.get_by_role("heading", name="Roll out").wait_for()
    page.locator("main select[name=team]").select_option(label="team Web")
    page.locator("form[action$='/roll-out'] select[name=mode]").select_option("ask")
    page.get_by_role("button", name="Roll out").click()
    page.locator("tr", has_text="team Web").wait_for()
    with fleet.database.read() as connection:
        policy = bundles.content(connection, "any", 4, "").policy
    assert policy is not None
    assert (policy.name, policy.mode) == ("no-network", "ask")


def test_a_dead_letter_is_sent_again(fleet: Services, page: "Page") -> None:
    page.goto("/deliveries/dead")
    boxes = page.locator("tbody input[name=pick]")
    before = boxes.count()
    assert before == len(replays.dead(fleet.control))
    chosen = str(boxes.first.get_attribute("value"))
    boxes.first.check()
    page.get_by_role("button", name="Send those ticked again").click()
    page.wait_for_load_state()
    for _ in range(60):
        if chosen not in [each.id for each in replays.dead(fleet.control)]:
            break
        page.wait_for_timeout(500)
    assert len(replays.dead(fleet.control)) == before - 1
    page.goto("/deliveries/dead")
    assert page.locator("tbody input[name=pick]").count() == before - 1


@pytest.mark.parametrize("path", PAGES)
def test_no_page_scrolls_sideways(page: "Page", path: str) -> None:
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200
    assert page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth") is False
    picture = os.environ.get("SPAWNGATE_SCREENSHOTS")
    if picture:
        name = path.strip("/").replace("/", "-")
        page.emulate_media(color_scheme="light")
        page.screenshot(path=Path(picture) / f"{name}-light.png")
        page.emulate_media(color_scheme="dark")
        page.screenshot(path=Path(picture) / f"{name}-dark.png")


def test_a_destination_and_a_route_are_made_and_tried(fleet: Services, page: "Page") -> None:
    taken: list[str] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            taken.append(self.headers["webhook-signature"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    secret = "whsec_" + "Q" * 32
    with HTTPServer(("127.0.0.1", 0), Hook) as receiver:
        thread = threading.Thread(target=receiver.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            page.goto("/routes")
            page.get_by_role("link", name="Destinations").click()
            page.get_by_role("link", name="New destination").first.click()
            page.get_by_role("link", name="Generic webhook").click()
            page.fill("main [name=name]", "soar")
            page.fill("main [name=url]", f"http://127.0.0.1:{receiver.server_port}/hook")
            page.fill("main [name=secrets]", secret)
            page.fill("main [name=allow_internal]", "127.0.0.1")
            page.get_by_role("button", name="Save").click()
            page.wait_for_url("**/routes/edit?destination=soar")
            page.fill("main [name=name]", "to-soar")
            page.fill("main [name=match]", "verdict:deny")
            page.get_by_role("button", name="Save").click()
            page.wait_for_url("**/routes")
            page.locator("tr", has_text="to-soar").get_by_role("button", name="Test").click()
            page.get_by_text("It arrived.").wait_for()
        finally:
            receiver.shutdown()
            thread.join()
    assert len(taken) == 1
    assert taken[0].startswith("v1,")
    page.goto("/destinations/edit?name=soar")
    assert secret not in page.content()
    page.fill("main [name=timeout_seconds]", "3")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/destinations")
    found = directing.loaded(fleet).table.destinations["soar"]
    assert (found.values["secrets"], found.settings.timeout_seconds) == ([secret], 3.0)
    page.goto("/routes/edit?name=to-soar")
    page.get_by_role("button", name="Remove").click()
    page.wait_for_url("**/routes")
    page.goto("/destinations/edit?name=soar")
    page.get_by_role("button", name="Remove").click()
    page.wait_for_url("**/destinations")
    assert page.locator("tr", has_text="soar").count() == 0


def test_days_are_held_and_let_go(fleet: Services, page: "Page") -> None:
    page.goto("/administration/retention")
    page.fill("main [name=name]", "case 7")
    page.fill("main [name=since]", "2026-11-01")
    page.fill("main [name=reason]", "a case")
    page.get_by_role("button", name="Hold", exact=True).click()
    page.locator("tr", has_text="case 7").wait_for()
    assert [(each.name, each.since, each.reason) for each in holding.holds(fleet)] == [
        ("case 7", "2026-11-01", "a case")
    ]
    page.get_by_role("button", name="Lift").click()
    page.get_by_text("Nothing is held").wait_for()
    assert holding.holds(fleet) == ()
