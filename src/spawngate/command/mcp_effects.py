"""What a call of an MCP tool does elsewhere, as far as its name and arguments say it: nothing on this machine shows it.

Belongs here: effects on accounts, services, money and doors, as a closed list of words, and secrets in arguments.
Must not be here: what it would run here (`command.mcp_programs`), and how bad it is (`rules`).
Names are read word by word; a tool that looks something up has no effect, whatever it looks up.
Sources: the tool lists of the servers of GitHub, GitLab, AWS, Google Workspace, Slack, Stripe, PayPal, Shopify,
Cloudflare, Vercel, Supabase, Neon, Elasticsearch, Kafka, Okta, Auth0, Home Assistant and 1Password; OWASP MCP Top 10.
"""

import re
from collections.abc import Mapping, Sequence

from spawngate.command import prompts
from spawngate.command.content import content_of
from spawngate.command.held_secrets import holds_secret
from spawngate.command.leaves import leaves
from spawngate.command.mcp_programs import AGENTS, words_of
from spawngate.command.readers import reader_of
from spawngate.launch.argv import program as base_name
from spawngate.launch.argv import word_set
from spawngate.model.call import ToolCall, ToolKind
from spawngate.model.json import Json

EFFECTS: Mapping[str, str] = {
    "destroys": "deletes something that holds much: a database, project, bucket, machine, account",
    "destroys-many": "deletes many things at once, or everything",
    "gives-access": "gives somebody access: a member, role, key, token or hook",
    "makes-public": "opens something to everybody",
    "guard-off": "takes a protection away: of a branch, a login, a network, a record",
    "moves-money": "pays, refunds, orders, or signs a transaction",
    "reads-secret": "reads a password, key or token out of a store",
    "redirects": "changes where mail or a name leads to",
    "adds-server": "installs, adds or changes an MCP server",
    "loosens-server": "changes what an MCP server itself may do",
    "starts-unattended": "starts an agent that asks nobody",
    "odd-address": "goes to an address of an odd scheme, to a share of another machine, or hides an address in a name",
    "opens-door": "unlocks or disarms something in the world",
    "remembers-orders": "puts orders against the person, or a fetch that is run, into a memory",
    "secret-argument": "an argument holds a key, token or password",
    "command-in-argument": "an argument that is no command holds one",
    "page-data-sent": "code sends a page's cookies or storage away",
}
"""Words and their meaning."""

