/* spawngate-hook AGENT [EVENT]: carries one hook event from an agent to the daemon, and its answer back.
 *
 * Whatever goes wrong has an answer of its own in hook.conf beside this program; where there is no usable hook.conf
 * the answer is no: exit 2 and a line on stderr. Agents let a call through when their hook crashes, is late or prints
 * half a sentence, so this program does none of it: it decides alone before its deadline, prints once, and leaves no
 * process behind. endpoint/client/hook_client.py behaves the same; tests/native/test_faults.py runs both.
 *
 * Must not be here: what an event or an answer means. docs/hook-protocol.md has the protocol and the file.
 */
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "conf.h"
#include "core.h"
#include "sha256.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MILLISECOND INT64_C(1000000)
#define GRACE (500 * MILLISECOND) /* For printing, when the deadline has gone by. */
#define MAX_VALUE 4096u           /* Bytes of a variable that is sent. */

static const char REFUSED[] = "spawngate: refused, because hook.conf beside the hook program is missing or not usable. "
                              "`spawngate status` tells more; `spawngate protect` writes it anew.\n";
static const char MISUSED[] = "usage: spawngate-hook AGENT [EVENT]\n";
/* Agents that run Claude Code's hook files may leave out the arguments that stand beside the command there. */
static const char UNNAMED[] = "claude-code";

static char conf_text[SG_CONF_SIZE + 1];
static struct sg_conf conf;
static int configured;
static unsigned closed_at_start;
static const char *agent, *event;

/* The only way out. An answer that cannot be delivered whole must not look like one that allows. */
static _Noreturn void answer(unsigned code, const void *out, size_t out_length, const void *err, size_t err_length,
                             int64_t until) {
    int lost = out_length > 0 && (closed_at_start & 2 || sg_write_all(1, out, out_length, until) != 0);
    if (err_length > 0 && !(closed_at_start & 4)) sg_write_all(2, err, err_length, until);
    _exit(lost ? 2 : (int)code);
}

static _Noreturn void refuse(const char *words) {
    answer(2, NULL, 0, words, strlen(words), sg_now() + GRACE);
}

static _Noreturn void answer_alone(const struct sg_fallback *fallback) {
    if (fallback->rank < 0) refuse(REFUSED);
    answer(fallback->exit_code, fallback->stdout_data, fallback->stdout_length, fallback->stderr_data,
           fallback->stderr_length, sg_now() + GRACE);
}

static void crashed(int number) {
    (void)number;
    if (!configured) refuse(REFUSED);
    answer_alone(&conf.fallbacks[SG_INTERNAL]);
}

static int append(const char *path, const char *line, size_t length, long limit) {
    struct stat status;
    int done = -1;
    int file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY, 0600);
    if (file == -1) return -1;
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid()) {
        done = 0;
        if (status.st_size + (off_t)length > limit)
            done = 1;
        else if (write(file, line, length) != (ssize_t)length)
            done = -1;
    }
    close(file);
    return done;
}

/* One line for a decision that the daemon does not know of. Names the event by its digest and holds nothing of it.
 * 0, or -1 where the line was neither written nor counted. */
static int record(enum sg_failure failure, int is_closed, const unsigned char *payload, size_t length) {
    char line[512], dropped[SG_PATH_SIZE + 16], digest[65] = "", when[SG_TIME_SIZE], bytes[SG_NUMBER_SIZE];
    struct sg_text text = {line, sizeof line, 0}, path = {dropped, sizeof dropped, 0};
    sg_time(sg_seconds(), when);
    sg_number(length, bytes);
    if (payload) sg_sha256(payload, length, digest);
    const char *parts[] = {"{\"time\":\"",     when,
                           "\",\"agent\":\"",   agent,
                           "\",\"event\":\"",   event,
                           "\",\"failure\":\"", SG_FAILURE_NAMES[failure],
                           "\",\"verdict\":\"", is_closed ? "closed" : "open",
                           "\",\"bytes\":",    bytes,
                           ",\"sha256\":\"",   digest,
                           "\"}\n"};
    for (size_t at = 0; at < sizeof parts / sizeof parts[0]; at++)
        if (sg_put(&text, parts[at]) != 0) return -1;
    int done = append(conf.spool, line, text.length, conf.spool_limit);
    if (done <= 0) return done;
    /* Full. The file beside it is as long as the number of lines that did not fit. */
    if (sg_put(&path, conf.spool) != 0 || sg_put(&path, ".dropped") != 0) return -1;
    return append(dropped, ".", 1, 1l << 30) == 0 ? 0 : -1;
}

static _Noreturn void fail(enum sg_failure failure, const unsigned char *payload, size_t length) {
    const struct sg_fallback *fallback = &conf.fallbacks[failure];
    int unrecorded = record(failure, fallback->rank < 0 || fallback->closed, payload, length) != 0;
    if (unrecorded && fallback->rank >= 0 && !fallback->closed) fallback = &conf.fallbacks[SG_UNRECORDED];
    answer_alone(fallback);
}

