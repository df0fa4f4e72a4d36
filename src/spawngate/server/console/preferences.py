"""What a viewer prefers, kept in a cookie: the colours.

Must not be here: anything that others see.
"""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from spawngate.server.access.guard import fields_of, form_of, public
from spawngate.server.console.navigation import back_to
from spawngate.server.console.page import THEME_COOKIE, THEMES
from spawngate.server.services import Services

_YEAR = 365 * 86_400


def routes(services: Services) -> Sequence[BaseRoute]:
    """POST /preferences/theme (theme); it goes `back`."""

    @public("colours of the sign-in page too; a cookie of the viewer's own, and nothing else is changed")
    def theme(request: Request) -> Response:
        form = fields_of(form_of(request))
        answer = RedirectResponse(back_to(form.get("back", "")), 303)
        chosen = form.get("theme", "")
        if chosen in THEMES:
            answer.set_cookie(
                THEME_COOKIE,
                chosen,
                max_age=_YEAR,
                samesite="lax",
                httponly=True,
                secure=services.base.startswith("https:"),
            )
        return answer

    return [Route("/preferences/theme", theme, methods=["POST"])]
