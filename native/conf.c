#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "conf.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int sg_is_name(const char *text) {
    size_t length = strlen(text);
    if (length == 0 || length > 64 || text[0] == '-') return 0;
    for (const char *at = text; *at; at++)
        if (!((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= ':') || *at == '-' ||
              *at == '_' || *at == '.'))
            return 0;
    return 1;
}

static int is_pattern(const char *text) { return strcmp(text, "*") == 0 || sg_is_name(text); }

static int hex(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

/* Takes %XX out of `word` where it stands. Bytes of the value, or -1. */
static long unquote(char *word) {
    unsigned char *out = (unsigned char *)word;
    if (word[0] == '\0') return -1;
    if (strcmp(word, "-") == 0) return 0;
    for (const char *at = word; *at; at++) {
        if (*at == '%') {
            int high = hex(at[1]);
            int low = high < 0 ? -1 : hex(at[2]);
            if (low < 0) return -1;
            *out++ = (unsigned char)(high << 4 | low);
            at += 2;
        } else if (*at < 0x21 || *at > 0x7e || *at == '{' || *at == '}' || *at == '#') {
            return -1;
        } else {
            *out++ = (unsigned char)*at;
        }
    }
    return (long)(out - (unsigned char *)word);
}

/* Parts between are unquoted apart, so that a quoted brace stays one. */
int sg_conf_path(char *word, char path[SG_PATH_SIZE]) {
    size_t have = 0;
    size_t named = 0; /* Length as the file means it: {uid} counts as five bytes. */
    for (;;) {
        char *user = strstr(word, "{uid}");
        if (user) *user = '\0';
        if (word[0] != '\0') {
            long length = strcmp(word, "-") == 0 ? 1 : unquote(word);
            if (length < 0 || have + (size_t)length >= SG_PATH_SIZE) return -1;
            memcpy(path + have, word, (size_t)length);
            have += (size_t)length;
            named += (size_t)length;
        }
        if (!user) break;
        struct sg_text text = {path, SG_PATH_SIZE, have};
        char number[SG_NUMBER_SIZE];
        sg_number(geteuid(), number);
        if (sg_put(&text, number) != 0) return -1;
        have = text.length;
        named += 5;
        word = user + 5;
    }
    path[have] = '\0';
    return named < SG_PATH_SIZE && path[0] == '/' && strlen(path) == have ? 0 : -1;
}

static int read_number(const char *word, long low, long high, long *number) {
    long long value = 0; /* Ten digits are more than 32 bits. */
    size_t length = strlen(word);
    if (length == 0 || length > 10) return -1;
    for (; *word; word++) {
        if (*word < '0' || *word > '9') return -1;
        value = value * 10 + (*word - '0');
    }
    if (value < low || value > high) return -1;
    *number = (long)value;
    return 0;
}

static int read_fallback(char **words, const char *agent, const char *event, struct sg_conf *conf) {
    int failure = -1;
    long code;
    if (!is_pattern(words[0]) || !is_pattern(words[1])) return -1;
    for (int at = 0; at < SG_FAILURES; at++)
        if (strcmp(words[2], SG_FAILURE_NAMES[at]) == 0) failure = at;
    if (failure < 0 && strcmp(words[2], "*") != 0) return -1;
    if (strcmp(words[3], "open") != 0 && strcmp(words[3], "closed") != 0) return -1;
    if (read_number(words[4], 0, 255, &code) != 0) return -1;
    long out = unquote(words[5]), err = unquote(words[6]);
    if (out < 0 || err < 0) return -1;

    int any_agent = strcmp(words[0], "*") == 0, any_event = strcmp(words[1], "*") == 0;
    if (!any_agent && strcmp(words[0], agent) != 0) return 0;
    if (!any_event && strcmp(words[1], event) != 0) return 0;
    int rank = (any_agent ? 0 : 4) + (any_event ? 0 : 2) + (failure < 0 ? 0 : 1);
    struct sg_fallback fallback = {
        .rank = rank,
        .closed = words[3][0] == 'c',
        .exit_code = (unsigned)code,
        .stdout_data = (const unsigned char *)words[5],
        .stdout_length = (size_t)out,
        .stderr_data = (const unsigned char *)words[6],
        .stderr_length = (size_t)err,
    };
    for (int at = 0; at < SG_FAILURES; at++)
        if ((failure < 0 || failure == at) && rank >= conf->fallbacks[at].rank) conf->fallbacks[at] = fallback;
    return 0;
}

#define MOST_WORDS 8

static int read_words(char **words, size_t count, const char *agent, const char *event, struct sg_conf *conf) {
    if (strcmp(words[0], "on") == 0 && count == 8) return read_fallback(words + 1, agent, event, conf);
    if (count != 2) return -1;
    if (strcmp(words[0], "env") == 0) {
        if (!sg_is_name(words[1]) || conf->variable_count == SG_MAX_VARIABLES) return -1;
        conf->variables[conf->variable_count++] = words[1];
        return 0;
    }
    if (strcmp(words[0], "socket") == 0 && !conf->socket[0]) return sg_conf_path(words[1], conf->socket);
    if (strcmp(words[0], "spool") == 0 && !conf->spool[0]) return sg_conf_path(words[1], conf->spool);
    if (strcmp(words[0], "deadline-ms") == 0 && conf->deadline_ms < 0)
        return read_number(words[1], 1, 60000, &conf->deadline_ms);
    if (strcmp(words[0], "request-limit") == 0 && conf->request_limit < 0)
        return read_number(words[1], 1, 64l << 20, &conf->request_limit);
    if (strcmp(words[0], "spool-limit") == 0 && conf->spool_limit < 0)
        return read_number(words[1], 0, 1l << 30, &conf->spool_limit);
    return -1;
}

/* One line up to its newline or NUL, which becomes a NUL like the spaces between its words. The begin of the next one,
 * or NULL after the last; `*good` becomes 0 where the line is not understood. The file has a line for every agent and is
 * read before every tool call: each byte is looked at once here, and once where it is unquoted. */
static char *read_line(char *line, const char *agent, const char *event, struct sg_conf *conf, int *good) {
    char *words[MOST_WORDS];
    size_t count = 0;
    char *at = line;
    int is_comment = line[0] == '#' || line[0] == '\n' || line[0] == '\0';
    words[count++] = line;
    for (; *at != '\n' && *at != '\0'; at++)
        if (*at == ' ' && !is_comment) {
            *at = '\0';
            if (count == MOST_WORDS) {
                *good = 0;
                return NULL;
            }
            words[count++] = at + 1;
        }
    char *next = *at == '\n' ? at + 1 : NULL;
    *at = '\0';
    if (!is_comment && read_words(words, count, agent, event, conf) != 0) *good = 0;
    return next;
}

int sg_conf_parse(char *text, size_t length, const char *agent, const char *event, struct sg_conf *conf) {
    static const char first[] = "spawngate-hook 1\n", last[] = "\nend\n";
    memset(conf, 0, sizeof *conf);
    conf->deadline_ms = conf->request_limit = conf->spool_limit = -1;
    for (int at = 0; at < SG_FAILURES; at++) conf->fallbacks[at].rank = -1;
    if (length < sizeof first - 1 + sizeof last - 1) return -1;
    if (memcmp(text, first, sizeof first - 1) != 0) return -1;
    if (memcmp(text + length - (sizeof last - 1), last, sizeof last - 1) != 0) return -1;
    unsigned odd = 0;
    for (size_t at = 0; at < length; at++) odd |= (unsigned char)(text[at] - 1) > 0x7e; /* NUL, or no ASCII */
    if (odd) return -1;
    text[length - 5] = '\0';
    int good = 1;
    for (char *line = text + sizeof first - 1; line && good;) line = read_line(line, agent, event, conf, &good);
    return good && conf->socket[0] && conf->spool[0] && conf->deadline_ms >= 0 && conf->request_limit >= 0 &&
                   conf->spool_limit >= 0
               ? 0
               : -1;
}

long sg_conf_load(const char *folder, const char *name, char *text) {
    char path[SG_PATH_SIZE] = "";
    struct sg_text whole = {path, sizeof path, 0};
    struct stat status;
    size_t have = 0;
    if (sg_put(&whole, folder) != 0 || sg_put(&whole, "/") != 0 || sg_put(&whole, name) != 0) return -1;
    int opened = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (opened == -1) return -1;
    int usable = fstat(opened, &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & 022) == 0 &&
                 (status.st_uid == 0 || status.st_uid == geteuid());
    while (usable && have <= SG_CONF_SIZE) {
        ssize_t got = read(opened, text + have, SG_CONF_SIZE + 1 - have);
        if (got < 0) usable = 0;
        if (got <= 0) break;
        have += (size_t)got;
    }
    close(opened);
    return usable && have <= SG_CONF_SIZE ? (long)have : -1;
}

int sg_conf_read(const char *folder, char *text, const char *agent, const char *event, struct sg_conf *conf) {
    long length = sg_conf_load(folder, "hook.conf", text);
    return length < 0 ? -1 : sg_conf_parse(text, (size_t)length, agent, event, conf);
}
