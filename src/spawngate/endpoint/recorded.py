"""SHELL. Which inventory is in the trail, and bringing the trail up to the one that was just taken.

Where a daemon runs, its collector takes inventories and the daemon is the only writer of the trail. Without one the
commands that take them (`scan`, `up`) write what changed since the last inventory that the trail knows.
Must not be here: taking inventories (`inventory`), the trail (`endpoint.trail`), what differs (`trail.diff`).
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from spawngate.endpoint.inventory import Request
from spawngate.endpoint.judge import Judge
from spawngate.endpoint.state import State
from spawngate.model.errors import StateError
from spawngate.model.finding import Finding
from spawngate.model.snapshot import Change, FindingChange, Snapshot
from spawngate.trail.diff import diff, diff_findings, follow
from spawngate.trail.event import artifact_event, finding_event

FINDINGS_FILE = "trail-findings.json"
"""Findings whose openings are in the trail."""
LOCK_SECONDS = 0.3


class RecordedState(State):
    """The state folder, with a last snapshot of its own: the last one whose changes are in the trail.

    What `spawngate scan` compares with is another, so that a scan by hand takes nothing away from the trail.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._waiting: tuple[Snapshot, Sequence[str], Sequence[str], str] | None = None

    def keep(self, snapshot: Snapshot, homes: Sequence[str], roots: Sequence[str], system_root: str = "") -> None:
        """Remember the snapshot until `recorded`."""
        self._waiting = snapshot, homes, roots, system_root

    def recorded(self) -> None:
        """The changes up to the last snapshot are recorded. Raises StateError where that cannot be written down."""
        if self._waiting is not None:
            super().keep(*self._waiting)
            self._waiting = None

    def findings(self) -> tuple[Finding, ...]:
        """The findings whose openings are recorded; none where that cannot be read: they are told once more."""
        try:
            return msgspec.json.decode((self.folder / FINDINGS_FILE).read_bytes(), type=tuple[Finding, ...])
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return ()

    def keep_findings(self, findings: Sequence[Finding]) -> None:
        """Remember the findings whose openings are recorded. Raises StateError where that cannot be written down."""
        temporary = self._temporary(msgspec.json.encode(findings))
        path = self.folder / FINDINGS_FILE
        try:
            os.replace(temporary, path)
        except OSError as error:
            Path(temporary).unlink(missing_ok=True)
            raise StateError(f"cannot write {path} ({error.strerror})") from None

    def _snapshot_path(self, homes: Sequence[str], roots: Sequence[str], system_root: str) -> Path:
        path = super()._snapshot_path(homes, roots, system_root)
        return path.with_name(f"trail-{path.name}")


def everything(snapshot: Snapshot) -> tuple[Change, ...]:
    """What a first inventory changes: all that it has is added."""
    return tuple(Change("added", artifact) for artifact in snapshot.artifacts)


def findings_changed(
    before: Iterable[Finding], now: Iterable[Finding], snapshot: Snapshot, changes: Iterable[Change]
) -> tuple[FindingChange, ...]:
    """Findings opened and closed between two inventories, the later of which is `snapshot`."""
    removed = [change.artifact for change in changes if change.change == "removed"]
    return diff_findings(before, now, snapshot.artifacts, removed)


def is_whole(request: Request) -> bool:
    """An inventory of this machine as the daemon takes it. Others see less: what they lack was not removed."""
    return request == Request(environment=request.environment)


def record(state: State, snapshot: Snapshot) -> str:
    """Bring the trail up to `snapshot`, an inventory that `is_whole`, where no daemon does; why not, or nothing.

    What another process keeps from being written now is written after the next inventory.
    """
    if not hasattr(os, "fork"):
        return ""  # Windows has neither a daemon nor a trail; their modules cannot be loaded there.
    from spawngate.endpoint.daemon import control
    from spawngate.endpoint.daemon.place import place
    from spawngate.endpoint.trail.store import TrailBusyError, TrailStore

    if control.runs(state.folder):
        return ""
    recorded = RecordedState(state.folder)
    last = recorded.last(snapshot.homes, snapshot.roots)
    changes = everything(snapshot) if last is None else diff(last.artifacts, snapshot.artifacts)
    if last is not None and not changes:
        return ""
    before = () if last is None else recorded.findings()
    # As the collector judges, and not by the trust policy and rules that one command was given: else both would take
    # turns in opening what the other closes.
    found = findings_changed(before, Judge().judge(snapshot).findings, snapshot, changes)
    events = [artifact_event(change, snapshot.taken_at, snapshot.endpoint) for change in changes]
    events += [finding_event(change, snapshot.taken_at, snapshot.endpoint) for change in found]
    try:
        with TrailStore(place(state.folder).trail, endpoint=snapshot.endpoint, wait=LOCK_SECONDS) as trail:
            trail.append(events)
        recorded.keep(snapshot, snapshot.homes, snapshot.roots)
        recorded.recorded()
        recorded.keep_findings(follow(before, found))
    except TrailBusyError:
        return ""
    except StateError as error:
        return f"what changed could not be noted in the trail: {error}"
    return ""
