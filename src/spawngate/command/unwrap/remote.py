"""ssh and its kin: a command on another machine, and the commands that options make run on this one.

Sources: ssh(1) and openssh:ssh.c (options may stand behind the host too; the words behind it are joined and read by
the shell over there; `-s` names a subsystem), ssh_config(5) (ProxyCommand, LocalCommand, KnownHostsCommand,
RemoteCommand; a key and its value are parted by `=` or a blank, keys in any case), scp(1), sftp(1), rsync(1),
mosh(1), `vagrant ssh -h`, gcloud and adb manuals, sshpass(1), autossh(1), pdsh(1), ansible(1), salt(1), `heroku
help run`, `fly ssh console -h`.
Must not be here: containers (`containers`).

"""

import re

from spawngate.command.spawn import Word
from spawngate.command.unwrap import starts
from spawngate.command.unwrap.inner import Inner, Unwrapped
from spawngate.command.unwrap.options import Options, Syntax, cut, read

_SSH = Syntax("1246ab:c:e:fgi:kl:m:no:p:qstvxAB:CD:E:F:GI:J:KL:MNO:P:Q:R:S:TVw:W:XYy")
_AUTOSSH = Syntax("1246ab:c:e:fgi:kl:m:no:p:qstvxAB:CD:E:F:GI:J:KL:M:NO:P:Q:R:S:TVw:W:XYy")
"""As ssh, but `-M` takes a port."""
_LOCAL = ("proxycommand", "localcommand", "knownhostscommand")


def host(word: Word) -> tuple[str, str]:
    """Host and user that a destination names (`user@host`, `ssh://user@host:22`); `*` for a host that is not known."""
    text = re.sub(r"^ssh://", "", word.text)
    user, _, name = text.rpartition("@")
    if word.text.startswith("ssh://"):
        name = re.sub(r":\d+$", "", name)
    return ("*" if word.opaque else name), user


def settings(options: Options) -> tuple[list[Inner], list[Word]]:
    """What `-o` settings start here, and the commands that they start over there."""
    local: list[Inner] = []
    remote: list[Word] = []
    for value in options.values("o"):
        match = re.match(r"\s*(\w+)(?:\s*=\s*|\s+)", value.text)
        if match is None:
            continue
        key = match[1].lower()
        given = cut(value, match.end())
        if len(given.text) > 1 and given.text[0] == given.text[-1] == '"':
            given = Word(given.text[1:-1], given.opaque, given.glob, given.spawns)
        if given.text.strip().lower() == "none":
            continue
        if key in _LOCAL:
            local += starts.line(given)
        elif key == "remotecommand":
            remote.append(given)
    return local, remote


