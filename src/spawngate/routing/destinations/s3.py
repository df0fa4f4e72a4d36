"""OCSF 1.8 as NDJSON objects in S3, or in what speaks its protocol.

One object for a batch, named after the batch, so that a second attempt replaces the first. Source: Amazon S3 API
reference, PutObject and error responses. Security Lake wants Parquet and is not this.
Must not be here: the signature (`routing.sigv4`), documents (`trail.mappings.ocsf`), sending.
"""

import hashlib
import re
import zlib
from collections.abc import Mapping
from urllib.parse import quote

import msgspec

from spawngate.routing.destination import (
    Answer,
    Batch,
    Context,
    Destination,
    Exchange,
    HttpAnswer,
    HttpRequest,
    Outcome,
    interface_outcome,
)
from spawngate.routing.settings import Secret, url_problem
from spawngate.routing.sigv4 import Credentials, signed
from spawngate.routing.stream import StreamSettings, source
from spawngate.trail.mappings.ocsf import ocsf

_BUCKET = re.compile(r"(?!\d+\.\d+\.\d+\.\d+\Z)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_REGION = re.compile(r"[a-z0-9-]{1,40}")
_PREFIX = re.compile(r"[A-Za-z0-9!_.*'()/=-]{0,500}")
_CODE = re.compile(rb"<Code>([A-Za-z0-9]{1,60})</Code>")
_SETTINGS = frozenset(
    [
        "AccessDenied",
        "AuthorizationHeaderMalformed",
        "ExpiredToken",
        "InvalidAccessKeyId",
        "InvalidToken",
        "NoSuchBucket",
        "PermanentRedirect",
        "RequestTimeTooSkewed",
        "SignatureDoesNotMatch",
        "TokenRefreshRequired",
        "IllegalLocationConstraintException",
        "KMS.NotFoundException",
    ]
)
"""Codes that no other content would change."""


class S3Settings(StreamSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A bucket."""

    bucket: str
    region: str
    prefix: str = "spawngate"
    access_key: str
    secret_key: Secret
    session_token: Secret = ""
    endpoint: str = ""
    """Of another implementation, as `https://minio.example.com:9000`, addressed by path; empty: Amazon's."""
    kms_key: str = ""
    """Id or ARN of the key that the object is encrypted with; empty: as the bucket is set."""
    gzip: bool = True

    def problems(self) -> Mapping[str, str]:
        """Wrong settings by name."""
        found = dict(super().problems())
        if not _BUCKET.fullmatch(self.bucket) or ".." in self.bucket:
            found["bucket"] = "is no name of a bucket"
        if not _REGION.fullmatch(self.region):
            found["region"] = "is no name of a region"
        if not _PREFIX.fullmatch(self.prefix) or self.prefix.startswith("/") or ".." in self.prefix:
            found["prefix"] = "must be letters, digits and ! _ . * ' ( ) / = -, without a slash in front"
        if self.endpoint and url_problem(self.endpoint):
            found["endpoint"] = url_problem(self.endpoint)
        for name in ("access_key", "secret_key", "session_token", "kms_key"):
            value = getattr(self, name)
            if not value.isprintable() or not value.isascii() or " " in value:
                found[name] = "must be printable ASCII"
        if not self.access_key or not self.secret_key:
            found["access_key"] = "both access_key and secret_key are needed"
        return found


def exchange(settings: S3Settings, batch: Batch, context: Context) -> Exchange:
    """Put one object."""
    body = b"".join(msgspec.json.encode(ocsf(source(item))) + b"\n" for item in batch.items)
    headers = {"content-type": "application/x-ndjson"}
    name = f"{key(settings, batch)}.ndjson"
    if settings.gzip:
        packer = zlib.compressobj(6, zlib.DEFLATED, 31)  # 31: with the header of gzip, whose time is zero
        body = packer.compress(body) + packer.flush()
        headers["content-encoding"] = "gzip"
        name += ".gz"
    if settings.kms_key:
        headers |= {
            "x-amz-server-side-encryption": "aws:kms",
            "x-amz-server-side-encryption-aws-kms-key-id": settings.kms_key,
        }
    url = f"{address(settings)}/{quote(name, safe='/-_.~')}"
    credentials = Credentials(settings.access_key, settings.secret_key, settings.session_token)
    given = signed("PUT", url, headers, body, credentials, region=settings.region, service="s3", now=context.now)
    answer = yield HttpRequest("PUT", url, given, body)
    return read(answer)


def key(settings: S3Settings, batch: Batch) -> str:
    """Name of a batch's object, without its suffix: by the day of its first event."""
    day = batch.items[0].received[:10] if batch.items else ""
    day = day if re.fullmatch(r"\d{4}-\d\d-\d\d", day) else "unknown"
    stem = hashlib.sha256(batch.id.encode("utf-8", "replace")).hexdigest()[:32]
    return "/".join(part for part in (settings.prefix.rstrip("/"), f"day={day}", stem) if part)


def address(settings: S3Settings) -> str:
    """Where the bucket is: by path at an endpoint of one's own and for names with dots, which no certificate covers."""
    if settings.endpoint:
        return f"{settings.endpoint.rstrip('/')}/{settings.bucket}"
    host = f"s3.{settings.region}.amazonaws.com"
    return f"https://{host}/{settings.bucket}" if "." in settings.bucket else f"https://{settings.bucket}.{host}"


def read(answer: Answer) -> Outcome:
    """What became of the object."""
    found = _CODE.search(answer.body) if isinstance(answer, HttpAnswer) else None
    code = "" if found is None else found.group(1).decode()
    outcome = interface_outcome(answer, code)
    if code in _SETTINGS:
        return Outcome("retry", outcome.reason, outcome.after, "setting")
    if code in ("RequestTimeout", "SlowDown", "InternalError", "BadDigest", "IncompleteBody"):
        return Outcome("retry", outcome.reason, outcome.after, "destination")
    return outcome


DESTINATION = Destination("s3", "stream", S3Settings, exchange, "OCSF as NDJSON in S3")
