"""Claude Code's list closes the users' own lists too."""

from spawngate.agents.formats.edit_values import Operation
from spawngate.agents.lists.claude_code import LIST
from tests.agents.lists.servers import FILES


def test_list() -> None:
    made = LIST.compile((FILES,))
    assert [place.template for place in made.places if "linux" in place.on] == [
        "/etc/claude-code/managed-settings.d/50-spawngate-servers.json"
    ]
    assert made.operations[1:] == (Operation(("allowManagedMcpServersOnly",), True, "set", overwrite=True),)
