"""SHELL. Options that several sub-commands share.

Must not be here: what the options do.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from spawngate.endpoint import files
from spawngate.endpoint.inventory import Request
from spawngate.endpoint.judge import Judge
from spawngate.endpoint.rules import rule_set
from spawngate.launch.trust import TrustPolicy, parse_trust
from spawngate.model.errors import UsageError
from spawngate.rules.vocabulary import INVENTORY

Command = TypeVar("Command", bound=Callable[..., Any])


def places(function: Command) -> Command:
    """`--home`, `--root`, `--sysroot`, `--network`, `--no-processes`, `--no-search`: what is scanned."""
    for option in reversed(
        (
            click.option("--home", "homes", multiple=True, metavar="DIR", help="A home to scan (repeatable)."),
            click.option(
                "--root", "roots", multiple=True, metavar="DIR", help="Look for projects below DIR (repeatable)."
            ),
            click.option("--sysroot", default="", metavar="DIR", help="Take machine-wide files from below DIR."),
            click.option("--network", is_flag=True, help="Read files on network mounts too."),
            click.option("--no-processes", is_flag=True, help="Leave the process table alone."),
            click.option("--no-search", is_flag=True, help="Do not look for projects in the homes."),
        )
    ):
        function = option(function)
    return function


def judging(function: Command) -> Command:
    """`--trust`, `--rules`: what the inventory is judged by besides what ships."""
    for option in reversed(
        (
            click.option("--trust", metavar="FILE", help="The organisation's trust policy (TOML)."),
            click.option(
                "--rules", "folders", multiple=True, metavar="DIR", help="A folder of further rules (repeatable)."
            ),
        )
    ):
        function = option(function)
    return function


def judge_for(trust: str | None, folders: tuple[str, ...]) -> Judge:
    """The judge that these options make. Raises UsageError for a file or rule that cannot be used."""
    policy = TrustPolicy() if trust is None else parse_trust(_text(trust), trust)
    return Judge(rules=rule_set(folders, INVENTORY), trust=policy)


def _text(path: str) -> str:
    try:
        return files.read(path).decode("utf-8")
    except files.Unreadable as error:
        raise UsageError(f"{path}: {error.message}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: is not UTF-8") from None


def request(
    homes: tuple[str, ...], roots: tuple[str, ...], sysroot: str, network: bool, no_processes: bool, no_search: bool
) -> Request:
    """The request that these options make."""
    return Request(
        homes=homes,
        roots=roots,
        system_root=sysroot,
        network=network,
        processes=not no_processes,
        search_homes=not no_search,
    )
