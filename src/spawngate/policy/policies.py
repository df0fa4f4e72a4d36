"""A set of Cedar policies, read, checked and kept parsed.

Belongs here: reading texts, annotations and their meaning, validation against the schema, the set's revision.
Must not be here: asking the set (`policy.evaluate`), and where the texts lie (`endpoint.policy`).
Sources, read 2026-11: https://docs.cedarpolicy.com/policies/syntax-policy.html (annotations),
/auth/authorization.html (an erroring policy is skipped by Cedar, so erroring forbids are counted here).

Annotations: `@id` (required, unique, kebab-case), `@reason` (required), `@verdict("deny"|"ask"|"log")` of a forbid
(default deny), `@severity`, `@owner`, `@expires` (a date, or a time with zone: from then on the policy is not there),
`@excepts("rule-id rule-id")` of a permit (where it matches, findings of these rules do not count),
`@silent` of a permit (where it decides, the agent is told to go on without asking its user).
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

import cedarpy

from spawngate.model.decision import Verdict
from spawngate.model.errors import UsageError
from spawngate.model.finding import Severity
from spawngate.policy.bounds import cedar_problem
from spawngate.policy.question import FIELDS

SETS = ("baseline", "strict", "observe")
"""Names of the policy sets in the wheel."""
MAX_TEXT = 1 << 20
"""Characters of one policy file."""
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_KNOWN = frozenset({"id", "reason", "verdict", "severity", "owner", "expires", "excepts", "silent"})
_PLACE = re.compile(r"policy`? ?`?(policy\d+)")


class PolicyError(UsageError):
    """A policy cannot be used. The message names the file, the policy and what to do."""

    def __init__(self, path: str, policy: str, problem: str) -> None:
        super().__init__(f"{path}: {policy}: {problem}" if policy else f"{path}: {problem}")
        self.path = path
        self.policy = policy


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy's annotations."""

    id: str
    path: str
    """The file it stands in."""
    forbids: bool
    verdict: Verdict
    """What follows when a forbid matches; ALLOW for a permit."""
    reason: str
    severity: Severity | None = None
    owner: str = ""
    expires: datetime | None = None
    excepts: frozenset[str] = frozenset()
    silent: bool = False
    looks_at: frozenset[str] = frozenset()
    """Fields of the question that its conditions look at."""


Told = tuple[str, str, str, str, bytes]
"""All that Cedar is told: agent, action, type and id of the resource, and the context as JSON."""
Matched = tuple[tuple[Policy, ...], tuple[str, ...], bool]
"""Policies that match, erring forbids among them; what erred; whether Cedar answered."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """Policies that Cedar holds parsed, with the names that Cedar gave them."""

    handle: cedarpy.PolicySet
    policies: Mapping[str, Policy]
    """Cedar's own name (`policy3`) to policy."""
    names: frozenset[str]
    """Fields of the question that any of them looks at."""
    answers: dict[Told, Matched] = field(default_factory=dict, repr=False, compare=False)
    """What Cedar has answered, for `policy.evaluate` to keep: it depends on the key and on nothing else."""


@dataclass(frozen=True, slots=True)
class PolicySet:
    """Policies that were checked together and hold now. Immutable."""

    policies: tuple[Policy, ...]
    """All that are in force, sorted by id."""
    main: Compiled
    exceptions: Compiled | None
    revision: str
    """Digest of everything that decides."""
    until: datetime | None = None
    """The first end of a policy that is in force: load anew then."""
    ended: tuple[str, ...] = ()
    """Ids of policies that are over."""
    texts: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __getitem__(self, identifier: str) -> Policy:
        """The policy of that id. Raises KeyError."""
        for policy in self.policies:
            if policy.id == identifier:
                return policy
        raise KeyError(identifier)


def load_policies(texts: Mapping[str, str], now: datetime) -> PolicySet:
    """The policies in `texts` (path to Cedar text) that have not ended at `now`.

    Raises PolicyError for the first that is wrong, in the order of paths: nothing is skipped in silence.
    """
    found: list[tuple[Policy, str]] = []
    seen: dict[str, str] = {}
    for path in sorted(texts):
        for policy, text in _read(path, texts[path]):
            if policy.id in seen:
                raise PolicyError(path, policy.id, f"the id is taken by a policy in {seen[policy.id]}; choose another")
            seen[policy.id] = path
            found.append((policy, text))
    found.sort(key=lambda pair: pair[0].id)
    alive = [(policy, text) for policy, text in found if policy.expires is None or policy.expires > now]
    ends = [policy.expires for policy, _ in alive if policy.expires is not None]
    told = "\0".join(f"{policy.id}\0{text}" for policy, text in alive)
    return PolicySet(
        policies=tuple(policy for policy, _ in alive),
        main=_compile([pair for pair in alive if not pair[0].excepts]),
        exceptions=_compile([pair for pair in alive if pair[0].excepts]) if any(p.excepts for p, _ in alive) else None,
        revision=hashlib.sha256(told.encode()).hexdigest()[:16],
        until=min(ends, default=None),
        ended=tuple(policy.id for policy, _ in found if policy.expires is not None and policy.expires <= now),
        texts=dict(texts),
    )


def _compile(pairs: list[tuple[Policy, str]]) -> Compiled:
    # Cedar names policies by their place in the text.
    text = "\n".join(text for _, text in pairs)
    return Compiled(
        handle=cedarpy.PolicySet.from_str(text),
        policies={f"policy{at}": policy for at, (policy, _) in enumerate(pairs)},
        names=frozenset().union(*(policy.looks_at for policy, _ in pairs)),
    )


