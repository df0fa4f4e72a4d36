"""`readers.roo`: what Roo Code and its relatives share."""

import json

import pytest
from hypothesis import given, settings

from spawngate.agents.document import Document, Sighting
from spawngate.agents.readers.roo import FIELDS, EditorSettings, ExtensionState, read_history, read_modes
from spawngate.agents.readers.servers import servers
from spawngate.model.json import Json
from tests.agents.readers.seen import (
    anything,
    given_value,
    item,
    launch,
    read,
    said,
    survive,
    survive_all,
    wrong,
    wrong_everywhere,
)

KEY = "RooVeterinaryInc.roo-cline"
STATE: Json = {
    "autoApprovalEnabled": True,
    "mcpEnabled": False,
    "yoloMode": True,
    "alwaysAllowWrite": True,
    "alwaysAllowExecute": False,
    "alwaysAllowMcp": "true",
    "allowedCommands": ["git"],
    "deniedCommands": ["rm"],
    "disabledTools": ["web"],
    "customModes": [
        {"slug": "docs", "roleDefinition": "öh", "customInstructions": "x", "groups": ["read", ["edit", {}]]}
    ],
    "taskHistory": [{"workspace": "/w"}, {"workspace": "/v"}, {"workspace": "/w"}, {"workspace": 7}, {}, None],
}


def state(value: Json) -> Document:
    return given_value({KEY: json.dumps(value)})


def test_state() -> None:
    assert read(ExtensionState(KEY), state(STATE)) == (
        [
            said("switch", "autoApprovalEnabled", True, f"{KEY}.autoApprovalEnabled"),
            said("switch", "mcpEnabled", False, f"{KEY}.mcpEnabled"),
            said("switch", "yoloMode", True, f"{KEY}.yoloMode"),
            said("auto_approve", "yoloMode", True, f"{KEY}.yoloMode"),
            said("auto_approve", "alwaysAllowWrite", True, f"{KEY}.alwaysAllowWrite"),
            said("permission", "command(git)", "allow", f"{KEY}.allowedCommands"),
            said("permission", "command(rm)", "deny", f"{KEY}.deniedCommands"),
            said("permission", "web", "deny", f"{KEY}.disabledTools"),
            item(
                "instruction",
                "docs",
                pointer=f"{KEY}.customModes[0]",
                detail={"type": "subagent", "bytes": 4, "tools": ["read", "edit"]},
                content="d1",
            ),
            said("project", "/w", True, f"{KEY}.taskHistory[0].workspace"),
            said("project", "/v", True, f"{KEY}.taskHistory[1].workspace"),
        ],
        [],
    )


@pytest.mark.parametrize(
    ("master", "counts"), [({}, True), ({"autoApprovalEnabled": True}, True), ({"autoApprovalEnabled": False}, False)]
)
def test_single_approvals_need_the_master_switch(master: dict[str, Json], counts: bool) -> None:
    found, _ = read(ExtensionState(KEY), state({**master, "alwaysAllowWrite": True}))
    approval = said("auto_approve", "alwaysAllowWrite", True, f"{KEY}.alwaysAllowWrite")
    assert [record for record in found if record["topic"] == "auto_approve"] == ([approval] if counts else [])


def test_wrong_state() -> None:
    value: Json = {
        "allowedCommands": 7,
        "deniedCommands": [None, {}, "rm"],
        "disabledTools": {},
        "customModes": 7,
        "taskHistory": "x",
    }
    assert read(ExtensionState(KEY), state(value)) == (
        [said("permission", "command(rm)", "deny", f"{KEY}.deniedCommands")],
        [
            wrong(f"{KEY}.allowedCommands", "a list"),
            wrong(f"{KEY}.deniedCommands[1]", "text"),
            wrong(f"{KEY}.disabledTools", "a list"),
            wrong(f"{KEY}.customModes", "a list"),
            wrong(f"{KEY}.taskHistory", "a list"),
        ],
    )
    assert read(ExtensionState(KEY), state([])) == ([], [wrong(KEY)])
    assert read(ExtensionState(KEY), given_value({})) == ([], [])


