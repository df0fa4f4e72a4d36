"""A home and a state folder of their own, and short ways to protect and unprotect in them."""

from pathlib import Path

import pytest

from spawngate.endpoint.client.place import installed_client
from spawngate.endpoint.protect import setup, withdrawal
from spawngate.endpoint.protect.apply import Done
from spawngate.endpoint.protect.present import Surroundings
from spawngate.model.decision import Mode


class Place:
    """One user's home, with its own state folder and its own machine-wide files."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.state = folder / "state"
        self.root = folder / "root"
        for path in (self.home, self.root):
            path.mkdir()
        self.around = Surroundings(str(self.home), self.state, str(self.root), {})

    def write(self, name: str, data: bytes) -> Path:
        """A file in the home."""
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def protect(self, *agents: str, mode: Mode | None = None, context: bool = False) -> list[Done]:
        """Protect these agents of the home, client included."""
        wanted = setup.Wanted(agents, mode, context=context)
        argv = setup.client_argv(self.around, wanted)
        outlook = setup.look_ahead(self.around, wanted, argv)
        setup.write_mode(self.state, wanted)
        if installed_client(self.state) is None or mode is not None:
            setup.install_client(outlook)
        return setup.carry_out(outlook)

    def unprotect(self, *agents: str) -> list[Done]:
        """Take everything back."""
        return withdrawal.withdraw(self.around, agents)

    def files(self) -> dict[str, bytes]:
        """Every file of the home by name, and every folder with a slash at its end."""
        found: dict[str, bytes] = {}
        for path in sorted(self.home.rglob("*")):
            name = str(path.relative_to(self.home))
            if path.is_dir() and not path.is_symlink():
                found[name + "/"] = b""
            else:
                found[name] = path.read_bytes()
        return found


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)
