"""A small project in which a request decides what an MCP server is started with, and its twin in which it does not."""

from pathlib import Path

API = """from fastapi import FastAPI, Request
from tools import connect

app = FastAPI()


@app.post("/mcp/test")
async def test_server(request: Request):
    body = await request.json()
    return await connect(body["command"], body["args"])
"""
TOOLS = """from mcp import StdioServerParameters, stdio_client


async def connect(command, args):
    params = StdioServerParameters(command=command, args=args)
    async with stdio_client(params) as streams:
        return streams
"""
SAFE = """from mcp import StdioServerParameters, stdio_client


async def connect():
    params = StdioServerParameters(command="uvx", args=["own-server"])
    async with stdio_client(params) as streams:
        return streams
"""
MANIFEST = '[project]\nname = "shop"\ndependencies = [\n  "mcp>=1.2",\n]\n'


def vulnerable(folder: Path) -> Path:
    """The project in a new folder."""
    return _written(folder, {"api.py": API, "tools.py": TOOLS, "pyproject.toml": MANIFEST})


def safe(folder: Path) -> Path:
    """Its twin."""
    return _written(folder, {"tools.py": SAFE, "pyproject.toml": MANIFEST})


def _written(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder
