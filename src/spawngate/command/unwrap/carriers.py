"""Programs of which one option holds a command: tar, zip, sort, split, rg, nc, socat, tcpdump and many others, as a
table.

Sources: tar(1) (GNU: `--checkpoint-action=exec=`, `-I`, `--to-command`, `-F`, `--rsh-command`, and the oldest form
without a dash; bsdtar: `--use-compress-program`), zip(1) (`-TT`), sort(1), split(1), rg(1), nc of Debian and Nmap's
ncat(1), socat(1) (EXEC, SYSTEM, SHELL addresses), tcpdump(1) (`-z`), wget(1), hg help config, svn
`--config-option`, apt.conf(5), rpm(8), openvpn(8), sshfs(1), cpio(1), logsave(8), openssl(1), ssh-keygen(1),
pandoc(1), gcc(1) (`-wrapper`), cmake(1) (`-E`), composer(1), restic(1), mail(1), busctl(1) (unixexec),
gtfobins.github.io as an index.
Must not be here: programs whose operands are the command (`plain`), editors (`editors`).

"""

import re

from msgspec import Struct

from spawngate.command.spawn import Word
from spawngate.command.unwrap import starts
from spawngate.command.unwrap.code import shell_outs
from spawngate.command.unwrap.inner import Inner, Unwrapped
from spawngate.command.unwrap.options import Syntax, cut, read


class Carrier(Struct, frozen=True):
    """One program. Keys are parted by blanks."""

    syntax: Syntax
    line: str = ""
    """Options whose value is a line for a shell."""
    words: str = ""
    """Options whose value names a program that runs with further words."""
    loads: str = ""
    """Options whose value is a file of code that is loaded."""
    pattern: str = ""
    """What the value must match; its first group is the command. Any value where it is empty."""
    code: str = ""
    """Options whose value is code, and its language behind a colon."""
    extras: str = ""
    """Marks that are replaced when it runs."""


def _syntax(short: str = "", long: str = "", *, permutes: bool = True, single: bool = False) -> Syntax:
    return Syntax(short, long, permutes=permutes, single=single, fuzzy=not single)


_TAR_LONG = (
    "checkpoint? checkpoint-action= use-compress-program=/I to-command= rsh-command= rmt-command="
    " info-script=/F new-volume-script=/F file=/f directory=/C exclude= exclude-from=/X files-from=/T create/c"
    " extract/x get/x list/t append/r update/u concatenate/A catenate/A diff/d compare/d delete verbose/v gzip/z"
    " gunzip/z bzip2/j xz/J lzma lzip lzop zstd compress/Z auto-compress/a no-auto-compress absolute-names/P"
    " dereference/h hard-dereference preserve-permissions/p same-permissions/p same-owner no-same-owner"
    " numeric-owner owner= group= mode= mtime= transform= xform= strip-components= wildcards no-wildcards anchored"
    " ignore-case keep-old-files/k keep-newer-files overwrite unlink-first/U recursive-unlink one-file-system"
    " no-recursion recursion sparse/S format=/H posix old-archive/o pax-option= label=/V multi-volume/M"
    " tape-length=/L volno-file= blocking-factor=/b record-size= starting-file=/K newer=/N after-date=/N"
    " newer-mtime= backup? suffix= listed-incremental=/g incremental/G level= seek/n no-seek occurrence?"
    " remove-files verify/W totals? utc full-time show-defaults show-omitted-dirs show-snapshot-field-ranges"
    " show-transformed-names show-stored-names block-number/R warning= quoting-style= quote-chars= no-quote-chars="
    " index-file= interactive/w confirmation/w null no-null add-file= exclude-caches exclude-vcs exclude-backups"
    " exclude-tag= exclude-vcs-ignores acls xattrs selinux no-acls no-xattrs no-selinux sort= force-local"
    " test-label skip-old-files touch/m atime-preserve? check-device no-check-device delay-directory-restore"
    " no-delay-directory-restore clamp-mtime one-top-level? to-stdout/O ignore-zeros/i ignore-failed-read"
    " read-full-records/B restrict help/? usage version verbatim-files-from no-verbatim-files-from owner-map="
    " group-map= zstd hole-detection= overwrite-dir no-overwrite-dir keep-directory-symlink"
)
_TAR = Syntax("AcdrtuxGg:nSkUWOmpsf:F:L:Mb:iBH:V:ajJzZI:T:X:N:C:K:hlRvwPo?", _TAR_LONG, permutes=True)
_BSDTAR = Syntax(
    "b:C:f:I:s:T:X:cxtruaBhHjJkLlmnoOpPqSUvwWyZz",
    "use-compress-program=/program file=/f directory=/C exclude= include= files-from=/T options= format="
    " strip-components=",
    permutes=True,
)
_TAR_ACTION = re.compile(r"\s*exec\s*=(.*)", re.DOTALL)


