"""Signatures against values that AWS publishes: the aws-sig-v4 test suite (github.com/awslabs/aws-c-auth,
tests/aws-signing-test-suite/v4) and the examples for S3 in "Authenticating Requests (AWS Signature Version 4)"."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.routing.sigv4 import Credentials, canonical_request, signed, signing_key

SUITE = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
S3 = Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
EMPTY = hashlib.sha256(b"").hexdigest()


def signature(headers: tuple[tuple[str, str], ...]) -> str:
    return dict(headers)["authorization"].rpartition("Signature=")[2]


@pytest.mark.parametrize(
    ("name", "method", "target", "headers", "body", "expected"),
    [
        ("get-vanilla", "GET", "/", {}, b"", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        (
            "get-relative-relative-normalized",
            "GET",
            "/example1/example2/../..",
            {},
            b"",
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        ),
        (
            "get-slash-pointless-dot-normalized",
            "GET",
            "/./example",
            {},
            b"",
            "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5",
        ),
        (
            "get-slashes-normalized",
            "GET",
            "//example//",
            {},
            b"",
            "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84",
        ),
        (
            "get-space-normalized",
            "GET",
            "/example space/",
            {},
            b"",
            "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741",
        ),
        (
            "get-unreserved",
            "GET",
            "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
            {},
            b"",
            "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
        ),
        ("get-utf8", "GET", "/ሴ", {}, b"", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"),
        (
            "get-vanilla-query-order-encoded",
            "GET",
            "/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1",
            {},
            b"",
            "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac",
        ),
        (
            "get-vanilla-query-order-key-case",
            "GET",
            "/?Param2=value2&Param1=value1",
            {},
            b"",
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
        ),
        (
            "get-vanilla-utf8-query",
            "GET",
            "/?ሴ=bar",
            {},
            b"",
            "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04",
        ),
        (
            "get-header-value-trim",
            "GET",
            "/",
            {"My-Header1": " value1", "My-Header2": ' "a   b   c"'},
            b"",
            "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
        ),
        (
            "post-header-value-case",
            "POST",
            "/",
            {"My-Header1": "VALUE1"},
            b"",
            "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d",
        ),
        (
            "post-x-www-form-urlencoded",
            "POST",
            "/",
            {
                "Content-Type": "application/x-www-form-urlencoded",
                "Content-Length": "13",
                "x-amz-content-sha256": "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e",
            },
            b"Param1=value1",
            "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b",
        ),
    ],
)
def test_published_suite(
    name: str, method: str, target: str, headers: dict[str, str], body: bytes, expected: str
) -> None:
    url = f"https://example.amazonaws.com{target}"
    found = signed(method, url, headers, body, SUITE, region="us-east-1", service="service", now="2015-08-30T12:36:00Z")
    assert signature(found) == expected


def test_a_path_that_is_not_normal() -> None:
    """get-slashes-unnormalized, whose canonical request has the path as it is."""
    told = canonical_request("GET", "//example//", "", {"host": "h"}, EMPTY, normal=False)
    assert told.split("\n")[1] == "//example//"


def test_s3_examples() -> None:
    """GET with a range, and PUT with a storage class and a `$` in the key."""
    got = signed(
        "GET",
        "https://examplebucket.s3.amazonaws.com/test.txt",
        {"Range": "bytes=0-9"},
        b"",
        S3,
        region="us-east-1",
        service="s3",
        now="2013-05-24T00:00:00Z",
    )
    assert signature(got) == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    put = signed(
        "PUT",
        "https://examplebucket.s3.amazonaws.com/test%24file.text",
        {"Date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"},
        b"Welcome to Amazon S3.",
        S3,
        region="us-east-1",
        service="s3",
        now="2013-05-24T00:00:00Z",
    )
    assert signature(put) == "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
    assert dict(put)["x-amz-content-sha256"] == hashlib.sha256(b"Welcome to Amazon S3.").hexdigest()
    assert "host" not in dict(put)


def test_signing_key() -> None:
    """The example of "Deriving the signing key"."""
    found = signing_key("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "20120215", "us-east-1", "iam")
    assert found.hex() == "f4780e2d9f65fa895f9c67b32ce1baf0b0d8a43505a000a1a9e090d414db404d"


def test_port_token_and_time_zone() -> None:
    given_ = {"region": "eu-west-1", "service": "s3", "now": "2026-11-21T12:00:00+02:00"}
    credentials = Credentials("A", "s", "token")
    usual = signed("PUT", "https://h.test:443/b/k", {}, b"x", credentials, **given_)
    assert usual == signed("PUT", "https://h.test/b/k", {}, b"x", credentials, **given_)
    assert usual != signed("PUT", "https://h.test:9000/b/k", {}, b"x", credentials, **given_)
    found = dict(usual)
    assert (found["x-amz-date"], found["x-amz-security-token"]) == ("20261121T100000Z", "token")
    assert "host;x-amz-content-sha256;x-amz-date;x-amz-security-token" in found["authorization"]
    assert "token" not in repr(credentials)


@given(st.text(st.characters(codec="utf-8"), max_size=20), st.text(max_size=20))
def test_any_path_and_query(path: str, query: str) -> None:
    told = canonical_request("GET", "/" + path, query, {"host": "h"}, EMPTY)
    assert told.isascii()
    assert told.split("\n")[1].startswith("/")
