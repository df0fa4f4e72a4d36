"""Python, uv, uvx and pipx: every fact of each line."""

import pytest

from tests.launch.told import told

CASES: list[tuple[str, dict[str, object]]] = [
    (
        "python3 /opt/x/server.py --c x",
        {
            "launcher": "python",
            "server_args": ("--c", "x"),
            "source": "local-script",
            "script": "/opt/x/server.py",
            "script_place": "application",
        },
    ),
    (
        "python3 -c 'print(1)'",
        {"launcher": "python", "inline_code": True, "inline_language": "python", "source": "inline"},
    ),
    (
        "python3 '-cprint(1)'",
        {"launcher": "python", "inline_code": True, "inline_language": "python", "source": "inline"},
    ),
    (
        "python3 -uc 'print(1)'",
        {"launcher": "python", "inline_code": True, "inline_language": "python", "source": "inline"},
    ),
    (
        "python3 -Ic 'print(1)'",
        {"launcher": "python", "inline_code": True, "inline_language": "python", "source": "inline"},
    ),
    (
        "python3 -W ignore -X dev -c 'print(1)'",
        {"launcher": "python", "inline_code": True, "inline_language": "python", "source": "inline"},
    ),
    (
        "python3 -m mcp_server_git --repository .",
        {"launcher": "python", "server_args": ("--repository", "."), "searches_cwd": True},
    ),
    ("python3 -I -m mcp_server_git", {"launcher": "python"}),
    ("python3 -Pm mcp_server_git", {"launcher": "python"}),
    ("python3 -mmcp_server_git", {"launcher": "python", "searches_cwd": True}),
    (
        "python3 ./bundle.zip",
        {
            "launcher": "python",
            "source": "local-archive",
            "script": "./bundle.zip",
            "script_place": "project",
            "relative_paths": ("./bundle.zip",),
        },
    ),
    (
        "python3 ./bundle",
        {
            "launcher": "python",
            "source": "local-folder",
            "script": "./bundle",
            "script_place": "project",
            "relative_paths": ("./bundle",),
        },
    ),
    (
        "python3 -m pip install -q git+https://git.example.com/org/tool",
        {
            "launcher": "python",
            "runs_install": True,
            "package": "pkg:generic/tool?vcs_url=git%2Bhttps://git.example.com/org/tool.git",
            "pin": "unversioned",
            "source": "git",
            "searches_cwd": True,
        },
    ),
    (
        "python3 -m pip install --index-url https://r.example x",
        {
            "launcher": "python",
            "runs_install": True,
            "package": "pkg:pypi/x",
            "pin": "unversioned",
            "source": "registry",
            "registry_override": ("https://r.example",),
            "searches_cwd": True,
        },
    ),
    (
        "python3 -m timeit 'print(1)'",
        {
            "launcher": "python",
            "server_args": ("print(1)",),
            "inline_code": True,
            "inline_language": "python",
            "source": "inline",
            "searches_cwd": True,
        },
    ),
    (
        "python3 -m pdb server.py",
        {
            "launcher": "python",
            "source": "local-script",
            "script": "server.py",
            "script_place": "project",
            "relative_paths": ("server.py",),
            "searches_cwd": True,
        },
    ),
    ("python3 -m http.server", {"launcher": "python", "searches_cwd": True, "utility": True}),
    (
        "python3 -m uv run python -c 'print(1)'",
        {
            "launcher": "python",
            "inline_code": True,
            "inline_language": "python",
            "source": "inline",
            "searches_cwd": True,
        },
    ),
    (
        "python3 -m pipx run foo==1",
        {"launcher": "python", "package": "pkg:pypi/foo@1", "pin": "exact", "source": "registry", "searches_cwd": True},
    ),
    (
        "python3 -m debugpy --listen 0.0.0.0:5678 server.py",
        {
            "launcher": "python",
            "debugger": "0.0.0.0:5678",
            "source": "local-script",
            "script": "server.py",
            "script_place": "project",
            "relative_paths": ("server.py",),
            "searches_cwd": True,
        },
    ),
    ("python3 -m cProfile -m mcp_server_git", {"launcher": "python", "searches_cwd": True}),
    (
        "python3 -W error::canarymod.X server.py",
        {
            "launcher": "python",
            "loads_code": ("-W error::canarymod.X",),
            "source": "local-script",
            "script": "server.py",
            "script_place": "project",
            "relative_paths": ("server.py",),
        },
    ),
    (
        "python3 -W error server.py",
        {
            "launcher": "python",
            "source": "local-script",
            "script": "server.py",
            "script_place": "project",
            "relative_paths": ("server.py",),
        },
    ),
    ("python3 -", {"launcher": "python", "inline_code": True, "inline_language": "python", "source": "inline"}),
    ("python3", {"launcher": "python", "inline_code": True, "inline_language": "python", "source": "inline"}),
    ("python3 -V", {"launcher": "python"}),
    ("python3 --version", {"launcher": "python"}),
    (
        "python3 server.py -c x",
        {
            "launcher": "python",
            "server_args": ("-c", "x"),
            "source": "local-script",
            "script": "server.py",
            "script_place": "project",
            "relative_paths": ("server.py",),
        },
    ),
    ("py -3.12 -m mcp_server_git", {"launcher": "python", "searches_cwd": True}),
    ("python3.12 -c 1", {"launcher": "python", "inline_code": True, "inline_language": "python", "source": "inline"}),
    (
        "python -c 'import urllib.request as u;exec(u.urlopen(\"http://x\").read())'",
        {
            "launcher": "python",
            "inline_code": True,
            "inline_language": "python",
            "downloads_and_runs": True,
            "source": "inline",
        },
    ),
    (
        "python -c 'import base64;exec(base64.b64decode(\"eA==\"))'",
        {
            "launcher": "python",
            "inline_code": True,
            "inline_language": "python",
            "encoded_code": True,
            "source": "inline",
        },
    ),
    (
        "uvx mcp-server-fetch",
        {"launcher": "uvx", "package": "pkg:pypi/mcp-server-fetch", "pin": "unversioned", "source": "registry"},
    ),
    (
        "uvx mcp-server-fetch==2025.4.7",
        {"launcher": "uvx", "package": "pkg:pypi/mcp-server-fetch@2025.4.7", "pin": "exact", "source": "registry"},
    ),
    (
        "uvx mcp-server-fetch@2025.4.7 --x",
        {
            "launcher": "uvx",
            "server_args": ("--x",),
            "package": "pkg:pypi/mcp-server-fetch@2025.4.7",
            "pin": "exact",
            "source": "registry",
        },
    ),
    (
        "uvx mcp-server-fetch@latest",
        {"launcher": "uvx", "package": "pkg:pypi/mcp-server-fetch@latest", "pin": "latest", "source": "registry"},
    ),
    (
        "uvx 'mcp-server-fetch>=1'",
        {"launcher": "uvx", "package": "pkg:pypi/mcp-server-fetch@%3E%3D1", "pin": "range", "source": "registry"},
    ),
    (
        "uvx -c constraints.txt mcp-server-fetch@2025.4.7",
        {"launcher": "uvx", "package": "pkg:pypi/mcp-server-fetch@2025.4.7", "pin": "exact", "source": "registry"},
    ),
    (
        "uvx --from git+https://git.example.com/org/tool@main tool",
        {
            "launcher": "uvx",
            "package": "pkg:generic/tool?vcs_url=git%2Bhttps://git.example.com/org/tool.git%40main",
            "pin": "branch",
            "source": "git",
        },
    ),
    (
        "uvx --from git+https://github.com/org/tool@0123456789abcdef0123456789abcdef01234567 tool",
        {
            "launcher": "uvx",
            "package": "pkg:github/org/tool@0123456789abcdef0123456789abcdef01234567",
            "pin": "commit",
            "source": "git",
        },
    ),
    (
        "uvx --from 'foo[x]==1.0' bar",
        {"launcher": "uvx", "package": "pkg:pypi/foo@1.0", "pin": "exact", "source": "registry"},
    ),
    (
        "uvx --from ./local tool",
        {
            "launcher": "uvx",
            "source": "local-folder",
            "script": "./local",
            "script_place": "project",
            "relative_paths": ("./local",),
        },
    ),
    (
        "uvx --from https://files.example.com/x.whl tool",
        {
            "launcher": "uvx",
            "package": "pkg:generic/x.whl?download_url=https://files.example.com/x.whl",
            "pin": "unversioned",
            "source": "url",
        },
    ),
    (
        "uvx --with canary-helper mcp-server-fetch@2025.4.7",
        {
            "launcher": "uvx",
            "package": "pkg:pypi/mcp-server-fetch@2025.4.7",
            "pin": "exact",
            "source": "registry",
            "extra_packages": ("pkg:pypi/canary-helper",),
        },
    ),
    (
        "uvx --with 'a,b>=1,<2' foo@1.0",
        {
            "launcher": "uvx",
            "package": "pkg:pypi/foo@1.0",
            "pin": "exact",
            "source": "registry",
            "extra_packages": ("pkg:pypi/a", "pkg:pypi/b@%3E%3D1%2C%3C2"),
        },
    ),
    (
        "uvx --with git+https://git.example.com/x foo@1.0",
        {
            "launcher": "uvx",
            "package": "pkg:pypi/foo@1.0",
            "pin": "exact",
            "source": "registry",
            "extra_packages": ("pkg:generic/x?vcs_url=git%2Bhttps://git.example.com/x.git",),
        },
    ),
    (
        "uvx --with-editable ./x foo@1.0",
        {
            "launcher": "uvx",
            "package": "pkg:pypi/foo@1.0",
            "pin": "exact",
            "source": "registry",
            "extra_packages": ("./x",),
            "relative_paths": ("./x",),
        },
    ),
    (
        "uvx --index-url https://r.example foo@1.0",
        {
            "launcher": "uvx",
            "package": "pkg:pypi/foo@1.0",
            "pin": "exact",
            "source": "registry",
            "registry_override": ("https://r.example",),
        },
    ),
    (
        "uvx --index=https://r.example foo@1.0",
        {
            "launcher": "uvx",
            "package": "pkg:pypi/foo@1.0",
            "pin": "exact",
            "source": "registry",
            "registry_override": ("https://r.example",),
        },
    ),
    (
        "uvx -i https://r.example foo@1.0",
        {
            "launcher": "uvx",
            "package": "pkg:pypi/foo@1.0",
            "pin": "exact",
            "source": "registry",
            "registry_override": ("https://r.example",),
        },
    ),
    (
        "uvx --extra-index-url https://r.example foo@1.0",
        {
            "launcher": "uvx",
            "package": "pkg:pypi/foo@1.0",
            "pin": "exact",
            "source": "registry",
            "registry_override": ("https://r.example",),
        },
    ),
    (
        "uvx --default-index https://r.example foo@1.0",
        {
            "launcher": "uvx",
            "package": "pkg:pypi/foo@1.0",
            "pin": "exact",
            "source": "registry",
            "registry_override": ("https://r.example",),
        },
    ),
    (
        "uvx --find-links ./wheels foo@1.0",
        {
            "launcher": "uvx",
            "package": "pkg:pypi/foo@1.0",
            "pin": "exact",
            "source": "registry",
            "registry_override": ("./wheels",),
        },
    ),
    (
        "uvx --config-file ./uv.toml foo@1.0",
        {
            "launcher": "uvx",
            "package": "pkg:pypi/foo@1.0",
            "pin": "exact",
            "source": "registry",
            "config_override": ("--config-file ./uv.toml",),
        },
    ),
    (
        "uvx --python ./python foo@1.0",
        {
            "launcher": "uvx",
            "loads_code": ("--python ./python",),
            "package": "pkg:pypi/foo@1.0",
            "pin": "exact",
            "source": "registry",
            "relative_paths": ("./python",),
        },
    ),
    (
        "uvx --python 3.12 foo@1.0",
        {"launcher": "uvx", "package": "pkg:pypi/foo@1.0", "pin": "exact", "source": "registry"},
    ),
    (
        "uvx --env-file .env foo@1.0",
        {"launcher": "uvx", "package": "pkg:pypi/foo@1.0", "pin": "exact", "source": "registry", "env_file": True},
    ),
    (
        "uvx --unknown-option foo@1.0",
        {
            "launcher": "uvx",
            "unknown_options": ("--unknown-option",),
            "package": "pkg:pypi/foo@1.0",
            "pin": "exact",
            "source": "registry",
            "unknown": ("unknown-options",),
        },
    ),
    (
        "uvx --unknown-option value foo@1.0",
        {
            "launcher": "uvx",
            "server_args": ("foo@1.0",),
            "unknown_options": ("--unknown-option",),
            "package": "pkg:pypi/value",
            "pin": "unversioned",
            "source": "registry",
            "extra_packages": ("pkg:pypi/foo@1.0",),
            "unknown": ("unknown-options",),
        },
    ),
    (
        "uvx python -c 'print(1)'",
        {"launcher": "uvx", "inline_code": True, "inline_language": "python", "source": "registry"},
    ),
    (
        "uvx --from foo@1.0 sh -c 'echo canary'",
        {
            "wrappers": ("sh",),
            "launcher": "uvx",
            "server_args": ("canary",),
            "shell": True,
            "package": "pkg:pypi/foo@1.0",
            "pin": "exact",
            "source": "registry",
            "utility": True,
        },
    ),
    (
        "uvx mcp-proxy http://mcp.example.com/sse",
        {
            "launcher": "uvx",
            "server_args": ("http://mcp.example.com/sse",),
            "package": "pkg:pypi/mcp-proxy",
            "pin": "unversioned",
            "source": "registry",
            "url": "http://mcp.example.com/sse",
            "scheme": "http",
            "host": "mcp.example.com",
            "plain_http": True,
            "bridge": "mcp-proxy",
        },
    ),
    (
        "uvx mcp-proxy --port 1 sh -c 'echo canary'",
        {
            "wrappers": ("sh",),
            "launcher": "uvx",
            "server_args": ("--port", "1", "sh", "-c", "echo canary"),
            "shell": True,
            "package": "pkg:pypi/mcp-proxy",
            "pin": "unversioned",
            "source": "registry",
            "bridge": "mcp-proxy",
            "utility": True,
        },
    ),
    ("uv tool run foo@1.0", {"launcher": "uvx", "package": "pkg:pypi/foo@1.0", "pin": "exact", "source": "registry"}),
    (
        "uv run python -c 'print(1)'",
        {"launcher": "uv-run", "inline_code": True, "inline_language": "python", "source": "inline"},
    ),
    (
        "uv run python server.py",
        {
            "launcher": "uv-run",
            "source": "local-script",
            "script": "server.py",
            "script_place": "project",
            "relative_paths": ("server.py",),
        },
    ),
    (
        "uv run server.py",
        {
            "launcher": "uv-run",
            "source": "local-script",
            "script": "server.py",
            "script_place": "project",
            "relative_paths": ("server.py",),
        },
    ),
    ("uv run --directory /opt/app server", {"launcher": "uv-run", "source": "local-folder"}),
    (
        "uv --directory ./app run server.py",
        {
            "launcher": "uv-run",
            "source": "local-script",
            "script": "server.py",
            "script_place": "project",
            "relative_paths": ("./app", "server.py"),
        },
    ),
    (
        "uv run --with mcp-server-git python -m mcp_server_git",
        {
            "launcher": "uv-run",
            "package": "pkg:pypi/mcp-server-git",
            "pin": "unversioned",
            "source": "registry",
            "searches_cwd": True,
        },
    ),
    (
        "uv run --with fastmcp fastmcp run server.py",
        {
            "launcher": "uv-run",
            "server_args": ("run", "server.py"),
            "package": "pkg:pypi/fastmcp",
            "pin": "unversioned",
            "source": "registry",
            "script": "server.py",
            "script_place": "project",
            "relative_paths": ("server.py",),
        },
    ),
    ("uv run https://files.example.com/x.py", {"launcher": "uv-run", "downloads_and_runs": True, "source": "url"}),
    ("uv run -", {"launcher": "uv-run", "inline_code": True, "inline_language": "python", "source": "inline"}),
    ("uv run -m server", {"launcher": "uv-run", "searches_cwd": True}),
    (
        "uv run -s server",
        {
            "launcher": "uv-run",
            "source": "local-script",
            "script": "server",
            "script_place": "project",
            "relative_paths": ("server",),
        },
    ),
    (
        "uv run sh -c 'echo canary'",
        {
            "wrappers": ("sh",),
            "launcher": "uv-run",
            "server_args": ("canary",),
            "shell": True,
            "source": "binary",
            "utility": True,
        },
    ),
    (
        "uv run npx -y @example/s@1.0.0",
        {
            "launcher": "uv-run",
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "searches_cwd": True,
        },
    ),
    (
        "uv pip install x",
        {
            "launcher": "uv-pip",
            "runs_install": True,
            "package": "pkg:pypi/x",
            "pin": "unversioned",
            "source": "registry",
        },
    ),
    ("uv sync", {"launcher": "uv-sync", "runs_install": True}),
    (
        "uv tool install x",
        {
            "launcher": "uv-tool",
            "runs_install": True,
            "package": "pkg:pypi/x",
            "pin": "unversioned",
            "source": "registry",
        },
    ),
    ("uv cache clean", {"launcher": "uv", "utility": True}),
    (
        "pipx run foo==1.0",
        {"launcher": "pipx-run", "package": "pkg:pypi/foo@1.0", "pin": "exact", "source": "registry"},
    ),
    (
        "pipx run --spec git+https://git.example.com/org/tool foo",
        {
            "launcher": "pipx-run",
            "package": "pkg:generic/tool?vcs_url=git%2Bhttps://git.example.com/org/tool.git",
            "pin": "unversioned",
            "source": "git",
        },
    ),
    ("pipx run https://files.example.com/x.py", {"launcher": "pipx-run", "downloads_and_runs": True, "source": "url"}),
    (
        "pipx run --path ./x.py",
        {
            "launcher": "pipx-run",
            "source": "local-script",
            "script": "./x.py",
            "script_place": "project",
            "relative_paths": ("./x.py",),
        },
    ),
    (
        "pipx run --pip-args '--index-url https://r.example' foo==1.0",
        {
            "launcher": "pipx-run",
            "package": "pkg:pypi/foo@1.0",
            "pin": "exact",
            "source": "registry",
            "registry_override": ("https://r.example",),
        },
    ),
    (
        "pipx run --pip-args=--index-url=https://r.example foo==1.0",
        {
            "launcher": "pipx-run",
            "package": "pkg:pypi/foo@1.0",
            "pin": "exact",
            "source": "registry",
            "registry_override": ("https://r.example",),
        },
    ),
    (
        "pipx run --index-url https://r.example foo",
        {
            "launcher": "pipx-run",
            "package": "pkg:pypi/foo",
            "pin": "unversioned",
            "source": "registry",
            "registry_override": ("https://r.example",),
        },
    ),
    (
        "pipx install foo",
        {
            "launcher": "pipx-install",
            "runs_install": True,
            "package": "pkg:pypi/foo",
            "pin": "unversioned",
            "source": "registry",
        },
    ),
    (
        "pip install foo",
        {
            "launcher": "pip",
            "runs_install": True,
            "package": "pkg:pypi/foo",
            "pin": "unversioned",
            "source": "registry",
        },
    ),
    (
        "fastmcp run server.py",
        {
            "launcher": "fastmcp",
            "server_args": ("run", "server.py"),
            "script": "server.py",
            "script_place": "project",
            "relative_paths": ("server.py",),
        },
    ),
    (
        "fastmcp run https://mcp.example.com/mcp",
        {
            "launcher": "fastmcp",
            "server_args": ("run", "https://mcp.example.com/mcp"),
            "url": "https://mcp.example.com/mcp",
            "scheme": "https",
            "host": "mcp.example.com",
            "bridge": "fastmcp",
        },
    ),
]


@pytest.mark.parametrize(("line", "facts"), CASES, ids=[line for line, _ in CASES])
def test_facts(line: str, facts: dict[str, object]) -> None:
    assert told(line) == facts
