"""What programs of `command.tools.packages` do, by their arguments."""

import pytest

from spawngate.command.tools.packages import READERS
from tests.command.told import acts, tried

CASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("pip install requests==2.32.0", ("package-install",)),
    ("pip install requests", ("package-install", "package-unpinned")),
    ("pip install -r requirements.txt", ("package-install-all",)),
    ("pip install --index-url https://p.example.net/simple x==1", ("package-index", "package-install")),
    ("pip install --extra-index-url https://p.example.net/simple x==1", ("package-index-extra", "package-install")),
    (
        "pip install git+https://git.example.net/x.git",
        ("package-git", "package-install", "package-unpinned", "project-script"),
    ),
    ("pip install https://x.example.net/a.whl", ("package-install", "package-url")),
    ("pip install -e .", ("package-install", "package-install-all", "package-local", "project-script")),
    ("pip install --trusted-host p.example.net x==1", ("package-install", "package-unchecked")),
    ("pip config set global.index-url https://p.example.net", ("package-source",)),
    ("pip uninstall -y spawngate", ("package-remove", "spawngate-off")),
    ("python3 -m pip install reqeusts", ("package-install", "package-lookalike", "package-unpinned")),
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
    ("npm ci", ("package-install-all",)),
    ("npm install", ("package-install-all",)),
    ("npm install lodash@4.17.21", ("package-install",)),
    ("npm i loadsh", ("package-install", "package-lookalike", "package-unpinned")),
    ("npm i org/tool", ("package-git", "package-install", "package-unpinned")),
    ("npm i https://x.example.net/a.tgz", ("package-install", "package-url")),
    ("npm install --registry http://203.0.113.7:4873 x@1.0.0", ("package-index", "package-install")),
    ("npm publish", ("package-publish",)),
    ("npm unpublish x", ("package-unpublish",)),
    ("npm config set registry https://p.example.net", ("package-source",)),
    ("npm config set script-shell ./x.sh", ("loads-code",)),
    ("npm exec cowsay@1.0.0", ("package-run",)),
    ("npm create vite@latest", ("package-run", "package-unpinned")),
    ("npm token list", ("token-print",)),
    ("npx -y cowsay@1.0.0", ("package-run",)),
    ("npx --package=a@1.0.0 b", ("package-run",)),
    ("deno run https://x.example.net/a.ts", ("download", "runs-download")),
    ("gem install rails", ("package-install", "package-unpinned")),
    ("bundle install", ("package-install-all",)),
    ("cargo install ripgrep", ("package-install", "package-unpinned")),
    ("cargo install --git https://git.example.net/x", ("package-git", "package-install", "package-unpinned")),
    ("cargo publish", ("package-publish",)),
    ("go install example.com/x@latest", ("package-install", "package-unpinned")),
    ("go build ./...", ()),
    ("composer require a/b", ("package-install", "package-unpinned")),
    ("dotnet tool install x", ("package-install", "package-unpinned")),
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
