"""Programs that read, write, move and delete files, and change who may do what with them.

Must not be here: disks and volumes (`command.tools.disks`), version control, the network, Windows' own commands.
Sources: manual pages of coreutils, findutils, tar, zip, sed, attr, acl; trash-cli; srm.
"""

import re

from spawngate.command.arguments import Arguments
from spawngate.command.scene import Scene
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
        _mode(scene, mode, [target])


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


def locate(scene: Scene) -> None:
    if re.search(r"id_rsa|\.pem|\.kdbx|password|credential|wallet|shadow|\.env", " ".join(scene.words)):
        scene.act("secret-search")


def chmod(scene: Scene) -> None:
    words = [word for word in scene.words if not re.fullmatch(r"-(?:[RvcfhHLP]+)|--[a-z-]+(?:=.*)?", word)]
    if words:
        _mode(scene, words[0], words[1:])
    if any(re.fullmatch(r"-[a-zA-Z]*R[a-zA-Z]*|--recursive", word) for word in scene.words):
        scene.mode = f"-R {scene.mode}"


def _mode(scene: Scene, mode: str, paths: list[str]) -> None:
    scene.mode = mode
    scene.act("mode-change")
    for path in paths:
        scene.mode_places |= scene.places(path)
        scene.target(path)
    octal = re.fullmatch(r"0?([0-7]?)([0-7]{3})", mode)
    if (octal and octal[1] and int(octal[1]) & 4) or re.search(r"(?:^|,)[goa]*u[ugoa]*[+=][rwxXt]*s", mode):
        scene.act("setuid")
    elif (octal and octal[1] and int(octal[1]) & 2) or re.search(r"(?:^|,)[goa]*[+=][rwxXt]*s", mode):
        scene.act("setgid" if re.search(r"g", mode) or octal else "setuid")
    if (octal and int(octal[2][1:]) & 0o44) or (
        re.search(r"(?:^|,)(?:[uo]*[goa][ugoa]*)?[+=][wxXst]*r", mode) and not re.match(r"u[+=]", mode)
    ):
        scene.act("world-readable")
    if (octal and int(octal[2][2]) & 2) or (
        re.search(r"(?:^|,)(?:[ug]*[oa][ugoa]*)?[+=][rxXst]*w", mode)
        and not re.match(r"[ug]+[+=]", mode)
        and not re.fullmatch(r"\+w", mode)
    ):
        scene.act("world-writable")


def chown(scene: Scene) -> None:
    found = scene.arguments(("--from", "--reference"))
    if found.rest:
        scene.mode = found.rest[0]
        if found.has("-R", "--recursive"):
            scene.mode = f"-R {scene.mode}"
    scene.act("owner-change")
    for path in found.rest[1:]:
        scene.mode_places |= scene.places(path)
        scene.target(path)


def chattr(scene: Scene) -> None:
    scene.act("attribute-lock")
    for word in scene.words:
        if not word.startswith(("-", "+", "=")):
            scene.mode_places |= scene.places(word)
            scene.target(word)


def setcap(scene: Scene) -> None:
    if scene.words and not scene.arguments().has("-r"):
        harmless = re.fullmatch(
            r"(?i)(?:cap_(?:net_bind_service|net_raw|net_admin|sys_nice|ipc_lock|sys_time|wake_alarm),?)+[+=]*[a-z+=]*",
            scene.words[0],
        )
        scene.act("small-capability" if harmless else "file-capability")
        scene.target(*scene.words[1:])


def setfacl(scene: Scene) -> None:
    found = scene.arguments(("-m", "--modify", "-x", "--remove", "-M", "-X", "--set"))
    scene.act("mode-change")
    for path in found.rest:
        scene.mode_places |= scene.places(path)
    if any(re.search(r"(?:^|,)o(?:ther)?::?[r-]*w", value) for value in found.values("-m", "--modify", "--set")):
        scene.act("world-writable")


_TAR = word_set(
    "-f --file -C --directory -T --files-from -X --exclude --exclude-from --transform"
    " --owner --group -I --use-compress-program -b -K -N -V -g -L -F --to-command"
    " --checkpoint-action --rsh-command"
)


