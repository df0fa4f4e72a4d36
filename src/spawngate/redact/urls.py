"""Redacts addresses: URLs of any scheme, with what they carry in user info, path, parameters, query and fragment.

Must not be here: lists of `key=value` that are no URL (`connections`) and the look of tokens (`opaque`).
"""

import re
from urllib.parse import quote, unquote

from spawngate.redact import names, opaque, patterns, references
from spawngate.redact.marks import MARK, Marker
from spawngate.redact.tokens import leaf

SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,40}(?::[A-Za-z][A-Za-z0-9+.-]{0,40}){0,2}://")
_PORT = re.compile(r"\d{0,5}(?:,[^,/]+:\d{1,5})*")
_HASH_PARENTS = names.listed("commit commits tree blob raw archive tarball zipball sha refs objects download cid")
_PLAIN_ANCHOR = re.compile(
    r"[A-Za-z][a-z]{0,20}(?:[-_/.][a-z0-9]{1,16}){0,6}|L\d{1,6}(?:-L\d{1,6})?|v?\d+(?:\.\d+){1,3}|semver:[\^~]?[\d.x]+"
)
_REVISION = re.compile(r"[0-9a-f]{7,64}")
_DATABASE = re.compile(
    r"postgres|mysql|mariadb|mongodb|redis|rediss|amqp|mssql|sqlserver|oracle|clickhouse|cassandra|neo4j|bolt|snowflake"
    r"|cockroach|couchbase|elastic|kafka|nats|influx|ldap|smtp|ftp|jdbc|odbc|sqlite|libsql|rabbit|memcached|trino|presto"
)

_WEBHOOKS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(host), re.compile(path))
    for host, path in (
        (r"hooks\.slack\.com", r"/(?:services|workflows|triggers)/"),
        (r"(?:canary\.|ptb\.)?discord(?:app)?\.com", r"/api/(?:v\d+/)?webhooks/\d+/"),
        (r".*\.webhook\.office\.com|outlook\.office(?:365)?\.com", r"/webhook(?:b2)?/"),
        (r".*\.logic\.azure\.com|.*\.powerplatform\.com", r"/(?:workflows|powerautomate)/"),
        (r"hooks\.zapier\.com", r"/hooks/"),
        (r"(?:mcp|actions)\.zapier\.com", r"/api/mcp/[a-z]/|/api/v\d/(?:connect|exposed)/"),
        (r"hook\.[a-z0-9.]*(?:make|integromat)\.com", r"/"),
        (r"api\.telegram\.org", r"/(?:file/)?bot"),
        (r"(?:mcp|backend)\.composio\.dev", r"/(?:v\d/mcp|composio/server|partner)/"),
        (r"(?:remote\.)?mcp\.pipedream\.net", r"/"),
        (r".*\.(?:pipedream\.net|m\.pipedream\.net)", r"/"),
        (r"webhook\.site|ntfy\.sh|hc-ping\.com|maker\.ifttt\.com|chat\.googleapis\.com", r"/"),
        (r"events\.pagerduty\.com", r"/(?:integration|x-ere)/"),
        (
            r"qyapi\.weixin\.qq\.com|oapi\.dingtalk\.com|open\.(?:feishu\.cn|larksuite\.com)",
            r"/(?:open-apis/bot/v2/hook/|robot/|cgi-bin/webhook/)",
        ),
    )
)
"""Hosts whose paths are capabilities, and the part of the path that is none. Plain words behind it stay."""


_WEBHOOK_WORDS = re.compile(
    r"sse|mcp|messages?|events?|send|sendMessage|getMe|catch|invoke|triggers|manual|paths|enqueue|hook|IncomingWebhook|v\d"
)
_LOWER = re.compile(r"%(?:[a-f][0-9a-f]|[0-9][a-f])")
_NO_PASSWORDS = frozenset({"x-oauth-basic", "x-token-auth", "api_token", "X"})
"""Fixed words in the place of the password where the user name is the token."""


