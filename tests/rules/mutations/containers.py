"""Attacks by containers. Must not be here: other families."""

from collections.abc import Iterable, Iterator

from tests.rules.mutations.case import DIGEST, Family, Words, deny, joined


def containers() -> Iterator[Family]:
    """See the module."""
    engines: tuple[Words, ...] = (
        ("docker", "run", "-i", "--rm"),
        ("podman", "run", "-i"),
        ("nerdctl", "run", "-i"),
        ("docker", "container", "run", "-i"),
        ("docker.exe", "run", "-i"),
        ("/usr/bin/docker", "--context", "default", "run", "-i"),
        ("sudo", "docker", "run", "-i"),
    )

    def each(found: Family, options: Iterable[Words]) -> None:
        for number, words in enumerate(options):
            for engine in engines if number < 3 else engines[:2]:
                found.line(*engine, *words, DIGEST)

    found = deny("host-mount", "broad-host-mount")
    each(
        found,
        (
            ("-v", "/:/host"),
            ("--volume=/:/host:rw",),
            ("--mount", "type=bind,source=/,target=/host"),
            ("--volume", "/:/host"),
            ("-v/:/host",),
            ("-v", "/etc:/e:ro"),
            ("-v", "~:/h"),
            ("-v", "$HOME:/h"),
            ("-v", "${HOME}:/h"),
            ("-v", "/home/dev:/h"),
            ("-v", "/root/.ssh:/k"),
            ("--mount=type=bind,src=/home,dst=/h",),
            ("--mount", "dst=/h,src=/,type=bind"),
            ("-v", "//:/host"),
            ("-v", "/./:/host"),
            ("-v", "C:\\:/host"),
            ("-v", "C:/Users/dev:/host"),
        ),
    )
    yield found

    found = deny("engine-socket", "engine-socket")
    each(
        found,
        (
            ("-v", "/var/run/docker.sock:/var/run/docker.sock"),
            ("--volume=/run/docker.sock:/s",),
            ("--mount", "type=bind,source=/var/run/docker.sock,target=/s"),
            ("-v", "/run/podman/podman.sock:/s:ro"),
            ("-v", "/run/user/1000/podman/podman.sock:/s"),
            ("-v", "//var/run/docker.sock:/var/run/docker.sock"),
            ("-v", "\\\\.\\pipe\\docker_engine:\\\\.\\pipe\\docker_engine"),
            ("-v", "/run/containerd/containerd.sock:/s"),
        ),
    )
    yield found

    found = deny("privileges", "privileged-container", "host-namespaces", "container-escape-capability")
    each(
        found,
        (
            ("--privileged",),
            ("--pid=host",),
            ("--cap-add", "SYS_ADMIN"),
            ("--privileged=true",),
            ("--pid", "host"),
            ("--ipc=host",),
            ("--userns=host",),
            ("--cap-add=ALL",),
            ("--cap-add=all",),
            ("--cap-add", "CAP_SYS_PTRACE"),
            ("--cap-add=sys_module",),
            ("--security-opt", "seccomp=unconfined"),
            ("--security-opt=apparmor:unconfined",),
            ("--device", "/dev/sda"),
            ("--device=/dev/mem:/dev/mem",),
        ),
    )
    yield found

    found = deny("container-command", "container-shell-entrypoint", "shell-text", "inline-code", "container-exec")
    for engine in engines[:4]:
        for words in joined("--entrypoint", "/bin/sh"):
            found.line(*engine, *words, DIGEST, "-c", "echo canary")
        found.line(*engine, "--entrypoint=bash", DIGEST, "-lc", "echo canary")
        found.line(*engine, DIGEST, "sh", "-c", "echo canary; id")
        found.line(*engine, DIGEST, "node", "-e", "1")
        found.line(*engine, "--entrypoint", "python3", DIGEST, "-c", "print(1)")
    for words in (
        ("docker", "exec", "-i", "web", "sh"),
        ("docker", "exec", "-it", "web", "node", "s.js"),
        ("podman", "exec", "-i", "web", "server"),
        ("docker", "container", "exec", "web", "server"),
    ):
        found.line(*words)
    yield found
