"""Running the examples that a rule carries.

Belongs here: facts from an example, and the list of examples a rule gets wrong. Used by the tests of the shipped rules
and by whoever writes rules of their own.
Must not be here: the form of an example (`rules.rule`).
"""

from collections.abc import Callable, Mapping
from typing import Any

from spawngate.launch.definition import from_mapping
from spawngate.launch.facts import LaunchFacts
from spawngate.launch.surroundings import Surroundings
from spawngate.launch.understand import understand
from spawngate.model.artifact import Artifact, Kind, Launch, Scope, Status, Transport
from spawngate.rules.artifact_facts import ArtifactFacts, artifact_facts
from spawngate.rules.endpoint_facts import EndpointFacts
from spawngate.rules.rule import Example, Rule

_KINDS: Mapping[str, Callable[..., LaunchFacts | ArtifactFacts | EndpointFacts]] = {
    "launch": LaunchFacts,
    "artifact": ArtifactFacts,
    "endpoint": EndpointFacts,
}
_SEQUENCES: Mapping[str, Callable[[list[str]], Any]] = {"present": frozenset, "writable_by_others": tuple}


def facts_of(subject: str, example: Example) -> LaunchFacts | ArtifactFacts | EndpointFacts:
    """The facts that an example states, or that are established from what it gives."""
    if example.facts is not None:
        return _KINDS[subject](**example.facts)
    raw = example.raw or {}
    if subject == "artifact":
        return artifact_facts(artifact_of(raw))
    around = {
        name: _SEQUENCES[name](v) if name in _SEQUENCES else v for name, v in (example.surroundings or {}).items()
    }
    return understand(from_mapping(raw, example.platform), Surroundings(**around))


def wrong_examples(rule: Rule) -> tuple[str, ...]:
    """Names of the examples for which the rule says the opposite of what it must, or that cannot be run."""
    wrong: list[str] = []
    for example in rule.examples:
        try:
            matched = rule.matcher.test(facts_of(rule.subject, example))
        except (TypeError, ValueError) as error:
            wrong.append(f"{example.name}: {error}")
            continue
        if matched is not example.matches:
            wrong.append(f"{example.name}: {'matched' if matched else 'did not match'}")
    return tuple(wrong)


def artifact_of(raw: Mapping[str, Any]) -> Artifact:
    """The artifact that an example describes. Raises ValueError for a kind, scope or state that does not exist."""
    launch = raw.get("launch")
    return Artifact(
        kind=Kind(raw.get("kind", "")),
        id="example",
        fingerprint="example",
        agent=raw.get("agent", "claude-code"),
        scope=Scope(raw.get("scope", "user")),
        name=raw.get("name", "example"),
        path=raw.get("path", "/home/dev/example"),
        status=Status(raw.get("status", "enabled")),
        detail=raw.get("detail", {}),
        launch=Launch(
            transport=Transport(launch.get("transport", "stdio")),
            command=launch.get("command"),
            args=tuple(launch.get("args", ())),
            url=launch.get("url"),
            header_command=launch.get("header_command"),
        )
        if isinstance(launch, Mapping)
        else None,
    )
