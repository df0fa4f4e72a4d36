"""Hosts that a confined server may reach: how they are declared, and what a declaration lets through.

`NAME`, `*.SUFFIX`, an address or a range of addresses, each with `:PORT` or `:*`; without one the ports 80 and 443.
`+private` after a name: it may lead into a private network too (RFC 1918, RFC 4193, RFC 6598 and the like), yet never
to this machine, the link or a cloud's metadata.
Belongs here: that grammar and its meaning. Must not be here: names looked up, sockets (`endpoint.launcher.egress`).
Imports little: the relay loads it. A name that is declared leads only to addresses of the public internet; whatever
lies in a private network, on the machine or on the link is declared by its address, because who answers for a name
may change its answer (DNS rebinding). `localhost` is the machine's own loopback.
"""

MOST_HOSTS = 64
LONGEST = 253
"""Characters of a name (RFC 1035)."""
WEB = frozenset((80, 443))
LOCAL = "localhost"
METADATA = frozenset(("169.254.169.254", "fd00:ec2::254", "100.100.100.200", "168.63.129.16"))
"""Where clouds hand a machine's credentials out (AWS, Azure, Google, Alibaba): no name leads there."""
_LABEL = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

    Address = IPv4Address | IPv6Address
    Range = IPv4Network | IPv6Network


class Declared:
    """One declaration. `name` is empty where `ranges` say it; `ports` None means any."""

    __slots__ = ("name", "ports", "private", "ranges", "suffix")

    def __init__(
        self,
        name: str,
        suffix: bool,
        ranges: "tuple[Range, ...]",
        ports: "frozenset[int] | None",
        private: bool = False,
    ) -> None:
        self.name = name
        self.private = private
        """It may lead into a private network."""
        self.suffix = suffix
        """`name` is what follows `*`, with its dot."""
        self.ranges = ranges
        self.ports = ports

    def port(self, port: int) -> bool:
        """Whether it is for this port."""
        return self.ports is None or port in self.ports

    def names(self, host: str) -> bool:
        """Whether it is for this name, in lower case."""
        return bool(self.name) and (host.endswith(self.name) if self.suffix else host == self.name)

    def holds(self, address: "Address") -> bool:
        """Whether the address is declared as such."""
        return any(address.version == each.version and address in each for each in self.ranges)


def problem(text: str) -> str:
    """Why a text declares no host; empty where it does."""
    try:
        declared(text)
    except ValueError as error:
        return str(error)
    return ""


def declared(text: str) -> Declared:
    """The declaration that a text is. Raises ValueError that says what is wrong, without the text."""
    from ipaddress import ip_network

    if not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("holds characters that no host has; write other letters in their ASCII form (xn--)")
    if "://" in text or "@" in text:
        raise ValueError("is an address of the web; name the host, and a port where it is not 80 or 443")
    plain, plus, mark = text.lower().partition("+")
    if plus and mark != "private":
        raise ValueError("has something after `+` that is not `private`")
    host, ports = _parted(plain)
    if "/" in host or host[:1].isdecimal() or ":" in host:
        try:
            whole = ip_network(host)
        except ValueError:
            whole = None
        if whole is not None:
            if plus:
                raise ValueError("is an address; `+private` belongs to names")
            if whole.prefixlen == 0:
                raise ValueError("is every address; a server that may reach all has the whole network")
            if ports is None and any(whole.overlaps(each) for each in _loopbacks() if each.version == whole.version):
                raise ValueError("is this machine itself; name the ports")
            return Declared("", False, (whole,), ports)
        if "/" in host or ":" in host or all(part.isdecimal() for part in host.split(".")):
            raise ValueError("is no address and no range of addresses")
    suffix = host.startswith("*.")
    name = host[2:] if suffix else host
    if name.endswith("."):
        name = name[:-1]
    if not is_name(name):
        raise ValueError("is no name of a host; there are NAME, *.SUFFIX and addresses, each with :PORT or :*")
    if suffix:
        return Declared(f".{name}", True, (), ports, bool(plus))
    if name == LOCAL:
        if ports is None:
            raise ValueError("is this machine itself; name the ports")
        return Declared(name, False, tuple(_loopbacks()), ports)
    return Declared(name, False, (), ports, bool(plus))


