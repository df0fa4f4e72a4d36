"""The commands that a call of an MCP tool stands for: a shell's text, code for an interpreter, a statement for a
database, a client's sub-command, a container's options.

Belongs here: writing such a call as the command that does the same, so that it is judged like that command. A call of
which nothing is known stands for nothing.
Must not be here: files, addresses and texts in the input (`command.calls`), what a tool's name alone says
(`command.mcp_effects`), and what the commands do (`command.tools`).
Sources: tool lists of the reference servers and of the servers of Docker, Kubernetes, AWS, Azure, Google Cloud,
Terraform, PostgreSQL, MySQL, MongoDB, Redis, Supabase, Playwright, Puppeteer, Jupyter and Desktop Commander.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from spawngate.command.mcp_clients import BROWSERS, CLIENTS, REDIS, flags, named_calls, texts_in
from spawngate.command.prompts import ordered
from spawngate.launch.argv import program as base_name
from spawngate.launch.argv import word_set
from spawngate.model.call import Dialect, ToolCall
from spawngate.model.json import Json

MOST = 600
"""Commands of one call that are looked at. What is cut off is told."""


class StandIns(Struct, frozen=True):
    """What a call of an MCP tool would run."""

    texts: tuple[tuple[str, Dialect], ...] = ()
    """For a shell of that dialect."""
    argvs: tuple[tuple[str, ...], ...] = ()
    """Given as words."""
    whole: bool = True
    """False: it would run more than these."""


def words_of(name: str) -> list[str]:
    """Words that a name is made of, in lower case: `readFile`, `read-file` and `read_file` say the same."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name[:200])
    return [word for word in re.split(r"[^A-Za-z0-9]+", parted.lower()) if word]


def stand_ins(call: ToolCall) -> StandIns:
    """The commands that the call stands for. Raises nothing."""
    found = _Found(call)
    for depth, table in _tables(call.input):
        if len(found.texts) + len(found.argvs) > MOST:
            break
        found.table(table, top=depth == 0)
    # What the agent's decoder found where nothing here knows the field.
    for text in call.commands:
        if text not in found.seen:
            found.command(text, ())
    for argv in call.argvs:
        if not found.texts and not found.argvs:
            found.words(argv)
    whole = len(found.texts) <= MOST and len(found.argvs) <= MOST
    return StandIns(tuple(found.texts)[:MOST], tuple(found.argvs)[:MOST], whole)


_COMMAND = re.compile(
    r"(?i)(?:full_?|raw_?|input_?|cli_?|shell_?|bash_?|terminal_?|remote_?|exec_?|run_?|az_?|aws_?|kubectl_?|git_?)?"
    r"(?:commands?|cmds?|command_?lines?)|shell|bash|exec|command_?(?:string|text|to_?run)|argv|powershell|program"
    r"|executable|entrypoint"
)
_ARGUMENTS = re.compile(
    r"(?i)(?:command_?|cmd_?|extra_?|cli_?)?(?:args?|arguments?|argv|parameters|params|flags|options)"
)
_KEYS = re.compile(r"(?i)keys|keystrokes|text|input|chars|data|stdin")
_CODE = re.compile(
    r"(?i)(?:python_?|js_?|javascript_?|node_?|source_?|shell_?|bash_?|cell_?|raw_?|apple_?|r_?|ruby_?|php_?|lua_?)?"
    r"(?:code|scripts?|snippet|source|function|expression|program_?text)(?:_?(?:snippet|text|string|content|block))?"
    r"|javascript|python|applescript|jxa|cell"
)
_STATEMENT = re.compile(
    r"(?i)(?:raw_?)?(?:sql|query|queries|statements?|cypher|migration|ddl|dml|command|script)(?:_?(?:text|string|query"
    r"|command|statements?))?|q|up|content|body|operation"
)
_STATES = re.compile(
    r"(?is)\s*+(?:(?:--[^\n]*+\n|/\*(?:[^*]|\*(?!/)){0,400}+\*/|[(;])\s*+)*+(?:select|insert|update|delete\s+from|drop|truncate|alter|create"
    r"|grant|revoke|copy|attach|exec(?:ute)?|call|merge|replace\s+into|load|set|commit|rollback|begin|start\s+transaction"
    r"|with|match|do\s*\$|declare|use|show|vacuum|pragma|export|backup|restore|unload"
    r"|kill|reset|optional\s+match|detach|unwind|install|explain|shutdown|\\)"
)
_DATABASES = word_set(
    """
    sql mysql postgres postgresql pg psql maria mariadb sqlite duckdb motherduck snowflake bigquery redshift clickhouse
    supabase neon db database databases cockroach cockroachdb oracle turso libsql planetscale prisma databricks athena
    trino presto d1 timescale migration neo4j cypher memgraph mssql sqlserver tidb vertica greenplum yugabyte alloydb
    spanner singlestore hive spark dbt dbhub warehouse query
    """
)
AGENTS = word_set(
    "claude codex gemini qwen copilot opencode goose aider cline cursor amp agent agents subagent clink delegate worker"
)
"""Words in the names of servers and tools that hand work to another agent."""
_PROMPT = re.compile(r"(?i)prompt|message|task|instructions?|query|goal|objective|input|text")
_LOOKS_UP = word_set("search docs documentation ask question web wiki library answer explain")
_SHELLS = word_set(
    "shell bash sh zsh terminal tmux iterm iterm2 console tty ssh command commander cli exec cmd pty screen process"
)
_LANGUAGES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("python", "python3", "py", "pyodide", "jupyter", "ipython", "notebook", "repl"), ("python3", "-c")
    ),
    **dict.fromkeys(
        ("javascript", "js", "node", "nodejs", "typescript", "ts", "bun", "deno", "ephemeral"), ("node", "-e")
    ),
    **dict.fromkeys(("applescript", "osascript", "jxa"), ("osascript", "-e")),
    "ruby": ("ruby", "-e"),
    "perl": ("perl", "-e"),
    "php": ("php", "-r"),
    "lua": ("lua", "-e"),
    "rscript": ("Rscript", "-e"),
}
_DIALECTS: Mapping[str, Dialect] = {
    **dict.fromkeys(("powershell", "pwsh", "ps1"), "powershell"),
    **dict.fromkeys(("bash", "sh", "shell", "zsh"), "posix"),
    **dict.fromkeys(("cmd", "batch"), "cmd"),
}


