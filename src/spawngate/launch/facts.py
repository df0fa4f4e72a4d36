"""Facts about a launch: the closed vocabulary that rules, tiers and capabilities are written in.

A fact is what analysis established, never a judgement. Every field has a neutral default, so that an analysis
that knows nothing says nothing, and `unknown` says why it knows nothing.
Must not be here: how facts are established (`launch.understand`) and what they mean (`rules`).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LaunchFacts:
    """What one launch definition would really run. Text facts are lower case where case does not matter."""

    # -- what is executed first, and at last
    transport: str = "unknown"
    """stdio, http, sse, ws, builtin, unknown: what would really be used."""
    program: str = ""
    """Base name of `command` without `.exe`, `.cmd`, `.bat`, `.ps1`."""
    program_path: str = "none"
    """bare, absolute, relative, home, network (UNC or device path), variable, none."""
    inner_program: str = ""
    """What runs after every wrapper and shell is taken off; equals `program` where there is none."""
    inner_argv: tuple[str, ...] = ()
    """Command and arguments after unwrapping, as far as they are known."""
    wrappers: tuple[str, ...] = ()
    """Wrappers taken off, outermost first: env, sudo, nice, timeout, xargs, cmd, powershell, sh, ..."""
    launcher: str = ""
    """The package launcher or interpreter whose grammar was applied: npx, npm-exec, npm-run, pnpm-dlx, yarn-dlx, bunx,
    bun, deno, node, tsx, uvx, uv-run, pipx-run, python, docker-run, podman-run, dnx, go-run, cargo-run, java, ..."""
    server_args: tuple[str, ...] = ()
    """Arguments that belong to the server, not to any launcher."""
    unknown_options: tuple[str, ...] = ()
    """Options of the launcher that its grammar does not know."""

    # -- code that is not a reviewed program
    shell: bool = False
    """A shell interprets text of the definition."""
    shell_text: str = ""
    """The text it interprets."""
    shell_plain: bool = False
    """The shell only starts one plain command without operators (`cmd /c npx -y pkg`, `sh -c 'exec npx pkg'`)."""
    inline_code: bool = False
    """An interpreter is handed code in an argument or a data: address."""
    inline_language: str = ""
    encoded_code: bool = False
    """The code is encoded (PowerShell -EncodedCommand, base64 | sh, data: address with base64)."""
    downloads_and_runs: bool = False
    """What is fetched by a download tool is run (curl | sh, iwr | iex, bash <(curl ...))."""
    runs_install: bool = False
    """A package manager installs something at start (pip install, npm install, apt-get)."""
    runs_repository_script: bool = False
    """Runs a script, task or compose file that the working folder defines (npm start, make, docker compose)."""
    loads_code: tuple[str, ...] = ()
    """Options that load code besides the server: node --require and --import, deno --preload."""
    argument_injection: tuple[str, ...] = ()
    """Options that make a harmless-looking program run commands (tar --checkpoint-action, git -c alias, rsync -e)."""
    debugger: str = ""
    """Address a debugger listens on; empty where none. `loopback` counts as an address too."""

    # -- package and source
    package: str = ""
    """purl."""
    package_name: str = ""
    package_ecosystem: str = ""
    """npm, pypi, oci, nuget, golang, cargo, jsr, maven, github, or empty."""
    package_version: str = ""
    pin: str = "none"
    """exact, digest, commit, range, tag, branch, latest, unversioned, none (no package)."""
    source: str = "none"
    """registry, git, url, local-folder, local-archive, local-script, container, binary, remote, inline, none."""
    extra_packages: tuple[str, ...] = ()
    """Packages that ride along (uvx --with, npx with several -p)."""
    registry_override: tuple[str, ...] = ()
    """Hosts or options by which packages come from another registry or index."""
    config_override: tuple[str, ...] = ()
    """Options that name another configuration of the launcher (--userconfig, --config-file, npmrc)."""
    lookalike_of: str = ""
    """Well-known package, program or host that the name imitates."""
    hidden_shell: str = ""
    """A shell that the launcher is told to use (npx --script-shell)."""

    # -- environment
    env_names: tuple[str, ...] = ()
    env_loads_code: tuple[str, ...] = ()
    """Variables that make this launch run or load other code, each only where it really acts on it."""
    env_inert: tuple[str, ...] = ()
    """Variables that load code elsewhere and do nothing here."""
    env_redirects: tuple[str, ...] = ()
    """Variables that change where packages or traffic go (registries, indexes, proxies, certificates)."""
    env_path: bool = False
    """PATH or PATHEXT is set, so a bare command may be another program."""
    env_secrets: tuple[str, ...] = ()
    """Variables that by their names hold credentials."""
    env_file: bool = False

    # -- container
    container: bool = False
    container_engine: str = ""
    container_command: str = ""
    """run, exec, compose, ..."""
    image: str = ""
    privileged: bool = False
    host_mounts: tuple[str, ...] = ()
    """Host paths mounted."""
    broad_mounts: tuple[str, ...] = ()
    """Those that are the root, a home, /etc or another broad folder."""
    engine_socket: bool = False
    host_network: bool = False
    host_namespaces: tuple[str, ...] = ()
    """pid, ipc, uts, userns of the host."""
    added_capabilities: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    entrypoint: str = ""

    # -- paths and names
    cwd: str = ""
    script: str = ""
    """Local file that is run."""
    script_place: str = "none"
    """temporary, downloads, project, home, system, network, application, unknown, none."""
    relative_paths: tuple[str, ...] = ()
    """Words that are run and found through the working folder."""
    searches_cwd: bool = False
    """The launcher prefers what lies in the working folder (python -m, npx with node_modules/.bin, .npmrc)."""
    odd_characters: tuple[str, ...] = ()
    """control, bidirectional, invisible, non-ascii-program, mixed-script, white-space, newline-argument."""
    variables: tuple[str, ...] = ()
    """Variables that the client expands in command and args."""
    command_variable: bool = False
    """The command itself is or holds a variable."""

    # -- remote
    url: str = ""
    """Address without secrets."""
    scheme: str = ""
    host: str = ""
    plain_http: bool = False
    """http to a host that is not this machine."""
    raw_ip: bool = False
    loopback: bool = False
    tunnel: bool = False
    """The host is a public tunnel or a request-capture service."""
    bridge: str = ""
    """mcp-remote, supergateway, mcp-proxy, ...: the local program that connects to the address, or serves a command."""

    # -- the definition itself
    transport_conflict: bool = False
    """Both a command and an address, or a stated transport that the fields contradict."""
    auto_approve_all: bool = False
    odd_keys: tuple[str, ...] = ()
    """Keys that some clients read in another letter case, or nested roots."""
    disabled: bool = False

    # -- the surroundings, where the endpoint looked
    npmrc: tuple[str, ...] = ()
    """Settings of an .npmrc in the working folder that change what npx runs (call, script-shell, registry)."""
    shadowed_by: tuple[str, ...] = ()
    """Files in the working folder that would run instead of the named program or module."""
    writable_by_others: tuple[str, ...] = ()
    """Files or folders of the launch that other users may write."""
    under_version_control: bool = False

    # -- honesty
    unknown: tuple[str, ...] = ()
    """Why something could not be established: unknown-program, opaque-shell, unresolved-variable, too-nested,
    unknown-options, malformed."""

    # -- appended while the facts were built; neutral where an analysis knows nothing
    utility: bool = False
    """The innermost program, or one in a shell's text, is a shell built-in or a common system tool (echo, cat, curl,
    nc): no MCP server. `shell_plain` is false then."""
    programs: tuple[str, ...] = ()
    """Names of all programs found, in wrappers, shell texts and containers too, in the order they were found."""
    network_paths: tuple[str, ...] = ()
    """Words that are run and lie on a network share or are a device path, also inside wrappers."""
    writable_places: tuple[str, ...] = ()
    """Words that are run and lie in a temporary or downloads folder, also inside wrappers."""
    cwd_place: str = "none"
    """none, absolute, relative, home, variable, temporary, network: where the stated working folder is."""
    env_code_places: tuple[str, ...] = ()
    """Kinds of places that values of `env_loads_code` name: relative, temporary, network, home, absolute, inline."""
    security_options: tuple[str, ...] = ()
    """Protections of a container that are switched off (seccomp=unconfined, label=disable)."""
    key_case: bool = False
    """Command, arguments or address stand under keys in another letter case: only some clients start this."""
