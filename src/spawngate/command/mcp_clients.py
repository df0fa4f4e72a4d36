"""Clients that tools of MCP servers stand for: which one a server or tool is named after, and the command line that
a tool without a command text amounts to.

Belongs here: names, sub-commands and options of clients (kubectl, docker, git, the clouds', package managers').
Must not be here: command texts, code and statements in an input (`command.mcp_programs`).
Sources: tool lists of the servers that `command.mcp_programs` names, and each client's own manual.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from spawngate.launch.argv import word_set
from spawngate.model.json import Json

Flat = Mapping[str, Json]
"""The fields of an input's first level, by their names in lower case."""
Argv = tuple[str, ...]

CLIENTS: Mapping[str, tuple[str, frozenset[str]]] = {
    name: (client, word_set(verbs))
    for names, client, verbs in (
        (
            "kubectl kubernetes k8s eks aks gke openshift",
            "kubectl",
            "get delete apply create exec run edit patch scale drain cordon rollout describe logs port-forward cp label"
            " annotate expose set top taint replace auth config debug attach proxy",
        ),
        ("helm", "helm", "install uninstall upgrade delete rollback list repo pull template"),
        (
            "docker podman",
            "docker",
            "run exec rm rmi kill stop system volume container image network compose build pull push create cp save"
            " load ps images logs inspect start restart prune swarm stack service context login",
        ),
        (
            "git",
            "git",
            "push pull fetch reset clean checkout commit branch tag rebase merge config remote clone add rm mv stash"
            " filter-branch reflog gc update-ref restore switch cherry-pick revert submodule worktree log status diff",
        ),
        (
            "aws",
            "aws",
            "s3 s3api ec2 iam sts rds lambda dynamodb cloudformation kms secretsmanager ssm logs cloudtrail eks ecs ecr"
            " organizations route53 sqs sns guardduty cloudwatch backup efs redshift elasticache glacier",
        ),
        (
            "gcloud gcp google",
            "gcloud",
            "projects compute iam container storage sql functions run auth config secrets logging services kms dns"
            " organizations resource-manager",
        ),
        (
            "azure az",
            "az",
            "group vm storage keyvault aks ad role account network sql cosmosdb resource webapp functionapp acr login"
            " monitor deployment disk snapshot backup",
        ),
        (
            "terraform tofu opentofu",
            "terraform",
            "destroy apply plan init validate state import taint workspace output",
        ),
        ("redis valkey keydb upstash", "redis-cli", ""),
        ("npm", "npm", "install i publish unpublish run exec config set uninstall token owner add access deprecate"),
        ("pip uv", "pip", "install uninstall download config"),
        ("apt", "apt", "install remove purge update"),
        ("cargo", "cargo", "install publish add"),
        ("pulumi", "pulumi", "destroy up"),
        ("cdk", "cdk", "destroy deploy"),
        ("terragrunt", "terragrunt", "destroy apply run-all"),
        ("serverless", "serverless", "remove deploy"),
        ("vagrant", "vagrant", "destroy up"),
        ("brew homebrew", "brew", "install uninstall tap untap services"),
        (
            "heroku",
            "heroku",
            "apps:destroy pg:reset config:set addons:destroy run ps:exec destroy access:add domains:remove",
        ),
        ("gh", "gh", "repo api secret auth gist release workflow pr issue ssh-key"),
        ("systemctl systemd", "systemctl", "stop start restart disable enable mask status"),
        ("ansible", "ansible", "all"),
        ("vercel", "vercel", "rm remove env deploy domains"),
        ("fly flyctl", "flyctl", "apps destroy volumes secrets ssh machine"),
        ("adb android", "adb", "shell install uninstall push pull root reboot"),
        ("prisma", "prisma", "migrate db"),
    )
    for name in names.split()
}
"""By a word of the server's or tool's name: the client that its `command` or `args` are for, and its sub-commands."""
REDIS = re.compile(
    r"(?i)(?:flush(?:all|db)|config|eval|script|module|slaveof|replicaof|debug|shutdown|keys|del|unlink|get|set|acl"
    r"|migrate|save|bgsave|hgetall|scan|info|monitor|client)\b"
)


