"""The console in a browser: Chromium, driven by Playwright, over the whole application and a synthetic fleet."""

import os
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn

from spawngate.server.app import bind
from spawngate.server.application import make_application
from spawngate.server.demo.fill import fill
from spawngate.server.fleet.database import open_fleet
from spawngate.server.services import Services
from spawngate.server.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or ""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="there is no chromium on this machine")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a synthetic fleet is served."""
    folder = tmp_path_factory.mktemp("browser") / "store"
    with EmbeddedStore(folder) as store, open_fleet(folder) as database:
        fill(store, database, datetime.now(UTC), size=120, days=2)
        services = Services(
            database=database,
            events=store.events,
            control=store.control,
            record=store.own.record,
            now=store.now,
            signer=store.signer,
            local=True,
            synthetic=True,
        )
        app = make_application(services, owner=None)
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
def browser() -> "Iterator[Browser]":
    """One browser for all tests."""
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: "Browser", address: str) -> "Iterator[Page]":
    """A page that must not complain: a policy that is broken, or a script that fails, is told on its console."""
    context = browser.new_context(base_url=address, viewport={"width": 1366, "height": 860})
    opened = context.new_page()
    problems: list[str] = []
    opened.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: problems.append(str(error)))
    yield opened
    context.close()
    assert problems == []


PAGES = (
    "/",
    "/endpoints",
    "/servers",
    "/servers/names",
    "/artifacts/skill",
    "/secrets",
    "/findings",
    "/findings/rules",
    "/findings/suppressions",
    "/advisories",
    "/search?q=mcp",
    "/decisions?span=7d",
    "/changes?span=7d",
)


def test_search_leads_to_a_server_and_to_who_runs_it(page: "Page") -> None:
    page.goto("/endpoints")
    page.keyboard.press("/")
    page.keyboard.type("mcp-remote@0.1.10")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=mcp-remote*")
    page.get_by_role("link", name="remote-bridge").first.click()
    page.wait_for_url("**/servers/*")
    assert "npx -y mcp-remote@0.1.10" in page.inner_text("pre")
    assert "CVE-2025-6514" in page.inner_text("#advisories")
    page.locator(".stat", has_text="endpoints").first.click()
    page.wait_for_url("**/endpoints?server=*")
    assert page.locator("table.list tbody tr").count() > 0


def test_facets_narrow_and_the_address_is_the_query(page: "Page") -> None:
    page.goto("/endpoints")
    before = page.inner_text(".pager")
    page.locator(".facets a", has_text="macos").click()
    page.wait_for_url("**/endpoints?platform=macos")
    rows = page.locator("table.list tbody tr")
    assert all("macos" in text for text in rows.all_inner_texts())
    assert page.inner_text(".pager") != before
    page.locator(".chosen a", has_text="macos").click()
    page.wait_for_url("**/endpoints")
    page.go_back()
    page.wait_for_url("**/endpoints?platform=macos")
    assert page.locator(".facets li.on").inner_text().startswith("macos")


def test_the_filter_box_swaps_the_list_and_keeps_the_address(page: "Page") -> None:
    page.goto("/servers")
    page.fill(".filter input[name=q]", "tier:unknown jira")
    page.press(".filter input[name=q]", "Enter")
    page.wait_for_url("**/servers?q=tier*")
    page.wait_for_function("document.querySelectorAll('table.list tbody tr').length === 1")
    assert "mcp-atlassian" in page.inner_text("table.list")
    page.reload()
    assert "mcp-atlassian" in page.inner_text("table.list")


def test_paging_shows_every_endpoint_once(page: "Page") -> None:
    page.goto("/endpoints?sort=host&limit=50")
    seen: list[str] = []
    while True:
        seen += [str(each.get_attribute("href")) for each in page.locator("table.list tbody th a").all()]
        following = page.get_by_role("link", name="Next page")
        if following.count() == 0:
            break
        with page.expect_navigation():
            following.click()
    assert len(seen) == 120
    assert len(set(seen)) == 120


def _background(page: "Page") -> str:
    return str(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))


def test_dark_follows_the_system_and_the_choice(page: "Page") -> None:
    page.emulate_media(color_scheme="light")
    page.goto("/endpoints")
    light = _background(page)
    page.emulate_media(color_scheme="dark")
    dark = _background(page)
    assert dark != light
    page.emulate_media(color_scheme="light")
    with page.expect_navigation():
        page.locator(".theme button").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert _background(page) == dark
    with page.expect_navigation():
        page.locator(".theme button").click()
    assert page.locator("html").get_attribute("data-theme") == "light"
    page.emulate_media(color_scheme="dark")
    assert _background(page) == light


def test_work_on_findings_in_bulk(page: "Page") -> None:
    page.goto("/findings?severity=high")
    page.locator("thead input[data-all]").check()
    page.fill("input[name=owner]", "Ana Ferreira")
    with page.expect_navigation():
        page.get_by_role("button", name="Set for those ticked").click()
    owners = page.locator("table.list tbody tr").all_inner_texts()
    assert owners
    assert all("Ana Ferreira" in text for text in owners)


def test_a_search_is_saved_and_found_again(page: "Page") -> None:
    page.goto("/endpoints?state=offline")
    page.locator(".menu summary").click()
    page.fill(".menu input[name=name]", "gone quiet")
    with page.expect_navigation():
        page.get_by_role("button", name="Save").click()
    page.goto("/endpoints")
    page.locator(".menu summary").click()
    page.get_by_role("link", name="gone quiet").click()
    page.wait_for_url("**/endpoints?state=offline")


def test_the_course_becomes_a_chart(page: "Page") -> None:
    page.goto("/decisions?span=7d")
    page.wait_for_selector("figure.chart .u-over")
    assert page.locator("figure.chart canvas").count() == 2


def test_the_keyboard_reaches_everything(page: "Page") -> None:
    page.goto("/endpoints")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/endpoints/*")


@pytest.mark.parametrize("path", PAGES)
def test_no_page_scrolls_sideways_or_complains(page: "Page", path: str) -> None:
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert page.locator(".banner").inner_text().startswith("Synthetic fleet.")
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert wide is False
    picture = os.environ.get("SPAWNGATE_SCREENSHOTS")
    if picture:
        name = path.strip("/").replace("/", "-").partition("?")[0] or "checklist"
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=Path(picture) / f"{name}-{scheme}.png")


def test_a_search_that_finds_nothing_says_so_across_the_page(page: "Page") -> None:
    page.goto("/search?q=nothing-is-called-so")
    box = page.locator(".empty").bounding_box()
    assert box is not None
    assert box["width"] > 800


def test_without_javascript_everything_is_there(browser: "Browser", address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/endpoints")
    page.locator(".facets a", has_text="linux").click()
    page.wait_for_url("**/endpoints?platform=linux")
    page.fill(".filter input[name=q]", "laptops")
    page.get_by_role("button", name="Filter").click()
    page.wait_for_url("**q=laptops**")
    assert "platform=linux" in page.url
    page.goto("/decisions?span=7d")
    assert page.locator("figure.chart svg rect").count() > 10
    with page.expect_navigation():
        page.locator(".theme button").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    context.close()
