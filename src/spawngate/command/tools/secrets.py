"""Secrets and what people see: keychains, variables, memory, screen, clipboard.

Must not be here: what other modules of `command.tools` read; each program stands in one of them only.
Sources: manuals of security, secret-tool, pass, op, bw, vault, sops; gdb, gcore; xclip, scrot, ffmpeg; MITRE ATT&CK
T1555, T1552, T1113.
"""

import re

from spawngate.command.scene import Scene
from spawngate.command.tools.reader import Reader, readers


def shell_setting(scene: Scene) -> None:
    """`set`, `shopt`, `unset`, `export` as far as they hide what happens, and `export -p` that prints everything."""
    words = scene.words
    if scene.program in ("set", "setopt", "shopt") and (
        ("+o" in words and "history" in words) or ("-u" in words and "histappend" in words)
    ):
        scene.act("history-clear")
    if (scene.program == "set" and not words and scene.spawn.builtin) or (
        scene.program == "compgen" and words[:1] in (("-e",), ("-v",))
    ):
        scene.outputs.add("environment")
    if scene.program == "unset" and any(word.startswith("SPAWNGATE_") for word in words):
        scene.act("spawngate-off")
    if scene.program == "unset" and any(re.match(r"HIST(?:FILE|SIZE|CONTROL)", word) for word in words):
        scene.act("history-clear")
    if scene.program in ("export", "declare", "typeset") and (
        (words[:1] in (("-p",), ("-x",), ("-xp",), ("-px",)) and len(words) == 1)
        or (not words and scene.program == "export")
    ):
        scene.act("environment-dump")
        scene.outputs.add("environment")


_SECRET_NAME = re.compile(
    r"(?i)(?:pass(?:word|wd|phrase)?|secret|token|api_?key|access_?key|private_?key"
    r"|credential|auth)(?:$|_|\b)|_KEY$|^(?:AWS|AZURE|GOOGLE|GCP|OPENAI|ANTHROPIC|GITHUB"
    r"|GITLAB|NPM)_.*(?:KEY|TOKEN|SECRET)"
)


def environment(scene: Scene) -> None:
    found = scene.arguments(("-u", "-S", "-C", "--unset", "--chdir"))
    names = [word for word in found.rest if "=" not in word]
    if not names:
        scene.act("environment-dump")
        scene.outputs.add("environment")
    elif scene.program == "printenv" and any(map(_SECRET_NAME.search, names)):
        scene.act("environment-secret")
        scene.outputs.add("secret")


_KEPT = re.compile(r"\$\{?(?:GITHUB_(?:ENV|OUTPUT|STATE)|BASH_ENV)\}?|\$env:GITHUB_(?:ENV|OUTPUT)")
"""Files by which the steps of a workflow hand values on."""


def echo(scene: Scene) -> None:
    text = " ".join(scene.words)
    if text.startswith("::add-mask::") or any(_KEPT.fullmatch(each.target.text) for each in scene.spawn.redirects):
        # A value is hidden from the log, or handed to the next step.
        scene.texts.append(text)
        return
    for match in re.finditer(r"\$\{?!?(\w+)", text):
        if _SECRET_NAME.search(match[1]):
            scene.act("environment-secret")
            scene.outputs.add("secret")
    scene.texts.append(text)


