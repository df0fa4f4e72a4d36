"""Version control and code hosts: git, gh, glab and others.

Must not be here: places inside a repository (`command.known_places`).
Sources: the manual pages of git and its sub-commands (git-scm.com/docs), the manuals of gh and glab; git-filter-repo;
BFG.
"""

import re
from collections.abc import Sequence

from spawngate.command.arguments import read_arguments
from spawngate.command.hosts import is_address
from spawngate.command.scene import Scene
from spawngate.command.tools.reader import Reader, readers
from spawngate.launch.argv import word_set

_GLOBAL = word_set("-C -c --git-dir --work-tree --namespace --super-prefix --exec-path --config-env --attr-source")


_MAIN = re.compile(r"(?:refs/heads/)?(?:main|master|trunk|develop|release|production|prod|stable)(?:[/-].*)?")


_RUNS = re.compile(
    r"(?i)(?:core\.(?:pager|editor|sshcommand|fsmonitor|hookspath|gitproxy|askpass)"
    r"|sequence\.editor|pager\.\w+|alias\.[\w-]+|"
    r"(?:diff|merge)\.(?:[\w-]+\.)?(?:external|command|driver|textconv)"
    r"|filter\.[\w-]+\.(?:clean|smudge|process)|gpg\.(?:\w+\.)?program|"
    r"(?:difftool|mergetool|man|browser)\.[\w-]+\.cmd|credential(?:\..*)?\.helper"
    r"|uploadpack\.packobjectshook|remote\.[\w-]+\.(?:uploadpack|receivepack|vcs)|"
    r"protocol\.(?:ext\.)?allow|include(?:if\..*)?\.path|init\.templatedir"
    r"|core\.attributesfile|interactive\.difffilter)"
)


_HARMLESS_VALUES = re.compile(
    r"(?i)!?(?:/usr/bin/)?(?:cat|less(?: -\w+)*|more|delta(?: .*)?|vim|vi|nvim|nano|emacs"
    r"|code(?: --wait)?(?: -n)?|true|:|never|always|user|false|store|cache(?:"
    r" --timeout[ =]\d+)?|"
    r"osxkeychain|manager(?:-core)?|libsecret|wincred|gh auth git-credential|/?\S*gh auth"
    r" git-credential|subl(?: -n)?(?: -w)?|cursor --wait|gpg2?|"
    r"ssh(?: -i [\w./~$-]+)?(?: -o (?:IdentitiesOnly|StrictHostKeyChecking)=[\w-]+)*(?: -p"
    r" \d+)?|aws codecommit credential-helper \$@|\.husky(?:/_)?|\.githooks|\.git/hooks|)"
)


def git(scene: Scene) -> None:
    words = scene.words
    before = read_arguments(words, _GLOBAL, ends=True)
    verb, rest = (before.rest[0], before.rest[1:]) if before.rest else ("", ())
    scene.subcommand = " ".join([verb, *[word for word in rest if not word.startswith("-")][:1]]).strip()
    for option, value in before.options:
        if option == "-c":
            _setting(scene, *value.partition("=")[::2], once=True)
        elif option == "--config-env":
            _setting(scene, value.partition("=")[0], "$")
        elif option == "--exec-path" and value:
            scene.act("vcs-runs-program")
    reader = _VERBS.get(verb)
    if reader:
        reader(scene, rest)


_HOOK_FOLDER = re.compile(
    r"(?:\./)?(?:(?:scripts|tools|build|dev|etc|\.config|\.github|contrib|support)/)?"
    r"[._]?(?:git[-_]?hooks?|hooks|husky|husky/_|githooks)/?"
)
"""Folders of a project that keep its own hooks, and go through review with it."""


