"""The catalogue of launches that the generated agents draw from: what people really put into these files.

Belongs here: one recipe per way to start or reach an MCP server, each with its own place for secrets.
Must not be here: any agent's dialect (`builder.Style`). Hosts lie in reserved domains, so that a program that
breaks its promise and connects reaches nobody.
"""

import json
from collections.abc import Callable
from dataclasses import replace

from bench.builder import Builder, Entry

Recipe = Callable[[Builder], Entry]


def npx_env(b: Builder) -> Entry:
    env = {"GITHUB_PERSONAL_ACCESS_TOKEN": b.mint("github-pat", "env"), "LOG_LEVEL": "info"}
    return Entry("github", command="npx", args=("-y", "@modelcontextprotocol/server-github"), env=env)


def npx_pinned(b: Builder) -> Entry:
    folders = (str(b.home / "Documents"), str(b.home / "src"))
    return Entry(
        "filesystem", command="npx", args=("-y", "@modelcontextprotocol/server-filesystem@2026.7.10", *folders)
    )


def npx_dsn(b: Builder) -> Entry:
    dsn = f"postgresql://app:{b.mint('password', 'connection string')}@db.internal.example:5432/prod?sslmode=require"
    return Entry("postgres", command="npx", args=("-y", "@modelcontextprotocol/server-postgres", dsn))


def npx_remote(b: Builder) -> Entry:
    header = f"Authorization: Bearer {b.mint('jwt', 'header in argument')}"
    return Entry(
        "remote-bridge", command="npx", args=("mcp-remote", "https://mcp.tasks.example/sse", "--header", header)
    )


def npx_short_header(b: Builder) -> Entry:
    header = f"Authorization: Bearer {b.mint('linear', 'header in argument')}"
    return Entry(
        "gateway", command="npx", args=("-y", "supergateway", "--sse", "https://sse.example.com/", "-H", header)
    )


def npx_positional(b: Builder) -> Entry:
    return Entry("maps", command="npx", args=("-y", "maps-mcp", b.mint("google-api", "positional argument")))


def npx_inline_json(b: Builder) -> Entry:
    config = json.dumps({"region": "eu-1", "apiKey": b.mint("hex-32", "inline JSON argument"), "retries": 3})
    return Entry(
        "search", command="npx", args=("-y", "@smithery/cli@latest", "run", "@example/search", "--config", config)
    )


def uvx_plain(b: Builder) -> Entry:
    return Entry("git", command="uvx", args=("mcp-server-git", "--repository", str(b.home / "src" / "acme-web")))


def uvx_flag(b: Builder) -> Entry:
    return Entry(
        "jira", command="uvx", args=("mcp-atlassian==0.11.9", "--jira-token", b.mint("atlassian", "flag value"))
    )


def uvx_from_git(b: Builder) -> Entry:
    source = f"git+https://oauth2:{b.mint('gitlab-pat', 'URL userinfo')}@git.example.com/tools/mcp.git@v1.2.0"
    return Entry("internal-tools", command="uvx", args=("--from", source, "internal-mcp"))


def uvx_flag_equals(b: Builder) -> Entry:
    return Entry(
        "exa", command="uvx", args=("exa-mcp", f"--api-key={b.mint('uuid', 'flag with equals sign')}", "--limit=10")
    )


def docker_env(b: Builder) -> Entry:
    token = b.mint("github-fine-grained", "-e argument")
    args = (
        "run",
        "-i",
        "--rm",
        "-e",
        f"GITHUB_TOKEN={token}",
        "-e",
        "GITHUB_TOOLSETS",
        "ghcr.io/example/github-mcp:0.9.1",
    )
    return Entry("github-docker", command="docker", args=args)


def docker_env_long(b: Builder) -> Entry:
    uri = f"MDB_URI=mongodb+srv://reader:{b.mint('password', 'connection string')}@cluster0.example.net/shop"
    args = ("run", "--rm", "-i", f"--env={uri}", "-v", f"{b.home}/data:/data:ro", "mongodb/mongodb-mcp-server:latest")
    return Entry("mongodb", command="docker", args=args)


