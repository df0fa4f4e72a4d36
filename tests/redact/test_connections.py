"""Connection strings and keyword lists."""

import pytest

from spawngate.redact.connections import connection_string, is_connection_string, is_keyword_dsn, keyword_dsn
from spawngate.redact.marks import Marker
from tests.redact.shown import shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Server=h;Database=d;User Id=sa;Password=a;b;Encrypt=true",
            "Server=h;Database=d;User Id=sa;Password=<dsn-password>;Encrypt=true",
        ),
        ("Data Source=h; Pwd = x ;", "Data Source=h; Pwd = <dsn-password> ;"),
        (
            "DefaultEndpointsProtocol=https;AccountName=n;AccountKey=abc==;EndpointSuffix=core.windows.net",
            "DefaultEndpointsProtocol=https;AccountName=n;AccountKey=<dsn-password>;EndpointSuffix=core.windows.net",
        ),
        (
            "Endpoint=sb://n.servicebus.windows.net/;SharedAccessKeyName=root;SharedAccessKey=x",
            "Endpoint=sb://n.servicebus.windows.net/;SharedAccessKeyName=root;SharedAccessKey=<dsn-password>",
        ),
        ("Server=h;Password=${DB_PASSWORD}", "Server=h;Password=${DB_PASSWORD}"),
    ],
)
def test_connection_string(text: str, expected: str) -> None:
    assert is_connection_string(text)
    assert shown(connection_string(Marker(b"k"), text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("host=h port=5432 user=u password=p", "host=h port=5432 user=u password=<dsn-password>"),
        ("host=h password='a b' dbname=d", "host=h password=<dsn-password> dbname=d"),
        ("user=u password=", "user=u password="),
    ],
)
def test_keyword_dsn(text: str, expected: str) -> None:
    assert is_keyword_dsn(text)
    assert shown(keyword_dsn(Marker(b"k"), text)) == expected


@pytest.mark.parametrize("text", ["a=b;c=d", "x; y", "KEY=value", "for i=1;i<3;i=i+1"])
def test_no_connection_string(text: str) -> None:
    assert not is_connection_string(text)


@pytest.mark.parametrize("text", ["A=b C=d", "HOST=h PORT=1 cmd", "say a=b or c=d"])
def test_no_keyword_dsn(text: str) -> None:
    assert not is_keyword_dsn(text)
