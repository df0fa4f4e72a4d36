"""Tier of a launch: official, community or unknown, as a function of signals and of the trust policy.

A tier is never a fixed rating of a package. It explains itself: every signal that was looked at is in the result,
with what it did. What a launch would really run decides: a trusted name behind another registry, a preload or a
shell text is not the trusted thing.
Must not be here: findings (`rules`) and decisions (`policy`).
"""

from dataclasses import dataclass
from enum import StrEnum

from spawngate.launch.facts import LaunchFacts
from spawngate.launch.knowledge import Knowledge, repository_of, without_version
from spawngate.launch.trust import TrustPolicy


class Tier(StrEnum):
    """How far a launch may be trusted."""

    OFFICIAL = "official"
    COMMUNITY = "community"
    UNKNOWN = "unknown"


class Effect(StrEnum):
    """What a signal does to the tier."""

    RAISES_TO_OFFICIAL = "raises-to-official"
    RAISES_TO_COMMUNITY = "raises-to-community"
    KEEPS_UNKNOWN = "keeps-unknown"
    NOTES = "notes"
    """Says something a person wants to know and does not move the tier."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing that was established, and what it did."""

    name: str
    effect: Effect
    explanation: str


@dataclass(frozen=True, slots=True)
class TierResult:
    """A tier with all that speaks for and against it, in a fixed order."""

    tier: Tier
    signals: tuple[Signal, ...]


def judge_tier(
    facts: LaunchFacts,
    policy: TrustPolicy,
    knowledge: Knowledge,
    *,
    malicious: bool = False,
    approved_days: int | None = None,
) -> TierResult:
    """The tier of a launch. `malicious`: an advisory says so; `approved_days`: age of the approval, if there is one."""
    package = without_version(facts.package) if facts.package else ""
    listing = knowledge.listing(package, facts.host)
    repository = repository_of(facts.package) or (listing.repository if listing else "")
    command = facts.script or (facts.inner_argv[0] if facts.inner_argv else "")
    signals: list[Signal] = []

    def say(name: str, effect: Effect, explanation: str) -> None:
        signals.append(Signal(name, effect, explanation))

    entry = policy.unknown.entry_for(package, repository, facts.host, command)
    if entry is not None:
        say("policy-unknown", Effect.KEEPS_UNKNOWN, f"the trust policy keeps {entry} at unknown")
    for name, text in _doubts(facts):
        say(name, Effect.KEEPS_UNKNOWN, text)
    if malicious:
        say("malicious-release", Effect.KEEPS_UNKNOWN, "an advisory calls this release malicious")

    entry = policy.official.entry_for(package, repository, facts.host, command)
    if entry is not None:
        say("policy-official", Effect.RAISES_TO_OFFICIAL, f"the trust policy names {entry} as official")
    entry = policy.community.entry_for(package, repository, facts.host, command)
    if entry is not None:
        say("policy-community", Effect.RAISES_TO_COMMUNITY, f"the trust policy names {entry} as community")
    # A registry's word about a repository is hearsay for the package; only guarded namespaces count as the vendor's.
    publisher = knowledge.publisher_of(package, repository_of(facts.package), facts.host)
    if publisher is not None and policy.publishers:
        say(
            "publisher", Effect.RAISES_TO_OFFICIAL, f"published by {publisher.name}, by a name only they can publish to"
        )
    if listing is not None and policy.registries:
        where = " and ".join(listing.listed)
        say("registry", Effect.RAISES_TO_COMMUNITY, f"listed as {listing.name} in {where}")

    if all(signal.effect is not Effect.KEEPS_UNKNOWN for signal in signals) and _tier(signals) is Tier.UNKNOWN:
        say("no-publisher", Effect.NOTES, "nothing tells who publishes it")
    if package and package in knowledge.archived:
        say("archived", Effect.NOTES, "its upstream is archived and gets no fixes")
    for name, text in _notes(facts):
        say(name, Effect.NOTES, text)
    if approved_days is not None:
        say("approval-age", Effect.NOTES, f"approved {approved_days} days ago")
    return TierResult(_tier(signals), tuple(signals))