_LOOKS = word_set(
    "get list search find describe show view read query count check explain ask lookup browse preview docs"
)
_DELETES = word_set(
    "delete remove destroy drop purge erase wipe terminate nuke truncate deprovision decommission teardown obliterate"
    " trash del rm"
)
_HOLDS_MUCH = word_set(
    """
    database databases db schema schemas table tables collection collections keyspace index indexes indices bucket
    buckets namespace namespaces cluster clusters instance instances vm vms machine machines droplet droplets linode
    node nodes nodegroup volume volumes disk disks snapshot snapshots backup backups project projects repository
    repositories repo repos organization organisation org account accounts user users tenant workspace workspaces team
    teams zone zones domain domains app apps application applications stack stacks environment environments
    distribution vault vaults secret secrets queue queues topic topics stream streams site sites website store product
    products customer customers subscription mailbox drive drives pool filesystem registry datastore warehouse dataset
    datasets dashboard dashboards calendar channel channels server servers host everything tree
    """
)
_KEEPS_RECORD = word_set("logs log audit history trail cloudtrail")
_MANY = word_set("all bulk batch mass multiple everything every")
_WIPES = re.compile(
    r"flush_?(?:all|db)|delete_by_query|empty_(?:trash|bucket|bin|queue|table|folder)|factory_reset|reset_(?:database|db|all|cluster|device)"
    r"|migrate_reset|format_(?:disk|drive|volume)|clear_(?:all|database|index|collection|table|bucket|queue)|purge_queue"
)
_CHANGES = word_set(
    "add invite grant create attach put set update assign make register generate issue enable change upsert modify edit"
    " share transfer allow authorize insert manage"
)
_ACCESS = word_set(
    "collaborator collaborators member members admin admins administrator owner ownership permission permissions policy"
    " acl iam webhook webhooks sharing delegate"
)
_ACCESS_PAIRS = re.compile(
    r"(?:deploy|ssh|access|api|service_account|gpg|signing)_?keys?|access_token|api_token|personal_access|service_account"
    r"|oauth_(?:app|client)|role_(?:binding|assignment)|user_role|invite_(?:user|people|member)|(?:add|create)_(?:db_|iam_|admin_)?user|access_list"
    r"|create_login|role_to|to_role|hook_url"
)
_GUARDS = re.compile(
    r"(?:branch_)?protections?|ruleset|mfa|2fa|two_factor|firewall|waf|guard_?duty|cloud_?trail|audit|antivirus|defender"
    r"|security_(?:group|rule|alert|scan\w*|center)|alarm|detector|scanning|sandbox|safe_?guard"
)
_TAKES_AWAY = word_set("delete remove disable stop off reset deactivate suspend bypass update edit revoke dismiss turn")
_PAYS = re.compile(
    r"(?:^|_)(?:pay|payout|refund|charge|withdraw(?:al)?|purchase)(?:_|$)|send_(?:payment|money|funds|transaction|eth|sol"
    r"|btc|tokens?|native)|transfer_(?:funds|money|tokens?|erc20|eth|sol|nft|native|asset)|(?:place|create|submit)_"
    r"(?:\w{1,64}_)?(?:order|payment|refund|payout|transfer|charge|trade|swap)(?:$|_(?!link|page|method))|approve_(?:token|spend|payment|transaction)"
    r"|sign_(?:transaction|message|typed)|swap_tokens?|buy_\w+|sell_\w+|(?:^|_)(?:buy|sell)$|wire_transfer"
    r"|execute_(?:trade|swap|payment)|broadcast_transaction"
)
_MOVES = word_set("transfer send swap bridge stake buy sell order trade withdraw checkout")
_AMOUNTS = frozenset(
    [
        "amount",
        "lamports",
        "qty",
        "quantity",
        "price",
        "value",
        "amountin",
        "amount_in",
        "amount_usd",
        "total",
        "wei",
        "sum",
    ]
)
_SECRETS = re.compile(
    r"(?:secrets?|passwords?|credentials?|passphrase|private_?keys?|seed(?:_phrase)?|mnemonic|keychain|totp|otp"
    r"|api_?keys?|(?:access|auth|api|refresh|bearer|session|id)_tokens?|key_?vault\w*|secret_value|recovery_codes?)(?:_|$)"
)
_ENVIRONMENT = re.compile(
    r"(?:^|_)(?:print|dump|get|list|read|show)_?(?:all_)?env(?:_?vars?|_?variables?|ironment_variables?)?$|^printenv$|^env$"
)
_REVEALS = word_set(
    "get read fetch retrieve reveal show export access decrypt dump copy lookup view print unseal download"
)
_STORES = word_set(
    "vault 1password onepassword bitwarden lastpass keepass keepassxc keychain secretsmanager keyvault doppler"
    " infisical dashlane protonpass gopass akeyless conjur"
)
_ITEMS = word_set("get read fetch show retrieve item secret password login note field lookup kv")
_MAIL = re.compile(
    r"(?:auto_?)?forward(?:ing)?_(?:address|rule|email|all)|(?:add|create|set|update|enable)_\w{0,64}(?:forward|delegate)"
)
_SERVER_NAMES = re.compile(r"mcp|smithery|(?:^|_)server_(?:installer|manager|registry)")
_LOOSE = re.compile(
    r"(?i)blocked_?commands|allowed_?(?:directories|paths|commands|hosts|domains|origins)|deny_?list|block_?list"
    r"|allow_?list|white_?list|black_?list|read_?only|safe_?mode|sandbox|confirm\w*|require_?approval|auto_?approve"
)
_DOORS = word_set("unlock disarm")
_PAGE = re.compile(r"document\.cookie|localStorage|sessionStorage|indexedDB")
_SENDS = re.compile(
    r"\bfetch\s*\(|sendBeacon|XMLHttpRequest|WebSocket|\.src\s*=|location(?:\.href)?\s*=|axios|\.post\s*\("
)
_ABSOLUTE = re.compile(r"(?:https?|wss?):|['\"`]//")

