"""`python -m spawngate`: the command line.

Must not be here: anything but the call.
"""

from spawngate.cli import main

if __name__ == "__main__":
    main()