def _tier(signals: list[Signal]) -> Tier:
    effects = {signal.effect for signal in signals}
    if Effect.KEEPS_UNKNOWN in effects:
        return Tier.UNKNOWN
    if Effect.RAISES_TO_OFFICIAL in effects:
        return Tier.OFFICIAL
    return Tier.COMMUNITY if Effect.RAISES_TO_COMMUNITY in effects else Tier.UNKNOWN


def _doubts(facts: LaunchFacts) -> list[tuple[str, str]]:
    """Why what runs may not be what the name says."""
    found: list[tuple[str, str]] = []
    for condition, name, text in (
        (facts.registry_override, "other-registry", "packages come from another registry: {}"),
        (facts.env_loads_code, "environment-loads-code", "the environment loads other code: {}"),
        (facts.loads_code, "options-load-code", "options load other code: {}"),
        (facts.config_override, "other-configuration", "the launcher reads another configuration: {}"),
        (facts.npmrc, "npmrc", "an .npmrc in the working folder changes what runs: {}"),
        (facts.shadowed_by, "shadowed", "the working folder holds a file of that name: {}"),
        (facts.writable_by_others, "writable-by-others", "other users may write {}"),
        (facts.odd_characters, "odd-characters", "the definition holds characters that mislead: {}"),
        (facts.argument_injection, "argument-injection", "an argument makes the program run a command: {}"),
        (facts.extra_packages, "extra-packages", "other packages ride along: {}"),
    ):
        if condition:
            found.append((name, text.format(", ".join(condition))))
    for flag, name, text in (
        (facts.lookalike_of, "look-alike", f"the name imitates {facts.lookalike_of}"),
        (facts.inline_code, "inline-code", "the code stands in the definition itself"),
        (facts.shell and not facts.shell_plain, "shell-text", "a shell interprets text of the definition"),
        (facts.downloads_and_runs, "downloads-and-runs", "what is downloaded is run"),
        (facts.runs_install, "installs", "a package manager installs something at each start"),
        (facts.hidden_shell, "hidden-shell", "the launcher is told to use another shell"),
        (facts.env_path, "path-override", "PATH is replaced, so the program may be another"),
        (
            facts.script_place in ("temporary", "downloads", "network"),
            "odd-place",
            f"it lies in a {facts.script_place} place",
        ),
        (facts.transport_conflict, "transport-conflict", "the definition names a command and an address"),
        (facts.plain_http, "plain-http", "the address is not encrypted"),
        (facts.tunnel, "tunnel", "the host is a public tunnel"),
        (facts.raw_ip and not facts.loopback, "raw-address", "the host is a bare address"),
        (facts.command_variable, "variable-command", "the command is a variable that the client expands"),
    ):
        if flag:
            found.append((name, text))
    return found


_PINS = {
    "exact": ("pinned", "pinned to one version"),
    "digest": ("pinned", "pinned to a digest"),
    "commit": ("pinned", "pinned to a commit"),
    "range": ("range", "a range of versions: the code can change between two starts"),
    "tag": ("tag", "a tag, which its owner can move"),
    "branch": ("branch", "a branch: the code can change between two starts"),
    "latest": ("latest", "the latest version: the code can change between two starts"),
    "unversioned": ("unversioned", "no version is named: the code can change between two starts"),
}


def _notes(facts: LaunchFacts) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if facts.pin in _PINS:
        found.append(_PINS[facts.pin])
    if facts.source == "local-script":
        found.append(("local-script", "a script on this machine"))
    if facts.under_version_control:
        found.append(("version-control", "the script is under version control"))
    if facts.unknown:
        found.append(("not-understood", f"not understood: {', '.join(facts.unknown)}"))
    return found
