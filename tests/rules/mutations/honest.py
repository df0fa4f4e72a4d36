"""Honest twins. Must not be here: other families."""

from collections.abc import Iterator

from tests.rules.mutations.case import DIGEST, PINNED, WRAPPERS, Family, Words


def honest() -> Iterator[Family]:
    """See the module."""

    def allow(name: str) -> Family:
        return Family(name, "allow")

    tails: tuple[Words, ...] = (
        (),
        ("-c", "server.toml"),
        ("-e", "production"),
        ("--eval", "off"),
        ("-p", "8080"),
        ("--call", "home"),
        ("--registry", "https://packages.example.com/"),
        ("--require", "auth"),
        ("-v", "/:/host"),
        ("--privileged",),
        ("--entrypoint", "/bin/sh"),
        ("postgresql://u@db.example.com/x?a=1&b=2|c;d",),
        ("--query", "select 1; drop table x && echo"),
        ("install", "start", "run"),
        ("--script-shell", "./x.sh"),
        ("/tmp", "/home/dev/Downloads"),
    )
    found = allow("honest-npx")
    for tail in tails:
        for start in (("npx", "-y"), ("npx",), ("npx", "--yes", "--quiet"), ("npm", "exec", "--yes", "--")):
            found.line(*start, PINNED, *tail)
        found.line(
            "cmd",
            "/c",
            "npx",
            "-y",
            PINNED,
            *(word for word in tail if not set(word) & set("&|;<>^")),
            platform="windows",
        )
    for wrapper in WRAPPERS:
        found.line(*wrapper, "npx", "-y", PINNED, "./docs")
    found.line("npx.cmd", "-y", PINNED, platform="windows")
    found.line("C:\\Program Files\\nodejs\\npx.cmd", "-y", PINNED, platform="windows")
    found.line("/usr/local/bin/npx", "-y", PINNED)
    found.line("npx", "-p", PINNED, "mcp-server")
    found.line("npx", f"--package={PINNED}", "mcp-server", "-c", "x")
    found.line("sh", "-c", f"npx -y {PINNED}")
    found.line("bash", "-lc", f"exec npx -y {PINNED} --stdio")
    yield found

    found = allow("honest-other-launchers")
    for tail in tails:
        found.line("bunx", PINNED, *tail)
        found.line("pnpm", "dlx", PINNED, *tail)
    for wrapper in WRAPPERS[:6]:
        found.line(*wrapper, "bunx", PINNED)
    found.line("yarn", "dlx", PINNED)
    found.line("dnx", "Example.Mcp@1.0.0", "--yes")
    found.line("pipx", "run", "mcp-server-fetch==2025.4.7", "-c", "x")
    yield found

    found = allow("honest-uvx")
    for tail in tails:
        for start in (("uvx",), ("uv", "tool", "run"), ("uvx", "--quiet")):
            found.line(*start, "mcp-server-fetch@2025.4.7", *tail)
    found.line("uvx", "-c", "constraints.txt", "mcp-server-fetch@2025.4.7")
    found.line("uvx", "--constraints=constraints.txt", "mcp-server-fetch==2025.4.7")
    found.line("uvx", "-p", "3.12", "mcp-server-fetch@2025.4.7")
    found.line("uvx", "--python", "3.12", "--from", "mcp-server-fetch==2025.4.7", "mcp-server-fetch")
    found.line("uvx.exe", "mcp-server-fetch@2025.4.7", platform="windows")
    for wrapper in WRAPPERS:
        found.line(*wrapper, "uvx", "mcp-server-fetch@2025.4.7")
    yield found

    found = allow("honest-scripts")
    for tail in tails:
        found.line("node", "/opt/example/dist/index.js", *tail)
        found.line("python3", "/opt/example/server.py", *tail)
    for words in (
        ("node", "--no-warnings", "dist/index.js"),
        ("node", "--max-old-space-size=4096", "/opt/example/index.js"),
        ("node", "--enable-source-maps", "/opt/example/index.js"),
        ("node.exe", "C:\\Program Files\\Example\\index.js"),
        ("python3", "-u", "/opt/example/server.py"),
        ("python", "-X", "utf8", "/opt/example/server.py"),
        ("python3", "-m", "mcp_server_git"),
        ("uv", "run", "--directory", "/opt/example", "server.py"),
        ("uv", "--directory", "/opt/example", "run", "example-server"),
        ("java", "-jar", "/opt/example/server.jar"),
        ("java", "-Xmx512m", "-jar", "/opt/example/server.jar", "--stdio"),
        ("deno", "run", "--allow-net", "/opt/example/server.ts"),
        ("dotnet", "/opt/example/server.dll"),
        ("ruby", "/opt/example/server.rb"),
        ("bash", "/opt/example/start.sh"),
        ("/opt/example/bin/example-mcp", "--stdio"),
        ("example-mcp", "serve"),
        ("C:\\Program Files\\Example\\example-mcp.exe", "--stdio"),
    ):
        found.line(*words, platform="windows" if "C:" in " ".join(words) else "linux")
    for wrapper in WRAPPERS[:10]:
        found.line(*wrapper, "node", "/opt/example/dist/index.js")
    yield found

    found = allow("honest-containers")
    for tail in tails:
        found.line("docker", "run", "-i", "--rm", DIGEST, *tail)
    for options in (
        ("-e", "API_TOKEN"),
        ("--env", "API_TOKEN"),
        ("-v", "data:/data"),
        ("-v", "/home/dev/work/site:/site:ro"),
        ("--mount", "type=bind,source=/home/dev/work/site,target=/site,readonly"),
        ("--mount", "type=volume,source=data,target=/data"),
        ("--network", "none"),
        ("--network=bridge",),
        ("--cap-drop=ALL",),
        ("--security-opt", "no-new-privileges"),
        ("--read-only", "--tmpfs", "/tmp"),
        ("--user", "1000:1000"),
        ("--name", "mcp", "--init"),
        ("-p", "127.0.0.1:8080:8080"),
        ("--memory=512m", "--cpus", "1"),
        ("--pull=never",),
    ):
        for engine in ("docker", "podman"):
            found.line(engine, "run", "-i", "--rm", *options, DIGEST)
    found.line("docker", "run", "-i", "--rm", "example/mcp:1.0")
    found.line("docker.exe", "run", "-i", DIGEST, platform="windows")
    yield found

    found = allow("honest-variables")
    for name, value in (
        ("API_TOKEN", "${API_TOKEN}"),
        ("LOG_LEVEL", "debug"),
        ("NODE_ENV", "production"),
        ("NODE_OPTIONS", "--max-old-space-size=4096"),
        ("NO_COLOR", "1"),
        ("DATABASE_URL", "${DATABASE_URL}"),
        ("DOCS_PATH", "/home/dev/docs"),
        ("npm_config_yes", "true"),
        ("NPM_CONFIG_LOGLEVEL", "silent"),
        ("TZ", "Europe/Berlin"),
        ("LANG", "C.UTF-8"),
        ("DEBUG", "mcp:*"),
        ("PYTHONUNBUFFERED", "1"),
        ("PYTHONIOENCODING", "utf-8"),
        ("UV_NO_PROGRESS", "1"),
        ("HOME", "/home/dev"),
        ("MCP_COMMAND", "sh -c id"),
    ):
        found.line("npx", "-y", PINNED, env={name: value})
        found.line("uvx", "mcp-server-fetch@2025.4.7", env={name: value})
        found.line("env", f"{name}={value}", "node", "/opt/example/index.js")
    yield found

    found = allow("honest-remote")
    for host in (
        "mcp.example.com",
        "api.githubcopilot.com",
        "mcp.notion.com",
        "mcp.linear.app",
        "mcp.atlassian.com",
        "docs.example.org:8443",
        "xn--bcher-kva.example",
    ):
        for path in ("/mcp", "/sse", "/v1/mcp?team=a"):
            found.add({"type": "http", "url": f"https://{host}{path}"})
        found.add({"url": f"https://{host}/sse", "type": "sse"})
        found.line("npx", "-y", "mcp-remote@0.1.38", f"https://{host}/mcp")
    for address in ("http://localhost:8080/mcp", "http://127.0.0.1:3000/sse", "http://[::1]:9000/mcp"):
        found.add({"type": "http", "url": address})
        found.line("npx", "-y", "mcp-remote@0.1.38", address)
    found.add({"type": "http", "url": "https://mcp.example.com/mcp", "headers": {"Authorization": "Bearer ${TOKEN}"}})
    yield found

    found = allow("honest-shapes")
    entry = {"command": "npx", "args": ["-y", PINNED]}
    for definition in (
        {"mcpServers": {"x": entry}},
        {"servers": {"x": {"type": "stdio", **entry}}},
        {"context_servers": {"x": entry}},
        {"mcp_servers": {"x": entry}},
        {"type": "stdio", **entry},
        {"command": "npx", "args": f"-y {PINNED}"},
        {"command": f"npx -y {PINNED}"},
        {"command": ["npx", "-y", PINNED]},
        {**entry, "autoApprove": ["read_file"]},
        {**entry, "autoApprove": []},
        {**entry, "disabled": True},
        {**entry, "trust": False},
        {**entry, "cwd": "/home/dev/work"},
        {"command": "npx", "args": ["-y", "@modelcontextprotocol/server-filesystem@2025.7.1", "/home/dev/\u00dcbung"]},
        {"command": "${CLAUDE_PLUGIN_ROOT}/server"},
        {"command": "node", "args": ["${CLAUDE_PLUGIN_ROOT}/server.js"]},
    ):
        found.add(definition)
    yield found
