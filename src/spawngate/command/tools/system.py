"""The machine itself: processes, services, schedules, accounts, protections, disks, logs.

Must not be here: files (`command.tools.files`), Windows' own commands (`command.tools.windows`).
Sources: manual pages of util-linux, procps, systemd, cron, at, shadow, sudo, iptables, nftables, ufw, auditd,
selinux, lvm2, zfs,
cryptsetup, kmod; launchctl, defaults, csrutil, spctl, tmutil, security of macOS; MITRE ATT&CK T1562, T1070, T1053,
T1543.
"""

import re

from spawngate.command.scene import Scene
from spawngate.command.tools.reader import Reader, readers

GUARDS = re.compile(
    r"(?i)spawngate|crowdstrike|falcon(?:-sensor|d)?|sentinel(?:one|d|agent)|cbagent"
    r"|carbonblack|defender|mdatp|wdavdaemon|clamav|clamd|"
    r"freshclam|auditd|osquery|wazuh|ossec|sophos|symantec|mcafee|xagt|cylance|tanium"
    r"|qualys|jamf|santad?|littlesnitch|lulu|fail2ban|apparmor|"
    r"firewalld|ufw|iptables|nftables|rsyslog|syslog-ng|systemd-journald|falco|tetragon"
    r"|sysmon|windefend|wscsvc|mpssvc|sense|eventlog|"
    r"elastic-agent|elastic-endpoint|splunk|filebeat|auditbeat|rkhunter|chkrootkit|aide|tripwire|snort|suricata"
)
"""Names of protections: what stops them is judged as switching a protection off."""
AGENT_NAMES = re.compile(
    r"(?i)^(?:claude|codex|gemini|opencode|cursor(?:-agent)?|copilot|goose|aider|qwen|cline|amp|windsurf|droid|crush)$"
)


def kill(scene: Scene) -> None:
    found = scene.arguments(("-s", "-n", "-q", "--signal"), long=False)
    if "1" in scene.words:
        scene.act("kill-all")
    words = [
        word
        for word in scene.words
        if not re.fullmatch(r"-(?:[A-Z]\w*|\d+|s|n|l|L|q)|--signal(?:=.*)?|TERM|KILL|HUP|INT", word)
    ]
    if found.has("-l", "-L", "--list", "--table"):
        return
    scene.act("kill")
    scene.target(*words)
    if "-1" in scene.words[1:] and not any(re.fullmatch(r"\d+|%\d+", word) for word in words):
        scene.act("kill-all")


def kill_named(scene: Scene) -> None:
    found = scene.arguments(
        (
            "-s",
            "--signal",
            "-u",
            "--user",
            "-U",
            "-t",
            "-g",
            "-P",
            "-o",
            "-y",
            "-Z",
            "-n",
            "-euid",
            "--euid",
            "-G",
            "--uid",
            "-r",
            "-F",
            "--pidfile",
        )
    )
    if found.has("-l", "-0"):
        return
    names = found.rest
    scene.act("kill")
    scene.target(*names)
    _guarded(scene, names)
    if (
        (found.has("-u", "-U", "--user") and not names)
        or any(name in (".", ".*", "", "*") for name in names)
        or scene.program == "killall5"
    ):
        scene.act("kill-all")


def _guarded(scene: Scene, names: tuple[str, ...] | list[str]) -> None:
    for name in names:
        if "spawngate" in name.lower():
            scene.act("spawngate-off")
        elif GUARDS.search(name):
            scene.act("antivirus-off")
        elif AGENT_NAMES.search(name):
            scene.act("agent-kill")


