"""docker, podman, kubectl and other engines: a command inside a container.

Sources: the option tables of `launch.grammar.known` (docker run --help 28, podman-run(1), nerdctl), `docker exec
--help`, `docker compose exec|run --help`, `kubectl exec|run|debug --help` (the command stands behind `--`; the old
form has it behind the pod), `lxc exec --help`, machinectl(1), systemd-nspawn(1), ip-netns(8), apptainer,
toolbox(1), distrobox, flatpak-run(1), bwrap(1), `crictl exec --help`, `ctr run --help`, buildah-run(1). Flags are
read as pflag of Go reads them: letters together, a value behind `=` also for a letter, no abbreviations.
Must not be here: what a container may touch on the host (`launch.grammar.containers`).

"""

import re
from typing import Any

from spawngate.command.spawn import Word
from spawngate.command.unwrap import starts
from spawngate.command.unwrap.inner import Inner, Unwrapped
from spawngate.command.unwrap.options import Options, Syntax, cut, read
from spawngate.launch.argv import Grammar, word_set
from spawngate.launch.grammar import known


def flags(grammar: Grammar) -> Syntax:
    """A grammar of launchers as a syntax: every option keeps its own name for a key."""
    short = "".join(f"{name[1]}:" for name in sorted(grammar.values) if len(name) == 2)
    short += "".join(name[1] for name in sorted(grammar.flags) if len(name) == 2 and name not in grammar.values)
    long = [f"{name[2:]}=" for name in sorted(grammar.values) if name.startswith("--")]
    long += [name[2:] for name in sorted(grammar.flags) if name.startswith("--")]
    return Syntax(short, " ".join(long), fuzzy=False)


_EXEC = Syntax(
    "e:u:w:ditTlc:",
    "env=/e env-file= user=/u workdir=/w detach-keys= detach/d interactive/i tty/t privileged latest/l"
    " preserve-fds= index= no-TTY/T cidfile= no-tty wait cap=",
    fuzzy=False,
)
_RUN = {
    "docker": flags(known.DOCKER),
    "podman": flags(known.PODMAN),
    "nerdctl": flags(known.DOCKER),
}
_GLOBAL = {
    "docker": flags(known.DOCKER_GLOBAL),
    "podman": flags(known.PODMAN_GLOBAL),
    "nerdctl": flags(known.NERDCTL_GLOBAL),
}
_COMPOSE = Syntax(
    "f:p:",
    "file=/f project-name=/p profile= env-file= project-directory= ansi= parallel= progress= compatibility dry-run"
    " all-resources verbose",
    fuzzy=False,
)
_COMPOSE_RUN = Syntax(
    "e:l:p:u:v:w:dTiPqs",
    "env=/e env-from-file= label=/l publish=/p user=/u volume=/v workdir=/w entrypoint= name= cap-add= cap-drop="
    " pull= detach/d no-TTY/T interactive/i service-ports/P quiet/q build rm no-deps remove-orphans use-aliases"
    " quiet-pull quiet-build index= privileged",
    fuzzy=False,
)


