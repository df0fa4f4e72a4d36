/* The few functions of a C library that the native programs call, and their start, for Linux on x86-64.
 *
 * Linked in place of the C library where the build can (hatch_build.py tries it first and falls back), because a hook
 * runs before every tool call: glibc's start alone asks the processor for its features some dozen times, which costs
 * half a millisecond on a virtual machine where every such question leaves the guest; more than all the rest of a call.
 * The programs are the same sources either way, and the same tests run on both.
 *
 * Belongs here: functions with the names and meanings that POSIX gives them, as far as these programs use them.
 * Must not be here: anything of ours. Types and numbers come from the system's headers; what the kernel lays out
 * differently (sigaction, pselect) is translated. System V ABI for x86-64; syscall(2), elf(5), getauxval(3).
 */
#if !defined(__linux__) || !defined(__x86_64__) || !defined(__LP64__)
#error "this start is for Linux on x86-64"
#endif
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-tree-loop-distribute-patterns") /* Would make strlen of the loop in strlen. */
#endif
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int main(int count, char **words);

static long call(long number, long a, long b, long c, long d, long e, long f) {
    long result;
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

static int last_error;
int *__errno_location(void) { return &last_error; }

static long checked(long result) {
    if (result >= 0 || result < -4095) return result;
    last_error = (int)-result;
    return -1;
}
#define CALL(number, a, b, c, d, e, f) \
    checked(call(number, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f)))

/* The start. */

char **environ;
static const Elf64_auxv_t *auxiliary;
uintptr_t __stack_chk_guard;

_Noreturn void __stack_chk_fail(void);
_Noreturn void __stack_chk_fail(void) {
    call(SYS_kill, call(SYS_getpid, 0, 0, 0, 0, 0, 0), SIGABRT, 0, 0, 0, 0);
    _exit(2);
}

unsigned long getauxval(unsigned long type) {
    for (const Elf64_auxv_t *at = auxiliary; at->a_type != AT_NULL; at++)
        if (at->a_type == type) return at->a_un.a_val;
    return 0;
}

__asm__(".text\n"
        ".globl _start\n"
        ".type _start, @function\n"
        "_start:\n"
        "    xorl %ebp, %ebp\n"
        "    movq %rsp, %rdi\n"
        "    leaq __ehdr_start(%rip), %rsi\n"
        "    leaq _DYNAMIC(%rip), %rdx\n"
        "    andq $-16, %rsp\n"
        "    call bare_start\n"
        "    hlt\n"
        ".hidden __ehdr_start\n"
        ".hidden _DYNAMIC\n");

/* A position-independent program without a loader moves its own pointers; until then it may use none of them. Never
 * returns, so that the guard of its own frame, which it sets anew, is never compared. */
__attribute__((used, visibility("hidden"))) void bare_start(
    long *stack, unsigned char *base, const Elf64_Dyn *dynamic) {
    const Elf64_Rela *moves = NULL;
    size_t size = 0;
    for (; dynamic->d_tag != DT_NULL; dynamic++) {
        if (dynamic->d_tag == DT_RELA) moves = (const Elf64_Rela *)(base + dynamic->d_un.d_ptr);
        if (dynamic->d_tag == DT_RELASZ) size = dynamic->d_un.d_val;
    }
    for (size_t at = 0; at < size / sizeof *moves; at++) {
        if (ELF64_R_TYPE(moves[at].r_info) != R_X86_64_RELATIVE) _exit(2);
        *(uintptr_t *)(base + moves[at].r_offset) = (uintptr_t)base + (uintptr_t)moves[at].r_addend;
    }
    int count = (int)stack[0];
    char **words = (char **)(stack + 1);
    environ = words + count + 1;
    char **end = environ;
    while (*end) end++;
    auxiliary = (const Elf64_auxv_t *)(end + 1);
    const uintptr_t *chance = (const uintptr_t *)getauxval(AT_RANDOM);
    __stack_chk_guard = chance ? *chance & ~(uintptr_t)0xff : (uintptr_t)&stack;
    /* What was moved is written to no more. */
    const Elf64_Phdr *part = (const Elf64_Phdr *)getauxval(AT_PHDR);
    for (unsigned long left = getauxval(AT_PHNUM); part && left > 0; left--, part++)
        if (part->p_type == PT_GNU_RELRO) {
            uintptr_t from = ((uintptr_t)base + part->p_vaddr) & ~(uintptr_t)4095;
            uintptr_t to = ((uintptr_t)base + part->p_vaddr + part->p_memsz) & ~(uintptr_t)4095;
            if (to > from) call(SYS_mprotect, (long)from, (long)(to - from), PROT_READ, 0, 0, 0);
        }
    _exit(main(count, words));
}

_Noreturn void _exit(int status) {
    for (;;) call(SYS_exit_group, status, 0, 0, 0, 0, 0);
}

char *getenv(const char *name) {
    size_t length = strlen(name);
    for (char **at = environ; *at; at++)
        if (strlen(*at) > length && (*at)[length] == '=' && memcmp(*at, name, length) == 0) return *at + length + 1;
    return NULL;
}