class _Found:
    def __init__(self, call: ToolCall) -> None:
        self.call = call
        self.tool = words_of(call.server_tool or call.tool)
        self.server = words_of(call.server)
        self.names = frozenset(self.tool) | frozenset(self.server)
        self.texts: dict[tuple[str, Dialect], None] = {}
        self.argvs: dict[tuple[str, ...], None] = {}
        self.seen: set[str] = set()
        self.client = self._client()

    def _client(self) -> str:
        for name in (*self.tool, *self.server):
            if name in CLIENTS:
                return name
        return ""

    def table(self, table: Mapping[str, Json], *, top: bool) -> None:
        """One map of the input."""
        arguments: tuple[str, ...] = ()
        for key, value in table.items():
            if _ARGUMENTS.fullmatch(key):
                arguments += texts_in(value, split=True)
        commands = [
            (key, value)
            for key, value in table.items()
            if _COMMAND.fullmatch(key) and isinstance(value, str | Sequence)
        ]
        for key, value in commands:
            if isinstance(value, str):
                self.seen.add(value)
                if not (self.statement(key, value) or self.code(key, value, table)):
                    self.command(value, arguments, table)
            else:
                self.words((*texts_in(value), *arguments))
        if not commands and arguments and (self.client or self.names & _SHELLS):
            self.words(arguments)
        for key, value in table.items():
            if not isinstance(value, str) or not value.strip() or _COMMAND.fullmatch(key):
                continue
            if self.names & AGENTS and _PROMPT.fullmatch(key):
                self.texts.update(dict.fromkeys((text, self.call.dialect) for text in ordered(value)))
                continue
            if self.statement(key, value) or self.code(key, value, table):
                self.seen.add(value)
            elif _KEYS.fullmatch(key) and self.names & _SHELLS and self.typed():
                self.texts[value, self.dialect()] = None
        if top:
            self.named(table)

    def typed(self) -> bool:
        return not self.names.isdisjoint(word_set("send write type input keys execute run exec interact stdin paste"))

    def dialect(self, language: str = "") -> Dialect:
        for name in (language.lower(), *self.tool, *self.server):
            if name in ("powershell", "pwsh", "ps1"):
                return "powershell"
        return self.call.dialect

    def statement(self, key: str, text: str) -> bool:
        """Whether the text is a statement for a database."""
        if (
            not _STATEMENT.fullmatch(key)
            or not (key.lower() in ("sql", "cypher", "statement", "ddl", "dml") or self.names & _DATABASES)
            or not self.names.isdisjoint(_LOOKS_UP)
            or not _STATES.match(text)
        ):
            return False
        self.argvs["psql", "-c", text] = None
        return True

    def code(self, key: str, text: str, table: Mapping[str, Json]) -> bool:
        """Whether the text is code for an interpreter."""
        if not _CODE.fullmatch(key):
            return False
        language = next(
            (str(table[name]).lower() for name in ("language", "lang", "runtime", "kernel") if name in table), ""
        )
        names = (language, *words_of(key), *self.tool, *self.server)
        dialect = next((_DIALECTS[name] for name in names if name in _DIALECTS), None)
        start = next((_LANGUAGES[name] for name in names if name in _LANGUAGES), None)
        if self.names & BROWSERS:
            # Code of a page reaches no process; what a browser's driver runs does.
            if re.search(
                r"\brequire\s*\(|child_process|\bimport\s*\(|\bprocess\.(?:env|binding|mainModule)|exec(?:Sync)?\(",
                text,
            ):
                self.argvs["node", "-e", text] = None
            return True
        if start is not None and not (language and dialect):
            if start[0] == "python3":
                self.cell(text)
            self.argvs[(*start, text)] = None
            return True
        if dialect is not None:
            self.texts[text, dialect] = None
            return True
        if key.lower() in ("code", "script", "source") and not self.names.isdisjoint(
            word_set("run execute exec eval evaluate interpreter sandbox compute")
        ):
            if re.search(r"require\s*\(|=>|\bconst\b|\bfunction\b", text):
                self.argvs["node", "-e", text] = None
            elif re.search(r"\bimport\s|\bprint\s*\(|\bdef\s", text):
                self.argvs["python3", "-c", text] = None
            else:
                self.texts[text, "posix"] = None
            return True
        return False

    def cell(self, text: str) -> None:
        """Lines of a notebook's cell that go to a shell."""
        if "!" not in text and "%" not in text:
            return
        for line in text.splitlines():
            match = re.match(r"\s*(?:\w+\s*=\s*)?(?:!|%(?:sx|system)\s)\s*(\S.*)", line)
            if match:
                self.texts[match[1], "posix"] = None
        head, _, rest = text.lstrip().partition("\n")
        if re.match(r"%%(?:bash|sh|script|!)", head):
            self.texts[rest, "posix"] = None

    def command(self, text: str, arguments: Sequence[str], table: Mapping[str, Json] | None = None) -> None:
        """A text under a key for commands, and the arguments beside it."""
        words = text.split()
        if self.client and words and self._prefixed(words[0]):
            client = CLIENTS[self.client][0]
            if re.search(r"[\"'|;&$`<>]", text):
                self.texts[f"{client} {text}", self.dialect()] = None
            else:
                self.argvs[(client, *words, *arguments, *flags(client, table or {}))] = None
        elif self.client and words and (verb := self._verb()) and base_name(words[0]) != CLIENTS[self.client][0]:
            self.argvs[(CLIENTS[self.client][0], verb, *words, *arguments)] = None
        elif arguments and len(words) == 1:
            self.argvs[(text, *arguments)] = None
        else:
            tail = (" " + " ".join(_quoted(word) for word in arguments)) if arguments else ""
            self.texts[text + tail, self.dialect()] = None

    def words(self, argv: Iterable[str]) -> None:
        """A command that is given as words."""
        found = tuple(argv)
        if not found:
            return
        if self.client and self._prefixed(found[0]):
            found = (CLIENTS[self.client][0], *found)
        elif (
            self.client
            and (verb := self._verb())
            and base_name(found[0]) not in (CLIENTS[self.client][0], "sh", "bash")
        ):
            found = (CLIENTS[self.client][0], verb, *found)
        elif len(found) == 1 and " " in found[0]:
            self.texts[found[0], self.dialect()] = None
            return
        self.argvs[found] = None

    def _verb(self) -> str:
        """The client's sub-command that the tool is named after, so that its input starts behind it."""
        client, verbs = CLIENTS[self.client]
        if client not in ("kubectl", "az", "gcloud", "helm", "git"):
            return ""
        return next((word for word in self.tool if word in verbs and word not in ("exec", "run", "debug")), "")

    def _prefixed(self, word: str) -> bool:
        """Whether the word is the client's sub-command, so that the client's own name is missing before it."""
        client, verbs = CLIENTS[self.client]
        if client == "redis-cli":
            return REDIS.match(word) is not None
        if client in ("docker", "kubectl") and not {"exec", "execute"}.isdisjoint(self.tool):
            # What runs in a container is no sub-command of its engine.
            return False
        return word.lower() in verbs and base_name(word) != client

    def named(self, table: Mapping[str, Json]) -> None:
        """Calls whose tool is a client's sub-command, and whose input its options."""
        flat = {key.lower(): value for key, value in table.items()}
        for argv in named_calls(self.client, self.tool, self.server, flat):
            self.argvs[argv] = None


def _tables(value: Json) -> Iterator[tuple[int, Mapping[str, Json]]]:
    """Every map in a value, in order, with how deep it lies."""
    waiting: list[tuple[int, Json]] = [(0, value)]
    while waiting:
        depth, item = waiting.pop()
        if isinstance(item, Mapping):
            yield depth, item
            waiting.extend((depth + 1, below) for below in reversed(tuple(item.values())))
        elif isinstance(item, Sequence) and not isinstance(item, str):
            waiting.extend((depth + 1, below) for below in reversed(item))


def _quoted(word: str) -> str:
    return word if re.fullmatch(r"[\w@%+=:,./~*$-]+", word) else "'" + word.replace("'", "'\\''") + "'"
