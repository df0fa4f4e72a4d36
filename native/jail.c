#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "jail.h"

#include "core.h"

#if !defined(__linux__)
void sg_jail_unshare(struct sg_jail *jail) { (void)jail; }
void sg_jail_root(struct sg_jail *jail) { (void)jail; }
void sg_jail_close(struct sg_jail *jail) { (void)jail; }
int sg_jail_holds(const struct sg_jail *jail) {
    (void)jail;
    return 0;
}
#else
#include "walls.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#define OLD "/.old" /* Where the host's root stands while the new one is furnished. */
#define PATH_SIZE 4096

/* Programs, libraries and what they read at their start; nothing of it is the user's. */
static const char *const SYSTEM[] = {
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/opt", "/nix/store", "/gnu/store",
    "/run/current-system", "/snap",
    "/etc/alternatives", "/etc/ca-certificates", "/etc/ca-certificates.conf", "/etc/debian_version", "/etc/fonts",
    "/etc/gai.conf", "/etc/group", "/etc/host.conf", "/etc/hosts", "/etc/java", "/etc/ld.so.cache", "/etc/ld.so.conf",
    "/etc/ld.so.conf.d", "/etc/ld.so.preload", "/etc/localtime", "/etc/locale.alias", "/etc/lsb-release",
    "/etc/mime.types", "/etc/nsswitch.conf", "/etc/os-release", "/etc/passwd", "/etc/pki", "/etc/protocols",
    "/etc/resolv.conf", "/etc/services", "/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/static", "/etc/timezone",
    "/etc/crypto-policies", "/sys/devices/system/cpu", "/run/systemd/resolve/stub-resolv.conf",
    "/run/systemd/resolve/resolv.conf",
};
static const char *const DEVICES[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"};
static const char *const EMPTY[] = {"/tmp", "/var/tmp", "/run", "/dev/shm"};
/* What of /proc is no process's, where the whole is the host's. */
static const char *const PROC[] = {"/proc/cpuinfo", "/proc/filesystems", "/proc/loadavg", "/proc/meminfo",
                                   "/proc/self",    "/proc/stat",        "/proc/sys",     "/proc/uptime",
                                   "/proc/version"};
#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static int join(char *path, const char *first, const char *second) {
    struct sg_text text = {path, PATH_SIZE, 0};
    path[0] = '\0';
    return sg_put(&text, first) == 0 && sg_put(&text, second) == 0 ? 0 : -1;
}

static int write_file(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file == -1) return -1;
    ssize_t done = write(file, text, strlen(text));
    close(file);
    return done == (ssize_t)strlen(text) ? 0 : -1;
}

/* One line `ID ID 1`: inside, the user is the one he is outside, and there is no other. */
static int map_id(const char *path, unsigned long id) {
    char line[3 * SG_NUMBER_SIZE] = "", number[SG_NUMBER_SIZE];
    struct sg_text text = {line, sizeof line, 0};
    sg_number(id, number);
    if (sg_put(&text, number) || sg_put(&text, " ") || sg_put(&text, number) || sg_put(&text, " 1\n")) return -1;
    return write_file(path, line);
}

/* A server that listens on loopback shall not fail for want of one. */
static void raise_loopback(void) {
    struct ifreq request;
    int file = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (file == -1) return;
    memset(&request, 0, sizeof request);
    strcpy(request.ifr_name, "lo");
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    syscall(SYS_ioctl, file, SIOCSIFFLAGS, &request);
    close(file);
}

void sg_jail_unshare(struct sg_jail *jail) {
    int own = jail->offered || !jail->network;
    int rest = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | (own ? CLONE_NEWNET : 0);
    unsigned long user = (unsigned long)syscall(SYS_getuid), group = (unsigned long)syscall(SYS_getgid);
    if (syscall(SYS_unshare, rest | CLONE_NEWUSER) == 0) {
        jail->user = 1;
        write_file("/proc/self/setgroups", "deny");
        map_id("/proc/self/uid_map", user);
        map_id("/proc/self/gid_map", group);
    } else if (syscall(SYS_unshare, rest) != 0) {
        return;
    }
    jail->pid = jail->ipc = 1;
    jail->net = own;
    if (jail->net) raise_loopback();
    jail->mount = 1; /* Until sg_jail_root finds that it cannot be furnished. */
}

