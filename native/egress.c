#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "egress.h"

#include "core.h"

#if defined(__linux__)
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define QUEUE 64
#define LOOPBACK 0x0100007fu /* 127.0.0.1 as it lies in memory of little-endian machines, the only ones with walls. */

#define ROUTED 0x0000017fu   /* 127.1.0.0 */

static uint16_t swapped(uint16_t value) { return (uint16_t)(value << 8 | value >> 8); }

/* Number of the first route of the same name. */
static size_t first_of(const struct sg_egress *egress, size_t route) {
    for (size_t at = 0; at < route; at++)
        if (strcmp(egress->routes[at].name, egress->routes[route].name) == 0) return at;
    return route;
}

void sg_egress_address(const struct sg_egress *egress, size_t route, char *address) {
    char digits[SG_NUMBER_SIZE];
    struct sg_text text = {address, SG_EGRESS_ADDRESS, 0};
    sg_number(first_of(egress, route) + 1, digits);
    address[0] = '\0';
    sg_put(&text, "127.1.0.");
    sg_put(&text, digits);
}

/* A socket that listens on 127.0.0.1, or for a route of that number on its address, and on which port; -1 for none.
 * `port` 0: any. */
static int listening(uint16_t *port, size_t route) {
    struct sockaddr_in address;
    unsigned length = sizeof address;
    int file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (file == -1) return -1;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = swapped(*port);
    address.sin_addr.s_addr = route ? ROUTED | (uint32_t)route << 24 : LOOPBACK;
    if (syscall(SYS_bind, file, &address, sizeof address) == 0 && syscall(SYS_listen, file, QUEUE) == 0 &&
        syscall(SYS_getsockname, file, &address, &length) == 0) {
        *port = swapped(address.sin_port);
        return file;
    }
    close(file);
    return -1;
}

static int hand_over(int channel, char kind, uint16_t number, int file) {
    unsigned char text[3] = {(unsigned char)kind, (unsigned char)(number >> 8), (unsigned char)number};
    union {
        struct cmsghdr head;
        unsigned char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec part = {text, sizeof text};
    struct msghdr message;
    memset(&message, 0, sizeof message);
    memset(&control, 0, sizeof control);
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = &control;
    message.msg_controllen = sizeof control.bytes;
    control.head.cmsg_level = SOL_SOCKET;
    control.head.cmsg_type = SCM_RIGHTS;
    control.head.cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(&control.head), &file, sizeof file);
    return sendmsg(channel, &message, MSG_NOSIGNAL) == (ssize_t)sizeof text ? 0 : -1;
}

static int open_one(int channel, uint16_t *port, const struct sg_egress *routed, size_t route) {
    int file = listening(port, routed ? first_of(routed, route) + 1 : 0);
    if (file == -1) return -1;
    int done = routed ? hand_over(channel, 'R', (uint16_t)route, file) : hand_over(channel, 'P', *port, file);
    close(file); /* The relay's alone from now on: it is there as long as the relay is. */
    return done;
}

int sg_egress_open(struct sg_egress *egress, int own) {
    int done;
    egress->port = 0;
    done = open_one(egress->channel, &egress->port, NULL, 0);
    for (size_t at = 0; done == 0 && own && at < egress->forward_count; at++) {
        uint16_t port = egress->forwards[at];
        open_one(egress->channel, &port, NULL, 0);
    }
    for (size_t at = 0; done == 0 && own && at < egress->route_count; at++) {
        uint16_t port = egress->routes[at].port;
        open_one(egress->channel, &port, egress, at);
    }
    close(egress->channel);
    if (done != 0) egress->port = 0;
    return done;
}

/* Each in the spellings that are read, and how npm calls them. ALL_PROXY too says http: libraries that find a scheme
 * there which they lack a module for refuse to work at all. */
static const char *const PROXY[] = {"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy",
                                    "npm_config_proxy", "npm_config_https_proxy"};
static const char *const DIRECT[] = {"NO_PROXY", "no_proxy", "npm_config_noproxy"};
#define NO_PROXY_NEEDED "=localhost,127.0.0.1,::1"
static const char NODE[] = "NODE_USE_ENV_PROXY";
#define COUNT(list) (sizeof(list) / sizeof(list)[0])
#define TEXT_SIZE 64

static int is_variable(const char *variable, const char *name) {
    size_t length = strlen(name);
    return strlen(variable) > length && memcmp(variable, name, length) == 0 && variable[length] == '=';
}

int sg_egress_names(const char *variable) {
    int found = is_variable(variable, NODE);
    for (size_t at = 0; at < COUNT(PROXY); at++) found |= is_variable(variable, PROXY[at]);
    for (size_t at = 0; at < COUNT(DIRECT); at++) found |= is_variable(variable, DIRECT[at]);
    return found;
}

static char *variable_of(char *place, const char *name, const char *value, const char *rest) {
    struct sg_text text = {place, TEXT_SIZE, 0};
    place[0] = '\0';
    return sg_put(&text, name) == 0 && sg_put(&text, value) == 0 && sg_put(&text, rest) == 0 ? place : NULL;
}

size_t sg_egress_variables(const struct sg_egress *egress, char **made) {
    static char texts[SG_EGRESS_VARIABLES][TEXT_SIZE];
    char digits[SG_NUMBER_SIZE];
    size_t kept = 0;
    sg_number(egress->port, digits);
    for (size_t at = 0; at < COUNT(PROXY); at++)
        if ((made[kept] = variable_of(texts[kept], PROXY[at], "=http://127.0.0.1:", digits))) kept++;
    for (size_t at = 0; at < COUNT(DIRECT); at++)
        if ((made[kept] = variable_of(texts[kept], DIRECT[at], NO_PROXY_NEEDED, ""))) kept++;
    if ((made[kept] = variable_of(texts[kept], NODE, "=1", ""))) kept++;
    return kept;
}
#else
int sg_egress_names(const char *variable) {
    (void)variable;
    return 0;
}
size_t sg_egress_variables(const struct sg_egress *egress, char **made) {
    (void)egress;
    (void)made;
    return 0;
}
void sg_egress_address(const struct sg_egress *egress, size_t route, char *address) {
    (void)egress;
    (void)route;
    address[0] = '\0';
}
int sg_egress_open(struct sg_egress *egress, int own) {
    (void)egress;
    (void)own;
    return -1;
}
#endif
