"""SHELL. `spawngate decide`: what would be decided about a launch, a command or a call, without recording it.

Must not be here: facts, rules and policy.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from typing import Any, cast

import click
import msgspec

from spawngate.agents.document import Platform
from spawngate.agents.formats.jsontext import parse_json
from spawngate.endpoint.agent_files import AgentFiles
from spawngate.endpoint.inventory import this_platform
from spawngate.endpoint.policy import load_named
from spawngate.endpoint.rules import rule_set
from spawngate.endpoint.shfmt import syntax_tree
from spawngate.endpoint.state import State, default_folder
from spawngate.model.decision import Decision
from spawngate.model.errors import UsageError
from spawngate.policy.decider import Decider
from spawngate.policy.inputs import decide_object, unreadable
from spawngate.redact.redactor import Redactor

MAX_LINE = 4 << 20
"""Bytes of one input object."""


@click.command("decide")
@click.argument("file", default="-")
@click.option("--batch", is_flag=True, help="One JSON object a line in, one decision a line out, in the same order.")
@click.option("--agent", default="", metavar="ID", help="The agent that calls or launches.")
@click.option("--platform", type=click.Choice(("linux", "macos", "windows")), help="Judge as on that system.")
@click.option("--rules", "folders", multiple=True, metavar="DIR", help="A folder of further rules (repeatable).")
@click.option("--policy", metavar="DIR|NAME", help="A folder of policies, or baseline, strict, observe.")
def command(
    file: str, batch: bool, agent: str, platform: str | None, folders: tuple[str, ...], policy: str | None
) -> None:
    """Decide about the launch, command or call in FILE, or on stdin.

    \b
    {"launch": {"command": ..., "args": [...], "env": {...}, "cwd": ..., "url": ...}}
    {"command": "..."}                  a shell command
    {"tool": "...", "input": {...}}     a tool call in Claude Code's naming
    {"agent": "...", "payload": {...}}  a payload as that agent's hook gets it

    Nothing is started and nothing is recorded. The answer has the verdict, the policies that decided, the
    findings of every rule, their highest severity, errors and a message.
    """
    held = load_named(policy)
    system = cast(Platform, platform) if platform else this_platform()
    files = AgentFiles()
    decider = Decider(
        redactor=Redactor(State(default_folder(os.environ)).key()),
        rules=rule_set(folders),
        policies=held.policies,
        mode=held.settings.mode,
        modes=held.settings.modes,
        refusals=held.settings.refusals,
        approvals=held.settings.approvals,
        home=os.path.expanduser("~"),
        platform=system,
        second=syntax_tree,
        present=files,
        resolve=files.resolve,
    )
    if batch:
        for line in _lines(file):
            if line.strip():
                _print(_answer(line, system, agent, decider))
        return
    _print(_answer(_whole(file), system, agent, decider), pretty=True)


def _answer(data: bytes, platform: str, agent: str, decider: Decider) -> Decision:
    if len(data) > MAX_LINE:
        return unreadable(decider, agent, f"the object has more than {MAX_LINE} bytes").decision
    value, problems = parse_json(data.decode("utf-8", "replace"))
    if not isinstance(value, Mapping):
        told = "the input is not a JSON object" + (f" ({problems[0].message})" if problems else "")
        return unreadable(decider, agent, told).decision
    return decide_object(decider, value, platform=platform, agent=agent).decision


def _print(decision: Decision, *, pretty: bool = False) -> None:
    document: dict[str, Any] = {"schema_version": 1, **_document(decision)}
    text = json.dumps(document, indent=2 if pretty else None, ensure_ascii=True)
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _document(decision: Decision) -> dict[str, Any]:
    """The decision as other programs read it: a finding's `id` is its rule's."""
    document: dict[str, Any] = msgspec.to_builtins(decision)
    document["findings"] = [{"id": finding.pop("rule"), **finding} for finding in document["findings"]]
    return document


def _lines(file: str) -> Iterator[bytes]:
    if file == "-":
        yield from sys.stdin.buffer
        return
    try:
        with open(file, "rb") as stream:
            yield from stream
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from None


def _whole(file: str) -> bytes:
    return b"".join(_lines(file))
