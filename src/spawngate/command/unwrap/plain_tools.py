"""Wrappers that are installed: tracers, profilers, sandboxes, proxies, init programs, and the dynamic linker itself.

Sources: strace(1), ltrace(1), perf(1), valgrind(1), rlwrap(1), unbuffer(1), faketime(1), cpulimit(1), xvfb-run(1),
dbus-run-session(1), systemd-run(1), systemd-inhibit(1), fakeroot(1), proot(1), firejail(1), torsocks(1),
proxychains(1), gosu and su-exec READMEs, daemontools, runit (chpst), s6, dumb-init, tini, catatonit, moreutils,
runcon(1), aa-exec(8), hyperfine(1), capsh(1), ld.so(8).
Must not be here: wrappers that come with the system (`plain_system`).
"""

import re

from spawngate.command.spawn import Word
from spawngate.command.unwrap import starts
from spawngate.command.unwrap.inner import Unwrapped
from spawngate.command.unwrap.options import Syntax, cut, read
from spawngate.command.unwrap.plain import Plain

_TORSOCKS = Plain(Syntax("a:P:u:p:iqhd", "address= port= user= pass= isolate/i quiet/q debug/d help/h version shell"))
_PROXYCHAINS = Plain(Syntax("f:q"))
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
        "a:A:bcCD:e:fF:hiLl:n:o:p:rs:StTu:Vw:x:X:",
        "align=/a config=/F debug=/D demangle/C indent=/n help/h library=/l output=/o version/V no-signals/b where=/w",
    ),
    user="u",
)
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

_MPI = Plain(
    Syntax(
        "n:c:H:x:qv",
        "np= n=/n c=/c host=/H hostfile= machinefile= mca? x=/x wdir= wd= oversubscribe bind-to= map-by="
        " report-bindings"
        " allow-run-as-root tag-output quiet/q verbose/v npernode= ppn= f= genv env= output-filename=",
        single=True,
        fuzzy=False,
    ),
    repeated=True,
)
_SLURM = Syntax(
    "n:N:c:p:t:J:o:e:i:A:q:w:x:D:l",
    "ntasks=/n nodes=/N cpus-per-task=/c partition=/p time=/t job-name=/J output=/o error=/e account=/A qos=/q"
    " nodelist=/w"
    " exclude=/x chdir=/D mem= gres= pty label/l exclusive? mpi= container-image= export=",
    fuzzy=False,
)
_QEMU = Plain(Syntax("", "L= g= s= cpu= E= U= B= R= 0= d= D= p= strace singlestep", single=True, fuzzy=False), sets="E")
TOOLS: dict[str, Plain] = {
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
    "aoss": Plain(),
    "choom": Plain(Syntax("n:p:hV", "adjust=/n pid=/p help/h version/V"), idle="p"),
    "grc": Plain(Syntax("ec:s", "stderr/e stdout/s config=/c colour= pty", fuzzy=False)),
    "multitime": Plain(Syntax("f:I:i:n:o:qr:s:bl", fuzzy=False), repeated=True),
    "pexec": Plain(Syntax("n:p:r:f:o:e:u:a:l:g:mcRKC", fuzzy=False), repeated=True),
    "openvt": Plain(Syntax("c:flsuvwe", "console=/c force/f login/l switch/s user/u verbose/v wait/w exec/e")),
    "pidstat": Plain(Syntax("ht:p:C:G:U:T:IrRsuvVwHdle"), idle=""),
    "heaptrack": Plain(Syntax("o:p:dar", fuzzy=False), idle="p"),
    "gdbserver": Plain(
        Syntax("", "once multi attach wrapper= debug disable-packet=", fuzzy=False), operands=1, idle="attach"
    ),
    "dtruss": Plain(Syntax("acdefln:op:st:LW:b:"), idle="p"),
    "py-spy": Plain(
        Syntax(
            "o:f:r:d:p:nisFg",
            "output=/o format=/f rate=/r duration=/d pid=/p native/n subprocesses/s idle/i",
            fuzzy=False,
        ),
        first="record|top",
        idle="p",
    ),
    "rr": Plain(Syntax("nwc:v:M", "print-trace-dir= env=/v", fuzzy=False), first="record"),
    "uftrace": Plain(Syntax("d:P:F:N:", fuzzy=False), first="record|live"),
    "trace-cmd": Plain(Syntax("e:p:o:f:l:g:n:ab:cF", fuzzy=False), first="record"),
    "mpirun": _MPI,
    "mpiexec": _MPI,
    "orterun": _MPI,
    "srun": Plain(_SLURM),
    "salloc": Plain(_SLURM, bare=True),
    "wine": Plain(),
    "wine64": Plain(),
    "box64": Plain(),
    "box86": Plain(),
    "qemu-x86_64": _QEMU,
    "qemu-aarch64": _QEMU,
    "qemu-arm": _QEMU,
    "tsp": Plain(Syntax("nfdBgEmL:N:D:W:", fuzzy=False), background=True),
    "nq": Plain(Syntax("cqwt", fuzzy=False), background=True),
    "timelimit": Plain(Syntax("pqS:s:T:t:")),
    "nocache": Plain(Syntax("n:")),
    "minijail0": Plain(
        Syntax("a:B:b:c:C:e::f:g:hHGiIj:k:KlLm::M::nNpP:rR:s::S:t::T:u:UvV:wyYz", fuzzy=False), user="u"
    ),
    "nsjail": Plain(dashes=True),
    "ttyd": Plain(
        Syntax("p:i:U:c:H:u:g:s:w:I:b:P:6SC:K:A:d:vhaWt:T:Om:oqB", "port=/p interface=/i credential=/c", fuzzy=False),
        cwd="w",
    ),
    "gotty": Plain(Syntax("a:p:m:wc:rt", "address=/a port=/p path=/m permit-write/w credential=/c", fuzzy=False)),
    "websocketd": Plain(Syntax("", fuzzy=False), lenient=True),
    "tcpserver": Plain(Syntax("1qQvhHrRpPoOdDXx:c:b:u:g:l:t:"), operands=2),
    "zrun": Plain(),
    "shell2http": Plain(),
    "envconsul": Plain(
        Syntax(
            "",
            "prefix= secret= config= consul-addr= vault-addr= once pristine sanitize upcase",
            single=True,
            fuzzy=False,
        )
    ),
    "summon": Plain(Syntax("f:D:e:p:i", "provider=/p environment=/e", fuzzy=False)),
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
