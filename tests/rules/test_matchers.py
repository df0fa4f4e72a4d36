"""Conditions: what each operator means, how they nest, and which facts they can be looked up by."""

from typing import Any

import pytest

from spawngate.launch.facts import LaunchFacts
from spawngate.rules.artifact_facts import ArtifactFacts
from spawngate.rules.inventory_words import ARTIFACT, LAUNCH
from spawngate.rules.matchers import LONGEST_TEXT, MatchError, compile_match

SUDO = LaunchFacts(wrappers=("env", "sudo"), program="env", privileged=True, pin="exact", shell_text="a; b")


@pytest.mark.parametrize(
    ("table", "facts", "evidence"),
    [
        ({"privileged": True}, SUDO, (("privileged", ("true",)),)),
        ({"privileged": False}, SUDO, None),
        ({"shell": False}, SUDO, (("shell", ("false",)),)),
        ({"program": "env"}, SUDO, (("program", ("env",)),)),
        ({"program": "ENV"}, SUDO, None),
        ({"program_in": ["nice", "env"]}, SUDO, (("program", ("env",)),)),
        ({"program_in": ["nice"]}, SUDO, None),
        ({"wrappers_any": ["sudo", "doas"]}, SUDO, (("wrappers", ("sudo",)),)),
        ({"wrappers_any": ["doas"]}, SUDO, None),
        ({"wrappers_nonempty": True}, SUDO, (("wrappers", ("env", "sudo")),)),
        ({"wrappers_nonempty": False}, SUDO, None),
        ({"devices_nonempty": False}, SUDO, ()),
        ({"shell_text_nonempty": True}, SUDO, (("shell_text", ("a; b",)),)),
        ({"shell_text_matches": "b$"}, SUDO, (("shell_text", ("a; b",)),)),
        ({"shell_text_matches": "^b"}, SUDO, None),
        ({"wrappers_matches": "^s"}, SUDO, (("wrappers", ("sudo",)),)),
        ({"wrappers_matches": "^x"}, SUDO, None),
        ({"privileged": True, "shell": True}, SUDO, None),
        ({"privileged": True, "program": "env"}, SUDO, (("privileged", ("true",)), ("program", ("env",)))),
        ({"any": {"shell": True, "program": "env"}}, SUDO, (("program", ("env",)),)),
        ({"any": {"shell": True, "program": "x"}}, SUDO, None),
        (
            {"any": [{"shell": True}, {"program": "env", "pin": "exact"}]},
            SUDO,
            (("pin", ("exact",)), ("program", ("env",))),
        ),
        ({"any": [{"shell": True}, {"program": "env", "pin": "none"}]}, SUDO, None),
        ({"all": [{"program": "env"}, {"pin": "exact"}]}, SUDO, (("program", ("env",)), ("pin", ("exact",)))),
        ({"all": {"program": "env", "pin": "none"}}, SUDO, None),
        ({"not": {"shell": True}}, SUDO, ()),
        ({"not": {"program": "env", "pin": "none"}}, SUDO, ()),
        ({"not": {"program": "env", "pin": "exact"}}, SUDO, None),
        ({"not": [{"program": "env"}, {"pin": "none"}]}, SUDO, None),
        ({"not": {"any": {"shell": True, "container": True}}}, SUDO, ()),
        ({"any": {"not": {"shell": True}, "container": True}}, SUDO, ()),
    ],
)
def test_condition(
    table: dict[str, Any], facts: LaunchFacts, evidence: tuple[tuple[str, tuple[str, ...]], ...] | None
) -> None:
    matcher = compile_match(table, LAUNCH)
    assert matcher.test(facts) is (evidence is not None)
    if evidence is not None:
        assert matcher.explain(facts) == evidence


def test_counts() -> None:
    facts = ArtifactFacts(hidden_characters=3)
    assert compile_match({"hidden_characters": 3}, ARTIFACT).test(facts)
    assert compile_match({"hidden_characters_at_least": 3}, ARTIFACT).explain(facts) == (("hidden_characters", ("3",)),)
    assert not compile_match({"hidden_characters_at_least": 4}, ARTIFACT).test(facts)
    with pytest.raises(MatchError, match="whole number"):
        compile_match({"hidden_characters_at_least": True}, ARTIFACT)


@pytest.mark.parametrize(
    ("table", "triggers"),
    [
        ({"privileged": True}, {"privileged"}),
        ({"privileged": False}, None),
        ({"pin": "none"}, None),
        ({"pin_in": ["none", "exact"]}, None),
        ({"pin_in": ["exact"]}, {"pin"}),
        ({"wrappers_nonempty": True}, {"wrappers"}),
        ({"wrappers_nonempty": False}, None),
        ({"shell_text_matches": "a"}, {"shell_text"}),
        ({"any": {"privileged": True, "shell": True}}, {"privileged", "shell"}),
        ({"any": {"privileged": True, "shell": False}}, None),
        ({"pin": "exact", "privileged": True}, {"privileged"}),
        ({"not": {"privileged": True}}, None),
        ({"not": {"privileged": True}, "shell": True}, {"shell"}),
    ],
)
def test_triggers(table: dict[str, Any], triggers: set[str] | None) -> None:
    found = compile_match(table, LAUNCH).triggers
    assert (None if found is None else set(found)) == triggers


def test_long_text_is_cut_for_expressions() -> None:
    matcher = compile_match({"shell_text_matches": "end$"}, LAUNCH)
    assert matcher.test(LaunchFacts(shell_text="x" * 100 + "end"))
    assert not matcher.test(LaunchFacts(shell_text="x" * LONGEST_TEXT + "end"))


def test_depth_is_bounded() -> None:
    table: dict[str, Any] = {"shell": True}
    for _ in range(20):
        table = {"all": table}
    with pytest.raises(MatchError, match="make it flatter"):
        compile_match(table, LAUNCH)
