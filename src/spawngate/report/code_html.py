"""Results of the code scan as one HTML file that a person reads, prints and sends on.

Belongs here: what the page holds, and the template environment. Must not be here: wording (`report.code_view`).

As `report.html`: the file needs nothing besides itself and runs nothing; its content security policy allows exactly its
one style sheet, by its hash; every value passes through `report.terminal.escape` and HTML escaping, and none is ever
marked as safe.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from spawngate import __version__
from spawngate.codescan.finding import CodeFinding, Grade, SiteReport
from spawngate.codescan.outcome import Made, Outcome, ProjectAnswer
from spawngate.report import code_view as view
from spawngate.report.references import reference
from spawngate.report.terminal import escape


@dataclass(frozen=True, slots=True)
class Page:
    """One tree, arranged."""

    number: int
    outcome: Outcome
    grave: tuple[CodeFinding, ...]
    """Findings above info that count."""
    noted: tuple[CodeFinding, ...]
    projects: Sequence[tuple[ProjectAnswer, Sequence[tuple[Made, SiteReport]]]]
    troubles: Sequence[tuple[str, str]]


def render_html(outcomes: Sequence[Outcome]) -> bytes:
    """The whole report, UTF-8."""
    environment, policy = _environment()
    pages = [_page(number, outcome) for number, outcome in enumerate(outcomes, 1)]
    names = ", ".join(outcome.name for outcome in outcomes)
    template = environment.get_template("code.html")
    return template.render(pages=pages, names=names, policy=policy, version=__version__).encode()


def _page(number: int, outcome: Outcome) -> Page:
    counted = outcome.counted
    return Page(
        number=number,
        outcome=outcome,
        grave=tuple(finding for finding in counted if finding.grade.rank > Grade.INFO.rank),
        noted=tuple(finding for finding in counted if finding.grade.rank <= Grade.INFO.rank),
        projects=view.site_reports(outcome),
        troubles=view.troubles(outcome),
    )


@cache
def _environment() -> tuple[Environment, str]:
    """The templates, and the content security policy that fits their style sheet."""
    folder = files("spawngate.report") / "templates"
    texts = {name: (folder / name).read_text("utf-8").strip() for name in ("code.html", "report.css", "code.css")}
    style = f"{texts.pop('report.css')}\n{texts['code.css']}"
    texts["code.css"] = style
    environment = Environment(
        loader=DictLoader(texts),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(view=view, reference=reference)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return environment, f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _visible(value: object) -> object:
    """What a template prints: hostile characters visible, nothing for None. HTML escaping follows."""
    if value is None:
        return ""
    return escape(value) if isinstance(value, str) and not isinstance(value, Markup) else value