def systemctl(scene: Scene) -> None:
    found = scene.arguments(
        (
            "-t",
            "--type",
            "-H",
            "--host",
            "-M",
            "--machine",
            "-p",
            "--property",
            "-s",
            "--signal",
            "-n",
            "--lines",
            "-o",
            "--output",
            "--state",
            "--root",
        )
    )
    verb, names = (found.rest[0], found.rest[1:]) if found.rest else ("", ())
    scene.target(*names)
    if verb in ("poweroff", "reboot", "halt", "suspend", "hibernate", "kexec", "emergency", "rescue", "soft-reboot"):
        scene.act("power")
    elif verb in ("stop", "disable", "mask", "kill", "isolate"):
        scene.act("service-stop")
        _guarded(scene, names)
    elif verb in ("enable", "link", "edit", "reenable", "preset", "set-default", "add-wants", "revert", "set-property"):
        scene.act("service-create")
        scene.read(*(name for name in names if "/" in name))
        if any(re.search(r"(?i)debug-shell|emergency", name) for name in names):
            scene.act("root-shell")
    elif verb in ("set-environment", "import-environment", "unset-environment") and any(
        "SPAWNGATE" in name for name in names
    ):
        scene.act("spawngate-off")
    elif verb in ("set-environment", "import-environment"):
        scene.act("login-item") if re.search(r"LD_PRELOAD|PATH=|BASH_ENV", " ".join(names)) else None
    elif verb in ("start", "restart", "reload", "daemon-reload", "try-restart", "reload-or-restart", "daemon-reexec"):
        scene.act("service-control")


def service(scene: Scene) -> None:
    found = scene.arguments()
    name, verb = (found.rest[0], found.rest[1] if len(found.rest) > 1 else "") if found.rest else ("", "")
    if scene.program in ("rc-service", "service", "initctl", "sv", "rc-update", "chkconfig", "update-rc.d"):
        if scene.program in ("initctl", "sv", "rc-update"):
            name, verb = verb, name
        scene.target(name)
        if verb in ("stop", "off", "remove", "del", "down", "disable"):
            scene.act("service-stop")
            _guarded(scene, [name])
        elif verb in ("add", "on", "enable", "defaults"):
            scene.act("service-create")
        else:
            scene.act("service-control")


def crontab(scene: Scene) -> None:
    found = scene.arguments(("-u",))
    if found.has("-l", "-V"):
        return
    if found.has("-r"):
        scene.act("schedule-clear")
    else:
        scene.act("schedule")
        scene.read(*(word for word in found.rest if word != "-"))


def at(scene: Scene) -> None:
    found = scene.arguments(("-f", "-q", "-t"))
    if not found.has("-l", "-c", "-d", "-r") and scene.program in ("at", "batch"):
        scene.act("schedule")
        scene.read(*found.values("-f"))


def systemd_run(scene: Scene) -> None:
    if re.search(
        r"--on-(?:calendar|boot|startup|active|unit)|--timer-property|--remain-after-exit", " ".join(scene.words)
    ):
        scene.act("schedule")


def launchctl(scene: Scene) -> None:
    found = scene.arguments()
    verb, names = (found.rest[0], found.rest[1:]) if found.rest else ("", ())
    scene.target(*names)
    if verb in ("load", "bootstrap", "submit", "enable"):
        scene.act("service-create")
        scene.read(*(name for name in names if "/" in name and name.endswith(".plist")))
    elif verb in ("unload", "bootout", "remove", "disable", "kill", "stop"):
        scene.act("service-stop")
        _guarded(scene, names)
    elif verb in ("setenv", "unsetenv") and any("SPAWNGATE" in name for name in names):
        scene.act("spawngate-off")
    elif verb == "setenv":
        scene.act("login-item") if re.search(r"DYLD|PATH", " ".join(names)) else None