_PRINCIPAL = re.compile(r"[\"']?(?:Principal|AWS)[\"']?\s*:\s*(?:\{\s*[\"']AWS[\"']\s*:\s*)?[\"']\*")
_PUBLIC = frozenset(
    {"public", "public-read", "public-read-write", "anyone", "everyone", "allusers", "anonymous", "world"}
)
_PUBLIC_KEYS = word_set(
    "visibility acl access type scope role sharing audience member principal grantee access_level accesslevel"
    " link_access privacy permission public_access who"
)


def effects_of(call: ToolCall) -> frozenset[str]:
    """Words of `EFFECTS` for a call of an MCP tool. Raises nothing."""
    tool, server = words_of(call.server_tool or call.tool), words_of(call.server)
    remembered = _remembered(tool, server, call.input)
    if not tool or (call.kind is not ToolKind.MCP and (len(tool) < _LONG or not re.search(r"[_-]", call.tool))):
        # Agents' own tools have short names; `server_tool` and `server-tool` have at least one word more.
        return remembered
    values = list(leaves(call.input))
    found = _by_name(tool, server, {key.lower() for key, _ in values}, {key.lower(): value for key, value in values})
    if not set(tool) & _LOOKS:
        found |= _by_arguments(tool, values)
    if not (AGENTS - {"agents"}).isdisjoint((*tool, *server)) and any(
        _UNASKED.fullmatch(f"{key.replace('-', '_')}={value}") for key, value in values
    ):
        found.add("starts-unattended")
    if any(isinstance(value, str) and _ODD.match(value) for _, value in values):
        found.add("odd-address")
    if not _CLUSTERS.isdisjoint((*tool, *server)) and any(
        isinstance(value, str) and _PRIVILEGED.search(value[:_LONGEST]) for _, value in values
    ):
        found.add("gives-access")
    found |= _secrets(tool, values)
    if any(
        isinstance(value, str) and _NAMES.fullmatch(key) and len(value) <= 1024 and _injected(value)
        for key, value in values
    ):
        found.add("command-in-argument")
    return remembered | found


_MEMORY = word_set(
    "memory memories rule rules instruction instructions observation observations entities remember mem0 knowledge"
    " preference preferences steering guideline guidelines"
)
_KEPT = word_set("save write update create add set store append remember insert edit put learn record entities")
_POISON = frozenset({"download-and-run", "reverse-shell", "encoded-run", "orders", "spawngate-off"})


def _remembered(tool: Sequence[str], server: Sequence[str], given: Json) -> frozenset[str]:
    """What is told to later sessions by way of a memory."""
    if _MEMORY.isdisjoint((*tool, *server)) or _KEPT.isdisjoint(tool):
        return frozenset()
    for _, value in leaves(given):
        if (
            isinstance(value, str)
            and len(value) > _SHORTEST_ORDER
            and not _POISON.isdisjoint(prompts.content(value) | (content_of(value) & {"spawngate-off"}))
        ):
            return frozenset({"remembers-orders"})
    return frozenset()


_SHORTEST_ORDER = 12


