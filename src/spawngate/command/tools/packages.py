"""Package managers: what they install, remove, publish, and where they take it from.

Must not be here: launches of packages as MCP servers (`launch`), containers (`command.tools.containers`).
Sources: each manager's reference pages (npm, pnpm, yarn, bun, pip, uv, pipx, poetry, conda, gem, cargo, go, composer,
nuget, apt,
dnf, apk, pacman, zypper, brew, snap, flatpak, choco, winget, scoop, nix).
"""

import re
from collections.abc import Sequence

from spawngate.command.arguments import Arguments, read_arguments
from spawngate.command.hosts import REGISTRIES, host_of, is_address
from spawngate.command.scene import Scene
from spawngate.command.tools.popular import imitated
from spawngate.command.tools.reader import Reader, readers
from spawngate.launch.argv import word_set

_PIP = word_set("""
    -r --requirement -c --constraint -e --editable -t --target -i --index-url --extra-index-url -f --find-links
    --trusted-host
    --proxy --cert --client-cert --python --prefix --root --platform --python-version --implementation --abi
    --progress-bar
    --log --cache-dir --timeout --retries --exists-action --config-settings -C --only-binary --no-binary --src
    --upgrade-strategy
    --default-index --index --with --with-requirements --with-editable -p --package --group --extra --env-file --from
    --spec
    --pip-args --suffix --source -n --name --channel --file -G --optional --tag --branch --rev --editable-mode --report
    -d --dest -w --wheel-dir --keyring-provider --use-feature --config-file --directory --project --refresh-package
    --upgrade-package
    """)


def pip(scene: Scene) -> None:
    found = scene.arguments(_PIP)
    _python(scene, found.rest, found)


def _python(scene: Scene, rest: Sequence[str], found: Arguments) -> None:
    verb, names = (rest[0], tuple(rest[1:])) if rest else ("", ())
    scene.manager = "pip"
    _index(
        scene, found, ("-i", "--index-url", "--default-index"), ("--extra-index-url", "--index", "-f", "--find-links")
    )
    if verb in ("install", "add", "download", "wheel"):
        scene.read(*found.values("-r", "--requirement", "-c", "--constraint"))
        local = tuple(value for value in found.values("-e", "--editable"))
        _install(scene, "pypi", (*names, *local), whole=bool(found.values("-r", "--requirement")) or not names)
        if found.has("--trusted-host"):
            scene.act("package-unchecked")
        if found.has("--break-system-packages") or "sudo" in scene.spawn.wrappers or scene.spawn.user == "root":
            scene.act("package-system")
        for value in found.values("-r", "--requirement", "-c", "--constraint"):
            if is_address(value):
                scene.act("package-url")
                scene.host(value)
    elif verb in ("uninstall", "remove"):
        _removed(scene, names)
    elif verb == "config" and names[:1] in (("set",), ("edit",)):
        scene.act("package-source") if re.search(r"index|trusted|find-links|proxy", " ".join(names)) else None
        _registry_word(scene, names)
    elif verb == "sync":
        scene.act("package-install-all")


def uv(scene: Scene) -> None:
    found = scene.arguments(_PIP)
    rest = found.rest
    if rest[:1] == ("pip",):
        _python(scene, rest[1:], found)
    elif rest[:2] == ("tool", "uninstall"):
        _removed(scene, rest[2:])
    elif rest[:2] in (("tool", "install"), ("tool", "run")):
        _python(
            scene, ("install", *(rest[2:3] if rest[1] == "run" else rest[2:]), *found.values("--with", "--from")), found
        )
        if rest[1] == "run":
            scene.acts.pop("package-install", None)
            scene.act("package-run")
    elif rest[:1] in (("add",), ("remove",)):
        _python(scene, rest, found)
    elif rest[:1] in (("sync",), ("lock",), ("build",), ("venv",)):
        scene.manager = "uv"
        scene.act("package-install-all") if rest[0] == "sync" else None
        _index(
            scene,
            found,
            ("-i", "--index-url", "--default-index"),
            ("--extra-index-url", "--index", "-f", "--find-links"),
        )
    elif rest[:1] == ("publish",):
        scene.act("package-publish")
    elif rest[:1] == ("run",):
        _index(
            scene,
            found,
            ("-i", "--index-url", "--default-index"),
            ("--extra-index-url", "--index", "-f", "--find-links"),
        )
        scene.package(*found.values("--with"))
        script = rest[1:2]
        if script and (is_address(script[0]) and not script[0].startswith("file:")):
            scene.host(*script)
            scene.act("download", "runs-download")
        elif script and script[0].endswith((".py", ".sh")):
            scene.run(*script)
        if found.values("--with"):
            _specifiers(scene, "pypi", found.values("--with"))
            scene.act("package-run")


