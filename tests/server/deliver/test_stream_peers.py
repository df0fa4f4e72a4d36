"""Stream destinations through real sockets: moto's S3 and a receiver of OTLP from the OpenTelemetry packages, both in
an environment of their own (requirements/peers.in); the stubs of Elastic, Sentinel, SecOps and Splunk on loopback."""

import gzip
import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from spawngate.routing.destination import Batch, Context, Outcome
from spawngate.routing.destinations import destination
from spawngate.routing.settings import decode
from spawngate.routing.stream import source
from spawngate.server.deliver.carry import Carrier, exchange
from spawngate.trail.mappings.ocsf import ocsf
from spawngate.trail.mappings.otel import log_record
from tests.routing.streaming import NOW, samples, simple
from tests.stubs import otlp_receiver
from tests.stubs.elastic import Cluster
from tests.stubs.http_stub import serving
from tests.stubs.secops import Google
from tests.stubs.sentinel import Azure
from tests.stubs.splunk import Collector

PEERS = os.environ.get("SPAWNGATE_PEERS_PYTHON", "")
NEEDS_PEERS = pytest.mark.skipif(not PEERS, reason="SPAWNGATE_PEERS_PYTHON names no Python with requirements/peers.in")
LOOPBACK = {"allow_internal": ["127.0.0.0/8"], "timeout_seconds": 10}


def sent(
    kind: str, settings: dict[str, Any], batch: Batch, held: dict[str, str] | None = None, now: str = NOW
) -> Outcome:
    found = destination(kind)
    made = decode(found.settings, {**LOOPBACK, **settings}, f"destination.{kind}")
    return exchange(Carrier(), found, made, batch, Context(now, 1, {}, held or {}))


def test_splunk() -> None:
    collector = Collector("t1")
    with serving(collector) as url:
        assert sent("splunk", {"url": url, "token": "t1"}, samples()) == Outcome("delivered", "200")
    assert [event["event"]["key"] for event in collector.indexed] == [source(item).key for item in samples().items]


def test_elastic() -> None:
    cluster = Cluster("a2V5", "logs-spawngate.events-default")
    with serving(cluster) as url:
        for _ in range(2):
            assert sent("elastic", {"url": url, "api_key": "a2V5"}, samples()).state == "delivered"
    documents = list(cluster.documents.values())
    assert [document["event"]["id"] for document in documents] == [source(item).key for item in samples().items]


def test_sentinel() -> None:
    azure = Azure("t1", "c1", "s1", "dcr-1", "Custom-Spawngate_CL")
    with serving(azure) as url:
        settings = {"endpoint": url, "authority": url, "rule": "dcr-1", "tenant": "t1", "client": "c1", "secret": "s1"}
        outcome = sent("sentinel", settings, samples())
        assert outcome.state == "delivered"
        assert sent("sentinel", settings, simple(["a"]), dict(outcome.hold)).state == "delivered"
    assert (len(azure.rows), azure.tokens) == (len(samples().items) + 1, 1)


def test_secops() -> None:
    google = Google()
    with serving(google) as url:
        google.url = f"{url}/token"
        settings = {"endpoint": url, "project": "p1", "location": "eu", "instance": "i1"}
        assert sent("secops", {**settings, "service_account": google.account}, samples()).state == "delivered"
    assert google.logs == [json.loads(item.record) for item in samples().items]


