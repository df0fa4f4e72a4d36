"""Which variable of a definition really makes which program run, load or fetch something else.

Belongs here: the table of variables and the programs they act on. Must not be here: secrets by name
(`redact.names`), and which programs a launch starts (`launch.understand`).
Sources: `node --help` and https://nodejs.org/api/cli.html; docs.npmjs.com/cli/using-npm/config (any letter case:
npm/cli:workspaces/config/lib/index.js); docs.python.org/3/using/cmdline.html; ld.so(8); dyld(1); bash(1), dash(1);
git(1); perlrun(1); ruby(1); docs.oracle.com java launcher; learn.microsoft.com DOTNET_STARTUP_HOOKS; uv and pip
environment pages; `go help environment`; doc.rust-lang.org cargo environment variables; openssl-env(7). Which of
them act without a terminal was tried out: tests/fixtures/launch_experiments.json.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from spawngate.launch.argv import word_set

LOADS, REDIRECTS, PATH, INERT = "loads", "redirects", "path", "inert"


class Effects(NamedTuple):
    """What variables do to one program."""

    loads: tuple[str, ...] = ()
    redirects: tuple[str, ...] = ()
    path: bool = False


class _Rule(NamedTuple):
    effect: str
    runtimes: frozenset[str]
    """Programs it acts on; `any` for every program, `linux` and `macos` for every program of that system."""
    acts: Callable[[str], bool] | None = None
    """Whether a value has the effect; None for every value but the empty one."""


def _rule(effect: str, runtimes: str, acts: Callable[[str], bool] | None = None) -> _Rule:
    return _Rule(effect, word_set(runtimes), acts)


_NODE_CODE = re.compile(
    r"(?:^|[\s\"'])(?:-r|--require|--import|--loader|--experimental[-_]loader|--eval|-e|--env-file\S*|--inspect\S*"
    r"|--openssl-config|--experimental[-_](?:default[-_])?config[-_]file|--snapshot[-_]blob|--build-snapshot\S*)"
    r"(?:$|[\s=\"'])"
)


def _node_options(value: str) -> bool:
    return _NODE_CODE.search(value) is not None


def _bun_options(value: str) -> bool:
    return re.search(r"preload|-r\b|--require|--import|-e\b|--eval|--inspect", value) is not None


def _warnings(value: str) -> bool:
    # `action:message:category:module:line`; a category with a dot is imported.
    return any("." in (part.split(":") + [""] * 3)[2] for part in value.split(","))


_PERL_DEBUGGER = re.compile(r"(?:^|[\s-])[TtUWw]*d(?:[t:=\s-]|$)")


def _perl_debugger(value: str) -> bool:
    """Whether this PERL5OPT starts Perl's debugger, which runs what PERL5DB says."""
    return _PERL_DEBUGGER.search(value) is not None


def _perl(value: str) -> bool:
    return re.search(r"-?[MmId]\S", value) is not None or _perl_debugger(value)


def _java(value: str) -> bool:
    return (
        re.search(
            r"-javaagent|-agentpath|-agentlib|-Xrun|-Xbootclasspath|-XX:\+?(?:OnError|OnOutOfMemoryError|Flags"
            r"|VMOptionsFile)|-cp\b|-classpath|--class-path|--module-path|--patch-module|-Djava\.(?:ext|endorsed)|(?:^|\s)@",
            value,
        )
        is not None
    )


def _go_flags(value: str) -> bool:
    return re.search(r"-(?:toolexec|exec|overlay|modfile|ldflags|gcflags|vettool|C)\b", value) is not None


def _rust_flags(value: str) -> bool:
    return re.search(r"linker|link-arg|-Zcodegen|codegen-backend|plugin", value) is not None


def _set(value: str) -> bool:
    return bool(value.strip()) and value.strip().lower() not in ("0", "false", "no")


def _path_like(value: str) -> bool:
    return re.search(r"[\\/]|^\.", value) is not None


