"""The pages of policies: the list, the editor, one revision with its replay, and the start of a roll-out.

Must not be here: what they hold (`views.policies`, `views.replay`), roll-outs once they have begun (`rollouts`), what
people do with policies (`server.governing`).
"""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from markupsafe import Markup
from markupsafe import escape as markup_escape
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from spawngate.model.errors import UsageError
from spawngate.policy.blocking import CASES, FILE, denying, joined
from spawngate.report.terminal import escape
from spawngate.server import governing
from spawngate.server.access.guard import fields_of, form_of, principal_of, require
from spawngate.server.access.roles import Permission
from spawngate.server.console import lists, page
from spawngate.server.console.lists import ListPage
from spawngate.server.console.numbers import number_in, number_of
from spawngate.server.fleet import rollouts
from spawngate.server.fleet.rolling import MODES
from spawngate.server.fleet.tables import ORGANISATION
from spawngate.server.services import Services
from spawngate.server.views import policies, replaying
from spawngate.server.views import rollouts as in_force
from spawngate.server.views.filters import Filters
from spawngate.server.views.places import text_of
from spawngate.server.views.policies import PolicyPage
from spawngate.server.views.replay import DAYS
from spawngate.server.views.server import server

START = {
    "policy.toml": 'base = "baseline"\n',
    "own.cedar": (
        '@id("ask-before-deploys")\n@reason("A deploy changes what customers see: a person looks first.")\n'
        '@verdict("ask")\nforbid (principal, action == Action::"shell", resource)\n'
        'when { context.programs.contains("terraform") };\n'
    ),
    "own.cases.toml": (
        '[[case]]\nname = "a deploy needs a person"\ncommand = "terraform apply"\n'
        'verdict = "ask"\nreasons = ["ask-before-deploys"]\n'
    ),
}
"""What the editor of a new policy begins with: the shipped set, one policy of the organisation's own, and its case."""

_SHOWN = 20
"""Roll-outs above the list; the rest are on a page of their own."""
ALL = ListPage(
    path="/policies",
    name="policies",
    title="Policies",
    template="policies.html",
    permission=Permission.POLICIES_READ,
    facets=policies.FACETS,
    row=policies.PolicyRow,
    ask=policies.policies,
    more=lambda services, teams, filters: {
        "roll_outs": in_force.roll_outs(services, teams, Filters(limit=_SHOWN)),
        "modes": MODES,
    },
)