def uvx(scene: Scene) -> None:
    found = scene.arguments(_PIP, ends=True)
    scene.manager = "pip"
    _index(
        scene, found, ("-i", "--index-url", "--default-index"), ("--extra-index-url", "--index", "-f", "--find-links")
    )
    source = found.values("--from", "--spec")
    rest = found.rest[1:] if scene.program == "pipx" else found.rest
    _specifiers(scene, "pypi", (*source, *found.values("--with")) if source else (*rest[:1], *found.values("--with")))
    scene.act("package-run")


def pipx(scene: Scene) -> None:
    found = scene.arguments(_PIP, ends=False)
    verb = found.rest[0] if found.rest else ""
    if verb == "run":
        uvx(scene)
    elif verb in ("install", "inject", "upgrade", "install-all"):
        _python(scene, ("install", *found.rest[1:]), found)
    elif verb == "uninstall":
        _removed(scene, found.rest[1:])


def poetry(scene: Scene) -> None:
    found = scene.arguments(_PIP)
    verb, names = (found.rest[0], found.rest[1:]) if found.rest else ("", ())
    scene.manager = scene.program
    if verb == "add" or (
        verb == "install" and scene.program in ("pipenv", "conda", "mamba", "micromamba", "pixi") and names
    ):
        _install(scene, "pypi" if scene.program != "conda" else "conda", names, whole=False)
        _index(scene, found, ("-i", "--index"), ("--source", "--extra-index-url", "-c", "--channel"))
    elif verb in ("install", "sync", "update", "lock"):
        scene.act("package-install-all")
    elif verb in ("remove", "uninstall"):
        _removed(scene, names)
        if scene.program in ("conda", "mamba") and found.has("--all"):
            scene.act("delete-tree")
    elif verb == "publish":
        if not found.has("--dry-run"):
            scene.act("package-publish")
    elif verb == "config" and re.search(r"(?i)pypi\.url|repositor|index|verify_ssl|certificates", " ".join(names)):
        scene.act("package-source")
        _registry_word(scene, names)
    elif verb in ("source", "config") and names[:1] in (("add",), ("--add",)):
        scene.act("package-source")
        scene.host(*(name for name in names if is_address(name)))
    elif verb == "config" and any("repositories" in name for name in names):
        scene.act("package-source")
        _registry_word(scene, names)


_NPM = word_set("""
    --registry --prefix --userconfig --globalconfig -C --dir --cwd -w --workspace --filter -F --tag --cache --loglevel
    --otp --scope
    --omit --include --install-strategy --before --auth-type --package -p -c --call --script-shell --https-proxy
    --proxy --cafile
    --min-release-age --only --reporter --network-concurrency --config -t --node-options
    """)
_NPM_INSTALL = word_set("install i in ins inst insta instal isnt isnta isntal isntall add install-test it")
_NPM_CLEAN = word_set("ci clean-install ic install-clean isntall-clean install-ci-test cit dedupe ddp rebuild rb")


