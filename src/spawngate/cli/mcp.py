"""SHELL. `spawngate mcp`: an MCP server over STDIO by which an analyst's agent reads the trail and the fleet.

Must not be here: its tools (`server.mcp`).
"""

from pathlib import Path

import click

from spawngate.cli.asking import LOCAL, asked, token_of
from spawngate.model.errors import UsageError


@click.command("mcp")
@asked(default=LOCAL)
def command(server: str, token_file: Path | None, ca: Path | None) -> None:
    """Serve the trail and the fleet to an analyst's agent, read-only, as an MCP server over STDIO.

    In an agent's configuration: {"command": "spawngate", "args": ["mcp", "--server", "https://gate.example.org",
    "--token-file", "/home/ada/.spawngate-token"]}
    """
    try:
        import asyncio

        from spawngate.server.mcp.serve import serve
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in ("mcp", "mcp_types"):
            raise
        raise UsageError("`spawngate mcp` needs the official SDK: pip install 'spawngate[mcp]'") from None
    from spawngate.server.mcp.ask import Asking

    asyncio.run(serve(Asking(server, token_of(token_file), ca=ca)))
