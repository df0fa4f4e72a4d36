"""Accounts: who exists, who may become administrator, passwords.

Must not be here: what other modules of `command.tools` read; each program stands in one of them only.
Sources: manual pages of shadow, sudo; dscl, dseditgroup and sysadminctl of macOS.
"""

import re

from spawngate.command.scene import Scene
from spawngate.command.tools.reader import Reader, readers


def account(scene: Scene) -> None:
    text = " ".join(scene.words)
    name = scene.program
    found = scene.arguments(
        (
            "-d",
            "-s",
            "-u",
            "-g",
            "-G",
            "-c",
            "-p",
            "-e",
            "-k",
            "-b",
            "--home",
            "--shell",
            "--uid",
            "--groups",
            "--gecos",
            "-a",
            "-l",
            "--ingroup",
            "-r",
            "--password",
        )
    )
    scene.target(*found.rest)
    admin = re.search(r"(?:^|[\s,=])(?:sudo|wheel|admin|root|docker|lxd|adm|disk|shadow)(?:$|[\s,])", text)
    if name in ("useradd", "adduser", "newusers"):
        scene.act("account-create")
        if (admin and not found.has("-r", "--system")) or re.search(r"-[a-z]*o[a-z]*u?\s*0|-u\s*0|--uid[ =]0", text):
            scene.act("account-admin")
    elif name in ("usermod", "gpasswd", "groupmod", "groupadd"):
        own = re.search(r"(?:^|[\s,])docker(?:$|[\s,])", text) and re.search(
            r"\$\{?USER\b|\$\(whoami\)|`whoami`|\$\(id -un\)", text
        )
        if own and not re.search(r"\b(?:sudo|wheel|admin|root)\b", text):
            scene.act("account-group")
        elif admin or re.search(r"-u\s*0\b|-g\s*0\b", text) or re.match(r"(?s)(?>.*?-o\b).*\b0\b", text):
            scene.act("account-admin")
        elif found.has("-s", "--shell", "-p", "--password", "-U", "-e", "-L"):
            scene.act("account-password")
    elif name in ("passwd", "chpasswd", "chage", "smbpasswd", "pwpolicy", "vipw", "vigr"):
        if not found.has("-S", "--status", "-l", "--list") or name != "chage":
            scene.act("account-password") if not found.has("-S", "--status") else None
    elif name in ("userdel", "deluser", "groupdel", "delgroup"):
        scene.act("account-delete")
    elif name in ("visudo", "chsh", "chfn"):
        scene.act(
            "account-admin" if name == "visudo" and not found.has("-c", "--check") else "account-password"
        ) if not found.has("-c", "-l") else None


def directory(scene: Scene) -> None:
    """dscl, dseditgroup, sysadminctl of macOS."""
    text = " ".join(scene.words)
    if re.search(r"(?i)ShadowHashData|AuthenticationAuthority|KerberosKeys|GeneratedUID.*hash", text):
        scene.read("/var/db/dslocal/nodes/Default/users")
        scene.act("keychain-read")
        scene.outputs.add("secret")
    elif (
        re.match(r"(?is)dseditgroup(?>.*?-a).*admin", f"{scene.program} {text}")
        or re.search(
            r"(?i)-append /Groups/(?:admin|wheel)|-admin\b",
            f"{scene.program} {text}",
        )
        or re.match(r"(?is)(?>.*?(?:GroupMembership|-o edit\b)).*\badmin\b", text)
    ):
        scene.act("account-admin")
    elif re.search(r"-create /Users/|-addUser", text):
        scene.act("account-create")
    elif re.search(r"-passwd|-resetPasswordFor|-newPassword", text):
        scene.act("account-password")
    elif re.search(r"-delete(?:User)?\b", text):
        scene.act("account-delete")
    else:
        scene.act("list-accounts")


def accounts_list(scene: Scene) -> None:
    found = scene.arguments()
    scene.act("list-accounts")
    if scene.program == "getent" and found.rest[:1] == ("shadow",):
        scene.read("/etc/shadow")
    if scene.program == "getent" and found.rest[:1] == ("passwd",):
        scene.read("/etc/passwd")


READERS: dict[str, Reader] = readers(
    (
        "useradd adduser newusers usermod gpasswd groupmod groupadd passwd chpasswd chage"
        " smbpasswd pwpolicy vipw vigr userdel deluser groupdel delgroup visudo chsh chfn",
        account,
    ),
    ("dscl dseditgroup sysadminctl", directory),
    ("who w last lastlog users groups getent finger sudoreplay", accounts_list),
)