def defaults(scene: Scene) -> None:
    text = " ".join(scene.words)
    scene.arguments()
    if scene.words[:1] == ("write",):
        if re.search(r"(?i)loginwindow.*(?:LoginHook|LogoutHook)|loginitems|LaunchAgents|LaunchDaemons", text):
            scene.act("login-item")
        if re.search(r"(?i)LSQuarantine\s.*(?:false|NO|0)|com\.apple\.LaunchServices.*LSQuarantine", text):
            scene.act("quarantine-remove")
        if re.search(r"(?i)com\.apple\.alf.*globalstate.*0|SoftwareUpdate.*Automatic\w*.*(?:false|0)", text):
            scene.act("firewall-off" if "alf" in text else "antivirus-off")
    elif scene.words[:1] == ("delete",):
        pass


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
        elif admin or re.search(r"-u\s*0\b|-g\s*0\b|-o\b.*\b0\b", text):
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
    if re.search(
        r"(?i)dseditgroup.*-a.*admin|-append /Groups/(?:admin|wheel)|GroupMembership.*admin"
        r"|-admin\b|-o edit.*\badmin\b",
        f"{scene.program} {text}",
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


def power(scene: Scene) -> None:
    text = " ".join(scene.words)
    if scene.program in ("init", "telinit"):
        scene.act("power") if scene.words[:1] in (("0",), ("6",), ("1",), ("s",), ("S",)) else None
    elif not re.search(r"(?:^|\s)(?:-c|-k|/a|--help|--show)\b", text):
        scene.act("power")


def format_disk(scene: Scene) -> None:
    values = ("-t", "-L", "-n", "-b", "-U", "-E", "-O", "-I", "-N", "-d", "-m", "-l")
    found = scene.arguments((*values, "-F") if "fat" in scene.program or "dos" in scene.program else values)
    paths = [word for word in found.rest if not word.isdigit()]
    if scene.program == "wipefs" and not found.has("-a", "--all", "-o"):
        return
    image = paths and all("device" not in scene.places(path) for path in paths)
    scene.write(*paths)
    if not image:
        scene.act("disk-format")


def partition(scene: Scene) -> None:
    found = scene.arguments(("-n", "-t", "-c", "-d", "-u", "-T", "-a"))
    if (
        found.has("-l", "--list", "-p", "--print", "--dump")
        or found.rest[-1:] == ("print",)
        or not found.rest
        or (scene.program == "sfdisk" and found.has("-d", "-J", "-V"))
    ):
        return
    scene.write(*(word for word in found.rest if word.startswith("/dev")))
    scene.act("disk-format")


def disk_utility(scene: Scene) -> None:
    verb = scene.words[0].lower() if scene.words else ""
    text = " ".join(scene.words)
    scene.subcommand = verb
    if re.match(r"(?i)erase|partitiondisk|zerodisk|randomdisk|secureerase|reformat", verb) or re.search(
        r"(?i)apfs delete(?:container|volume)|deletecontainer|cs delete", text
    ):
        scene.act("disk-format")


def volume(scene: Scene) -> None:
    text = " ".join(scene.words)
    scene.arguments()
    name = scene.program
    destroys = {
        "zfs": r"^destroy|^rollback",
        "zpool": r"^destroy|labelclear|^remove",
        "btrfs": r"subvolume delete|device (?:delete|remove)",
        "mdadm": r"--zero-superblock|--remove|--stop|-S\b",
        "cryptsetup": r"luksErase|erase|luksFormat|luksKillSlot|luksRemoveKey",
        "dmsetup": r"^remove",
        "blkdiscard": r".",
        "hdparm": r"security-erase|--trim-sector",
        "nvme": r"^format|sanitize",
        "sgdisk": r"-Z|--zap|-o",
        "losetup": r"^$^",
    }.get(name, r".")
    if re.search(destroys, text):
        if re.search(r"snapshot|@", text) and name in ("zfs", "btrfs"):
            scene.act("backup-delete")
        scene.act(
            "volume-delete"
            if name in ("zfs", "zpool", "btrfs", "mdadm", "dmsetup") or name.startswith(("lv", "vg", "pv"))
            else "disk-format"
        )


def backup(scene: Scene) -> None:
    text = " ".join(scene.words)
    name = scene.program
    scene.arguments()
    if (
        (name == "tmutil" and re.search(r"(?i)\bdelete|disable|\bthin|removedestination", text))
        or (name == "timeshift" and re.search(r"--delete", text))
        or (
            name in ("restic", "borg", "duplicity", "kopia", "snapper", "rsnapshot")
            and re.search(
                r"\b(?:delete|purge|remove-all|forget --prune --keep-last 0|remove-all-but|delete-all)\b", text
            )
        )
    ):
        scene.act("backup-delete")


def module(scene: Scene) -> None:
    found = scene.arguments()
    scene.target(*found.rest)
    if (
        scene.program == "kextload"
        or scene.program == "insmod"
        or (scene.program in ("modprobe", "rmmod", "kmodload", "kextunload") and found.rest)
    ):
        scene.act("kernel-module")


def firewall(scene: Scene) -> None:
    text = " ".join(scene.words)
    name = scene.program
    scene.arguments(("-A", "-I", "-D", "-p", "--dport", "-s", "-d", "-j", "-t", "-P", "-m", "-i", "-o"))
    off = {
        "iptables": r"(?:^|\s)(?:-F|--flush|-X)(?:\s*$|\s+(?:INPUT|OUTPUT|FORWARD)|\s)|-P\s+(?:INPUT"
        r"|FORWARD|OUTPUT)\s+ACCEPT|-t nat.*-F",
        "ip6tables": r"-F|--flush|-P\s+\w+\s+ACCEPT",
        "nft": r"flush ruleset|delete table",
        "ufw": r"\bdisable\b|\breset\b|default allow incoming",
        "pfctl": r"(?:^|\s)-d\b|-F\s*all",
        "firewall-cmd": r"--panic-off|--set-default-zone=trusted|--zone=trusted",
        "socketfilterfw": r"--setglobalstate off|--setblockall off",
        "setenforce": r"(?i)^(?:0|permissive)",
        "getenforce": r"^$^",
        "aa-teardown": r"",
        "aa-disable": r"",
        "aa-complain": r"",
        "auditctl": r"-e\s*0|-D\b",
        "csrutil": r"disable",
        "spctl": r"--(?:master|global)-disable|--add|kext-consent disable",
        "fdesetup": r"disable",
        "mdatp": r"real-time-protection.*disabled|exclusion.*add|config.*disable",
        "semanage": r"permissive -a|-m .* -s",
        "setsebool": r"",
        "systemsetup": r"-setremotelogin on",
    }.get(name)
    show = re.search(r"(?:^|\s)(?:-L|--list|-S|-n|status|list|--state|-sr|-s)(?:\s|$)", text)
    if off is not None and re.search(off, text):
        if name in ("iptables", "ip6tables", "nft", "ufw", "pfctl", "firewall-cmd", "socketfilterfw"):
            scene.act("firewall-off")
        elif name == "auditctl":
            scene.act("audit-off")
        elif name in ("csrutil", "spctl", "fdesetup", "setenforce", "semanage", "setsebool"):
            scene.act("integrity-off")
        elif name == "systemsetup":
            scene.act("listen-all")
        else:
            scene.act("antivirus-off")
    elif not show and name in ("iptables", "ip6tables", "nft", "ufw", "pfctl", "firewall-cmd"):
        scene.act("firewall-change")


def journal(scene: Scene) -> None:
    text = " ".join(scene.words)
    scene.arguments(("-u", "-n", "-o", "--since", "--until", "-p", "-t"))
    if re.search(r"--vacuum-(?:time|size|files)[= ]?(?:1[sm]?\b|0)|--rotate.*--vacuum|--vacuum-time=1s", text):
        scene.act("log-clear")
    if scene.program == "dmesg" and re.search(r"(?:^|\s)(?:-[a-zA-Z]*[cC]|--clear|--read-clear)", text):
        scene.act("log-clear")
    if scene.program == "log" and scene.words[:1] == ("erase",):
        scene.act("log-clear")


def history(scene: Scene) -> None:
    found = scene.arguments()
    if (
        (found.has("-c", "-w") and found.has("-c"))
        or scene.words[:1] == ("clear",)
        or (found.has("-d", "-p") and scene.program == "history" and found.has("-d"))
        or "delete" in scene.words[:1]
    ):
        scene.act("history-clear")
    elif found.has("-r", "-a"):
        pass
    else:
        scene.outputs.add("history")


def shell_setting(scene: Scene) -> None:
    """`set`, `shopt`, `unset`, `export` as far as they hide what happens, and `export -p` that prints everything."""
    words = scene.words
    if scene.program in ("set", "setopt", "shopt") and (
        ("+o" in words and "history" in words) or ("-u" in words and "histappend" in words)
    ):
        scene.act("history-clear")
    if scene.program == "set" and not words and scene.spawn.builtin:
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


def echo(scene: Scene) -> None:
    text = " ".join(scene.words)
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
    }.get(scene.program, r"^$^")
    if re.search(reads, text):
        if scene.program in ("op", "doppler", "chamber", "infisical", "aws-vault") and found.rest[:1] in (
            ("run",),
            ("exec",),
        ):
            scene.act("cloud-secret") if False else None
        elif scene.program == "security" and re.match(r"find-identity|unlock", text):
            scene.act("keychain-read") if text.startswith("unlock") else None
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
        scene.act("delete-tree")
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