def url(marker: Marker, text: str, place: str = "url") -> str:
    """`text`, which is one URL without blanks around it, redacted part by part."""
    scheme = SCHEME.match(text)
    if not scheme:
        return leaf(marker, text, place)
    head = scheme.group()
    if len(head) >= patterns.SHORTEST:
        head = leaf(marker, head[:-3], place) + head[-3:]
    rest = _formatted(marker, text[scheme.end() :])
    database = _DATABASE.search(head.lower()) is not None
    git = "git" in head
    authority, rest = _authority(rest, database)
    parameters = ""
    if database and ";" in authority.rpartition("@")[2]:
        cut = authority.rindex("@") + 1 if "@" in authority else 0
        cut = authority.index(";", cut)
        parameters, rest = authority[cut:] + rest, ""
        authority = authority[:cut]
    before, hash_sign, fragment = rest.partition("#")
    path, question, query = before.partition("?")
    user, at, host = authority.rpartition("@")
    out = [head]
    if at:
        out += [_userinfo(marker, user, database), at]
    out.append(_host(marker, host))
    out.append(_path(marker, host, path, git))
    if question:
        out += [question, _query(marker, query)]
    if parameters:
        out.append(_parameters(marker, parameters))
    if hash_sign:
        out += [hash_sign, _fragment(marker, fragment, git)]
    return "".join(out)


def _formatted(marker: Marker, rest: str) -> str:
    """Hide vendors' secrets that hold a sign which ends a part of an address: `u:2/123/456:0a1b@host`."""
    at = rest.rfind("@")
    for start, stop, type_ in patterns.find(rest):
        if re.search(r"[/?#:]", rest[start:stop]) and not type_.endswith("webhook"):
            place = "userinfo" if stop <= at else "path"
            return rest[:start] + marker.hide(rest[start:stop], type_, place) + _formatted(marker, rest[stop:])
    return rest


def _authority(rest: str, database: bool) -> tuple[str, str]:
    """The part up to the path. A password with `/`, `?` or `#` in it reaches further than the standard allows."""
    end = re.search(r"[/?#\\]", rest)
    cut = end.start() if end else len(rest)
    authority = rest[:cut]
    if "@" not in authority and "@" in rest and opaque.is_base64(rest[: rest.rindex("@")]):
        cut = rest.rindex("@")
        end = re.search(r"[/?#]", rest[cut:])
        cut = cut + end.start() if end else len(rest)
    elif "@" not in authority and ":" in authority and "@" in rest:
        port = authority.rpartition(":")[2]
        inside = rest[authority.index(":") + 1 : rest.rindex("@")]
        if (
            database
            or opaque.is_base64(inside)
            or not (_PORT.fullmatch(port) or MARK.search(authority) or references.find(authority))
        ):
            host = rest.rindex("@") + 1
            end = re.search(r"[/?#]", rest[host:])
            cut = host + end.start() if end else len(rest)
    return rest[:cut], rest[cut:]


def _userinfo(marker: Marker, text: str, database: bool) -> str:
    user, colon, password = text.partition(":")
    if "[secret:" in text:
        mark = MARK.match(text)
        if mark:
            user, colon, password = mark.group(), text[mark.end() : mark.end() + 1], text[mark.end() + 1 :]
    if not colon or not password or password in _NO_PASSWORDS:
        if password and colon:
            return (user if keep(user) else marker.hide(user, "url-user", "userinfo")) + colon + password
        return _user(marker, user, alone=True) + colon
    if not keep(password):
        password = marker.hide(password, "dsn-password" if database else "url-password", "userinfo")
    return _user(marker, user, alone=False) + colon + password


def _user(marker: Marker, user: str, alone: bool) -> str:
    if not user or keep(user):
        return user
    decoded = unquote(user)
    plain = re.fullmatch(r"[a-z][a-z._-]{0,24}\d{0,2}", decoded) and not opaque.is_random(decoded)
    if alone and not plain and "@" not in decoded:
        return marker.hide(user, "url-user", "userinfo")
    if any(patterns.find(decoded)) or opaque.is_uuid(decoded) or opaque.verdict(decoded):
        return marker.hide(user, "url-user", "userinfo")
    return user


