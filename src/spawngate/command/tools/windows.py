"""Windows' own commands, and PowerShell's.

Belongs here: cmdlets and their aliases, system programs, and the programs of the system that fetch or run other code.
Must not be here: how a text of PowerShell or cmd is parsed (`command.parse`).
Sources: learn.microsoft.com on Windows commands and PowerShell modules; the LOLBAS project's list of names; MITRE
ATT&CK T1218, T1197, T1562.
"""

import re

from spawngate.command.hosts import is_address
from spawngate.command.scene import Scene
from spawngate.command.tools.processes import GUARDS
from spawngate.command.tools.reader import Reader, readers
from spawngate.command.tools.windows_files import has, parameters_of, set_content, value_of
from spawngate.launch.argv import word_set


def web_request(scene: Scene) -> None:
    found = parameters_of(scene)
    urls = [word for word in (*found.rest, value_of(found, "-uri", "-source")) if word]
    scene.host(*(url for url in urls if is_address(url) or "." in url))
    scene.write(value_of(found, "-outfile", "-destination"))
    method = value_of(found, "-method").upper()
    body, file = value_of(found, "-body"), value_of(found, "-infile")
    if file:
        scene.read(file)
        scene.act("send", "send-file")
    if body or method in ("POST", "PUT", "PATCH") or value_of(found, "-form"):
        scene.act("send")
        if body.startswith(("(", "$", "@")):
            scene.act("send-file")
    if has(found, "-skipcertificatecheck", 6):
        scene.act("tls-off")
    if "send" not in scene.acts:
        scene.act("download")
        scene.outputs.add("download")


def expression(scene: Scene) -> None:
    """Invoke-Expression: what it runs the parser unpacks where it can."""
    text = " ".join(scene.words)
    if re.search(
        r"(?i)downloadstring|downloadfile|\biwr\b|\birm\b|invoke-webrequest|invoke-restmethod"
        r"|\bcurl\b|\bwget\b|https?://",
        text,
    ):
        scene.act("runs-download")
    elif re.search(r"(?i)frombase64string|-join|\[char\]|-replace|\[convert\]|decompress", text):
        scene.act("runs-decoded")
    elif scene.spawn.reads_from:
        scene.act("runs-input")
    elif "$" in text or "(" in text:
        scene.act("runs-opaque")


def start_process(scene: Scene) -> None:
    found = parameters_of(scene)
    target = value_of(found, "-filepath") or (found.rest[0] if found.rest else "")
    verb = value_of(found, "-verb").lower()
    if verb == "runas":
        scene.act("privileged")
    if re.fullmatch(r"(?i)hidden", value_of(found, "-windowstyle")):
        scene.act("hidden-window")
    if re.search(r"(?i)fodhelper|eventvwr|computerdefaults|sdclt|slui|cmstp|wsreset", target):
        scene.act("bypass-uac")
    if re.search(r"(?i)[\\/]|\.(?:exe|msi|bat|cmd|com|ps1|scr|lnk|jar|hta|vbs|js|wsf)$", target):
        scene.run(target)
    scene.host(target) if is_address(target) else None


def defender(scene: Scene) -> None:
    text = " ".join(scene.words)
    if scene.program == "mpcmdrun":
        if re.search(r"(?i)-removedefinitions|-DownloadFile", text):
            scene.act("antivirus-off" if "remove" in text.lower() else "trusted-binary")
        return
    if re.search(
        r"(?i)-disable\w*|-exclusion\w*|-\w*action\w*\s+allow|-mapsreporting\s+(?:0|disabled)"
        r"|-submitsamples\w*\s+(?:2|never)|-enable\w*\s+(?:0|\$false|disabled)",
        text,
    ):
        scene.act("antivirus-off")


def execution_policy(scene: Scene) -> None:
    text = " ".join(scene.words)
    if re.search(r"(?i)\b(?:bypass|unrestricted)\b", text) and not re.search(r"(?i)-scope\s+process", text):
        scene.act("execution-policy", "integrity-off")


def powershell(scene: Scene) -> None:
    found = parameters_of(scene)
    text = " ".join(scene.words)
    if re.search(r"(?i)(?:^|\s)[-/]w(?:in?d?o?w?s?t?y?l?e?)?\s+(?:hidden|1\b)", text):
        scene.act("hidden-window")
    if re.search(r"(?i)(?:^|\s)[-/]e(?:n?c?o?d?e?d?c?o?m?m?a?n?d?)?\s+[A-Za-z0-9+/=]{16,}", text):
        scene.act("runs-decoded")
    path = value_of(found, "-file")
    if path:
        scene.run(path)
    elif scene.spawn.reads_from:
        scene.act("runs-input")


