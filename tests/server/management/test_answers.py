"""Answers of the API: one form for all of them."""

import msgspec
from fastapi import FastAPI

from spawngate.server.access.guard import needs
from spawngate.server.access.roles import Permission
from spawngate.server.fleet.teams import Team
from spawngate.server.management import answers


def test_an_answer_is_an_item_or_a_page() -> None:
    team = Team(1, "a", "t")
    assert answers.item(team, 201).status_code == 201
    assert msgspec.json.decode(answers.item(team).body) == {
        "schema_version": 1,
        "item": {"id": 1, "name": "a", "created_at": "t"},
    }
    assert msgspec.json.decode(answers.items([team], "c", total=7).body) == {
        "schema_version": 1,
        "items": [{"id": 1, "name": "a", "created_at": "t"}],
        "cursor": "c",
        "total": 7,
    }


def test_the_document_has_the_schema_of_every_type_that_is_named() -> None:
    made = answers.router("things")

    @made.get("/things", responses=answers.lists(Team, "Things."))
    @needs(Permission.INVENTORY_READ)
    def list_things() -> None:
        """Things."""

    application = FastAPI(title="x", version="1")
    application.router.routes.extend(made.routes)
    document = msgspec.json.decode(answers.document(application))
    answer = document["paths"]["/api/v1/things"]["get"]["responses"]
    schema = answer["200"]["content"]["application/json"]["schema"]
    assert schema["properties"]["items"] == {"type": "array", "items": {"$ref": "#/components/schemas/Team"}}
    assert document["components"]["schemas"]["Team"]["required"] == ["id", "name", "created_at"]
    assert sorted(answer) == ["200", "400", "401", "403", "404", "409", "413", "422", "429", "503"]
    assert answer["404"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Refusal"}
    assert document["security"] == [{"token": []}, {"session": []}]
