"""SHELL. One scan of one tree: read, lower, scan, answer for suppressions and baseline.

Belongs here: which parts are asked in which order, and the limits of time.
Must not be here: output and arguments (`cli`), what a finding is (`codescan`), what is remembered (`keeping`).
"""

import contextlib
import gc
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from spawngate.codescan.baseline import Baseline, compare
from spawngate.codescan.evidence import mentions
from spawngate.codescan.finding import ProjectResult
from spawngate.codescan.frontends import language_of
from spawngate.codescan.ir import Module, Trouble
from spawngate.codescan.models.document import ModelError
from spawngate.codescan.models.load import parse_library, shipped
from spawngate.codescan.models.model import Language, LibraryModel, Models
from spawngate.codescan.outcome import Outcome, against
from spawngate.codescan.packages import says_names
from spawngate.codescan.scan import scan
from spawngate.codescan.sdk import is_manifest, projects
from spawngate.codescan.suppress import FILE as SUPPRESSIONS
from spawngate.codescan.suppress import Suppression, answer, inline, of_file
from spawngate.endpoint import files
from spawngate.endpoint.codescan.changes import Changes, changes_since
from spawngate.endpoint.codescan.index import Index, NoIndex, result_key
from spawngate.endpoint.codescan.walk import Limits, Tree, joined, read_tree
from spawngate.endpoint.codescan.workers import GIVEN_UP, Workers
from spawngate.model.errors import UsageError
from spawngate.model.observed import Diagnostic

SECONDS = 300.0
"""Seconds after which no further file is lowered and no launch followed; what was found is told, as incomplete."""
MOST_JOBS = 8
"""Processes that lower files: the slice itself is one."""
MAX_MODEL = 1 << 20
"""Bytes of one file of models."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is wanted of a scan."""

    path: str
    more: tuple[str, ...] = ()
    """Further trees that are one program with the first."""
    models: tuple[LibraryModel, ...] = ()
    """Models besides those that are shipped: of the caller."""
    baseline: Baseline | None = None
    baseline_path: str = ""
    since: str = ""
    """A revision; only findings whose path meets a file that changed since are told."""
    untrusted: bool = False
    """The tree is somebody else's: its own suppressions and models do not count."""
    network: bool = False
    jobs: int = 2
    seconds: float = SECONDS
    last: bool = False
    """The process ends after this scan."""
    limits: Limits | None = None


def models_in(folder: str) -> tuple[LibraryModel, ...]:
    """The models of a folder's `*.yaml`. Raises UsageError for a folder or file that cannot be used."""
    try:
        names = sorted(name for name in os.listdir(folder) if name.endswith((".yaml", ".yml")))
    except OSError:
        raise UsageError(f"--models {folder}: no such folder; give one that holds *.yaml") from None
    if not names:
        raise UsageError(f"--models {folder}: holds no *.yaml")
    found = []
    for name in names:
        path = os.path.join(folder, name)
        try:
            data = files.read(path, MAX_MODEL)
        except files.Unreadable as error:
            raise UsageError(f"{path}: {error.message}") from None
        found.append(_library(path, data))
    return tuple(found)


def run(
    request: Request, index: Index | None = None, workers: Workers | None = None, *, today: date | None = None
) -> Outcome:
    """Scan one tree. Raises UsageError for a path, revision or model that cannot be used.

    workers: the processes, where the caller keeps them for several trees.
    """
    with contextlib.ExitStack() as stack:
        held = workers or stack.enter_context(processes(request.jobs))
        return _run(request, index or NoIndex(), held, today)


def processes(jobs: int) -> Workers:
    """Processes that lower files; none is started before it is needed."""
    return Workers(jobs=min(jobs, MOST_JOBS))


def _run(request: Request, index: Index, workers: Workers, today: date | None) -> Outcome:
    trees = [read_tree(path, request.limits, network=request.network) for path in (request.path, *request.more)]
    if request.more and request.since:
        raise UsageError("--together and --changed-since: trees that lie apart have no revision in common")
    tree = joined(trees) if request.more else trees[0]
    changes = changes_since(tree.root, request.since, tree.files, tuple(tree.nested)) if request.since else None
    name = "+".join(os.path.basename(each.root) for each in trees) if request.more else os.path.basename(tree.root)
    name = name or tree.root
    manifests = [(path, data) for path, data in tree.others.items() if is_manifest(path.rpartition("/")[2])]
    found, trouble = projects(manifests, name)
    diagnostics = [*tree.diagnostics, *trouble]
    if changes is not None and not _may_matter(changes):
        result = ProjectResult(mcp=any(map(mentions, tree.sources.values())), incomplete=tree.cut)
    else:
        models = _models(request, tree, diagnostics)
        says = any(use.direct and (use.sdk.official or "mcp" in use.sdk.package) for item in found for use in item.uses)
        result = _scanned(request, tree, models, index, workers, says)
    outcome = Outcome(
        root=tree.root,
        name=name,
        taken_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        result=replace(result, incomplete=result.incomplete or tree.cut),
        projects=found,
        diagnostics=tuple(diagnostics),
        skipped=dict(sorted(tree.skipped.items())),
    )
    return _answered(request, tree, outcome, changes, today or datetime.now(UTC).date())


