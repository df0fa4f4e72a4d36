"""Programs that look for files and through them, and that change texts in place.

Must not be here: what other modules of `command.tools` read; each program stands in one of them only.
Sources: manual pages of findutils, fd, grep, ripgrep, sed, gawk, jq, yq, dasel, trufflehog.
"""

import re

from spawngate.command.scene import Scene
from spawngate.command.tools.reader import Reader, readers
from spawngate.launch.argv import word_set

_GREP = word_set(
    "-e --regexp -f --file -m --max-count -A -B -C --context --after-context"
    " --before-context --include --exclude --exclude-dir "
    "--color --colour -g --glob -t --type -T --type-not --iglob -d -D --label -j"
    " --threads --max-depth --sort -r --replace"
)


_SECRETS = re.compile(
    r"pass(?:w(?:or)?d|phrase)|secret|api[_.-]?\*?\??key|access[_.-]?key|private[_ .-]?key"
    r"|AKIA|\bghp_|\bsk-|xox[bp]|BEGIN [A-Z ]*PRIVATE|"
    r"token|credential|\bauth\b|bearer",
    re.IGNORECASE,
)


def grep(scene: Scene) -> None:
    values = _GREP - {"-r"} if scene.program in ("grep", "egrep", "fgrep", "zgrep", "ag", "ack") else _GREP
    found = scene.arguments(values)
    given = found.values("-e", "--regexp", "-f", "--file")
    patterns, files = (given, found.rest) if given else (found.rest[:1], found.rest[1:])
    scene.read(*files, *found.values("-f", "--file"))
    wide = found.has("-r", "-R", "--recursive", "--dereference-recursive") or scene.program in ("rg", "ag", "ack")
    if any(map(_SECRETS.search, patterns)) and wide:
        reached = scene.read_places if files else {"project"}
        if reached & {"root", "home", "home-top", "home-file", "system-config", "system-top", "other-home", "parent"}:
            scene.act("secret-search")


def text_program(scene: Scene) -> None:
    """sed, awk, perl -pe, jq and yq: the first word is their program unless an option brings it."""
    name = scene.program
    values = {
        "sed": ("-e", "--expression", "-f", "--file", "-l"),
        "gsed": ("-e", "--expression", "-f", "--file", "-l"),
        "jq": ("-f", "--from-file", "-L", "--indent"),
        "yq": ("-o", "-p", "-I", "--output-format", "--input-format"),
    }.get(name, ("-f", "--file", "-v", "-F", "--assign", "-e"))
    found = scene.arguments(values)
    brought = found.values("-e", "--expression", "-f", "--file", "--from-file")
    files = found.rest if brought else found.rest[1:]
    if name == "jq":
        files = tuple(_without_jq_values(scene.words, files))
    if name == "yq" and found.rest[:1] and found.rest[0] in ("eval", "e", "eval-all", "ea"):
        files = found.rest[2:]
    in_place = any(
        option in ("-i", "--in-place", "--inplace") or option.startswith("--in-place") for option in found.names
    )
    if name == "sed" and any(re.match(r"-[a-zA-Z]*i", word) and not word.startswith("--") for word in scene.words):
        in_place = True
    scene.read(*files)
    if in_place:
        scene.write(*files)
        scene.texts.extend(brought or found.rest[:1])
    if (
        name == "jq"
        and any(re.search(r"(?<![\w.$])env(?![\w\"'])|\$ENV\b", text) for text in brought or found.rest[:1])
    ) or (name.endswith("awk") and any("ENVIRON" in text for text in brought or found.rest[:1])):
        scene.outputs.add("environment")
    if name in ("sed", "gsed"):
        for text in brought or found.rest[:1]:
            if re.search(r"(?:^|[;}\n/0-9$])\s*e(?:\s|$)|/[gpIiMm0-9]*e[gpIiMm0-9]*$", text) and re.search(
                r"(?:s(.).*\1.*\1\w*e|^\d*\s*e\s+\S)", text
            ):
                scene.act("shell-escape")


def _without_jq_values(words: tuple[str, ...], files: tuple[str, ...]) -> list[str]:
    taken: set[str] = set()
    for at, word in enumerate(words):
        if word in ("--arg", "--argjson", "--slurpfile", "--rawfile"):
            taken.update(words[at + 1 : at + 3] if word in ("--arg", "--argjson") else words[at + 1 : at + 2])
    return [name for name in files if name not in taken]


_FIND_FILTERS = ("-name", "-iname", "-path", "-ipath", "-wholename", "-regex", "-iregex")


_ANY = ("*", "*.*", "?*", ".*", "**")


def _fd_paths(words: tuple[str, ...]) -> tuple[str, ...]:
    """The same for `fd`, whose pattern stands before its folders."""
    rest: list[str] = []
    narrow = False
    at = 0
    while at < len(words):
        word = words[at]
        if word in ("-x", "-X", "--exec", "--exec-batch"):
            break
        if word in (
            "-e",
            "--extension",
            "-E",
            "--exclude",
            "-t",
            "--type",
            "-d",
            "--max-depth",
            "-S",
            "--size",
            "--changed-within",
        ):
            narrow = narrow or word in ("-e", "--extension", "-S", "--size", "--changed-within")
            at += 2
            continue
        if not word.startswith("-"):
            rest.append(word)
        at += 1
    narrow = narrow or (bool(rest) and rest[0] not in (".", "", "*"))
    return tuple(f"{root.rstrip('/')}/**/some" if narrow else root for root in rest[1:] or ["."])


