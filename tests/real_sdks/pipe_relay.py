"""A relay over pipes for the tests: `python pipe_relay.py LOG DENY WITHHOLD -- command args...`.

Everything that the relay asks is answered at once: tools of DENY (comma-separated) are denied, those of WITHHOLD taken
out of lists. LOG gets a line of JSON for each question. The real shell is `endpoint/launcher`; this one has no daemon.
"""

import json
import subprocess
import sys
import threading
from typing import IO

from spawngate.protocol.framing import Lines
from spawngate.protocol.relay import Relay


def main() -> int:
    log, deny, withhold = sys.argv[1], sys.argv[2].split(","), sys.argv[3].split(",")
    server = subprocess.Popen(sys.argv[5:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
    assert server.stdin is not None
    assert server.stdout is not None
    to_server, from_server = server.stdin, server.stdout
    relay, lock = Relay(), threading.Lock()

    def carry_out(line: bytes, from_agent: bool) -> None:
        with lock, open(log, "a") as record:
            steps = list(relay.from_agent(line) if from_agent else relay.from_server(line))
            while steps:
                step = steps.pop(0)
                if step[0] == "server":
                    to_server.write(step[1])
                elif step[0] == "agent":
                    sys.stdout.buffer.write(step[1])
                    sys.stdout.buffer.flush()
                elif step[0] == "call":
                    print(json.dumps(["call", step[2], step[3]]), file=record)
                    verdict = "deny" if step[2] in deny else "allow"
                    steps += relay.resolve(step[1], verdict, "denied by the test")
                else:
                    names = None if step[3] is None else [tool["name"] for tool in step[3]]
                    print(json.dumps(["tools", step[2], names, step[4]]), file=record)
                    steps += relay.resolve(step[1], "allow", "", withhold)

    def pump(source: IO[bytes], from_agent: bool) -> None:
        lines = Lines()
        while data := source.read1(65536) if from_agent else source.read(65536):  # type: ignore[attr-defined]  # stdin is buffered, the pipe is not
            for line in lines.feed(data):
                carry_out(line, from_agent)
        if lines.pending:
            carry_out(lines.pending, from_agent)
        if from_agent:
            to_server.close()

    threading.Thread(target=pump, args=(sys.stdin.buffer, True), daemon=True).start()
    pump(from_server, False)
    return server.wait()


if __name__ == "__main__":
    sys.exit(main())
