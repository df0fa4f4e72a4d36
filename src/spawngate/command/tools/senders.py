"""Programs whose purpose is to hand something to others: pastes, chats, object stores, shares, queues, printers, and
servers of files.

Must not be here: what other modules of `command.tools` read (HTTP: `web`; copies, mail and sockets: `network`; clouds:
`clouds`); each program stands in one of them only.
Sources: manual pages of pastebinit, wgetpaste, gist, azcopy, s3cmd, s5cmd, mc, b2, ipfs, mosquitto_pub, kcat, lp,
logger, ncftpput, busybox httpd, caddy, http-server, serve, miniserve.
"""

import re

from spawngate.command.hosts import is_address
from spawngate.command.scene import Scene
from spawngate.command.tools.clouds import between
from spawngate.command.tools.reader import Reader, readers
from spawngate.launch.argv import word_set

_VALUES = word_set("""
    -t --title -l --language -e --expires -a --author -c --channel -u --user -r --room -m --message -p --port -d
    --description -k --key --token -n --name --account-name --account-key --endpoint --endpoint-url --profile -bn
    --bucket-name
    """)
_ASKS = word_set("list ls get fetch download show info stat version help config login logout status rm delete cat pull")


def _files(scene: Scene, values: frozenset[str] = _VALUES) -> tuple[str, ...]:
    found = scene.arguments(values)
    named = found.values("-i", "-f", "-F", "--file", "--files", "--attach", "--from-file", "--image")
    return (*found.rest, *named)


def _hands_over(scene: Scene, files: tuple[str, ...], kind: str) -> None:
    scene.act("send", "send-file")
    scene.read(*(name for name in files if not is_address(name)))
    scene.host_kinds.add(kind)


def paste(scene: Scene) -> None:
    """What it is given, or what is piped into it, lies open to whoever has the address."""
    files = _files(scene, _VALUES - {"-p", "-c", "-u", "-k"})
    if files[:1] and files[0] in _ASKS:
        return
    if scene.program == "hub" and files[:2] != ("gist", "create"):
        return
    piped = bool(scene.spawn.reads_from) or any(each.operator.startswith("<") for each in scene.spawn.redirects)
    if files or piped:
        _hands_over(scene, files[2:] if scene.program == "hub" else files, "paste")


def chat(scene: Scene) -> None:
    files = _files(scene)
    if files[:1] and files[0] in _ASKS:
        return
    scene.act("send")
    scene.host_kinds.add("chat")
    named = tuple(name for name in files if re.search(r"[/\\]|\.\w{1,8}$", name) and not is_address(name))
    if named or scene.spawn.reads_from or any(each.operator == "<" for each in scene.spawn.redirects):
        _hands_over(scene, named, "chat")


_STORES = word_set("put upload cp copy sync mirror mv move pipe upload-file upload-batch copyto bisync add mput rput")


_TAKES_AWAY = word_set("rm rb del delete remove delete-bucket delete-file-version rmb")


def store(scene: Scene) -> None:
    """Object stores: `s3cmd put FILE s3://...`, `mc cp FILE ALIAS/BUCKET`, `azcopy copy FILE URL`."""
    found = scene.arguments(_VALUES)
    rest = found.rest
    if rest[:1] and rest[0] in _TAKES_AWAY:
        whole = rest[0] in ("rb", "delete-bucket", "rmb") or found.has("-r", "--recursive", "--all", "--bulk")
        scene.act("cloud-delete-all" if whole or any(name.endswith("*") for name in rest[1:]) else "cloud-delete")
        return
    verb = next((word for word in rest[:3] if word in _STORES), "")
    if not verb:
        return
    names = rest[rest.index(verb) + 1 :]
    between(scene, names)
    if names and re.match(r"(?i)(?:s3|oss|cos|b2|gs|https?|az)://", names[0]):
        scene.act("download", "cloud-copy-out")
        scene.write(*names[1:2])
        return
    scene.read(*(name for name in names[:-1] if "://" not in name), *found.values("--file", "-f"))
    scene.act("cloud-copy-out", "send", "send-file")
    scene.host(*(name for name in names[-1:] if is_address(name)))


_SHARES = word_set("send seed add create share publish host upload put")


def share(scene: Scene) -> None:
    """Peer to peer: whoever has the code or hash gets it."""
    found = scene.arguments(_VALUES)
    rest = found.rest
    if rest[:1] and rest[0] in _SHARES:
        _hands_over(scene, rest[1:], "paste")
    elif rest and scene.program.startswith(("onionshare", "transmission-create", "mktorrent")):
        _hands_over(scene, rest, "paste")


def queue(scene: Scene) -> None:
    """Messages to a broker or socket."""
    found = scene.arguments(
        ("-h", "--host", "-b", "-t", "--topic", "-m", "--message", "-f", "--file", "-p", "-u", "-P", "-q", "-i", "-x",
         "-d", "-c", "--connect", "-H", "--url", "-s", "--server", "-n", "-k", "-v", "-import-path", "-proto"),
        long=scene.program != "grpcurl",
    )  # fmt: skip
    scene.host(*found.values("-h", "--host", "-b", "--url", "-s", "--server", "-n", "-c", "--connect"))
    scene.host(*(word for word in found.rest[:2] if is_address(word) or ":" in word or "." in word))
    files = (*found.values("-f", "--file"), *(found.values("-P") if scene.program in ("kcat", "kafkacat") else ()))
    scene.act("send", "connect") if scene.program in ("websocat", "wscat") else scene.act("send")
    if files or scene.spawn.reads_from or any(each.operator.startswith("<") for each in scene.spawn.redirects):
        scene.act("send-file")
    scene.read(*files)


