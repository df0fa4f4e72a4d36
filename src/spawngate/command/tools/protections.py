"""Protections and records of the system: firewall, kernel, logs, history, certificates.

Must not be here: what other modules of `command.tools` read; each program stands in one of them only.
Sources: manual pages of iptables, nftables, ufw, auditd, selinux, kmod, sysctl; csrutil, spctl, xattr of macOS; MITRE
ATT&CK T1562, T1070.
"""

import re

from spawngate.command.scene import Scene
from spawngate.command.tools.reader import Reader, readers


def module(scene: Scene) -> None:
    found = scene.arguments()
    scene.target(*found.rest)
    if found.has("-n", "--dry-run", "--show", "-D", "--show-depends", "-c", "--showconfig"):
        return
    if (
        scene.program == "kextload"
        or scene.program == "insmod"
        or (scene.program in ("modprobe", "rmmod", "kmodload", "kextunload") and found.rest)
    ):
        scene.act("kernel-module")


_INTEGRITY = frozenset(
    {"csrutil", "spctl", "fdesetup", "setenforce", "semanage", "setsebool", "tccutil", "nvram", "bputil"}
)


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
        "tccutil": r"reset|insert|--enable",
        "nvram": r"boot-args=|csr-active-config=|-c\b|-d ",
        "bputil": r"-[a-z]*[nkcd]",
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
        elif name in _INTEGRITY:
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


READERS: dict[str, Reader] = readers(
    ("insmod modprobe rmmod kextload kextunload", module),
    (
        "iptables ip6tables nft ufw pfctl firewall-cmd socketfilterfw setenforce aa-teardown"
        " aa-disable aa-complain auditctl csrutil spctl tccutil nvram bputil "
        "fdesetup mdatp semanage setsebool systemsetup",
        firewall,
    ),
    ("journalctl dmesg log", journal),
    ("history fc", history),
    ("nsenter unshare chroot pivot_root ip-netns", namespace),
    ("sysctl", sysctl),
    ("xattr", xattr),
    ("update-ca-certificates update-ca-trust certutil-nss keytool mkcert trust", certificates),
    ("update-alternatives alternatives", alternatives),
)
