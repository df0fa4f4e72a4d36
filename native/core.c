#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "core.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/auxv.h>
#include <sys/syscall.h>
#elif defined(__APPLE__)
#include <mach-o/dyld.h>
#elif defined(__FreeBSD__)
#include <sys/sysctl.h>
#endif

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

const char *const SG_FAILURE_NAMES[SG_FAILURES] = {"absent", "untrusted", "broken",     "slow",    "oversized",
                                                   "empty",  "interrupted", "unrecorded", "internal"};

#define SECOND INT64_C(1000000000)

int64_t sg_now(void) {
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0) return 0;
    return (int64_t)now.tv_sec * SECOND + now.tv_nsec;
}

int64_t sg_seconds(void) {
    struct timespec now;
    return clock_gettime(CLOCK_REALTIME, &now) == 0 ? (int64_t)now.tv_sec : 0;
}

void sg_number(uint64_t number, char text[SG_NUMBER_SIZE]) {
    char digits[SG_NUMBER_SIZE];
    size_t count = 0;
    do {
        digits[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    for (size_t at = 0; at < count; at++) text[at] = digits[count - 1 - at];
    text[count] = '\0';
}

static char *two(char *to, int64_t number) {
    *to++ = (char)('0' + number / 10);
    *to++ = (char)('0' + number % 10);
    return to;
}

/* Days to a date by counting years from March on, so that the odd day of a leap year comes last; an era is the 400
 * years after which the calendar repeats. gmtime and strftime would bring time zones and locales with them. */
void sg_time(int64_t seconds, char text[SG_TIME_SIZE]) {
    int64_t days = seconds / 86400, second = seconds % 86400;
    text[0] = '\0';
    if (seconds < 0 || seconds > INT64_C(253402300799)) return;
    days += 719468; /* From 1 March of the year 0 to 1 January 1970. */
    int64_t era = days / 146097, day_of_era = days % 146097;
    int64_t year = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day = day_of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * day + 2) / 153; /* 0 is March. */
    day = day - (153 * month + 2) / 5 + 1;
    month = month < 10 ? month + 3 : month - 9;
    year += era * 400 + (month <= 2);
    char *to = two(two(text, year / 100), year % 100);
    *to++ = '-';
    to = two(to, month);
    *to++ = '-';
    to = two(to, day);
    *to++ = 'T';
    to = two(to, second / 3600);
    *to++ = ':';
    to = two(to, second / 60 % 60);
    *to++ = ':';
    to = two(to, second % 60);
    *to++ = 'Z';
    *to = '\0';
}

int sg_put(struct sg_text *text, const char *more) {
    size_t length = strlen(more);
    if (length >= text->size - text->length) return -1;
    memcpy(text->data + text->length, more, length + 1);
    text->length += length;
    return 0;
}

unsigned sg_own_descriptors(void) {
    unsigned closed = 0;
    for (int number = 0; number < 3; number++)
        if (fcntl(number, F_GETFD) == -1 && errno == EBADF) {
            closed |= 1u << number;
            /* The lowest free number is this one: those below exist by now. */
            if (open("/dev/null", O_RDWR) == -1) closed |= 8u;
        }
#if defined(__linux__) && defined(SYS_close_range)
    if (syscall(SYS_close_range, 3u, ~0u, 0u) == 0) return closed;
#endif
    /* Older kernels. A limit may be a million, and so many calls would be felt; what is beyond does no harm for the
     * moment that we live. */
    struct rlimit limit;
    long top = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 4096 ? (long)limit.rlim_cur : 4096;
    for (long number = 3; number < top; number++) close((int)number);
    return closed;
}

static volatile sig_atomic_t asked_to_end;
static sigset_t while_waiting;
static const int ENDING[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGALRM, SIGUSR1, SIGUSR2, SIGVTALRM, SIGPROF, SIGXCPU};
static const int CRASHING[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGSYS};
#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static void note(int number) {
    (void)number;
    asked_to_end = 1;
}

