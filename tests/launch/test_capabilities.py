"""What a launched server can do."""

import pytest

from spawngate.launch.capabilities import Capability, CapabilityKind, capabilities_of
from spawngate.launch.facts import LaunchFacts
from spawngate.launch.knowledge import shipped

FS, SH, NET, CRED = (
    CapabilityKind.FILESYSTEM,
    CapabilityKind.SHELL,
    CapabilityKind.NETWORK,
    CapabilityKind.CREDENTIALS,
)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (LaunchFacts(), ()),
        (
            LaunchFacts(
                package="pkg:npm/%40modelcontextprotocol/server-filesystem@1",
                server_args=("/data", "--verbose", "~/docs"),
            ),
            (Capability(FS, "read-write", "/data", "package"), Capability(FS, "read-write", "~/docs", "package")),
        ),
        (
            LaunchFacts(package="pkg:pypi/mcp-server-fetch"),
            (Capability(NET, "any-host", "", "package", untrusted_content=True),),
        ),
        (
            LaunchFacts(
                package="pkg:npm/%40modelcontextprotocol/server-postgres",
                server_args=("postgresql://app:[secret:dsn-password:aa]@db.internal.example:5432/prod",),
                env_names=("PGPASSWORD",),
                env_secrets=("PGPASSWORD",),
            ),
            (
                Capability(NET, "database", "db.internal.example", "package", private_data=True),
                Capability(CRED, "database", "PGPASSWORD", "environment", private_data=True),
                Capability(CRED, "database", "PGPASSWORD", "package", private_data=True),
            ),
        ),
        (
            LaunchFacts(program="node", server_args=("--root=/srv", "https://api.example.com/v1", "plain")),
            (
                Capability(FS, "named-path", "/srv", "arguments", private_data=True),
                Capability(NET, "named-host", "api.example.com", "arguments", way_out=True),
            ),
        ),
        (
            LaunchFacts(container=True, host_mounts=("/home/a",), engine_socket=True, host_network=True),
            (
                Capability(FS, "mounted", "/home/a", "container", private_data=True),
                Capability(SH, "host-control", "", "container", private_data=True, way_out=True),
                Capability(NET, "host-network", "", "container", way_out=True),
            ),
        ),
        (
            LaunchFacts(transport="http", host="mcp.example.com", env_secrets=("GITHUB_TOKEN",)),
            (
                Capability(NET, "remote-server", "mcp.example.com", "address", untrusted_content=True, way_out=True),
                Capability(CRED, "code-host-token", "GITHUB_TOKEN", "environment", private_data=True),
            ),
        ),
        (LaunchFacts(transport="http", host="localhost", loopback=True), ()),
        (LaunchFacts(inline_code=True), (Capability(SH, "any-command", "", "process", way_out=True),)),
        (LaunchFacts(shell=True, shell_plain=True), ()),
    ],
)
def test_from_facts(facts: LaunchFacts, expected: tuple[Capability, ...]) -> None:
    assert capabilities_of(facts, shipped()) == expected


@pytest.mark.parametrize(
    ("tool", "expected"),
    [
        ("run_command", (Capability(SH, "any-command", "run_command", "tools", way_out=True),)),
        ("write_file", (Capability(FS, "files", "write_file", "tools", private_data=True),)),
        ("fetch", (Capability(NET, "web", "fetch", "tools", untrusted_content=True, way_out=True),)),
        ("add_numbers", ()),
        ("prefetched_items", ()),
    ],
)
def test_from_cached_tools(tool: str, expected: tuple[Capability, ...]) -> None:
    assert capabilities_of(LaunchFacts(), shipped(), (tool,)) == expected


def test_registry_says_what_a_listed_image_gets() -> None:
    found = capabilities_of(LaunchFacts(package="pkg:docker/mcp/sqlite", container=True), shipped())
    assert [(item.kind, item.evidence) for item in found] == [(FS, "package")]
    listed = capabilities_of(LaunchFacts(package="pkg:docker/mcp/stripe", env_names=("STRIPE_SECRET_KEY",)), shipped())
    assert listed == (Capability(CRED, "payment-key", "STRIPE_SECRET_KEY", "registry", private_data=True),)
