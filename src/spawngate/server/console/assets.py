"""Static files of the console: a written list, read once.

Vendored, with their licences beside them: htmx 4.0.1 (Zero-Clause BSD, npm package `htmx.org`), uPlot 1.6.32 (MIT, npm
package `uplot`). Must not be here: anything that a page or an endpoint can name freely.
"""

import hashlib
from collections.abc import Sequence
from importlib.resources import files

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from spawngate.server.access.guard import public
from spawngate.server.services import Services

FILES = {
    "console.css": "text/css; charset=utf-8",
    "console.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "vendor/htmx.LICENSE": "text/plain; charset=utf-8",
    "vendor/htmx.js": "text/javascript; charset=utf-8",
    "vendor/uplot.LICENSE": "text/plain; charset=utf-8",
    "vendor/uplot.css": "text/css; charset=utf-8",
    "vendor/uplot.js": "text/javascript; charset=utf-8",
}
"""Name to media type."""


def read(name: str) -> bytes:
    """A file of the list."""
    return files("spawngate.server.console").joinpath("static", *name.split("/")).read_bytes()


def routes(services: Services) -> Sequence[BaseRoute]:
    """GET /static/NAME."""
    held = {name: read(name) for name in FILES}
    tags = {name: f'"{hashlib.sha256(data).hexdigest()[:32]}"' for name, data in held.items()}

    @public("files of the program itself")
    def asset(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in held:
            raise HTTPException(404)
        headers = {"cache-control": "no-cache", "etag": tags[name]}
        if request.headers.get("if-none-match") == tags[name]:
            return Response(status_code=304, headers=headers)
        return Response(held[name], media_type=FILES[name], headers=headers)

    return [Route("/static/{name:path}", asset)]
