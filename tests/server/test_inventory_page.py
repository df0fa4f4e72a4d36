"""`server.inventory_page`: filters, and HTML that no name can break out of."""

from collections.abc import Mapping
from html.parser import HTMLParser

import pytest

from spawngate.model.snapshot import Change, Snapshot
from spawngate.report.terminal import escape, is_hidden
from spawngate.server.inventory_page import Facet, Option, PageState, Query, build_page, render_page
from tests.report.samples import CHANGES, EMPTY, HOSTILE, SNAPSHOT, hostile


class Seen(HTMLParser):
    """What a browser would make of a page: its elements, attributes and texts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: set[str] = set()
        self.sources: set[str] = set()
        self.text = ""
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in ("meta", "link", "img", "input"):
            self.open.append(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name in ("href", "action"):
                self.links.add(value or "")
            if name == "src":
                self.sources.add(value or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


_TAGS = """
    html head meta title link body a header img p strong nav section ul li span h2 b div aside form label input
    button main details summary code dl dt dd ol table thead tbody tr th td h3 del ins footer
    """
TAGS = frozenset(_TAGS.split())
_ATTRIBUTES = """
    lang charset name content rel href type class alt width height src aria-label aria-current aria-hidden method
    action role for id value placeholder maxlength autocomplete spellcheck accesskey open scope title
    """
ATTRIBUTES = frozenset(_ATTRIBUTES.split())


def seen(snapshot: Snapshot | None, changes: tuple[Change, ...] = (), query: Query | None = None) -> Seen:
    return Seen(render_page(PageState(snapshot, changes), query or Query()))


@pytest.mark.parametrize(
    "query",
    [Query(), *(Query(q=text) for text in HOSTILE), Query(kind=HOSTILE[0], agent=HOSTILE[1], status=HOSTILE[2])],
)
@pytest.mark.parametrize("sample", [(SNAPSHOT, CHANGES), hostile(), (EMPTY, ())])
def test_no_text_becomes_markup(sample: tuple[Snapshot, tuple[Change, ...]], query: Query) -> None:
    page = render_page(PageState(*sample), query)
    found = Seen(page)
    assert found.open == []
    assert found.tags - TAGS == set()
    assert found.attributes - ATTRIBUTES == set()
    assert [link for link in found.links if not (link.startswith(("/", "#")) and not link.startswith("//"))] == []
    assert found.sources == {"/static/icon.svg"}
    assert [character for character in page.replace("\n", "") if is_hidden(character)] == []


def test_hostile_names_are_shown() -> None:
    found = seen(*hostile())
    assert [text for text in HOSTILE if escape(text) not in found.text] == []


def test_everything_of_the_sample_is_shown() -> None:
    found = seen(SNAPSHOT, CHANGES)
    wanted = [artifact.name for artifact in SNAPSHOT.artifacts]
    wanted += [item.message for item in SNAPSHOT.diagnostics]
    for artifact in SNAPSHOT.artifacts:
        if artifact.launch is not None:
            launch = artifact.launch
            wanted += [
                artifact.fingerprint,
                *launch.args,
                *launch.env_names,
                *launch.env.values(),
                *launch.header_names,
            ]
            wanted += [text for text in (launch.command, launch.url, launch.package) if text]
    assert [text for text in wanted if text not in found.text] == []


def test_before_the_first_scan_the_page_waits_and_reloads() -> None:
    page = render_page(PageState(None, scanning=True), Query())
    assert "The first scan is running" in page
    assert '<meta http-equiv="refresh" content="3">' in page


@pytest.mark.parametrize(("scanning", "times"), [(True, 1), (False, 0)])
def test_the_page_reloads_while_a_scan_runs(scanning: bool, times: int) -> None:
    page = render_page(PageState(SNAPSHOT, scanning=scanning), Query())
    assert (page.count("http-equiv"), page.count("scanning now")) == (times, times)


def test_an_empty_inventory_says_so() -> None:
    assert "Nothing found" in seen(EMPTY).text


@pytest.mark.parametrize(
    ("parameters", "query"),
    [
        ({}, Query()),
        ({"kind": "cli", "agent": "-", "status": "installed", "q": "  a   b "}, Query("cli", "-", "installed", "a b")),
        ({"other": "x", "q": ""}, Query()),
        ({"q": "x" * 300, "kind": "y" * 300}, Query(kind="y" * 200, q="x" * 200)),
    ],
)
def test_query_of_an_address(parameters: Mapping[str, str], query: Query) -> None:
    assert Query.of(parameters) == query


def test_links() -> None:
    query = Query(kind="cli", q='"><b>&')
    assert query.link() == "/?kind=cli&q=%22%3E%3Cb%3E%26"
    assert query.link(kind="", agent="a b") == "/?agent=a+b&q=%22%3E%3Cb%3E%26"
    assert query.link(kind="", q="") == "/"
    assert Query().link(agent="\udc80") == "/?agent=%3F"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        (Query(kind="cli"), ["claude", "codex", "ollama"]),
        (Query(agent="goose"), ["Goose", "computer-controller"]),
        (Query(agent="-"), ["claude", "codex", "ollama"]),
        (Query(kind="mcp_server", status="disabled"), ["k8s", "linear"]),
        (Query(q="NPX server-github"), ["github"]),
        (Query(q="npx -y @upstash"), ["context7"]),
        (Query(q="running, not configured"), ["mcp-proxy"]),
        (Query(q="visual azure"), ["azure"]),
        (Query(q="no such thing"), []),
        (Query(kind="weights"), []),
    ],
)
def test_filters(query: Query, names: list[str]) -> None:
    page = build_page(SNAPSHOT, CHANGES, False, query)
    found = [artifact.name for artifact in SNAPSHOT.artifacts if query.takes(artifact, page.names)]
    assert sorted(found) == sorted(names)
    assert page.shown == len(names)
    assert ("Nothing matches" in seen(SNAPSHOT, CHANGES, query).text) == (not names)


def test_an_agent_heads_its_servers_though_the_filter_leaves_it_out() -> None:
    page = build_page(SNAPSHOT, CHANGES, False, Query(kind="mcp_server", agent="goose"))
    assert [(g.name, [a.name for a in g.agents], [s.name for s in g.servers]) for g in page.arranged.groups] == [
        ("Goose", ["Goose"], ["computer-controller"])
    ]
    assert page.shown == 1


def test_changes_and_diagnostics_follow_the_filter() -> None:
    def left(query: Query) -> tuple[list[str], list[str]]:
        page = build_page(SNAPSHOT, CHANGES, False, query)
        return [change.artifact.name for change in page.changes], [item.reason for item in page.diagnostics]

    assert left(Query(agent="cursor")) == (["build-helper", "mcp-proxy"], [])
    assert left(Query(agent="vscode")) == ([], ["unknown-shape"])
    assert left(Query(q="trailing comma")) == ([], ["not-strict"])
    assert left(Query(kind="agent")) == (["Claude Code"], [])


def test_facets_count_what_each_choice_would_leave() -> None:
    page = build_page(SNAPSHOT, CHANGES, False, Query(kind="mcp_server", status="disabled"))
    assert page.facets == (
        Facet(
            "Kind",
            (
                Option("MCP servers", 2, "/?status=disabled", True),
                Option("Extensions", 1, "/?kind=extension&status=disabled", False),
                Option("Plugins", 1, "/?kind=plugin&status=disabled", False),
            ),
        ),
        Facet(
            "Agent",
            (
                Option("Claude Code", 1, "/?kind=mcp_server&agent=claude-code&status=disabled", False),
                Option("Codex CLI", 1, "/?kind=mcp_server&agent=codex-cli&status=disabled", False),
            ),
        ),
        Facet(
            "Status",
            (
                Option("enabled", 12, "/?kind=mcp_server&status=enabled", False),
                Option("unknown", 3, "/?kind=mcp_server&status=unknown", False),
                Option("disabled", 2, "/?kind=mcp_server", True),
                Option("approved", 1, "/?kind=mcp_server&status=approved", False),
                Option("blocked", 1, "/?kind=mcp_server&status=blocked", False),
                Option("installed", 1, "/?kind=mcp_server&status=installed", False),
                Option("pending", 1, "/?kind=mcp_server&status=pending", False),
                Option("shadowed", 1, "/?kind=mcp_server&status=shadowed", False),
                Option("unreadable", 1, "/?kind=mcp_server&status=unreadable", False),
            ),
        ),
    )
