"""SHELL. The relay's first lines: `PYTHON -I -S -B main.py FOLDER CLOSED PARENT --id ENTRY -- COMMAND [ARGUMENT...]`.

Without `site` nothing finds our package, so its folder is added here, behind the standard library: what lies beside the
package can replace nothing. Must not be here: anything else; this file is compiled anew at every start.
"""

import sys


def main() -> None:
    """Run the relay. Never returns."""
    sys.path.append(__file__.rpartition("/spawngate/")[0])
    from spawngate.endpoint.launcher import opening

    opening.main(sys.argv[1:])


if __name__ == "__main__":
    main()
