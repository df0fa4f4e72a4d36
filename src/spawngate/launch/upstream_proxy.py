"""Which proxy a machine's own settings send a connection through: HTTP_PROXY and its like.

Belongs here: reading those variables. Must not be here: whose they are (a server's entry can set them too:
`endpoint.launching.confining`), connections. Imports little: the relay loads it.
The lower-case spelling counts first and HTTP_PROXY in capitals not at all where a CGI program could have got it from a
request (curl(1), "ENVIRONMENT"); NO_PROXY names hosts, suffixes with or without a dot, addresses, ranges and `*`.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

NAMES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
"""In small letters; each is read in capitals too."""


class Upstream:
    """A proxy that speaks HTTP. `credentials`: user and password in base64, empty for none."""

    __slots__ = ("credentials", "host", "port")

    def __init__(self, host: str, port: int, credentials: bytes) -> None:
        self.host = host
        self.port = port
        self.credentials = credentials


def upstream_of(variables: "Mapping[str, str]", host: str, *, secure: bool) -> Upstream | None:
    """The proxy for `host`, a name in lower case or an address; None where it is reached directly.

    `secure`: the connection is asked for by CONNECT, as for https. Proxies that speak something else are none.
    """
    if _excepted(_value(variables, "no_proxy"), host):
        return None
    text = _value(variables, "https_proxy" if secure else "http_proxy") or _value(variables, "all_proxy")
    return _parsed(text)


def _value(variables: "Mapping[str, str]", name: str) -> str:
    if variables.get(name):
        return variables[name]
    if name == "http_proxy" and "REQUEST_METHOD" in variables:
        return ""
    return variables.get(name.upper(), "")


def _parsed(text: str) -> Upstream | None:
    scheme, mark, rest = text.strip().partition("://")
    if not mark:
        scheme, rest = "http", text.strip()
    if scheme.lower() != "http" or not rest.isascii() or not rest.isprintable():
        return None
    where = rest.partition("/")[0]
    user, _, place = where.rpartition("@")
    if place.startswith("["):
        host, _, after = place[1:].partition("]")
        port = after[1:]
    else:
        host, _, port = place.partition(":")
    if not host or (port and not (port.isdecimal() and len(port) <= 5 and 0 < int(port) < 65536)):
        return None
    return Upstream(host.lower(), int(port) if port else 80, _encoded(user))


def _encoded(user: str) -> bytes:
    if not user:
        return b""
    from binascii import b2a_base64

    plain = bytearray()
    data = user.encode("ascii")
    at = 0
    while at < len(data):
        pair = data[at + 1 : at + 3]
        if data[at] == 0x25 and len(pair) == 2 and all(byte in b"0123456789abcdefABCDEF" for byte in pair):
            plain.append(int(pair, 16))
            at += 3
        else:
            plain.append(data[at])
            at += 1
    return b2a_base64(bytes(plain), newline=False)


def _excepted(text: str, host: str) -> bool:
    from ipaddress import ip_address, ip_network

    try:
        address = ip_address(host)
    except ValueError:
        address = None
    if (address is not None and address.is_loopback) or host == "localhost":
        return True
    for word in text.replace(",", " ").split():
        one = word.lower()
        if one == "*":
            return True
        try:
            whole = ip_network(one.strip("[]"), strict=False)
        except ValueError:
            whole = None
        if whole is not None:
            if address is not None and address.version == whole.version and address in whole:
                return True
            continue
        suffix = one.partition(":")[0].removeprefix("*").lstrip(".")
        if suffix and (host == suffix or host.endswith(f".{suffix}")):
            return True
    return False
