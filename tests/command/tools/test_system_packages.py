"""What programs of `command.tools.system_packages` do, by their arguments."""

import pytest

from spawngate.command.tools.system_packages import READERS
from tests.command.told import acts, tried

CASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("helm uninstall shop", ("cluster-delete",)),
    ("helm uninstall shop -n production", ("cluster-delete", "release-delete")),
    ("apt-get install -y jq", ("package-install", "package-system")),
    (
        "sudo apt install ./a.deb",
        ("package-install", "package-local", "package-system", "privileged", "project-script"),
    ),
    ("apt-get install --allow-unauthenticated x", ("package-install", "package-system", "package-unchecked")),
    ("apt-get update", ()),
    ("apt-get purge -y sudo", ("package-critical-remove", "package-remove")),
    ("brew install jq", ("package-install", "package-system")),
    ("brew tap a/b", ("package-source",)),
    ("pacman -S jq", ("package-install", "package-system")),
    ("dpkg -i a.deb", ("package-install", "package-local", "package-system", "project-script")),
    ("rpm --import https://x.example.net/k", ("package-key",)),
    ("apt-key add k", ("package-key",)),
    ("add-apt-repository ppa:a/b", ("package-source",)),
    ("helm repo add a https://c.example.net", ("package-source",)),
    ("helm install a b/c", ("cluster-apply",)),
    ("helm uninstall a", ("cluster-delete",)),
    ("code --install-extension a.b", ("extension-install",)),
    ("code --add-mcp '{}'", ("agent-server-add",)),
)


@pytest.mark.parametrize(("command", "expected"), CASES, ids=lambda value: value if isinstance(value, str) else "")
def test_acts(command: str, expected: tuple[str, ...]) -> None:
    assert acts(command) == expected


def test_readers_survive_anything() -> None:
    """No arguments, odd ones and many: a reader says something or nothing, and never raises."""
    for program in READERS:
        for words in (
            (),
            ("-",),
            ("--",),
            ("-x", "-x"),
            ("=", ":", "@"),
            ("a", "b:c", "http://["),
            ("-" * 9, "$x", "*"),
        ):
            assert isinstance(tried(program, words), tuple)