def service(scene: Scene) -> None:
    words = [word for word in scene.words if not word.startswith("\\\\")]
    if scene.program == "sc" and words and re.search(r"[\\/]", words[0]):
        # PowerShell's own alias of that name.
        set_content(scene)
        return
    if scene.program == "sc":
        verb, names = (words[0].lower(), words[1:2]) if words else ("", [])
        scene.target(*names)
        if verb in ("create", "config", "failure"):
            if verb == "config" and re.search(r"(?i)start=\s*disabled", " ".join(words)):
                scene.act("service-stop")
                _guard(scene, names)
            else:
                scene.act("service-create")
        elif verb in ("stop", "delete", "pause"):
            scene.act("service-stop")
            _guard(scene, names)
        elif verb in ("start",):
            scene.act("service-control")
        return
    found = parameters_of(scene)
    names = [*found.rest, *([value_of(found, "-name")] if value_of(found, "-name") else [])]
    scene.target(*names)
    if scene.program == "new-service":
        scene.act("service-create")
    elif scene.program in ("stop-service", "remove-service", "suspend-service") or (
        scene.program == "set-service" and re.search(r"(?i)disabled|stopped", " ".join(scene.words))
    ):
        scene.act("service-stop")
        _guard(scene, names)


def _guard(scene: Scene, names: list[str]) -> None:
    for name in names:
        if "spawngate" in name.lower():
            scene.act("spawngate-off")
        elif GUARDS.search(name):
            scene.act("antivirus-off")


def stop_process(scene: Scene) -> None:
    if scene.program == "taskkill":
        given = scene.words
        names = [given[at + 1] for at, word in enumerate(given[:-1]) if word.lower() in ("/im", "/pid", "-im", "-pid")]
    else:
        found = parameters_of(scene)
        names = [*found.rest, value_of(found, "-name", "-id", "-processname")]
    scene.act("kill")
    scene.target(*names)
    _guard(scene, [name for name in names if name])
    if any(name == "*" for name in names) or (scene.spawn.reads_from and not any(names)):
        scene.act("kill-all")


def schtasks(scene: Scene) -> None:
    text = " ".join(scene.words).lower()
    if scene.program == "schtasks":
        scene.act("schedule" if re.search(r"[/-](?:create|change)\b", text) else "schedule-clear") if re.search(
            r"[/-](?:create|delete|change)\b", text
        ) else None
    elif scene.program in ("register-scheduledtask", "new-scheduledtask", "register-scheduledjob", "set-scheduledtask"):
        scene.act("schedule")
    elif scene.program in ("unregister-scheduledtask",):
        scene.act("schedule-clear")


def net(scene: Scene) -> None:
    words = [word.lower() for word in scene.words]
    verb = words[0] if words else ""
    scene.subcommand = " ".join(words[:2])
    if verb in ("user", "accounts") and ("/add" in words or (len(words) > 2 and not words[2].startswith("/"))):
        scene.act("account-create" if "/add" in words else "account-password")
    elif verb == "user" and any(word.startswith(("/delete", "/active")) for word in words):
        scene.act("account-delete" if "/delete" in words else "account-password")
    elif verb in ("localgroup", "group") and "/add" in words:
        scene.act("account-admin")
    elif verb == "stop":
        scene.act("service-stop")
        _guard(scene, words[1:2])
    elif verb == "share" and len(words) > 1 and "=" in words[1]:
        scene.act("listen-all")
    elif verb == "use" and any(word.startswith("\\\\") for word in words):
        scene.act("mount")
    elif verb in ("user", "localgroup", "group", "view", "session", "accounts"):
        scene.act("list-accounts")


def accounts(scene: Scene) -> None:
    name = scene.program
    scene.act(
        {
            "new-localuser": "account-create",
            "add-localgroupmember": "account-admin",
            "set-localuser": "account-password",
            "remove-localuser": "account-delete",
            "enable-localuser": "account-password",
            "add-adgroupmember": "account-admin",
            "new-aduser": "account-create",
        }[name]
    )


