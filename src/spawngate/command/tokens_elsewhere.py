"""A vendor's token, named by the variable that holds it, on its way to somebody else's host.

Belongs here: which variables hold whose tokens, and where those are theirs to be sent.
Must not be here: tokens by their form (`command.held_secrets`), files that hold some (`command.places`), and what is
sent where (`command.tools`). A variable with a name of its own (`$TOKEN`) may belong to any host and says nothing.
Sources: the vendors' own pages on the variables that their command lines and libraries read.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from spawngate.command.hosts import kinds

LONGEST = 16_384
"""Characters of a text that are looked at."""
_NOBODY: tuple[str, ...] = ()
_OWNERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        r"(?:GITHUB|GH)_(?:TOKEN|PAT|ACCESS_TOKEN)",
        ("github.com", "ghcr.io", "githubcopilot.com", "githubusercontent.com"),
    ),
    (
        r"AWS_(?:SECRET_ACCESS_KEY|SESSION_TOKEN|ACCESS_KEY_ID)",
        ("amazonaws.com", "amazonaws.com.cn", "aws.amazon.com", "aws.dev"),
    ),
    (r"OPENAI_API_KEY", ("openai.com", "azure.com")),
    (r"(?:ANTHROPIC_API_KEY|ANTHROPIC_AUTH_TOKEN|CLAUDE_API_KEY)", ("anthropic.com", "claude.ai")),
    (r"(?:GEMINI|GOOGLE)_API_KEY", ("googleapis.com", "google.com")),
    (r"(?:NPM_TOKEN|NODE_AUTH_TOKEN)", ("npmjs.org", "npmjs.com", "github.com")),
    (r"(?:PYPI_(?:API_)?TOKEN|TWINE_PASSWORD)", ("pypi.org",)),
    (r"CARGO_REGISTRY_TOKEN", ("crates.io",)),
    (r"STRIPE_(?:SECRET_KEY|API_KEY)", ("stripe.com",)),
    (r"SLACK_(?:BOT_|APP_|USER_)?TOKEN", ("slack.com",)),
    (r"(?:HF_TOKEN|HUGGING_?FACE(?:HUB)?_(?:API_)?TOKEN)", ("huggingface.co", "hf.co")),
    (r"(?:CLOUDFLARE|CF)_API_(?:TOKEN|KEY)", ("cloudflare.com",)),
    (r"(?:DIGITALOCEAN_(?:ACCESS_)?TOKEN|DO_API_TOKEN)", ("digitalocean.com",)),
    (r"(?:VERCEL|NETLIFY)_(?:AUTH_)?TOKEN", ("vercel.com", "netlify.com", "api.netlify.com")),
    (
        r"(?:AZURE_CLIENT_SECRET|ARM_CLIENT_SECRET)",
        ("azure.com", "microsoftonline.com", "windows.net", "microsoft.com"),
    ),
    (r"HEROKU_API_KEY", ("heroku.com",)),
    (r"(?:DD|DATADOG)_(?:API|APP)_KEY", ("datadoghq.com", "datadoghq.eu")),
    (r"SENTRY_AUTH_TOKEN", ("sentry.io",)),
    (r"SENDGRID_API_KEY", ("sendgrid.com",)),
    (r"(?:DOCKER|DOCKERHUB)_(?:PASSWORD|TOKEN)", ("docker.com", "docker.io")),
    (
        r"(?:SSH|DEPLOY|SIGNING|GPG)_PRIVATE_KEY|SECRET_KEY_BASE|DJANGO_SECRET_KEY|JWT_SECRET|PGPASSWORD|MYSQL_PWD",
        _NOBODY,
    ),
)
"""Variables and the domains whose they are; none for what is sent to nobody."""
_NAMED = re.compile("|".join(f"(?P<o{at}>{names})" for at, (names, _) in enumerate(_OWNERS)))
_NAME = re.compile(r"(?<![A-Za-z0-9_])[A-Z][A-Z0-9_]{4,40}(?![A-Za-z0-9_])")
_USED = re.compile(r"[$%]|env|ENV", re.ASCII)
_OWN = frozenset({"loopback", "private", "link-local", "opaque"})


def sent_elsewhere(texts: Iterable[str], hosts: Sequence[str]) -> bool:
    """Whether a text uses a variable that holds a vendor's token, and one of the hosts is a stranger to that vendor.
    Linear in the length of the texts."""
    strangers = [host for host in hosts if _OWN.isdisjoint(kinds(host))]
    if not strangers:
        return False
    for text in texts:
        part = text[:LONGEST]
        if _USED.search(part) is None:
            continue
        for found in _NAME.finditer(part):
            owners = _owners(found.group())
            if owners is not None and _uses(part, found) and any(not _belongs(host, owners) for host in strangers):
                return True
    return False


@lru_cache(maxsize=256)
def _owners(name: str) -> tuple[str, ...] | None:
    """Domains of the vendor whose token a variable holds; None for any other variable."""
    found = _NAMED.fullmatch(name)
    return None if found is None else _OWNERS[int(str(found.lastgroup)[1:])][1]


_BEFORE: Mapping[str, str] = {"$": "", "{": "", "%": "%", ":": "", ".": "", '"': "", "'": ""}


def _uses(text: str, found: re.Match[str]) -> bool:
    """Whether the name stands where a variable is used: `$X`, `${X`, `$env:X`, `%X%`, `env.X`, `environ["X"]`."""
    before = text[found.start() - 1 : found.start()]
    return before in _BEFORE and text[found.end() : found.end() + 1].startswith(_BEFORE[before])


def _belongs(host: str, owners: tuple[str, ...]) -> bool:
    return any(host == owner or host.endswith(f".{owner}") for owner in owners)
