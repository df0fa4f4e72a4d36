"""Data bases' command lines: statements that destroy, read everything out, give rights, or run programs.

Belongs here: finding the statements and a look over each for what matters. No SQL is parsed.
Sources: the manuals of psql, mysql, sqlite3, mongosh, redis-cli, sqlcmd, clickhouse-client, and of the dump tools.
"""

import re

from spawngate.command.scene import Scene
from spawngate.command.tools.reader import Reader, readers

_COPIED_OUT = r"\b(?:copy|unload|export\s+data|into)\b[^;]*'(?:s3|gs|gcs|az|azure|abfss?|https?)://"
_STATEMENTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (act, re.compile(pattern, re.IGNORECASE))
    for act, pattern in (
        (
            "database-drop",
            r"\bdrop\s+(?:database|schema|table|collection|keyspace|tablespace|owned|role|user"
            r"|index\s+if|view|materialized|warehouse|catalog|dataset|stage)\b|\btruncate\b(?!\s*\()|\bdropDatabase\b"
            r"|\.drop(?:Collection|Indexes)?\s*\(|\balter\s+table\s+\S+\s+drop\b",
        ),
        (
            "database-delete-all",
            r"\bdelete\s+from\s+[\w.\"`\[\]]+\s*(?:;|$|\"|')"
            r"|\bmatch\s*\(\s*\w*\s*\)\s*(?:optional\s+match[^;]{0,80}\s)?(?:detach\s+)?delete\b"
            r"|\bdelete\s+from\s+[\w.\"`\[\]]+\s+where\s+(?:1\s*=\s*1|true)\b"
            r"|\bupdate\s+[\w.\"`\[\]]+\s+set\s+(?:(?!\bwhere\b)[^;])+(?:;|$)"
            r"|\.deleteMany\(\s*(?:\{\s*\})?\s*\)|\.remove\(\s*\{\s*\}\s*\)",
        ),
        (
            "database-runs-program",
            r"\battach\s+(?:database\s+)?'[^']*\.(?:php\d?|jsp|aspx?|phtml|sh|py|pl|cgi)'"
            r"|\bcopy\b[^;]*\b(?:from|to)\s+program\b|\binto\s+(?:out|dump)file\b|\bload_file\s*\("
            r"|\bxp_cmdshell\b|\bsys_exec\s*\(|\bsys_eval\s*\("
            r"|\bcreate\s+(?:or\s+replace\s+)?function\b[^;]*\blanguage\s+(?:'?c'?|plpython\w*u"
            r"|plperlu)\b|\blo_(?:import|export)\s*\(|\bpg_read_file\s*\(|\bload\s+extension\b"
            r"|\bload_extension\s*\(|\bpg_(?:ls_dir|ls_\w+dir|stat_file|read_binary_file|execute_server_program)\b|\bdblink(?:_connect|_exec)?\s*\("
            r"|\bcreate\s+extension\s+(?:if\s+not\s+exists\s+)?[\"']?(?:plpython\w*|plperlu|pltclu|dblink|adminpack|file_fdw)"
            r"|\bset\s+global\s+(?:general_log\w*|slow_query_log_file|secure_file_priv|log_output)"
            r"|\bload\s+data\s+(?:local\s+)?infile\b|\bxp_(?:dirtree|fileexist|subdirs|reg\w+)\b|\bto\s+disk\s*=\s*N?'\\\\"
            r"|\b(?:utl_http|utl_tcp|utl_smtp|dbms_ldap|httpuritype|dbms_scheduler)\b|\bOPENROWSET\s*\(\s*BULK|\bsp_OACreate\b|\butl_file\b|(?:^"
            r"|\s)\\!|^\s*\.(?:shell|system|load)\b|(?:^|;)\s*system\s+\S|\\copy[^;]*\bprogram\b",
        ),
        (
            "database-grant",
            r"\bdisable\s+row\s+level\s+security\b|\bdrop\s+policy\b|\bgrant\s+(?:all|super|dba|select|insert|rds_superuser|pg_\w+)|\balter\s+(?:user"
            r"|role)\s+\S+\s+(?:with\s+)?(?:superuser|createrole|bypassrls|password|identified)"
            r"|\bcreate\s+(?:user|role|login)\b|\bset\s+password\b|\bcreateUser\s*\("
            r"|\bgrantRolesToUser\b|\bsp_addsrvrolemember\b",
        ),
        (
            "hash-dump",
            r"\bpg_(?:shadow|authid)\b|\bmysql\.(?:user|global_priv)\b|\bauthentication_string\b"
            r"|\bsys\.sql_logins\b|\bsys\.user\$|\bauth\.users\b[^;]*\bencrypted_password\b"
            r"|\bencrypted_password\b[^;]*\bauth\.users\b|\bvault\.decrypted_secrets\b",
        ),
        ("send-file", _COPIED_OUT),
        ("database-dump", _COPIED_OUT),
        ("database-flush", r"^\s*shutdown\b"),
        ("database-flush", r"\bflush(?:all|db)\b|\bshutdown\s+nosave\b|\bdebug\s+(?:segfault|sleep)\b"),
        (
            "database-runs-program",
            r"\bconfig\s+set\s+(?:dir|dbfilename|logfile)\b|\bmodule\s+load\b|\bslaveof\b"
            r"|\breplicaof\s+(?!no\s+one)\S|\beval\b.*\bos\.execute\b",
        ),
    )
)


