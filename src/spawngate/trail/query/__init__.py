"""The query language of the trail, one for command line, API and console: docs/query.md.

    verdict:deny and (agent:claude-code or agent:codex-cli) severity>=high last 24h curl -path:"/tmp/*"

Belongs here: the language (`parse`), its fields (`fields`), its tree (`syntax`) and what a tree says of a record
(`match`). Must not be here: records in files or tables; a store compiles the tree into its own language.
"""

from spawngate.trail.query.match import Query
from spawngate.trail.query.parse import QueryError, parse_time, read

__all__ = ["Query", "QueryError", "parse_time", "read"]