/* Memory and texts. The compiler may call the first three for copies of its own, so they are made of instructions
 * that it cannot turn into calls of themselves. */

void *memcpy(void *restrict to, const void *restrict from, size_t length) {
    void *result = to;
    __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(length) : : "memory");
    return result;
}

void *memset(void *to, int byte, size_t length) {
    void *result = to;
    __asm__ volatile("rep stosb" : "+D"(to), "+c"(length) : "a"(byte) : "memory");
    return result;
}

void *memmove(void *to, const void *from, size_t length) {
    if ((uintptr_t)to - (uintptr_t)from >= length) return memcpy(to, from, length);
    unsigned char *last = (unsigned char *)to + length;
    const unsigned char *next = (const unsigned char *)from + length;
    while (length-- > 0) *--last = *--next;
    return to;
}

int memcmp(const void *left, const void *right, size_t length) {
    const unsigned char *a = left, *b = right;
    for (; length > 0; length--, a++, b++)
        if (*a != *b) return *a - *b;
    return 0;
}

void *memchr(const void *data, int byte, size_t length) {
    for (const unsigned char *at = data; length > 0; length--, at++)
        if (*at == (unsigned char)byte) return (void *)at;
    return NULL;
}

size_t strlen(const char *text) {
    size_t length = 0;
    while (text[length]) length++;
    return length;
}

int strcmp(const char *left, const char *right) {
    for (; *left && *left == *right; left++) right++;
    return (unsigned char)*left - (unsigned char)*right;
}

char *strchr(const char *text, int byte) {
    for (;; text++) {
        if (*text == (char)byte) return (char *)text;
        if (!*text) return NULL;
    }
}

char *strrchr(const char *text, int byte) {
    const char *found = NULL;
    for (;; text++) {
        if (*text == (char)byte) found = text;
        if (!*text) return (char *)found;
    }
}

char *strstr(const char *text, const char *part) {
    size_t length = strlen(part);
    for (size_t left = strlen(text); left >= length; text++, left--)
        if (memcmp(text, part, length) == 0) return (char *)text;
    return NULL;
}

char *strcpy(char *restrict to, const char *restrict from) { return memcpy(to, from, strlen(from) + 1); }

/* Calls of the kernel, alphabetically. */

int chdir(const char *folder) { return (int)CALL(SYS_chdir, folder, 0, 0, 0, 0, 0); }
int clock_gettime(clockid_t clock, struct timespec *now) { return (int)CALL(SYS_clock_gettime, clock, now, 0, 0, 0, 0); }
int close(int file) { return (int)CALL(SYS_close, file, 0, 0, 0, 0, 0); }
int connect(int file, const struct sockaddr *address, socklen_t length) {
    return (int)CALL(SYS_connect, file, address, length, 0, 0, 0);
}
int dup2(int file, int number) { return (int)CALL(SYS_dup2, file, number, 0, 0, 0, 0); }
int execve(const char *path, char *const words[], char *const variables[]) {
    return (int)CALL(SYS_execve, path, words, variables, 0, 0, 0);
}
int fchdir(int folder) { return (int)CALL(SYS_fchdir, folder, 0, 0, 0, 0, 0); }
int fcntl(int file, int command, ...) {
    va_list more;
    va_start(more, command);
    long argument = va_arg(more, long);
    va_end(more);
    return (int)CALL(SYS_fcntl, file, command, argument, 0, 0, 0);
}
pid_t fork(void) { return (pid_t)CALL(SYS_fork, 0, 0, 0, 0, 0, 0); }
int fstat(int file, struct stat *status) { return (int)CALL(SYS_fstat, file, status, 0, 0, 0, 0); }
char *getcwd(char *path, size_t size) { return CALL(SYS_getcwd, path, size, 0, 0, 0, 0) > 0 ? path : NULL; }
uid_t geteuid(void) { return (uid_t)call(SYS_geteuid, 0, 0, 0, 0, 0, 0); }
pid_t getpid(void) { return (pid_t)call(SYS_getpid, 0, 0, 0, 0, 0, 0); }
pid_t getppid(void) { return (pid_t)call(SYS_getppid, 0, 0, 0, 0, 0, 0); }
int getrlimit(__rlimit_resource_t resource, struct rlimit *limit) {
    return (int)CALL(SYS_prlimit64, 0, resource, 0, limit, 0, 0);
}
int getsockopt(int file, int level, int name, void *restrict value, socklen_t *restrict length) {
    return (int)CALL(SYS_getsockopt, file, level, name, value, length, 0);
}
int kill(pid_t process, int number) { return (int)CALL(SYS_kill, process, number, 0, 0, 0, 0); }
off_t lseek(int file, off_t offset, int from) { return CALL(SYS_lseek, file, offset, from, 0, 0, 0); }
void *mmap(void *at, size_t length, int protection, int flags, int file, off_t offset) {
    return (void *)CALL(SYS_mmap, at, length, protection, flags, file, offset);
}
int open(const char *path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    long mode = flags & O_CREAT ? (long)va_arg(more, mode_t) : 0;
    va_end(more);
    return (int)CALL(SYS_openat, AT_FDCWD, path, flags, mode, 0, 0);
}
int pipe(int ends[2]) { return (int)CALL(SYS_pipe, ends, 0, 0, 0, 0, 0); }
int prctl(int option, ...) {
    va_list more;
    long words[4];
    va_start(more, option);
    for (int at = 0; at < 4; at++) words[at] = va_arg(more, long);
    va_end(more);
    return (int)CALL(SYS_prctl, option, words[0], words[1], words[2], words[3], 0);
}
/* The kernel takes its own set of signals, which begins as the C library's does, and puts the time that was left into
 * the timeout, which POSIX does not. */
