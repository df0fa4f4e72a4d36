"""What needs a person's look, or a record. Must not be here: other families."""

from collections.abc import Iterator

from tests.rules.mutations.case import DIGEST, PINNED, WRAPPERS, Family, Words, joined


def questions() -> Iterator[Family]:
    """See the module."""
    words: Words

    def flag(name: str, *reasons: str) -> Family:
        return Family(name, "flag", frozenset(reasons))

    npx = ("npx", "-y", PINNED)
    found = flag("debugger", "debugger-open")
    for value in ("0.0.0.0:9229", "0.0.0.0", "192.0.2.7:9229", "[::]:9229"):
        for option in ("--inspect", "--inspect-brk", "--inspect-wait"):
            found.line("node", f"{option}={value}", "/opt/example/server.js")
    yield found

    found = flag("inert-variable", "inert-environment")
    for name, value in (("PYTHONSTARTUP", "./c.py"), ("PYTHONBREAKPOINT", "os.system"), ("PYTHONINSPECT", "1")):
        found.line("python3", "/opt/example/server.py", env={name: value})
        found.line("env", f"{name}={value}", "python3", "/opt/example/server.py")
    found.line("uvx", "mcp-server-fetch@2025.4.7", env={"NODE_OPTIONS": "--require ./c.cjs"})
    found.line("node", "/opt/example/server.js", env={"PYTHONPATH": "./canary"})
    yield found

    found = flag("folder-search", "search-in-working-folder")
    for folder in ("./untrusted-repo", "untrusted-repo", "../repo", "vendor/x", "."):
        found.line("python3", "-m", "mcp_server_git", cwd=folder)
        found.line(*npx, cwd=folder)
        found.line("python3", "-mmcp_server_git", cwd=folder)
    yield found

    found = flag("archive-program", "archive-as-program")
    for name in ("./bundle.zip", "bundle.pyz", "./bundle", "/opt/example/bundle.zip", "./dist/tool.whl"):
        found.line("python3", name)
        found.line("python3", "-u", name, "--stdio")
    yield found

    found = flag("extra-package", "extra-packages")
    for words in (*joined("--with", "canary-helper==1.0.0"), ("-w", "canary-helper==1.0.0")):
        found.line("uvx", *words, "mcp-server-fetch@2025.4.7")
        found.line("uv", "tool", "run", *words, "mcp-server-fetch@2025.4.7")
    found.line("npx", "-p", PINNED, "-p", "canary-helper@1.0.0", "mcp-server")
    found.line("npx", f"--package={PINNED}", "--package=canary-helper@1.0.0", "mcp-server")
    yield found

    found = flag("local-folder", "local-package")
    for words in (
        ("npx", "./tools/helper"),
        ("npx", "-y", "../helper"),
        ("npx", "--yes", "./helper", "--stdio"),
        ("uvx", "--from", "./tools/helper", "helper"),
        ("uvx", "--from=../helper", "helper"),
    ):
        found.line(*words)
        found.line("env", *words)
    yield found

    found = flag("line-break", "line-break-in-argument")
    for text in ("a\necho canary", "a\r\necho canary", "\nb"):
        found.line("node", "/opt/example/server.js", "--name", text)
        found.line(*npx, "--name", text)
    yield found

    found = flag("approval", "auto-approve-everything")
    for more in (
        {"autoApprove": ["*"]},
        {"alwaysAllow": ["*"]},
        {"trust": True},
        {"autoApprove": "*"},
        {"autoApprove": True},
    ):
        found.line(*npx, **more)
        found.add({"type": "http", "url": "https://mcp.example.com/mcp", **more})
    yield found

    found = flag("unencrypted", "plain-http")
    for address in (
        "http://mcp.example.com/mcp",
        "HTTP://mcp.example.com/mcp",
        "http://mcp.example.com:8080/sse",
        "ws://mcp.example.com",
    ):
        found.add({"url": address})
    for address in ("http://mcp.example.com/mcp", "http://mcp.example.com:8080/sse"):
        found.line("npx", "-y", "mcp-remote@0.1.38", address, "--allow-http")
        found.line("uvx", "mcp-proxy@0.8.2", address)
    yield found

    found = flag("number-for-host", "raw-ip-address")
    for address in (
        "https://203.0.113.7/mcp",
        "https://[2001:db8::7]/mcp",
        "https://3405803783/mcp",
        "https://0xcb007107/mcp",
    ):
        found.add({"type": "http", "url": address})
    yield found

    found = flag("tunnel", "tunnel-host")
    for host in (
        "a1b2.ngrok-free.app",
        "x.ngrok.io",
        "quick-fox.trycloudflare.com",
        "x.loca.lt",
        "abc.serveo.net",
        "webhook.site",
    ):
        found.add({"type": "http", "url": f"https://{host}/mcp"})
        found.line("npx", "-y", "mcp-remote@0.1.38", f"https://{host}/mcp")
    yield found

    found = flag("other-rights", "elevated-launch")
    for wrapper in (
        ("sudo",),
        ("sudo", "-n"),
        ("sudo", "-u", "root"),
        ("doas",),
        ("/usr/bin/sudo", "-E"),
        ("env", "sudo"),
    ):
        found.line(*wrapper, *npx)
        found.line(*wrapper, "uvx", "mcp-server-fetch@2025.4.7")
    yield found

    found = flag("host-network", "host-network")
    for words in (("--network", "host"), ("--network=host",), ("--net", "host"), ("--net=host",)):
        for engine in ("docker", "podman"):
            found.line(engine, "run", "-i", *words, DIGEST)
    yield found

    found = flag("search-path", "path-override")
    found.line(*npx, env={"PATH": "/opt/corp/bin:/usr/bin"})
    found.line("uvx", "mcp-server-fetch@2025.4.7", env={"PATH": "/opt/corp/bin"})
    found.line("env", "PATH=/opt/corp/bin", *npx)
    found.line(*npx, env={"Path": "C:\\corp"}, platform="windows")
    yield found

    found = flag("redirected-traffic", "traffic-redirected")
    for name, value in (
        ("HTTPS_PROXY", "http://proxy.example.com:3128"),
        ("NODE_EXTRA_CA_CERTS", "/opt/corp/ca.pem"),
        ("SSL_CERT_FILE", "/opt/corp/ca.pem"),
        ("https_proxy", "http://proxy.example.com:3128"),
    ):
        found.line(*npx, env={name: value})
        found.line("env", f"{name}={value}", *npx)
    found.line(*npx, env={"NODE_TLS_REJECT_UNAUTHORIZED": "0"})
    yield found

    found = flag("letter-case-of-keys", "odd-keys")
    for definition in (
        {"Command": "sh", "Args": ["-c", "echo canary; id"]},
        {"COMMAND": "npx", "ARGS": ["-c", "echo canary; id"]},
        {"Command": "npx", "Args": ["-y", PINNED]},
        {"URL": "https://mcp.example.com/mcp"},
    ):
        found.add(definition)
    yield found

    found = Family("not-pinned", "log", frozenset({"unpinned-package"}))
    for words in (
        ("npx", "-y", "@example/mcp-server"),
        ("npx", "-y", "@example/mcp-server@latest"),
        ("npx", "@example/mcp-server@^1.0.0"),
        ("npx", "@example/mcp-server@1"),
        ("npx", "--package=@example/mcp-server", "mcp-server"),
        ("cmd", "/c", "npx", "-y", "@example/mcp-server"),
        ("npm", "exec", "--", "@example/mcp-server"),
        ("bunx", "@example/mcp-server"),
        ("pnpm", "dlx", "@example/mcp-server"),
        ("uvx", "mcp-server-fetch"),
        ("uvx", "mcp-server-fetch@latest"),
        ("uvx", "mcp-server-fetch>=2025"),
        ("uv", "tool", "run", "mcp-server-fetch"),
        ("pipx", "run", "mcp-server-fetch"),
        ("docker", "run", "-i", "--rm", "example/mcp"),
        ("docker", "run", "-i", "--rm", "example/mcp:latest"),
        ("podman", "run", "-i", "example/mcp"),
    ):
        found.line(*words)
        found.wrapped(words, WRAPPERS[:3])
    yield found
