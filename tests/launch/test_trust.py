"""The trust policy file."""

import pytest

from spawngate.launch.trust import TrustList, TrustPolicy, parse_trust
from spawngate.model.errors import UsageError


def test_whole_policy() -> None:
    text = """
schema_version = 1
[official]
packages = ["pkg:npm/%40acme/*"]
repositories = ["github.com/acme"]
hosts = ["*.acme.example"]
commands = ["/opt/acme/*"]
[community]
packages = ["pkg:pypi/known"]
[unknown]
packages = ["pkg:npm/%40acme/experimental-*"]
[defaults]
publishers = false
registries = false
"""
    assert parse_trust(text) == TrustPolicy(
        official=TrustList(("pkg:npm/%40acme/*",), ("github.com/acme",), ("*.acme.example",), ("/opt/acme/*",)),
        community=TrustList(("pkg:pypi/known",)),
        unknown=TrustList(("pkg:npm/%40acme/experimental-*",)),
        publishers=False,
        registries=False,
    )
    assert parse_trust("") == TrustPolicy()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[official\n", "acme.toml: not valid TOML"),
        ("schema_version = 2", "acme.toml: schema_version must be 1"),
        ("[oficial]\n", r"acme.toml: unknown table \[oficial\]; known are official, community, unknown, defaults"),
        ("[official]\nnames = []", r"acme.toml: \[official\] names is not known; known are packages"),
        ("[official]\npackages = 'x'", r"acme.toml: \[official\] packages must be a list of texts"),
        ("[official]\npackages = ['']", r"acme.toml: \[official\] packages must be a list of texts"),
        ("official = 1", r"acme.toml: \[official\] must be a table"),
        ("[defaults]\npublishers = 1", r"acme.toml: \[defaults\] publishers must be true or false"),
        ("[defaults]\nx = true", r"acme.toml: \[defaults\] has an unknown key"),
    ],
)
def test_bad_policy_says_what_and_where(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_trust(text, "acme.toml")


@pytest.mark.parametrize(
    ("values", "entry"),
    [
        (("pkg:npm/%40acme/x", "", "", ""), "pkg:npm/%40acme/*"),
        (("", "github.com/acme/tool", "", ""), "github.com/acme"),
        (("", "github.com/acmex/tool", "", ""), None),
        (("", "", "a.acme.example", ""), "*.acme.example"),
        (("", "", "acme.example", ""), None),
        (("", "", "", "/opt/acme/bin/x"), "/opt/acme/*"),
        (("", "", "", ""), None),
    ],
)
def test_entry(values: tuple[str, str, str, str], entry: str | None) -> None:
    trust = TrustList(("pkg:npm/%40acme/*",), ("github.com/acme",), ("*.acme.example",), ("/opt/acme/*",))
    assert trust.entry_for(*values) == entry
