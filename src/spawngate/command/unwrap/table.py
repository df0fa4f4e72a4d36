"""Which reader reads which program: `unwrap` takes the words of one command line and says what it starts.

Belongs here: the written table, program name -> reader. Must not be here: any program's options.
"""

from collections.abc import Callable
from functools import lru_cache

from spawngate.command.spawn import Word
from spawngate.command.unwrap import (
    builds,
    carriers,
    containers,
    editors,
    environment,
    filters,
    git,
    installs,
    interpreters,
    javascript,
    packages,
    packages_python,
    plain,
    plain_system,
    plain_tools,
    privilege,
    python,
    remote,
    repeat,
    services,
    shells,
    terminal,
    windows,
)
from spawngate.command.unwrap.inner import Unwrapped
from spawngate.launch.argv import is_python, program, word_set

Reader = Callable[[str, tuple[Word, ...]], Unwrapped | None]
"""Reads a program's name and its arguments."""


def _same(reader: Reader, names: str) -> dict[str, Reader]:
    return dict.fromkeys(names.split(), reader)


PLAIN = {**plain_system.SYSTEM, **plain_tools.TOOLS}


def _plain(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """A wrapper of the plain kind."""
    return plain.unwrapped(name, words, PLAIN[name])


READERS: dict[str, Reader] = {
    **dict.fromkeys(PLAIN, _plain),
    **dict.fromkeys(environment.PREPARED, environment.prepared),
    **dict.fromkeys(carriers.CARRIERS, carriers.carrier),
    **dict.fromkeys(shells.SHELLS, shells.shell),
    **dict.fromkeys(editors.LINE_SHELLS, editors.line_shell),
    **dict.fromkeys(builds.RUNNERS, builds.runner),
    **dict.fromkeys(containers.CONTAINED, containers.contained),
    **dict.fromkeys(remote.LINES, remote.cloud),
    # shells and their built-ins
    **_same(shells.fish, "fish"),
    **_same(shells.multicall, "busybox toybox sbase-box"),
    **_same(shells.evaluate, "eval"),
    **_same(shells.trap, "trap"),
    **_same(shells.source, ". source"),
    **_same(shells.command, "command builtin"),
    **_same(shells.execute, "exec"),
    **_same(shells.coproc, "coproc"),
    **_same(windows.powershell, "pwsh powershell pwsh-preview powershell_ise"),
    **_same(windows.cmd, "cmd"),
    **_same(windows.start, "start"),
    **_same(windows.wsl, "wsl"),
    **_same(windows.slashed, "forfiles schtasks runas"),
    **_same(windows.wmic, "wmic"),
    **_same(windows.psexec, "psexec psexec64 paexec"),
    **_same(windows.proxy, "conhost winpty pcalua"),
    # other users, other surroundings
    **_same(privilege.sudo, "sudo"),
    **_same(privilege.doas, "doas"),
    **_same(privilege.su, "su"),
    **_same(privilege.runuser, "runuser"),
    **_same(privilege.pkexec, "pkexec"),
    **_same(privilege.sg, "sg"),
    **_same(environment.env, "env genv"),
    **_same(environment.shell_line, "cross-env-shell sops"),
    **_same(environment.nix, "nix nix-shell guix"),
    **_same(plain_tools.perf, "perf"),
    **_same(plain_tools.capsh, "capsh"),
    # again, later, elsewhere
    **_same(repeat.xargs, "xargs gxargs"),
    **_same(repeat.find, "find gfind bfs"),
    **_same(repeat.fd, "fd fdfind"),
    **_same(repeat.parallel, "parallel env_parallel sem"),
    **_same(terminal.script, "script"),
    **_same(terminal.flock, "flock"),
    **_same(terminal.watch, "watch"),
    **_same(terminal.entr, "entr"),
    **_same(terminal.watchexec, "watchexec"),
    **_same(terminal.reflex, "reflex"),
    **_same(terminal.chokidar, "chokidar chokidar-cli"),
    **_same(terminal.onchange, "onchange"),
    **_same(terminal.tmux, "tmux tmate psmux"),
    **_same(terminal.screen, "screen"),
    **_same(terminal.at, "at batch"),
    **_same(terminal.crontab, "crontab"),
    **_same(terminal.later, "start-stop-daemon"),
    **_same(
        terminal.xterm,
        "xterm uxterm urxvt rxvt x-terminal-emulator gnome-terminal konsole xfce4-terminal mate-terminal alacritty"
        " kitty"
        " foot footclient wezterm lxterminal terminology tilix qterminal st eterm",
    ),
    **_same(remote.ssh, "ssh autossh slogin dbclient"),
    **_same(remote.copy, "scp sftp"),
    **_same(remote.rsync, "rsync"),
    **_same(remote.mosh, "mosh"),
    **_same(remote.sshpass, "sshpass"),
    **_same(remote.adb, "adb"),
    **_same(remote.many, "pdsh clush pssh parallel-ssh dsh"),
    **_same(remote.ansible, "ansible"),
    **_same(remote.salt, "salt salt-call salt-ssh"),
    **_same(remote.paas, "heroku dokku"),
    **_same(containers.engine, "docker podman nerdctl finch"),
    **_same(containers.compose, "docker-compose podman-compose"),
    **_same(containers.kubectl, "kubectl oc k3s-kubectl microk8s.kubectl"),
    **_same(containers.machinectl, "machinectl"),
    **_same(containers.netns, "ip"),
    **_same(containers.flatpak, "flatpak"),
    **_same(containers.bwrap, "bwrap"),
    # services and managers
    **dict.fromkeys(installs.INSTALLERS, installs.installed),
    **_same(services.pm2, "pm2"),
    **_same(services.watchmedo, "watchmedo watchman-make"),
    **_same(services.launchctl, "launchctl"),
    **_same(services.gh, "gh"),
    **_same(services.aws, "aws"),
    **_same(services.lock, "consul etcdctl nomad"),
    **_same(services.desktop, "xdotool i3-msg swaymsg hyprctl"),
    **_same(services.fzf, "fzf sk"),
    **_same(services.batch_job, "sbatch"),
    **_same(services.fabric, "fab"),
    **_same(services.recorder, "asciinema ttyrec"),
    **_same(services.several, "pee mispipe"),
    **_same(services.run_parts, "run-parts"),
    **_same(services.assigned_kernel, "sysctl"),
    **_same(services.operand, "csvtool ksu msgfilter xdg-user-dir service"),
    **_same(services.coded, "m4 gs ghostscript latexmk bpftrace"),
    # programs of many trades
    **_same(git.git, "git"),
    **_same(carriers.tar, "tar gtar bsdtar"),
    **_same(carriers.socat, "socat"),
    **_same(carriers.logsave, "logsave"),
    **_same(carriers.busctl, "busctl"),
    **_same(carriers.tex, "tex pdftex latex pdflatex xelatex lualatex luatex xetex"),
    **_same(carriers.gcc, "gcc g++ cc c++ clang clang++ tcc"),
    **_same(editors.vim, "vim nvim vi ex view rvim rview vimdiff gvim vim.basic vim.tiny nvi elvis"),
    **_same(editors.ed, "ed red"),
    **_same(editors.emacs, "emacs emacsclient emacs-nox"),
    **_same(editors.pager, "less more most pg"),
    **_same(editors.man, "man"),
    **_same(editors.nano, "nano pico rnano"),
    **_same(editors.gdb, "gdb"),
    **_same(editors.lldb, "lldb"),
    **_same(editors.sqlite, "sqlite3 sqlite duckdb"),
    **_same(editors.psql, "psql"),
    **_same(editors.mysql, "mysql mariadb"),
    # interpreters
    **_same(interpreters.perl, "perl"),
    **_same(interpreters.ruby, "ruby jruby truffleruby"),
    **_same(interpreters.php, "php php-cli"),
    **_same(filters.awk, "awk gawk mawk nawk original-awk"),
    **_same(filters.sed, "sed gsed"),
    **_same(javascript.node, "node nodejs tsx ts-node"),
    **_same(javascript.deno, "deno"),
    **_same(interpreters.expect, "expect expectk"),
    # builds and packages
    **_same(builds.make, "make gmake bmake"),
    **_same(builds.cmake, "cmake"),
    **_same(builds.just, "just"),
    **_same(builds.go, "go"),
    **_same(builds.cargo, "cargo"),
    **_same(builds.dotnet, "dotnet"),
    **_same(builds.launcher, "ccache sccache distcc icecc colorgcc"),
    **_same(packages.npx, "npx"),
    **_same(packages.npm, "npm"),
    **_same(packages.pnpm, "pnpm pnpx"),
    **_same(packages.yarn, "yarn yarnpkg"),
    **_same(packages.bun, "bun"),
    **_same(packages.bunx, "bunx"),
    **_same(packages_python.uv, "uv uvx"),
    **_same(packages_python.pipx, "pipx"),
    **_same(packages_python.pip, "pip pip3"),
    **_same(packages.composer, "composer"),
    **_same(packages.gem, "gem"),
    **_same(packages.concurrently, "concurrently npm-run-all run-s run-p"),
    **_same(packages.nodemon, "nodemon"),
}
"""By program name, lower case, without folder and Windows suffix."""


def _unversioned(name: str) -> str:
    """The name without a version at its end: digits and dots from a digit on, with a dash before it or none."""
    stem = name.rstrip("0123456789.")
    dots = len(name) - len(name[len(stem) :].lstrip(".")) - len(stem)
    if len(stem) + dots == len(name):
        return name
    return stem.removesuffix("-") if not dots else name[: len(stem) + dots]


@lru_cache(maxsize=1_024)
def reader_of(name: str) -> Reader | None:
    """The reader of a program's name; versions behind it (`perl5.36`, `php8.2`) do not matter."""
    found = READERS.get(name)
    if found is not None:
        return found
    if is_python(name):
        return python.python
    if plain_tools.is_loader(name):
        return plain_tools.loader
    if interpreters.known(name):
        return interpreters.language
    short = _unversioned(name)
    if short != name and short in _VERSIONED:
        return READERS.get(short)
    return None


_VERSIONED = word_set("perl ruby php bash zsh ksh node pip emacs vim nvim gdb lldb gcc g++ clang clang++ pwsh expect")


def unwrap(argv: tuple[Word, ...]) -> Unwrapped | None:
    """What a command line starts besides itself; None where it starts nothing else. Total: any words are read.

    `argv` is the program and its arguments. A program whose name is not known (an unset variable) starts nothing here.
    """
    if not argv or not argv[0].text:
        return None
    name = program(argv[0].text)
    reader = reader_of(name)
    found = reader(name, argv[1:]) if reader is not None else None
    return found if found is not None and found.inners else None
