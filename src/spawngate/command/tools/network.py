"""Programs that connect, listen, copy, forward, look up and scan.

Must not be here: what other modules of `command.tools` read; each program stands in one of them only.
Sources: manual pages of nc (OpenBSD, GNU, Nmap), socat, ssh, scp, rsync, dig, nmap, tcpdump, mail; rclone and the
tunnels.
"""

import re

from spawngate.command.arguments import Arguments
from spawngate.command.hosts import is_address, is_host
from spawngate.command.scene import Scene
from spawngate.command.tools.reader import Reader, readers
from spawngate.launch.argv import word_set

_NC = word_set(
    "-e -c -p -s -w -i -q -X -x -I -O -T -V -g -G --exec --sh-exec --lua-exec --proxy"
    " --source-port --ssl-cert --ssl-key --wait --idle-timeout"
)


def netcat(scene: Scene) -> None:
    values = (
        _NC - {"-c"}
        if scene.program == "nc" and not re.search(r"(?:^|\s)-c\s+\S*(?:sh|cmd)", " ".join(scene.words))
        else _NC
    )
    found = scene.arguments(values)
    runs = found.values("-e", "--exec", "--sh-exec", "--lua-exec", *(("-c",) if "-c" in values else ()))
    listens = found.has("-l", "--listen", "-L") or any(
        "l" in word for word in scene.words if re.fullmatch(r"-[a-zA-Z]+", word)
    )
    scene.host(*found.rest[:1]) if not listens else None
    if listens:
        scene.act("listen", *(() if any("loopback" in k for k in scene.host_kinds) else ("listen-all",)))
    elif found.has("-z"):
        ports = found.rest[1] if len(found.rest) > 1 else ""
        scene.act("scan-network" if "-" in ports else "list-network")
        return
    else:
        scene.act("connect")
        if scene.spawn.reads_from or any(r.operator in ("<", "<<<", "<<") for r in scene.spawn.redirects):
            scene.act("send", "send-file")
    if runs:
        scene.act("reverse-shell")
        scene.run(*runs)
    scene.outputs.add("download")


def socat(scene: Scene) -> None:
    ends = [word for word in scene.words if not word.startswith("-")]
    text = " ".join(ends).lower()
    network = re.search(r"\b(?:tcp|udp|ssl|openssl|sctp|socks|proxy)[46]?(?:-connect|-listen|-l)?:", text)
    listens = re.search(r"-listen:|(?:tcp|udp)[46]?-l:", text)
    for end in ends:
        match = re.match(r"(?:tcp|udp|ssl|openssl|sctp)[46]?(?:-connect)?:([^:,]+)", end, re.IGNORECASE)
        if match:
            scene.host(match[1])
        elif end.lower().startswith(("file:", "open:", "gopen:", "create:")):
            (scene.read if end.lower().startswith(("file:", "open:")) else scene.write)(
                end.partition(":")[2].partition(",")[0]
            )
        elif end.lower().startswith("unix"):
            scene.read(end.partition(":")[2].partition(",")[0])
    if network and re.search(r"\b(?:exec|system|shell):", text):
        scene.act("reverse-shell")
    scene.act("listen" if listens else "connect") if network else None
    if network and scene.reads:
        scene.act("send", "send-file")


_SSH = word_set("-b -B -c -D -E -e -F -I -i -J -L -l -m -O -o -p -Q -R -S -W -w")


def ssh(scene: Scene) -> None:
    found = scene.arguments(_SSH, ends=True)
    scene.subcommand = ""
    scene.host(*(re.sub(r"^ssh://", "", name) for name in found.rest[:1]))
    scene.act("remote-shell")
    if found.has("-R", "-L", "-D", "-W", "-w"):
        scene.act("port-forward")
        if found.has("-R"):
            scene.act("tunnel") if any(
                host in ("serveo.net", "localhost.run", "ssh.localhost.run", "a.pinggy.io", "nokey@localhost.run")
                for host in scene.hosts
            ) or "tunnel" in scene.host_kinds else None
            scene.targets["remote-forward"] = None
    for value in found.values("-o"):
        name, _, rest = value.replace("=", " ", 1).partition(" ")
        lowered = name.lower()
        if lowered in ("proxycommand", "localcommand", "knownhostscommand") and rest.strip().lower() not in (
            "none",
            "",
        ):
            scene.act("shell-escape") if not re.match(
                r"\s*(?:nc|ncat|ssh|aws|cloudflared|gcloud|socat|corkscrew|tsh)\b", rest
            ) else None
        if lowered == "stricthostkeychecking" and rest.strip().lower() in ("no", "off", "accept-new"):
            scene.act("tls-off") if rest.strip().lower() != "accept-new" else None
    if found.has("-f", "-N"):
        scene.act("detached")
    scene.outputs.add("remote")
    if scene.spawn.reads_from:
        scene.act("send-file")


