"""Facts of an agent from what its servers can do."""

from spawngate.launch.capabilities import Capability, CapabilityKind
from spawngate.rules.endpoint_facts import EndpointFacts, endpoint_facts
from spawngate.rules.engine import shipped

FILES = Capability(CapabilityKind.FILESYSTEM, "read-write", "/home/dev", "arguments", private_data=True)
WEB = Capability(CapabilityKind.NETWORK, "any-host", "", "package", untrusted_content=True, way_out=True)
TOKEN = Capability(CapabilityKind.CREDENTIALS, "code-host-token", "T", "environment", private_data=True)
HOST = Capability(CapabilityKind.SHELL, "host-control", "", "container", private_data=True, way_out=True)


def test_whole() -> None:
    servers = {"files": (FILES,), "github": (TOKEN, WEB), "admin": (HOST,), "time": ()}
    assert endpoint_facts(
        "cursor", servers, agent_shell=True, unattended=True, unattended_servers=("time", "gone")
    ) == EndpointFacts(
        agent="cursor",
        servers=("admin", "files", "github", "time"),
        private_data=("admin", "files", "github"),
        untrusted_content=("github",),
        way_out=("admin", "github"),
        shell=("admin",),
        filesystem=("files",),
        network=("github",),
        credentials=("github",),
        all_three=("github",),
        host_control=("admin",),
        agent_shell=True,
        unattended=True,
        unattended_servers=("time",),
    )


def test_nothing() -> None:
    assert endpoint_facts("cursor", {}) == EndpointFacts(agent="cursor")
    assert shipped().endpoint(EndpointFacts(agent="cursor")) == ()


def test_combination_is_found_over_servers() -> None:
    found = shipped().endpoint(endpoint_facts("cursor", {"files": (FILES,), "web": (WEB,)}), artifact="agent-1")
    assert [(each.rule, each.artifact, each.evidence) for each in found] == [
        (
            "private-data-untrusted-content-way-out",
            "agent-1",
            ("private_data=files", "untrusted_content=web", "way_out=web"),
        )
    ]
