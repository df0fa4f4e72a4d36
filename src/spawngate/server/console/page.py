"""Rendering: one environment of templates, and what the layout shows around every page.

    return page.render(request, services, "endpoints.html", active="endpoints", title="Endpoints", listing=listing)

Belongs here: the environment, the layout's own data, who sees which teams of what was asked for.
Must not be here: pages, and what they show.
"""

from dataclasses import dataclass
from functools import cache, partial
from shlex import quote as quote_word
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined, Undefined
from markupsafe import Markup
from markupsafe import escape as markup_escape
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import HTMLResponse

from spawngate import __version__
from spawngate.report import view
from spawngate.report.terminal import escape
from spawngate.server.access.guard import principal_of
from spawngate.server.access.roles import Permission
from spawngate.server.console import words
from spawngate.server.console.navigation import NAVIGATION, Group
from spawngate.server.console.numbers import number
from spawngate.server.fleet.tables import ORGANISATION, TEAMS
from spawngate.server.services import Services
from spawngate.server.views import names
from spawngate.server.views.filters import Address
from spawngate.server.views.places import segment, tail

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "spawngate_theme"


@dataclass(frozen=True, slots=True)
class Shell:
    """What the layout shows around a page."""

    title: str
    active: str
    """Name of the entry of the side bar."""
    navigation: tuple[Group, ...]
    address: Address
    theme: str
    teams: tuple[tuple[int, str], ...]
    """Those that may be seen, without the organisation itself."""
    team: str
    """The one that was chosen: all pages keep it."""
    user: str
    csrf: str
    now: str
    local: bool
    synthetic: bool
    alone: bool
    """The console of one machine, which is in no fleet: what is decided here reaches no endpoint."""
    version: str = __version__
    permissions: frozenset[Permission] = frozenset()
    """What the viewer may do somewhere: buttons that would be refused are not shown."""

    def keep(self, path: str) -> str:
        """A path with the chosen team."""
        return Address(path, (("team", self.team),) if self.team else ()).__str__()


def teams(request: Request, permission: Permission) -> frozenset[int] | None:
    """Teams whose rows a page may show: those that the viewer may see, narrowed to the one chosen in the address.

    None: all. A team that may not be seen gives nothing rather than an error: its existence is not told.
    """
    allowed = principal_of(request).teams(permission)
    chosen = number(request.query_params.get("team", ""))
    if chosen in (None, ORGANISATION):
        return allowed
    return frozenset({chosen}) if allowed is None or chosen in allowed else frozenset()


def address(request: Request) -> Address:
    """The address of this page, as links of the page change it."""
    return Address.of(quote(request.url.path, safe="/:@"), request.query_params.multi_items())


def render(
    request: Request,
    services: Services,
    template: str,
    *,
    active: str,
    title: str,
    status: int = 200,
    **values: object,
) -> HTMLResponse:
    """A page. `values`: what its template prints; `shell`, `address` and the words of `words` are there always."""
    shell = _shell(request, services, active, title)
    now = shell.now
    text = (
        environment()
        .get_template(template)
        .render(
            shell=shell,
            title=title,
            address=shell.address,
            base=services.base,
            ago=partial(words.ago, now=now),
            **values,
        )
    )
    return HTMLResponse(text, status)


def _shell(request: Request, services: Services, active: str, title: str) -> Shell:
    viewer = principal_of(request)
    theme = request.cookies.get(THEME_COOKIE, "auto")
    here = address(request)
    return Shell(
        title=title,
        active=active,
        navigation=_visible_to(viewer.permissions),
        address=here,
        theme=theme if theme in THEMES else "auto",
        teams=team_names(services, viewer.teams(Permission.INVENTORY_READ)),
        team=here.get("team"),
        user=viewer.name,
        csrf=viewer.csrf,
        now=services.now(),
        local=services.local,
        synthetic=services.synthetic,
        alone=services.local and not services.synthetic,
        permissions=viewer.permissions,
    )


def _visible_to(permissions: frozenset[Permission]) -> tuple[Group, ...]:
    """The side bar without pages that would be refused."""
    found = [
        Group(group.title, tuple(each for each in group.entries if permissions & each.any_of)) for group in NAVIGATION
    ]
    return tuple(group for group in found if group.entries)


def team_names(services: Services, allowed: frozenset[int] | None) -> tuple[tuple[int, str], ...]:
    """Numbers and names of the teams of these, by name, without the organisation itself."""
    statement = select(TEAMS.c.id, TEAMS.c.name).where(TEAMS.c.id != ORGANISATION).order_by(TEAMS.c.name)
    if allowed is not None:
        statement = statement.where(TEAMS.c.id.in_(sorted(allowed)))
    with services.database.read() as connection:
        return tuple((row.id, row.name) for row in connection.execute(statement.limit(500)))


@cache
def environment() -> Environment:
    """The templates' environment. What a template prints is made visible (`report.terminal`) and then escaped."""
    made = Environment(
        loader=PackageLoader("spawngate.server.console"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(view=view, words=words, SEVERITIES=words.SEVERITIES, Permission=Permission)
    made.filters.update(
        exact=words.exact, amount=words.amount, brief=words.brief, short=words.short, tone=words.tone,
        plural=words.plural, inside=words.inside, agent_name=names.agent, segment=segment,
        tail=tail, visible_lines=_visible_lines, ticked=_ticked, shell_word=quote_word,
    )  # fmt: skip
    return made


def _visible_lines(text: str) -> Markup:
    """A text of several lines, each made visible and escaped by itself: the line breaks are ours."""
    return Markup("\n").join(markup_escape(escape(line)) for line in text.split("\n"))


def _ticked(text: object) -> Markup:
    """A sentence with what stands between backticks as code, all of it made visible and escaped."""
    parts = str(text).split("`")
    # One without its partner is a character like any other.
    whole = parts if len(parts) % 2 else [*parts[:-2], "`".join(parts[-2:])]
    pieces = (
        Markup("<code>{}</code>").format(escape(each)) if at % 2 else escape(each) for at, each in enumerate(whole)
    )
    return Markup().join(pieces)


def _visible(value: object) -> object:
    """What a template prints: hostile characters visible, nothing for None. HTML escaping follows."""
    if value is None:
        return ""
    # An undefined value raises when it is printed, and must not be made a text before.
    return value if isinstance(value, Markup | Undefined) else escape(str(value))


__all__ = ["Shell", "address", "environment", "render", "team_names", "teams"]
