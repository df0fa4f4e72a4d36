"""What programs of `command.tools.containers` do, by their arguments."""

import pytest

from spawngate.command.tools.containers import READERS
from tests.command.told import acts, tried

CASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("docker push ttl.sh/x:1h", ("cloud-change", "image-push")),
    ("skopeo copy docker://ghcr.io/a/b docker://ttl.sh/x", ("cloud-change", "image-push")),
    ("crane delete ghcr.io/a/b", ("cloud-delete",)),
    ("skopeo inspect docker://ghcr.io/a/b", ()),
    ("docker ps", ()),
    ("docker run --rm alpine true", ("container-run",)),
    ("docker run --privileged alpine true", ("container-privileged", "container-run")),
    ("docker run -v /:/h alpine true", ("container-host-mount", "container-run")),
    ("docker run -v /var/run/docker.sock:/s alpine true", ("container-engine-socket", "container-run")),
    ('docker run -v "$PWD":/w alpine true', ("container-run",)),
    ("docker run --pid=host alpine true", ("container-host-namespace", "container-run")),
    ("docker system prune -af", ("container-prune",)),
    ("docker system prune -af --volumes", ("container-delete-data",)),
    ("docker volume rm a", ("container-delete-data",)),
    ("docker compose down -v", ("container-prune",)),
    ("docker compose up", ()),
)


@pytest.mark.parametrize(("command", "expected"), CASES, ids=lambda value: value if isinstance(value, str) else "")
def test_acts(command: str, expected: tuple[str, ...]) -> None:
    assert acts(command) == expected


def test_readers_survive_anything() -> None:
    """No arguments, odd ones and many: a reader says something or nothing, and never raises."""
    for program in READERS:
        for words in (
            (),
            ("-",),
            ("--",),
            ("-x", "-x"),
            ("=", ":", "@"),
            ("a", "b:c", "http://["),
            ("-" * 9, "$x", "*"),
        ):
            assert isinstance(tried(program, words), tuple)