_TABLE: dict[str, _Rule] = {
    # every program
    "LD_PRELOAD": _rule(LOADS, "linux"),
    "LD_AUDIT": _rule(LOADS, "linux"),
    "LD_LIBRARY_PATH": _rule(LOADS, "linux"),
    "LD_DEBUG_OUTPUT": _rule(INERT, ""),
    "GCONV_PATH": _rule(LOADS, "linux"),
    "DYLD_INSERT_LIBRARIES": _rule(LOADS, "macos"),
    "DYLD_LIBRARY_PATH": _rule(LOADS, "macos"),
    "DYLD_FRAMEWORK_PATH": _rule(LOADS, "macos"),
    "DYLD_FALLBACK_LIBRARY_PATH": _rule(LOADS, "macos"),
    "DYLD_VERSIONED_LIBRARY_PATH": _rule(LOADS, "macos"),
    "PATH": _rule(PATH, "any"),
    "PATHEXT": _rule(PATH, "any"),
    "COMSPEC": _rule(LOADS, "cmd npm npx pnpm yarn windows"),
    "OPENSSL_CONF": _rule(LOADS, "node npm npx pnpm yarn python ruby php perl git curl wget openssl"),
    "OPENSSL_MODULES": _rule(LOADS, "node npm npx pnpm yarn python ruby php perl git curl wget openssl"),
    "OPENSSL_ENGINES": _rule(LOADS, "node npm npx pnpm yarn python ruby php perl git curl wget openssl"),
    # shells
    "BASH_ENV": _rule(LOADS, "bash npm npx pnpm yarn"),
    "ENV": _rule(LOADS, "sh-interactive ksh-interactive"),
    "ZDOTDIR": _rule(LOADS, "zsh"),
    "SHELLOPTS": _rule(LOADS, "bash", lambda value: "xtrace" in value),
    "PS4": _rule(LOADS, "bash sh", lambda value: "$(" in value or "`" in value),
    "PROMPT_COMMAND": _rule(LOADS, "bash-interactive"),
    "PS0": _rule(LOADS, "bash-interactive"),
    "PS1": _rule(LOADS, "bash-interactive", lambda value: "$(" in value or "`" in value),
    "IFS": _rule(INERT, ""),
    "FPATH": _rule(LOADS, "zsh ksh"),
    # node and its launchers
    "NODE_OPTIONS": _rule(LOADS, "node npm npx pnpm yarn tsx", _node_options),
    "NODE_PATH": _rule(LOADS, "node npm npx pnpm yarn tsx bun"),
    "NODE_REPL_EXTERNAL_MODULE": _rule(LOADS, "node-repl"),
    "NODE_EXTRA_CA_CERTS": _rule(REDIRECTS, "node npm npx pnpm yarn tsx"),
    "NODE_TLS_REJECT_UNAUTHORIZED": _rule(
        REDIRECTS, "node npm npx pnpm yarn tsx bun", lambda value: value.strip() == "0"
    ),
    "ELECTRON_RUN_AS_NODE": _rule(INERT, ""),
    "TSX_TSCONFIG_PATH": _rule(LOADS, "tsx"),
    "TS_NODE_COMPILER": _rule(LOADS, "ts-node"),
    "TS_NODE_PROJECT": _rule(LOADS, "ts-node"),
    "TS_NODE_REQUIRE": _rule(LOADS, "ts-node"),
    "YARN_RC_FILENAME": _rule(LOADS, "yarn"),
    "YARN_YARN_PATH": _rule(LOADS, "yarn"),
    "YARN_PLUGINS": _rule(LOADS, "yarn"),
    "YARN_NPM_REGISTRY_SERVER": _rule(REDIRECTS, "yarn"),
    "YARN_REGISTRY": _rule(REDIRECTS, "yarn"),
    "COREPACK_NPM_REGISTRY": _rule(REDIRECTS, "yarn pnpm"),
    "COREPACK_INTEGRITY_KEYS": _rule(REDIRECTS, "yarn pnpm"),
    "BUN_OPTIONS": _rule(LOADS, "bun bunx", _bun_options),
    "BUN_INSPECT": _rule(LOADS, "bun bunx"),
    "BUN_INSPECT_PRELOAD": _rule(LOADS, "bun bunx"),
    "BUN_CONFIG_REGISTRY": _rule(REDIRECTS, "bun bunx"),
    "BUN_INSTALL": _rule(INERT, ""),
    "DENO_DIR": _rule(INERT, ""),
    "DENO_CERT": _rule(REDIRECTS, "deno"),
    "NPM_REGISTRY": _rule(INERT, ""),
    "JSR_URL": _rule(REDIRECTS, "deno"),
    # python and what starts it
    "PYTHONPATH": _rule(LOADS, "python uvx uv-run pipx"),
    "PYTHONHOME": _rule(LOADS, "python uvx uv-run pipx"),
    "PYTHONUSERBASE": _rule(LOADS, "python pipx"),
    "PYTHONWARNINGS": _rule(LOADS, "python uvx uv-run pipx", _warnings),
    "PYTHONPLATLIBDIR": _rule(LOADS, "python uvx uv-run pipx"),
    "PYTHONPYCACHEPREFIX": _rule(LOADS, "python uvx uv-run pipx"),
    "PYTHONEXECUTABLE": _rule(LOADS, "python-macos"),
    "PYTHONSTARTUP": _rule(LOADS, "python-interactive"),
    "PYTHONINSPECT": _rule(LOADS, "python-interactive", _set),
    "PYTHON_BASIC_REPL": _rule(INERT, ""),
    "PYTHONBREAKPOINT": _rule(LOADS, "python-breakpoint", lambda value: value.strip() not in ("", "0")),
    "PYTHON_PRESITE": _rule(LOADS, "python-debug-build"),
    "VIRTUAL_ENV": _rule(LOADS, "uv-run", _path_like),
    "CONDA_PREFIX": _rule(INERT, ""),
    # where python packages come from
    "UV_CONFIG_FILE": _rule(REDIRECTS, "uvx uv-run uv"),
    "UV_ENV_FILE": _rule(LOADS, "uv-run"),
    "UV_PYTHON": _rule(LOADS, "uvx uv-run uv", _path_like),
    "UV_PYTHON_INSTALL_DIR": _rule(LOADS, "uvx uv-run uv"),
    "UV_PYTHON_SEARCH_PATH": _rule(LOADS, "uvx uv-run uv"),
    "UV_PYTHON_INSTALL_MIRROR": _rule(REDIRECTS, "uvx uv-run uv"),
    "UV_PYPY_INSTALL_MIRROR": _rule(REDIRECTS, "uvx uv-run uv"),
    "UV_PROJECT": _rule(LOADS, "uv-run"),
    "UV_PROJECT_ENVIRONMENT": _rule(LOADS, "uv-run"),
    "UV_WORKING_DIRECTORY": _rule(LOADS, "uv-run"),
    "UV_WORKING_DIR": _rule(LOADS, "uv-run"),
    "UV_TOOL_DIR": _rule(LOADS, "uvx"),
    "UV_CACHE_DIR": _rule(LOADS, "uvx uv-run uv"),
    "UV_BUILD_CONSTRAINT": _rule(INERT, ""),
    "UV_OVERRIDE": _rule(REDIRECTS, "uvx uv-run uv"),
    "UV_CONSTRAINT": _rule(INERT, ""),
    **{
        name: _rule(REDIRECTS, "uvx uv-run uv")
        for name in [
            "UV_INDEX_URL",
            "UV_EXTRA_INDEX_URL",
            "UV_INDEX",
            "UV_DEFAULT_INDEX",
            "UV_FIND_LINKS",
            "UV_INDEX_STRATEGY",
            "UV_INSECURE_HOST",
            "UV_INSECURE_NO_ZIP_VALIDATION",
        ]
    },
    "PIP_CONFIG_FILE": _rule(REDIRECTS, "pip pipx"),
    "PIP_PYTHON": _rule(LOADS, "pip pipx"),
    "PIP_PREFIX": _rule(INERT, ""),
    "PIP_TARGET": _rule(INERT, ""),
    **{
        name: _rule(REDIRECTS, "pip pipx")
        for name in [
            "PIP_INDEX_URL",
            "PIP_EXTRA_INDEX_URL",
            "PIP_FIND_LINKS",
            "PIP_TRUSTED_HOST",
            "PIP_CONSTRAINT",
            "PIP_REQUIREMENT",
            "PIP_PROXY",
            "PIP_CERT",
        ]
    },
    "PIPX_DEFAULT_PYTHON": _rule(LOADS, "pipx", _path_like),
    "PIPX_HOME": _rule(LOADS, "pipx"),
    "PIPX_SHARED_LIBS": _rule(LOADS, "pipx"),
    # git, which many servers call
    **{
        name: _rule(LOADS, "git")
        for name in [
            "GIT_SSH",
            "GIT_SSH_COMMAND",
            "GIT_EXEC_PATH",
            "GIT_PAGER",
            "GIT_EDITOR",
            "GIT_SEQUENCE_EDITOR",
            "GIT_ASKPASS",
            "GIT_EXTERNAL_DIFF",
            "GIT_PROXY_COMMAND",
            "GIT_TEMPLATE_DIR",
            "GIT_CONFIG_GLOBAL",
            "GIT_CONFIG_SYSTEM",
            "GIT_CONFIG",
            "GIT_CONFIG_COUNT",
            "GIT_CONFIG_PARAMETERS",
            "GIT_DIR",
            "GIT_COMMON_DIR",
            "GIT_WORK_TREE",
            "GIT_ALLOW_PROTOCOL",
            "GIT_ATTR_SOURCE",
        ]
    },
    "GIT_SSL_NO_VERIFY": _rule(REDIRECTS, "git", _set),
    "GIT_SSL_CAINFO": _rule(REDIRECTS, "git"),
    "SSH_ASKPASS": _rule(LOADS, "ssh git"),
    "PAGER": _rule(INERT, ""),
    "EDITOR": _rule(INERT, ""),
    "VISUAL": _rule(INERT, ""),
    "BROWSER": _rule(INERT, ""),
    "LESSOPEN": _rule(LOADS, "less"),
    # other languages
    "PERL5OPT": _rule(LOADS, "perl", _perl),
    "PERL5LIB": _rule(LOADS, "perl"),
    "PERLLIB": _rule(LOADS, "perl"),
    "PERL5DB": _rule(LOADS, "perl-debugger"),
    "PERL_LOCAL_LIB_ROOT": _rule(INERT, ""),
    "RUBYOPT": _rule(LOADS, "ruby", lambda value: re.search(r"-?[rIeS]\S|--\w", value) is not None),
    "RUBYLIB": _rule(LOADS, "ruby"),
    "RUBYPATH": _rule(LOADS, "ruby"),
    "GEM_PATH": _rule(LOADS, "ruby"),
    "GEM_HOME": _rule(LOADS, "ruby"),
    "BUNDLE_GEMFILE": _rule(LOADS, "ruby bundle"),
    "PHPRC": _rule(LOADS, "php"),
    "PHP_INI_SCAN_DIR": _rule(LOADS, "php"),
    "LUA_INIT": _rule(LOADS, "lua"),
    "LUA_PATH": _rule(LOADS, "lua"),
    "LUA_CPATH": _rule(LOADS, "lua"),
    **{
        name: _rule(LOADS, "r")
        for name in [
            "R_PROFILE",
            "R_PROFILE_USER",
            "R_ENVIRON",
            "R_ENVIRON_USER",
            "R_LIBS",
            "R_LIBS_USER",
            "R_LIBS_SITE",
        ]
    },
    "JULIA_LOAD_PATH": _rule(LOADS, "julia"),
    "JULIA_DEPOT_PATH": _rule(LOADS, "julia"),
    **{
        name: _rule(LOADS, "erlang")
        for name in ["ERL_FLAGS", "ERL_AFLAGS", "ERL_ZFLAGS", "ERL_LIBS", "ELIXIR_ERL_OPTIONS"]
    },
    **{
        name: _rule(LOADS, "scheme")
        for name in [
            "GUILE_LOAD_PATH",
            "GUILE_LOAD_COMPILED_PATH",
            "GUILE_EXTENSIONS_PATH",
            "PLTCOLLECTS",
            "PLTADDONDIR",
        ]
    },
    "TCLLIBPATH": _rule(LOADS, "tcl"),
    "TCL_LIBRARY": _rule(LOADS, "tcl"),
    "EMACSLOADPATH": _rule(LOADS, "lisp"),
    "SBCL_HOME": _rule(LOADS, "lisp"),
    "JAVA_TOOL_OPTIONS": _rule(LOADS, "java jvm", _java),
    "_JAVA_OPTIONS": _rule(LOADS, "java jvm", _java),
    "JDK_JAVA_OPTIONS": _rule(LOADS, "java", _java),
    "JAVA_OPTS": _rule(LOADS, "jvm", _java),
    "MAVEN_OPTS": _rule(LOADS, "mvn", _java),
    "MAVEN_ARGS": _rule(LOADS, "mvn"),
    "GRADLE_OPTS": _rule(LOADS, "gradle", _java),
    "CLASSPATH": _rule(LOADS, "java-classpath"),
    "JAVA_HOME": _rule(LOADS, "jvm mvn gradle"),
    "DOTNET_STARTUP_HOOKS": _rule(LOADS, "dotnet"),
    "DOTNET_ROOT": _rule(LOADS, "dotnet"),
    "DOTNET_ADDITIONAL_DEPS": _rule(LOADS, "dotnet"),
    "DOTNET_SHARED_STORE": _rule(LOADS, "dotnet"),
    "CORECLR_PROFILER_PATH": _rule(LOADS, "dotnet"),
    "CORECLR_PROFILER_PATH_64": _rule(LOADS, "dotnet"),
    "CORECLR_ENABLE_PROFILING": _rule(LOADS, "dotnet", _set),
    "COR_PROFILER_PATH": _rule(LOADS, "dotnet"),
    "COMPLUS_VERSION": _rule(INERT, ""),
    "NUGET_PACKAGES": _rule(REDIRECTS, "dotnet"),
    "NUGET_RESTORE_SOURCES": _rule(REDIRECTS, "dotnet"),
    "RESTORESOURCES": _rule(REDIRECTS, "dotnet"),
    # go and rust
    "GOFLAGS": _rule(LOADS, "go", _go_flags),
    "GOENV": _rule(LOADS, "go", lambda value: value.strip() not in ("", "off")),
    "GOROOT": _rule(LOADS, "go"),
    "GOTOOLCHAIN": _rule(LOADS, "go", lambda value: value.strip() not in ("", "local", "auto")),
    "GOTOOLDIR": _rule(LOADS, "go"),
    "GOWORK": _rule(LOADS, "go", _path_like),
    "CC": _rule(LOADS, "go cargo make"),
    "CXX": _rule(LOADS, "go cargo make"),
    "CGO_CFLAGS": _rule(LOADS, "go"),
    "CGO_LDFLAGS": _rule(LOADS, "go"),
    "PKG_CONFIG": _rule(LOADS, "go cargo make"),
    **{
        name: _rule(REDIRECTS, "go")
        for name in [
            "GOPROXY",
            "GOSUMDB",
            "GONOSUMDB",
            "GONOSUMCHECK",
            "GONOPROXY",
            "GOPRIVATE",
            "GOINSECURE",
            "GOVCS",
            "GOAUTH",
        ]
    },
    "RUSTC": _rule(LOADS, "cargo"),
    "RUSTC_WRAPPER": _rule(LOADS, "cargo"),
    "RUSTC_WORKSPACE_WRAPPER": _rule(LOADS, "cargo"),
    "RUSTDOC": _rule(LOADS, "cargo"),
    "RUSTUP_TOOLCHAIN": _rule(LOADS, "cargo", _path_like),
    "RUSTUP_HOME": _rule(LOADS, "cargo"),
    "RUSTUP_DIST_SERVER": _rule(REDIRECTS, "cargo"),
    "CARGO": _rule(INERT, ""),
    "CARGO_HOME": _rule(LOADS, "cargo"),
    "RUSTFLAGS": _rule(LOADS, "cargo", _rust_flags),
    "CARGO_ENCODED_RUSTFLAGS": _rule(LOADS, "cargo", _rust_flags),
    "CARGO_REGISTRY_DEFAULT": _rule(REDIRECTS, "cargo"),
    "MAKEFLAGS": _rule(LOADS, "make"),
    "MAKEFILES": _rule(LOADS, "make"),
    "GNUMAKEFLAGS": _rule(LOADS, "make"),
    # tools
    "RSYNC_RSH": _rule(LOADS, "rsync"),
    "RSYNC_CONNECT_PROG": _rule(LOADS, "rsync"),
    "TAR_OPTIONS": _rule(LOADS, "tar", lambda value: "checkpoint" in value or "program" in value or "command" in value),
    "ZIPOPT": _rule(LOADS, "zip"),
    "CURL_HOME": _rule(REDIRECTS, "curl"),
    "WGETRC": _rule(REDIRECTS, "wget"),
    "AWKPATH": _rule(LOADS, "awk"),
    "AWKLIBPATH": _rule(LOADS, "awk"),
    "XARGS": _rule(INERT, ""),
    # containers
    "DOCKER_HOST": _rule(REDIRECTS, "docker"),
    "DOCKER_CONTEXT": _rule(REDIRECTS, "docker"),
    "DOCKER_CONFIG": _rule(LOADS, "docker"),
    "DOCKER_CONTENT_TRUST_SERVER": _rule(REDIRECTS, "docker"),
    "COMPOSE_FILE": _rule(LOADS, "docker"),
    "CONTAINER_HOST": _rule(REDIRECTS, "docker"),
    "CONTAINERS_CONF": _rule(LOADS, "docker"),
    "CONTAINERS_CONF_OVERRIDE": _rule(LOADS, "docker"),
    "CONTAINERS_REGISTRIES_CONF": _rule(REDIRECTS, "docker"),
    "KUBECONFIG": _rule(INERT, ""),
    # traffic
    **{
        name: _rule(REDIRECTS, "any")
        for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"]
    },
    "SSL_CERT_FILE": _rule(REDIRECTS, "any"),
    "SSL_CERT_DIR": _rule(REDIRECTS, "any"),
    "REQUESTS_CA_BUNDLE": _rule(REDIRECTS, "python uvx uv-run pipx pip"),
    "CURL_CA_BUNDLE": _rule(REDIRECTS, "python uvx uv-run pipx pip curl"),
    "HOSTALIASES": _rule(REDIRECTS, "linux"),
    "RES_OPTIONS": _rule(INERT, ""),
}
_FOLDED = {name.upper(): name for name in _TABLE}
_PATTERNS: tuple[tuple[re.Pattern[str], _Rule], ...] = (
    (re.compile(r"BASH_FUNC_.+%%|BASH_FUNC_.+\(\)"), _rule(LOADS, "bash npm npx pnpm yarn")),
    (re.compile(r"GIT_CONFIG_(?:KEY|VALUE)_\d+"), _rule(LOADS, "git")),
    (re.compile(r"CARGO_TARGET_.+_(?:RUNNER|LINKER|RUSTFLAGS)"), _rule(LOADS, "cargo")),
    (re.compile(r"CARGO_BUILD_(?:RUSTC|RUSTC_WRAPPER|RUSTC_WORKSPACE_WRAPPER|RUSTFLAGS)"), _rule(LOADS, "cargo")),
    (re.compile(r"CARGO_(?:REGISTRIES|SOURCE|REGISTRY)_.*(?:INDEX|REPLACE_WITH|REGISTRY)"), _rule(REDIRECTS, "cargo")),
    (re.compile(r"CARGO_ALIAS_.+"), _rule(LOADS, "cargo")),
    (re.compile(r"UV_INDEX_.+_(?:USERNAME|PASSWORD)"), _rule(INERT, "")),
    (re.compile(r"DYLD_.+"), _rule(LOADS, "macos")),
    (re.compile(r"JAVA_OPTS|.+_JAVA_OPTS"), _rule(LOADS, "jvm", _java)),
    # eclipse.dev/openj9/docs/env_var
    (re.compile(r"(?:IBM|OPENJ9)_JAVA_OPTIONS"), _rule(LOADS, "java jvm", _java)),
    (re.compile(r"COR(?:ECLR)?_PROFILER_PATH_(?:32|64|ARM32|ARM64)"), _rule(LOADS, "dotnet")),
    # lua(1): the one with the version is looked for first.
    (re.compile(r"LUA_(?:INIT|PATH|CPATH)_\d_\d+"), _rule(LOADS, "lua")),
)
_NPM_PREFIX = re.compile(r"npm_config_(.*)", re.IGNORECASE | re.DOTALL)
_NPM_REDIRECTS = re.compile(
    r"registry|.*:registry|replace-registry-host|proxy|https-proxy|http-proxy|noproxy|ca|cafile|strict-ssl"
)
_NPM_HARMLESS = word_set(
    """
    yes loglevel fund audit progress color update-notifier prefer-offline prefer-online offline cache cache-max
    cache-min fetch-retries fetch-retry-factor fetch-retry-maxtimeout fetch-retry-mintimeout fetch-timeout
    maxsockets unicode silent heading timing logs-max logs-dir omit only production save package-lock engine-strict
    legacy-peer-deps audit-level ignore-scripts strict-peer-deps before min-release-age user-agent depth json long
    usage description foreground-scripts tag scope otp auth-type always-auth email username -auth -authtoken
    -password force dry-run devdir
    """
)