def routes(services: Services) -> Sequence[BaseRoute]:
    """/policies with its exports, /policies/new, /policies/NAME, /policies/NAME/REVISION and its edit and replay; POST
    /policies, /policies/NAME/REVISION/{ready,retire,roll-out}."""

    def found(request: Request) -> PolicyPage:
        number = number_of(request) if "number" in request.path_params else None
        teams = principal_of(request).teams(Permission.POLICIES_READ)
        one = policies.policy(services, teams, request.path_params["name"], number)
        if one is None:
            raise HTTPException(404, "There is no such policy.")
        return one

    @require(Permission.POLICIES_READ)
    def shown(request: Request) -> Response:
        one, viewer = found(request), principal_of(request)
        return page.render(
            request,
            services,
            "policy.html",
            active="policies",
            title=one.name,
            policy=one,
            modes=MODES,
            spans=DAYS,
            teams=page.team_names(services, viewer.teams(Permission.ROLLOUTS_WRITE)),
            everywhere=viewer.may(Permission.ROLLOUTS_WRITE),
        )

    @require(Permission.POLICIES_WRITE)
    def edit(request: Request) -> Response:
        one = found(request) if "name" in request.path_params else None
        files = dict(one.files) if one else START
        fingerprint = request.query_params.get("deny", "")
        if not fingerprint:
            return editor(request, one.name if one else "", files, one)
        about = server(services, principal_of(request).teams(Permission.INVENTORY_READ), fingerprint)
        if about is None:
            raise HTTPException(404, "There is no such server.")
        policy, case = denying(about.name, fingerprint, about.launch)
        if not policy:
            raise UsageError("nothing is known of this server by which a policy could name it")
        begun = files if one else {name: text for name, text in START.items() if name == "policy.toml"}
        made = joined(begun, policy, case)
        first = {name: made[name] for name in (FILE, CASES) if name in made}
        return editor(request, one.name if one else "", first | made, one, denies=about.name)

    @require(Permission.POLICIES_WRITE)
    def deny(request: Request) -> Response:
        """The editor, with the policy that counts for the whole organisation, or a new one."""
        with services.database.read() as connection:
            whole = [each for each in rollouts.in_force(connection) if each.team == ORGANISATION and not each.group]
            last = max(whole, key=lambda each: each.id, default=None)
            name = rollouts.files_of(connection, last.policy)[0] if last else ""
        at = f"/policies/{name}/{last.policy}/edit" if last else "/policies/new"
        return RedirectResponse(f"{at}?{urlencode({'deny': text_of(request.path_params['fingerprint'])})}", 303)

    def editor(
        request: Request, name: str, files: Mapping[str, str], one: PolicyPage | None, denies: str = ""
    ) -> Response:
        title = f"Edit {name}" if one else "New policy"
        return page.render(
            request, services, "policy_edit.html", active="policies", title=title, name=name,
            files=[(name, editable(text)) for name, text in files.items()], policy=one,
            denies=denies,
        )  # fmt: skip

    @require(Permission.POLICIES_WRITE)
    def save(request: Request) -> Response:
        form = form_of(request)
        fields = fields_of(form)
        made, _ = governing.save(
            services, principal_of(request), fields.get("name", "").strip(), _files(form), fields.get("comment", "")
        )
        return RedirectResponse(f"/policies/{made.name}/{made.id}", 303)

    @require(Permission.POLICIES_READ)
    def replay(request: Request) -> Response:
        one = found(request)
        given = request.query_params.get("days", "")
        days = int(given) if given in map(str, DAYS) else 7
        teams = page.teams(request, Permission.EVENTS_READ)
        answer = replaying.asked(services, teams, dict(one.files), days)
        return page.render(
            request, services, "replay.html", active="policies", title=f"Replay of {one.name}", policy=one,
            replay=answer, spans=DAYS, is_running=isinstance(answer, replaying.Running),
        )  # fmt: skip

    @require(Permission.POLICIES_WRITE)
    def ready(request: Request) -> Response:
        name, number = request.path_params["name"], number_of(request)
        governing.make_ready(services, principal_of(request), name, number)
        return RedirectResponse(f"/policies/{name}/{number}", 303)

    @require(Permission.POLICIES_WRITE)
    def retire(request: Request) -> Response:
        name, number = request.path_params["name"], number_of(request)
        governing.retire(services, principal_of(request), name, number)
        return RedirectResponse(f"/policies/{name}/{number}", 303)

    @require(Permission.ROLLOUTS_WRITE)
    def start(request: Request) -> Response:
        fields, name, number = fields_of(form_of(request)), request.path_params["name"], number_of(request)
        governing.start(
            services,
            principal_of(request),
            name,
            number,
            team=number_in(fields, "team"),
            group=fields.get("group", ""),
            mode=fields.get("mode", ""),
            percent=number_in(fields, "percent"),
        )
        return RedirectResponse(f"/policies/{name}/{number}", 303)

    one = "/policies/{name}/{number}"
    return [
        *lists.routes(services, ALL),
        Route("/policies", save, methods=["POST"]),
        Route("/policies/new", edit),
        Route("/servers/{fingerprint}/deny", deny),
        Route("/policies/{name}", shown),
        Route(one, shown),
        Route(f"{one}/edit", edit),
        Route(f"{one}/replay", replay),
        Route(f"{one}/ready", ready, methods=["POST"]),
        Route(f"{one}/retire", retire, methods=["POST"]),
        Route(f"{one}/roll-out", start, methods=["POST"]),
    ]


def editable(text: str) -> Markup:
    """A file's text for the editor, escaped: as it is, but for characters that nobody could see, which are spelt."""
    lines = ("\t".join(map(escape, line.split("\t"))) for line in text.split("\n"))
    return markup_escape("\n".join(lines))


def _files(form: FormData) -> dict[str, str]:
    """The files of the editor: names and texts in pairs; a pair with neither is left out. Raises UsageError."""
    names = [each.strip() for each in form.getlist("file") if isinstance(each, str)]
    texts = [each for each in form.getlist("text") if isinstance(each, str)]
    if len(names) != len(texts):
        raise UsageError("every file has a name and a text")
    found: dict[str, str] = {}
    for name, text in zip(names, texts, strict=True):
        if not name and not text.strip():
            continue
        if name in found:
            raise UsageError(f"two files are called {name[:200]!a}")
        # Browsers send line breaks as carriage return and line feed.
        found[name] = text.replace("\r\n", "\n")
    return found
