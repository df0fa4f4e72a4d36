"""What a written text holds that matters, wherever it is written: a fetch that is run, a shell handed out, orders to
an agent.

Belongs here: labels of texts. Must not be here: what a text changes in an agent's configuration (`command.switches`),
and full judgement of instructions that are inventoried (`rules.text_signals`).
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from spawngate.command.screen import Text, labels, screened

CONTENT: Mapping[str, str] = {
    "private-key": "a private key",
    "download-and-run": "something is fetched and run",
    "reverse-shell": "a shell is handed to another machine",
    "encoded-run": "something is decoded and run",
    "install-script": "a script that runs while a package is installed fetches or decodes",
    "orders": "an agent is told to hide something, to get around its protections, or to ignore what it was told",
    "spawngate-off": "Spawngate is taken out of the way",
    "runs-at-connect": "connecting by SSH starts a program",
    "version-control-runs": "version control starts a program",
    "editor-runs": "an editor's setting names a program in a temporary folder, or lets a folder run programs unasked",
    "secret-pattern": "what is searched for are keys and passwords",
    "foreign-source": "a project's dependency comes from a host that is neither a registry nor a code host",
    "lookalike-dependency": "a dependency's name imitates a well-known package",
    "foreign-action": "a workflow runs an action of a stranger, text of strangers, or sends secrets away",
}
"""Labels and their meaning; the last three are found in certain files only (`command.dependency_files`)."""

LONGEST = 32_768
"""Characters of a text that are looked at."""
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("private-key", re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{20,}")),
    (
        "download-and-run",
        re.compile(
            r"\b(?:curl|wget|iwr|irm|Invoke-WebRequest)\b[^\n|;&]{0,300}\|\s*(?:sudo\s+)?(?:ba|z|da|k)?sh\b"
            r"|\b(?:ba|z)?sh\s+<\(\s*(?:curl|wget)|(?:eval|sh\s+-c)\s+[\"']?\$\(\s*(?:curl|wget)"
            r"|\biex\s*+(?:\(\s*+)?\(?(?:iwr|irm|New-Object)|\|\s*iex\b",
            re.IGNORECASE,
        ),
    ),
    (
        "reverse-shell",
        re.compile(
            r"/dev/(?:tcp|udp)/[^/\s]+/\d+|\bn(?:c|cat|etcat)\b[^\n]{0,80}\s-e\s*\S*(?:sh|cmd)"
            r"|dup2\([^\n]{0,300}(?:sh|cmd)\b|socket[^\n]{0,200}pty\.spawn|Net\.Sockets\.TCPClient"
        ),
    ),
    (
        "encoded-run",
        re.compile(
            r"base64\s+(?:-d|--decode|-D)[^\n|]{0,80}\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b"
            r"|\bexec\(\s*(?:base64|__import__\(['\"]base64)|eval\(\s*(?:atob|base64_decode|Buffer\.from)"
            r"|powershell[^\n]{0,80}\s-e(?:nc|ncodedcommand)?\s+[A-Za-z0-9+/=]{20,}",
            re.IGNORECASE,
        ),
    ),
    (
        "install-script",
        re.compile(
            r"[\"'](?:pre|post)?install[\"']\s*:\s*[\"'][^\"']*(?:curl|wget|node\s+-e|bash|sh\s+-c"
            r"|python\d?\s+-c|powershell"
            r"|base64|/dev/tcp|https?:)"
        ),
    ),
    (
        "orders",
        re.compile(
            r"\b(?:do not|don't|never)\s+(?:tell|mention|show|inform|reveal)\b[^\n]{0,60}\b(?:user|person|human|anyone)"
            r"|\bignore\s+(?:all\s+|the\s+|any\s+|your\s+)*(?:previous|prior|earlier|above|hooks?"
            r"|policy|policies|rules|guard\w*|system prompt)"
            r"|dangerously-skip-permissions"
            r"|\bdisable(?:AllHooks)?\b[^\n]{0,30}\bhooks?\b"
            r"|\bwithout\s+(?:asking|telling|informing)\s+(?:the\s+)?(?:user|person|human)"
            r"|\b(?:send|upload|post|exfiltrate)\b[^\n]{0,60}(?:\.env|credentials|secrets?"
            r"|api[ _-]?keys?|id_rsa|tokens?)\b[^\n]{0,60}\bto\b",
            re.IGNORECASE,
        ),
    ),
    (
        "spawngate-off",
        re.compile(
            r"\bspawngate[\"',\s]{1,6}(?:unprotect|approve|revoke)\b|\b(?:pkill|killall|taskkill)\b[^\n]{0,60}spawngate"
            r"|\bsystemctl\b[^\n]{0,60}\b(?:stop|disable|mask)\b[^\n]{0,60}spawngate"
            r"|\b(?:uninstall|remove|purge)\b[^\n]{0,40}\bspawngate\b|\bSPAWNGATE_(?:MODE|SOCKET|STATE|DISABLE\w*|BYPASS\w*|OFF|ENABLED|HOOK\w*|POLICY|CONFIG)\s*="
            r"|\brm\s[^\n]{0,60}[/~]\.?(?:[\w.-]+/){0,6}spawngate(?:[/\s]|$)"
        ),
    ),
    (
        "runs-at-connect",
        re.compile(
            r"^[^\S\n]*(?:ProxyCommand|LocalCommand|PermitLocalCommand|KnownHostsCommand"
            r"|Match\s++.*exec)\b|PermitRootLogin\s+yes|"
            r"AuthorizedKeys(?:File|Command)\b|ForceCommand|PermitEmptyPasswords\s+yes",
            re.IGNORECASE | re.MULTILINE,
        ),
    ),
    (
        "editor-runs",
        re.compile(
            r"[\"'][\w.-]*(?:path|command|executable|interpreter|binary|shell|server|program|run)[\w.-]*[\"']\s{0,4}:\s{0,4}"
            r"(?:\[\s{0,4})?[\"'](?:/tmp/|/var/tmp/|/dev/shm/|https?://)"
            r"|task\.allowAutomaticTasks[\"']\s{0,4}:\s{0,4}[\"']?(?:on|true)"
            r"|workspace\.trust\.enabled[\"']\s{0,4}:\s{0,4}false"
            r"|terminal\.integrated\.(?:profiles|automationProfile|shellArgs|shell)\b[^\0]{0,300}[\"']-[a-z]*c[\"']",
            re.IGNORECASE,
        ),
    ),
    (
        "version-control-runs",
        re.compile(
            r"\b(?:hooksPath|fsmonitor|sshCommand|pager|editor|external|textconv|smudge|clean"
            r"|helper|insteadOf|gpg\.program|"
            r"sslVerify)\s*=\s*(?!true\b|cat\b|less\b|vim?\b|nano\b|store\b|cache\b|\.husky)\S",
            re.IGNORECASE,
        ),
    ),
)


_SCREENED = screened(_RULES)


_LOOKED_FOR = re.compile(
    r"AKIA|ASIA\[|gh[pousr]_|github_pat_|\bsk-(?:ant|proj|live|\[)|xox\[?[abp]|AIza|glpat-|npm_\["
    r"|BEGIN[^\n]{0,40}PRIVATE|PRIVATE KEY|passw(?:or)?d|passphrase|aws_?\\?.?(?:secret|access)"
    r"|secret_?\.?[*?]?(?:access_?)?key|api[_.\-\[\]]{0,5}\??key|credentials?\b"
    r"|\bid_(?:rsa|ed25519|ecdsa|dsa)\b|\.(?:pem|ppk|kdbx|pfx|p12|keystore|jks)\b|\.env(?:\*|\b)(?!\.example)"
    r"|\.netrc|\.npmrc|\.pgpass|\.git-credentials|wallet\.dat|\.htpasswd|\bshadow\b|tfstate",
    re.IGNORECASE,
)


def looks_for_secrets(pattern: str) -> bool:
    """Whether a pattern of names or texts finds keys and passwords."""
    return _LOOKED_FOR.search(pattern) is not None


@lru_cache(maxsize=8)
def content_of(text: str) -> frozenset[str]:
    """Labels of what the text holds."""
    if len(text) < 8:
        return frozenset()
    part = text[:LONGEST].replace("\\n", "\n")
    return frozenset(labels(_SCREENED, Text(part)))