def _loopbacks() -> "list[Range]":
    from ipaddress import ip_network

    return [ip_network("127.0.0.1"), ip_network("::1")]


def _parted(text: str) -> "tuple[str, frozenset[int] | None]":
    """Host and ports."""
    host, ports = text, ""
    if text.startswith("["):
        host, bracket, rest = text[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")) or ":" not in host:
            raise ValueError("has a bracket too many")
        if not rest:
            return host, WEB
        ports = rest[1:]
    elif text.count(":") == 1:
        host, _, ports = text.partition(":")
    else:
        return text, WEB  # a name, or an address of version 6 without brackets
    if ports == "*":
        return host, None
    if not ports.isdecimal() or len(ports) > 5 or not 0 < int(ports) < 65536:
        raise ValueError("has a port that is none")
    return host, frozenset((int(ports),))


def is_name(host: str) -> bool:
    """Whether a text, in lower case, can be a host's name."""
    return 0 < len(host) <= LONGEST and all(
        0 < len(label) <= 63 and _LABEL.issuperset(label) for label in host.split(".")
    )


def address_of(host: str) -> "Address | None":
    """The address that a host is written as, without brackets and without a zone; None for a name."""
    from ipaddress import ip_address

    try:
        return ip_address(host)
    except ValueError:
        return None


def asked(hosts: "Iterable[Declared]", host: str, port: int) -> bool:
    """Whether `host`, a name in lower case or an address, may be asked for at all."""
    address = address_of(host)
    if address is None:
        return is_name(host) and any(each.names(host) and each.port(port) for each in hosts)
    return any(each.holds(address) and each.port(port) for each in hosts)


def reached(hosts: "Sequence[Declared]", host: str, address: str, port: int) -> bool:
    """Whether the address that `host`, which may be asked for, leads to may be connected to."""
    found = address_of(address.partition("%")[0])
    if found is None:
        return False
    if is_public(found) or any(each.holds(found) and each.port(port) for each in hosts):
        return True
    return is_private(found) and any(each.private and each.names(host) and each.port(port) for each in hosts)


def is_private(address: "Address") -> bool:
    """Whether it is an address of a private network: neither public nor this machine's nor the link's."""
    return not (
        address.is_global
        or address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_unspecified
        or address.is_reserved
        or str(address) in METADATA
        or str(address).startswith("0.")
        or _inside(address) is not None
    )


def is_public(address: "Address") -> bool:
    """Whether it is an address of the public internet, also by what it carries inside (IPv4 in IPv6)."""
    inner = _inside(address)
    if inner is not None:
        return is_public(inner)
    return (
        address.is_global
        and str(address) not in METADATA
        and not address.is_multicast
        and not address.is_reserved
        and not address.is_unspecified
        and not getattr(address, "is_site_local", False)
    )


def _inside(address: "Address") -> "IPv4Address | None":
    """The address of version 4 that one of version 6 stands for: mapped, compatible, 6to4, NAT64 (RFC 6052, 8215)."""
    from ipaddress import IPv4Address, IPv6Address

    if not isinstance(address, IPv6Address):
        return None
    number = int(address)
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if number >> 32 in (0x0064FF9B << 64, 0x0064FF9B_0001 << 48):
        return IPv4Address(number & 0xFFFFFFFF)
    if number >> 32 == 0 and number > 1:
        return IPv4Address(number)
    if address.teredo is not None:
        return address.teredo[1]
    return None


def loopback_ports(hosts: "Sequence[Declared]") -> "list[int]":
    """Ports of the machine's own loopback that are declared one by one."""
    from ipaddress import ip_address

    own = ip_address("127.0.0.1")
    return sorted({port for each in hosts if each.holds(own) for port in each.ports or ()})


def routes(hosts: "Sequence[Declared]") -> "list[tuple[str, int]]":
    """Names with ports that are declared one by one: what a program reaches that knows of no proxy."""
    found: dict[tuple[str, int], None] = {}
    for each in hosts:
        if each.name and not each.suffix and each.name != LOCAL:
            found.update(dict.fromkeys((each.name, port) for port in sorted(each.ports or ())))
    return list(found)
