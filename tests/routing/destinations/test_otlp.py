"""OTLP: both encodings, partial success, and the official reader where it is here."""

import json
import os
import subprocess
import zlib
from pathlib import Path
from typing import Any

import pytest

from spawngate.routing.destination import HttpAnswer, HttpRequest, Outcome
from spawngate.routing.destinations.otlp import DESTINATION, OtlpSettings, read
from spawngate.routing.settings import SettingsError, decode
from tests.routing.streaming import drive, samples

URL = "https://collector.example.com:4318/v1/logs"
PEERS = os.environ.get("SPAWNGATE_PEERS_PYTHON", "")


def sent(settings: dict[str, Any]) -> HttpRequest:
    made = decode(OtlpSettings, {"url": URL, **settings}, "d")
    outcome, (request,) = drive(DESTINATION, made, samples(), lambda _: HttpAnswer(200))
    assert outcome == Outcome("delivered", "200")
    assert isinstance(request, HttpRequest)
    return request


def test_json() -> None:
    request = sent({"encoding": "json", "gzip": False, "resource": {"deployment.environment.name": "prod"}})
    assert dict(request.headers) == {"Content-Type": "application/json"}
    (resource,) = json.loads(request.body)["resourceLogs"]
    records = resource["scopeLogs"][0]["logRecords"]
    assert [record["eventName"] for record in records] == [f"spawngate.{item.type}" for item in samples().items]
    assert {record["observedTimeUnixNano"] for record in records} == {"1795255500000000000"}


def test_gzip_and_a_header() -> None:
    request = sent({"encoding": "json", "header_name": "api-key", "header_value": "k1"})
    assert dict(request.headers) == {
        "Content-Type": "application/json",
        "Content-Encoding": "gzip",
        "api-key": "k1",
    }
    assert zlib.decompress(request.body, 31) == sent({"encoding": "json", "gzip": False}).body


@pytest.mark.skipif(not PEERS, reason="SPAWNGATE_PEERS_PYTHON names no Python with requirements/peers.in")
def test_official_reader_reads_the_same_from_both(tmp_path: Path) -> None:
    paths = []
    for encoding in ("protobuf", "json"):
        path = tmp_path / encoding
        path.write_bytes(sent({"encoding": encoding, "gzip": False}).body)
        paths.append(os.fspath(path))
    code = (
        "import sys\n"
        "from google.protobuf import json_format\n"
        "from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest as Request\n"
        "binary = Request.FromString(open(sys.argv[1], 'rb').read())\n"
        "text = json_format.Parse(open(sys.argv[2], 'rb').read(), Request())\n"
        "assert binary == text\n"
        "assert binary.SerializeToString(deterministic=True) == open(sys.argv[1], 'rb').read()\n"
        "print(len(binary.resource_logs[0].scope_logs[0].log_records))\n"
    )
    done = subprocess.run([PEERS, "-c", code, *paths], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == (f"{len(samples().items)}\n", "")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (HttpAnswer(200, (), b"{}"), Outcome("delivered", "200")),
        (
            HttpAnswer(200, (), b'{"partialSuccess":{"rejectedLogRecords":"2","errorMessage":"too old"}}'),
            Outcome("delivered", "2 of 5 records were refused: too old"),
        ),
        (
            HttpAnswer(200, (("content-type", "application/x-protobuf"),), b"\n\x0b\x08\x02\x12\x07too old"),
            Outcome("delivered", "2 of 5 records were refused: too old"),
        ),
        (HttpAnswer(200, (), b'{"partialSuccess":[]}'), Outcome("delivered", "200")),
        (HttpAnswer(429, (("retry-after", "3"),)), Outcome("retry", "HTTP 429", 3.0, "destination")),
        (HttpAnswer(400, (), b'{"message":"bad"}'), Outcome("refused", "HTTP 400: bad", blame="content")),
    ],
)
def test_read(answer: HttpAnswer, expected: Outcome) -> None:
    assert read(answer, 5) == expected


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"url": "x"}, "url"),
        ({"encoding": "xml"}, "encoding"),
        ({"header_name": "a"}, "header_name"),
        ({"header_name": "a:b", "header_value": "c"}, "header_name"),
        ({"header_name": "a", "header_value": "c\nd"}, "header_value"),
    ],
)
def test_settings(change: dict[str, object], where: str) -> None:
    with pytest.raises(SettingsError, match=where):
        decode(OtlpSettings, {"url": URL, **change}, "d")
