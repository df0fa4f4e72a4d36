"""Two parsers read the corpus alike: where the first one trusts itself, the second one gives the same tree."""

import pytest

from spawngate.command import bash, shfmt
from spawngate.command.syntax import Misread
from spawngate.endpoint.shfmt import syntax_tree
from tests.command.corpus import COMMANDS


@pytest.mark.parametrize("text", COMMANDS)
def test_both_parsers_agree(text: str) -> None:
    answer = syntax_tree(text)
    assert answer is not None
    second = shfmt.lower(text, answer)
    try:
        first = bash.lower(text)
    except Misread:
        return
    assert first == second
