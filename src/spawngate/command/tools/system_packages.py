"""Package managers of systems, charts of clusters, and extensions of editors.

Must not be here: what other modules of `command.tools` read; each program stands in one of them only.
Sources: manual pages of apt, dnf, apk, pacman, zypper, dpkg, rpm, brew, snap, winget, scoop, helm, code.
"""

import re

from spawngate.command.hosts import is_address
from spawngate.command.scene import Scene
from spawngate.command.tools import links
from spawngate.command.tools.clusters import PRIVILEGED, lives
from spawngate.command.tools.reader import Reader, readers
from spawngate.command.tools.specifiers import removed
from spawngate.launch.argv import word_set

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


_BUCKETS = word_set("main extras versions nirsoft sysinternals php nerd-fonts nonportable java games")
"""Buckets that scoop itself knows."""


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
            if any(not word.lower().startswith("homebrew/") for word in names):
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
        removed(scene, names)
        if (
            set(names) & _CRITICAL
            or "*" in names
            or found.has("--allow-remove-essential", "--force-remove-essential", "--nodeps")
        ):
            scene.act("package-critical-remove")
    elif verb in ("update", "upgrade", "dist-upgrade", "full-upgrade", "makecache", "check-update", "refresh", "up"):
        pass
    elif (
        verb in ("source", "addrepo", "ar", "remote-add", "config-manager", "bucket", "repository")
        or (verb == "remote" and names[:1] == ("add",))
    ) and (
        (verb not in ("source", "bucket") or names[:1] == ("add",))
        and not (verb == "bucket" and len(names) == 2 and names[1] in _BUCKETS)
        and not (verb == "config-manager" and found.has("--set-enabled", "--set-disabled", "--enable", "--disable"))
    ):
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


_PPAS = re.compile(
    r"ppa:(?:deadsnakes|git-core|ondrej|ubuntu-toolchain-r|graphics-drivers|neovim-ppa|fish-shell|longsleep|maxmind|savoury1"
    r"|kisak|oibaf|redislabs|ansible|apt-fast|cncf-buildpacks|inkscape\.dev|libreoffice|mozillateam|nginx|ubuntugis"
    r"|obsproject|openjdk-r|papirus|phoerious|rmescandon|swi-prolog|wireshark-dev|yubico|zfs-native|jonathonf)(?:/\S+)?"
    r"|universe|multiverse|restricted|main"
)
"""Archives of packages that many instructions name."""


def add_repository(scene: Scene) -> None:
    found = scene.arguments(("-k",))
    if not found.rest or not all(_PPAS.fullmatch(word) for word in found.rest):
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
        if any(map(PRIVILEGED.search, found.values("--set", "--set-string", "--set-json"))):
            scene.act("cluster-privileged")
        scene.host(*(word for word in (*names, *found.values("--repo")) if is_address(word)))
    elif verb in ("uninstall", "delete", "del", "un"):
        scene.act("cluster-delete")
        if not found.has("--dry-run") and (
            lives(" ".join(scene.words)) or any(word.opaque or word.spawns for word in scene.spawn.argv)
        ):
            # One release by its name is a developer's own; those that a command finds are all that there are.
            scene.act("release-delete")
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
            "--open-url",
            "--profile",
            "--folder-uri",
        )
    )
    if found.has("--install-extension"):
        scene.act("extension-install")
        scene.package(*found.values("--install-extension"))
        if any(name.endswith(".vsix") for name in found.values("--install-extension")):
            scene.act("package-local")
    if found.has("--add-mcp") or any(map(links.adds_to_agent, found.values("--open-url"))):
        scene.act("agent-server-add")
    if re.match(r"agent mcp (?:enable|add|login)\b", " ".join(found.rest[:3])):
        scene.act("agent-server-add")
    if found.rest[:1] == ("tunnel",):
        scene.act("tunnel")
    if found.rest[:1] == ("agent",) or found.rest[:1] == ("chat",):
        scene.act("agent-run")


READERS: dict[str, Reader] = readers(
    (
        "apt apt-get aptitude dnf yum microdnf tdnf apk pacman yay paru zypper brew snap"
        " flatpak choco winget scoop port pkg nix-env dpkg "
        "rpm emerge xbps-install opkg installer",
        system,
    ),
    ("apt-key pacman-key", apt_key),
    ("add-apt-repository apt-add-repository yum-config-manager", add_repository),
    ("helm", helm),
    ("code code-insiders codium vscodium cursor windsurf trae kiro antigravity positron", editor),
)
