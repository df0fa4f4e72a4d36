"""Random fake secrets and the places that people put them in.

Belongs here: what several tests plant. `SECRET_TYPES` maps a type to a function that draws one secret of it.
"""

import base64
import json
import random
import re
import shlex
import string
from collections.abc import Callable
from urllib.parse import quote

from spawngate.redact.names import listed
from spawngate.redact.patterns import PATTERNS

_ALPHABETS = {
    "a": string.ascii_letters + string.digits,
    "l": string.ascii_lowercase + string.digits,
    "u": string.ascii_uppercase + "234567",
    "h": "0123456789abcdef",
    "d": string.digits,
    "w": string.ascii_letters + string.digits + "-_",
}
_BLANK = re.compile(r"<([aluhdw])(\d+)>")

_WORDS = sorted(
    listed("""
    correct horse battery staple orange window harbor silver garden monday sunset dragon coffee river
    planet rocket yellow marble forest winter""")
)


def fill(template: str, rng: random.Random) -> str:
    """A template of patterns.toml with its blanks filled in. Ends of `w` blanks are letters or digits."""

    def draw(match: re.Match[str]) -> str:
        kind, length = match.group(1), int(match.group(2))
        text = "".join(rng.choice(_ALPHABETS[kind]) for _ in range(length))
        if kind == "d":
            text = rng.choice("123456789") + text[1:]
        if kind == "w":
            text = rng.choice(_ALPHABETS["a"]) + text[1:-1] + rng.choice(_ALPHABETS["a"])
        return text

    return _BLANK.sub(draw, template)


def _text(alphabet: str, low: int, high: int) -> Callable[[random.Random], str]:
    def draw(rng: random.Random) -> str:
        while True:
            text = "".join(rng.choice(alphabet) for _ in range(rng.randint(low, high)))
            if any(map(str.isdigit, text)) and any(map(str.isalpha, text)):
                return text

    return draw


def _leet_password(rng: random.Random) -> str:
    """A word with digits for letters, a sign and a number: `Tr0ub4dor&3`."""
    word = rng.choice([word for word in _WORDS if len(word) > 5 and sum(char in "oaeist" for char in word) > 1])
    out = [dict(zip("oaeist", "043157", strict=True)).get(char, char) for char in word]
    return "".join(out).capitalize() + rng.choice("!&#$*?") + str(rng.randint(0, 99))


def _word_password(rng: random.Random) -> str:
    """`Summer!2024`-like. Never with `%`: `Summer%20` reads as an escaped blank."""
    return rng.choice(_WORDS).capitalize() + rng.choice("!@#$&*") + str(rng.randint(1900, 2099))


def _symbol_password(rng: random.Random) -> str:
    """What a password generator makes, without quotes, blanks and brackets."""
    alphabet = string.ascii_letters + string.digits + "!@#$%^&*?~+-_"
    while True:
        text = "".join(rng.choice(alphabet) for _ in range(rng.randint(12, 24)))
        kinds = (str.islower, str.isupper, str.isdigit)
        if all(any(map(kind, text)) for kind in kinds) and re.search(r"[!@#$%^&*?~+]", text) and text[0].isalnum():
            return text


def _passphrase(rng: random.Random) -> str:
    return "-".join(rng.sample(_WORDS, 4))


def _plain_word(rng: random.Random) -> str:
    return "".join(rng.sample(_WORDS, 2))


def _base64(rng: random.Random) -> str:
    return base64.b64encode(rng.randbytes(rng.choice((24, 32, 48, 64)))).decode()


def _base64url(rng: random.Random) -> str:
    return base64.urlsafe_b64encode(rng.randbytes(rng.choice((24, 32, 48)))).decode().rstrip("=")


def _uuid(rng: random.Random) -> str:
    return fill("<h8>-<h4>-4<h3>-a<h3>-<h12>", rng)


def _aws_secret(rng: random.Random) -> str:
    return "".join(rng.choice(_ALPHABETS["a"] + "/+") for _ in range(40))


def _vendor(templates: tuple[str, ...]) -> Callable[[random.Random], str]:
    return lambda rng: fill(rng.choice(templates), rng)


VENDOR_TYPES: dict[str, Callable[[random.Random], str]] = {
    type_: _vendor(tuple(template for pattern in PATTERNS if pattern.type == type_ for template in pattern.match))
    for type_ in sorted({pattern.type for pattern in PATTERNS if pattern.match})
}
"""Types that are known by their own format, from the templates of patterns.toml."""

LOOSE_TYPES: dict[str, Callable[[random.Random], str]] = {
    "aws-secret-key": _aws_secret,
    "base64-key": _base64,
    "base64url-key": _base64url,
    "hex-16": lambda rng: fill("<h14>a7", rng),
    "hex-32": lambda rng: fill("<h30>a7", rng),
    "hex-40": lambda rng: fill("<h38>a7", rng),
    "hex-64": lambda rng: fill("<h62>a7", rng),
    "uuid-key": _uuid,
    "alphanumeric-24": _text(_ALPHABETS["a"], 20, 40),
    "lower-alphanumeric-24": _text(_ALPHABETS["l"], 24, 40),
    "leet-password": _leet_password,
    "word-password": _word_password,
    "symbol-password": _symbol_password,
    "passphrase": _passphrase,
    "plain-word": _plain_word,
}
"""Types without a format of their own."""

