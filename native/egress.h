/* The ways out of a jail that lead to the relay: sockets that listen where the jailed process can reach them, handed to
 * the relay, which accepts on them from outside.
 *
 * Belongs here: those sockets, and the variables that tell a program of them. Must not be here: who may be reached (the
 * relay), and the walls (jail.c). unix(7), cmsg(3).
 */
#ifndef SPAWNGATE_EGRESS_H
#define SPAWNGATE_EGRESS_H

#include <stddef.h>
#include <stdint.h>

#define SG_EGRESS_PORTS 16
#define SG_EGRESS_ROUTES 32

/* One port of one host, for programs that know of no proxy: the host's name leads to an address of the jail's own
 * loopback, where that port is the relay's. */
struct sg_route {
    const char *name;
    uint16_t port;
};

struct sg_egress {
    int channel; /* A connected Unix socket to the relay; 0: there are no such ways. */
    uint16_t forwards[SG_EGRESS_PORTS]; /* Ports of the host's loopback that are to be found on the jail's. */
    size_t forward_count;
    struct sg_route routes[SG_EGRESS_ROUTES];
    size_t route_count;
    uint16_t port; /* Filled in: where the relay's proxy is, on 127.0.0.1. */
};

/* Listens on a free port of 127.0.0.1, and with `own` (a network namespace of the jail's) on those of `forwards` and
 * `routes`, and sends each with its descriptor as `P` and its port, or `R` and its place in `routes`, in two bytes, the
 * higher first; then closes the channel. A port that cannot be had is left out; 0, or -1 where the first one cannot. */
int sg_egress_open(struct sg_egress *egress, int own);

/* Which address the name of a route leads to, as text in `address`: the same for the same name. */
#define SG_EGRESS_ADDRESS 16
void sg_egress_address(const struct sg_egress *egress, size_t route, char *address);

/* Whether a variable of an environment, `NAME=value`, says where a proxy is or what needs none. */
int sg_egress_names(const char *variable);

#define SG_EGRESS_VARIABLES 12

/* Puts the variables that lead programs to the relay's proxy into `made`; how many, at most SG_EGRESS_VARIABLES. */
size_t sg_egress_variables(const struct sg_egress *egress, char **made);

#endif
