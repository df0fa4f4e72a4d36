"""What a host or address is: this machine, a private network, a cloud's metadata, a bare number, a public drop.

Belongs here: kinds of hosts, and finding the host in a word of a command.
Must not be here: what is sent there (`command.tools`), and asking any name server.
Sources: RFC 1918, 3927, 4193, 6598, 6761 through `ipaddress`; the clouds' pages on instance metadata; each service's
own page.
Reads numbers and look-alikes with `launch.addresses`.
"""

import ipaddress
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from spawngate.launch.addresses import TUNNELS, address, lookalike_host, number_of
from spawngate.launch.argv import word_set

HOST_KINDS: Mapping[str, str] = {
    "loopback": "this machine",
    "private": "a network of private addresses, or a name without a public ending",
    "link-local": "the link-local network",
    "metadata": "a cloud's instance metadata, which hands out credentials",
    "raw-ip": "a public address given as a number",
    "odd-number": "an address spelled as a decimal, octal or hexadecimal number, or mapped into IPv6",
    "tunnel": "a public tunnel or request-capture service",
    "paste": "a public paste or file drop",
    "chat": "a chat service's webhook",
    "lookalike": "imitates a well-known host",
    "registry": "a public package registry",
    "code": "a well-known code host",
    "raw-code": "a file as it lies in somebody's repository or gist",
    "shortener": "an address shortener",
    "onion": "a hidden service",
    "known": "a well-known service",
    "unknown": "any other host",
    "opaque": "known only when the command runs",
}
"""All kinds of hosts. One host may be of several kinds."""

