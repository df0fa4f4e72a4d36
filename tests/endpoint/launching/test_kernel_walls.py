"""What this system gives to confine with."""

from pathlib import Path

from spawngate.endpoint.launcher.place import packaged
from spawngate.endpoint.launching.kernel_walls import offered
from tests.endpoint.launcher.harness import walls


def test_what_holds_is_what_holds_around_a_server() -> None:
    assert frozenset(offered(packaged("spawngate-confine"))) - {"egress", "ports"} == walls()


def test_no_program_and_a_program_that_is_another(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("#!/bin/sh\nexit 3\n")
    other.chmod(0o700)
    assert (offered(None), offered(tmp_path / "none"), offered(other)) == ((), (), ())
