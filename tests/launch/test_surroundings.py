"""Places worth a look."""

import pytest

from spawngate.launch.surroundings import Places, places_of


@pytest.mark.parametrize(
    ("command", "args", "places"),
    [
        ("npx", ("-y", "@acme/server@1.0.0"), Places(("node_modules/.bin/server",), (), True)),
        ("npx", ("-y",), Places((), (), True)),
        ("cmd", ("/c", "npx", "-y", "server"), Places(("node_modules/.bin/server",), (), True)),
        ("python3", ("-m", "mcp_server_git.x"), Places(
            ("mcp_server_git.py", "mcp_server_git/__init__.py", "mcp_server_git/__main__.py"), (), False)),
        ("python3", ("/opt/x/server.py", "--y"), Places((), ("/opt/x/server.py",), False)),
        ("node", ("dist/index.js",), Places((), ("dist/index.js",), False)),
        ("/opt/x/server", (), Places((), ("/opt/x/server",), False)),
        ("env", ("/opt/x/node", "s.js"), Places((), ("/opt/x/node", "s.js"), False)),
        ("deno", ("https://x.example/a.ts",), Places()),
        (None, (), Places()),
    ],
)  # fmt: skip
def test_places_of(command: str | None, args: tuple[str, ...], places: Places) -> None:
    assert places_of(command, args) == places
