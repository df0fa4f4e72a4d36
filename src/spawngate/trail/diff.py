"""The difference between two snapshots: artifacts added, changed and removed, with old and new value per field, and
findings opened and closed.

Values are redacted already, so a rotated secret shows as a changed fingerprint and as nothing more.
Must not be here: where the previous snapshot comes from.
"""

from collections.abc import Iterable, Mapping, Sequence

from spawngate.model.artifact import Artifact, Launch
from spawngate.model.finding import Finding
from spawngate.model.json import Json
from spawngate.model.snapshot import Change, Difference, FindingChange

_QUIET = frozenset(
    {"detail.last_used", "detail.running", "detail.since", "detail.lines", "detail.bytes", "detail.projects"}
)
"""Fields that move without anything having been changed by anyone."""


def diff(previous: Iterable[Artifact], current: Iterable[Artifact]) -> tuple[Change, ...]:
    """Changes from one snapshot's artifacts to the next, sorted as artifacts are."""
    before = {artifact.id: artifact for artifact in previous}
    after = {artifact.id: artifact for artifact in current}
    changes: list[Change] = [Change("removed", before[key]) for key in before.keys() - after.keys()]
    for key, artifact in after.items():
        old = before.get(key)
        if old is None:
            changes.append(Change("added", artifact))
        elif old is not artifact and old != artifact:
            differences = compare(old, artifact)
            if differences:
                changes.append(Change("changed", artifact, differences))
    return tuple(sorted(changes, key=_order))


def compare_values(old: Mapping[str, Json], new: Mapping[str, Json]) -> tuple[Difference, ...]:
    """Differences of two documents, by dotted path."""
    left: dict[str, Json] = {}
    right: dict[str, Json] = {}
    for found, given in ((left, old), (right, new)):
        for key, value in given.items():
            _walk(key, value, found)
    return tuple(
        Difference(path, left.get(path), right.get(path))
        for path in sorted(left.keys() | right.keys())
        if left.get(path) != right.get(path)
    )


def diff_findings(
    previous: Iterable[Finding],
    current: Iterable[Finding],
    artifacts: Iterable[Artifact],
    removed: Iterable[Artifact] = (),
) -> tuple[FindingChange, ...]:
    """Findings that are new and findings that are gone, closed ones first, each sorted.

    One finding is one rule about one artifact with one fingerprint: another wording or severity opens nothing anew.
    `artifacts` are those of the current scan, `removed` those that it no longer has.
    """
    known = {artifact.id: artifact for artifact in artifacts}
    gone = {artifact.id: artifact for artifact in removed if artifact.id not in known}
    before = {_identity(finding): finding for finding in previous}
    after = {_identity(finding): finding for finding in current}
    changes = [
        FindingChange(
            "closed",
            before[key],
            known.get(key[0]) or gone.get(key[0]),
            "gone" if key[0] in known or not key[0] else "removed",
        )
        for key in sorted(before.keys() - after.keys())
    ]
    changes += [FindingChange("opened", after[key], known.get(key[0])) for key in sorted(after.keys() - before.keys())]
    return tuple(changes)


def follow(previous: Iterable[Finding], changes: Iterable[FindingChange]) -> tuple[Finding, ...]:
    """The findings after the changes, sorted. A finding that stays is kept as it was when it was opened."""
    found = {_identity(finding): finding for finding in previous}
    for change in changes:
        if change.change == "closed":
            found.pop(_identity(change.finding), None)
        else:
            found[_identity(change.finding)] = change.finding
    return tuple(found[key] for key in sorted(found))


def _identity(finding: Finding) -> tuple[str, str, str]:
    return finding.artifact, finding.rule, finding.fingerprint


def compare(old: Artifact, new: Artifact) -> tuple[Difference, ...]:
    """Differences of two records of one artifact, by path."""
    left, right = _flat(old), _flat(new)
    return tuple(
        Difference(path, left.get(path), right.get(path))
        for path in sorted(left.keys() | right.keys())
        if left.get(path) != right.get(path) and not any(path == q or path.startswith(q + ".") for q in _QUIET)
    )


def _flat(artifact: Artifact) -> dict[str, Json]:
    """The artifact as dotted paths to values. Lists are values: an inserted item is one change, not many."""
    found: dict[str, Json] = {
        "fingerprint": artifact.fingerprint,
        "status": artifact.status.value,
        "name": artifact.name,
        "path": artifact.path,
    }
    _walk("detail", artifact.detail, found)
    if artifact.launch is not None:
        _walk("launch", _launch(artifact.launch), found)
    return found


def _launch(launch: Launch) -> dict[str, Json]:
    fields: dict[str, Json] = {
        "transport": launch.transport.value,
        "command": launch.command,
        "args": list(launch.args),
        "env_names": list(launch.env_names),
        "env": dict(launch.env),
        "cwd": launch.cwd,
        "url": launch.url,
        "header_names": list(launch.header_names),
        "package": launch.package,
        "env_file": launch.env_file,
        "header_command": launch.header_command,
        "digest": launch.digest,
    }
    return {key: value for key, value in fields.items() if value is not None}


def _walk(path: str, value: Json, found: dict[str, Json]) -> None:
    if isinstance(value, Mapping):
        for key, item in value.items():
            _walk(f"{path}.{key}", item, found)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        found[path] = list(value)
    else:
        found[path] = value


def _order(change: Change) -> tuple[str, ...]:
    artifact = change.artifact
    return artifact.kind.value, artifact.agent, artifact.path, artifact.name, artifact.id
