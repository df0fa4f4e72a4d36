"""Package managers of other languages.

Must not be here: what other modules of `command.tools` read; each program stands in one of them only.
Sources: reference pages of gem, bundler, cargo, go, composer, dotnet and others.
"""

import re

from spawngate.command.hosts import is_address, kinds
from spawngate.command.package_sources import from_repository
from spawngate.command.scene import Scene
from spawngate.command.tools.reader import Reader, readers
from spawngate.command.tools.specifiers import indexes, install
from spawngate.launch.argv import word_set


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
        install(scene, "gem", names if not pinned else (), whole=False)
        scene.package(*names)
        scene.act("package-install")
        indexes(scene, found, (), ("-s", "--source"))
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
            for value in git:
                from_repository(scene, value, pinned=found.has("--rev", "--tag"))
        if path:
            scene.act("package-local")
        install(scene, "cargo", () if git or path or found.has("--version", "--vers") else names, whole=False)
        scene.act("package-install")
        scene.package(*names, *git)
        indexes(scene, found, ("--index", "--registry"), ())
    elif verb in ("uninstall", "remove", "rm"):
        scene.act("package-remove")
    elif verb in ("publish", "yank", "owner") and not found.has("--dry-run", "-n"):
        scene.act({"publish": "package-publish", "yank": "package-unpublish"}.get(verb, "repository-access"))
    if any(re.search(r"runner|rustc-wrapper|linker|build\.rustc", value) for value in found.values("--config")):
        scene.act("loads-code")


GO_HOSTS = word_set("""
    golang.org google.golang.org cloud.google.com gopkg.in k8s.io sigs.k8s.io go.uber.org mvdan.cc honnef.co rsc.io
    gotest.tools modernc.org gioui.org goa.design go.etcd.io go.opentelemetry.io go.mongodb.org gorm.io entgo.io
    gocloud.dev go.dev knative.dev istio.io helm.sh tekton.dev filippo.io gonum.org gorgonia.org fyne.io go.temporal.io
    connectrpc.com buf.build charm.land dagger.io cuelang.org encore.dev moul.io go4.org 9fans.net bou.ke layeh.com
    git.sr.ht xorm.io gitea.com code.gitea.io maunium.net nhooyr.io storj.io tailscale.com upspin.io zombiezen.com
    nullprogram.com pault.ag pgregory.net tinygo.org dario.cat cel.dev go.starlark.net lukechampine.com oras.land
    gotest.tools pkg.go.dev github.com gitlab.com bitbucket.org codeberg.org src.elv.sh mellium.im sourcegraph.com
    perkeep.org libvirt.org deps.dev golang.design wuvt.net kubevirt.io cosmossdk.io
    """)
"""Hosts of Go modules that large projects keep in their own name."""


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
            install(scene, "go", remote, whole=False)
            if verb == "run":
                scene.act("package-run")
            scene.host(*remote)
            if "package-unpinned" in scene.acts and any(
                name.partition("/")[0].lower() not in GO_HOSTS and "code" not in kinds(name.partition("/")[0])
                for name in remote
            ):
                scene.act("package-stranger")
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
        scene.host(*(part for word in scene.words for part in re.split("[=,|]", word) if is_address(part)))


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
            install(scene, "other", names, whole=False)
        elif names:
            scene.act("package-install")
            scene.package(*names)
        else:
            scene.act("package-install-all")
    elif re.match(r"(?:restore|update|upgrade)\b", text):
        scene.act("package-install-all")
    elif re.match(r"(?:remove|uninstall|tool uninstall)\b", text):
        scene.act("package-remove")
    elif re.match(
        r"(?:nuget push|push|publish-package|upload|(?:hex[. ]|pub |package-registry )publish|trunk push)\b", text
    ):
        scene.act("package-publish") if not found.has("--dry-run", "-n") else None
    elif re.match(r"nuget (?:add source|update source)|sources add|config repositor|repo add", text) and not re.match(
        r"config repositor\S* path\b", text
    ):
        scene.act("package-source")
        scene.host(*(word for word in rest if is_address(word)))
    indexes(scene, found, (), ("--source", "-s", "--repository", "--add-source"))


def publisher(scene: Scene) -> None:
    """Tools that hand an extension or package to a public registry and do little else."""
    found = scene.arguments(("-p", "--pat", "-i", "--packagePath", "-r", "--registryUrl", "-t", "--target", "-o"))
    verb = found.rest[0] if found.rest else ""
    if verb in ("publish", "upload", "push") and not found.has("--dry-run"):
        scene.act("package-publish")
    elif verb in ("unpublish", "remove", "delete"):
        scene.act("package-unpublish")


READERS: dict[str, Reader] = readers(
    ("vsce @vscode/vsce ovsx jsr web-ext lerna changeset @changesets/cli", publisher),
    ("gem bundle bundler", gem),
    ("cargo", cargo),
    ("go", go),
    (
        "composer dotnet nuget luarocks cpan cpanm opam mix rebar3 stack cabal pub flutter"
        " pod carthage vcpkg conan swift tlmgr dart",
        other,
    ),
)