def shadow(scene: Scene) -> None:
    text = " ".join(scene.words).lower()
    if scene.program in ("vssadmin", "wbadmin", "diskshadow") and re.search(r"delete|resize", text):
        scene.act("backup-delete")
    elif scene.program == "vssadmin" and "create shadow" in text:
        scene.act("hash-dump")
    elif scene.program == "bcdedit" and re.search(
        r"recoveryenabled\s+no|bootstatuspolicy\s+ignore|safeboot|testsigning\s+on"
        r"|nointegritychecks|hypervisorlaunchtype\s+off",
        text,
    ):
        scene.act("backup-delete" if "recovery" in text or "bootstatus" in text else "integrity-off")
    elif scene.program == "reagentc" and "/disable" in text:
        scene.act("backup-delete")
    elif scene.program == "ntdsutil":
        scene.act("hash-dump")
    elif scene.program in ("disable-computerrestore", "checkpoint-computer"):
        scene.act("backup-delete") if scene.program.startswith("disable") else None
    elif scene.program == "fsutil" and re.search(r"usn\s+deletejournal", text):
        scene.act("log-clear")
    elif scene.program == "cipher" and re.search(r"/w:", text):
        scene.act("wipe")
        scene.delete(*(word[3:] for word in scene.words if word.lower().startswith("/w:")))


def disk(scene: Scene) -> None:
    text = " ".join(scene.words)
    if scene.program == "format" and not re.search(r"[A-Za-z]:", text):
        return
    if scene.program in ("diskpart",):
        script = " ".join(redirect.text for redirect in scene.spawn.redirects)
        if script and not re.search(r"(?i)\bclean\b|\bformat\b|\bdelete\b", script):
            return
    scene.act("disk-format")


def logs(scene: Scene) -> None:
    text = " ".join(scene.words)
    if scene.program == "wevtutil":
        if re.search(r"(?i)^(?:cl|clear-log)\b|^(?:sl|set-log)\b.*/e:false", text):
            scene.act("log-clear" if text.lower().startswith("cl") else "audit-off")
    elif scene.program == "auditpol":
        scene.act("audit-off") if re.search(r"(?i)/clear|/remove|disable", text) else None
    elif scene.program == "clear-history":
        scene.act("history-clear")
    elif scene.program == "set-psreadlineoption":
        scene.act("history-clear") if re.search(r"(?i)savenothing|historysavepath\s+\S*nul", text) else None
    else:
        scene.act("log-clear")


def firewall(scene: Scene) -> None:
    text = " ".join(scene.words)
    if scene.program == "netsh":
        if re.match(r"(?is)(?>.*?firewall).*(?:state\s+off|opmode\s+(?:mode=)?disable)", text) or re.search(
            r"(?i)advfirewall\s+reset", text
        ):
            scene.act("firewall-off")
        elif re.match(r"(?is)(?>.*?firewall).*\b(?:add|delete|set)\b", text):
            scene.act("firewall-change")
        elif re.search(r"(?i)portproxy\s+add", text):
            scene.act("port-forward", "listen-all")
        elif re.search(r"(?i)wlan\s+show\s+profile.*key=clear", text):
            scene.act("keychain-read")
        elif re.match(r"(?is)(?>.*?dns(?:servers)?\b).*(?:set|add)", text) or re.search(r"(?i)(?:set|add)\s+dns", text):
            scene.act("name-resolution")
        elif re.search(r"(?i)winhttp\s+set\s+proxy", text):
            scene.act("proxy-set")
        elif re.search(r"(?i)trace\s+start", text):
            scene.act("sniff")
        elif re.search(r"(?i)\badd\s+helper\b", text):
            scene.act("login-item", "loads-code")
    elif re.search(r"(?i)-enabled\s+(?:\$?false|0)", text) or scene.program == "disable-netfirewallrule":
        scene.act("firewall-off")
    else:
        scene.act("firewall-change")


