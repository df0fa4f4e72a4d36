/* Landlock and seccomp, as far as a jail needs them: the kernel's interfaces, by version.
 *
 * Must not be here: which places are open (jail.c). landlock(7), seccomp(2), include/uapi/linux/{landlock,seccomp}.h;
 * numbers that older headers lack are written out.
 */
#ifndef SPAWNGATE_WALLS_H
#define SPAWNGATE_WALLS_H

#include "jail.h"

/* Version of the kernel's Landlock; 0: none. */
long sg_landlock_version(void);

/* A descriptor of rules that close every way to files, and without `network` to ports (version 4 and later); -1 where there can be none. */
int sg_landlock_rules(long version, int network);

/* Opens `path` and what is below it; one that does not exist is passed over. */
void sg_landlock_allow(int rules, long version, const char *path, enum sg_access access);

/* Lets the port be connected to by TCP (version 4 and later). 0, or -1. */
int sg_landlock_port(int rules, unsigned port);

/* 0, or -1. For this process and all below it; there is no way back. */
int sg_landlock_enter(int rules);

struct sg_calls {
    int unix_sockets; /* Sockets with names may be made: none of the host's can be seen. */
    int network;      /* Internet sockets may be made: they are wanted, or lead nowhere. */
    int streams;      /* Of those only TCP, whose ports another wall tells apart. */
    int signals;      /* Other walls keep signals inside. */
};

/* 0, or -1. Refuses the calls that lead out of a jail; the rest goes on. */
int sg_seccomp(const struct sg_calls *calls);

#endif
