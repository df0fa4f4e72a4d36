"""The surroundings of a call."""

from spawngate.command.context import CallContext, context_of
from spawngate.command.inventory import InventoryView
from spawngate.model.call import ToolCall, ToolKind


def test_a_call_brings_its_folder_and_agent() -> None:
    call = ToolCall("codex-cli", "Bash", ToolKind.SHELL, cwd="/srv/app")
    assert context_of(call, home="/home/dev", platform="macos") == CallContext(
        "/home/dev", "/srv/app", "", "macos", "codex-cli", InventoryView()
    )


def test_the_folder_counts_as_project_where_none_is_known() -> None:
    assert CallContext(cwd="/a").root == "/a"
    assert CallContext(cwd="/a/b", project="/a").root == "/a"
