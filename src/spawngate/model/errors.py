"""Errors, classed by whom they blame. The command line turns each class into an exit code.

Must not be here: diagnostics of a scan, which are results and not errors (`model.observed.Diagnostic`).
"""


class SpawngateError(Exception):
    """Base. The message says what, where and what to do, and holds no value that was read from a file."""


class UsageError(SpawngateError):
    """The caller is to blame: an argument or an input file is wrong. Exit code 2."""


class StateError(SpawngateError):
    """The world is to blame: our own state cannot be read or written. Exit code 3."""