def _may_matter(changes: Changes) -> bool:
    """Whether anything changed that a finding could depend on: a source, a manifest, a suppression."""
    return bool(changes.changed or any(language_of(path) for path in changes.gone))


def _models(request: Request, tree: Tree, diagnostics: list[Diagnostic]) -> Models:
    own: list[LibraryModel] = []
    for path, data in tree.models.items():
        if request.untrusted:
            diagnostics.append(Diagnostic(path, "not-trusted", "is a model of the scanned tree, and does not count"))
            continue
        own.append(_library(os.path.join(tree.root, path), data))
    return shipped(_languages(tree)).joined([*own, *request.models])


def _languages(tree: Tree) -> frozenset[Language]:
    return frozenset(Language(language) for path in tree.sources if (language := language_of(path)) is not None)


def _library(path: str, data: bytes) -> LibraryModel:
    try:
        return parse_library(path, data.decode("utf-8"))
    except UnicodeDecodeError:
        raise ModelError(path, 1, "is not UTF-8") from None


def _scanned(request: Request, tree: Tree, models: Models, index: Index, workers: Workers, says: bool) -> ProjectResult:
    """The scan, with lowering from the index or by the processes."""
    until = time.monotonic() + request.seconds
    names = {path: data for path, data in tree.others.items() if says_names(path)}
    ours = {id(library) for library in shipped(_languages(tree)).libraries}  # they are in the key by their files
    own = [library for library in models.libraries if id(library) not in ours]
    known = repr((own, says, sorted(names.items())))
    key = result_key(tree.sources, known.encode("utf-8", "surrogatepass"))
    kept = index.result(key)
    if kept is not None:
        return kept
    late = False

    def lowering(path: str, source: bytes) -> Module:
        module = index.get(path, source)
        if module is not None:
            return module
        module = workers.lower(path, source, until)
        if module is None:
            return _not_reached(path)
        if not _ended(module):
            index.put(path, source, module)
        return module

    def ahead(paths: Sequence[str]) -> None:
        workers.ahead((path, tree.sources[path]) for path in paths if not index.has(path, tree.sources[path]))

    def expired() -> bool:
        nonlocal late
        late = late or time.monotonic() > until
        return late

    workers.begin()
    with _uncollected(request.last):
        sources = {**names, **tree.sources}
        result = scan(sources, models, lowering=lowering, ahead=ahead, manifests_say=says, expired=expired)
        for path, module in workers.rest():
            if not _ended(module):
                index.put(path, tree.sources[path], module)
    if late or any(trouble.what in (_TOO_LATE, GIVEN_UP) for trouble in result.troubles):
        return replace(result, incomplete=True)
    index.put_result(key, result)
    return result


@contextmanager
def _uncollected(last: bool) -> Iterator[None]:
    """Without the collector of cycles: a scan makes millions of small values that live as long as it does, and looking
    through them again and again is a fifth of its time.

    last: the process ends after this tree, which gives everything back at once; looking for what could be given back
    before is a twentieth of its time.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if last:
            gc.freeze()
        if was:
            gc.enable()


_TOO_LATE = "the time of this scan was over; the file was not looked at"


def _not_reached(path: str) -> Module:
    language = language_of(path)
    assert language is not None
    return Module(path, language, (), troubles=(Trouble(1, 0, _TOO_LATE),), incomplete=True)


def _ended(module: Module) -> bool:
    """The file was given up: another machine, or another day, may read it."""
    return any(trouble.what == GIVEN_UP for trouble in module.troubles)


def _answered(request: Request, tree: Tree, outcome: Outcome, changes: Changes | None, today: date) -> Outcome:
    """The outcome after suppressions, baseline and revision."""
    findings = outcome.result.findings
    notes: list[Diagnostic] = []
    if not request.untrusted:
        held, notes = _suppressions(tree.sources, tree.others)
        answered = answer(findings, held, today)
        findings, notes = answered.findings, [*notes, *answered.notes]
    if request.baseline is not None:
        compared = compare(findings, request.baseline, request.baseline_path)
        findings, notes = compared.findings, [*notes, *compared.notes]
    outcome = replace(outcome, result=replace(outcome.result, findings=findings), notes=tuple(notes))
    if changes is None:
        return outcome
    # A suppression that a revision left without its finding is not unused.
    kept = tuple(note for note in outcome.notes if note.reason not in ("suppression-unused", "baseline-gone"))
    return against(replace(outcome, notes=kept), request.since, changes.commit, changes.changed | changes.gone)


def _suppressions(
    sources: Mapping[str, bytes], others: Mapping[str, bytes]
) -> tuple[list[Suppression], list[Diagnostic]]:
    held: list[Suppression] = []
    notes: list[Diagnostic] = []
    for path, source in sources.items():
        found, wrong = inline(path, source)
        held += found
        notes += wrong
    for path, data in others.items():
        if path == SUPPRESSIONS or path.endswith(f"/{SUPPRESSIONS}"):
            found, wrong = of_file(data.decode("utf-8", "replace"), path)
            # Of a tree that was joined with others the file speaks of that tree alone.
            prefix = path.removesuffix(SUPPRESSIONS)
            held += [replace(item, path=prefix + item.path) for item in found]
            notes += wrong
    return held, notes
