#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "launchconf.h"

#include <string.h>

/* Directives that only the relay reads are known here too: what is unknown may be meant to refuse. */
static const char *const OTHERS[] = {"socket", "spool", "deadline-ms", "spool-limit", "failure"};
#define OTHER_COUNT (sizeof OTHERS / sizeof OTHERS[0])

static int read_directive(char *line, struct sg_launch_conf *conf, unsigned *seen) {
    char *word = strchr(line, ' ');
    if (line[0] == '\0' || line[0] == '#') return 0;
    if (!word || word[1] == '\0' || strchr(word + 1, ' ')) return -1;
    *word++ = '\0';
    if (strcmp(line, "interpreter") == 0 && !conf->interpreter[0]) return sg_conf_path(word, conf->interpreter);
    if (strcmp(line, "relay") == 0 && !conf->relay[0]) return sg_conf_path(word, conf->relay);
    for (size_t at = 0; at < OTHER_COUNT; at++)
        if (strcmp(line, OTHERS[at]) == 0 && !(*seen & 1u << at)) {
            *seen |= 1u << at;
            return 0;
        }
    return -1;
}

int sg_launch_conf_parse(char *text, size_t length, struct sg_launch_conf *conf) {
    static const char first[] = "spawngate-launch 1\n", last[] = "\nend\n";
    unsigned seen = 0;
    memset(conf, 0, sizeof *conf);
    if (length < sizeof first - 1 + sizeof last - 1) return -1;
    if (memcmp(text, first, sizeof first - 1) != 0) return -1;
    if (memcmp(text + length - (sizeof last - 1), last, sizeof last - 1) != 0) return -1;
    for (size_t at = 0; at < length; at++)
        if ((unsigned char)(text[at] - 1) > 0x7e) return -1; /* NUL, or no ASCII */
    text[length - 5] = '\0';
    for (char *line = text + sizeof first - 1; line;) {
        char *end = strchr(line, '\n');
        if (end) *end = '\0';
        if (read_directive(line, conf, &seen) != 0) return -1;
        line = end ? end + 1 : NULL;
    }
    return conf->interpreter[0] && conf->relay[0] && seen == (1u << OTHER_COUNT) - 1 ? 0 : -1;
}

int sg_launch_conf_read(const char *folder, char *text, struct sg_launch_conf *conf) {
    long length = sg_conf_load(folder, "launch.conf", text);
    return length < 0 ? -1 : sg_launch_conf_parse(text, (size_t)length, conf);
}
