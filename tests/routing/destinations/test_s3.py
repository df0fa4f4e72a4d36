"""S3: one object for a batch. tests/server/deliver/test_real_peers.py puts it into moto."""

import json
import zlib

import pytest

from spawngate.routing.destination import Failed, HttpAnswer, HttpRequest, Outcome
from spawngate.routing.destinations.s3 import DESTINATION, S3Settings, address, key, read
from spawngate.routing.settings import SettingsError, decode
from spawngate.routing.sigv4 import Credentials, signed
from tests.routing.streaming import NOW, drive, samples, simple
from tests.trail.mappings.ocsf_check import faults

BASE = {"bucket": "sg-events", "region": "eu-central-1", "access_key": "AKID", "secret_key": "s1"}
SETTINGS = decode(S3Settings, BASE, "d")


def test_every_type() -> None:
    outcome, (sent,) = drive(DESTINATION, SETTINGS, samples(), lambda _: HttpAnswer(200))
    assert outcome == Outcome("delivered", "200")
    assert isinstance(sent, HttpRequest)
    stem = key(SETTINGS, samples())
    assert stem.startswith("spawngate/day=2026-11-21/")
    url = f"https://sg-events.s3.eu-central-1.amazonaws.com/{stem.replace('=', '%3D')}.ndjson.gz"
    assert (sent.method, sent.url) == ("PUT", url)
    documents = [json.loads(line) for line in zlib.decompress(sent.body, 31).splitlines()]
    assert [faults(document) for document in documents] == [[]] * len(samples().items)
    given = {"content-type": "application/x-ndjson", "content-encoding": "gzip"}
    credentials = Credentials("AKID", "s1")
    expected = signed("PUT", url, given, sent.body, credentials, region="eu-central-1", service="s3", now=NOW)
    assert sent.headers == expected


def test_the_same_batch_is_the_same_object() -> None:
    assert key(SETTINGS, simple(["a"])) == key(SETTINGS, simple(["a"]))
    assert key(SETTINGS, simple(["a"])) != key(SETTINGS, simple(["a"], "batch-2"))


def test_addresses() -> None:
    assert (
        address(decode(S3Settings, {**BASE, "bucket": "a.b.c"}, "d")) == "https://s3.eu-central-1.amazonaws.com/a.b.c"
    )
    own = decode(S3Settings, {**BASE, "endpoint": "http://127.0.0.1:9000/"}, "d")
    assert address(own) == "http://127.0.0.1:9000/sg-events"


@pytest.mark.parametrize(
    ("answer", "state", "blame"),
    [
        (HttpAnswer(200), "delivered", ""),
        (HttpAnswer(403, (), b"<Error><Code>SignatureDoesNotMatch</Code></Error>"), "retry", "setting"),
        (HttpAnswer(404, (), b"<Error><Code>NoSuchBucket</Code></Error>"), "retry", "setting"),
        (HttpAnswer(400, (), b"<Error><Code>ExpiredToken</Code></Error>"), "retry", "setting"),
        (HttpAnswer(400, (), b"<Error><Code>RequestTimeout</Code></Error>"), "retry", "destination"),
        (HttpAnswer(503, (), b"<Error><Code>SlowDown</Code></Error>"), "retry", "destination"),
        (HttpAnswer(301, (), b"<Error><Code>PermanentRedirect</Code></Error>"), "retry", "setting"),
        (HttpAnswer(400, (), b"<Error><Code>EntityTooLarge</Code></Error>"), "refused", "content"),
        (Failed("timeout", "x"), "retry", "destination"),
    ],
)
def test_read(answer: HttpAnswer | Failed, state: str, blame: str) -> None:
    outcome = read(answer)
    assert (outcome.state, outcome.blame) == (state, blame)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"bucket": "A"}, "bucket"),
        ({"bucket": "10.0.0.1"}, "bucket"),
        ({"bucket": "a..b"}, "bucket"),
        ({"region": "x/y"}, "region"),
        ({"prefix": "/x"}, "prefix"),
        ({"prefix": "a/../b"}, "prefix"),
        ({"endpoint": "x"}, "endpoint"),
        ({"secret_key": ""}, "access_key"),
        ({"session_token": "a\nb"}, "session_token"),
    ],
)
def test_settings(change: dict[str, object], where: str) -> None:
    with pytest.raises(SettingsError, match=where):
        decode(S3Settings, {**BASE, **change}, "d")