def found_paths(words: tuple[str, ...]) -> tuple[str, ...]:
    """Paths, as patterns, that `find` with these words would list."""
    if any(word in ("-e", "--extension", "-x", "-X", "-g", "--glob", "--exec", "--exec-batch") for word in words):
        return _fd_paths(words)
    roots: list[str] = []
    for word in words:
        if word.startswith(("-", "(", "!", ")", ",")) and word not in ("-", "--"):
            if re.fullmatch(r"-[HLPD]|-O\d|-D", word):
                continue
            break
        roots.append(word)
    names: list[str] = []
    for at, word in enumerate(words[:-1]):
        if word in _FIND_FILTERS and (at == 0 or words[at - 1] not in ("!", "-not")) and words[at + 1] not in _ANY:
            names.append(words[at + 1].removeprefix("./"))
    narrow = any(
        word in ("-mtime", "-mmin", "-atime", "-size", "-empty", "-newer", "-ctime", "-amin") for word in words
    )
    return tuple(
        f"{root.rstrip('/') or ''}/{part}" if part else root
        for root in roots or ["."]
        for part in ([f"**/{name.lstrip('/')}" for name in names] or (["**/some"] if narrow else [""]))
    )


def find(scene: Scene) -> None:
    words = scene.words
    paths = found_paths(words)
    names = [words[at + 1] for at, word in enumerate(words[:-1]) if word in _FIND_FILTERS]
    if "-delete" in words:
        scene.delete(*paths)
        scene.act("delete-tree")
    for option in ("-fprint", "-fprintf", "-fls", "-fprint0"):
        if option in words[:-1]:
            scene.write(words[words.index(option) + 1])
    if any(word in ("-perm",) for word in words) and re.search(
        r"-perm\s+[-/]?(?:[ug]?=?[+]?s|u=s|g=s|[2467]000|0?[2467][0-7]{3})", " ".join(words)
    ):
        scene.act("search-privilege")
    if any(
        re.search(
            r"id_rsa|id_ed25519|\.pem$|\.key$|\.env|credential|password|secret|\.kdbx|wallet|\.pfx"
            r"|\.p12|authorized_keys|\.aws|htpasswd|shadow",
            name,
        )
        for name in names
    ) and any(
        scene.places(root) & {"root", "home", "system-top", "system-config", "other-home", "parent", "home-top"}
        for root in _roots(words)
    ):
        scene.act("secret-search")


def _roots(words: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    for word in words:
        if word.startswith(("-", "(", "!")):
            break
        found.append(word)
    return found or ["."]


def fd(scene: Scene) -> None:
    found = scene.arguments(("-e", "-E", "-t", "-d", "-S", "-x", "-X", "--exec", "-g", "--extension", "--exclude"))
    names = (*found.rest[:1], *(f".{end}" for end in found.values("-e", "--extension")))
    roots = found.rest[1:] or (".",)
    if any(_SECRET_FILES.search(name) for name in names) and any(
        scene.places(root) & {"root", "home", "system-top", "system-config", "other-home", "parent", "home-top"}
        for root in roots
    ):
        scene.act("secret-search")


_SECRET_FILES = re.compile(
    r"id_rsa|id_ed25519|\.pem\b|\.key\b|\.env\b|credential|password|secret|\.kdbx|wallet|\.pfx|\.p12|authorized_keys"
    r"|\.aws|htpasswd|shadow|\.npmrc|\.netrc"
)


def locate(scene: Scene) -> None:
    if re.search(r"id_rsa|\.pem|\.kdbx|password|credential|wallet|shadow|\.env", " ".join(scene.words)):
        scene.act("secret-search")


_PLACE_EDITORS = {"dasel": ("-f", "--file"), "json": ("-f",), "crudini": (), "tomlq": (), "xq": (), "toml": ()}


def place_editor(scene: Scene) -> None:
    """Programs that change a setting in a file: dasel, json, crudini, tomlq."""
    found = scene.arguments((*_PLACE_EDITORS[scene.program], "-v", "-t", "-e", "-r", "-w"))
    changes = (
        found.has("-i", "-I", "--in-place", "--set", "--del")
        or "put" in found.rest
        or "delete" in found.rest
        or "set" in found.rest
    )
    files = [
        *found.values(*_PLACE_EDITORS[scene.program]),
        *(word for word in found.rest if "/" in word or word.startswith(".")),
    ]
    scene.read(*files)
    if changes:
        scene.write(*files)
        scene.texts.append(" ".join(scene.words))


def secret_scanner(scene: Scene) -> None:
    found = scene.arguments(("--config", "-c", "--report-path", "-r", "-f", "--format", "--source", "-s"))
    paths = [*found.values("--source", "-s"), *(word for word in found.rest if "/" in word or word in ("~", "."))]
    if any(
        scene.places(path) & {"root", "home", "home-top", "home-file", "system-config", "other-home"} for path in paths
    ):
        scene.act("secret-search")


READERS: dict[str, Reader] = readers(
    ("grep egrep fgrep zgrep rg ag ack git-grep", grep),
    ("sed gsed jq yq awk gawk mawk nawk", text_program),
    ("find gfind", find),
    ("fd fdfind", fd),
    ("locate mlocate plocate mdfind", locate),
    (" ".join(_PLACE_EDITORS), place_editor),
    ("trufflehog gitleaks detect-secrets noseyparker", secret_scanner),
)