def npm(scene: Scene) -> None:
    found = scene.arguments(_NPM - ({"-p"} if scene.program != "npm" else {"-p", "-t"}))
    rest = found.rest
    verb, names = (rest[0], rest[1:]) if rest else ("", ())
    scene.manager = scene.program
    if scene.program in ("yarn", "yarnpkg"):
        if verb == "global":
            verb, names = (names[0], names[1:]) if names else ("", ())
        elif verb == "":
            verb = "ci"
    _index(scene, found, ("--registry",), ())
    for option in ("--userconfig", "--globalconfig"):
        if found.value(option):
            scene.registries[f"{option}={found.value(option)}"] = None
            scene.act("package-index")
    if verb in _NPM_INSTALL or (verb in ("update", "upgrade", "up") and names):
        _install(scene, "npm", names, whole=not names)
        if found.has("-g", "--global") and ("sudo" in scene.spawn.wrappers):
            scene.act("package-system")
    elif verb in _NPM_CLEAN or verb in ("update", "upgrade", "up", "import"):
        scene.act("package-install-all")
    elif verb in ("exec", "x", "dlx") or (verb in ("create", "init", "innit") and names):
        source = found.values("--package", *(("-p",) if verb == "dlx" else ()))
        target = source or names[:1]
        if verb in ("create", "init", "innit"):
            target = tuple(_creator(name) for name in target)
        _specifiers(scene, "npm", target)
        scene.act("package-run")
        if found.has("-c", "--call", "--script-shell"):
            scene.act("shell-escape") if found.has("--script-shell") else None
    elif verb in ("uninstall", "remove", "rm", "r", "un", "unlink"):
        _removed(scene, names)
    elif verb == "publish":
        if not found.has("--dry-run"):
            scene.act("package-publish")
    elif verb == "pkg" and names[:1] == ("set",):
        _package_json(scene, names[1:])
    elif verb in ("link", "ln"):
        _specifiers(scene, "npm", names)
    elif verb in ("unpublish", "deprecate"):
        scene.act("package-unpublish" if verb == "unpublish" else "package-publish")
    elif verb in ("config", "c", "set"):
        words = names[1:] if names[:1] == ("set",) else names if verb == "set" else ()
        _npm_setting(scene, words)
        if names[:1] in (("get",), ("list",), ("ls",)) and any("_auth" in name.lower() for name in names):
            scene.act("token-print")
    elif verb == "token":
        scene.act("cloud-key" if names[:1] == ("create",) else "token-print")
    elif verb in ("owner", "access", "team", "org", "hook"):
        scene.act("repository-access") if names[:1] in (("add",), ("grant",), ("set",), ("public",)) else None
    elif verb == "cache" and names[:1] in (("clean",), ("clear",)):
        pass
    elif verb in ("run", "run-script", "rum", "urn", "start", "test", "t", "tst", "stop", "restart"):
        scene.target(*names[:1])


def _removed(scene: Scene, names: Sequence[str]) -> None:
    scene.act("package-remove")
    scene.package(*names)
    if any(name.lower().startswith("spawngate") for name in names):
        scene.act("spawngate-off")


def _package_json(scene: Scene, words: Sequence[str]) -> None:
    """`npm pkg set name=value`."""
    scene.write("package.json")
    for word in words:
        name, _, value = word.partition("=")
        scene.texts.append(value)
        if re.fullmatch(r"scripts\.(?:pre|post)?(?:install|prepare|publish|pack)", name):
            scene.act("package-script-set")
        elif re.match(r"(?:dev|peer|optional)?[dD]ependencies\.", name):
            _specifiers(scene, "npm", (f"{name.partition('.')[2]}@{value}",))


def _creator(name: str) -> str:
    if name.startswith("@"):
        scope, slash, rest = name.partition("/")
        return f"{scope}/create-{rest}" if slash else f"{scope}/create"
    return name if is_address(name) or "/" in name else f"create-{name}"


def _npm_setting(scene: Scene, words: Sequence[str]) -> None:
    text = "=".join(words)
    if re.search(r"registry|proxy", text):
        scene.act("package-source")
        _registry_word(scene, re.split(r"[=\s]", text))
    if re.search(r"(?i)strict-?ssl.*false|cafile", text):
        scene.act("package-unchecked")
    if re.search(r"script-shell|node-options|init-module|onload-script|git=|editor=|shell=", text):
        scene.act("loads-code")


