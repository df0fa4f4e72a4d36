"""Containers: what of the machine they are given, and what is deleted.

Must not be here: what other modules of `command.tools` read; each program stands in one of them only.
Sources: command references of docker, podman, nerdctl, lxc.
"""

import re

from spawngate.command.hosts import is_address
from spawngate.command.package_sources import KNOWN_OWNERS, owner_of
from spawngate.command.scene import Scene
from spawngate.command.tools.reader import Reader, readers
from spawngate.launch.argv import word_set

_ENGINE = word_set("""
    -v --volume --mount -e --env --env-file -p --publish --name -w --workdir -u --user --network --net --entrypoint -h
    --hostname -l --label -m
    --memory --cpus --restart --pid --ipc --uts --userns --cgroupns --cap-add --cap-drop --security-opt --device
    --gpus --platform --pull
    --add-host --dns --log-driver --log-opt --shm-size --ulimit --tmpfs --volumes-from --link --runtime --init-path
    --health-cmd -f --file -t --tag
    --build-arg --target --secret --ssh --cache-from -o --output --filter --format -H --host --context -c --config
    --project-name --profile
    --project-directory --stop-signal -a --attach --cidfile --group-add --ip --kernel-memory --expose --annotation
    --since --tail -n --password --username
    """)


_BROAD = frozenset({"root", "home", "system-top", "system", "system-config", "boot", "device", "proc", "kernel"})


def docker(scene: Scene) -> None:
    found = scene.arguments(_ENGINE)
    rest = found.rest
    verb, names = (rest[0], rest[1:]) if rest else ("", ())
    if verb in (
        "container",
        "image",
        "volume",
        "network",
        "system",
        "builder",
        "buildx",
        "compose",
        "context",
        "swarm",
        "pod",
        "machine",
        "plugin",
        "secret",
    ):
        group, verb, names = verb, names[0] if names else "", names[1:]
    else:
        group = ""
    if scene.program in ("docker-compose", "podman-compose"):
        group = "compose"
        verb, names = (rest[0], rest[1:]) if rest else ("", ())
    scene.subcommand = f"{group} {verb}".strip()
    if found.values("-H", "--host"):
        scene.host(
            *(value for value in found.values("-H", "--host") if "://" in value and not value.startswith("unix:"))
        )
    if verb in ("run", "create") and group in ("", "container", "pod"):
        scene.act("container-run")
        _container(scene, found.options)
    elif verb == "exec":
        scene.act("container-exec")
    elif verb == "prune" or (group == "system" and verb in ("prune", "reset")):
        scene.act(
            "container-delete-data"
            if (found.has("--volumes", "-a", "--all") and (found.has("--volumes") or group == "volume"))
            or group == "volume"
            or verb == "reset"
            else "container-prune"
        )
    elif group == "volume" and verb in ("rm", "remove"):
        scene.act("container-delete-data")
    elif (
        (group == "compose" and verb in ("down", "rm") and found.has("-v", "--volumes"))
        or (
            verb in ("rm", "rmi", "kill", "stop") and any(word.startswith(("$(", "`")) or word == "*" for word in names)
        )
        or (verb == "rm" and found.has("-v", "--volumes"))
    ):
        scene.act("container-prune")
    elif verb in ("login",):
        scene.act("container-login")
    elif verb == "tag" and len(names) == 2 and _poses(names[0], names[1]):
        scene.act("package-lookalike")
    elif verb == "push":
        scene.act("cloud-change", "image-push")
        scene.host(*map(_registry, names[:1]))
    elif verb == "cp" and names:
        scene.read(*(name.partition(":")[2] or name for name in names[:1]))
        scene.write(*(name for name in names[1:2] if ":" not in name))
    elif verb in ("build",) and is_address(names[-1] if names else "") and owner_of(names[-1]) not in KNOWN_OWNERS:
        scene.act("download", "runs-download")
        scene.host(names[-1])
    elif verb in ("save", "export"):
        scene.write(*found.values("-o", "--output"))
    elif verb in ("load", "import"):
        scene.read(*names[:1])


