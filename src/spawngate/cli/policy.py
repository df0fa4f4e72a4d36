"""SHELL. `spawngate policy`: check, test, explain and replay policies before they are in force.

Must not be here: what policies mean (`policy`), and their reading from disk (`endpoint.policy`).
"""

import json
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import click

from spawngate.agents.formats.jsontext import parse_json
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.inventory import this_platform
from spawngate.endpoint.policy import InForce, load_named
from spawngate.endpoint.rules import rule_set
from spawngate.endpoint.shfmt import syntax_tree
from spawngate.endpoint.state import State, default_folder
from spawngate.endpoint.trail.reader import newest
from spawngate.model.errors import UsageError
from spawngate.policy.cases import difference, parse_cases
from spawngate.policy.decider import Decider
from spawngate.policy.evaluate import matched_policies, with_findings
from spawngate.policy.inputs import decide_object
from spawngate.policy.policies import SETS, Policy, shipped_cases
from spawngate.policy.replay import replay as run_replay
from spawngate.redact.redactor import Redactor
from spawngate.report.terminal import escape
from spawngate.trail.asked import recorded
from spawngate.trail.query import parse_time, read

FAILED = 1
_NAME = click.argument("policy", required=False, metavar="[DIR|NAME]")
_FORMAT = click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)


@click.group("policy")
def command() -> None:
    """Check, test, explain and replay policies.

    DIR is a folder with *.cedar files and, if wanted, policy.toml and *.cases.toml; NAME is baseline, strict or
    observe. Without either, the baseline is meant.
    """


@command.command("check")
@_NAME
@_FORMAT
def check(policy: str | None, form: str) -> None:
    """Read and validate the policies, and list them."""
    held = load_named(policy)
    if form == "json":
        _json(
            {
                "schema_version": 1,
                "revision": held.policies.revision,
                "base": held.settings.base,
                "mode": held.settings.mode.value,
                "ended": list(held.policies.ended),
                "policies": [_policy(each) for each in held.policies.policies],
            }
        )
        return
    for each in held.policies.policies:
        ends = f", until {each.expires.isoformat()}" if each.expires else ""
        what = each.verdict.value if each.forbids else ("except" if each.excepts else "permit")
        _say(f"{what:<7}{each.id:<40}{each.reason}{ends}")
    for name in held.policies.ended:
        _say(f"over   {name}")
    _say(f"{len(held.policies.policies)} policies are valid, revision {held.policies.revision}")


@command.command("test")
@_NAME
@_FORMAT
def test(policy: str | None, form: str) -> None:
    """Run the test cases beside the policies. Exit code 1 when one fails or when there is none."""
    held = load_named(policy)
    decider = _decider(held)
    texts = {**held.cases}
    if held.settings.base in SETS and (policy is None or policy in SETS):
        texts[f"{held.settings.base}.cases.toml"] = shipped_cases(held.settings.base)
    cases = [case for path in sorted(texts) for case in parse_cases(path, texts[path])]
    results = [
        (case, difference(case, decide_object(decider, dict(case.input), platform=this_platform()).decision))
        for case in cases
    ]
    failed = [(case, problem) for case, problem in results if problem]
    if form == "json":
        _json(
            {
                "schema_version": 1,
                "revision": held.policies.revision,
                "cases": [{"path": case.path, "name": case.name, "problem": problem} for case, problem in results],
                "failed": len(failed),
            }
        )
    else:
        for case, problem in failed:
            _say(f"failed {case.path}: {case.name}: {problem}")
        _say(f"{len(results) - len(failed)} of {len(results)} cases hold")
        if not results:
            _say("there is no case: write *.cases.toml beside the policies")
    if failed or not results:
        sys.exit(FAILED)


