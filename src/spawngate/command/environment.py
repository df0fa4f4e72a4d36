"""Variables set for a spawn that make it load code, find other programs, skip checks, or go elsewhere.

Must not be here: agents' own variables (`command.tools.agents`), and variables in launch definitions
(`launch.environment`).
Sources: ld.so(8), the manuals of bash, git, Python, Node.js, Perl, Ruby, the JVM, Go and curl on their variables.
"""

import re

from spawngate.command.hosts import kinds
from spawngate.command.scene import Scene
from spawngate.command.spawn import Spawn
from spawngate.command.tools import agents
from spawngate.launch.argv import word_set

_CODE = word_set("""
    LD_PRELOAD LD_AUDIT LD_LIBRARY_PATH DYLD_INSERT_LIBRARIES DYLD_LIBRARY_PATH DYLD_FRAMEWORK_PATH BASH_ENV ENV
    PROMPT_COMMAND
    PYTHONSTARTUP PYTHONHOME PERL5OPT PERL5LIB PERL5DB RUBYOPT RUBYLIB NODE_OPTIONS NODE_PATH JAVA_TOOL_OPTIONS
    _JAVA_OPTIONS JDK_JAVA_OPTIONS BUN_OPTIONS
    GIT_SSH GIT_SSH_COMMAND GIT_EXTERNAL_DIFF GIT_PAGER GIT_EDITOR GIT_SEQUENCE_EDITOR GIT_PROXY_COMMAND GIT_ASKPASS
    SSH_ASKPASS PAGER MANPAGER EDITOR
    VISUAL LESSOPEN LESSCLOSE BROWSER PYTHONPATH GIT_EXEC_PATH GIT_TEMPLATE_DIR GIT_CONFIG_GLOBAL GIT_CONFIG_SYSTEM
    OPENSSL_CONF OPENSSL_ENGINES
    PYTHONINSPECT PYTHONBREAKPOINT RUSTC_WRAPPER CARGO_BUILD_RUSTC_WRAPPER GOFLAGS MAKEFLAGS npm_config_script_shell
    NPM_CONFIG_SCRIPT_SHELL SUDO_ASKPASS PS4 RSYNC_RSH CVS_RSH
    GCONV_PATH TAR_OPTIONS AWKPATH GTK_MODULES QT_PLUGIN_PATH DOTNET_STARTUP_HOOKS COR_PROFILER CORECLR_PROFILER ZDOTDIR
    """)
