"""Lists of names."""

from spawngate.agents.formats import Format
from spawngate.agents.formats.edit_values import Operation
from spawngate.agents.lists.allowed import CompiledList
from spawngate.agents.lists.named import NOBODY, compiled
from tests.agents.lists.servers import ALL


def test_list() -> None:
    assert compiled(ALL, ()) == CompiledList(
        (), Format.JSONC, (Operation(("mcp", "allowed"), ["docs", "files", "keyed"], "set", overwrite=True),)
    )


def test_nothing_approved_names_what_cannot_be() -> None:
    assert compiled((), ()).operations[0].value == [NOBODY]
