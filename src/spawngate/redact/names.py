"""What the name of a variable, header, flag, key or query parameter says about its value.

Belongs here: the lists of names, and nothing about values.
Must not be here: the look of values (`opaque`) and the syntax they stand in (`arguments`, `urls`).
"""

import re

from spawngate.redact.known import KnownWords


def listed(text: str) -> frozenset[str]:
    """The words of `text`, so that long lists stay legible."""
    return frozenset(text.split())


_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")

_SECRET_WORDS = listed(
    """auth authorization authorisation authentication bearer cookie cookies cred creds credential credentials dsn
    jwt key keys otp pass passcode passphrase passwd password passwords passw pat pin psk pw pwd sas
    salt secret secrets seed sig signature token tokens totp apikey apikeys accesskey secretkey privatekey authkey
    connectionstring connstr mnemonic webhook storepass keypass
    dbpass userpass rootpass trustpass sshpass"""
)
"""A name whose last word is one of these names a secret."""

_SECRET_ENDS = (
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "apikey",
    "secretkey",
    "accesskey",
    "credentials",
)
"""Ends of words written without a break: `authtoken`, `dbpassword`."""

_STRONG_WORDS = listed(
    """apikey authorization bearer credential credentials passphrase passwd password passwords pwd secret secrets
    token"""
)
"""A name that holds one of these anywhere names a secret, unless its last word says it is about one."""

_ABOUT = listed(
    """age algorithm alg algo api audience author backend bits budget bytes cache cap char chars class cmd command
    config cost count counter days dir directory disabled enabled encoding endpoint engine env environment exchange
    expiration expires expiry fd field fields file filename files flow folder format function generator grant header
    headers helper host hours id ids index info interval issuer kind label len length level lifetime limit limits
    list location manager max maximum method min minimum minutes mode model name names namespace only options
    page path paths plugin policy port prefix process program provider ratio reader realm ref refresh region required
    rule rules scheme scope scopes seconds server service size source stdin store strategy style suffix table tags
    template threshold timeout tool tools ttl type types uri url usage used user username validator vars var variable
    vault version visible window stats rate rates per"""
)
"""A name whose last word is one of these is about a secret (`token_file`, `key-id`) and does not hold one."""

_OPENERS = listed(
    "no without use skip enable disable allow is has require requires with max min num total n show print hide"
)
"""A name of a switch or number starts with one of these: `no-auth`, `max-tokens`."""

_PUBLIC_KEYS = listed(
    "public primary foreign sort partition row hot map index group cache config object dedupe idempotency short env"
)
"""What makes a `key` no secret: `public-key`, `primary_key`."""

_COUNTED = listed("max min num total input output prompt completion context n thinking budget new cached")
"""What makes `tokens` a number: `max-tokens`."""

_HARMLESS = KnownWords()
"""Names that name no secret."""
_PAIRS = frozenset({("connection", "string"), ("conn", "str"), ("conn", "string")})


def words_of(name: str) -> list[str]:
    """The words of a name in lower case, whether `camelCase`, `snake_case`, `kebab-case` or `dotted.case`."""
    return [word.lower() for word in _WORD.findall(name)]


def is_secret(name: str) -> bool:
    """Whether a value under this name is a secret by the name alone."""
    if len(name) < 2 or len(name) > 300 or name in _HARMLESS:
        return False
    if _is_secret([word for word in words_of(name) if not word.isdigit()]):
        return True
    _HARMLESS.add(name)
    return False


def _is_secret(words: list[str]) -> bool:
    if not words:
        return False
    last = words[-1]
    if words[0] in _OPENERS and len(words) > 1:
        return False
    if last in ("key", "keys") and len(words) > 1 and words[-2] in _PUBLIC_KEYS:
        return False
    if last == "tokens" and _COUNTED.intersection(words):
        return False
    if last in _SECRET_WORDS or last.endswith(_SECRET_ENDS) or tuple(words[-2:]) in _PAIRS:
        return True
    if last in _ABOUT or last.startswith("tokeniz"):
        return False
    return any(word in _STRONG_WORDS or word.endswith(_SECRET_ENDS) for word in words)


def is_connection(name: str) -> bool:
    """Whether the secret under this name is a connection, of which only a part is secret: `--dsn`."""
    words = words_of(name)
    return bool(words) and (words[-1] in ("dsn", "connstr", "connectionstring") or tuple(words[-2:]) in _PAIRS)


def is_vague(name: str) -> bool:
    """Whether the name also has harmless uses, so that a plain word under it is no secret: `auth`, `pass`."""
    words = words_of(name)
    if not words:
        return False
    return (
        words[-1] in _VAGUE
        or words == ["key"]
        or (words[-1] == "key" and "." in name and words[-2] not in _SECRET_KEYS)
    )


