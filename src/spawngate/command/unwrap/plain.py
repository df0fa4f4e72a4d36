"""Wrappers of the plain kind: options, some operands of their own, then the command, as a table.

Sources: getopt strings and manual pages of coreutils (nice, nohup, timeout, stdbuf, chroot, runcon), util-linux
(ionice, setsid, chrt, taskset, prlimit, setarch, unshare, nsenter, setpriv, flock, script in `terminal`), procps
(watch), GNU time, strace, ltrace, perf, valgrind, rlwrap, unbuffer(1), faketime(1), daemontools, runit (chpst),
dumb-init, tini, catatonit, gosu and su-exec READMEs, torsocks(1), proxychains(1), cpulimit(1), numactl(8),
xvfb-run(1), dbus-run-session(1), systemd-inhibit(1), fakeroot(1), proot(1), firejail(1), caffeinate(8), arch(1) of
macOS, moreutils (chronic, ifne, ts), eatmydata(1), setarch(8), cgexec(1), ld.so(8), entr(1), catchsegv(1),
softlimit(8).
Must not be here: wrappers whose command is elsewhere than behind the options (`privilege`, `environment`,
`repeat`).

"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from spawngate.command.spawn import Word
from spawngate.command.unwrap import starts
from spawngate.command.unwrap.inner import Inner, Unwrapped
from spawngate.command.unwrap.options import Syntax, cut, read

_NO_OPTIONS = Syntax()


@dataclass(frozen=True, slots=True)
class Plain:
    """One wrapper: its options and what stands between them and the command."""

    syntax: Syntax = _NO_OPTIONS
    operands: int = 0
    """Words of its own before the command."""
    first: str = ""
    """An operand in front of the options, by its pattern."""
    optional: str = ""
    """An operand that may be missing: it is one where its whole text matches."""
    assigns: bool = False
    """`NAME=value` words may stand before the command."""
    joined: bool = False
    """The words are joined and read by a shell."""
    bare: bool = False
    """Without a command it starts a shell."""
    text: str = ""
    """Keys of options whose value is a line for a shell, parted by blanks; it takes the command's place."""
    idle: str = ""
    """Keys of options with which it starts nothing."""
    user: str = ""
    """Key of the option that names the user."""
    becomes: str = ""
    """The user where none is named."""
    cwd: str = ""
    """Key of the option that names the folder."""
    sets: str = ""
    """Key of the option that sets a variable (`NAME=value`)."""
    background: bool = False
    detaches: str = ""
    """Keys of options with which the command outlives it."""
    repeated: bool = False
    stays: bool = False
    """The program itself does something worth a look too."""
    dashes: bool = False
    """The command stands behind `--` only."""
    lenient: bool = False
    """Options that the syntax does not have are flags, every value stands behind `=`."""
    also: str = ""
    """Keys of options whose value is a line for a shell that runs beside the command."""


