"""What names of flags, keys, variables and headers say."""

import pytest

from spawngate.redact import names
from spawngate.redact.names import listed


@pytest.mark.parametrize(
    "name",
    sorted(
        listed("""
    token apiKey api-key API_KEY access_token --password PGPASSWORD MYSQL_PWD clientSecret client-secret dbpassword
    authtoken x-api-key Authorization GITHUB_PERSONAL_ACCESS_TOKEN aws_secret_access_key private-key passphrase secret
    db.password //npm.example.test/:_authToken credentials connectionString DSN webhook sig AccountKey sharedAccessKey
    token_value secretText password1 key cookie jwt""")
    ),
)
def test_secret_names(name: str) -> None:
    assert names.is_secret(name)


@pytest.mark.parametrize(
    "name",
    sorted(
        listed("""
    max-tokens maxTokens tokenizer token-file tokenFile password-file passwordStdin api-key-env keyboard author
    authored-by monkey no-auth public-key primary_key keymap auth-type authMode token_endpoint tokenUrl key-id
    secret-name token-limit prompt_tokens output-tokens use-token sessionId port x compass bypass""")
    ),
)
def test_names_about_secrets(name: str) -> None:
    assert not names.is_secret(name)


def test_words_of() -> None:
    assert names.words_of("HTTPServerApi-Key_2x") == ["http", "server", "api", "key", "2", "x"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("auth", True),
        ("key", True),
        ("api-key", False),
        ("password", False),
        ("model.key", True),
        ("azure.api.key", False),
    ],
)
def test_is_vague(name: str, expected: bool) -> None:
    assert names.is_vague(name) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("dsn", True), ("sentryDsn", True), ("connection-string", True), ("database-password", False)],
)
def test_is_connection(name: str, expected: bool) -> None:
    assert names.is_connection(name) is expected


@pytest.mark.parametrize("name", ["NODE_ENV", "LOG_LEVEL", "PATH", "http_proxy".upper().replace("HTTP_PROXY", "TZ")])
def test_harmless_variables(name: str) -> None:
    assert names.is_harmless_env(name)
    assert not names.is_telling_env(name)


@pytest.mark.parametrize(
    "name",
    [
        "NODE_OPTIONS",
        "LD_PRELOAD",
        "DYLD_INSERT_LIBRARIES",
        "npm_config_registry",
        "UV_EXTRA_INDEX_URL",
        "https_proxy",
        "PIP_INDEX_URL",
        "ANTHROPIC_BASE_URL",
    ],
)
def test_telling_variables(name: str) -> None:
    assert names.is_telling_env(name)


def test_other_variables_are_neither() -> None:
    assert not names.is_harmless_env("API_KEY")
    assert not names.is_telling_env("API_KEY")


def test_headers() -> None:
    assert names.is_harmless_header("Content-Type")
    assert not names.is_harmless_header("X-Api-Key")
    assert names.is_header("X-Anything")
    assert names.is_header("Authorization")
    assert not names.is_header("Note")


def test_query() -> None:
    assert names.is_harmless_query("sslmode")
    assert names.is_harmless_query("readOnly")
    assert not names.is_harmless_query("apiKey")