def log(scene: Scene) -> None:
    found = scene.arguments(("-f", "--file", "-n", "--server", "-P", "--port", "-p", "--priority", "-t", "--tag", "-u"))
    if found.has("-n", "--server"):
        scene.host(*found.values("-n", "--server"))
        scene.act("send")
        if found.has("-f", "--file") or scene.spawn.reads_from:
            scene.act("send-file")
    scene.read(*found.values("-f", "--file"))


def printer(scene: Scene) -> None:
    found = scene.arguments(("-d", "-P", "-h", "-H", "-n", "-o", "-t", "-q", "-#", "-U", "-T", "-C", "-J"))
    scene.host(
        *found.values("-h", "-H"), *(value for value in found.values("-d", "-P") if "@" in value or "://" in value)
    )
    scene.act("send-file")
    scene.read(*found.rest)


def put(scene: Scene) -> None:
    """ncftpput, busybox ftpput: the host, then where, then what."""
    found = scene.arguments(("-u", "-p", "-P", "-f", "-d"))
    scene.host(*found.rest[:1])
    scene.read(*found.rest[1:])
    scene.act("remote-copy", "send", "send-file")


def mail_parts(scene: Scene) -> None:
    found = scene.arguments(("-s", "-d", "-m", "-c", "-o", "--attach", "--subject", "--body"))
    scene.act("mail", "send", "send-file")
    scene.read(*found.values("--attach"), *(word for word in found.rest if "@" not in word))


def backup(scene: Scene) -> None:
    """restic, borg, duplicity, kopia, unison, bup: what is kept somewhere else."""
    found = scene.arguments(
        ("-r", "--repo", "-p", "--password-file", "--tag", "--exclude", "-o", "--repository-file", "-C")
    )
    rest = found.rest
    if scene.program in ("duplicity", "unison", "rdiff-backup", "csync2") or {
        "backup",
        "create",
        "snapshot",
        "save",
    } & set(rest[:2]):
        places = [*found.values("-r", "--repo"), *rest]
        away = [
            word for word in places if re.match(r"(?:[\w+.-]+:)?//|s?ftp:|rest:|s3:|b2:|gs:|azure:|[\w.@-]+:", word)
        ]
        if away:
            scene.act("remote-copy", "send", "send-file", "cloud-copy-out")
            scene.host(*(re.sub(r"^(?:sftp|rest|s3):(?!//)", "", word).partition("::")[0] for word in away))
        scene.read(*(word for word in rest if word not in away and re.match(r"[~/.$]", word)))


_FOLDER = word_set("-h --root -t --path --directory --dir -d -D")


def serve(scene: Scene) -> None:
    """A server of files: which folder, and for whom."""
    text = " ".join(scene.words)
    if scene.program == "caddy" and "file-server" not in text:
        return
    if scene.program == "twistd" and "web" not in text:
        return
    scene.act("listen" if re.search(r"127\.0\.0\.1|localhost|\[?::1\b", text) else "listen-all")
    for at, word in enumerate(scene.words):
        name, _, value = word.partition("=")
        if name in _FOLDER and (value or scene.words[at + 1 : at + 2]):
            scene.read(value or scene.words[at + 1])
        elif re.match(r"[~/.]|\$HOME", word) and not word.startswith(".."):
            scene.read(word)


SERVERS = word_set("""
    http-server serve httpd darkhttpd webfsd miniserve dufs updog simple-http-server live-server caddy twistd lighttpd
    thttpd mongoose static-web-server uploadserver devd ran
    """)
"""Programs that serve files; also run from packages."""

READERS: dict[str, Reader] = readers(
    ("pastebinit wgetpaste fpaste nopaste gist hub pb haste sprunge hastebin ix pastery dpaste termbin", paste),
    (
        "slackcat slack slack-cli telegram-send telegram-cli matrix-commander twurl apprise ntfy signal-cli sendxmpp"
        " go-sendxmpp discord.sh rain-api toot",
        chat,
    ),
    ("azcopy s3cmd s5cmd mc mcli b2 ossutil ossutil64 coscmd obsutil qshell s4cmd gdrive"
     " dropbox_uploader.sh dbxcli onedrive megaput mega-put", store),
    ("sendme portal webtorrent webtorrent-cli ipfs kubo dat hyp onionshare onionshare-cli transmission-create mktorrent"
     " filebin filepush wormhole-william sharing", share),
    ("mosquitto_pub kafkacat kcat grpcurl websocat wscat amqp-publish snmptrap", queue),
    ("logger", log),
    ("lp lpr", printer),
    ("ncftpput ftpput ncftpbatch", put),
    ("mpack uuenview xdg-email", mail_parts),
    ("unison", backup),
    (" ".join(sorted(SERVERS)), serve),
)  # fmt: skip
