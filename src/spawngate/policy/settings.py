"""The settings of a policy folder, `policy.toml`: which shipped set it builds on, and what failure means.

Belongs here: every key, what it must look like, and its default.
Must not be here: reading the folder (`endpoint.policy`), and Cedar.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from spawngate.launch.hosts import MOST_HOSTS
from spawngate.launch.hosts import problem as host_problem
from spawngate.model.decision import Mode, Verdict
from spawngate.model.errors import UsageError
from spawngate.policy.bounds import toml_problem
from spawngate.policy.confinement import MOST_PATHS, Confinement
from spawngate.policy.confinement import problem as path_problem
from spawngate.policy.policies import SETS

FILE = "policy.toml"
NONE = "none"
"""`base` of a folder that stands by itself."""
PROBATIONS = ("new", "always", "never")


@dataclass(frozen=True, slots=True)
class LaunchSettings:
    """What the launcher does besides asking the policies, `[launches]`."""

    probation: str = ""
    """When a server runs confined first, until it has answered as an MCP server does: at the first start of what was
    not started before (`new`), `always`, `never`. Empty: `always` under the strict set, else `new`."""
    no_sandbox: Verdict = Verdict.ALLOW
    """What happens where a server is to be confined, on probation or for good, and the system has nothing to do it."""
    changed_tools: str = "withhold"
    """A tool that is new or another one since the list was approved: `withhold` it until then, or `log`."""

    sandbox: Confinement | None = None
    """What granted servers are confined to whose approvals do not say; None: they are not confined."""

    def probation_under(self, base: str) -> str:
        """`new`, `always` or `never`, with the shipped set `base`."""
        return self.probation or ("always" if base == "strict" else "new")


@dataclass(frozen=True, slots=True)
class FolderSettings:
    """Whose the files are that agents read, `[folders]`. Patterns as in a shell, `~` for the home."""

    trusted: tuple[str, ...] = ()
    """Empty: the folder in which a session began is the person's own. Else only what lies below one of these is."""
    untrusted: tuple[str, ...] = ()
    """What lies below one of these was written by others, wherever a session began."""


OUTSIDE = ("log", "disable", "revert")
"""What becomes of a change of an agent's file that no decided call made and that policy denies. `disable`: server
entries are switched off until they are approved; where something else is denied too, the whole is taken back."""


@dataclass(frozen=True, slots=True)
class PolicySettings:
    """How a policy set is applied."""

    base: str = "baseline"
    """The shipped set that the folder's own policies are added to, or `none`."""
    mode: Mode = Mode.ENFORCE
    modes: Mapping[str, Mode] = field(default_factory=dict)
    """Modes of single agents, by id."""
    refusals: Verdict = Verdict.DENY
    """What becomes of a policy's deny: `deny`, or `ask` while a policy is being introduced."""
    not_understood: Verdict = Verdict.DENY
    """Verdict for a payload of a hook that cannot be understood, in enforce mode."""
    not_recorded: Verdict = Verdict.DENY
    """Verdict where the record cannot be written, in enforce mode."""
    alone: Verdict = Verdict.DENY
    """What the hook client decides by itself when the daemon does not answer, in enforce mode."""
    approvals: bool = False
    """Launches need an approval."""
    launches: LaunchSettings = field(default_factory=LaunchSettings)
    folders: FolderSettings = field(default_factory=FolderSettings)
    outside: str = "log"
    """`[configuration] outside`: one of OUTSIDE."""

    def mode_of(self, agent: str) -> Mode:
        """The mode for one agent."""
        return self.modes.get(agent, self.mode)


def parse_settings(path: str, text: str) -> PolicySettings:
    """The settings in a `policy.toml`. Raises UsageError that names the file and the key."""
    if problem := toml_problem(text):
        raise UsageError(f"{path}: {problem}")
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"{path}: is no TOML ({error}); correct it there") from None
    known = {"schema_version", "base", "mode", "modes", "refusals", "failure"}
    known |= {"approvals", "launches", "folders", "configuration"}
    for key in sorted(table.keys() - known):
        raise UsageError(f"{path}: {key}: is no setting; there are {', '.join(sorted(known))}")
    if table.get("schema_version", 1) != 1:
        raise UsageError(f"{path}: schema_version: is {table['schema_version']!r}; this version reads 1")
    modes = _table(path, table, "modes")
    failure = _table(path, table, "failure")
    for key in sorted(failure.keys() - {"not_understood", "not_recorded", "alone"}):
        raise UsageError(f"{path}: failure.{key}: is none of not_understood, not_recorded, alone")
    approvals = table.get("approvals", False)
    if not isinstance(approvals, bool):
        raise UsageError(f"{path}: approvals: must be true or false")
    words = ("allow", "deny")
    return PolicySettings(
        base=_word(path, "base", table.get("base", "baseline"), (*SETS, NONE)),
        mode=Mode(_word(path, "mode", table.get("mode", "enforce"), tuple(Mode))),
        modes={agent: Mode(_word(path, f"modes.{agent}", value, tuple(Mode))) for agent, value in modes.items()},
        refusals=Verdict(_word(path, "refusals", table.get("refusals", "deny"), ("deny", "ask"))),
        not_understood=Verdict(
            _word(path, "failure.not_understood", failure.get("not_understood", "deny"), (*words, "ask"))
        ),
        not_recorded=Verdict(_word(path, "failure.not_recorded", failure.get("not_recorded", "deny"), words)),
        alone=Verdict(_word(path, "failure.alone", failure.get("alone", "deny"), words)),
        approvals=approvals,
        launches=_launches(path, table),
        folders=_folders(path, table),
        outside=_outside(path, table),
    )


