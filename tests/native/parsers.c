/* The native parsers as a program, for tests/native/test_parsers.py: records on stdin, one line of result for each.
 *
 * A record is one byte of kind (A answer, C configuration, H digest, L launch configuration, T time), a length in four bytes, and so many bytes. Every record is
 * copied to a block of exactly its size, so that a sanitizer sees one byte too many.
 */
#include "../../native/conf.h"
#include "../../native/core.h"
#include "../../native/launchconf.h"
#include "../../native/sha256.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void hex(const unsigned char *data, size_t length) {
    putchar(' ');
    if (length == 0) putchar('-');
    for (size_t at = 0; at < length; at++) printf("%02x", data[at]);
}

static void answer(const unsigned char *data, size_t length) {
    struct sg_answer found;
    printf("%ld", sg_answer_length(data, length));
    if (sg_answer_read(data, length, &found) == 0) {
        printf(" %u", found.exit_code);
        hex(found.stdout_data, found.stdout_length);
        hex(found.stderr_data, found.stderr_length);
    }
    putchar('\n');
}

static void conf(char *text, size_t length) {
    static struct sg_conf found;
    if (sg_conf_parse(text, length, "claude-code", "PostToolUse", &found) != 0) {
        puts("bad");
        return;
    }
    hex((unsigned char *)found.socket, strlen(found.socket));
    hex((unsigned char *)found.spool, strlen(found.spool));
    printf(" %ld %ld %ld", found.deadline_ms, found.request_limit, found.spool_limit);
    for (size_t at = 0; at < found.variable_count; at++) printf(" %s", found.variables[at]);
    for (int at = 0; at < SG_FAILURES; at++) {
        const struct sg_fallback *line = &found.fallbacks[at];
        printf(" %s", SG_FAILURE_NAMES[at]);
        if (line->rank < 0) continue;
        printf(" %d %u", line->closed, line->exit_code);
        hex(line->stdout_data, line->stdout_length);
        hex(line->stderr_data, line->stderr_length);
    }
    putchar('\n');
}

static void launch_conf(char *text, size_t length) {
    static struct sg_launch_conf found;
    if (sg_launch_conf_parse(text, length, &found) != 0) {
        puts("bad");
        return;
    }
    hex((unsigned char *)found.interpreter, strlen(found.interpreter));
    hex((unsigned char *)found.relay, strlen(found.relay));
    putchar('\n');
}

int main(void) {
    unsigned char head[5];
    while (fread(head, 1, sizeof head, stdin) == sizeof head) {
        size_t length = (size_t)head[1] << 24 | (size_t)head[2] << 16 | (size_t)head[3] << 8 | head[4];
        char digest[65];
        /* sg_conf_parse asks for room for one byte more. */
        unsigned char *data = malloc(length + (head[0] == 'C' || head[0] == 'L' ? 1 : 0) + (length == 0));
        if (!data || fread(data, 1, length, stdin) != length) return 1;
        if (head[0] == 'A') answer(data, length);
        if (head[0] == 'C') conf((char *)data, length);
        if (head[0] == 'L') launch_conf((char *)data, length);
        if (head[0] == 'H') {
            sg_sha256(data, length, digest);
            puts(digest);
        }
        if (head[0] == 'T') {
            int64_t seconds = 0;
            char text[SG_TIME_SIZE];
            for (size_t at = 0; at < length; at++) seconds = seconds << 8 | data[at];
            sg_time(seconds, text);
            sg_number((uint64_t)seconds, digest);
            printf("%s %s\n", digest, text);
        }
        free(data);
    }
    return 0;
}
