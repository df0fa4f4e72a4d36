"""SHELL. Where a command writes its document: stdout, or a file.

Must not be here: what is written.
"""

import os
import sys

import click


def write(output: str, data: bytes, *, append: bool = False) -> None:
    """Write to stdout or a file (0600: an inventory is nobody else's business)."""
    if output == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    flags = os.O_WRONLY | os.O_CREAT | (os.O_APPEND if append else os.O_TRUNC)
    try:
        with os.fdopen(os.open(output, flags, 0o600), "wb") as file:
            file.write(data)
    except OSError as error:
        raise click.ClickException(f"cannot write {output}: {error.strerror}") from None
