"""What programs of `command.tools.python_packages` do, by their arguments."""

import pytest

from spawngate.command.tools.python_packages import READERS
from tests.command.told import acts, tried

CASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("pip install requests==2.32.0", ("package-install",)),
    ("pip install requests", ("package-install", "package-unpinned")),
    ("pip install -r requirements.txt", ("package-install-all",)),
    ("pip install --index-url https://p.example.net/simple x==1", ("package-index", "package-install")),
    ("pip install --extra-index-url https://p.example.net/simple x==1", ("package-index-extra", "package-install")),
    (
        "pip install git+https://git.example.net/x.git",
        ("package-git", "package-install", "package-stranger", "package-unpinned", "project-script"),
    ),
    ("pip install https://x.example.net/a.whl", ("package-install", "package-url")),
    ("pip install -e .", ("package-install", "package-install-all", "package-local", "project-script")),
    ("pip install --trusted-host p.example.net x==1", ("package-install", "package-unchecked")),
    ("pip config set global.index-url https://p.example.net", ("package-source",)),
    ("pip uninstall -y spawngate", ("package-remove", "spawngate-off")),
    ("uv sync", ("package-install-all",)),
    ("uv add httpx", ("package-install", "package-unpinned")),
    ("uv tool install ruff==0.6.0", ("package-install",)),
    ("uvx ruff", ("package-run", "package-unpinned")),
    ("uv run https://x.example.net/a.py", ("download", "runs-download")),
    ("pipx install black", ("package-install", "package-unpinned")),
    ("pipx run cowsay", ("package-run", "package-unpinned")),
    ("poetry add flask", ("package-install", "package-unpinned")),
    ("poetry install", ("package-install-all",)),
    ("conda install numpy", ("package-install", "package-unpinned")),
    ("twine upload dist/*", ("package-publish",)),
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
