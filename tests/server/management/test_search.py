"""The search by API."""

from pathlib import Path

from spawngate.server.access.roles import Permission, Role
from tests.server.applied import world
from tests.server.fleetdata import add_artifact, add_endpoint, add_finding, add_team


def test_what_holds_the_words_and_for_whom(tmp_path: Path) -> None:
    with world(tmp_path) as server:
        with server.parts.database.begin() as connection:
            add_team(connection, 1, "one")
            add_team(connection, 2, "two")
            add_endpoint(connection, "e1", team=1)
            add_artifact(connection, "e1", "files-server", team=1)
            add_finding(connection, "e1", "f1", team=1, name="files-server")
        everything = server.program(Role.READER).get("/api/v1/search?q=files-server").json()["item"]
        assert [(each["title"], len(each["rows"])) for each in everything] == [("MCP servers", 1), ("Findings", 1)]
        narrow = server.program(Role.READER, scopes=(Permission.INVENTORY_READ,))
        assert [each["title"] for each in narrow.get("/api/v1/search?q=files-server").json()["item"]] == ["MCP servers"]
        assert server.program(Role.READER, team=2).get("/api/v1/search?q=files-server").json()["item"] == []
        assert server.program(Role.READER, team=1).get("/api/v1/search").json()["item"] == []
