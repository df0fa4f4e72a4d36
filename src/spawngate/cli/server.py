"""SHELL. `spawngate server`: the server of a fleet, and of this machine; its sub-commands are imported when called.

Must not be here: what a sub-command does (its own module).
"""

from importlib import import_module

import click

PARTS = {
    "enrolment": ("server_tokens", "enrolment", "Secrets and codes with which endpoints enrol."),
    "first-run": ("server_run", "first_run", "A new link that makes the owner."),
    "migrate": ("server_run", "migrate", "Bring the fleet database's schema to this release's."),
    "route": ("route", "command", "Which events go where."),
    "run": ("server_run", "run", "Serve a fleet: its endpoints, its console, its API."),
    "team": ("server_people", "team", "Teams."),
    "token": ("server_tokens", "token", "API tokens of programs."),
    "user": ("server_people", "user", "People who sign in at the console."),
}
"""Sub-commands: module of `cli`, name in it, first line."""


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(PARTS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in PARTS:
            return None
        module, name, _ = PARTS[cmd_name]
        command: click.Command = getattr(import_module(f"spawngate.cli.{module}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, PARTS[name][2]) for name in sorted(PARTS)])


@click.group("server", cls=_Lazy)
def command() -> None:
    """The server of a fleet, and of this machine: where events go, and who may see them."""