def _host(marker: Marker, host: str) -> str:
    found = next(patterns.find(host), None)
    if found:
        return (
            host[: found[0]]
            + marker.hide(host[found[0] : found[1]], "url-host", "host")
            + _host(marker, host[found[1] :])
        )
    name, colon, port = host.rpartition(":")
    if colon and not _PORT.fullmatch(port) and not keep(port) and not host.endswith("]") and "[secret:" not in host:
        if re.fullmatch(r"[a-z]{1,12}|<[^<>]*>|\{[^{}]*\}|\*", port):
            return host
        return name + colon + marker.hide(port, "url-password", "port")
    labels = (name if colon else host).split(".")
    if any(len(label) >= 20 for label in labels) and "[secret:" not in host:
        hidden = [
            marker.hide(label, "url-host", "host")
            if len(label) >= 20 and (any(patterns.find(label)) or opaque.is_uuid(label) or opaque.verdict(label))
            else label
            for label in labels
        ]
        return ".".join(hidden) + (colon + port if colon else "")
    return host


def _path(marker: Marker, host: str, path: str, git: bool) -> str:
    if len(path) < 2:
        return path
    bare_host = host.partition(":")[0].lower()
    for host_rule, path_rule in _WEBHOOKS:
        if host_rule.fullmatch(bare_host):
            rule = path_rule.match(path)
            if rule:
                tail = "/".join(
                    part
                    if not part or keep(part) or _WEBHOOK_WORDS.fullmatch(part)
                    else marker.hide(part, "webhook", "path")
                    for part in path[rule.end() :].split("/")
                )
                return rule.group() + tail
    key = path.strip("/") if len(path) > 30 else ""
    if opaque.is_base64(key):
        return path.replace(key, marker.hide(key, "url-path", "path"), 1)
    segments = path.split("/")
    return "/".join(
        _segment(marker, part, segments[index - 1].lower() if index else "", bare_host, git)
        for index, part in enumerate(segments)
    )


def _segment(marker: Marker, part: str, parent: str, host: str, git: bool) -> str:
    name, semicolon, parameters = part.partition(";")
    if semicolon:
        return _segment(marker, name, parent, host, git) + _parameters(marker, semicolon + parameters)
    if not part or keep(part):
        return part
    if git and "@" in part:
        package, at, revision = part.rpartition("@")
        if _REVISION.fullmatch(revision):
            return _segment(marker, package, parent, host, git) + at + revision
    decoded = unquote(part)
    if len(decoded) < 6:
        return part
    if any(patterns.find(decoded)):
        found = list(patterns.find(decoded))
        if decoded == part and found[0][0] > 0 and part[found[0][0] - 1] in ":=,@":
            return part[: found[0][0]] + marker.hide(part[found[0][0] :], "url-path", "path")
        return marker.hide(part, "url-path", "path")
    if opaque.is_uuid(decoded):
        return marker.hide(part, "url-path", "path")
    if parent in _HASH_PARENTS and re.fullmatch(r"[0-9a-f]{7,40}", decoded):
        return part
    if opaque.is_hex(decoded):
        hashed = parent in _HASH_PARENTS or host == "raw.githubusercontent.com"
        return part if hashed and len(decoded) in (40, 64) else marker.hide(part, "url-path", "path")
    stem = re.sub(r"\.(?:tar\.gz|tgz|zip|git|json|whl)$", "", decoded)
    if stem != decoded and opaque.is_hex(stem) and parent in _HASH_PARENTS:
        return part
    key, equals, value = decoded.partition("=")
    if equals and value and names.is_secret(key) and decoded == part:
        return key + equals + (value if keep(value) else marker.hide(value, "url-path", key))
    if any(map(opaque.is_uuid, re.split(r"[:=,@~!]", decoded))) or opaque.verdict(decoded):
        return marker.hide(part, "url-path", "path")
    return part


def _parameters(marker: Marker, text: str) -> str:
    """`;key=value;flag` after a path segment or, in JDBC, after the host."""
    return ";".join(
        _pair(marker, part, "url-parameter", secret_only="database" in text.lower() or "user" in text.lower())
        for part in text.split(";")
    )