void sg_own_signals(void (*crashed)(int)) {
    struct sigaction action, before;
    sigset_t blocked;
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
    sigaction(SIGXFSZ, &action, NULL);

    /* Blocked but while a wait is on, so that none is lost between a look at the flag and the wait. */
    sigemptyset(&blocked);
    for (size_t at = 0; at < COUNT(ENDING); at++) sigaddset(&blocked, ENDING[at]);
    sigemptyset(&while_waiting);
    sigprocmask(SIG_SETMASK, &blocked, NULL);
    action.sa_handler = note;
    for (size_t at = 0; at < COUNT(ENDING); at++)
        if (sigaction(ENDING[at], NULL, &before) != 0 || before.sa_handler != SIG_IGN)
            sigaction(ENDING[at], &action, NULL);

#if !defined(__SANITIZE_ADDRESS__)
    static unsigned char stack_space[64 << 10];
    stack_t stack;
    memset(&stack, 0, sizeof stack);
    stack.ss_sp = stack_space;
    stack.ss_size = sizeof stack_space;
    if (sigaltstack(&stack, NULL) == 0) action.sa_flags = SA_ONSTACK;
    action.sa_flags |= (int)SA_RESETHAND;
    action.sa_handler = crashed;
    for (size_t at = 0; at < COUNT(CRASHING); at++) sigaction(CRASHING[at], &action, NULL);
#else
    (void)crashed;
    (void)CRASHING;
#endif
}

/* pselect: the one wait that lets signals in for its own length on every Unix. The set is small because
 * sg_own_descriptors closed what was inherited. */
int sg_wait(int descriptor, int writing, int64_t until, int heed) {
    if (descriptor < 0 || descriptor >= FD_SETSIZE) return 0;
    for (;;) {
        if (heed && asked_to_end) return -1;
        int64_t left = until - sg_now();
        if (left < 0) left = 0;
        struct timespec patience = {.tv_sec = (time_t)(left / SECOND), .tv_nsec = (long)(left % SECOND)};
        fd_set set;
        FD_ZERO(&set);
        FD_SET(descriptor, &set);
        int ready = pselect(descriptor + 1, writing ? NULL : &set, writing ? &set : NULL, NULL, &patience,
                            heed ? &while_waiting : NULL);
        if (ready > 0) return 1;
        if (ready == 0) {
            if (left == 0) return 0;
        } else if (errno != EINTR) {
            return 0;
        }
    }
}

/* A pipe that select calls writable takes PIPE_BUF bytes without blocking; a socket is told not to block. */
int sg_write_all(int descriptor, const void *data, size_t length, int64_t until) {
    const unsigned char *next = data;
    int is_socket = 1;
    while (length > 0) {
        ssize_t done = -1;
        if (sg_wait(descriptor, 1, until, 0) != 1) return -1;
        if (is_socket) {
            done = send(descriptor, next, length, MSG_DONTWAIT | MSG_NOSIGNAL);
            if (done == -1 && errno == ENOTSOCK) is_socket = 0;
        }
        if (!is_socket) done = write(descriptor, next, length < PIPE_BUF ? length : PIPE_BUF);
        if (done > 0) {
            next += done;
            length -= (size_t)done;
        } else if (done == 0 || (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK)) {
            return -1;
        }
    }
    return 0;
}

static int same_user(int descriptor) {
#if defined(SO_PEERCRED) && defined(__linux__)
    struct ucred peer;
    socklen_t size = sizeof peer;
    return getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && size == sizeof peer &&
           peer.uid == geteuid();
#else
    uid_t user;
    gid_t group;
    return getpeereid(descriptor, &user, &group) == 0 && user == geteuid();
#endif
}

/* The folder is entered by the descriptor that was looked at, and the socket is named relative to it: nobody can put
 * another folder there in between, and the address stays short. */
