"""The look of tokens: what stays readable and what does not."""

import random
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from spawngate.redact import opaque
from spawngate.redact.names import listed
from spawngate.redact.opaque import (
    is_base64,
    is_dense,
    is_hex,
    is_project_ref,
    is_random,
    is_store_name,
    is_uuid,
    usualness,
    verdict,
)
from tests.redact.generators import LOOKALIKE_TYPES, LOOSE_TYPES, WORD_TYPES


@pytest.mark.parametrize(
    "token",
    sorted(
        listed("""
    hunter correcthorsebattery mcp-server-filesystem @modelcontextprotocol/server-github @scope/pkg@1.2.3 pkg@latest
    name==1.4.2 name>=1,<2 v1.2.3-beta.4 dev@example.com git@github.com alice@build-01 origin/main HEAD~3
    3f2504e0-4f89-41d3-9a0c-0305e82c3301 sha256:1f2e3d4c5b6a79880716253443526170f1e2d3c4b5a6978807162534435261ff
    4f1c2d3e 4f1c2d3e4b5a src/components/Button.tsx camelCaseIdentifier AbstractSingletonProxyFactoryBean
    SCREAMING_SNAKE_CASE
    claude-sonnet-4-5-20250929 gpt-4o-mini-2024-07-18 text-embedding-3-large x86_64-unknown-linux-gnu base64url oauth2
    csv2json log4j2 kubernetes i18n 2025-11-21T10:00:00Z 127.0.0.1:3000 1920x1080 #ff8800 C++17 **/*.ts mcp__.*__write.*
    %Y-%m-%d s3://bucket/key ubuntu-24.04 node:22-bookworm-slim ghcr.io/org/image:v0.18.0 org/repo#123 README.md#L10-L20
    Claude_pzs8sxrjxfjjc OpenAI.Codex_2p2nqsd0c76g0!App 9N8CJ4W95TBZ Sheet1!A1 x/passwd==2.0 calc!A0==2.0
    password_file max_tokens 123456789012 eanggfilgoajaocelnaflolkadkeghjp @100mslive/react-ui 0x1c00007""")
    ),
)
def test_harmless_tokens(token: str) -> None:
    assert verdict(token) is None


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("P@ssw0rd!", "password"),
        ("Tr0ub4dor&3", "password"),
        ("Password123", "password"),
        ("Summer!2024", "password"),
        ("Welcome1!", "password"),
        ("hunter2", "password"),
        ("Dr4g0n#8", "password"),
        ("Monday%1911", "password"),
        ("admin@123", "password"),
        ("9f86d081884c7d65", "password"),
        ("9f86d081884c7d659a2feaa0c55ad015", "high-entropy"),
        ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "high-entropy"),
        ("xQ7mK2vR9tL4wZ8n", "password"),
        ("xQ7mK2vR9tL4wZ8nB5cD", "high-entropy"),
        ("P%40ssw0rd%21", "password"),
    ],
)
def test_credentials(token: str, expected: str) -> None:
    assert verdict(token) == expected


@pytest.mark.parametrize("kind", sorted(set(LOOSE_TYPES) - WORD_TYPES - LOOKALIKE_TYPES))
def test_generated_secrets_are_seen(kind: str) -> None:
    rng = random.Random(kind)
    drawn = [LOOSE_TYPES[kind](rng) for _ in range(200)]
    assert [secret for secret in drawn if verdict(secret) is None] == []


def test_is_uuid() -> None:
    assert is_uuid("3f2504e0-4f89-41d3-9a0c-0305e82c3301")
    assert not is_uuid("3f2504e0-4f89-41d3-9a0c-0305e82c330")


def test_is_hex() -> None:
    assert is_hex("0123456789abcdef")
    assert not is_hex("0123456789abcdeF")
    assert not is_hex("1234567890123456")
    assert not is_hex("abcdefabcdefabcd")
    assert is_hex("1" * 32)


def test_usualness_tells_words_from_chance() -> None:
    assert usualness("documentation") > 6.5
    assert usualness("xqzjvkwpfh") < 4.5
    assert usualness("x") == 9.0


def test_is_random_never_for_short_or_numbers() -> None:
    assert not is_random("x9Kq2z")
    assert not is_random("12345678901234567890")
    assert is_random("qzxkvjwpmtqzxk")


