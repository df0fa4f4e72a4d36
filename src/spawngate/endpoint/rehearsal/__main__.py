"""SHELL. `python -m spawngate.endpoint.rehearsal AGENT PROGRAM`: one rehearsal, as JSON on standard output."""

import sys

import msgspec

from spawngate.endpoint.rehearsal.rehearse import candidates, perform


def main(agent: str, program: str) -> None:
    """`agent`: Spawngate's id of one that can be rehearsed."""
    (found,) = candidates([agent])
    sys.stdout.buffer.write(msgspec.json.encode(perform(found, program)))


if __name__ == "__main__":
    main(*sys.argv[1:])