_USUAL_VALUE = re.compile(
    r"(?i)(?:\$\{?NODE_OPTIONS(?::-)?\}?\s+)?(?:|(?:/usr/bin/)?(?:cat|less(?: -\w+)*|more|vim?|nvim|nano|emacs|code(?:"
    r" --wait)?(?: -w)?|true|false|:|/bin/(?:cat|true)|delta|bat|echo|most)|"
    r"(?:--(?:max-old-space-size|max_old_space_size|experimental-[\w-]+|no-warnings"
    r"|enable-source-maps|trace-[\w-]+|unhandled-rejections|dns-result-order"
    r"|openssl-legacy-provider|no-deprecation|inspect|conditions|stack-size"
    r"|max-http-header-size|preserve-symlinks|pending-deprecation"
    r"|stack-trace-limit|disable-warning|disable-proto|frozen-intrinsics|localstorage-file|test-[\w-]+)"
    r"(?:[= ][\w.:-]+)?(?:\s+|$))+|"
    r"-Xm[sx]\w+(?:\s.*)?|-D[\w.=-]+(?:\s+-[DX][\w.:=+-]+)*|-XX:[\w:+=-]+|-mod=\w+"
    r"|-tags=\S+|-j\s?\d+|-W(?::\w+)?|-T\d*|-rbundler/setup|"
    r"ssh(?:\s+-(?:i|p|F|o)\s*[\w./~$={}-]+|\s+-[vqTC4]+)*|/dev/null)"
)
_FOLDER = re.compile(r"\$\{?(?:\w+PATH|PWD|HOME)\}?[\w./-]*|\$\(pwd\)[\w./-]*|~?[\w./-]*")
"""One folder in a list of them."""
_LIBRARY = frozenset(
    {
        "LD_LIBRARY_PATH",
        "DYLD_LIBRARY_PATH",
        "PYTHONPATH",
        "PERL5LIB",
        "RUBYLIB",
        "NODE_PATH",
        "ZDOTDIR",
        "GIT_CONFIG_GLOBAL",
        "GIT_CONFIG_SYSTEM",
        "ENV",
        "TAR_OPTIONS",
    }
)
_HELPERS = re.compile(r"[A-Z0-9]+_(?:EDITOR|PAGER|BROWSER|ASKPASS|SHELL_COMMAND|DIFFTOOL)")
_CHECKS = {
    "NODE_TLS_REJECT_UNAUTHORIZED": ("0",),
    "PYTHONHTTPSVERIFY": ("0",),
    "GIT_SSL_NO_VERIFY": ("1", "true"),
    "CURL_INSECURE": ("1",),
    "npm_config_strict_ssl": ("false",),
    "NPM_CONFIG_STRICT_SSL": ("false",),
    "HELM_INSECURE": ("true",),
    "AWS_CA_BUNDLE": ("",),
}
_INDEXES = re.compile(
    r"(?i)(?:PIP|UV)_(?:DEFAULT_)?INDEX(?:_URL)?|(?:PIP|UV)_EXTRA_INDEX_URL"
    r"|npm_config_registry|UV_INDEX|YARN_NPM_REGISTRY_SERVER|YARN_REGISTRY|BUN_CONFIG_REGISTRY|GOPROXY"
    r"|PIP_FIND_LINKS|CARGO_REGISTRIES_\w+_INDEX|BUNDLE_MIRROR__\w+|NUGET_\w*SOURCE\w*"
    r"|HOMEBREW_\w*(?:DOMAIN|REMOTE)|PIPENV_PYPI_MIRROR|COREPACK_NPM_REGISTRY|PUB_HOSTED_URL|HEX_MIRROR|HEX_API_URL"
    r"|CPAN\w*_OPT|PERL_CPANM_OPT|RUBYGEMS_HOST|POETRY_REPOSITORIES_\w+_URL|CONDA_CHANNELS|CONDA_CHANNEL_ALIAS"
)
_DOWNLOADS = re.compile(
    r"(?:NVM|NVS|FNM|N|NODE|NODEJS|NODENV|PYENV|PYTHON_BUILD|RUSTUP|GVM|ELECTRON|PLAYWRIGHT|PUPPETEER|CYPRESS|SASS"
    r"|SENTRYCLI|SHARP|CHROMEDRIVER|GECKODRIVER|PRISMA|SELENIUM|FLUTTER|SDKMAN|RBENV|RUBY_BUILD|UV_PYTHON"
    r"|UV_PYPY|UV|DENO|BUN|GHCUP|OPAM|NPM_CONFIG|npm_config|HOMEBREW|CORRETTO|VOLTA|COREPACK|NIX|PULUMI|TF|HELM)_\w{0,80}?"
    r"(?i:MIRROR|MIRROR_URL|DIST_SERVER|DIST_URL|UPDATE_ROOT|DOWNLOAD_\w{1,80}|BINARY_SITE|BINARY_HOST\w{0,80}|CDNURL|DISTURL"
    r"|STORAGE_BASE_URL|ENGINES_MIRROR|INSTALL_MIRROR)"
)
"""Variables that say where a tool fetches itself, a language or a program from."""
_UNCHECKED = {
    "GOINSECURE": ("*",),
    "GONOSUMCHECK": ("1",),
    "GONOSUMDB": ("*",),
    "GONOSUM": ("*",),
    "GOSUMDB": ("off",),
    "HEX_UNSAFE_HTTPS": ("1", "true"),
    "HEX_UNSAFE_REGISTRY": ("1", "true"),
    "HEX_NO_VERIFY_REPO_ORIGIN": ("1", "true"),
    "COREPACK_INTEGRITY_KEYS": ("0", ""),
    "YARN_ENABLE_STRICT_SSL": ("0", "false"),
    "YARN_CHECKSUM_BEHAVIOR": ("ignore", "update"),
    "HOMEBREW_NO_VERIFY_ATTESTATIONS": ("1",),
}
"""Variables by which packages are not checked, with the values that say so."""
_TRUSTED = frozenset({"PIP_TRUSTED_HOST", "UV_INSECURE_HOST", "YARN_UNSAFE_HTTP_WHITELIST"})
"""Variables that name hosts whose certificates are not checked."""
_AUTHORITIES = frozenset(
    {
        "NODE_EXTRA_CA_CERTS",
        "REQUESTS_CA_BUNDLE",
        "PIP_CERT",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "CURL_CA_BUNDLE",
        "GIT_SSL_CAINFO",
        "NPM_CONFIG_CAFILE",
        "npm_config_cafile",
        "AWS_CA_BUNDLE",
        "CARGO_HTTP_CAINFO",
        "UV_SSL_CERT_FILE",
        "DENO_CERT",
        "BUNDLE_SSL_CA_CERT",
        "GIT_PROXY_SSL_CAINFO",
        "HTTPLIB2_CA_CERTS",
    }
)
"""Variables that name whom a tool trusts."""
_NAMED_SOURCES = frozenset({"CARGO_REGISTRY_DEFAULT"})
_SETTINGS = frozenset(
    {
        "PIP_CONFIG_FILE",
        "TF_CLI_CONFIG_FILE",
        "NPM_CONFIG_USERCONFIG",
        "npm_config_userconfig",
        "NPM_CONFIG_GLOBALCONFIG",
        "CONDARC",
        "UV_CONFIG_FILE",
        "npm_config_node_gyp",
        "BUNDLE_USER_CONFIG",
        "GEMRC",
        "npm_config_globalconfig",
        "YARN_RC_FILENAME",
        "NUGET_CONFIG",
    }
)
"""Variables that name the file which says where packages come from."""


