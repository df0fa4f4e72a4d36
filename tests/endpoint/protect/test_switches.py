"""Every switch of the table is seen in every place in which it can stand, and odd files set none."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from spawngate.agents import load_agent
from spawngate.agents.formats import Format
from spawngate.agents.formats.edit import edit
from spawngate.agents.formats.edit_values import Operation
from spawngate.agents.hooks.off_switches import SWITCHES, OffSwitch, Test
from spawngate.agents.hooks.registration import is_ours
from spawngate.endpoint.protect.present import Surroundings
from spawngate.endpoint.protect.switches import SetSwitch, document_at, switches_set
from spawngate.model.artifact import Scope
from tests.endpoint.protect.conftest import Place

VALUES: dict[Test, Any] = {
    Test.TRUE: True,
    Test.FALSE: False,
    Test.PRESENT: "1",
    Test.NAMES_US: ["spawngate"],
    Test.LOADS_CODE: {"LD_PRELOAD": "/x.so"},
    Test.EXISTS: 1,
}
CASES = [
    pytest.param(switch, template, scope, id=f"{switch.id}-{template}")
    for switch in SWITCHES
    for template, scope in switch.files
    if not template.startswith(("%", "/Library", "{vscode_user}"))
]


def written(switch: OffSwitch) -> bytes:
    """A file in which the switch is set."""
    value = VALUES[switch.test]
    if switch.format is Format.TEXT:
        variables = value if isinstance(value, dict) else {switch.pointer[0]: value}
        return "".join(f"export {name}='{item}'\n" for name, item in variables.items()).encode()
    if switch.test is Test.EXISTS:
        return b'{"hooks": {"pre_tool_use": [{"matcher": "*", "hooks": [{"command": "x"}]}]}}'
    pointer = tuple("p" if key == "*" else key for key in switch.pointer)
    if switch.test is Test.NAMES_US and switch.format is Format.TOML:
        return b'[[hooks]]\nname = "spawngate"\n'
    return edit(b"", switch.format, [Operation(pointer, value, "set")], is_ours).data


@pytest.mark.parametrize(("switch", "template", "scope"), CASES)
def test_every_switch_is_seen_in_every_place(place: Place, switch: OffSwitch, template: str, scope: Scope) -> None:
    project = place.home / "project"
    name = template.replace("*", "x").replace("{project}", str(project)).replace("~", str(place.home))
    if scope is Scope.MANAGED:
        name = f"{place.root}{name}"
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written(switch))
    if switch.format is Format.TOML:
        tomllib.loads(path.read_text(encoding="utf-8"))
    found = switches_set(load_agent(switch.agent), place.around.machinery, [str(project)])
    assert (switch.id, str(path)) in {(item.switch, item.path) for item in found}
    path.unlink()
    assert switches_set(load_agent(switch.agent), place.around.machinery, [str(project)]) == []


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"a = ", b"[" * 50_000], ids=repr)
def test_odd_files_switch_nothing_off(place: Place, data: bytes) -> None:
    for name in (".claude/settings.json", ".codex/config.toml", ".qwen/.env"):
        place.write(name, data)
    for agent in ("claude-code", "codex-cli", "qwen-code"):
        assert switches_set(load_agent(agent), place.around.machinery) == []


def test_what_is_set_says_where_and_whom_it_stops(place: Place) -> None:
    path = place.write(".claude/settings.json", b'{"disableAllHooks": true, "env": {"CLAUDE_CODE_SIMPLE": "1"}}')
    around = Surroundings(str(place.home), place.state, "", {"CLAUDE_CODE_SAFE_MODE": "1", "CLAUDE_CONFIG_DIR": ""})
    assert switches_set(load_agent("claude-code"), around.machinery) == [
        SetSwitch("claude-code-disable-all-hooks", str(path), Scope.USER, (Scope.USER,), ""),
        SetSwitch(
            "claude-code-simple",
            str(path),
            Scope.USER,
            (Scope.USER, Scope.MANAGED),
            "headless it counts in a folder that nobody trusts",
        ),
        SetSwitch("CLAUDE_CODE_SAFE_MODE", "the environment", Scope.USER, (Scope.USER,), ""),
    ]


def test_documents_of_every_form_are_read(tmp_path: Path) -> None:
    for name, form, text in (("a", Format.YAML, "k: 1"), ("b", Format.TOML, "k = 1"), ("c", Format.JSONC, '{"k": 1,}')):
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert document_at(str(tmp_path / name), form) == {"k": 1}
    assert document_at(str(tmp_path / "none"), Format.JSON) is None
