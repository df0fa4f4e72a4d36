"""SHELL. `spawngate schema NAME`.

Must not be here: the schemas themselves (`report`).
"""

import json

import click

SCHEMAS = ("approvals", "checklist", "code", "doctor", "event", "scan", "status", "verify")


@click.command("schema")
@click.argument("name", type=click.Choice(SCHEMAS), required=False)
def command(name: str | None) -> None:
    """Print the JSON Schema of the document NAME, or the names of all documents."""
    if name is None:
        click.echo("\n".join(SCHEMAS))
        return
    if name == "approvals":
        from spawngate.endpoint.launching.listing import schema
    elif name == "checklist":
        from spawngate.report.checklist import schema
    elif name == "code":
        from spawngate.report.code_json import schema
    elif name == "doctor":
        from spawngate.endpoint.doctor import schema
    elif name == "status":
        from spawngate.endpoint.protect.standing import schema
    elif name == "verify":
        from spawngate.endpoint.rehearsal.verification import schema
    elif name == "event":
        from spawngate.report.trail import schema
    else:
        from spawngate.report.json import schema
    click.echo(json.dumps(schema(), indent=2, ensure_ascii=False))
