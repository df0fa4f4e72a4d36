/* spawngate-confine [OPTION...] -- PROGRAM NAME [ARGUMENT...]: the last step before a server runs.
 *
 *   --parent PID    end with the process PID, which must be our parent
 *   --status FD     one line there: `open`, `held LAYER...` or `none`; after it `failed ERRNO` where PROGRAM did not
 *                   start, and the end of the file where it did
 *   --folder PATH   working folder
 *   --jail          confine; the options below say what is left open
 *   --egress FD     nothing of the network but what the relay lets through: a Unix socket on which it gets what listens
 *                   for that (egress.h); the program is told by HTTP_PROXY and its like. With --network the whole
 *                   network is left where that cannot be held, without it none
 *   --forward PORT  a port of the host's loopback, through the relay
 *   --route NAME PORT  a port of the host NAME, through the relay
 *   --network  --limits  --cpu SECONDS  --home PATH  --scratch PATH  --read PATH  --copy PATH  --write PATH
 *   --empty PATH  --link PATH TARGET
 *
 * PROGRAM is started as NAME with our environment, default signals, no descriptors but 0, 1 and 2, and in a jail with
 * HOME and TMPDIR of the jail. Where no jail holds, nothing is started (exit 125). Exit: as the program did; 126 where
 * it could not be started.
 *
 * Belongs here: options, processes, and what is passed on. Must not be here: the walls (jail.c).
 */
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "core.h"
#include "jail.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#define MISUSED 2
#define NO_JAIL 125
#define NOT_STARTED 126
#define SECOND INT64_C(1000000000)

struct order {
    long parent;
    int status;
    int jailed;
    char **program; /* PROGRAM NAME ARGUMENT... NULL */
    struct sg_jail jail;
    struct sg_egress egress;
};

static _Noreturn void misused(void) {
    static const char words[] = "usage: spawngate-confine [OPTION...] -- PROGRAM NAME [ARGUMENT...]\n";
    sg_write_all(2, words, sizeof words - 1, sg_now() + SECOND);
    _exit(MISUSED);
}

static long number(const char *text) {
    long value = 0;
    if (!text || !*text || strlen(text) > 9) misused();
    for (; *text; text++) {
        if (*text < '0' || *text > '9') misused();
        value = value * 10 + (*text - '0');
    }
    return value;
}

static const char *path(const char *text) {
    if (!text || text[0] != '/') misused();
    return text;
}

static void add_forward(struct sg_egress *egress, long port) {
    if (port < 1 || port > 65535) misused();
    if (egress->forward_count < SG_EGRESS_PORTS) egress->forwards[egress->forward_count++] = (uint16_t)port;
}