_SECRET_KEYS = listed("access account api auth client encryption license private secret service session signing")
"""What makes a `key` at the end of a dotted name a secret: `azure.api.key`."""

_VAGUE = listed(
    """auth authentication authorization authorisation credential credentials keys pass secrets passwords
    cookies seed signature salt tokens
    webhook pin sig"""
)

MODE_WORDS = listed(
    """none basic bearer digest oauth oauth2 oidc token jwt saml ntlm negotiate kerberos iam mtls apikey api-key cookie
    session header query env file keychain keyring browser device interactive anonymous auto default true false yes no
    on off password key required optional disabled enabled never always native default-credentials"""
)
"""Values that choose a way to authenticate instead of being a secret."""

FUNCTION_WORDS = listed(
    """a all an and are as at be by can check for from generate get go has have here if in into is it its like may must
    none null of on or optional per please read required see set should so string such that the their there this to use
    used via was when where which will with you your"""
)
"""Words that follow `token:` in prose, where no value follows."""

AUTH_SCHEMES = listed("bearer basic token apikey api-key digest negotiate dpop key hmac aws4-hmac-sha256")
"""First words of an Authorization header. They stay readable."""


# Environment variables -------------------------------------------------------------------------------------------

_HARMLESS_ENV = listed(
    """NODE_ENV NODE_NO_WARNINGS PYTHONUNBUFFERED PYTHONIOENCODING PYTHONUTF8 PYTHONDONTWRITEBYTECODE PYTHONWARNINGS
    PYTHON_VERSION LOG_LEVEL LOGLEVEL LOG_FORMAT RUST_LOG RUST_BACKTRACE DEBUG VERBOSE QUIET PORT HOST
    HOSTNAME BIND LANG
    LANGUAGE LC_ALL LC_CTYPE TZ TERM COLORTERM NO_COLOR FORCE_COLOR CI PATH HOME USER LOGNAME SHELL PWD TMPDIR TMP TEMP
    EDITOR PAGER DISPLAY WAYLAND_DISPLAY XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME XDG_RUNTIME_DIR APPDATA
    LOCALAPPDATA USERPROFILE PROGRAMFILES PROGRAMDATA SYSTEMROOT WINDIR COMSPEC PATHEXT JAVA_HOME GOPATH GOROOT
    CARGO_HOME NVM_DIR VIRTUAL_ENV CONDA_PREFIX UV_PYTHON UV_CACHE_DIR UV_NO_PROGRESS PYENV_ROOT AWS_REGION
    AWS_DEFAULT_REGION AWS_PROFILE AWS_DEFAULT_OUTPUT CLOUDSDK_CORE_PROJECT GOOGLE_CLOUD_PROJECT GOOGLE_CLOUD_LOCATION
    MCP_TRANSPORT TRANSPORT TRANSPORT_TYPE MCP_MODE FASTMCP_LOG_LEVEL FASTMCP_PORT FASTMCP_HOST READ_ONLY READONLY
    GITHUB_TOOLSETS GITHUB_READ_ONLY GITHUB_DYNAMIC_TOOLSETS GITHUB_HOST DOCKER_HOST KUBECONFIG ENVIRONMENT APP_ENV
    RAILS_ENV DJANGO_SETTINGS_MODULE FLASK_ENV MCP_TIMEOUT MCP_TOOL_TIMEOUT MAX_MCP_OUTPUT_TOKENS
    PUPPETEER_SKIP_DOWNLOAD PLAYWRIGHT_BROWSERS_PATH ANTHROPIC_MODEL OPENAI_MODEL
    DISABLE_TELEMETRY DISABLE_AUTOUPDATER"""
)
"""Variables that everybody sets and nobody hides a secret in. Their values still go through `word`."""

