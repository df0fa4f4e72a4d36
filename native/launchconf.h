/* launch.conf, the small file beside spawngate-launch: model/launchconf.py writes it and has its grammar.
 *
 * Must not be here: what the relay alone needs of it (socket, spool, failure meaning), which it reads by itself.
 */
#ifndef SPAWNGATE_LAUNCHCONF_H
#define SPAWNGATE_LAUNCHCONF_H

#include "conf.h"

struct sg_launch_conf {
    char interpreter[SG_PATH_SIZE]; /* Absolute path of the Python that runs the relay. */
    char relay[SG_PATH_SIZE];       /* Absolute path of the relay's main file. */
};

/* Reads `text` of `length` bytes (and room for one more), which it changes. 0, or -1 where it is no launch.conf. */
int sg_launch_conf_parse(char *text, size_t length, struct sg_launch_conf *conf);

/* The same of launch.conf in `folder`. `text` holds SG_CONF_SIZE + 1 bytes. */
int sg_launch_conf_read(const char *folder, char *text, struct sg_launch_conf *conf);

#endif
