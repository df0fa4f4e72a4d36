/* SHA-256 (FIPS 180-4), so that a record can name an event without holding it. */
#ifndef SPAWNGATE_SHA256_H
#define SPAWNGATE_SHA256_H

#include <stddef.h>

/* 64 lower-case hexadecimal digits and a NUL. */
void sg_sha256(const unsigned char *data, size_t length, char hex[65]);

#endif
