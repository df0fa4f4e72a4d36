"""OpenHands (All Hands AI): command line and server.

Sources, read 2026-11: OpenHands/OpenHands-CLI:openhands_cli/locations.py, https://docs.openhands.dev/sdk/guides/hooks;
the reference's reading of the software-agent-sdk. The command line keeps servers in mcp.json; the server keeps them in
settings.json or config.toml as three lists by transport. `.openhands/setup.sh` runs whenever a conversation opens the
repository. Not read at the vendor: keys of settings.json and of the security section beside the servers, the shape of
base_state.json and of marketplaces.json.
"""

from collections.abc import Iterable, Mapping

from spawngate.agents.agent import Agent, Detect, Location
from spawngate.agents.document import Document, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.hooks.dialects.openhands import HOOK
from spawngate.agents.readers import as_list, as_map, as_text, many, pure_path
from spawngate.agents.readers.claude_shaped import HookDocument
from spawngate.agents.readers.hooks import HookFile
from spawngate.agents.readers.named_settings import Switches, lookup
from spawngate.agents.readers.permissions import setting
from spawngate.agents.readers.servers import Fields, Servers, server
from spawngate.agents.readers.texts import RULES, SKILL, Text
from spawngate.model.artifact import Kind, Scope
from spawngate.model.json import Json
from spawngate.model.observed import Topic

FIELDS = Fields(env_file=(), auto_approve=(), trust=(), sandbox=())

_LISTS = (("stdio_servers", "stdio"), ("sse_servers", "sse"), ("shttp_servers", "http"))
_SWITCHES = Switches(
    (
        "confirmation_mode",
        "security.confirmation_mode",
        "security.security_analyzer",
        "security_analyzer",
        "core.runtime",
        "sandbox.volumes",
        "sandbox.use_host_network",
        "llm.base_url",
    )
)


def read_lists(document: Document) -> Iterable[Sighting]:
    """Servers in three lists under `mcp` (config.toml) or `mcp_config` (settings.json)."""
    for section in ("mcp", "mcp_config"):
        lists = document.map().get(section)
        if not isinstance(lists, Mapping):
            continue
        for key, transport in _LISTS:
            pointer = f"{section}.{key}"
            for index, item in enumerate(as_list(document, lists.get(key), pointer)):
                definition = _definition(item, transport)
                name = definition.get("name") if isinstance(definition, Mapping) else None
                name = name if isinstance(name, str) and name else f"{transport}#{index + 1}"
                yield server(document, name, definition, f"{pointer}[{index}]", FIELDS)


def _definition(item: Json, transport: str) -> Json:
    """An item of a list as a definition: an address may stand alone, and a key is sent as a bearer token."""
    if isinstance(item, str):
        return {"type": transport, "url": item}
    if not isinstance(item, Mapping):
        return item
    key = item.get("api_key")
    credentials = {"headers": {"Authorization": f"Bearer {key}"}} if isinstance(key, str) and key else {}
    return {"type": transport, **credentials, **item}


def read_confirmation(document: Document) -> Iterable[Sighting]:
    """Without confirmation mode every action runs without a question."""
    for name in ("confirmation_mode", "security.confirmation_mode"):
        if lookup(document.map(), name) is False:
            yield setting(document, Topic.AUTO_APPROVE, "*", True, name)


def read_conversation(document: Document) -> Iterable[Sighting]:
    """`base_state.json` of a conversation: the folder that it worked in."""
    workspace = as_map(document, document.map().get("workspace"), "workspace")
    folder = as_text(document, workspace.get("working_dir"), "workspace.working_dir")
    if folder and pure_path(folder).is_absolute():
        yield setting(document, Topic.PROJECT, folder, True, "workspace.working_dir")


_SERVER_CONFIG = many(read_lists, read_confirmation, _SWITCHES)
_HOOKS = HookDocument()
_MICROAGENT = Text(Kind.INSTRUCTION, "microagent")
_FLAT_SKILL = Text(Kind.SKILL, "skill")

AGENT = Agent(
    id="openhands",
    name="OpenHands",
    vendor="All Hands AI",
    detect=Detect(
        binaries=("openhands",),
        paths=("~/.openhands",),
        packages=("openhands", "openhands-ai"),
        sessions=("~/.openhands/conversations/*",),
    ),
    locations=(
        Location("~/.openhands/mcp.json", Scope.USER, Servers(fields=FIELDS)),
        Location("~/.openhands/agent_settings.json", Scope.USER, Servers(("mcp_config", "mcpServers"), FIELDS)),
        Location("~/.openhands/settings.json", Scope.USER, _SERVER_CONFIG),
        Location("~/.openhands/config.toml", Scope.USER, _SERVER_CONFIG, Format.TOML),
        # Many programs have a config.toml: it is read for OpenHands only where OpenHands is.
        Location("{project}/config.toml", Scope.PROJECT, _SERVER_CONFIG, Format.TOML, shared=True),
        Location("~/.openhands/hooks.json", Scope.USER, _HOOKS),
        Location("{project}/.openhands/hooks.json", Scope.PROJECT, _HOOKS),
        Location("{project}/.openhands/setup.sh", Scope.PROJECT, HookFile(), Format.NONE),
        Location("{project}/.openhands/pre-commit.sh", Scope.PROJECT, HookFile(), Format.NONE),
        Location("~/.openhands/conversations/*/base_state.json", Scope.USER, read_conversation, keep=(("workspace",),)),
        Location("~/.openhands/skills/*/SKILL.md", Scope.USER, SKILL, Format.FRONTMATTER, siblings=True),
        Location("~/.openhands/skills/*.md", Scope.USER, _FLAT_SKILL, Format.FRONTMATTER),
        Location("{project}/.openhands/skills/*/SKILL.md", Scope.PROJECT, SKILL, Format.FRONTMATTER, siblings=True),
        Location("{project}/.openhands/skills/*.md", Scope.PROJECT, _FLAT_SKILL, Format.FRONTMATTER),
        Location("~/.openhands/microagents/**/*.md", Scope.USER, _MICROAGENT, Format.FRONTMATTER),
        Location("{project}/.openhands/microagents/**/*.md", Scope.PROJECT, _MICROAGENT, Format.FRONTMATTER),
        Location("{project}/.openhands_instructions", Scope.PROJECT, RULES, Format.TEXT),
    ),
    hook=HOOK,
    notes={
        "confirmation": "whether the command line asks is chosen at its start and not kept on disk",
        "sandbox": "the server runs commands in a container unless core.runtime is local; its servers run there too",
        "plugins": "marketplaces.json was not read",
    },
)