def engine(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """docker, podman, nerdctl, finch."""
    kind = "docker" if name == "finch" else name
    before = read(words, _GLOBAL[kind])
    rest = before.rest
    if rest and rest[0].text in ("container", "pod"):
        rest = rest[1:]
    command = rest[0].text if rest else ""
    if command in ("run", "create"):
        inners = _run(read(rest[1:], _RUN[kind]), before.unknown)
    elif command == "exec":
        inners = _exec(read(rest[1:], _EXEC), before.unknown)
    elif command == "compose":
        return compose(name, rest[1:])
    elif command in ("machine",) and len(rest) > 1 and rest[1].text == "ssh":
        options = read(rest[2:], Syntax("", "username=", fuzzy=False))
        inners = starts.joined(options.rest[1:], remote="*") if len(options.rest) > 1 else ()
    elif command == "unshare":
        options = read(rest[1:], Syntax("", "rootless-netns", fuzzy=False))
        inners = starts.command(options.rest or starts.SHELL)
    else:
        return None
    return Unwrapped(name, inners, stays=True) if inners else None


def _variables(options: Options) -> tuple[tuple[str, Word], ...]:
    found = []
    for value in options.values("e", "env"):
        key, equals, _ = _plain(value).text.partition("=")
        if equals:
            found.append((key, cut(_plain(value), len(key) + 1)))
    return tuple(found)


def _plain(word: Word) -> Word:
    """A value without the `=` that pflag takes between a letter and its value."""
    return cut(word, 1) if word.text.startswith("=") else word


def _given(options: Options, *keys: str) -> str:
    value = options.last(*keys)
    return _plain(value).text if value is not None else ""


def _exec(options: Options, unknown: tuple[str, ...]) -> tuple[Inner, ...]:
    if not options.rest:
        return ()
    return starts.command(
        options.rest[1:],
        unknown=(*unknown, *options.unknown),
        container=options.rest[0].text,
        user=_given(options, "u", "user"),
        cwd=_given(options, "w", "workdir"),
        assignments=_variables(options),
        background=options.has("d", "detach"),
    )


def _run(options: Options, unknown: tuple[str, ...]) -> tuple[Inner, ...]:
    """The command of a container. A first word with a dash is an argument of the image's own entry point."""
    if not options.rest:
        return ()
    image, args = options.rest[0], options.rest[1:]
    fields: dict[str, Any] = {
        "container": image.text,
        "user": _given(options, "u", "user"),
        "cwd": _given(options, "w", "workdir"),
        "assignments": _variables(options),
        "background": options.has("d", "detach"),
    }
    inners: list[Inner] = []
    for value in options.values("health-cmd", "health-startup-cmd"):
        inners += starts.line(_plain(value), container=image.text, repeated=True)
    entry = options.last("entrypoint")
    every = (*unknown, *options.unknown)
    if entry is not None and entry.text:
        inners += starts.command((*_entry(entry), *args), unknown=every, **fields)
    elif args and (not args[0].text.startswith("-") or every):
        inners += starts.command(args, unknown=every, **fields)
    return tuple(inners)


def _entry(entry: Word) -> tuple[Word, ...]:
    """docker takes one word; podman also takes a JSON list."""
    if entry.text.startswith("["):
        parts = re.findall(r'"((?:[^"\\]|\\.)*)"', entry.text)
        if parts:
            return tuple(Word(part, entry.opaque) for part in parts)
    return (entry,)


def compose(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """docker compose exec and run."""
    before = read(words, _COMPOSE)
    if not before.rest or before.rest[0].text not in ("exec", "run"):
        return None
    options = read(before.rest[1:], _EXEC if before.rest[0].text == "exec" else _COMPOSE_RUN)
    inners = (_exec if before.rest[0].text == "exec" else _run)(options, before.unknown)
    return Unwrapped(name, inners, stays=True) if inners else None


_KUBECTL = Syntax(
    "n:c:f:itqs:v:l:o:k:A",
    "namespace=/n container=/c filename=/f stdin/i tty/t quiet/q server=/s context= cluster= user= kubeconfig="
    " token= as= as-group= as-uid= cache-dir= certificate-authority= client-certificate= client-key="
    " request-timeout= tls-server-name= profile= profile-output= log-flush-frequency= v= vmodule= username="
    " password= image= image-pull-policy= overrides= override-type= port= labels=/l annotations= env= limits="
    " requests= restart= serviceaccount= pod-running-timeout= target= copy-to= set-image= arguments-only attach?"
    " command? dry-run? expose? rm? leave-stdin-open? privileged? output=/o template= field-manager= grace-period="
    " timeout= cascade= same-node share-processes replace keep-annotations keep-labels keep-init-containers"
    " keep-liveness keep-readiness keep-startup custom= wait show-managed-fields allow-missing-template-keys"
    " insecure-skip-tls-verify match-server-version",
    permutes=True,
    fuzzy=False,
)


def kubectl(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """kubectl exec, run and debug; oc exec, rsh and debug."""
    options = read(words, _KUBECTL)
    rest = options.rest
    if not rest:
        return None
    command = rest[0].text
    if command not in ("exec", "run", "debug", "rsh"):
        return None
    texts = [word.text for word in words]
    if "--" in texts:
        inner = words[texts.index("--") + 1 :]
        behind_dashes = {word.text for word in inner}
        place = next((word.text for word in rest[1:] if word.text not in behind_dashes), "*")
    elif command in ("exec", "rsh") and len(rest) > 2:
        # The old form; options behind the pod belong to the command.
        pod = rest[1]
        at = next((at for at, word in enumerate(words) if word is pod), 0)
        inner = words[at + 1 :]
        behind = read(inner, Syntax("c:itqn:", "container=/c stdin/i tty/t namespace=/n quiet/q", fuzzy=False))
        inner = behind.rest
        place = pod.text
    else:
        return None
    if command == "run" and options.has("image"):
        place = options.text("image")
        if not options.has("command") and inner and inner[0].text.startswith("-"):
            return None
    inners = starts.command(inner, unknown=(), container=place or "*")
    return Unwrapped(name, inners, stays=True) if inners else None


def _behind(words: tuple[Word, ...], syntax: Syntax, operands: int) -> tuple[Options, tuple[Word, ...]]:
    """Options, and what stands behind `operands` words or behind `--`."""
    options = read(words, syntax)
    rest = options.rest
    behind = rest[operands:]
    again = read(behind, syntax) if behind and behind[0].text.startswith("-") else None
    if again is not None:
        options = Options((*options.found, *again.found), rest, (*options.unknown, *again.unknown))
        behind = again.rest
    return options, behind


CONTAINED: dict[str, tuple[frozenset[str], Syntax, int]] = {
    "lxc": (
        word_set("exec"),
        Syntax("nTt", "cwd= env= force-interactive/t force-noninteractive/T mode= user= group= disable-stdin/n"
            " project=", fuzzy=False),
        1,
    ),
    "incus": (
        word_set("exec"),
        Syntax("nTt", "cwd= env= force-interactive/t force-noninteractive/T mode= user= group= disable-stdin/n"
            " project=", fuzzy=False),
        1,
    ),
    "lxc-attach": (frozenset(), Syntax("n:v:P:u:g:s:f:k:", "name=/n clear-env keep-env set-var=/v lxcpath=/P uid=/u"
        " gid=/g", fuzzy=False), 0),
    "crictl": (word_set("exec"), Syntax("ir:ts", "interactive/i tty/t sync/s timeout= runtime-endpoint=/r"
        " quiet/q", fuzzy=False), 1),
    "multipass": (word_set("exec"), Syntax("d:n", "working-directory=/d no-map-working-directory/n", fuzzy=False), 1),
    "limactl": (word_set("shell"), Syntax("", "workdir= shell= debug tty", fuzzy=False), 1),
    "colima": (word_set("ssh"), Syntax("p:", "profile=/p", fuzzy=False), 0),
    "minikube": (word_set("ssh"), Syntax("p:n:", "profile=/p node=/n native-ssh", fuzzy=False), 0),
    "apptainer": (
        word_set("exec run"),
        Syntax("B:cCeH:S:W:o:", "bind=/B contain/c containall/C cleanenv/e home=/H pwd= cwd= env= env-file= nv rocm"
            " writable writable-tmpfs fakeroot/f overlay=/o scratch=/S workdir=/W no-home unsquash security="
            " add-caps= drop-caps= net network= userns/u pid/p ipc/i", fuzzy=False),
        1,
    ),
    "toolbox": (word_set("run"), Syntax("c:d:r:", "container=/c distro=/d release=/r preserve-fds=", fuzzy=False), 0),
    "distrobox": (word_set("enter"), Syntax("n:T", "name=/n no-tty/T no-workdir additional-flags=/a"
        " clean-path", fuzzy=False), 1),
    "distrobox-enter": (frozenset(), Syntax("n:T", "name=/n no-tty/T no-workdir additional-flags=/a", fuzzy=False), 1),
    "systemd-nspawn": (
        frozenset(),
        Syntax("D:i:M:u:E:bxUqanjPS:", "directory=/D image=/i machine=/M user=/u setenv=/E bind= bind-ro= tmpfs="
            " boot/b ephemeral/x quiet/q chdir= as-pid2/a private-network network-veth/n volatile? overlay="
            " read-only register= pipe/P console= uuid= hostname= slice=/S property= private-users? capability="
            " drop-capability= resolv-conf= timezone= link-journal=", fuzzy=False),
        0,
    ),
    "schroot": (frozenset(), Syntax("c:u:d:s:n:ab", "chroot=/c user=/u directory=/d shell=/s preserve-environment/p"
        " session-name=/n all/a run-session/r begin-session/b", fuzzy=False), 0),
    "buildah": (word_set("run"), Syntax("e:u:v:t", "env=/e user=/u volume=/v workingdir= tty/t isolation= network="
        " mount= cap-add= cap-drop= runtime= add-history", fuzzy=False), 1),
}  # fmt: skip
CONTAINED["singularity"] = CONTAINED["apptainer"]


def contained(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """An engine of the table: sub-command, options, the container, the command."""
    subs, syntax, operands = CONTAINED[name]
    rest = words
    if subs:
        before = read(words, syntax)
        if not before.rest or before.rest[0].text not in subs:
            return None
        rest = before.rest[1:]
    options, behind = _behind(rest, syntax, operands)
    if name in ("apptainer", "singularity") and words and not any(word.text == "exec" for word in words[:4]):
        behind = ()
    where = options.rest[0].text if operands and options.rest else options.text("n", "c", "D", "M", "i") or "*"
    if behind and behind[0].text == "--":
        behind = behind[1:]
    inners = starts.command(
        behind, unknown=options.unknown, container=where, user=options.text("user", "u"), cwd=options.text("cwd", "pwd")
    )
    return Unwrapped(name, inners, stays=True) if inners else None


_MACHINECTL = Syntax(
    "M:H:E:qp:alo:n:",
    "machine=/M host=/H setenv=/E uid= quiet/q property=/p all/a lines=/n output=/o kill-whom= signal=/s read-only"
    " mkdir",
    fuzzy=False,
)


def machinectl(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """machinectl shell [USER@]MACHINE COMMAND."""
    options = read(words, _MACHINECTL)
    rest = options.rest
    if not rest or rest[0].text != "shell":
        return None
    inner = read(rest[1:], _MACHINECTL)
    if len(inner.rest) < 2:
        return None
    user, _, machine = inner.rest[0].text.rpartition("@")
    fields = {"container": "" if machine in ("", ".host") else machine, "user": user or inner.text("uid") or "root"}
    return Unwrapped(name, starts.command(inner.rest[1:], unknown=inner.unknown, **fields), stays=True)


def netns(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """ip netns exec NAME COMMAND, ip vrf exec NAME COMMAND; `-all` takes the name's place."""
    texts = [word.text for word in words]
    for at, text in enumerate(texts):
        if (
            at
            and len(text) > 1
            and "exec".startswith(text)
            and "netns".startswith(texts[at - 1]) | (texts[at - 1] == "vrf")
        ):
            every = any("-all".startswith(one.replace("--", "-")) and len(one) > 1 for one in texts[:at])
            behind = words[at + 1 if every else at + 2 :]
            return Unwrapped(name, starts.command(behind), stays=True) if behind else None
    return None


_FLATPAK = Syntax(
    "dp",
    "command= branch= arch= cwd= env= unset-env= env-fd= filesystem= nofilesystem= share= unshare= socket="
    " nosocket= device= nodevice= runtime= runtime-version= runtime-commit= file-forwarding die-with-parent devel/d"
    " user system installation= instance-id-fd= parent-pid= persist= talk-name= own-name= system-talk-name= sandbox"
    " log-session-bus log-system-bus allow= disallow= commit= no-documents-portal app-path= usr-path=",
    fuzzy=False,
)


def flatpak(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """flatpak run --command=PROGRAM APP ARGS."""
    before = read(words, _FLATPAK)
    if not before.rest or before.rest[0].text not in ("run", "enter"):
        return None
    options = read(before.rest[1:], _FLATPAK)
    if not options.rest:
        return None
    command = options.last("command")
    inner = (command, *options.rest[1:]) if command is not None else ()
    if before.rest[0].text == "enter":
        inner = options.rest[1:]
    inners = starts.command(inner, container=options.rest[0].text, cwd=options.text("cwd"))
    return Unwrapped(name, inners, stays=True) if inners else None


_BWRAP = {
    1: word_set(
        """
        --args --userns --userns2 --pidns --uid --gid --hostname --chdir --unsetenv --lock-file --sync-fd --remount-ro
        --exec-label --file-label --proc --dev --tmpfs --mqueue --dir --seccomp --add-seccomp-fd --block-fd
        --userns-block-fd --info-fd --json-status-fd --cap-add --cap-drop --perms --size --argv0 --tmp-overlay
        --ro-overlay --overlay-src
        """
    ),
    2: word_set(
        """
        --setenv --bind --bind-try --dev-bind --dev-bind-try --ro-bind --ro-bind-try --file --bind-data --ro-bind-data
        --symlink --chmod --bind-fd --ro-bind-fd
        """
    ),
    3: word_set("--overlay"),
}


def bwrap(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """bwrap: options take none to three words of their own."""
    at = 0
    cwd = ""
    assignments: list[tuple[str, Word]] = []
    while at < len(words) and words[at].text.startswith("--"):
        text = words[at].text
        if text == "--":
            at += 1
            break
        if text == "--setenv" and at + 2 < len(words):
            assignments.append((words[at + 1].text, words[at + 2]))
        elif text == "--chdir" and at + 1 < len(words):
            cwd = words[at + 1].text
        at += 1 + next((count for count, names in _BWRAP.items() if text in names), 0)
    inners = starts.command(words[at:], assignments=tuple(assignments), cwd=cwd)
    return Unwrapped(name, inners) if inners else None
