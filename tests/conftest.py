"""How property tests look for examples, and what tests are called.

`make test` is a function of the tree: the same examples every time, so that a change is judged by what it changed.
`make test-random` looks for new ones; what it finds becomes an `@example`.
"""

import os

from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("random", deadline=None, print_blob=True, max_examples=300)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


LONGEST_NAME = 40


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """The name of a parameter in its test's name: None where pytest's own is good.

    Long bytes are named by their argument alone: packed data holds the time it was packed at, and workers that collect
    the same tests under different names refuse to begin.
    """
    return argname if isinstance(val, bytes) and len(val) > LONGEST_NAME else None