def tar(scene: Scene) -> None:
    words = scene.words
    if words and not words[0].startswith("-"):
        words = ("-" + words[0], *words[1:])
    from spawngate.command.arguments import read_arguments

    letters = words[0] if words and re.fullmatch(r"-[a-zA-Z]+", words[0]) else ""
    found = read_arguments(words, _TAR)
    # `tar czf x y`: the old form takes values in the order of the letters, after all of them.
    rest, archive = list(found.rest), found.value("-f", "--file")
    if letters and "f" in letters and not letters.endswith("f") and not scene.words[0].startswith("-"):
        rest = [word for word in words[1:] if not word.startswith("-")]
        archive = rest.pop(0) if rest else ""
    create = "c" in letters or found.has("-c", "-r", "-u", "--create", "--append", "--update")
    folder = found.value("-C", "--directory")
    if create:
        scene.read(*(f"{folder}/{word}" if folder and not word.startswith(("/", "~", "$")) else word for word in rest))
        scene.write(archive) if archive != "-" else None
        if found.has("--remove-files"):
            scene.delete(*rest)
    else:
        scene.read(archive)
        if "x" in letters or found.has("-x", "--extract", "--get"):
            scene.write(folder or ".")
            if found.has("-P", "--absolute-names"):
                scene.write("/")
    if found.has("--checkpoint-action", "--to-command", "--rsh-command", "-I", "--use-compress-program", "-F"):
        values = found.values(
            "--checkpoint-action", "--to-command", "--rsh-command", "-F", "-I", "--use-compress-program"
        )
        if any(
            not re.fullmatch(r"(?:zstd|gzip|pigz|xz|bzip2|pbzip2|lz4|lzma|lzop|brotli|pixz|plzip)(?: [-\w=]*)*", value)
            for value in values
        ):
            scene.act("shell-escape")


def zip_(scene: Scene) -> None:
    unpacks = scene.program in ("unzip", "unrar")
    found = scene.arguments(
        ("-d", "-x", "-P") if unpacks else ("-x", "-i", "-b", "-t", "-n", "-P", "-TT", "--unzip-command", "-T")
    )
    if scene.program == "zip":
        scene.write(*found.rest[:1])
        scene.read(*found.rest[1:])
        if any(word.startswith(("-TT", "--unzip-command")) for word in scene.words):
            scene.act("shell-escape")
        if found.has("-m", "--move"):
            scene.delete(*found.rest[1:])
        if found.has("-e", "-P", "--encrypt"):
            scene.act("encrypt-files") if found.has("-m") else None
        return
    verb, rest = (found.rest[0], found.rest[1:]) if found.rest else ("", ())
    if scene.program in ("7z", "7za", "7zr", "rar") and verb in ("a", "u", "m"):
        scene.write(*rest[:1])
        scene.read(*rest[1:])
        if any(word == "-sdel" for word in scene.words):
            scene.delete(*rest[1:])
            if any(word.startswith(("-p", "-hp")) for word in scene.words):
                scene.act("encrypt-files")
    else:
        scene.read(*rest[:1] if scene.program.startswith(("7z", "rar", "unrar")) else found.rest[:1])
        scene.write(found.value("-d") or ".")


def compress(scene: Scene) -> None:
    scene.read(*scene.arguments(("-S", "-o", "-T")).rest)


def encode(scene: Scene) -> None:
    """base64, base32, xxd, uuencode: reading files, and whether it decodes."""
    found = scene.arguments(("-w", "--wrap", "-i", "-o", "-s", "-l", "-c", "-b"))
    scene.read(*found.rest, *found.values("-i"))
    scene.write(*found.values("-o"))
    decodes = found.has("-d", "-D", "--decode", "-di") or scene.program in ("uudecode", "unhex", "ascii85")
    if decodes or (
        scene.program == "xxd"
        and (found.has("-r", "--revert") or any("r" in word for word in scene.words if re.fullmatch(r"-[a-z]+", word)))
    ):
        scene.act("decode")