def tar(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """GNU tar and bsdtar."""
    if words and not words[0].text.startswith("-") and words[0].text.isalpha():
        words = _dashed(words)
    options = read(words, _BSDTAR if name == "bsdtar" else _TAR)
    inners: list[Inner] = []
    for value in options.values("checkpoint-action"):
        match = _TAR_ACTION.match(value.text)
        if match:
            inners += starts.line(cut(value, match.start(1)), repeated=True)
    for key in ("to-command", "F"):
        for value in options.values(key):
            inners += starts.line(value, repeated=True)
    for key in ("program",) if name == "bsdtar" else ("I", "rsh-command", "rmt-command"):
        for value in options.values(key):
            inners += starts.line(value, appended=True)
    return Unwrapped(name, tuple(inners), stays=True) if inners else None


def _dashed(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """The oldest form: letters without a dash, their values behind them in order."""
    found: list[Word] = []
    rest = list(words[1:])
    for letter in words[0].text:
        if _TAR.letters.get(letter) == 1 and rest:
            value = rest.pop(0)
            found.append(Word(f"-{letter}{value.text}", value.opaque, value.glob, value.spawns))
        else:
            found.append(Word(f"-{letter}"))
    return (*found, *rest)


CARRIERS: dict[str, Carrier] = {
    "zip": Carrier(
        Syntax("b:n:t:i:x:P:s:rqTvjmuy0123456789dfFgloeX@DAcCkKLlSvVwz", "TT=/TT unzip-command=/TT temp-path=/b"
            " suffixes=/n password=/P include=/i exclude=/x out=/O output-file=/O split-size=/s test/T T"
            " recurse-paths/r quiet/q",
        permutes=True, single=True),
        line="TT",
    ),
    "sort": Carrier(_syntax("bdfghik:mMno:rRsS:t:T:uVz", "compress-program= key=/k output=/o field-separator=/t"
        " buffer-size=/S temporary-directory=/T parallel= batch-size= files0-from= sort="
        " random-source="), words="compress-program"),
    "split": Carrier(_syntax("a:b:C:del:n:t:ux", "filter= suffix-length=/a bytes=/b line-bytes=/C lines=/l"
        " number=/n separator=/t additional-suffix= numeric-suffixes? hex-suffixes? verbose elide-empty-files/e"
        " unbuffered/u"), line="filter"),
    "rg": Carrier(_syntax("A:B:C:d:E:e:f:g:j:m:M:r:t:T:nNiSsvwxclHhIaFPUuqp0zLo", "pre= hostname-bin= pre-glob="
        " regexp=/e file=/f glob=/g iglob= type=/t type-not=/T type-add= max-count=/m context=/C after-context=/A"
        " before-context=/B encoding=/E max-depth=/d sort= sortr= color= colors= replace=/r threads=/j"
        " engine="), words="pre hostname-bin"),
    "tcpdump": Carrier(Syntax("aAbB:c:C:dDeE:fF:G:hHi:IJj:KlLM:nNOpPQ:qr:s:SStT:uUvV:w:W:xXy:Yz:Z:#",
        "postrotate-command=/z interface=/i count version help print immediate-mode number/#"), words="z"),
    "wget": Carrier(_syntax("VhbvqdFS4c6NkKmpo:a:i:B:t:O:T:w:Q:nU:e:P:l:A:R:D:I:X:Erl:HLx", "use-askpass="
        " execute=/e config= output-document=/O post-file= post-data= header= user-agent=/U directory-prefix=/P"
        " quiet/q input-file=/i body-file= body-data= method= tries=/t timeout=/T"), words="use-askpass"),
    "nc": Carrier(Syntax("46bCDdFhklNnrStUuvZzI:i:m:M:O:P:p:q:s:T:V:W:w:X:x:e:c:g:G:aL", "exec=/e"
        " sh-exec=/c", permutes=True), line="c e"),
    "ncat": Carrier(_syntax("46Cc:e:g:G:m:d:hi:klno:p:q:s:tuUvw:x:zZ", "sh-exec=/c exec=/e lua-exec= max-conns=/m"
        " delay=/d output=/o hex-dump=/x idle-timeout=/i source-port=/p source=/s listen/l keep-open/k nodns/n"
        " telnet/t udp/u sctp vsock wait=/w proxy= proxy-type= proxy-auth= proxy-dns= ssl ssl-cert= ssl-key="
        " ssl-verify ssl-trustfile= ssl-ciphers= ssl-servername= ssl-alpn= allow= allowfile= deny= denyfile= broker"
        " chat recv-only send-only no-shutdown crlf/C verbose/v version append-output"
        " unixsock/U"), line="c e"),
    "hg": Carrier(_syntax("R:qyvh", "config= repository=/R cwd= verbose/v quiet/q debugger encoding="), line="config",
        pattern=r"(?:alias\.[^=]+=\s*!|hooks\.[^=]+=\s*(?!python:)|ui\.(?:ssh|editor|merge)\s*=|pager\.pager\s*=|merge-tools\.[^=]+\.executable\s*="
        r"|extdiff\.cmd\.[^=]+=|diff-tools\.[^=]+=)(.*)"),
    "svn": Carrier(_syntax("m:F:r:", "diff-cmd= diff3-cmd= editor-cmd= config-option= config-dir= username= password="),
        words="diff-cmd diff3-cmd editor-cmd"),
    "apt": Carrier(_syntax("o:c:t:yqsdmfbVhuaP:", "option=/o config-file=/c target-release=/t"), line="o",
        pattern=r"[\w:-]*(?:Pre-Invoke|Post-Invoke|Pre-Install-Pkgs|Post-Invoke-Success|Pre-Install-Invoke|Invoke)[\w:-]*=(.*)"),
    "dpkg": Carrier(_syntax("iCLlSsrPVhBEGO", "pre-invoke= post-invoke= status-logger= root= instdir= admindir="),
        line="pre-invoke post-invoke status-logger"),
    "pacman": Carrier(_syntax("SRQTUDFVb:r:h", "config= hookdir= gpgdir= dbpath=/b root=/r"), loads="hookdir config"),
    "openvpn": Carrier(Syntax("", "up= down= route-up= route-pre-down= ipchange= tls-verify= auth-user-pass-verify="
        " client-connect= client-disconnect= learn-address= script-security= config= dev= plugin= tls-export-cert="
        " cd=", permutes=True),
        line="up down route-up route-pre-down ipchange tls-verify auth-user-pass-verify client-connect"
            " client-disconnect learn-address", loads="plugin"),
    "sshfs": Carrier(_syntax("o:p:hVdfsC1F:", ""), line="o",
        pattern=r"(?:.*,)?(?:ssh_command|sftp_server|proxy_command|ProxyCommand)=((?:[^,\\]|\\.)*).*"),
    "cpio": Carrier(_syntax("oipAcH:C:F:I:O:E:R:dmuvtBabfklnrsSVM:0L", "rsh-command= rmt-command="
        " file=/F"), words="rsh-command"),
    "pandoc": Carrier(_syntax("f:t:o:F:L:V:M:d:H:B:A:T:c:sS", "filter=/F lua-filter=/L pdf-engine= from=/f to=/t"
        " output=/o metadata=/M variable=/V defaults=/d template= data-dir= extract-media= resource-path="
        " citeproc"), words="F pdf-engine", loads="L"),
    "ssh-keygen": Carrier(Syntax("a:b:C:D:E:e:F:f:G:gHI:i:J:j:K:kLl:M:m:N:n:O:P:pQqR:r:S:s:T:t:UuV:vW:w:xYy:Zz:"),
        loads="D w"),
    "ssh-add": Carrier(Syntax("cDdE:e:h:H:KkLlqs:S:t:T:vXx"), loads="s S"),
    "openssl": Carrier(Syntax("", "engine= provider= provider-path= in= out="
        " config=", permutes=True, single=True, fuzzy=False), loads="engine provider provider-path"),
    "nmap": Carrier(Syntax("p:e:iT:sSOAFnRvdDg:o:PV", "script= script-args= servicedb= datadir= script-args-file="
        " interactive", permutes=True), loads="script"),
    "restic": Carrier(_syntax("r:p:", "password-command= repo=/r password-file=/p option="), line="password-command"),
    "borg": Carrier(_syntax("", "rsh= remote-path="), line="rsh"),
    "rclone": Carrier(_syntax("", "password-command= sftp-ssh="), line="password-command sftp-ssh"),
    "mail": Carrier(_syntax("s:a:c:b:r:S:f:u:E:nNieHIv", "exec=/E subject=/s"), line="E", pattern=r"\s*!(.*)"),
    "enscript": Carrier(_syntax("I:p:o:", "filter=/I output=/o"), line="I"),
    "exiftool": Carrier(Syntax("if", "if=/if config=", permutes=True, single=True, fuzzy=False), code="if:perl",
        loads="config"),
    "check_by_ssh": Carrier(_syntax("H:C:l:o:p:", "hostname=/H"
        " command=/C"), line="C o", pattern=r"(?:ProxyCommand\s*[= ]\s*|(?!\w+(?:=| yes$| no$)))(.*)"),
    "certbot": Carrier(_syntax("d:n", "pre-hook= post-hook= deploy-hook= renew-hook= manual-auth-hook="
        " manual-cleanup-hook="
        " config-dir= work-dir= logs-dir= email= domains=/d"), line="pre-hook post-hook deploy-hook renew-hook"
            " manual-auth-hook"
        " manual-cleanup-hook"),
    "dhclient": Carrier(Syntax("46dqrxvwD:p:e:g:s:n", "sf=/sf cf= lf="
        " pf=", permutes=True, single=True, fuzzy=False), words="sf"),
    "dnsmasq": Carrier(_syntax("C:p:a:i:u:g:x:6:dkqz", "conf-script= dhcp-script=/6 conf-file=/C user=/u pid-file=/x"),
        line="conf-script 6"),
    "dmsetup": Carrier(_syntax("o:S:rvy", "exec= target= options=/o"), line="exec"),
    "agetty": Carrier(Syntax("8a:cC:d:Ef:hH:iI:Jl:L::mnNo:pP:r:Rst:UwZ", "login-program=/l login-options=/o"
        " autologin=/a"
        " chroot=/r skip-login/n", permutes=True), words="l"),
    "plymouth": Carrier(_syntax("", "command= prompt= dont-pause-progress number-of-tries="), line="command"),
    "perlbug": Carrier(Syntax("a:b:c:e:f:F:hn:r:s:STuvdACopq:", permutes=True), line="e"),
    "logrotate": Carrier(_syntax("dfvs:m:l:", "mail=/m state=/s force/f debug/d verbose/v log=/l"), line="m"),
    "check_ssl_cert": Carrier(_syntax("H:p:c:w:", "grep-bin= curl-bin= openssl= nmap-bin= python-bin= file-bin="
        " dig-bin="),
        words="grep-bin curl-bin openssl nmap-bin python-bin file-bin dig-bin"),
    "scrot": Carrier(_syntax("e:d:q:a:F:D:buszt:", "exec=/e delay=/d file=/F"), line="e"),
    "zic": Carrier(Syntax("d:y:l:L:p:r:b:t:vs"), words="y"),
    "sshuttle": Carrier(_syntax("r:e:l:x:X:HNvD", "ssh-cmd=/e remote=/r listen=/l exclude=/x python= dns"
        " method="), line="e"),
    "clisp": Carrier(Syntax("x:i:c:K:M:B:E:", permutes=True), code="x:lisp"),
    "slsh": Carrier(Syntax("e:i:l:n", permutes=True), code="e:c"),
    "genie": Carrier(_syntax("c:sli", "command=/c shell/s login/l"), line="c"),
    "cdist": Carrier(_syntax("s:v", "shell=/s"), words="s"),
    "neofetch": Carrier(_syntax("", "config="), loads="config"),
    "wireshark": Carrier(_syntax("X:r:i:", ""), loads="X"),
    "tshark": Carrier(_syntax("X:r:i:Y:f:w:T:", ""), loads="X"),
    "chromium": Carrier(_syntax("", "renderer-cmd-prefix= gpu-launcher= utility-cmd-prefix= ppapi-plugin-launcher="
        " load-extension="),
        line="renderer-cmd-prefix gpu-launcher utility-cmd-prefix ppapi-plugin-launcher"),
    "sshd": Carrier(Syntax("46C:cDdE:eF:f:G:g:h:ik:o:p:qTtu:V"), line="o",
        pattern=r"(?i)\s*(?:ForceCommand|AuthorizedKeysCommand|AuthorizedPrincipalsCommand)\s*[= ]\s*(.*)"),
    "terminator": Carrier(_syntax("e:x:", "command=/e"), line="e"),
    "aria2c": Carrier(_syntax("o:d:i:x:s:", "on-download-complete= on-download-start= on-download-stop="
        " on-download-error= on-download-pause= on-bt-download-complete= dir=/d"
        " out=/o"), words="on-download-complete on-download-start on-download-stop on-download-error"
            " on-download-pause on-bt-download-complete"),
    "yt-dlp": Carrier(_syntax("o:f:P:x", "exec= exec-before-download= output=/o format=/f downloader= netrc-cmd="
        " paths=/P"), line="exec exec-before-download netrc-cmd"),
    "ffuf": Carrier(_syntax("", "input-cmd="), line="input-cmd"),
    "gpg": Carrier(_syntax("o:r:u:", "photo-viewer= agent-program= pinentry-program= keyserver-options= output=/o"
        " recipient=/r exec-path="), line="photo-viewer", words="agent-program pinentry-program"),
    "sqlmap": Carrier(_syntax("", "os-cmd= eval= sql-query="), code="eval:python"),
    "mpv": Carrier(_syntax("", "script= input-ipc-server= ytdl-format=", ), loads="script"),
}  # fmt: skip
for _name, _same in (
    ("apt-get", "apt"), ("aptitude", "apt"), ("apt-cache", "apt"), ("netcat", "nc"), ("nc.openbsd", "nc"),
    ("nc.traditional", "nc"), ("mailx", "mail"), ("google-chrome", "chromium"), ("chrome", "chromium"),
    ("chromium-browser", "chromium"), ("youtube-dl", "yt-dlp"), ("gpg2", "gpg"), ("gsort", "sort"), ("gsplit", "split"),
):  # fmt: skip
    CARRIERS[_name] = CARRIERS[_same]


def carrier(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """A program of the table."""
    what = CARRIERS[name]
    options = read(words, what.syntax)
    inners: list[Inner] = []
    pattern = re.compile(what.pattern, re.IGNORECASE | re.DOTALL) if what.pattern else None
    language = dict(item.split(":") for item in what.code.split())
    lines, programs, loads = what.line.split(), what.words.split(), what.loads.split()
    for key, value in options.found:
        if key in lines:
            if pattern is not None:
                match = pattern.match(value.text)
                value = Word(match[1], value.opaque, value.glob, value.spawns) if match else Word("")
            inners += starts.line(value)
        elif key in programs and value.text:
            inners += starts.line(value, appended=True)
        elif key in loads and value.text:
            inners.append(starts.named(value))
        elif key in language:
            inners += (starts.code(value, language[key]), *shell_outs(value.text, language[key]))
    stays = not any(inner.code is not None for inner in inners)
    return Unwrapped(name, tuple(inners), stays) if inners else None


_SOCAT = re.compile(r"(exec|system|shell)(?:-\w+)?:(.*)", re.IGNORECASE | re.DOTALL)


def socat(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """socat: EXEC takes words, SYSTEM and SHELL a line; options stand behind a comma, `!!` parts two addresses."""
    inners: list[Inner] = []
    for word in words:
        at = 0
        for part in word.text.split("!!"):
            match = _SOCAT.match(part)
            if match:
                text = re.split(r"(?<!\\),(?=[\w-]+(?:=|,|$))", match[2], maxsplit=1)[0]
                text = re.sub(r"\\([,:!\"'\\])", r"\1", text)
                if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" and match[1].lower() != "exec":
                    text = text[1:-1]
                inners += starts.line(Word(text, word.opaque, word.glob, word.spawns))
            at += len(part) + 2
    return Unwrapped(name, tuple(inners), stays=True) if inners else None


def logsave(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """logsave FILE COMMAND."""
    options = read(words, Syntax("asv"))
    if len(options.rest) < 2 or options.rest[1].text == "-":
        return None
    return Unwrapped(name, starts.command(options.rest[1:], unknown=options.unknown))


def busctl(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """busctl --address=unixexec:path=PROGRAM,argv1=ARGUMENT,..."""
    for word in read(words, _BUSCTL).values("address"):
        fields = dict(part.partition("=")[::2] for part in word.text.removeprefix("unixexec:").split(","))
        if word.text.startswith("unixexec:") and "path" in fields:
            args = [re.sub(r"%([0-9A-Fa-f]{2})", lambda match: chr(int(match[1], 16)), fields[f"argv{at}"])
                    for at in range(1, 20) if f"argv{at}" in fields]  # fmt: skip
            texts = (fields["path"], *args)
            return Unwrapped(name, starts.command(tuple(Word(text, word.opaque) for text in texts)), stays=True)
    return None


_BUSCTL = _syntax("H:M:qE:", "address= host=/H machine=/M system user quiet/q")


def tex(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    r"""pdftex and its kin with code in their operand (`\immediate\write18{...}`)."""
    lines = [word for word in words if "\\" in word.text and not word.text.startswith("-")]
    inners = [inner for line in lines for inner in shell_outs(line.text, "tex")]
    return Unwrapped(name, tuple(inners), stays=True) if inners else None


def gcc(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """gcc -wrapper PROGRAM,ARGUMENT; -fplugin=FILE; source from standard input; `tcc -run FILE` (named)."""
    inners: list[Inner] = []
    for at, word in enumerate(words):
        if word.text in ("-wrapper", "--wrapper") and at + 1 < len(words):
            value = words[at + 1]
            parts = tuple(Word(part, value.opaque) for part in value.text.split(",") if part)
            inners += starts.command(parts, appended=True)
        elif word.text.startswith("-fplugin="):
            inners.append(starts.named(cut(word, 9)))
        elif word.text == "-" and words[at - 1].text not in ("-o", "-MF"):
            inners.append(starts.reads("c"))
        elif word.text == "-run" and at + 1 < len(words) and words[at + 1].text != "-":
            inners.append(starts.named(*words[at + 1 :]))
    stays = not any(inner.reads_input for inner in inners)
    return Unwrapped(name, tuple(inners), stays) if inners else None
