"""How property tests look for examples.

`make test` is a function of the tree: the same examples every time, so that a change is judged by what it changed.
`make test-random` looks for new ones; what it finds becomes an `@example`.
"""

import os

from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("random", deadline=None, print_blob=True, max_examples=300)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
