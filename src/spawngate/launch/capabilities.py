"""What a launched server can do: filesystem, shell, network, credentials, with finer labels below them.

From what is known about the package, from arguments, environment names, container options and cached tool lists.
A container without a mount cannot see the file system whatever the package could do; where nothing is known,
nothing is claimed but what every local process can do.
Must not be here: whether a combination is dangerous (`rules`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from spawngate.launch.facts import LaunchFacts
from spawngate.launch.knowledge import Knowledge, Power, without_version


class CapabilityKind(StrEnum):
    """The four."""

    FILESYSTEM = "filesystem"
    SHELL = "shell"
    NETWORK = "network"
    CREDENTIALS = "credentials"


@dataclass(frozen=True, slots=True)
class Capability:
    """One thing the server can do, and how that is known."""

    kind: CapabilityKind
    label: str
    """Finer label: read-write, any-command, any-host, database, browser, ..."""
    detail: str = ""
    """Which paths, hosts or variable."""
    evidence: str = ""
    """package, registry, arguments, environment, container, tools, address, process."""
    untrusted_content: bool = False
    """It brings text from outside into the session."""
    private_data: bool = False
    """It reaches data that is not public."""
    way_out: bool = False
    """It can carry data out."""


_CREDENTIAL_TYPES = (
    (re.compile(r"GITHUB|GITLAB|BITBUCKET", re.I), "code-host-token"),
    (re.compile(r"AWS|AZURE|GCP|GOOGLE_APPLICATION|CLOUDFLARE|DIGITALOCEAN|KUBE", re.I), "cloud-account"),
    (re.compile(r"DATABASE|POSTGRES|PG|MYSQL|MONGO|REDIS|SUPABASE|NEON|CLICKHOUSE|DSN|DB_", re.I), "database"),
    (re.compile(r"SLACK|DISCORD|TELEGRAM|TEAMS|TWILIO", re.I), "chat-token"),
    (re.compile(r"STRIPE|PAYPAL|SQUARE", re.I), "payment-key"),
    (re.compile(r"OPENAI|ANTHROPIC|GEMINI|MISTRAL|GROQ|HUGGING|HF_|PERPLEXITY|REPLICATE", re.I), "model-provider-key"),
    (re.compile(r"SSH|PRIVATE_KEY|GPG", re.I), "private-key"),
)
_TOOL_WORDS = (
    (
        re.compile(r"(?:^|_)(?:run|exec|execute|shell|terminal|command|bash|powershell)(?:_|$)"),
        CapabilityKind.SHELL,
        "any-command",
    ),
    (
        re.compile(r"(?:^|_)(?:write|edit|create|delete|move|read|list|search)_(?:file|files|directory|dir)"),
        CapabilityKind.FILESYSTEM,
        "files",
    ),
    (
        re.compile(r"(?:^|_)(?:fetch|browse|navigate|http|url|web|download|search_web)(?:_|$)"),
        CapabilityKind.NETWORK,
        "web",
    ),
)
_PATH = re.compile(r"(?:/|~(?:/|$)|\.{1,2}(?:/|$)|[A-Za-z]:[\\/])")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]{0,63}://(?:[^@/\s]*@)?([^/:\s?#\[]+)", re.I)


def capabilities_of(
    facts: LaunchFacts, knowledge: Knowledge, cached_tools: Iterable[str] = ()
) -> tuple[Capability, ...]:
    """Everything the server can do as far as it is known, sorted, without repetition."""
    package = without_version(facts.package) if facts.package else ""
    found: list[Capability] = []
    powers = knowledge.powers.get(package)
    for power in powers or ():
        found.extend(_from_power(power, facts))
    listing = knowledge.listing(package, facts.host)
    if listing is not None and powers is None:
        if listing.filesystem:
            found.append(Capability(CapabilityKind.FILESYSTEM, "mounted", evidence="registry", private_data=True))
        if listing.hosts:
            hosts = ", ".join(listing.hosts)
            found.append(Capability(CapabilityKind.NETWORK, "declared-hosts", hosts, "registry", way_out=True))
        found.extend(
            Capability(CapabilityKind.CREDENTIALS, _credential(name), name, "registry", private_data=True)
            for name in listing.credentials
            if name in facts.env_names
        )
    found.extend(_from_arguments(facts, known=powers is not None))
    found.extend(_from_environment(facts))
    found.extend(_from_container(facts))
    found.extend(_from_address(facts))
    found.extend(_from_tools(cached_tools))
    if _is_shell(facts):
        found.append(Capability(CapabilityKind.SHELL, "any-command", evidence="process", way_out=True))
    return tuple(sorted(set(found), key=lambda c: (list(CapabilityKind).index(c.kind), c.label, c.detail, c.evidence)))


def _from_power(power: Power, facts: LaunchFacts) -> list[Capability]:
    flags = (power.untrusted_content, power.private_data, power.way_out)
    kind = CapabilityKind(power.kind)
    if power.scope == "env":
        return [Capability(kind, power.label, name, "package", *flags) for name in facts.env_secrets]
    if power.scope == "args":
        words = _paths(facts) if kind is CapabilityKind.FILESYSTEM else _hosts(facts)
        return [Capability(kind, power.label, word, "package", *flags) for word in words] or [
            Capability(kind, power.label, "", "package", *flags)
        ]
    return [Capability(kind, power.label, "", "package", *flags)]


def _from_arguments(facts: LaunchFacts, *, known: bool) -> list[Capability]:
    if known:
        return []
    found = [
        Capability(CapabilityKind.FILESYSTEM, "named-path", path, "arguments", private_data=True)
        for path in _paths(facts)
    ]
    found += [
        Capability(CapabilityKind.NETWORK, "named-host", host, "arguments", way_out=True) for host in _hosts(facts)
    ]
    return found


def _paths(facts: LaunchFacts) -> list[str]:
    words = [word.partition("=")[2] if word.startswith("-") and "=" in word else word for word in facts.server_args]
    return [word for word in words if word and not word.startswith("-") and _PATH.match(word)]


def _hosts(facts: LaunchFacts) -> list[str]:
    return [match.group(1).lower() for word in facts.server_args for match in [_ADDRESS.search(word)] if match]


def _from_environment(facts: LaunchFacts) -> list[Capability]:
    return [
        Capability(CapabilityKind.CREDENTIALS, _credential(name), name, "environment", private_data=True)
        for name in facts.env_secrets
    ]


def _credential(name: str) -> str:
    return next((label for pattern, label in _CREDENTIAL_TYPES if pattern.search(name)), "credential")


def _from_container(facts: LaunchFacts) -> list[Capability]:
    if not facts.container:
        return []
    found = [
        Capability(CapabilityKind.FILESYSTEM, "mounted", mount, "container", private_data=True)
        for mount in facts.host_mounts
    ]
    if facts.privileged or facts.engine_socket or facts.host_namespaces:
        found.append(
            Capability(CapabilityKind.SHELL, "host-control", evidence="container", private_data=True, way_out=True)
        )
    if facts.host_network:
        found.append(Capability(CapabilityKind.NETWORK, "host-network", evidence="container", way_out=True))
    return found


def _from_address(facts: LaunchFacts) -> list[Capability]:
    if not facts.host or facts.loopback:
        return []
    return [
        Capability(CapabilityKind.NETWORK, "remote-server", facts.host, "address", untrusted_content=True, way_out=True)
    ]


def _from_tools(tools: Iterable[str]) -> list[Capability]:
    return [
        Capability(
            kind,
            label,
            tool,
            "tools",
            untrusted_content=kind is CapabilityKind.NETWORK,
            private_data=kind is CapabilityKind.FILESYSTEM,
            way_out=kind is not CapabilityKind.FILESYSTEM,
        )
        for tool in tools
        for pattern, kind, label in _TOOL_WORDS
        if pattern.search(tool.lower())
    ]


def _is_shell(facts: LaunchFacts) -> bool:
    """The launch itself is a command line or code, so it can do whatever that says."""
    return (facts.shell and not facts.shell_plain) or facts.inline_code or facts.downloads_and_runs