SECRET_TYPES: dict[str, Callable[[random.Random], str]] = VENDOR_TYPES | LOOSE_TYPES

WORD_TYPES = frozenset({"passphrase", "plain-word"})
"""Plain dictionary words: nothing but their place can give them away."""

LOOKALIKE_TYPES = frozenset({"uuid-key"})
"""Same form as ids that must stay readable, so a bare argument of the kind is kept."""


def pieces(secret: str) -> list[str]:
    """What must not survive: every window of 10 characters, or the secret itself where it is shorter."""
    if len(secret) <= 10:
        return [secret]
    return [secret[start : start + 10] for start in range(len(secret) - 9)]


def survivors(secret: str, output: str) -> list[str]:
    """Pieces of the secret that are in the output, also after percent and JSON escapes are undone."""
    found = []
    for piece in pieces(secret):
        forms = {piece, quote(piece, safe=""), json.dumps(piece)[1:-1]}
        if any(form in output for form in forms):
            found.append(piece)
    return found


def percent(secret: str) -> str:
    """The secret percent-encoded."""
    return quote(secret, safe="")


LINES: dict[str, Callable[[str], str]] = {
    "flag": lambda s: f"server --api-key {shlex.quote(s)} --verbose",
    "flag equals": lambda s: f"server --token={shlex.quote(s)} --verbose",
    "flag single dash": lambda s: f"server -password {shlex.quote(s)}",
    "flag in double quotes": lambda s: 'server --client-secret "' + re.sub(r'(["\\$`])', r"\\\1", s) + '"',
    "export": lambda s: f"export OPENAI_API_KEY={shlex.quote(s)}; npx -y server",
    "export harmless name": lambda s: f"export WHATEVER={shlex.quote(s)} && npx -y server",
    "prefix": lambda s: f"SOME_SETTING={shlex.quote(s)} npx -y server",
    "env prefix": lambda s: f"env -u X SOME_SETTING={shlex.quote(s)} npx -y server",
    "docker -e": lambda s: f"docker run -i --rm -e KEY={shlex.quote(s)} image:latest",
    "docker --env=": lambda s: f"docker run --env=KEY={shlex.quote(s)} image:latest",
    "header": lambda s: f"curl -H {shlex.quote('Authorization: Bearer ' + s)} https://example.com/x",
    "header long": lambda s: f"curl --header={shlex.quote('X-Api-Key: ' + s)} https://example.com/x",
    "curl user": lambda s: f"curl -u {shlex.quote('me:' + s)} https://example.com",
    "curl cookie": lambda s: f"curl -b {shlex.quote('session=' + s)} https://example.com",
    "curl data": lambda s: f"curl -d {shlex.quote('user=me&password=' + percent(s))} https://example.com",
    "curl json": lambda s: f"curl --data {shlex.quote(json.dumps({'user': 'me', 'password': s}))} https://example.com",
    "url userinfo": lambda s: f"psql postgres://me:{percent(s)}@db.example.com:5432/app?sslmode=require",
    "url query": lambda s: f"npx mcp-remote 'https://mcp.example.com/sse?apiKey={percent(s)}&region=eu'",
    "mysql": lambda s: f"mysql -h db -u root -p{shlex.quote(s)} app",
    "bash -c": lambda s: (
        "bash -c " + shlex.quote("curl -H " + shlex.quote("Authorization: Bearer " + s) + " https://x.y")
    ),
    "sh -c export": lambda s: "sh -c " + shlex.quote(f"export TOKEN={shlex.quote(s)}; exec server"),
    "permission": lambda s: f"Bash(curl -H {shlex.quote('Authorization: Bearer ' + s)} https://example.com:*)",
    "permission env": lambda s: f"Bash(API_TOKEN={shlex.quote(s)} npm run deploy:*)",
    "build-arg": lambda s: f"docker build --build-arg NPM_AUTH={shlex.quote(s)} .",
    "from-literal": lambda s: f"kubectl create secret generic x --from-literal=key={shlex.quote(s)}",
    "git header": lambda s: (
        f"git -c {shlex.quote('http.extraHeader=Authorization: Bearer ' + s)} clone https://example.com/r"
    ),
    "java define": lambda s: f"java -Ddb.password={shlex.quote(s)} -jar app.jar",
    "sshpass": lambda s: f"sshpass -p {shlex.quote(s)} ssh me@host.example.com",
    "redis": lambda s: f"redis-cli -h cache -a {shlex.quote(s)} ping",
    "docker login": lambda s: f"docker login -u me -p {shlex.quote(s)} registry.example.com",
}
"""Command lines with a secret in a place that gives it away."""