def secrets(scene: Scene) -> None:
    """Keychains, password managers, vaults and their command lines."""
    found = scene.arguments(
        ("-a", "-s", "-l", "-g", "-n", "-f", "--format", "--vault", "--field", "--account", "-w"), ends=False
    )
    text = " ".join(scene.words)
    reads = {
        "security": r"find-(?:generic|internet)-password|dump-keychain|export\b|find-identity.*-p" r"|unlock-keychain",
        "secret-tool": r"lookup|search",
        "pass": r"^(?:show|grep|-c|(?!ls$|list$|init$|git\b|insert|generate|edit|rm|find|version|help"
        r"|cp|mv)\w[\w./@-]*$)",
        "gopass": r"^(?:show|cat|\w)",
        "kwallet-query": r"-r|-l",
        "op": r"^(?:read|item get|get item|run|inject|document get|signin --raw)",
        "bw": r"^(?:get|list|export|unlock --raw)",
        "lpass": r"^(?:show|export|ls)",
        "vault": r"^(?:read|kv get|print token)",
        "keyring": r"^get",
        "keepassxc-cli": r"^(?:show|export|clip|extract)",
        "doppler": r"^(?:secrets|run)",
        "chamber": r"^(?:read|export|exec)",
        "sops": r"-d|--decrypt|decrypt|exec-env",
        "age": r"-d|--decrypt",
        "infisical": r"^(?:secrets|export|run)",
        "dcli": r"^(?:password|note|read)",
        "aws-vault": r"^(?:exec|export)",
        "ansible-vault": r"^(?:view|decrypt|edit)",
        "git-credential-osxkeychain": r"get",
        "git-credential-manager": r"get",
        "docker-credential-desktop": r"get|list",
        "docker-credential-osxkeychain": r"get|list",
        "docker-credential-secretservice": r"get|list",
        "get-storedcredential": r"",
        "get-secret": r"",
        "cmdkey": r"/list",
        "vaultcmd": r"/list",
        "rbw": r"^get",
        "chezmoi": r"^secret\b",
        "credstash": r"^get",
        "berglas": r"^(?:access|exec|read)",
        "envchain": r"^(?!--list)",
        "teller": r"^(?:show|export|env|sh)",
        "conjur": r"^variable (?:get|value)",
        "akeyless": r"get-secret-value",
        "biscuit": r"^get",
        "git-credential-store": r"get",
        "git-credential-cache": r"get",
        "git-credential-libsecret": r"get",
        "docker-credential-pass": r"get|list",
        "docker-credential-ecr-login": r"get",
        "docker-credential-gcr": r"get",
        "proton-pass-cli": r"^(?:item|get)",
        "dashlane-cli": r".",
    }.get(scene.program, r"^$^")
    if re.search(reads, text):
        if scene.program in ("op", "doppler", "chamber", "infisical", "aws-vault") and found.rest[:1] in (
            ("run",),
            ("exec",),
        ):
            scene.act("cloud-secret") if False else None
        elif scene.program == "security" and re.match(r"find-identity|unlock", text):
            own = re.search(r"(?<!login)\.keychain(?:-db)?[\"']?$", text)
            scene.act("keychain-read") if text.startswith("unlock") and not own else None
        else:
            scene.act(
                "cloud-secret" if scene.program in ("vault", "doppler", "chamber", "infisical") else "keychain-read"
            )
            scene.outputs.add("secret")
    if scene.program == "security" and re.search(r"add-trusted-cert|trust-settings-import", text):
        scene.act("trust-certificate")
    if scene.program == "security" and re.search(r"authorizationdb write|set-key-partition-list", text):
        scene.act("integrity-off")
    if scene.program == "security" and "delete-keychain" in text:
        scene.act("wipe")
    if scene.program == "vault" and re.search(
        r"^(?:delete|kv (?:delete|destroy|metadata delete)|secrets disable|auth disable)", text
    ):
        scene.act("cloud-delete-all" if "disable" in text or "metadata" in text else "cloud-delete")
    if scene.program in ("sops", "age", "ansible-vault"):
        scene.read(*found.rest[-1:])


def memory(scene: Scene) -> None:
    text = " ".join(scene.words)
    found = scene.arguments(("-p", "-o", "-e", "--pid", "-s", "-ex", "--batch", "-n", "--name"))
    if (
        scene.program in ("gcore", "procdump", "memdump", "avml", "lime", "process-dump")
        or re.search(r"(?:^|\s)-p\s*\d+|--pid|-p\s*\$", text)
    ) and (not re.search(r"(?:^|\s)-c\b", text) or scene.program not in ("strace", "perf")):
        scene.act("memory-dump")
        scene.outputs.add("memory")
    if scene.program in ("gdb", "lldb") and re.search(r"(?:-ex|-o|--eval-command)[ =]\S*(?:!|shell|call|python)", text):
        scene.act("shell-escape")
    scene.run(*(word for word in found.rest[:1] if "/" in word))