def npm_setting(name: str) -> str | None:
    """The npm setting that an `npm_config_*` variable sets, as npm reads it; None for another variable."""
    match = _NPM_PREFIX.fullmatch(name)
    if match is None:
        return None
    key = match[1]
    if key.startswith("//"):
        return key
    return key[:1].lower() + key[1:].replace("_", "-").lower()


def _rule_of(name: str, windows: bool) -> tuple[_Rule, bool] | None:
    """The rule of a variable, and whether its letter case is one that acts."""
    rule = _TABLE.get(name)
    if rule is not None:
        return rule, True
    upper = name.upper()
    folded = _FOLDED.get(upper)
    if folded is not None:
        return _TABLE[folded], windows
    for pattern, found in _PATTERNS:
        if pattern.fullmatch(name):
            return found, True
        if pattern.fullmatch(upper):
            return found, windows
    return None


_NPM_RUNTIMES = frozenset({"npm", "npx"})
_PNPM_RUNTIMES = frozenset({"pnpm", "npm", "npx"})
_NPM_REGISTRY_RUNTIMES = frozenset({"bun", "bunx", "deno"})
"""Other programs that fetch from the registry that npm's variable names, in the two usual spellings
(bun.com/docs/pm/cli/install, docs.deno.com/runtime/reference/env_variables)."""