def npx(scene: Scene) -> None:
    found = scene.arguments(_NPM | {"-p", "--shell", "-n"}, ends=True)
    scene.manager = "npm" if scene.program == "npx" else scene.program
    _index(scene, found, ("--registry",), ())
    source = found.values("-p", "--package")
    _specifiers(scene, "npm", source or found.rest[:1])
    if found.rest or source:
        scene.act("package-run")
    if found.has("--script-shell", "--shell", "--node-options"):
        scene.act("loads-code")


def deno(scene: Scene) -> None:
    found = scene.arguments(("--config", "-c", "--import-map", "--lock", "--preload", "--allow-net-hosts"))
    verb, rest = (found.rest[0], found.rest[1:]) if found.rest else ("", ())
    if verb in ("run", "install", "serve", "x") or is_address(verb) or verb.endswith((".ts", ".js")):
        target = rest[:1] if verb in ("run", "install", "serve", "x") else (verb,)
        for name in target:
            if is_address(name):
                scene.host(name)
                scene.act("download", "runs-download")
            elif name.startswith(("npm:", "jsr:")):
                _specifiers(scene, "npm", (name[4:],))
                scene.act("package-run")
            else:
                scene.run(name)


def gem(scene: Scene) -> None:
    found = scene.arguments(
        (
            "-v",
            "--version",
            "-s",
            "--source",
            "-P",
            "--trust-policy",
            "-n",
            "-i",
            "--install-dir",
            "--bindir",
            "--platform",
        )
    )
    verb, names = (found.rest[0], found.rest[1:]) if found.rest else ("", ())
    scene.manager = scene.program
    if verb in ("install", "i", "add", "update") and names:
        pinned = found.has("-v", "--version")
        _install(scene, "gem", names if not pinned else (), whole=False)
        scene.package(*names)
        scene.act("package-install")
        _index(scene, found, (), ("-s", "--source"))
    elif verb in ("install", "update", "check") or (scene.program == "bundle" and not verb):
        scene.act("package-install-all")
    elif verb in ("uninstall", "remove"):
        scene.act("package-remove")
    elif verb == "push":
        scene.act("package-publish")
    elif verb == "yank":
        scene.act("package-unpublish")
    elif verb == "sources" and found.has("-a", "--add"):
        scene.act("package-source")
        scene.host(*names, *found.values("-a", "--add"))


def cargo(scene: Scene) -> None:
    found = scene.arguments(
        (
            "--version",
            "--vers",
            "--git",
            "--branch",
            "--tag",
            "--rev",
            "--path",
            "--root",
            "--index",
            "--registry",
            "--features",
            "-F",
            "-p",
            "--package",
            "--target",
            "--profile",
            "-j",
            "--bin",
            "--config",
            "--manifest-path",
            "--token",
        ),
        ends=False,
    )
    rest = tuple(word for word in found.rest if not word.startswith("+"))
    verb, names = (rest[0], rest[1:]) if rest else ("", ())
    scene.subcommand = " ".join(rest[:2])
    scene.manager = "cargo"
    if verb in ("install", "add", "binstall"):
        git, path = found.values("--git"), found.values("--path")
        if git:
            scene.act("package-git")
            if not found.has("--rev", "--tag"):
                scene.act("package-unpinned")
            scene.host(*git)
        if path:
            scene.act("package-local")
        _install(scene, "cargo", () if git or path or found.has("--version", "--vers") else names, whole=False)
        scene.act("package-install")
        scene.package(*names, *git)
        _index(scene, found, ("--index", "--registry"), ())
    elif verb in ("uninstall", "remove", "rm"):
        scene.act("package-remove")
    elif verb in ("publish", "yank", "owner") and not found.has("--dry-run", "-n"):
        scene.act({"publish": "package-publish", "yank": "package-unpublish"}.get(verb, "repository-access"))
    if any(re.search(r"runner|rustc-wrapper|linker|build\.rustc", value) for value in found.values("--config")):
        scene.act("loads-code")