def trusted(scene: Scene) -> None:
    """Programs of the system that fetch or run other code when told so."""
    text = " ".join(scene.words)
    name = scene.program
    remote = re.search(r"(?i)(?:https?|ftp)://|\\\\[\w.-]+\\", text) is not None
    scene.host(*(word for word in re.split(r"[\s=:,](?=https?://)|\s", text) if is_address(word)))
    if name == "certutil":
        if re.search(r"(?i)[-/](?:urlcache|verifyctl|url\b)", text) and remote:
            scene.act("trusted-binary", "download")
        elif re.search(r"(?i)[-/]decode(?:hex)?\b", text):
            scene.act("decode")
        elif re.search(r"(?i)[-/]addstore|[-/]importpfx", text):
            scene.act("trust-certificate")
        elif re.search(r"(?i)[-/]exportpfx", text):
            scene.act("keychain-read")
        return
    runs = {
        "mshta": r".",
        "rundll32": r"(?i)javascript:|comsvcs|url\.dll|shell32.*shellexec|pcwutl|advpack|zipfldr|\\\\"
        r"|https?:|\\temp\\|/temp/|mshtml|keymgr",
        "regsvr32": r"(?i)/i:|scrobj|https?:|\\\\",
        "bitsadmin": r"(?i)/transfer|/addfile|/setnotifycmdline|/create",
        "installutil": r"(?i)/u|\.exe|\.dll",
        "regasm": r"(?i)/u|\.dll",
        "regsvcs": r".",
        "msiexec": r"(?i)https?:|\\\\",
        "cmstp": r"(?i)/s|\.inf",
        "wmic": r"(?i)process\s+call\s+create|__event|consumer|subscription|/format:|os\s+get.*/format"
        r"|shadowcopy\s+delete"
        r"|product.*uninstall",
        "odbcconf": r"(?i)regsvr",
        "forfiles": r"(?i)/c",
        "pcalua": r"(?i)-a",
        "scriptrunner": r".",
        "presentationhost": r".",
        "hh": r"(?i)https?:",
        "msdt": r"(?i)it_|PCWDiagnostic",
        "ieexec": r".",
        "xwizard": r".",
        "desktopimgdownldr": r".",
        "esentutl": r"(?i)/y|/vss",
        "expand": r"(?i)\\\\",
        "extrac32": r"(?i)\\\\",
        "findstr": r"(?i)\\\\[\w.-]+\\",
        "certreq": r"(?i)-post",
        "diskshadow": r".",
        "wscript": r".",
        "cscript": r".",
        "finger": r"@",
        "ftp": r"-s:",
        "curl.exe": r"^$^",
        "mavinject": r".",
        "tttracer": r".",
        "appinstaller": r"http",
        "makecab": r"\\\\",
        "replace": r"\\\\",
        "start-bitstransfer": r".",
        "winrs": r".",
        "psexec": r".",
        "psexec64": r".",
        "paexec": r".",
        "wsl": r"^$^",
    }.get(name, r"^$^")
    if name == "findstr" and re.search(r"(?i)(?:^|\s)/\w*s", text) and re.search(r"(?i)passw|secret|credential", text):
        scene.act("secret-search")
    if name == "wmic" and re.search(r"(?i)shadowcopy\s+delete", text):
        scene.act("backup-delete")
    if name in ("wscript", "cscript") and not remote:
        scene.run(*(word for word in scene.words[:1]))
        return
    if name == "rundll32" and re.match(r"(?is)(?>.*?comsvcs).*(?:minidump|#24)", text):
        scene.act("memory-dump")
    if name == "start-bitstransfer":
        found = parameters_of(scene)
        target = value_of(found, "-destination") or (found.rest[1] if len(found.rest) > 1 else "")
        if value_of(found, "-transfertype").lower().startswith("upload") or (
            is_address(target) and not any(is_address(word) for word in found.rest[:1])
        ):
            scene.act("send", "send-file")
            scene.read(value_of(found, "-source") or (found.rest[0] if found.rest else ""))
            scene.host(target)
            return
        scene.write(target)
        scene.act("download")
        scene.outputs.add("download")
        return
    if re.search(runs, text):
        scene.act("trusted-binary")
        if remote:
            scene.act("download")


def wmi(scene: Scene) -> None:
    text = " ".join(scene.words)
    if re.search(
        r"(?i)__EventFilter|CommandLineEventConsumer|FilterToConsumer|Register-\w*Event", f"{scene.program} {text}"
    ):
        scene.act("event-subscription")
    elif re.search(r"(?i)win32_process\b.*create|shadowcopy", text):
        scene.act("backup-delete" if "shadow" in text.lower() else "trusted-binary")