_TELLING_ENV = listed(
    """NODE_OPTIONS NODE_PATH NODE_EXTRA_CA_CERTS NODE_TLS_REJECT_UNAUTHORIZED PYTHONPATH PYTHONSTARTUP PYTHONHOME
    LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT BASH_ENV ENV ZDOTDIR PROMPT_COMMAND PERL5OPT PERL5LIB PERLLIB RUBYOPT RUBYLIB
    JAVA_TOOL_OPTIONS _JAVA_OPTIONS JDK_JAVA_OPTIONS CLASSPATH DOTNET_STARTUP_HOOKS GIT_SSH_COMMAND GIT_SSH
    GIT_EXTERNAL_DIFF GIT_PAGER GIT_ASKPASS SSH_ASKPASS GIT_CONFIG_GLOBAL GIT_EDITOR SSL_CERT_FILE SSL_CERT_DIR
    REQUESTS_CA_BUNDLE CURL_CA_BUNDLE HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY FTP_PROXY PIP_INDEX_URL
    PIP_EXTRA_INDEX_URL PIP_TRUSTED_HOST PIP_CONFIG_FILE PIP_FIND_LINKS GOPROXY GOFLAGS GOPRIVATE GONOSUMDB GONOSUMCHECK
    GOINSECURE GOSUMDB CARGO_REGISTRIES_CRATES_IO_INDEX RUSTC_WRAPPER ANTHROPIC_BASE_URL OPENAI_BASE_URL
    OPENAI_API_BASE AZURE_OPENAI_ENDPOINT OLLAMA_HOST YARN_REGISTRY YARN_NPM_REGISTRY_SERVER BUN_CONFIG_REGISTRY
    ELECTRON_RUN_AS_NODE GCONV_PATH LUA_PATH LUA_CPATH PHPRC PHP_INI_SCAN_DIR"""
)
_TELLING_ENV_PATTERN = re.compile(
    r"DYLD_[A-Z_]+|npm_config_.+|NPM_CONFIG_.+|UV_[A-Z_]*INDEX[A-Z_]*|UV_FIND_LINKS|CARGO_REGISTRIES_[A-Z_]+_INDEX"
    r"|LD_[A-Z_]+|(?:[A-Z0-9_]+_)?BASE_URL|CLAUDE_CODE_USE_[A-Z]+"
)


def is_harmless_env(name: str) -> bool:
    """Whether the variable is commonly set to something that is no secret."""
    return name in _HARMLESS_ENV or name.upper() in _HARMLESS_ENV


def is_telling_env(name: str) -> bool:
    """Whether the variable loads code or redirects downloads, so that its value must be seen to be judged."""
    return name in _TELLING_ENV or name.upper() in _TELLING_ENV or _TELLING_ENV_PATTERN.fullmatch(name) is not None


# Headers ---------------------------------------------------------------------------------------------------------

_HARMLESS_HEADERS = listed(
    """accept accept-charset accept-encoding accept-language anthropic-version anthropic-beta cache-control connection
    content-encoding content-length content-type host mcp-protocol-version origin pragma referer te transfer-encoding
    user-agent x-mcp-readonly x-mcp-toolsets x-mcp-tools x-mcp-insiders x-mcp-host x-mcp-lockdown notion-version
    x-github-api-version openai-beta x-requested-with x-client-name x-client-version x-goog-user-project"""
)
_HEADER_WORDS = listed("authorization cookie token apikey")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9_-]{1,80}")


def is_harmless_header(name: str) -> bool:
    """Whether the header commonly holds no secret. Its value still goes through `word`."""
    return name.lower() in _HARMLESS_HEADERS


def is_header(name: str) -> bool:
    """Whether `name:` before a value without a flag is a header line that may carry a secret."""
    if _HEADER.fullmatch(name) is None:
        return False
    return name[:2] in ("X-", "x-") or (is_secret(name) and ("-" in name or name.lower() in _HEADER_WORDS))


# Flags -----------------------------------------------------------------------------------------------------------

HEADER_FLAGS = listed("-H --header --headers --http-header --add-header --proxy-header -Headers --extra-header")
ENV_FLAGS = listed(
    "-e --env -E --set-env --environment --build-arg --env-add --set-env-vars --update-env-vars --from-literal"
)
PAIR_FLAGS = listed("-D -c -o --set --set-string --config --option --opt --define --param --var --header-env")
USER_FLAGS = listed("-u -U --user --proxy-user --userpwd --credentials --basic-auth --http-user")
DATA_FLAGS = listed("-d --data --data-raw --data-binary --data-ascii --data-urlencode --json -F --form --post-data")
COOKIE_FLAGS = listed("-b --cookie --cookies")

REVISION_FLAGS = listed("ref rev revision commit sha sha256 digest checksum tag branch hash integrity checkout oid")
"""Flags and keys that take a commit or a digest."""

SETTERS = listed("export set env declare setx typeset local readonly")
"""Commands behind which `NAME=value` sets a variable."""

INTERPRETERS = listed("node deno bun perl ruby python python3 python2 php lua awk gawk jq sed")
"""Programs whose `-e` takes code, not a variable."""