_TOOL = re.compile(
    r"\$\{?(?:[A-Z0-9_]+_)?(?:CC|CXX|CPP|LD|AR|NM|AS|FC|F77|RANLIB|STRIP|OBJCOPY|OBJDUMP|READELF|READOBJ|LLVM_\w+|PYTHON[23]?"
    r"|PY|PIP3?|NODE|NPM|NPX|YARN|PNPM|BUN|DENO|MAKE|CMAKE|CTEST|NINJA|MESON|JAVA|JAVAC|MVN|GRADLE|GO|GOCMD|GOBIN|CARGO"
    r"|RUSTC|RUBY|PHP|PERL|DOCKER|PODMAN|COMPOSE|KUBECTL|HELM|TERRAFORM|GIT|SED|AWK|GREP|FIND|TAR|BIN|BINARY|EXE|CLANG"
    r"|GCC|QEMU|ADB|XCODEBUILD|SWIFT|FLUTTER|DART|PROTOC|BUF)\}?|\$\{?(?:npm_execpath|npm_node_execpath|clang|python|pip"
    r"|node|npm|make|cmake|gradlew|mvnw|kubectl|docker|compose|binary|vswhere|msbuild)\}?",
)
"""Variables that by custom name a tool of a build."""
_ASKS = word_set("--help --version -h -v -V -help -version version help --print-sysroot -dumpversion -dumpmachine")
_ORDERS = re.compile(
    r"-(?=\w*[rR])(?=\w*f)\w*[rRf]|-[ceE]|--eval|--command|/c|/C|-enc\w*|exec|eval|.*(?:://|\||/dev/)(?s:.*)"
)
_SHELL_SETTING = re.compile(r"\$env:\w+=")
"""How PowerShell sets a variable, where its text was taken for a shell's."""


