"""Every page of the console in a browser, found by its links: without JavaScript, and by the keyboard alone."""

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from starlette.routing import Match, Route

from spawngate.server.console import pages
from spawngate.server.services import Services
from spawngate.server.views.search import PARTS
from tests.server.console.test_browser import ARGUMENTS
from tests.server.console.test_browser_control import address, fleet

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or ""
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="there is no chromium on this machine")
__all__ = ["address", "fleet"]

OTHERS = {"/static/{name:path}", "/account", "/decisions/rows", "/changes/rows"}
"""No pages: files, the account of who has signed in (nobody does here), parts of pages."""
# Parts of a search are asked for by themselves where a fleet is large.
FIRST = (
    "/",
    "/search?q=mcp",
    f"/search/{PARTS[-1]}?q=mcp",
    "/policies/no-network",
    "/destinations/edit",
    "/deliveries/dead",
    "/rollouts?state=ended",
)
FEW = "limit=2"
"""Rows of a list are alike: two of them are walked."""
UNDER_WAY = "[hx-trigger^=load]"
"""Parts of a page that ask for themselves until they are whole."""
STOPS = """() => {
  const found = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')];
  const shown = found.filter((each) => !each.disabled && each.checkVisibility() && each.getClientRects().length);
  shown.forEach((each, number) => { each.dataset.stop = number; });
  return shown.map((each) => each.outerHTML.slice(0, 160));
}"""
FOCUSED = """() => {
  const each = document.activeElement;
  if (!each || each === document.body) return null;
  const style = getComputedStyle(each);
  return {
    stop: each.dataset.stop === undefined ? -1 : Number(each.dataset.stop), what: each.outerHTML.slice(0, 160),
    shows: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0,
  };
}"""
MUTE = """() => [...document.forms].filter((form) => {
  const shown = [...form.elements].filter((each) => each.checkVisibility() || form.closest('details'));
  const fields = shown.filter((each) => each.matches('input:not([type=hidden]), select, textarea'));
  // The only field of a form sends it with Enter.
  const alone = fields.length === 1 && fields[0].matches('[type=search]');
  return !alone && !shown.some((each) => each.matches('button'));
}).map((form) => form.outerHTML.slice(0, 160))"""


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


def patterns(services: Services) -> dict[str, Route]:
    """Routes of the console that answer with pages, by their paths."""
    found = (each for each in pages.routes(services) if isinstance(each, Route) and "GET" in (each.methods or ()))
    return {each.path: each for each in found if not each.path.endswith((".csv", ".json")) and each.path not in OTHERS}


def pattern_of(routes: dict[str, Route], path: str) -> str:
    """The first route that a path leads to; empty for none."""
    scope = {"type": "http", "method": "GET", "path": path.partition("?")[0], "root_path": ""}
    return next((name for name, route in routes.items() if route.matches(scope)[0] is Match.FULL), "")


@pytest.fixture(scope="module")
def walked(fleet: Services, browser: "Browser", address: str) -> dict[str, str]:
    """One address of each page, as links without JavaScript lead there."""
    routes = patterns(fleet)
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    found: dict[str, str] = {}
    waiting = list(FIRST)
    while waiting and len(found) < len(routes):
        path = waiting.pop(0)
        name = pattern_of(routes, path)
        if not name or name in found:
            continue
        answer = page.goto(path)
        assert answer is not None
        assert (path, answer.status) == (path, 200)
        assert (path, page.locator("h1").count()) == (path, 1)
        found[name] = path
        links: list[str] = page.locator("a[href^='/']:not([download])").evaluate_all(
            "found => found.map((each) => each.getAttribute('href'))"
        )
        waiting += [each for each in links if pattern_of(routes, each) not in found]
    context.close()
    return found


def test_links_lead_to_every_page(walked: dict[str, str], fleet: Services) -> None:
    assert set(patterns(fleet)) - set(walked) == set()


def test_every_form_can_be_sent_without_javascript(walked: dict[str, str], browser: "Browser", address: str) -> None:
    # Scripts of ours are off; what is asked of the page needs the browser's.
    context = browser.new_context(base_url=address)
    context.route("**/*.js", lambda route: route.abort())
    page = context.new_page()
    for path in walked.values():
        page.goto(path)
        assert (path, page.evaluate(MUTE)) == (path, [])
    context.close()


def test_work_is_done_without_javascript(fleet: Services, browser: "Browser", address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/findings?severity=high")
    page.locator(".menu summary").click()
    page.fill(".menu input[name=name]", "grave ones")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/findings?severity=high")
    page.locator("input[name=pick]").first.check()
    page.fill("main input[name=owner]", "Jo Lindqvist")
    page.get_by_role("button", name="Set for those ticked").click()
    page.wait_for_url("**/findings?severity=high")
    assert "Jo Lindqvist" in page.inner_text("table.list tbody tr:first-child")
    page.goto("/searches")
    page.get_by_role("link", name="grave ones").click()
    page.wait_for_url("**/findings?severity=high")
    page.goto("/rollouts")
    before = page.locator("table.list tbody tr").count()
    page.locator("table.list tbody tr").last.get_by_role("button", name="End").click()
    page.wait_for_url("**/rollouts")
    assert page.locator("table.list tbody tr").count() == before - 1
    page.goto("/rollouts?state=ended")
    assert page.locator("table.list tbody tr").count() == 1
    context.close()


def stops(page: "Page") -> tuple[list[str], list[dict[str, Any]]]:
    """What can be acted on, and where the tabulator stops, each stop once."""
    expected: list[str] = page.evaluate(STOPS)
    met: list[dict[str, Any]] = []
    for _ in range(4 * len(expected) + 10):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED)
        if found is None or (met and found["stop"] == met[0]["stop"]):
            break
        # A date field has three stops of its own.
        if not met or met[-1]["what"] != found["what"] or met[-1]["stop"] != found["stop"]:
            met.append(found)
    return expected, met


def test_the_keyboard_reaches_all_that_can_be_acted_on(
    walked: dict[str, str], browser: "Browser", address: str
) -> None:
    context = browser.new_context(base_url=address, viewport={"width": 1366, "height": 860})
    page = context.new_page()
    for path in walked.values():
        page.goto(f"{path}{'&' if '?' in path else '?'}{FEW}")
        page.locator(UNDER_WAY).wait_for(state="detached")
        expected, met = stops(page)
        assert met, path
        assert 'class="skip"' in met[0]["what"], path
        unreached = [what for number, what in enumerate(expected) if number not in {each["stop"] for each in met}]
        assert (path, unreached) == (path, [])
        assert (path, [each["what"] for each in met if not each["shows"]]) == (path, [])
        order = [each["stop"] for each in met if each["stop"] >= 0]
        assert (path, order) == (path, sorted(order))
    context.close()


def test_a_menu_is_opened_walked_and_left_by_the_keyboard(browser: "Browser", address: str) -> None:
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.goto("/endpoints")
    page.locator(".menu summary").focus()
    page.keyboard.press("Enter")
    page.locator(".menu[open]").wait_for()
    inside = []
    for _ in range(12):
        page.keyboard.press("Tab")
        inside.append(page.evaluate("document.activeElement.closest('.menu') !== null"))
    assert inside[:4] == [True] * 4
    assert inside[-1] is False
    page.keyboard.press("Escape")
    assert page.locator(".menu[open]").count() == 0
    context.close()