@NEEDS_PEERS
@pytest.mark.parametrize("encoding", ["protobuf", "json"])
@pytest.mark.parametrize("packed", [True, False])
def test_otlp(encoding: str, packed: bool) -> None:
    with subprocess.Popen([PEERS, "-c", otlp_receiver.CODE], stdout=subprocess.PIPE, text=True) as receiver:
        try:
            assert receiver.stdout is not None
            url = f"http://127.0.0.1:{receiver.stdout.readline().strip()}/v1/logs"
            settings = {"url": url, "encoding": encoding, "gzip": packed, "resource": {"service.namespace": "sec"}}
            assert sent("otlp", settings, samples()) == Outcome("delivered", "200")
            found = [json.loads(receiver.stdout.readline()) for _ in samples().items]
            wrong = sent("otlp", {**settings, "url": url.replace("/v1/logs", "/v2")}, samples())
        finally:
            receiver.kill()
    assert (wrong.state, wrong.blame) == ("retry", "setting")
    assert {"key": "service.namespace", "value": {"stringValue": "sec"}} in found[0].pop("resource")["attributes"]
    for told, item in zip(found, samples().items, strict=True):
        told.pop("resource", None)
        expected: Any = log_record(source(item), 1_795_255_500_000_000)
        # The names of the enum, as protobuf's JSON writes them.
        assert told.pop("severityNumber").startswith("SEVERITY_NUMBER_")
        del expected["severityNumber"]
        assert told == expected


SETUP = """
import boto3, json, sys
given = dict(region_name="eu-central-1", endpoint_url=sys.argv[1], aws_access_key_id="x", aws_secret_access_key="y")
iam = boto3.client("iam", **given)
iam.create_user(UserName="sg")
allow = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
iam.put_user_policy(UserName="sg", PolicyName="all", PolicyDocument=json.dumps(allow))
key = iam.create_access_key(UserName="sg")["AccessKey"]
given |= dict(aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
s3 = boto3.client("s3", **given)
s3.create_bucket(Bucket="sg-events", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
print(key["AccessKeyId"], key["SecretAccessKey"])
"""
READ = """
import boto3, sys
url, key, secret, out = sys.argv[1:]
given = dict(aws_access_key_id=key, aws_secret_access_key=secret)
s3 = boto3.client("s3", region_name="eu-central-1", endpoint_url=url, **given)
for number, item in enumerate(s3.list_objects_v2(Bucket="sg-events").get("Contents", [])):
    answer = s3.get_object(Bucket="sg-events", Key=item["Key"])
    open(f"{out}/{number}", "wb").write(answer["Body"].read())
    print(item["Key"], answer["ContentType"], answer.get("ContentEncoding", ""))
"""


@pytest.fixture
def moto() -> Iterator[str]:
    """moto's server, which checks signatures after the four requests that set a user up."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": "3"}
    arguments = [PEERS, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(arguments, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        end = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 0.2).close()
                break
            except OSError:
                assert time.monotonic() < end, "moto does not start"
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
        server.kill()


@NEEDS_PEERS
def test_s3(moto: str, tmp_path: Path) -> None:
    now = datetime.now(UTC).isoformat()
    done = subprocess.run([PEERS, "-c", SETUP, moto], capture_output=True, text=True, check=True)
    key, secret = done.stdout.split()
    settings = {
        "bucket": "sg-events",
        "region": "eu-central-1",
        "endpoint": moto,
        "access_key": key,
        "secret_key": secret,
        "prefix": "trail/env=prod/(d)!'*",
    }
    for _ in range(2):
        assert sent("s3", settings, samples(), now=now) == Outcome("delivered", "200")
    assert sent("s3", {**settings, "gzip": False}, simple(["a"], "batch-2"), now=now).state == "delivered"
    wrong = sent("s3", {**settings, "secret_key": "x" * 40}, samples(), now=now)
    assert wrong == Outcome("retry", "HTTP 403: SignatureDoesNotMatch", blame="setting")
    gone = sent("s3", {**settings, "bucket": "another-bucket"}, samples(), now=now)
    assert gone == Outcome("retry", "HTTP 404: NoSuchBucket", blame="setting")
    read = [PEERS, "-c", READ, moto, key, secret, str(tmp_path)]
    listed = subprocess.run(read, capture_output=True, text=True, check=True).stdout.splitlines()
    assert len(listed) == 2
    assert all(line.startswith("trail/env=prod/(d)!'*/day=2026-11-21/") for line in listed)
    bodies = [(tmp_path / str(number)).read_bytes() for number in range(2)]
    packed = next(body for body in bodies if body.startswith(b"\x1f\x8b"))
    documents = [json.loads(line) for line in gzip.decompress(packed).splitlines()]
    assert documents == [ocsf(source(item)) for item in samples().items]