def mount(scene: Scene) -> None:
    found = scene.arguments(("-t", "-o", "-L", "-U", "--bind"))
    if found.rest:
        scene.act("mount")
        if re.search(r"remount.*(?:rw|exec)|suid", " ".join(scene.words)) or found.has("--bind", "-B"):
            scene.target(*found.rest)
        scene.host(*(word for word in found.rest if re.match(r"//|[\w.-]+:/", word)))


def namespace(scene: Scene) -> None:
    text = " ".join(scene.words)
    scene.arguments(("-t", "--target", "-S", "-G"))
    if scene.program == "nsenter" and re.search(r"(?:-t|--target)[ =]?1\b|--all|/proc/1/", text):
        scene.act("container-escape")
    elif scene.program == "chroot":
        root = next((word for word in scene.words if not word.startswith("-")), "")
        if re.match(r"/(?:host|hostfs|mnt|rootfs|node)\b|/proc/1/root", root):
            scene.act("container-escape")
        scene.act("namespace")
    else:
        scene.act("namespace")


def sysctl(scene: Scene) -> None:
    text = " ".join(scene.words)
    scene.arguments()
    if "=" in text or re.search(r"(?:^|\s)-(?:w|p)\b", text):
        scene.act("kernel-setting")
        if re.search(
            r"core_pattern|modprobe|randomize_va_space[ =]+0|kptr_restrict[ =]+0|unprivileged_bpf"
            r"|yama\.ptrace_scope[ =]+0|suid_dumpable|sysrq",
            text,
        ):
            scene.act("integrity-off")


