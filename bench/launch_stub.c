/* The program that stands in for every program of a launch: it leaves canaries wherever it can, and is no MCP server.
 *
 * `launch_stage` compiles it, statically, with these paths. A canary at KEPT, SECOND or TEMPORARY outside of a jail means
 * that something ran unconfined; a connection to PORT or a descriptor above 2 means that the jail leaks.
 * Must not be here: anything that would harm a machine on which it runs by mistake.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static void leave(const char *path, const char *words) {
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0666);
    if (file == -1) return;
    if (write(file, words, strlen(words)) < 0) { /* A full or sealed place keeps no canary. */
    }
    close(file);
}

static int reaches(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int file = socket(AF_INET, SOCK_STREAM, 0);
    if (file == -1) return 0;
    int reached = connect(file, (struct sockaddr *)&address, sizeof address) == 0;
    close(file);
    return reached;
}

/* A socket of the machine: `path` is a file's, or an abstract name behind a NUL of `size` bytes. */
static void knock(const char *path, size_t size) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int file = socket(AF_UNIX, SOCK_STREAM, 0);
    if (file == -1) return;
    memcpy(address.sun_path, path, size);
    (void)!connect(file, (struct sockaddr *)&address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size));
    close(file);
}

int main(int count, char **words) {
    char line[4096], open_ones[256] = "";
    for (int at = 3; at < 64; at++)
        if (fcntl(at, F_GETFD) != -1 && strlen(open_ones) < 200) sprintf(open_ones + strlen(open_ones), "%d,", at);
    snprintf(line, sizeof line, "%d|%s|%s|net=%d|fds=%s\n", (int)getpid(), count > 0 ? words[0] : "",
             count > 1 ? words[1] : "", reaches(PORT), open_ones);
    for (char *at = line; at[1]; at++)
        if (*at == '\n') *at = ' ';
    mkdir(FOLDER, 0777);
    leave(FOLDER "/" NAME, line);
    leave(SECOND, line);
    leave(TEMPORARY, line);
    leave(NAME, line);
    leave("/proc/1/root" FOLDER "/" NAME, line);
    leave("/proc/self/root" FOLDER "/../" NAME, line);
    knock(DOOR, strlen(DOOR));
    knock("\0" NAME, sizeof NAME);
    if (write(1, "canary\n", 7) < 0 || write(2, line, strlen(line)) < 0) return 1;
    return 0;
}
