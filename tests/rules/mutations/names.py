"""Attacks by names, by shapes of a definition, and by what stands beyond it. Must not be here: other families."""

from collections.abc import Iterator

from tests.rules.mutations.case import PINNED, WRAPPERS, Family, Words, deny


def names() -> Iterator[Family]:
    """See the module."""
    found = deny("relative-launcher", "launcher-from-folder", "look-alike")
    for name in (
        "./npx",
        "../bin/npx",
        "tools/uvx",
        "./node_modules/.bin/npx",
        "./python3",
        "bin/docker",
        ".\\npx.cmd",
        "tools\\node.exe",
        ".\\bin\\uvx.EXE",
    ):
        platform = "windows" if "\\" in name else "linux"
        found.line(name, "-y", PINNED, platform=platform)
        if platform == "linux":
            found.wrapped((name, "-y", PINNED), WRAPPERS[:3])
    yield found

    found = deny("misleading-name", "look-alike", "odd-characters")
    for name in (
        "n\u0440x",
        "np\u0445",
        "uv\u0445",
        "d\u043ecker",
        "p\u0443thon3",
        "\uff4e\uff50\uff58",
        "n\u200bpx",
        "npx\u200d",
        "\u202enpx",
        "npx ",
        " npx",
        "npx\t",
        "npx\u00a0",
        "npx\n",
        "npx\u2060",
        "nod\u0435",
        "npx\u00ad",
        "d0cker",
        "pyth0n",
    ):
        found.line(name, "-y", PINNED)
        found.line(name, PINNED, "./docs")
    for word in (
        "@example/mcp-\u202eserver@1.0.0",
        "@example/mcp\u200b-server@1.0.0",
        "@ex\u0430mple/mcp-server@1.0.0",
        "@example/mcp-server@1.0.0\x1b[2K",
    ):
        found.line("npx", "-y", word)
    yield found

    found = deny("misleading-package", "look-alike")
    for name in (
        "@modelcontextprotocol/server-filesytem@2025.7.1",
        "@modelcontextprotcol/server-filesystem@2025.7.1",
        "@model-context-protocol/server-filesystem@2025.7.1",
        "@modelcontextprotocoll/server-github@2025.4.8",
        "@upstahs/context7-mcp@1.0.0",
        "@playwrigth/mcp@0.0.40",
        "chrome-devtool-mcp@0.1.0",
    ):
        found.line("npx", "-y", name)
        found.line("npx", f"--package={name}", "server")
        found.line("cmd", "/c", "npx", "-y", name, platform="windows")
    for name in ("mcp-server-ftech==2025.4.7", "mcp-servr-git==2025.7.1", "mcp-server-tme==2025.7.1"):
        found.line("uvx", name)
        found.line("uvx", "--from", name, "server")
    yield found

    found = deny("misleading-host", "look-alike")
    for host in (
        "g1thub.com",
        "githubcopilot.com.example.net",
        "api.githubcopi1ot.com",
        "mcp.n0tion.com",
        "mcp.\u0430tlassian.com",
        "mcp.linear.app.example.net",
        "github-com.example.net",
    ):
        found.add({"type": "http", "url": f"https://{host}/mcp"})
        found.line("npx", "-y", "mcp-remote@0.1.38", f"https://{host}/mcp")
    yield found

    found = deny("network-path", "network-program", "look-alike")
    for path in (
        "\\\\files.example.com\\tools\\npx.cmd",
        "\\\\?\\C:\\tools\\npx.cmd",
        "//files.example.com/tools/npx.cmd",
        "\\\\203.0.113.7\\s\\server.exe",
        "\\\\.\\C:\\tools\\server.exe",
    ):
        found.line(path, "-y", platform="windows")
    for path in ("\\\\files.example.com\\tools\\server.js", "//files.example.com/tools/server.js"):
        found.line("node", path, platform="windows")
        found.line("python", path.replace(".js", ".py"), platform="windows")
        found.line("cmd", "/c", "node", path, platform="windows")
    yield found

    found = deny("temporary-place", "temporary-program")
    for folder in ("/tmp", "/var/tmp", "/dev/shm", "/private/tmp", "$TMPDIR", "${TMPDIR}"):
        found.line(f"{folder}/server")
        found.line("node", f"{folder}/server.js")
        found.line("python3", f"{folder}/server.py", "--stdio")
        found.line("env", "node", f"{folder}/server.js")
    for folder in ("%TEMP%", "C:\\Users\\dev\\AppData\\Local\\Temp", "C:\\Windows\\Temp", "C:/Temp"):
        found.line(f"{folder}\\server.exe", platform="windows")
        found.line("node", f"{folder}\\server.js", platform="windows")
    yield found