def xattr(scene: Scene) -> None:
    if re.search(r"-[a-z]*(?:d|c)[a-z]*\b.*(?:com\.apple\.quarantine|$)", " ".join(scene.words)) and re.search(
        r"quarantine|-[a-z]*c", " ".join(scene.words)
    ):
        scene.act("quarantine-remove")
    scene.target(*(word for word in scene.words if "/" in word))


def certificates(scene: Scene) -> None:
    text = " ".join(scene.words)
    if scene.program in ("update-ca-certificates", "update-ca-trust") or re.search(
        r"-A\b|addcert|-import|--install|-install", text
    ):
        scene.act("trust-certificate") if scene.program != "keytool" or "cacerts" in text else None


def alternatives(scene: Scene) -> None:
    if scene.words[:1] in (("--install",), ("--set",)):
        scene.act("default-program")
        scene.read(*(word for word in scene.words if "/" in word))


def recon(scene: Scene) -> None:
    scene.arguments()
    scene.act("reconnaissance")


def processes(scene: Scene) -> None:
    found = scene.arguments(("-o", "-p", "-u", "-C", "-U"))
    scene.act("list-processes")
    if scene.program == "ps" and any(
        re.fullmatch(r"-?[a-zA-Z]*e[a-zA-Z]*w[a-zA-Z]*|-?[a-zA-Z]*w[a-zA-Z]*e[a-zA-Z]*|-?ae?xe[a-zA-Z]*|auxe\w*", word)
        and not re.fullmatch(r"-e?fw*|-ew*|-efww*", word)
        for word in scene.words
    ):
        scene.act("process-environment")
        scene.outputs.add("environment")
    if (
        any(re.fullmatch(r"[a-zA-Z]*e[a-zA-Z]*ww?\w*|eww\w*", word.lstrip("-")) and "w" in word for word in scene.words)
        and found
    ):
        scene.outputs.add("environment") if any(
            "e" in word.lstrip("-") and "w" in word and not word.startswith("-e") for word in scene.words
        ) else None


def network_list(scene: Scene) -> None:
    scene.arguments()
    scene.act("list-network")


def accounts_list(scene: Scene) -> None:
    found = scene.arguments()
    scene.act("list-accounts")
    if scene.program == "getent" and found.rest[:1] == ("shadow",):
        scene.read("/etc/shadow")
    if scene.program == "getent" and found.rest[:1] == ("passwd",):
        scene.read("/etc/passwd")


