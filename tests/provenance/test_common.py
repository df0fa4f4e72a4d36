"""Common words are in the spelling of keys, and names that somebody chose are not among them."""

import pytest

from spawngate.provenance.common import COMMON
from spawngate.provenance.tokens import key_of


def test_all_are_keys() -> None:
    assert [word for word in COMMON if key_of(word) != word or word != word.lower()] == []


@pytest.mark.parametrize(
    "word", ["npm", "requirements.txt", "--save-dev", "github.com", "@playwright/mcp", "typescript", "mcpServers"]
)
def test_common(word: str) -> None:
    assert key_of(word.lower().encode()) in COMMON


@pytest.mark.parametrize("word", ["@evil/mcp-helper", "get.evil.example", "evil-helper", "tracker"])
def test_not_common(word: str) -> None:
    assert key_of(word.encode()) not in COMMON
