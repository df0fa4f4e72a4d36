"""First login in a real browser against a real process: the link, the form, the session, out and in again.

What only a browser knows: whether it takes our cookies, sends the headers that the guard asks for, and finds nothing in
the pages that the content security policy refuses.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.test_run import Process, running

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSWORD = "correct horse battery"

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="no Chromium here")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Process]:
    with running(tmp_path) as made:
        yield made


def test_from_the_link_to_the_console_and_back(server: Process) -> None:
    complaints: list[str] = []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))

        page.goto(f"{server.address}/endpoints")
        assert page.url == f"{server.address}/login?next=/endpoints"
        assert "Open the link that it printed" in page.inner_text("main")
        complaints.clear()  # 403 is what this page is

        page.goto(server.link)
        page.fill("[name=name]", "Ann")
        page.fill("[name=password]", PASSWORD)
        page.fill("[name=again]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "first-run" not in url)
        assert "Ann" in page.inner_text("header")
        (cookie,) = [each for each in page.context.cookies() if each["name"] == "spawngate-plain"]
        assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")

        page.goto(f"{server.address}/endpoints")
        page.click("text=Sign out")
        page.wait_for_url(f"{server.address}/login")
        page.goto(f"{server.address}/endpoints?q=x")
        assert "Sign in" in page.inner_text("h1")
        page.fill("[name=name]", "ann")
        page.fill("[name=password]", "another password")
        page.keyboard.press("Enter")
        page.wait_for_selector("[role=alert]")
        assert "Name or password is wrong." in page.inner_text("main")
        complaints.clear()  # 401 is what this answer is
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{server.address}/endpoints?q=x")
        assert complaints == []
        browser.close()
    assert server.end() == 0


def test_another_password_on_the_page_of_the_own_account(server: Process) -> None:
    """By the keyboard alone: what password managers need is there, and the session goes on under another cookie."""
    fresh, complaints = "staple correct horse", []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page, other = browser.new_page(), browser.new_context().new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.goto(server.link)
        for name, value in (("name", "Ann"), ("password", PASSWORD), ("again", PASSWORD)):
            page.fill(f"[name={name}]", value)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "first-run" not in url)
        other.goto(f"{server.address}/login")
        other.fill("[name=name]", "Ann")
        other.fill("[name=password]", PASSWORD)
        other.keyboard.press("Enter")
        other.wait_for_url(lambda url: "/login" not in url)

        page.get_by_role("link", name="Ann").click()
        assert page.title() == "Your account · Spawngate"
        assert [page.get_attribute(f"[name={each}]", "autocomplete") for each in ("username", "old", "new")] == [
            "username", "current-password", "new-password",
        ]  # fmt: skip
        before = [each["value"] for each in page.context.cookies() if each["name"] == "spawngate-plain"]
        page.focus("[name=old]")
        for value in (PASSWORD, fresh, fresh):
            page.keyboard.type(value)
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/account?done=password")
        assert "Your password is changed." in page.inner_text("main")
        after = [each["value"] for each in page.context.cookies() if each["name"] == "spawngate-plain"]
        assert (len(before), len(after), before == after) == (1, 1, False)
        other.goto(f"{server.address}/endpoints")
        assert other.url == f"{server.address}/login?next=/endpoints"
        browser.close()
    assert complaints == []