_MAIN = " help/h version/V"
_NAMESPACES = (
    " mount?/m uts?/u ipc?/i net?/n pid?/p user?/U cgroup?/C time?/T help/h version/V root=/R wd=/w setuid=/S setgid=/G"
)
_RLIMITS = (
    " core?/c data?/d nice?/e fsize?/f sigpending?/i memlock?/l rss?/m nofile?/n msgqueue?/q rtprio?/r stack?/s cpu?/t"
    " nproc?/u as?/v locks?/x rttime?/y noheadings raw verbose output=/o pid=/p"
)
_TORSOCKS = Plain(Syntax("a:P:u:p:iqhd", "address= port= user= pass= isolate/i quiet/q debug/d help/h version shell"))
_PROXYCHAINS = Plain(Syntax("f:q"))
_TIMEOUT = Plain(
    Syntax("fk:ps:v", "foreground/f preserve-status/p kill-after=/k signal=/s verbose/v help version"), operands=1
)
_SETARCH = Plain(
    Syntax(
        "BFILRSTXZhVv3p:",
        "32bit/B fdpic-funcptrs/F short-inode/I addr-compat-layout/L addr-no-randomize/R whole-seconds/S"
        " sticky-timeouts/T read-implies-exec/X mmap-page-zero/Z 3gb/3 4gb uname-2.6 verbose/v list show? help/h"
        " version/V pid=/p",
    ),
    bare=True,
    idle="list h V p",
)
_GOSU = Plain(operands=1)
_STRACE = Plain(
    Syntax(
        "a:Ab:cCdDe:E:fFhiI:kno:O:p:P:qrs:S:tTu:U:vVwxX:yYzZ",
        "columns=/a output-append-mode/A detach-on=/b summary-only/c summary/C debug/d daemonize?/D env=/E"
        " follow-forks/f output-separately help/h instruction-pointer/i interruptible=/I stack-traces/k stack-trace?/k"
        " syscall-number/n output=/o summary-syscall-overhead=/O attach=/p trace-path=/P quiet?/q"
        " relative-timestamps?/r"
        " string-limit=/s summary-sort-by=/S absolute-timestamps?/t timestamps?/t syscall-times?/T user=/u"
        " summary-columns=/U no-abbrev/v version/V summary-wall-clock/w strings-in-hex?/x const-print-style=/X"
        " decode-fds?/y decode-pids=/Y successful-only/z failed-only/Z seccomp-bpf trace= signal= status= abbrev="
        " verbose= raw= read= write= kvm= inject= fault= tips? syscall-limit= secontext? namespace= argv0=",
    ),
    user="u",
    sets="E",
)
_LTRACE = Plain(
    Syntax(
        "a:A:bcCD:e:fF:hiL:l:n:o:p:rs:StTu:Vw:x:X:",
        "align=/a config=/F debug=/D demangle/C indent=/n help/h library=/l output=/o version/V no-signals/b where=/w",
    ),
    user="u",
)
_PERF = Syntax(
    "e:ac:C:F:gG:i:I:jk:lm:Mno:p:qr:sSt:T:u:vWx:dDAHBbPNR",
    "event= all-cpus/a count= cpu=/C freq=/F call-graph= output=/o pid=/p tid=/t quiet/q repeat=/r user=/u verbose/v"
    " delay=/D mmap-pages= no-inherit no-buffering no-samples field-separator=/x detailed/d null/n no-aggr/A scale"
    " per-core per-socket per-thread topdown transaction log-fd= pre= post= interval-print= metrics= filter="
    " timeout= switch-output? clockid= proc-map-timeout= buildid-all dry-run tail-synthesize overwrite"
    " max-size= affinity= strict-freq no-bpf-event all-user all-kernel kernel-callchains user-callchains timestamp"
    " raw-samples/R group append sync vmlinux= kcore threads? control= running-time",
    fuzzy=False,
)
_NICE = Plain(Syntax("n:", "adjustment=/n help version", digits=True))
_SYSTEMD_RUN = Plain(
    Syntax(
        "hH:M:u:p:rdE:tPqGS",
        "help/h version no-ask-password user host=/H machine=/M scope unit=/u property=/p description= slice="
        " slice-inherit no-block remain-after-exit/r wait send-sighup service-type= uid= gid= nice= working-directory="
        " same-dir/d setenv=/E pty/t pty-late pipe/P quiet/q collect/G shell/S path-property= socket-property="
        " on-active= on-boot= on-startup= on-unit-active= on-unit-inactive= on-calendar= on-timezone-change"
        " on-clock-change timer-property= system background= expand-environment= job-mode= ignore-failure"
        " capsule=/C json=",
    ),
    user="uid",
    cwd="working-directory",
    sets="E",
    background=True,
    stays=True,
)