def ssh(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """ssh and autossh."""
    syntax = _AUTOSSH if name == "autossh" else _SSH
    before = read(words, syntax)
    if not before.rest:
        local, _ = settings(before)
        return Unwrapped(name, tuple(local), stays=True) if local else None
    target = before.rest[0]
    behind = Options((), before.rest[1:]) if before.dashed else read(before.rest[1:], syntax)
    options = Options((*before.found, *behind.found), behind.rest, (*before.unknown, *behind.unknown))
    local, remotely = settings(options)
    if options.has("V", "Q", "G"):
        return None
    where, user = host(target)
    user = options.text("l") or user
    opaque = ("options",) if options.unknown else ()
    inners = list(local)
    if options.rest and not options.has("s"):
        inners += starts.joined(options.rest, remote=where, user=user, opaque=opaque)
    elif not options.rest:
        for line in remotely:
            inners += starts.line(line, remote=where, user=user)
        if not remotely and not options.has("N", "W", "O", "f", "n"):
            inners += starts.command(starts.SHELL, remote=where, user=user)
    return Unwrapped(name, tuple(inners), stays=True) if inners else None


_SCP = Syntax("12346ABCD:F:J:M:OP:RS:TX:c:i:l:o:pqrvdfts", permutes=True)
_SFTP = Syntax("1246afhNpqrvCc:D:i:l:o:s:S:b:B:F:J:P:R:X:")


def copy(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """scp and sftp: the program that connects, and sftp's commands."""
    options = read(words, _SFTP if name == "sftp" else _SCP)
    inners, _ = settings(options)
    for value in options.values("S"):
        inners += starts.command((value,), appended=True)
    if name == "sftp":
        for value in options.values("D"):
            inners += starts.line(value)
        batch = options.text("b")
        if batch in ("-", "/dev/stdin") or (not batch and options.rest):
            inners.append(starts.reads("sftp"))
    stays = not any(inner.reads_input for inner in inners)
    return Unwrapped(name, tuple(inners), stays) if inners else None


_RSYNC = Syntax(
    "0468aAbB:cCdDe:EfF:f:gGhHiIjJkKlLmM:nNoOpPqrRsStT:uUvVWxXyz@:",
    "rsh=/e rsync-path= filter=/f exclude= include= exclude-from= include-from= files-from= block-size=/B temp-dir=/T"
    " compare-dest= copy-dest= link-dest= backup-dir= suffix= bwlimit= timeout= contimeout= modify-window=/@ max-size="
    " min-size= max-delete= max-alloc= log-file= log-file-format= out-format= partial-dir= password-file= port="
    " sockopts="
    " address= config= dparam=/M remote-option=/M iconv= checksum-choice= cc= checksum-seed= compress-choice= zc="
    " compress-level= zl= skip-compress= chmod= chown= usermap= groupmap= info= debug= stderr= early-input= stop-after="
    " stop-at= time-limit= write-batch= read-batch= only-write-batch= protocol= outbuf= copy-as= old-args/N",
    permutes=True,
    fuzzy=False,
)
_REMOTE_PATH = re.compile(r"(?:rsync://|[^/:]+:)")


def rsync(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """rsync: the remote shell, and the program over there."""
    options = read(words, _RSYNC)
    inners: list[Inner] = []
    for value in options.values("e"):
        inners += starts.line(value, appended=True)
    where = next(
        (
            "*" if word.opaque else word.text.partition(":")[0].rpartition("@")[2]
            for word in options.rest
            if _REMOTE_PATH.match(word.text)
        ),
        "*",
    )
    for value in options.values("rsync-path"):
        inners += starts.line(value, remote=where, appended=True)
    return Unwrapped(name, tuple(inners), stays=True) if inners else None


_MOSH = Syntax(
    "a46np:",
    "client= server= predict= family= port=/p ssh= init no-init local experimental-remote-ip= bind-server= help"
    " version",
    fuzzy=False,
)


def mosh(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """mosh: words behind the host, a command for ssh, a program over there."""
    options = read(words, _MOSH)
    if not options.rest:
        return None
    where, user = host(options.rest[0])
    inners: list[Inner] = []
    for value in options.values("ssh"):
        inners += starts.line(value, appended=True)
    for value in options.values("client"):
        inners += starts.command((value,))
    for value in options.values("server"):
        inners += starts.line(value, remote=where)
    behind = options.rest[1:]
    if behind and behind[0].text == "--":
        behind = behind[1:]
    inners += starts.command(behind, remote=where, user=user)
    return Unwrapped(name, tuple(inners), stays=True) if inners else None


def sshpass(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """sshpass: the command behind it."""
    options = read(words, Syntax("f:d:p:P:ehVv"))
    return Unwrapped(name, starts.command(options.rest, unknown=options.unknown)) if options.rest else None


LINES: dict[str, tuple[tuple[str, ...], str]] = {
    "vagrant": (("ssh",), "-c --command"),
    "gcloud": (("ssh",), "--command"),
    "flyctl": (("ssh",), "-C --command"),
    "fly": (("ssh",), "-C --command"),
    "az": (("run-command", "invoke"), "--scripts"),
    "tsh": (("ssh",), ""),
    "tailscale": (("ssh",), ""),
}
"""By program: the words that must be among its operands, and the options whose value is a line over there."""


def cloud(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """Command lines of services that reach a machine."""
    needed, names = LINES[name]
    texts = [word.text for word in words]
    if not all(word in texts for word in needed):
        return None
    at = texts.index(needed[-1]) + 1
    where = next((word for word in words[at:] if not word.text.startswith("-")), None)
    remote = host(where)[0] if where is not None else "*"
    for place in range(at, len(words)):
        option, equals, _ = texts[place].partition("=")
        if option in names.split():
            value = (
                cut(words[place], len(option) + 1) if equals else (words[place + 1] if place + 1 < len(words) else None)
            )
            return Unwrapped(name, starts.line(value, remote="*"), stays=True) if value is not None else None
    if "--" in texts[at:]:
        behind = words[texts.index("--", at) + 1 :]
        return Unwrapped(name, starts.joined(behind, remote=remote), stays=True) if behind else None
    if name in ("tsh", "tailscale") and where is not None:
        behind = words[words.index(where, at) + 1 :]
        return Unwrapped(name, starts.joined(behind, remote=remote), stays=True) if behind else None
    return None


_ADB = Syntax("ades:t:H:P:L:", "one-device= exit-on-write-error", fuzzy=False)


def adb(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """adb shell and exec-out."""
    options = read(words, _ADB)
    if len(options.rest) < 2 or options.rest[0].text not in ("shell", "exec-out"):
        return None
    inner = read(options.rest[1:], Syntax("e:ntTx"))
    return Unwrapped(name, starts.joined(inner.rest, remote="*"), stays=True) if inner.rest else None


_HOSTS = Syntax("bcdhlqSsvVaAf:g:i:j:k:l:n:N:o:p:P:R:t:T:u:w:x:X:e:H:m:C:I", "", fuzzy=False)


def many(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """pdsh, clush, pssh, dsh: one line on many machines."""
    options = read(words, _HOSTS)
    rest = options.rest
    opaque = ("options",) if options.unknown else ()
    return Unwrapped(name, starts.joined(rest, remote="*", repeated=True, opaque=opaque), stays=True) if rest else None


def ansible(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """ansible PATTERN -m shell -a LINE."""
    options = read(words, Syntax("m:a:i:u:bKkl:e:f:vt:M:oB:P:c:T:CDJ", _ANSIBLE_LONG, permutes=True))
    module = options.text("m").rpartition(".")[2] or "command"
    line = options.last("a")
    if line is None or module not in ("shell", "command", "raw", "script", "expect"):
        return None
    where = options.rest[0].text if options.rest else "*"
    local = where in ("localhost", "127.0.0.1") or options.text("c") == "local"
    user = options.text("become-user") or ("root" if options.has("b", "x") else options.text("u"))
    return Unwrapped(name, starts.line(line, remote="" if local else where, user=user, repeated=not local), stays=True)


_ANSIBLE_LONG = (
    "module-name=/m args=/a inventory=/i user=/u become/b become-user= become-method= limit=/l extra-vars=/e forks=/f"
    " tree=/t module-path=/M one-line/o poll=/P background=/B connection=/c timeout=/T check/C diff/D private-key="
    " key-file= vault-password-file= vault-id= ask-become-pass/K ask-pass/k task-timeout= playbook-dir="
)


def salt(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """salt TARGET cmd.run LINE, and salt-call."""
    for at, word in enumerate(words):
        if re.fullmatch(r"cmd\.(?:run|shell|run_all|run_stdout|run_bg|exec_code\w*|powershell)", word.text):
            behind = [other for other in words[at + 1 :] if not re.match(r"-|\w+=", other.text)]
            remote = "" if name == "salt-call" else "*"
            return Unwrapped(name, starts.line(behind[0], remote=remote), stays=True) if behind else None
    return None


_PAAS = Syntax(
    "a:r:s:e:x", "app=/a remote=/r size=/s env=/e type= exit-code/x no-tty no-notify", permutes=False, fuzzy=False
)


def paas(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """heroku run and its like: the words behind `run` run over there."""
    if not words or not re.fullmatch(r"run(?::detached|:inside)?", words[0].text):
        return None
    options = read(words[1:], _PAAS)
    return Unwrapped(name, starts.joined(options.rest, remote="*"), stays=True) if options.rest else None
