"""Programs that read, write, move and delete files.

Must not be here: what other modules of `command.tools` read; each program stands in one of them only.
Sources: manual pages of coreutils, trash-cli, srm.
"""

import re

from spawngate.command.arguments import Arguments
from spawngate.command.scene import Scene
from spawngate.command.tools.permissions import set_mode
from spawngate.command.tools.reader import Reader, readers
from spawngate.launch.argv import word_set


def rm(scene: Scene) -> None:
    if any(word.lower() in ("/s", "/q", "/f") for word in scene.words) and scene.program in ("rm", "rmdir"):
        # The command of that name on Windows.
        scene.delete(*(word for word in scene.words if not word.startswith("/")))
        if any(word.lower() == "/s" for word in scene.words):
            scene.act("delete-tree")
        return
    found = scene.arguments(("--interactive",))
    scene.delete(*found.rest)
    if found.has("-r", "-R", "--recursive", "--recursiv", "--recurse") or any(
        n.startswith("--rec") for n in found.names
    ):
        scene.act("delete-tree")


def trash(scene: Scene) -> None:
    found = scene.arguments()
    scene.delete(*(word for word in found.rest if word not in ("put", "trash")))
    scene.act("delete-tree")


def remover(scene: Scene) -> None:
    """rimraf, del-cli and others from packages: they delete folders without being told to."""
    found = scene.arguments(("--glob", "--impl", "--max-retries"))
    scene.delete(*found.rest)
    if scene.delete_places:
        scene.act("delete-tree")


def shred(scene: Scene) -> None:
    found = scene.arguments(("-n", "--iterations", "-s", "--size", "--random-source"))
    scene.delete(*found.rest)
    scene.act("wipe")
    if found.has("-r", "-R", "--recursive") and scene.program != "shred":
        scene.act("delete-tree")


def truncate(scene: Scene) -> None:
    found = scene.arguments(("-s", "--size", "-r", "--reference"))
    scene.write(*found.rest)
    if re.fullmatch(r"[<%/]?0+[A-Za-z]*", found.value("-s", "--size")):
        scene.act("truncate")
        scene.delete(*found.rest)


_COPY = word_set(
    "-t --target-directory -S --suffix -m --mode -o --owner -g --group --backup --context -Z --reflink --sparse "
    "--preserve --no-preserve"
) - {"-Z", "--backup", "--reflink", "--sparse", "--preserve", "--no-preserve", "--context"}


def copy(scene: Scene) -> None:
    found = scene.arguments(_COPY if scene.program != "cp" else _COPY - {"-m", "-o", "-g"})
    sources, target = _to(found)
    scene.read(*sources)
    _into(scene, sources, target)
    mode = found.value("-m", "--mode")
    if scene.program == "install" and mode:
        set_mode(scene, mode, [target])


def move(scene: Scene) -> None:
    found = scene.arguments(_COPY - {"-m", "-o", "-g"})
    sources, target = _to(found)
    scene.delete(*sources)
    scene.act("bulk-move") if any(name in ("*", ".") for name in sources) else None
    if target == "/dev/null":
        scene.act("wipe")
    _into(scene, sources, target)


def link(scene: Scene) -> None:
    found = scene.arguments(("-t", "--target-directory", "-S", "--suffix"))
    sources, target = _to(found)
    scene.act("replace-link")
    scene.read(*sources)
    _into(scene, sources, target or ".")


def _to(found: Arguments) -> tuple[tuple[str, ...], str]:
    folder = found.value("-t", "--target-directory")
    if folder:
        return found.rest, folder
    return found.rest[:-1], found.rest[-1] if len(found.rest) > 1 else ""


def _into(scene: Scene, sources: tuple[str, ...], target: str) -> None:
    """A target may be a folder: then what lies there afterwards bears the sources' names."""
    scene.write(target)
    if not target or target.startswith("/dev/"):
        return
    if target.endswith(("/", "\\")) or len(sources) > 1 or "." not in re.split(r"[\\/]", target)[-1].lstrip("."):
        for source in sources[:20]:
            name = re.split(r"[\\/]", source.rstrip("\\/"))[-1]
            if name and name not in (".", ".."):
                scene.write(f"{target.rstrip('/')}/{name}")


def tee(scene: Scene) -> None:
    found = scene.arguments()
    scene.write(*found.rest)
    scene.texts.extend(redirect.text for redirect in scene.spawn.redirects if redirect.text)


def touch(scene: Scene) -> None:
    found = scene.arguments(("-d", "--date", "-r", "--reference", "-t", "--time"))
    scene.write(*found.rest)
    if found.has("-d", "--date", "-r", "--reference", "-t"):
        scene.act("timestamp-forge")


def dd(scene: Scene) -> None:
    values = dict(word.split("=", 1) for word in scene.words if "=" in word)
    source, target = values.get("if", ""), values.get("of", "")
    scene.read(source)
    scene.write(target)
    if "device" in scene.places(target):
        scene.act("disk-write")
    elif source in _ENDLESS and target and "count" not in values:
        scene.act("exhaust")


_ENDLESS = ("/dev/zero", "/dev/urandom", "/dev/random", "/dev/full")


def cat(scene: Scene) -> None:
    scene.read(*scene.arguments().rest)
    if any(path in _ENDLESS for path in scene.reads) and "stream" not in scene.write_places and scene.writes:
        scene.act("exhaust")


