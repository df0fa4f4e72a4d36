"""Variables, each only where it acts."""

import pytest

from spawngate.launch.environment import Effects, Environment, names_secret, npm_setting, place_of_value
from tests.launch.told import told

SERVER = "node server.js"
NPX = "npx -y @example/s@1.0.0"
UVX = "uvx mcp-server-fetch@1.0"
PYTHON = "python3 server.py"
BASH = "bash server.sh"


def verdict(line: str, name: str, value: str, platform: str = "linux") -> str:
    """What is said about the one variable."""
    facts = told(line, platform, **{name: value})
    found: list[str] = []
    for word, fact in (("loads", "env_loads_code"), ("redirects", "env_redirects"), ("inert", "env_inert")):
        names = facts.get(fact, ())
        assert isinstance(names, tuple)
        if name in names:
            found.append(word)
    if facts.get("env_path"):
        found.append("path")
    return " ".join(found)


@pytest.mark.parametrize(
    ("line", "name", "value", "expected"),
    [
        (SERVER, "NODE_OPTIONS", "--require ./x.cjs", "loads"),
        (NPX, "NODE_OPTIONS", "--require ./x.cjs", "loads"),
        (NPX, "NODE_OPTIONS", "--import=data:text/javascript,x", "loads"),
        (NPX, "NODE_OPTIONS", "-r ./x.cjs", "loads"),
        (NPX, "NODE_OPTIONS", "--inspect=0.0.0.0:9229", "loads"),
        (NPX, "NODE_OPTIONS", "--max-old-space-size=4096 --no-warnings", ""),
        (NPX, "NODE_OPTIONS", "${NODE_OPTIONS}", ""),
        (UVX, "NODE_OPTIONS", "--require ./x.cjs", "inert"),
        (NPX, "node_options", "--require ./x.cjs", "inert"),
        ("pnpm dlx x", "NODE_OPTIONS", "--require ./x.cjs", "loads"),
        ("yarn dlx x", "NODE_OPTIONS", "--require ./x.cjs", "loads"),
        ("tsx x.ts", "NODE_OPTIONS", "--require ./x.cjs", "loads"),
        ("bun x.ts", "NODE_OPTIONS", "--require ./x.cjs", "inert"),
        (SERVER, "NODE_PATH", "./x", "loads"),
        (SERVER, "NODE_EXTRA_CA_CERTS", "/x.pem", "redirects"),
        (SERVER, "NODE_TLS_REJECT_UNAUTHORIZED", "0", "redirects"),
        (SERVER, "NODE_TLS_REJECT_UNAUTHORIZED", "1", ""),
        (SERVER, "NODE_ENV", "production", ""),
        (SERVER, "NODE_REPL_EXTERNAL_MODULE", "./x.cjs", "inert"),
        (NPX, "npm_config_script_shell", "./x.sh", "loads"),
        (NPX, "NPM_CONFIG_SCRIPT_SHELL", "./x.sh", "loads"),
        (NPX, "Npm_Config_Script-Shell", "./x.sh", "loads"),
        (NPX, "npm_config_userconfig", "./npmrc", "loads"),
        (NPX, "npm_config_call", "x", "loads"),
        (NPX, "npm_config_registry", "https://r.example", "redirects"),
        (NPX, "npm_config_@a:registry", "https://r.example", "redirects"),
        (NPX, "npm_config_strict_ssl", "false", "redirects"),
        (NPX, "npm_config_loglevel", "silent", ""),
        (NPX, "npm_config_yes", "true", ""),
        (NPX, "npm_config_unheard_of", "x", "loads"),
        (SERVER, "npm_config_script_shell", "./x.sh", "inert"),
        (UVX, "npm_config_script_shell", "./x.sh", "inert"),
        (PYTHON, "PYTHONPATH", "./x", "loads"),
        (UVX, "PYTHONPATH", "./x", "loads"),
        ("uv run server.py", "PYTHONPATH", "./x", "loads"),
        ("pipx run x", "PYTHONPATH", "./x", "loads"),
        ("python3 -I server.py", "PYTHONPATH", "./x", "inert"),
        ("python3 -E server.py", "PYTHONPATH", "./x", "inert"),
        ("python3 -Es server.py", "PYTHONPATH", "./x", "inert"),
        ("python3 -s server.py", "PYTHONPATH", "./x", "loads"),
        (SERVER, "PYTHONPATH", "./x", "inert"),
        (PYTHON, "PYTHONHOME", "./x", "loads"),
        (PYTHON, "PYTHONUSERBASE", "./x", "loads"),
        (PYTHON, "PYTHONWARNINGS", "error::m.X", "loads"),
        (PYTHON, "PYTHONWARNINGS", "ignore,error::a.B", "loads"),
        (PYTHON, "PYTHONWARNINGS", "ignore", ""),
        (PYTHON, "PYTHONSTARTUP", "./x.py", "inert"),
        ("python3 -i", "PYTHONSTARTUP", "./x.py", "loads"),
        (PYTHON, "PYTHONBREAKPOINT", "os.system", "inert"),
        (PYTHON, "PYTHONBREAKPOINT", "0", ""),
        (PYTHON, "PYTHONUNBUFFERED", "1", ""),
        (UVX, "UV_INDEX_URL", "https://r.example", "redirects"),
        (UVX, "UV_DEFAULT_INDEX", "https://r.example", "redirects"),
        (UVX, "UV_CONFIG_FILE", "./uv.toml", "redirects"),
        (UVX, "UV_PYTHON", "./python", "loads"),
        (UVX, "UV_PYTHON", "3.12", ""),
        (UVX, "UV_OFFLINE", "1", ""),
        (UVX, "PIP_INDEX_URL", "https://r.example", ""),
        ("pipx run x", "PIP_INDEX_URL", "https://r.example", "redirects"),
        ("python3 -m pip install x", "PIP_CONFIG_FILE", "./x", "redirects"),
        (BASH, "BASH_ENV", "./x.sh", "loads"),
        (NPX, "BASH_ENV", "./x.sh", "loads"),
        (SERVER, "BASH_ENV", "./x.sh", "inert"),
        ("sh server.sh", "BASH_ENV", "./x.sh", "inert"),
        ("sh server.sh", "ENV", "./x.sh", "inert"),
        (BASH, "ENV", "./x.sh", "inert"),
        (BASH, "PROMPT_COMMAND", "x", "inert"),
        (BASH, "BASH_FUNC_ls%%", "() { x; }", "loads"),
        ("zsh server.sh", "ZDOTDIR", "./x", "loads"),
        (SERVER, "LD_PRELOAD", "./x.so", "loads"),
        (UVX, "LD_AUDIT", "./x.so", "loads"),
        ("my-server", "LD_LIBRARY_PATH", "./x", "loads"),
        (SERVER, "DYLD_INSERT_LIBRARIES", "./x.dylib", "inert"),
        (SERVER, "ld_preload", "./x.so", "inert"),
        (SERVER, "PATH", "./x:/usr/bin", "path"),
        (SERVER, "GIT_SSH_COMMAND", "x", "inert"),
        ("git fetch", "GIT_SSH_COMMAND", "x", "loads"),
        ("git fetch", "GIT_CONFIG_KEY_0", "alias.x", "loads"),
        ("java -jar x.jar", "JAVA_TOOL_OPTIONS", "-javaagent:x.jar", "loads"),
        ("java -jar x.jar", "JAVA_TOOL_OPTIONS", "-Xmx1g -Dfile.encoding=UTF-8", ""),
        ("java -jar x.jar", "_JAVA_OPTIONS", "-agentpath:./x.so", "loads"),
        ("java -jar x.jar", "CLASSPATH", "./x", "inert"),
        ("java Main", "CLASSPATH", "./x", "loads"),
        ("perl server.pl", "PERL5OPT", "-MEvil", "loads"),
        ("perl server.pl", "PERL5LIB", "./x", "loads"),
        ("perl server.pl", "PERL5DB", "x", "inert"),
        ("perl -d server.pl", "PERL5DB", "x", "loads"),
        ("perl server.pl", "PERL5OPT", "-d", "loads"),
        ("perl server.pl", "PERL5OPT", "-w -d", "loads"),
        ("perl server.pl", "PERL5OPT", "-wd", "loads"),
        ("perl server.pl", "PERL5OPT", "d:Evil", "loads"),
        ("perl server.pl", "PERL5OPT", "-dt", "loads"),
        ("perl server.pl", "PERL5OPT", "-w -d-W", "loads"),
        ("perl server.pl", "PERL5OPT", "-w", ""),
        ("perl server.pl", "PERL5OPT", "-CSDA", ""),
        ("lua server.lua", "LUA_INIT_5_4", "@x.lua", "loads"),
        ("lua server.lua", "LUA_PATH_5_3", "./?.lua", "loads"),
        ("luajit server.lua", "LUA_CPATH_5_1", "./?.so", "loads"),
        (SERVER, "LUA_INIT_5_4", "@x.lua", "inert"),
        ("java -jar x.jar", "IBM_JAVA_OPTIONS", "-javaagent:x.jar", "loads"),
        ("java -jar x.jar", "OPENJ9_JAVA_OPTIONS", "-Xmx1g", ""),
        ("dotnet x.dll", "CORECLR_PROFILER_PATH_ARM64", "./x.so", "loads"),
        ("dotnet x.dll", "COR_PROFILER_PATH_32", "./x.dll", "loads"),
        ("Rscript x.R", "R_PROFILE", "./x", "loads"),
        ("Rscript x.R", "R_LIBS_USER", "./x", "loads"),
        ("julia x.jl", "JULIA_DEPOT_PATH", "./x", "loads"),
        ("elixir x.exs", "ERL_AFLAGS", "-pa x", "loads"),
        ("erl -noshell", "ERL_LIBS", "./x", "loads"),
        ("guile x.scm", "GUILE_LOAD_PATH", "./x", "loads"),
        ("racket x.rkt", "PLTADDONDIR", "./x", "loads"),
        ("tclsh x.tcl", "TCL_LIBRARY", "./x", "loads"),
        ("tclsh x.tcl", "TCLLIBPATH", "./x", "loads"),
        ("ts-node x.ts", "TS_NODE_REQUIRE", "./x", "loads"),
        ("bunx x@1.0.0", "NPM_CONFIG_REGISTRY", "https://r.example", "redirects"),
        ("bunx x@1.0.0", "npm_config_registry", "https://r.example", "redirects"),
        ("bunx x@1.0.0", "npm_config_registry", "${npm_config_registry}", ""),
        ("deno run -A npm:x@1.0.0", "NPM_CONFIG_REGISTRY", "https://r.example", "redirects"),
        ("deno run -A npm:x@1.0.0", "npm_config_script_shell", "./x", "inert"),
        ("ruby server.rb", "RUBYOPT", "-r./x", "loads"),
        ("ruby server.rb", "RUBYOPT", "-W0", ""),
        ("dnx Example.Server", "DOTNET_STARTUP_HOOKS", "./x.dll", "loads"),
        ("dotnet x.dll", "DOTNET_STARTUP_HOOKS", "./x.dll", "loads"),
        ("dotnet x.dll", "DOTNET_ROLL_FORWARD", "Major", ""),
        ("go run ./x", "GOFLAGS", "-toolexec=./x", "loads"),
        ("go run ./x", "GOFLAGS", "-mod=mod", ""),
        ("go run ./x", "GOPROXY", "https://r.example", "redirects"),
        ("cargo run", "RUSTC_WRAPPER", "./x", "loads"),
        ("cargo run", "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER", "./x", "loads"),
        ("cargo run", "CARGO_TERM_COLOR", "never", ""),
        ("docker run x", "DOCKER_HOST", "tcp://h:1", "redirects"),
        (SERVER, "HTTPS_PROXY", "http://p.example", "redirects"),
        (SERVER, "OPENSSL_CONF", "./x.cnf", "loads"),
        (SERVER, "API_KEY", "x", ""),
        ("deno run x.ts", "OPENSSL_CONF", "./x.cnf", "inert"),
        ("bunx x", "BUN_OPTIONS", "--preload ./x.ts", "loads"),
        ("env bash server.sh", "BASH_ENV", "./x.sh", "loads"),
        ("env -i bash server.sh", "BASH_ENV", "./x.sh", "inert"),
        ("docker run x", "NODE_OPTIONS", "--require ./x", "inert"),
    ],
)
def test_acts_only_where_it_acts(line: str, name: str, value: str, expected: str) -> None:
    assert verdict(line, name, value) == expected


