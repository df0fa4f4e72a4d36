"""npm, npx, pnpm, pnpx, yarn, bunx.

Sources: npm/cli:bin/npx-cli.js (npx reads options up to the first positional word and takes the word behind an unknown
one for its value), npm/nopt:lib/nopt-lib.js (abbreviated options, letters written together, any number of dashes),
npm/cli:lib/utils/cmd-list.js (sub-commands and their abbreviations), libnpmexec:lib/run-script.js (what runs, runs
through a shell, so any program can stand behind `-p`); https://pnpm.io/cli/dlx, https://yarnpkg.com/cli.
"""

import re
from functools import lru_cache

from spawngate.launch.argv import Grammar, program, word_set
from spawngate.launch.grammar import known
from spawngate.launch.grammar.bridges import bridge
from spawngate.launch.grammar.scan import Scanned, is_local, off, scan
from spawngate.launch.purl import from_npm
from spawngate.launch.scene import Here, Scene

_SWITCHES = word_set(
    """
    all allow-same-version audit bin-links bypass-2fa commit-hooks dangerously-allow-all-scripts description dev
    diff-ignore-all-space diff-name-only diff-no-prefix diff-text dry-run engine-strict expect-results force
    foreground-scripts format-package-lock fund git-tag-version global global-style if-present ignore-scripts
    include-staged include-workspace-root include-attestations init-private install-links json legacy-bundling
    legacy-peer-deps link long offline omit-lockfile-registry-resolved optional package-lock package-lock-only
    parseable prefer-dedupe prefer-offline prefer-online production progress provenance read-only rebuild-bundle
    save save-bundle save-dev save-exact save-optional save-peer save-prod shrinkwrap sign-git-commit sign-git-tag
    strict-peer-deps strict-allow-scripts strict-ssl timing unicode update-notifier usage version versions
    workspaces workspaces-update yes color browser help quiet silent verbose install no
    """
)
_VALUES = word_set(
    """
    _auth access allow-directory allow-file allow-git allow-remote allow-scripts also audit-level auth-type before
    ca cache cache-max cache-min cafile call cert cidr cpu depth diff diff-dst-prefix diff-src-prefix diff-unified
    editor expires fetch-retries fetch-retry-factor fetch-retry-maxtimeout fetch-retry-mintimeout fetch-timeout git
    globalconfig heading https-proxy include init-module init-version init-license install-strategy key libc
    local-address location lockfile-version loglevel logs-dir logs-max maxsockets message min-release-age name
    node-gyp node-options noproxy omit only os otp package pack-destination prefix preid provenance-file proxy
    registry replace-registry-host save-prefix sbom-format sbom-type scope script-shell searchexclude searchlimit
    searchopts searchstaleness shell tag tag-version-prefix umask user-agent userconfig viewer which workspace
    """
)
_SHORT = {
    "c": "call", "C": "prefix", "L": "location", "m": "message", "w": "workspace", "reg": "registry", "shell": "shell",
    "enjoy-by": "before", "y": "yes", "f": "force", "g": "global", "l": "long", "a": "all", "q": "quiet", "s": "silent",
    "d": "verbose", "dd": "verbose", "ddd": "verbose", "n": "no", "no": "no", "S": "save", "B": "save-bundle",
    "D": "save-dev", "E": "save-exact", "O": "save-optional", "P": "save-prod", "h": "help", "H": "help", "?": "help",
    "v": "version", "desc": "description", "local": "global", "porcelain": "parseable", "readonly": "read-only",
    "iwr": "include-workspace-root", "ws": "workspaces",
}  # fmt: skip
_LONG = _SWITCHES | _VALUES
_COMMANDS = {
    "exec": ("exec", "x"),
    "run": ("run", "run-script", "rum", "urn"),
    "start": ("start",),
    "stop": ("stop",),
    "restart": ("restart",),
    "test": ("test", "t", "tst"),
    "explore": ("explore",),
    "init": ("init", "create", "innit"),
    "install": (
        "install", "i", "in", "ins", "inst", "insta", "instal", "add", "isnt", "isnta", "isntal", "isntall", "ci", "ic",
        "clean-install", "install-clean", "isntall-clean", "install-test", "it", "install-ci-test", "cit", "sit",
        "clean-install-test", "update", "up", "u", "upgrade", "udpate", "rebuild", "rb", "link", "ln", "dedupe", "ddp",
    ),
    "config": ("config", "c", "set"),
    "scripts": ("pack", "publish", "version", "verison", "edit"),
}  # fmt: skip
_RISKY = word_set("call node-options script-shell shell")
_NAMES = {alias: command for command, aliases in _COMMANDS.items() for alias in aliases}