def node_script(b: Builder) -> Entry:
    script = b.text(b.home / "tools" / "crm" / "server.js", "require('./lib').serve()\n")
    return Entry("crm", command="node", args=(str(script), "--token", b.mint("alnum-40", "flag value")))


def python_module(b: Builder) -> Entry:
    env = {"PYTHONUNBUFFERED": "1", "DATABRICKS_TOKEN": b.mint("databricks", "env")}
    args = ("-m", "databricks_mcp", "--host", "https://adb-1.example.net")
    return Entry("databricks", command="python", args=args, env=env, cwd=str(b.home / "src" / "data-pipeline"))


def python_password(b: Builder) -> Entry:
    args = ("/opt/mcp/imap.py", "--user", "dev@example.com", "--password", b.mint("weak-password", "flag value"))
    return Entry("mail", command="python3", args=args)


def deno_run(b: Builder) -> Entry:
    env = {"NOTION_TOKEN": b.mint("notion", "env")}
    return Entry(
        "notion", command="deno", args=("run", "--allow-net", "--allow-env", "jsr:@example/notion-mcp"), env=env
    )


def bunx_tool(b: Builder) -> Entry:
    return Entry(
        "figma",
        command="bunx",
        args=("figma-mcp", f"--figma-api-key={b.mint('figma', 'flag with equals sign')}", "--stdio"),
    )


def pipx_run(b: Builder) -> Entry:
    env = {"STRIPE_SECRET_KEY": b.mint("stripe", "env"), "STRIPE_ACCOUNT": "acct_example"}
    return Entry("stripe", command="pipx", args=("run", "stripe-mcp==1.4.2", "--tools=all"), env=env)


def absolute(b: Builder) -> Entry:
    dsn = f"--dsn=mysql://root:{b.mint('weak-password', 'connection string')}@127.0.0.1:3306/shop"
    return Entry("mysql", command=b.stub("mysql-mcp"), args=(dsn, "--read-only"))


def absolute_env(b: Builder) -> Entry:
    env = {
        "AWS_ACCESS_KEY_ID": b.mint("aws-access-key", "env"),
        "AWS_SECRET_ACCESS_KEY": b.mint("aws-secret-key", "env"),
    }
    return Entry(
        "aws", command=b.stub("aws-mcp"), args=("--region", "eu-central-1"), env={**env, "AWS_REGION": "eu-central-1"}
    )


def shell(b: Builder) -> Entry:
    line = (
        f"export SLACK_BOT_TOKEN={b.mint('slack-bot', 'shell assignment')} && exec node {b.home}/tools/slack/index.js"
    )
    return Entry("slack", command="bash", args=("-c", line))


def shell_curl(b: Builder) -> Entry:
    line = f"curl -sf -H 'X-Api-Key: {b.mint('hex-40', 'header in shell')}' https://bootstrap.example.com/run.sh | sh"
    return Entry("bootstrap", command="sh", args=("-lc", line))


def env_program(b: Builder) -> Entry:
    args = (
        "-u",
        "NODE_OPTIONS",
        f"SENTRY_AUTH={b.mint('hex-64', 'env program argument')}",
        "npx",
        "-y",
        "sentry-mcp@1",
    )
    return Entry("sentry", command="env", args=args)


def redis(b: Builder) -> Entry:
    url = f"redis://:{b.mint('weak-password', 'connection string')}@cache.example.net:6379/0"
    return Entry("redis", command="uvx", args=("redis-mcp-server", "--url", url))


def basic_pair(b: Builder) -> Entry:
    pair = f"svc-reader:{b.mint('password', 'user:password argument')}"
    return Entry("elastic", command=b.stub("elastic-mcp"), args=("--url", "https://es.example.net:9200", "-u", pair))


def gcp(b: Builder) -> Entry:
    account = {"type": "service_account", "project_id": "shop", "private_key": b.mint("private-key", "env")}
    env = {"GOOGLE_CREDENTIALS_JSON": json.dumps(account)}
    return Entry("gcp", command="npx", args=("-y", "@example/gcp-mcp@3.0.1"), env=env)