def _by_name(tool: Sequence[str], server: Sequence[str], keys: set[str], values: Mapping[str, object]) -> set[str]:
    words, name = set(tool), "_".join(tool)
    found: set[str] = set()
    if _ENVIRONMENT.search(name) or (
        words & {"get", "read", "describe", "show"}
        and words & {"resource", "resources", "kubectl"}
        and any(str(values.get(key, "")).lower() in ("secret", "secrets") for key in ("kind", "resourcetype", "type"))
    ):
        found.add("reads-secret")
    if (
        words & _REVEALS and _SECRETS.search(name) and not words & {"scanning", "alert", "alerts", "schema", "policy"}
    ) or (set(server) & _STORES and words & _ITEMS and words & _REVEALS | words & {"item"}):
        found.add("reads-secret")
    if words & _LOOKS and not words & _DELETES:
        return found
    if words & _DELETES:
        if words & _MANY:
            found.add("destroys-many")
        elif (
            words & _HOLDS_MUCH
            or ("resource" in words and not set(server) & _CLUSTERS)
            or ("branch" in words and _is_main(values))
        ):
            found.add("destroys")
        elif words & _KEEPS_RECORD:
            found.add("guard-off")
    if _WIPES.search(name):
        found.add("destroys-many")
    if _GUARDS.search(name) and words & _TAKES_AWAY:
        found.add("guard-off")
    if words & _CHANGES and (words & _ACCESS or _ACCESS_PAIRS.search(name)):
        found.add("gives-access")
    if _PAYS.search(name) or (words & _MOVES and keys & _AMOUNTS):
        found.add("moves-money")
    if "public" in words and words & (_CHANGES | {"open", "expose"}):
        found.add("makes-public")
    if _MAIL.search(name) or ("filter" in words and words & _CHANGES and any("forward" in key for key in keys)):
        found.add("redirects")
    if "dns" in words | set(server) and words & (_CHANGES | _DELETES) and words & {"dns", "record", "records", "zone"}:
        found.add("redirects")
    if words & {
        "install",
        "add",
        "register",
        "connect",
        "create",
        "configure",
        "enable",
        "update",
        "set",
        "import",
    } and (
        _SERVER_NAMES.search(name)
        or (words & {"server", "servers"} and _SERVER_NAMES.search("_".join(server)))
        or (_SERVER_NAMES.search("_".join(server)) and "install" in words)
    ):
        found.add("adds-server")
    if words & _DOORS or str(values.get("service", "")).lower() in ("unlock", "open_cover", "alarm_disarm", "disarm"):
        found.add("opens-door")
    if "config" in words and words & _CHANGES and _LOOSE.fullmatch(str(values.get("key", ""))):
        found.add("loosens-server")
    if words & {"transfer"} and words & {"repository", "repo", "project", "ownership", "domain"}:
        found.add("gives-access")
    if words & {"deactivate", "suspend", "disable"} and words & {"user", "users", "account", "member"}:
        found.add("destroys")
    return found


def _is_main(values: Mapping[str, object]) -> bool:
    return any(
        re.fullmatch(
            r"(?:refs/heads/)?(?:main|master|prod(?:uction)?|release\S*|develop|staging|trunk)", str(values[key])
        )
        for key in ("branch", "branch_id", "name", "ref", "branch_name", "branchname")
        if key in values
    )


def _by_arguments(tool: Sequence[str], values: Sequence[tuple[str, object]]) -> set[str]:
    found: set[str] = set()
    changes = not set(tool).isdisjoint(_CHANGES | {"publish", "upload", "copy"})
    for key, value in values:
        name = key.lower()
        if changes and (
            (name in _PUBLIC_KEYS and isinstance(value, str) and value.lower() in _PUBLIC)
            or (
                name in ("private", "is_private", "isprivate", "block_public_access", "blockpublicacls")
                and value is False
            )
            or (
                name in ("public", "is_public", "ispublic", "make_public", "publicly_accessible", "anyone")
                and value is True
            )
            or (isinstance(value, str) and _PRINCIPAL.search(value[:_LONGEST]))
        ):
            found.add("makes-public")
        if changes and name in (
            "role",
            "roles",
            "permission",
            "permissions",
            "is_admin",
            "isadmin",
            "admin",
            "access_level",
        ):
            admin = value is True if "admin" in name else str(value).lower() in _ADMIN
            if admin:
                found.add("gives-access")
        if name in ("force", "force_push") and value is True and not set(tool).isdisjoint({"ref", "push", "branch"}):
            found.add("destroys")
        if isinstance(value, str) and _PAGE.search(value[:_LONGEST]):
            part = value[:_LONGEST]
            if _SENDS.search(part) and _ABSOLUTE.search(part):
                found.add("page-data-sent")
    return found