BROWSERS = word_set("browser playwright puppeteer chrome devtools selenium webdriver page firefox edge stagehand cdp")


def named_calls(client: str, tool: Sequence[str], server: Sequence[str], flat: Flat) -> Iterator[Argv]:
    """Command lines for calls whose tool is a client's sub-command, and whose input its options."""
    name = "_".join(tool)
    program = CLIENTS[client][0] if client else ""
    reader = _READERS.get(program)
    if reader is not None:
        verb = re.sub(r"^(?:git|docker|podman|kubectl|k8s|redis|terraform|helm|npm|pip|brew|apt|container)_", "", name)
        yield from reader(program, name, verb, flat)
    names = frozenset((*tool, *server))
    yield from _database(name, names, flat)
    if names.isdisjoint(BROWSERS):
        yield from _request(names, flat)
    yield from _process(name, flat)
    yield from _removal(name, flat)
    yield from _search(names, flat)
    yield from _machine(name, names, flat)


def _git_call(program: str, name: str, verb: str, flat: Flat) -> Iterator[Argv]:
    if verb in ("push", "reset", "checkout", "config"):
        yield (program, verb, *_git(flat))
    elif verb == "branch" and (flat.get("delete") is True or flat.get("force_delete") is True):
        yield (program, "branch", "-D", *_values(flat, "branch", "name", "branch_name"))
    elif verb == "clone":
        yield (program, "clone", *_values(flat, "url", "repo_url", "repository"), *_values(flat, "path", "destination"))
    elif re.search(r"remote_add|add_remote|set_remote|remote_set_url", verb):
        yield (program, "remote", "add", *_values(flat, "name", "remote"), *_values(flat, "url"))
    elif verb == "clean":
        yield (program, "clean", "-fd")
    elif verb == "add" and isinstance(flat.get("repo_path"), str):
        folder = str(flat["repo_path"]).rstrip("/")
        if files := texts_in(flat.get("files")):
            yield (program, "add", *(f"{folder}/{path}" for path in files))


def _docker(program: str, name: str, verb: str, flat: Flat) -> Iterator[Argv]:
    if re.search(r"(?:run|create|start)(?:_container)?$|container_(?:run|create)$", name):
        options = tuple(_container(flat))
        for key in ("options", "extra_args", "flags", "docker_args"):
            options += texts_in(flat.get(key), split=True)
        if options:
            yield (program, "run", *options, str(flat.get("image") or "image"))
    elif "prune" in name:
        volumes = ("--volumes",) if flat.get("volumes") is True else ()
        yield (program, "system", "prune", "-f", *(("-a",) if flat.get("all") is True else ()), *volumes)


def _kubernetes(program: str, name: str, verb: str, flat: Flat) -> Iterator[Argv]:
    kind = next(iter(_values(flat, "resourcetype", "resource_type", "kind", "type")), "")
    named = next(iter(_values(flat, "name", "resourcename", "resource_name")), "")
    if re.search(r"(?:^|_)(?:delete|drain)(?:_|$)", name):
        words = [word for word in name.split("_") if word not in ("kubectl", "delete", "resource", "resources")]
        every = ("--all",) if flat.get("all") is True or flat.get("allnamespaces") is True else ()
        yield (program, "drain" if "drain" in name else "delete", kind or next(iter(words), ""), named, *every)
    elif re.search(r"(?:^|_)(?:get|describe|read)(?:_|$)", name) and (kind or "secret" in name):
        yield (program, "get", kind or "secret", named, "-o", "yaml")
    elif verb == "helm_uninstall" or name == "helm_uninstall":
        yield ("helm", "uninstall", named)


def _packages(program: str, name: str, verb: str, flat: Flat) -> Iterator[Argv]:
    if not re.search(r"(?:^|_)(?:install|publish|add)(?:_|$)", name):
        return
    names: Argv = ()
    for key in (
        "package",
        "packages",
        "name",
        "names",
        "formula",
        "crate",
        "spec",
        "requirement",
        "package_name",
        "url",
    ):
        names += texts_in(flat.get(key))
    if names or "publish" in name:
        yield (program, "publish" if "publish" in name else "install", *names)


