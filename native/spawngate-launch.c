/* spawngate-launch --id ENTRY -- COMMAND [ARGUMENT...]: what agents start in place of an MCP server.
 *
 * The entry's own environment reaches this program first, so it acts on nothing of it: it hands all of it over as data
 * (descriptor 3, NUL after each variable) to the relay that launch.conf beside it names, and starts that with an
 * environment of its own. Then it watches: signals go on to the relay; when the relay ends, however it ends, whatever is
 * left below is killed; and when this program is killed, the relay sees descriptor 4 break and does the same.
 *
 * Belongs here: that and nothing more. Must not be here: decisions, the protocol, and what is started
 * (src/spawngate/endpoint/launcher).
 *
 * The relay writes to descriptor 4, seven bytes each: `G` and a process group of the server, `E` and its exit code, `S`
 * and the signal that ended it; the number follows in six decimal digits.
 */
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "below.h"
#include "core.h"
#include "launchconf.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/prctl.h>
#include <sys/syscall.h>
#ifndef PR_SET_CHILD_SUBREAPER
#define PR_SET_CHILD_SUBREAPER 36
#endif
#endif

#define SECOND INT64_C(1000000000)
#define PATIENCE (10 * SECOND) /* For processes that SIGKILL does not end at once; beyond it the agent waits no more. */
#define ENVIRONMENT 3
#define STATUS 4
#define SPARE 10 /* Descriptors that the relay shall not see are kept from here on. */
#define RECORD 7
#define REFUSED 1

static const char UNUSABLE[] = "spawngate: the MCP server was not started, because launch.conf beside the launcher is "
                               "missing or not usable. `spawngate status` tells more; `spawngate protect --launches` "
                               "writes it anew.\n";
static const char UNABLE[] = "spawngate: the MCP server was not started, because the system gave the launcher no "
                             "process, memory or descriptor.\n";

static _Noreturn void refuse(const char *words) {
    sg_write_all(2, words, strlen(words), sg_now() + SECOND / 2);
    _exit(REFUSED);
}

/* Signals. */

static const int PASSED_ON[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};
#define PASSED_COUNT (sizeof PASSED_ON / sizeof PASSED_ON[0])
static volatile sig_atomic_t came[PASSED_COUNT];

static void note(int number) {
    for (size_t at = 0; at < PASSED_COUNT; at++)
        if (PASSED_ON[at] == number) came[at] = 1;
}

/* Whatever our parent ignored or blocked is none of the server's business, but for the three that nohup(1) and shells
 * set aside on purpose. All are blocked afterwards but while the one wait is on. */
static void own_signals(sigset_t *blocked) {
    struct sigaction action, before;
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    sigemptyset(blocked);
    for (int number = 1; number < 32; number++) {
        if (number == SIGKILL || number == SIGSTOP) continue;
        if (number != SIGSEGV && number != SIGBUS && number != SIGILL && number != SIGFPE) sigaddset(blocked, number);
    }
    sigprocmask(SIG_SETMASK, blocked, NULL);
    for (int number = 1; number < 32; number++) {
        if (number == SIGKILL || number == SIGSTOP) continue;
        action.sa_handler = number == SIGCHLD ? note : SIG_DFL;
        for (size_t at = 0; at < PASSED_COUNT; at++)
            if (PASSED_ON[at] == number) action.sa_handler = note;
        if (number == SIGPIPE || number == SIGXFSZ) action.sa_handler = SIG_IGN;
        if (number == SIGHUP || number == SIGINT || number == SIGQUIT)
            if (sigaction(number, NULL, &before) == 0 && before.sa_handler == SIG_IGN) continue;
        sigaction(number, &action, NULL);
    }
    /* Only what comes for us wakes us; the rest keeps its default meaning, as if we were not there. */
    sigset_t passed;
    sigemptyset(&passed);
    for (size_t at = 0; at < PASSED_COUNT; at++) sigaddset(&passed, PASSED_ON[at]);
    sigaddset(&passed, SIGCHLD);
    sigprocmask(SIG_SETMASK, &passed, NULL);
    *blocked = passed;
}

/* What the relay gets. */

/* A file without a name and with the whole environment, read from its beginning; -1 where there is none. */
static int environment_file(void) {
    extern char **environ;
    int file = -1;
#if defined(__linux__) && defined(SYS_memfd_create)
    file = (int)syscall(SYS_memfd_create, "environment", 1u /* MFD_CLOEXEC */);
#endif
    if (file == -1) {
        char path[128] = "/tmp/.spawngate-", number[SG_NUMBER_SIZE];
        struct sg_text name = {path, sizeof path, strlen(path)};
        sg_number((uint64_t)getpid(), number);
        if (sg_put(&name, number) != 0 || sg_put(&name, "-") != 0) return -1;
        sg_number((uint64_t)sg_now(), number);
        if (sg_put(&name, number) != 0) return -1;
        file = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (file == -1) return -1;
        unlink(path);
    }
    for (char **at = environ; at && *at; at++) {
        const char *next = *at;
        size_t left = strlen(next) + 1;
        while (left > 0) {
            ssize_t done = write(file, next, left);
            if (done < 0 && errno == EINTR) continue;
            if (done <= 0) return -1;
            next += done;
            left -= (size_t)done;
        }
    }
    return lseek(file, 0, SEEK_SET) == 0 ? file : -1;
}

static int aside(int file) {
    int other = fcntl(file, F_DUPFD, SPARE);
    if (other != -1 && fcntl(other, F_SETFD, FD_CLOEXEC) == -1) return -1;
    if (file >= 0) close(file);
    return other;
}