def go(scene: Scene) -> None:
    found = scene.arguments(
        (
            "-mod",
            "-o",
            "-tags",
            "-ldflags",
            "-exec",
            "-toolexec",
            "-overlay",
            "-modfile",
            "-C",
            "-run",
            "-count",
            "-timeout",
            "-p",
        ),
        long=False,
    )
    verb, names = (found.rest[0], found.rest[1:]) if found.rest else ("", ())
    scene.manager = "go"
    if verb in ("install", "get", "run"):
        remote = [name for name in names[:1] if verb == "run"] if verb == "run" else list(names)
        remote = [name for name in remote if re.match(r"[\w.-]+\.[a-z]{2,}/", name)]
        if remote:
            _install(scene, "go", remote, whole=False)
            if verb == "run":
                scene.act("package-run")
            scene.host(*remote)
            scene.host_kinds.discard("unknown") if False else None
    if found.has("-exec", "-toolexec"):
        scene.act("shell-escape")
    if found.has("-insecure"):
        scene.act("package-unchecked")
    if (
        verb == "env"
        and found.has("-w")
        and re.search(r"GOPROXY|GONOSUM|GOFLAGS|GOSUMDB|GOINSECURE", " ".join(scene.words))
    ):
        scene.act("package-source")


def other(scene: Scene) -> None:
    """composer, dotnet, nuget, luarocks, cpan and others of the shape `tool verb names`."""
    found = scene.arguments(
        (
            "--version",
            "-v",
            "--source",
            "-s",
            "--repository",
            "--add-source",
            "--tool-path",
            "--configfile",
            "-n",
            "--framework",
            "-c",
            "-o",
            "--prerelease",
        )
    )
    rest = found.rest
    scene.manager = scene.program
    text = " ".join(rest[:3])
    if re.match(
        r"(?:require|install|global require|add package|add \S+ package|tool install|package"
        r" add|get|tool update|workload install|new install)\b",
        text,
    ):
        count = {"global require": 2, "add package": 2, "tool install": 2, "package add": 2, "tool update": 2}.get(
            " ".join(rest[:2]), 1
        )
        names = rest[count:] if not re.match(r"add \S+ package", text) else rest[3:]
        if names and not found.has("--version", "-v"):
            _install(scene, "other", names, whole=False)
        elif names:
            scene.act("package-install")
            scene.package(*names)
        else:
            scene.act("package-install-all")
    elif re.match(r"(?:restore|update|upgrade)\b", text):
        scene.act("package-install-all")
    elif re.match(r"(?:remove|uninstall|tool uninstall)\b", text):
        scene.act("package-remove")
    elif re.match(r"(?:nuget push|push|publish-package|upload)\b", text):
        scene.act("package-publish")
    elif re.match(r"nuget (?:add source|update source)|sources add|config repositor|repo add", text):
        scene.act("package-source")
        scene.host(*(word for word in rest if is_address(word)))
    _index(scene, found, (), ("--source", "-s", "--repository", "--add-source"))


_SYSTEM_VALUES = word_set(
    "-pkg -target -t --target-release -o --option -c --config-file -q -a"
    " --host-architecture --repo --repofrompath --enablerepo --disablerepo --installroot"
    " --releasever -X --repository -p --root -r --sysroot --dbpath --config --cachedir"
    " --cask-opts -v --version -s --source --id -e --override"
)
_CRITICAL = word_set(
    "libc6 libc glibc systemd systemd-sysv bash coreutils sudo openssh-server apt dpkg"
    " rpm kernel linux-image init dash grub sudo python3 musl base-files login passwd"
    " util-linux"
)


