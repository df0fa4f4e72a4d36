"""Keys of model providers by name, and no other secrets."""

import pytest

from spawngate.launch.provider_keys import PROVIDER_KEYS, is_provider_key


@pytest.mark.parametrize(
    "name",
    [
        "ANTHROPIC_API_KEY",
        "OPENAI_API_KEY",
        "GEMINI_API_KEY",
        "openai_api_key",
        "OPENAI_TEAM_A_API_KEY",
        "ANTHROPIC_AUTH_TOKEN",
    ],
)
def test_keys(name: str) -> None:
    assert is_provider_key(name)


@pytest.mark.parametrize(
    "name",
    [
        "GITHUB_TOKEN",
        "NOTION_API_KEY",
        "ANTHROPIC_MODEL",
        "OPENAI_BASE_URL",
        "API_KEY",
        "",
        "AWS_ACCESS_KEY_ID",
        "BRAVE_API_KEY",
    ],
)
def test_no_keys(name: str) -> None:
    assert not is_provider_key(name)


def test_the_table_is_written_as_it_is_looked_up() -> None:
    assert {name for name in PROVIDER_KEYS if name != name.upper() or not is_provider_key(name)} == set()
    assert len(PROVIDER_KEYS) > 80
