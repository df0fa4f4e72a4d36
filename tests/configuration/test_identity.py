"""Two definitions of one launch have one identity, and others have others."""

import pytest

from spawngate.configuration.identity import identity_of, launch_identity
from spawngate.model.artifact import Kind, Launch, Scope, Transport
from spawngate.model.observed import Observed, ObservedLaunch
from spawngate.redact.artifact import Crossing
from spawngate.redact.redactor import Redactor

REDACTOR = Redactor(b"k" * 32)


def server(launch: ObservedLaunch, agent: str = "cursor", name: str = "x") -> Observed:
    return Observed(Kind.MCP_SERVER, agent, Scope.USER, name, "/f", launch=launch)


BASE = ObservedLaunch(Transport.STDIO, "npx", ("-y", "p@1"), {"API_KEY": "sk-1234567890abcdefghij", "MODE": "x"})


def test_inventory_and_text_agree() -> None:
    observed = server(BASE)
    artifact = Crossing(REDACTOR, "endpoint").artifact(observed, "/home/dev")[0]
    assert identity_of(observed, REDACTOR, "/home/dev") == launch_identity(artifact.launch, "/home/dev")
    assert identity_of(server(BASE, "claude-code", "y"), REDACTOR) == identity_of(observed, REDACTOR)


def test_a_rotated_secret_is_the_same_launch() -> None:
    other = ObservedLaunch(Transport.STDIO, "npx", ("-y", "p@1"), {"API_KEY": "sk-zyxwvutsrqponmlkjihg", "MODE": "x"})
    assert identity_of(server(other), REDACTOR) == identity_of(server(BASE), REDACTOR)


@pytest.mark.parametrize(
    "launch",
    [
        ObservedLaunch(Transport.STDIO, "npx", ("-y", "p@2"), BASE.env),
        ObservedLaunch(Transport.STDIO, "npm", ("-y", "p@1"), BASE.env),
        ObservedLaunch(Transport.STDIO, "npx", ("-y", "p@1"), {**BASE.env, "NODE_OPTIONS": "-r x"}),
        ObservedLaunch(Transport.STDIO, "npx", ("-y", "p@1"), BASE.env, cwd="/tmp"),
        ObservedLaunch(Transport.HTTP, url="https://a.example"),
    ],
)
def test_another_launch_is_another(launch: ObservedLaunch) -> None:
    assert identity_of(server(launch), REDACTOR) != identity_of(server(BASE), REDACTOR)


def test_homes_do_not_count_and_nothing_is_nothing() -> None:
    one = Launch(Transport.STDIO, "/home/dev/bin/x", ("/home/dev",))
    other = Launch(Transport.STDIO, "/home/eve/bin/x", ("/home/eve",))
    assert launch_identity(one, "/home/dev") == launch_identity(other, "/home/eve")
    assert launch_identity(None) == launch_identity(Launch(Transport.UNKNOWN)) == ""
