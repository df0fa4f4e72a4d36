"""Attacks by variables. Must not be here: other families."""

from collections.abc import Iterator, Sequence

from tests.rules.mutations.case import PINNED, Family, deny


def environment() -> Iterator[Family]:
    """See the module."""

    def both(found: Family, words: Sequence[str], name: str, value: str, platform: str = "linux") -> None:
        found.line(*words, env={name: value}, platform=platform)
        if platform == "linux":
            found.line("env", f"{name}={value}", *words)
            found.line("/usr/bin/env", "-u", "HOME", f"{name}={value}", *words)

    npx, uvx = ("npx", "-y", PINNED), ("uvx", "mcp-server-fetch@2025.4.7")
    found = deny("environment-node", "code-loading-environment")
    for value in (
        "--require ./c.cjs",
        "-r ./c.cjs",
        "--import=data:text/javascript,1",
        "--import ./c.mjs",
        "--loader ./c.mjs",
    ):
        both(found, npx, "NODE_OPTIONS", value)
        found.line("node", "server.js", env={"NODE_OPTIONS": value})
    found.line("npx", "-y", PINNED, env={"NODE_OPTIONS": "--max-old-space-size=512 --require ./c.cjs"})
    found.line("npx.cmd", "-y", PINNED, env={"node_options": "--require ./c.cjs"}, platform="windows")
    both(found, npx, "NODE_PATH", "./canary")
    yield found

    found = deny(
        "environment-npm", "code-loading-environment", "hidden-shell", "config-override", "registry-environment"
    )
    for setting, value in (
        ("userconfig", "./npmrc"),
        ("node_options", "--require ./c.cjs"),
        ("call", "echo canary"),
        ("globalconfig", "./npmrc"),
        ("prefix", "./canary"),
    ):
        for prefix in ("npm_config_", "NPM_CONFIG_"):
            name = prefix + (setting.upper() if prefix.isupper() else setting)
            both(found, npx, name, value)
    yield found

    found = deny("environment-python", "code-loading-environment")
    for name, value in (("PYTHONPATH", "./canary"), ("PYTHONHOME", "./canary"), ("PYTHONWARNINGS", "error::canary.X")):
        both(found, uvx, name, value)
        both(found, ("python3", "server.py"), name, value)
        found.line("uv", "run", "server.py", env={name: value})
    yield found

    found = deny("environment-linker", "code-loading-environment")
    for words in (npx, uvx, ("node", "server.js"), ("/opt/example/bin/server",), ("python3", "server.py")):
        both(found, words, "LD_PRELOAD", "./canary.so")
        both(found, words, "LD_LIBRARY_PATH", "./canary")
        found.line(*words, env={"LD_AUDIT": "./canary.so"})
        found.line(*words, env={"DYLD_INSERT_LIBRARIES": "./canary.dylib"}, platform="macos")
    yield found

    found = deny("environment-others", "code-loading-environment")
    both(found, ("bash", "./start-server.sh"), "BASH_ENV", "./canary.sh")
    both(found, ("perl", "server.pl"), "PERL5OPT", "-I./canary -MCanary")
    both(found, ("perl", "server.pl"), "PERL5LIB", "./canary")
    both(found, ("ruby", "server.rb"), "RUBYOPT", "-r./canary")
    both(found, ("java", "-jar", "server.jar"), "JAVA_TOOL_OPTIONS", "-javaagent:./canary.jar")
    both(found, ("java", "-jar", "server.jar"), "JDK_JAVA_OPTIONS", "-javaagent:./canary.jar")
    both(found, ("git", "fetch"), "GIT_SSH_COMMAND", "./canary.sh")
    both(found, ("dotnet", "server.dll"), "DOTNET_STARTUP_HOOKS", "./canary.dll")
    both(found, ("go", "run", "example.com/tool@v1.0.0"), "GOFLAGS", "-toolexec=./canary")
    both(found, ("cargo", "run"), "RUSTC_WRAPPER", "./canary")
    yield found

    found = deny("environment-registry", "registry-environment", "registry-override")
    address = "https://packages.example.com/"
    for name in ("npm_config_registry", "NPM_CONFIG_REGISTRY", "npm_config_@example:registry", "Npm_Config_Registry"):
        both(found, npx, name, address)
    for name in ("UV_INDEX_URL", "UV_DEFAULT_INDEX", "UV_EXTRA_INDEX_URL", "UV_INDEX", "UV_FIND_LINKS"):
        both(found, uvx, name, address)
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"):
        both(found, ("pipx", "run", "mcp-server-fetch==2025.4.7"), name, address)
    both(found, ("bunx", PINNED), "BUN_CONFIG_REGISTRY", address)
    both(found, ("go", "run", "example.com/tool@v1.0.0"), "GOPROXY", address)
    yield found
