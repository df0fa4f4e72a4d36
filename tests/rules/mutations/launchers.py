"""Attacks by options of package launchers. Must not be here: other families."""

from collections.abc import Iterator

from tests.rules.mutations.case import GIT, PINNED, WRAPPERS, Family, Words, deny, joined


def launchers() -> Iterator[Family]:
    """See the module."""
    words: Words
    found = deny("npx-call", "shell-text")
    text = "echo canary > canary"
    for name in ("npx", "npx.cmd", "/usr/local/bin/npx"):
        platform = "windows" if name.endswith(".cmd") else "linux"
        for words in (
            ("-c", text),
            ("--call", text),
            (f"--call={text}",),
            ("-yc", text),
            ("-y", "-c", text),
            ("-p", PINNED, "-c", text),
            (f"--package={PINNED}", f"--call={text}"),
            ("--yes", "--package", PINNED, "--call", text),
            ("--silent", "-c", text),
        ):
            found.line(name, *words, platform=platform)
    for words in (("npm", "exec", "-c", text), ("npm", "x", "-c", text), ("npm", "exec", f"--call={text}")):
        found.line(*words)
    found.line("pnpm", "dlx", "-c", text)
    found.wrapped(("npx", "-c", text), WRAPPERS)
    yield found

    found = deny("script-shell", "hidden-shell", "code-loading-environment")
    for words in joined("--script-shell", "./canary.sh"):
        found.line("npx", *words, PINNED)
        found.line("npx", "-y", *words, PINNED)
        found.line("npm", "exec", *words, PINNED)
        found.line("npm", "exec", *words, "--", PINNED)
        found.line("npx.cmd", *words, PINNED, platform="windows")
    for name in (
        "npm_config_script_shell",
        "NPM_CONFIG_SCRIPT_SHELL",
        "npm_config_script-shell",
        "Npm_Config_Script_Shell",
    ):
        found.line("npx", "-y", PINNED, env={name: "./canary.sh"})
        found.line("env", f"{name}=./canary.sh", "npx", "-y", PINNED)
    yield found

    found = deny("registry-option", "registry-override")
    address = "https://packages.example.com/"
    for launcher in (("npx",), ("npx", "-y"), ("npm", "exec"), ("npx.cmd", "-y")):
        platform = "windows" if launcher[0].endswith(".cmd") else "linux"
        for words in joined("--registry", address):
            found.line(*launcher, *words, PINNED, platform=platform)
    for option in ("--index-url", "--default-index", "--extra-index-url", "--index", "--find-links"):
        for words in joined(option, address):
            found.line("uvx", *words, "mcp-server-fetch@2025.4.7")
            found.line("uv", "tool", "run", *words, "mcp-server-fetch@2025.4.7")
    found.line("uvx", "-i", address, "mcp-server-fetch@2025.4.7")
    found.line("pipx", "run", "--index-url", address, "mcp-server-fetch==2025.4.7")
    found.line("pipx", "run", "--pip-args", f"--index-url {address}", "mcp-server-fetch==2025.4.7")
    found.line("dnx", "Example.Mcp@1.0.0", "--source", address)
    found.line("dnx", "--add-source", address, "Example.Mcp@1.0.0")
    found.wrapped(("npx", "--registry", address, PINNED), WRAPPERS[:6])
    yield found

    found = deny("configuration-option", "config-override", "registry-override")
    for option in ("--userconfig", "--globalconfig"):
        for words in joined(option, "./npmrc"):
            found.line("npx", "-y", *words, PINNED)
            found.line("npm", "exec", *words, "--", PINNED)
            found.line("npx.cmd", *words, PINNED, platform="windows")
    for words in joined("--config-file", "./uv.toml"):
        found.line("uvx", *words, "mcp-server-fetch@2025.4.7")
        found.line("uv", "run", *words, "server.py")
    found.wrapped(("npx", "--userconfig=./npmrc", PINNED), WRAPPERS[:4])
    yield found

    found = deny("git-source", "moving-git-source", "install-at-start")
    for source in (f"{GIT}@main", GIT, f"{GIT}.git@develop", "git+ssh://git@git.example.com/org/tool@main"):
        for words in joined("--from", source):
            found.line("uvx", *words, "tool")
            found.line("uv", "tool", "run", *words, "tool")
        found.line("uvx", source)
        found.line("pipx", "run", "--spec", source, "tool")
    for source in (
        "github:org/tool",
        "org/tool",
        "git+https://git.example.com/org/tool.git",
        "gitlab:org/tool",
        "github:org/tool#main",
    ):
        found.line("npx", "-y", source)
        found.line("npx", "--package", source, "tool")
        found.line("npx", f"--package={source}", "tool")
        found.line("bunx", source)
        found.line("pnpm", "dlx", source)
    found.wrapped(("uvx", "--from", f"{GIT}@main", "tool"), WRAPPERS[:6])
    yield found

    found = deny("address-source", "address-source", "local-package-installed", "download-and-run", "install-at-start")
    for words in (
        ("npx", "-y", "https://files.example.com/tool.tgz"),
        ("npx", "--package=https://files.example.com/tool.tgz", "tool"),
        ("uvx", "--from", "https://files.example.com/tool-1.0-py3-none-any.whl", "tool"),
        ("uvx", "https://files.example.com/tool-1.0.tar.gz"),
        ("pipx", "run", "https://files.example.com/tool.py"),
        ("deno", "run", "-A", "https://files.example.com/server.ts"),
        ("deno", "run", "--allow-net", "https://files.example.com/server.ts"),
        ("uv", "run", "https://files.example.com/server.py"),
    ):
        found.line(*words)
        found.wrapped(words, WRAPPERS[:2])
    yield found

    found = deny("install-at-start", "install-at-start")
    for words in (
        ("python3", "-m", "pip", "install", "tool"),
        ("python", "-mpip", "install", "tool"),
        ("pip", "install", "-q", "tool"),
        ("pip3", "install", "--user", "tool"),
        ("/usr/bin/pip", "install", "tool"),
        ("uv", "pip", "install", "tool"),
        ("uv", "tool", "install", "tool"),
        ("pipx", "install", "tool"),
        ("npm", "install", "-g", "tool"),
        ("npm", "i", "tool"),
        ("npm", "ci"),
        ("npm.cmd", "install", "tool"),
        ("pnpm", "add", "tool"),
        ("yarn", "add", "tool"),
        ("bun", "add", "tool"),
        ("apt-get", "install", "-y", "tool"),
        ("brew", "install", "tool"),
        ("gem", "install", "tool"),
        ("go", "install", "example.com/tool@latest"),
        ("cargo", "install", "tool"),
    ):
        found.line(*words)
    found.wrapped(("pip", "install", "tool"), WRAPPERS[:6])
    yield found

    found = deny("repository-script", "repository-script")
    for words in (
        ("npm", "start"),
        ("npm", "run", "mcp"),
        ("npm", "run-script", "mcp"),
        ("npm", "test"),
        ("npm", "--prefix", "./vendor/tool", "start"),
        ("npm", "--prefix=./vendor/tool", "run", "mcp"),
        ("npm", "run", "--silent", "mcp"),
        ("npm.cmd", "run", "mcp"),
        ("pnpm", "run", "mcp"),
        ("pnpm", "-C", "./vendor", "start"),
        ("yarn", "start"),
        ("yarn", "run", "mcp"),
        ("bun", "run", "mcp"),
        ("deno", "task", "mcp"),
        ("make", "mcp"),
        ("make", "-C", "vendor", "run"),
        ("just", "mcp"),
        ("task", "mcp"),
        ("docker", "compose", "up"),
        ("docker", "compose", "-f", "./canary.yml", "up"),
        ("docker", "compose", "--file=./canary.yml", "run", "mcp"),
        ("docker-compose", "up"),
        ("docker-compose", "-f", "x.yml", "run", "mcp"),
        ("podman", "compose", "up"),
    ):
        found.line(*words)
    found.wrapped(("npm", "run", "mcp"), WRAPPERS[:4])
    yield found

    found = deny("local-package-installed", "local-package-installed", "install-at-start")
    for words in (
        ("npx", "-y", "--package", "file:./tools/helper", "helper"),
        ("npx", "--package=file:./tools/helper", "helper"),
        ("npx", "-p", "file:../helper", "helper"),
        ("npx", "-y", "./helper-1.0.0.tgz"),
        ("npm", "exec", "--package=file:./tools/helper", "--", "helper"),
        ("uvx", "--from", "./dist/helper-1.0.0-py3-none-any.whl", "helper"),
    ):
        found.line(*words)
        found.wrapped(words, WRAPPERS[:2])
    yield found
