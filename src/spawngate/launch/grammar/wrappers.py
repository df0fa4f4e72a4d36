"""Programs that start the command in their arguments: env, sudo, timeout, xargs, find, direnv and many more.

Sources: manual pages of coreutils, util-linux, sudo, doas, findutils, strace, systemd-run, firejail, bubblewrap;
READMEs of cross-env, dotenv-cli, env-cmd, direnv, mise, asdf, nvm, poetry, pdm, hatch, conda, 1Password CLI, doppler,
infisical.
Must not be here: what a wrapper does to a shell command (`command.unwrap`, which asks who runs it, where and how often,
and looks options up in syntaxes of its own).
"""

import re

from spawngate.launch import shelltext
from spawngate.launch.argv import Grammar, word_set
from spawngate.launch.grammar.scan import Scanned, scan
from spawngate.launch.scene import Here, Scene

_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*=")


class _Wrapper:
    """Options of a wrapper, how many of its own words come before the command, and what else it does."""

    def __init__(
        self,
        values: str = "",
        flags: str = "",
        *,
        operands: int = 0,
        prefixes: tuple[str, ...] = (),
        assigns: bool = False,
        text: str = "",
        sub: str = "",
        dashes: bool = False,
        line: bool = False,
    ) -> None:
        self.grammar = Grammar(word_set(values), word_set(flags), prefixes)
        self.operands = operands
        self.assigns = assigns
        self.text = word_set(text)
        """Options whose value is a line for a shell."""
        self.sub = word_set(sub)
        """Sub-commands that run a command; without one of them the program does something else."""
        self.dashes = dashes
        """The command stands behind `--` only."""
        self.line = line
        """The words are joined and read by a shell."""


