"""What a call is judged against: whose home, which folder, which system, which inventory.

Belongs here: the value that carries the surroundings of a call into the facts.
Must not be here: how they are found out (`endpoint`).
"""

from msgspec import Struct, field

from spawngate.agents.document import Platform
from spawngate.command.inventory import InventoryView
from spawngate.model.call import ToolCall


class CallContext(Struct, frozen=True):
    """Surroundings of one call. Empty texts mean that it is not known; paths may be in either system's spelling."""

    home: str = ""
    """Home folder of the user as whom the agent runs."""
    cwd: str = ""
    """Working folder of the call."""
    project: str = ""
    """Root of the project; the working folder counts where it is empty."""
    platform: Platform = "linux"
    agent: str = ""
    """Id of the agent that calls."""
    inventory: InventoryView = field(default_factory=InventoryView)

    @property
    def root(self) -> str:
        """Root of the project, or the working folder."""
        return self.project or self.cwd


def context_of(
    call: ToolCall,
    *,
    home: str = "",
    project: str = "",
    platform: Platform = "linux",
    inventory: InventoryView | None = None,
) -> CallContext:
    """The surroundings of a call: its own folder and agent beside what the endpoint knows."""
    return CallContext(home, call.cwd, project, platform, call.agent, inventory or InventoryView())
