"""`report.html`: one file that needs nothing else, says what was judged, and that no name can break out of."""

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spawngate.model.artifact import Kind
from spawngate.model.finding import Severity
from spawngate.model.snapshot import Change, Snapshot
from spawngate.report.html import Step, build_page, render_html
from spawngate.report.judgement import NOTHING, Judgement
from spawngate.report.terminal import escape, is_hidden
from tests.report.judged import (
    BUILD,
    CLINE,
    CONTEXT7,
    FILESYSTEM,
    FINDINGS,
    JUDGEMENT,
    MATCHES,
    RULES,
    finding,
    hostile_judgement,
)
from tests.report.samples import CHANGES, EMPTY, HOSTILE, SNAPSHOT, artifact, stdio

_TAGS = """
    html head meta title style body header nav main section article footer p span b strong code h1 h2 h3 h4 ul ol li dl
    dt dd a svg rect table thead tbody tr th td details summary del ins br div
    """
TAGS = frozenset(_TAGS.split())
_ATTRIBUTES = """
    lang charset name content http-equiv class id href rel role scope colspan aria-label viewbox preserveaspectratio x y
    width height
    """
ATTRIBUTES = frozenset(_ATTRIBUTES.split())
VOID = ("meta", "br", "rect")


class Seen(HTMLParser):
    """What a browser would make of the file: its elements, attributes, links and text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.anchors: list[str] = []
        self.policy = ""
        self.style = ""
        self.text = ""
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in VOID:
            self.open.append(tag)
        found = dict(attrs)
        self.attributes |= set(found)
        self.links += [found["href"] or ""] if "href" in found else []
        self.anchors += [found["id"] or ""] if "id" in found else []
        if found.get("http-equiv") == "Content-Security-Policy":
            self.policy = found["content"] or ""

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "style":
            self.style += data
        else:
            self.text += data


def seen(snapshot: Snapshot, judgement: Judgement, changes: tuple[Change, ...] = ()) -> Seen:
    return Seen(render_html(snapshot, judgement, changes).decode())


SAMPLES = [
    (SNAPSHOT, JUDGEMENT, CHANGES),
    (SNAPSHOT, NOTHING, ()),
    (EMPTY, NOTHING, ()),
    (EMPTY, JUDGEMENT, ()),
    hostile_judgement(),
]
NAMES = ["laptop", "nothing judged", "empty", "artifacts gone", "hostile"]


@pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
def test_no_text_becomes_markup(sample: tuple[Snapshot, Judgement, tuple[Change, ...]]) -> None:
    page = render_html(*sample).decode()
    found = Seen(page)
    assert found.open == []
    assert found.tags - TAGS == set()
    assert found.attributes - ATTRIBUTES == set()
    assert [character for character in page.replace("\n", "") if is_hidden(character)] == []


@pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
def test_links_lead_into_the_file_or_to_https_and_every_anchor_is_there_once(
    sample: tuple[Snapshot, Judgement, tuple[Change, ...]],
) -> None:
    found = seen(*sample)
    inner = {link[1:] for link in found.links if link.startswith("#")}
    assert [link for link in found.links if not link.startswith(("#", "https://"))] == []
    assert inner - set(found.anchors) == set()
    assert len(found.anchors) == len(set(found.anchors))


def test_the_file_needs_nothing_else_and_forbids_it() -> None:
    found = seen(SNAPSHOT, JUDGEMENT, CHANGES)
    digest = b64encode(sha256(found.style.encode()).digest()).decode()
    assert found.policy == (f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'")
    assert re.findall(r"@import|url\(|expression|src=", found.style) == []
    assert "@media print" in found.style
    assert "prefers-color-scheme: dark" in found.style


def test_hostile_names_are_shown() -> None:
    found = seen(*hostile_judgement())
    assert [text for text in HOSTILE if escape(text) not in found.text] == []


def test_equal_input_gives_equal_bytes_whatever_the_order_of_findings() -> None:
    reverse = replace(JUDGEMENT, findings=FINDINGS[::-1], matches=MATCHES[::-1])
    assert render_html(SNAPSHOT, reverse, CHANGES) == render_html(SNAPSHOT, JUDGEMENT, CHANGES)


def test_every_finding_and_match_is_told_with_its_fix() -> None:
    text = seen(SNAPSHOT, JUDGEMENT).text
    missing = [item.message for item in FINDINGS if item.message not in text]
    missing += [item.remediation for item in FINDINGS if item.remediation.replace("`", "") not in text]
    missing += [fact for item in FINDINGS for fact in item.evidence if fact not in text]
    missing += [item.advisory for item in MATCHES if item.advisory not in text]
    missing += [item.why for item in MATCHES if item.why not in text]
    assert missing == []


def test_servers_stand_by_risk() -> None:
    page = build_page(SNAPSHOT, JUDGEMENT)
    named = {severity.value: [card.artifact.name for card in cards] for severity, cards in page.dangerous.items()}
    assert named == {
        "critical": ["notion", "build-helper"],
        "high": ["github"],
        "medium": ["playwright", "azure"],
        "low": ["filesystem", "context7"],
    }
    assert len(page.clean) == page.counts.servers - 7
    assert [(card.artifact.name, str(card.severity)) for card in page.others] == [
        ("SessionStart", "high"),
        ("Claude Code", "medium"),
        ("postgres: argument 5", "medium"),
        ("Cline", "low"),
    ]
    assert [item.rule for item in page.endpoint.findings] == ["lethal-trifecta"]
    assert [item.advisory for item in page.endpoint.matches] == ["CVE-2026-30623"]


def test_information_takes_no_card() -> None:
    info = tuple(
        replace(FINDINGS[0], severity=Severity.INFO, artifact=id_, message=f"word for word {number}")
        for number, id_ in enumerate((CONTEXT7.id, CLINE.id))
    )
    page = build_page(SNAPSHOT, Judgement(info))
    assert (page.dangerous, page.others) == ({}, ())
    assert [card.artifact.id for card in page.noted] == [CLINE.id]
    assert [card.artifact.id for card in page.clean if card.severity] == [CONTEXT7.id]
    # In the table of servers, in the table of other artifacts, and among the rules.
    assert seen(SNAPSHOT, Judgement(info)).text.count("Package without a version") == 3


def test_steps_stand_gravest_first_and_name_what_they_are_about() -> None:
    page = build_page(SNAPSHOT, JUDGEMENT)
    assert [(step.severity.value, step.title) for step in page.steps] == [
        ("critical", "Downloads code and runs it"),
        ("critical", "mcp-remote (npm): CVE-2025-6514"),
        ("high", "Container reaches the engine's socket"),
        ("high", "Hook runs code from the network"),
        ("high", "Private data, untrusted content and a way out in one agent"),
        ("high", "litellm (pypi): CVE-2026-30623"),
        ("medium", "Everything of a tool is allowed"),
        ("medium", "@azure/mcp (npm): GHSA-5w57-2ccq-8w95"),
        ("medium", "Every tool is approved in advance"),
        ("medium", "Secret in clear text"),
    ]
    assert page.steps[1] == Step(
        severity=Severity.CRITICAL,
        title="mcp-remote (npm): CVE-2025-6514",
        remedy="Update mcp-remote (npm) to 0.1.16 or later.",
        subjects=(("notion (Claude Desktop)", page.anchors[MATCHES[0].artifact]),),
        number=1,
    )
    assert page.steps[4].subjects == (("the endpoint as a whole", ""),)
    assert page.steps[5].subjects == (("~/src/shop/uv.lock", ""),)
    assert (page.steps[6].number, [name for name, _ in page.steps[6].subjects]) == (2, ["Claude Code"])


def test_too_many_steps_are_counted() -> None:
    many = tuple(replace(FINDINGS[5], rule=f"rule-{number}") for number in range(20))
    page = build_page(SNAPSHOT, Judgement(many))
    assert (len(page.steps), page.more_steps) == (12, 8)
    assert "8 further steps of less weight" in seen(SNAPSHOT, Judgement(many)).text


def rated(*severities: Severity) -> Judgement:
    return Judgement(tuple(replace(FINDINGS[5], severity=severity) for severity in severities), rules=RULES)


@pytest.mark.parametrize(
    ("judgement", "verdict"),
    [
        (NOTHING, "This inventory was not judged: no rules were applied."),
        (Judgement(rules=RULES), "Nothing was found that needs attention."),
        (rated(Severity.LOW, Severity.INFO), "Nothing needs action; a few notes stand below."),
        (
            rated(Severity.MEDIUM),
            "Nothing needs action at once; 1 matter wants a look, and 1 of 2 MCP servers is concerned.",
        ),
        (
            rated(Severity.MEDIUM, Severity.MEDIUM),
            "Nothing needs action at once; 2 matters want a look, and 1 of 2 MCP servers is concerned.",
        ),
        (rated(Severity.HIGH), "1 matter needs action now; 1 of 2 MCP servers is concerned."),
        (rated(Severity.HIGH, Severity.CRITICAL), "2 matters need action now; 1 of 2 MCP servers is concerned."),
        (
            Judgement((finding("lethal-trifecta", None, "x"),)),
            "1 matter needs action now; no MCP server is concerned.",
        ),
        (Judgement(matches=MATCHES[:1]), "1 matter needs action now; no MCP server is concerned."),
        (Judgement(matches=MATCHES[4:5]), "Nothing needs action; a few notes stand below."),
        (Judgement(matches=MATCHES[5:]), "Nothing was found that needs attention."),
    ],
)
def test_verdict(judgement: Judgement, verdict: str) -> None:
    snapshot = replace(EMPTY, artifacts=(BUILD, CONTEXT7))
    assert build_page(snapshot, judgement).verdict == verdict
    assert verdict in seen(snapshot, judgement).text


def test_capabilities_and_tiers() -> None:
    page = build_page(SNAPSHOT, JUDGEMENT)
    (card,) = (card for card in page.capable if card.artifact.id == FILESYSTEM.id)
    assert card.capabilities == {
        "filesystem": ("/home/ana/src", "/home/ana/Documents/contracts/2026", "/srv"),
    }
    assert {tier: len(cards) for tier, cards in page.tiers.items()} == {"official": 5, "community": 3, "unknown": 1}
    odd = Judgement(capabilities={BUILD.id: ("telepathy: all minds", "shell", "shell: sh")}, rules=RULES)
    (card,) = build_page(SNAPSHOT, odd).capable
    assert card.capabilities == {"shell": ("", "sh"), "telepathy": ("all minds",)}


def test_an_uncertain_match_is_shown_with_its_severity_and_weighs_little() -> None:
    page = build_page(SNAPSHOT, Judgement(matches=MATCHES[4:5]))
    assert [(card.artifact.id, card.severity) for card in page.others] == [(CLINE.id, Severity.LOW)]
    assert page.steps == ()
    assert "uncertain" in seen(SNAPSHOT, Judgement(matches=MATCHES[4:5])).text


def test_secrets_stand_by_type() -> None:
    page = build_page(SNAPSHOT, JUDGEMENT)
    assert {type_: [item.agent for item in items] for type_, items in page.secrets.items()} == {
        "github-token": ["claude-code", "claude-desktop"],
        "database-url": ["claude-code"],
        "env-value": ["codex-cli"],
    }


def test_agents_show_the_gravest_of_all_that_is_theirs() -> None:
    page = build_page(SNAPSHOT, JUDGEMENT)
    assert {agent.name: severity.value if severity else "" for _, agent, severity in page.agents} == {
        "Claude Code": "high",
        "Claude Desktop": "critical",
        "Codex CLI": "low",
        "Cursor": "critical",
        "Gemini CLI": "",
        "Goose": "",
        "Visual Studio Code": "medium",
        "Windsurf": "",
    }


def test_findings_of_one_rule_stand_together_with_one_fix() -> None:
    text = seen(
        replace(SNAPSHOT, artifacts=(BUILD,)), Judgement((FINDINGS[5], replace(FINDINGS[5], message="again")))
    ).text
    fix = RULES["download-and-run"].remediation.replace("`", "")
    # Once in the steps, once in the card, once among the rules.
    assert text.count(fix) == 3
    assert text.count("Downloads code and runs it") == 3


def test_changes_and_diagnostics_are_told() -> None:
    text = seen(SNAPSHOT, JUDGEMENT, CHANGES).text
    assert [item.message for item in SNAPSHOT.diagnostics if item.message not in text] == []
    assert [word for word in ("added", "changed", "removed", "puppeteer") if word not in text] == []


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=())))
def test_any_text_stays_text(text: str) -> None:
    launch = replace(stdio(text, text, package=text, cwd=text), url=text, env_names=(text,))
    subjects = tuple(artifact(kind, text, agent=text, path=text, launch=launch, detail={"type": text}) for kind in Kind)
    match = replace(MATCHES[0], advisory=text, path=text, package=text, version=text, why=text, references=(text,))
    judgement = Judgement(
        tuple(replace(FINDINGS[5], artifact=item.id, message=text, evidence=(text,), title=text) for item in subjects),
        (match,),
        capabilities={item.id: (text,) for item in subjects},
    )
    found = seen(replace(EMPTY, host=text, homes=(text,), roots=(text,), artifacts=subjects), judgement)
    assert (found.open, found.tags - TAGS, found.attributes - ATTRIBUTES) == ([], set(), set())
