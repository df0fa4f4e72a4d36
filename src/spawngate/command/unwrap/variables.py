"""Variables whose value is a command that the program behind them starts: GIT_SSH_COMMAND, PAGER, EDITOR, LESSOPEN, ...

`started(argv, assignments)` says what the variables set for one command line start besides it. A variable counts only
for programs that are known to act on it.
Sources: git(1) (Environment Variables; GIT_CONFIG_COUNT and GIT_CONFIG_PARAMETERS in git-config(1)), man(1), less(1)
(LESSOPEN, LESSCLOSE, LESS), rsync(1), tar manual (TAR_OPTIONS), GNU make manual (MAKEFLAGS, GNUMAKEFLAGS), bash(1)
(PROMPT_COMMAND, PS0, PS1, PS4), crontab(1), sudo(8), systemctl(1), psql(1), kubectl, gh and aws environment pages, npm
config, node CLI (NODE_OPTIONS), perlrun(1) (PERL5OPT, PERL5DB), cargo book (wrappers and runners), go help environment,
svnbook (SVN_SSH), hg help environment, ssh(1) (SSH_ASKPASS), fzf(1).
Must not be here: variables that name a file of code or a library (`command.environment`).
"""

import re
import shlex
from collections.abc import Mapping, Sequence

from spawngate.command.spawn import Word
from spawngate.command.unwrap import builds, carriers, starts
from spawngate.command.unwrap.code import shell_outs
from spawngate.command.unwrap.git import setting
from spawngate.command.unwrap.inner import Inner
from spawngate.command.unwrap.interpreters import perl
from spawngate.command.unwrap.javascript import node
from spawngate.command.unwrap.options import cut
from spawngate.launch.argv import program, word_set

EDITING = word_set(
    """
    git hg svn crontab visudo sudoedit vipw vigr systemctl kubectl oc gh glab psql mysql sqlite3 less more man
    gem edquota bundle npm yarn ansible-vault chezmoi pass sops virsh dpkg-reconfigure jj fc edit sensible-editor
    """
)
PAGING = word_set(
    "git man psql mysql systemctl journalctl gh glab aws gcloud bat hg svn jj delta sensible-pager apropos loginctl"
    " kubectl"
)
BROWSING = word_set("xdg-open sensible-browser man gh glab npm w3m python python3 jupyter gcloud az aws heroku open")
_SHELLS = word_set("bash rbash")

LINES: Mapping[str, frozenset[str]] = {
    "GIT_SSH_COMMAND": word_set("git git-lfs"),
    "GIT_EXTERNAL_DIFF": word_set("git"),
    "GIT_PAGER": word_set("git"),
    "GIT_EDITOR": word_set("git"),
    "GIT_SEQUENCE_EDITOR": word_set("git"),
    "GIT_PROXY_COMMAND": word_set("git"),
    "GIT_ASKPASS": word_set("git"),
    "GIT_SSH": word_set("git"),
    "SSH_ASKPASS": word_set("ssh scp sftp ssh-add git sudo"),
    "SUDO_ASKPASS": word_set("sudo"),
    "PAGER": PAGING,
    "MANPAGER": word_set("man"),
    "SYSTEMD_PAGER": word_set("systemctl journalctl loginctl"),
    "PSQL_PAGER": word_set("psql"),
    "GH_PAGER": word_set("gh"),
    "AWS_PAGER": word_set("aws"),
    "BAT_PAGER": word_set("bat"),
    "DELTA_PAGER": word_set("delta git"),
    "EDITOR": EDITING,
    "VISUAL": EDITING,
    "SUDO_EDITOR": word_set("sudoedit sudo"),
    "SYSTEMD_EDITOR": word_set("systemctl"),
    "KUBE_EDITOR": word_set("kubectl oc"),
    "GH_EDITOR": word_set("gh"),
    "SVN_EDITOR": word_set("svn"),
    "HGEDITOR": word_set("hg"),
    "PSQL_EDITOR": word_set("psql"),
    "FCEDIT": word_set("fc"),
    "BROWSER": BROWSING,
    "GH_BROWSER": word_set("gh"),
    "LESSOPEN": word_set("less man git"),
    "LESSCLOSE": word_set("less man git"),
    "RSYNC_RSH": word_set("rsync"),
    "RSYNC_CONNECT_PROG": word_set("rsync"),
    "CVS_RSH": word_set("cvs"),
    "SVN_SSH": word_set("svn"),
    "HGMERGE": word_set("hg"),
    "PROMPT_COMMAND": _SHELLS,
    "npm_config_call": word_set("npm npx"),
    "npm_config_script_shell": word_set("npm npx pnpm"),
    "RUSTC_WRAPPER": word_set("cargo"),
    "RUSTC_WORKSPACE_WRAPPER": word_set("cargo"),
    "RUSTC": word_set("cargo"),
    "FZF_DEFAULT_COMMAND": word_set("fzf"),
    "KUBECTL_EXTERNAL_DIFF": word_set("kubectl"),
    "TAR_RSH": word_set("tar"),
    "MAKESHELL": word_set("make"),
    "RESTIC_PASSWORD_COMMAND": word_set("restic"),
    "BORG_PASSCOMMAND": word_set("borg"),
    "BORG_RSH": word_set("borg"),
}
"""By variable: the programs that take its value for a command line."""
_RUNNER = re.compile(r"CARGO_TARGET_\w+_(?:RUNNER|LINKER)|CARGO_BUILD_RUSTC(?:_WRAPPER)?")
_COMMAND = re.compile(r"\$\(|`")


