"""`Models`: look-ups by language, and users' files in place of ours."""

from spawngate.codescan.models.load import parse_library
from spawngate.codescan.models.model import Language, Models


def library(name: str, language: str = "python", mcp: bool = True, extra: str = "") -> str:
    return (
        f"library: {name}\ntitle: {name}\nlanguage: {language}\npackages: [{name}]\nimports: [{name}.core]\n"
        f"mcp: {str(mcp).lower()}\n{extra}"
    )


ACME = parse_library("acme.yaml", library("acme"))
WEB = parse_library("web.yaml", library("web", mcp=False))
RUST = parse_library("acme.yaml", library("acme", "rust"))
MODELS = Models((ACME, WEB, RUST))


def test_by_language() -> None:
    assert MODELS.of(Language.PYTHON) == (ACME, WEB)
    assert MODELS.of(Language.JAVA) == ()


def test_only_libraries_of_mcp_make_a_file_near() -> None:
    assert MODELS.near(Language.PYTHON) == ("acme.core",)
    assert MODELS.packages(Language.PYTHON) == {"acme": ACME}


def test_a_users_library_stands_in_place_of_ours_of_the_same_language() -> None:
    own = parse_library("own.yaml", library("acme", extra="why: other\n"))
    other = parse_library("own.yaml", library("inhouse"))
    assert MODELS.joined([own, other]) == Models((WEB, RUST, own, other))
