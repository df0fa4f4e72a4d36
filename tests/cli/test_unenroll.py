"""`spawngate unenroll`."""

from pathlib import Path

from tests.cli.machines import Machine
from tests.endpoint.sync.serving import serving


def test_left_and_nothing_to_leave(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    assert machine.run("unenroll").returncode == 2
    with serving(tmp_path / "server") as served:
        machine.said("enroll", "--server", served.address, "--code", served.secret(kind="code"))
        done = machine.run("unenroll")
        assert done.stdout.decode().startswith(f"no longer enrolled with {served.address}")
        assert (done.returncode, done.stderr) == (0, b"")
        assert [(path, status) for _, path, status in served.asked] == [("enroll", 200), ("leave", 200)]
    assert machine.run("unenroll").returncode == 2


def test_left_while_the_server_is_away(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    with serving(tmp_path / "server") as served:
        machine.said("enroll", "--server", served.address, "--code", served.secret(kind="code"))
    done = machine.run("unenroll")
    assert (done.returncode, b"the server does not know of it" in done.stderr) == (0, True)
    assert machine.run("unenroll").returncode == 2
