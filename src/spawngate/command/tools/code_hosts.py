"""Code hosts by their own command lines, and version control other than git.

Must not be here: what other modules of `command.tools` read; each program stands in one of them only.
Sources: manuals of gh and glab; hg, svn, jj; git-filter-repo, BFG.
"""

import re

from spawngate.command.hosts import is_address
from spawngate.command.package_sources import KNOWN_OWNERS
from spawngate.command.scene import Scene
from spawngate.command.tools.reader import Reader, readers


def github(scene: Scene) -> None:
    """gh and glab."""
    found = scene.arguments(
        (
            "-R",
            "--repo",
            "-b",
            "--body",
            "-t",
            "--title",
            "-F",
            "--body-file",
            "-f",
            "--raw-field",
            "--field",
            "-X",
            "--method",
            "-H",
            "--header",
            "--input",
            "-q",
            "--jq",
            "--visibility",
            "-d",
            "--description",
            "-l",
            "--label",
            "-a",
            "-B",
            "--base",
            "--head",
            "-e",
            "--env",
            "-o",
            "--org",
            "--hostname",
            "--notes-file",
        )
    )
    rest = found.rest
    two = " ".join(rest[:2])
    if rest[:1] and rest[0] in ("issue", "pr", "mr", "release", "discussion", "incident"):
        named = (*found.values("--body-file", "--notes-file"), *(found.values("-F") if rest[0] != "release" else ()))
        uploaded = rest[3:] if two in ("release upload", "release create") else ()
        if rest[1:2] and rest[1] in ("create", "comment", "edit", "note", "review", "new"):
            scene.act("send")
        if any(name != "-" for name in (*named, *uploaded)):
            scene.act("send-file")
            scene.read(*(name for name in (*named, *uploaded) if name != "-"))
    scene.host("github.com" if scene.program == "gh" else "gitlab.com")
    if two in ("repo delete", "project delete"):
        scene.act("repository-delete")
    elif two in ("repo create", "repo edit", "project create") and (
        found.has("--public") or found.value("--visibility") == "public"
    ):
        scene.act("repository-publish")
    elif two in ("gist create", "snippet create"):
        scene.act("send", "send-file")
        scene.host_kinds.add("paste")
        scene.read(*rest[2:])
        if found.has("-p", "--public"):
            scene.act("repository-publish")
    elif two in ("auth token", "auth status") and (rest[1] == "token" or found.has("-t", "--show-token")):
        scene.act("token-print")
        scene.outputs.add("secret")
    elif two in ("auth logout", "auth login", "auth refresh", "auth setup-git"):
        scene.act("repository-access") if two == "auth refresh" and found.has("-s", "--scopes") else None
    elif two in ("secret set", "secret delete", "variable set", "variable delete", "secret remove"):
        scene.act("repository-secret")
        scene.read(*found.values("-F", "--env-file", "-f"))
    elif two in (
        "ssh-key add",
        "gpg-key add",
        "repo deploy-key",
        "deploy-key add",
        "extension install",
        "ssh-key delete",
    ):
        if two != "repo deploy-key" or rest[2:3] in (("add",), ("delete",)):
            scene.act("extension-install" if two == "extension install" else "repository-access")
    elif two in (
        "release delete",
        "release delete-asset",
        "run delete",
        "cache delete",
        "label delete",
        "issue delete",
        "workflow disable",
        "ruleset delete",
    ):
        scene.act("vcs-delete-remote") if two in ("release delete",) else scene.act("cloud-change")
    elif two in ("pr merge", "mr merge", "pr review", "mr approve"):
        scene.act("repository-merge") if two != "pr review" or found.has("-a", "--approve") else None
        if found.has("--admin"):
            scene.act("vcs-protected-push")
    elif two == "release download":
        scene.act("download", "vcs-clone")
        scene.outputs.add("download")
        owner = found.value("-R", "--repo").partition("/")[0].lower()
        if owner and owner not in KNOWN_OWNERS:
            scene.write(found.value("-O", "--output") or "?/download")
    elif two in ("alias set", "alias import"):
        scene.act("shell-escape") if found.has("-s", "--shell") or any(
            word.startswith("!") for word in rest[3:]
        ) else None
    elif rest[:1] == ("api",):
        method = found.value("-X", "--method").upper()
        path = rest[1] if len(rest) > 1 else ""
        if method == "DELETE" and re.search(r"/(?:labels|reactions|assignees|subscription|comments)(?:/|$)", path):
            scene.act("send")
        elif method == "DELETE":
            scene.act("repository-delete" if re.fullmatch(r"/?repos/[^/]+/[^/]+/?", path) else "cloud-delete")
        elif re.search(r"/(?:keys|collaborators|hooks|secrets|memberships|protection)(?:/|$)", path) and (
            method in ("PUT", "POST", "PATCH") or found.has("-f", "-F", "--field", "--raw-field", "--input")
        ):
            scene.act("repository-access")
        if found.value("--input") not in ("", "-"):
            scene.act("send-file")
            scene.read(found.value("--input"))


def other(scene: Scene) -> None:
    """hg, svn, jj."""
    found = scene.arguments(("-R", "--config", "--cwd", "-r", "--rev", "-m", "-u", "--config-option"))
    text = " ".join(found.rest[:1])
    if any(
        re.search(r"alias\.|hooks\.|extensions\.|ssh=|pager=|editor=|config:tunnels", value)
        for value in found.values("--config", "--config-option")
    ):
        scene.act("vcs-runs-program")
    if text in ("push",):
        scene.act("vcs-push")
        if found.has("-f", "--force"):
            scene.act("vcs-force-push")
    elif text in ("strip", "purge", "revert") and (text != "revert" or found.has("--all", "-R", "-a")):
        scene.act("vcs-discard" if text != "purge" else "vcs-clean")
    scene.host(*(word for word in found.rest if is_address(word)))
    if (text == "push" or (text == "import" and scene.program == "svn")) and any(map(is_address, found.rest)):
        scene.act("vcs-push-elsewhere")
    elif text in ("clone", "checkout", "co", "export", "import") and any(map(is_address, found.rest)):
        at = next(index for index, word in enumerate(found.rest) if is_address(word))
        scene.act("download", "vcs-clone")
        scene.outputs.add("cloned")
        scene.write(found.rest[at + 1] if len(found.rest) > at + 1 else found.rest[at].rstrip("/").rpartition("/")[2])


def rewriter(scene: Scene) -> None:
    scene.arguments()
    scene.act("vcs-rewrite")


READERS: dict[str, Reader] = readers(
    ("gh glab", github),
    ("hg svn jj sl p4", other),
    ("git-filter-repo bfg git-filter-branch", rewriter),
)