/* The new root. */

static void make_parents(const char *path) {
    char part[PATH_SIZE];
    if (strlen(path) >= sizeof part) return;
    strcpy(part, path);
    for (char *at = part + 1; *at; at++)
        if (*at == '/') {
            *at = '\0';
            syscall(SYS_mkdirat, AT_FDCWD, part, 0755);
            *at = '/';
        }
}

static void make_folder(const char *path, int mode) {
    make_parents(path);
    syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

struct mount_attributes { /* struct mount_attr of mount_setattr(2), which older headers lack. */
    uint64_t set, clear, propagation, userns;
};
#define ATTRIBUTE_RDONLY 1u
#define ATTRIBUTE_NOSUID 2u
#define ATTRIBUTE_NODEV 4u
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif
#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif

static int seal(const char *path, int write, int device) {
    struct mount_attributes wanted = {
        (write ? 0 : ATTRIBUTE_RDONLY) | ATTRIBUTE_NOSUID | (device ? 0 : ATTRIBUTE_NODEV), 0, 0, 0};
    if (syscall(SYS_mount_setattr, AT_FDCWD, path, AT_RECURSIVE, &wanted, sizeof wanted) == 0) return 0;
    /* Older kernels (before 5.12): one mount at a time, and what it was restricted by before must be said again. */
    struct statfs status;
    unsigned long flags = MS_BIND | MS_REMOUNT | MS_NOSUID | (device ? 0 : MS_NODEV) | (write ? 0 : MS_RDONLY);
    if (syscall(SYS_statfs, path, &status) != 0) return -1;
    flags |= (unsigned long)status.f_flags & (MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME | MS_NODIRATIME |
                                              MS_RELATIME);
    return (int)syscall(SYS_mount, "none", path, NULL, flags, NULL);
}

/* 0 where there is nothing of that name, too. */
static int show(const char *path, int write, int device) {
    char source[PATH_SIZE], target[PATH_SIZE];
    struct stat status;
    if (join(source, OLD, path) != 0) return 0;
    ssize_t length = readlink(source, target, sizeof target - 1);
    if (length > 0) {
        target[length] = '\0';
        make_parents(path);
        syscall(SYS_symlinkat, target, AT_FDCWD, path);
        return 0;
    }
    int file = open(source, O_PATH | O_CLOEXEC);
    if (file == -1) return 0;
    int known = fstat(file, &status) == 0;
    close(file);
    if (!known) return 0;
    if (S_ISDIR(status.st_mode)) {
        make_folder(path, 0755);
    } else {
        make_parents(path);
        int made = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0644);
        if (made != -1) close(made);
    }
    /* What cannot be shown is missing inside; what cannot be sealed must not be shown. */
    if (syscall(SYS_mount, source, path, NULL, MS_BIND | MS_REC, NULL) != 0) return 0;
    if (seal(path, write, device) == 0) return 0;
    return syscall(SYS_umount2, path, MNT_DETACH) == 0 ? 0 : -1;
}

