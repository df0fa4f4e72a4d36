"""Changes of agents' files that a command makes and does not name: by a patch, an archive, code, a folder's contents.

Belongs here: which commands may make such changes, and telling them where the files cannot be told.
Must not be here: computing what can be (`configuration.shell`), files that a command names (`configuration.outcome`).
"""

from collections.abc import Iterator

from spawngate.command.calls import Understood
from spawngate.command.context import CallContext
from spawngate.command.places import places
from spawngate.command.spawn_facts import SpawnFacts
from spawngate.configuration.backups import keeps
from spawngate.configuration.change_facts import ChangeFacts
from spawngate.configuration.files import Unknown
from spawngate.configuration.mentions import EDITORS, EVALUATORS, may_write, mentioned, reads_names
from spawngate.configuration.recognise import lies_beside, recognise
from spawngate.configuration.sed import WRITES
from spawngate.configuration.shell import Run

_COPIES = frozenset({"cp", "mv", "rsync", "ditto"})
_FOLDERS = frozenset({"project-root", "home"})
_LOOKED_IN = frozenset({"project-root", "home", "agent-folder"})
"""Classes of folders in which agents look for their files."""
_GIT_FILES = frozenset(
    {"apply", "checkout", "restore", "stash", "am", "read-tree", "checkout-index", "reset", "switch"}
)
_UNPACKS = frozenset(
    {"tar", "gtar", "bsdtar", "unzip", "7z", "7za", "cpio", "unrar", "gunzip", "bunzip2", "unxz", "python", "python3"}
)
_PATCHES = frozenset({"patch", "gpatch", "git", "apply_patch", "applypatch"})
_FILLS = {
    **dict.fromkeys(["git", "hg", "svn", "jj"], "version-control"),
    **dict.fromkeys(["rsync", "scp", "sftp"], "network"),
    **dict.fromkeys(["cp", "mv", "ln", "install"], "program"),
}
"""Programs that fill a folder with files which their arguments do not name, and why these are not known."""


def may_write_unnamed(understood: Understood) -> bool:
    """Whether a command may write files that its words do not name: by a patch, or by code."""
    return any(
        (facts.program in _PATCHES and (facts.program != "git" or not _GIT_FILES.isdisjoint(facts.words)))
        or (facts.program in _COPIES and _copies_contents(facts))
        or (facts.program in _UNPACKS and (facts.program[:6] != "python" or facts.words[:1] == ("-m",)))
        or (facts.program in ("sed", "gsed") and any(WRITES.search(word) for word in facts.words))
        or keeps(facts.program, facts.words)
        or (facts.program in EVALUATORS and _may_write(facts, facts.code or facts.line))
        for facts in understood.spawns
    )


def filled(understood: Understood, context: CallContext) -> Iterator[ChangeFacts]:
    """Folders of agents that a call fills with files that it does not name."""
    for facts in understood.spawns:
        reason = _FILLS.get(facts.program)
        if reason is None or "agent-folder" not in facts.write_places:
            continue
        for path in facts.writes:
            if "agent-folder" in places(path, context) and not recognise(path, context):
                yield ChangeFacts(change="unknown", path=path, reason=reason)


def unnamed(run: Run, place: int, facts: SpawnFacts, context: CallContext) -> Iterator[ChangeFacts]:
    """What one spawn may change besides the files that it names; `place` is that of the spawn in its program."""
    spawn = run.program.spawns[place]
    beside = any(lies_beside(path, context, spawn.cwd) for path in facts.writes) if place in run.untold else False
    if place in run.untold and (beside or not _LOOKED_IN.isdisjoint(facts.write_places) or not facts.writes):
        printed = run.printed.get(place)
        reason = printed.reason if isinstance(printed, Unknown) else "program"
        # Every checkout, patch and archive fills a project's folder; few fill a home or a folder of an agent.
        usual = not beside and reason != "link" and {"agent-folder", "home"}.isdisjoint(facts.write_places)
        yield ChangeFacts(
            change="unknown",
            path=next(iter(facts.writes), spawn.cwd or context.cwd or "."),
            reason=reason,
            labels=("folder",) if usual else ("unnamed",),
        )
    if facts.program in _COPIES and _copies_contents(facts):
        yield ChangeFacts(change="unknown", path=_bare(facts)[-1], reason="program", labels=("unnamed",))
    if place in run.opaque and facts.program in EVALUATORS:
        yield from _hidden_in_code(run, place, facts, context)


def _may_write(facts: SpawnFacts, code: str, *, fed: bool = True) -> bool:
    if facts.program not in EDITORS:
        return may_write(code)
    # A person opens files by their names alone; a script comes by an option or on the input.
    return fed or any(word.startswith(("-", "+")) for word in facts.words)


def _bare(facts: SpawnFacts) -> list[str]:
    return [word for word in facts.words if not word.startswith("-")] or [""]


def _copies_contents(facts: SpawnFacts) -> bool:
    """Whether all that is in a folder, hidden files too, goes into one in which agents look for their files."""
    sources = _bare(facts)[:-1]
    ends = ("/.", "/.*", "/.[!.]*", *(("/",) if facts.program == "rsync" else ()))
    whole = any(word.endswith(ends) for word in sources)
    return whole and bool(facts.writes) and not _FOLDERS.isdisjoint(facts.write_places)


def _hidden_in_code(run: Run, place: int, facts: SpawnFacts, context: CallContext) -> Iterator[ChangeFacts]:
    """Agents' files that code may write which is not computed, and whose names the facts do not have."""
    spawn = run.program.spawns[place]
    given = "" if facts.code or not spawn.reads_from else run.input(place)
    code = facts.code or "\n".join((*facts.words, given.decode("utf-8", "replace") if isinstance(given, bytes) else ""))
    if not _may_write(facts, code, fed=bool(spawn.reads_from or spawn.redirects)):
        return
    told = (*facts.writes, *(facts.reads if reads_names(facts.program) else ()))
    known = {run.files.place(path, spawn.cwd) for path in told}
    for name in mentioned(code, context, spawn.cwd, plain=not reads_names(facts.program)):
        at = run.files.place(name, spawn.cwd)
        if at not in known:
            readers = recognise(at, context) or recognise(name, context, spawn.cwd)
            yield ChangeFacts(
                change="unknown",
                agent=readers[0].name if readers else "",
                agents=tuple(dict.fromkeys(reader.agent for reader in readers)),
                scope=readers[0].location.scope.value if readers else "",
                path=at,
                reason="code",
                labels=("unnamed",),
            )