WRAPPERS: dict[str, _Wrapper] = {
    "sudo": _Wrapper(
        "-u --user -g --group -h --host -p --prompt -C --close-from -D --chdir -R --chroot -T --command-timeout -U"
        " --other-user -r --role -t --type",
        "-A --askpass -b --background -B --bell -E -H --set-home -i --login -k --reset-timestamp -K -n"
        " --non-interactive -N --no-update -P --preserve-groups -S --stdin -s --shell -l -v",
        prefixes=("--preserve-env",),
        assigns=True,
    ),
    "doas": _Wrapper("-u -C -a", "-n -s -L", assigns=True),
    "run0": _Wrapper("-u --user -g --group -D --chdir --nice --setenv --background", "--no-ask-password", assigns=True),
    "pkexec": _Wrapper("--user", "--disable-internal-agent --keep-cwd"),
    "timeout": _Wrapper("-k --kill-after -s --signal", "--foreground --preserve-status -v --verbose -f -p", operands=1),
    "gtimeout": _Wrapper("-k --kill-after -s --signal", "--foreground --preserve-status -v --verbose", operands=1),
    "nice": _Wrapper("-n --adjustment", prefixes=("-1", "-2", "-3", "-4", "-5", "-6", "-7", "-8", "-9", "-0", "--")),
    "ionice": _Wrapper("-c --class -n --classdata", "-t --ignore"),
    "chrt": _Wrapper("-T -P -D", "-a -b -d -f -i -m -o -r -R -v", operands=1),
    "taskset": _Wrapper("", "-a -c -p --cpu-list --all-tasks", operands=1),
    "numactl": _Wrapper("-N -C -m -i -p --cpunodebind --physcpubind --membind --interleave --preferred", "-a -l -s -H"),
    "stdbuf": _Wrapper("-i --input -o --output -e --error"),
    "unbuffer": _Wrapper("", "-p"),
    "time": _Wrapper("-f --format -o --output", "-p --portability -v --verbose -a --append -q --quiet -l"),
    "setsid": _Wrapper("", "-c --ctty -f --fork -w --wait"),
    "setarch": _Wrapper("-p", "-R -L -3 -v", operands=1, prefixes=("--",)),
    "linux64": _Wrapper("", "-R -L", prefixes=("--",)),
    "arch": _Wrapper("-d -e", "-c -32 -64 -arm64 -arm64e -x86_64 -i386 -h"),
    "nohup": _Wrapper(),
    "exec": _Wrapper("-a", "-c -l"),
    "command": _Wrapper("", "-p -v -V"),
    "builtin": _Wrapper(),
    "coproc": _Wrapper(),
    "noglob": _Wrapper(),
    "nocorrect": _Wrapper(),
    "caffeinate": _Wrapper("-t -w", "-d -i -m -s -u"),
    "corepack": _Wrapper(),
    "chroot": _Wrapper("", "--skip-chdir", operands=1, prefixes=("--userspec", "--groups")),
    "unshare": _Wrapper(
        "-R --root -w --wd -S --setuid -G --setgid --setgroups --propagation --monotonic --boottime --map-user"
        " --map-group --map-users --map-groups -l --load-interp",
        "-m -u -i -n -p -U -C -T -f -r -c",
        prefixes=(
            "--mount",
            "--uts",
            "--ipc",
            "--net",
            "--pid",
            "--user",
            "--cgroup",
            "--time",
            "--fork",
            "--map-",
            "--kill",
        ),
    ),
    "nsenter": _Wrapper(
        "-t --target -S --setuid -G --setgid", "-a -m -u -i -n -p -C -U -T -F -r -w -e", prefixes=("--",)
    ),
    "setpriv": _Wrapper(
        "--ruid --euid --rgid --egid --reuid --regid --groups --inh-caps --ambient-caps --bounding-set --securebits"
        " --pdeathsig --selinux-label --apparmor-profile",
        "--no-new-privs --clear-groups --keep-groups --init-groups --reset-env -d",
    ),
    "capsh": _Wrapper("", "", prefixes=("--",)),
    "runuser": _Wrapper(
        "-u --user -g --group -G --supp-group -s --shell -w", "-l --login -m -p -f", text="-c --command"
    ),
    "su": _Wrapper(
        "-g --group -G --supp-group -s --shell -w", "-l --login -m -p -f -P --pty -", text="-c --command", operands=1
    ),
    "script": _Wrapper(
        "-I -O -B -T -m -E -o --log-in --log-out --log-io --log-timing",
        "-a -e -f -q -r",
        text="-c --command",
        operands=1,
    ),
    "flock": _Wrapper(
        "-w --timeout --wait -E --conflict-exit-code",
        "-s -x -e -u -n -o -F --close --nonblock --verbose",
        text="-c --command",
        operands=1,
    ),
    "strace": _Wrapper(
        "-e -o -p -s -u -P -a -b -I -O -S -X -E --trace",
        "-f -ff -c -C -d -q -qq -t -tt -r -T -v -V -x -xx -y -yy -i -k -D -w -A -z -Z -n",
    ),
    "ltrace": _Wrapper("-e -o -p -s -u -l -a -n -x -F", "-f -c -C -d -i -L -r -S -t -T"),
    "gdbserver": _Wrapper("", "--once --multi --attach", operands=1),
    "perf": _Wrapper("-e -o -F -g -p", "-a -v -q", sub="record stat trace"),
    "valgrind": _Wrapper("", "-v -q", prefixes=("--",)),
    "catchsegv": _Wrapper(),
    "rlwrap": _Wrapper("-f -H -s -p -b", "-a -A -c -i -l -n -o -r -R -S -t"),
    "xvfb-run": _Wrapper("-e -f -n -p -s -w", "-a -l --auto-servernum"),
    "dbus-run-session": _Wrapper("--config-file --dbus-daemon"),
    "dbus-launch": _Wrapper("", "--exit-with-session --autolaunch"),
    "systemd-run": _Wrapper(
        "-u --unit -p --property --slice -E --setenv --description --working-directory -M -H --uid --gid --nice -t",
        "--user --system --scope -P --pipe -q --quiet --wait -G --collect -S --same-dir -d --pty -r",
        prefixes=("--on-", "--timer-", "--property=", "--setenv="),
    ),
    "systemd-inhibit": _Wrapper("--what --who --why --mode"),
    "firejail": _Wrapper("", "", prefixes=("--",)),
    "bwrap": _Wrapper(),
    "proot": _Wrapper("-r -b -w -q -k -R -S -m", "-0 -i"),
    "fakeroot": _Wrapper("-l -s -i -b --lib --faked", "-u"),
    "torsocks": _Wrapper("-a -P -u -p", "-i -q"),
    "torify": _Wrapper(),
    "tsocks": _Wrapper(),
    "proxychains": _Wrapper("-f", "-q"),
    "proxychains4": _Wrapper("-f", "-q"),
    "faketime": _Wrapper("", "-f -m", operands=1),
    "cpulimit": _Wrapper("-l -p -e", "-z -i -f -m --lazy"),
    "prlimit": _Wrapper("", "", prefixes=("--",)),
    "softlimit": _Wrapper("-m -d -s -l -a -o -p -f -c -r -t"),
    "chpst": _Wrapper("-u -U -b -/ -n -l -L -m -d -o -p -f -c -e", "-v -P -0 -1 -2"),
    "gosu": _Wrapper(operands=1),
    "su-exec": _Wrapper(operands=1),
    "setuidgid": _Wrapper(operands=1),
    "dumb-init": _Wrapper("-r --rewrite", "-c --single-child -v --verbose"),
    "tini": _Wrapper("-p -e", "-s -v -w -g -l"),
    "winpty": _Wrapper("", "", prefixes=("-X",)),
    "ts": _Wrapper(),
    "envdir": _Wrapper(operands=1),
    "envchain": _Wrapper(operands=1),
    "with-contenv": _Wrapper(),
    "catatonit": _Wrapper("", "-g -P -L"),
    # other programs' environments
    "op": _Wrapper("--env-file --account", "--no-masking", sub="run", dashes=True),
    "doppler": _Wrapper(
        "-p --project -c --config --token -t --mount", "--preserve-env", sub="run", dashes=True, text="--command"
    ),
    "infisical": _Wrapper("--env --path --projectId --token", "", sub="run", dashes=True, text="--command"),
    "dotenvx": _Wrapper("-f --env-file -e --env", "--overload -q", sub="run", dashes=True),
    "spawngate": _Wrapper("--id --server --agent --policy --scope", "", sub="launch", dashes=True),
    "spawngate-launch": _Wrapper("--id", "", dashes=True),
    "dotenv": _Wrapper("-e -f -c -v -p --file", "-o --overload --override --debug", assigns=True),
    "env-cmd": _Wrapper("-f --file -e --environments -r --rc-file", "--fallback --no-override --silent --use-shell -x"),
    "cross-env": _Wrapper(assigns=True),
    "cross-env-shell": _Wrapper(assigns=True, line=True),
    "direnv": _Wrapper("", "", sub="exec", operands=1),
    "mise": _Wrapper("-c --command -C --cd", "-q -y --raw", sub="exec x", dashes=True, text="-c --command"),
    "rtx": _Wrapper("-c --command", "", sub="exec x", dashes=True, text="-c --command"),
    "asdf": _Wrapper("", "", sub="exec"),
    "volta": _Wrapper("--node --npm --pnpm --yarn", "--no-npm --no-yarn --bundled-npm", sub="run"),
    "fnm": _Wrapper("--using", "", prefixes=("--using=",), sub="exec"),
    "nodenv": _Wrapper("", "", sub="exec"),
    "pyenv": _Wrapper("", "", sub="exec"),
    "rbenv": _Wrapper("", "", sub="exec"),
    "nvm": _Wrapper("", "--silent", sub="exec run", operands=1),
    "n": _Wrapper("", "", sub="exec run", operands=1),
    "conda": _Wrapper(
        "-n --name -p --prefix --cwd", "-v --no-capture-output --live-stream --debug-wrapper-scripts", sub="run"
    ),
    "mamba": _Wrapper("-n --name -p --prefix --cwd", "--no-capture-output", sub="run"),
    "micromamba": _Wrapper("-n --name -p --prefix -r --root-prefix --cwd -a", "", sub="run"),
    "pixi": _Wrapper("-e --environment --manifest-path", "--frozen --locked", sub="run exec"),
    "poetry": _Wrapper("-C --directory -P --project", "-q -n -v", sub="run"),
    "pipenv": _Wrapper("", "", sub="run"),
    "pdm": _Wrapper("-p --project --venv", "-s", sub="run"),
    "hatch": _Wrapper("-e --env", "", sub="run"),
    "rye": _Wrapper("-p --pyproject", "", sub="run"),
    "bundle": _Wrapper("", "--keep-file-descriptors", sub="exec"),
    "aws-vault": _Wrapper("-d --duration -m --mfa-token", "-n --no-session -j", sub="exec", dashes=True),
    "chamber": _Wrapper("", "", sub="exec", dashes=True),
    "teller": _Wrapper("-c --config", "--reset", sub="run", dashes=True),
    "vaultenv": _Wrapper("--host --port --token --secrets-file"),
    "sops": _Wrapper("", "", sub="exec-env", operands=1, line=True),
    "nix": _Wrapper("--command", "--impure", sub="run shell develop", dashes=True),
    "nix-shell": _Wrapper("-p --packages -I -A", "--pure", text="--run --command"),
    "devbox": _Wrapper("-c --config -e --env", "--pure", sub="run"),
    "guix": _Wrapper("", "--pure", sub="shell environment", dashes=True),
    "flatpak": _Wrapper("--branch --arch", "--user --system", sub="run", prefixes=("--command",)),
    "watch": _Wrapper("-n --interval -q --equexit", "-b -c -d -e -g -p -t -w -C -r", line=True),
    "entr": _Wrapper("", "-a -c -d -n -p -r -s -z"),
    "watchexec": _Wrapper(
        "-w --watch -e --exts -i --ignore -f --filter -s --signal --shell", "-r -c -n -q -p --restart"
    ),
    "reflex": _Wrapper("-r -g -R -G", "-s -v"),
    "parallel": _Wrapper(
        "-j --jobs -a --arg-file -I -n -N -L --delay --timeout -S --sshlogin", "-k -v -u -q --ungroup --will-cite"
    ),
    "tmux": _Wrapper(
        "-f -L -S -s -n -c -t -F", "-d -A -P", sub="new new-session new-window neww split-window run-shell", line=True
    ),
    "screen": _Wrapper("-S -s -c -t -L -Logfile -p -e", "-d -D -m -dm -dmS -A -q -U"),
    "xterm": _Wrapper("-T -geometry -fa -fs", "-hold", prefixes=("-b", "-f")),
    "setterm": _Wrapper(),
    "start-stop-daemon": _Wrapper(
        "-p --pidfile -u --user -d --chdir -x --exec -a --startas -n --name", "-S --start -b --background -m"
    ),
    "runcon": _Wrapper("-u -r -t -l", "-c", operands=1),
    "sg": _Wrapper("", "-", operands=1, text="-c"),
    "newgrp": _Wrapper(),
    "withenv": _Wrapper(operands=1),
}
"""Wrappers with options of the common kind."""


