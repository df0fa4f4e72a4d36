"""AWS Signature Version 4 in the Authorization header.

Source: AWS General Reference, "Create a signed AWS API request": canonical request, string to sign, signing key. For S3
the path is not normalised, and the body's hash goes along as `x-amz-content-sha256`. A path that holds what has to be
encoded is right for S3 only: others want it encoded twice, and we speak to none of them.
Must not be here: requests of one service.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote, unquote, urlsplit

ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Whose signature."""

    access_key: str
    secret_key: str = field(repr=False)
    session_token: str = field(default="", repr=False)


def signed(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    credentials: Credentials,
    *,
    region: str,
    service: str,
    now: str,
) -> tuple[tuple[str, str], ...]:
    """The headers of a request with its signature, without Host. Names in lower case, sorted.

    `now` is RFC 3339. Raises ValueError where it is not.
    """
    moment = datetime.fromisoformat(now).astimezone(UTC)
    stamp = moment.strftime("%Y%m%dT%H%M%SZ")
    parts = urlsplit(url)
    given = {name.lower(): value for name, value in headers.items()}
    given |= {"host": _host(url), "x-amz-date": stamp}
    digest = hashlib.sha256(body).hexdigest()
    if service == "s3":
        given["x-amz-content-sha256"] = digest
    if credentials.session_token:
        given["x-amz-security-token"] = credentials.session_token
    names = ";".join(sorted(given))
    scope = f"{stamp[:8]}/{region}/{service}/aws4_request"
    canonical = canonical_request(method, parts.path, parts.query, given, digest, normal=service != "s3")
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = f"{ALGORITHM}\n{stamp}\n{scope}\n{hashed}"
    signature = hmac.new(
        signing_key(credentials.secret_key, stamp[:8], region, service), to_sign.encode(), hashlib.sha256
    ).hexdigest()
    del given["host"]
    given["authorization"] = (
        f"{ALGORITHM} Credential={credentials.access_key}/{scope}, SignedHeaders={names}, Signature={signature}"
    )
    return tuple(sorted(given.items()))


def canonical_request(
    method: str, path: str, query: str, headers: Mapping[str, str], digest: str, *, normal: bool = True
) -> str:
    """The canonical request. `headers`: names in lower case, Host among them; `normal`: dot segments and doubled
    slashes are resolved, as for every service but S3."""
    plain = _encoded(unquote(path) or "/", "/~")
    if normal:
        plain = _without_dots(plain)
    pairs = sorted((_encoded(name, "~"), _encoded(value, "~")) for name, value in parse_qsl(query, True))
    told = "&".join(f"{name}={value}" for name, value in pairs)
    lines = "".join(f"{name}:{' '.join(headers[name].split())}\n" for name in sorted(headers))
    return "\n".join((method, plain, told, lines, ";".join(sorted(headers)), digest))


def signing_key(secret: str, day: str, region: str, service: str) -> bytes:
    """The key of one day, region and service."""
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key


def _host(url: str) -> str:
    parts = urlsplit(url)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    return host if parts.port in (None, usual) else f"{host}:{parts.port}"


def _encoded(text: str, safe: str) -> str:
    return quote(text, safe=f"-_.{safe}")


def _without_dots(path: str) -> str:
    found: list[str] = []
    for part in path.split("/"):
        if part == "..":
            del found[-1:]
        elif part not in (".", ""):
            found.append(part)
    end = "/" if path.endswith(("/", "/.", "/..")) and found else ""
    return "/" + "/".join(found) + end
