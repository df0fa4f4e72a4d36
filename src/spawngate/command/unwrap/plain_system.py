"""Wrappers that come with the system: coreutils, util-linux, daemonize, macOS.

Sources: getopt strings and manual pages of coreutils (nice, nohup, timeout, stdbuf, chroot), util-linux (ionice,
setsid, chrt, taskset, prlimit, setarch, unshare, nsenter, setpriv), GNU time, numactl(8), daemon(1), daemonize(1);
caffeinate(8), taskpolicy(8), sandbox-exec(1) and arch(1) of macOS.
Must not be here: tracers, sandboxes, init programs (`plain_tools`).
"""

from spawngate.command.unwrap.options import Syntax
from spawngate.command.unwrap.plain import Plain

_MAIN = " help/h version/V"
_NAMESPACES = (
    " mount?/m uts?/u ipc?/i net?/n pid?/p user?/U cgroup?/C time?/T help/h version/V root=/R wd=/w setuid=/S setgid=/G"
)
_RLIMITS = (
    " core?/c data?/d nice?/e fsize?/f sigpending?/i memlock?/l rss?/m nofile?/n msgqueue?/q rtprio?/r stack?/s cpu?/t"
    " nproc?/u as?/v locks?/x rttime?/y noheadings raw verbose output=/o pid=/p"
)
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
_NICE = Plain(Syntax("n:", "adjustment=/n help version", digits=True))
SYSTEM: dict[str, Plain] = {
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
}
"""Wrappers by program name."""
