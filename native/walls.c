#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "walls.h"

#if defined(__linux__)
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Landlock. The three calls have the same numbers on every machine. */

#define CREATE_RULESET 444
#define ADD_RULE 445
#define RESTRICT_SELF 446
#define FLAG_VERSION 1u
#define RULE_PATH_BENEATH 1
#define RULE_NET_PORT 2
#define MAY_CONNECT (UINT64_C(1) << 1)
#define MAY_EXECUTE (UINT64_C(1) << 0)
#define MAY_WRITE_FILE (UINT64_C(1) << 1)
#define MAY_READ_FILE (UINT64_C(1) << 2)
#define MAY_READ_FOLDER (UINT64_C(1) << 3)
#define MAY_REFER (UINT64_C(1) << 13)     /* Version 2. */
#define MAY_TRUNCATE (UINT64_C(1) << 14)  /* Version 3. */
#define MAY_IOCTL_DEV (UINT64_C(1) << 15) /* Version 5. */
#define FIRST_RIGHTS ((UINT64_C(1) << 13) - 1)
#define PORTS UINT64_C(3)  /* Version 4: bind and connect by TCP. */
#define SCOPES UINT64_C(3) /* Version 6: abstract sockets and signals. */

struct rules {
    uint64_t files, ports, scopes;
};
struct beneath {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed));

long sg_landlock_version(void) {
    long version = syscall(CREATE_RULESET, NULL, 0, FLAG_VERSION);
    return version > 0 ? version : 0;
}

static uint64_t all_rights(long version) {
    return FIRST_RIGHTS | (version >= 2 ? MAY_REFER : 0) | (version >= 3 ? MAY_TRUNCATE : 0) |
           (version >= 5 ? MAY_IOCTL_DEV : 0);
}

int sg_landlock_rules(long version, int network) {
    struct rules wanted = {all_rights(version), network ? 0 : PORTS, SCOPES};
    size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8; /* A longer record is refused by those who know less. */
    return (int)syscall(CREATE_RULESET, &wanted, size, 0);
}

void sg_landlock_allow(int rules, long version, const char *path, enum sg_access access) {
    struct stat status;
    int file = open(path, O_PATH | O_CLOEXEC);
    if (file == -1) return;
    if (fstat(file, &status) == 0) {
        uint64_t rights = MAY_EXECUTE | MAY_READ_FILE | MAY_READ_FOLDER;
        if (access == SG_WRITE || access == SG_COPY || access == SG_HOLLOW) rights = all_rights(version);
        if (!S_ISDIR(status.st_mode))
            rights &= MAY_EXECUTE | MAY_WRITE_FILE | MAY_READ_FILE | MAY_TRUNCATE | MAY_IOCTL_DEV;
        struct beneath rule = {rights, file};
        syscall(ADD_RULE, rules, RULE_PATH_BENEATH, &rule, 0);
    }
    close(file);
}

int sg_landlock_port(int rules, unsigned port) {
    struct {
        uint64_t allowed, port;
    } rule = {MAY_CONNECT, port};
    return syscall(ADD_RULE, rules, RULE_NET_PORT, &rule, 0) == 0 ? 0 : -1;
}

int sg_landlock_enter(int rules) { return syscall(RESTRICT_SELF, rules, 0) == 0 ? 0 : -1; }

/* seccomp: a list of refusals; what is on none of them goes on. */

#if defined(__x86_64__)
#define MACHINE AUDIT_ARCH_X86_64
#define OTHER_NUMBERS 0x40000000u /* The x32 interface has calls of its own. */
#elif defined(__aarch64__)
#define MACHINE AUDIT_ARCH_AARCH64
#endif

#if defined(MACHINE)
static const int REFUSED[] = {
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp, 438 /* pidfd_getfd */, SYS_unshare, SYS_setns,
    SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_quotactl, SYS_swapon, SYS_swapoff, SYS_acct,
    428 /* open_tree */, 429 /* move_mount */, 430 /* fsopen */, 431 /* fsconfig */, 432 /* fsmount */, 433 /* fspick */,
    442 /* mount_setattr */, 443 /* quotactl_fd */, 467 /* open_tree_attr */,
    SYS_name_to_handle_at, SYS_open_by_handle_at, SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, 425 /* io_uring_setup */,
    426 /* io_uring_enter */, 427 /* io_uring_register */, SYS_add_key, SYS_request_key, SYS_keyctl, SYS_kexec_load,
    SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_reboot, SYS_settimeofday, SYS_clock_settime, SYS_adjtimex,
    SYS_clock_adjtime, SYS_sethostname, SYS_setdomainname, SYS_syslog, SYS_vhangup, SYS_nfsservctl, SYS_fanotify_init,
    SYS_personality,
#if defined(SYS_kexec_file_load)
    SYS_kexec_file_load,
#endif
#if defined(__x86_64__)
    SYS_iopl, SYS_ioperm, SYS_modify_ldt, SYS_uselib, SYS_ustat, SYS_sysfs,
#endif
};
static const int SIGNALS[] = {SYS_kill, SYS_tkill, SYS_tgkill, SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo,
                              424 /* pidfd_send_signal */};
#define COUNT(list) (sizeof(list) / sizeof(list)[0])
#define NEW_NAMESPACES                                                                                          \
    (CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | 0x02000000)
#define NUMBER 0u
#define ARCHITECTURE 4u
#define ARGUMENT(number) (16u + 8u * (number)) /* Lower half; both machines are little-endian. */
#define TIOCSTI_NUMBER 0x5412u
#define TIOCLINUX_NUMBER 0x541cu

struct program {
    struct sock_filter lines[512];
    unsigned short length;
};