class Environment:
    """The variables of a definition, sorted once: which have a rule at all."""

    __slots__ = ("_npm", "_ruled", "_windows")

    def __init__(self, env: Mapping[str, str], platform: str) -> None:
        self._windows = platform == "windows"
        self._ruled: list[tuple[str, str, _Rule, bool]] = []
        self._npm: list[tuple[str, str, str]] = []
        for name, value in env.items():
            setting = npm_setting(name)
            if setting is not None:
                self._npm.append((name, value, setting))
                continue
            found = _rule_of(name, self._windows)
            if found is not None:
                self._ruled.append((name, value, *found))

    def effects(self, runtimes: Iterable[str]) -> Effects:
        """What the variables do to a program that is any of `runtimes`."""
        if not self._ruled and not self._npm:
            return _NO_EFFECTS
        kinds = frozenset(runtimes)
        loads: list[str] = []
        redirects: list[str] = []
        path = False
        for name, value, rule, spelled in self._ruled:
            if not spelled or not kinds & rule.runtimes or not _has_value(name, value):
                continue
            if rule.acts is not None and not rule.acts(value):
                continue
            if rule.effect == LOADS:
                loads.append(name)
            elif rule.effect == REDIRECTS:
                redirects.append(name)
            elif rule.effect == PATH:
                path = True
        for name, value, setting in self._npm:
            if name in ("NPM_CONFIG_REGISTRY", "npm_config_registry") and kinds & _NPM_REGISTRY_RUNTIMES:
                if _has_value(name, value):
                    redirects.append(name)
                continue
            if not kinds & _PNPM_RUNTIMES or not value.strip():
                continue
            if setting in _NPM_HARMLESS or setting.startswith("//"):
                continue
            if _NPM_REDIRECTS.fullmatch(setting):
                redirects.append(name)
            elif kinds & _NPM_RUNTIMES:
                loads.append(name)
        return Effects(tuple(loads), tuple(redirects), path)

    def suspects(self) -> tuple[str, ...]:
        """Variables that load code for some program, whatever this launch runs."""
        found = [
            name
            for name, value, rule, _ in self._ruled
            if rule.effect == LOADS and _has_value(name, value) and (rule.acts is None or rule.acts(value))
        ]
        found.extend(
            name
            for name, value, setting in self._npm
            if value.strip()
            and not (setting in _NPM_HARMLESS or setting.startswith("//") or _NPM_REDIRECTS.fullmatch(setting))
        )
        return tuple(found)


