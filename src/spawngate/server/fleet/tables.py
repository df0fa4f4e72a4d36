"""The tables of fleet data, as SQLAlchemy Core knows them.

Belongs here: names, types, keys and indexes, nothing that asks. The migrations in `migrations/` make them; a test holds
the two against each other. Times are RFC 3339 text in the form of `trail.moment`, so that they sort and compare as text
in every database. Ids that people see are texts; `team` 0 is the whole organisation.
Must not be here: queries, connections.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
ORGANISATION = 0
"""The team that holds all others: a role in it counts everywhere."""

_MOMENT = String(32)

TEAMS = Table(
    "teams",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
    Column("created_at", _MOMENT, nullable=False),
)

# People and programs that ask --------------------------------------------------------------------------------------

USERS = Table(
    "users",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
    Column("email", String(320), nullable=False, default=""),
    Column("password", Text, nullable=False, default=""),  # an argon2id hash; empty: only by OIDC
    Column("issuer", Text, nullable=False, default=""),  # of an OIDC provider
    Column("subject", Text, nullable=False, default=""),  # at that provider
    Column("created_at", _MOMENT, nullable=False),
    Column("disabled_at", _MOMENT, nullable=False, default=""),
)
MEMBERSHIPS = Table(
    "memberships",
    METADATA,
    Column("user", Integer, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("team", Integer, ForeignKey("teams.id", ondelete="CASCADE"), nullable=False),
    Column("role", String(20), nullable=False),  # server.access.roles.Role
    PrimaryKeyConstraint("user", "team"),
)
SESSIONS = Table(
    "sessions",
    METADATA,
    Column("id", String(64), primary_key=True),  # SHA-256 of what the cookie holds
    Column("user", Integer, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("created_at", _MOMENT, nullable=False),
    Column("seen_at", _MOMENT, nullable=False),
    Column("expires_at", _MOMENT, nullable=False),
)
TOKENS = Table(
    "tokens",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("prefix", String(16), nullable=False),  # shown, to tell tokens apart
    Column("hash", String(64), nullable=False, unique=True),  # SHA-256 of the whole token
    Column("name", String(200), nullable=False),
    Column("team", Integer, ForeignKey("teams.id", ondelete="CASCADE"), nullable=False),
    Column("role", String(20), nullable=False),
    Column("scopes", JSON, nullable=False),  # list of permissions; empty: all of the role
    Column("created_by", String(200), nullable=False),
    Column("maker", Integer, nullable=False, default=0, server_default="0"),  # users.id; 0: the operator
    Column("parent", Integer, nullable=False, default=0, server_default="0"),  # the token that made it; 0: none
    Column("created_at", _MOMENT, nullable=False),
    Column("expires_at", _MOMENT, nullable=False),
    Column("used_at", _MOMENT, nullable=False, default=""),
    Column("revoked_at", _MOMENT, nullable=False, default=""),
)
ONE_TIME = Table(
    "one_time",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("purpose", String(20), nullable=False),  # first-run, oidc-state, invitation
    Column("detail", JSON, nullable=False),
    Column("expires_at", _MOMENT, nullable=False),
)

# Endpoints ---------------------------------------------------------------------------------------------------------

ENROLMENTS = Table(
    "enrolments",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("kind", String(10), nullable=False),  # secret (many uses), code (one)
    Column("name", String(200), nullable=False),
    Column("team", Integer, ForeignKey("teams.id", ondelete="CASCADE"), nullable=False),
    Column("group", String(200), nullable=False, default=""),
    Column("most", Integer, nullable=False, default=0),  # uses; 0: without a limit
    Column("uses", Integer, nullable=False, default=0),
    Column("created_by", String(200), nullable=False),
    Column("created_at", _MOMENT, nullable=False),
    Column("expires_at", _MOMENT, nullable=False, default=""),
    Column("revoked_at", _MOMENT, nullable=False, default=""),
)
ENDPOINTS = Table(
    "endpoints",
    METADATA,
    Column("id", String(64), primary_key=True),  # given by the server at enrolment
    Column("installation", String(64), nullable=False),  # the endpoint's own id
    Column("team", Integer, ForeignKey("teams.id"), nullable=False),
    Column("group", String(200), nullable=False, default=""),
    Column("label", String(200), nullable=False, default=""),
    Column("host", String(255), nullable=False, default=""),
    Column("user_name", String(255), nullable=False, default=""),
    Column("platform", String(100), nullable=False, default=""),
    Column("version", String(50), nullable=False, default=""),
    Column("key", String(64), nullable=False),  # Ed25519 public key, hex
    Column("token", String(64), nullable=False, unique=True),  # SHA-256
    Column("next_token", String(64), nullable=False, default=""),  # while one is being exchanged
    Column("token_at", _MOMENT, nullable=False, default=""),  # when the token was made
    Column("proofs", Text, nullable=False, default="", server_default=" "),  # SHA-256 of each enrolment, with blanks
    Column("enrolled_at", _MOMENT, nullable=False),
    Column("seen_at", _MOMENT, nullable=False),
    Column("scanned_at", _MOMENT, nullable=False, default=""),
    Column("retired_at", _MOMENT, nullable=False, default=""),
    Column("inventory", String(64), nullable=False, default=""),  # digest of the inventory that is held
    Column("enforcement", JSON, nullable=False),  # sync.messages.Enforcement per agent
    Column("integrity", JSON, nullable=False),  # list of problems with our own parts
    Column("bundle", BigInteger, nullable=False, default=0),  # serial of the one in force there
    Column("mode", String(10), nullable=False, default=""),  # monitor, ask, enforce, as in force there
    Column("skew", Integer, nullable=False, default=0),  # seconds that its clock is ahead
    Column("dropped", JSON, nullable=False),  # records that its spool gave up, by type
    Column("synthetic", Boolean, nullable=False, default=False),  # of `up --demo`
    Index(None, "team", "id"),
    Index(None, "seen_at"),
    Index(None, "installation"),
    Index(None, "next_token"),
    # What lists of other things ask of their endpoint.
    Index("ix_endpoints_lists", "id", "team", "retired_at", "host", "label"),
)
ARTIFACTS = Table(
    "artifacts",
    METADATA,
    Column("endpoint", String(64), ForeignKey("endpoints.id", ondelete="CASCADE"), nullable=False),
    Column("id", String(200), nullable=False),  # model.artifact.Artifact.id
    Column("team", Integer, nullable=False),  # of the endpoint, so that lists need no join
    Column("kind", String(20), nullable=False),
    Column("name", Text, nullable=False),
    Column("agent", String(100), nullable=False),
    Column("scope", String(20), nullable=False),
    Column("path", Text, nullable=False),
    Column("fingerprint", String(100), nullable=False),
    Column("status", String(20), nullable=False),
    Column("tier", String(20), nullable=False, default=""),
    Column("transport", String(20), nullable=False, default=""),
    Column("package", Text, nullable=False, default=""),
    Column("capabilities", JSON, nullable=False),  # list of texts
    Column("record", JSON, nullable=False),  # the artifact as `scan --format json` prints it, redacted
    Column("first_seen", _MOMENT, nullable=False),
    Column("changed_at", _MOMENT, nullable=False),
    PrimaryKeyConstraint("endpoint", "id"),
    Index(None, "kind", "name"),
    # Everything that lists ask of a row but its record, so that none of them reads the records.
    Index(
        "ix_artifacts_lists",
        "kind",
        "fingerprint",
        "name",
        "endpoint",
        "team",
        "agent",
        "tier",
        "transport",
        "status",
        "scope",
        "first_seen",
        "id",
    ),
)
SERVERS = Table(
    "servers",
    METADATA,
    # One row for each fingerprint of an MCP server that the fleet has or had.
    Column("fingerprint", String(100), primary_key=True),
    Column("name", Text, nullable=False),
    Column("first_seen", _MOMENT, nullable=False),
    Column("first_endpoint", String(64), nullable=False),
    Column("record", JSON, nullable=False),  # of the artifact in which it was seen first
)
ADVISORY_MATCHES = Table(
    "advisory_matches",
    METADATA,
    Column("endpoint", String(64), ForeignKey("endpoints.id", ondelete="CASCADE"), nullable=False),
    Column("advisory", String(100), nullable=False),
    Column("artifact", String(200), nullable=False),
    Column("state", String(20), nullable=False),  # affected, possible, ...
    Column("severity", String(10), nullable=False, default=""),
    Column("detail", JSON, nullable=False),
    Column("first_seen", _MOMENT, nullable=False),
    PrimaryKeyConstraint("endpoint", "advisory", "artifact"),
    Index(None, "advisory"),
    Index("ix_advisory_matches_artifacts", "endpoint", "artifact", "advisory", "state"),
    # Everything that lists ask of a row but its detail.
    Index("ix_advisory_matches_lists", "advisory", "state", "endpoint", "artifact", "severity", "first_seen"),
)

# Work --------------------------------------------------------------------------------------------------------------

FINDINGS = Table(
    "findings",
    METADATA,
    Column("endpoint", String(64), ForeignKey("endpoints.id", ondelete="CASCADE"), nullable=False),
    Column("fingerprint", String(100), nullable=False),  # model.finding: the same for one finding over time
    Column("team", Integer, nullable=False),
    Column("rule", String(100), nullable=False),
    Column("severity", String(10), nullable=False),
    Column("confidence", String(10), nullable=False),
    Column("artifact", String(200), nullable=False),
    Column("agent", String(100), nullable=False, default=""),
    Column("name", Text, nullable=False, default=""),  # of the artifact
    Column("record", JSON, nullable=False),  # trail.event.FindingRecord
    Column("opened_at", _MOMENT, nullable=False),
    Column("closed_at", _MOMENT, nullable=False, default=""),  # the rule no longer says it
    Column("state", String(20), nullable=False, default="open"),  # open, acknowledged, in-progress, resolved
    Column("owner", String(200), nullable=False, default=""),
    Column("due", String(10), nullable=False, default=""),  # 2026-11-21
    PrimaryKeyConstraint("endpoint", "fingerprint"),
    Index(None, "team", "severity", "opened_at"),
    Index(None, "rule"),
    Index("ix_findings_artifacts", "endpoint", "artifact", "severity", "closed_at", "state"),
    # Everything that lists and their facets ask of a row but its record.
    Index(
        "ix_findings_lists",
        "rule",
        "severity",
        "closed_at",
        "state",
        "owner",
        "due",
        "agent",
        "name",
        "team",
        "endpoint",
        "fingerprint",
        "opened_at",
    ),
)
SUPPRESSIONS = Table(
    "suppressions",
    METADATA,
    # A judgement of people about findings: fleet-wide by rule and artifact fingerprint or name, or of one finding.
    Column("id", Integer, primary_key=True),
    Column("team", Integer, ForeignKey("teams.id"), nullable=False),
    Column("kind", String(20), nullable=False),  # false-positive, accepted
    Column("rule", String(100), nullable=False),
    Column("endpoint", String(64), nullable=False, default=""),  # empty: every endpoint of the team
    Column("finding", String(100), nullable=False, default=""),  # fingerprint of one finding; empty: all of the rule
    Column("name", Text, nullable=False, default=""),  # of the artifact; empty: any
    Column("reason", Text, nullable=False),
    Column("created_by", String(200), nullable=False),
    Column("created_at", _MOMENT, nullable=False),
    Column("until", _MOMENT, nullable=False, default=""),
    Column("ended_at", _MOMENT, nullable=False, default=""),
    Index(None, "rule"),
)
APPROVALS = Table(
    "approvals",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("team", Integer, ForeignKey("teams.id"), nullable=False),
    Column("endpoint", String(64), nullable=False, default=""),  # who asked; where it counts says `reach`
    Column("reach", String(20), nullable=False, default="endpoint"),  # endpoint, group, team, organisation
    Column("group", String(200), nullable=False, default=""),
    Column("fingerprint", String(100), nullable=False),
    Column("name", Text, nullable=False, default=""),
    Column("launch", JSON, nullable=False),  # what was asked for, redacted, as the endpoint states it
    Column("state", String(20), nullable=False),  # pending, approved, denied, revoked
    Column("asked_by", String(255), nullable=False, default=""),
    Column("asked_at", _MOMENT, nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("decided_by", String(200), nullable=False, default=""),
    Column("decided_at", _MOMENT, nullable=False, default=""),
    Column("note", Text, nullable=False, default=""),
    Column("expires_at", _MOMENT, nullable=False, default=""),
    Index(None, "state", "asked_at"),
    Index(None, "fingerprint"),
    Index(None, "endpoint"),
)

COMMANDS = Table(
    "commands",
    METADATA,
    # What administrators told single endpoints to do (`sync.command`).
    Column("id", BigInteger, primary_key=True, autoincrement=False),  # its number: rises like the serial of bundles
    Column("endpoint", String(64), ForeignKey("endpoints.id", ondelete="CASCADE"), nullable=False),
    Column("what", String(20), nullable=False),
    Column("state", String(10), nullable=False),  # waiting, done, failed, withdrawn
    Column("asked_by", String(200), nullable=False),
    Column("asked_at", _MOMENT, nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("until", _MOMENT, nullable=False),  # not given after that
    Column("given_at", _MOMENT, nullable=False, default=""),  # when the endpoint was told first
    Column("ended_at", _MOMENT, nullable=False, default=""),
    Column("result", Text, nullable=False, default=""),
    Index(None, "state"),
    Index(None, "endpoint", "id"),
)

# Policy ------------------------------------------------------------------------------------------------------------

POLICIES = Table(
    "policies",
    METADATA,
    Column("id", Integer, primary_key=True),  # revision
    Column("name", String(200), nullable=False),
    Column("files", JSON, nullable=False),  # file name to text
    Column("digest", String(64), nullable=False),
    Column("state", String(20), nullable=False),  # draft, ready (validated and tested), retired
    Column("comment", Text, nullable=False, default=""),
    Column("created_by", String(200), nullable=False),
    Column("created_at", _MOMENT, nullable=False),
    Column("report", JSON, nullable=False),  # of its validation and its tests
)
ROLLOUTS = Table(
    "rollouts",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("team", Integer, ForeignKey("teams.id"), nullable=False),
    Column("group", String(200), nullable=False, default=""),
    Column("policy", Integer, ForeignKey("policies.id"), nullable=False),
    Column("mode", String(10), nullable=False),  # monitor, ask, enforce
    Column("percent", Integer, nullable=False, default=100),  # of the endpoints, by a hash of their id
    Column("created_by", String(200), nullable=False),
    Column("created_at", _MOMENT, nullable=False),
    Column("ended_at", _MOMENT, nullable=False, default=""),
    Index(None, "team", "group"),
)
ADVISORY_SETS = Table(
    "advisory_sets",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("records", LargeBinary, nullable=False),  # OSV records, JSON, zstd
    Column("imported_by", String(200), nullable=False),
    Column("imported_at", _MOMENT, nullable=False),
)

# The console's own -------------------------------------------------------------------------------------------------

SEARCHES = Table(
    "searches",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("user", Integer, ForeignKey("users.id", ondelete="CASCADE"), nullable=True),  # None: of everybody
    Column("page", String(50), nullable=False),
    Column("name", String(200), nullable=False),
    Column("query", Text, nullable=False),
    UniqueConstraint("user", "page", "name"),
)
PROJECTS = Table(
    "projects",
    METADATA,
    # Results of the code scan, the newest of each project.
    Column("id", Integer, primary_key=True),
    Column("team", Integer, ForeignKey("teams.id"), nullable=False),
    Column("name", String(300), nullable=False),
    Column("revision", String(100), nullable=False, default=""),
    Column("scanned_at", _MOMENT, nullable=False),
    Column("grade", String(10), nullable=False, default="none"),  # the worst of its findings
    Column("high", Integer, nullable=False, default=0),  # findings of that grade
    Column("paths", Integer, nullable=False, default=0),  # findings above info
    Column("launches", Integer, nullable=False, default=0),
    Column("accepting", Integer, nullable=False, default=0),  # launches that external input reaches
    Column("incomplete", Boolean, nullable=False, default=False),
    Column("result", JSON, nullable=False),  # one tree of `spawngate code --format json`
    UniqueConstraint("team", "name"),
)
COUNTERS = Table(
    "counters",
    METADATA,
    Column("name", String(50), primary_key=True),
    Column("value", BigInteger, nullable=False),
)
"""`bundle`: raised with every change that a bundle holds; its value is the serial of bundles made then."""

for _table in METADATA.tables.values():
    _counted = list(_table.primary_key.columns.keys()) == ["id"] and _table.c.id.autoincrement is not False
    if _counted and isinstance(_table.c.id.type, Integer):
        # SQLite gives the id of a deleted last row away again; a token of a deleted team must never fit a new one.
        _table.dialect_options["sqlite"]["autoincrement"] = True
