"""SHELL. `spawngate advisories list|match|import`.

Must not be here: matching (`advisories`), and looking at the disk (`endpoint.projects`).
"""

import json
import os
import sys
from collections.abc import Sequence

import click

from spawngate.advisories.document import of_advisory, of_matches
from spawngate.advisories.match import Match, archived, match
from spawngate.advisories.model import Advisory, Answer
from spawngate.advisories.subjects import Source, Subject, from_purl, of_artifacts
from spawngate.endpoint.advisories import import_path, load
from spawngate.endpoint.inventory import Inventory, Request
from spawngate.endpoint.projects import survey
from spawngate.endpoint.state import State, default_folder
from spawngate.model.errors import UsageError
from spawngate.model.json import Json
from spawngate.model.observed import Diagnostic
from spawngate.report.terminal import escape

FORMATS = ("table", "json")
_STYLE = click.option(
    "--format", "style", type=click.Choice(FORMATS), default="table", show_default=True, help="Output."
)
_OUTPUT = click.option("--output", "-o", default="-", metavar="FILE", help="Write there instead of to stdout.")
_FAILS = {
    "affected": (Answer.AFFECTED, Answer.NO_FIX),
    "uncertain": (Answer.AFFECTED, Answer.NO_FIX, Answer.UNCERTAIN),
}


@click.group("advisories")
def command() -> None:
    """Known faults and malicious releases of MCP servers and agents, and what they hit here. Works offline."""


@command.command("list")
@click.argument("identifiers", nargs=-1, metavar="[ID]...")
@click.option("--product", default="", metavar="TEXT", help="Only of products and packages whose name holds TEXT.")
@_STYLE
@_OUTPUT
def list_(identifiers: tuple[str, ...], product: str, style: str, output: str) -> None:
    """The advisories in force, or those with the ids or aliases ID."""
    database, diagnostics = load(State(default_folder(os.environ)).folder)
    if identifiers:
        chosen: list[Advisory] = []
        for identifier in identifiers:
            found = database.get(identifier)
            if found is None:
                raise UsageError(f"{identifier}: no such advisory; `spawngate advisories list` shows all")
            chosen.append(found)
    else:
        chosen = [one for one in database if not one.withdrawn]
    chosen = [one for one in chosen if _about(one, product.casefold())]
    _complain(diagnostics)
    if style == "json":
        document = {"schema_version": 1, "advisories": [of_advisory(one) for one in chosen]}
        _write(output, _json(document))
        return
    lines = [_listed(one) for one in chosen]
    _write(output, ("\n".join([*lines, f"{len(chosen)} advisories"]) + "\n").encode())


def _about(advisory: Advisory, text: str) -> bool:
    names = (advisory.product, *(entry.name for entry in advisory.affected))
    return any(text in name.casefold() for name in names)


def _listed(advisory: Advisory) -> str:
    severity = advisory.severity.value if advisory.severity is not None else "unrated"
    mark = "malicious" if advisory.malicious else "no fix known" if advisory.no_fix_known else ""
    fix = f"fixed in {advisory.fixed_text}" if advisory.fixed_text and not mark else mark
    head = f"{advisory.id}  {severity}  {advisory.product}" + (f"  ({fix})" if fix else "")
    return escape(head) + "\n    " + escape(advisory.summary)


@command.command("import")
@click.argument("path", metavar="FILE|DIR")
def import_(path: str) -> None:
    """Take in OSV 1.x records: a file with one or a list, a folder of them, or a ZIP archive as OSV exports it.

    They are kept in the state folder, for this user only, and joined with the ones in the wheel by id: of two records
    with one id the one that was modified last counts.
    """
    done = import_path(State(default_folder(os.environ)).folder, path)
    _complain(done.diagnostics)
    click.echo(f"{done.added} added, {done.updated} updated, {done.unchanged} already there")
    if done.diagnostics and not (done.added or done.updated or done.unchanged):
        raise UsageError(f"{path}: nothing in it could be imported")