def system(scene: Scene) -> None:
    """apt, dnf, apk, pacman, zypper, brew, snap, flatpak, choco, winget, scoop, port, pkg, nix-env, dpkg, rpm."""
    name = scene.program
    found = scene.arguments(
        _SYSTEM_VALUES
        - ({"-q", "-a", "-c", "-t"} if name not in ("apt", "apt-get") else {"-q", "-a"})
        - ({"-p", "-r", "-s", "-e", "-v"} if name in ("dpkg", "rpm", "pacman", "brew") else frozenset())
    )
    rest = found.rest
    verb, names = (rest[0], rest[1:]) if rest else ("", ())
    scene.manager = name
    if name in ("pacman", "yay", "paru"):
        letters = "".join(word[1:] for word in scene.words if re.fullmatch(r"-[A-Za-z]+", word))
        verb, names = ("install" if "S" in letters or "U" in letters else "remove" if "R" in letters else "", rest)
    elif name in ("rpm", "dpkg"):
        letters = "".join(word[1:] for word in scene.words if re.fullmatch(r"-[A-Za-z]+", word))
        verb = (
            "install"
            if found.has("-i", "--install", "-U", "-F", "--upgrade") and "q" not in letters
            else "remove"
            if found.has("-r", "-P", "--purge", "--remove", "-e", "--erase")
            else ""
        )
        names = rest
        if found.has("--import"):
            scene.act("package-key")
            scene.host(*rest)
    elif name in ("pkg", "port", "nix-env", "nix") and found.has("-i", "-iA", "--install"):
        verb, names = "install", rest
    if name == "installer":
        verb, names = (
            "install",
            tuple(f"./{word}" for word in (*found.values("-pkg"), *rest) if word.endswith((".pkg", ".mpkg", ".dmg"))),
        )
    if verb in (
        "install",
        "add",
        "reinstall",
        "localinstall",
        "groupinstall",
        "in",
        "-i",
        "tap",
        "upgrade",
        "build-dep",
    ):
        if verb == "tap":
            scene.act("package-source")
            scene.host(*(word for word in names if is_address(word)))
            return
        scene.act("package-install", "package-system") if verb != "upgrade" else scene.act("package-install-all")
        scene.package(*names)
        for item in names:
            if is_address(item):
                scene.act("package-url")
                scene.host(item)
            elif re.match(r"(?:\./|/|~|\.\./).*|.*\.(?:deb|rpm|apk|pkg\.tar\.\w+|msi|exe|snap|flatpak)$", item):
                scene.act("package-local")
                scene.read(item)
            if name == "brew" and item.count("/") == 2:
                scene.act("package-source")
    elif verb in ("remove", "purge", "uninstall", "erase", "autoremove", "del", "rm", "delete", "zap", "unlink"):
        _removed(scene, names)
        if set(names) & _CRITICAL or found.has("--allow-remove-essential", "--force-remove-essential", "--nodeps"):
            scene.act("package-critical-remove")
    elif verb in ("update", "upgrade", "dist-upgrade", "full-upgrade", "makecache", "check-update", "refresh", "up"):
        pass
    elif (
        verb in ("source", "addrepo", "ar", "remote-add", "config-manager", "bucket", "repository")
        or (verb == "remote" and names[:1] == ("add",))
    ) and (verb != "source" or names[:1] in (("add",),)):
        scene.act("package-source")
        scene.host(
            *(word for word in (*names, *found.values("--add-repo", "--id", "-s", "--source")) if is_address(word))
        )
    unchecked = (
        "--allow-unauthenticated",
        "--force-yes",
        "--allow-insecure-repositories",
        "--nogpgcheck",
        "--no-gpg-checks",
        "--allow-untrusted",
        "--dangerous",
        "--no-gpg-verify",
        "--ignore-checksums",
        "--allow-downgrades-unauth",
        "--nosignature",
        "--ignore-security-hash",
        "--skip-hash",
    )
    if (
        found.has(*unchecked)
        or any(
            re.search(
                r"(?i)AllowUnauthenticated=(?:true|1)|AllowInsecure\w*=|gpgcheck=0|sslverify=(?:0"
                r"|false)|Verify-Peer=false",
                value,
            )
            for _, value in found.options
        )
        or re.search(
            r"(?i)--setopt=\*?\.?(?:gpgcheck|sslverify)=(?:0|false)|SigLevel\s*=?\s*Never", " ".join(scene.words)
        )
    ):
        scene.act("package-unchecked")
    if any(
        re.search(r"(?i)(?:pre|post)-invoke|Pre-Install-Pkgs|Dpkg::Options.*(?:invoke|hook)", value)
        for value in (*found.values("-o", "--option"), *scene.words)
    ):
        scene.act("shell-escape")
    if found.has("--repofrompath"):
        scene.act("package-index-extra")


