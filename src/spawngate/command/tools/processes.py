"""Processes and services: what is ended, started, stopped, and scheduled for later.

Must not be here: what other modules of `command.tools` read; each program stands in one of them only.
Sources: manual pages of procps, systemd, cron, at, launchctl; MITRE ATT&CK T1053, T1543, T1562.
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


_PILLARS = frozenset(
    {"systemd", "init", "launchd", "dbus-daemon", "dbus-broker", "Xorg", "WindowServer", "loginwindow"}
)
"""Processes without which a session or the machine ends."""


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
    guarded(scene, names)
    if (
        (found.has("-u", "-U", "--user") and not names)
        or any(name in (".", ".*", "", "*") or name in _PILLARS for name in names)
        or scene.program == "killall5"
    ):
        scene.act("kill-all")


def guarded(scene: Scene, names: tuple[str, ...] | list[str]) -> None:
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
        guarded(scene, names)
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
            guarded(scene, [name])
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
        guarded(scene, names)
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
        if _AGENT_DOMAIN.search(text):
            scene.act("agent-config-change")
    elif scene.words[:1] in (("delete",), ("import",)) and _AGENT_DOMAIN.search(text):
        scene.act("agent-config-change")


_AGENT_DOMAIN = re.compile(
    r"(?i)\bcom\.(?:anthropic|openai|todesktop\.230313mzl4w4u92|exafunction|codeium|cursor|google\.antigravity|dev\.warp"
    r"|block\.goose|lmstudio|spawngate)|dev\.(?:warp|zed|kiro|spawngate)|ai\.(?:jan|elementlabs)|spawngate"
)
"""Preferences of agents' own programs on macOS."""


def power(scene: Scene) -> None:
    text = " ".join(scene.words)
    if scene.program in ("init", "telinit"):
        scene.act("power") if scene.words[:1] in (("0",), ("6",), ("1",), ("s",), ("S",)) else None
    elif not re.search(r"(?:^|\s)(?:-c|-k|/a|--help|--show)\b", text):
        scene.act("power")


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
    if scene.program == "tmux" and re.search(r"\bset(?:-option)?\b.*\bdefault-(?:command|shell)\b", text):
        scene.act("login-item")
    if scene.program == "pm2" and re.search(r"(?:^|\s)startup\b(?!.*\bhelp)", text):
        scene.act("service-create")


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
    ("shutdown reboot halt poweroff init telinit", power),
    ("ps top htop pgrep pidof pstree lsof fuser tasklist", processes),
    ("tmux screen daemonize start-stop-daemon pm2 supervisord zellij", detached),
)
