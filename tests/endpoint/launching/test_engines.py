"""Where an engine's client may lie to be taken for one."""

import pytest

from spawngate.endpoint.launching.engines import installed
from spawngate.launch.identity import File
from tests.endpoint.launching.offices import Office

HOME, WORK = "/home/ann", "/srv/work"


@pytest.mark.parametrize(
    ("path", "named", "expected"),
    [
        ("/usr/bin/docker", "", True),
        ("/usr/local/bin/docker", "", True),
        ("/Applications/Docker.app/Contents/Resources/bin/docker", "/usr/local/bin/docker", True),
        ("/home/ann/bin/docker", "", True),
        ("/home/ann/.rd/bin/docker", "", True),
        ("/nix/store/x/bin/podman", "/home/ann/.nix-profile/bin/podman", True),
        ("/home/ann/project/docker", "", False),
        ("/home/ann/.cache/x/docker", "", False),
        ("/home/ann/binaries/docker", "", False),
        ("/home/ann/project/docker", "/usr/local/bin/docker", False),
        ("/usr/bin/docker", "/home/ann/project/docker", False),
        ("/srv/work/tools/docker", "", False),
        ("/srv/workshop/docker", "", True),
    ],
)
def test_places(path: str, named: str, expected: bool) -> None:
    assert installed([File("/usr/bin/env", "d"), File(path, "d", False, named)], HOME, WORK) is expected


def test_what_is_not_known() -> None:
    assert installed(None, HOME, WORK) is False
    assert installed([], HOME, WORK) is False
    assert installed([File("/home/ann/x/docker", "d")], "", "") is True


def test_a_working_folder_that_holds_everything_says_nothing() -> None:
    assert installed([File("/usr/bin/docker", "d")], HOME, "/") is True
    assert installed([File("/usr/local/bin/docker", "d")], HOME, "/usr/") is True


def test_a_program_that_is_only_called_an_engine_is_put_on_probation(office: Office) -> None:
    image = "x/y@sha256:" + "a" * 64
    office.program("docker")
    assert office.start("docker", "run", "-i", image)["probe"] is None
    own = office.work / "docker"
    own.write_text("x")
    own.chmod(0o755)
    answer = office.start(str(own), "run", "-i", image, cwd="/")
    assert (answer["verdict"], answer["probe"]["network"]) == ("allow", False)
    answer = office.start("docker", "run", "-i", image, env={"PATH": f"{office.work}:{office.bin}"})
    assert (answer["verdict"], answer["program"], answer["probe"]["network"]) == ("allow", str(own), False)
