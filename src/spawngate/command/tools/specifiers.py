"""What names of packages say: where each comes from, whether its version is exact, and from which index.

Must not be here: what other modules of `command.tools` read; each program stands in one of them only.
Sources: npm-package-arg; PEP 440 and 508; the references of cargo, gem and go on versions.
"""

import re
from collections.abc import Sequence

from spawngate.command.arguments import Arguments
from spawngate.command.hosts import REGISTRIES, host_of, is_address
from spawngate.command.package_sources import from_repository
from spawngate.command.scene import Scene
from spawngate.command.tools.compromised import compromised
from spawngate.command.tools.popular import NPM, imitated


def removed(scene: Scene, names: Sequence[str]) -> None:
    scene.act("package-remove")
    scene.package(*names)
    if any(name.lower().startswith("spawngate") for name in names):
        scene.act("spawngate-off")


_EXACT = {
    "npm": re.compile(r"(?:@[^/@]+/)?[^@/]+@v?\d+\.\d+\.\d+(?:[-+][\w.+-]+)?"),
    "pypi": re.compile(r"[^=<>~!@\s]+={2,3}[^*,\s]+"),
    "gem": re.compile(r"[^:]+:\d[\w.]*"),
    "cargo": re.compile(r"[^@]+@=?\d+\.\d+\.\d+\S*"),
    "go": re.compile(r"[^@]+@(?:v\d+\.\d+\.\d+\S*|[0-9a-f]{12,40})"),
    "conda": re.compile(r"[^=]+={1,2}\d\S*"),
    "other": re.compile(r"[^:@=]+[:@=]\d\S*"),
}


def install(scene: Scene, ecosystem: str, names: Sequence[str], *, whole: bool) -> None:
    if whole:
        scene.act("package-install-all")
    if names:
        scene.act("package-install")
        specifiers(scene, ecosystem, names)


def specifiers(scene: Scene, ecosystem: str, names: Sequence[str]) -> None:
    """What each specifier says about where the package comes from, and whether its version is exact."""
    for name in names:
        if not name or name.startswith("-"):
            continue
        scene.package(name)
        alias = re.match(r"((?:@[^/@]+/)?[^/@]+)@npm:((?:@[^/@]+/)?[^@]+)", name) if ecosystem == "npm" else None
        if alias and alias[1] in NPM and alias[1] != alias[2]:
            # A well-known name that is to mean another package.
            scene.lookalike = alias[1]
            scene.act("package-lookalike")
        text = name.partition(" @ ")[2].strip() or name
        if ecosystem == "pypi" and "@" in text:
            text = re.sub(r"^[\w.\[\],-]+@(?=git\+|hg\+|https?:|file:)", "", text)
        if ecosystem == "npm" and re.match(r"(?:@[^/@]+/)?[^@/:]+@(?:https?:|git|github:|file:|npm:)", text):
            text = re.sub(r"^(?:@[^/@]+/)?[^@/:]+@", "", text)
        if re.match(
            r"(?:git\+|git://|git@|ssh://)|(?:github|gitlab|bitbucket|gist):|https?://[^\s]+\.git(?:$|[#@])", text
        ):
            from_repository(scene, text)
        elif is_address(text) or re.fullmatch(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/\S+\.(?:tgz|tar\.gz|whl|zip)", text):
            scene.act("package-url")
            scene.host(text)
        elif re.match(r"\.{1,2}(?:[\\/]|$)|[~/]|file:|[A-Za-z]:\\", text) or text.endswith(
            (".whl", ".tgz", ".tar.gz", ".zip", ".gem", ".crate")
        ):
            scene.act("package-local")
            scene.read(text.removeprefix("file:"))
        elif ecosystem == "npm" and re.fullmatch(r"[\w.-]+/[\w.-]+(?:#.+)?", text):
            from_repository(scene, f"github:{text}")
        elif not _EXACT.get(ecosystem, _EXACT["other"]).fullmatch(text):
            scene.act("package-unpinned")
        if compromised(name, ecosystem):
            scene.act("package-compromised")
        known = imitated(text, ecosystem)
        if known:
            scene.lookalike = known
            scene.act("package-lookalike")


def indexes(scene: Scene, found: Arguments, instead: tuple[str, ...], beside: tuple[str, ...]) -> None:
    for options, act in ((instead, "package-index"), (beside, "package-index-extra")):
        for value in found.values(*options):
            host = host_of(value) if is_address(value) else None
            if host is not None and host.name in REGISTRIES:
                continue
            if host is None and act == "package-index-extra" and scene.places(value) & {"project"}:
                # Wheels that the build has just made.
                continue
            if host is None and not re.search(r"[/\\:.]", value):
                # A name that the project's own configuration explains (`--registry my-mirror`).
                scene.registries[value] = None
                continue
            scene.registries[host.name if host else value] = None
            scene.act(act)
            scene.host(value) if host else None


def registry_words(scene: Scene, words: Sequence[str]) -> None:
    for word in words:
        if is_address(word):
            host = host_of(word)
            if host is not None:
                scene.host(word)
                scene.registries[host.name] = None