/* Everything on stdin, to its end even where it is too long: an agent that is still writing must not get EPIPE. */
static enum sg_failure read_event(unsigned char *payload, size_t limit, int64_t until, size_t *length) {
    static unsigned char beyond[64 << 10];
    enum sg_failure failure = SG_OK;
    *length = 0;
    if (closed_at_start & 1) return SG_EMPTY;
    for (;;) {
        int ready = sg_wait(0, 0, until, 1);
        if (ready != 1) return failure != SG_OK ? failure : ready == 0 ? SG_SLOW : SG_INTERRUPTED;
        ssize_t got = *length < limit ? read(0, payload + *length, limit - *length) : read(0, beyond, sizeof beyond);
        if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (got < 0) return SG_EMPTY;
        if (got == 0) return failure != SG_OK ? failure : *length == 0 ? SG_EMPTY : SG_OK;
        if (*length < limit)
            *length += (size_t)got;
        else
            failure = SG_OVERSIZED;
    }
}

static char header[SG_MAX_HEADER];
static size_t header_length;

/* 0, or -1 where the header has no room for the entry. */
static int put_entry(const char *prefix, const char *name, const char *value) {
    size_t sizes[3] = {strlen(prefix), strlen(name), strlen(value)};
    if (sizes[0] + sizes[1] + sizes[2] + 2 > sizeof header - header_length) return -1;
    char *to = header + header_length;
    memcpy(to, prefix, sizes[0]);
    memcpy(to + sizes[0], name, sizes[1]);
    to[sizes[0] + sizes[1]] = '=';
    memcpy(to + sizes[0] + sizes[1] + 1, value, sizes[2] + 1);
    header_length += sizes[0] + sizes[1] + sizes[2] + 2;
    return 0;
}

static void put_number(const char *name, pid_t number) {
    char digits[SG_NUMBER_SIZE];
    sg_number((uint64_t)number, digits);
    put_entry("", name, digits);
}

static void build_header(void) {
    char folder[SG_PATH_SIZE];
    put_entry("", "agent", agent);
    if (event[0]) put_entry("", "event", event);
    put_number("pid", getpid());
    put_number("parent", getppid());
    put_entry("", "client", "native");
    if (getcwd(folder, sizeof folder) && folder[0] == '/') put_entry("", "cwd", folder);
    for (size_t at = 0; at < conf.variable_count; at++) {
        const char *value = getenv(conf.variables[at]);
        if (value && (strlen(value) > MAX_VALUE || put_entry("env.", conf.variables[at], value) != 0))
            put_entry("", "omitted", conf.variables[at]);
    }
}

int main(int count, char **words) {
    static unsigned char received[SG_ANSWER_BUFFER];
    static char folder[SG_PATH_SIZE];
    int64_t begun = sg_now();
    closed_at_start = sg_own_descriptors();
    sg_own_signals(crashed);
    if (count == 2 && strcmp(words[1], "--version") == 0) {
        static const char version[] = "spawngate-hook 1\n";
        answer(0, version, sizeof version - 1, NULL, 0, begun + GRACE);
    }
    if (count > 3 || (count > 1 && !sg_is_name(words[1])) || (count == 3 && !sg_is_name(words[2]))) refuse(MISUSED);
    agent = count > 1 ? words[1] : UNNAMED;
    event = count == 3 ? words[2] : "";
    if (closed_at_start & 8) refuse(REFUSED);
    if (sg_own_folder(folder, sizeof folder) != 0 || sg_conf_read(folder, conf_text, agent, event, &conf) != 0)
        refuse(REFUSED);
    configured = 1;

    int64_t until = begun + conf.deadline_ms * MILLISECOND;
    size_t limit = (size_t)conf.request_limit, length = 0;
    /* Only the pages that an event fills become memory. */
    unsigned char *payload = mmap(NULL, limit, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
    if (payload == MAP_FAILED) fail(SG_INTERNAL, NULL, 0);
    enum sg_failure failure = read_event(payload, limit, until, &length);
    if (failure != SG_OK) fail(failure, payload, length);

    struct sg_answer reply;
    int daemon = -1;
    build_header();
    failure = sg_connect(conf.socket, until, &daemon);
    if (failure == SG_OK) failure = sg_send_request(daemon, header, header_length, payload, length, until);
    /* A daemon that answers without having read all is still believed: it is the same user's. */
    if (failure == SG_OK || (failure == SG_BROKEN && daemon != -1))
        failure = sg_receive_answer(daemon, received, until, &reply);
    if (failure != SG_OK) fail(failure, payload, length);
    answer(reply.exit_code, reply.stdout_data, reply.stdout_length, reply.stderr_data, reply.stderr_length,
           until > sg_now() + GRACE ? until : sg_now() + GRACE);
}
