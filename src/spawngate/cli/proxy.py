"""SHELL. `spawngate proxy`: a remote MCP server on loopback, its use and its calls decided one by one.

Must not be here: the proxy itself (`endpoint.proxy`).
"""

import os

import click

from spawngate.endpoint.proxy.run import serve
from spawngate.endpoint.state import State, default_folder


@click.command("proxy")
@click.option(
    "--id", "entry", metavar="ID", help="What the server is called in approvals and records; else its address."
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="On loopback; any free one where it is left out."
)
@click.option("--header-name", "headers", multiple=True, metavar="NAME", help="A header that the agent sends there.")
@click.argument("url")
def command(url: str, entry: str | None, port: int, headers: tuple[str, ...]) -> None:
    """Serve the remote MCP server URL on loopback, and print the address for the agent's configuration.

    Streamable HTTP. What the agent sends, headers and credentials included, goes on to URL and nowhere else; calls of
    tools are decided by the daemon, and tools that nobody approved are left out. Ends with Ctrl-C.

    For example: spawngate proxy --id tickets https://mcp.example.com/mcp
    """
    serve(State(default_folder(os.environ)), url, entry or url, port=port, header_names=headers, ready=click.echo)
