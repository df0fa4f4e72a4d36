"""What an address says by itself: scheme, host, whether it is this machine, a bare number, a tunnel, a look-alike.

Must not be here: asking any name server, and what a bridge does with an address (`launch.grammar.bridges`).
Sources: RFC 3986, RFC 6761 (special names), RFC 1918 and 6890 through `ipaddress`; the tunnel services' own pages.
"""

import ipaddress
import re
from typing import NamedTuple
from urllib.parse import urlsplit

from spawngate.launch.names import skeleton

TUNNELS = (
    "ngrok.io", "ngrok.app", "ngrok.dev", "ngrok-free.app", "ngrok-free.dev", "trycloudflare.com", "loca.lt",
    "localtunnel.me", "serveo.net", "localhost.run", "lhr.life", "pagekite.me", "bore.pub", "pinggy.io", "pinggy.link",
    "telebit.cloud", "tunnelmole.net", "zrok.io", "webhook.site", "requestbin.com", "requestbin.net", "pipedream.net",
    "requestcatcher.com", "beeceptor.com", "hookdeck.com", "oastify.com", "burpcollaborator.net", "interact.sh",
    "oast.fun", "oast.me", "oast.pro", "oast.live", "oast.site", "oast.online", "devtunnels.ms", "duckdns.org",
    "smee.io", "ptsv2.com", "mockbin.org", "dnslog.cn", "ceye.io", "localto.net", "playit.gg",
)  # fmt: skip
"""Public tunnels and request-capture services: whoever asked for the name last answers."""

HOSTS = (
    "github.com", "githubcopilot.com", "githubusercontent.com", "gitlab.com", "notion.com", "linear.app",
    "atlassian.com", "sentry.dev", "stripe.com", "cloudflare.com", "figma.com", "anthropic.com", "openai.com",
    "google.com", "googleapis.com", "microsoft.com", "slack.com", "paypal.com", "supabase.com", "vercel.com",
    "npmjs.org",
    "huggingface.co", "asana.com", "intercom.com", "hubspot.com", "salesforce.com", "smithery.ai",
)  # fmt: skip
"""Hosts of well-known services."""


_NUMBER = re.compile(r"0x[0-9a-f]{1,8}|0[0-7]{0,11}|[1-9][0-9]{0,9}")


class Address(NamedTuple):
    """What is in an address. `url` has no user, query or fragment, which may hold secrets."""

    url: str
    scheme: str
    host: str
    plain_http: bool
    raw_ip: bool
    loopback: bool
    tunnel: bool
    lookalike_of: str


def address(text: str) -> Address | None:
    """Facts about an http, https, ws or wss address; None for anything else."""
    match = re.match(r"\s*(https?|wss?|sse)(?:\+\w+)?://", text, re.IGNORECASE)
    if not match:
        return None
    try:
        parts = urlsplit(text.strip())
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return Address("", match[1].lower(), "", False, False, False, False, "")
    try:
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:
        port = ""
    scheme = parts.scheme.lower()
    number = number_of(host)
    loopback = (number is not None and number.is_loopback) or host == "localhost" or host.endswith(".localhost")
    if number is not None and number.is_unspecified:
        loopback = True
    plain = scheme in ("http", "ws") and not loopback and bool(host)
    shown = f"[{host}]" if ":" in host else host
    return Address(
        f"{scheme}://{shown}{port}{parts.path}",
        scheme,
        host,
        plain,
        number is not None and not loopback,
        loopback,
        any(host == name or host.endswith("." + name) for name in TUNNELS),
        "" if number is not None or loopback else lookalike_host(host),
    )


def number_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The number that a host is, also in the spellings that only the socket library takes (`127.1`, `0x7f000001`,
    `2130706433`); None for a name."""
    try:
        found = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        pass
    else:
        mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
        return mapped or found
    parts = host.lower().split(".")
    if len(parts) > 4 or not all(map(_NUMBER.fullmatch, parts)):
        return None
    values = [
        int(part, 16) if part.startswith("0x") else int(part, 8 if part.startswith("0") else 10) for part in parts
    ]
    if any(value > 255 for value in values[:-1]) or values[-1] >= 256 ** (5 - len(values)):
        return None
    total = values[-1]
    for at, value in enumerate(values[:-1]):
        total += value << (8 * (3 - at))
    return ipaddress.IPv4Address(total)


def lookalike_host(host: str) -> str:
    """The well-known host that `host` imitates: another script, one digit for a letter, or its name as a mere label
    of somebody else's domain (`github.com.example.net`)."""
    if not host:
        return ""
    if any(host == known or host.endswith("." + known) for known in HOSTS):
        return ""
    plain = _decoded(host)
    for known in HOSTS:
        if plain != host and (plain == known or plain.endswith("." + known)):
            return known
        if (f".{plain}.").find(f".{known}.") >= 0 and not plain.endswith("." + known):
            return known
        if plain.startswith(known.replace(".", "-") + "."):
            return known
    tail = ".".join(plain.split(".")[-2:])
    name, _, ending = tail.rpartition(".")
    for one in "li":
        letters = str.maketrans("0134578", f"o{one}eastb")
        swapped = name.translate(letters).replace("rn", "m").replace("vv", "w") + "." + ending
        if swapped != tail and swapped in HOSTS:
            return swapped
    return ""


def _decoded(host: str) -> str:
    """The host with punycode labels decoded and look-alike letters replaced."""
    labels = []
    for label in host.split("."):
        text = label
        if label.startswith("xn--"):
            try:
                text = label[4:].encode("ascii").decode("punycode")
            except (UnicodeError, ValueError):
                text = label
        labels.append(text if text.isascii() else skeleton(text))
    return ".".join(labels)
