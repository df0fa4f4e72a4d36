"""A whole story in a browser, with a real server and a real endpoint process: the first login, an enrolment code, a
policy rolled out, a server refused on a machine, its request decided, the server started there.

Nothing is put in by hand: what the browser does is all that the endpoint knows.
"""

import re
import shutil
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from spawngate.endpoint.launching import approvals as local
from spawngate.server import intake
from spawngate.server.access.welcoming import first_run_link
from spawngate.server.app import bind
from spawngate.server.application import make_application
from spawngate.server.deliver.secrets import sealer
from spawngate.trail.moment import stamp
from tests.cli.machines import Machine, until
from tests.server.console.test_browser import ARGUMENTS
from tests.server.fleetdata import services

if TYPE_CHECKING:
    from playwright.sync_api import Page

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or ""
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="there is no chromium on this machine")
PASSWORD = "correct horse battery"


@pytest.fixture
def link(tmp_path: Path) -> Iterator[str]:
    """The link of the first run of a server that endpoints ask every five seconds."""
    folder = tmp_path / "server"
    (folder / "store").mkdir(parents=True)
    with bind("127.0.0.1", 0) as listener:
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        seals = sealer(folder / "store", {})
        with services(folder, now=stamp(datetime.now(UTC)), base=base, seals=seals) as parts:
            # The one difference to a server that people run: what endpoints are told about when to come back.
            quick = Starlette(routes=[*intake.routes(parts, interval=5), Mount("/", make_application(parts))])
            config = uvicorn.Config(quick, http="h11", ws="none", lifespan="off", log_config=None, access_log=False)
            server = uvicorn.Server(config)
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
            thread.start()
            try:
                yield first_run_link(parts.database, parts.now(), base)
            finally:
                server.should_exit = True
                thread.join(30)


@pytest.fixture
def page() -> "Iterator[Page]":
    """A page that must not complain."""
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        opened = browser.new_context(viewport={"width": 1366, "height": 860}).new_page()
        problems: list[str] = []
        opened.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        opened.on("pageerror", lambda error: problems.append(str(error)))
        yield opened
        browser.close()
    assert problems == []


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    found = Machine(tmp_path / "machine")
    yield found
    found.run("daemon", "stop")


def test_from_the_first_login_to_a_server_that_starts(link: str, page: "Page", machine: Machine) -> None:
    base = link.partition("/first-run")[0]
    page.goto(link)
    page.fill("[name=name]", "Ann")
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "first-run" not in url)

    page.goto(f"{base}/administration/enrolments")
    page.fill("main form[action='/administration/enrolments'] [name=name]", "a laptop")
    page.select_option("main [name=kind]", "code")
    page.get_by_role("button", name="Make").click()
    code = page.locator("#secret").inner_text().strip()
    assert "team organisation" in machine.said("enroll", "--server", base, "--code", code)
    machine.said("daemon", "start", "--no-inventory")

    page.goto(f"{base}/policies/new")
    page.fill("main [name=name]", "approved-only")
    page.locator("textarea[name=text]").first.fill('base = "baseline"\napprovals = true\n')
    page.get_by_role("button", name="Save as a draft").click()
    page.get_by_role("button", name="Make ready").click()
    page.get_by_role("heading", name="Roll out").wait_for()
    page.locator("form[action$='/roll-out'] select[name=mode]").select_option("enforce")
    page.get_by_role("button", name="Roll out").click()
    page.locator("tr", has_text="enforce").first.wait_for()
    until(lambda: (machine.state / "policy" / "policy.toml").exists(), 30)
    time.sleep(1.5)  # the daemon looks at its policy every second

    refused = machine.launch()["error"]["message"]
    found = re.search(r"spawngate request ([0-9a-f]{12})", refused)
    assert found is not None, refused
    asked = machine.said("request", found[1], "--reason", "for the tests")
    assert asked.startswith("request 1 pending:")

    page.goto(f"{base}/decisions?q=verdict:deny")
    page.locator("#rows td.first a").first.click()
    page.wait_for_url("**/events/**")
    assert "deny" in page.locator(".actions").inner_text()
    assert found[1] in str(page.get_by_role("link", name="This launch").get_attribute("href"))
    page.goto(f"{base}/approvals?state=pending")
    page.locator("table.list tbody th a").first.click()
    assert "for the tests" in page.inner_text("main")
    page.fill("input[name=expires]", "2099-12-31")
    page.fill("textarea[name=note]", "reviewed")
    page.get_by_role("button", name="Approve").click()
    page.get_by_role("heading", name="Revoke").wait_for()

    until(lambda: any(not each.revoked for each in local.load(machine.state)), 20)
    assert machine.launch()["result"]["serverInfo"] == {"name": "tests", "version": "1"}
    assert "request 1 approved by Ann: reviewed" in re.sub(
        r"  \S+ \([0-9a-f]+\)", "", machine.said("request", "--list")
    )

    page.goto(f"{base}/administration/audit")
    acts = page.locator("table.list tbody th .under").all_inner_texts()
    for act in ("approved", "started", "ready", "drafted", "created"):
        assert any(act in each for each in acts), (act, acts)
    page.goto(f"{base}/endpoints")
    page.locator("table.list tbody th a").first.click()
    assert "online" in page.locator(".actions").inner_text()