def shapes() -> Iterator[Family]:
    """See the module."""
    found = deny("shape-of-definition", "shell-text", "inline-code")
    shell = {"command": "sh", "args": ["-c", "echo canary; id"]}
    for definition in (
        {"url": "https://mcp.example.com/mcp", **shell},
        {"type": "http", "url": "https://mcp.example.com/mcp", **shell},
        {"transport_type": "stdio", "url": "https://mcp.example.com/mcp", **shell},
        {"type": "sse", **shell},
        {"mcpServers": {"x": shell}},
        {"servers": {"x": shell}},
        {"context_servers": {"x": shell}},
        {"mcp": {"x": shell}},
        {"mcp_servers": {"x": shell}},
        {"x": shell},
        {"command": "sh", "args": "-c 'echo canary; id'"},
        {"command": "npx", "args": "-c 'echo canary; id'"},
        {"command": "sh -c 'echo canary; id'"},
        {"command": ["sh", "-c", "echo canary; id"]},
        {"command": {"path": "sh", "args": ["-c", "echo canary; id"]}},
        {"command": "node -e 'process.exit()'"},
        {"command": "${MCP_LAUNCHER:-sh}", "args": ["-c", "echo canary; id"]},
        {"command": "${SHELL:-/bin/bash}", "args": ["-c", "echo canary; id"]},
        {"command": "env", "args": "sh -c 'echo canary; id'"},
    ):
        found.add(definition)
    yield found


def beyond() -> Iterator[Family]:
    """See the module."""
    words: Words
    found = deny("argument-injection", "argument-injection", "inline-code")
    for words in (
        ("git", "-c", "alias.x=!echo canary", "x"),
        ("git", "-calias.x=!id", "x"),
        ("git", "-c", "core.sshCommand=./canary.sh", "fetch"),
        ("git", "-c", "core.pager=./canary.sh", "log"),
        ("git", "-c", "core.fsmonitor=./canary.sh", "status"),
        ("git", "-c", "protocol.ext.allow=always", "clone", "ext::sh -c id"),
        ("git", "clone", "--upload-pack=./canary.sh", "git@git.example.com:x"),
        ("tar", "-cf", "/dev/null", "--checkpoint=1", "--checkpoint-action=exec=id", "."),
        ("tar", "xf", "a.tar", "--to-command=./canary.sh"),
        ("tar", "-cf", "x", "-I", "./canary.sh", "."),
        ("tar", "--use-compress-program=./canary.sh", "-cf", "x", "."),
        ("find", ".", "-exec", "sh", "-c", "id", ";"),
        ("find", ".", "-execdir", "./canary.sh", ";"),
        ("rsync", "-e", "./canary.sh", "a", "b:c"),
        ("rsync", "--rsh=./canary.sh", "a", "b:c"),
        ("ssh", "-o", "ProxyCommand=./canary.sh", "host"),
        ("ssh", "-oProxyCommand=./canary.sh", "host"),
        ("awk", 'BEGIN{system("id")}'),
    ):
        found.line(*words)
        found.wrapped(words, WRAPPERS[:2])
    yield found