POWERSHELL_LINES: dict[str, Callable[[str], str]] = {
    "powershell env": lambda s: "$env:API_KEY = '" + s + "'; npx -y server",
    "powershell env glued": lambda s: "$env:API_KEY='" + s + "'; npx -y server",
    "cmd set": lambda s: f'set "API_KEY={s}" && npx -y server',
    "windows flag": lambda s: f'server.exe "/token:{s}"',
}
"""Command lines for other shells; only for secrets without quotes and line breaks."""

ARGUMENTS: dict[str, Callable[[str], tuple[str | None, list[str]]]] = {
    "flag": lambda s: ("server", ["--api-key", s]),
    "flag equals": lambda s: ("server", [f"--access-token={s}", "--port", "80"]),
    "flag camel": lambda s: ("server", ["--apiKey", s]),
    "flag colon": lambda s: ("server.exe", [f"/password:{s}"]),
    "short key": lambda s: ("server", ["-key", s]),
    "env": lambda s: ("docker", ["run", "-e", f"ANY={s}", "image"]),
    "env long": lambda s: ("docker", ["run", "--env", f"ANY={s}", "image"]),
    "env glued": lambda s: ("docker", ["run", f"-eANY={s}", "image"]),
    "env command": lambda s: ("env", [f"ANY={s}", "npx", "server"]),
    "header": lambda s: ("npx", ["mcp-remote", "https://x.example.com/mcp", "--header", f"Authorization: Bearer {s}"]),
    "header without scheme": lambda s: (
        "npx",
        ["mcp-remote", "https://x.example.com/mcp", "--header", f"X-Api-Key:{s}"],
    ),
    "header equals": lambda s: ("npx", ["mcp-remote", f"--header=Authorization: Token {s}"]),
    "header without flag": lambda s: ("npx", ["x", f"Authorization: Bearer {s}"]),
    "basic": lambda s: ("curl", ["-H", "Authorization: Basic " + base64.b64encode(f"me:{s}".encode()).decode()]),
    "userinfo": lambda s: ("server", [f"postgresql://me:{percent(s)}@db:5432/app"]),
    "userinfo alone": lambda s: ("server", [f"https://{percent(s)}:x-oauth-basic@git.example.com/r.git"]),
    "https userinfo": lambda s: ("server", [f"git+https://oauth2:{percent(s)}@git.example.com/r.git@main"]),
    "mongodb": lambda s: ("server", [f"mongodb+srv://me:{percent(s)}@c0.abc.mongodb.net/db?retryWrites=true"]),
    "redis": lambda s: ("server", ["--redis-url", f"redis://:{percent(s)}@cache:6379/0"]),
    "query": lambda s: ("npx", ["mcp-remote", f"https://x.example.com/mcp?key={percent(s)}&profile=default"]),
    "query unknown key": lambda s: ("npx", ["mcp-remote", f"https://x.example.com/mcp?zz={percent(s)}"]),
    "fragment": lambda s: ("npx", ["mcp-remote", f"https://x.example.com/mcp#access_token={percent(s)}"]),
    "jdbc": lambda s: ("java", ["-jar", "x.jar", f"jdbc:postgresql://h/db?user=u&password={percent(s)}"]),
    "connection string": lambda s: ("server", [f"Server=h;Database=d;User Id=u;Password={s};Encrypt=true"]),
    "azure": lambda s: (
        "server",
        [f"DefaultEndpointsProtocol=https;AccountName=x;AccountKey={s};EndpointSuffix=core.windows.net"],
    ),
    "sas": lambda s: ("azcopy", [f"https://x.blob.core.windows.net/c?sv=2022-11-02&sig={percent(s)}"]),
    "inline json": lambda s: ("server", ["--config", json.dumps({"url": "https://x.y", "auth": {"token": s}})]),
    "inline json env": lambda s: ("server", [json.dumps({"mcpServers": {"a": {"command": "x", "env": {"ANY": s}}}})]),
    "json in json": lambda s: ("server", [json.dumps({"config": json.dumps({"apiKey": s})})]),
    "codex override": lambda s: ("codex", ["-c", f"mcp_servers.x.env.ANY={s}"]),
    "npm token": lambda s: ("npm", ["publish", f"--//npm.example.test/:_authToken={s}"]),
    "setting": lambda s: ("server", [f"db.password={s}"]),
    "shell": lambda s: ("bash", ["-lc", f"export TOKEN={shlex.quote(s)} && exec npx -y server"]),
}
"""Argument lists with a secret in a place that gives it away."""

BARE: dict[str, Callable[[str], tuple[str | None, list[str]]]] = {
    "positional": lambda s: ("npx", ["-y", "some-mcp-server", s]),
    "only argument": lambda s: ("server", [s]),
    "unknown flag": lambda s: ("server", ["--thing", s]),
    "unknown flag equals": lambda s: ("server", [f"--thing={s}"]),
    "unknown key": lambda s: ("server", [f"thing={s}"]),
}
"""Argument lists where only the look of the secret gives it away."""

TEXTS: dict[str, Callable[[str], str]] = {
    "sentence": lambda s: f"Please connect with {s} and then continue",
    "in parentheses": lambda s: f"the staging account ({s}) is shared",
    "line": lambda s: f"first line\n{s}\nlast line",
}
"""Prose where only the look of the secret gives it away."""
