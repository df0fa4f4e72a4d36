/* The walls around a process that is not trusted, each by itself: namespaces with a root of their own, Landlock,
 * seccomp, limits. Linux only; elsewhere none holds.
 *
 * Must not be here: who is confined and why, and what the walls leave open (the caller's places).
 * namespaces(7), user_namespaces(7), pivot_root(2), landlock(7), seccomp(2).
 */
#ifndef SPAWNGATE_JAIL_H
#define SPAWNGATE_JAIL_H

#include "egress.h"

#include <stddef.h>

enum sg_access {
    SG_READ,  /* Read and execute. */
    SG_COPY,  /* Read, and write to a copy that is thrown away; read only where there can be no copy. */
    SG_WRITE, /* Everything. */
    SG_LINK,  /* A symbolic link of that name to `target`. */
    SG_HOLLOW, /* An empty folder, where there is a root of our own. */
};

struct sg_place {
    enum sg_access access;
    const char *path; /* Absolute. One that does not exist is passed over. */
    const char *target;
};

struct sg_jail {
    const struct sg_place *places; /* Parents before what they hold. */
    size_t place_count;
    int network;         /* The host's network is left. */
    int offered;         /* Nothing of the network is left but `egress`; `network` says what becomes of that where it
                          * cannot be: 1 leaves the whole, 0 nothing. */
    struct sg_egress *egress; /* The ways out; NULL for none. */
    int limits;          /* A probe's limits: processes, size of files. */
    long cpu_seconds;    /* 0: no limit. */
    const char *home;    /* Path that is an empty folder inside; NULL for none. */
    const char *scratch; /* A folder that can be written where there is no root of our own. */
    const char *folder;  /* Working folder. */

    /* What holds; filled in by the functions below. */
    int user, pid, net, ipc, mount, seccomp;
    int ports; /* Only single ports can be connected to. */
    long landlock; /* Version of the kernel's interface; 0: none. */
};

/* New namespaces for this process and for the children it makes from now on (pid). */
void sg_jail_unshare(struct sg_jail *jail);

/* A root with nothing but the system's programs, the places and empty folders, in the namespace that
 * sg_jail_unshare made; the first process in it calls this. Without one, or where it fails, all stays as it was. */
void sg_jail_root(struct sg_jail *jail);

/* No capabilities, no way to new ones, Landlock and seccomp, for this process and all below it. */
void sg_jail_close(struct sg_jail *jail);

/* 1 where what holds keeps a process from the user's files, from other processes and (unless it was given) from the
 * network. */
int sg_jail_holds(const struct sg_jail *jail);

#endif