_NO_EFFECTS = Effects()


def _has_value(name: str, value: str) -> bool:
    """Whether the definition itself chooses the value: `NAME=${NAME}` passes on what was there."""
    text = value.strip()
    return bool(text) and text not in (f"${{{name}}}", f"${name}", f"%{name}%", f"${{env:{name}}}")


def place_of_value(value: str) -> str:
    """Where the value of a code-loading variable points: inline, network, temporary, home, relative, absolute."""
    text = value.strip()
    if "data:" in text:
        return "inline"
    if re.search(r"(?:^|[\s=:;,])(?:\\\\|//|https?:)", text):
        return "network"
    if re.search(
        r"(?:^|[\s=:;,])(?:/tmp|/var/tmp|/dev/shm|/private/tmp|%TEMP%|%TMP%|\$\{?TMPDIR)", text, re.IGNORECASE
    ):
        return "temporary"
    if re.search(r"(?:^|[\s=:;,])(?:~|\$\{?HOME\b|%USERPROFILE%)", text):
        return "home"
    if re.search(r"(?:^|[\s=:;,I])(?:/|[A-Za-z]:[\\/]|\$\{?\w)", text):
        return "absolute"
    return "relative"


_SECRET = re.compile(
    r"(?:^|[_-])(?:TOKEN|KEY|SECRET|PASSWORD|PASSWD|PWD|PAT|CREDENTIALS?|COOKIE|SESSION|AUTH|APIKEY|DSN|BEARER|JWT"
    r"|PASSPHRASE|CONNECTION_STRING)S?(?:$|[_-])|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|[a-z](?:Token|Key|Secret|Password)$",
)
_NOT_SECRET = re.compile(
    r"(?:^|_)(?:KEY_?(?:PATH|FILE|ID|NAME)|TOKEN_(?:LIMIT|COUNT)|MAX_TOKENS|PUBLIC_KEY)(?:$|_)|^PWD$|^GIT_CONFIG_|^SSH_AUTH_SOCK$"
)


def names_secret(name: str) -> bool:
    """Whether a variable by its name holds a credential."""
    upper = name if not name.islower() else name.upper()
    return _SECRET.search(upper) is not None and _NOT_SECRET.search(upper) is None
