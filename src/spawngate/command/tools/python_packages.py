"""Package managers of Python.

Must not be here: what other modules of `command.tools` read; each program stands in one of them only.
Sources: reference pages of pip, uv, pipx, poetry, pipenv, pdm, conda, twine.
"""

import re
from collections.abc import Sequence

from spawngate.command.arguments import Arguments, read_arguments
from spawngate.command.hosts import host_of, is_address
from spawngate.command.package_sources import PUBLIC_CHANNELS
from spawngate.command.scene import Scene
from spawngate.command.tools.reader import Reader, readers
from spawngate.command.tools.specifiers import indexes, install, registry_words, removed, specifiers
from spawngate.launch.argv import word_set

PIP_VALUES = word_set("""
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
    found = scene.arguments(PIP_VALUES)
    pip_like(scene, found.rest, found)


def pip_like(scene: Scene, rest: Sequence[str], found: Arguments) -> None:
    verb, names = (rest[0], tuple(rest[1:])) if rest else ("", ())
    scene.manager = "pip"
    indexes(
        scene, found, ("-i", "--index-url", "--default-index"), ("--extra-index-url", "--index", "-f", "--find-links")
    )
    for value in found.values("--proxy"):
        host = host_of(value)
        if host is not None and host.kinds.isdisjoint({"loopback", "private"}):
            scene.host(value)
            scene.act("package-elsewhere")
    if verb in ("install", "add", "download", "wheel"):
        scene.read(*found.values("-r", "--requirement", "-c", "--constraint"))
        local = tuple(value for value in found.values("-e", "--editable"))
        install(scene, "pypi", (*names, *local), whole=bool(found.values("-r", "--requirement")) or not names)
        if found.has("--trusted-host"):
            scene.act("package-unchecked")
        if found.has("--break-system-packages") or "sudo" in scene.spawn.wrappers or scene.spawn.user == "root":
            scene.act("package-system")
        for value in found.values("-r", "--requirement", "-c", "--constraint"):
            if is_address(value):
                scene.act("package-url")
                scene.host(value)
    elif verb in ("uninstall", "remove"):
        removed(scene, names)
    elif verb == "config" and names[:1] in (("set",), ("edit",)):
        scene.act("package-source") if re.search(r"index|trusted|find-links|proxy", " ".join(names)) else None
        registry_words(scene, names)
    elif verb == "sync":
        scene.act("package-install-all")


def uv(scene: Scene) -> None:
    found = scene.arguments(PIP_VALUES)
    rest = found.rest
    if rest[:1] == ("pip",):
        pip_like(scene, rest[1:], found)
    elif rest[:2] == ("tool", "uninstall"):
        removed(scene, rest[2:])
    elif rest[:2] in (("tool", "install"), ("tool", "run")):
        pip_like(
            scene, ("install", *(rest[2:3] if rest[1] == "run" else rest[2:]), *found.values("--with", "--from")), found
        )
        if rest[1] == "run":
            scene.acts.pop("package-install", None)
            scene.act("package-run")
    elif rest[:1] in (("add",), ("remove",)):
        pip_like(scene, rest, found)
    elif rest[:1] in (("sync",), ("lock",), ("build",), ("venv",)):
        scene.manager = "uv"
        scene.act("package-install-all") if rest[0] == "sync" else None
        indexes(
            scene,
            found,
            ("-i", "--index-url", "--default-index"),
            ("--extra-index-url", "--index", "-f", "--find-links"),
        )
    elif rest[:1] == ("publish",):
        scene.act("package-publish")
    elif rest[:1] == ("run",):
        # What stands behind the command is the command's own.
        found = read_arguments(scene.words[scene.words.index("run") + 1 :], PIP_VALUES, ends=True)
        rest = ("run", *found.rest)
        indexes(
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
            specifiers(scene, "pypi", found.values("--with"))
            scene.act("package-run")


def uvx(scene: Scene) -> None:
    words = scene.words[1:] if scene.program == "pipx" else scene.words
    found = read_arguments(words, PIP_VALUES, ends=True)
    scene.subcommand = " ".join((*scene.words[:1], *found.rest[:1]) if scene.program == "pipx" else found.rest[:2])
    scene.manager = "pip"
    indexes(
        scene, found, ("-i", "--index-url", "--default-index"), ("--extra-index-url", "--index", "-f", "--find-links")
    )
    source = found.values("--from", "--spec")
    rest = found.rest
    specifiers(scene, "pypi", (*source, *found.values("--with")) if source else (*rest[:1], *found.values("--with")))
    scene.act("package-run")


def pipx(scene: Scene) -> None:
    found = scene.arguments(PIP_VALUES, ends=False)
    verb = found.rest[0] if found.rest else ""
    if verb == "run":
        uvx(scene)
    elif verb in ("install", "inject", "upgrade", "install-all"):
        pip_like(scene, ("install", *found.rest[1:]), found)
    elif verb == "uninstall":
        removed(scene, found.rest[1:])


def poetry(scene: Scene) -> None:
    found = scene.arguments(PIP_VALUES)
    verb, names = (found.rest[0], found.rest[1:]) if found.rest else ("", ())
    scene.manager = scene.program
    if verb == "add" or (
        verb in ("install", "create") and scene.program in ("pipenv", "conda", "mamba", "micromamba", "pixi") and names
    ):
        install(scene, "pypi" if scene.program != "conda" else "conda", names, whole=False)
        indexes(scene, found, ("-i", "--index"), ("--source", "--extra-index-url", "-c", "--channel"))
        if any(re.fullmatch(r"[\w.-]+", name) and name.lower() not in PUBLIC_CHANNELS for name in _channels(found)):
            scene.act("package-elsewhere")
    elif verb in ("install", "sync", "update", "lock"):
        scene.act("package-install-all")
    elif verb in ("remove", "uninstall"):
        removed(scene, names)
        if scene.program in ("conda", "mamba") and found.has("--all"):
            scene.act("delete-tree")
    elif verb == "publish":
        if not found.has("--dry-run"):
            scene.act("package-publish")
    elif verb == "config" and re.search(r"(?i)pypi\.url|repositor|index|verify_ssl|certificates", " ".join(names)):
        scene.act("package-source")
        registry_words(scene, names)
    elif verb in ("source", "config") and names[:1] in (("add",), ("--add",)):
        scene.act("package-source")
        scene.host(*(name for name in names if is_address(name)))
    elif verb == "config" and any("repositories" in name for name in names):
        scene.act("package-source")
        registry_words(scene, names)


def _channels(found: Arguments) -> tuple[str, ...]:
    return found.values("-c", "--channel")


def python_module(scene: Scene, module: str, words: tuple[str, ...]) -> None:
    """`python -m pip` and its like."""
    found = read_arguments(words, PIP_VALUES)
    scene.subcommand = " ".join(found.rest[:2])
    if module in ("pip", "pip3"):
        pip_like(scene, found.rest, found)
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
    ("twine flit", publisher),
)