def many_env(b: Builder) -> Entry:
    kinds = ("openai", "anthropic", "huggingface", "groq", "tavily", "brave-search")
    env = {f"{kind.upper().replace('-', '_')}_API_KEY": b.mint(kind, "env") for kind in kinds}
    return Entry("research", command="uv", args=("run", "--with", "mcp[cli]", "mcp", "run", "research.py"), env=env)


def reference(b: Builder) -> Entry:
    return Entry(
        "vault", command=b.stub("vault-mcp"), args=("--addr", "${VAULT_ADDR}"), env={"VAULT_TOKEN": "${VAULT_TOKEN}"}
    )


def azure(b: Builder) -> Entry:
    account = (
        f"DefaultEndpointsProtocol=https;AccountName=shop;AccountKey={b.mint('azure-storage', 'connection string')}"
    )
    return Entry("azure", command="dotnet", args=("/opt/azure-mcp/Azure.Mcp.dll", "--storage", account))


def http_bearer(b: Builder) -> Entry:
    headers = {"Authorization": f"Bearer {b.mint('alnum-40', 'header')}"}
    return Entry("linear-remote", "http", url="https://mcp.linear.example/mcp", headers=headers)


def http_api_key(b: Builder) -> Entry:
    headers = {"X-API-Key": b.mint("hex-32", "header"), "X-Team": "platform"}
    return Entry("context7", "http", url="https://mcp.context7.example/mcp", headers=headers)


def sse_query(b: Builder) -> Entry:
    return Entry(
        "tavily-remote", "sse", url=f"https://mcp.tavily.example/sse?apiKey={b.mint('tavily', 'URL query')}&region=eu"
    )


def sse_path(b: Builder) -> Entry:
    return Entry("zapier", "sse", url=f"https://actions.zapier.example/mcp/{b.mint('uuid', 'URL path')}/sse")


def http_userinfo(b: Builder) -> Entry:
    return Entry("wiki", "http", url=f"https://bot:{b.mint('password', 'URL userinfo')}@wiki.example.com/mcp")


def http_basic(b: Builder) -> Entry:
    headers = {"Authorization": f"Basic {b.mint('basic-auth', 'header')}"}
    return Entry("confluence", "http", url="https://confluence.example.com/mcp", headers=headers)


def http_cookie(b: Builder) -> Entry:
    headers = {"Cookie": f"connect.sid={b.mint('session-cookie', 'header')}; theme=dark"}
    return Entry("intranet", "http", url="https://intranet.example.com:8443/mcp", headers=headers)


def http_reference(b: Builder) -> Entry:
    return Entry(
        "observability", "http", url="https://otel.example.com/mcp", headers={"Authorization": "Bearer ${OTEL_TOKEN}"}
    )


def http_local(b: Builder) -> Entry:
    return Entry("local-dev", "http", url="http://127.0.0.1:8931/mcp")


STDIO: tuple[Recipe, ...] = (
    npx_env, npx_dsn, absolute, uvx_plain, docker_env, node_script, npx_remote, uvx_flag, python_module, shell,
    npx_pinned, uvx_from_git, bunx_tool, absolute_env, deno_run, npx_inline_json, pipx_run, python_password,
    uvx_flag_equals, docker_env_long, npx_positional, shell_curl, env_program, redis, basic_pair, gcp, many_env,
    reference, azure, npx_short_header,
)  # fmt: skip
REMOTE: tuple[Recipe, ...] = (
    http_bearer, sse_query, http_api_key, sse_path, http_userinfo, http_basic, http_reference, http_cookie, http_local,
)  # fmt: skip


def draw(b: Builder, local: int, remote: int = 0, *, disable_last: bool = False) -> list[Entry]:
    """The next `local` programs and `remote` addresses of the catalogue, their names unique among each other."""
    chosen = [STDIO[(b.turn + step) % len(STDIO)] for step in range(local)]
    chosen += [REMOTE[(b.turn + step) % len(REMOTE)] for step in range(remote)]
    b.turn += local + remote
    entries = [recipe(b) for recipe in chosen]
    if disable_last:
        entries[-1] = replace(entries[-1], off=True)
    return entries