def test_platforms_differ() -> None:
    assert verdict(SERVER, "DYLD_INSERT_LIBRARIES", "./x.dylib", "macos") == "loads"
    assert verdict(SERVER, "LD_PRELOAD", "./x.so", "macos") == "inert"
    assert verdict(SERVER, "Node_Options", "--require ./x", "windows") == "loads"
    assert verdict(SERVER, "Path", "x", "windows") == "path"
    assert verdict(SERVER, "Path", "x", "linux") == ""


def test_effects_of_several() -> None:
    environment = Environment({"NODE_OPTIONS": "-r ./x", "HTTP_PROXY": "http://p", "PATH": "x", "A": "1"}, "linux")
    assert environment.effects(("node", "any")) == Effects(("NODE_OPTIONS",), ("HTTP_PROXY",), True)
    assert environment.effects(("python",)) == Effects()
    assert environment.suspects() == ("NODE_OPTIONS",)


def test_npm_setting() -> None:
    names = [
        "npm_config_script_shell",
        "NPM_CONFIG_REGISTRY",
        "npm_config__auth",
        "npm_config_//r/:_authToken",
        "npm_x",
    ]
    assert [npm_setting(name) for name in names] == ["script-shell", "registry", "_auth", "//r/:_authToken", None]


def test_place_of_value() -> None:
    values = [
        "./x",
        "/opt/x",
        "/tmp/x",
        "--require=/tmp/x",
        "~/x",
        "//h/x",
        "data:,x",
        "--require ./x",
        "C:\\x",
        "-I/opt",
    ]
    assert [place_of_value(value) for value in values] == [
        "relative",
        "absolute",
        "temporary",
        "temporary",
        "home",
        "network",
        "inline",
        "relative",
        "absolute",
        "absolute",
    ]


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("GITHUB_TOKEN", True),
        ("OPENAI_API_KEY", True),
        ("apiKey", True),
        ("db_password", True),
        ("AWS_SECRET_ACCESS_KEY", True),
        ("DATABASE_DSN", True),
        ("MAX_TOKENS", False),
        ("KEY_FILE", False),
        ("PWD", False),
        ("SSH_AUTH_SOCK", False),
        ("LOG_LEVEL", False),
        ("MONKEY", False),
        ("GIT_CONFIG_KEY_0", False),
    ],
)
def test_names_secret(name: str, secret: bool) -> None:
    assert names_secret(name) is secret
