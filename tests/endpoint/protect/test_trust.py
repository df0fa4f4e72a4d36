"""Records of trust: computed from what the hook file will hold, under every name that Codex may know it by."""

import json
import os
from pathlib import Path

from spawngate.agents import load_agent
from spawngate.endpoint.protect.targets import Request
from spawngate.endpoint.protect.trust import names_of, trust_targets
from spawngate.model.artifact import Scope
from tests.endpoint.protect.conftest import Place


def request(agent: str, scope: Scope = Scope.USER) -> Request:
    known = load_agent(agent)
    assert known.hook is not None
    assert known.hook.registration is not None
    return Request(known, known.hook, known.hook.registration, ("/s/spawngate-hook", agent), scope)


def test_record_follows_what_is_planned(place: Place) -> None:
    path = f"{place.home}/.codex/hooks.json"
    planned = {path: json.dumps({"hooks": {"PreToolUse": [{"hooks": [{"command": "/s/spawngate-hook x"}]}]}}).encode()}
    (found,) = trust_targets(request("codex-cli"), place.around.machinery, planned)
    assert found.path == f"{place.home}/.codex/config.toml"
    assert [operation.pointer for operation in found.operations] == [
        ("hooks", "state", f"{path}:pre_tool_use:0:0", "trusted_hash")
    ]
    assert trust_targets(request("codex-cli"), place.around.machinery, {}) == []


def test_agents_that_want_no_hash_have_no_record(place: Place) -> None:
    assert trust_targets(request("claude-code"), place.around.machinery, {}) == []
    assert trust_targets(request("codex-cli", Scope.MANAGED), place.around.machinery, {}) == []


def test_file_behind_a_link_has_two_names(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert names_of(f"{tmp_path}/real/f") == (f"{os.path.realpath(tmp_path)}/real/f",)
    assert names_of(f"{tmp_path}/link/f") == (f"{tmp_path}/link/f", f"{os.path.realpath(tmp_path)}/real/f")


def test_damaged_hook_file_gives_no_record(place: Place) -> None:
    place.write(".codex/hooks.json", b"{")
    assert trust_targets(request("codex-cli"), place.around.machinery, {}) == []