METADATA = word_set(
    """
    169.254.169.254 169.254.170.2 169.254.170.23 100.100.100.200 fd00:ec2::254 metadata.google.internal metadata.goog
    metadata instance-data instance-data.ec2.internal metadata.azure.internal metadata.azure.com
    metadata.platformequinix.com 192.0.0.192 168.63.129.16 metadata.tencentyun.com
    """
)
PASTE = word_set(
    """
    pastebin.com paste.ee hastebin.com dpaste.org dpaste.com ix.io sprunge.us termbin.com rentry.co rentry.org
    paste.rs 0x0.st transfer.sh file.io gofile.io anonfiles.com catbox.moe litterbox.catbox.moe tmpfiles.org oshi.at
    temp.sh bashupload.com ghostbin.com controlc.com privatebin.net paste.debian.net paste.ubuntu.com clbin.com
    uguu.se send.vis.ee wetransfer.com filebin.net pixeldrain.com mega.nz mega.io sendspace.com mediafire.com
    ttl.sh ufile.io gist.io keep.sh envs.sh ttm.sh x0.at paste.c-net.org paste.sh bin.disroot.org throwbin.io
    justpaste.it pastie.org pastes.io toptal.com/developers/hastebin zerobin.net cl1p.net fileditch.com 1fichier.com
    """
)
CHAT = word_set(
    """
    discord.com discordapp.com hooks.slack.com api.telegram.org outlook.office.com webhook.office.com ntfy.sh
    api.pushover.net chat.googleapis.com open.feishu.cn oapi.dingtalk.com qyapi.weixin.qq.com maker.ifttt.com
    hooks.zapier.com hook.integromat.com hook.eu1.make.com hook.us1.make.com
    """
)
REGISTRIES = word_set(
    """
    registry.npmjs.org registry.yarnpkg.com npm.jsr.io jsr.io pypi.org files.pythonhosted.org test.pypi.org
    crates.io static.crates.io index.crates.io rubygems.org proxy.golang.org sum.golang.org repo.maven.apache.org
    repo1.maven.org api.nuget.org www.nuget.org hub.docker.com registry-1.docker.io docker.io ghcr.io quay.io gcr.io
    registry.k8s.io mcr.microsoft.com public.ecr.aws packagist.org repo.packagist.org conda.anaconda.org
    repo.anaconda.com formulae.brew.sh archive.ubuntu.com security.ubuntu.com deb.debian.org security.debian.org
    dl-cdn.alpinelinux.org download.docker.com packages.microsoft.com apt.releases.hashicorp.com dl.google.com
    packages.cloud.google.com pkgs.k8s.io deb.nodesource.com download.pytorch.org registry.npmmirror.com
    npmmirror.com cdn.npmmirror.com mirrors.aliyun.com maven.aliyun.com mirrors.tuna.tsinghua.edu.cn
    pypi.tuna.tsinghua.edu.cn mirrors.ustc.edu.cn rsproxy.cn goproxy.cn goproxy.io mirrors.cloud.tencent.com
    mirrors.huaweicloud.com repo.huaweicloud.com mirror.sjtu.edu.cn gems.ruby-china.com npm.pkg.github.com
    maven.google.com plugins.gradle.org services.gradle.org repo.spring.io jitpack.io oss.sonatype.org
    central.sonatype.com cache.nixos.org channels.nixos.org hex.pm repo.hex.pm pub.dev cocoapods.org
    cdn.cocoapods.org cpan.org cpan.metacpan.org cran.r-project.org cloud.r-project.org packagemanager.posit.co
    ctan.org opam.ocaml.org hackage.haskell.org luarocks.org clojars.org repo.clojars.org conda-forge.org
    wheels.pyg.org pypi.nvidia.com pypi.python.org www.powershellgallery.com community.chocolatey.org
    galaxy.ansible.com registry.terraform.io releases.hashicorp.com static.rust-lang.org dl.fedoraproject.org
    mirrors.fedoraproject.org mirror.centos.org ports.ubuntu.com ppa.launchpad.net dl.flathub.org flathub.org
    charts.bitnami.com charts.jetstack.io helm.releases.hashicorp.com helm.nginx.com helm.traefik.io
    helm.datadoghq.com helm.elastic.co helm.cilium.io charts.gitlab.io releases.rancher.com charts.rancher.io
    dl.gitea.com registry.gitlab.com conda.io
    """
)
CODE = word_set(
    "github.com gitlab.com bitbucket.org codeberg.org sr.ht git.sr.ht dev.azure.com ssh.github.com api.github.com "
    "codeload.github.com objects.githubusercontent.com git.kernel.org gitee.com"
)
RAW_CODE = word_set(
    "raw.githubusercontent.com gist.githubusercontent.com gist.github.com cdn.jsdelivr.net unpkg.com esm.sh "
    "raw.githack.com rawcdn.githack.com cdn.statically.io"
)
SHORTENERS = word_set(
    "bit.ly tinyurl.com goo.gl t.co is.gd v.gd ow.ly buff.ly rebrand.ly cutt.ly shorturl.at git.io rb.gy t.ly s.id "
    "tiny.cc qr.ae"
)
KNOWN = word_set(
    """
    anthropic.com openai.com google.com googleapis.com gstatic.com microsoft.com azure.com windows.net amazonaws.com
    aws.amazon.com cloudflare.com cloudflare.net stripe.com slack.com notion.com atlassian.com atlassian.net
    sentry.io datadoghq.com heroku.com vercel.com vercel.app netlify.com netlify.app fly.io fly.dev supabase.co
    supabase.com npmjs.com nodejs.org python.org rust-lang.org rustup.rs go.dev golang.org kubernetes.io docker.com
    huggingface.co debian.org ubuntu.com apple.com mozilla.org wikipedia.org stackoverflow.com astral.sh
    deno.land bun.sh hashicorp.com terraform.io grafana.com elastic.co mongodb.com postgresql.org jetbrains.com
    codecov.io coveralls.io sonarcloud.io snyk.io httpbin.org jsonplaceholder.typicode.com
    """
)
INSTALLERS = word_set(
    """
    sh.rustup.rs get.docker.com install.python-poetry.org raw.githubusercontent.com get.sdkman.io astral.sh deno.land
    bun.sh bun.com deb.nodesource.com get.pnpm.io get.helm.sh pyenv.run nixos.org install.determinate.systems
    cli.codecov.io claude.ai
    """
)
_PRIVATE_ENDINGS = (
    ".local", ".internal", ".lan", ".home", ".corp", ".intranet", ".localdomain", ".home.arpa", ".svc",
    ".cluster.local",
)  # fmt: skip
_NAME = re.compile(
    r"(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})", re.IGNORECASE
)
_OPAQUE = re.compile(r"[$`*]")
_SHARED = ipaddress.ip_network("100.64.0.0/10")


class Host(NamedTuple):
    """One host that a command names."""

    name: str
    kinds: frozenset[str]
    scheme: str = ""


_URL = re.compile(r"\s*([a-z][a-z0-9+.-]*)://", re.IGNORECASE)


