"""Enrolling with a real server, leaving it, asking it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import delete

from spawngate.endpoint.launching.approving import Candidate
from spawngate.endpoint.state import State
from spawngate.endpoint.sync import applying, enrolling, enrolment, queue
from spawngate.endpoint.sync.enrolling import ask, enrol, secret_of, unenrol
from spawngate.endpoint.sync.enrolment import Reach
from spawngate.endpoint.sync.transport import Answer, Transport
from spawngate.launch.identity import Identity
from spawngate.model.errors import StateError, UsageError
from spawngate.server.fleet import approvals, endpoints
from spawngate.server.fleet.tables import ENDPOINTS
from spawngate.trail import note
from spawngate.trail.note import Signer, read_verifier
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
    assert asked is not None
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


def test_a_request_to_a_server_that_is_away_is_kept(served: Served, tmp_path: Path) -> None:
    state = State(tmp_path)
    made = enrol(state, Reach(served.address), served.secret())
    enrolment.save(tmp_path, msgspec.structs.replace(made, reach=Reach("http://127.0.0.1:9")))
    assert ask(state, CANDIDATE, reason="work", expires="") is None
    [waits] = queue.waiting(tmp_path)
    assert (waits.name, waits.reason) == ("files", "work")
    assert "cannot be reached" in enrolling.tell_leaving(state)
    # What one server was to be asked is not asked of another.
    unenrol(state)
    assert queue.waiting(tmp_path) == []


@pytest.mark.parametrize(("status", "kept"), [(401, True), (429, True), (503, True), (422, False), (404, False)])
def test_which_refusals_pass(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int, kept: bool
) -> None:
    state = State(tmp_path)
    enrol(state, Reach(served.address), served.secret())
    monkeypatch.setattr(Transport, "send", lambda *_, **__: Answer(status, {}, b'{"error":"no"}'))
    if kept:
        assert ask(state, CANDIDATE, reason="work", expires="") is None
    else:
        with pytest.raises(UsageError, match="does not take the request: no"):
            ask(state, CANDIDATE, reason="work", expires="")
    assert len(queue.waiting(tmp_path)) == kept


def test_the_server_is_told_of_a_leave(served: Served, tmp_path: Path) -> None:
    state = State(tmp_path)
    made = enrol(state, Reach(served.address), served.secret())
    assert enrolling.tell_leaving(state) == ""
    with served.services.database.read() as connection:
        held = endpoints.get(connection, made.endpoint)
    assert held is not None
    assert held.retired_at != ""
    assert "was retired" in enrolling.tell_leaving(state)
    unenrol(state)
    assert enrolling.tell_leaving(state) == "the enrolment cannot be read"


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
    with pytest.raises(UsageError, match="is a symbolic link to nothing"):
        secret_of(str(tmp_path / "none"))


class Impostor(Transport):
    """Answers in the place of the server, with a certificate that is trusted and without its key."""

    change: dict[str, str] = {}  # noqa: RUF012  # set by each test

    def send(self, method: str, path: str, *rest: Any, **more: Any) -> Answer:
        answer = super().send(method, path, *rest, **more)
        return Answer(200, {}, msgspec.json.encode({**msgspec.json.decode(answer.body), **self.change}))


OTHER = Signer("spawngate-other", bytes(range(1, 33)))


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint": "somebody-else"},
        {"token": "sgn_another"},
        {"token": ""},
        {"server_key": str(OTHER.verifier)},
        {"server_key": "rubbish"},
        {"signed": ""},
        {"signed": note.sign("x\n", [OTHER])},
    ],
)
def test_an_answer_that_the_server_did_not_sign_is_none(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, str]
) -> None:
    monkeypatch.setattr(enrolling, "Transport", Impostor)
    monkeypatch.setattr(Impostor, "change", change)
    with pytest.raises(StateError, match="not signed"):
        enrol(State(tmp_path), Reach(served.address), served.secret())
    assert enrolment.load(tmp_path) is None


def test_an_answer_is_of_one_question(served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another endpoint's, that was signed, gives nobody its id."""
    said: list[bytes] = []
    original = Transport.send

    def heard(self: Transport, *rest: Any, **more: Any) -> Answer:
        answer = original(self, *rest, **more)
        said.append(answer.body)
        return Answer(answer.status, answer.headers, said[0])

    monkeypatch.setattr(Transport, "send", heard)
    enrol(State(tmp_path / "a"), Reach(served.address), served.secret())
    with pytest.raises(StateError, match="not signed"):
        enrol(State(tmp_path / "b"), Reach(served.address), served.secret())


def test_nobody_is_asked_so_no_other_key_is_pinned(served: Served, tmp_path: Path) -> None:
    state = State(tmp_path / "state")
    first = enrol(state, Reach(served.address), served.secret())
    with serving(tmp_path / "other") as other:
        with pytest.raises(UsageError, match="another key than the one that was pinned"):
            enrol(state, Reach(other.address), other.secret(), pinned=first.server_key)
        assert enrolment.load(state.folder) == first
        # By hand it is another fleet.
        assert enrol(state, Reach(other.address), other.secret()).server_key != first.server_key


@pytest.mark.parametrize("data", [b"{", b"\xff", b"{}"])
def test_a_damaged_enrolment_can_be_left_and_made_anew(served: Served, tmp_path: Path, data: bytes) -> None:
    state = State(tmp_path)
    enrol(state, Reach(served.address), served.secret())
    path = tmp_path / "sync" / "enrolment.json"
    path.write_bytes(data)
    made = enrol(state, Reach(served.address), served.secret())
    assert enrolment.load(tmp_path) == made
    path.write_bytes(data)
    assert unenrol(state) is None
    assert not enrolment.is_enrolled(tmp_path)


def test_a_leave_that_was_cut_off_goes_on(tmp_path: Path) -> None:
    """The note of the enrolment is gone, and what the server managed is not."""
    applying._note(tmp_path, applying.Applied(5, "d", "p"))
    assert unenrol(State(tmp_path)) is None
    assert applying.in_force(tmp_path) == applying.Applied()


def test_the_same_server_under_another_id_loosens_nothing(served: Served, tmp_path: Path) -> None:
    state = State(tmp_path)
    enrol(state, Reach(served.address), served.secret())
    applying._note(tmp_path, applying.Applied(5, "d", "", mode="enforce"))
    with served.services.database.begin() as connection:
        connection.execute(delete(ENDPOINTS).where(ENDPOINTS.c.installation == state.endpoint()))
    enrol(state, Reach(served.address), served.secret())
    assert applying.in_force(tmp_path) == applying.Applied(5, "", "", mode="enforce")
