"""Enrolling with a real server, leaving it, asking it."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from spawngate.endpoint.launching.approving import Candidate
from spawngate.endpoint.state import State
from spawngate.endpoint.sync import enrolling, enrolment
from spawngate.endpoint.sync.enrolling import ask, enrol, secret_of, unenrol
from spawngate.endpoint.sync.enrolment import Reach
from spawngate.launch.identity import Identity
from spawngate.model.errors import StateError, UsageError
from spawngate.server.fleet import approvals
from spawngate.trail.note import read_verifier
from tests.endpoint.sync.serving import Served, serving

CANDIDATE = Candidate(Identity("npx", ("server",), cwd="/work"), "files", "cursor", findings=("r (high)",))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("server")) as found:
        yield found


def test_enrolled_again_and_left(served: Served, tmp_path: Path) -> None:
    state = State(tmp_path)
    first = enrol(state, Reach(served.address), served.secret(), secret_file="/secret")
    assert enrolment.load(tmp_path) == first
    assert (first.team, first.interval, first.secret_file) == ("organisation", 60, "/secret")
    assert read_verifier(first.server_key) == served.services.signer.verifier
    second = enrol(state, Reach(served.address), served.secret(kind="code"))
    assert (second.endpoint, second.token != first.token) == (first.endpoint, True)
    assert unenrol(state) == second
    assert enrolling.enrolled(tmp_path) is None
    with pytest.raises(UsageError, match="not enrolled"):
        unenrol(state)
    # The key stays: the same endpoint when it comes again.
    assert enrol(state, Reach(served.address), served.secret()).endpoint == first.endpoint


def test_what_the_server_says_is_told(served: Served, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="this secret or code is not valid"):
        enrol(State(tmp_path), Reach(served.address), "not-a-secret")
    with pytest.raises(UsageError, match="status 404"):
        enrol(State(tmp_path), Reach(f"{served.address}/elsewhere"), "not-a-secret")
    with pytest.raises(StateError, match="cannot be reached"):
        enrol(State(tmp_path), Reach("http://127.0.0.1:9"), "not-a-secret")
    assert enrolment.load(tmp_path) is None


def test_a_request_is_made(served: Served, tmp_path: Path) -> None:
    state = State(tmp_path)
    with pytest.raises(UsageError, match="not enrolled"):
        ask(state, CANDIDATE, reason="work", expires="")
    made = enrol(state, Reach(served.address), served.secret())
    asked = ask(state, CANDIDATE, reason="work", expires="2027-01-01T00:00:00Z")
    assert asked.state == "pending"
    with served.services.database.read() as connection:
        row = approvals.get(connection, asked.id)
    about = msgspec.convert(row.launch, approvals.Requested)
    assert (row.endpoint, row.name, row.reason, row.expires_at) == (
        made.endpoint,
        "files",
        "work",
        "2027-01-01T00:00:00Z",
    )
    assert (about.identity, about.agent, about.command) == (CANDIDATE.identity, "cursor", "npx server")


@pytest.mark.parametrize(
    ("data", "good"), [(b"secret\n", True), (b"", False), (b"two words", False), (b"\xff\xfe", False)]
)
def test_secrets_in_files(tmp_path: Path, data: bytes, good: bool) -> None:
    path = tmp_path / "secret"
    path.write_bytes(data)
    if good:
        assert secret_of(str(path)) == "secret"
        return
    with pytest.raises(UsageError):
        secret_of(str(path))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        secret_of(str(tmp_path / "none"))