PLAIN: dict[str, Plain] = {
    "nice": _NICE,
    "gnice": _NICE,
    "ionice": Plain(
        Syntax("n:c:p:P:u:tVh", "classdata=/n class=/c pid=/p pgid=/P uid=/u ignore/t" + _MAIN), idle="p P u h V"
    ),
    "nohup": Plain(Syntax("", "help version"), background=True, idle="help version"),
    "setsid": Plain(Syntax("Vhcfw", "ctty/c fork/f wait/w" + _MAIN), background=True, idle="h V"),
    "daemonize": Plain(Syntax("ac:e:o:p:l:u:vE:"), user="u", cwd="c", background=True),
    "daemon": Plain(
        Syntax(
            "hVvdCc:n:X:P:F:u:o:O:E:l:e:irR:A:D:fN:U:M:",
            "command=/X name=/n chdir=/D user=/u env=/e respawn/r foreground/f pidfile=/F output=/o stdout=/O stderr=/E"
            " help/h version/V verbose? debug? unsafe inherit/i",
        ),
        user="u",
        cwd="D",
        text="X",
        background=True,
    ),
    "timeout": _TIMEOUT,
    "gtimeout": _TIMEOUT,
    "stdbuf": Plain(Syntax("i:o:e:", "input=/i output=/o error=/e help version"), idle="help version"),
    "gstdbuf": Plain(Syntax("i:o:e:", "input=/i output=/o error=/e help version")),
    "time": Plain(
        Syntax("af:o:pqvVhl", "append/a format=/f output=/o portability/p quiet/q verbose/v version/V help/h"),
        idle="h V",
    ),
    "gtime": Plain(
        Syntax("af:o:pqvVh", "append/a format=/f output=/o portability/p quiet/q verbose/v version/V help/h")
    ),
    "chrt": Plain(
        Syntax(
            "abdD:efhimopP:rRT:vV",
            "all-tasks/a batch/b deadline/d sched-deadline=/D ext/e fifo/f idle/i max/m other/o pid/p sched-period=/P"
            " rr/r reset-on-fork/R sched-runtime=/T verbose/v" + _MAIN,
        ),
        optional=r"\d+",
        idle="p m h V",
    ),
    "taskset": Plain(Syntax("apchV", "all-tasks/a pid/p cpu-list/c" + _MAIN), operands=1, idle="p h V"),
    "numactl": Plain(
        Syntax(
            "asli:p:P:w:C:N:m:hHL:S:f:o:tTVb",
            "all/a show/s localalloc/l interleave=/i preferred=/p preferred-many=/P weighted-interleave=/w"
            " physcpubind=/C cpunodebind=/N membind=/m cpubind= hardware/H length= shmid= shmmode= shm= file= offset="
            " touch huge dump dump-nodes verify version cpu-compress balancing/b",
        ),
        idle="s H",
    ),
    "prlimit": Plain(Syntax("c::d::e::f::i::l::m::n::q::r::s::t::u::v::x::y::o:p:hV", _RLIMITS + _MAIN), idle="h V p"),
    "setarch": Plain(_SETARCH.syntax, first=r"(?!-)[\w.-]+", bare=True, idle="list h V p"),
    "linux32": _SETARCH,
    "linux64": _SETARCH,
    "i386": _SETARCH,
    "x86_64": _SETARCH,
    "uname26": _SETARCH,
    "arch": Plain(
        Syntax("d:e:c", "arch= 32 64 arm64 arm64e x86_64 x86_64h i386 help version h", single=True, fuzzy=False),
        sets="e",
    ),
    "caffeinate": Plain(Syntax("dimsut:w:")),
    "taskpolicy": Plain(Syntax("abc:d:g:l:m:p:st:B")),
    "sandbox-exec": Plain(Syntax("f:n:p:D:")),
    "chroot": Plain(
        Syntax("u:g:G:", "userspec=/u groups= skip-chdir help version"), operands=1, bare=True, user="u", stays=True
    ),
    "unshare": Plain(
        Syntax(
            "fhVmuinpCTUrR:w:S:G:cl:",
            "fork/f map-user= map-group= map-users= map-groups= map-root-user/r map-current-user/c map-auto map-subids"
            " kill-child? mount-proc? mount-binfmt? propagation= setgroups= keep-caps monotonic= boottime="
            " load-interp=/l owner= forward-signals" + _NAMESPACES,
        ),
        bare=True,
        cwd="w",
        idle="h V",
    ),
    "nsenter": Plain(
        Syntax(
            "ahVt:m::u::i::n::p::C::U::T::N:S:G:r::w::W:FZec",
            "all/a target=/t no-fork/F preserve-credentials keep-caps follow-context/Z wdns=/W env/e net-socket=/N"
            " user-parent join-cgroup/c root?/r wd?/w help/h version/V mount?/m uts?/u ipc?/i net?/n pid?/p cgroup?/C"
            " user?/U time?/T setuid=/S setgid=/G",
        ),
        bare=True,
        stays=True,
        idle="h V",
    ),
    "setpriv": Plain(
        Syntax(
            "dhV",
            "nnp no-new-privs/nnp inh-caps= ambient-caps= bounding-set= ruid= euid= rgid= egid= reuid= regid="
            " clear-groups keep-groups init-groups groups= list-caps securebits= pdeathsig= ptracer= selinux-label="
            " apparmor-profile= landlock-access= landlock-rule= seccomp-filter= reset-env dump/d" + _MAIN,
        ),
        user="reuid",
        idle="d h V list-caps",
    ),
    "strace": _STRACE,
    "strace64": _STRACE,
    "ltrace": _LTRACE,
    "valgrind": Plain(Syntax("hvqd", fuzzy=False), lenient=True),
    "catchsegv": Plain(),
    "rlwrap": Plain(
        Syntax(
            "a::A::b:cC:D:e:f:F:g:hH:iIm::M:nNoO:p::P:q:rRs:S:tTUvw:W::X:z:1",
            "always-readline? ansi-colour-aware? break-chars= complete-filenames command-name= history-no-dupes="
            " extra-char-after-completion= file= forget-matching= help history-filename= case-insensitive"
            " pass-sigint-as"
            "-sigterm multi-line? multi-line-ext= no-warnings no-children one-shot only-cook= prompt-colour?"
            " pre-given= quote-characters= remember renice histsize= substitute-prompt= set-term-name test-terminal"
            " version wait-before-prompt= polling? skip-setctty filter= mirror-arguments",
        )
    ),
    "unbuffer": Plain(Syntax("p")),
    "faketime": Plain(
        Syntax("fmhv", "help version exclude-monotonic disable-monotonic date-prog="), operands=1, idle="h v"
    ),
    "cpulimit": Plain(
        Syntax(
            "l:p:e:c:zifmvbqkrsh",
            "limit=/l pid=/p exe=/e cpu=/c lazy/z include-children/i foreground/f monitor-forks/m verbose/v"
            " background/b quiet/q kill/k restore/r signal=/s help/h",
        ),
        idle="p e",
    ),
    "cgexec": Plain(Syntax("g:hb", "sticky cgroup=/g help/h")),
    "trickle": Plain(Syntax("hVvsw:d:u:t:l:n:p:L:")),
    "xvfb-run": Plain(
        Syntax(
            "ade:f:hn:lp:s:w:",
            "auto-servernum/a auto-display/d error-file=/e auth-file=/f help/h server-num=/n listen-tcp/l"
            " xauth-protocol=/p"
            " server-args=/s wait=/w",
        )
    ),
    "dbus-run-session": Plain(Syntax("", "config-file= dbus-daemon= help version")),
    "dbus-launch": Plain(
        Syntax(
            "", "exit-with-session sh-syntax csh-syntax auto-syntax autolaunch= close-stderr binary-syntax config-file="
        )
    ),
    "systemd-inhibit": Plain(
        Syntax("h", "what= who= why= mode= list no-pager no-legend no-ask-password help/h version"), idle="list h"
    ),
    "systemd-run": _SYSTEMD_RUN,
    "systemd-cat": Plain(
        Syntax("ht:p:", "identifier=/t priority=/p stderr-priority= level-prefix= namespace= help/h version")
    ),
    "run0": Plain(
        Syntax(
            "u:g:D:hVM:",
            "user=/u group=/g nice= chdir=/D setenv= background= machine=/M unit= property= description= slice="
            " slice-inherit pty pipe shell-prompt-prefix= no-ask-password help/h version/V via-shell/i",
        ),
        user="u",
        becomes="root",
        cwd="D",
        sets="setenv",
        assigns=True,
        bare=True,
    ),
    "fakeroot": Plain(
        Syntax("l:f:i:s:b:ux:hv", "lib=/l faked=/f unknown-is-real/u fd-base=/b help/h version/v"), bare=True
    ),
    "fakechroot": Plain(
        Syntax(
            "hvsl:d:e:c:b:", "use-system-libs/s lib=/l elfloader=/d environment=/e config-dir=/c bindir=/b help version"
        ),
        bare=True,
    ),
    "proot": Plain(
        Syntax(
            "r:b:q:w:v:Vh0i:k:pnlS:R:m:",
            "rootfs= bind= mount= qemu= pwd= cwd= verbose= version help root-id change-id= kernel-release="
            " kill-on-exit link2symlink sysvipc ashmem-memfd",
        ),
        bare=True,
        cwd="w",
    ),
    "firejail": Plain(Syntax("c", fuzzy=False), bare=True, lenient=True),
    "torsocks": _TORSOCKS,
    "torify": Plain(Syntax("hvV")),
    "tsocks": Plain(),
    "usewithtor": Plain(),
    "proxychains": _PROXYCHAINS,
    "proxychains4": _PROXYCHAINS,
    "gosu": _GOSU,
    "su-exec": _GOSU,
    "setuidgid": _GOSU,
    "s6-setuidgid": _GOSU,
    "envuidgid": _GOSU,
    "softlimit": Plain(Syntax("a:c:d:f:l:m:o:p:r:s:t:")),
    "setlock": Plain(Syntax("nNxX"), operands=1),
    "pgrphack": Plain(),
    "fghack": Plain(),
    "chpst": Plain(Syntax("u:U:b:e:/:n:l:L:m:d:o:p:f:c:r:t:C:vP012"), user="u", cwd="C"),
    "envdir": Plain(operands=1),
    "s6-envdir": Plain(operands=1),
    "with-contenv": Plain(),
    "envchain": Plain(operands=1),
    "dumb-init": Plain(Syntax("r:cvhV", "rewrite=/r single-child/c verbose/v help/h version/V")),
    "tini": Plain(Syntax("p:e:svwglhV")),
    "docker-init": Plain(Syntax("p:e:svwglhV")),
    "catatonit": Plain(Syntax("gPLVh")),
    "eatmydata": Plain(),
    "chronic": Plain(Syntax("ve")),
    "ifne": Plain(Syntax("n")),
    "lckdo": Plain(Syntax("wW:t:eE:sxq"), operands=1),
    "runcon": Plain(
        Syntax("ct:u:r:l:", "compute/c type=/t user=/u role=/r range=/l help version"), optional=r"[^\s/]+:[^\s/]+:\S*"
    ),
    "aa-exec": Plain(Syntax("p:n:divh", "profile=/p namespace=/n debug/d immediate/i verbose/v help/h"), bare=True),
    "retry": Plain(Syntax("t:d:hm:b:v", "until= while= times=/t delay=/d help/h", fuzzy=False), repeated=True),
    "hyperfine": Plain(
        Syntax(
            "w:r:m:M:p:s:c:P:D:L:Nn:iu:hVS:",
            "warmup=/w runs=/r min-runs=/m max-runs=/M prepare=/p setup=/s cleanup=/c conclude= parameter-scan=/P"
            " parameter-step-size=/D parameter-list=/L shell=/S ignore-failure/i style= sort= time-unit=/u"
            " export-asciidoc= export-csv= export-json= export-markdown= export-orgmode= show-output output= input="
            " command-name=/n help/h version/V reference=",
            permutes=True,
        ),
        repeated=True,
        also="p s c conclude",
        joined=True,
    ),
    "corepack": Plain(),
    "dtach": Plain(Syntax("A:a:c:n:N:p:e:Er:zCo", fuzzy=False), background=True),
    "abduco": Plain(Syntax("A:c:n:e:flpqrv", fuzzy=False), background=True),
    "ssh-agent": Plain(Syntax("csDdkxa:E:O:P:t:T")),
    "gpg-agent": Plain(Syntax("", "daemon server homedir= options= sh csh quiet verbose no-detach", fuzzy=False)),
    "newrelic-admin": Plain(operands=1),
    "ddtrace-run": Plain(Syntax("dihpv", "debug/d info/i help/h profiling/p version/v")),
    "opentelemetry-instrument": Plain(Syntax("", fuzzy=False), lenient=True),
    "noglob": Plain(),
    "nocorrect": Plain(),
}
"""Wrappers by program name."""


