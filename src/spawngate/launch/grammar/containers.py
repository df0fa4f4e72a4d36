"""docker, podman, nerdctl: what a container may touch on the host, and what runs inside.

Sources: `docker run --help` (28), docs.docker.com/engine/storage/bind-mounts (`--mount` is comma-separated, its type
defaults to volume; a local volume with `device=` and `o=bind` is a bind mount), docs.podman.io podman-run(1).
"""

import csv
import re

from spawngate.launch import environment, paths
from spawngate.launch.argv import Grammar, word_set
from spawngate.launch.grammar import known
from spawngate.launch.grammar.scan import Scanned, off, scan
from spawngate.launch.purl import from_image
from spawngate.launch.scene import Here, Scene

_COMPOSE = Grammar(
    word_set("-f --file -p --project-name --profile --env-file --project-directory --ansi --parallel --progress"),
    word_set("--compatibility --dry-run --all-resources --verbose"),
)
_EXEC = Grammar(
    word_set("-e --env --env-file -u --user -w --workdir --detach-keys"),
    word_set("-d --detach -i --interactive -t --tty --privileged"),
)


def engine(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """A container engine with a sub-command."""
    notes = scene.notes
    base = "docker" if name in ("docker", "nerdctl", "finch") else "podman"
    grammar = (
        known.PODMAN_GLOBAL if name == "podman" else known.NERDCTL_GLOBAL if name == "nerdctl" else known.DOCKER_GLOBAL
    )
    before = scan(words, grammar)
    rest = before.rest
    if rest[:1] == ("container",):
        rest = rest[1:]
    command = rest[0] if rest else ""
    notes.mark("container")
    notes.say("container_engine", name)
    notes.say("container_command", command)
    scene.acts(here, ("docker",))
    for option, value in before.options:
        if option in ("-H", "--host", "--context", "-c", "--url", "--connection", "--address", "-a"):
            notes.add("registry_override", f"{option} {value}")
        elif option in ("--config", "--hooks-dir", "--runtime", "--conmon", "--module"):
            notes.add("config_override", f"{option} {value}")
    if command in ("run", "create"):
        scene.launcher(f"{base}-run" if command == "run" else f"{base}-create", name, words, here)
        scene.unknown_options(before.unknown)
        _run(scene, name, words, rest[1:], here)
    elif command == "exec":
        scene.launcher(f"{base}-exec", name, words, here)
        options = scan(rest[1:], _EXEC)
        _variables(scene, options, here)
        if options.has("--privileged") and not off(options.last("--privileged")):
            notes.mark("privileged")
        if len(options.rest) > 1:
            scene.run(options.rest[1], options.rest[2:], here.inside(contained=True))
            scene.server(options.rest[2:], here)
        if here.main:
            notes.put("source", "container")
    elif command in ("compose", "stack"):
        compose(scene, name, rest[1:], here)
    elif command in ("build", "buildx", "image", "bake"):
        scene.launcher(f"{base}-build", name, words, here)
        notes.mark("runs_repository_script", "runs_install")
    elif command == "mcp":
        scene.launcher("docker-mcp", name, words, here)
        scene.server(rest[1:], here)
    elif command in ("start", "attach"):
        scene.launcher(f"{base}-start", name, words, here)
    else:
        scene.launcher(base, name, words, here)
        scene.utility(here)


def compose(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """docker compose and docker-compose: a file says what runs."""
    notes = scene.notes
    notes.mark("container", "runs_repository_script")
    notes.say("container_engine", name.partition("-")[0])
    notes.say("container_command", "compose")
    scene.launcher("docker-compose", name, words, here)
    options = scan(words, _COMPOSE)
    for path in options.values("-f", "--file"):
        scene.script(path, here)
    if options.values("--env-file"):
        notes.mark("env_file")
    if options.rest[:1] in (("exec",), ("run",)):
        inner = scan(options.rest[1:], _EXEC)
        if len(inner.rest) > 1 and scene.knows(inner.rest[1]):
            scene.run(inner.rest[1], inner.rest[2:], here.inside(contained=True, main=False))
    if here.main:
        notes.put("source", "container")


def _run(scene: Scene, name: str, all_words: tuple[str, ...], words: tuple[str, ...], here: Here) -> None:
    grammar = known.PODMAN if name == "podman" else known.DOCKER
    options = scan(words, grammar)
    scene.unknown_options(options.unknown)
    _settings(scene, options, here)
    if here.main:
        scene.notes.put("source", "container")
    purl = scene.package(name, all_words, here)
    _inside(scene, options, here, purl)
    if options.unknown:
        # The word behind an unknown option may be its value, and the options behind that the engine's own.
        other = scan(words, grammar, unknown_takes_value=True)
        if other != options:
            _settings(scene, other, here)
            _inside(scene, other, here.inside(main=False), "")


def _inside(scene: Scene, options: Scanned, here: Here, purl: str) -> None:
    if not options.rest:
        return
    notes = scene.notes
    image, args = options.rest[0], options.rest[1:]
    notes.say("image", image)
    scene.server(args, here)
    if not purl and here.main and re.match(r"[\w./:@-]+$", image):
        scene.purl(from_image(image) or "", here)
    inner = _variables(scene, options, here).inside(contained=True, main=False)
    entry = options.last("--entrypoint")
    if entry:
        notes.say("entrypoint", entry)
        words = entry.split() if _is_line(entry) else [entry]
        if entry.startswith("["):
            words = [part for part in re.findall(r'"([^"]*)"', entry) if part] or [entry]
        scene.run(words[0], (*words[1:], *args), inner)
    elif args and scene.knows(args[0]):
        scene.run(args[0], args[1:], inner)


def _is_line(text: str) -> bool:
    return re.search(r"\S\s+\S", text) is not None and not text.startswith("[")


def _variables(scene: Scene, options: Scanned, here: Here) -> Here:
    """Variables inside the container. What runs there is not known, so every kind of program counts."""
    notes = scene.notes
    if options.values("--env-file"):
        notes.mark("env_file")
    assignments = [value for value in options.values("-e", "--env") if "=" in value]
    notes.add("env_names", *(value.partition("=")[0] for value in options.values("-e", "--env")))
    notes.add(
        "env_secrets",
        *(name for value in options.values("-e", "--env") if environment.names_secret(name := value.partition("=")[0])),
    )
    if not assignments:
        return here
    inner = environment.Environment(dict(value.split("=", 1) for value in assignments), "linux")
    suspects = inner.suspects()
    notes.add("env_loads_code", *suspects)
    notes.add("env_code_places", *("absolute" for _ in suspects[:1]))
    return here


_NAMESPACES = {"--pid": "pid", "--ipc": "ipc", "--uts": "uts", "--userns": "userns", "--cgroupns": "cgroup"}


def _settings(scene: Scene, options: Scanned, here: Here) -> None:
    notes = scene.notes
    for option, value in options.options:
        if option == "--privileged":
            if not off(value):
                notes.mark("privileged")
        elif option in ("-v", "--volume"):
            _volume(scene, value)
        elif option == "--mount":
            _mount(scene, value)
        elif option == "--volumes-from":
            notes.add("host_mounts", f"volumes-from:{value}")
        elif option in ("--network", "--net"):
            if value.lower().partition(":")[0] in ("host", "name=host"):
                notes.mark("host_network")
            elif value.lower().startswith(("container:", "ns:")):
                notes.add("host_namespaces", f"network:{value}")
        elif option in _NAMESPACES:
            kind = value.lower().partition(":")[0]
            if kind == "host":
                notes.add("host_namespaces", _NAMESPACES[option])
            elif kind in ("container", "ns"):
                notes.add("host_namespaces", f"{_NAMESPACES[option]}:{value}")
        elif option == "--cap-add":
            notes.add("added_capabilities", *(part.strip().upper().removeprefix("CAP_") for part in value.split(",")))
        elif option in ("--device", "--device-cgroup-rule", "--gpus"):
            notes.add("devices", value if option != "--gpus" else f"gpus:{value}")
        elif option == "--security-opt":
            if re.search(
                r"unconfined|label[=:]?disable|disable|systempaths|apparmor=unconfined|no-new-privileges[=:]false",
                value,
            ):
                notes.add("security_options", value.replace(":", "=", 1))
        elif option == "--use-api-socket":
            if not off(value):
                notes.mark("engine_socket")
        elif option == "--rootfs":
            notes.put("source", "local-folder")
        elif option in (
            "--runtime",
            "--hooks-dir",
            "--init-path",
            "--seccomp-policy",
            "--authfile",
            "--signature-policy",
        ):
            notes.add("config_override", f"{option} {value}")
        elif option == "--tls-verify" and off(value):
            notes.add("registry_override", "--tls-verify=false")


def _volume(scene: Scene, value: str) -> None:
    """`source:target[:options]`; a source without a slash is a named volume, one word alone a path inside."""
    match = re.match(r"((?:[A-Za-z]:(?=[\\/]))?(?:\$\{[^}]*\}|\$(?!\{)|[^:$])+):(.+)", value)
    if match is None:
        return
    source = match[1]
    if re.match(r"[\w][\w.-]*$", source) and not re.match(r"[A-Za-z]$", source):
        return
    _host_path(scene, source)


def _mount(scene: Scene, value: str) -> None:
    fields: dict[str, str] = {}
    options: list[str] = []
    for part in next(iter(csv.reader([value.replace("\n", " ").replace("\r", " ")])), []):
        key, _, text = part.partition("=")
        fields.setdefault(key.strip().lower(), text.strip())
        if key.strip().lower() in ("volume-opt", "o"):
            options.append(text)
    kind = fields.get("type", "volume").lower()
    source = fields.get("source", fields.get("src", ""))
    if kind in ("bind", "npipe", "glob", "devpts") and source:
        _host_path(scene, source)
    for option in options:
        key, _, text = option.partition("=")
        if key == "device" and re.match(r"[/~\\$.]|[A-Za-z]:", text):
            _host_path(scene, text)


def _host_path(scene: Scene, source: str) -> None:
    notes = scene.notes
    notes.add("host_mounts", source)
    if paths.is_engine_socket(source):
        notes.mark("engine_socket")
        return
    if paths.is_broad(source):
        notes.add("broad_mounts", source)
        if re.fullmatch(r"/(?:var/)?run/*|/", paths.slashed(source)):
            notes.mark("engine_socket")


def kubectl(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """kubectl exec and run: a command in a pod."""
    scene.launcher("kubectl", name, words, here)
    scene.notes.mark("container")
    scene.notes.say("container_engine", name)
    command = next((word for word in words if not word.startswith("-")), "")
    scene.notes.say("container_command", command)
    scene.notes.add("config_override", *(word for word in words if word.startswith("--kubeconfig")))
    if "--" in words:
        inner = words[words.index("--") + 1 :]
        if inner:
            scene.run(inner[0], inner[1:], here.inside(contained=True, main=False))
        scene.server(inner[1:], here)
    elif command not in ("exec", "run", "attach", "port-forward", "proxy"):
        scene.utility(here)
    if here.main:
        scene.notes.put("source", "container")