@lru_cache(maxsize=512)
def _canonical(key: str) -> str:
    """Full name of an npm option; an unambiguous beginning counts. Empty where it is none."""
    if key in _LONG:
        return key
    short = _SHORT.get(key)
    if short:
        return short
    if len(key) < 3:
        return ""
    found = [name for name in _LONG if name.startswith(key)]
    return found[0] if len(found) == 1 else ""


def _options(words: tuple[str, ...], *, npx: bool, everywhere: bool, unknown_takes_value: bool) -> Scanned:
    """npm's options by full name without dashes. With `everywhere` they are read up to `--`, also behind
    positional words."""
    found: list[tuple[str, str]] = []
    rest: list[str] = []
    unknown: list[str] = []
    at, length = 0, len(words)
    while at < length:
        word = words[at]
        if word == "--":
            rest.extend(words[at + 1 :])
            break
        if not word.startswith("-") or word.strip("-") == "":
            rest.append(word)
            at += 1
            if not everywhere:
                rest.extend(words[at:])
                break
            continue
        at += 1
        key, equals, value = word.lstrip("-").partition("=")
        names = ["package" if npx and key == "p" else "parseable" if key == "p" else _canonical(key)]
        if not names[0] and key.startswith("no-") and _canonical(key[3:]):
            found.append((_canonical(key[3:]), "false"))
            continue
        if not names[0] and ":" in key:
            names = [key]  # `--@scope:registry=...`
        elif (
            not names[0]
            and not word.startswith("--")
            and len(key) > 1
            and all(one in _SHORT or one == "p" for one in key)
        ):
            names = ["parseable" if one == "p" else _SHORT[one] for one in key]
        elif not names[0]:
            unknown.append(word.partition("=")[0])
            if unknown_takes_value and not equals and at < length and not words[at].startswith("-"):
                at += 1
            continue
        found.extend((name, "") for name in names[:-1])
        name = names[-1]
        if (name in _VALUES or ":" in name) and not equals:
            if at < length and not (words[at].startswith("-") and len(words[at]) > 1):
                value, at = words[at], at + 1
            elif at < length and name in _RISKY:
                # npm takes no value that begins with a dash; other versions of its parser do.
                value = words[at]
        elif name in _SWITCHES and at < length and words[at] in ("true", "false"):
            value, at = words[at], at + 1
        found.append((name, value))
    return Scanned(tuple(found), tuple(rest), tuple(unknown))


