"""Homes of every agent, copied from the fixtures, for protecting and taking back."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from spawngate.endpoint.launching import protecting
from spawngate.endpoint.launching.protecting import Outlook
from spawngate.endpoint.protect.apply import Done
from spawngate.endpoint.protect.present import Surroundings

FIXTURES = Path(__file__).parents[2] / "fixtures" / "agents"
AGENTS = tuple(sorted(path.name for path in FIXTURES.iterdir()))
LAUNCHER = ("/usr/local/lib/spawngate/launcher/spawngate-launch",)


class Home:
    """A home, a project and a state folder."""

    def __init__(self, root: Path, agent: str = "") -> None:
        self.home, self.project, self.state = root / "home", root / "project", root / "state"
        for part in ("home", "project"):
            source = FIXTURES / agent / part
            if agent and source.is_dir():
                shutil.copytree(source, root / part)
            else:
                (root / part).mkdir()
        self.around = Surroundings(str(self.home), self.state, str(root / "none"), {})
        self.agents = (agent,) if agent else ()

    def write(self, name: str, text: str) -> Path:
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def ahead(self, *, projects: bool = True) -> Outlook:
        return protecting.look_ahead(self.around, LAUNCHER, self.agents, [str(self.project)] if projects else ())

    def protect(self, *, projects: bool = True) -> list[Done]:
        return protecting.carry_out(self.around, self.ahead(projects=projects), LAUNCHER)

    def unprotect(self) -> list[Done]:
        return protecting.withdraw(self.around, self.agents)

    def files(self) -> dict[str, bytes]:
        """Every file of home and project."""
        return {str(path): path.read_bytes() for path in sorted(self._all())}

    def _all(self) -> Iterator[Path]:
        for root in (self.home, self.project):
            yield from (path for path in root.rglob("*") if path.is_file())
