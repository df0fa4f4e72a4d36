"""Secrets in texts that are given away."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.command.held_secrets import holds_secret

KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU=\n-----END OPENSSH PRIVATE KEY-----"
SECRETS = (
    "AKIAIOSFODNN7EXAMPLE",
    "DB_PASSWORD=hunter2",
    "my password is: hunter2supersecret",
    '{"api_key": "abcd1234efgh"}',
    "postgres://admin:S3cretPw9@db.example.com/prod",
    "root:x:0:0:root:/root:/bin/bash",
    "dev:$6$abcdefgh$ijklmnopqrstuv:19000:0:99999:7:::",
    KEY,
)


@pytest.mark.parametrize("text", SECRETS)
def test_a_secret(text: str) -> None:
    assert holds_secret(text)
    assert holds_secret(f"see {text} there")


@pytest.mark.parametrize("text", SECRETS)
def test_a_secret_in_another_form(text: str) -> None:
    data = f"data: {text}".encode()
    assert holds_secret(base64.b64encode(data).decode())
    assert holds_secret("c/" + base64.urlsafe_b64encode(data).decode())
    assert holds_secret(data.hex())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "password: must have 8 characters and 1 digit",
        "DB_PASSWORD=changeme",
        "export API_KEY=<your key 1>",
        "password = get_password1()",
        "postgres://user:password@localhost:5432/db",
        "https://example.com/?cursor=" + base64.b64encode(b"offset:100,limit:50,sort:created").decode(),
        "commit 9f0e878a27442e2a348d27acbe88071e4da89971",
        "The token economy of 2024",
    ],
)
def test_no_secret(text: str) -> None:
    assert not holds_secret(text)


@given(st.text(max_size=300) | st.text(alphabet="abcdef0123456789+/=_-:. ", max_size=300))
def test_any_text_before_a_secret(text: str) -> None:
    assert holds_secret(f"{text}\n{SECRETS[0]}")