def client(scene: Scene) -> None:
    values = {
        "psql": (
            "-c",
            "--command",
            "-f",
            "--file",
            "-h",
            "--host",
            "-U",
            "--username",
            "-d",
            "--dbname",
            "-p",
            "--port",
            "-v",
            "-o",
            "--output",
            "-L",
            "-P",
            "-F",
            "-R",
            "-T",
        ),
        "sqlite3": ("-cmd", "-init", "-separator", "-newline"),
        "redis-cli": ("-h", "-p", "-a", "-u", "-n", "-r", "-i", "--user", "--pass", "--eval", "--rdb"),
    }.get(
        scene.program,
        (
            "-e",
            "--execute",
            "-h",
            "--host",
            "-u",
            "--user",
            "-P",
            "--port",
            "-D",
            "--database",
            "-q",
            "--query",
            "-Q",
            "-S",
            "-d",
            "-i",
            "-o",
            "--eval",
            "--file",
            "-f",
            "--password",
            "-c",
            "--command",
        ),
    )
    found = scene.arguments(values, long=scene.program != "sqlite3")
    texts = [
        *found.values("-c", "--command", "-e", "--execute", "-q", "--query", "-Q", "--eval", "-cmd"),
        *found.rest[1 if scene.program in ("sqlite3", "duckdb") else 0 :],
    ]
    if scene.program == "redis-cli":
        texts.append(" ".join(found.rest))
    texts += [redirect.text for redirect in scene.spawn.redirects if redirect.text]
    if scene.spawn.code:
        texts.append(scene.spawn.code)
    scene.read(*found.values("-f", "--file", "-i", "-init"))
    scene.write(*found.values("-o", "--output", "--rdb"))
    if scene.program in ("sqlite3", "duckdb") and found.rest:
        scene.read(found.rest[0])
    scene.host(
        *(
            word
            for word in (*found.values("-h", "--host", "-S"), *found.rest[:1])
            if "://" in word
            or (re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", word) and scene.program not in ("sqlite3", "duckdb", "redis-cli"))
        )
    )
    if scene.program == "influx":
        store(scene)
    for text in texts:
        statement(scene, text)
    if any(re.search(r"(?i)\bselect\b|\.dump\b|\bfind\(|\bexport\b|\bkeys\b|\bget\b|\bcopy\b", text) for text in texts):
        scene.outputs.add("database")


def statement(scene: Scene, text: str) -> None:
    """What one statement, or a text of several, does."""
    plain = text[:LONGEST]
    # What stands in quotes is data, but for the program that a statement names.
    data = (
        plain
        if re.search(r"(?i)program|outfile|load_file|xp_cmdshell|\beval\b|://|\battach\b|\bexecute\s+'|\\\\", plain)
        else _QUOTED.sub("''", plain)
    )
    if _DROPS_THROWAWAY.search(data):
        scene.act("database-reset")
        data = _DROPS_THROWAWAY.sub("", data)
    for act, pattern in _STATEMENTS:
        if pattern.search(data):
            scene.act(act)
            if act == "database-dump":
                scene.carries.add("database")


_QUOTED = re.compile(r"(?<=[\s(,=])'(?:[^']|'')*'")
LONGEST = 32_768
"""Characters of statements that are looked at."""


def dump(scene: Scene) -> None:
    found = scene.arguments(
        (
            "-h",
            "--host",
            "-U",
            "-u",
            "--username",
            "--user",
            "-d",
            "--dbname",
            "-f",
            "--file",
            "-p",
            "--port",
            "-o",
            "--out",
            "--archive",
            "--uri",
            "-n",
            "-t",
            "-F",
            "--result-file",
            "-r",
            "-c",
            "--collection",
        )
    )
    scene.act("database-dump")
    scene.outputs.add("database")
    scene.write(*found.values("-f", "--file", "-o", "--out", "--result-file", "-r"))
    scene.host(*(word for word in found.values("-h", "--host", "--uri") if "." in word))


_THROWAWAY = r"\w*(?:test|tmp|temp|_dev|dev_|_ci|ci_|sandbox)\w*"
"""Names of databases that are made to be thrown away."""
_DROPS_THROWAWAY = re.compile(
    rf"(?i)\bdrop\s+(?:database|schema)\s+(?:if\s+exists\s+)?[\"'`]?{_THROWAWAY}[\"'`]?(?:\s+cascade)?\s*;?"
)


def drop(scene: Scene) -> None:
    names = scene.arguments(("-h", "-U", "-p", "--host", "--username", "--port")).rest
    scene.target(*names)
    plain = bool(names) and all(re.fullmatch(_THROWAWAY, name, re.IGNORECASE) for name in names)
    scene.act("database-reset" if plain else "database-drop")


def admin(scene: Scene) -> None:
    found = scene.arguments(("-h", "-u", "-p"))
    if "drop" in found.rest:
        scene.act("database-drop")


def framework(scene: Scene) -> None:
    """rails, rake, artisan, django, prisma, alembic and others whose tasks drop a database."""
    text = " ".join(scene.words)
    scene.arguments()
    if re.search(r"\b(?:credentials|secrets|encrypted):(?:show|fetch)\b", text):
        scene.act("keychain-read")
        scene.outputs.add("secret")
    if re.search(
        r"\bdb:(?:drop|reset|purge|wipe)\b|\bmigrate:(?:reset|fresh|refresh)\b|\bdb:wipe\b"
        r"|\bmigrate reset\b|\bdb push\b.*--force-reset|\bflush\b.*--no-?input|\breset_db\b"
        r"|\bdowngrade base\b|\bsqlflush\b.*\|",
        text,
    ):
        variables = " ".join(f"{name}={word.text}" for name, word in scene.spawn.assignments)
        for_good = re.search(
            r"(?i)prod|DISABLE_DATABASE_ENVIRONMENT_CHECK|drop|wipe|force|--no-?input|downgrade base",
            f"{text} {variables}",
        )
        scene.act("database-drop" if for_good else "database-reset")


def restore(scene: Scene) -> None:
    found = scene.arguments(("-h", "-U", "-d", "-p", "--host", "--dbname", "--uri"))
    scene.read(*found.rest[:1])
    if found.has("-c", "--clean", "--drop"):
        scene.act("database-drop")


def store(scene: Scene) -> None:
    """influx, etcdctl, rabbitmqctl, kafka and others of the shape `tool noun verb`."""
    text = " ".join(scene.words)
    scene.arguments(("-n", "--name", "--topic", "--bootstrap-server", "--endpoints"))
    if re.search(
        r"\b(?:bucket|org) delete\b|\bdel\b.*(?:--prefix|--from-key)|\bkv delete\b.*-recurse"
        r"|\bdelete\b.*--bucket|\b(?:force_)?reset\b"
        r"|--delete\b|\bdelete_vhost\b|\bpurge_queue\b|\bdelete-all\b|\bdestroy\b",
        text,
    ):
        scene.act("database-drop")


READERS: dict[str, Reader] = readers(
    (
        "psql mysql mariadb sqlite3 mongosh mongo redis-cli valkey-cli keydb-cli sqlcmd"
        " cqlsh"
        " clickhouse-client clickhouse duckdb influx cockroach snowsql bsqldb isql sqlplus"
        " usql pgcli mycli litecli",
        client,
    ),
    ("pg_dump pg_dumpall mysqldump mariadb-dump mongodump mongoexport pg_basebackup expdp sqlpackage", dump),
    ("dropdb dropuser", drop),
    ("etcdctl rabbitmqctl rabbitmqadmin kafka-topics kafka-topics.sh consul zkcli nats minio-mc", store),
    ("mysqladmin", admin),
    (
        "rails rake artisan manage.py django-admin prisma alembic knex sequelize typeorm flyway liquibase drizzle-kit",
        framework,
    ),
    ("pg_restore mongorestore", restore),
)