def conventional(spawn: Spawn) -> bool:
    """Whether a program that only a variable names is a build's own tool, or is only asked about itself."""
    if not spawn.argv:
        return False
    first, words = spawn.argv[0].text, spawn.words
    if _SHELL_SETTING.match(first) or (words and _ASKS.issuperset(words)):
        return not spawn.argv[0].spawns or _SHELL_SETTING.match(first) is not None
    return (
        not spawn.argv[0].spawns
        and _TOOL.fullmatch(first) is not None
        and bool(words)
        and not any(_ORDERS.fullmatch(word) for word in words[:50])
    )


def variables(scene: Scene) -> None:
    """What the variables in front of a spawn, or set by `export`, do."""
    spawn = scene.spawn
    if spawn.assignments or scene.program in agents.SETS:
        agents.variables(scene)
    for name, word in spawn.assignments:
        _variable(scene, name, word.text)
    if scene.program in ("export", "declare", "typeset", "readonly"):
        for text in scene.words:
            name, equals, value = text.partition("=")
            if equals:
                _variable(scene, name, value)


def _variable(scene: Scene, name: str, value: str) -> None:
    if name.startswith("GIT_CONFIG_VALUE_") and value.startswith("!"):
        scene.act("loads-code")
        scene.variables[name] = None
    elif name in _CODE or name.startswith("BASH_FUNC_") or _HELPERS.fullmatch(name):
        plain = _USUAL_VALUE.fullmatch(value.strip()) is not None
        places = scene.places(value) if "/" in value else frozenset()
        if name in _LIBRARY:
            plain = plain or (
                all(map(_FOLDER.fullmatch, value[:2000].split(":"))) and not places & {"temporary", "share"}
            )
        if not plain:
            scene.act("loads-code")
            scene.variables[name] = None
    elif name == "PATH":
        first = value.split(":")[0].split(";")[0]
        places = scene.places(first) if first else frozenset({"project-root"})
        if (
            places & {"temporary", "share"}
            or first in (".", "")
            or ("$PATH" not in value and "${PATH" not in value and "/bin" not in value)
        ):
            scene.act("path-override")
            scene.variables[name] = None
    elif name in _CHECKS and value.lower() in _CHECKS[name]:
        scene.act("tls-off")
        scene.variables[name] = None
    elif (
        name in ("HISTFILE", "HISTSIZE", "HISTFILESIZE", "SAVEHIST", "HISTCONTROL")
        and value in ("/dev/null", "0", "", "ignorespace", "ignoreboth")
        and name != "HISTCONTROL"
    ):
        scene.act("history-clear")
        scene.variables[name] = None
    elif name.lower() in ("http_proxy", "https_proxy", "all_proxy") and value:
        scene.act("proxy-set")
        scene.variables[name] = None
        scene.host(value)
    elif _INDEXES.fullmatch(name) and value:
        scene.variables[name] = None
        before = set(scene.host_kinds)
        scene.host(value.partition(",")[0])
        if scene.host_kinds - before - {"registry", "loopback"}:
            scene.act("package-index")
            scene.registries[value] = None
    elif "://" in value and _DOWNLOADS.fullmatch(name):
        before = set(scene.host_kinds)
        scene.host(value)
        if not (scene.host_kinds - before).isdisjoint({"unknown", "raw-ip", "odd-number", "tunnel", "paste", "onion"}):
            scene.act("package-elsewhere")
            scene.variables[name] = None
    elif (
        ((name in _SETTINGS or name in _AUTHORITIES) and scene.places(value) & {"temporary", "share"})
        or name in _NAMED_SOURCES
        or name.startswith("CARGO_SOURCE_")
        or (name in _UNCHECKED and value.lower() in _UNCHECKED[name])
        or (name in _TRUSTED and kinds(value).isdisjoint({"registry", "loopback", "private"}))
    ):
        scene.act("package-elsewhere")
        scene.variables[name] = None