static void add(struct program *program, unsigned code, unsigned value, unsigned yes, unsigned no) {
    struct sock_filter line = {(unsigned short)code, (unsigned char)yes, (unsigned char)no, value};
    if (program->length < COUNT(program->lines)) program->lines[program->length++] = line;
}

static void load(struct program *program, unsigned place) { add(program, BPF_LD | BPF_W | BPF_ABS, place, 0, 0); }

static void answer(struct program *program, int error) {
    add(program, BPF_RET | BPF_K, error ? SECCOMP_RET_ERRNO | (unsigned)error : SECCOMP_RET_ALLOW, 0, 0);
}

/* The accumulator holds the call's number before and after. */
static void refuse(struct program *program, int number, int error) {
    add(program, BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 1);
    answer(program, error);
}

/* Refused where argument `at` is none of `values`. */
static void only(struct program *program, int number, unsigned at, const unsigned *values, size_t count, int error) {
    add(program, BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, (unsigned)(2 * count + 2));
    load(program, ARGUMENT(at));
    for (size_t one = 0; one < count; one++) {
        add(program, BPF_JMP | BPF_JEQ | BPF_K, values[one], 0, 1);
        answer(program, 0);
    }
    answer(program, error);
}

#define PLAIN_TYPE (~(unsigned)(SOCK_NONBLOCK | SOCK_CLOEXEC))
#define TCP 6u
#define FAST_OPEN 0x20000000u /* MSG_FASTOPEN: connects past the wall that looks at connect(2). */

/* Of internet sockets only those of TCP: Landlock tells the ports of no others apart. */
static void only_streams(struct program *program, int unix_sockets) {
    static const struct {
        int number;
        unsigned flags;
    } SENDING[] = {{SYS_sendto, 3}, {SYS_sendmsg, 2}, {SYS_sendmmsg, 3}};
    add(program, BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 14);
    load(program, ARGUMENT(0));
    add(program, BPF_JMP | BPF_JEQ | BPF_K, unix_sockets ? AF_UNIX : AF_NETLINK, 10, 0);
    add(program, BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 9, 0);
    add(program, BPF_JMP | BPF_JEQ | BPF_K, AF_INET, 2, 0);
    add(program, BPF_JMP | BPF_JEQ | BPF_K, AF_INET6, 1, 0);
    answer(program, EAFNOSUPPORT);
    load(program, ARGUMENT(1));
    add(program, BPF_ALU | BPF_AND | BPF_K, PLAIN_TYPE, 0, 0);
    add(program, BPF_JMP | BPF_JEQ | BPF_K, SOCK_STREAM, 0, 4);
    load(program, ARGUMENT(2));
    add(program, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0);
    add(program, BPF_JMP | BPF_JEQ | BPF_K, TCP, 0, 1);
    answer(program, 0);
    answer(program, EACCES);
    for (size_t at = 0; at < COUNT(SENDING); at++) {
        add(program, BPF_JMP | BPF_JEQ | BPF_K, (unsigned)SENDING[at].number, 0, 4);
        load(program, ARGUMENT(SENDING[at].flags));
        add(program, BPF_JMP | BPF_JSET | BPF_K, FAST_OPEN, 0, 1);
        answer(program, EOPNOTSUPP);
        answer(program, 0);
    }
}

int sg_seccomp(const struct sg_calls *calls) {
    static struct program program;
    static const unsigned local[] = {AF_UNIX};
    unsigned families[4];
    size_t family_count = 0;
    program.length = 0;
    load(&program, ARCHITECTURE);
    add(&program, BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0);
    add(&program, BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS, 0, 0);
    load(&program, NUMBER);
#if defined(OTHER_NUMBERS)
    add(&program, BPF_JMP | BPF_JGE | BPF_K, OTHER_NUMBERS, 0, 1);
    answer(&program, ENOSYS);
#endif
    for (size_t at = 0; at < COUNT(REFUSED); at++) refuse(&program, REFUSED[at], EPERM);
    if (!calls->signals)
        for (size_t at = 0; at < COUNT(SIGNALS); at++) refuse(&program, SIGNALS[at], EPERM);
    refuse(&program, 435 /* clone3: its flags lie in memory; libraries fall back to clone */, ENOSYS);
    add(&program, BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4);
    load(&program, ARGUMENT(0));
    add(&program, BPF_JMP | BPF_JSET | BPF_K, NEW_NAMESPACES, 0, 1);
    answer(&program, EPERM);
    answer(&program, 0);
    add(&program, BPF_JMP | BPF_JEQ | BPF_K, SYS_ioctl, 0, 5);
    load(&program, ARGUMENT(1));
    add(&program, BPF_JMP | BPF_JEQ | BPF_K, TIOCSTI_NUMBER, 1, 0);
    add(&program, BPF_JMP | BPF_JEQ | BPF_K, TIOCLINUX_NUMBER, 0, 1);
    answer(&program, EPERM);
    answer(&program, 0);
    if (calls->unix_sockets) families[family_count++] = AF_UNIX;
    if (calls->network) {
        families[family_count++] = AF_INET;
        families[family_count++] = AF_INET6;
        families[family_count++] = AF_NETLINK;
    }
    if (calls->streams)
        only_streams(&program, calls->unix_sockets);
    else
        only(&program, SYS_socket, 0, families, family_count, EAFNOSUPPORT);
    only(&program, SYS_socketpair, 0, local, 1, EAFNOSUPPORT);
    answer(&program, 0);
    struct sock_fprog whole = {program.length, program.lines};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &whole, 0, 0) == 0 ? 0 : -1;
}
#else
int sg_seccomp(const struct sg_calls *calls) {
    (void)calls;
    return -1; /* No list for this machine's calls. */
}
#endif
#else
typedef int sg_walls_elsewhere; /* ISO C wants something here. */
#endif