def detached(scene: Scene) -> None:
    """Terminal multiplexers and others that keep things running."""
    text = " ".join(scene.words)
    scene.arguments(("-s", "-n", "-c", "-t", "-S", "-L", "-F"))
    if re.search(r"new(?:-session)?\b.*-d|-dm|-d\s*-m|-[a-zA-Z]*d[a-zA-Z]*m", text) or scene.program in (
        "daemonize",
        "start-stop-daemon",
        "pm2",
        "supervisord",
    ):
        scene.act("detached")


def script_host(scene: Scene) -> None:
    """osascript: AppleScript that asks for passwords, makes login items, or runs shells."""
    text = " ".join((*scene.words, scene.code))
    if re.search(r"(?i)display dialog.*(?:hidden answer|password)|hidden answer", text):
        scene.act("phish")
    if re.search(r"(?i)login item", text) and re.search(r"(?i)make|new|add", text):
        scene.act("login-item")
    if re.search(r"(?i)with administrator privileges", text):
        scene.act("privileged")
    if re.search(r"(?i)the clipboard", text):
        scene.act("clipboard-read")
    if re.search(r"(?i)keystroke|key code|System Events.*click", text):
        scene.act("watch-user") if False else None


READERS: dict[str, Reader] = readers(
    ("kill", kill),
    ("pkill killall killall5 skill xkill", kill_named),
    ("systemctl", systemctl),
    ("service rc-service initctl sv rc-update chkconfig update-rc.d", service),
    ("crontab", crontab),
    ("at batch atq atrm", at),
    ("systemd-run", systemd_run),
    ("launchctl", launchctl),
    ("defaults", defaults),
    (
        "useradd adduser newusers usermod gpasswd groupmod groupadd passwd chpasswd chage"
        " smbpasswd pwpolicy vipw vigr userdel deluser groupdel delgroup visudo chsh chfn",
        account,
    ),
    ("dscl dseditgroup sysadminctl", directory),
    ("shutdown reboot halt poweroff init telinit", power),
    (
        "mkfs mkfs.ext2 mkfs.ext3 mkfs.ext4 mkfs.xfs mkfs.btrfs mkfs.vfat mkfs.fat mkfs.ntfs"
        " mkfs.f2fs mke2fs mkswap mkdosfs newfs newfs_apfs wipefs",
        format_disk,
    ),
    ("fdisk sfdisk cfdisk gdisk parted sgdisk", partition),
    ("diskutil", disk_utility),
    ("zfs zpool btrfs mdadm cryptsetup dmsetup blkdiscard hdparm nvme lvremove vgremove pvremove lvreduce", volume),
    ("tmutil timeshift restic borg duplicity kopia snapper rsnapshot", backup),
    ("insmod modprobe rmmod kextload kextunload", module),
    (
        "iptables ip6tables nft ufw pfctl firewall-cmd socketfilterfw setenforce aa-teardown"
        " aa-disable aa-complain auditctl csrutil spctl "
        "fdesetup mdatp semanage setsebool systemsetup",
        firewall,
    ),
    ("journalctl dmesg log", journal),
    ("history fc", history),
    ("set setopt shopt unset export declare typeset", shell_setting),
    ("env printenv", environment),
    ("echo printf print", echo),
    (
        "security secret-tool pass gopass kwallet-query op bw lpass vault keyring"
        " keepassxc-cli doppler chamber sops age infisical dcli aws-vault "
        "ansible-vault git-credential-osxkeychain git-credential-manager"
        " docker-credential-desktop docker-credential-osxkeychain "
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
    ("mount umount losetup", mount),
    ("nsenter unshare chroot pivot_root ip-netns", namespace),
    ("sysctl", sysctl),
    ("xattr", xattr),
    ("update-ca-certificates update-ca-trust certutil-nss keytool mkcert trust", certificates),
    ("update-alternatives alternatives", alternatives),
    (
        "whoami id uname hostname hostnamectl uptime lscpu lsb_release sw_vers"
        " system_profiler dmidecode lspci lsusb lsblk df free arch nproc systeminfo ver",
        recon,
    ),
    ("ps top htop pgrep pidof pstree lsof fuser tasklist", processes),
    ("netstat ss arp iwconfig nmcli iw traceroute tracepath mtr whois ipconfig tracert", network_list),
    ("who w last lastlog users groups getent finger sudoreplay", accounts_list),
    ("tmux screen daemonize start-stop-daemon pm2 supervisord zellij", detached),
    ("osascript", script_host),
)
