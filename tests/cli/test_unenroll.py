"""`spawngate unenroll`."""

from pathlib import Path

from tests.cli.machines import Machine
from tests.endpoint.sync.serving import serving


def test_left_and_nothing_to_leave(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    assert machine.run("unenroll").returncode == 2
    with serving(tmp_path / "server") as served:
        machine.said("enroll", "--server", served.address, "--code", served.secret(kind="code"))
        assert machine.said("unenroll").startswith(f"no longer enrolled with {served.address}")
    assert machine.run("unenroll").returncode == 2
