"""SHELL. What hooks know of servers that the launcher has started: which launch runs, and whether it was approved.

An inventory knows what files say; only the launcher knows what runs. Both are asked when a call is decided, because
servers start and end between two inventories.
Must not be here: inventories (`daemon.inventory`), what an approval covers (`policy.approvals`), calls that pass the
launcher itself (`course`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from spawngate.agents import AGENTS
from spawngate.command.inventory import InventoryView, ServerView, tool_spelling
from spawngate.endpoint.launching.known import Records, Running
from spawngate.endpoint.launching.processes import alive

Views = Mapping[str, InventoryView]
Alive = Callable[[int], bool]


@dataclass(frozen=True, slots=True)
class RunningView(InventoryView):
    """The servers of one agent, with what is known of those that run."""

    agent: str = ""
    records: Records | None = None
    alive: Alive = alive

    def server(self, name: str) -> ServerView | None:
        """See `InventoryView.server`. Approved where every start that runs under this name was."""
        view = InventoryView.server(self, name)
        running = self._running(name if view is None else view.name)
        if not running:
            return view
        fingerprints = {each.fingerprint for each in running}
        known = view if view is not None else ServerView(running[0].name, tier=running[0].tier)
        return replace(
            known,
            approved=all(each.approved for each in running),
            fingerprint=fingerprints.pop() if len(fingerprints) == 1 else "",
        )

    def _running(self, name: str) -> list[Running]:
        """Those of this name whose agent is still there: who is killed cannot tell that it ended."""
        if self.records is None or not name:
            return []
        spelled = tool_spelling(name)
        return [
            each
            for each in tuple(self.records.running.values())
            if each.agent == self.agent
            and (each.name == name or tool_spelling(each.name) == spelled)
            and (not each.parent or self.alive(each.parent))
        ]


def with_running(views: Views, records: Records) -> Views:
    """The views of an inventory, or of none yet, with what runs when they are asked."""
    nothing = InventoryView()
    known = {agent: views.get(agent, nothing) for agent in (*AGENTS, *views)}
    return {agent: RunningView(view.servers, view.complete, agent, records) for agent, view in known.items()}
