"""Parts that models share, read alone."""

from spawngate.codescan.models.document import read_document
from spawngate.codescan.models.model import Condition, Handler, ParamPick, Root, Selector, Target
from spawngate.codescan.models.parts import read_handler, read_pick, read_references, read_selector, read_targets
from spawngate.codescan.models.table import Table


def table(text: str) -> Table:
    document = read_document("x.yaml", text)
    return Table(document.root, document)


def test_targets_names_together_and_mappings_alone() -> None:
    read = read_targets(
        table(
            "call: [a.b, {member: [c], hints: d, receivers: e,\n"
            "       where: {arg(0): [x, 1], arg(1): {shape: text, not: true}}}, f]"
        ),
        "call",
    )
    assert read == (
        Target(names=("a.b", "f")),
        Target(
            members=("c",),
            hints=("d",),
            receivers=("e",),
            where=(
                Condition(Selector(Root.ARG, 0), literals=("x", "1")),
                Condition(Selector(Root.ARG, 1), shape="text", negated=True),
            ),
        ),
    )
    assert read_targets(table("x: 1"), "call") == ()


def test_handler_and_pick() -> None:
    assert read_handler(table("files: [a/*.ts]\nexports: POST\n")) == Handler(files=("a/*.ts",), exports=("POST",))
    assert read_pick(table("index: 1\nrest: true\npaths: whole\n")) == ParamPick(index=1, rest=True, paths=((),))
    assert read_pick(table("paths: [.a.b, '[0]']\nunmarked: true\n")) == ParamPick(
        unmarked=True, paths=(("a", "b"), (0,))
    )


def test_references_and_selector() -> None:
    assert read_references(table("references: [CWE-78, GHSA-9qhq-v63v-fv3j]")) == ("CWE-78", "GHSA-9qhq-v63v-fv3j")
    assert read_selector(table("a: arg(0)"), "a") == Selector(Root.ARG, 0)
    assert read_selector(table("b: arg(0)"), "a") is None
