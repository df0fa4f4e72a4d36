"""Approved servers that the tests of lists share."""

from spawngate.agents.lists.allowed import AllowedServer

FILES = AllowedServer("files", "npx", ("-y", "@modelcontextprotocol/server-filesystem@2026.1.14", "/w"))
DOCS = AllowedServer("docs", url="https://docs.example/mcp")
KEYED = AllowedServer("keyed", "uvx", ("thing", "--token", "s3cr3t"), secret=True)
ALL = (FILES, DOCS, KEYED, FILES)
LEFT_OUT = (("keyed", "its command line or address holds a secret, which a list that everybody can read must not"),)