def plain(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """A wrapper of the table."""
    return unwrapped(name, words, PLAIN[name])


def unwrapped(name: str, words: Sequence[Word], what: Plain) -> Unwrapped | None:
    """What a wrapper of the plain kind starts."""
    if what.first and words and re.fullmatch(what.first, words[0].text):
        words = words[1:]
    options = read(words, what.syntax)
    unknown = () if what.lenient else options.unknown
    if what.idle and options.has(*what.idle.split()):
        return None
    sets = tuple(pair for value in options.values(what.sets) if (pair := _pair(value)) is not None) if what.sets else ()
    rest = options.rest[what.operands :]
    if what.optional and rest and re.fullmatch(what.optional, rest[0].text):
        rest = rest[1:]
    if (what.operands or what.optional) and rest and rest[0].text == "--":
        rest = rest[1:]
    if what.dashes and not options.dashed:
        rest = ()
    assignments: tuple[tuple[str, Word], ...] = ()
    if what.assigns:
        assignments, rest = starts.assigned(rest)
    fields: dict[str, Any] = {
        "assignments": (*sets, *assignments),
        "user": (options.text(what.user).partition(":")[0] if what.user else "") or what.becomes,
        "cwd": options.text(what.cwd) if what.cwd else "",
        "background": what.background or (bool(what.detaches) and options.has(*what.detaches.split())),
        "repeated": what.repeated,
    }
    if name in _USERS and options.rest:
        fields["user"] = options.rest[0].text.partition(":")[0]
    beside = tuple(
        inner for value in (options.values(*what.also.split()) if what.also else ()) for inner in starts.line(value)
    )
    texts = options.values(*what.text.split()) if what.text else ()
    inners: tuple[Inner, ...]
    if texts:
        inners = tuple(inner for text in texts for inner in starts.line(text, **fields))
    elif what.joined:
        inners = tuple(inner for word in rest for inner in starts.line(word, **fields))
    elif rest:
        inners = starts.command(rest, unknown=unknown, **fields)
    elif what.bare and len(options.rest) >= what.operands:
        inners = starts.command(starts.SHELL, **fields)
    else:
        inners = ()
    if not (inners or beside):
        return None
    return Unwrapped(name, (*beside, *inners), what.stays)


_USERS = frozenset(("gosu", "su-exec", "setuidgid", "s6-setuidgid"))
"""Wrappers whose operand is the user."""


def _pair(value: Word) -> tuple[str, Word] | None:
    name, equals, _ = value.text.partition("=")
    return (name, cut(value, len(name) + 1)) if equals and name else None


_LOADER = Syntax(
    "", "list verify inhibit-cache library-path= glibc-hwcaps-prepend= glibc-hwcaps-mask= inhibit-rpath= audit="
    " preload="
    " argv0= list-tunables list-diagnostics help version", fuzzy=False
)  # fmt: skip


def loader(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """The dynamic linker called as a program: its first operand is what it loads and runs."""
    options = read(words, _LOADER)
    if options.has("list", "verify", "help", "version", "list-tunables", "list-diagnostics") or not options.rest:
        return None
    preload = tuple(("LD_PRELOAD", value) for value in options.values("preload"))
    return Unwrapped(name, starts.command(options.rest, unknown=options.unknown, assignments=preload))


def is_loader(name: str) -> bool:
    """Whether a program name is a dynamic linker's (`ld-linux-x86-64.so.2`, `ld-musl-aarch64.so.1`, `ld.so`)."""
    return re.fullmatch(r"ld(?:-linux|-musl|64|32)?[\w-]*\.so(?:\.\d+)*|ld-[\d.]+\.so", name) is not None


_PERF_RUNS = ("record", "stat", "trace", "mem", "lock", "kvm", "sched", "kmem", "c2c", "ftrace")


def perf(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """perf record, stat, trace and the like."""
    options = read(words, Syntax("", "version help debug=", fuzzy=False))
    if not options.rest or options.rest[0].text not in _PERF_RUNS:
        return None
    inner = read(options.rest[1:], _PERF)
    rest = inner.rest
    if rest and rest[0].text in ("record", "stat", "trace") and options.rest[0].text in ("mem", "lock", "c2c", "sched"):
        inner = read(rest[1:], _PERF)
        rest = inner.rest
    if not rest:
        return None
    beside = tuple(found for value in inner.values("pre", "post") for found in starts.line(value))
    return Unwrapped(name, (*beside, *starts.command(rest, unknown=inner.unknown)))


def capsh(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """capsh: `--` and `==` hand what follows to bash; `--shell=` names another one."""
    shell = Word("bash")
    for at, word in enumerate(words):
        if word.text.startswith("--shell="):
            shell = cut(word, 8)
        elif word.text in ("--", "=="):
            return Unwrapped(name, starts.command((shell, *words[at + 1 :])))
    return None
