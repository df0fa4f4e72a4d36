"""The layout around every page."""

import re
from pathlib import Path

import pytest

from spawngate.server.access.principal import Kind, Principal
from spawngate.server.access.roles import Role
from spawngate.server.console import pages
from spawngate.server.console.page import environment
from tests.server import fleetdata

TEMPLATES = sorted((Path(__file__).parents[3] / "src/spawngate/server/console/templates").glob("*.html"))


def test_no_template_holds_script_style_or_what_acts() -> None:
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        assert "|safe" not in text.replace(" ", ""), path.name
        assert re.search(r"\son[a-z]+\s*=", text) is None, path.name
        assert re.search(r"\sstyle\s*=", text) is None, path.name
        assert re.search(r"<style", text) is None, path.name
        assert re.findall(r"<script(?![^>]*\ssrc=\"/static/)", text) == [], path.name
        assert "javascript:" not in text, path.name
        assert "hx-on" not in text, path.name
    assert len(TEMPLATES) > 10


def test_every_template_can_be_read() -> None:
    for path in TEMPLATES:
        environment().get_template(path.name)


def test_every_form_that_changes_something_holds_the_token() -> None:
    for path in TEMPLATES:
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", path.read_text(encoding="utf-8"), re.DOTALL):
            assert 'name="csrf"' in form or "parts.csrf()" in form, (path.name, form[:200])


def test_what_the_layout_says(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path, synthetic=True, local=True) as parts:
        fleetdata.fill_small(parts)
        with fleetdata.client(pages.routes, parts) as client:
            shown = client.get("/endpoints?team=1").text
    assert "Synthetic fleet." in shown
    assert 'aria-current="page">Endpoints</a>' in shown
    assert '<option value="1" selected>Core</option>' in shown
    assert 'href="/servers?team=1"' in shown
    assert 'action="/logout"' not in shown


def test_a_viewer_sees_the_pages_that_would_let_them_in(tmp_path: Path) -> None:
    reader = Principal("r", Kind.USER, {1: Role.READER}, csrf="c")
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        with fleetdata.client(pages.routes, parts, reader) as client:
            shown = client.get("/endpoints").text
    assert "Web" not in shown
    assert 'href="/findings"' in shown
    assert 'href="/administration"' not in shown
    assert 'href="/routes"' not in shown
    assert "Synthetic" not in shown


def test_a_machine_alone_offers_nothing_that_would_reach_no_endpoint(tmp_path: Path) -> None:
    def pages_of(is_synthetic: bool) -> dict[str, str]:
        folder = tmp_path / str(is_synthetic)
        folder.mkdir()
        with fleetdata.services(folder, local=True, synthetic=is_synthetic) as parts:
            fleetdata.fill_small(parts)
            with fleetdata.client(pages.routes, parts) as client:
                paths = (
                    "/endpoints/e1",
                    "/servers/fp-files",
                    "/approvals",
                    "/policies",
                    "/administration",
                    "/endpoints",
                )
                return {path: client.get(path).text for path in paths}

    alone, made_up = pages_of(False), pages_of(True)
    assert "obeyed once, with its next sync" in made_up["/endpoints/e1"]
    assert "obeyed once, with its next sync" not in alone["/endpoints/e1"]
    assert "fp-files/deny" in made_up["/servers/fp-files"]
    assert "fp-files/deny" not in alone["/servers/fp-files"]
    for path, command in (
        ("/approvals", "spawngate approve"),
        ("/policies", "spawngate protect"),
        ("/administration", "spawngate server run"),
    ):
        note = f"<code>{command}</code>"
        assert (path, "is in no fleet" in alone[path], note in alone[path]) == (path, True, True)
        assert "is in no fleet" not in made_up[path]
    assert "is in no fleet" not in alone["/endpoints"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("run `a b` now", "run <code>a b</code> now"),
        ("`a``b`", "<code>a</code><code>b</code>"),
        ("one ` alone", "one ` alone"),
        ("`a` and ` alone", "<code>a</code> and ` alone"),
        ("`<script>` & `\x1b[2J`", "<code>&lt;script&gt;</code> &amp; <code>\\x1b[2J</code>"),
        (None, "None"),
        ("", ""),
    ],
)
def test_what_stands_in_backticks_is_code(text: object, shown: str) -> None:
    assert environment().from_string("{{ text|ticked }}").render(text=text) == shown


def test_a_name_in_a_command_to_copy_is_one_word() -> None:
    shown = environment().from_string("{{ text|shell_word }}").render(text="x; rm -rf ~ '$(id)'")
    assert shown == "&#39;x; rm -rf ~ &#39;&#34;&#39;&#34;&#39;$(id)&#39;&#34;&#39;&#34;&#39;&#39;"
