"""Tiers and the signals that explain them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.launch.facts import LaunchFacts
from spawngate.launch.knowledge import shipped
from spawngate.launch.tier import Effect, Signal, Tier, TierResult, judge_tier
from spawngate.launch.trust import TrustList, TrustPolicy

FILESYSTEM = LaunchFacts(
    transport="stdio",
    launcher="npx",
    package="pkg:npm/%40modelcontextprotocol/server-filesystem@2025.7.1",
    pin="exact",
    source="registry",
)
LISTED = LaunchFacts(package="pkg:npm/%4021st-dev/magic", pin="unversioned", source="registry")
STRANGER = LaunchFacts(package="pkg:npm/some-server", pin="latest", source="registry")
SCRIPT = LaunchFacts(source="local-script", script="/opt/acme/server.py", under_version_control=True)
DEFAULT = TrustPolicy()


def tier(facts: LaunchFacts, policy: TrustPolicy = DEFAULT, *, malicious: bool = False) -> Tier:
    return judge_tier(facts, policy, shipped(), malicious=malicious).tier


def test_a_tier_explains_itself() -> None:
    archived = replace(FILESYSTEM, package="pkg:npm/%40modelcontextprotocol/server-github@2025.4.8")
    assert judge_tier(archived, DEFAULT, shipped(), approved_days=40) == TierResult(
        Tier.OFFICIAL,
        (
            Signal(
                "publisher",
                Effect.RAISES_TO_OFFICIAL,
                "published by Model Context Protocol, by a name only they can publish to",
            ),
            Signal("archived", Effect.NOTES, "its upstream is archived and gets no fixes"),
            Signal("pinned", Effect.NOTES, "pinned to one version"),
            Signal("approval-age", Effect.NOTES, "approved 40 days ago"),
        ),
    )


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (FILESYSTEM, Tier.OFFICIAL),
        (LISTED, Tier.COMMUNITY),
        (STRANGER, Tier.UNKNOWN),
        (SCRIPT, Tier.UNKNOWN),
        (LaunchFacts(transport="http", url="https://mcp.sentry.dev/mcp", host="mcp.sentry.dev"), Tier.OFFICIAL),
        (LaunchFacts(transport="http", url="https://mcp.aisfleet.com/", host="mcp.aisfleet.com"), Tier.COMMUNITY),
        (LaunchFacts(transport="http", url="https://evil.example/", host="evil.example"), Tier.UNKNOWN),
        (LaunchFacts(package="pkg:github/microsoft/playwright-mcp@main", pin="branch", source="git"), Tier.OFFICIAL),
        (LaunchFacts(), Tier.UNKNOWN),
    ],
)
def test_by_default(facts: LaunchFacts, expected: Tier) -> None:
    assert tier(facts) is expected


@pytest.mark.parametrize(
    "doubt",
    [
        {"registry_override": ("packages.example.com",)},
        {"env_loads_code": ("NODE_OPTIONS",)},
        {"loads_code": ("--require",)},
        {"lookalike_of": "@modelcontextprotocol/server-filesystem"},
        {"inline_code": True},
        {"shell": True},
        {"hidden_shell": "./x.sh"},
        {"env_path": True},
        {"shadowed_by": ("node_modules/.bin/mcp-server-filesystem",)},
        {"npmrc": ("script-shell",)},
        {"extra_packages": ("canary",)},
        {"odd_characters": ("bidirectional",)},
    ],
)
def test_what_may_not_be_the_named_thing_stays_unknown(doubt: dict[str, object]) -> None:
    facts = replace(FILESYSTEM, **doubt)  # type: ignore[arg-type]  # fields of the facts, by name
    assert tier(facts) is Tier.UNKNOWN
    assert tier(facts, TrustPolicy(official=TrustList(packages=("pkg:npm/*",)))) is Tier.UNKNOWN


def test_malicious_release_stays_unknown() -> None:
    assert tier(FILESYSTEM, malicious=True) is Tier.UNKNOWN


def test_plain_shell_is_no_doubt() -> None:
    assert tier(replace(FILESYSTEM, shell=True, shell_plain=True)) is Tier.OFFICIAL


@pytest.mark.parametrize(
    ("policy", "facts", "expected"),
    [
        (TrustPolicy(publishers=False), FILESYSTEM, Tier.UNKNOWN),
        (TrustPolicy(registries=False), FILESYSTEM, Tier.OFFICIAL),
        (TrustPolicy(registries=False), LISTED, Tier.UNKNOWN),
        (TrustPolicy(official=TrustList(packages=("pkg:npm/some-*",))), STRANGER, Tier.OFFICIAL),
        (TrustPolicy(community=TrustList(packages=("pkg:npm/some-*",))), STRANGER, Tier.COMMUNITY),
        (TrustPolicy(official=TrustList(commands=("/opt/acme/*",))), SCRIPT, Tier.OFFICIAL),
        (TrustPolicy(unknown=TrustList(packages=("pkg:npm/%40modelcontextprotocol/*",))), FILESYSTEM, Tier.UNKNOWN),
    ],
)
def test_the_organisation_decides(policy: TrustPolicy, facts: LaunchFacts, expected: Tier) -> None:
    assert tier(facts, policy) is expected


RANKS = {Tier.UNKNOWN: 0, Tier.COMMUNITY: 1, Tier.OFFICIAL: 2}


@given(
    st.sampled_from([FILESYSTEM, LISTED, STRANGER, SCRIPT]),
    st.sampled_from(
        ["registry_override", "env_loads_code", "loads_code", "shadowed_by", "odd_characters", "extra_packages"]
    ),
)
def test_a_further_doubt_never_raises(facts: LaunchFacts, name: str) -> None:
    worse = replace(facts, **{name: ("x",)})  # type: ignore[arg-type]  # a tuple field of the facts
    assert RANKS[tier(worse)] <= RANKS[tier(facts)]