def cracker(scene: Scene) -> None:
    scene.arguments()
    scene.act("crack")


def watcher(scene: Scene) -> None:
    if scene.words and {"--help", "--version", "-h", "-help", "-version"}.issuperset(scene.words):
        return
    text = " ".join(scene.words)
    name = scene.program
    found = scene.arguments(("-f", "-i", "-d", "-c", "-r", "-R", "-o", "--rate", "-t", "-vf", "-s"), long=False)
    captures = re.search(r"x11grab|avfoundation|gdigrab|v4l2|/dev/video|dshow|-f (?:alsa|pulse|kmsgrab)", text)
    if name in ("ffmpeg", "ffplay", "gst-launch-1.0") and not captures:
        scene.read(*found.values("-i"))
        return
    if name in ("xclip", "xsel", "wl-paste", "pbpaste", "termux-clipboard-get", "win32yank"):
        prints = name in ("wl-paste", "pbpaste", "termux-clipboard-get") or re.search(r"-o\b|--output|-out\b", text)
        if prints or (name == "xsel" and not scene.spawn.reads_from):
            scene.act("clipboard-read")
            scene.outputs.add("clipboard")
        return
    scene.act("watch-user")
    scene.outputs.add("screen")


def script_host(scene: Scene) -> None:
    """osascript: AppleScript that asks for passwords, makes login items, or runs shells."""
    text = " ".join((*scene.words, scene.code))
    if re.search(r"(?i)hidden answer", text) or re.match(r"(?is)(?>.*?display dialog).*password", text):
        scene.act("phish")
    if re.search(r"(?i)login item", text) and re.search(r"(?i)make|new|add", text):
        scene.act("login-item")
    if re.search(r"(?i)with administrator privileges", text):
        scene.act("privileged")
    if re.search(r"(?i)the clipboard", text):
        scene.act("clipboard-read")
    if re.search(r"(?i)keystroke|key code|System Events.*click", text):
        scene.act("watch-user") if False else None


def asks_password(scene: Scene) -> None:
    """Dialogues and prompts that ask for a password in a window of their own."""
    text = " ".join(scene.words)
    if scene.program.endswith("askpass") or re.search(r"--(?:hidden-)?password|--password-?box|--passwordbox", text):
        scene.act("phish")
        scene.outputs.add("secret")


READERS: dict[str, Reader] = readers(
    (
        "zenity kdialog yad qarma matedialog xdialog ssh-askpass ksshaskpass gnome-ssh-askpass x11-ssh-askpass",
        asks_password,
    ),
    ("set setopt shopt unset export declare typeset compgen", shell_setting),
    ("env printenv", environment),
    ("echo printf print", echo),
    (
        "security secret-tool pass gopass kwallet-query op bw lpass vault keyring"
        " keepassxc-cli doppler chamber sops age infisical dcli aws-vault "
        "ansible-vault git-credential-osxkeychain git-credential-manager"
        " docker-credential-desktop docker-credential-osxkeychain"
        " chezmoi credstash berglas envchain teller conjur akeyless biscuit git-credential-store"
        " git-credential-cache git-credential-libsecret docker-credential-pass docker-credential-ecr-login"
        " docker-credential-gcr dashlane-cli proton-pass-cli "
        "docker-credential-secretservice rbw cmdkey vaultcmd get-storedcredential get-secret",
        secrets,
    ),
    ("gdb lldb gcore strace ltrace procdump memdump avml perf dtrace", memory),
    ("john hashcat fcrackzip pdfcrack unshadow crunch zip2john ssh2john", cracker),
    (
        "scrot import screencapture gnome-screenshot maim grim flameshot spectacle xwd"
        " arecord sox rec parecord fswebcam imagesnap ffmpeg "
        "ffplay gst-launch-1.0 logkeys xinput showkey xclip xsel wl-paste pbpaste termux-clipboard-get win32yank",
        watcher,
    ),
    ("osascript", script_host),
)