def apt_key(scene: Scene) -> None:
    if scene.words[:1] in (("add",), ("adv",)) or scene.program != "apt-key":
        scene.act("package-key")
        scene.host(*(word for word in scene.words if is_address(word)))


def add_repository(scene: Scene) -> None:
    found = scene.arguments(("-k",))
    scene.act("package-source")
    scene.target(*found.rest)
    scene.host(*(word for word in " ".join(found.rest).split() if is_address(word)))


def helm(scene: Scene) -> None:
    found = scene.arguments(
        (
            "-n",
            "--namespace",
            "-f",
            "--values",
            "--set",
            "--version",
            "--repo",
            "--kube-context",
            "--kubeconfig",
            "--timeout",
            "--post-renderer",
        )
    )
    verb, names = (found.rest[0], found.rest[1:]) if found.rest else ("", ())
    if verb == "repo" and names[:1] == ("add",):
        scene.act("package-source")
        scene.host(*(word for word in names if is_address(word)))
    elif verb in ("install", "upgrade"):
        scene.act("cluster-apply")
        scene.host(*(word for word in (*names, *found.values("--repo")) if is_address(word)))
    elif verb in ("uninstall", "delete", "del", "un"):
        scene.act("cluster-delete")
    if found.has("--post-renderer"):
        scene.act("shell-escape")


def editor(scene: Scene) -> None:
    found = scene.arguments(
        (
            "--install-extension",
            "--uninstall-extension",
            "--user-data-dir",
            "--extensions-dir",
            "--add-mcp",
            "--profile",
            "--folder-uri",
        )
    )
    if found.has("--install-extension"):
        scene.act("extension-install")
        scene.package(*found.values("--install-extension"))
        if any(name.endswith(".vsix") for name in found.values("--install-extension")):
            scene.act("package-local")
    if found.has("--add-mcp"):
        scene.act("agent-server-add")
    if found.rest[:1] == ("tunnel",):
        scene.act("tunnel")
    if found.rest[:1] == ("agent",) or found.rest[:1] == ("chat",):
        scene.act("agent-run")


_EXACT = {
    "npm": re.compile(r"(?:@[^/@]+/)?[^@/]+@v?\d+\.\d+\.\d+(?:[-+][\w.+-]+)?"),
    "pypi": re.compile(r"[^=<>~!@\s]+={2,3}[^*,\s]+"),
    "gem": re.compile(r"[^:]+:\d[\w.]*"),
    "cargo": re.compile(r"[^@]+@=?\d+\.\d+\.\d+\S*"),
    "go": re.compile(r"[^@]+@(?:v\d+\.\d+\.\d+\S*|[0-9a-f]{12,40})"),
    "conda": re.compile(r"[^=]+={1,2}\d\S*"),
    "other": re.compile(r"[^:@=]+[:@=]\d\S*"),
}


def _install(scene: Scene, ecosystem: str, names: Sequence[str], *, whole: bool) -> None:
    if whole:
        scene.act("package-install-all")
    if names:
        scene.act("package-install")
        _specifiers(scene, ecosystem, names)


