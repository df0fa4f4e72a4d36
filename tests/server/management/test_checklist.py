"""The checklist by API."""

from pathlib import Path

from spawngate.server.access.roles import Role
from tests.server.applied import world


def test_six_answers(tmp_path: Path) -> None:
    with world(tmp_path) as server:
        document = server.program(Role.READER).get("/api/v1/checklist").json()
        assert [each["number"] for each in document["item"]] == [1, 2, 3, 4, 5, 6]
        assert {each["answer"] for each in document["item"]} == {"no"}