def modules(scene: Scene) -> None:
    found = parameters_of(scene)
    scene.manager = "powershell"
    names = [*found.rest, *([value_of(found, "-name")] if value_of(found, "-name") else [])]
    if scene.program in ("register-psrepository", "set-psrepository", "register-packagesource"):
        scene.act("package-source")
        scene.host(*(value for _, value in found.options if is_address(value)))
        return
    scene.act("package-install")
    scene.package(*names)
    if not value_of(found, "-requiredversion"):
        scene.act("package-unpinned")


def clipboard(scene: Scene) -> None:
    scene.act("clipboard-read")
    scene.outputs.add("clipboard")


def power(scene: Scene) -> None:
    scene.act("power")


def feature(scene: Scene) -> None:
    if re.search(r"(?i)defender|antimalware", " ".join(scene.words)):
        scene.act("antivirus-off")


def unblock(scene: Scene) -> None:
    scene.act("quarantine-remove")


def mail(scene: Scene) -> None:
    scene.act("mail", "send")
    if re.search(r"(?i)-attach", " ".join(scene.words)):
        scene.act("send-file")


def native(scene: Scene) -> None:
    scene.act("code-native")


def bypass(scene: Scene) -> None:
    """Programs of the system whose only use by name is to get rights without a question."""
    scene.act("bypass-uac")


_LOADING = word_set("""
    COR_PROFILER COR_ENABLE_PROFILING COR_PROFILER_PATH CORECLR_PROFILER DOTNET_STARTUP_HOOKS NODE_OPTIONS PYTHONSTARTUP
    PYTHONPATH JAVA_TOOL_OPTIONS _JAVA_OPTIONS PERL5OPT RUBYOPT GIT_SSH_COMMAND PATHEXT
    """)
"""Variables by which later programs load other code."""


def setx(scene: Scene) -> None:
    if scene.words and scene.words[0].upper().startswith("SPAWNGATE_"):
        scene.act("spawngate-off")
    if scene.words and scene.words[0].upper() in _LOADING:
        scene.act("path-override", "loads-code")
    if scene.words and scene.words[0].upper() in ("PATH", "COMSPEC", "PSMODULEPATH"):
        scene.act("path-override")


READERS: dict[str, Reader] = readers(
    ("invoke-webrequest iwr invoke-restmethod irm", web_request),
    ("invoke-expression iex", expression),
    ("start-process saps start", start_process),
    ("set-mppreference add-mppreference mpcmdrun", defender),
    ("set-executionpolicy", execution_policy),
    ("powershell pwsh", powershell),
    ("sc stop-service set-service new-service remove-service suspend-service", service),
    ("stop-process spps taskkill", stop_process),
    (
        "schtasks register-scheduledtask new-scheduledtask register-scheduledjob"
        " set-scheduledtask unregister-scheduledtask",
        schtasks,
    ),
    ("net net1", net),
    (
        "new-localuser add-localgroupmember set-localuser remove-localuser enable-localuser"
        " add-adgroupmember new-aduser",
        accounts,
    ),
    ("vssadmin wbadmin bcdedit reagentc ntdsutil disable-computerrestore fsutil cipher", shadow),
    ("format format-volume clear-disk initialize-disk remove-partition diskpart", disk),
    ("wevtutil auditpol clear-eventlog remove-eventlog clear-history set-psreadlineoption", logs),
    ("netsh set-netfirewallprofile new-netfirewallrule disable-netfirewallrule", firewall),
    (
        "certutil mshta rundll32 regsvr32 bitsadmin installutil regasm regsvcs msiexec cmstp"
        " wmic odbcconf forfiles pcalua scriptrunner presentationhost hh "
        "msdt ieexec xwizard desktopimgdownldr esentutl extrac32 findstr certreq diskshadow"
        " wscript cscript mavinject tttracer start-bitstransfer winrs psexec "
        "psexec64 paexec",
        trusted,
    ),
    (
        "register-wmievent set-wmiinstance invoke-wmimethod invoke-cimmethod"
        " register-cimindicationevent new-ciminstance",
        wmi,
    ),
    (
        "install-module install-package install-script register-psrepository set-psrepository register-packagesource",
        modules,
    ),
    ("get-clipboard", clipboard),
    ("stop-computer restart-computer", power),
    ("unblock-file", unblock),
    ("disable-windowsoptionalfeature uninstall-windowsfeature remove-windowsfeature", feature),
    ("send-mailmessage", mail),
    ("add-type", native),
    ("setx", setx),
    ("fodhelper computerdefaults sdclt wsreset", bypass),
)