def started(argv: Sequence[Word], assignments: Sequence[tuple[str, Word]]) -> tuple[Inner, ...]:
    """What the variables set for this command line start. Nothing for a program that is not known to act on them."""
    if not argv or not assignments or argv[0].opaque:
        return ()
    name = program(argv[0].text)
    found: list[Inner] = []
    values = dict(assignments)
    for variable, value in values.items():
        if not value.text.strip():
            continue
        names = LINES.get(variable)
        if names is not None:
            if name in names:
                found += starts.line(_piped(variable, value))
        elif _RUNNER.fullmatch(variable) and name == "cargo":
            found += starts.line(value, appended=True)
        elif variable in ("PS0", "PS1", "PS2", "PS4") and _COMMAND.search(value.text):
            if name in _SHELLS or name in ("sh", "dash", "zsh", "ksh"):
                found += starts.line(Word(f': "{value.text}"', value.opaque))
        else:
            found += _options(name, variable, value)
    if name == "git":
        found += _settings(values)
    return tuple(found)


def _piped(variable: str, value: Word) -> Word:
    """LESSOPEN begins with `|` (`||-`) where the command's output is read."""
    if variable == "LESSOPEN":
        return cut(value, len(value.text) - len(value.text.lstrip("|-")))
    return value


def _options(name: str, variable: str, value: Word) -> tuple[Inner, ...]:
    """Variables that hold further options of the program."""
    reader = {
        ("tar", "TAR_OPTIONS"): carriers.tar,
        ("make", "MAKEFLAGS"): builds.make,
        ("make", "GNUMAKEFLAGS"): builds.make,
        ("go", "GOFLAGS"): builds.go,
        ("node", "NODE_OPTIONS"): node,
        ("perl", "PERL5OPT"): perl,
    }.get((name, variable))
    if variable == "LESS" and name in ("less", "man", "git"):
        return tuple(
            inner for line in re.findall(r"\++[^!\n]{0,40}!([^\n]+)", value.text) for inner in (Inner(text=line),)
        )
    if variable == "PERL5DB" and name == "perl":
        return shell_outs(value.text, "perl")
    if reader is None:
        return ()
    # Perl parts at blanks and knows no quotes.
    perls = tuple(Word(part, value.opaque) for part in value.text.split())
    words = perls if variable == "PERL5OPT" else _split(value)
    if variable == "GOFLAGS":
        words = (Word("build"), *words)
    elif variable == "PERL5OPT":
        words = (*words, Word("-e"), Word("1"))
    elif variable == "NODE_OPTIONS":
        words = (*words, Word("-"))
    unwrapped = reader(name, words)
    if unwrapped is None:
        return ()
    # Targets, and what is read from standard input, are the command line's own matter.
    return tuple(
        inner
        for inner in unwrapped.inners
        if not inner.reads_input and "program" not in inner.opaque and inner.code is None
    )


def _split(value: Word) -> tuple[Word, ...]:
    try:
        parts = shlex.split(value.text)
    except ValueError:
        parts = value.text.split()
    return tuple(Word(part, value.opaque) for part in parts)


def _settings(values: Mapping[str, Word]) -> tuple[Inner, ...]:
    """Settings of git in variables."""
    found: list[Inner] = []
    for variable, value in values.items():
        match = re.fullmatch(r"GIT_CONFIG_KEY_(\d{1,3})", variable)
        if match is not None:
            given = values.get(f"GIT_CONFIG_VALUE_{match[1]}")
            if given is not None:
                found += setting(value.text, given)
        elif variable == "GIT_CONFIG_PARAMETERS":
            for part in _split(value):
                key, _, _ = part.text.partition("=")
                found += setting(key, cut(part, len(key) + 1))
    return tuple(found)