static void add_route(struct sg_egress *egress, const char *name, long port) {
    if (port < 1 || port > 65535 || !*name || strlen(name) > 255) misused();
    for (const char *at = name; *at; at++)
        if (!((*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9') || *at == '.' || *at == '-' || *at == '_'))
            misused();
    if (egress->route_count < SG_EGRESS_ROUTES) {
        egress->routes[egress->route_count].name = name;
        egress->routes[egress->route_count++].port = (uint16_t)port;
    }
}

static void read_order(int count, char **words, struct order *order, struct sg_place *places) {
    static const struct {
        const char *name;
        enum sg_access access;
    } KINDS[] = {{"--read", SG_READ}, {"--copy", SG_COPY}, {"--write", SG_WRITE}, {"--link", SG_LINK}, {"--empty", SG_HOLLOW}};
    int at = 1;
    for (; at < count && strcmp(words[at], "--") != 0; at++) {
        const char *word = words[at], *next = at + 1 < count ? words[at + 1] : NULL;
        int known = 0;
        for (size_t kind = 0; kind < sizeof KINDS / sizeof KINDS[0]; kind++)
            if (strcmp(word, KINDS[kind].name) == 0) {
                struct sg_place *place = &places[order->jail.place_count++];
                place->access = KINDS[kind].access;
                place->path = path(next);
                at++;
                if (place->access == SG_LINK) {
                    if (at + 1 >= count) misused();
                    place->target = words[++at];
                }
                known = 1;
            }
        if (strcmp(word, "--route") == 0) {
            if (at + 2 >= count) misused();
            add_route(&order->egress, next, number(words[at + 2]));
            at += 2;
            known = 1;
        }
        if (known) continue;
        if (strcmp(word, "--jail") == 0) {
            order->jailed = 1;
        } else if (strcmp(word, "--network") == 0) {
            order->jail.network = 1;
        } else if (strcmp(word, "--limits") == 0) {
            order->jail.limits = 1;
        } else {
            if (strcmp(word, "--parent") == 0) order->parent = number(next);
            else if (strcmp(word, "--status") == 0) order->status = (int)number(next);
            else if (strcmp(word, "--cpu") == 0) order->jail.cpu_seconds = number(next);
            else if (strcmp(word, "--folder") == 0) order->jail.folder = path(next);
            else if (strcmp(word, "--home") == 0) order->jail.home = path(next);
            else if (strcmp(word, "--scratch") == 0) order->jail.scratch = path(next);
            else if (strcmp(word, "--egress") == 0) order->egress.channel = (int)number(next);
            else if (strcmp(word, "--forward") == 0) add_forward(&order->egress, number(next));
            else misused();
            at++;
        }
    }
    if (count - at < 3) misused();
    order->program = words + at + 1;
    path(order->program[0]);
}

/* What the parent set aside for itself is none of the server's business, but for what nohup(1) and shells ignore. */
static void own_signals(void) {
    struct sigaction action, before;
    sigset_t none;
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    action.sa_handler = SIG_DFL;
    for (int at = 1; at < NSIG; at++) {
        if (at == SIGKILL || at == SIGSTOP) continue;
        if ((at == SIGHUP || at == SIGINT || at == SIGQUIT) && sigaction(at, NULL, &before) == 0 &&
            before.sa_handler == SIG_IGN)
            continue;
        sigaction(at, &action, NULL);
    }
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* 0 descriptors beyond the first three live past the start of the program; the status channel lives until then. */
static void own_descriptors(int status) {
    if (status > 2) fcntl(status, F_SETFD, FD_CLOEXEC);
#if defined(__linux__) && defined(SYS_close_range)
    if (syscall(SYS_close_range, 3u, ~0u, 4u /* CLOSE_RANGE_CLOEXEC */) == 0) return;
#endif
    struct rlimit limit;
    long top = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 4096 ? (long)limit.rlim_cur : 4096;
    for (long at = 3; at < top; at++) fcntl((int)at, F_SETFD, FD_CLOEXEC);
}

static void report(const struct order *order, const char *word, const char *rest) {
    char line[256] = "";
    struct sg_text text = {line, sizeof line, 0};
    if (order->status < 3) return;
    sg_put(&text, word);
    sg_put(&text, rest);
    sg_put(&text, "\n");
    if (write(order->status, line, text.length) < 0) return; /* Nobody listens any more. */
}

static void report_jail(const struct order *order) {
    const struct sg_jail *jail = &order->jail;
    char line[256] = "", version[SG_NUMBER_SIZE];
    struct sg_text text = {line, sizeof line, 0};
    if (jail->user) sg_put(&text, " user");
    if (jail->pid) sg_put(&text, " pid");
    if (jail->net) sg_put(&text, " net");
    if (jail->ports) sg_put(&text, " ports");
    if (order->egress.port && (jail->net || jail->ports)) sg_put(&text, " egress");
    if (jail->ipc) sg_put(&text, " ipc");
    if (jail->mount) sg_put(&text, " mount");
    if (jail->landlock > 0) {
        sg_number((uint64_t)jail->landlock, version);
        sg_put(&text, " landlock-");
        sg_put(&text, version);
    }
    if (jail->seccomp) sg_put(&text, " seccomp");
    report(order, sg_jail_holds(jail) ? "held" : "none", line);
}

static int starts_with(const char *text, const char *part) {
    size_t length = strlen(part);
    return strlen(text) >= length && memcmp(text, part, length) == 0;
}

/* Our own environment with the jail's folders in it. Memory for the texts is the kernel's own page of zeroes. */
static char **environment(const struct order *order) {
    extern char **environ;
    static char temporary[PATH_MAX + 16], home[PATH_MAX + 16];
    const struct sg_jail *jail = &order->jail;
    if (!order->jailed) return environ;
    int led = order->egress.port && (jail->net || jail->ports);
    const char *folder = jail->mount ? "/tmp" : jail->scratch ? jail->scratch : "/nonexistent";
    struct sg_text text = {temporary, sizeof temporary, 0};
    if (sg_put(&text, "TMPDIR=") != 0 || sg_put(&text, folder) != 0) return NULL;
    struct sg_text other = {home, sizeof home, 0};
    if (sg_put(&other, "HOME=") != 0 || sg_put(&other, jail->mount && jail->home ? jail->home : folder) != 0) return NULL;
    size_t count = 0, kept = 0;
    while (environ[count]) count++;
    char **made = mmap(NULL, (count + 3 + SG_EGRESS_VARIABLES) * sizeof *made, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
    if (made == MAP_FAILED) return NULL;
    for (size_t at = 0; at < count; at++)
        if (!starts_with(environ[at], "TMPDIR=") && !starts_with(environ[at], "HOME=") &&
            !starts_with(environ[at], "TMP=") && !starts_with(environ[at], "TEMP=") &&
            !starts_with(environ[at], "XDG_RUNTIME_DIR=") && !(led && sg_egress_names(environ[at])))
            made[kept++] = environ[at];
    if (led) kept += sg_egress_variables(&order->egress, made + kept);
    made[kept++] = temporary;
    made[kept] = home;
    return made;
}

static _Noreturn void start(struct order *order) {
    char **variables = environment(order), digits[SG_NUMBER_SIZE];
    if (order->jail.folder && chdir(order->jail.folder) != 0 && chdir("/") != 0) _exit(NOT_STARTED);
    errno = ENOMEM;
    if (variables) execve(order->program[0], order->program + 1, variables);
    sg_number((uint64_t)errno, digits);
    report(order, "failed ", digits);
    _exit(NOT_STARTED);
}

#if defined(__linux__)
/* A parent that was gone before this took effect sends nothing any more. */
static void end_with(long parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (parent > 0 && getppid() != (pid_t)parent) _exit(NOT_STARTED);
}

static void block_signals(void) {
    sigset_t all;
    memset(&all, 0xff, sizeof all);
    sigprocmask(SIG_SETMASK, &all, NULL);
}

static _Noreturn void end_as(int status) {
    if (WIFSIGNALED(status)) {
        struct rlimit none = {0, 0};
        struct sigaction action;
        sigset_t mask;
        memset(&action, 0, sizeof action);
        sigemptyset(&action.sa_mask);
        action.sa_handler = SIG_DFL;
        setrlimit(RLIMIT_CORE, &none);
        sigaction(WTERMSIG(status), &action, NULL);
        sigemptyset(&mask);
        sigprocmask(SIG_SETMASK, &mask, NULL);
        kill(getpid(), WTERMSIG(status));
    }
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : NOT_STARTED);
}

static _Noreturn void run_closed(struct order *order) {
    sg_jail_close(&order->jail);
    report_jail(order);
    if (!sg_jail_holds(&order->jail)) _exit(NO_JAIL);
    own_signals();
    start(order);
}

/* Process 1 of the new namespace: reaps, and takes everything with it when the program has ended. */
static _Noreturn void first_process(struct order *order, int lives, int tells) {
    char nothing;
    int status = 0;
    end_with(0);
    /* The other end is our parent's alone: its end is told where getppid tells nothing, across namespaces. */
    if (read(lives, &nothing, 1) == 0) _exit(NOT_STARTED);
    sg_jail_root(&order->jail);
    pid_t child = fork();
    if (child == 0) run_closed(order);
    if (child == -1) {
        report(order, "none", "");
        _exit(NO_JAIL);
    }
    close(order->status);
    for (pid_t ended; (ended = waitpid(-1, &status, 0)) != child;)
        if (ended == -1 && errno != EINTR) _exit(NOT_STARTED);
    if (write(tells, &status, sizeof status) != (ssize_t)sizeof status) _exit(NOT_STARTED);
    _exit(0);
}

static _Noreturn void run_jailed(struct order *order) {
    int lives[2], tells[2], status = 0;
    sg_jail_unshare(&order->jail);
    if (order->egress.channel) sg_egress_open(&order->egress, order->jail.net);
    end_with(order->parent); /* New credentials may have cleared it. */
    if (!order->jail.pid) run_closed(order);
    if (pipe(lives) != 0 || pipe(tells) != 0) _exit(NO_JAIL);
    for (int end = 0; end < 2; end++) {
        fcntl(lives[end], F_SETFD, FD_CLOEXEC);
        fcntl(tells[end], F_SETFD, FD_CLOEXEC);
    }
    fcntl(lives[0], F_SETFL, O_NONBLOCK);
    /* A signal to the group reaches the program itself; what comes to us alone is the relay's SIGKILL. */
    block_signals();
    pid_t child = fork();
    if (child == -1) {
        report(order, "none", "");
        _exit(NO_JAIL);
    }
    if (child == 0) {
        close(lives[1]);
        close(tells[0]);
        first_process(order, lives[0], tells[1]);
    }
    close(lives[0]);
    close(tells[1]);
    close(order->status);
    for (int file = 0; file < 3; file++) close(file); /* An end of a pipe that the program closes is closed. */
    ssize_t got = read(tells[0], &status, sizeof status);
    int how = 0;
    while (waitpid(child, &how, 0) == -1 && errno == EINTR) continue;
    end_as(got == (ssize_t)sizeof status ? status : how);
}
#else
static void end_with(long parent) {
    if (parent > 0 && getppid() != (pid_t)parent) _exit(NOT_STARTED);
}
static _Noreturn void run_jailed(struct order *order) {
    report(order, "none", "");
    _exit(NO_JAIL);
}
#endif

int main(int count, char **words) {
    static struct order order;
    if (count == 2 && strcmp(words[1], "--version") == 0) {
        static const char version[] = "spawngate-confine 1\n";
        _exit(sg_write_all(1, version, sizeof version - 1, sg_now() + SECOND) == 0 ? 0 : MISUSED);
    }
    if (count < 4) misused();
    struct sg_place *places =
        mmap(NULL, (size_t)count * sizeof *places, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
    if (places == MAP_FAILED) _exit(NOT_STARTED);
    order.jail.places = places;
    read_order(count, words, &order, places);
    own_descriptors(order.status);
    own_signals();
    end_with(order.parent);
    order.jail.egress = &order.egress;
    order.jail.offered = order.egress.channel != 0;
    if (order.jailed) run_jailed(&order);
    report(&order, "open", "");
    start(&order);
}
