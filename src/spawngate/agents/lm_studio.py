"""LM Studio (Element Labs).

Sources: https://lmstudio.ai/docs/app/mcp (mcp.json follows Cursor's form), lmstudio-ai/lmstudio-bug-tracker#1371 (older
installs keep their home in ~/.cache/lm-studio), docker/mcp-gateway pkg/client/config.yml. Plugins lie in
`extensions/plugins/<owner>/<name>` with a manifest.json; those of owner `mcp` are made from mcp.json (from memory, not
confirmed by a vendor page) and their own copies of a server's definition are therefore not read again.
Which servers are switched on and which tools need no confirmation is state of the app that is not documented.
"""

from collections.abc import Iterable

from spawngate.agents.agent import Agent, Detect, Location
from spawngate.agents.readers.plugins import Plugin
from spawngate.agents.readers.servers import Servers
from spawngate.model.artifact import Scope


def _locations() -> Iterable[Location]:
    for home in ("~/.lmstudio", "~/.cache/lm-studio"):
        yield Location(f"{home}/mcp.json", Scope.USER, Servers())
        yield Location(f"{home}/extensions/plugins/*/*/manifest.json", Scope.PLUGIN, Plugin(levels=0))


AGENT = Agent(
    id="lm-studio",
    name="LM Studio",
    vendor="Element Labs",
    detect=Detect(
        binaries=("lms",),
        paths=("~/.lmstudio", "~/.cache/lm-studio", "~/.lmstudio-home-pointer"),
        apps=("/Applications/LM Studio.app", "%LOCALAPPDATA%/Programs/LM Studio/LM Studio.exe"),
    ),
    locations=tuple(_locations()),
    process_names=("LM Studio", "lm-studio"),
    notes={
        "home": "~/.lmstudio-home-pointer may name another home folder; it is not followed",
        "approvals": "which servers are on and which tools run unasked is not in a documented file",
    },
)