PASSWORD_LETTERS: dict[str, str] = (
    dict.fromkeys(listed("mysql mysqldump mysqladmin mysqlimport mysqlsh mariadb mariadb-dump mycli"), "p")
    | dict.fromkeys(
        listed("mongo mongosh mongodump mongorestore mongoexport mongoimport sshpass arangosh rar unrar 7z 7za"), "p"
    )
    | dict.fromkeys(listed("ssh-keygen"), "NP")
    | dict.fromkeys(listed("redis-cli keydb-cli valkey-cli"), "a")
    | dict.fromkeys(listed("ldapsearch ldapadd ldapmodify ldapwhoami ldapdelete"), "w")
    | dict.fromkeys(listed("sqlcmd bcp mosquitto_pub mosquitto_sub unzip zip ipmitool isql osql fisql tsql"), "P")
    | dict.fromkeys(listed("oc rabbitmqadmin snowsql az vncviewer clickhouse-client impala-shell"), "p")
)
"""Programs whose one-letter flags take a password, glued to the letter or after it."""

SHELLS = listed("sh bash zsh dash ksh ash fish")
"""Programs whose `-c` takes a command line, not a pair."""

CONTAINER_PROGRAMS = listed("docker podman nerdctl")
"""Programs whose `-e NAME` passes on a variable of the caller."""

ORACLE_PROGRAMS = listed("sqlplus sqlldr expdp impdp exp imp rman sqlcl")
"""Programs that take `user/password@database`."""

STDIN_FLAGS = listed("--password-stdin --with-token --token-stdin --passphrase-fd --stdin")
"""Flags of a program that reads a secret from the command before it in a pipe."""

STORING_WORDS = listed("secret secrets ssm put-parameter put-secret-value variable variables credential")
"""Sub-commands behind which `--body`, `--value` and the like hold a secret."""

LOGIN_PROGRAMS = listed("docker podman nerdctl buildah skopeo helm oras npm az oc argocd regctl crane")
"""Programs that take `-p password` only after the sub-command `login`."""

WRAPPED_SECRETS = re.compile(r"(?:pass|env|file|fd|stdin|keychain):")

KNOWN_PROGRAMS = (
    frozenset(PASSWORD_LETTERS)
    | LOGIN_PROGRAMS
    | INTERPRETERS
    | SHELLS
    | ORACLE_PROGRAMS
    | listed("curl wget http https xh login git kubectl export set setx env declare sqlplus openssl smbclient")
    | listed("claude codex gemini code npx uvx eval ssh htpasswd chown gcloud vault net")
)


# Query parameters ------------------------------------------------------------------------------------------------

_HARMLESS_QUERY = listed(
    """accept agent api-version app appname application applicationname arch branch browser channel charset client
    connect_timeout connecttimeout cursor database databasename db dbname debug depth dialect dir direction driver
    enabled encoding encrypt env environment ext extension features filter flavor fields format from full host id
    include instance issue integratedsecurity lang language level limit logintimeout maxpoolsize minpoolsize mode model
    name namespace offset order org organization os output owner page page_size pagesize parsetime path per_page
    platform pool_size port preset profile project project_id project_ref projectid protocol provider q query
    read_only readonly
    read-only readpreference ref region replicaset repo repository retrywrites rev role schema scope scopes search
    server servername servers sort source ssl sslmode ssl_mode state subdirectory tab tag target team tenant
    theme timeout
    timezone tls tool tools toolset toolsets topic transport trustservercertificate type tz usessl user_agent
    usessl v ver version view warehouse w workspace write authsource authmechanism loglocale charsetencoding
    integrations capabilities schemaversion directconnection uselegacy"""
)


def is_harmless_query(key: str) -> bool:
    """Whether the query parameter commonly holds no secret. Its value must look harmless too."""
    return key.lower() in _HARMLESS_QUERY


CONNECTION_KEYS = listed(
    """accountendpoint accountkey accountname addr address api applicationintent applicationname attachdbfilename
    authentication blobendpoint cluster connecttimeout connectiontimeout data database databasename db dbname
    defaultendpointsprotocol driver dsn encrypt endpoint endpointsuffix entitypath failoverpartner filename host
    hostaddr hostname initialcatalog instance integratedsecurity multipleactiveresultsets name network
    options passfile password
    passwd persistsecurityinfo pool pooling port provider pwd queueendpoint schema search_path server service
    sharedaccesskey sharedaccesskeyname sharedaccesssignature sid source sslcert sslkey sslmode sslrootcert
    tableendpoint target_session_attrs timeout trustservercertificate trusted_connection uid user userid
    username workstationid
    instrumentationkey ingestionendpoint liveendpoint datasource maxpoolsize minpoolsize charset"""
)
"""Keys, blanks and underscores aside, by which a list of `key=value` is known for a connection string."""