def wrapper(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """A wrapper of the table."""
    what = WRAPPERS[name]
    rest = words
    if what.sub:
        head = scan(words, what.grammar)
        if not head.rest or head.rest[0] not in what.sub:
            scene.unknown(name, name, words, here)
            return
        rest = head.rest[1:]
        lines = head.values(*what.text)
    else:
        lines = ()
    scene.wrap(name)
    grammar = Grammar(what.grammar.values | what.text, what.grammar.flags, what.grammar.prefixes)
    options = scan(rest, grammar)
    if options.unknown and not what.grammar.prefixes and name != "bwrap":
        scene.unknown_options(options.unknown)
    lines += options.values(*what.text)
    if what.text and what.operands and not lines:
        # `su user -c line`: options may stand behind the operand.
        lines = scan(options.rest[what.operands :], grammar).values(*what.text)
    for line in lines:
        scene.text(line, here.inside(), by=name)
    inner = options.rest
    if what.dashes and "--" in rest:
        inner = rest[rest.index("--") + 1 :]
    elif what.dashes and what.sub and not lines and name not in ("mise", "rtx", "nix", "guix"):
        inner = options.rest
    if name == "flock" and options.rest[1:2] == ("-c",):
        scene.text(" ".join(options.rest[2:3]), here.inside(), by=name)
        return
    if name == "bwrap":
        inner = _sandboxed(words)
    if name == "env-cmd" and options.has("--use-shell"):
        scene.text(" ".join(inner), here.inside(), by=name)
        return
    if not what.dashes or "--" not in rest:
        inner = inner[what.operands :]
    if inner[:1] == ("--",):
        inner = inner[1:]
    if name in ("su", "script", "runuser", "sg", "flock") and lines:
        return
    at = 0
    if what.assigns:
        while at < len(inner) and _ASSIGNMENT.match(inner[at]):
            at += 1
    deeper = scene.with_variables(here.inside(), inner[:at])
    _go(scene, name, words, inner[at:], deeper, here, what.line, options)


def _go(
    scene: Scene,
    name: str,
    words: tuple[str, ...],
    inner: tuple[str, ...],
    deeper: Here,
    here: Here,
    line: bool,
    options: Scanned,
) -> None:
    if not inner:
        if not scene.notes.has("shell") and not options.has("-s", "--shell", "-i", "--login"):
            scene.arrive(name, name, words, here)
            scene.utility(here)
        elif options.has("-s", "--shell", "-i", "--login"):
            scene.run("sh", (), deeper)
        return
    if line:
        scene.text(" ".join(inner), deeper, by=name)
        return
    scene.run(inner[0], inner[1:], deeper)
    if options.unknown and len(inner) > 1 and not scene.knows(inner[0]) and scene.knows(inner[1]):
        # The first word may have been the value of the option that is not known.
        scene.run(inner[1], inner[2:], deeper.inside(main=False))


_BWRAP = {
    1: word_set(
        """
        --args --userns --userns2 --pidns --uid --gid --hostname --chdir --unsetenv --lock-file --sync-fd
        --remount-ro --exec-label --file-label --proc --dev --tmpfs --mqueue --dir --seccomp --add-seccomp-fd
        --block-fd --userns-block-fd --info-fd --json-status-fd --cap-add --cap-drop --perms --size --argv0
        """
    ),
    2: word_set(
        """
        --setenv --bind --bind-try --dev-bind --dev-bind-try --ro-bind --ro-bind-try --file --bind-data --ro-bind-data
        --symlink --chmod --bind-fd --ro-bind-fd --overlay-src
        """
    ),
}


def _sandboxed(words: tuple[str, ...]) -> tuple[str, ...]:
    at = 0
    while at < len(words) and words[at].startswith("--"):
        if words[at] == "--":
            return words[at + 1 :]
        at += 3 if words[at] in _BWRAP[2] else 2 if words[at] in _BWRAP[1] else 1
    return words[at:]


_ENV = Grammar(
    word_set("-u --unset -C --chdir -S --split-string -P -a --argv0"),
    word_set("-i --ignore-environment -0 --null -v --debug -"),
    ("--block-signal", "--default-signal", "--ignore-signal", "--list-signal-handling"),
)


def env(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """env: assignments, `-i`, `-u` and `-S`, which splits one word into many."""
    scene.wrap("env")
    rest = words
    clear = False
    for _ in range(4):
        options = scan(rest, _ENV)
        clear = clear or options.has("-i", "--ignore-environment")
        scene.unknown_options(options.unknown)
        rest = options.rest
        line = next(iter(options.values("-S", "--split-string")), None)
        if line is None:
            break
        # The words of the line are options and assignments of env again.
        split = shelltext.split(line)
        rest = (*(split.commands[0].words if split.commands else ()), *rest)
    if rest[:1] == ("-",):
        clear, rest = True, rest[1:]
    at = 0
    while at < len(rest) and re.match(r"[^=\s/-][^=]*=", rest[at]):
        at += 1
    deeper = scene.with_variables(here.inside(), rest[:at], clear=clear)
    if at < len(rest):
        scene.run(rest[at], rest[at + 1 :], deeper)
    else:
        scene.arrive(name, name, words, here)
        scene.utility(here)


_XARGS = Grammar(
    word_set(
        "-a --arg-file -d --delimiter -E -I -L -n --max-args -P --max-procs -s --max-chars -J -R -S --process-slot-var"
    ),
    word_set("-0 --null -o --open-tty -p --interactive -r --no-run-if-empty -t --verbose -x --exit"),
    ("--replace", "--max-lines", "--eof", "--show-limits", "-i", "-l", "-e"),
)


def xargs(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """xargs."""
    scene.wrap(name)
    options = scan(words, _XARGS)
    scene.unknown_options(options.unknown)
    if not options.rest:
        scene.arrive(name, name, words, here)
        scene.utility(here)
        return
    scene.run(options.rest[0], options.rest[1:], here.inside())
    for mark in _marks(options):
        # What xargs reads from standard input is the client's own protocol stream: it must not choose the program
        # or be read by a shell.
        if mark in options.rest[0] or mark in scene.notes.text("shell_text"):
            scene.notes.add("argument_injection", " ".join((name, *words)))
            return


def _marks(options: Scanned) -> tuple[str, ...]:
    """The texts that xargs replaces by its input (`-I X`, `-J X`, `-i[X]`, `--replace[=X]`)."""
    found = list(options.values("-I", "-J"))
    for name, value in options.options:
        if name == "--replace":
            found.append(value or "{}")
        elif name.startswith("-i"):
            found.append(name[2:] or "{}")
    return tuple(filter(None, found))


def find(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """find and fd: `-exec` and its kin run commands."""
    scene.arrive(name, name, words, here)
    scene.utility(here)
    at = 0
    names = _FIND if name != "fd" and name != "fdfind" else _FD
    while at < len(words):
        word = words[at]
        if word in names or word.startswith(("--exec=", "--exec-batch=")):
            end = at + 1
            while end < len(words) and words[end] not in (";", "\\;", "+"):
                end += 1
            inner = words[at + 1 : end]
            if "=" in word:
                inner = (word.partition("=")[2], *inner)
            scene.notes.add("argument_injection", f"{word} {' '.join(inner)}".strip())
            if inner:
                scene.run(inner[0], inner[1:], here.inside(main=False))
            at = end
        at += 1


_FIND = word_set("-exec -execdir -ok -okdir")
_FD = word_set("-x --exec -X --exec-batch")
