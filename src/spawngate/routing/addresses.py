"""Which addresses a destination may be reached at: no inside of a network that an administrator did not allow.

A webhook's address is a way to make the server speak to what only it can reach (SSRF): loopback, private networks,
link-local metadata services. What counts is the address that is connected to, so names are looked up first and every
address that they have is judged here, IPv4 inside of IPv6 included (mapped, compatible, NAT64, 6to4, Teredo, ISATAP).

Sources: IANA special-purpose address registries (as `ipaddress` has them), RFC 6052 and 8215 (NAT64), 3056 (6to4), 4380
(Teredo), 5214 (ISATAP); addresses of metadata services from the clouds' documentation, read 2026-11.
Must not be here: looking up and connecting (`server.deliver.network`).
"""

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_HOST = re.compile(r"(?=.{1,253}\Z)[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})(\.[A-Za-z0-9_][A-Za-z0-9_-]{0,62})*\.?")
METADATA = frozenset(
    map(
        ipaddress.ip_address,
        (
            "169.254.169.254",  # AWS, Azure, Google, Oracle, DigitalOcean and others
            "169.254.170.2",  # AWS ECS
            "169.254.170.23",  # AWS EKS
            "169.254.169.253",  # AWS's resolver
            "fd00:ec2::254",  # AWS
            "fd20:ce::254",  # Google
            "100.100.100.200",  # Alibaba
            "192.0.0.192",  # Oracle Cloud Classic
            "168.63.129.16",  # Azure's host: a public address that is none
        ),
    )
)
"""Give credentials to whoever asks. A network never allows them, only the address itself."""
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")
_UNICAST = ipaddress.IPv6Network("2000::/3")
"""The only part of IPv6 that is given out for the Internet (IANA, RFC 4291)."""
_SCOPE = re.compile(r"[A-Za-z0-9_.-]{1,32}")
_REFUSED = tuple(
    map(
        ipaddress.ip_network,
        ("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "240.0.0.0/4", "3fff::/20"),
    )
)
"""What `is_global` of some versions of Python lets through, or may in a later one."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What an administrator lets a destination reach inside: names, addresses and networks."""

    hosts: frozenset[str] = frozenset()
    addresses: frozenset[Address] = frozenset()
    networks: tuple[Network, ...] = ()


NOTHING = Allowed()


def allowed(written: Sequence[str]) -> Allowed:
    """The setting `allow_internal`, understood. Raises ValueError for a text that is none of the three."""
    hosts: set[str] = set()
    addresses: set[Address] = set()
    networks: list[Network] = []
    for text in written:
        try:
            addresses.add(ipaddress.ip_address(text.strip("[]")))
            continue
        except ValueError:
            pass
        if "/" in text:
            try:
                networks.append(ipaddress.ip_network(text))
            except ValueError:
                raise ValueError("holds a network that is none; give 10.0.0.0/8") from None
        elif is_host(text):
            hosts.add(plain_host(text))
        else:
            raise ValueError("must be hosts, addresses or networks")
    return Allowed(frozenset(hosts), frozenset(addresses), tuple(networks))


def plain_host(host: str) -> str:
    """A host's name as it is compared."""
    return host.rstrip(".").lower()


def refusal(host: str, address: str, may: Allowed) -> str:
    """Why a host must not be reached at an address; empty where it may."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "this is no address"
    if found in may.addresses:
        return ""
    every = (found, *inside(found))
    if any(one in METADATA for one in every):
        return f"{found} is a metadata service"
    if plain_host(host) in may.hosts or any(found in network for network in may.networks):
        return ""
    wrong = next((one for one in every if not _public(one)), None)
    if wrong is None:
        return ""
    return f"{found} is not a public address; allow_internal lets it be reached"


def inside(address: Address) -> tuple[Address, ...]:
    """IPv4 addresses that an IPv6 address stands for, where a router or the system translates it."""
    if isinstance(address, ipaddress.IPv4Address):
        return ()
    found: list[Address] = []
    if address.ipv4_mapped is not None:
        found.append(address.ipv4_mapped)
    if address.sixtofour is not None:
        found.append(address.sixtofour)
    if address.teredo is not None:
        found.extend(address.teredo)
    number = int(address)
    low = ipaddress.IPv4Address(number & 0xFFFFFFFF)
    if address in _NAT64 or (address in _COMPATIBLE and number > 1):
        found.append(low)
    if (number >> 32) & 0xFCFFFFFF == 0x00005EFE:
        found.append(low)
    return tuple(found)


def _public(address: Address) -> bool:
    if any(address in network for network in _REFUSED if network.version == address.version):
        return False
    if address.is_multicast or address.is_unspecified:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global
    # A translated address is as public as what it stands for, which is judged beside it. ISATAP is no such: its upper
    # half says where it leads. Nor is NAT64 of one's own (64:ff9b:1::/48): where IPv4 stands in it is not known here.
    compatible = address in _COMPATIBLE and int(address) > 1
    translated = address in _NAT64 or compatible or address.ipv4_mapped or address.sixtofour or address.teredo
    return bool(translated) or (address.is_global and address in _UNICAST)


def is_host(host: str) -> bool:
    """Whether a text is a host's name or address, and nothing else."""
    try:
        ipaddress.ip_address(host[1:-1] if host.startswith("[") and host.endswith("]") else host)
    except ValueError:
        return _HOST.fullmatch(host) is not None
    # The library takes any text for the name of a link, line breaks included.
    _, scoped, link = host.strip("[]").partition("%")
    return not scoped or _SCOPE.fullmatch(link) is not None
