#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "below.h"

#include "core.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/syscall.h>
#endif

#define MILLISECOND INT64_C(1000000)

#if defined(__linux__)
static long kill_all_in(char *text) {
    long count = 0, number = 0;
    for (char *at = text;; at++) {
        if (*at >= '0' && *at <= '9') {
            number = number * 10 + (*at - '0');
            continue;
        }
        if (number > 1 && kill((pid_t)number, SIGKILL) == 0) count++;
        number = 0;
        if (*at == '\0') return count;
    }
}

/* proc_pid_task_children(5), which not every kernel is built with. A line longer than the buffer is met again in the
 * next round, when the first ones are gone. -1 where there is none. */
static long kill_listed(void) {
    char path[64] = "/proc/self/task/", number[SG_NUMBER_SIZE], text[4096];
    struct sg_text whole = {path, sizeof path, strlen(path)};
    sg_number((uint64_t)getpid(), number);
    if (sg_put(&whole, number) != 0 || sg_put(&whole, "/children") != 0) return -1;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file == -1) return -1;
    ssize_t got = read(file, text, sizeof text - 1);
    close(file);
    if (got < 0) return -1;
    /* A number that the buffer cut off is nobody of ours. */
    while (got == (ssize_t)sizeof text - 1 && got > 0 && text[got - 1] != ' ') got--;
    text[got] = '\0';
    return kill_all_in(text);
}

/* Parent of the process, from proc_pid_stat(5); the name may hold anything, so the last parenthesis counts. 0: not known. */
static long parent_of(const char *process) {
    char path[64] = "/proc/", text[512];
    struct sg_text whole = {path, sizeof path, strlen(path)};
    if (sg_put(&whole, process) != 0 || sg_put(&whole, "/stat") != 0) return 0;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file == -1) return 0;
    ssize_t got = read(file, text, sizeof text - 1);
    close(file);
    text[got > 0 ? got : 0] = '\0';
    const char *at = strrchr(text, ')');
    long parent = 0;
    if (!at || strlen(at) < 5) return 0;
    for (at += 4; *at >= '0' && *at <= '9'; at++) parent = parent * 10 + (*at - '0');
    return parent;
}

/* Every process, where the kernel keeps no list of children. */
static long kill_found(void) {
    char entries[4096], one[SG_NUMBER_SIZE + 1];
    long count = 0, got;
    int folder = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder == -1) return 0;
    while ((got = syscall(SYS_getdents64, folder, entries, sizeof entries)) > 0)
        for (long at = 0; at < got;) {
            unsigned short size;
            memcpy(&size, entries + at + 16, sizeof size); /* struct linux_dirent64 of getdents64(2) */
            const char *name = entries + at + 19;
            if (name[0] >= '1' && name[0] <= '9' && strlen(name) < SG_NUMBER_SIZE &&
                parent_of(name) == (long)getpid()) {
                strcpy(one, name);
                count += kill_all_in(one);
            }
            at += size;
        }
    close(folder);
    return count;
}
#endif

long sg_end_below(pid_t group, int64_t until) {
    long killed = 0;
    if (group > 1) kill(-group, SIGKILL);
    for (;;) {
        pid_t ended;
#if defined(__linux__)
        if (kill_listed() < 0) kill_found();
#endif
        do ended = waitpid(-1, NULL, WNOHANG);
        while (ended > 0 ? ++killed : ended == -1 && errno == EINTR);
        if (ended == -1 || sg_now() >= until) return killed;
        struct timespec pause = {.tv_sec = 0, .tv_nsec = (long)MILLISECOND};
        pselect(0, NULL, NULL, NULL, &pause, NULL);
    }
}
