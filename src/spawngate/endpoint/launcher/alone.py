"""SHELL. What a relay does without the daemon: its configuration, and a line in the spool for what it let go on.

Belongs here: launch.conf from the folder of the launcher's program, and lines of `model.alone`. Must not be here: which
failure means what (`session`).
"""

from __future__ import annotations

import os
import time

from spawngate.model.launchconf import MAX_CONF, LaunchConf, LaunchConfError, for_user, parse

AGENT = "launcher"
_FLAGS = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
_REGULAR = 0o100000


def read_conf(folder: str) -> LaunchConf | None:
    """launch.conf in `folder` with this user's paths; None where it is missing, not whole, or others could write it."""
    try:
        file = os.open(f"{folder}/launch.conf", os.O_RDONLY | _FLAGS)
    except OSError:
        return None
    try:
        status = os.fstat(file)
        if status.st_mode & 0o170000 != _REGULAR or status.st_mode & 0o022 or status.st_uid not in (0, os.geteuid()):
            return None
        data = b""
        while len(data) <= MAX_CONF and (got := os.read(file, MAX_CONF + 1)):
            data += got
        conf = parse(data)
    except (OSError, LaunchConfError):
        return None
    finally:
        os.close(file)
    conf.socket, conf.spool = for_user(conf.socket, os.geteuid()), for_user(conf.spool, os.geteuid())
    return conf


def note(conf: LaunchConf, verb: str, failure: str, payload: bytes) -> bool:
    """One line for what goes on without the daemon's knowledge. False where it was neither written nor counted."""
    line = b'{"time":"%s","agent":"%s","event":"%s","failure":"%s","verdict":"open","bytes":%d,"sha256":"%s"}\n' % (
        time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()).encode(),
        AGENT.encode(),
        verb.encode(),
        failure.encode(),
        len(payload),
        _digest(payload),
    )
    try:
        if _append(conf.spool, line, conf.spool_limit):
            return True
        # Full. The file beside it is as long as the number of lines that did not fit.
        return _append(f"{conf.spool}.dropped", b".", 1 << 30)
    except OSError:
        return False


def _append(path: str, line: bytes, limit: int) -> bool:
    """Append to a file of our own. False where it would grow over `limit`; OSError where it cannot be written."""
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | _FLAGS, 0o600)
    try:
        status = os.fstat(file)
        if status.st_mode & 0o170000 != _REGULAR or status.st_uid != os.geteuid():
            raise OSError
        if status.st_size + len(line) > limit:
            return False
        if os.write(file, line) != len(line):
            raise OSError
    finally:
        os.close(file)
    return True


def _digest(data: bytes) -> bytes:
    """SHA-256 in hexadecimal digits, by whichever module is compiled in; empty where none is."""
    for name in ("_sha256", "_sha2", "_hashlib"):
        try:
            module = __import__(name)
        except ImportError:
            continue
        made = module.openssl_sha256(data) if name == "_hashlib" else module.sha256(data)
        return str(made.hexdigest()).encode()
    return b""