def _setting(scene: Scene, name: str, value: str, *, once: bool = False) -> None:
    lowered = name.lower()
    if lowered == "core.hookspath":
        if value in ("/dev/null", ""):
            scene.act("vcs-skip-hooks")
        if not _HOOK_FOLDER.fullmatch(value) and not (once and value == "/dev/null"):
            scene.act("vcs-hooks-path")
    elif lowered.startswith("alias."):
        if value.startswith("!"):
            scene.act("vcs-runs-program")
    elif lowered == "protocol.ext.allow":
        scene.act("vcs-runs-program") if value.lower() in ("always", "user") else None
    elif _RUNS.fullmatch(lowered):
        if not _HARMLESS_VALUES.fullmatch(value.strip()):
            scene.act("vcs-runs-program")
        if lowered.startswith("credential") and re.search(r"(?i)store", value):
            scene.act("vcs-identity") if False else None
    elif re.fullmatch(r"http(?:\..*)?\.sslverify", lowered) and value.lower() in ("false", "0", "no", "off"):
        scene.act("tls-off")
    elif re.fullmatch(r"https?(?:\..*)?\.proxy", lowered):
        scene.act("proxy-set")
        scene.host(value)
    elif re.fullmatch(r"url\..*\.(?:insteadof|pushinsteadof)", lowered):
        # Rewriting ssh to https of the same host is what every container build does.
        if not re.search(r"(?i)(github|gitlab|bitbucket)", lowered) or not re.search(
            r"(?i)(github|gitlab|bitbucket)", value
        ):
            scene.act("vcs-redirect")
        scene.host(name[4:].rpartition(".")[0])
    elif re.fullmatch(r"remote\..*\.(?:url|pushurl)", lowered):
        scene.act("vcs-remote-change")
        scene.host(value)
    elif lowered in ("user.name", "user.email", "user.signingkey", "author.name", "author.email"):
        scene.act("vcs-identity")


def _config(scene: Scene, rest: Sequence[str]) -> None:
    found = read_arguments(
        rest, ("-f", "--file", "--blob", "-t", "--type", "--default", "--get-urlmatch", "--value", "--comment")
    )
    names = found.rest
    if names[:1] in (("set",), ("get",), ("unset",), ("list",), ("edit",), ("remove-section",), ("rename-section",)):
        if names[0] != "set":
            if names[0] in ("list",):
                scene.read(".git/config")
            return
        names = names[1:]
    if (
        found.has("--get", "--get-all", "--list", "-l", "--get-regexp", "--unset", "--unset-all", "-e", "--edit")
        or len(names) < 2
    ):
        return
    if found.has("--global", "--system"):
        scene.write("~/.gitconfig" if found.has("--global") else "/etc/gitconfig")
    scene.write(*found.values("-f", "--file"))
    _setting(scene, names[0], names[1])
    if "tls-off" in scene.acts:
        scene.act("checks-off-for-good")


OWN = re.compile(
    r"https://(?:x-access-token:\$\{?\w+\}?|(?:(?:oauth2|gitlab-ci-token|git|\$\{?GITHUB_ACTOR\}?):)?"
    r"\$\{?(?:GITHUB_TOKEN|GH_TOKEN|CI_JOB_TOKEN|GITHUB_PAT|INPUT_GITHUB_TOKEN|TOKEN)\}?)@"
    r"(?:github\.com|gitlab\.com|\$\{?CI_SERVER_HOST\}?)/"
    r"|https://github\.com/\$\{?GITHUB_REPOSITORY\}?(?:\.git)?$|\$\{?CI_REPOSITORY_URL\}?"
)
"""A workflow's own token, which reaches what its own repository may reach."""