def test_is_dense_looks_across_separators() -> None:
    assert is_dense("aB3x/K9zQ/w2Lp/7TrY/m4Nv")
    assert not is_dense("home/alice/projects/server")


def test_is_project_ref() -> None:
    assert is_project_ref("--project-ref", "abcdefghijklmnopqrst")
    assert not is_project_ref("--project-ref", "abcdefghijklmnopqrs1")
    assert not is_project_ref("--token", "abcdefghijklmnopqrst")


def test_repetition_is_not_random() -> None:
    for token in ("x" * 5000, "abc123" * 800, "A" * 40, "my-Server2-" * 400):
        assert verdict(token) is None


def test_is_base64_tells_keys_from_paths() -> None:
    rng = random.Random(1)
    drawn = [LOOSE_TYPES[kind](rng) for kind in ("aws-secret-key", "base64-key", "base64url-key") for _ in range(400)]
    assert [secret for secret in drawn if not is_base64(secret)] == []
    for path in (
        "/Users/alice/Projects/McpServer/Build/Release",
        "/home/alice/go/pkg/mod/GithubComMarkServer/V2",
        "Users/Shared/Applications/ClaudeDesktop/Contents/MacOS",
        "Long-Extension-Name-With-Many-Words_And_2_Numbers",
        "4f1c2d3e4b5a69788796a5b4c3d2e1f001122334",
    ):
        assert not is_base64(path)


def test_is_store_name() -> None:
    assert is_store_name("OpenAI.Codex_2p2nqsd0c76g0")
    assert is_store_name("Claude_pzs8sxrjxfjjc!Claude")
    assert not is_store_name("key_pzs8sxrjxfjjc")
    assert not is_store_name("Claude_pzs8sxrjxfjjcx")


NEVER = re.compile(r"(?!)")


@given(st.text("abcxyzABZ0159._/:,-", max_size=21))
@example("test/job_12.py")
@example("passw0rd.12")
@example("abcdefgh1jk.py")
def test_words_of_short_pieces_are_judged_as_without_the_short_way(token: str) -> None:
    found = opaque.verdict(token)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opaque, "_SHORT_PIECES", NEVER)
        assert opaque.verdict(token) == found


@given(st.text("abZ019@#=<>^~!.-/_[]", max_size=24))
@example("name==1.2")
@example("user@host.example")
def test_a_sign_stands_in_all_that_needs_one(token: str) -> None:
    assert opaque._TIED.fullmatch(token) is None or opaque._TIES.search(token) is not None


@pytest.mark.parametrize(
    "token",
    sorted(
        listed("""
    HEAD~1234 HEAD~3^2 HEAD^ ORIG_HEAD~1234 main~1234 origin/main~1234 origin/main@{1} main@{2026-01-01} @{u} @~1234
    stash@{12} upstream/develop~4321 refs/heads/main~1234 abc1234^ abc1234~1234 abc1234..def5678 ^main~1234
    HEAD~1234..HEAD~12 HEAD~1234...origin/main HEAD~1234.. v1.2.3^{} HEAD^{tree} HEAD~1234^{commit}
    v1.2.3-4-gabcdef0 v1.2.3-14-gabcdef01 release-2024.1-12-g1a2b3c4d v10.20.30-rc.1-234-g0a1b2c3d4e
    1.2.3-4-g1a2b3c4-dirty
    sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    ghcr.io/a/b:1.2@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    550e8400-e29b-41d4-a716-446655440000 session-550e8400-e29b-41d4-a716-446655440000
    """)
    ),
)
def test_revisions_digests_and_ids_of_sessions(token: str) -> None:
    assert verdict(token) is None


@pytest.mark.parametrize(
    "token",
    sorted(
        listed("""
    summer~2024 hunter2~1234 Passw0rd~1234 admin~1234 zQ9~1234 xK9d~8842 Winter^2024 HEAD~1234Xq HEAD~Tr0ub4dor
    main~Tr0ub4dor&3 stash@Tr0ub4dor&3 abc1234~Xq9!z v1.2.3-4-gTr0ub4dor&3 sha256:Tr0ub4dor&3 correcthorse~1234!
    550e8400e29b41d4a716446655440000 0123456789abcdef0123456789abcdef..x abc1234..Tr0ub4dor&3
    """)
    ),
)
def test_what_only_begins_like_a_revision_or_a_digest(token: str) -> None:
    assert verdict(token) is not None