def _query(marker: Marker, query: str) -> str:
    separator = "&" if "&" in query or ";" not in query else ";"
    return separator.join(_pair(marker, part, "url-query", secret_only=False) for part in query.split(separator))


def pairs(marker: Marker, text: str) -> str:
    """A form body or the query of an URL: `a=b&c=d`, every value hidden that is not known to be harmless."""
    return _query(marker, text)


def _pair(marker: Marker, part: str, type_: str, secret_only: bool) -> str:
    key, equals, value = part.partition("=")
    if MARK.match(part):
        return part if keep(part) else marker.hide(part, type_, "query")
    decoded_key = unquote(key)
    if not equals:
        plain = re.fullmatch(r"[A-Za-z][a-z_-]{0,20}", key) and not opaque.verdict(key)
        return key if not key or plain or keep(key) else marker.hide(key, type_, "query")
    if any(patterns.find(decoded_key)) or opaque.verdict(decoded_key) or opaque.is_uuid(decoded_key):
        key = marker.hide(key, type_, "query")
        decoded_key = "query"
    if not value or keep(value):
        return key + equals + value
    decoded = unquote(value)
    if opaque.is_project_ref(decoded_key, decoded):
        return key + equals + value
    harmless = not names.is_secret(decoded_key) and (
        names.is_harmless_query(decoded_key)
        or (secret_only and not re.fullmatch(r"\w*(?:pw|pass)\w*", decoded_key.lower()))
        or re.fullmatch(r"true|false|\d{1,4}|yes|no|on|off", decoded)
    )
    if harmless and len(decoded) <= 200 and not any(patterns.find(decoded)):
        inner = url(marker, decoded) if "://" in decoded else decoded
        if inner != decoded:
            return key + equals + _encoded(inner, value)
        if not any(opaque.verdict(word) for word in re.split(r"[\s,:;]+", decoded)) and (
            not opaque.is_uuid(decoded)
            or "project" in decoded_key
            or decoded_key.lower() in ("team", "workspace", "org")
        ):
            return key + equals + value
    return key + equals + marker.hide(value, type_, decoded_key[:60])


def _encoded(text: str, like: str) -> str:
    """`text` percent-encoded in the way `like` is, but for the markers in it."""
    if "%" not in like:
        return text
    plain = "".join(set(re.sub(r"%[0-9A-Fa-f]{2}", "", like)))
    parts: list[str] = []
    last = 0
    for match in MARK.finditer(text):
        parts += [quote(text[last : match.start()], safe=plain), match.group()]
        last = match.end()
    written = "".join([*parts, quote(text[last:], safe=plain)])
    return re.sub(r"%[0-9A-F]{2}", lambda code: code.group().lower(), written) if re.search(_LOWER, like) else written


def _fragment(marker: Marker, fragment: str, git: bool) -> str:
    if not fragment or keep(fragment):
        return fragment
    decoded = unquote(fragment)
    if "=" in fragment:
        return "&".join(
            part
            if re.match(r"(?:egg|subdirectory|tag|branch|path)=", part)
            and not opaque.verdict(part.partition("=")[2])
            and not any(patterns.find(part))
            else _fragment_pair(marker, part)
            for part in fragment.split("&")
        )
    if git and _REVISION.fullmatch(fragment):
        return fragment
    if _PLAIN_ANCHOR.fullmatch(decoded) and not opaque.verdict(decoded) and not any(patterns.find(decoded)):
        return fragment
    return marker.hide(fragment, "url-fragment", "fragment")


def _fragment_pair(marker: Marker, part: str) -> str:
    key, equals, value = part.partition("=")
    if not equals or not re.fullmatch(r"[A-Za-z_-]{1,40}", key):
        return part if keep(part) else marker.hide(part, "url-fragment", "fragment")
    return key + equals + (value if not value or keep(value) else marker.hide(value, "url-fragment", key))


def keep(text: str) -> bool:
    """Whether `text` is already redacted, or only refers to a value kept elsewhere."""
    if "[secret:" in text and not any(map(str.isalnum, MARK.sub("", text))):
        return True
    return references.is_reference(text) or references.is_reference(unquote(text) if "%7B" in text else text)
