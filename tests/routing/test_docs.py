"""docs/routing.md: every example loads, every destination and every setting has its place."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from spawngate.cli.route import command
from spawngate.routing.destinations import DESTINATIONS, destination
from spawngate.routing.route import RouteText
from spawngate.routing.settings import Settings, secret_fields
from spawngate.routing.stream import StreamSettings
from spawngate.routing.table import parse
from tests.stubs.webhook import SECRET

PAGE = (Path(__file__).parents[2] / "docs" / "routing.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
_KEY = rsa.generate_private_key(65537, 2048).private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
)
VALUES = {
    "SLACK_WEBHOOK_URL": "https://hooks.slack.com/services/T000/B000/x",
    "TEAMS_WORKFLOW_URL": "https://prod-1.westeurope.logic.azure.com/workflows/x?sig=y",
    "PAGERDUTY_ROUTING_KEY": "a" * 32,
    "WEBHOOK_SECRET": SECRET,
    "WEBHOOK_SECRET_OLD": SECRET,
    "/run/secrets/secops.json": json.dumps(
        {
            "type": "service_account",
            "client_email": "spawngate@example-project.iam.gserviceaccount.com",
            "private_key_id": "1",
            "private_key": _KEY.decode(),
            "token_uri": "https://oauth2.googleapis.com/token",
        }
    ),
}


def resolve(where: str, reference: Mapping[str, Any]) -> str:
    return VALUES.get(next(iter(reference.values())), "secret")


def section(name: str) -> str:
    found = re.search(rf"^## {re.escape(name)}\n(.*?)(?=^#|\Z)", PAGE, re.DOTALL | re.MULTILINE)
    assert found, f"docs/routing.md has no heading {name}"
    return found[1]


@pytest.mark.parametrize("text", BLOCKS, ids=lambda text: text.split("\n")[0].strip("[]"))
def test_every_example_loads(text: str) -> None:
    table = parse(text, resolve)
    assert table.destinations


@pytest.mark.parametrize("name", sorted(DESTINATIONS))
def test_every_destination_has_an_example_and_says_its_settings(name: str) -> None:
    text = section(name)
    examples = [parse(block, resolve) for block in re.findall(r"```toml\n(.*?)```", text, re.DOTALL)]
    assert name in {one.destination.name for table in examples for one in table.destinations.values()}
    shared = StreamSettings.__struct_fields__
    like = {"cef": "syslog", "leef": "syslog"}
    said = text + (section(like[name]) if name in like else "")
    wanted = set(destination(name).settings.__struct_fields__) - set(shared)
    assert sorted(field for field in wanted if not re.search(rf"\b{field}\b", said)) == []


def test_every_secret_of_an_example_is_a_reference() -> None:
    for block in BLOCKS:
        for found in parse(block, resolve).destinations.values():
            for field in secret_fields(found.destination.settings):
                written = re.search(rf"^{field} = (.*)$", block, re.MULTILINE)
                assert written is None or "{" in written[1] or written[1] == '""', (found.name, field)


def test_every_setting_of_a_route_and_of_all_destinations_has_a_row() -> None:
    for name in (*RouteText.__struct_fields__, *Settings.__struct_fields__, "batch_events"):
        assert f"`{name}`" in PAGE, name


def test_every_sub_command_is_there() -> None:
    for name in command.commands:
        assert f"spawngate server route {name}" in PAGE, name
