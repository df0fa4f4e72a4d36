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
