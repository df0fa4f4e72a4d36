"""Programs that copy, move, link, make, empty and remove files.

Belongs here: where a source ends up, and with which contents. Must not be here: programs that print
(`configuration.programs`).
Source: the manual of GNU coreutils 9.4, read 2026-11.
"""

from collections.abc import Callable, Collection, Iterator, Sequence

from spawngate.command.arguments import read_arguments
from spawngate.command.spawn import Word
from spawngate.configuration.files import MISSING, Content, Missing, Unknown
from spawngate.configuration.shell import Run


def _targets(run: Run, at: int, values: Sequence[str]) -> tuple[list[Word], list[tuple[Word, str]]]:
    """Sources of cp, mv, ln or install, and with each the places where it may end up: the target, or below it."""
    spawn = run.program.spawns[at]
    texts = [word.text for word in spawn.argv[1:]]
    by_text = {word.text: word for word in spawn.argv[1:]}
    found = read_arguments(tuple(texts), values)
    rest = [by_text.get(text, Word(text)) for text in found.rest]
    folder = next(iter(found.values("-t", "--target-directory")), "")
    if folder:
        target, sources = Word(folder), rest
    elif len(rest) > 1:
        target, sources = rest[-1], rest[:-1]
    else:
        return [], []
    pairs: list[tuple[Word, str]] = []
    for source in sources:
        name = source.text.rstrip("/").rpartition("/")[2]
        if folder or len(sources) > 1 or target.text.endswith("/"):
            pairs.append((source, _below(run, at, target, name)))
        else:
            place = run.place(spawn, target)
            file, folder_ = _may_be(run, place)
            if file:
                pairs.append((source, place))
            if folder_:
                pairs.append((source, _below(run, at, target, name)))
    return sources, pairs


def _may_be(run: Run, place: str) -> tuple[bool, bool]:
    """Whether a target may be a file, and whether it may be a folder in which the source ends up."""
    if place in run.files.folders:
        return False, True
    if place in run.files.written:
        return True, False
    before = run.files.before(place)
    if isinstance(before, Unknown):
        return before.reason != "not-a-file", True
    return True, False


def _below(run: Run, at: int, folder: Word, name: str) -> str:
    text = f"{folder.text.rstrip('/')}/{name}"
    return run.place(run.program.spawns[at], Word(text, opaque=folder.opaque, glob=folder.glob))


def _states(run: Run, at: str) -> Iterator[Content]:
    """Every content that a file may have when it is copied."""
    states = run.files.written.get(at, [])
    if at.startswith("\0"):
        yield from states or [Unknown("variable")]
    elif run.conditional or not states:
        yield run.files.before(at)
        yield from states
    else:
        yield states[-1]


def _copy(run: Run, at: int) -> Content:
    spawn = run.program.spawns[at]
    sources, pairs = _targets(run, at, ("-t", "--target-directory", "-S", "--suffix", "-m", "-o", "-g"))
    moves = spawn.program == "mv"
    links = spawn.program in ("ln", "link")
    if spawn.program != "link":
        _keep(run, spawn.words, {place for _, place in pairs})
    for source, place in pairs:
        origin = run.place(spawn, source)
        if source.text.startswith("<(") and len(source.spawns) == 1:
            run.files.write(place, run.output(source.spawns[0]))
            continue
        if origin in run.files.folders:
            run.files.folders.add(place)
            for below in run.files.below(origin):
                run.files.write(place + below[len(origin) :], run.files.read(below))
            continue
        for content in list(_states(run, origin)):
            if not isinstance(content, Missing) or not run.files.written.get(origin):
                run.files.write(place, Unknown("not-there") if isinstance(content, Missing) else content)
        if links:
            run.files.write(place, Unknown("link"))
    if moves:
        for source in sources:
            run.files.write(run.place(spawn, source), MISSING)
    return b""


def _keep(run: Run, words: Sequence[str], places: Collection[str]) -> None:
    """What stood there, under the name that the command chooses for it."""
    suffix = read_arguments(words, ("-t", "--target-directory", *_SUFFIX)).values(*_SUFFIX)
    for place in places if suffix else ():
        old = run.read(place)
        run.files.write(place + suffix[-1], Unknown("not-there") if isinstance(old, Missing) else old)


_SUFFIX = ("-S", "--suffix")


def _make_folder(run: Run, at: int) -> Content:
    spawn = run.program.spawns[at]
    for word in spawn.argv[1:]:
        if not word.text.startswith("-"):
            run.files.folders.add(run.place(spawn, word))
    return b""


def _remove(run: Run, at: int) -> Content:
    spawn = run.program.spawns[at]
    for word in spawn.argv[1:]:
        if not word.text.startswith("-"):
            run.files.write(run.place(spawn, word), MISSING)
    return b""


def _touch(run: Run, at: int) -> Content:
    spawn = run.program.spawns[at]
    for word in spawn.argv[1:]:
        place = run.place(spawn, word)
        if not word.text.startswith("-") and isinstance(run.files.read(place), Missing):
            run.files.write(place, b"")
    return b""


def _truncate(run: Run, at: int) -> Content:
    spawn = run.program.spawns[at]
    found = read_arguments(spawn.words, ("-s", "--size", "-r", "--reference"))
    empties = found.value("-s", "--size") == "0"
    for name in found.rest:
        run.files.write(run.place(spawn, name), b"" if empties else Unknown("program"))
    return b""


def _dd(run: Run, at: int) -> Content:
    spawn = run.program.spawns[at]
    given = dict(word.text.partition("=")[::2] for word in spawn.argv[1:])
    content = run.named(at, Word(given["if"])) if "if" in given else run.input(at)
    if set(given) - {"if", "of", "bs", "status"}:
        content = Unknown("program")
    if "of" not in given:
        return content
    run.files.write(run.place(spawn, given["of"]), content)
    return b""


MOVES: dict[str, Callable[[Run, int], Content]] = {
    **dict.fromkeys(("cp", "mv", "ln", "link", "install"), _copy),
    "mkdir": _make_folder,
    "rm": _remove,
    "unlink": _remove,
    "touch": _touch,
    "truncate": _truncate,
    "dd": _dd,
}
"""Programs by name."""
