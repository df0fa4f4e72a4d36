"""A server's intake over a real database and store, and endpoints that enrolled with it, for tests."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.testclient import TestClient

from spawngate.server.fleet import enrolments
from spawngate.server.intake import routes
from spawngate.server.services import Services
from spawngate.sync import messages, proof
from spawngate.sync.messages import ENROLL, Enrol, Enrolled
from spawngate.trail.moment import stamp
from tests.server import fleetdata

SEED = bytes(range(32))
INSTALLATION = "0" * 32


class Fleet:
    """A server and how to speak with it."""

    def __init__(self, services: Services, client: TestClient) -> None:
        self.services, self.client, self._enrolments = services, client, 0

    def secret(self, *, team: int = 0, group: str = "", kind: Any = "secret", most: int = 0) -> str:
        """A fresh enrolment secret."""
        with self.services.database.begin() as connection:
            made = enrolments.create(
                connection, kind=kind, name="test", team=team, group=group, most=most, by="ada", now=fleetdata.NOW
            )
        return made[1]

    def enrol(self, secret: str, *, installation: str = INSTALLATION, seed: bytes = SEED, host: str = "laptop") -> Any:
        """The answer to an enrolment, by a clock that goes on."""
        self._enrolments += 1
        clock = stamp(datetime.fromisoformat(fleetdata.NOW) + timedelta(seconds=self._enrolments))
        message = enrolment(secret, installation=installation, seed=seed, host=host, clock=clock)
        return self.client.post(ENROLL, content=msgspec.json.encode(message))

    def enrolled(self, *, team: int = 0, group: str = "", installation: str = INSTALLATION) -> Enrolled:
        """An endpoint that is in."""
        answer = self.enrol(self.secret(team=team, group=group), installation=installation)
        assert answer.status_code == 200, answer.text
        return messages.read(Enrolled, answer.content)

    def send(self, method: str, path: str, token: str, content: bytes = b"", **headers: str) -> Any:
        """A request with a token."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        given = {"authorization": f"Bearer {token}", **named}
        return self.client.request(method, path, content=content, headers=given)

    def told(self, what: str = "") -> list[Mapping[str, Any]]:
        """What the server recorded of itself, oldest first."""
        page = self.services.events.query(None, limit=1_000, newest_first=False)
        found = [json.loads(entry.record) for entry in page.entries if entry.stream == "server"]
        return [each for each in found if not what or each.get("detail", {}).get("what") == what]


def enrolment(
    secret: str,
    *,
    installation: str = INSTALLATION,
    seed: bytes = SEED,
    host: str = "laptop",
    clock: str = fleetdata.NOW,
) -> Enrol:
    """A message whose proof holds."""
    bare = Enrol(secret, installation, proof.public_key(seed), "0" * 128, clock, host, "ada", "linux", "0.1.0")
    return msgspec.structs.replace(bare, proof=proof.sign(bare, seed))


@contextmanager
def fleet(folder: Path, **more: Any) -> Iterator[Fleet]:
    """A server in a folder."""
    with fleetdata.services(folder, **more) as services:
        application = Starlette(routes=list(routes(services)))
        with TestClient(application, raise_server_exceptions=True) as client:
            yield Fleet(services, client)
