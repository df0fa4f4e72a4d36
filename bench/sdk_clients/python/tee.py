"""`python tee.py LOG -- COMMAND...`: runs a command and writes down, byte for byte, what goes in and comes out.

One line of JSON for each line: `[direction, text]` with `>` to the server, `<` from it, `!` from its standard error,
and `=` for its exit code. Must not be here: what is expected.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from typing import IO


def main() -> int:
    log = open(sys.argv[1], "w", buffering=1)  # noqa: SIM115  # it lasts as long as the process
    server = subprocess.Popen(
        sys.argv[3:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda got, _frame: server.send_signal(got))
    lock = threading.Lock()

    def carry(direction: str, source: IO[bytes] | None, target: IO[bytes] | None) -> None:
        assert source is not None
        for line in iter(source.readline, b""):
            with lock:
                print(json.dumps([direction, line.decode("utf-8", "surrogateescape")]), file=log)
            if target is not None:
                try:
                    target.write(line)
                    target.flush()
                except OSError:
                    break
        if direction == ">" and target is not None:
            target.close()

    writing = threading.Thread(target=carry, args=(">", sys.stdin.buffer, server.stdin), daemon=True)
    outputs = (("<", server.stdout, sys.stdout.buffer), ("!", server.stderr, None))
    reading = [threading.Thread(target=carry, args=each) for each in outputs]
    for thread in (writing, *reading):
        thread.start()
    for thread in reading:
        thread.join()
    status = server.wait()
    with lock:
        print(json.dumps(["=", str(status)]), file=log)
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)