def test_modes() -> None:
    value: Json = {
        "customModes": [
            {"slug": "a", "whenToUse": "when", "groups": [None, [], ["edit"], "read", 7]},
            {"name": "B", "description": "d", "whenToUse": "when"},
            {"slug": ""},
            {"slug": []},
            None,
            7,
        ]
    }
    document = given_value(value, project="/w")
    assert read(read_modes, document) == (
        [
            item(
                "instruction",
                "a",
                pointer="customModes[0]",
                detail={"type": "subagent", "bytes": 0, "description": "when", "tools": ["edit", "read"]},
                project="/w",
                content="d1",
            ),
            item(
                "instruction",
                "B",
                pointer="customModes[1]",
                detail={"type": "subagent", "bytes": 0, "description": "d", "tools": []},
                project="/w",
                content="d1",
            ),
        ],
        [
            ("unknown-shape", "customModes[2] is no mode: it has no slug"),
            wrong("customModes[3].slug", "text"),
            ("unknown-shape", "customModes[3] is no mode: it has no slug"),
            ("unknown-shape", "customModes[4] is no mode: it has no slug"),
            wrong("customModes[5]"),
            ("unknown-shape", "customModes[5] is no mode: it has no slug"),
        ],
    )


def test_editor_settings() -> None:
    value: Json = {
        "roo-cline.allowedCommands": ["git log"],
        "roo-cline.deniedCommands": None,
        "roo-cline.customStoragePath": "/s",
        "roo-cline.autoImportSettingsPath": "",
        "roo-cline.debugProxy.enabled": True,
        "other.allowedCommands": ["x"],
    }
    assert read(EditorSettings("roo-cline"), given_value(value)) == (
        [
            said("permission", "command(git log)", "allow", "roo-cline.allowedCommands"),
            said("switch", "roo-cline.customStoragePath", "/s", "roo-cline.customStoragePath"),
            said("switch", "roo-cline.debugProxy.enabled", True, "roo-cline.debugProxy.enabled"),
        ],
        [],
    )


def test_history() -> None:
    value: Json = {"entries": [{"workspace": "/w"}, {"workspace": ""}, 7]}
    assert read(read_history, given_value(value)) == ([said("project", "/w", True, "entries[0].workspace")], [])
    assert read(read_history, given_value({"entries": {}})) == ([], [wrong("entries", "a list")])


def test_fields_of_servers() -> None:
    definition: Json = {
        "s": {"command": "x", "alwaysAllow": ["a"], "disabledTools": ["b"], "trust": True, "tools": ["c"]}
    }

    def reader(document: Document) -> list[Sighting]:
        return list(servers(document, document.value(), "p", FIELDS))

    detail = {"auto_approve": ["a"], "exclude_tools": ["b"]}
    assert read(reader, given_value(definition)) == (
        [item("mcp_server", "s", pointer="p.s", launch=launch("stdio", "x"), detail=detail)],
        [],
    )


def test_wrong_types_everywhere() -> None:
    survive_all(ExtensionState(KEY), wrong_everywhere(STATE, state))
    survive_all(
        read_modes, wrong_everywhere({"customModes": [{"slug": "a", "groups": [["b", {}]], "description": "d"}]})
    )
    survive_all(read_history, wrong_everywhere({"entries": [{"workspace": "/w"}]}))
    survive_all(EditorSettings("p"), wrong_everywhere({"p.allowedCommands": ["a"], "p.customStoragePath": "/s"}))


@given(
    anything(
        "customModes", "slug", "groups", "roleDefinition", "taskHistory", "workspace", "entries", "allowedCommands"
    )
)
@settings(deadline=None)
def test_no_value_raises(value: Json) -> None:
    survive(ExtensionState(KEY), state(value))
    for reader in (read_modes, read_history, EditorSettings("p")):
        survive(reader, given_value(value))
        survive(reader, given_value({"customModes": value, "entries": value, "p.allowedCommands": value}))
