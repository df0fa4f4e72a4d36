"""Programs that unpack archives: which files they leave, where the archive can be read.

Belongs here: their command lines, and where members go. Must not be here: the formats (`configuration.archives`).
Sources, read 2026-11: GNU tar 1.35 and bsdtar 3.7 manuals, Info-ZIP unzip 6.00, the `tarfile` and `zipfile` command
lines of Python 3.11.
Where the archive cannot be read, files that agents read may be in it: that is noted (`Run.untold`).
"""

import fnmatch
import posixpath
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from spawngate.command.arguments import read_arguments
from spawngate.command.context import CallContext
from spawngate.command.places import places
from spawngate.command.spawn import Word
from spawngate.configuration.archives import Form, Member, NotReadable, decompressed, members_of
from spawngate.configuration.files import Content, Unknown, joined
from spawngate.configuration.recognise import recognise
from spawngate.configuration.shell import Run
from spawngate.launch.argv import word_set

MOST_KEPT = 64
"""Members that no agent reads and that are kept all the same: the rest of the command may use them."""
_SMALL = 65_536
MOST_FOLLOWED = 200_000
"""Members that are looked at for all links to folders together."""
_CHOOSES = word_set("TAR_OPTIONS TAR_READER_OPTIONS UNZIP UNZIPOPT GZIP BZIP BZIP2 XZ_OPT XZ_DEFAULTS")
"""Variables that hold options."""
_TAR_VALUES = word_set(
    """
    -f --file -C --directory --cd --strip-components --transform --xform -s --exclude -X --exclude-from -T --files-from
    -b -H --format -I --use-compress-program --owner --group --mode --one-top-level -K -N -g --include --newer --suffix
    --occurrence
    """
)
_TAR_KNOWN = word_set(
    """
    -x -f -C -v -w -z -j -J -a -k -m -p -o -O -U -b --extract --get --file --directory --cd --strip-components --exclude
    --verbose --gzip --gunzip --bzip2 --xz --auto-compress --keep-old-files --skip-old-files --keep-newer-files
    --overwrite --unlink-first --touch --preserve-permissions --same-permissions --no-same-permissions --same-owner
    --no-same-owner --owner --group --mode --to-stdout --no-overwrite-dir --warning --checkpoint --totals --wildcards
    --numeric-owner
    """
)
"""Options that leave the files where their names say; GNU tar takes beginnings of long ones (`--transf`) as well."""
_UNZIP_KNOWN = word_set("-o -q -n -d -j -p -c -x -f -u -P -X -K -B -b")


class NotUnderstood(Exception):
    """A command line that is not computed here."""


class LeadsOut(NotUnderstood):
    """A link in an archive leads out of the folder: what comes after it may be written through it."""


@dataclass(frozen=True, slots=True)
class _Unpack:
    archive: Content
    folder: str
    """As the command has it; empty for the working folder."""
    names: tuple[str, ...] = ()
    """Members, or patterns of them; none for all."""
    without: tuple[str, ...] = ()
    strip: int = 0
    flat: bool = False
    """Folders of the archive are left out."""
    printed: bool = False
    form: Form | None = None


def unpack(run: Run, at: int) -> Content | None:
    """Leaves the files of an archive, and gives what is printed; None where the program only lists, or is another."""
    spawn = run.program.spawns[at]
    try:
        if any(name in _CHOOSES for name, _ in spawn.assignments):
            raise NotUnderstood("options in the environment")
        if spawn.program in ("tar", "gtar", "bsdtar"):
            asked = _tar(run, at)
        elif spawn.program == "unzip":
            asked = _unzip(run, at)
        elif spawn.argv[1:2] and spawn.words[:2] in (("-m", "zipfile"), ("-m", "tarfile")):
            asked = _python(run, at)
        elif spawn.program in ("gunzip", "zcat", "bunzip2", "bzcat", "unxz", "xzcat", "gzcat"):
            return _single(run, at)
        else:
            return None
        if asked is None:
            return None
        return _unpacked(run, at, asked)
    except (NotUnderstood, NotReadable) as error:
        run.untold.add(at)
        return Unknown("link" if isinstance(error, LeadsOut) else "archive")


def _words(run: Run, at: int) -> list[str]:
    words = run.words(at)
    if isinstance(words, Unknown):
        raise NotUnderstood("a word that only the run knows")
    return words


def _tar(run: Run, at: int) -> _Unpack | None:
    words = _words(run, at)
    # The first word may be a cluster without a dash; letters that take a value take it from the words that follow.
    if words and re.fullmatch(r"[a-zA-Z]+", words[0]):
        letters, words = words[0], words[1:]
        valued = [letter for letter in letters if letter in "fCXTIbHKNgs"]
        given = [part for letter, value in zip(valued, words, strict=False) for part in (f"-{letter}", value)]
        words = [*(f"-{letter}" for letter in letters if letter not in valued), *given, *words[len(valued) :]]
    found = read_arguments(words, _TAR_VALUES)
    if not found.has("-x", "--extract", "--get"):
        return None
    odd = found.names - _TAR_KNOWN
    if odd:
        raise NotUnderstood(min(odd))
    strip = found.value("--strip-components") or "0"
    if not strip.isdigit() or len(strip) > 2:
        raise NotUnderstood("strip")
    name = found.value("-f", "--file")
    archive = run.named(at, Word(name)) if name and name != "-" else run.input(at)
    folder = posixpath.join("", *found.values("-C", "--directory", "--cd"))
    names = tuple(each.rstrip("/") for each in found.rest)
    without = found.values("--exclude")
    printed = found.has("-O", "--to-stdout")
    return _Unpack(archive, folder, names, without, int(strip), False, printed, "tar")