@lru_cache(maxsize=2048)
def host_of(word: str) -> Host | None:
    """The host that an address, `user@host:path`, `host:port` or a plain host name names; None where none stands."""
    text = word.strip()[:2048]
    match = _URL.match(text)
    if match:
        scheme = match[1].lower()
        rest = re.split(r"[/?#\\]", text[match.end() :], maxsplit=1)[0].rpartition("@")[2]
        host = rest[1:].partition("]")[0] if rest.startswith("[") else rest.partition(":")[0]
        if scheme == "file" or not host:
            return None
        return Host(host.lower().rstrip("."), kinds(host, text), scheme)
    match = re.fullmatch(r"(?:[^@/\s:]+@)?(\[[0-9a-fA-F:.%]+\]|[^@/\s:\[\]]+)(?::[^\s]*)?(?:/.*)?", text)
    if not match:
        return None
    host = match[1].strip("[]")
    return Host(host.lower().rstrip("."), kinds(host, text)) if host else None


@lru_cache(maxsize=2048)
def kinds(host: str, url: str = "") -> frozenset[str]:
    """What kinds of host it is; never empty."""
    name = host.lower().rstrip(".")
    if _OPAQUE.search(name):
        # A number and then a path in a variable: the number alone tells the host.
        known = _OPAQUE.split(name, maxsplit=1)[0]
        if known.count(".") == 3 and number_of(known) is not None:
            return kinds(known)
    if not name or _OPAQUE.search(name):
        return frozenset({"opaque"})
    number = number_of(name)
    if number is not None:
        return _number(name, number)
    if name == "localhost" or name.endswith(".localhost"):
        return frozenset({"loopback"})
    if name in METADATA:
        return frozenset({"metadata"})
    found: set[str] = set()
    for kind, table in (
        ("tunnel", _TUNNELS), ("paste", PASTE), ("registry", REGISTRIES), ("code", CODE), ("raw-code", RAW_CODE),
        ("shortener", SHORTENERS),
    ):  # fmt: skip
        if _below(name, table):
            found.add(kind)
    if _below(name, CHAT) and (name not in ("discord.com", "discordapp.com") or "/api/webhooks" in url):
        found.add("chat")
    if name.endswith(".onion"):
        found.add("onion")
    if "raw-code" not in found and re.search(r"/raw/|[?&]raw=|/-/raw/|/releases/download/", url) and "code" in found:
        found.add("raw-code")
    imitated = lookalike_host(name)
    if imitated:
        found.add("lookalike")
    if "." not in name or name.endswith(_PRIVATE_ENDINGS):
        found.add("private")
    if not found and _below(name, KNOWN):
        found.add("known")
    return frozenset(found or {"unknown"})


def _number(name: str, number: ipaddress.IPv4Address | ipaddress.IPv6Address) -> frozenset[str]:
    found: set[str] = set()
    if str(number) != name and not (isinstance(number, ipaddress.IPv6Address) and ":" in name):
        found.add("odd-number")
    text = str(number)
    if text in METADATA:
        found.add("metadata")
    elif number.is_loopback or number.is_unspecified:
        found.add("loopback")
    elif number.is_link_local:
        found.add("link-local")
    elif number.is_private or (isinstance(number, ipaddress.IPv4Address) and number in _SHARED):
        # Addresses kept for documentation stand for public ones in examples and tests.
        found.add("raw-ip" if any(number in network for network in _DOCUMENTATION) else "private")
    else:
        found.add("raw-ip")
    return frozenset(found)


_DOCUMENTATION = tuple(
    ipaddress.ip_network(text) for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
)
_TUNNELS = frozenset(TUNNELS)


def _below(name: str, table: frozenset[str]) -> bool:
    """Whether the name or a domain above it is in the table."""
    if name in table:
        return True
    at = name.find(".")
    while at >= 0:
        if name[at + 1 :] in table:
            return True
        at = name.find(".", at + 1)
    return False


def is_installer(host: str) -> bool:
    """Whether the host is where a well-known tool's own installer is fetched from."""
    return host in INSTALLERS


def is_address(word: str) -> bool:
    """Whether the word is an address with a scheme that reaches a network."""
    match = _URL.match(word)
    return match is not None and match[1].lower() != "file"


def is_host(word: str) -> bool:
    """Whether a bare word is a host name with a public ending, or a number that is an address."""
    name = word.rpartition("@")[2].partition("/")[0].partition(":")[0]
    return _NAME.fullmatch(name) is not None or (name.count(".") == 3 and number_of(name) is not None)


def is_plain(word: str) -> bool:
    """Whether the address goes over a network in clear text."""
    found = address(word)
    return found is not None and found.plain_http
