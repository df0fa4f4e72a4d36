"""`readers.cli_agent`: what an agent file of Kiro CLI or Amazon Q CLI grants."""

import pytest
from hypothesis import given, settings

from spawngate.agents.document import Document, Sighting
from spawngate.agents.readers.cli_agent import agent_grants, capability_rules
from spawngate.model.json import Json
from tests.agents.readers.seen import anything, given_value, read, said, survive, survive_all, wrong, wrong_everywhere

GOOD: Json = {
    "allowedTools": ["fs_read", "*"],
    "excludedTools": ["web"],
    "toolsSettings": {
        "shell": {"allowedCommands": ["git .*"], "deniedCommands": ["rm .*"], "autoAllowReadonly": True, "other": 1},
        "write": {"allowedPaths": "~/w", "denyByDefault": "yes"},
    },
    "permissions": {"rules": [{"capability": "shell", "match": ["ls"], "effect": "allow"}]},
    "includeMcpJson": True,
}


def test_grants() -> None:
    assert read(agent_grants, given_value(GOOD)) == (
        [
            said("permission", "fs_read", "allow", "allowedTools"),
            said("auto_approve", "*", True, "allowedTools"),
            said("permission", "*", "allow", "allowedTools"),
            said("permission", "web", "deny", "excludedTools"),
            said("permission", "shell(git .*)", "allow", "toolsSettings.shell.allowedCommands"),
            said("permission", "shell(rm .*)", "deny", "toolsSettings.shell.deniedCommands"),
            said("switch", "toolsSettings.shell.autoAllowReadonly", True, "toolsSettings.shell.autoAllowReadonly"),
            said("permission", "write(~/w)", "allow", "toolsSettings.write.allowedPaths"),
            said("permission", "shell(ls)", "allow", "permissions.rules[0]"),
            said("switch", "includeMcpJson", True, "includeMcpJson"),
        ],
        [],
    )


def test_wrong_types_keep_the_good_neighbours() -> None:
    value: Json = {
        "allowedTools": [{}, "a"],
        "excludedTools": 7,
        "toolsSettings": {"shell": [], "write": {"allowedPaths": [None, [], "p"]}},
        "permissions": {"rules": {}},
    }
    assert read(agent_grants, given_value(value)) == (
        [
            said("permission", "a", "allow", "allowedTools"),
            said("permission", "write(p)", "allow", "toolsSettings.write.allowedPaths"),
        ],
        [
            wrong("allowedTools[0]", "text"),
            wrong("excludedTools", "a list"),
            wrong("toolsSettings.shell"),
            wrong("toolsSettings.write.allowedPaths[1]", "text"),
            wrong("permissions.rules", "a list"),
        ],
    )


def rules(document: Document) -> list[Sighting]:
    return list(capability_rules(document, document.value(), "r"))


@pytest.mark.parametrize(
    ("rule", "names", "blanket"),
    [
        ({"capability": "shell", "effect": "allow"}, ["shell"], ["shell"]),
        ({"capability": "shell", "match": ["*"], "effect": "allow"}, ["shell"], ["shell"]),
        ({"capability": "shell", "match": ["ls", "git *"], "effect": "allow"}, ["shell(ls)", "shell(git *)"], []),
        ({"capability": "shell", "exclude": "rm", "effect": "allow"}, ["shell(* !rm)"], []),
        ({"capability": "all", "effect": "ask"}, ["all"], []),
        (
            {"capability": "read", "effect": "deny", "match": "~/.ssh", "exclude": ["a", "b"]},
            ["read(~/.ssh !a !b)"],
            [],
        ),
    ],
)
def test_capability_rules(rule: dict[str, Json], names: list[str], blanket: list[str]) -> None:
    found, left = read(rules, given_value([rule]))
    assert left == []
    assert [record for record in found if record["topic"] == "permission"] == [
        said("permission", name, rule["effect"], "r[0]") for name in names
    ]
    assert [record for record in found if record["topic"] == "auto_approve"] == [
        said("auto_approve", name, True, "r[0]") for name in blanket
    ]


def test_rules_that_say_nothing() -> None:
    value: Json = [{}, {"capability": "shell"}, {"effect": "allow"}, {"capability": "a", "effect": "maybe"}, None, 7]
    message = "has no capability or no known effect"
    assert read(rules, given_value(value)) == (
        [],
        [*(("unknown-shape", f"r[{index}] {message}") for index in range(4)), wrong("r[4]"), wrong("r[5]")],
    )


def test_wrong_types_everywhere() -> None:
    survive_all(agent_grants, wrong_everywhere(GOOD))


@given(
    anything("allowedTools", "toolsSettings", "allowedPaths", "permissions", "rules", "capability", "effect", "allow")
)
@settings(deadline=None)
def test_no_value_raises(value: Json) -> None:
    survive(agent_grants, given_value(value))
    survive(rules, given_value(value))
    survive(agent_grants, given_value({"toolsSettings": value, "permissions": {"rules": value}}))