int pselect(int count, fd_set *restrict reading, fd_set *restrict writing, fd_set *restrict others,
            const struct timespec *restrict timeout, const sigset_t *restrict mask) {
    struct timespec left = {0, 0};
    struct {
        const sigset_t *mask;
        size_t size;
    } signals = {mask, 8};
    if (timeout) left = *timeout;
    return (int)CALL(SYS_pselect6, count, reading, writing, others, timeout ? &left : NULL, &signals);
}
ssize_t read(int file, void *data, size_t length) { return CALL(SYS_read, file, data, length, 0, 0, 0); }
ssize_t readlink(const char *restrict path, char *restrict text, size_t size) {
    return CALL(SYS_readlink, path, text, size, 0, 0, 0);
}
ssize_t recv(int file, void *data, size_t length, int flags) {
    return CALL(SYS_recvfrom, file, data, length, flags, 0, 0);
}
ssize_t send(int file, const void *data, size_t length, int flags) {
    return CALL(SYS_sendto, file, data, length, flags, 0, 0);
}
ssize_t sendmsg(int file, const struct msghdr *message, int flags) {
    return CALL(SYS_sendmsg, file, message, flags, 0, 0, 0);
}
int setrlimit(__rlimit_resource_t resource, const struct rlimit *limit) {
    return (int)CALL(SYS_prlimit64, 0, resource, limit, NULL, 0, 0);
}
pid_t setsid(void) { return (pid_t)CALL(SYS_setsid, 0, 0, 0, 0, 0, 0); }
int socket(int family, int type, int protocol) { return (int)CALL(SYS_socket, family, type, protocol, 0, 0, 0); }
long syscall(long number, ...) {
    va_list more;
    long words[6];
    va_start(more, number);
    for (int at = 0; at < 6; at++) words[at] = va_arg(more, long);
    va_end(more);
    return CALL(number, words[0], words[1], words[2], words[3], words[4], words[5]);
}
int unlink(const char *path) { return (int)CALL(SYS_unlink, path, 0, 0, 0, 0, 0); }
pid_t waitpid(pid_t process, int *status, int options) {
    return (pid_t)CALL(SYS_wait4, process, status, options, NULL, 0, 0);
}
ssize_t write(int file, const void *data, size_t length) { return CALL(SYS_write, file, data, length, 0, 0, 0); }

/* Signals. */

struct kernel_action {
    void (*handler)(int);
    unsigned long flags;
    void (*restorer)(void);
    unsigned long mask;
};
#define NEEDS_RESTORER 0x04000000ul

void bare_restore(void);
__asm__(".text\n"
        ".hidden bare_restore\n"
        ".type bare_restore, @function\n"
        "bare_restore:\n"
        "    movl $15, %eax\n" /* rt_sigreturn */
        "    syscall\n");

int sigaction(int number, const struct sigaction *restrict action, struct sigaction *restrict before) {
    struct kernel_action next, last;
    if (action) {
        next.handler = action->sa_handler;
        next.flags = (unsigned long)(unsigned)action->sa_flags | NEEDS_RESTORER;
        next.restorer = bare_restore;
        memcpy(&next.mask, &action->sa_mask, sizeof next.mask);
    }
    int result = (int)CALL(SYS_rt_sigaction, number, action ? &next : NULL, before ? &last : NULL, 8, 0, 0);
    if (result == 0 && before) {
        memset(before, 0, sizeof *before);
        before->sa_handler = last.handler;
        before->sa_flags = (int)last.flags;
        memcpy(&before->sa_mask, &last.mask, sizeof last.mask);
    }
    return result;
}
int sigaltstack(const stack_t *restrict stack, stack_t *restrict before) {
    return (int)CALL(SYS_sigaltstack, stack, before, 0, 0, 0, 0);
}
int sigprocmask(int how, const sigset_t *restrict set, sigset_t *restrict before) {
    return (int)CALL(SYS_rt_sigprocmask, how, set, before, 8, 0, 0);
}
int sigemptyset(sigset_t *set) {
    memset(set, 0, sizeof *set);
    return 0;
}
int sigdelset(sigset_t *set, int number) {
    ((unsigned long *)set)[0] &= ~(1ul << (number - 1));
    return 0;
}
int sigsuspend(const sigset_t *mask) { return (int)CALL(SYS_rt_sigsuspend, mask, 8, 0, 0, 0, 0); }
int sigaddset(sigset_t *set, int number) {
    ((unsigned long *)set)[0] |= 1ul << (number - 1);
    return 0;
}
