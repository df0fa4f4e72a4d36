"""Canaries: random secrets that have the true shape of the real ones, and a record of where each was planted.

Belongs here: one generator per type, written from the issuers' published formats (prefix, alphabet, length,
checksum), and the search for what leaked. Every value is new for each seed and worth nothing anywhere.
Must not be here: anything taken from the product's own secret patterns, and any fixed value: a value standing
in source would itself be reported by secret scanners.
"""

import base64
import json
import random
import string
import uuid
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

ALNUM = string.ascii_letters + string.digits
LOWER = string.ascii_lowercase + string.digits
UPPER = string.ascii_uppercase + string.digits
HEX = "0123456789abcdef"
URLSAFE = ALNUM + "-_"

WORDS = (
    "Marzipan", "Lantern", "Copper", "Walrus", "Harbour", "Saffron", "Pickle", "Thistle", "Cobalt",
    "Meadow", "Badger", "Velvet", "Juniper", "Anchor", "Biscuit", "Raven", "Sommer", "Winter",
    "Dragon", "Monkey", "Passwort", "Sunshine", "Liverpool", "Qwertz", "Schalke", "Princess", "Letmein",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Canary:
    """One planted secret: its value, its type, and the kind of place it stands in."""

    value: str
    type: str
    place: str


def _pick(rng: random.Random, alphabet: str, length: int) -> str:
    return "".join(rng.choices(alphabet, k=length))


def _base62(number: int, width: int) -> str:
    digits = string.digits + string.ascii_uppercase + string.ascii_lowercase
    text = ""
    while number:
        number, rest = divmod(number, 62)
        text = digits[rest] + text
    return text.rjust(width, "0")


def _checksummed(prefix: str) -> Callable[[random.Random], str]:
    """GitHub and npm tokens end in the CRC-32 of the random part, in six base-62 digits."""

    def make(rng: random.Random) -> str:
        body = _pick(rng, ALNUM, 30)
        return prefix + body + _base62(zlib.crc32(body.encode()), 6)

    return make


def _simple(prefix: str, alphabet: str, length: int, suffix: str = "") -> Callable[[random.Random], str]:
    def make(rng: random.Random) -> str:
        return prefix + _pick(rng, alphabet, length) + suffix

    return make


def _b64(rng: random.Random, count: int) -> str:
    return base64.b64encode(rng.randbytes(count)).decode()


def _b64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def _jwt(rng: random.Random) -> str:
    claims = {"sub": str(rng.randrange(10**9)), "iat": 1760000000 + rng.randrange(10**7), "scope": "mcp:tools"}
    head = _b64url(b'{"alg":"HS256","typ":"JWT"}')
    return f"{head}.{_b64url(json.dumps(claims).encode())}.{_b64url(rng.randbytes(32))}"


def _pem(rng: random.Random) -> str:
    body = _b64(rng, 480)
    lines = [body[start : start + 64] for start in range(0, len(body), 64)]
    return "\n".join(["-----BEGIN PRIVATE KEY-----", *lines, "-----END PRIVATE KEY-----", ""])


def _uuid(rng: random.Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def _password(rng: random.Random) -> str:
    """A password a person would think up. Only characters that may stand in a URL unescaped."""
    first, second = rng.sample(WORDS, 2)
    number = rng.randrange(10, 10000)
    shapes = (
        f"{first}{second}{number}!",
        f"{first}-{second}-{number}",
        f"{first}.{number}.{second}",
        f"{first}{number}{second}!",
    )
    return rng.choice(shapes)


def _weak_password(rng: random.Random) -> str:
    """The kind that no entropy rule finds: one word, a number, perhaps an exclamation mark."""
    return f"{rng.choice(WORDS).lower()}{rng.randrange(1000, 10000)}{rng.choice(('', '!'))}"


def _basic(rng: random.Random) -> str:
    return base64.b64encode(f"svc-{_pick(rng, LOWER, 5)}:{_password(rng)}".encode()).decode()


def _openai(rng: random.Random) -> str:
    return f"sk-proj-{_pick(rng, URLSAFE, 74)}T3BlbkFJ{_pick(rng, URLSAFE, 74)}"


def _discord(rng: random.Random) -> str:
    return f"{_b64url(str(rng.randrange(10**17, 10**18)).encode())}.{_pick(rng, ALNUM, 6)}.{_pick(rng, URLSAFE, 38)}"


def _sendgrid(rng: random.Random) -> str:
    return f"SG.{_pick(rng, URLSAFE, 22)}.{_pick(rng, URLSAFE, 43)}"


def _pypi(rng: random.Random) -> str:
    place = bytes.fromhex("707970692e6f7267")  # the registry that every such token names
    identifier = str(uuid.UUID(int=rng.getrandbits(128), version=4)).encode()
    macaroon = b"\x02\x01\x08" + place + b"\x02$" + identifier
    return "pypi-" + _b64url(macaroon + rng.randbytes(90))


def _azure_storage(rng: random.Random) -> str:
    return _b64(rng, 64)


def _aws_secret(rng: random.Random) -> str:
    return _pick(rng, ALNUM + "/+", 38) + _pick(rng, ALNUM, 2)


def _slack_bot(rng: random.Random) -> str:
    return f"xoxb-{rng.randrange(10**11, 10**12)}-{rng.randrange(10**12, 10**13)}-{_pick(rng, ALNUM, 24)}"


def _slack_webhook(rng: random.Random) -> str:
    """The part of an incoming-webhook address behind `/services/`: whoever has it can post."""
    return f"T{_pick(rng, UPPER, 10)}/B{_pick(rng, UPPER, 10)}/{_pick(rng, ALNUM, 24)}"


def _postman(rng: random.Random) -> str:
    return f"PMAK-{_pick(rng, HEX, 24)}-{_pick(rng, HEX, 34)}"


def _grafana(rng: random.Random) -> str:
    return f"glsa_{_pick(rng, ALNUM, 32)}_{_pick(rng, HEX, 8)}"


def _telegram(rng: random.Random) -> str:
    return f"{rng.randrange(10**9, 10**10)}:AA{_pick(rng, URLSAFE, 33)}"


def _cookie(rng: random.Random) -> str:
    return f"s%3A{_pick(rng, URLSAFE, 32)}.{_pick(rng, ALNUM, 43)}"


TYPES: dict[str, Callable[[random.Random], str]] = {
    "github-pat": _checksummed("ghp_"),
    "github-oauth": _checksummed("gho_"),
    "github-fine-grained": lambda rng: f"github_pat_{_pick(rng, ALNUM, 22)}_{_pick(rng, ALNUM, 59)}",
    "gitlab-pat": _simple("glpat-", URLSAFE, 20),
    "openai": _openai,
    "anthropic": _simple("sk-ant-api03-", URLSAFE, 93, "AA"),
    "google-api": _simple("AIza", URLSAFE, 35),
    "google-oauth": _simple("ya29.a0", URLSAFE, 120),
    "aws-access-key": _simple("AKIA", string.ascii_uppercase + "234567", 16),
    "aws-secret-key": _aws_secret,
    "azure-storage": _azure_storage,
    "slack-bot": _slack_bot,
    "slack-webhook": _slack_webhook,
    "stripe": _simple("sk_live_", ALNUM, 24),
    "twilio": _simple("SK", HEX, 32),
    "sendgrid": _sendgrid,
    "npm": _checksummed("npm_"),
    "pypi": _pypi,
    "huggingface": _simple("hf_", string.ascii_letters, 34),
    "discord-bot": _discord,
    "telegram-bot": _telegram,
    "digitalocean": _simple("dop_v1_", HEX, 64),
    "linear": _simple("lin_api_", ALNUM, 40),
    "notion": _simple("ntn_", ALNUM, 46),
    "figma": _simple("figd_", URLSAFE, 40),
    "databricks": _simple("dapi", HEX, 32),
    "vault": _simple("hvs.CAESI", URLSAFE, 86),
    "shopify": _simple("shpat_", HEX, 32),
    "postman": _postman,
    "grafana": _grafana,
    "dockerhub": _simple("dckr_pat_", URLSAFE, 27),
    "supabase": _simple("sbp_", HEX, 40),
    "tavily": _simple("tvly-dev-", ALNUM, 32),
    "brave-search": _simple("BSA", URLSAFE, 27),
    "groq": _simple("gsk_", ALNUM, 52),
    "atlassian": _simple("ATATT3xFfGF0", URLSAFE, 171, "=" + "A1B2C3D4"),
    "new-relic": _simple("NRAK-", UPPER, 27),
    "age": _simple("AGE-SECRET-KEY-1", "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58),
    "jwt": _jwt,
    "private-key": _pem,
    "hex-32": _simple("", HEX, 32),
    "hex-40": _simple("", HEX, 40),
    "hex-64": _simple("", HEX, 64),
    "base64-32": lambda rng: _b64(rng, 32),
    "alnum-40": _simple("", ALNUM, 40),
    "uuid": _uuid,
    "basic-auth": _basic,
    "session-cookie": _cookie,
    "password": _password,
    "weak-password": _weak_password,
}


class Mint:
    """Makes canaries of one seed and keeps the record. Values never repeat within one home."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._seen: set[str] = set()
        self.made: list[Canary] = []

    def __call__(self, kind: str, place: str) -> str:
        """A new value of type `kind`, recorded as planted in `place`."""
        value = TYPES[kind](self._rng)
        while value in self._seen:
            value = TYPES[kind](self._rng)
        self._seen.add(value)
        self.made.append(Canary(value, kind, place))
        return value


def fragments(canary: Canary) -> tuple[str, ...]:
    """The strings whose appearance means that the canary leaked.

    The whole value, each full line of a key in PEM form, and the last 12 characters of a long value, which are
    random in every type: a prefix that names the issuer may stay, the random part may not.
    """
    if canary.type == "private-key":
        return tuple(line for line in canary.value.splitlines() if len(line) >= 40)
    if len(canary.value) >= 24 and canary.type != "slack-webhook":
        return canary.value, canary.value[-20:-8] if canary.type == "atlassian" else canary.value[-12:]
    if canary.type == "slack-webhook":
        return canary.value, canary.value[-24:]
    return (canary.value,)


def leaked(canaries: Iterable[Canary], text: bytes) -> list[Canary]:
    """The canaries of which a telling part stands in `text`, also if JSON- or percent-escaped."""
    plain = text.replace(b"\\/", b"/").replace(b"%2F", b"/").replace(b"%2B", b"+").replace(b"%3D", b"=")
    return [
        canary
        for canary in canaries
        if any((raw := part.encode()) in text or raw in plain for part in fragments(canary))
    ]
