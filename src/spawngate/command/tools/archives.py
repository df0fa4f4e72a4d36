"""Archives, encodings and encryption.

Must not be here: what other modules of `command.tools` read; each program stands in one of them only.
Sources: manual pages of tar, zip, 7z, gzip, base64, xxd, openssl, gpg.
"""

import re

from spawngate.command.scene import Scene
from spawngate.command.tools.reader import Reader, readers
from spawngate.launch.argv import word_set

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


READERS: dict[str, Reader] = readers(
    ("tar bsdtar gtar", tar),
    ("zip 7z 7za 7zr rar unzip unrar", zip_),
    ("gzip gunzip bzip2 xz zstd lz4 unxz bunzip2 pigz", compress),
    ("base64 base32 basenc gbase64 xxd uuencode uudecode", encode),
    ("openssl", openssl),
    ("gpg gpg2", gpg),
)
