"""SHELL. Overwriting the end of a segment past the page cache, durable when the call returns.

`pwrite` and `fdatasync` take the record through the page cache, the writeback of the whole file and the journal's
books; a direct write of the blocks that it falls into takes the same time on the disk and half the processor's time
before and behind it (open(2), "O_DIRECT" and "O_DSYNC"). It needs whole blocks in aligned memory, so the block in
which the records end so far is kept and written again, as the page cache would write it again.
Must not be here: what is written, and what follows from an error (`store`).
"""

import errno
import mmap
import os
from pathlib import Path

BLOCK = 4096
"""Bytes that any disk takes at once."""
LONGEST = 128 << 10
"""Bytes of a batch that is written this way."""
_FLAGS = getattr(os, "O_DIRECT", 0) and os.O_WRONLY | os.O_DIRECT | os.O_DSYNC | os.O_CLOEXEC | os.O_NOFOLLOW
_REFUSED = (errno.EINVAL, errno.EOPNOTSUPP)
"""What a file system says that cannot write this way."""


class Direct:
    """Writes into one file. Where the system or the file system cannot, `write` says so and nothing is written."""

    def __init__(self, path: Path, reading: int) -> None:
        """`reading`: a descriptor of the file, from which its last block can be read."""
        self._reading = reading
        self._buffer = mmap.mmap(-1, LONGEST + 2 * BLOCK)
        self._view = memoryview(self._buffer)
        self._known = -1
        """Where the content ends of which the buffer holds the last block; -1 for not known."""
        try:
            self._descriptor = os.open(path, _FLAGS) if _FLAGS else -1
        except OSError:
            self._descriptor = -1
        if self._descriptor >= 0 and not os.path.sameopenfile(self._descriptor, reading):
            self.close()

    def write(self, data: bytes, end: int, room: int) -> bool:
        """Put `data` at offset `end`, behind which the file holds zeros up to `room` bytes and more than that nothing.

        Whether the data are on the disk; where not, the blocks may hold a part of them, and are to be written again.
        Raises OSError.
        """
        start = end // BLOCK * BLOCK
        behind = end + len(data)
        stop = -(-behind // BLOCK) * BLOCK
        if self._descriptor < 0 or len(data) > LONGEST or stop > room:
            return False
        if self._known != end:
            kept = os.pread(self._reading, end - start, start)
            if len(kept) != end - start:
                return False
            self._buffer[: len(kept)] = kept
        self._known = -1
        self._buffer[end - start : behind - start] = data
        self._buffer[behind - start : stop - start] = bytes(stop - behind)
        try:
            written = os.pwrite(self._descriptor, self._view[: stop - start], start)
        except OSError as error:
            if error.errno in _REFUSED:
                self.close()
                return False
            raise
        if written != stop - start:
            return False
        last = behind // BLOCK * BLOCK
        if last > start:
            self._buffer[: behind - last] = self._buffer[last - start : behind - start]
        self._known = behind
        return True

    def close(self) -> None:
        """Write nothing more this way."""
        if self._descriptor >= 0:
            descriptor, self._descriptor = self._descriptor, -1
            os.close(descriptor)
