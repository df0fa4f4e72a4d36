"""`spawngate schema`."""

import json

import jsonschema
from click.testing import CliRunner

from spawngate.cli.schema import SCHEMAS, command


def test_names() -> None:
    assert CliRunner().invoke(command, []).output.split() == list(SCHEMAS)


def test_every_schema_is_a_schema() -> None:
    for name in SCHEMAS:
        document = json.loads(CliRunner().invoke(command, [name]).output)
        jsonschema.Draft202012Validator.check_schema(document)


def test_unknown_name_is_a_usage_error() -> None:
    assert CliRunner().invoke(command, ["nonsense"]).exit_code == 2