def openssl(scene: Scene) -> None:
    words = scene.words
    verb = words[0] if words else ""
    found = scene.arguments(
        (
            "-in",
            "-out",
            "-k",
            "-K",
            "-pass",
            "-iv",
            "-connect",
            "-inkey",
            "-key",
            "-keyout",
            "-passin",
            "-passout",
            "-CAfile",
            "-CA",
            "-cert",
            "-engine",
            "-config",
            "-proxy",
            "-port",
            "-accept",
        ),
        long=False,
    )
    scene.subcommand = verb
    scene.read(*found.values("-in", "-inkey", "-key"))
    scene.write(*found.values("-out", "-keyout"))
    if (verb == "enc" or verb.startswith(("aes", "base64", "des", "camellia", "chacha"))) and found.has("-d"):
        scene.act("decode")
    elif (verb == "enc" or verb.startswith(("aes", "des", "camellia", "chacha"))) and not found.has(
        "-d", "-base64", "-a", "-A"
    ):
        scene.act("encrypt-files") if scene.spawn.repeated else None
    if verb == "s_client":
        scene.act("connect")
        scene.host(found.value("-connect"))
    if verb == "s_server":
        scene.act("listen")
    if verb in ("genrsa", "genpkey", "req", "ecparam", "rand"):
        scene.act("key-make") if verb != "rand" else None
    if found.has("-engine"):
        scene.act("loads-code")


def gpg(scene: Scene) -> None:
    found = scene.arguments(
        (
            "-r",
            "--recipient",
            "-o",
            "--output",
            "-u",
            "--local-user",
            "--homedir",
            "--passphrase",
            "--keyserver",
            "--passphrase-file",
            "--batch-file",
        )
    )
    if any(name.startswith("--export-secret") for name in found.names):
        scene.act("keychain-read")
        scene.outputs.add("private-key")
    if found.has("-d", "--decrypt"):
        scene.act("decode") if False else None
    scene.read(
        *(
            word
            for word in found.rest
            if found.has("-d", "--decrypt", "-c", "-e", "--symmetric", "--encrypt", "--import")
        )
    )
    scene.write(found.value("-o", "--output"))
    if found.has("-c", "--symmetric", "-e", "--encrypt") and scene.spawn.repeated:
        scene.act("encrypt-files")


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
    ("cat tac nl bat batcat less more most pg zcat zless bzcat xzcat rev fold fmt column pr view open xdg-open", cat),
    (
        "vim vi nvim nano emacs ed micro pico hexedit vimdiff diff cmp comm paste join"
        " expand"
        " unexpand iconv dos2unix pandoc",
        cat,
    ),
    ("md5sum sha1sum sha256sum sha512sum shasum cksum b2sum md5 file wc uniq", cat),
    ("head tail od hexdump strings cut xd", head),
    ("sort shuf tsort", sort),
    ("grep egrep fgrep zgrep rg ag ack git-grep", grep),
    ("sed gsed jq yq awk gawk mawk nawk", text_program),
    ("find gfind", find),
    ("locate mlocate plocate mdfind", locate),
    ("chmod gchmod", chmod),
    ("chown chgrp gchown", chown),
    ("chattr chflags lsattr", chattr),
    ("setcap", setcap),
    ("setfacl", setfacl),
    ("tar bsdtar gtar", tar),
    ("zip 7z 7za 7zr rar unzip unrar", zip_),
    ("gzip gunzip bzip2 xz zstd lz4 unxz bunzip2 pigz", compress),
    ("base64 base32 basenc gbase64 xxd uuencode uudecode", encode),
    ("openssl", openssl),
    ("gpg gpg2", gpg),
    ("mktemp", mktemp),
    ("mkdir", mkdir),
    ("split csplit", split),
    ("man", manual),
    ("fallocate mkfile", fill),
    ("yes stress stress-ng", endless),
    (" ".join(_PLACE_EDITORS), place_editor),
    ("trufflehog gitleaks detect-secrets noseyparker", secret_scanner),
)
