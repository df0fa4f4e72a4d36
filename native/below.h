/* Ending whatever runs below a process: the end of a launch, and of a probe.
 *
 * Must not be here: who is told of it, and when it is time.
 */
#ifndef SPAWNGATE_BELOW_H
#define SPAWNGATE_BELOW_H

#include <stdint.h>
#include <sys/types.h>

/* SIGKILL to every child of this process, and to their children as they fall to it, until none is left or `until` has
 * passed; `group` is a process group that is killed first, 0 for none. Reaches the detached ones only where this
 * process is a subreaper (prctl(2)), and that is on Linux. How many were killed. */
long sg_end_below(pid_t group, int64_t until);

#endif