def _infrastructure(program: str, name: str, verb: str, flat: Flat) -> Iterator[Argv]:
    if re.search(r"(?:^|_)(?:destroy|remove|down|delete|reset)$", name) or flat.get("command") == "destroy":
        if program == "prisma":
            yield (program, "migrate", "reset", "--force")
        elif program in ("terraform", "pulumi", "cdk", "terragrunt", "sst"):
            yield ("terraform", "destroy", "-auto-approve")
        else:
            yield (
                program,
                "destroy" if program != "serverless" else "remove",
                *_values(flat, "name", "stage", "stack"),
            )
    elif flat.get("auto_approve") is True or flat.get("autoapprove") is True:
        yield ("terraform", "apply", "-auto-approve")


def _redis(program: str, name: str, verb: str, flat: Flat) -> Iterator[Argv]:
    if REDIS.match(verb):
        yield (program, *verb.split("_"), *(value for value in flat.values() if isinstance(value, str)))
        if verb.startswith("flush"):
            yield (program, verb.replace("_", ""))


def _amazon(program: str, name: str, verb: str, flat: Flat) -> Iterator[Argv]:
    if "service_name" in flat and "operation_name" in flat:
        yield (program, str(flat["service_name"]), str(flat["operation_name"]).replace("_", "-").lower())


_READERS = {
    "git": _git_call,
    "docker": _docker,
    "kubectl": _kubernetes,
    "helm": _kubernetes,
    "redis-cli": _redis,
    "aws": _amazon,
    **dict.fromkeys(("npm", "pip", "brew", "apt", "cargo", "gem"), _packages),
    **dict.fromkeys(
        ("terraform", "pulumi", "cdk", "terragrunt", "sst", "serverless", "vagrant", "prisma"), _infrastructure
    ),
}


def _database(name: str, names: frozenset[str], flat: Flat) -> Iterator[Argv]:
    if name in ("drop_database", "dropdatabase") or any(_holds(value, "dropDatabase") for value in flat.values()):
        yield ("mongosh", "--eval", "db.dropDatabase()")
    elif re.search(r"(?:delete|remove)_(?:many|documents|rows|records|all)$", name):
        conditions = [flat[key] for key in ("filter", "where", "query", "filters", "conditions", "ids") if key in flat]
        if "memory" not in names and all(item in ({}, [], "", "{}", None, "*") for item in conditions):
            yield ("mongosh", "--eval", "db.c.deleteMany({})")


def _holds(value: Json, key: str) -> bool:
    return isinstance(value, Mapping) and key in value


def _request(names: frozenset[str], flat: Flat) -> Iterator[Argv]:
    """A request that does more than fetch, or that goes to a service of this machine."""
    url = next(iter(_values(flat, "url", "uri", "endpoint", "address")), "")
    method = str(flat.get("method") or flat.get("http_method") or "").upper()
    path = str(flat.get("path") or "")
    if method == "DELETE" and path in ("/_all", "/*", "_all", "/"):
        yield ("curl", "-X", "DELETE", f"http://localhost:9200{path}")
    if "://" not in url:
        return
    if method in ("POST", "PUT", "PATCH", "DELETE"):
        body = next((flat[key] for key in ("body", "data", "json", "payload", "content") if flat.get(key)), "")
        text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
        yield ("curl", "-X", method, *(("-d", text) if text else ()), url)
    elif re.match(r"https?://[^/]*:(?:2375|2376|10250)(?:/|$)", url):
        yield ("curl", url)


def _process(name: str, flat: Flat) -> Iterator[Argv]:
    if re.search(r"(?:^|_)(?:kill|terminate|stop|end)_?(?:process(?:es)?|app|task|service)?$", name):
        for target in _values(flat, "name", "process_name", "processname", "app", "pattern", "service", "command"):
            yield ("pkill", "-f", target)


def _removal(name: str, flat: Flat) -> Iterator[Argv]:
    if re.search(
        r"(?:delete|remove|rm)_?(?:dir|directory|folder|tree|path|recursive(?:ly)?)|^rm(?:dir|_rf)?$", name
    ) or (flat.get("recursive") is True and re.search(r"(?:^|_)(?:delete|remove|rm|trash)(?:_|$)", name)):
        for key in ("path", "paths", "directory", "dir", "folder", "target", "directory_path", "dirpath"):
            if paths := texts_in(flat.get(key)):
                yield ("rm", "-rf", *paths)