def ssh_copy_id(scene: Scene) -> None:
    scene.host(*scene.arguments(("-i", "-p", "-o", "-F")).rest[:1])
    scene.act("remote-copy")


def scp(scene: Scene) -> None:
    found = scene.arguments(("-c", "-F", "-i", "-J", "-l", "-o", "-P", "-S", "-D", "-X", "-s"))
    _remote_copy(scene, found.rest, found)
    if found.has("-S"):
        scene.act("shell-escape")


_RSYNC = word_set(
    "-e --rsh --rsync-path --exclude --include --exclude-from --include-from --files-from"
    " -f --filter --password-file --port --bwlimit "
    "--log-file --partial-dir --temp-dir -T --backup-dir --suffix --chmod --chown"
    " --max-size --min-size --timeout -B --out-format --info --link-dest"
)


def rsync(scene: Scene) -> None:
    found = scene.arguments(_RSYNC)
    _remote_copy(scene, found.rest, found)
    if any(name.startswith("--delete") for name in found.names):
        scene.delete(*(found.rest[-1:] if not _remote(found.rest[-1] if found.rest else "") else ()))
        scene.act("delete-tree")
    shell = found.value("-e", "--rsh")
    if shell and not re.match(r"(?:/\S*/)?(?:ssh|rsh)\b", shell):
        scene.act("shell-escape")
    if found.has("--remove-source-files"):
        scene.delete(*found.rest[:-1])


def _remote(word: str) -> bool:
    return (
        re.match(r"(?:[\w.$-]+@)?[\w.$\[\]-]+:", word) is not None and not re.match(r"[A-Za-z]:[\\/]", word)
    ) or word.startswith(("rsync://", "sftp://", "ssh://", "scp://"))


def _remote_copy(scene: Scene, rest: tuple[str, ...], found: Arguments) -> None:
    if len(rest) < 2:
        return
    sources, target = rest[:-1], rest[-1]
    out = _remote(target)
    for source in sources:
        if _remote(source):
            scene.host(source)
            scene.act("remote-copy", "download")
            scene.outputs.add("download")
        else:
            scene.read(source)
    if out:
        scene.host(target)
        scene.act("remote-copy", "send", "send-file")
    else:
        scene.write(target)
        if target.endswith("/") or target == ".":
            for source in sources:
                scene.write(f"{target.rstrip('/')}/{source.rstrip('/').rpartition('/')[2].rpartition(':')[2]}")


def sftp(scene: Scene) -> None:
    found = scene.arguments(("-b", "-F", "-i", "-J", "-o", "-P", "-u", "-p", "-e", "-c", "-f"))
    scene.host(*found.rest[:1])
    scene.act("remote-copy", "connect")
    if found.rest[:1] and _remote(found.rest[0]) and scene.program in ("sftp", "psftp"):
        scene.act("download")
        name = found.rest[0].rpartition("/")[2].rpartition(":")[2]
        scene.write(found.rest[1] if len(found.rest) > 1 else name)
    script = " ".join((*found.values("-e", "-c"), *(r.text for r in scene.spawn.redirects)))
    for match in re.finditer(r"\b(?:put|mput|send|mirror\s+-R)\s+(?:-\w+\s+)*(\S+)", script):
        scene.act("send", "send-file")
        scene.read(match[1])
    if scene.spawn.reads_from:
        scene.act("send-file")
    scene.outputs.add("download")


def rclone(scene: Scene) -> None:
    found = scene.arguments(("--config", "--exclude", "--include", "--transfers", "-P", "--filter"))
    verb, rest = (found.rest[0], found.rest[1:]) if found.rest else ("", ())
    if verb in ("copy", "sync", "move", "copyto", "moveto", "rcat") and rest:
        scene.read(*(name for name in rest[:-1] if ":" not in name))
        scene.act("remote-copy")
        remotes = {name.partition(":")[0] for name in rest if ":" in name}
        if len(remotes) > 1:
            scene.act("cloud-copy-between")
        if ":" in rest[-1]:
            scene.act("send", "send-file", "cloud-copy-out")
        else:
            scene.act("download")
            scene.write(rest[-1])
    elif verb in ("delete", "purge", "deletefile", "rmdirs", "cleanup"):
        scene.act("cloud-delete-all" if verb in ("purge", "delete") else "cloud-delete")
    elif verb == "serve":
        scene.act("listen")
        scene.read(*rest[1:2])
    elif verb == "config":
        scene.act("token-print") if rest[:1] in (("show",), ("dump",)) else None


