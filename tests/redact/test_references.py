"""References to values kept elsewhere, and what only looks like one."""

import pytest

from spawngate.redact.references import find, is_reference


@pytest.mark.parametrize(
    "text",
    [
        "${API_KEY}",
        "$API_KEY",
        "%API_KEY%",
        "$env:API_KEY",
        "${env:API_KEY}",
        "${input:api-key}",
        "{env:API_KEY}",
        "{file:~/.secrets/key}",
        "{{ api_key }}",
        "${{ secrets.API_KEY }}",
        "op://vault/item/field",
        "keychain:my-service",
        "vault:kv/data/app#key",
        "<YOUR_API_KEY>",
        "${USER}:${PASSWORD}",
        "${HOME}/bin/tool",
        "$(gh auth token)",
        "`pass show service`",
        "${API_KEY:-}",
    ],
)
def test_references(text: str) -> None:
    assert is_reference(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hunter2",
        "$ecret",
        "$ecret123",
        "pa${x}ss",
        "${HOME}hunter2",
        "${API_KEY:-hunter2}",
        "$(echo hunter2)",
        "${xQ7mK2vR9tL4wZ8nB5cD}",
        "${ghp_" + "a1B2" * 9 + "}",
        "op://xQ7mK2vR9tL4wZ8nB5cD",
        "<xQ7mK2vR9tL4wZ8nB5cD>",
        "vault:P@ssw0rd!",
    ],
)
def test_no_references(text: str) -> None:
    assert not is_reference(text)


def test_find_gives_spans() -> None:
    assert find("a/${X}/b$Y-%Z1%") == [(2, 6), (8, 10), (11, 15)]
