"""A policy folder as texts: read, checked and tried against the cases beside it, wherever the texts came from.

Belongs here: which files a folder may hold, the set that they make with the shipped one, and what the cases say.
Must not be here: reading a folder from a disk (`endpoint.policy`), keeping revisions (`server.fleet.policies`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from spawngate.model.errors import UsageError
from spawngate.policy.cases import difference, parse_cases
from spawngate.policy.decider import Decider
from spawngate.policy.inputs import decide_object
from spawngate.policy.policies import PolicySet, load_policies, shipped_text
from spawngate.policy.settings import FILE, NONE, PolicySettings, parse_settings
from spawngate.redact.redactor import Redactor

MOST_FILES = 100
LARGEST = 512 << 10
"""Characters of one file."""
LARGEST_FOLDER = 2 << 20
MOST_CASES = 2_000
_CEDAR, _CASES = ".cedar", ".cases.toml"


@dataclass(frozen=True, slots=True)
class Folder:
    """What the files of a folder say."""

    policies: PolicySet
    settings: PolicySettings
    cases: Mapping[str, str]
    """Texts of its test cases, by name."""
    own: bool
    """It has policies of its own, besides the shipped set."""


class PolicyLine(msgspec.Struct, frozen=True):
    """One policy, as reports state it."""

    id: str
    path: str
    effect: str
    """forbid, permit or except."""
    verdict: str
    reason: str
    severity: str = ""
    owner: str = ""
    expires: str = ""
    excepts: tuple[str, ...] = ()


class CaseLine(msgspec.Struct, frozen=True):
    """One case."""

    path: str
    name: str
    problem: str = ""
    """What is other than it expects; empty where it holds."""


class Report(msgspec.Struct, frozen=True):
    """What checking and trying a folder found."""

    valid: bool = False
    problem: str = ""
    """Why it cannot be used."""
    revision: str = ""
    base: str = ""
    mode: str = ""
    policies: tuple[PolicyLine, ...] = ()
    ended: tuple[str, ...] = ()
    """Ids of policies that are over."""
    cases: tuple[CaseLine, ...] = ()
    untested: bool = False
    """It has policies of its own, and no case."""

    @property
    def failed(self) -> tuple[CaseLine, ...]:
        """Cases that do not hold."""
        return tuple(each for each in self.cases if each.problem)

    @property
    def obstacle(self) -> str:
        """Why it must not come into force; empty where it may."""
        if not self.valid:
            return self.problem
        if self.failed:
            first = self.failed[0]
            return f"{len(self.failed)} of {len(self.cases)} cases fail: {first.path}: {first.name}: {first.problem}"
        return "it has policies and no case: write *.cases.toml beside them" if self.untested else ""


def understood(files: Mapping[str, str], now: datetime) -> Folder:
    """What a folder's files say. Raises UsageError for the first thing that is wrong in it."""
    if len(files) > MOST_FILES or sum(map(len, files.values())) > LARGEST_FOLDER:
        raise UsageError(f"a policy has at most {MOST_FILES} files and {LARGEST_FOLDER} characters")
    texts: dict[str, str] = {}
    cases: dict[str, str] = {}
    for name in sorted(files):
        _named(name)
        if len(files[name]) > LARGEST:
            raise UsageError(f"{name}: has more than {LARGEST} characters; split it")
        if name.endswith(_CEDAR):
            texts[name] = files[name]
        elif name.endswith(_CASES):
            cases[name] = files[name]
    if not texts and FILE not in files:
        raise UsageError(f"holds neither a policy (*{_CEDAR}) nor {FILE}")
    settings = parse_settings(FILE, files[FILE]) if FILE in files else PolicySettings()
    own = bool(texts)
    if settings.base != NONE:
        shipped = f"{settings.base}{_CEDAR}"
        if shipped in texts:
            raise UsageError(
                f'{shipped}: has the name of the shipped set that it builds on; rename it, or set base = "none"'
            )
        texts[shipped] = shipped_text(settings.base)
    return Folder(load_policies(texts, now), settings, cases, own)


def report(files: Mapping[str, str], now: datetime, key: bytes) -> Report:
    """Check a folder and run its cases. Raises nothing for what is wrong in it. `key`: of the redactor, any."""
    try:
        folder = understood(files, now)
        cases = [case for path in sorted(folder.cases) for case in parse_cases(path, folder.cases[path])]
        if len(cases) > MOST_CASES:
            raise UsageError(f"there are more than {MOST_CASES} cases")
    except UsageError as error:
        return Report(problem=str(error))
    settings = folder.settings
    decider = Decider(
        redactor=Redactor(key),
        policies=folder.policies,
        mode=settings.mode,
        modes=settings.modes,
        refusals=settings.refusals,
        approvals=settings.approvals,
        home="/home/user",
    )
    results = tuple(
        CaseLine(case.path, case.name, difference(case, decide_object(decider, dict(case.input)).decision))
        for case in cases
    )
    return Report(
        valid=True,
        revision=folder.policies.revision,
        base=settings.base,
        mode=settings.mode.value,
        policies=tuple(
            PolicyLine(
                id=each.id,
                path=each.path,
                effect="forbid" if each.forbids else "except" if each.excepts else "permit",
                verdict=each.verdict.value,
                reason=each.reason,
                severity="" if each.severity is None else each.severity.value,
                owner=each.owner,
                expires=each.expires.isoformat() if each.expires else "",
                excepts=tuple(sorted(each.excepts)),
            )
            for each in folder.policies.policies
        ),
        ended=folder.policies.ended,
        cases=results,
        untested=folder.own and not results,
    )


def _named(name: str) -> None:
    """Raises UsageError for a name that is no plain name of a policy file."""
    plain = name.isascii() and name.isprintable() and len(name) <= 200 and not name.startswith(".")
    if not plain or "/" in name or "\\" in name or not (name == FILE or name.endswith((_CEDAR, _CASES))):
        raise UsageError(f"{name[:200]!a} is no file of a policy: there are {FILE}, *{_CEDAR} and *{_CASES}")
