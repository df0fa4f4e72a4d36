"""Amazon Q Developer CLI (AWS), continued as Kiro CLI; and the servers of the Amazon Q extensions.

Sources, read 2026-11: aws/amazon-q-developer-cli:docs/agent-format.md, docs/hooks.md, docs/built-in-tools.md; the
reference's reading of its language server (agents/default.json). An agent file names its servers and hooks; with
`useLegacyMcpJson` the two mcp.json files join. Before agents there were profiles with context hooks. Not read at the
vendor: the folders of settings.json, prompts and profiles, and the shape of mcp-approvals.json.
"""

from collections.abc import Iterable

from spawngate.agents.agent import Agent, Detect, Location
from spawngate.agents.document import Document, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.hooks.dialects.amazon_q_cli import HOOK
from spawngate.agents.readers import as_map, as_text, many
from spawngate.agents.readers.cli_agent import agent_grants
from spawngate.agents.readers.hooks import hook
from spawngate.agents.readers.named_settings import Switches
from spawngate.agents.readers.servers import Fields, Servers
from spawngate.agents.readers.texts import COMMAND, RULES, SUBAGENT
from spawngate.model.artifact import Scope

FIELDS = Fields(env_file=(), trust=(), sandbox=())


def read_context_hooks(document: Document) -> Iterable[Sighting]:
    """Context file of a profile: `hooks` by name, each with its `trigger` and `command`."""
    for name, raw in as_map(document, document.map().get("hooks"), "hooks").items():
        pointer = f"hooks.{name}"
        entry = as_map(document, raw, pointer)
        if entry:
            event = as_text(document, entry.get("trigger"), f"{pointer}.trigger") or "unknown"
            # `type: inline` says how the output is used, not what the handler is.
            fields = {key: value for key, value in entry.items() if key != "type"}
            yield hook(document, event, None, fields, pointer)


_AGENT_FILE = many(SUBAGENT, agent_grants)
_SWITCHES = Switches(("chat.defaultAgent", "chat.enableKnowledge", "chat.enableDelegate", "telemetry.enabled"))
_AMAZON_Q = "~/.aws/amazonq"

AGENT = Agent(
    id="amazon-q-cli",
    name="Amazon Q Developer CLI",
    vendor="AWS",
    detect=Detect(
        binaries=("qchat",),
        paths=(_AMAZON_Q, "~/.local/share/amazon-q", "~/Library/Application Support/amazon-q"),
        apps=("/Applications/Amazon Q.app",),
        extension_ids=("amazonwebservices.amazon-q-vscode",),
        sessions=("~/.local/share/amazon-q/data.sqlite3", "~/Library/Application Support/amazon-q/data.sqlite3"),
    ),
    locations=(
        Location(f"{_AMAZON_Q}/mcp.json", Scope.USER, Servers(fields=FIELDS)),
        Location("{project}/.amazonq/mcp.json", Scope.PROJECT, Servers(fields=FIELDS)),
        Location(f"{_AMAZON_Q}/cli-agents/*.json", Scope.USER, _AGENT_FILE),
        Location("{project}/.amazonq/cli-agents/*.json", Scope.PROJECT, _AGENT_FILE),
        Location(f"{_AMAZON_Q}/agents/default.json", Scope.USER, _AGENT_FILE),
        Location("{project}/.amazonq/agents/default.json", Scope.PROJECT, _AGENT_FILE),
        Location(f"{_AMAZON_Q}/agents/mcp.json", Scope.USER, Servers(fields=FIELDS)),
        Location("~/.local/share/amazon-q/settings.json", Scope.USER, _SWITCHES, on=("linux",)),
        Location("{appdata}/amazon-q/settings.json", Scope.USER, _SWITCHES, on=("macos",)),
        Location(f"{_AMAZON_Q}/global_context.json", Scope.USER, read_context_hooks),
        Location(f"{_AMAZON_Q}/profiles/*/context.json", Scope.PROFILE, read_context_hooks),
        Location(f"{_AMAZON_Q}/prompts/*.md", Scope.USER, COMMAND, Format.TEXT),
        Location("{project}/.amazonq/prompts/*.md", Scope.PROJECT, COMMAND, Format.TEXT),
        Location("{project}/.amazonq/rules/**/*.md", Scope.PROJECT, RULES, Format.TEXT),
        Location("{project}/AmazonQ.md", Scope.PROJECT, RULES, Format.TEXT),
    ),
    hook=HOOK,
    notes={
        "approval": "the language server keeps approvals in mcp-approvals.json; its shape was not read",
        "legacy": "mcp.json takes effect only for agents with useLegacyMcpJson, which the built-in agent has",
        "binary": "the program is called `q`, a name too common to look for",
    },
)