def npx(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """npx, and its own way to read options."""
    scene.launcher("npx", name, words, here)
    scene.acts(here, ("node", "npm", "npx"))
    _searches(scene, here)
    purl = scene.package(name, words, here)
    options = _options(words, npx=True, everywhere=False, unknown_takes_value=False)
    _execute(scene, options, here, purl)
    if options.unknown:
        scene.unknown_options(options.unknown)
        other = _options(words, npx=True, everywhere=False, unknown_takes_value=True)
        if other != options:
            _execute(scene, other, here.inside(main=False), purl)


def npm(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """npm with a sub-command."""
    options = _options(words, npx=False, everywhere=True, unknown_takes_value=False)
    command = options.rest[0] if options.rest else ""
    what = _NAMES.get(command) or _abbreviated(command)
    rest = Scanned(options.options, options.rest[1:], options.unknown)
    scene.acts(here, ("node", "npm"))
    _searches(scene, here)
    if what == "exec":
        scene.launcher("npm-exec", name, words, here)
        purl = scene.package(name, words, here)
        _execute(scene, rest, here, purl)
        scene.unknown_options(options.unknown)
        return
    scene.launcher(f"npm-{what}" if what else "npm", name, words, here)
    _settings(scene, options, here)
    scene.unknown_options(options.unknown)
    if options.has("help", "usage"):
        scene.utility(here)
    elif what in ("run", "start", "stop", "restart", "test", "scripts"):
        scene.notes.mark("runs_repository_script")
        scene.server(rest.rest[1:] if what == "run" else rest.rest, here)
        prefix = options.last("prefix", "workspace")
        if prefix:
            scene.script(prefix, here)
        if here.main:
            scene.notes.say("source", "local-folder")
    elif what == "explore":
        if len(rest.rest) > 1:
            scene.text(" ".join(rest.rest[1:]), here)
    elif what == "init" and rest.rest:
        _execute(scene, Scanned(rest.options, (_initializer(rest.rest[0]), *rest.rest[1:])), here, "")
        scene.notes.mark("runs_install")
    elif what == "install":
        scene.notes.mark("runs_install", "runs_repository_script")
        for specifier in rest.rest:
            _specifier(scene, specifier, here)
    elif what == "config":
        scene.notes.add("config_override", *(word for word in rest.rest if word not in ("set", "get", "list", "ls")))
    else:
        scene.utility(here)


def _initializer(specifier: str) -> str:
    """`npm init foo` runs the package `create-foo`."""
    if specifier.startswith("@"):
        scope, _, name = specifier.partition("/")
        return f"{scope}/create-{name}" if name else f"{scope}/create"
    return f"create-{specifier}" if re.match(r"[\w.-]+(?:@.*)?$", specifier) else specifier


def _abbreviated(command: str) -> str:
    """npm takes an unambiguous beginning of a sub-command."""
    if len(command) < 3:
        return ""
    found = {what for alias, what in _NAMES.items() if alias.startswith(command)}
    return found.pop() if len(found) == 1 else ""


def _searches(scene: Scene, here: Here) -> None:
    if not here.contained:
        scene.notes.mark("searches_cwd")


def _settings(scene: Scene, options: Scanned, here: Here) -> None:
    notes = scene.notes
    for option, value in options.options:
        if option == "registry" or option.endswith(":registry"):
            notes.add("registry_override", value or option)
        elif option in ("userconfig", "globalconfig"):
            notes.add("config_override", f"--{option} {value}".strip())
        elif option in ("script-shell", "shell"):
            notes.say("hidden_shell", value or option)
            scene.script(value, here)
        elif option == "node-options" and value:
            node = scene.with_variables(here, (f"NODE_OPTIONS={value}",))
            scene.acts(node, ("node",))
            if scene.notes.has("env_loads_code"):
                notes.add("loads_code", f"--node-options {value}")
        elif option in ("git", "node-gyp", "editor", "viewer", "init-module"):
            notes.add("argument_injection", f"--{option} {value}".strip())
        elif option in ("prefix", "cache") and value:
            notes.add("config_override", f"--{option} {value}")
            if option == "prefix":
                scene.script(value, here.inside(main=False))
        elif (option == "strict-ssl" and off(value)) or option in ("proxy", "https-proxy", "cafile", "ca"):
            notes.add("registry_override", f"--{option} {value}".strip())


def _execute(scene: Scene, options: Scanned, here: Here, purl: str) -> None:
    """`npm exec` once its options are read."""
    _settings(scene, options, here)
    packages = options.values("package")
    for value in packages:
        _specifier(scene, value, here, named=True)
    call = options.last("call")
    if call:
        scene.text(call, here.inside(), by="npx")
        return
    if options.rest:
        _target(scene, options.rest, here, bool(packages), purl)


def _target(scene: Scene, rest: tuple[str, ...], here: Here, packaged: bool, purl: str) -> None:
    """What a package launcher runs: a package, or a command of the packages named before."""
    first, args = rest[0], rest[1:]
    scene.server(args, here)
    if not packaged:
        _specifier(scene, first, here)
    elif here.main and not scene.notes.has("source"):
        scene.notes.say("source", "registry")
    name = first if packaged else _bare(first)
    if bridge(scene, name, args, here):
        return
    inner = program(name)
    if inner in _RUNNABLE or (packaged and inner in _ANYWHERE):
        scene.run(name, args, here.inside(main=here.main))


_RUNNABLE = word_set(
    """
    node tsx ts-node ts-node-esm ts-node-dev bun deno nodemon cross-env cross-env-shell dotenv dotenvx env-cmd npx npm
    pnpm yarn concurrently esrun swc-node babel-node vite-node jiti zx shx uvx uv python-shell
    """
)
"""Packages that are launchers themselves."""
_ANYWHERE = word_set(
    """
    sh bash dash zsh ksh fish cmd powershell pwsh python python3 perl ruby php env sudo timeout nice nohup setsid
    xargs git docker podman uv uvx pipx deno bun echo touch curl wget nc awk find tar java go cargo make busybox
    """
)
"""Programs that `npx -p package` runs from the path all the same."""


def _bare(specifier: str) -> str:
    return re.sub(r"(?<=.)@[^/]*$", "", specifier)


def _specifier(scene: Scene, specifier: str, here: Here, *, named: bool = False) -> None:
    """Where a package comes from, and what rides along."""
    if is_local(specifier):
        path = re.sub(r"^(?:file|link):", "", specifier)
        if here.main:
            archive = re.search(r"\.(?:tgz|tar\.gz|tar)$", path) is not None
            scene.notes.put("source", "local-archive" if archive else "local-folder")
        scene.script(path, here)
        if named:
            scene.notes.mark("runs_install")
        return
    purl = from_npm(specifier)
    if purl:
        scene.purl(purl, here)


def pnpm(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """pnpm and pnpx."""
    scene.acts(here, ("node", "npm", "pnpm"))
    if name == "pnpx":
        words = ("dlx", *words)
    options = scan(words, known.PNPM)
    rest = options.rest
    command = rest[0] if rest else ""
    if command in ("dlx", "create"):
        scene.launcher("pnpm-dlx", name, words, here)
        purl = scene.package("pnpm", words, here) if command == "dlx" else ""
        _dlx(scene, options, rest[1:], known.PNPM, here, purl)
        return
    scene.launcher("pnpm" if command != "exec" else "pnpm-exec", name, words, here)
    _common(scene, options, here)
    if command == "exec":
        inner = scan(rest[1:], known.PNPM)
        if inner.has("-c", "--shell-mode") or options.has("-c", "--shell-mode"):
            scene.text(" ".join(inner.rest), here.inside(), by="pnpm")
        elif inner.rest:
            scene.notes.mark("searches_cwd")
            scene.run(inner.rest[0], inner.rest[1:], here.inside())
    elif command in ("install", "i", "add", "update", "up", "import", "rebuild"):
        scene.notes.mark("runs_install", "runs_repository_script")
    elif command in ("config", "c", "set"):
        scene.notes.add("config_override", *rest[1:])
    elif command in _HARMLESS or not command:
        scene.utility(here)
    else:
        _script(scene, rest, here)


def yarn(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """yarn of both generations."""
    scene.acts(here, ("node", "npm", "yarn"))
    options = scan(words, known.YARN)
    rest = options.rest
    command = rest[0] if rest else ""
    scene.notes.mark("searches_cwd")
    if command in ("dlx", "create"):
        scene.launcher("yarn-dlx", name, words, here)
        purl = scene.package(name, words, here) if command == "dlx" else ""
        _dlx(scene, options, rest[1:], known.YARN, here, purl)
        return
    scene.launcher("yarn" if command != "exec" else "yarn-exec", name, words, here)
    _common(scene, options, here)
    if command == "exec" and len(rest) > 1:
        # Its own shell reads the words again.
        scene.text(" ".join(word for word in rest[1:] if word != "--"), here.inside(), by="yarn")
    elif command == "node":
        scene.run("node", rest[1:], here.inside())
    elif command in ("install", "add", "up", "upgrade", "global", "rebuild", ""):
        scene.notes.mark("runs_install", "runs_repository_script")
    elif command == "config":
        scene.notes.add("config_override", *rest[1:])
    elif command in _HARMLESS:
        scene.utility(here)
    else:
        _script(scene, rest, here)


_HARMLESS = word_set("help version why list ls info view audit outdated bin root licenses store prune --version -v")


def _script(scene: Scene, rest: tuple[str, ...], here: Here) -> None:
    """A script of package.json or a program of node_modules/.bin."""
    scene.notes.mark("runs_repository_script", "searches_cwd")
    if here.main:
        scene.notes.say("source", "local-folder")
    named = 1 if rest[0] in ("run", "run-script") else 0
    scene.server(rest[named + 1 :], here)
    if bridge(scene, rest[named] if len(rest) > named else "", rest[named + 1 :], here):
        return
    if len(rest) > named and program(rest[named]) in _RUNNABLE:
        scene.run(rest[named], rest[named + 1 :], here.inside())


def _common(scene: Scene, options: Scanned, here: Here) -> None:
    scene.unknown_options(options.unknown)
    for option, value in options.options:
        if option in ("--registry",) or option.endswith(":registry"):
            scene.notes.add("registry_override", value or option)
        elif option.startswith("--config.") or option in ("--config-dir", "--userconfig"):
            setting = option.removeprefix("--config.")
            if "registry" in setting:
                scene.notes.add("registry_override", value or option)
            elif "script-shell" in setting or "shell" in setting:
                scene.notes.say("hidden_shell", value or option)
            else:
                scene.notes.add("config_override", f"{option} {value}".strip())
        elif option in ("-C", "--dir", "--cwd") and value:
            scene.script(value, here.inside(main=False))
        elif option in ("--script-shell", "--shell"):
            scene.notes.say("hidden_shell", value or option)


def _dlx(scene: Scene, before: Scanned, words: tuple[str, ...], grammar: Grammar, here: Here, purl: str) -> None:
    options = scan(words, grammar)
    _common(scene, before, here)
    _common(scene, options, here)
    packages = (*before.values("-p", "--package"), *options.values("-p", "--package"))
    for value in packages:
        _specifier(scene, value, here, named=True)
    if options.has("-c", "--shell-mode") or before.has("-c", "--shell-mode"):
        scene.text(" ".join(options.rest), here.inside(), by="pnpm")
    elif options.rest:
        _target(scene, options.rest, here, bool(packages), purl)
    if options.unknown:
        other = scan(words, grammar, unknown_takes_value=True)
        if other.rest and other.rest != options.rest:
            _target(scene, other.rest, here.inside(main=False), bool(packages), purl)


def bunx(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """bunx and `bun x`."""
    scene.acts(here, ("node", "bun", "bunx"))
    scene.launcher("bunx", name, words, here)
    scene.notes.mark("searches_cwd")
    purl = scene.package("bunx", words, here)
    _dlx(scene, Scanned((), ()), words, known.BUN, here, purl)
    options = scan(words, known.BUN)
    scene.notes.add("config_override", *(f"--config {value}" for value in options.values("--config")))