def share(scene: Scene) -> None:
    """croc, wormhole, transfer and the like: a file to whoever has the code."""
    found = scene.arguments()
    if found.rest[:1] in (("send",), ("share",)) or scene.program in ("transfer", "ffsend", "curlie-send"):
        scene.act("send", "send-file")
        scene.read(*found.rest[1:])
        scene.host_kinds.add("paste")


WHOLE_NAME = re.compile(r"\$(?:\w+|\{\w+\}|\([^()]*\))|`[^`]*`")
"""A whole name that a variable or a command tells: data goes out below the name of somebody's domain. What such a name
is made of is seen where the flow is known (`command.carried`)."""


def lookup(scene: Scene) -> None:
    found = scene.arguments(("-t", "-type", "-p", "-q", "-x", "-f", "-c"))
    names = [word for word in found.rest if not word.startswith(("@", "+"))]
    scene.host(*names[:3])
    scene.host(*(word[1:] for word in found.rest if word.startswith("@")))
    scene.act("list-network")
    if any(("$" in name or "`" in name) and not WHOLE_NAME.fullmatch(name) for name in names):
        scene.act("dns-data")


def ping(scene: Scene) -> None:
    found = scene.arguments(("-c", "-i", "-s", "-W", "-w", "-t", "-p", "-I", "-n", "-l"))
    scene.host(*found.rest[:1])
    if found.has("-p") or any("$" in name and not WHOLE_NAME.fullmatch(name) for name in found.rest):
        scene.act("dns-data")


def scanner(scene: Scene) -> None:
    found = scene.arguments(
        ("-p", "-iL", "-oN", "-oX", "-oG", "-oA", "--script", "-e", "-T", "--rate", "-sV"), long=False
    )
    scene.host(*(word for word in found.rest if is_host(word) or "/" in word or word == "localhost"))
    scene.act("scan-network")
    if found.has("--script", "--interactive") and any(
        re.search(r"\.nse$|^/", value) for value in found.values("--script")
    ):
        scene.act("shell-escape")


def attack(scene: Scene) -> None:
    scene.arguments()
    scene.act("attack-tool")
    scene.host(*(word for word in scene.words if is_address(word) or is_host(word)))


def miner(scene: Scene) -> None:
    scene.arguments()
    scene.act("mine")
    scene.host(*(word for word in scene.words if is_address(word)))


def sniffer(scene: Scene) -> None:
    found = scene.arguments(("-i", "-w", "-r", "-c", "-s", "-z", "-G", "-C", "-W", "-F"))
    if not found.has("-D", "--list-interfaces", "--version", "-r") and found.value("-i") not in ("lo", "lo0"):
        scene.act("sniff")
    if found.has("-z"):
        scene.act("shell-escape")
    scene.write(found.value("-w"))


def tunnel(scene: Scene) -> None:
    found = scene.arguments(
        ("--config", "--url", "--authtoken", "--region", "--port", "-p", "--subdomain", "--hostname")
    )
    verb = found.rest[0] if found.rest else ""
    if found.has("--help", "--version", "-h", "-v"):
        return
    starts = {
        "ngrok": ("http", "tcp", "tls", "start", "tunnel"),
        "cloudflared": ("tunnel", "access"),
        "tailscale": ("funnel", "serve"),
        "devtunnel": ("host", "create"),
        "bore": ("local",),
        "code": ("tunnel",),
    }.get(scene.program)
    if starts is None or verb in starts:
        if scene.program == "cloudflared" and found.rest[1:2] in (
            ("list",),
            ("info",),
            ("login",),
            ("delete",),
            ("route",),
        ):
            return
        scene.act("tunnel")


def mailer(scene: Scene) -> None:
    found = scene.arguments(
        ("-s", "-a", "-A", "-c", "-b", "-r", "-f", "-t", "-u", "-m", "-S", "--attach", "-H", "-xu", "-xp", "-o")
    )
    addresses = [word for word in found.rest if "@" in word]
    if addresses or scene.program in ("sendmail", "msmtp", "swaks", "sendemail", "ssmtp"):
        scene.act("mail", "send")
        attached = [name.lstrip("@") for name in found.values("-a", "-A", "--attach") if "=" not in name]
        if attached or any(r.operator == "<" and r.target.text != "/dev/null" for r in scene.spawn.redirects):
            scene.act("send-file")
        scene.read(*attached)
    scene.host(*found.values("-S"))