@command.command("match")
@click.argument("purls", nargs=-1, metavar="[PURL]...")
@click.option("--home", "homes", multiple=True, metavar="DIR", help="A home to look at (repeatable).")
@click.option("--root", "roots", multiple=True, metavar="DIR", help="Look for projects below DIR (repeatable).")
@click.option("--sysroot", default="", metavar="DIR", help="Take machine-wide files from below DIR.")
@click.option("--network", is_flag=True, help="Read files on network mounts too.")
@click.option("--no-search", is_flag=True, help="Do not look for projects in the homes.")
@click.option("--all", "everything", is_flag=True, help="Show what is fixed or not affected in the table too.")
@click.option("--fail-on", type=click.Choice(tuple(_FAILS)), help="Exit with 1 when there is such an answer.")
@_STYLE
@_OUTPUT
def match_(
    purls: tuple[str, ...],
    homes: tuple[str, ...],
    roots: tuple[str, ...],
    sysroot: str,
    network: bool,
    no_search: bool,
    everything: bool,
    fail_on: str | None,
    style: str,
    output: str,
) -> None:
    """Match this machine with the advisories, or only the packages PURL (`pkg:pypi/litellm@1.82.7`).

    Looked at: what servers launch, extensions, tools, agents, installed packages and launchers' caches in homes, and
    below each --root lock files, installed packages, container files, applications and clones.
    """
    state = State(default_folder(os.environ))
    database, trouble = load(state.folder)
    diagnostics = list(trouble)
    statistics: dict[str, Json] = {}
    if purls:
        subjects = [_asked(text) for text in purls]
    else:
        wanted = Request(homes, roots, sysroot, network, processes=False, search_homes=not no_search)
        inventory = Inventory(state, wanted)
        plan = inventory.plan
        # Collected and not taken: a look at advisories must not become the snapshot that the next scan compares with.
        found = inventory.collector.collect(plan)
        looked = survey(
            database.wants,
            homes=plan.homes,
            roots=plan.roots,
            system_root=plan.system_root,
            platform=plan.platform,
            artifacts=found.artifacts,
            network=network,
        )
        subjects = [*of_artifacts(found.artifacts, plan.platform), *looked.subjects]
        diagnostics += [*found.diagnostics, *looked.diagnostics]
        statistics = {"artifacts": len(found.artifacts), "files_read": found.files + looked.files}
    matches = match(subjects, database)
    left = archived(subjects, database)
    if style == "json":
        _write(output, _json(of_matches(matches, left, diagnostics, {"subjects": len(subjects), **statistics})))
    else:
        shown = matches if everything else [one for one in matches if one.hits]
        lines = [_matched(one) for one in shown]
        lines += [f"archived upstream: {_named(subject)}\n    {escape(known.note)}" for subject, known in left]
        lines.append(_counted(matches, len(left)))
        _complain(diagnostics)
        _write(output, ("\n".join(lines) + "\n").encode("utf-8", "replace"))
    if fail_on is not None and any(one.answer in _FAILS[fail_on] for one in matches):
        sys.exit(1)


def _asked(text: str) -> Subject:
    subject = from_purl(text, Source.QUESTION)
    if subject is None:
        raise UsageError(f"{text}: no package URL of a kind that advisories speak of; write pkg:npm/NAME@VERSION")
    return subject


def _matched(one: Match) -> str:
    severity = one.advisory.severity.value if one.advisory.severity is not None else "unrated"
    fix = f", fixed in {one.fixed_in}" if one.fixed_in and one.hits else ""
    kind = "malicious, " if one.advisory.malicious else ""
    head = f"{one.answer.value.upper()}  {one.advisory.id} ({kind}{severity}{fix})  {_named(one.subject)}"
    return "\n    ".join((escape(head), escape(one.why), escape(one.advisory.summary)))


def _named(subject: Subject) -> str:
    version = subject.pin.text or subject.pin.version
    place = " in ".join(part for part in (subject.owner, subject.path) if part)
    return escape(
        f"{subject.ecosystem} {subject.name}{f' {version}' if version else ''}" + (f": {place}" if place else "")
    )


def _counted(matches: Sequence[Match], archived_count: int) -> str:
    counts = [(answer.value, sum(1 for one in matches if one.answer is answer)) for answer in Answer]
    words = [f"{count} {name}" for name, count in counts if count]
    words += [f"{archived_count} archived upstream"] if archived_count else []
    return ", ".join(words) or "nothing that an advisory speaks of"


def _complain(diagnostics: Sequence[Diagnostic]) -> None:
    for one in diagnostics:
        click.echo(escape(f"spawngate: {one.path}: {one.reason}: {one.message}"), err=True)


def _write(output: str, data: bytes) -> None:
    """To stdout, or to a file that only this user may read."""
    if output == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        with os.fdopen(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
    except OSError as error:
        raise UsageError(f"cannot write {output} ({error.strerror}); name another file with --output") from None


def _json(value: object) -> bytes:
    return json.dumps(value, indent=2, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