def _read(path: str, text: str) -> list[tuple[Policy, str]]:
    """Every policy of a file with its own text, checked one by one so that a message can name it."""
    if len(text) > MAX_TEXT:
        raise PolicyError(path, "", f"has more than {MAX_TEXT} characters; split it")
    if too_deep := cedar_problem(text):
        raise PolicyError(path, "", too_deep)
    try:
        whole: dict[str, Any] = json.loads(cedarpy.policies_to_json_str(text))
    except (ValueError, RecursionError) as error:
        raise PolicyError(path, "", f"is no Cedar ({_first_line(error)}); correct it there") from None
    if whole.get("templates") or whole.get("templateLinks"):
        raise PolicyError(path, "", "holds a template; write policies without ?principal and ?resource")
    stated = whole["staticPolicies"]
    policies = [
        (_policy(path, stated[name]), _text(stated[name]))
        for name in sorted(stated, key=lambda name: int(name.removeprefix("policy")))
    ]
    result = cedarpy.validate_policies("\n".join(each for _, each in policies), schema())
    for problem in result.errors:
        place = _PLACE.search(problem.policy_id) or _PLACE.search(problem.error)
        at = int((place.group(1) if place else problem.policy_id or "policy0").removeprefix("policy"))
        told = re.sub(r"for policy `policy\d+`, ", "", problem.error)
        raise PolicyError(path, policies[at][0].id, f"{told}; docs/policy.md lists what a policy may speak of")
    return policies


def _text(policy: Mapping[str, Any]) -> str:
    return cedarpy.policies_from_json_str(
        json.dumps({"staticPolicies": {"policy0": policy}, "templates": {}, "templateLinks": []})
    )


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


def _policy(path: str, stated: Mapping[str, Any]) -> Policy:
    notes: dict[str, str] = {key: value or "" for key, value in stated.get("annotations", {}).items()}
    name = notes.get("id", "")
    if not _ID.fullmatch(name):
        raise PolicyError(path, name or "a policy", 'needs @id("...") in kebab-case')
    for key in sorted(notes.keys() - _KNOWN):
        raise PolicyError(path, name, f"@{key} means nothing; annotations are {', '.join(sorted(_KNOWN))}")
    if not notes.get("reason", "").strip():
        raise PolicyError(path, name, 'needs @reason("..."): what a refused person reads')
    forbids = stated["effect"] == "forbid"
    for key, wanted in (("verdict", True), ("excepts", False), ("silent", False)):
        if key in notes and forbids is not wanted:
            raise PolicyError(path, name, f"@{key} belongs to a {'forbid' if wanted else 'permit'}")
    verdict = notes.get("verdict", "deny")
    if forbids and verdict not in ("deny", "ask", "log"):
        raise PolicyError(path, name, f'@verdict is {verdict!r} and must be "deny", "ask" or "log"')
    severity = notes.get("severity")
    if severity is not None and severity not in tuple(Severity):
        raise PolicyError(path, name, f"@severity is {severity!r} and must be one of {', '.join(Severity)}")
    if "excepts" in notes and not notes["excepts"].split():
        raise PolicyError(path, name, "@excepts names no rule")
    if "excepts" in notes and "silent" in notes:
        raise PolicyError(path, name, "@excepts and @silent do not go together")
    return Policy(
        id=name,
        path=path,
        forbids=forbids,
        verdict=Verdict(verdict) if forbids else Verdict.ALLOW,
        reason=notes["reason"].strip(),
        severity=Severity(severity) if severity else None,
        owner=notes.get("owner", ""),
        expires=_moment(path, name, notes["expires"]) if "expires" in notes else None,
        excepts=frozenset(notes.get("excepts", "").split()),
        silent="silent" in notes,
        looks_at=_looks_at(stated.get("conditions", [])),
    )


def _looks_at(part: Any) -> frozenset[str]:
    """Fields that an expression in Cedar's JSON form reads; all of them where it takes the context as a whole."""
    if isinstance(part, list):
        return frozenset().union(*(_looks_at(item) for item in part))
    if not isinstance(part, dict):
        return frozenset()
    if part == {"Var": "context"}:
        return frozenset(FIELDS)
    found: set[str] = set()
    for key, value in part.items():
        if key in (".", "has") and isinstance(value, dict) and value.get("left") == {"Var": "context"}:
            found.update({value["attr"]} & set(FIELDS))
        else:
            found |= _looks_at(value)
    return frozenset(found)


def _moment(path: str, name: str, text: str) -> datetime:
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            day = date.fromisoformat(text)
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise PolicyError(path, name, f"@expires is {text!r} and must be a date such as 2027-01-31") from None
    if moment.tzinfo is None:
        raise PolicyError(path, name, f"@expires is {text!r} and needs a zone, such as 2027-01-31T12:00:00Z")
    return moment


@cache
def schema() -> cedarpy.Schema:
    """The schema that every policy is validated against."""
    return cedarpy.Schema.from_str(schema_text())


@cache
def schema_text() -> str:
    """The schema as Cedar writes it."""
    return files("spawngate.policy").joinpath("schema.cedarschema").read_text(encoding="utf-8")


@cache
def shipped_text(name: str) -> str:
    """Text of a policy set in the wheel. Raises UsageError for a name that is none."""
    if name not in SETS:
        raise UsageError(f"{name!r} is no policy set; there are {', '.join(SETS)}")
    return files("spawngate.policy").joinpath("sets", f"{name}.cedar").read_text(encoding="utf-8")


@cache
def shipped_cases(name: str) -> str:
    """Test cases of a policy set in the wheel."""
    return files("spawngate.policy").joinpath("sets", f"{name}.cases.toml").read_text(encoding="utf-8")


@cache
def shipped(name: str = "baseline") -> PolicySet:
    """A policy set in the wheel; none of its policies ends."""
    return load_policies({f"{name}.cedar": shipped_text(name)}, datetime.min.replace(tzinfo=UTC))
