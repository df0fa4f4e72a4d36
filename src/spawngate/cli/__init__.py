"""SHELL. The command line: one module per sub-command, imported only when it is called.

Belongs here: parsing of arguments, choice of output, exit codes. 0 done, 1 findings at or above the threshold,
2 usage or bad input, 3 internal.
Must not be here: anything a library user would want; that is in the parts.
"""

import os
import sys
from importlib import import_module

import click

from spawngate import __version__
from spawngate.model.errors import SpawngateError, StateError, UsageError

COMMANDS: dict[str, str] = {
    "advisories": "Known faults and malicious releases, and what they hit here.",
    "approve": "Let MCP servers be started; show what is approved and what waits.",
    "audit": "The trail of this machine: read, follow, verify, export.",
    "checklist": "Six questions about MCP launches, answered from data.",
    "code": "Paths from outside to MCP launches in a project's source.",
    "completion": "Completion of our words in bash, zsh or fish.",
    "daemon": "The process that decides: run, start, stop, status.",
    "doctor": "What is wrong with this installation, and what to do.",
    "enroll": "Have a server look after this endpoint.",
    "hook": "Answer one hook call of an agent, in its dialect.",
    "scan": "Inventory of every AI artifact on this machine.",
    "decide": "What would be decided about a launch or call.",
    "launch": "Start an MCP server through the launcher.",
    "lists": "Approvals as the lists that agents enforce themselves.",
    "mcp": "An MCP server that lets an analyst's agent read trail and fleet.",
    "policy": "Check, test, explain and replay policies.",
    "proxy": "A remote MCP server on loopback, its calls decided one by one.",
    "request": "Ask that server to approve MCP servers.",
    "revoke": "Take approvals of MCP servers back.",
    "server": "The server of a fleet: run it; people, tokens, routes.",
    "schema": "JSON Schema of a document that Spawngate writes.",
    "up": "Inventory, shown here and on a loopback page until interrupted.",
    "protect": "Have the tool calls of the agents here decided before they run.",
    "supervise": "Run a program of which nothing is executed without a decision.",
    "status": "How the agents here stand: installed, inactive, off, tampered.",
    "unenroll": "Leave that server.",
    "unprotect": "Take our entries out of the agents' files again.",
    "verify": "Harmless canaries through every hook: does deny stop?",
    "version": "Version of Spawngate.",
}
"""Sub-commands and their first lines. The module of `scan` is `cli.scan`, its command is `command`."""

USAGE, INTERNAL = 2, 3


class _Lazy(click.Group):
    """Imports a sub-command when it is called, and none to print the list."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"spawngate.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="spawngate", message="%(prog)s %(version)s")
def cli() -> None:
    """Spawngate: inventory, launch control and an audit trail for AI agents and their MCP servers."""


def main() -> None:
    """Entry point. Turns every error into a message on stderr and an exit code."""
    try:
        # Without standalone mode click returns the code of its Exit instead of leaving with it.
        code = cli.main(standalone_mode=False)
        if isinstance(code, int) and code:
            sys.exit(code)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(USAGE)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader of our output went away. Point stdout elsewhere so that the exit does not complain too.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(0)
    except UsageError as error:
        _say(str(error))
        sys.exit(USAGE)
    except StateError as error:
        _say(str(error))
        sys.exit(INTERNAL)
    except SpawngateError as error:
        _say(str(error))
        sys.exit(INTERNAL)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        _say(f"internal error: {_where(error)}; please report it")
        if os.environ.get("SPAWNGATE_DEBUG"):
            raise
        sys.exit(INTERNAL)


def _say(message: str) -> None:
    from spawngate.report.terminal import escape

    click.echo(f"spawngate: {escape(message)}", err=True)


def _where(error: BaseException) -> str:
    """Type and place of an error, without its text: the text may hold what was read."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__
    code = trace.tb_frame.f_code
    return f"{type(error).__name__} in {os.path.basename(code.co_filename)}:{trace.tb_lineno} ({code.co_name})"
