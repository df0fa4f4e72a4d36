"""Facts about what the servers of one agent can do together.

Belongs here: the closed vocabulary of endpoint rules, put together from the capabilities of each server.
Must not be here: how a capability is established (`launch.capabilities`), and which combination is dangerous (rules).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from spawngate.launch.capabilities import Capability, CapabilityKind


@dataclass(frozen=True, slots=True)
class EndpointFacts:
    """One agent with all servers that are in force for it. Lists hold server names, sorted."""

    agent: str = ""
    servers: tuple[str, ...] = ()
    private_data: tuple[str, ...] = ()
    """Servers that reach data that is not public: files, databases, mail, credentials."""
    untrusted_content: tuple[str, ...] = ()
    """Servers that bring text from outside into the session."""
    way_out: tuple[str, ...] = ()
    """Servers that can carry data out."""
    shell: tuple[str, ...] = ()
    """Servers that run commands."""
    filesystem: tuple[str, ...] = ()
    network: tuple[str, ...] = ()
    credentials: tuple[str, ...] = ()
    all_three: tuple[str, ...] = ()
    """Servers that alone hold private data, untrusted content and a way out."""
    host_control: tuple[str, ...] = ()
    """Containers that control their host."""
    agent_shell: bool = False
    """The agent itself may run any command without asking."""
    unattended: bool = False
    """The agent asks nobody before it uses tools."""
    unattended_servers: tuple[str, ...] = ()
    """Servers all of whose tools run without a question."""


def endpoint_facts(
    agent: str,
    servers: Mapping[str, Sequence[Capability]],
    *,
    agent_shell: bool = False,
    unattended: bool = False,
    unattended_servers: Collection[str] = (),
) -> EndpointFacts:
    """Facts of one agent from the capabilities of each of its servers, by name."""

    def those(flag: str) -> tuple[str, ...]:
        return tuple(sorted(name for name, can in servers.items() if any(getattr(each, flag) for each in can)))

    def of_kind(kind: CapabilityKind) -> tuple[str, ...]:
        return tuple(sorted(name for name, can in servers.items() if any(each.kind is kind for each in can)))

    private, outside, out = those("private_data"), those("untrusted_content"), those("way_out")
    return EndpointFacts(
        agent=agent,
        servers=tuple(sorted(servers)),
        private_data=private,
        untrusted_content=outside,
        way_out=out,
        shell=of_kind(CapabilityKind.SHELL),
        filesystem=of_kind(CapabilityKind.FILESYSTEM),
        network=of_kind(CapabilityKind.NETWORK),
        credentials=of_kind(CapabilityKind.CREDENTIALS),
        all_three=tuple(sorted({*private} & {*outside} & {*out})),
        host_control=tuple(
            sorted(name for name, can in servers.items() if any(each.label == "host-control" for each in can))
        ),
        agent_shell=agent_shell,
        unattended=unattended,
        unattended_servers=tuple(sorted({*unattended_servers} & {*servers})),
    )