static _Noreturn void become_relay(const struct sg_launch_conf *conf, char **words, int environment, int status,
                                   pid_t parent) {
    static char *const clean[] = {"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", NULL};
    struct sigaction action;
    sigset_t none;
    /* Not the agent's group: what it sends to its group comes once, by way of us. */
    setsid();
#if defined(__linux__)
    prctl(PR_SET_PDEATHSIG, SIGIO, 0, 0, 0);
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); /* Kept over execve: what detaches below the relay falls to it. */
#endif
    if (getppid() != parent) _exit(REFUSED); /* It died before the line above took effect. */
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    action.sa_handler = SIG_DFL;
    for (size_t at = 0; at < PASSED_COUNT; at++) {
        struct sigaction before;
        if (sigaction(PASSED_ON[at], NULL, &before) != 0 || before.sa_handler != SIG_IGN)
            sigaction(PASSED_ON[at], &action, NULL);
    }
    sigaction(SIGCHLD, &action, NULL);
    sigaction(SIGPIPE, &action, NULL);
    sigaction(SIGXFSZ, &action, NULL);
    if (dup2(environment, ENVIRONMENT) == -1 || dup2(status, STATUS) == -1) _exit(REFUSED);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(conf->interpreter, words, clean);
    refuse(UNUSABLE);
}

/* The end. */

struct report {
    pid_t group;
    char kind; /* `E`, `S`, or 0 where the relay did not come to say. */
    int number;
};

static void read_reports(int status, struct report *report) {
    char record[RECORD];
    while (read(status, record, RECORD) == RECORD) {
        long number = 0;
        for (int at = 1; at < RECORD; at++) number = number * 10 + (record[at] - '0');
        if (record[0] == 'G') report->group = (pid_t)number;
        if (record[0] == 'E' || record[0] == 'S') {
            report->kind = record[0];
            report->number = (int)number;
        }
    }
}

static _Noreturn void end_as(const struct report *report) {
    if (report->kind == 'S' && report->number > 0 && report->number < 32) {
        struct sigaction action;
        struct rlimit none = {0, 0};
        sigset_t mask;
        memset(&action, 0, sizeof action);
        sigemptyset(&action.sa_mask);
        action.sa_handler = SIG_DFL;
        setrlimit(RLIMIT_CORE, &none); /* The server left its own; ours would tell nothing. */
        sigaction(report->number, &action, NULL);
        sigemptyset(&mask);
        sigprocmask(SIG_SETMASK, &mask, NULL);
        kill(getpid(), report->number);
        _exit(128 + report->number);
    }
    _exit(report->kind == 'E' ? report->number & 255 : REFUSED);
}

int main(int count, char **words) {
    static char folder[SG_PATH_SIZE], text[SG_CONF_SIZE + 1];
    static struct sg_launch_conf conf;
    char closed_number[SG_NUMBER_SIZE], parent_number[SG_NUMBER_SIZE];
    sigset_t blocked, waiting;
    int channel[2];
    struct report report = {0, 0, 0};

    unsigned closed = sg_own_descriptors();
    own_signals(&blocked);
    if (count == 2 && strcmp(words[1], "--version") == 0) {
        static const char version[] = "spawngate-launch 1\n";
        _exit(sg_write_all(1, version, sizeof version - 1, sg_now() + SECOND) == 0 ? 0 : REFUSED);
    }
    if (closed & 8) refuse(UNABLE);
    if (sg_own_folder(folder, sizeof folder) != 0 || sg_launch_conf_read(folder, text, &conf) != 0) refuse(UNUSABLE);

    size_t size = ((size_t)(count > 0 ? count : 1) + 9) * sizeof(char *);
    char **relay = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
    int environment = aside(environment_file());
    if (relay == MAP_FAILED || environment == -1 || pipe(channel) != 0) refuse(UNABLE);
    int hears = aside(channel[0]), tells = aside(channel[1]);
    if (hears == -1 || tells == -1) refuse(UNABLE);
    fcntl(hears, F_SETFL, O_NONBLOCK);

    sg_number(closed, closed_number);
    sg_number((uint64_t)getppid(), parent_number);
    char *const first[] = {conf.interpreter, "-I", "-S", "-B", conf.relay, folder, closed_number, parent_number};
    memcpy(relay, first, sizeof first);
    for (int at = 1; at < count; at++) relay[7 + at] = words[at];

#if defined(__linux__)
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
#endif
    pid_t self = getpid(), child = fork();
    if (child == -1) refuse(UNABLE);
    if (child == 0) become_relay(&conf, relay, environment, tells, self);
    close(environment);
    close(tells);
    /* The agent sees the end of a pipe when the relay closes it, not when we go. */
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nothing != -1) {
        dup2(nothing, 0);
        dup2(nothing, 1);
        close(nothing);
    }

    sigprocmask(SIG_SETMASK, NULL, &waiting);
    for (size_t at = 0; at < PASSED_COUNT; at++) sigdelset(&waiting, PASSED_ON[at]);
    sigdelset(&waiting, SIGCHLD);
    for (int over = 0; !over;) {
        sigsuspend(&waiting);
        for (size_t at = 0; at < PASSED_COUNT; at++)
            if (came[at]) {
                came[at] = 0;
                kill(child, PASSED_ON[at]);
            }
        read_reports(hears, &report);
        for (pid_t ended; (ended = waitpid(-1, NULL, WNOHANG)) > 0;)
            if (ended == child) over = 1;
    }
    read_reports(hears, &report);
    sg_end_below(report.group, sg_now() + PATIENCE);
    end_as(&report);
}