_NAMES = re.compile(
    r"(?i)(?:\w*[_-])?(?:name|branch|path|file|filename|filepath|url|uri|target|ref|repo|repository|id|key|host|hostname|port"
    r"|package|version|tag|remote|directory|dir|folder|image|container|pod|namespace|node|service|user|username|device|format"
    r"|pattern|revision|commit|module|selector|domain|ip|address|flags?|options?|arg|language|output|input)s?|\w+(?:Name|Path|Key"
    r"|Id|Url|Dir)"
)
"""Keys of arguments that a server may put into a command, and that are no text for people."""
_INJECTED = re.compile(r"(?:[;|&`\n]|\$\(|\|\||&&)[^\S\n]*(?:sudo\s+)?([\w./~-]+)")


_OPTION = re.compile(
    r"--?(?:upload-pack|receive-pack|exec|output|config(?:-env)?|template|open-files-in-pager|ext-diff|proxy-command"
    r"|rsh|checkpoint-action|to-command|use-compress-program|init-file|eval|require|import|load|oProxyCommand\S*)[= ]\S"
)


def _injected(value: str) -> bool:
    """Whether the value goes on with a command where a name should end, or is an option that runs or writes."""
    if value.startswith("-"):
        return _OPTION.match(value) is not None
    if not re.search(r"[;|&`$\n]", value):
        return False
    if re.match(r"(?i)[a-z][a-z0-9+.-]*://", value):
        # In an address `&` and `;` part parameters.
        value = re.sub(r"[&;](?=[\w.%\[\]-]{1,64}=)", "", value)
    return any(reader_of(base_name(match[1])) is not None for match in _INJECTED.finditer(value))


_LONG = 3
_UNASKED = re.compile(
    r"(?i)(?:sandbox(?:_?mode)?=(?:danger-full-access|none|off|disabled|false)|approval_?policy=never"
    r"|(?:permission|approval)_?mode=(?:bypassPermissions|yolo|never|auto)|(?:yolo|full_?auto|dangerously\w*|auto_?approve\w*"
    r"|skip_?permissions?|bypass\w*|allow_?all\w*)=(?:true|1|all))"
)

_ODD = re.compile(
    r"(?i)(?:gopher|dict|ldaps?|jar|tftp|smb|netdoc|phar|expect|php|view-source|javascript)://?|view-source:|javascript:"
    r"|\\\\(?!\?|\.)[\w.-]+\\|https?://[^/\s]*169[.-]254[.-]169[.-]254[.-][a-z]"
    r"|(?:chrome|edge|about|brave)://(?:settings/passwords|flags|password)"
)
_CLUSTERS = word_set("kubernetes k8s kubectl helm openshift eks aks gke")
_PRIVILEGED = re.compile(
    r"(?i)[\"']?(?:privileged|hostPID|hostNetwork|hostIPC)[\"']?\s*:\s*true|[\"']?hostPath[\"']?\s*:|\bcluster-admin\b"
)

_ADMIN = frozenset({"admin", "administrator", "owner", "superuser", "root", "superadmin", "super_admin", "maintainer"})
_LONGEST = 32_768
"""Characters of a text that are looked at."""
_TOTAL = 98_304
"""Characters of all texts of a call that are searched for secrets."""
_KEEPS = re.compile(r"(?i)file|document|symbol|body$")


def _secrets(tool: Sequence[str], values: Sequence[tuple[str, object]]) -> set[str]:
    if set(tool) & {"type", "fill", "press"} or (
        any(key == "path" for key, _ in values) and _KEEPS.search("_".join(tool))
    ):
        # What is typed into a page, and what a file tool writes, stays where it belongs.
        return set()
    left = _TOTAL
    for _, value in values:
        if isinstance(value, str) and left > 0:
            part = value[:left]
            left -= len(part)
            if holds_secret(part):
                return {"secret-argument"}
    return set()