def _specifiers(scene: Scene, ecosystem: str, names: Sequence[str]) -> None:
    """What each specifier says about where the package comes from, and whether its version is exact."""
    for name in names:
        if not name or name.startswith("-"):
            continue
        scene.package(name)
        text = name.partition(" @ ")[2].strip() or name
        if ecosystem == "npm" and re.match(r"(?:@[^/@]+/)?[^@/:]+@(?:https?:|git|github:|file:|npm:)", text):
            text = re.sub(r"^(?:@[^/@]+/)?[^@/:]+@", "", text)
        if re.match(
            r"(?:git\+|git://|git@|ssh://)|(?:github|gitlab|bitbucket|gist):|https?://[^\s]+\.git(?:$|[#@])", text
        ):
            scene.act("package-git")
            scene.host(re.sub(r"^git\+", "", text)) if "://" in text else None
            if not re.search(r"[#@](?:v?\d+\.\d+[\w.]*|[0-9a-f]{7,40})(?:$|[#&])", text):
                scene.act("package-unpinned")
        elif is_address(text) or re.fullmatch(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/\S+\.(?:tgz|tar\.gz|whl|zip)", text):
            scene.act("package-url")
            scene.host(text)
        elif re.match(r"\.{1,2}(?:[\\/]|$)|[~/]|file:|[A-Za-z]:\\", text) or text.endswith(
            (".whl", ".tgz", ".tar.gz", ".zip", ".gem", ".crate")
        ):
            scene.act("package-local")
            scene.read(text.removeprefix("file:"))
        elif ecosystem == "npm" and re.fullmatch(r"[\w.-]+/[\w.-]+(?:#.+)?", text):
            scene.act("package-git", "package-unpinned")
        elif not _EXACT.get(ecosystem, _EXACT["other"]).fullmatch(text):
            scene.act("package-unpinned")
        known = imitated(text, ecosystem)
        if known:
            scene.lookalike = known
            scene.act("package-lookalike")


def _index(scene: Scene, found: Arguments, instead: tuple[str, ...], beside: tuple[str, ...]) -> None:
    for options, act in ((instead, "package-index"), (beside, "package-index-extra")):
        for value in found.values(*options):
            host = host_of(value) if is_address(value) else None
            if host is not None and host.name in REGISTRIES:
                continue
            if host is None and not re.search(r"[/\\:.]", value):
                # A name that the project's own configuration explains (`--registry my-mirror`).
                scene.registries[value] = None
                continue
            scene.registries[host.name if host else value] = None
            scene.act(act)
            scene.host(value) if host else None


def _registry_word(scene: Scene, words: Sequence[str]) -> None:
    for word in words:
        if is_address(word):
            host = host_of(word)
            if host is not None:
                scene.host(word)
                scene.registries[host.name] = None


def python_module(scene: Scene, module: str, words: tuple[str, ...]) -> None:
    """`python -m pip` and its like."""
    found = read_arguments(words, _PIP)
    scene.subcommand = " ".join(found.rest[:2])
    if module in ("pip", "pip3"):
        _python(scene, found.rest, found)
    elif module == "twine":
        scene.act("package-publish")


def publisher(scene: Scene) -> None:
    found = scene.arguments(("-r", "--repository", "--repository-url", "-u", "-p", "--config-file"))
    if found.rest[:1] in (("upload",), ("publish",)) and not re.search(r"test\.?pypi", " ".join(scene.words)):
        scene.act("package-publish")
        scene.host(*found.values("--repository-url"))


READERS: dict[str, Reader] = readers(
    ("pip pip3 pip2 easy_install", pip),
    ("uv", uv),
    ("uvx", uvx),
    ("pipx", pipx),
    ("poetry pipenv pdm hatch rye conda mamba micromamba pixi", poetry),
    ("npm pnpm yarn yarnpkg bun cnpm", npm),
    ("npx pnpx bunx", npx),
    ("deno", deno),
    ("gem bundle bundler", gem),
    ("cargo", cargo),
    ("go", go),
    (
        "composer dotnet nuget luarocks cpan cpanm opam mix rebar3 stack cabal pub flutter"
        " pod carthage vcpkg conan swift",
        other,
    ),
    (
        "apt apt-get aptitude dnf yum microdnf tdnf apk pacman yay paru zypper brew snap"
        " flatpak choco winget scoop port pkg nix-env dpkg "
        "rpm emerge xbps-install opkg installer",
        system,
    ),
    ("apt-key pacman-key", apt_key),
    ("add-apt-repository apt-add-repository yum-config-manager", add_repository),
    ("helm", helm),
    ("code code-insiders codium cursor windsurf trae kiro", editor),
    ("twine flit", publisher),
)