def _push(scene: Scene, rest: Sequence[str]) -> None:
    found = read_arguments(rest, ("-o", "--push-option", "--repo", "--receive-pack", "--exec", "--recurse-submodules"))
    if found.has("-n", "--dry-run"):
        return
    scene.act("vcs-push")
    remote, refs = (found.rest[0], found.rest[1:]) if found.rest else ("", ())
    forced = found.has("-f", "--force") or any(ref.startswith("+") for ref in refs)
    leased = any(name.startswith(("--force-with-lease", "--force-if-includes")) for name in found.names)
    targets = [ref.lstrip("+").rpartition(":")[2] or ref for ref in refs]
    deletes = found.has("-d", "--delete") or any(ref.startswith(":") and len(ref) > 1 for ref in refs)
    scene.target(*targets)
    main = any(_MAIN.fullmatch(target) for target in targets)
    if forced:
        scene.act("vcs-force-push")
        if main or found.has("--all", "--mirror"):
            scene.act("vcs-protected-push")
    if leased:
        scene.act("vcs-force-push") if main else None
    if found.has("--mirror", "--prune"):
        scene.act("vcs-mirror-push")
    if deletes:
        scene.act("vcs-delete-remote")
        if main:
            scene.act("vcs-protected-push")
    if found.has("--no-verify"):
        scene.act("vcs-skip-hooks")
    if OWN.match(remote):
        scene.host(remote)
    elif is_address(remote) or re.match(r"[\w.-]+@[\w.-]+:", remote) or found.value("--repo"):
        scene.act("vcs-push-elsewhere", "send", "send-file")
        scene.host(remote or found.value("--repo"))
    elif remote.startswith("ext::"):
        scene.act("vcs-runs-program")
    if found.has("--receive-pack", "--exec"):
        scene.act("vcs-runs-program")


def _fetch(scene: Scene, rest: Sequence[str]) -> None:
    found = read_arguments(
        rest,
        (
            "--upload-pack",
            "-u",
            "--depth",
            "--refmap",
            "-j",
            "-b",
            "--branch",
            "-o",
            "--origin",
            "--template",
            "-c",
            "--config",
            "--reference",
            "--filter",
            "--separate-git-dir",
            "--bundle-uri",
            "-s",
            "--strategy",
            "-X",
            "--exec",
            "--remote",
        ),
    )
    for value in found.values("-c", "--config"):
        _setting(scene, *value.partition("=")[::2])
    for word in found.rest:
        if word.startswith(("ext::", "fd::")):
            scene.act("vcs-runs-program")
        elif is_address(word) or re.match(r"[\w.-]+@[\w.-]+:", word):
            scene.host(word)
            scene.act("download", "vcs-clone")
            scene.outputs.add("cloned")
            target = [other for other in found.rest if other != word]
            name = re.sub(r"\.git$", "", re.split(r"[/:]", word.rstrip("/"))[-1])
            scene.write(target[-1] if target else name) if scene.subcommand.startswith("clone") else None
    if found.has("--upload-pack", "-u", "--exec") and scene.subcommand.split(" ")[0] != "pull":
        value = found.value("--upload-pack", "-u", "--exec")
        if value and not re.fullmatch(r"(?:/usr/bin/)?git[- ]upload-(?:pack|archive)", value):
            scene.act("vcs-runs-program")
    if found.value("--template"):
        scene.act("vcs-hooks-path")


def _reset(scene: Scene, rest: Sequence[str]) -> None:
    if "--hard" in rest:
        scene.act("vcs-discard")
        scene.target(*(word for word in rest if not word.startswith("-")))


def _checkout(scene: Scene, rest: Sequence[str]) -> None:
    found = read_arguments(rest, ("-b", "-B", "--orphan", "-s", "--source", "-t"))
    if "--" in rest:
        folder = read_arguments(scene.words, _GLOBAL, ends=True).value("-C")
        named = rest[list(rest).index("--") + 1 :]
        scene.write(*(f"{folder}/{path}" if folder else path for path in named if path not in (".", "*")))
    paths = (
        rest[list(rest).index("--") + 1 :]
        if "--" in rest
        else [word for word in found.rest if word in (".", "*", ":/", "./")]
    )
    if found.has("-f", "--force") or any(path in (".", "*", ":/", "./") for path in paths):
        scene.act("vcs-discard")


def _restore(scene: Scene, rest: Sequence[str]) -> None:
    found = read_arguments(rest, ("-s", "--source"))
    if (not found.has("-S", "--staged") or found.has("-W", "--worktree")) and any(
        path in (".", "*", ":/", "./") for path in found.rest
    ):
        scene.act("vcs-discard")


