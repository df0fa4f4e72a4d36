"""SHELL. `spawngate mcp`: an MCP server over STDIO by which an analyst's agent reads the trail and the fleet.

Must not be here: its tools (`server.mcp`).
"""

import os
from pathlib import Path

import click

from spawngate.model.errors import UsageError

LOCAL = "http://127.0.0.1:7337"
TOKEN = "SPAWNGATE_TOKEN"


@click.command("mcp")
@click.option("--server", default=LOCAL, show_default=True, help="Address of the server; by default `spawngate up`.")
@click.option(
    "--token-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=f"File with an API token (role reader is enough); else ${TOKEN}. `spawngate up` needs none.",
)
@click.option("--ca", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Certificates to trust, PEM.")
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

    token = token_file.read_text(encoding="utf-8").strip() if token_file is not None else os.environ.get(TOKEN, "")
    if not token.isascii() or any(letter.isspace() for letter in token):
        raise UsageError("the token is none")
    asyncio.run(serve(Asking(server, token, ca=ca)))
