"""Test cases beside policies: an input, and the verdict, reasons and number of errors that must come of it.

Belongs here: the form of `*.cases.toml`, and comparing an answer with what is expected.
Must not be here: how an input is decided (`policy.inputs`), and reading files.

    [[case]]
    name = "a deploy needs a person"
    command = "terraform apply"          # or launch = {...}, tool and input, agent and payload: as `decide` takes them
    verdict = "ask"
    reasons = ["ask-before-apply"]       # every policy that decides, in any order
    errors = 0                           # the default
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from spawngate.model.decision import Decision, Verdict
from spawngate.model.errors import UsageError
from spawngate.policy.bounds import toml_problem

_EXPECTED = ("verdict", "reasons", "errors")
_INPUTS = ("command", "launch", "tool", "payload", "question")


@dataclass(frozen=True, slots=True)
class Case:
    """One case."""

    path: str
    name: str
    input: Mapping[str, Any]
    """As `spawngate decide` takes it."""
    verdict: Verdict
    reasons: tuple[str, ...] | None
    """Sorted; None where the case does not say."""
    errors: int = 0


def parse_cases(path: str, text: str) -> tuple[Case, ...]:
    """The cases of a file. Raises UsageError that names the file and the case."""
    if problem := toml_problem(text):
        raise UsageError(f"{path}: {problem}")
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"{path}: is no TOML ({error}); correct it there") from None
    listed = table.get("case", [])
    if set(table) - {"case"} or not isinstance(listed, list):
        raise UsageError(f"{path}: holds something other than [[case]] tables")
    found = [_case(path, at, item) for at, item in enumerate(listed)]
    names = [case.name for case in found]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"{path}: two cases are called {name!r}; give each its own name")
    return tuple(found)


def _case(path: str, at: int, item: Any) -> Case:
    where = f"{path}: case[{at}]"
    if not isinstance(item, dict):
        raise UsageError(f"{where}: is no table")
    name = item.get("name")
    if not isinstance(name, str) or not name.strip():
        raise UsageError(f"{where}: name: say in a few words what the case is")
    where = f"{path}: {name}"
    if item.get("verdict") not in tuple(Verdict):
        raise UsageError(f"{where}: verdict: must be one of {', '.join(Verdict)}")
    reasons = item.get("reasons")
    if reasons is not None and not (isinstance(reasons, list) and all(isinstance(one, str) for one in reasons)):
        raise UsageError(f"{where}: reasons: must be a list of ids of policies")
    errors = item.get("errors", 0)
    if not isinstance(errors, int) or isinstance(errors, bool) or errors < 0:
        raise UsageError(f"{where}: errors: must be a number")
    given = {key: value for key, value in item.items() if key not in (*_EXPECTED, "name")}
    if not any(key in given for key in _INPUTS):
        raise UsageError(f"{where}: gives nothing to decide; it needs one of {', '.join(_INPUTS)}")
    return Case(
        path, name, given, Verdict(item["verdict"]), tuple(sorted(reasons)) if reasons is not None else None, errors
    )


def difference(case: Case, decision: Decision) -> str:
    """What is other than the case expects, as one line; empty where nothing is."""
    wrong = []
    if decision.verdict is not case.verdict:
        wrong.append(f"verdict is {decision.verdict.value}, expected {case.verdict.value}")
    if case.reasons is not None and tuple(sorted(decision.reasons)) != case.reasons:
        wrong.append(f"reasons are {_list(decision.reasons)}, expected {_list(case.reasons)}")
    if len(decision.errors) != case.errors:
        wrong.append(f"{len(decision.errors)} errors ({_list(decision.errors)}), expected {case.errors}")
    return "; ".join(wrong)


def _list(items: tuple[str, ...]) -> str:
    return ", ".join(items) if items else "none"