def _clean(scene: Scene, rest: Sequence[str]) -> None:
    found = read_arguments(rest, ("-e", "--exclude"))
    if found.has("-n", "--dry-run") or not (found.has("-f", "--force")):
        return
    scene.act("vcs-clean")
    folder = read_arguments(scene.words, _GLOBAL, ends=True).value("-C", "--work-tree")
    for path in (folder, *found.rest):
        if path and not scene.places(path) <= {"project", "disposable"}:
            scene.delete(path)
            scene.act("delete-tree")
    if found.has("-x", "-X") and found.has("-d"):
        scene.target("ignored files")


def _stash(scene: Scene, rest: Sequence[str]) -> None:
    if rest and rest[0] in ("clear", "drop"):
        scene.act("vcs-discard")
    elif rest and rest[0] == "push":
        found = read_arguments(rest[1:], ("-m", "--message"))
        scene.write(*found.rest)


def _branch(scene: Scene, rest: Sequence[str]) -> None:
    found = read_arguments(rest)
    if found.has("-D") or (found.has("-d", "--delete") and found.has("-f", "--force")):
        scene.target(*found.rest)
        if any(_MAIN.fullmatch(name) for name in found.rest):
            scene.act("vcs-discard")


def _rewrite(scene: Scene, rest: Sequence[str]) -> None:
    if "--analyze" in rest or "--dry-run" in rest:
        return
    scene.act("vcs-rewrite")
    for option in (
        "--tree-filter",
        "--index-filter",
        "--msg-filter",
        "--commit-filter",
        "--env-filter",
        "--parent-filter",
        "--blob-callback",
        "--commit-callback",
    ):
        if option in rest:
            scene.act("shell-escape") if False else None


def _purge(scene: Scene, rest: Sequence[str]) -> None:
    text = " ".join(rest)
    if re.search(r"expire.*(?:--expire(?:-unreachable)?=(?:now|all|0)|--all)|^delete", text) or re.search(
        r"--prune=(?:now|all)|--expire[ =]now|\bprune\b.*now", text
    ):
        scene.act("vcs-purge")


def _update_ref(scene: Scene, rest: Sequence[str]) -> None:
    if "--stdin" in rest:
        scene.act("vcs-rewrite")
    elif "-d" in rest or "--delete" in rest:
        scene.act("vcs-discard")


def _remote(scene: Scene, rest: Sequence[str]) -> None:
    found = read_arguments(rest, ("-t", "-m"))
    if found.rest[:1] in (("add",), ("set-url",)):
        scene.host(*(word for word in found.rest[1:] if is_address(word) or "@" in word))
        if found.rest[0] == "set-url":
            scene.act("vcs-remote-change")
        if any(word.startswith("ext::") for word in found.rest):
            scene.act("vcs-runs-program")
    elif found.rest[:1] in (("rm",), ("remove",)):
        scene.target(*found.rest[1:])


def _commit(scene: Scene, rest: Sequence[str]) -> None:
    found = read_arguments(
        rest,
        (
            "-m",
            "--message",
            "-F",
            "--file",
            "-C",
            "-c",
            "--author",
            "--date",
            "-t",
            "--template",
            "--fixup",
            "--squash",
            "--trailer",
            "-S",
        ),
    )
    scene.act("vcs-commit")
    if found.has("--no-verify", "-n"):
        scene.act("vcs-skip-hooks")
    if found.has("--author", "--date"):
        scene.act("vcs-identity")
    scene.read(*found.values("-F", "--file"))


def _credential(scene: Scene, rest: Sequence[str]) -> None:
    if rest[:1] in (("fill",), ["fill"]) or "get" in rest[:1]:
        scene.act("token-print")
        scene.outputs.add("secret")