def uniq(scene: Scene) -> None:
    """Its second operand is the file that it writes."""
    rest = scene.arguments(("-f", "-s", "-w", "--skip-fields", "--skip-chars", "--check-chars")).rest
    scene.read(*rest[:1])
    scene.write(*rest[1:2])


_SAVES = re.compile(r"(?:^|[\s:|;\n'\"%+])(?:w|wq|x|xa|wa|wqa|up|update|saveas|ZZ)!?(?:$|[\s'\"|\n])")


def editor(scene: Scene) -> None:
    """vi and ed: what a person edits there is only read here; what a script tells them to save is written."""
    if scene.program in ("ed", "red", "ex"):
        found = scene.arguments(("-c", "-p", "-S"))
    else:
        found = scene.arguments(("-c", "-S", "-u", "-s", "-T", "-i", "-w", "-W", "--cmd"), long=False)
    files = tuple(word for word in found.rest if not word.startswith("+"))
    scene.read(*files)
    orders = [*found.values("-c", "--cmd"), *(word[1:] for word in found.rest if word.startswith("+"))]
    orders += [
        redirect.text or redirect.target.text for redirect in scene.spawn.redirects if redirect.operator in _TOLD
    ]
    scripted = scene.program in ("ed", "red", "ex") or found.has("-es", "-e", "-Es")
    if any(_SAVES.search(order) for order in orders) or (scripted and (orders or scene.spawn.reads_from)):
        scene.write(*files)


_TOLD = frozenset({"<<", "<<<", "<<-"})
_HEAD = (
    "-n",
    "-c",
    "--lines",
    "--bytes",
    "-s",
    "--sleep-interval",
    "--pid",
    "-w",
    "-f",
    "-d",
    "-k",
    "-t",
    "-A",
    "-j",
    "-N",
    "-l",
    "-e",
    "-S",
)


def head(scene: Scene) -> None:
    values = (
        _HEAD if scene.program not in ("tail", "strings") else ("-n", "-c", "--lines", "--bytes", "--pid", "-s", "-e")
    )
    found = scene.arguments(values)
    scene.read(*(word for word in found.rest if not re.fullmatch(r"\+?\d+", word)))
    if re.fullmatch(r"\d+[TPE]i?B?|\d{3,}Gi?B?", found.value("-c", "--bytes")) and scene.writes:
        scene.act("exhaust")


def sort(scene: Scene) -> None:
    found = scene.arguments(("-o", "--output", "-k", "--key", "-t", "-S", "-T", "--compress-program", "--files0-from"))
    scene.read(*found.rest)
    scene.write(found.value("-o", "--output"))
    if found.value("--compress-program"):
        scene.act("shell-escape")


def mktemp(scene: Scene) -> None:
    scene.arguments()


def mkdir(scene: Scene) -> None:
    scene.write(*(path for path in scene.arguments(("-m", "--mode", "-Z")).rest))


def manual(scene: Scene) -> None:
    found = scene.arguments(("-P", "--pager", "-H", "-M", "-S", "-s", "-l"))
    pager = found.value("-P", "--pager")
    if pager and not re.fullmatch(r"(?:/usr/bin/)?(?:less|more|cat|most|bat)(?: -\w+)*", pager):
        scene.act("shell-escape")


def split(scene: Scene) -> None:
    found = scene.arguments(("-b", "-l", "-n", "-a", "--bytes", "--lines", "--filter", "--additional-suffix"))
    scene.read(*found.rest[:1])
    if found.has("--filter"):
        scene.act("shell-escape")


def fill(scene: Scene) -> None:
    """fallocate and mkfile: files of a given size."""
    found = scene.arguments(("-l", "--length", "-o", "--offset", "-n"))
    scene.write(*found.rest[-1:])
    if any(re.fullmatch(r"\d+[TPE]i?B?|\d{3,}Gi?B?", value, re.IGNORECASE) for _, value in found.options):
        scene.act("exhaust")


def endless(scene: Scene) -> None:
    """yes, stress and stress-ng."""
    scene.arguments()
    if scene.program != "yes" or (scene.writes and "stream" not in scene.write_places):
        scene.act("exhaust")


READERS: dict[str, Reader] = readers(
    ("rm grm unlink rmdir", rm),
    ("trash trash-put gio", trash),
    ("rimraf del-cli trash-cli rmrf", remover),
    ("shred srm wipe sfill sswap", shred),
    ("truncate", truncate),
    ("cp gcp install ditto", copy),
    ("mv gmv", move),
    ("ln", link),
    ("tee sponge", tee),
    ("touch", touch),
    ("dd dcfldd", dd),
    ("cat tac nl bat batcat less more most pg zcat zless bzcat xzcat rev fold fmt column pr view", cat),
    (
        "nano emacs micro pico hexedit vimdiff diff cmp comm paste join expand unexpand iconv dos2unix pandoc",
        cat,
    ),
    ("md5sum sha1sum sha256sum sha512sum shasum cksum b2sum md5 file wc", cat),
    ("uniq guniq", uniq),
    ("vim vi nvim ex ed red", editor),
    ("head tail od hexdump strings cut xd", head),
    ("sort shuf tsort", sort),
    ("mktemp", mktemp),
    ("mkdir", mkdir),
    ("split csplit", split),
    ("man", manual),
    ("fallocate mkfile", fill),
    ("yes stress stress-ng", endless),
)
