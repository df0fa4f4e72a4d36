"""Harmless-looking programs that run commands when an option says so: git, tar, ssh, rsync, zip, gdb, socat and others.

Sources: manual pages of each program, gtfobins.org as an index of options to look up.
"""

import re

from spawngate.launch.argv import Grammar, word_set
from spawngate.launch.grammar.scan import scan
from spawngate.launch.scene import Here, Scene

_GIT = Grammar(
    word_set("-C -c --git-dir --work-tree --namespace --super-prefix --config-env --attr-source --list-cmds"),
    word_set("-p --paginate -P --no-pager --bare --no-replace-objects --no-lazy-fetch --no-optional-locks --no-advice")
    | word_set(
        "--literal-pathspecs --glob-pathspecs --noglob-pathspecs --icase-pathspecs --html-path --man-path --version"
    ),
    ("--exec-path",),
)
_GIT_CODE = re.compile(
    r"(?:alias\.[^=]*=\s*!|core\.(?:sshcommand|pager|editor|fsmonitor|hookspath|askpass|gitproxy|alternaterefscommand)"
    r"|pager\.|protocol\.(?:ext\.)?allow|diff\.external|diff\.[^=]*\.(?:command|textconv)|merge\.[^=]*\.driver|filter\."
    r"|credential\.|sequence\.editor|gpg\.|include\.path|includeif|remote\.[^=]*\.(?:uploadpack|receivepack|proxy|vcs)"
    r"|url\.|uploadpack\.|receive\.|init\.templatedir|browser\.|man\.|difftool|mergetool|interactive\.difffilter"
    r"|submodule\.[^=]*\.update|safe\.directory|trailer\.|ssh\.variant|http\.proxy|http\.sslverify)",
    re.IGNORECASE,
)