/* Copy on write: what is written falls into the root's own memory. overlayfs (5.11 and later for users). */
static int show_copy(const char *path, size_t number) {
    char lower[PATH_SIZE], upper[64] = "/.upper-", work[64] = "/.work-", digits[SG_NUMBER_SIZE];
    char words[PATH_SIZE + 256] = "";
    struct sg_text up = {upper, sizeof upper, strlen(upper)}, down = {work, sizeof work, strlen(work)};
    struct sg_text options = {words, sizeof words, 0};
    struct stat status;
    sg_number(number, digits);
    int file = join(lower, OLD, path) == 0 ? open(lower, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
    if (file == -1) return show(path, 0, 0);
    int known = fstat(file, &status) == 0;
    close(file);
    /* Options are parted by commas and folders by colons; such paths are shown as they are. */
    if (known && !strchr(path, ',') && !strchr(path, ':') && !strchr(path, '\\') && sg_put(&up, digits) == 0 &&
        sg_put(&down, digits) == 0) {
        make_folder(upper, 0700);
        make_folder(work, 0700);
        make_folder(path, 0755);
        if (sg_put(&options, "lowerdir=") == 0 && sg_put(&options, lower) == 0 && sg_put(&options, ",upperdir=") == 0 &&
            sg_put(&options, upper) == 0 && sg_put(&options, ",workdir=") == 0 && sg_put(&options, work) == 0 &&
            sg_put(&options, ",userxattr") == 0 &&
            syscall(SYS_mount, "overlay", path, "overlay", MS_NOSUID | MS_NODEV, words) == 0)
            return 0;
    }
    return show(path, 0, 0);
}

#define HOSTS "/etc/hosts"

/* Names of hosts that routes lead to; the host's own file says nothing that could be reached. */
static void write_hosts(const struct sg_egress *egress) {
    char line[PATH_SIZE] = "127.0.0.1 localhost\n::1 localhost\n", address[SG_EGRESS_ADDRESS];
    make_parents(HOSTS);
    int file = open(HOSTS, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
    int whole = file != -1 && write(file, line, strlen(line)) > 0;
    for (size_t at = 0; whole && at < egress->route_count; at++) {
        struct sg_text text = {line, sizeof line, 0};
        sg_egress_address(egress, at, address);
        line[0] = '\0';
        whole = sg_put(&text, address) == 0 && sg_put(&text, " ") == 0 &&
                sg_put(&text, egress->routes[at].name) == 0 && sg_put(&text, "\n") == 0 &&
                write(file, line, strlen(line)) > 0;
    }
    if (file != -1) close(file);
}

static int furnish(struct sg_jail *jail) {
    int routed = jail->net && jail->egress && jail->egress->port && jail->egress->route_count;
    if (routed) write_hosts(jail->egress);
    for (size_t at = 0; at < COUNT(SYSTEM); at++)
        if (!(routed && strcmp(SYSTEM[at], HOSTS) == 0) && show(SYSTEM[at], 0, 0) != 0) return -1;
    for (size_t at = 0; at < COUNT(DEVICES); at++)
        if (show(DEVICES[at], 1, 1) != 0) return -1;
    for (size_t at = 0; at < COUNT(EMPTY); at++) make_folder(EMPTY[at], 01777);
    syscall(SYS_symlinkat, "/proc/self/fd", AT_FDCWD, "/dev/fd");
    syscall(SYS_symlinkat, "/proc/self/fd/0", AT_FDCWD, "/dev/stdin");
    syscall(SYS_symlinkat, "/proc/self/fd/1", AT_FDCWD, "/dev/stdout");
    syscall(SYS_symlinkat, "/proc/self/fd/2", AT_FDCWD, "/dev/stderr");
    make_folder("/proc", 0555);
    /* Not allowed where the host's own is partly covered, as in containers; then there is none. */
    syscall(SYS_mount, "proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
    if (jail->home) make_folder(jail->home, 0700);
    for (size_t at = 0; at < jail->place_count; at++) {
        const struct sg_place *place = &jail->places[at];
        int done = 0;
        if (place->access == SG_LINK) {
            make_parents(place->path);
            syscall(SYS_symlinkat, place->target, AT_FDCWD, place->path);
        } else if (place->access == SG_HOLLOW) {
            make_folder(place->path, 0755);
        } else if (place->access == SG_COPY) {
            done = show_copy(place->path, at);
        } else {
            done = show(place->path, place->access == SG_WRITE, 0);
        }
        if (done != 0) return -1;
    }
    return 0;
}

void sg_jail_root(struct sg_jail *jail) {
    if (!jail->mount) return;
    jail->mount = 0;
    if (syscall(SYS_mount, "none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return;
    /* Any folder serves as the place where the new root is born; it comes back into sight with the old one. */
    if (syscall(SYS_mount, "tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=1g") != 0) return;
    if (syscall(SYS_mkdirat, AT_FDCWD, "/tmp" OLD, 0700) != 0 ||
        syscall(SYS_pivot_root, "/tmp", "/tmp" OLD) != 0) {
        syscall(SYS_umount2, "/tmp", MNT_DETACH);
        return;
    }
    syscall(SYS_umask, 0);
    syscall(SYS_chdir, "/");
    int furnished = furnish(jail) == 0;
    syscall(SYS_umask, 022);
    if (syscall(SYS_umount2, OLD, MNT_DETACH) != 0 || !furnished) _exit(125); /* Half a root is no place to go on in. */
    syscall(SYS_unlinkat, AT_FDCWD, OLD, AT_REMOVEDIR);
    jail->mount = 1;
}

/* Landlock's view of the same places. */

static void open_places(struct sg_jail *jail, int rules) {
    for (size_t at = 0; at < COUNT(SYSTEM); at++) sg_landlock_allow(rules, jail->landlock, SYSTEM[at], SG_READ);
    for (size_t at = 0; at < COUNT(DEVICES); at++) sg_landlock_allow(rules, jail->landlock, DEVICES[at], SG_WRITE);
    if (jail->mount) {
        sg_landlock_allow(rules, jail->landlock, "/proc", SG_WRITE); /* Of its own processes only. */
        for (size_t at = 0; at < COUNT(EMPTY); at++) sg_landlock_allow(rules, jail->landlock, EMPTY[at], SG_WRITE);
        if (jail->home) sg_landlock_allow(rules, jail->landlock, jail->home, SG_WRITE);
    } else {
        for (size_t at = 0; at < COUNT(PROC); at++) sg_landlock_allow(rules, jail->landlock, PROC[at], SG_READ);
        if (jail->scratch) sg_landlock_allow(rules, jail->landlock, jail->scratch, SG_WRITE);
    }
    for (size_t at = 0; at < jail->place_count; at++) {
        const struct sg_place *place = &jail->places[at];
        if (place->access == SG_LINK || (place->access == SG_HOLLOW && !jail->mount)) continue;
        sg_landlock_allow(rules, jail->landlock, place->path,
                          place->access == SG_COPY && !jail->mount ? SG_READ : place->access);
    }
}

/* Where the host's network is all there is, ports are the most that can be told apart. */
static void open_ports(struct sg_jail *jail, int rules) {
    const struct sg_egress *egress = jail->egress;
    jail->ports = egress && egress->port && sg_landlock_port(rules, egress->port) == 0;
    for (size_t at = 0; jail->ports && at < egress->forward_count; at++)
        sg_landlock_port(rules, egress->forwards[at]);
}

static void limit(int resource, unsigned long most) {
    struct rlimit now;
    if (getrlimit(resource, &now) != 0) return;
    if (now.rlim_max > most) now.rlim_max = most;
    if (now.rlim_cur > most) now.rlim_cur = most;
    setrlimit(resource, &now);
}

static void drop_capabilities(void) {
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[2];
    memset(none, 0, sizeof none);
    for (int capability = 0; capability < 64; capability++) prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    syscall(SYS_capset, &head, none);
}

void sg_jail_close(struct sg_jail *jail) {
    limit(RLIMIT_CORE, 0);
    if (jail->limits) {
        limit(RLIMIT_FSIZE, 1ul << 30);
        if (jail->user) limit(RLIMIT_NPROC, 1024); /* Without a namespace it would count all of the user's. */
    }
    if (jail->cpu_seconds > 0) limit(RLIMIT_CPU, (unsigned long)jail->cpu_seconds);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return;
    drop_capabilities();
    jail->landlock = sg_landlock_version();
    if (jail->landlock > 0) {
        int single = jail->offered && !jail->net && jail->landlock >= 4;
        int rules = sg_landlock_rules(jail->landlock, !single && (jail->network || jail->net));
        if (rules == -1) {
            jail->landlock = 0;
        } else {
            open_places(jail, rules);
            if (single) open_ports(jail, rules);
            if (sg_landlock_enter(rules) != 0) jail->landlock = jail->ports = 0;
            close(rules);
        }
    }
    struct sg_calls calls = {
        .unix_sockets = jail->mount,
        .network = jail->network || jail->net || jail->ports,
        .streams = jail->ports,
        .signals = jail->pid || jail->landlock >= 6,
    };
    jail->seccomp = sg_seccomp(&calls) == 0;
}

int sg_jail_holds(const struct sg_jail *jail) { return (jail->mount || jail->landlock > 0) && jail->seccomp; }
#endif