def _unzip(run: Run, at: int) -> _Unpack | None:
    words = _words(run, at)
    found = read_arguments(words, ("-d", "-P"))
    leading = read_arguments(words, ("-d", "-P"), ends=True)
    if leading.has("-l", "-t", "-z", "-Z", "-v") or not found.rest:
        return None
    if found.names - _UNZIP_KNOWN:
        raise NotUnderstood(min(found.names - _UNZIP_KNOWN))
    name = found.rest[0]
    archive = run.named(at, Word(name))
    if isinstance(archive, Unknown) and archive.reason == "not-there" and not name.endswith(".zip"):
        archive = run.named(at, Word(f"{name}.zip"))
    text = " ".join(words)
    without = tuple(text.partition(" -x ")[2].split()) if found.has("-x") else ()
    names = tuple(each for each in found.rest[1:] if each not in without)
    printed = found.has("-p", "-c")
    return _Unpack(archive, found.value("-d"), names, without, 0, found.has("-j"), printed, "zip")


def _python(run: Run, at: int) -> _Unpack | None:
    words = _words(run, at)[2:]
    if words[:1] not in (["-e"], ["--extract"]) or len(words) < 2:
        return None
    form: Form = "zip" if run.program.spawns[at].words[1] == "zipfile" else "tar"
    return _Unpack(run.named(at, Word(words[1])), words[2] if len(words) > 2 else "", form=form)


def _single(run: Run, at: int) -> Content:
    """gunzip and its like: one compressed file, printed or put in its own place."""
    spawn = run.program.spawns[at]
    words = _words(run, at)
    names = [word for word in words if not word.startswith("-")]
    prints = "cat" in spawn.program or not names or any(word in ("-c", "--stdout", "-dc", "-cd") for word in words)
    contents = [run.named(at, Word(name)) for name in names] or [run.input(at)]
    plain = [decompressed(each) if isinstance(each, bytes) else each for each in contents]
    if prints:
        return joined(*plain)
    for name, content in zip(names, plain, strict=True):
        run.files.write(run.place(spawn, re.sub(r"\.(?:gz|bz2|xz|Z)\Z", "", name)), content)
    return b""


def _unpacked(run: Run, at: int, asked: _Unpack) -> Content:
    if not isinstance(asked.archive, bytes):
        raise NotUnderstood("an archive that is not there")
    chosen = [each for each in members_of(asked.archive, asked.form) if not each.folder and _wanted(each.name, asked)]
    if asked.printed:
        return joined(*(each.content for each in chosen))
    cwd = run.program.spawns[at].cwd
    named = [
        (each.name.rpartition("/")[2] if asked.flat else _stripped(each.name, asked.strip), each) for each in chosen
    ]
    if any(each.link and (_leads_away(each.name, each.link) or _leads_away(name, each.link)) for name, each in named):
        raise LeadsOut
    if _through_links(named, lambda name: run.files.place(posixpath.join(asked.folder, name), cwd), run.files.context):
        raise LeadsOut
    kept = 0
    for name, each in named:
        place = run.files.place(posixpath.join(asked.folder, name), cwd) if name else ""
        small = isinstance(each.content, bytes) and len(each.content) <= _SMALL
        if place and (recognise(place, run.files.context) or (small and kept < MOST_KEPT)):
            kept += 1
            run.files.write(place, each.content)
    return b""


def _parts(name: str) -> list[str]:
    # tar and unzip drop what leads out of the folder, each in its own way: whatever is left lies below it.
    return [part for part in name.split("/") if part not in ("", ".", "..")]


def _stripped(name: str, count: int) -> str:
    # A `.` at the beginning counts as a folder there.
    return "/".join(_parts("/".join([part for part in name.split("/") if part][count:])))


def _target(name: str, link: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname("/".join(_parts(name))), link))


def _leads_away(name: str, link: str) -> bool:
    return link.startswith("/") or _target(name, link).startswith("..")


def _through_links(named: Sequence[tuple[str, Member]], place: Callable[[str], str], context: CallContext) -> bool:
    """Whether a link of the archive makes one of its files lie where an agent looks, or stands for such a folder."""
    links = [(name, _target(name, each.link)) for name, each in named if each.link]
    if any("agent-folder" in places(place(name), context) for name, _ in links):
        return True
    names = [name for name, each in named if not each.link]
    folders = {name[:at] for name in names for at in range(len(name)) if name[at] == "/"} if links else set()
    led = [(name, there) for name, there in links if name in folders or there in folders or there == "."]
    if len(led) * len(names) > MOST_FOLLOWED:
        return True
    for link, there in led:
        prefix = "" if there == "." else f"{there}/"
        for name in names:
            if name.startswith(prefix) and recognise(place(f"{link}/{name[len(prefix) :]}"), context):
                return True
            if name.startswith(f"{link}/") and recognise(place(f"{prefix}{name[len(link) + 1 :]}"), context):
                return True
    return False


def _wanted(name: str, asked: _Unpack) -> bool:
    plain = "/".join(_parts(name))
    # A pattern that is not spelled like the names leaves nothing out.
    without = [each for each in asked.without if each == "/".join(_parts(each))]
    return (not asked.names or _fits(plain, asked.names)) and not _fits(plain, without)


def _fits(name: str, patterns: Sequence[str]) -> bool:
    return any(
        name == plain or name.startswith(f"{plain}/") or fnmatch.fnmatchcase(name, plain)
        for pattern in patterns
        if (plain := "/".join(_parts(pattern)))
    )