def _search(names: frozenset[str], flat: Flat) -> Iterator[Argv]:
    """Names of files that are looked for in a folder."""
    if names.isdisjoint({"search", "find", "glob", "locate"}):
        return
    folder = next(iter(_values(flat, "path", "directory", "folder", "root", "dir")), "")
    for pattern in _values(flat, "pattern", "query", "glob", "filename", "name")[:2]:
        if folder and " " not in pattern:
            yield ("find", folder, "-name", pattern)


def _machine(name: str, names: frozenset[str], flat: Flat) -> Iterator[Argv]:
    if re.fullmatch(
        r"(?:system_)?(?:shutdown|reboot|poweroff|power_off|halt|restart_(?:computer|system|machine))", name
    ):
        yield ("shutdown", "-h", "now")
    elif "registry" in names and not names.isdisjoint({"write", "set", "add", "create", "delete"}):
        path = next(iter(_values(flat, "path", "key")), "")
        if path:
            value = next(iter(_values(flat, "value", "data")), "")
            yield ("reg", "delete" if "delete" in names else "add", path, "/d", value, "/f")


def _values(flat: Flat, *keys: str) -> list[str]:
    """Texts under the keys, in their order."""
    return [text for key in keys for text in (flat.get(key),) if isinstance(text, str) and text]


def texts_in(value: Json, *, split: bool = False) -> tuple[str, ...]:
    """A text, or the texts of a list."""
    if isinstance(value, str):
        return (tuple(value.split()) if split else (value,)) if value else ()
    if isinstance(value, Sequence):
        return tuple(item for item in value if isinstance(item, str))
    return ()


def flags(client: str, table: Mapping[str, Json]) -> Iterator[str]:
    if client == "kubectl":
        for key in ("resourceType", "resource_type", "resource", "kind", "name"):
            value = table.get(key)
            if isinstance(value, str) and value:
                yield value


def _git(flat: Flat) -> Iterator[str]:
    if any(flat.get(key) is True for key in ("force", "force_push", "forcewithlease", "force_with_lease", "f")):
        yield "--force"
    for key in ("delete", "mirror", "all", "prune", "tags"):
        if flat.get(key) is True:
            yield f"--{key}"
    if flat.get("mode") in ("hard", "mixed", "soft") or flat.get("hard") is True:
        yield f"--{flat['mode']}" if isinstance(flat.get("mode"), str) else "--hard"
    for key in ("remote", "branch", "target", "refspec", "ref", "commit", "key", "value", "url"):
        value = flat.get(key)
        if isinstance(value, str) and value:
            yield value


def _container(flat: Flat) -> Iterator[str]:
    if flat.get("privileged") is True:
        yield "--privileged"
    for key, option in (
        ("volumes", "-v"),
        ("binds", "-v"),
        ("mounts", "-v"),
        ("volume", "-v"),
        ("cap_add", "--cap-add"),
        ("capabilities", "--cap-add"),
        ("network", "--network"),
        ("network_mode", "--network"),
        ("networkmode", "--network"),
        ("pid", "--pid"),
        ("pid_mode", "--pid"),
        ("pidmode", "--pid"),
        ("ipc_mode", "--ipc"),
        ("userns_mode", "--userns"),
        ("devices", "--device"),
        ("security_opt", "--security-opt"),
    ):
        value = flat.get(key)
        if isinstance(value, Mapping):
            # {host: {bind: inside}} of the Docker SDK, {host: inside}
            for host, inside in value.items():
                bind = inside.get("bind") if isinstance(inside, Mapping) else inside
                yield from (option, f"{host}:{bind}") if option == "-v" else ()
        elif isinstance(value, str):
            yield from (option, value)
        elif isinstance(value, Sequence):
            for item in value:
                if isinstance(item, str):
                    yield from (option, item)
                elif isinstance(item, Mapping):
                    source = item.get("source") or item.get("Source") or item.get("host") or item.get("hostPath")
                    target = (
                        item.get("target") or item.get("Target") or item.get("container") or item.get("containerPath")
                    )
                    if isinstance(source, str) and source:
                        yield from ("-v", f"{source}:{target or '/mnt'}")