def git(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """git: settings on the command line can define commands."""
    scene.launcher("git", name, words, here)
    scene.acts(here, ("git",))
    scene.utility(here)
    notes = scene.notes
    options = scan(words, _GIT)
    for option, value in options.options:
        if option in ("-c", "--config-env") and _GIT_CODE.match(value.strip()):
            notes.add("argument_injection", f"{option} {value}")
            match = re.match(r"alias\.[^=]*=\s*!(.*)", value.strip(), re.IGNORECASE | re.DOTALL)
            if match:
                scene.text(match[1], here.inside(main=False), by="git")
        elif option.startswith("--exec-path") and value:
            notes.add("argument_injection", f"{option}={value}")
    for at, word in enumerate(options.rest):
        joined, equals, value = word.partition("=")
        following = value if equals else options.rest[at + 1] if at + 1 < len(options.rest) else ""
        if joined in (
            "--upload-pack",
            "--receive-pack",
            "-u",
            "--exec",
            "--extcmd",
            "-x",
            "--open-files-in-pager",
            "-O",
        ):
            if (
                following
                and joined in ("--upload-pack", "--receive-pack", "--exec", "--extcmd", "-x", "--open-files-in-pager")
            ) or (following and joined == "-u" and options.rest[0] in ("clone", "fetch", "ls-remote")):
                notes.add("argument_injection", f"{joined} {following}")
        elif joined in ("-c", "--config") and _GIT_CODE.match(following.strip()):
            notes.add("argument_injection", f"{joined} {following}")
        elif joined == "--template" and following:
            notes.add("argument_injection", f"--template {following}")
        elif re.match(r"(?:ext|fd)::", word):
            notes.add("argument_injection", word)
    command = options.rest[0] if options.rest else ""
    if command in ("bisect", "submodule", "rebase", "filter-branch") and {"run", "foreach", "--exec", "-x"} & set(
        options.rest
    ):
        notes.add("argument_injection", " ".join(options.rest[:4]))


class _Tool:
    """Options of a program that run commands. Every option is also seen joined with `=` or glued to a letter."""

    def __init__(self, options: str, when: str = "", runtimes: str = "") -> None:
        self.options = tuple(options.split())
        self.when = re.compile(when, re.IGNORECASE | re.DOTALL) if when else None
        """What the value has to look like; any value where it is not said."""
        self.runtimes = tuple(runtimes.split())


TOOLS: dict[str, tuple[_Tool, ...]] = {
    "tar": (
        _Tool("--checkpoint-action", r"exec\b", "tar"),
        _Tool(
            "-I --use-compress-program --to-command --rsh-command --info-script --new-volume-script -F --rmt-command"
        ),
    ),
    "bsdtar": (_Tool("--use-compress-program -I"),),
    "rsync": (_Tool("-e --rsh --rsync-path", "", "rsync"),),
    "ssh": (
        _Tool(
            "-o",
            r"\s*(?:proxycommand|localcommand|permitlocalcommand|knownhostscommand|pkcs11provider|securitykeyprovider)",
            "ssh",
        ),
        _Tool("-F -I"),
    ),
    "scp": (_Tool("-S -F"), _Tool("-o", r"\s*(?:proxycommand|localcommand|permitlocalcommand|knownhostscommand)")),
    "sftp": (
        _Tool("-S -s -F -D"),
        _Tool("-o", r"\s*(?:proxycommand|localcommand|permitlocalcommand|knownhostscommand)"),
    ),
    "zip": (_Tool("-TT --unzip-command", "", "zip"),),
    "gdb": (_Tool("-ex -x -iex -ix -eval-command --eval-command --ex --command -command -init-eval-command"),),
    "lldb": (_Tool("-o -O -s -S --one-line --source --one-line-before-file"),),
    "socat": (),
    "nc": (_Tool("-e -c --exec --sh-exec --lua-exec"),),
    "ncat": (_Tool("-e -c --exec --sh-exec --lua-exec"),),
    "netcat": (_Tool("-e -c"),),
    "wget": (_Tool("--use-askpass --config --post-file", "", "wget"),),
    "curl": (_Tool("-K --config", "", "curl"),),
    "man": (_Tool("-P --pager -H --html -C"),),
    "less": (_Tool("-o -k --lesskey-src", "", "less"),),
    "tcpdump": (_Tool("-z"),),
    "nmap": (_Tool("--script"),),
    "sort": (_Tool("--compress-program"),),
    "split": (_Tool("--filter"),),
    "rg": (_Tool("--pre --hostname-bin"),),
    "openssl": (_Tool("-engine -provider -provider-path", "", "openssl"),),
    "hg": (_Tool("--config", r"\s*(?:alias\.|hooks\.|extensions\.|ui\.(?:ssh|editor|merge)|pager\.|merge-tools\.)"),),
    "svn": (_Tool("--config-option", r".*tunnels:"), _Tool("--diff-cmd --diff3-cmd --editor-cmd")),
    "ffmpeg": (),
    "gcc": (_Tool("-wrapper -fplugin -B"),),
    "ip": (),
    "logrotate": (_Tool("-m --mail -s"),),
    "crontab": (),
    "at": (),
    "pip-compile": (_Tool("--pip-args"),),
    "terraform": (_Tool("-chdir"),),
    "ansible": (_Tool("-a --args -e --extra-vars -m --module-name"),),
    "ansible-playbook": (_Tool("-e --extra-vars -i"),),
    "aws": (_Tool("--cli-binary-format", r"(?!)"),),
    "pandoc": (_Tool("-F --filter -L --lua-filter --pdf-engine"),),
    "chromium": (_Tool("--renderer-cmd-prefix --gpu-launcher --utility-cmd-prefix --load-extension"),),
    "google-chrome": (_Tool("--renderer-cmd-prefix --gpu-launcher --utility-cmd-prefix --load-extension"),),
    "code": (_Tool("--install-extension --extensionDevelopmentPath"),),
    "7z": (),
    "dpkg": (_Tool("--pre-invoke --post-invoke"),),
    "pacman": (_Tool("--hookdir --gpgdir --config"),),
    "tee": (),
    "unzip": (),
}
_APPLICATIONS = word_set("code terraform chromium google-chrome ansible ansible-playbook aws")
"""Programs of the table that may well be or hold a server."""
INSTALLERS = word_set(
    "apt apt-get yum dnf apk brew zypper pacman snap choco winget scoop gem conda-install port emerge pkg"
)


def tool(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """A program of the table."""
    scene.arrive(name, name, words, here)
    scene.server(words, here)
    if name not in _APPLICATIONS:
        scene.utility(here)
    for what in TOOLS[name]:
        scene.acts(here, what.runtimes)
        _injected(scene, what, words, here)
    if name == "tar" and words and not words[0].startswith("-"):
        # The oldest form has no dash: `tar cIf program archive`.
        if re.fullmatch(r"[A-Za-z]*[IF][A-Za-z]*", words[0]):
            scene.notes.add("argument_injection", " ".join(words[:2]))
    elif name == "socat":
        for word in words:
            match = re.match(r"(?:exec|system|shell):(.*)", word, re.IGNORECASE | re.DOTALL)
            if match:
                scene.notes.add("argument_injection", word)
                scene.text(match[1].partition(",")[0].strip("\"'"), here.inside(main=False), by="socat")
    elif name == "ssh":
        _remote(scene, words, here)
    elif name == "ip" and "exec" in words:
        at = words.index("exec")
        if len(words) > at + 2:
            scene.run(words[at + 2], words[at + 3 :], here.inside(main=False))
            scene.notes.add("argument_injection", " ".join(words[at:]))


def _injected(scene: Scene, what: _Tool, words: tuple[str, ...], here: Here) -> None:
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if word == "--":
            break
        if not word.startswith("-"):
            continue
        option, equals, value = word.partition("=")
        if option in what.options:
            if not equals:
                value = words[at] if at < len(words) else ""
        elif word.startswith("--"):
            # GNU programs take an unambiguous beginning of a long option.
            full = next((name for name in what.options if len(option) > 6 and name.startswith(option)), "")
            if not full:
                continue
            option = full
            if not equals:
                value = words[at] if at < len(words) else ""
        else:
            short = next((name for name in what.options if len(name) == 2 and name[1] in word[1:]), "")
            if not short or (len(word) > 2 and not re.fullmatch(r"-[A-Za-z]+.*", word)):
                continue
            place = word.index(short[1])
            if place != 1 and not re.fullmatch(r"[A-Za-z]*", word[1:place]):
                continue
            if place > 1 and short in ("-o", "-e", "-x", "-s", "-m", "-i") and place > 3:
                continue
            value = word[place + 1 :].removeprefix("=") or (words[at] if at < len(words) else "")
            option = short
        if what.when is not None and not what.when.match(value):
            continue
        scene.notes.add("argument_injection", f"{option} {value}".strip())


_SSH = Grammar(
    word_set("-B -b -c -D -E -e -F -I -i -J -L -l -m -O -o -P -p -Q -R -S -W -w"),
    word_set("-4 -6 -A -a -C -f -G -g -K -k -M -N -n -q -s -T -t -V -v -X -x -Y -y"),
)


def _remote(scene: Scene, words: tuple[str, ...], here: Here) -> None:
    """ssh: words behind the host run over there, in its shell."""
    options = scan(words, _SSH)
    if len(options.rest) > 1:
        scene.notes.add("programs", "ssh")
        if here.main:
            scene.notes.put("source", "remote")
        scene.text(" ".join(options.rest[1:]), here.inside(main=False, contained=True), by="ssh")


def installer(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """Package managers of the system."""
    scene.launcher(name, name, words, here)
    scene.utility(here)
    if any(word in ("install", "add", "upgrade", "update", "dist-upgrade", "reinstall", "-S", "-i") for word in words):
        scene.notes.mark("runs_install")
    for word in words:
        if re.match(r"(?:-o\s*)?(?:APT|Dpkg|DPkg)::[\w:]*(?:Invoke|Pre-|Post-)", word):
            scene.notes.add("argument_injection", word)