def _container(scene: Scene, options: tuple[tuple[str, str], ...]) -> None:
    for name, value in options:
        if (name == "--privileged" and value.lower() not in ("false", "0")) or (
            name == "--cap-add"
            and re.search(
                r"(?i)ALL|SYS_ADMIN|SYS_PTRACE|SYS_MODULE|DAC_READ_SEARCH|SYS_RAWIO|BPF|SYS_BOOT|NET_ADMIN.*ALL", value
            )
        ):
            scene.act("container-privileged")
        elif (
            name == "--security-opt"
            and re.search(r"(?i)(?:seccomp|apparmor)[=:]unconfined|label[=:]disable|systempaths[=:]unconfined", value)
        ) or (name in ("--pid", "--ipc", "--uts", "--userns", "--cgroupns") and value == "host"):
            scene.act("container-host-namespace")
        elif (
            name == "--device"
            and "device" in scene.places(value.partition(":")[0])
            and not re.match(r"/dev/(?:dri|nvidia|kfd|video|snd|fuse|ttyUSB|ttyACM|kvm|net/tun|bus/usb)", value)
        ):
            scene.act("container-privileged")
        elif name in ("-v", "--volume", "--mount"):
            source = _source(name, value)
            if not source:
                continue
            places = scene.places(source)
            if "container-engine" in places:
                scene.act("container-engine-socket")
            elif places & _BROAD and not re.match(
                r"/(?:etc/(?:localtime|timezone|hosts|resolv\.conf|ssl(?:/certs)?|ca-certificates"
                r"|passwd|group)|usr/share/zoneinfo|lib/modules|dev/(?:shm|dri|null)|sys/fs/cgroup"
                r"|var/lib/docker-data|mnt|srv|opt)(?:/|$)",
                source,
            ):
                scene.act("container-host-mount")
            else:
                if places & {"credentials", "private-key", "cloud-credentials", "password-store"}:
                    scene.read(source)


def _source(name: str, value: str) -> str:
    if name == "--mount":
        parts = dict(part.split("=", 1) for part in value.split(",") if "=" in part)
        return parts.get("source") or parts.get("src") or "" if parts.get("type", "volume") == "bind" else ""
    match = re.match(r"([A-Za-z]:[\\/][^:]*|[^:]+):", value)
    source = match[1] if match else ""
    return source if source.startswith((".", "/", "~", "$", "%")) or re.match(r"[A-Za-z]:[\\/]", source) else ""


def _registry(name: str) -> str:
    """The registry that an image's name names; empty where it is the engine's own."""
    first, slash, _ = re.sub(r"^(?:docker|oci)(?:-archive)?://", "", name).partition("/")
    return first if slash and re.search(r"[.:]|^localhost$", first) else ""


def images(scene: Scene) -> None:
    """skopeo, crane, oras, regctl and others that move images without an engine: the last name is where to."""
    found = scene.arguments(("--src-creds", "--dest-creds", "--creds", "--authfile", "-u", "--username", "-p"))
    rest = found.rest[1:] if found.rest[:1] in (("image",), ("artifact",), ("blob",)) else found.rest
    verb, names = (rest[0], rest[1:]) if rest else ("", ())
    if verb in ("copy", "cp", "sync", "push", "append", "attach", "put") and names:
        target = names[0] if scene.program == "oras" and verb in ("push", "attach") else names[-1]
        scene.act("cloud-change", "image-push")
        scene.host(_registry(target))
        scene.read(*(name for name in names if re.match(r"[~/.]", name)))
    elif verb in ("delete", "rm", "remove"):
        scene.act("cloud-delete")


def lxc(scene: Scene) -> None:
    text = " ".join(scene.words)
    scene.arguments()
    if re.search(r"security\.privileged=true|source=/(?:\s|$)|raw\.lxc|security\.nesting=true.*privileged", text):
        scene.act("container-privileged")


_OFFICIAL = word_set("""
    node python alpine ubuntu debian nginx postgres mysql mariadb redis golang ruby php httpd busybox mongo openjdk
    eclipse-temurin rust amazonlinux fedora centos rockylinux traefik caddy memcached rabbitmq elasticsearch haproxy
    gcc maven gradle docker registry bash perl elixir swift kong vault consul nats influxdb cassandra
    """)
"""Images that everybody takes to be the registry's own."""


def _poses(source: str, target: str) -> bool:
    """Whether an image is given the name of a well-known one that it is not."""
    name = target.partition(":")[0].removeprefix("docker.io/").removeprefix("library/")
    if name not in _OFFICIAL:
        return False
    own = source.partition("@")[0].rpartition(":")[0] or source
    return own.removeprefix("docker.io/").removeprefix("library/") != name and not own.endswith(f"/library/{name}")


READERS: dict[str, Reader] = readers(
    ("lxc incus lxd", lxc),
    ("docker podman nerdctl finch docker-compose podman-compose", docker),
    ("skopeo crane oras regctl", images),
)