static enum sg_failure enter_folder_of(const char *path, struct sockaddr_un *address) {
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    size_t length = slash ? (size_t)(slash - path) : 0;
    if (!slash || length == 0 || length >= sizeof folder || slash[1] == '\0') return SG_ABSENT;
    memcpy(folder, path, length);
    folder[length] = '\0';
    int opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);
    if (opened == -1) return errno == EACCES ? SG_UNTRUSTED : SG_ABSENT;
    struct stat status;
    enum sg_failure failure = SG_OK;
    if (fstat(opened, &status) != 0 || status.st_uid != geteuid() || (status.st_mode & 0777) != 0700)
        failure = SG_UNTRUSTED;
    else if (fchdir(opened) != 0)
        failure = SG_ABSENT;
    close(opened);
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    if (strlen(slash + 1) >= sizeof address->sun_path) return SG_ABSENT;
    strcpy(address->sun_path, slash + 1);
    return failure;
}

enum sg_failure sg_connect(const char *path, int64_t until, int *descriptor) {
    struct sockaddr_un address;
    *descriptor = -1;
    enum sg_failure failure = enter_folder_of(path, &address);
    if (failure != SG_OK) return failure;
    int opened = socket(AF_UNIX, SOCK_STREAM, 0);
    if (opened == -1) return SG_INTERNAL;
    fcntl(opened, F_SETFD, FD_CLOEXEC);
    fcntl(opened, F_SETFL, O_NONBLOCK);
    for (int64_t pause = SECOND / 1000;; pause = pause < SECOND / 100 ? pause * 2 : pause) {
        if (connect(opened, (struct sockaddr *)&address, sizeof address) == 0 || errno == EISCONN) break;
        if (errno != EAGAIN && errno != EINTR && errno != EINPROGRESS && errno != EALREADY) {
            close(opened);
            return SG_ABSENT;
        }
        /* EAGAIN: the daemon is there and its queue is full. No descriptor tells when that is over. */
        int64_t now = sg_now();
        if (now >= until) {
            close(opened);
            return SG_SLOW;
        }
        struct timespec patience = {.tv_sec = 0, .tv_nsec = (long)pause};
        if (until - now < pause) patience.tv_nsec = (long)(until - now);
        pselect(0, NULL, NULL, NULL, &patience, &while_waiting);
        if (asked_to_end) {
            close(opened);
            return SG_INTERRUPTED;
        }
    }
    if (!same_user(opened)) {
        close(opened);
        return SG_UNTRUSTED;
    }
    *descriptor = opened;
    return SG_OK;
}

static void put(unsigned char *at, size_t number) {
    for (int place = 0; place < 4; place++) at[place] = (unsigned char)(number >> (24 - 8 * place));
}

static size_t get(const unsigned char *at) {
    return (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];
}

enum sg_failure sg_send_request(int descriptor, const void *header, size_t header_length, const void *payload,
                                size_t payload_length, int64_t until) {
    unsigned char prefix[SG_REQUEST_PREFIX] = {'S', 'G', 'Q', '1'};
    put(prefix + 4, header_length);
    put(prefix + 8, payload_length);
    struct iovec parts[3] = {{prefix, sizeof prefix}, {(void *)header, header_length}, {(void *)payload, payload_length}};
    struct msghdr message;
    memset(&message, 0, sizeof message);
    message.msg_iov = parts;
    message.msg_iovlen = 3;
    while (message.msg_iovlen > 0) {
        ssize_t done = sendmsg(descriptor, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (done < 0) {
            if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR || errno == ENOBUFS) {
                int ready = sg_wait(descriptor, 1, until, 1);
                if (ready == 1) continue;
                return ready == 0 ? SG_SLOW : SG_INTERRUPTED;
            }
            return SG_BROKEN;
        }
        size_t left = (size_t)done;
        while (message.msg_iovlen > 0 && left >= message.msg_iov->iov_len) {
            left -= message.msg_iov->iov_len;
            message.msg_iov++;
            message.msg_iovlen--;
        }
        if (message.msg_iovlen > 0) {
            message.msg_iov->iov_base = (unsigned char *)message.msg_iov->iov_base + left;
            message.msg_iov->iov_len -= left;
        }
    }
    return SG_OK;
}