def _runs(scene: Scene, rest: Sequence[str]) -> None:
    """Sub-commands that run what they are told: bisect run, rebase --exec, submodule foreach, difftool -x, grep -O."""
    text = " ".join(rest)
    verb = scene.subcommand.split(" ")[0]
    if verb == "submodule":
        _fetch(scene, rest)
        if rest[:1] and rest[0] == "deinit" and re.search(r"-f|--all", text):
            scene.act("vcs-discard")
    if verb == "grep":
        found = read_arguments(rest, ("-e", "-f", "-A", "-B", "-C", "-m"))
        if found.has("-O", "--open-files-in-pager") and any(
            name.startswith("--open-files-in-pager=") or word.startswith(("-O/", "-Osh", "-Obash"))
            for name in found.names
            for word in rest
        ):
            scene.act("shell-escape")


def _archive(scene: Scene, rest: Sequence[str]) -> None:
    found = read_arguments(rest, ("-o", "--output", "--remote", "--exec", "--prefix", "--format"))
    scene.write(found.value("-o", "--output"))
    if not found.value("--remote"):
        # Everything that is under version control.
        scene.outputs.add("project-root")
    if found.value("--remote"):
        scene.host(found.value("--remote"))
        scene.act("download")
        scene.outputs.add("download")
    if found.has("--exec"):
        scene.act("vcs-runs-program")


def _fast_export(scene: Scene, rest: Sequence[str]) -> None:
    if rest:
        scene.outputs.add("project-root")


def _bundle(scene: Scene, rest: Sequence[str]) -> None:
    names = [word for word in rest if not word.startswith("-")]
    if names[:1] == ["create"]:
        scene.write(*names[1:2])
        scene.outputs.add("project-root")


def _patches(scene: Scene, rest: Sequence[str]) -> None:
    """log, show, format-patch: what they print may be all of the source."""
    if scene.subcommand.startswith(("show", "format-patch")) or any(
        word in ("-p", "-u", "--patch", "-c", "--cc", "--full-diff") for word in rest
    ):
        scene.outputs.add("project-root")
    scene.write(*(word.partition("=")[2] for word in rest if word.startswith("--output=")))


def _diff(scene: Scene, rest: Sequence[str]) -> None:
    scene.outputs.add("project-root")
    if "--no-index" in rest:
        scene.read(*(word for word in rest if not word.startswith("-")))
    scene.write(*(word.partition("=")[2] for word in rest if word.startswith("--output=")))


def _remove(scene: Scene, rest: Sequence[str]) -> None:
    found = read_arguments(rest)
    if not found.has("--cached"):
        scene.delete(*found.rest)
        if found.has("-r"):
            scene.act("delete-tree")


def _send_email(scene: Scene, rest: Sequence[str]) -> None:
    scene.act("mail", "send", "send-file")


_VERBS = {
    "config": _config,
    "push": _push,
    "fetch": _fetch,
    "clone": _fetch,
    "pull": _fetch,
    "ls-remote": _fetch,
    "reset": _reset,
    "checkout": _checkout,
    "switch": _checkout,
    "restore": _restore,
    "clean": _clean,
    "stash": _stash,
    "branch": _branch,
    "filter-branch": _rewrite,
    "filter-repo": _rewrite,
    "reflog": _purge,
    "gc": _purge,
    "prune": _purge,
    "update-ref": _update_ref,
    "remote": _remote,
    "commit": _commit,
    "credential": _credential,
    "credential-store": _credential,
    "credential-osxkeychain": _credential,
    "credential-manager": _credential,
    "submodule": _runs,
    "difftool": _runs,
    "mergetool": _runs,
    "grep": _runs,
    "archive": _archive,
    "bundle": _bundle,
    "log": _patches,
    "show": _patches,
    "format-patch": _patches,
    "fast-export": _fast_export,
    "diff": _diff,
    "rm": _remove,
    "send-email": _send_email,
    "imap-send": _send_email,
    "init": _fetch,
}


READERS: dict[str, Reader] = readers(
    ("git", git),
)
