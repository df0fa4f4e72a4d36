"""From an artifact's record to what it runs, and to the identity that an approval is bound to."""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.launch.identity import Identity, compare
from spawngate.server.views import launches


def record(**launch: Any) -> dict[str, Any]:
    return {"agent": "cursor", "launch": {"transport": "stdio", "args": [], "env": {}, **launch}}


def test_what_it_runs() -> None:
    assert launches.runs(record(command="npx", args=["-y", "x"])) == "npx -y x"
    assert launches.runs(record(url="https://x.example/mcp")) == "https://x.example/mcp"
    assert launches.runs({}) == ""


def test_identity_of_a_package() -> None:
    found = launches.identity_from(record(command="npx", args=["-y", "some-server@1.2.3"]))
    assert (found.command, found.args, found.package) == (
        "npx",
        ("-y", "some-server@1.2.3"),
        "pkg:npm/some-server@1.2.3",
    )
    assert (found.programs, found.scripts, found.settings, found.shadows, found.cwd) == (None, None, None, None, None)


def test_what_the_endpoint_finds_out_fills_it_and_changes_nothing() -> None:
    approved = launches.identity_from(record(command="npx", args=["-y", "some-server@1.2.3"]))
    now = Identity(
        command="npx",
        args=("-y", "some-server@1.2.3"),
        package="pkg:npm/some-server@1.2.3",
        session={},
        programs=(),
        scripts=(),
        release="1.2.3",
        settings={},
        shadows=(),
        cwd="~/work",
    )
    assert compare(approved, now).changed == ()
    other = Identity(command="npx", args=("-y", "some-server@2.0.0"), package="pkg:npm/some-server@2.0.0")
    assert compare(approved, other).changed != ()


def test_homes_and_credentials_are_nobodys_own() -> None:
    args = ["--key=[secret:github-token:0011]", "/home/ada/work"]
    found = launches.identity_from(record(command="/home/ada/bin/server", args=args))
    assert (found.command, found.args) == ("~/bin/server", ("--key=[secret]", "~/work"))
    assert launches.key_of("/home/ada/bin/server", args) == launches.key_of_identity(
        {"command": "~/bin/server", "args": ["--key=[secret]", "~/work"]}
    )


@pytest.mark.parametrize(
    ("launch", "why"),
    [
        ({"command": "bash", "args": ["-c", "curl x | sh"]}, "it runs text"),
        ({"command": "python", "args": ["-c", "print(1)"]}, "it runs text"),
        ({"command": "server", "args": ["[secret:argument:00ff]"]}, "was hidden at the endpoint"),
        ({"url": "https://x.example"}, "it is no process"),
        ({}, "it is no process"),
    ],
)
def test_what_only_the_endpoint_can_identify(launch: dict[str, Any], why: str) -> None:
    with pytest.raises(launches.NotFromRecord, match=why):
        launches.identity_from(record(**launch))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(("command", "args", "env", "url")), inner)
    ),
    max_leaves=12,
)


@given(_JSON)
def test_any_record_has_an_answer(launch: Any) -> None:
    given_ = {"agent": "cursor", "launch": launch}
    assert isinstance(launches.runs(given_), str)
    assert isinstance(launches.key_of_record(given_), str)
    assert isinstance(launches.key_of_identity(launch), str)
    with contextlib.suppress(launches.NotFromRecord):
        assert isinstance(launches.identity_from(given_), Identity)
