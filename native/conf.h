/* hook.conf, the small file beside the program: docs/hook-protocol.md has its grammar, model/hookconf.py writes it.
 *
 * Must not be here: the default answer where there is no usable file (the program's own).
 */
#ifndef SPAWNGATE_CONF_H
#define SPAWNGATE_CONF_H

#include "core.h"

#define SG_CONF_SIZE (256u << 10)
#define SG_PATH_SIZE 4096u
#define SG_MAX_VARIABLES 256u

/* What one failure is answered with. Points into the text that sg_conf_parse was given. */
struct sg_fallback {
    int rank; /* -1: no line fits */
    int closed;
    unsigned exit_code;
    const unsigned char *stdout_data;
    size_t stdout_length;
    const unsigned char *stderr_data;
    size_t stderr_length;
};

struct sg_conf {
    char socket[SG_PATH_SIZE];
    char spool[SG_PATH_SIZE];
    long deadline_ms;
    long request_limit;
    long spool_limit;
    const char *variables[SG_MAX_VARIABLES];
    size_t variable_count;
    struct sg_fallback fallbacks[SG_FAILURES];
};

/* 1 to 64 letters, digits and -_.: and no dash in front. */
int sg_is_name(const char *text);

/* Reads `text` of `length` bytes (and room for one more), which it changes. 0, or -1 where it is no hook.conf. */
int sg_conf_parse(char *text, size_t length, const char *agent, const char *event, struct sg_conf *conf);

/* An absolute path out of one word, which it changes; {uid} becomes the user's number. 0, or -1. */
int sg_conf_path(char *word, char path[SG_PATH_SIZE]);

/* The text of a file in `folder` that only we or root can have written. `text` holds SG_CONF_SIZE + 1 bytes. Bytes
 * of it, or -1. */
long sg_conf_load(const char *folder, const char *name, char *text);

/* sg_conf_parse of hook.conf in `folder`, loaded into `text`. */
int sg_conf_read(const char *folder, char *text, const char *agent, const char *event, struct sg_conf *conf);

#endif