@command.command("explain")
@click.argument("file", default="-")
@click.option("--policy", "name", metavar="DIR|NAME", help="A folder of policies, or baseline, strict, observe.")
@click.option("--agent", default="", metavar="ID", help="The agent that calls.")
@click.option("--rules", "folders", multiple=True, metavar="DIR", help="A folder of further rules (repeatable).")
@_FORMAT
def explain(file: str, name: str | None, agent: str, folders: tuple[str, ...], form: str) -> None:
    """Say why: what is known about the input, what the rules say, and which policies decide.

    The input is an object as `spawngate decide` takes it.
    """
    held = load_named(name)
    decided = decide_object(_decider(held, folders), _object(file), platform=this_platform(), agent=agent)
    question = with_findings(decided.question, decided.decision.findings)
    matched = matched_policies(question, held.policies)
    if form == "json":
        _json(
            {
                "schema_version": 1,
                "verdict": decided.decision.verdict.value,
                "message": decided.decision.message,
                "reasons": list(decided.decision.reasons),
                "errors": list(decided.decision.errors),
                "question": decided.question.stated(),
                "findings": [
                    {"id": each.rule, "severity": each.severity.value, "message": each.message}
                    for each in decided.decision.findings
                ],
                "policies": [_policy(each) for each in matched],
            }
        )
        return
    _say(decided.decision.message)
    for field, value in decided.question.stated().items():
        _say(f"  {field}: {', '.join(value) if isinstance(value, list) else value}")
    for finding in decided.decision.findings:
        _say(f"  rule {finding.rule} ({finding.severity.value}): {finding.message}")
    for each in matched:
        decides = " decides" if each.id in decided.decision.reasons else ""
        _say(f"  policy {each.id} in {each.path}{decides}: {each.verdict.value}: {each.reason}")
    for problem in decided.decision.errors:
        _say(f"  error: {problem}")


@command.command("replay")
@_NAME
@click.option("--since", default="7d", show_default=True, metavar="TIME", help="A day, a time, or 90m, 24h, 7d back.")
@click.option("--limit", default=1_000_000, show_default=True, type=click.IntRange(1), help="Decisions at most.")
@_FORMAT
def replay(policy: str | None, since: str, limit: int, form: str) -> None:
    """Hold a draft against the decisions of the local trail: what would come out otherwise.

    Rules are not asked again: what they found is recorded.
    """
    held = load_named(policy)
    at = datetime.now(UTC)
    wanted = read(f"type:decision at>={parse_time(since, at)}", at)
    found = islice(newest(place(default_folder(os.environ)).trail, wanted), limit)
    result = run_replay((each for each in map(recorded, found) if each is not None), held.policies)
    if form == "json":
        _json(
            {
                "schema_version": 1,
                "revision": held.policies.revision,
                "total": result.total,
                "before": dict(sorted(result.verdicts_before.items())),
                "after": dict(sorted(result.verdicts_after.items())),
                "changes": [
                    {"before": before, "after": after, "count": count}
                    for (before, after), count in sorted(result.changes.items())
                ],
                "by_policy": dict(result.by_policy.most_common()),
                "by_rule": dict(result.by_rule.most_common()),
                "by_agent": dict(result.by_agent.most_common()),
                "examples": [asdict(each) for each in result.examples],
            }
        )
        return
    _say(f"{result.total} decisions since {since}, {result.changes.total()} of them would come out otherwise")
    for (before, after), count in sorted(result.changes.items()):
        _say(f"  {before} -> {after}: {count}")
    for title, counted in (("policy", result.by_policy), ("rule", result.by_rule), ("agent", result.by_agent)):
        for name, count in counted.most_common(10):
            _say(f"  {title} {name}: {count}")
    for each in result.examples:
        _say(f"  {each.place} {each.agent} {each.before.value} -> {each.after.value}: {each.command}")


def _decider(held: InForce, folders: tuple[str, ...] = ()) -> Decider:
    return Decider(
        redactor=Redactor(State(default_folder(os.environ)).key()),
        rules=rule_set(folders),
        policies=held.policies,
        mode=held.settings.mode,
        modes=held.settings.modes,
        refusals=held.settings.refusals,
        approvals=held.settings.approvals,
        home=os.path.expanduser("~"),
        platform=this_platform(),
        second=syntax_tree,
    )


def _policy(policy: Policy) -> dict[str, Any]:
    return {
        "id": policy.id,
        "path": policy.path,
        "effect": "forbid" if policy.forbids else "permit",
        "verdict": policy.verdict.value,
        "reason": policy.reason,
        "severity": policy.severity.value if policy.severity else None,
        "owner": policy.owner,
        "expires": policy.expires.isoformat() if policy.expires else None,
        "excepts": sorted(policy.excepts),
    }


def _object(file: str) -> Mapping[str, Any]:
    try:
        if file == "-":
            data = sys.stdin.buffer.read()
        else:
            with open(file, "rb") as stream:
                data = stream.read()
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from None
    value, problems = parse_json(data.decode("utf-8", "replace"))
    if not isinstance(value, Mapping):
        raise UsageError(f"{file}: is no JSON object" + (f" ({problems[0].message})" if problems else ""))
    return value


def _json(document: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=True) + "\n")


def _say(*lines: Iterable[str] | str) -> None:
    for line in lines:
        click.echo(escape(str(line)))
