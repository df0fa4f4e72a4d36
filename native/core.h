/* What every native program of Spawngate shares: one deadline, signals, descriptors, whole writes, the way to the
 * daemon and the frames of docs/hook-protocol.md.
 *
 * Must not be here: any program's decisions, its configuration (conf.h), text for people.
 * No function allocates, and every one that waits takes the moment at which it gives up.
 */
#ifndef SPAWNGATE_CORE_H
#define SPAWNGATE_CORE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define SG_MAX_ANSWER (1u << 20)
#define SG_MAX_HEADER (64u << 10)
#define SG_ANSWER_PREFIX 16u
#define SG_REQUEST_PREFIX 12u
#define SG_ANSWER_BUFFER (SG_ANSWER_PREFIX + SG_MAX_ANSWER + 4u)

/* Why the daemon did not answer. The order is that of SG_FAILURE_NAMES. */
enum sg_failure {
    SG_OK = -1,
    SG_ABSENT,
    SG_UNTRUSTED,
    SG_BROKEN,
    SG_SLOW,
    SG_OVERSIZED,
    SG_EMPTY,
    SG_INTERRUPTED,
    SG_UNRECORDED,
    SG_INTERNAL,
    SG_FAILURES
};
extern const char *const SG_FAILURE_NAMES[SG_FAILURES];

/* Nanoseconds of a clock that never goes back. */
int64_t sg_now(void);

/* Seconds since 1970, UTC. */
int64_t sg_seconds(void);

#define SG_TIME_SIZE 32
#define SG_NUMBER_SIZE 24

/* RFC 3339, as 2026-11-21T15:00:00Z; empty for a year that has not four digits. */
void sg_time(int64_t seconds, char text[SG_TIME_SIZE]);

/* Decimal digits. */
void sg_number(uint64_t number, char text[SG_NUMBER_SIZE]);

/* A text that grows in a place of fixed size; always ends in a NUL. */
struct sg_text {
    char *data;
    size_t size;
    size_t length;
};

/* 0, or -1 where there is no room, and then nothing is put. */
int sg_put(struct sg_text *text, const char *more);

/* Descriptors 0, 1 and 2 exist afterwards; bit N of the result says that N was closed. All others are closed. */
unsigned sg_own_descriptors(void);

/* Signals that ask a process to end are noted instead, and seen by every wait; those that tell of a closed pipe or a
 * full disk become errors. `crashed` is called on a stack of its own when the program itself goes wrong; it must not
 * return. Signals that whoever started us ignores stay ignored. */
void sg_own_signals(void (*crashed)(int));

/* 1: `descriptor` can be read (or written); 0: `until` has passed; -1: a signal came and `heed` is set. */
int sg_wait(int descriptor, int writing, int64_t until, int heed);

/* All of `data`, without changing flags of a descriptor that others hold too. 0, or -1. */
int sg_write_all(int descriptor, const void *data, size_t length, int64_t until);

/* A connection to the daemon at `path`, in `*descriptor`. The folder must be 0700 and ours, the other side must run
 * as the same user. Changes the working folder, so that no path is too long for a socket's address. */
enum sg_failure sg_connect(const char *path, int64_t until, int *descriptor);

/* One request frame. */
enum sg_failure sg_send_request(int descriptor, const void *header, size_t header_length, const void *payload,
                                size_t payload_length, int64_t until);

struct sg_answer {
    unsigned exit_code;
    size_t stdout_length;
    size_t stderr_length;
    const unsigned char *stdout_data;
    const unsigned char *stderr_data;
};

/* Bytes of the whole answer frame that `data` begins; 0: not told yet; -1: these bytes begin no answer. */
long sg_answer_length(const unsigned char *data, size_t length);

/* 0 where `data` is exactly one whole answer, else -1. `answer` points into `data`. */
int sg_answer_read(const unsigned char *data, size_t length, struct sg_answer *answer);

/* The answer on `descriptor`, read into `buffer` of SG_ANSWER_BUFFER bytes. */
enum sg_failure sg_receive_answer(int descriptor, unsigned char *buffer, int64_t until, struct sg_answer *answer);

/* Absolute path of the folder that holds the running program. 0, or -1. */
int sg_own_folder(char *path, size_t size);

#endif
