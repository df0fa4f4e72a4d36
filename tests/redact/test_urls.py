"""Addresses, part by part."""

import re

import pytest

from spawngate.redact.marks import MARK, Marker
from spawngate.redact.urls import keep, pairs, url
from tests.redact.shown import shown

TOKEN = "xQ7mK2vR9tL4wZ8nB5cD"


def redacted(text: str) -> str:
    """The redacted address with every marker shortened to its type."""
    return shown(url(Marker(b"k"), text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("postgres://u:hunter2@h:5432/db?sslmode=require", "postgres://u:<dsn-password>@h:5432/db?sslmode=require"),
        ("postgres://u:p/w?x#y@h/db", "postgres://u:<dsn-password>@h/db"),
        (
            "https://u:2/6529574366576683/9925737748037717:987ea87266f4decda45080ebffa34254@h/x",
            "https://u:<asana-token>@h/x",
        ),
        ("https://h/2/6529574366576683/9925737748037717:987ea87266f4decda45080ebffa34254", "https://h/<asana-token>"),
        ("https://u:/asZqCoMdiFpMLkmYdC9SV7+nsi4Xh8IWphCl8co@h/x", "https://u:<url-password>@h/x"),
        ("https://pat1234567.ghp_" + "a1B2" * 9 + ".h/x", "https://pat1234567.<github-token>.h/x"),
        ("ghp-" + TOKEN + "://h/x", "<high-entropy>://h/x"),
        ("https://h/x?url=https%3a%2f%2fu%3ap%40h%2F&debug=1", "https://h/x?url=<url-query>&debug=1"),
        ("https://h/x?source=https%3a%2f%2fu%3ap%40h", "https://h/x?source=https%3a%2f%2fu%3a<url-password>%40h"),
        ("mysql://u:a@b@h/db", "mysql://u:<dsn-password>@h/db"),
        ("https://u:hunter2@h/x", "https://u:<url-password>@h/x"),
        ("redis://:hunter2@h:6379/0", "redis://:<dsn-password>@h:6379/0"),
        ("amqp://guest:guest@h//", "amqp://guest:<dsn-password>@h//"),
        (f"https://{TOKEN}@h/x", "https://<url-user>@h/x"),
        (f"https://{TOKEN}:x-oauth-basic@h/x", "https://<url-user>:x-oauth-basic@h/x"),
        ("https://git@github.com/o/r", "https://git@github.com/o/r"),
        ("jdbc:postgresql://h/db?user=u&password=p", "jdbc:postgresql://h/db?user=<url-query>&password=<url-query>"),
        (
            "jdbc:sqlserver://h:1433;databaseName=d;user=u;password=p;encrypt=true",
            "jdbc:sqlserver://h:1433;databaseName=d;user=u;password=<url-parameter>;encrypt=true",
        ),
        ("https://h/x?api_key=abc&region=eu", "https://h/x?api_key=<url-query>&region=eu"),
        ("https://h/x?zz=abc&debug=true", "https://h/x?zz=<url-query>&debug=true"),
        (f"https://h/x?{TOKEN}", "https://h/x?<url-query>"),
        ("https://h/x?redirect=1&url=https%3A%2F%2Fu%3Ap%40h%2F", "https://h/x?redirect=1&url=<url-query>"),
        ("https://h/mcp/3f2504e0-4f89-41d3-9a0c-0305e82c3301/sse", "https://h/mcp/<url-path>/sse"),
        (f"https://h/s/{TOKEN}/mcp", "https://h/s/<url-path>/mcp"),
        ("https://h/a;jsessionid=abc/b", "https://h/a;jsessionid=<url-parameter>/b"),
        ("https://h/cb#access_token=abc", "https://h/cb#access_token=<url-fragment>"),
        (f"https://h/cb#{TOKEN}", "https://h/cb#<url-fragment>"),
        ("https://h/doc#getting-started", "https://h/doc#getting-started"),
        (
            "https://hooks.slack.com/services/T00000000/B00000000/abcdefgh",
            "https://hooks.slack.com/services/<webhook>/<webhook>/<webhook>",
        ),
        ("https://discord.com/api/webhooks/123/abc-def_G", "https://discord.com/api/webhooks/123/<webhook>"),
        ("https://api.telegram.org/bot1:abc/getMe", "https://api.telegram.org/bot<webhook>/getMe"),
        (f"https://{TOKEN}.example.com/x", "https://<url-host>.example.com/x"),
        ("https://h:Secret9!/x", "https://h:<url-password>/x"),
        ("https://h/a/b?x=${TOKEN}", "https://h/a/b?x=${TOKEN}"),
        (
            "https://acc.blob.core.windows.net/c?sv=2022-11-02&sig=a%2Bb",
            "https://acc.blob.core.windows.net/c?sv=<url-query>&sig=<url-query>",
        ),
    ],
)
def test_url(text: str, expected: str) -> None:
    assert redacted(text) == expected


def test_port_of_a_template_stays() -> None:
    assert redacted("http://localhost:${PORT}/x") == "http://localhost:${PORT}/x"
    assert redacted("http://localhost:<port>/x") == "http://localhost:<port>/x"


def test_pairs_is_a_form_body() -> None:
    found = re.sub(MARK, "*", pairs(Marker(b"k"), "user=me&password=x&page=2"))
    assert found == "user=*&password=*&page=2"


def test_keep() -> None:
    mark = Marker(b"k").hide("x", "text", "a")
    assert keep(mark)
    assert keep(mark + mark)
    assert not keep(mark + "x")
    assert keep("${X}")
    assert keep("%24%7BX%7D")
    assert not keep("x")