long sg_answer_length(const unsigned char *data, size_t length) {
    if (memcmp(data, "SGA1", length < 4 ? length : 4) != 0) return -1;
    if (length < SG_ANSWER_PREFIX) return 0;
    size_t code = get(data + 4), out = get(data + 8), err = get(data + 12);
    if (code > 255 || out > SG_MAX_ANSWER || err > SG_MAX_ANSWER || out + err > SG_MAX_ANSWER) return -1;
    return (long)(SG_ANSWER_PREFIX + out + err + 4);
}

int sg_answer_read(const unsigned char *data, size_t length, struct sg_answer *answer) {
    long whole = sg_answer_length(data, length);
    if (whole <= 0 || (size_t)whole != length) return -1;
    if (memcmp(data + length - 4, "1AGS", 4) != 0) return -1;
    answer->exit_code = (unsigned)get(data + 4);
    answer->stdout_length = get(data + 8);
    answer->stderr_length = get(data + 12);
    answer->stdout_data = data + SG_ANSWER_PREFIX;
    answer->stderr_data = answer->stdout_data + answer->stdout_length;
    return 0;
}

enum sg_failure sg_receive_answer(int descriptor, unsigned char *buffer, int64_t until, struct sg_answer *answer) {
    size_t have = 0;
    size_t wanted = SG_ANSWER_PREFIX;
    for (;;) {
        int ready = sg_wait(descriptor, 0, until, 1);
        if (ready != 1) return ready == 0 ? SG_SLOW : SG_INTERRUPTED;
        /* What follows the announced bytes is not looked at, whether or not it came in the same read. */
        ssize_t got = recv(descriptor, buffer + have, (wanted > SG_ANSWER_PREFIX ? wanted : SG_ANSWER_BUFFER) - have, 0);
        if (got < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK)) continue;
        if (got <= 0) return SG_BROKEN;
        have += (size_t)got;
        long whole = sg_answer_length(buffer, have);
        if (whole < 0) return SG_BROKEN;
        if (whole == 0) continue;
        wanted = (size_t)whole;
        if (have >= wanted) return sg_answer_read(buffer, wanted, answer) == 0 ? SG_OK : SG_BROKEN;
    }
}

static int cut_to_folder(char *path) {
    char *slash = path[0] == '/' ? strrchr(path, '/') : NULL;
    if (!slash) return -1;
    slash[slash == path ? 1 : 0] = '\0';
    return 0;
}

/* The kernel's word first: argv[0] is whatever the caller wrote. */
int sg_own_folder(char *path, size_t size) {
#if defined(__linux__)
    ssize_t length = readlink("/proc/self/exe", path, size - 1);
    if (length > 0 && (size_t)length < size - 1) {
        path[length] = '\0';
        return cut_to_folder(path);
    }
    const char *named = (const char *)getauxval(AT_EXECFN);
    if (!named || strlen(named) >= size) return -1;
    strcpy(path, named);
    return cut_to_folder(path);
#elif defined(__APPLE__)
    uint32_t room = (uint32_t)size;
    char resolved[PATH_MAX];
    if (_NSGetExecutablePath(path, &room) != 0 || !realpath(path, resolved) || strlen(resolved) >= size) return -1;
    strcpy(path, resolved);
    return cut_to_folder(path);
#elif defined(__FreeBSD__)
    int name[] = {CTL_KERN, KERN_PROC, KERN_PROC_PATHNAME, -1};
    size_t room = size;
    if (sysctl(name, 4, path, &room, NULL, 0) != 0) return -1;
    return cut_to_folder(path);
#else
    (void)size;
    (void)path;
    return -1;
#endif
}
