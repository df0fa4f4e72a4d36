"""The API against its own OpenAPI document: schemathesis makes requests, right ones and wrong ones, to every operation.

Every answer must have a status, a type and a body that the document tells of, and no request may be a fault of ours.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.core.result import Ok

from spawngate.server.access.limits import Limit
from spawngate.server.access.roles import Role
from spawngate.server.management.answers import document
from tests.server.applied import World, world
from tests.server.fleetdata import add_artifact, add_endpoint, add_finding

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("schema")) as made:
        team = made.team("one")
        with made.writing() as connection:
            add_endpoint(connection, "e1", team=team)
            add_artifact(connection, "e1", "a1", team=team)
            add_finding(connection, "e1", "f1", team=team)
        yield made


def test_the_document_is_openapi_3_1_and_names_every_type(server: World) -> None:
    made = msgspec.json.decode(document(server.application))
    assert made["openapi"].startswith("3.1")
    names = set(made["components"]["schemas"])
    text = msgspec.json.encode(made).decode()
    for part in text.split('"#/components/schemas/')[1:]:
        assert part.partition('"')[0] in names
    assert made["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    operations = [each["operationId"] for path in made["paths"].values() for each in path.values()]
    assert len(operations) == len(set(operations)), "ids of operations differ"
    assert not [path for path in made["paths"] if not path.startswith("/api/v1/")]


def test_every_operation_answers_as_the_document_says(server: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Limit, "_left", lambda *_: 1e9)
    program = server.program(Role.OWNER)
    authorization = program.headers["authorization"]
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", server.application)
    seen, statuses = 0, Counter[int]()
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        seen += 1

        @settings(
            max_examples=12, deadline=None, database=None, phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck), derandomize=True,
        )  # fmt: skip
        @given(case=operation.as_strategy())
        def ask(case: schemathesis.Case[Any]) -> None:
            answer = case.call_and_validate(headers={"authorization": authorization}, checks=list(CHECKS))
            statuses[answer.status_code] += 1

        ask()
    assert seen > 40
    assert min(statuses[each] for each in (200, 201, 404, 422)) > 0, statuses