def _outside(path: str, table: Mapping[str, Any]) -> str:
    given = _table(path, table, "configuration")
    for key in sorted(given.keys() - {"outside"}):
        raise UsageError(f"{path}: configuration.{key}: is not outside")
    return _word(path, "configuration.outside", given.get("outside", "log"), OUTSIDE)


def _launches(path: str, table: Mapping[str, Any]) -> LaunchSettings:
    given = _table(path, table, "launches")
    for key in sorted(given.keys() - {"probation", "no_sandbox", "changed_tools", "sandbox"}):
        raise UsageError(f"{path}: launches.{key}: is none of probation, no_sandbox, changed_tools, sandbox")
    probation = given.get("probation", "")
    return LaunchSettings(
        probation=_word(path, "launches.probation", probation, PROBATIONS) if "probation" in given else "",
        no_sandbox=Verdict(_word(path, "launches.no_sandbox", given.get("no_sandbox", "allow"), ("allow", "deny"))),
        changed_tools=_word(
            path, "launches.changed_tools", given.get("changed_tools", "withhold"), ("withhold", "log")
        ),
        sandbox=_sandbox(path, given["sandbox"]) if "sandbox" in given else None,
    )


def _sandbox(path: str, given: object) -> Confinement:
    if not isinstance(given, dict):
        raise UsageError(f"{path}: launches.sandbox: must be a table [launches.sandbox]")
    for key in sorted(given.keys() - {"read", "write", "network", "hosts"}):
        raise UsageError(f"{path}: launches.sandbox.{key}: is none of read, write, network, hosts")
    if not isinstance(given.get("network", False), bool):
        raise UsageError(f"{path}: launches.sandbox.network: must be true or false")
    for key in ("read", "write"):
        paths = given.get(key, [])
        if not isinstance(paths, list) or not all(isinstance(each, str) for each in paths):
            raise UsageError(f"{path}: launches.sandbox.{key}: must be a list of paths")
        if len(paths) > MOST_PATHS:
            raise UsageError(f"{path}: launches.sandbox.{key}: there are more than {MOST_PATHS} paths")
        for each in paths:
            wrong = path_problem(each)
            if wrong:
                raise UsageError(f"{path}: launches.sandbox.{key}: {each!r} {wrong}")
    hosts = given.get("hosts", [])
    if not isinstance(hosts, list) or not all(isinstance(each, str) for each in hosts):
        raise UsageError(f"{path}: launches.sandbox.hosts: must be a list of hosts")
    if len(hosts) > MOST_HOSTS:
        raise UsageError(f"{path}: launches.sandbox.hosts: there are more than {MOST_HOSTS} hosts")
    for each in hosts:
        wrong = host_problem(each)
        if wrong:
            raise UsageError(f"{path}: launches.sandbox.hosts: {each!r} {wrong}")
    if hosts and given.get("network", False):
        raise UsageError(f"{path}: launches.sandbox.network: gives the whole network; leave it out beside hosts")
    return Confinement(
        tuple(given.get("read", ())),
        tuple(given.get("write", ())),
        network=given.get("network", False),
        hosts=tuple(hosts),
    )


def _folders(path: str, table: Mapping[str, Any]) -> FolderSettings:
    given = _table(path, table, "folders")
    for key in sorted(given.keys() - {"trusted", "untrusted"}):
        raise UsageError(f"{path}: folders.{key}: is none of trusted, untrusted")
    for key, value in given.items():
        if not isinstance(value, list) or not all(isinstance(each, str) and each[:1] in ("/", "~") for each in value):
            raise UsageError(f"{path}: folders.{key}: must be a list of folders that begin with / or ~")
    return FolderSettings(tuple(given.get("trusted", ())), tuple(given.get("untrusted", ())))


def _table(path: str, table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = table.get(key, {})
    if not isinstance(value, dict):
        raise UsageError(f"{path}: {key}: must be a table [{key}]")
    return value


def _word(path: str, key: str, value: object, words: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in words:
        raise UsageError(f"{path}: {key}: is {value!r} and must be one of {', '.join(words)}")
    return value