def name_settings(scene: Scene) -> None:
    """ifconfig, ip, route, networksetup, resolvectl, scutil: showing and changing how the network is reached."""
    text = " ".join(scene.words)
    scene.arguments()
    if re.search(r"\blink\b.*\bdown\b", text) or (scene.program == "ifconfig" and re.search(r"\bdown\b", text)):
        scene.act("network-down")
    elif re.search(r"\b(?:add|del|delete|change|replace|flush|set)\b", text) and scene.program in ("ip", "route"):
        scene.act("proxy-set") if re.search(r"\broute\b|default", text) or scene.program == "route" else None
    elif scene.program == "networksetup" and re.search(
        r"-set(?:web|secureweb|socks|ftp|auto)\w*prox|-setdnsservers", text, re.IGNORECASE
    ):
        scene.act("name-resolution" if "dns" in text.lower() else "proxy-set")
    elif scene.program in ("resolvectl", "resolvconf", "systemd-resolve") and re.search(r"\bdns\b|set-dns|-a\b", text):
        scene.act("name-resolution")
    else:
        scene.act("list-network")


def telnet(scene: Scene) -> None:
    found = scene.arguments(("-l", "-b"))
    scene.host(*found.rest[:1])
    scene.act("connect")
    if scene.spawn.reads_from:
        scene.act("send", "send-file")
    scene.outputs.add("download")


def browser(scene: Scene) -> None:
    found = scene.arguments()
    scene.host(*(word for word in found.rest if is_address(word)))
    if any(word.startswith("--remote-debugging-port") for word in scene.words):
        scene.act("listen")
        if any(
            word.startswith("--user-data-dir") and re.search(r"(?i)google|chrome|default", word) for word in scene.words
        ):
            scene.read("~/.config/google-chrome/Default/Cookies")
    if any(word.startswith("--load-extension") for word in scene.words):
        scene.act("extension-install")


READERS: dict[str, Reader] = readers(
    ("nc ncat netcat nc.openbsd nc.traditional pwncat", netcat),
    ("socat", socat),
    ("ssh autossh mosh sshpass-ssh dbclient", ssh),
    ("ssh-copy-id", ssh_copy_id),
    ("scp pscp", scp),
    ("rsync", rsync),
    ("sftp lftp ftp tftp ncftp psftp smbclient", sftp),
    ("rclone", rclone),
    ("croc wormhole magic-wormhole ffsend transfer", share),
    ("dig nslookup host drill kdig resolvectl-query", lookup),
    ("ping ping6 fping", ping),
    ("nmap masscan zmap rustscan arp-scan netdiscover unicornscan naabu", scanner),
    (
        "msfconsole msfvenom hydra medusa sqlmap nikto gobuster ffuf dirb dirbuster wfuzz"
        " responder bettercap ettercap mimikatz "
        "crackmapexec netexec nxc evil-winrm impacket-secretsdump secretsdump.py psexec.py"
        " wmiexec.py bloodhound-python sharphound rubeus "
        "chisel ligolo ligolo-ng frpc frps nps dnscat dnscat2 iodine ptunnel hping3"
        " slowloris"
        " linpeas linpeas.sh winpeas lazagne pypykatz dpapi.py donpapi lsassy nanodump certipy seatbelt sharpup "
        "gosecretsdump gmsadumper mimipenguin laudanum swaks-spoof keimpx smbmap enum4linux "
        ""
        "pspy pspy64 sliver-client empire beef setoolkit wpscan kerbrute nuclei"
        " invoke-mimikatz invoke-bloodhound invoke-kerberoast invoke-powershelltcp"
        " invoke-shellcode powerup invoke-allchecks aircrack-ng reaver wifite commix"
        " xsstrike",
        attack,
    ),
    ("xmrig minerd cpuminer ethminer cgminer bfgminer t-rex nbminer phoenixminer lolminer xmr-stak ccminer", miner),
    ("tcpdump tshark dumpcap wireshark ngrep dsniff snoop pktmon mitmproxy mitmdump mitmweb netsniff-ng", sniffer),
    (
        "ngrok cloudflared localtunnel lt bore tailscale devtunnel serveo pinggy zrok"
        " pagekite pagekite.py tunnelmole tmole",
        tunnel,
    ),
    ("mail mailx mutt sendmail msmtp swaks sendemail ssmtp s-nail", mailer),
    ("ip ifconfig route networksetup resolvectl resolvconf systemd-resolve", name_settings),
    ("telnet", telnet),
    ("google-chrome chromium chrome chromium-browser firefox brave msedge", browser),
)
